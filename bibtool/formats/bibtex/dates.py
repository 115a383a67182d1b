"""Dates of BibTeX (``year`` and ``month``, sometimes ``day``) and BibLaTeX (``date``, in EDTF).

Sources: btxdoc.tex, section 3.2 (``month`` by the styles' macros); biblatex manual, 2.3.8 "Date and Time
Specifications" (ISO 8601-2 level 1). Precision is never invented or lost: what BibTeX's fields can't express is
written as ``date`` in addition to the year; what can't be understood stays a literal or is left to the caller.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bibtool.bib.latex import from_latex
from bibtool.bib.latexwriting import to_latex
from bibtool.bib.values import MONTH_MACROS
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date, DateParts, checked_parts, parse_date
from bibtool.model.monthnames import SEASON_NAMES
from bibtool.model.normal.months import month_of, with_ascii_digits
from bibtool.model.normal.writtendates import parse_written_date
from bibtool.model.richtext import Text

_YEAR = lazy_pattern(r"[0-9]{4}")
_YEAR_IN_MONTH = lazy_pattern(r"(?<!\d)[0-9]{4}(?!\d)")
_RANGE = lazy_pattern(r"(\d{4})\s*[-/\u2013\u2014]{1,3}\s*(\d{4}|\d{2})", re.ASCII)
_TIME = lazy_pattern(r"(-?\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?", re.ASCII)


@lru_cache(maxsize=4096)
def parse_edtf(raw: str) -> tuple[Date, bool]:
    """The date of a BibLaTeX date field, and whether it covers all of the text: times of day and words are left out."""
    text = _edtf_text(raw)
    if ":" in text:
        halves = [_TIME.fullmatch(half) for half in text.split("/")]
        if any(halves):
            text = "/".join(timed[1] if timed else half for timed, half in zip(halves, text.split("/"), strict=True))
            return parse_date(text), False
    date = parse_date(text)
    if date.literal and not (written := parse_written_date(text)).literal:
        return written, False
    return date, True


def _edtf_text(raw: str) -> str:
    r"""The characters of a date field: ``~`` and ``%`` are EDTF's marks here, not LaTeX; ``--`` means ``/``."""
    text = raw.strip()
    if "\\" in text or "$" in text:
        return from_latex(text).plain().strip()
    return re.sub(r"(?<=[\dX~?%])-{2,3}(?=[\d.])", "/", text.replace("{", "").replace("}", ""))


def parse_month_with_year(month: str, day: str = "") -> Date | None:
    """The date of ``month = {May 2001}`` in an entry without ``year``; None where it is none, or not certainly one."""
    month, day = from_latex(month).plain().strip(), from_latex(day).plain().strip()
    years = _YEAR_IN_MONTH.findall(month) if len(month) <= _MAX_REPEATED else []
    return _parse_month(Date.of(int(years[0])), month, day) if len(years) == 1 else None


@lru_cache(maxsize=4096)
def parse_year_month(year: str, month: str = "", day: str = "") -> tuple[Date, bool, bool]:
    """The date of BibTeX's fields, and whether month and day were understood; if not, they are not part of it."""
    if len(year) + len(month) + len(day) <= _MAX_REPEATED:
        return _read_again(year, month, day)
    return _read(year, month, day)


_MAX_REPEATED = 60  # characters


def _read(year: str, month: str, day: str) -> tuple[Date, bool, bool]:
    if _YEAR.fullmatch(year) and not month and not day:
        return Date.of(int(year)), True, True
    text = from_latex(year).plain().strip()
    base = _parse_year(text)
    if not month:
        return base, True, not day
    if base.start is None or base.end is not None or base.start.month is not None or base.start.season is not None:
        return base, False, False
    month, day = from_latex(month).plain().strip(), from_latex(day).plain().strip()
    whole = _parse_month(base, month, day)
    if whole is not None:
        return whole, True, True
    if day and (whole := _parse_month(base, month, "")) is not None:
        return whole, True, False
    return base, False, False


_read_again = lru_cache(maxsize=4096)(_read)  # the years and months of a file are few


def _parse_year(text: str) -> Date:
    if _YEAR.fullmatch(text):
        return Date.of(int(text))
    if match := _RANGE.fullmatch(text):
        first = int(match[1])
        last = int(match[2]) if len(match[2]) == 4 else first - first % 100 + int(match[2])
        if last > first:
            return Date(DateParts(first), DateParts(last))
        return Date(literal=text)
    return parse_written_date(text)


def _parse_month(base: Date, month: str, day: str) -> Date | None:
    """The date of one year with a month, a day, or a range of months; None if the words mean something else."""
    assert base.start is not None
    year = base.start.year

    def dated(start: DateParts | None, end: DateParts | None = None) -> Date | None:
        return None if start is None else Date(start, end, circa=base.circa, uncertain=base.uncertain)

    number = _month(with_ascii_digits(month))
    if number is not None:
        if not day:
            return dated(checked_parts(year, number))
        return dated(checked_parts(year, number, int(day))) if _is_day(day) else None
    if base.start.year < 1000 or base.start.year > 9999:
        return None
    # "June 3--7", "September, 3rd", "3 June", and "June 2001" in an entry of 2001: as people write it on one line
    repeated = re.search(rf"\b{year}\b", month) is not None
    words = [day, month] if repeated else [month, day, str(year)]
    written = parse_written_date(" ".join(word for word in words if word))
    if written.literal or written.written or written.start is None:
        return None
    if repeated and (written.start.year != year or written.start == DateParts(year)):
        return None  # another year, or no more than the year
    return dated(written.start, written.end)


def _month(text: str) -> int | None:
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) <= 2:
        return int(text) if 1 <= int(text) <= 12 else None
    return month_of(text)


def _is_day(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 2 and int(text) >= 1


# -- writing --------------------------------------------------------------------------------------------------------


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
        return [*fields, ("date", date.edtf(), False)] if date.written else fields
    written = [("year", str(start.year), False)]
    if start.month is not None and date.start is not None and date.end is None:
        written.append(("month", MONTH_MACROS[start.month - 1], True))
    return [*written, ("date", date.edtf(), False)]


def _simple_fields(date: Date) -> list[tuple[str, str, bool]] | None:
    """Fields that express all of the date, or None."""
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
