"""BibTeX and BibLaTeX files: a document model that keeps every byte, and their meaning as records."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bibtool.formats.bibtex.document import Block, Document, Entry, Field, StringBlock
    from bibtool.formats.bibtex.edit import Editor
    from bibtool.formats.bibtex.values import Macros, Piece

__all__ = ["Block", "Document", "Editor", "Entry", "Field", "Macros", "Piece", "StringBlock"]

_HOMES = {
    "Block": "document",
    "Document": "document",
    "Editor": "edit",
    "Entry": "document",
    "Field": "document",
    "Macros": "values",
    "Piece": "values",
    "StringBlock": "document",
}


def __getattr__(name: str) -> object:
    """The public names, loaded at first use."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{home}"), name)
