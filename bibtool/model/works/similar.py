"""Titles by one person, of which the similar ones are found without comparing each with each. Pure.

Of few, all are compared. Of many, only those that are close in the order of the alphabet, read from the front or from
the back: a title that was cut, or has another spelling or word somewhere, has its beginning or its end in common with
the right one. So the work grows as the number of titles and not as its square.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from bibtool.model.works.titles import alike_among

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")

MANY: Final = 24  # titles that are all compared
WINDOW: Final = 6  # titles before and behind in each order: as many in all


class SimilarTitles(Generic[T]):
    """Titles (as `title_key` gives them) with what they belong to."""

    __slots__ = ("_backward", "_forward", "_items")

    def __init__(self, items: Iterable[tuple[str, T]] = ()) -> None:
        self._items: list[tuple[str, T]] = []
        # with places in `_items`; filled only when there are many
        self._forward: list[tuple[str, int]] = []
        self._backward: list[tuple[str, int]] = []
        for title, item in items:
            self.add(title, item)

    def add(self, title: str, item: T) -> None:
        """Note a title; the same one again is another one."""
        place = len(self._items)
        self._items.append((title, item))
        if place > MANY:
            insort(self._forward, (title, place))
            insort(self._backward, (title[::-1], place))
        elif place == MANY:
            self._forward = sorted((title, at) for at, (title, _) in enumerate(self._items))
            self._backward = sorted((title[::-1], at) for at, (title, _) in enumerate(self._items))

    def near(self, title: str) -> list[T]:
        """What belongs to titles that `bibtool.model.works.titles.may_be_alike`, in the order in which they came."""
        if not self._forward:
            return [self._items[at][1] for at in alike_among(title, [other for other, _ in self._items])]
        places = sorted({*_around(self._forward, title), *_around(self._backward, title[::-1])})
        return [self._items[places[at]][1] for at in alike_among(title, [self._items[each][0] for each in places])]


def _around(titles: list[tuple[str, int]], title: str) -> list[int]:
    """The places of the titles next to where this one belongs."""
    at = bisect_left(titles, (title,))
    return [place for _, place in titles[max(0, at - WINDOW) : at + WINDOW]]
