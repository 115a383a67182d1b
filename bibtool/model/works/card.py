"""What is compared of a record, made once for many comparisons; and how the people of two of them compare. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.lazy import lazy_pattern
from bibtool.model.text.fold import title_key
from bibtool.model.works.identity import identifiers
from bibtool.model.works.manifestation import Manifestation, is_published, manifestation_of
from bibtool.model.works.people import COMPATIBLE, SAME_INITIAL, Person, person_ratio, prepare_person
from bibtool.model.works.places import Place, contradict, place_of
from bibtool.model.works.signs import with_characters
from bibtool.model.works.titles import bare_title, is_generic, squashed
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.model.names import Names
    from bibtool.model.record import Record

_NOBODY: Final = frozenset("anonymous anonym anon unknown various noauthor na".split())
MAX_PEOPLE: Final = 40  # a list of 3,000 authors is compared by its beginning and its length


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Card:
    """What is compared of a record; ``signature`` orders cards whatever the order of the records was.

    ``title`` and ``words`` are without what a title says of its manifestation, ``whole`` are the words with it;
    ``generic`` says that many works have this title. ``first`` is the family name of the first author as a key, the
    same for all spellings; "" where there is none.
    """

    record: Record
    ids: Mapping[str, str]
    title: str
    words: tuple[str, ...]
    whole: tuple[str, ...]
    original: str
    squashed: str
    generic: bool
    people: tuple[Person, ...]
    first: str
    truncated: bool
    number_of_people: int
    year: int | None
    published: bool
    manifestation: Manifestation
    place: Place
    edition: str
    version: str
    signature: tuple[object, ...]


class _Words(dict[str, str]):
    """The words met so far, one text for all titles: to look a word up in another copy is slow where both are cold."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _MAX_WORDS:
            self.clear()
        self[word] = word
        return word


_MAX_WORDS: Final = 50_000
_WORD_OF: Final = _Words()


def card_of(record: Record) -> Card:
    """The card of a record."""
    said = with_characters(record.title)
    bare = bare_title(said)
    title = title_key(bare.text)
    words = tuple(map(_WORD_OF.__getitem__, title.split(" "))) if title else ()
    names = record.names("author") or record.names("editor")
    people = _people(names)
    published = is_published(record)
    place = place_of(record)
    if not published:  # a preprint's pages are counted, not numbered; its volume is a number of the server
        place = Place(container=place.container)
    ids = dict(identifiers(record))
    year = record.year
    edition = _edition(record.text("edition"))
    return Card(
        record=record,
        ids=ids,
        title=title,
        words=words,
        whole=words if bare.text == said else tuple(title_key(said).split()),
        original=title_key(record.text("original-title")),
        squashed=squashed(title),
        generic=is_generic(title),
        people=people,
        first=people[0].block if people else "",
        truncated=names.truncated,
        number_of_people=len(names),
        year=year,
        published=published,
        manifestation=manifestation_of(record, published=published),
        place=place,
        edition=edition,
        version=title_key(record.text("version") or bare.version or _version_in_note(record)),
        signature=(title, people, year or 0, tuple(sorted(ids.items())), place, edition, record.type, record.key),
    )


_VERSION: Final = lazy_pattern(r"\bversion\s+(\d[\w.-]*)", re.IGNORECASE)


def _version_in_note(record: Record) -> str:
    """The version that a note tells, as R's own citations do: ``R package version 1.1-0``."""
    version = _VERSION.search(record.text("note"))
    return version[1] if version else ""


def _people(names: Names) -> tuple[Person, ...]:
    people = (prepare_person(name) for name in names.names[:MAX_PEOPLE])
    return tuple(person for person in people if person.given or "".join(person.family) not in _NOBODY)


_ORDINALS = {
    word: str(number)
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1
    )
}


def _edition(text: str) -> str:
    """The number of an edition as digits, of a release as ``2.4``; "1" for none is not assumed."""
    if not text:
        return ""
    for word in title_key(text).split():
        if word in _ORDINALS:
            return _ORDINALS[word]
        if word[0].isdecimal() and (number := _NUMBER.search(text)):
            return number[0].lstrip("0")
    return title_key(text)


_NUMBER: Final = lazy_pattern(r"\d+(?:\.\d+)*")


# ---- people ---------------------------------------------------------------------------------------------------------

SAME, ALIKE, UNKNOWN, OTHER = "same", "alike", "unknown", "other"


def relation(card: Card, other: Card) -> str:
    """How the people of two cards compare: the same, alike (order, spelling, one more), unknown, or others."""
    if not card.people or not other.people or _is_group(card) != _is_group(other):
        return UNKNOWN  # a collaboration stands for its members
    pairs = list(zip(card.people, other.people, strict=False))
    if any(a.homonym and b.homonym and a.homonym != b.homonym and a.family == b.family for a, b in pairs):
        return OTHER
    short, long = (card, other) if card.number_of_people <= other.number_of_people else (other, card)
    complete = short.number_of_people == long.number_of_people or short.truncated
    ratios = (person_ratio(a, b) for a, b in pairs)
    if complete and all(ratio >= COMPATIBLE or ratio == SAME_INITIAL for ratio in ratios):
        return SAME
    if complete and all(_may_be_nickname(a, b) for a, b in pairs):
        return ALIKE
    return ALIKE if _overlap(short.people, long.people) else OTHER


def _is_group(card: Card) -> bool:
    return all(person.literal for person in card.people)


def _may_be_nickname(person: Person, other: Person) -> bool:
    """Whether the family names agree and the given names are written out, as Bob and Robert are."""
    if person_ratio(person, other) >= SAME_INITIAL:
        return True
    written_out = all(x.given and len(x.given[0]) > 2 for x in (person, other))
    return written_out and not contradict(person.suffix, other.suffix) and person.family == other.family


def given_names_differ(card: Card, other: Card) -> bool:
    """Whether a person has another given name with the same initial on either side: Jing and Jun."""
    return any(person_ratio(a, b) < COMPATIBLE for a, b in zip(card.people, other.people, strict=False))


def _overlap(short: Sequence[Person], long: Sequence[Person]) -> bool:
    """Whether most of the people are in both lists, small differences of spelling aside."""
    from rapidfuzz import fuzz

    if 2 * len(short) <= len(long):
        return False
    rest = list(long)
    hits = 0
    for person in short:
        match = next((x for x in rest if person_ratio(person, x) >= SAME_INITIAL), None) or next(
            (x for x in rest if _initials_fit(person, x) and fuzz.ratio(_family(person), _family(x)) >= 80), None
        )
        if match is not None:
            hits += 1
            rest.remove(match)
    return hits * 2 > len(long)


def _initials_fit(person: Person, other: Person) -> bool:
    return not person.given or not other.given or person.given[0][0] == other.given[0][0]


def _family(person: Person) -> str:
    return " ".join(person.family)
