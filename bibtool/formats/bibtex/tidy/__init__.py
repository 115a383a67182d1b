"""Tidying a BibTeX file: one form for all entries, nothing lost. `run.tidy` is the function."""

from __future__ import annotations
