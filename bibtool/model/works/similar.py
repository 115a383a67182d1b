"""Titles by one person, of which the similar ones are found without comparing each with each. Pure.

Of few, all are compared. Of many, only those that are close in the order of the alphabet, read from the front or from
the back: a title that was cut, or has another spelling or word somewhere, has its beginning or its end in common with
the right one. So the work grows as the number of titles and not as its square.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from bibtool.model.works.titles import alike_among, none_is_alike

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")

MANY: Final = 24  # titles that are all compared
WINDOW: Final = 6  # titles before and behind in each order: as many in all


class SimilarTitles(Generic[T]):
    """Titles (as `title_key` gives them) with what they belong to."""

    __slots__ = ("_items", "_orders", "_titles")

    def __init__(self, items: Iterable[tuple[str, T]] = ()) -> None:
        self._titles: list[str] = []
        self._items: list[T] = []
        self._orders: tuple[_Order, _Order] | None = None  # from the front and from the back; made when there are many
        for title, item in items:
            self.add(title, item)

    def add(self, title: str, item: T) -> None:
        """Note a title; the same one again is another one."""
        place = len(self._items)
        self._titles.append(title)
        self._items.append(item)
        if self._orders is not None:
            _note(self._orders, title, place)
        elif place == MANY:
            self._orders = _Order(), _Order()
            for at, other in enumerate(self._titles):
                _note(self._orders, other, at)

    def near(self, title: str) -> list[T]:
        """What belongs to titles that `bibtool.model.works.titles.may_be_alike`, in the order in which they came."""
        return near_in((self,), title)

    def looked_at(self, title: str) -> tuple[list[str], list[T]]:
        """The titles that are compared with this one, in the order in which they came, and what belongs to them."""
        if self._orders is None:
            return self._titles, self._items
        forward, backward = self._orders
        places = sorted({*forward.around(title), *backward.around(title[::-1])})
        return [self._titles[place] for place in places], [self._items[place] for place in places]

    def collect(self, title: str, reverse: str, titles: list[str], longer: list[str]) -> None:
        """Add the titles of `looked_at` to a list, in any order and some twice, and to another what may begin with it.

        ``reverse`` is the title from its end.
        """
        if self._orders is None:
            titles += self._titles
            longer += self._titles
            return
        forward, backward = self._orders
        texts = forward.texts
        at = bisect_left(texts, title)
        titles += texts[at - WINDOW if at > WINDOW else 0 : at + WINDOW]
        behind = bisect_left(backward.texts, reverse)
        titles += backward.titles[behind - WINDOW if behind > WINDOW else 0 : behind + WINDOW]
        longer += texts[at : at + 1]  # if any of the row begins with the title, this one does


def near_in(rows: Iterable[SimilarTitles[T] | None], title: str) -> list[T]:
    """What belongs to titles near this one in some rows (of several years), one row after the other.

    None is a row without titles. All are compared at once, as each comparison of many costs as much as of ten.
    """
    there = [row for row in rows if row is not None]
    if not there or _are_all_far(there, title):
        return []
    titles: list[str] = []
    items: list[T] = []
    for row in there:
        more, belonging = row.looked_at(title)
        titles += more
        items += belonging
    return [items[at] for at in alike_among(title, titles)]


def _are_all_far(rows: Iterable[SimilarTitles[T]], title: str) -> bool:
    """Whether no title of the rows is near, which takes half the time to tell; False where it takes a closer look.

    It is so of nearly all titles of people with many works, and what a large import compares grows with their number.
    """
    reverse = title[::-1]
    titles: list[str] = []
    longer: list[str] = []
    for row in rows:
        row.collect(title, reverse, titles, longer)
    return none_is_alike(title, titles, longer)


class _Order:
    """Texts in the order of the alphabet, with their titles, which may be written from the end, and their places."""

    __slots__ = ("_places", "texts", "titles")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.titles: list[str] = []
        self._places: list[int] = []

    def add(self, text: str, title: str, place: int) -> None:
        """Note a text; after the same ones, as its place is."""
        at = bisect_right(self.texts, text)
        self.texts.insert(at, text)
        self.titles.insert(at, title)
        self._places.insert(at, place)

    def around(self, text: str) -> list[int]:
        """The places of the texts next to where this one belongs."""
        at = bisect_left(self.texts, text)
        return self._places[max(0, at - WINDOW) : at + WINDOW]


def _note(orders: tuple[_Order, _Order], title: str, place: int) -> None:
    forward, backward = orders
    forward.add(title, title, place)
    backward.add(title[::-1], title, place)
