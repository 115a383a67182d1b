"""Dates that carry their precision: a missing month is not January. Written as EDTF (ISO 8601-2, levels 0 and 1)."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from typing import Final, Self


@dataclass(frozen=True, slots=True, order=True)
class DateParts:
    """Year, or year and month, or year, month and day; ``season`` (1 spring ... 4 winter) stands in place of a month.

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

    ``circa`` is EDTF's ``~`` (approximate), ``uncertain`` its ``?``.
    """

    start: DateParts | None = None
    end: DateParts | None = None
    open_start: bool = False
    open_end: bool = False
    circa: bool = False
    uncertain: bool = False
    literal: str = ""

    @classmethod
    def of(cls, year: int, month: int | None = None, day: int | None = None) -> Self:
        """A single date of the given precision."""
        return cls(DateParts(year, month, day))

    @classmethod
    def parse(cls, text: str) -> Date:
        """The date that EDTF text says, else a literal; see `parse_date`.

        >>> Date.parse("2020-03") == Date.of(2020, 3)
        True
        >>> Date.parse("before the war").literal
        'before the war'
        """
        return parse_date(text)

    @property
    def year(self) -> int | None:
        """The (first) year, or None for a literal."""
        return self.start.year if self.start else self.end.year if self.end else None

    def edtf(self) -> str:
        """EDTF, or the literal. ``parse_date(date.edtf()) == date`` for every date."""
        if self.start is None and self.end is None:
            return self.literal
        mark = "%" if self.circa and self.uncertain else "~" if self.circa else "?" if self.uncertain else ""
        start = self.start.edtf() + mark if self.start else ".."
        if self.end is not None:
            return f"{start}/{self.end.edtf()}{mark}"
        return f"{start}/.." if self.open_end else start

    def __str__(self) -> str:
        return self.edtf()


_PARTS = re.compile(r"(?P<year>-?\d{4}|Y-?\d{5,9})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?(?P<mark>[?~%]?)", re.ASCII)


def parse_date(text: str) -> Date:
    """The date that an EDTF string says (``2022-03``, ``2020/2022``, ``2004-21``, ``1995~``, ``2020/..``).

    Anything else, also an impossible day, becomes a literal: nothing is invented and nothing lost. Empty text gives an
    empty `Date`. Never raises.
    """
    text = text.strip()
    if not text:
        return Date()
    halves = text.split("/")
    if len(halves) > 2:
        return Date(literal=text)
    parsed = [_parse_half(half) for half in halves]
    if any(half is None for half in parsed):
        return Date(literal=text)
    first, first_mark = parsed[0] or (None, "")
    if len(parsed) == 1:
        return _dated(first, None, first_mark) if first else Date(literal=text)
    last, last_mark = parsed[1] or (None, "")
    if first is None and last is None:
        return Date(literal=text)
    if first and last and (first.year, first.month or 0) > (last.year, last.month or 12):
        return Date(literal=text)
    mark = "%" if {first_mark, last_mark} >= {"~", "?"} else first_mark or last_mark
    return replace(_dated(first, last, mark), open_start=first is None, open_end=last is None)


def _dated(start: DateParts | None, end: DateParts | None, mark: str) -> Date:
    return Date(start, end, circa=mark in ("~", "%"), uncertain=mark in ("?", "%"))


def _parse_half(half: str) -> tuple[DateParts | None, str] | None:
    """Parts and mark; parts None for an open end; None where the text is no EDTF."""
    half = half.strip()
    if half in {"..", ""}:
        return None, ""
    match = _PARTS.fullmatch(half)
    if not match:
        return None
    year = int(match["year"].lstrip("Y"))
    parts = checked_parts(year, int(match["month"]) if match["month"] else None, int(match["day"] or 0) or None)
    if parts is None or (match["day"] is not None and parts.day is None):
        return None
    return parts, match["mark"]


def checked_parts(year: int, month: int | None = None, day: int | None = None) -> DateParts | None:
    """Parts that exist in the calendar, or None. Month 21-24 is a season as in EDTF."""
    if month is None:
        return DateParts(year) if day is None else None
    if 21 <= month <= 24:
        return DateParts(year, season=month - 20) if day is None else None
    if not 1 <= month <= 12:
        return None
    if day is None:
        return DateParts(year, month)
    # the calendar knows no year 0 and below; the leap years repeat every 400
    if not 1 <= day <= monthrange((year - 1) % 400 + 1 if not 1 <= year <= 9999 else year, month)[1]:
        return None
    return DateParts(year, month, day)


MONTH_NAMES: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
SEASON_NAMES: Final = ("Spring", "Summer", "Autumn", "Winter")

_MONTHS = {word.casefold(): number for number, name in enumerate(MONTH_NAMES, start=1) for word in (name, name[:3])} | {
    "sept": 9
}
_SEASONS = {name.casefold(): number for number, name in enumerate(SEASON_NAMES, start=1)} | {"fall": 3}
MONTH_WORDS: Final = tuple(sorted(_MONTHS, key=len, reverse=True))
"""All words that `month_number` knows, in lower case, longer ones first."""


def month_number(word: str) -> int | None:
    """1-12 for an English month name or its abbreviation, with or without a full stop; else None."""
    return _MONTHS.get(word.strip().rstrip(".").casefold())


def season_number(word: str) -> int | None:
    """1-4 for spring, summer, autumn or fall, and winter, in any case; else None."""
    return _SEASONS.get(word.casefold())
