"""Checks of BibTeX files: rules in `bibtool.check.rules`, one table, one engine, safe fixes, reports."""

from __future__ import annotations

from bibtool.lazy import callable_package

callable_package(__name__, "bibtool.api:check")
