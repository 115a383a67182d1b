"""The table of document types, read by the command line, folder search, docs and tests; scanners load on first use."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, cast

from bibtool.structs import dataclass

if TYPE_CHECKING:
    from bibtool.project.scan.base import Scanner


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A type of document. ``scanner`` is the module of this folder whose ``scan`` reads it.

    ``searched``: found when a folder is searched; files written by a LaTeX run are read only if named.
    """

    name: str
    title: str
    scanner: str
    suffixes: tuple[str, ...]
    searched: bool = True


TYPES: tuple[DocumentType, ...] = (
    DocumentType("tex", "LaTeX", "tex", (".tex", ".ltx", ".sty", ".cls", ".rnw", ".snw")),
    DocumentType("markdown", "Markdown, Quarto, R Markdown", "markdown", (".md", ".qmd", ".rmd", ".markdown")),
    DocumentType("typst", "Typst", "typst", (".typ",)),
    DocumentType("org", "Org", "org", (".org",)),
    DocumentType("rst", "reStructuredText", "rst", (".rst", ".rest")),
    DocumentType("aux", "LaTeX .aux", "auxfile", (".aux",), searched=False),
    DocumentType("bcf", "biber's .bcf", "bcf", (".bcf",), searched=False),
)


@lru_cache(maxsize=4096)  # asked for with each citation
def type_of(path: str) -> DocumentType | None:
    """The type by the suffix (in any case), or None."""
    suffix = PurePath(path).suffix.lower()
    return next((kind for kind in TYPES if suffix in kind.suffixes), None)


def scanner_of(kind: DocumentType) -> Scanner:
    """The scanner of a type."""
    return cast("Scanner", import_module(f"bibtool.project.scan.{kind.scanner}").scan)


def searched_suffixes() -> frozenset[str]:
    """The suffixes, in lower case, of the files that a search of a folder finds."""
    return frozenset(suffix for kind in TYPES if kind.searched for suffix in kind.suffixes)
