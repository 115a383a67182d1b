"""Citation keys as BibTeX compares them: without regard to the case of ASCII letters. biber and pandoc mind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern
from bibtool.project.scan.doctypes import type_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bibtool.project.scan.base import Citation

_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_BIBLATEX = lazy_pattern(rb"\\addbibresource|\\(?:usepackage|RequirePackage)\s*(?:\[[^\]]*\])?\s*\{biblatex\}")
_LATEX = ("tex", "aux")  # the documents for which BibTeX runs


def folded(key: str) -> str:
    """The key as BibTeX compares it (bibtex.web, module "Reading the database file": lower_case)."""
    return key.translate(_LOWER)


def loads_biblatex(data: bytes) -> bool:
    """Whether a LaTeX document or its .bcf says that biber, not BibTeX, reads the bibliography."""
    return _BIBLATEX.search(data) is not None or b"<bcf:controlfile" in data[:1000]


def goes_by_bibtex(places: Iterable[Citation]) -> bool:
    """Whether all of these citations are in documents of LaTeX; True for none."""
    types = (type_of(place.path) for place in places)
    return all(kind is not None and kind.name in _LATEX for kind in types)
