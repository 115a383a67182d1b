"""The one table of document types. Command line, folder search, docs and tests read it; scanners load at first use."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from bibtool.project.scan.base import Scanner


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentType:
    """A type of document. ``scanner`` is "module:function".

    ``searched``: found when a folder is searched; files that a run of LaTeX leaves behind are read only if named.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    scanner: str
    searched: bool = True


TYPES: tuple[DocumentType, ...] = (
    DocumentType(
        name="tex",
        title="LaTeX",
        suffixes=(".tex", ".ltx", ".sty", ".cls", ".rnw", ".snw"),
        scanner="bibtool.project.scan.tex:scan",
    ),
    DocumentType(
        name="markdown",
        title="Markdown, Quarto, R Markdown",
        suffixes=(".md", ".qmd", ".rmd", ".markdown"),
        scanner="bibtool.project.scan.markdown:scan",
    ),
    DocumentType(name="typst", title="Typst", suffixes=(".typ",), scanner="bibtool.project.scan.typst:scan"),
    DocumentType(name="org", title="Org", suffixes=(".org",), scanner="bibtool.project.scan.org:scan"),
    DocumentType(
        name="rst",
        title="reStructuredText",
        suffixes=(".rst", ".rest"),
        scanner="bibtool.project.scan.rst:scan",
    ),
    DocumentType(
        name="aux",
        title="LaTeX .aux",
        suffixes=(".aux",),
        scanner="bibtool.project.scan.auxfile:scan",
        searched=False,
    ),
    DocumentType(
        name="bcf",
        title="biber's .bcf",
        suffixes=(".bcf",),
        scanner="bibtool.project.scan.bcf:scan",
        searched=False,
    ),
)


def type_of(path: str) -> DocumentType | None:
    """The type by the suffix (in any case), or None."""
    suffix = PurePath(path).suffix.lower()
    return next((one for one in TYPES if suffix in one.suffixes), None)


def scanner_of(kind: DocumentType) -> Scanner:
    """The scanner of a type."""
    module, _, name = kind.scanner.partition(":")
    return cast("Scanner", getattr(import_module(module), name))


def searched_suffixes() -> frozenset[str]:
    """The suffixes, in small letters, of what is found when a folder is searched."""
    return frozenset(suffix for one in TYPES if one.searched for suffix in one.suffixes)
