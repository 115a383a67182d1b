"""What a generator yields, apart from what it returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

Y = TypeVar("Y")
R = TypeVar("R")


class Returning(Generic[Y, R]):
    """What a generator yields, to be iterated once; ``returned`` is what it returned, ``before`` until then."""

    def __init__(self, generator: Generator[Y, None, R], before: R) -> None:
        self.returned = before
        self._generator = generator

    def __iter__(self) -> Iterator[Y]:
        self.returned = yield from self._generator
