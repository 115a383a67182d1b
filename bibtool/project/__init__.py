"""A project that has a bibliography: its settings and its files."""

from __future__ import annotations
