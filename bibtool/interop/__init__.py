"""Records and documents as the objects of other libraries, and back: bibtexparser 2 and pybtex.

>>> from bibtool.bib import Document
>>> from bibtool.interop import apply_middlewares
>>> from bibtexparser.middlewares import MonthIntMiddleware
>>> document = Document.from_text("@misc{k, title = {A title}, month = mar}")
>>> apply_middlewares(document, [MonthIntMiddleware()]).document.text
'@misc{k, title = {A title}, month = 3}'

Names are loaded at first use, and the two libraries when a function needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.lazy import attach

_HOMES = {
    "BibResult": "bibtool.interop.result",
    "LibraryResult": "bibtool.interop.libraries",
    "PybtexResult": "bibtool.interop.pybtexdata",
    "apply_middlewares": "bibtool.interop.middlewares",
    "find_middleware": "bibtool.interop.middlewares",
    "from_bibtexparser": "bibtool.interop.libraries",
    "from_pybtex": "bibtool.interop.pybtexdata",
    "to_bibtexparser": "bibtool.interop.libraries",
    "to_pybtex": "bibtool.interop.pybtexdata",
}

__all__ = [
    "BibResult",
    "LibraryResult",
    "PybtexResult",
    "apply_middlewares",
    "find_middleware",
    "from_bibtexparser",
    "from_pybtex",
    "to_bibtexparser",
    "to_pybtex",
]

if TYPE_CHECKING:
    from bibtool.interop.libraries import LibraryResult, from_bibtexparser, to_bibtexparser
    from bibtool.interop.middlewares import apply_middlewares, find_middleware
    from bibtool.interop.pybtexdata import PybtexResult, from_pybtex, to_pybtex
    from bibtool.interop.result import BibResult

__getattr__, __dir__ = attach(__name__, _HOMES)
