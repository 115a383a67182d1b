"""Pages and numbers of pages in one form.

Sources: btxdoc.tex, section 3.2 (``42--111``, ``7,41,73--97``, ``43+``); biblatex manual, 2.2.2 (``pages``: ``--``
between the ends, an end may be open) and 3.15.2; CSL 1.0.2, "Page Ranges" (a hyphen or en dash between the ends);
AACR2 2.5B (``vii, 322 p. ; 23 cm``). The ends of a range are separated by a hyphen (``12-20``), or by an en dash if
a page contains a hyphen (``A-12–A-20``).
"""

from __future__ import annotations

import re

from bibtool.lazy import lazy_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

EN_DASH: Final = "\N{EN DASH}"
_LABEL = lazy_pattern(
    r"(?:pp?\s?\.\s*|pp\s*(?=\d)|pages?\s+|seiten?\s+|s\.\s*(?=\d)|p[aá]gs?\.\s*)(?=\S)", re.IGNORECASE
)
_ANY_DASH = lazy_pattern(r"\s*(?:[\u2010-\u2015\u2212]+|-{2,}|(?<=[\w.])\s+-\s+(?=\w))\s*")
_STRONG = lazy_pattern(r"\s*(?:[\u2012-\u2015\u2212]+|-{2,}|(?<=\w)\s+-\s+(?=\w))\s*")
PLAIN_RANGE = lazy_pattern("(\\d+)(?:--?|\N{EN DASH})(\\d+)", re.ASCII)
_DIGITS = lazy_pattern(r"\d+", re.ASCII)
_MAX_LENGTH = 1_000


def normal_pages(text: str) -> str:
    """The pages without ``pp.``, ranges with one dash, a comma and a space between them; ``123--`` has an open end."""
    text = " ".join(text.split())
    if (text.isascii() and text.isalnum()) or len(text) > _MAX_LENGTH:
        return text
    if plain := PLAIN_RANGE.fullmatch(text):
        return f"{plain[1]}-{plain[2]}"
    if label := _LABEL.match(text):
        bare = text[label.end() :].rstrip()
        text = bare[:-1] if bare.endswith(".") and bare[-2:-1].isdigit() else bare
    if "-" not in text and not _ANY_DASH.search(text):
        return text
    pieces = [_ends(piece.strip()) for piece in text.split(",")]
    strong = any("-" in end for ends in pieces for end in ends if len(ends) > 1) or any(
        len(ends) > 1 and "" in ends for ends in pieces
    )
    return ", ".join((EN_DASH if strong else "-").join(ends) for ends in pieces)


def _ends(piece: str) -> list[str]:
    """The ends of a range, an open one empty; a list of one for anything that is not certainly a range."""
    if not any(char.isalnum() for char in piece):
        return [piece]
    ends = [end.replace("\u2010", "-").replace("\u2011", "-") for end in _STRONG.split(piece)]
    if len(ends) == 2 and ends[0]:
        return ends
    if len(ends) != 1:
        return [piece]
    parts = ends[0].split("-")
    if len(parts) == 2 and all(parts):
        return parts
    # "A-12-A-20", "2-1-2-10": two pages that have a hyphen of their own, in the same pattern
    if len(parts) == 4 and all(parts) and _shape(parts[0]) == _shape(parts[2]) and _shape(parts[1]) == _shape(parts[3]):
        return ["-".join(parts[:2]), "-".join(parts[2:])]
    return [ends[0]]


def _shape(text: str) -> str:
    return _DIGITS.sub("0", text)


_PAGE = r"(?:[^\s,;&-]*\d[^\s,;&-]*|[ivxlcdmIVXLCDM]+)"
_HYPHEN_RANGE = lazy_pattern(rf"(?P<first>{_PAGE})-(?P<last>{_PAGE})")


def pages_in_bibtex(latex: str) -> str:
    """The pages as BibTeX writes them, ``--`` between the ends of a range; a page's own hyphen (``A-12``) stays."""
    latex = latex.replace(EN_DASH, "--")
    if "-" not in latex or "--" in latex:
        return latex
    return re.sub(r"[^\s,;&]+", _with_two_hyphens, latex)


def _with_two_hyphens(piece: re.Match[str]) -> str:
    match = _HYPHEN_RANGE.fullmatch(piece[0])
    return f"{match['first']}--{match['last']}" if match else piece[0]


def page_ends(text: str) -> tuple[str, str]:
    """First and last page of one range in its normal form; anything else is the first."""
    if EN_DASH in text:
        first, _, last = text.partition(EN_DASH)
        whole = not re.search(r"[\s,]", text) and EN_DASH not in last and last != ""
        return (first, last) if whole else (text, "")
    match = _HYPHEN_RANGE.fullmatch(text)
    return (match["first"], match["last"]) if match else (text, "")


_UNIT = lazy_pattern(r"\s*(?:pages?|pp?\b\.?|s\.|seiten|p[aá]g(?:inas|s)?\b\.?|с\.|стр\.|leaves|bl\.)", re.IGNORECASE)
_SIZE = lazy_pattern(r"\s*[:;+]\s*.*$", re.DOTALL)


def normal_number_of_pages(text: str) -> str:
    """``322`` for ``vii, 322 p. ; 23 cm``; text without a unit, or with several counts of pages, keeps its counts."""
    text = " ".join(text.split())
    if text.isascii() and text.isdigit():
        return text
    unit = _UNIT.search(text)
    if unit is None or len(text) > _MAX_LENGTH:
        return text
    counts = text[: unit.start()].strip(" ,")
    if not counts:
        counts = _SIZE.sub("", text[unit.end() :]).strip(" ,[].")
        return counts if counts.isdigit() else text
    numbers = re.findall(r"\d+", counts)
    if len(numbers) == 1 and re.fullmatch(r"(?:\[?[ivxlcdm]+\]?\s*[,+]\s*)*\[?\d+\]?", counts, re.IGNORECASE):
        return str(numbers[0])
    return counts
