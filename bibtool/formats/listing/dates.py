"""The date line of a profile page: category token, date and badge, glued together (``OCDec 4, 2023Code``)."""

from __future__ import annotations

import datetime as dt
import re
from calendar import isleap, monthrange
from typing import Final

from bibtool.lazy import lazy_pattern
from bibtool.model.categories import categories_of_token
from bibtool.model.dates import Date, checked_parts
from bibtool.model.monthnames import MONTH_WORDS, month_number
from bibtool.structs import dataclass

MAX_DATE_LINE: Final = 80

_MONTH = rf"(?:{'|'.join(word.capitalize() for word in MONTH_WORDS)})\b\.?"
_LOOSE_MONTH = _MONTH.replace(r"\b", r"(?![a-z])")
_YEAR = r"(?:1[89]|20)\d\d"
_DATE = (
    rf"(?P<m1>{_LOOSE_MONTH})\s*(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:\s*,?\s*(?P<y1>{_YEAR})(?!\d))?"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s*(?P<m2>{_LOOSE_MONTH})(?:\s*,?\s*(?P<y2>{_YEAR})(?!\d))?"
    rf"|(?P<y3>{_YEAR})(?P<sep>[-/.])(?P<n3>\d{{1,2}})(?P=sep)(?P<d3>\d{{1,2}})(?!\d)"
    rf"|(?P<d4>\d{{1,2}})\.\s?(?P<n4>\d{{1,2}})\.\s?(?P<y4>{_YEAR})(?!\d)"
    rf"|(?P<m5>{_LOOSE_MONTH})\s*,?\s*(?P<y5>{_YEAR})(?!\d)"
)
# a token is written in capitals (LG, AO-PH) or is a whole category (cs.LG, hep-th)
_SUBJECT = r"(?P<token>[A-Z]{1,6}(?:-[A-Z]{1,5}){0,2}?|[a-z]{2,6}(?:-[a-z]{2,5})?(?:\.[A-Za-z][A-Za-z-]{1,8})?)"
_BADGE = r"(?P<badge>[^\W\d_][^.!?\t]{0,38}[^\W_]|)"
_WITH_TOKEN = lazy_pattern(rf"{_SUBJECT}??[\s:·|,]{{0,3}}(?P<date>{_DATE})[\s·|,]{{0,3}}{_BADGE}")
_WITHOUT_TOKEN = lazy_pattern(rf"(?P<date>{_DATE}){_BADGE}", re.IGNORECASE)
_BROKEN = lazy_pattern(r"(?P<token>[A-Z]{2}|[A-Z]{2,4}-[A-Z]{2,4})(?=[^A-Z]|[A-Z][a-z])(?=.*\d).{2,40}")


@dataclass(frozen=True, slots=True)
class DateLine:
    """A date line in its parts.

    ``date`` is None if the calendar has no such day; ``written`` is the date as written; ``guessed_year`` is true if
    the page left the year out.
    """

    token: str
    written: str
    date: Date | None
    badge: str = ""
    guessed_year: bool = False


def newest_year(month: int, day: int, as_of: dt.date) -> int | None:
    """The newest year in which that day is not after ``as_of``; None if no year has it.

    29 February is only looked for in leap years.
    """
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(2000, month)[1]:
        return None
    year = as_of.year if (month, day) <= (as_of.month, as_of.day) else as_of.year - 1
    if (month, day) == (2, 29):
        while not isleap(year):
            year -= 1
    return year if year >= 1 else None


def parse_date_line(text: str, as_of: dt.date) -> DateLine | None:
    """The parts of a date line, or None for any other text. A left-out year is the newest one possible at ``as_of``."""
    if len(text) > MAX_DATE_LINE or not any(c.isdigit() for c in text):
        return None
    match = _WITH_TOKEN.fullmatch(text) or _WITHOUT_TOKEN.fullmatch(text)
    if match is None:
        return None
    token = match.groupdict().get("token") or ""
    badge = match["badge"].strip()
    if token and not token.isupper() and not categories_of_token(token):
        return None
    if badge and (len(badge.split()) > 3 or not badge[0].isupper()):
        return None
    if not token and badge and text[match.end("date")].isspace():
        return None  # "May 21 Workshop" is a heading
    date, guessed = _date(match, as_of)
    return DateLine(token, match["date"], date, badge, guessed)


def looks_like_broken_date_line(text: str) -> bool:
    """True for a short text that begins like a date line but holds no date: ``LGFoo 33, 2022``."""
    if len(text) > 44 or text.count(" ") > 5:
        return False
    broken = _BROKEN.fullmatch(text)
    return bool(broken and categories_of_token(broken["token"]))


def _date(match: re.Match[str], as_of: dt.date) -> tuple[Date | None, bool]:
    groups = match.groupdict()
    for n in "12345":
        if not (groups.get(f"m{n}") or groups.get(f"n{n}")):
            continue
        word = groups.get(f"m{n}")
        month = month_number(word) if word else int(groups[f"n{n}"])
        day = int(groups[f"d{n}"]) if groups.get(f"d{n}") else None
        written = groups.get(f"y{n}")
        year = int(written) if written else newest_year(month or 0, day or 0, as_of)
        if year is None or month is None or day == 0 or not 1 <= month <= 12:
            return None, not written
        parts = checked_parts(year, month, day)
        return (Date(parts) if parts else None), not written
    return None, False


def parse_long_date(text: str) -> Date | None:
    """The date of ``17 October, 2023``, ``Mar 2, 2022``, ``March 2022`` or ``2022-03-02``; None for anything else."""
    match = re.fullmatch(_DATE, text.strip(), re.IGNORECASE) if len(text) <= MAX_DATE_LINE else None
    if match is None or not any(match[f"y{n}"] for n in "12345"):
        return None
    return _date(match, dt.date.min)[0]
