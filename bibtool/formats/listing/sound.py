"""Whether what a layout took for titles and names looks like such: a misread page gives the same garbage often."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from bibtool.formats.listing.namecost import name_cost
from bibtool.formats.listing.people import people_of
from bibtool.formats.listing.venues import VENUE_WORDS, YEAR
from bibtool.lazy import lazy_pattern
from bibtool.model.names import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.names import Name
    from bibtool.model.record import Record

_MOST_ODD: Final = 0.3  # of the records of a list may look odd
_NO_TITLE = lazy_pattern(
    r"(?:https?://|www\.|doi:)\S*|[\d\W]+|.{0,2}|\[?[a-z]{1,2}\d{1,4}\]?|\(or arXiv:.*|"
    r"(?:abstract|keywords?|published|submitted|doi|isbn|issn|pmid|contributors?|source|readers|comments?|subjects?|"
    r"cite as|year|volume|authors?|cited by|journal|tl;?dr)\s?:.*",
    re.IGNORECASE,
)
_REFERENCE = lazy_pattern(
    r"https?://|\bdoi:\s?10\.|\(\d{4}[a-z]?\)[.,:]?\s|\bet al\.?,? \(?\d{4}|\bpp\.\s?\d|\bvol\.\s?\d", re.IGNORECASE
)  # a whole reference, taken for a title
_WORD = lazy_pattern(r"[^\W\d_]{2,}")


def title_cost(text: str) -> float | None:
    """What speaks against a line as a title: names, a venue with its year. None for a line that can't be one."""
    if _NO_TITLE.fullmatch(text):
        return None
    people = people_of(text)
    cost = 0.0
    if people.cost <= 1.0:
        cost = 1.5 if len(people.names.names) > 1 else 0.7
    if re.search(rf"\b{YEAR}\W{{0,3}}$", text[-12:]) and (VENUE_WORDS.search(text) or "," in text):
        cost += 2.0
    return cost


def is_odd(record: Record, known: frozenset[str] = frozenset()) -> bool:
    """True for a record whose title is a name, an id or less than a word, or whose names are words or ids."""
    title = " ".join(record.title.split())
    if _NO_TITLE.fullmatch(title) or not _WORD.search(title):
        return True
    if _REFERENCE.search(title):
        return True
    if len(title) <= 4 and title.isascii():
        return True
    if title in known or (title.endswith("-") and len(title) < 12):
        return True
    names = record.variables.get("author")
    if not isinstance(names, Names) or not names.names:
        return False
    plain = [plain_name(name) for name in names.names]
    words = sum(1 for name in plain if len(name) < 3 or any(char.isdigit() for char in name))
    return words * 2 >= len(plain)


def plain_name(name: Name) -> str:
    """The name in natural order, without suffix."""
    parts = (name.given, name.dropping_particle, name.non_dropping_particle, name.family)
    return name.literal or " ".join(part for part in parts if part)


def known_names(records: Sequence[Record]) -> frozenset[str]:
    """All names of the records, as they are written in natural order."""
    out: set[str] = set()
    for record in records:
        names = record.variables.get("author")
        if isinstance(names, Names):
            out.update(plain_name(name) for name in names.names)
    return frozenset(out)


def is_sound_list(records: Sequence[Record]) -> bool:
    """True where the records of one layout look like works: few odd ones, titles that differ."""
    if not records:
        return False
    known = known_names(records)
    odd = sum(is_odd(record, known) for record in records)
    if odd > _MOST_ODD * len(records):
        return False
    title, times = Counter(record.title for record in records).most_common(1)[0]
    if times > 3 and times * 2 >= len(records) and title.count(" ") < 2:
        return False  # a button of each record, rather than a work that is listed again and again
    # a person's name now and then is a title ("Grace Hopper"); in a list of such it is not
    plain = [" ".join(record.title.split()) for record in records]
    people = sum(1 <= title.count(" ") < 4 and name_cost(title) < 0.35 for title in plain)
    return people <= max(1, _MOST_ODD * len(records)) or (len(records) == 1 and not people)
