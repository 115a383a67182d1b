"""What a database has to do for a library: run the statements of `bibtool.store.library` and `bibtool.store.history`.

All that a library knows is written once, in those two modules, in SQL that each database understands, with ``?`` for
values. An engine is the rest: transactions, numbers for new rows, the full-text index, the words of errors.

Only types need this module, so no command loads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager


class Engine(Protocol):
    """An open database. All methods raise `LibraryError` where it fails, and its kinds where the reason is known."""

    @property
    def location(self) -> str:
        """Path or URL, for messages."""
        ...

    @property
    def person(self) -> str | None:
        """Who makes the changes; None if the store is one person's, so that it does not matter."""
        ...

    @property
    def texts(self) -> Sequence[tuple[str, str]]:
        """The tables of the full-text index, and the column of each that has the number of the record."""
        ...

    @property
    def repair(self) -> str:
        """What to do about damage."""
        ...

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of the answer."""
        ...

    def run(self, statement: str, values: Sequence[object] = ()) -> None:
        """Run a statement without an answer."""
        ...

    def run_many(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        """Run a statement once for each row of values."""
        ...

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Insert rows of values for these columns; nothing for no rows.

        A server may take them in while the caller goes on. The next statement that asks for something waits for it and
        raises its errors, so what is known beforehand is better asked first.
        """
        ...

    def loading(self, count: int) -> AbstractContextManager[None]:
        """For so many new records, inside of `writing`; inside of this, they are looked for by key or number only."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """One transaction that keeps other writers out; rolled back as a whole by any exception, which passes on."""
        ...

    def reading(self) -> AbstractContextManager[None]:
        """One state of the library for all that is read inside, whatever others write."""
        ...

    def stream(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a long answer, without holding all of them; inside of `reading` or `writing`."""
        ...

    def discard(self) -> None:
        """Roll back what the transaction has written so far; it goes on, to write nothing."""
        ...

    def take_numbers(self, table: str, count: int) -> int:
        """The first of so many numbers in a row that were never given to a row of ``record`` or ``change``."""
        ...

    def set_number(self, table: str, last: int) -> None:
        """Go on after this number with those that are given to rows of ``record`` or ``change``."""
        ...

    def insert_texts(self, texts: Sequence[tuple[int, str, tuple[str, ...]]]) -> None:
        """Add records to the full-text index: number, folded key, the words for `bibtool.store.search.COLUMNS`."""
        ...

    def erase_texts(self, numbers: Sequence[int]) -> None:
        """Take records from the full-text index."""
        ...

    def has_texts(self, number: int, columns: tuple[str, ...]) -> bool:
        """Whether the full-text index has these words of the record, and no others."""
        ...

    def matches(self, words: str, limit: int) -> list[int]:
        """Numbers of the records that have all these words, best first; see `bibtool.store.base.Library.search`."""
        ...

    def examine(self) -> list[str]:
        """What is wrong with the database itself, in words."""
        ...

    def describe(self) -> dict[str, object]:
        """Facts for people; at least ``store``, ``bytes`` and ``may_write``."""
        ...

    def similar_keys(self, folded: str) -> list[str]:
        """Keys that have letters in common with one that no record has, in its folded form; none if it can't say."""
        ...

    def close(self) -> None:
        """Release the database; closing twice does no harm."""
        ...
