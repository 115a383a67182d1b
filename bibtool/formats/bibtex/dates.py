"""Dates of BibTeX (``year`` and ``month``, sometimes ``day``) and BibLaTeX (``date``, in EDTF).

Sources: btxdoc.tex, section 3.2 (``month`` by the styles' macros); biblatex manual, 2.3.8 "Date and Time
Specifications" (ISO 8601-2 level 1). Precision is never invented or lost: what can't be said in BibTeX's fields is
written as ``date`` beside the year; what can't be understood stays a literal or is left to the caller.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bibtool.bib.latex import from_latex
from bibtool.bib.latexwriting import to_latex
from bibtool.bib.values import MONTH_MACROS
from bibtool.model.dates import SEASON_NAMES, Date, DateParts, checked_parts, month_number, parse_date, season_number
from bibtool.model.richtext import Text

_YEAR = re.compile(r"[0-9]{4}")
_RANGE = re.compile(r"(\d{4})\s*[-/\u2013\u2014]{1,3}\s*(\d{4}|\d{2})", re.ASCII)
_CIRCA = re.compile(r"(?:c\.?|ca\.?|circa|approx\.?|~)\s*(\d{4})", re.IGNORECASE | re.ASCII)
_UNCERTAIN = re.compile(r"(\d{4})\s*\?", re.ASCII)
_MONTH_PART = re.compile(r"\s*(?:[-/\u2013\u2014]{1,3}|\band\b|&)\s*", re.IGNORECASE)
_DAY_MONTH = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?[\s~\u00a0,]+(?P<month>[^\W\d_]+\.?)", re.ASCII)
_MONTH_DAY = re.compile(r"(?P<month>[^\W\d_]+\.?)[\s~\u00a0]+(?P<day>\d{1,2})(?:st|nd|rd|th)?", re.ASCII)
_TIME = re.compile(r"(-?\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?", re.ASCII)


@lru_cache(maxsize=4096)
def parse_edtf(raw: str) -> tuple[Date, bool]:
    """The date of a BibLaTeX date field, and whether it says all of it (a time of day is not part of a `Date`)."""
    text = _edtf_text(raw)
    if timed := _TIME.fullmatch(text):
        return parse_date(timed[1]), False
    if "/" in text:
        halves = [_TIME.fullmatch(half) for half in text.split("/")]
        if any(halves):
            text = "/".join(timed[1] if timed else half for timed, half in zip(halves, text.split("/"), strict=True))
            return parse_date(text), False
    return parse_date(text), True


def _edtf_text(raw: str) -> str:
    r"""The characters of a date field: ``~`` and ``%`` are marks of EDTF here, not LaTeX; ``--`` joins like ``/``."""
    text = raw.strip()
    if "\\" in text or "$" in text:
        return from_latex(text).plain().strip()
    return re.sub(r"(?<=[\dX~?%])-{2,3}(?=[\d.])", "/", text.replace("{", "").replace("}", ""))


@lru_cache(maxsize=4096)
def parse_year_month(year: str, month: str = "", day: str = "") -> tuple[Date, bool, bool]:
    """The date of BibTeX's fields, and whether month and day were understood (else they say nothing in it)."""
    if _YEAR.fullmatch(year) and not month and not day:
        return Date.of(int(year)), True, True
    text = from_latex(year).plain().strip()
    base = _parse_year(text)
    if not month:
        return base, True, not day
    if base.start is None or base.end is not None or base.start.month is not None or base.start.season is not None:
        return base, False, False
    whole = _parse_month(base, from_latex(month).plain().strip(), from_latex(day).plain().strip())
    if whole is not None:
        return whole, True, True
    if day and (whole := _parse_month(base, from_latex(month).plain().strip(), "")) is not None:
        return whole, True, False
    return base, False, False


def _parse_year(text: str) -> Date:
    if _YEAR.fullmatch(text):
        return Date.of(int(text))
    if match := _RANGE.fullmatch(text):
        first = int(match[1])
        last = int(match[2]) if len(match[2]) == 4 else first - first % 100 + int(match[2])
        if last > first:
            return Date(DateParts(first), DateParts(last))
        return Date(literal=text)
    if match := _CIRCA.fullmatch(text):
        return Date(DateParts(int(match[1])), circa=True)
    if match := _UNCERTAIN.fullmatch(text):
        return Date(DateParts(int(match[1])), uncertain=True)
    return parse_date(text)


def _parse_month(base: Date, month: str, day: str) -> Date | None:
    """The date of one year with a month, a day, or a range of months; None where the words say something else."""
    assert base.start is not None
    year = base.start.year

    def dated(start: DateParts | None, end: DateParts | None = None) -> Date | None:
        return None if start is None else Date(start, end, circa=base.circa, uncertain=base.uncertain)

    if (season := season_number(month)) and not day:
        return dated(DateParts(year, season=season))
    number = _month(month)
    if number is not None:
        if not day:
            return dated(DateParts(year, number))
        return dated(checked_parts(year, number, int(day))) if _is_day(day) else None
    if day:
        return None
    if match := _DAY_MONTH.fullmatch(month) or _MONTH_DAY.fullmatch(month):
        number = _month(match["month"])
        return dated(checked_parts(year, number, int(match["day"]))) if number else None
    halves = _MONTH_PART.split(month)
    if len(halves) == 2:
        first, last = _month(halves[0]), _month(halves[1])
        if first and last and first < last:
            return dated(DateParts(year, first), DateParts(year, last))
    return None


def _month(text: str) -> int | None:
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) <= 2:
        return int(text) if 1 <= int(text) <= 12 else None
    return month_number(text)


def _is_day(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 2 and int(text) >= 1


# -- and back --------------------------------------------------------------------------------------------------------


def bibtex_fields(date: Date, *, ascii_only: bool = False) -> list[tuple[str, str, bool]]:
    """(field, value, is an expression) of BibTeX for a date: ``year``, ``month``, ``day``, and ``date`` if need be.

    An expression (``mar``, ``mar # "--" # apr``) is written without braces, so that the style spells the month.
    """
    if date.start is None and date.end is None:
        return [("year", to_latex(Text.of(date.literal), ascii_only=ascii_only), False)] if date.literal else []
    start = date.start or date.end
    assert start is not None
    fields = _simple_fields(date) if 1000 <= start.year <= 9999 else None
    if fields is not None:
        return fields
    written = [("year", str(start.year), False)]
    if start.month is not None and date.start is not None and date.end is None:
        written.append(("month", MONTH_MACROS[start.month - 1], True))
    return [*written, ("date", date.edtf(), False)]


def _simple_fields(date: Date) -> list[tuple[str, str, bool]] | None:
    """Fields that say all of the date, or None."""
    start, end = date.start, date.end
    if start is None or date.open_end or date.open_start or date.circa or date.uncertain:
        return None
    if end is not None:
        plain = start.season is None and end.season is None and start.day is None and end.day is None
        if not plain:
            return None
        if start.month is None and end.month is None and start.year < end.year <= 9999:
            return [("year", f"{start.year}--{end.year}", False)]
        if start.month and end.month and start.year == end.year and start.month < end.month:
            months = f'{MONTH_MACROS[start.month - 1]} # "--" # {MONTH_MACROS[end.month - 1]}'
            return [("year", str(start.year), False), ("month", months, True)]
        return None
    fields = [("year", str(start.year), False)]
    if start.season is not None:
        if not 1 <= start.season <= 4:
            return None
        fields.append(("month", SEASON_NAMES[start.season - 1], False))
    elif start.month is not None:
        fields.append(("month", MONTH_MACROS[start.month - 1], True))
        if start.day is not None:
            fields.append(("day", str(start.day), False))
    return fields
