"""BibTeX's syntax: a document in which every byte belongs to something, edited without touching the rest.

>>> from bibtool.bib import Document
>>> document = Document.from_bytes(b"@book{b, title = {Old}}")
>>> document.entries[0].key
'b'

Names are loaded at first use. What entries mean as records is said in `bibtool.formats.bibtex`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.lazy import attach

_HOMES = {
    "Block": "bibtool.bib.document",
    "Document": "bibtool.bib.document",
    "Editor": "bibtool.bib.edit",
    "Entry": "bibtool.bib.document",
    "Field": "bibtool.bib.document",
    "Macros": "bibtool.bib.values",
    "Piece": "bibtool.bib.values",
    "StringBlock": "bibtool.bib.document",
}

__all__ = ["Block", "Document", "Editor", "Entry", "Field", "Macros", "Piece", "StringBlock"]

if TYPE_CHECKING:
    from bibtool.bib.document import Block, Document, Entry, Field, StringBlock
    from bibtool.bib.edit import Editor
    from bibtool.bib.values import Macros, Piece

__getattr__, __dir__ = attach(__name__, _HOMES)
