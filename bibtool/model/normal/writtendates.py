"""Dates as people, catalogues and programs write them outside EDTF: ``March 2, 2022``, ``2022 Mar-Apr``, ``[1982?]``.

Sources: AACR2 1.4F and RDA 2.8.6 (supplied, copyright and approximate dates of catalogues: ``[1982?]``, ``c1999``,
``[ca. 1850]``, ``18--?``, ``1998-``); DIN 1355 and the usage of most of Europe (day, month, year between full stops);
NLM, "Citing Medicine" (``2005 Mar-Apr``, ``2005 Spring``). The order of ``3/2/2022`` differs between countries: it is
read only where one number can't be a month or both are the same. What can't be read in one way stays a literal; its
year still counts, see `bibtool.model.dates.Date.year`.
"""

from __future__ import annotations

import re

from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date, DateParts, checked_parts, parse_date
from bibtool.model.normal.months import month_of, with_ascii_digits
from bibtool.structs import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_MAX_LENGTH = 80
_YEAR_FIRST = lazy_pattern(r"(\d{4})[-/. ]{1,2}(\d{1,2})(?:[-/. ]{1,2}(\d{1,2}))?\.?", re.ASCII)
_YEAR_LAST = lazy_pattern(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4})", re.ASCII)
_MONTH_YEAR = lazy_pattern(r"(\d{1,2})[-/.](\d{4})", re.ASCII)
_COMPACT = lazy_pattern(r"((?:1[5-9]|20)\d\d)(\d\d)(\d\d)", re.ASCII)
_TIME = lazy_pattern(
    r"[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?|Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$", re.IGNORECASE
)

# before a year: "copyright", "printed" (a year as any other) and "about"
_ISSUED = lazy_pattern(
    r"(?:©|℗|\(c\)|copyright|cop\.|[cp](?=\d{4})|printed|publ(?:ished|\.)?|in)\s*(?=\[?\d)", re.IGNORECASE
)
_CIRCA = lazy_pattern(
    r"(?:c(?:\.\s?|\s)|ca\.?|circa|approx(?:\.|imately)?|about|around|um|vers|env(?:\.|iron)?|hacia|verso|cerca\s+d[ei]|~)\s?"
    r"(?=\[?\d{3})",
    re.IGNORECASE,
)
# the year of publication, then that of the copyright (AACR2 1.4F5)
_COPYRIGHT_TOO = lazy_pattern(r"(\d{4}\??)[\s,]+\[?(?:©|℗|[cp]|cop\.\s?|copyright\s)\s?\d{4}\]?", re.IGNORECASE)
# temporary data in angle brackets, the right year of a misprinted one, a Roman year, bounds (AACR2 1.4F2, 1.4F7, 1.4F8)
_ANGLED = lazy_pattern(r"<([^<>]{4,40})>")
_CORRECTED = lazy_pattern(r"\d{4}\s*\[(?:i\.?\s?e\.?,?|that is,?|d\.\s?i\.|sc\.)\s*(\d{4})\]", re.IGNORECASE)
_ROMAN_TOO = lazy_pattern(r"M[DCLXVIM.\s]{2,20}\s*[\[(](\d{4})[\])]")
_BOUND = lazy_pattern(
    r"(?:not\s+(?P<before>before)|(?:not\s+)?after|nicht\s+(?P<vor>vor)|nicht\s+nach)\s+(?P<year>\d{4})"
)
_ENDS_IN_BRACKETS = lazy_pattern(r"(\[?\d{4}\??\]?)\s?[-–—]\s?(\[?\d{4}\??\]?)")
_UNSAID = lazy_pattern(r"(\d{4}(?:-(?:0[1-9]|1[0-2]))?)(?:-00){1,2}", re.ASCII)  # databases write 2004-00-00
_EAST_ASIAN = lazy_pattern(r"(\d{4})\s?[年년]\s?(?:(\d{1,2})\s?[月월]\s?)?(?:(\d{1,2})\s?[日일号])?")
_LEFT_OPEN = lazy_pattern(r"(\d{3})-\??|(\d{2})--\??", re.ASCII)
_OLD_OPEN = lazy_pattern(r"(?<=\d)[ux]{1,2}(?=\W|$)|(?<=-)[ux]{2}(?=\W|$)")
_DECADE = lazy_pattern(r"(?:the\s+)?(\d{3})0['’]?s", re.ASCII)
_BETWEEN = lazy_pattern(r"(?:between|zwischen|entre)\s+(\d{4})\s+(?:and|und|et|y)\s+(\d{4})\??", re.IGNORECASE)
_YEARS = lazy_pattern(r"(\d{4})\s?[-–—/]{1,3}\s?(\d{4}|\d{2})", re.ASCII)
_QUARTER = lazy_pattern(
    r"(?:Q(?P<number>[1-4])|(?P<count>[1-4])(?:st|nd|rd|th|\.)? (?:quarter|Quartal|qtr\.?))[\s,/]*(?:of )?"
    r"(?P<year>\d{4})"
    r"|(?P<year2>\d{4})[\s-]?Q(?P<last>[1-4])",
    re.ASCII,
)
_FROM_TO = lazy_pattern(r"(?:from |von |de )?(\S.*\d\S?)\s(?:--?|[–—]|to|until|bis|au?)\s(\S.*\S)")
_OPEN_YEARS = lazy_pattern(r"(\d{4})\s?[-–—]{1,2}", re.ASCII)

_TOKEN = lazy_pattern(
    r"(?P<year>(?<!\d)\d{4}(?!\d))|(?P<number>(?<!\d)\d{1,2}(?!\d))(?:(?:st|nd|rd|th|er|º|°|ª)\b\.?)?"
    r"|(?P<dash>\s*(?:[-–—−/]{1,3}|&|\b(?:and|to|bis|und|et|y|e)\b)\s*)|(?P<word>[^\W\d_][^\W\d_'’\u200c]*\.?)|[\s,.~]+"
)
_FILLERS = frozenset("of de del da di den der le the el il dos du d la".split())
_WEEKDAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun".split()
)
# what the tokens are (Y year, M month or season, N number, - dash) -> places of year, month and day of both ends
_FORMS: Final[dict[str, tuple[str, ...]]] = {
    "Y": ("0",), "YM": ("01",), "MY": ("10",), "Y-M": ("02",), "M-Y": ("20",),
    "NMY": ("210",), "MNY": ("201",), "YMN": ("012",), "YNM": ("021",),
    "N-M-Y": ("420",), "M-N-Y": ("402",), "Y-M-N": ("024",), "NM-Y": ("310",),
    "Y-Y": ("0", "2"), "YM-M": ("01", "03"), "M-MY": ("30", "32"), "M-M-Y": ("40", "42"), "Y-M-M": ("02", "04"),
    "MY-MY": ("10", "43"), "YM-YM": ("01", "34"), "YMM": ("01", "02"), "MMY": ("20", "21"),
    "MN-NY": ("401", "403"), "N-NMY": ("430", "432"), "YMN-N": ("012", "014"), "YN-NM": ("041", "043"),
    "MN-MNY": ("501", "534"), "NM-NMY": ("510", "543"), "YMN-MN": ("012", "045"), "YNM-NM": ("021", "054"),
    "MNY-MNY": ("201", "645"), "NMY-NMY": ("210", "654"), "YMN-YMN": ("012", "456"),
}  # fmt: skip


def parse_written_date(text: str) -> Date:
    """The date of a text as EDTF or as people write dates; anything else becomes a literal. Never raises.

    A time of day is not part of it.
    """
    text = " ".join(text.split())
    date = parse_date(text)
    if not date.literal:
        return date if "T" not in text else parse_date("/".join(_TIME.sub("", half) for half in text.split("/")))
    if len(text) > _MAX_LENGTH or not text:
        return date
    found = _read(with_ascii_digits(text))
    return Date(literal=text) if found is None else found


def _read(text: str) -> Date | None:
    text = _TIME.sub("", text).strip(" ,;")
    if match := _UNSAID.fullmatch(text):
        return parse_date(match[1])
    if ("<" in text or "[" in text or "(" in text or "o" in text) and (date := _catalogued(text)):
        return date
    if (bare := _without_brackets(text)) != text:
        return _read(bare) if bare else None
    text = text.rstrip(".") if text[-2:-1].isdigit() else text
    date = parse_date(text)
    if text and not date.literal:
        return date
    if match := _COPYRIGHT_TOO.fullmatch(text):
        return _read(match[1])
    if match := _CIRCA.match(text):
        inner = _read(text[match.end() :])
        return replace(inner, circa=True) if inner and inner.start and not inner.written else None
    if match := _ISSUED.match(text):
        return _read(text[match.end() :])
    if text.endswith("?") and (inner := _read(text[:-1])):
        if inner.written:
            marked = parse_date(f"{inner.written}?")
            return None if marked.literal else marked
        return replace(inner, uncertain=True) if inner.start else None
    for reading in (_numeric, _with_open_digits, _years):
        if dated := reading(text):
            return dated
    return _worded(text) or _two_dates(text)


def _catalogued(text: str) -> Date | None:
    """Dates as only catalogues write them: ``<1990->``, ``1967 [i.e. 1976]``, ``MCMXC [1990]``, ``[1982?]-1990``."""
    if match := _ANGLED.fullmatch(text):
        return _read(match[1])
    if match := _CORRECTED.fullmatch(text) or _ROMAN_TOO.fullmatch(text):
        return Date.of(int(match[1]))
    if match := _BOUND.fullmatch(text.strip("[] ").lower()):
        year = DateParts(int(match["year"]))
        lowest = match["before"] or match["vor"] or not match[0].startswith(("not", "nicht"))
        return Date(year, open_end=True) if lowest else Date(None, year, open_start=True)
    if "[" in text and (match := _ENDS_IN_BRACKETS.fullmatch(text.rstrip("."))):
        return parse_date("/".join(end.strip("[]") for end in match.groups()))
    return None


def _without_brackets(text: str) -> str:
    """The text without the square brackets of catalogues; ``[2021] ©2021`` says its year once."""
    if "[" not in text and "]" not in text and text.count("©") + text.count("c") == 0:
        return text
    pieces = re.split(r"[\s,]+(?=\[|©|℗|[cp]\d{4})|(?<=\])[\s,]+", text)
    years = {_ISSUED.sub("", piece.strip("[]. ")).strip() for piece in pieces}
    if len(pieces) > 1 and len(years) == 1:
        return years.pop()
    if text.startswith("[") and text.endswith("]") and text.count("[") == 1:
        return text[1:-1]
    return text[:-1] if text.endswith("]") and "[" not in text else text


def _numeric(text: str) -> Date | None:
    """``2022/3/2``, ``02.03.2022``, ``3/2022``, ``20220302``."""
    parts: DateParts | None = None
    if (match := _YEAR_FIRST.fullmatch(text)) and int(match[2]) <= 12:
        parts = checked_parts(int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    elif match := _YEAR_LAST.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "." or first == second or first > 12:
            parts = checked_parts(year, second, first) if second <= 12 else None
        elif second > 12:
            parts = checked_parts(year, first, second)
    elif (match := _MONTH_YEAR.fullmatch(text)) and int(match[1]) <= 12:
        parts = checked_parts(int(match[2]), int(match[1]))
    elif match := _EAST_ASIAN.fullmatch(text):
        parts = checked_parts(int(match[1]), int(match[2]) if match[2] else None, int(match[3]) if match[3] else None)
    elif match := _QUARTER.fullmatch(text):
        quarter = match["number"] or match["count"] or match["last"]
        return parse_date(f"{match['year'] or match['year2']}-{32 + int(quarter)}")  # EDTF, level 2: 33 to 36
    elif match := _COMPACT.fullmatch(text):
        parts = checked_parts(int(match[1]), int(match[2]), int(match[3])) if int(match[2]) <= 12 else None
    return Date(parts) if parts else None


def _with_open_digits(text: str) -> Date | None:
    """``185-``, ``18--?``, ``1850s``, and the letters for open digits that EDTF had before (``199u``, ``199x``)."""
    if match := _LEFT_OPEN.fullmatch(text):
        edtf = f"{match[1]}X" if match[1] else f"{match[2]}XX"
    elif match := _DECADE.fullmatch(text):
        edtf = f"{match[1]}X"
    else:
        edtf = _OLD_OPEN.sub(lambda letters: letters[0].upper().replace("U", "X"), text)
        edtf = re.sub(r"/open$", "/..", re.sub(r"/unknown$|^unknown(?=/)", "/", edtf).replace("//", "/"))
        edtf = edtf.replace("?~", "%")
        if edtf == text:
            return None
    date = parse_date(edtf)
    return None if date.literal else date


def _years(text: str) -> Date | None:
    if match := _BETWEEN.fullmatch(text):
        return _range(int(match[1]), int(match[2]))
    if match := _OPEN_YEARS.fullmatch(text):
        return Date(DateParts(int(match[1])), open_end=True)
    if match := _YEARS.fullmatch(text):
        first = int(match[1])
        return _range(first, int(match[2]) if len(match[2]) == 4 else first - first % 100 + int(match[2]))
    return None


def _two_dates(text: str) -> Date | None:
    """Two dates, each in a form of its own, with a word or a dash between spaces: ``2001-01-05 – 2001-01-09``."""
    match = _FROM_TO.fullmatch(text)
    if match is None:
        return None
    start, end = (_read(half) for half in match.groups())
    if start is None or end is None or start.start is None or end.start is None or start.end or end.end:
        return None
    date = parse_date(f"{start.edtf()}/{end.edtf()}")
    return None if date.literal else date


def _range(first: int, last: int) -> Date | None:
    return Date(DateParts(first), DateParts(last)) if first < last else None


def _worded(text: str) -> Date | None:
    """A date with a month or season in words; None where a word says something else."""
    kinds = ""
    values: list[int] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.end() == at:
            return None
        at = match.end()
        kind, value = _token(match)
        if kind == "?":
            return None
        if kind:
            kinds += kind
            values.append(value)
    form = _FORMS.get(kinds)
    if form is None:
        return None
    ends = [_parts(places, values) for places in form]
    start, end = ends[0], ends[-1]
    if start is None or end is None:
        return None
    if len(ends) == 1:
        return Date(start)
    order = [(side.year, side.month or 0, side.season or 0, side.day or 0) for side in (start, end)]
    return Date(start, end) if order[0] < order[1] else None


def _token(match: re.Match[str]) -> tuple[str, int]:
    """The kind of a token ("" for one that says nothing, "?" for one that is not part of a date) and its number."""
    if match["year"]:
        return "Y", int(match["year"])
    if match["number"]:
        return "N", int(match["number"])
    if match["dash"]:
        return "-", 0
    if match["word"]:
        word = match["word"].rstrip(".").casefold()
        month = month_of(word)
        if month is not None:
            return "M", month
        return ("" if word in _FILLERS or word in _WEEKDAYS else "?"), 0
    return "", 0


def _parts(places: str, values: list[int]) -> DateParts | None:
    year, month, day = [*(values[int(place)] for place in places), None, None][:3]
    return None if year is None else checked_parts(year, month, day)
