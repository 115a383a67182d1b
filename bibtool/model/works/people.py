"""The same person in two lists of names, and what is known of that person taken from one list into the other. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bibtool.model.marks import bare, bare_name, has_marks, has_orcids
from bibtool.model.names import Names
from bibtool.model.text.fold import fold, words

if TYPE_CHECKING:
    from bibtool.model.names import Name


def name_key(name: Name) -> tuple[str, str]:
    """Folded family name (with particle) and first initial: the same for ``J. Bruna`` and ``Joan Bruna``."""
    if name.literal:
        return fold(" ".join(name.literal.split())), ""
    family = fold(f"{name.non_dropping_particle} {name.family}".strip()).replace("-", " ")
    given = fold(name.given).lstrip()
    return " ".join(family.split()), given[:1]


def same_person(one: Name, other: Name) -> bool:
    """Whether two names may be one person's: the same family name, given names that don't differ."""
    family_one, initial_one = name_key(one)
    family_other, initial_other = name_key(other)
    if family_one != family_other:
        return False
    if not initial_one or not initial_other:
        return True
    return initial_one == initial_other and _given_agree(one.given, other.given)


def _given_agree(one: str, other: str) -> bool:
    """``J.`` and ``Jos`` fit ``Joseph``, ``Jordi`` does not fit ``Joan``; only the first word counts."""
    first, second = words(one)[:1], words(other)[:1]
    if not first or not second:
        return True
    return first[0].startswith(second[0]) or second[0].startswith(first[0])


def united(kept: Names, other: Names) -> tuple[Names, tuple[tuple[Name, Name], ...]]:
    """``kept`` with the marks and ORCID iDs that ``other`` has of the same people, and pairs whose ORCID iDs differ.

    An ORCID iD of ``kept`` stays. Who can't be told for certain gets nothing. Doing it again changes nothing.
    """
    if not has_marks(other) and not has_orcids(other):
        return kept, ()
    people = list(kept.names)
    clashes = []
    for at, place in _pairs(bare(kept), bare(other)).items():
        mine, theirs = people[at], other.names[place]
        if mine.orcid and theirs.orcid and mine.orcid != theirs.orcid:
            clashes.append((mine, theirs))
        marks = tuple(dict.fromkeys((*mine.marks, *theirs.marks)))
        orcid = mine.orcid or theirs.orcid
        if (marks, orcid) != (mine.marks, mine.orcid):
            people[at] = replace(mine, marks=marks, orcid=orcid)
    marks = tuple(dict.fromkeys((*kept.marks, *other.marks)))
    return Names(tuple(people), kept.truncated, marks), tuple(clashes)


def _pairs(one: Names, other: Names) -> dict[int, int]:
    """Place in ``one`` -> place of the same person in ``other``."""
    if all(same_person(a, b) for a, b in zip(one.names, other.names, strict=False)):
        return {at: at for at in range(min(len(one), len(other)))}
    found: dict[int, int] = {}
    families: dict[str, list[int]] = {}
    for place, name in enumerate(other):
        families.setdefault(name_key(name)[0], []).append(place)
    taken: set[int] = set()
    for same in (_equal, same_person):
        left = [at for at in range(len(one)) if at not in found]
        fitting = {
            at: [
                place
                for place in families.get(name_key(one.names[at])[0], ())
                if place not in taken and same(one.names[at], other.names[place])
            ]
            for at in left
        }
        wanted: dict[int, int] = {}
        for places in fitting.values():
            for place in places:
                wanted[place] = wanted.get(place, 0) + 1
        for at, places in fitting.items():
            # one person fits and fits nobody else, or namesakes stand in the same place
            if len(places) == 1 and wanted[places[0]] == 1:
                found[at] = places[0]
            elif at in places:
                found[at] = at
        taken.update(found.values())
    return found


def _equal(one: Name, other: Name) -> bool:
    return bare_name(one) == bare_name(other)
