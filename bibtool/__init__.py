"""Bibliographies from what researchers already have: read, confirm on arXiv, export.

>>> import bibtool
>>> record = bibtool.Record("doe20", "article-journal", title="A title", author="Jane Doe and Bo Lind", issued=2020)
>>> print(bibtool.format_list(record), end="")
Doe, J., & Lind, B. (2020). A title.

Importing the package is fast: public names are loaded at first use (PEP 562).
"""

from __future__ import annotations

from bibtool.lazy import attach
from bibtool.version import VERSION

TYPE_CHECKING = False  # type checkers know the name; importing `typing` would double the start-up time

__version__ = VERSION

_HOMES = {
    "BibFile": "bibtool.api",
    "BibtoolError": "bibtool.errors",
    "Date": "bibtool.model.dates",
    "Editor": "bibtool.bib.edit",
    "ImportReport": "bibtool.store.report",
    "InputError": "bibtool.errors",
    "Library": "bibtool.store.base",
    "Name": "bibtool.model.names",
    "Names": "bibtool.model.names",
    "Number": "bibtool.model.numbers",
    "Position": "bibtool.problems",
    "Problem": "bibtool.problems",
    "ReadResult": "bibtool.formats.base",
    "Record": "bibtool.model.record",
    "RecordError": "bibtool.errors",
    "Severity": "bibtool.problems",
    "Text": "bibtool.model.richtext",
    "UnknownNameError": "bibtool.errors",
    "Verbatim": "bibtool.model.record",
    "WriteResult": "bibtool.formats.base",
    "check": "bibtool.api",
    "cite": "bibtool.api",
    "enrich": "bibtool.api",
    "find_duplicates": "bibtool.model.works.groups",
    "format_list": "bibtool.api",
    "open_library": "bibtool.store.opening",
    "publication_list": "bibtool.api",
    "read": "bibtool.api",
    "read_bytes": "bibtool.formats.registry",
    "read_path": "bibtool.formats.registry",
    "read_text": "bibtool.api",
    "verify": "bibtool.api",
    "write": "bibtool.api",
    "write_bytes": "bibtool.formats.registry",
    "write_path": "bibtool.formats.registry",
}

__all__ = [
    "BibFile",
    "BibtoolError",
    "Date",
    "Editor",
    "ImportReport",
    "InputError",
    "Library",
    "Name",
    "Names",
    "Number",
    "Position",
    "Problem",
    "ReadResult",
    "Record",
    "RecordError",
    "Severity",
    "Text",
    "UnknownNameError",
    "Verbatim",
    "WriteResult",
    "__version__",
    "check",
    "cite",
    "enrich",
    "find_duplicates",
    "format_list",
    "open_library",
    "publication_list",
    "read",
    "read_bytes",
    "read_path",
    "read_text",
    "verify",
    "write",
    "write_bytes",
    "write_path",
]

if TYPE_CHECKING:
    from bibtool.api import BibFile, check, cite, enrich, format_list, publication_list, read, read_text, verify, write
    from bibtool.bib.edit import Editor
    from bibtool.errors import BibtoolError, InputError, RecordError, UnknownNameError
    from bibtool.formats.base import ReadResult, WriteResult
    from bibtool.formats.registry import read_bytes, read_path, write_bytes, write_path
    from bibtool.model.dates import Date
    from bibtool.model.names import Name, Names
    from bibtool.model.numbers import Number
    from bibtool.model.record import Record, Verbatim
    from bibtool.model.richtext import Text
    from bibtool.model.works.groups import find_duplicates
    from bibtool.problems import Position, Problem, Severity
    from bibtool.store.base import Library
    from bibtool.store.opening import open_library
    from bibtool.store.report import ImportReport

__getattr__, __dir__ = attach(__name__, _HOMES)
