"""Names that are nearly the owner's: a typo, initials in another order, several people in one name.

They are never taken for the owner, but a work that is left out because of a slip has to be named.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bibtool.cv.owner import variants_of_name
from bibtool.lazy import lazy_pattern
from bibtool.model.names import Names, parse_name
from bibtool.model.text.fold import words
from bibtool.model.works.fit import Answer, best_fit
from bibtool.model.works.spelling import spellings_of, squeezed
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bibtool.cv.owner import Finder
    from bibtool.model.names import Name
    from bibtool.model.record import Record

_MAX_CACHED: Final = 200_000
# a shorter name differs by one letter from too many others: Wei Wang, Wei Weng
_MIN_LETTERS: Final = 8
_MIN_LETTERS_OF_TWO: Final = 14
_WRITTEN_OUT: Final = lazy_pattern(r"[^\W\d_]{5}")  # as many letters are more than initials: most given names
_PLAIN: Final = lazy_pattern(r"[A-Za-z .'-]*")
_BETWEEN_PEOPLE: Final = lazy_pattern(r"[,;&]|\band\b")


class NearMisses:
    """Finds names that are nearly one owner's, in records in which the owner was not found."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._owner = [_Letters.of(words(parse_name(name).display())) for name in finder.owner.names]
        self._spellings = [spelling for name in finder.owner.names for spelling in spellings_of(parse_name(name))]
        self._families = [[word.keys[0] for word in own.words[own.family_at :]] for own in self._spellings]
        self._others = tuple(variant for name in finder.owner.others for variant in variants_of_name(name))
        self._reason = lru_cache(_MAX_CACHED)(self._look)

    def find(self, record: Record) -> list[tuple[str, int, str]]:
        """Variable, index and reason of each near miss among authors and editors."""
        return [
            (variable, at, reason)
            for variable in ("author", "editor")
            if isinstance(value := record.variables.get(variable), Names)
            for at, name in enumerate(value.names)
            if (reason := self._reason(name))
        ]

    def _look(self, name: Name) -> str:
        shown = name.display()
        letters = _Letters.of(words(shown))
        if any(_is_slip(own, letters) for own in self._owner):
            reason = f"{shown!r} is nearly the owner's name"
        elif self._has_initials_in_another_order(name):
            reason = f"{shown!r} has the owner's initials in another order"
        elif any(self._is_owner(piece) for piece in _pieces(name)):
            reason = f"{shown!r} seems to be several people, the owner among them"
        else:
            return ""
        return "" if self._is_another(name) else reason

    def _is_owner(self, text: str) -> bool:
        return self._finder.verdict(parse_name(text)).answer is Answer.YES

    def _is_another(self, name: Name) -> bool:
        return bool(self._others) and best_fit(self._others, spellings_of(name)).answer is Answer.YES

    def _may_have_family(self, name: Name) -> bool:
        """False where a look at the letters shows that the name has no family name of the owner."""
        shown = name.display()
        if _PLAIN.fullmatch(shown) is None:
            return True
        letters = squeezed(shown)[0]
        return any(all(word in letters for word in family) for family in self._families)

    def _has_initials_in_another_order(self, name: Name) -> bool:
        if _WRITTEN_OUT.search(name.given) or not self._may_have_family(name):
            return False
        for spelling in spellings_of(name):
            given, family = spelling.words[: spelling.family_at], spelling.words[spelling.family_at :]
            if len(given) < 2 or not all(word.initial for word in given):
                continue
            initials = [word.keys[0][:1] for word in given]
            for own in self._spellings:
                own_initials = [word.keys[0][:1] for word in own.words[: own.family_at]]
                same_family = [word.keys for word in own.words[own.family_at :]] == [word.keys for word in family]
                if same_family and initials != own_initials and sorted(initials) == sorted(own_initials):
                    return True
        return False


class _Letters(NamedTuple):
    """A name for a comparison letter by letter: its initials, and its longer words as one, ``once`` each or all."""

    initials: frozenset[str]
    all: str
    once: str

    @classmethod
    def of(cls, name: list[str]) -> _Letters:
        """The letters of the words of a name."""
        long = [word for word in name if len(word) > 1]
        initials = frozenset([word for word in name if len(word) == 1])
        return cls(initials, "".join(long), "".join(dict.fromkeys(long)))


def _is_slip(own: _Letters, name: _Letters) -> bool:
    """Whether the words differ by a typo or a word written twice; initials that both have must be the same."""
    if name.initials and own.initials and name.initials != own.initials:
        return False
    shortest, longest = sorted((len(name.once), len(own.all)))
    most = 2 if shortest >= _MIN_LETTERS_OF_TWO else 1
    if shortest < _MIN_LETTERS or longest - shortest > most:
        return False
    from rapidfuzz.distance import OSA

    return OSA.distance(name.once, own.all, score_cutoff=most) <= most


def _pieces(name: Name) -> Iterator[str]:
    """What may be the name of one person in a name that holds several; nothing for a name that looks like one."""
    parts = [part.strip(" .") for part in _BETWEEN_PEOPLE.split(name.literal)] if name.literal else []
    if len(parts) > 1:
        yield from parts
        yield from (f"{given} {family}" for family, given in pairwise(parts))
    elif name.family:
        # "A. One, B. Two, C. Three" and "One, A., Two, B." have the commas of family name, suffix and given name
        if " " in name.family:
            yield name.family
        if name.suffix:
            yield name.suffix
            yield f"{name.suffix} {name.family}"
        yield from (part.strip() for part in _BETWEEN_PEOPLE.split(name.given) if " " in part.strip())


def likely_owners(finder: Finder, records: Iterable[Record], most: int = 3) -> list[tuple[str, int]]:
    """Names in the records that the owner may have meant, each with the number of its works; the surest first.

    Names that are nearly the owner's, else those with the family name of an owner without a given name.
    """
    near: Counter[str] = Counter()
    family: Counter[str] = Counter()
    misses = NearMisses(finder)
    variants = [variant for name in finder.owner.names for variant in variants_of_name(name)]
    bare = {way for variant in variants if not variant.given for way in variant.family}
    for record in records:
        names = record.names("author").names or record.names("editor").names
        near.update({names[at].display() for variable, at, _ in misses.find(record) if variable == "author"})
        family.update({name.display() for name in names if bare and "".join(words(name.family)) in bare})
    return (near or family).most_common(most)
