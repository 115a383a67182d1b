"""Titles by one person, of which the similar ones are found without comparing each with each. Pure.

Of few, all are compared. Of many, only those that begin or end with the same letters, and of these only the ones that
are close in the order of the alphabet, read from the front or from the back: a title that was cut, or has another
spelling or word somewhere, has its beginning or its end in common with the right one. So the work grows as the number
of titles and not as its square. Titles of a large import lie far apart in memory, where each that is looked at takes
as long as to compare ten, so that few are to be looked at.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, Generic, TypeAlias, TypeVar

from bibtool.model.works.titles import alike_among, none_is_alike

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")

MANY: Final = 24  # titles that are all compared
WINDOW: Final = 6  # titles before and behind in each order: as many in all
_EDGE: Final = 4  # letters of the first or last word that close titles have in common


class SimilarTitles(Generic[T]):
    """Titles (as `title_key` gives them) with what they belong to; ``by_end`` where there are many, else None."""

    __slots__ = ("by_end", "items", "titles")

    def __init__(self, items: Iterable[tuple[str, T]] = ()) -> None:
        self.titles: list[str] = []
        self.items: list[T] = []
        self.by_end: dict[str, _Order] | None = None  # by the keys of `_ends`
        for title, item in items:
            self.add(title, item)

    def add(self, title: str, item: T) -> None:
        """Note a title; the same one again is another one."""
        place = len(self.items)
        self.titles.append(title)
        self.items.append(item)
        if self.by_end is not None:
            _note(self.by_end, title, place)
        elif place == MANY:
            self.by_end = {}
            for at, other in enumerate(self.titles):
                _note(self.by_end, other, at)

    def near(self, title: str) -> list[T]:
        """What belongs to titles that `bibtool.model.works.titles.may_be_alike`, in the order in which they came."""
        return near_in((self,), title)

    def looked_at(self, title: str) -> tuple[list[str], list[T]]:
        """The titles that are compared with this one, in the order in which they came, and what belongs to them."""
        if self.by_end is None:
            return self.titles, self.items
        places = sorted(set(_around(self.by_end, _ends(title))))
        return [self.titles[place] for place in places], [self.items[place] for place in places]


def near_in(rows: Iterable[SimilarTitles[T] | None], title: str) -> list[T]:
    """What belongs to titles near this one in some rows (of several years), one row after the other.

    None is a row without titles. All are compared at once, as each comparison of many costs as much as of ten.
    """
    there = [row for row in rows if row is not None]
    if none_is_alike(title, _looked_at(there, title)):  # so it mostly is, also for people with many works
        return []
    titles: list[str] = []
    items: list[T] = []
    for row in there:
        more, belonging = row.looked_at(title)
        titles += more
        items += belonging
    return [items[at] for at in alike_among(title, titles)]


def _looked_at(rows: Iterable[SimilarTitles[T]], title: str) -> list[str]:
    """The titles that `SimilarTitles.looked_at` has of some rows, in any order and some twice."""
    found: list[str] = []
    ends: _Ends | None = None
    for row in rows:
        if row.by_end is None:
            found += row.titles
        else:
            ends = ends or _ends(title)
            found += map(row.titles.__getitem__, _around(row.by_end, ends))
    return found


_Order: TypeAlias = "tuple[list[str], list[int]]"  # texts in the order of the alphabet, and the places of their titles
_Ends: TypeAlias = "tuple[tuple[str, str], tuple[str, str]]"


def _ends(title: str) -> _Ends:
    """Where to look for a title: by how its first word begins, and, with it read backwards, how its last word ends."""
    back = title[::-1]
    # no word begins with the space that tells the ends from the beginnings
    return (title[:_EDGE].partition(" ")[0], title), (" " + back[:_EDGE].partition(" ")[0], back)


def _note(by_end: dict[str, _Order], title: str, place: int) -> None:
    for end, text in _ends(title):
        texts, places = by_end.setdefault(end, ([], []))
        at = bisect_right(texts, text)  # after the same ones, as its place is
        texts.insert(at, text)
        places.insert(at, place)


def _around(by_end: dict[str, _Order], ends: _Ends) -> list[int]:
    """The places of the titles next to where one with these ends belongs; of a few, all."""
    found: list[int] = []
    for end, text in ends:
        order = by_end.get(end)
        if order is not None:
            texts, places = order
            if len(places) <= 2 * WINDOW:
                found += places
            else:
                at = bisect_left(texts, text)
                found += places[max(0, at - WINDOW) : at + WINDOW]
    return found
