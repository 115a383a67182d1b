"""Which name of a record is the owner of the list, in whatever spelling, and which one only looks like it.

::

    finder = Finder(make_owner(["Joan Bruna", "Bruna Estrach, Joan"], orcid="0000-0002-1825-0097"))
    hit = finder.find(record)
    hit.places      (("author", 2),)     certainly the owner
    hit.doubtful    (("author", 0, "'Joan M. Bruna' has a middle name that none of the owner's names has"),)

What decides, in this order: an ORCID iD; a DBLP number (``Wei Wang 0001``); the names of others; the words of the name
(see `bibtool.model.works.fit`); the other names of the same list, since nobody is in it twice.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bibtool.errors import IdentifierError, UsageError
from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import parse_orcid
from bibtool.model.names import Names, looks_like_organisation, parse_name
from bibtool.model.works.fit import (
    EXACT,
    FAMILY_FIRST,
    LIKELY,
    NUMBERED,
    Answer,
    Fit,
    Variant,
    best_fit,
    spelled_out,
    variants_of,
)
from bibtool.model.works.spelling import spellings_of, squeezed
from bibtool.problems import Problem, Severity
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bibtool.model.names import Name
    from bibtool.model.record import Record
    from bibtool.model.works.spelling import Spelling

# "family name, first initial, number" (https://info.arxiv.org/help/author_identifiers.html); an ORCID iD is one, too
_ARXIV_AUTHOR = lazy_pattern(r"[a-z][a-z'-]*(?:_[a-z][a-z'-]*)*_\d{1,5}")
_ARXIV_AUTHOR_URL = lazy_pattern(r"(?i)^(?:https?://)?(?:www\.|export\.)?arxiv\.org/a/|(?:\.atom2?|\.html|/)+$")
_FOUND_BY_ORCID: Final = 100
_MAX_CACHED = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The person whose list it is.

    ``names``         every name that the person publishes under; the first is the one that is shown. Initials need no
                      entry of their own; a family name of two words is written with a comma (``García Márquez,
                      Gabriel``), a changed family name is a name of its own.
    ``orcid``         bare: ``0000-0002-1825-0097``
    ``arxiv_author``  ``bruna_j_1``, or an ORCID iD
    ``others``        names of other people that must never be taken for the owner
    """

    names: tuple[str, ...]
    orcid: str = ""
    arxiv_author: str = ""
    others: tuple[str, ...] = ()

    def problems(self) -> tuple[Problem, ...]:
        """What will keep names from being found, or let wrong ones be found. All of it is advice."""
        return tuple(_advice(self))


def make_owner(names: Iterable[str], orcid: str = "", arxiv_author: str = "", others: Iterable[str] = ()) -> Owner:
    """The owner, checked and normalised: identifiers may be URLs.

    Raises `UsageError` if there is no name, or if a name is not a person's; `IdentifierError` for identifiers.
    """
    known = _checked_names(names, "an owner's name")
    if not known:
        raise UsageError("the owner has no name", hint='names = ["Joan Bruna"]')
    orcid = parse_orcid(orcid) if orcid.strip() else ""
    author = _arxiv_author(arxiv_author) if arxiv_author.strip() else ""
    if author and "_" not in author:
        if orcid and author != orcid:
            raise UsageError(
                f"two ORCID iDs for one owner: {orcid} and {author}", hint="leave out arxiv-author, or correct one"
            )
        orcid = author
    return Owner(names=known, orcid=orcid, arxiv_author=author, others=_checked_names(others, "another person's name"))


def _checked_names(names: Iterable[str], what: str) -> tuple[str, ...]:
    checked = dict.fromkeys(" ".join(name.split()) for name in names)
    for name in checked:
        if not any(char.isalpha() for char in name):
            raise UsageError(f"{name!r} is not {what}", hint="write the name as papers do: Joan Bruna")
        if looks_like_organisation(name):
            raise UsageError(f"{name!r} is the name of an organisation, not {what}")
        if not spellings_of(parse_name(name)):
            raise UsageError(f"{name!r} is not {what}", hint="write the name as papers do: Joan Bruna")
    return tuple(checked)


def _arxiv_author(text: str) -> str:
    bare = _ARXIV_AUTHOR_URL.sub("", text.strip())
    if _ARXIV_AUTHOR.fullmatch(bare.lower()):
        return bare.lower()
    try:
        return parse_orcid(bare)
    except IdentifierError:
        raise IdentifierError(
            "arXiv author id",
            text,
            "expected family name, initial and number, or an ORCID iD",
            hint="it is at the end of the address of your page: arxiv.org/a/bruna_j_1",
        ) from None


def _advice(owner: Owner) -> Iterator[Problem]:
    variants = _variants(owner.names)
    if all(variant.given and variant.given[0].initial for variant in variants):
        yield Problem(
            code="owner-initials-only",
            message="none of the owner's names has a full first name: full names in records will be doubtful",
            severity=Severity.WARNING,
            hint="add the full name",
        )
    strangers = {stranger: spellings_of(parse_name(stranger)) for stranger in owner.others}
    for name in owner.names:
        for stranger, spellings in strangers.items():
            if best_fit(variants_of_name(name), spellings).same:
                yield Problem(
                    code="owner-and-other",
                    message=f"{name!r} is both a name of the owner and, as {stranger!r}, of another person",
                    severity=Severity.WARNING,
                    hint="add a middle name, DBLP's number (Wei Wang 0001) or an ORCID iD to distinguish them",
                )
    if len(owner.names) == 1 and all(not variant.given for variant in variants):
        yield Problem(
            code="owner-one-word",
            message=f"{owner.names[0]!r} is a family name only: names with a given name are never the owner",
            severity=Severity.WARNING,
            hint="add the given name",
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a name is the owner. ``reason`` is for people, "" where nothing is in doubt.

    ``strength`` compares two names of one list: the higher one is rather the owner.
    """

    answer: Answer
    strength: int = 0
    reason: str = ""


_NO: Final = Verdict(Answer.NO)


@dataclass(frozen=True, slots=True)
class Hit:
    """Where the owner is in a record: variable (``author``, ``editor`` ...) and index.

    ``places``    certainly the owner, at most one in a variable
    ``doubtful``  perhaps, with the reason for people; only in variables without a certain one
    ``hidden``    the author list is cut off ("et al."), and nobody in it is or may be the owner
    """

    places: tuple[tuple[str, int], ...] = ()
    doubtful: tuple[tuple[str, int, str], ...] = ()
    hidden: bool = False


class Finder:
    """Finds one owner in many records. Made once: names that come again cost a look-up."""

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self._variants = _variants(owner.names)
        self._others = tuple(variant for name in owner.others for variant in variants_of_name(name))
        self._numbers = frozenset(variant.homonym for variant in self._variants if variant.homonym)
        needles = {needle for variant in self._variants for needle in _needles(variant)}
        # what a name has to contain, in any place, to be worth a look
        self._needle = re.compile("|".join(sorted(map(re.escape, needles), key=lambda needle: (-len(needle), needle))))
        self._is_near = lru_cache(_MAX_CACHED)(self._look)
        self._judged = lru_cache(_MAX_CACHED)(self._judge)

    def find(self, record: Record) -> Hit:
        """Where the owner is in all name lists of the record; authors first, then by the name of the variable."""
        places: list[tuple[str, int]] = []
        doubtful: list[tuple[str, int, str]] = []
        truncated = False
        for variable, value in record.variables.items():
            if not isinstance(value, Names):
                continue
            truncated = truncated or (variable == "author" and value.truncated)
            verdicts = [(index, self.verdict(value.names[index])) for index in self._near_names(value)]
            certain, unsure = self._decided(value, verdicts)
            places += [(variable, index) for index in certain]
            doubtful += [(variable, index, reason) for index, reason in unsure]
        places.sort(key=lambda place: (place[0] != "author", place))
        doubtful.sort(key=lambda place: (place[0] != "author", place))
        return Hit(tuple(places), tuple(doubtful), hidden=truncated and not places and not doubtful)

    def _near_names(self, names: Names) -> list[int]:
        """Which names have the owner's family name somewhere, or an ORCID iD; what nearly all names fail at."""
        near = self._is_near
        return [
            index
            for index, name in enumerate(names.names)
            if near(name.family, name.given, name.non_dropping_particle) or name.literal or name.orcid
        ]

    def _look(self, family: str, given: str, particle: str) -> bool:
        texts = squeezed(f"{given} {particle} {family}")
        return not texts or any(map(self._needle.search, texts))

    @staticmethod
    def _decided(names: Names, verdicts: Sequence[tuple[int, Verdict]]) -> tuple[list[int], list[tuple[int, str]]]:
        """The one owner of a list, by the strongest fit; or the doubtful ones. Two of the same strength are doubtful.

        So is ``J. Bruna`` in a list with ``Joan M. Bruna``: one of them is perhaps Joan, the other Jordi.
        """
        certain = [(verdict.strength, index) for index, verdict in verdicts if verdict.answer is Answer.YES]
        if not certain:
            return [], [(index, verdict.reason) for index, verdict in verdicts if verdict.answer is Answer.DOUBTFUL]
        strongest = max(certain)[0]
        best = [index for strength, index in certain if strength == strongest]
        if strongest < FAMILY_FIRST:
            best += [
                index for index, verdict in verdicts if verdict.answer is Answer.DOUBTFUL and verdict.strength >= LIKELY
            ]
            best.sort()
        if len(best) == 1:
            return best, []
        shown = " and ".join(repr(names[index].display()) for index in best)
        return [], [(index, f"{shown} are in the same list, and either may be the owner") for index in best]

    def verdict(self, name: Name) -> Verdict:
        """Whether this name, looked at alone, is the owner."""
        return self._judged(replace(name, marks=()) if name.marks else name)

    def _judge(self, name: Name) -> Verdict:
        if name.orcid and self.owner.orcid:
            if name.orcid.upper() != self.owner.orcid:
                return _NO
            return Verdict(Answer.YES, _FOUND_BY_ORCID)
        spellings = spellings_of(name)
        number = spellings[0].homonym if spellings else ""
        if self._numbers and number and number not in self._numbers:
            return _NO
        own = best_fit(self._variants, spellings)
        if own.answer is Answer.NO:
            return _NO
        if self._others and (against := self._rather_another(own, spellings)):
            return against
        if own.answer is Answer.YES and number and not self._numbers:
            return Verdict(
                Answer.DOUBTFUL,
                own.strength,
                f"{name.display()!r} has the namesakes' number {number}, and no name of the owner has one",
            )
        return Verdict(own.answer, own.strength, own.reason)

    def _rather_another(self, own: Fit, spellings: Sequence[Spelling]) -> Verdict | None:
        """The verdict if the name fits one of the others as well or better."""
        rival = best_fit(self._others, spellings)
        if rival.answer is not Answer.YES:
            return None
        if own.answer is Answer.DOUBTFUL:
            return _NO
        sort, other_sort = _sort(own.strength), _sort(rival.strength)
        if sort > other_sort:
            return None
        if sort < other_sort or rival.same:
            return _NO
        return Verdict(
            Answer.DOUBTFUL, own.strength, f"{spellings[0].text!r} may as well be one of those who are not the owner"
        )


def _sort(strength: int) -> int:
    return sum(strength >= least for least in (FAMILY_FIRST, EXACT, NUMBERED))


def variants_of_name(name: str) -> tuple[Variant, ...]:
    """One name of the owner, as it can be compared."""
    return tuple(variants_of(spellings_of(parse_name(name)), inverted="," in name))


def _variants(names: Iterable[str]) -> tuple[Variant, ...]:
    return spelled_out([variant for name in names for variant in variants_of_name(name)])


def _needles(variant: Variant) -> Iterator[str]:
    for key in (*variant.family, *variant.halves):
        yield from squeezed(key)  # the same signs are removed as in the names
    for key in variant.whole:
        yield key[0]
