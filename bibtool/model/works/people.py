"""Whether two names are one person's, and whether two lists name the same people. Pure; the only place that says so.

How strict the answer is depends on what it is for, so it is a parameter (`Strictness`):

- **matching** compares lists of which much else is known to agree. ``J. Müller`` and ``Jan Mueller`` may be one person,
  and so may ``Ana García Márquez`` and ``Ana Márquez``.
- **strict** asks whether a name certainly is that of the owner of a publication list; see `bibtool.model.works.fit`.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bibtool.lazy import lazy_pattern
from bibtool.model.marks import bare, bare_name, has_marks, has_orcids
from bibtool.model.names import Names
from bibtool.model.text.fold import fold
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.names import Name


class Strictness(StrEnum):
    """What an answer is needed for."""

    MATCHING = "matching"
    STRICT = "strict"


# ratios of `person_ratio`
COMPATIBLE: Final = 0.85  # from here on nothing speaks against one person
SLIP: Final = 0.82  # a letter is another one: perhaps a typing error
SAME_INITIAL: Final = 0.5  # the given names differ, their first letters don't

MAX_COMPARED: Final = 5000  # names of one list


@dataclass(frozen=True, slots=True, order=True)
class Person:
    """A name, prepared: folded words of given and family name; ``literal`` for organisations."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    literal: bool = False
    suffix: str = ""
    homonym: str = ""

    @property
    def all_words(self) -> tuple[str, ...]:
        """All words in alphabetical order: the same for swapped given and family names."""
        return tuple(sorted(self.given + self.family))

    @property
    def block(self) -> str:
        """The last word of the family name without transliterations: the same for all spellings that may match."""
        return _plain(self.family[-1]) if self.family else ""


_WORDS = lazy_pattern(r"[^\W\d_]+")
MAX_INITIALS: Final = 3
_INITIALS = lazy_pattern(r"[A-Z]{1,3}")
_ONLY_INITIALS = lazy_pattern(r"(?:[A-Z][. -]*)+")
_TRANSLITERATED = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"), ("dj", "d"))
_GROUP_WORDS = frozenset(
    ["the", "and", "collaboration", "collaborations", "consortium", "team", "group", "for", "on", "behalf"]
)
_SUFFIXES = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv"}
_APOSTROPHES = str.maketrans("", "", "'’‘`´ʼʻʹ")
_OTHERS: Final = frozenset(("et al", "al et", "al", "others", "and others", "et alii", "et alia", "et others"))
_DOTS: Final = frozenset(("...", "…", ". . .", "[...]", "[…]", "\\dots", "\\ldots"))


@lru_cache(maxsize=50_000)
def prepare_person(name: Name) -> Person:
    """The name made comparable; ``JA`` as a given name is two initials, ``O'Brien`` one word.

    ``Bruna J``, PubMed's way to write a name, is read with J. as the initial.
    """
    if name.literal:
        found = _WORDS.findall(fold(name.literal))
        return Person((), tuple(sorted(w for w in found if w not in _GROUP_WORDS)) or tuple(found), literal=True)
    if (
        _INITIALS.fullmatch(name.family)
        and len(name.given) > MAX_INITIALS
        and not name.non_dropping_particle
        and not _ONLY_INITIALS.fullmatch(name.given)
    ):
        name = replace(name, family=name.given, given=name.family)
    given: list[str] = []
    for word in _WORDS.findall(f"{name.given}".translate(_APOSTROPHES)):
        given.extend(fold(word) if 1 < len(word) <= MAX_INITIALS and word.isupper() else [fold(word)])
    family_text = f"{name.dropping_particle} {name.non_dropping_particle} {name.family}".translate(_APOSTROPHES)
    family = _WORDS.findall(fold(family_text))
    suffix = fold(name.suffix).strip(" .,")
    return Person(tuple(given), tuple(family), suffix=_SUFFIXES.get(suffix, suffix), homonym=name.homonym)


def block_of(name: Name) -> str:
    """The `Person.block` of a name, without preparing the rest of it where the family name is one plain word."""
    family = name.family
    if len(family) > MAX_INITIALS and not name.literal and family.isascii() and family.isalpha():
        return _plain_block(family)
    return prepare_person(name).block


@lru_cache(maxsize=20_000)
def _plain_block(family: str) -> str:
    return _plain(family.casefold())


def _plain(word: str) -> str:
    for pair, letter in _TRANSLITERATED:
        word = word.replace(pair, letter)
    return word


@lru_cache(maxsize=50_000)
def person_ratio(person: Person, other: Person) -> float:
    """How far two names may be one person's, between 0 and 1.

    1 for the same name, from `COMPATIBLE` on for a compatible spelling, `SLIP` for a typing error, `SAME_INITIAL` where
    only family name and initial agree, else 0. Namesakes that are numbered differently are two people.
    """
    if person == other:
        return 1.0
    if person.homonym and other.homonym and person.homonym != other.homonym:
        return 0.0
    if person.literal or other.literal:
        if person.all_words == other.all_words:
            return 1.0
        return SLIP if _is_acronym(person, other) or _is_acronym(other, person) else 0.0
    if person.suffix and other.suffix and person.suffix != other.suffix:
        return 0.0  # father and son
    if person.all_words == other.all_words or _is_undivided(person, other) or _is_undivided(other, person):
        return 1.0
    family = _family_ratio(person.family, other.family)
    if not family:
        return max(_turned_ratio(person, other), _turned_ratio(other, person))
    return min(family, _given_ratio(person.given, other.given))


def _turned_ratio(person: Person, other: Person) -> float:
    """The ratio if what was read as the initials of the one is its family name in capitals: ``SU, Jinsong``."""
    if not person.given or not other.family or len(person.given[0]) > 1 or any(len(part) > 1 for part in person.given):
        return 0.0
    return _given_ratio(person.family, other.given) if "".join(person.given) == "".join(other.family) else 0.0


def _is_acronym(person: Person, other: Person) -> bool:
    """Whether a literal name is made of the first letters of another one; its words are sorted, so its letters are."""
    return len(person.family) == 1 < len(other.family) and sorted(person.family[0]) == [w[0] for w in other.family]


def _is_undivided(person: Person, other: Person) -> bool:
    """Whether a Chinese, Japanese or Korean name is written as one word here and in two there."""
    if person.given or len(person.family) != 1 or not other.given or person.family[0].isascii():
        return False
    family, given = "".join(other.family), "".join(other.given)
    return person.family[0] in (family + given, given + family)


def _family_ratio(family: tuple[str, ...], other: tuple[str, ...]) -> float:
    if family == other:
        return 1.0
    joined, joined_other = "".join(family), "".join(other)
    if not joined or not joined_other:
        return 0.0
    if joined[0] != joined_other[0] and joined[-1] != joined_other[-1]:
        return 0.0  # nothing below allows for a difference at both ends
    plain, plain_other = _plain(joined), _plain(joined_other)
    if {joined, plain} & {joined_other, plain_other}:
        return 0.95
    short, long = sorted((family, other), key=len)
    if len(short) < len(long) and (long[-len(short) :] == short or long[: len(short)] == short):
        return 0.9
    from rapidfuzz.distance import OSA

    shortest = min(len(joined), len(joined_other))
    return SLIP if shortest >= 6 and OSA.distance(joined, joined_other, score_cutoff=1) <= 1 else 0.0


def _given_ratio(given: tuple[str, ...], other: tuple[str, ...]) -> float:
    if not given or not other:
        return COMPATIBLE  # a family name alone contradicts nothing
    joined, joined_other = "".join(given), "".join(other)
    if joined == joined_other or _plain(joined) == _plain(joined_other):
        return 1.0
    first, second = given[0], other[0]
    if len(first) == 1 or len(second) == 1:
        ratio = 0.95 if first[0] == second[0] else 0.0
    elif first == second:
        ratio = 0.97
    elif min(len(first), len(second)) >= 2 and (first.startswith(second) or second.startswith(first)):
        ratio = 0.9  # Jos., Yu.
    else:
        ratio = _first_names_ratio(first, second, given, other)
    # middle names may be missing or short, not different
    for mine, theirs in zip(given[1:], other[1:], strict=False):
        if not mine.startswith(theirs) and not theirs.startswith(mine):
            return min(ratio, SAME_INITIAL)
    return ratio


def _first_names_ratio(first: str, second: str, given: tuple[str, ...], other: tuple[str, ...]) -> float:
    if first in other or second in given:
        return 0.9
    from rapidfuzz import fuzz
    from rapidfuzz.distance import OSA

    shortest = min(len(first), len(second))
    if shortest >= 5 and OSA.distance(first, second, score_cutoff=1) <= 1:
        return SLIP
    if first[0] == second[0]:
        # Aleksandr and Alexander, not Jing and Jun
        return COMPATIBLE if shortest >= 5 and fuzz.ratio(first, second) >= 75 else SAME_INITIAL
    return 0.0


def same_person(name: Name, other: Name, strictness: Strictness = Strictness.MATCHING) -> bool:
    """Whether two names may be one person's or, strictly, whether ``other`` certainly is the person called ``name``.

    `Strictness.STRICT` is not symmetric: ``J. Wu`` is taken for Jing Wu, but where no more than ``J. Wu`` is known of a
    person, Jing is not certainly that one.
    """
    if strictness is Strictness.MATCHING:
        return person_ratio(prepare_person(name), prepare_person(other)) >= COMPATIBLE
    if name.literal or other.literal:
        return prepare_person(name) == prepare_person(other)
    from bibtool.model.works.fit import is_certainly

    return is_certainly(name, other)


# ---- lists ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Authors:
    """An author list, prepared."""

    people: tuple[Person, ...] = ()
    truncated: bool = False


class Agreement(IntEnum):
    """How two author lists agree; the higher the better."""

    NONE = 0
    LOOSE = 1  # partly the same people, or in another order
    PREFIX = 2  # the shorter list says that it is cut, and is the beginning of the longer
    FULL = 3  # the same people in the same order


def prepare_authors(names: Names) -> Authors:
    """The list made comparable; a last name that is ``et al.`` or dots says that it is cut."""
    people = [prepare_person(name) for name in names.names[:MAX_COMPARED]]
    truncated = names.truncated
    if people and _stands_for_others(names.names[len(people) - 1], people[-1]):
        people.pop()
        truncated = True
    return Authors(tuple(person for person in people if person.all_words), truncated)


def _stands_for_others(name: Name, person: Person) -> bool:
    if not person.all_words:
        return (name.literal or name.family).strip() in _DOTS
    return len(person.all_words) <= 2 and " ".join((*person.given, *person.family)) in _OTHERS


def compare_authors(mine: Authors, theirs: Authors) -> tuple[Agreement, float]:
    """Agreement of a record's list with a source's, and the share of agreeing people among those compared.

    Order counts. A list that says that it is cut need only be the beginning of the other. An empty list agrees with
    nothing. Organisations in the source's list that the record leaves out do not count.
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
        odd = sum(ratio < SLIP for ratio in ratios)
        if min(ratios) >= SAME_INITIAL and odd <= len(ratios) // 3:
            return (Agreement.FULL if len(ours) == len(others) and not cut else Agreement.PREFIX), share
    share = _number_in_common(ours, others) / len(ours)
    return (Agreement.LOOSE if share >= 0.5 else Agreement.NONE), share


def _number_in_common(ours: Sequence[Person], others: Sequence[Person]) -> int:
    """How many of our people are somewhere in the other list (bounded work: lists may have thousands)."""
    by_family: dict[str, list[Person]] = {}
    for person in others:
        for word in person.family:
            by_family.setdefault(word, []).append(person)
    number = 0
    for person in ours:
        near = [other for word in person.family for other in by_family.get(word, ())[:20]]
        number += any(person_ratio(person, other) >= SLIP for other in near)
    return number


def authors_agree(names: Names, other: Names) -> bool:
    """The same people in the same order, as far as both lists go; initials and accents do not matter.

    A truncated list is a prefix of the full one. Empty lists agree with nothing.
    """
    if not names.names or not other.names:
        return False
    short, long = (names, other) if len(names) <= len(other) else (other, names)
    if len(short) != len(long) and not short.truncated:
        return False
    return all(same_person(a, b) for a, b in zip(short.names, long.names, strict=False))


# ---- what is known of a person --------------------------------------------------------------------------------------


def united(names: Names, other: Names) -> tuple[Names, tuple[tuple[Name, Name], ...]]:
    """``names`` with the marks and ORCID iDs that ``other`` has of the same people, and pairs whose ORCID iDs differ.

    An ORCID iD of ``names`` stays. Nothing is taken for a person who cannot be identified for certain. Doing it again
    changes nothing.
    """
    if not has_marks(other) and not has_orcids(other):
        return names, ()
    people = list(names.names)
    clashes = []
    for at, place in _pairs(bare(names), bare(other)).items():
        mine, theirs = people[at], other.names[place]
        if mine.orcid and theirs.orcid and mine.orcid != theirs.orcid:
            clashes.append((mine, theirs))
        marks = tuple(dict.fromkeys((*mine.marks, *theirs.marks)))
        orcid = mine.orcid or theirs.orcid
        if (marks, orcid) != (mine.marks, mine.orcid):
            people[at] = replace(mine, marks=marks, orcid=orcid)
    marks = tuple(dict.fromkeys((*names.marks, *other.marks)))
    return Names(tuple(people), names.truncated, marks), tuple(clashes)


def _pairs(names: Names, other: Names) -> dict[int, int]:
    """Place in ``names`` -> place of the same person in ``other``."""
    if all(same_person(a, b) for a, b in zip(names.names, other.names, strict=False)):
        return {at: at for at in range(min(len(names), len(other)))}
    partner_of: dict[int, int] = {}
    families: dict[str, list[int]] = {}
    for place, name in enumerate(other):
        families.setdefault(prepare_person(name).block, []).append(place)
    taken: set[int] = set()
    for same in (_equal, same_person):
        left = [at for at in range(len(names)) if at not in partner_of]
        fitting = {
            at: [
                place
                for place in families.get(prepare_person(names.names[at]).block, ())
                if place not in taken and same(names.names[at], other.names[place])
            ]
            for at in left
        }
        wanted: dict[int, int] = {}
        for places in fitting.values():
            for place in places:
                wanted[place] = wanted.get(place, 0) + 1
        for at, places in fitting.items():
            # one person fits and fits nobody else, or namesakes are in the same place
            if len(places) == 1 and wanted[places[0]] == 1:
                partner_of[at] = places[0]
            elif at in places:
                partner_of[at] = at
        taken.update(partner_of.values())
    return partner_of


def _equal(name: Name, other: Name) -> bool:
    return bare_name(name) == bare_name(other)
