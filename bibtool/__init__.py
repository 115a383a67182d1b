"""Bibliographies from what researchers have: read, confirm on arXiv, export.

Importing the package is cheap: the public names are loaded at first use (PEP 562).
"""

from __future__ import annotations

from bibtool.lazy import attach

TYPE_CHECKING = False  # type checkers know the name; `typing` alone would take half of the start

__version__ = "0.1.0"

_HOMES = {
    "BibtoolError": "bibtool.errors",
    "Problem": "bibtool.problems",
    "Position": "bibtool.problems",
    "Severity": "bibtool.problems",
    "Record": "bibtool.model.record",
    "Name": "bibtool.model.names",
    "Names": "bibtool.model.names",
    "Date": "bibtool.model.dates",
    "Number": "bibtool.model.numbers",
    "Text": "bibtool.model.richtext",
    "Verbatim": "bibtool.model.record",
    "read_bytes": "bibtool.formats.registry",
    "read_path": "bibtool.formats.registry",
    "write_bytes": "bibtool.formats.registry",
}

__all__ = [
    "BibtoolError",
    "Date",
    "Name",
    "Names",
    "Number",
    "Position",
    "Problem",
    "Record",
    "Severity",
    "Text",
    "Verbatim",
    "__version__",
    "read_bytes",
    "read_path",
    "write_bytes",
]

if TYPE_CHECKING:
    from bibtool.errors import BibtoolError
    from bibtool.formats.registry import read_bytes, read_path, write_bytes
    from bibtool.model.dates import Date
    from bibtool.model.names import Name, Names
    from bibtool.model.numbers import Number
    from bibtool.model.record import Record, Verbatim
    from bibtool.model.richtext import Text
    from bibtool.problems import Position, Problem, Severity

__getattr__, __dir__ = attach(__name__, _HOMES)
