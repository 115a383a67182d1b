"""Records confirmed and completed by the public arXiv API: parsing, asking politely, matching, reporting."""

from __future__ import annotations

from bibtool.lazy import callable_package

callable_package(__name__, "bibtool.api:enrich")
