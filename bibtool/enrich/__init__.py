"""Records confirmed and completed by the public arXiv API: parsing, asking politely, matching, reporting."""

from __future__ import annotations
