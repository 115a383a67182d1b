"""How alike two titles, dates and abstracts are. Pure functions on values prepared once (`Features`)."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections import Counter
from enum import IntEnum
from typing import TYPE_CHECKING

from bibtool.model.text.fold import words
from bibtool.model.works.signs import signs
from bibtool.model.works.titles import TELLING_WORDS, squashed, stem
from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from bibtool.model.dates import Date

# -- titles -------------------------------------------------------------------------------------------------------

_NUMBER_WORDS = {
    word: str(number)
    for words_of_kind in (
        "one two three four five six seven eight nine ten",
        "first second third fourth fifth sixth seventh eighth ninth tenth",
        "i ii iii iv v vi vii viii ix",
        "1st 2nd 3rd 4th",
    )
    for number, word in enumerate(words_of_kind.split(), start=1)
}

_TURNING_SIGNS = frozenset("+#")  # C, C++, C#; π+ and π−. Pages that are pasted lose others, such as ∞


@dataclass(frozen=True, slots=True)
class Title:
    """A title, prepared: ``key`` its folded words, ``stem`` the same without spaces and plurals.

    ``numbers`` and ``turning``, which are words and signs, make another work of it.
    """

    key: str
    stem: str
    numbers: tuple[str, ...]
    turning: tuple[str, ...]
    words: int

    @property
    def short(self) -> bool:
        """True for a title that many works may bear: one or two words, or few letters."""
        return self.words < 3 or len(self.stem) < 20


def prepare_title(text: str) -> Title:
    """The title made comparable."""
    folded = words(text[:2000])
    numbers = sorted(_NUMBER_WORDS.get(word, word) for word in folded if word in _NUMBER_WORDS or word[0].isdigit())
    turning = sorted(word for word in folded if word in TELLING_WORDS and word not in _NUMBER_WORDS)
    turning += [sign for sign in signs(text[:2000]) if sign in _TURNING_SIGNS]
    return Title(" ".join(folded), squashed(" ".join(folded)), tuple(numbers), tuple(turning), len(folded))


def title_ratio(first: Title, second: Title) -> float:
    """0 to 1; 1 where the titles differ in spelling, hyphens and plurals only. Two empty titles are not alike.

    Below first half it is 0: so little says nothing.
    """
    if not first.key or not second.key:
        return 0.0
    if first.stem == second.stem:
        return 1.0
    from rapidfuzz import fuzz

    return min(0.999, fuzz.ratio(first.key, second.key, score_cutoff=50) / 100)


def title_covered(title: Title, candidate: Title, abstract: Abstract) -> bool:
    """True if all significant words of a title (at least four) occur in another title or its abstract."""
    wanted = {stem(word) for word in title.key.split() if len(word) > 3 and word not in _COMMON_WORDS}
    have = {stem(word) for word in (*candidate.key.split(), *abstract.bag)}
    return len(wanted) >= 4 and wanted <= have


# -- dates --------------------------------------------------------------------------------------------------------


class DateFit(IntEnum):
    """How a record's date fits arXiv's; the higher the better."""

    FAR = 0
    UNKNOWN = 1
    PLAUSIBLE = 2  # of a publication some time after the preprint, or of another version
    NEAR = 3  # within ten days
    SAME = 4  # within two days: time zones, and the evening of the announcement


SAME_DAYS = 2
NEAR_DAYS = 10
_YEARS_TO_PUBLICATION = 6


@dataclass(frozen=True, slots=True)
class When:
    """A record's date: ``first_version`` says that the source means the day of the submission, not a publication."""

    date: Date | None = None
    first_version: bool = False
    year_guessed: bool = False


def compare_dates(when: When, published: dt.date | None, updated: dt.date | None) -> tuple[DateFit, int | None]:
    """The fit and, where both days are known, their distance in days (arXiv's minus the record's)."""
    parts = when.date.start if when.date else None
    if parts is None or published is None:
        return DateFit.UNKNOWN, None
    try:
        day = dt.date(parts.year, parts.month or 1, parts.day or 1)
    except ValueError:
        return DateFit.UNKNOWN, None
    if parts.month is not None and parts.day is not None:
        days = (published - day).days
        if abs(days) <= SAME_DAYS:
            return DateFit.SAME, days
        if when.first_version:
            if abs(days) <= NEAR_DAYS:
                return DateFit.NEAR, days
            other_version = updated is not None and abs((updated - day).days) <= SAME_DAYS
            whole_year = when.year_guessed and abs(abs(days) - 365) <= SAME_DAYS + 1
            return (DateFit.PLAUSIBLE if other_version or whole_year else DateFit.FAR), days
        fits = -366 * _YEARS_TO_PUBLICATION <= days <= 366
        return (DateFit.PLAUSIBLE if fits else DateFit.FAR), days
    if parts.month is not None and when.first_version:
        months = (published.year - parts.year) * 12 + published.month - parts.month
        fit = DateFit.NEAR if months == 0 else DateFit.PLAUSIBLE if abs(months) == 1 else DateFit.FAR
        return fit, None
    years = published.year - parts.year
    return (DateFit.PLAUSIBLE if -_YEARS_TO_PUBLICATION <= years <= 1 else DateFit.FAR), None


# -- abstracts ----------------------------------------------------------------------------------------------------

_COMMON_WORDS = frozenset(
    "with that this from have been which their such these those than then they them when where while into over under "
    "also more most some between both each only other using used show shows prove provide propose paper work result "
    "results model models method methods based approach study problem learning can via our".split()
)
_MIN_WORDS = 12


@dataclass(frozen=True, slots=True)
class Abstract:
    """An abstract, prepared; empty for one too short to say anything."""

    bag: Counter[str] = field(default_factory=Counter)
    pairs: frozenset[tuple[str, str]] = frozenset()
    length: float = 0.0


def prepare_abstract(text: str) -> Abstract:
    """The abstract made comparable."""
    folded = words(text[:4000])
    bag = Counter(word for word in folded if len(word) > 3 and word not in _COMMON_WORDS)
    if bag.total() < _MIN_WORDS:
        return Abstract()
    pairs = frozenset(itertools.pairwise(folded))
    return Abstract(bag, pairs, math.sqrt(sum(count * count for count in bag.values())))


def abstract_ratio(first: Abstract, second: Abstract) -> float | None:
    """0 to 1, or None where one side says too little.

    Half of it are the words, half the pairs of neighbouring words. Abstracts of first group of authors on first subject
    stay below 0.3; two versions of first abstract lie above 0.45, a cut copy of it as well.
    """
    if not first.length or not second.length:
        return None
    common = first.bag.keys() & second.bag.keys()
    cosine = sum(first.bag[word] * second.bag[word] for word in common) / (first.length * second.length)
    shared = len(first.pairs & second.pairs) / min(len(first.pairs), len(second.pairs))
    return (cosine + shared) / 2
