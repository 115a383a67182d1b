"""The parts of a text that are records of another format: BibTeX, RIS, MEDLINE, the items of a LaTeX bibliography."""

from __future__ import annotations

import re
from typing import Final

from bibtool.lazy import lazy_pattern
from bibtool.structs import dataclass

_BIBTEX: Final = lazy_pattern(
    r"[ \t]{0,20}@[ \t]?[A-Za-z]{3,20}[ \t]?[{(][ \t]{0,5}(?:[^\s,{}()=\"]{1,200}[ \t]*(?:,|$)|[A-Za-z]\w*\s*=|\"|$)"
)
_RIS: Final = lazy_pattern(r"TY {1,2}- ?[A-Z]{2,6}\s*$")
_RIS_END: Final = lazy_pattern(r"ER {1,2}-\s*$")
_NBIB: Final = lazy_pattern(r"PMID- \d+\s*$")
_NBIB_LINE: Final = lazy_pattern(r"(?:[A-Z]{2,4} {0,2}- | {6})")
_BIBITEM: Final = lazy_pattern(r"\s{0,20}\\(?:begin\s?\{thebibliography\}|bibitem\b|refsection\b|entry\{)")
_BIBITEM_END: Final = lazy_pattern(r"\s{0,20}\\(?:end\s?\{thebibliography\}|endrefsection|enddatalist)")
_IDENTIFIED: Final = lazy_pattern(
    r"https?://(?:dx\.)?doi\.org/10\.|\bdoi:\s?10\.\d{4}|arxiv\.org/abs/|\barXiv:\d{4}\.\d"
)
_MAX_ENTRY: Final = 3000  # lines
_ANY: Final = lazy_pattern(
    r"(?m)^(?:[ \t]{0,20}@[ \t]?[A-Za-z]{3,20}[ \t]?[{(]|TY {1,2}- ?[A-Z]{2,6}|PMID- \d|\s{0,20}\\bibitem\b)"
)


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of a format, from ``start`` up to, not with, ``end``; counted from 0."""

    format: str
    start: int
    end: int


def has_parts(text: str) -> bool:
    """True where a line begins as a record of another format does; cheap."""
    return _ANY.search(text) is not None


def kinds_of_parts(text: str) -> int:
    """How many other formats a text holds records of; the text around counts as one where it has identifiers."""
    if not has_parts(text):
        return 0
    text = text.replace("\r\n", "\n")
    parts = parts_of(text)
    kinds = len({part.format for part in parts})
    if kinds == 1:
        is_open = False  # inside an entry that is not closed, as in a head that is cut
        for line in without(text, parts).split("\n"):
            is_open = bool(line) and (is_open or _BIBTEX.match(line) is not None)
            if not is_open and not line.lstrip().startswith(("%", "#", "//")) and _IDENTIFIED.search(line[:2000]):
                return 2
    return kinds


def parts_of(text: str) -> list[Part]:
    """The parts of the text in their order; one that does not end as its format does is none."""
    lines = text.split("\n")
    out: list[Part] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        end = 0
        name = ""
        if "@" in line[:30] and _BIBTEX.match(line):
            name, end = "bibtex", _braces(lines, at)
        elif line.startswith("TY") and _RIS.match(line):
            name, end = "ris", _until(lines, at, _RIS_END)
        elif line.startswith("PMID") and _NBIB.match(line):
            name, end = "nbib", _while_tagged(lines, at)
        elif "\\" in line[:30] and _BIBITEM.match(line):
            name, end = "bbl", _until(lines, at, _BIBITEM_END) or len(lines)
        if end:
            out.append(Part(name, at, end))
        at = max(at + 1, end)
    return out


def only(text: str, parts: list[Part]) -> str:
    """The text with nothing but the lines of the parts, the others empty: places stay what they were."""
    lines = text.split("\n")
    kept = [""] * len(lines)
    for part in parts:
        kept[part.start : part.end] = lines[part.start : part.end]
    return "\n".join(kept)


def without(text: str, parts: list[Part]) -> str:
    """The text with the lines of the parts empty."""
    lines = text.split("\n")
    for part in parts:
        lines[part.start : part.end] = [""] * (part.end - part.start)
    return "\n".join(lines)


def _braces(lines: list[str], start: int) -> int:
    """The line after the one in which the braces (or brackets) that the first line opens are closed, 0 if none is."""
    opening = re.search(r"[{(]", lines[start])
    if opening is None:
        return 0
    pair = "{}" if opening[0] == "{" else "()"
    depth = 0
    for number in range(start, min(len(lines), start + _MAX_ENTRY)):
        line = lines[number]
        if number > start and _BIBTEX.match(line):
            return 0
        depth += line.count(pair[0]) - line.count(pair[1])
        if depth <= 0:
            return number + 1
    return 0


def _until(lines: list[str], start: int, end: re.Pattern[str]) -> int:
    for number in range(start + 1, min(len(lines), start + _MAX_ENTRY)):
        if end.match(lines[number]):
            return number + 1
    return 0


def _while_tagged(lines: list[str], start: int) -> int:
    number = start + 1
    while number < len(lines) and _NBIB_LINE.match(lines[number]):
        number += 1
    return number if number > start + 2 else 0
