"""Dates that carry their precision: a missing month is not January. Written as EDTF.

Source: the EDTF specification of the Library of Congress (https://www.loc.gov/standards/datetime/, now part of ISO
8601-2:2019), levels 0 and 1 whole, and of level 2 exponential years, significant digits, marks on single components
and the divisions of a year 25-41. What the parts of a date can't express by themselves is kept in ``Date.written``.
"""

from __future__ import annotations

import re

from bibtool.lazy import lazy_pattern
from bibtool.structs import dataclass, open_twin, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class DateParts:
    """Year, or year and month, or year, month and day; ``season`` (1 spring ... 4 winter) takes the place of a month.

    Years before 1 are astronomical as in EDTF and CSL-JSON's practice (0 is 1 BC, -1 is 2 BC).
    """

    year: int
    month: int | None = None
    day: int | None = None
    season: int | None = None

    def edtf(self) -> str:
        """The parts as EDTF writes them: ``2022``, ``2022-03``, ``2022-03-02``, ``2022-21`` (spring)."""
        if abs(self.year) > 9999:
            text = f"Y{self.year}"
        else:
            text = f"-{-self.year:04d}" if self.year < 0 else f"{self.year:04d}"
        if self.season is not None:
            return f"{text}-{20 + self.season}"
        if self.month is not None:
            text += f"-{self.month:02d}"
            if self.day is not None:
                text += f"-{self.day:02d}"
        return text


@dataclass(frozen=True, slots=True)
class Date:
    """A date, a range (``end``), an open range (``open_end`` / ``open_start``), or a ``literal`` that is none of these.

    ``circa`` is EDTF's ``~`` (approximate), ``uncertain`` its ``?``; of a range one end is enough. ``written`` is the
    EDTF text where it says more than the other attributes: digits left open (``199X``, which is 1990 to 1999 here), a
    mark on one end only (``1984~/2004``), an unknown end (``1985/``), a quarter (``2001-34``), a time of day.
    """

    start: DateParts | None = None
    end: DateParts | None = None
    open_start: bool = False
    open_end: bool = False
    circa: bool = False
    uncertain: bool = False
    literal: str = ""
    written: str = ""

    @classmethod
    def of(cls, year: int, month: int | None = None, day: int | None = None) -> Self:
        """A single date of the given precision; raises `RecordError` where the calendar has none.

        >>> Date.of(2020, 2, 29).edtf()
        '2020-02-29'
        """
        if month is None and day is None:
            return cls(DateParts(year))
        parts = checked_parts(year, month, day) if month is None or month <= 12 else None
        if parts is None:
            from bibtool.errors import RecordError

            raise RecordError(f"there is no such date: year {year}, month {month}, day {day}")
        return cls(parts)

    @classmethod
    def parse(cls, text: str) -> Date:
        """The date that EDTF text means, or a literal; see `parse_date`.

        >>> Date.parse("2020-03") == Date.of(2020, 3)
        True
        >>> Date.parse("before the war").literal
        'before the war'
        """
        return parse_date(text)

    @property
    def year(self) -> int | None:
        """The (first) year; of a literal the four-digit year if it has exactly one, otherwise None."""
        if self.start is not None:
            return self.start.year
        return self.end.year if self.end else _year_in(self.literal) if self.literal else None

    def edtf(self) -> str:
        """EDTF, or the literal. ``parse_date(date.edtf()) == date`` for every date."""
        if self.start is None and self.end is None:
            return self.literal
        if self.written:
            return self.written
        mark = "%" if self.circa and self.uncertain else "~" if self.circa else "?" if self.uncertain else ""
        start = self.start.edtf() + mark if self.start else ".."
        if self.end is not None:
            return f"{start}/{self.end.edtf()}{mark}"
        return f"{start}/.." if self.open_end else start

    def __str__(self) -> str:
        return self.edtf()


_OpenParts = open_twin(DateParts)
_OpenDate = open_twin(Date)


def _day(year: int, month: int, day: int | None) -> DateParts:
    """What ``DateParts(year, month, day)`` gives, at half the cost: readers make one for each date."""
    made = _OpenParts()
    made.year = year
    made.month = month
    made.day = day
    made.season = None
    made.__class__ = DateParts
    parts: DateParts = made
    return parts


def date_of(start: DateParts) -> Date:
    """What ``Date(start)`` gives, at half the cost: readers make one for each date."""
    made = _OpenDate()
    made.start = start
    made.end = None
    made.open_start = made.open_end = made.circa = made.uncertain = False
    made.literal = made.written = ""
    made.__class__ = Date
    date: Date = made
    return date


_CERTAIN_YEAR = lazy_pattern(r"(?<!\d)(?<!\d,)(?:1[0-9]|20)\d\d(?!\d|,\d)", re.ASCII)


def _year_in(text: str) -> int | None:
    years = set(_CERTAIN_YEAR.findall(text[:200]))
    return int(years.pop()) if len(years) == 1 else None


_PARTS = lazy_pattern(
    r"(?P<year>-?\d{4}|-?\d{3}X|-?\d{2}XX|Y-?\d{5,9}|Y-?\d{1,5}E\d{1,2})(?P<digits>S\d{1,2})?"
    r"(?:-(?P<month>\d{2}|XX)(?:-(?P<day>\d{2}|XX))?)?(?P<mark>[?~%]?)",
    re.ASCII,
)
_TIME = lazy_pattern(
    r"(?P<date>-?\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-4]):[0-5]\d(?::[0-5]\d|:60)?(?:[.,]\d+)?"
    r"(?:Z|[+-][01]\d(?::?[0-5]\d)?)?",
    re.ASCII,
)
_COMPONENT_MARK = lazy_pattern(r"(?<=[\dX])[?~%](?=-)|(?:(?<=-)|^)[?~%](?=[\dX-])", re.ASCII)
_MAX_YEAR = 999_999_999
# EDTF level 2, "Sub-year groupings": first month and number of months (quarters, quadrimesters, semestrals)
_DIVISIONS = {
    **{33 + n: (1 + 3 * n, 3) for n in range(4)}, **{37 + n: (1 + 4 * n, 4) for n in range(3)},
    **{40 + n: (1 + 6 * n, 6) for n in range(2)},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Half:
    """A date or one end of a range: first and last day as far as given, its mark, and whether they cover all of it."""

    start: DateParts | None
    end: DateParts | None = None
    mark: str = ""
    whole: bool = True


def parse_date(text: str) -> Date:
    """The date that an EDTF string means (``2022-03``, ``2020/2022``, ``2004-21``, ``1995~``, ``2020/..``, ``199X``).

    Anything else, also an impossible day, becomes a literal: nothing is invented and nothing lost. Empty text gives an
    empty `Date`. Never raises.
    """
    text = text.strip()
    if not text:
        return Date()
    halves = text.split("/")
    if len(halves) > 2:
        return Date(literal=text)
    parsed = [_parse_half(half.strip(), is_end=len(halves) == 2) for half in halves]
    first, last = parsed[0], parsed[-1]
    if first is None or last is None or (first.start is None and last.start is None):
        return Date(literal=text)
    if len(parsed) == 1:
        return _dated(first.start, first.end, {first.mark}, "" if first.whole else text)
    start, end = first.start, last.end or last.start
    if start and end and (start.year, start.month or 0, start.day or 0) > (end.year, end.month or 12, end.day or 31):
        return Date(literal=text)
    whole = first.whole and last.whole and (not start or not end or first.mark == last.mark)
    date = _dated(start, end, {first.mark, last.mark}, "" if whole else text)
    return replace(date, open_start=start is None, open_end=end is None)


def _dated(start: DateParts | None, end: DateParts | None, marks: set[str], written: str) -> Date:
    return Date(start, end, circa=bool(marks & {"~", "%"}), uncertain=bool(marks & {"?", "%"}), written=written)


def _parse_half(half: str, *, is_end: bool) -> _Half | None:
    """The date or end of a range; None where the text is not EDTF."""
    if half in {"..", ""}:
        return _Half(None, whole=bool(half)) if is_end else None
    if "T" in half and (timed := _TIME.fullmatch(half)):
        inner = _parse_half(timed["date"], is_end=is_end)
        return replace(inner, whole=False) if inner else None
    match = _PARTS.fullmatch(half)
    if match is None:
        marks = _COMPONENT_MARK.findall(half)
        inner = _parse_half(_COMPONENT_MARK.sub("", half), is_end=is_end) if marks else None
        if inner is None:
            return None
        said = "".join({*marks, inner.mark})
        mark = "%" if "%" in said or ("~" in said and "?" in said) else marks[0]
        return replace(inner, mark=mark, whole=False)
    years = _years(match["year"])
    if years is None or (len(set(years)) > 1 and match["month"] is not None):
        return None
    low, high = years
    month, day, mark = match["month"], match["day"], match["mark"]
    whole = not match["digits"] and "E" not in match["year"]
    if low != high:
        return _Half(DateParts(low), DateParts(high), mark, whole=False)
    if month == "XX":
        return _Half(DateParts(low), None, mark, whole=False) if day in {None, "XX"} else None
    if day == "XX":
        parts = checked_parts(low, int(month))
        return _Half(parts, None, mark, whole=False) if parts and parts.month else None
    if month is not None and (day is None) and (division := int(month)) > 24:
        return _division(low, division, mark)
    parts = checked_parts(low, int(month) if month else None, int(day) if day else None)
    if parts is None or (day is not None and parts.day is None):
        return None
    return _Half(parts, None, mark, whole)


def _years(text: str) -> tuple[int, int] | None:
    """First and last year that the text may mean."""
    text = text.removeprefix("Y")
    if "E" in text:
        base, exponent = text.split("E")
        year = int(base) * 10 ** int(exponent)
        return (year, year) if abs(year) <= _MAX_YEAR else None
    if "X" not in text:
        return int(text), int(text)
    years = sorted((int(text.replace("X", "0")), int(text.replace("X", "9"))))
    return years[0], years[1]


def _division(year: int, number: int, mark: str) -> _Half | None:
    """A division of the year of EDTF level 2: seasons of a hemisphere, or months from the first to the last."""
    if 25 <= number <= 32:
        return _Half(DateParts(year, season=(number - 25) % 4 + 1), None, mark, whole=False)
    if number not in _DIVISIONS:
        return None
    month, length = _DIVISIONS[number]
    return _Half(DateParts(year, month), DateParts(year, month + length - 1), mark, whole=False)


_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def checked_parts(year: int, month: int | None = None, day: int | None = None) -> DateParts | None:
    """Parts that exist in the calendar, or None. Month 21-24 is a season as in EDTF."""
    if month is None:
        return DateParts(year) if day is None else None
    if 21 <= month <= 24:
        return DateParts(year, season=month - 20) if day is None else None
    if not 1 <= month <= 12:
        return None
    if day is None:
        return _day(year, month, None)
    # in the Gregorian calendar, also before it began and before the year 1
    leap = not year % 4 and (year % 100 != 0 or not year % 400)
    if not 1 <= day <= (29 if leap and month == 2 else _DAYS[month - 1]):
        return None
    return _day(year, month, day)
