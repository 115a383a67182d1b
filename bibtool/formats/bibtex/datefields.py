"""The dates of an entry: ``date``, or ``year``, ``month`` and ``day``, and the parts of its other dates."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from bibtool.formats.bibtex.dates import parse_edtf, parse_month_with_year, parse_year_month
from bibtool.formats.bibtex.mapping import DATES_IN_PARTS, VARIABLE_OF_DATE
from bibtool.formats.bibtex.values_in import loses_commands
from bibtool.lazy import lazy_pattern
from bibtool.model.richtext import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bibtool.formats.bibtex.builder import RecordBuilder
    from bibtool.model.dates import Date

_PLAIN_YEAR = lazy_pattern(r"[0-9]{4}(?:--[0-9]{4})?")


_FOUR_DIGITS = lazy_pattern(r"[0-9]{4}")
_FINER = frozenset({"date", "month", "day"})


@lru_cache(maxsize=1024)
def _of_year(year: str) -> Date:
    return parse_year_month(year, "", "")[0]


def plain_date(fields: Mapping[str, str]) -> Date | None:
    """The date of an entry whose date fields are plain and do not repeat each other; None for any other."""
    if (raw := fields.get("date")) is not None:
        date, whole = parse_edtf(raw.strip())
        return date if whole and (date.start or date.end) and "year" not in fields else None
    year = fields["year"]
    if not _FOUR_DIGITS.fullmatch(year):
        return None
    month = fields.get("month")
    if month is None:
        return _of_year(year)
    date, month_said, _ = parse_year_month(year, month.strip(), "")
    return date if month_said and not date.literal and "\\" not in year else None


def read_date(fields: Mapping[str, str], builder: RecordBuilder) -> None:
    """The date of a work: ``date``, or else ``year`` with ``month`` and ``day``."""
    if _FINER.isdisjoint(fields) and _FOUR_DIGITS.fullmatch(fields["year"]):  # as most are
        builder.variables["issued"] = _of_year(fields["year"])
        return
    year, month, day = (fields.get(name, "").strip() for name in ("year", "month", "day"))
    if (raw := fields.get("date", "").strip()) and not (raw.isspace()):
        date, whole = parse_edtf(raw)
        if date.start or date.end or not year:
            builder.variables["issued"] = date
            if not whole:
                builder.form("date", raw)
            _keep_other_dates(date, year, month, day, builder)
            return
        builder.leftover("date", raw)
    if not year:
        if month and (dated := parse_month_with_year(month, day)) is not None:
            builder.variables["issued"] = dated
            return
        for name, content in (("month", month), ("day", day)):
            if content:
                builder.leftover(name, content)
        return
    date, month_said, day_said = parse_year_month(year, month, day)
    if not month and not date.literal and date.year is not None and not _PLAIN_YEAR.fullmatch(year):
        builder.form("year", year)
    if date.start or date.end or date.literal:
        builder.variables["issued"] = date
        if loses_commands(year, Text.of(date.literal)):
            builder.form("year", year)
    else:
        builder.leftover("year", year)
    if month and not month_said:
        builder.leftover("month", month)
    if day and not day_said:
        builder.leftover("day", day)


def read_date_in_parts(name: str, fields: Mapping[str, str], builder: RecordBuilder) -> None:
    """``urlyear``, ``urlmonth`` and ``urlday`` and their like, read with the year."""
    kind, part = DATES_IN_PARTS[name]
    year, month, day = (fields.get(f"{kind}{each}", "").strip() for each in ("year", "month", "day"))
    date, month_said, day_said = parse_year_month(year, month, day)
    is_read = {"year": True, "month": month_said, "day": day_said}[part]
    has_no_use = date.start is None or bool(fields.get(f"{kind}date", "").strip())
    if has_no_use or builder.variables.setdefault(VARIABLE_OF_DATE[kind], date) != date or not is_read:
        builder.leftover(name, fields[name])


def _keep_other_dates(date: Date, year: str, month: str, day: str, builder: RecordBuilder) -> None:
    """Keep ``year`` and ``month`` in addition to ``date`` if they differ from it."""
    if not year:
        return
    other, _, _ = parse_year_month(year, month, day)
    same_year = (other.start is not None and date.year == other.start.year) or year == str(date.year)
    if not same_year:
        builder.leftover("year", year)
    elif month and other.start is not None:
        start = date.start or date.end
        if start is not None and start.month is not None and other.start.month not in (None, start.month):
            builder.leftover("month", month)
