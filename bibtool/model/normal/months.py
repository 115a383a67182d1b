"""Months, seasons and digits as they are written in the languages that biblatex and babel know."""

from __future__ import annotations

import unicodedata
from functools import cache

from bibtool.lazy import lazy_pattern
from bibtool.model.monthnames import month_number, season_number

# from the locale files of babel and biblatex's localisation modules (english.lbx, german.lbx ...: spring ... winter)
_SEASONS = (
    (
        "spring frühling frühjahr printemps primavera lente forår vår kevät wiosna jaro tavasz bahar весна άνοιξη "
        "proljeće pomlad jar pavasaris kevad"
    ),
    (
        "summer sommer été verano estate verão zomer sommar kesä lato léto nyár yaz лето літо καλοκαίρι ljeto "
        "poletje leto vasara suvi"
    ),
    (
        "autumn fall herbst automne otoño autunno outono herfst efterår høst höst syksy jesień podzim ősz sonbahar "
        "осень осінь φθινόπωρο jesen tardor ruduo sügis"
    ),
    "winter hiver invierno inverno vinter talvi zima tél kış зима χειμώνας hivern žiema talv",
)


def month_of(word: str) -> int | None:
    """1-12 for a month, 21-24 for a season, by its name or abbreviation in any of the languages; else None.

    A word that means two months in two languages is none.
    """
    word = word.strip().rstrip(".")
    number = month_number(word)
    if number is not None:
        return number
    if (season := season_number(word)) is not None:
        return 20 + season
    return _words().get(unicodedata.normalize("NFC", word.casefold())) if len(word) > 2 else None


@cache
def _words() -> dict[str, int]:
    from bibtool.model.normal.languagedata import MONTH_WORDS

    seasons = {word: 21 + index for index, row in enumerate(_SEASONS) for word in row.split()}
    months = {word: number for number, row in enumerate(MONTH_WORDS, start=1) for word in row.split()}
    return {unicodedata.normalize("NFC", word.casefold()): number for word, number in (seasons | months).items()}


_DIGIT = lazy_pattern(r"[^\x00-\x7f]")


def with_ascii_digits(text: str) -> str:
    """The text with the digits of every script (``۲۰۲۰``, ``٢٠٢٠``) as 0 to 9."""
    if text.isascii():
        return text
    return _DIGIT.sub(lambda char: str(unicodedata.decimal(char[0], char[0])), text)
