"""A fuzzer for the readers: ``python -m tests.fuzz --seconds 600``; what it found lives on in fixtures/fuzz."""

from __future__ import annotations
