"""Checks of BibTeX files: rules in `bibtool.check.rules`, one table, one engine, safe fixes, reports."""

from __future__ import annotations
