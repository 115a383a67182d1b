"""The library: records kept with their history, searched, imported into. Names are loaded at first use."""

from __future__ import annotations

from bibtool.lazy import attach

_HOMES = {
    "Change": "bibtool.store.report",
    "ImportReport": "bibtool.store.report",
    "Library": "bibtool.store.base",
    "Transaction": "bibtool.store.base",
    "import_records": "bibtool.store.importing",
    "open_library": "bibtool.store.opening",
}

__all__ = ["Change", "ImportReport", "Library", "Transaction", "import_records", "open_library"]

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from bibtool.store.base import Library, Transaction
    from bibtool.store.importing import import_records
    from bibtool.store.opening import open_library
    from bibtool.store.report import Change, ImportReport

__getattr__, __dir__ = attach(__name__, _HOMES)
