"""How alike two titles, author lists, dates and abstracts are. Pure functions on values prepared once (`Features`)."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from bibtool.model.text.fold import fold, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.dates import Date
    from bibtool.model.names import Name, Names

# -- titles -------------------------------------------------------------------------------------------------------

_NUMBER_WORDS = {
    word: str(number)
    for number, group in enumerate(
        [
            ("one", "first", "i", "1st"),
            ("two", "second", "ii", "2nd"),
            ("three", "third", "iii", "3rd"),
            ("four", "fourth", "iv", "4th"),
            ("five", "fifth", "v"),
            ("six", "sixth", "vi"),
            ("seven", "seventh", "vii"),
            ("eight", "eighth", "viii"),
            ("nine", "ninth", "ix"),
            ("ten", "tenth"),
        ],
        start=1,
    )
    for word in group
}
# words that turn a title into that of another work, however alike the rest is
_TURNING = frozenset(
    "without not no non never against part erratum corrigendum comment reply addendum revisited sequel response "
    "rejoinder".split()
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title, prepared: ``key`` its folded words, ``stem`` the same without blanks and plurals."""

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
    found = words(text[:2000])
    numbers = sorted(_NUMBER_WORDS.get(word, word) for word in found if word in _NUMBER_WORDS or word[0].isdigit())
    turning = sorted(word for word in found if word in _TURNING)
    stem = "".join(_stem(word) for word in found)
    return Title(" ".join(found), stem, tuple(numbers), tuple(turning), len(found))


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def title_ratio(one: Title, other: Title) -> float:
    """0 to 1; 1 where the titles differ in spelling, hyphens and plurals only. Two empty titles are not alike.

    Below one half it is 0: so little says nothing.
    """
    if not one.key or not other.key:
        return 0.0
    if one.stem == other.stem:
        return 1.0
    from rapidfuzz import fuzz

    return min(0.999, fuzz.ratio(one.key, other.key, score_cutoff=50) / 100)


def title_covered(title: Title, other: Title, abstract: Abstract) -> bool:
    """True where all words of weight in a title (four at least) stand in another title or its abstract."""
    wanted = {_stem(word) for word in title.key.split() if len(word) > 3 and word not in _COMMON_WORDS}
    have = {_stem(word) for word in (*other.key.split(), *abstract.bag)}
    return len(wanted) >= 4 and wanted <= have


# -- people -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """A name, prepared: folded words of given and family name; ``literal`` for organisations."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    literal: bool = False

    @property
    def all_words(self) -> tuple[str, ...]:
        """All words in alphabetical order: the same for swapped given and family names."""
        return tuple(sorted(self.given + self.family))


class Agreement(IntEnum):
    """How two author lists agree; the higher the better."""

    NONE = 0
    LOOSE = 1  # partly the same people, or in another order
    PREFIX = 2  # the shorter list says that it is cut, and is the beginning of the longer
    FULL = 3  # the same people in the same order


_WORDS = re.compile(r"[^\W\d_]+")
_UMLAUT = re.compile(r"([aou])e")
_CAPITALS = re.compile(r"[A-Z]{2,3}")
_GROUP_WORDS = frozenset(
    ["the", "collaboration", "collaborations", "consortium", "team", "group", "for", "on", "behalf"]
)


def prepare_person(name: Name) -> Person:
    """The name made comparable; ``JA`` as a given name is two initials."""
    if name.literal:
        found = _WORDS.findall(fold(name.literal))
        return Person((), tuple(sorted(w for w in found if w not in _GROUP_WORDS)) or tuple(found), literal=True)
    given: list[str] = []
    for word in _WORDS.findall(name.given):
        given.extend(word.casefold() if _CAPITALS.fullmatch(word) else [fold(word)])
    family = _WORDS.findall(fold(f"{name.dropping_particle} {name.non_dropping_particle} {name.family}"))
    return Person(tuple(given), tuple(family))


@lru_cache(maxsize=50_000)
def person_ratio(one: Person, other: Person) -> float:
    """1 for the same name, 0.9 for a compatible spelling, 0.5 where only family name and initial agree, else 0."""
    if one == other:
        return 1.0
    if one.literal or other.literal:
        return 1.0 if one.all_words == other.all_words else 0.0
    if one.all_words == other.all_words:
        return 1.0
    family = _family_ratio(one.family, other.family)
    if not family:
        return 0.0
    return min(family, _given_ratio(one.given, other.given))


def _family_ratio(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    if one == other:
        return 1.0
    a, b = "".join(one), "".join(other)
    if not a or not b:
        return 0.0
    if a == b or _UMLAUT.sub(r"\1", a) == _UMLAUT.sub(r"\1", b):
        return 0.95
    short, long = sorted((one, other), key=len)
    if len(short) < len(long) and short and (long[-len(short) :] == short or long[: len(short)] == short):
        return 0.9
    from rapidfuzz.distance import OSA

    return 0.9 if min(len(a), len(b)) >= 6 and OSA.distance(a, b, score_cutoff=1) <= 1 else 0.0


def _given_ratio(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    if not one or not other:
        return 0.85  # a family name alone contradicts nothing
    a, b = "".join(one), "".join(other)
    if a == b:
        return 1.0
    first, second = one[0], other[0]
    if len(first) == 1 or len(second) == 1:
        ratio = 0.95 if first[0] == second[0] else 0.0
    elif first == second:
        ratio = 0.97
    elif min(len(first), len(second)) >= 3 and (first.startswith(second) or second.startswith(first)):
        ratio = 0.9
    else:
        from rapidfuzz.distance import OSA

        close = min(len(first), len(second)) >= 5 and OSA.distance(first, second, score_cutoff=1) <= 1
        ratio = 0.9 if close or first in other or second in one else 0.5 if first[0] == second[0] else 0.0
    # middle names may be missing, not different
    for mine, theirs in zip(one[1:], other[1:], strict=False):
        if mine[0] != theirs[0]:
            return min(ratio, 0.5)
    return ratio


@dataclass(frozen=True, slots=True)
class Authors:
    """An author list, prepared."""

    people: tuple[Person, ...] = ()
    truncated: bool = False


def prepare_authors(names: Names) -> Authors:
    """The list made comparable."""
    people = (prepare_person(name) for name in names.names[:5000])
    return Authors(tuple(person for person in people if person.all_words), names.truncated)


def compare_authors(mine: Authors, theirs: Authors) -> tuple[Agreement, float]:
    """Agreement of a record's list with arXiv's, and the share of agreeing people among those compared.

    Order counts. A list that says that it is cut need only be the beginning of the other. An empty list agrees with
    nothing. Organisations in arXiv's list that the record leaves out do not count.
    """
    ours, others = mine.people, theirs.people
    if not ours or not others:
        return Agreement.NONE, 0.0
    if not any(person.literal for person in ours):
        others = tuple(person for person in others if not person.literal) or others
    cut = mine.truncated or theirs.truncated
    if len(ours) == len(others) or (cut and len(ours) < len(others) and mine.truncated):
        ratios = [person_ratio(a, b) for a, b in zip(ours, others, strict=False)]
        share = sum(ratios) / len(ratios)
        # one spelling of a name may be odd, in a list of three or more
        odd = sum(ratio < 0.8 for ratio in ratios)
        if min(ratios) >= 0.5 and odd <= len(ratios) // 3:
            return (Agreement.FULL if len(ours) == len(others) and not cut else Agreement.PREFIX), share
    share = _common(ours, others)
    return (Agreement.LOOSE if share >= 0.5 else Agreement.NONE), share


def _common(ours: Sequence[Person], others: Sequence[Person]) -> float:
    """The share of our people who are somewhere in the other list (bounded work: lists may have thousands)."""
    by_family: dict[str, list[Person]] = {}
    for person in others:
        for word in person.family:
            by_family.setdefault(word, []).append(person)
    found = 0
    for person in ours:
        near = [other for word in person.family for other in by_family.get(word, ())[:20]]
        found += any(person_ratio(person, other) >= 0.8 for other in near)
    return found / len(ours)


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


def compare_dates(mine: When, published: dt.date | None, updated: dt.date | None) -> tuple[DateFit, int | None]:
    """The fit and, where both days are known, their distance in days (arXiv's minus the record's)."""
    parts = mine.date.start if mine.date else None
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
        if mine.first_version:
            if abs(days) <= NEAR_DAYS:
                return DateFit.NEAR, days
            other_version = updated is not None and abs((updated - day).days) <= SAME_DAYS
            whole_year = mine.year_guessed and abs(abs(days) - 365) <= SAME_DAYS + 1
            return (DateFit.PLAUSIBLE if other_version or whole_year else DateFit.FAR), days
        fits = -366 * _YEARS_TO_PUBLICATION <= days <= 366
        return (DateFit.PLAUSIBLE if fits else DateFit.FAR), days
    if parts.month is not None and mine.first_version:
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
    found = words(text[:4000])
    bag = Counter(word for word in found if len(word) > 3 and word not in _COMMON_WORDS)
    if bag.total() < _MIN_WORDS:
        return Abstract()
    pairs = frozenset(itertools.pairwise(found))
    return Abstract(bag, pairs, math.sqrt(sum(count * count for count in bag.values())))


def abstract_ratio(one: Abstract, other: Abstract) -> float | None:
    """0 to 1, or None where one side says too little.

    Half of it are the words, half the pairs of neighbouring words. Abstracts of one group of authors on one subject
    stay below 0.3; two versions of one abstract lie above 0.45, a cut copy of it as well.
    """
    if not one.length or not other.length:
        return None
    common = one.bag.keys() & other.bag.keys()
    cosine = sum(one.bag[word] * other.bag[word] for word in common) / (one.length * other.length)
    shared = len(one.pairs & other.pairs) / min(len(one.pairs), len(other.pairs))
    return (cosine + shared) / 2
