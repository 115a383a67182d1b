"""Citations in documents: scanners by type, following of what documents take in, and reports."""

from __future__ import annotations
