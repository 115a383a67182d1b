"""BibTeX and BibLaTeX: what entries mean as records, and records written as entries."""

from __future__ import annotations
