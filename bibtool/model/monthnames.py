"""The English names of months and seasons, as BibTeX, RIS and the pages of journals have them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

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
    """1-12 for an English month name or its abbreviation, with or without a full stop; None otherwise."""
    return _MONTHS.get(word.strip().rstrip(".").casefold())


def season_number(word: str) -> int | None:
    """1-4 for spring, summer, autumn or fall, and winter, in any case; None otherwise."""
    return _SEASONS.get(word.casefold())
