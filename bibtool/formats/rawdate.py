"""Dates that a format's own parts spell out; whole texts are read by `bibtool.model.normal.writtendates`."""

from __future__ import annotations

from bibtool.model.dates import DateParts, checked_parts
from bibtool.model.normal.months import month_of
from bibtool.model.normal.writtendates import parse_written_date as parse_raw_date

__all__ = ["parse_raw_date", "season_of", "worded_parts"]


def season_of(word: str) -> int | None:
    """1 (spring) to 4 (winter) for a season in words or for ``1`` to ``4``, else None."""
    word = word.strip()
    number = month_of(word)
    return number - 20 if number and number > 20 else int(word) if word in {"1", "2", "3", "4"} else None


def worded_parts(year: int, word: str, day: int | None = None) -> DateParts | None:
    """Year and the month or season that the word names, or None where it names neither or the day does not exist."""
    number = month_of(word)
    return None if number is None else checked_parts(year, number, day)
