"""Pieces of SQL that every database takes."""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TypeVar

    T = TypeVar("T")

NO_LIMIT = 1 << 62  # rows; the largest number that every database takes after LIMIT


def batched(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Slices of at most ``size`` values, in order; none of no values."""
    return (values[start : start + size] for start in range(0, len(values), size))


def marks(values: Iterable[object]) -> str:
    """A question mark for each value, as SQL takes them: ``?,?,?``."""
    return ",".join("?" for _ in values)
