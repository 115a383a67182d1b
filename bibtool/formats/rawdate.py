"""Dates as people and programs write them outside EDTF: ``March 2, 2022``, ``2022 Mar-Apr``, ``2022/3/2``.

Only what can be read in one way is read: ``3/2/2022`` (March or February?) and two-digit years stay literals.
"""

from __future__ import annotations

import re

from bibtool.model.dates import Date, DateParts, checked_parts, month_number, parse_date, season_number

_YEAR_FIRST = re.compile(r"(?P<y>\d{4})[-/. ](?P<m>\d{1,2})(?:[-/. ](?P<d>\d{1,2}))?", re.ASCII)
_WORD = r"(?P<w>[A-Za-z]{3,9})\.?"
_WORDED = (
    re.compile(rf"{_WORD} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})", re.ASCII),  # March 2, 2022
    re.compile(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\.? {_WORD},? (?P<y>\d{{4}})", re.ASCII),  # 2 March 2022
    re.compile(rf"(?P<y>\d{{4}}),? {_WORD}(?: (?P<d>\d{{1,2}}))?", re.ASCII),  # 2022 Mar 2
    re.compile(rf"{_WORD},? (?P<y>\d{{4}})", re.ASCII),  # Mar 2022, Spring 2022
)
_MONTH_RANGE = re.compile(r"(?P<y>\d{4}) (?P<a>[A-Za-z]{3,9})\.? ?[-/–] ?(?P<b>[A-Za-z]{3,9})\.?", re.ASCII)
_YEAR_RANGE = re.compile(r"(?P<a>\d{4}) ?[-–/] ?(?P<b>\d{4})", re.ASCII)
_CIRCA = re.compile(r"(?:c\.|ca\.?|circa) ?(?=\d{4})", re.IGNORECASE)


def season_of(word: str) -> int | None:
    """1 (spring) to 4 (winter) for an English season or for ``1`` to ``4``, else None."""
    word = word.strip().casefold()
    return season_number(word) or (int(word) if word in {"1", "2", "3", "4"} else None)


def parse_raw_date(text: str) -> Date:
    """The date of a text as EDTF or as people write dates; anything else becomes a literal. Never raises."""
    text = " ".join(text.split())
    date = parse_date(text)
    if not date.literal:
        return date
    if len(text) > 60:
        return date
    if circa := _CIRCA.match(text):
        inner = parse_raw_date(text[circa.end() :])
        if inner.start and not inner.literal:
            return Date(inner.start, inner.end, circa=True)
        return date
    if (match := _YEAR_FIRST.fullmatch(text)) and int(match["m"]) <= 12:
        parts = checked_parts(int(match["y"]), int(match["m"]), int(match["d"]) if match["d"] else None)
        return Date(parts) if parts else date
    for pattern in _WORDED:
        if match := pattern.fullmatch(text):
            day = match.groupdict().get("d")
            parts = worded_parts(int(match["y"]), match["w"], int(day) if day else None)
            return Date(parts) if parts else date
    if match := _MONTH_RANGE.fullmatch(text):
        first = worded_parts(int(match["y"]), match["a"])
        last = worded_parts(int(match["y"]), match["b"])
        if first and last and (first.month or 0) <= (last.month or 0) and (first.season or 0) <= (last.season or 0):
            return Date(first, last)
        return date
    if (match := _YEAR_RANGE.fullmatch(text)) and int(match["a"]) <= int(match["b"]):
        return Date(DateParts(int(match["a"])), DateParts(int(match["b"])))
    return date


def worded_parts(year: int, word: str, day: int | None = None) -> DateParts | None:
    """Year and the month or season that the word names, or None where it names neither or the day does not exist."""
    month = month_number(word)
    if month is not None:
        return checked_parts(year, month, day)
    season = season_of(word)
    return DateParts(year, season=season) if season and day is None else None
