"""Checks of BibTeX files: one rule a module in `bibtool.check.rules`, one table, one engine, safe fixes, reports."""

from __future__ import annotations
