"""What every library can do, whatever keeps it. Callers use these protocols only, so that another store can join.

Keys. A key keeps its spelling, but two keys of a library never differ by case alone (see `fold_key`).

Changes. Everything written inside one ``with library.change(...)`` is one transaction: all of it or nothing. It is
also one entry of the history, and what `Library.undo` undoes as a whole. If nothing differs in the end, nothing is
written and the history does not change.

Undo and redo work as in an editor. Each `Library.undo` undoes the last change that has not been undone, so a second
undo undoes the one before. Each `Library.redo` redoes the change that was undone last. An undo is not itself a change;
only a redo reverses it. A new change discards what was undone: it can't be redone any more.

In a store of several people, all this holds for the changes of each of them. One that touches records which somebody
else has changed since is not undone; the error names the other change. A new change also discards what others have
undone of its records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, Self, TypeAlias

from bibtool.store.keys import MAX_KEY_LENGTH, check_key, fold_key, key_fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType

    from bibtool.model.record import Record
    from bibtool.model.works.blocks import Known
    from bibtool.store.report import Change, ImportReport, KeyMaker

# what callers take from here though it is of a module that what only reads can load without the protocols
__all__ = ["MAX_KEY_LENGTH", "Library", "Listed", "Transaction", "check_key", "fold_key", "key_fault"]

# key, year, authors, title and identifier of a record, see `bibtool.store.lines`
Listed: TypeAlias = tuple[str, str, str, str, str]


class Transaction(Protocol):
    """What can be done inside ``with library.change(...) as transaction``; of no use after it."""

    @property
    def change(self) -> Change | None:
        """The entry of the history; None until the block ended, and where nothing differed."""
        ...

    def put(self, record: Record) -> bool:
        """True if the record is new or differs from the one of that key, which it replaces as a whole.

        Raises `UsageError` for a key that can't be stored, see `check_key`.
        """
        ...

    def put_all(self, records: Iterable[Record], known: Iterable[Known | None] = ...) -> None:
        """`put` for many records, which is faster; where two have one key, the later one counts.

        ``known`` is what each is known by, where that was found out before.
        """
        ...

    def replace(self, before: Record, after: Record) -> None:
        """Put ``after``, which may have another key, in the place of ``before``, if that is still what is stored.

        Raises `LibraryChangedError`, which says which fields somebody else has changed since, and who; `UsageError` if
        another record has the new key.
        """
        ...

    def remove(self, key: str) -> Record:
        """The record that was removed; raises `UnknownNameError`."""
        ...

    def rename(self, old: str, new: str) -> Record:
        """The record under its new key; raises `UnknownNameError`, and `UsageError` if another record has that key."""
        ...

    def remember(self, fingerprint: bytes, key: str) -> None:
        """Note that the input of this fingerprint is in the record ``key``; undone with the change."""
        ...


class Library(Protocol):
    """A library. All methods raise `LibraryError` where the store fails."""

    @property
    def location(self) -> str:
        """Path or URL, for messages."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def close(self) -> None:
        """Release the store; closing twice does no harm."""
        ...

    def __len__(self) -> int: ...

    def __contains__(self, key: object) -> bool:
        """Whether `get` finds a record of that key or alias."""
        ...

    def __iter__(self) -> Iterator[Record]:
        """All records, see `records`."""
        ...

    def __getitem__(self, key: str) -> Record:
        """The record of a key or alias, see `get`."""
        ...

    def keys(self) -> tuple[str, ...]:
        """All keys, in the order of their folded spelling."""
        ...

    def get(self, key: str) -> Record:
        """The record of a key in any case, or of an alias that no record has as its key.

        Raises `UnknownNameError` with the nearest keys.
        """
        ...

    def aliases(self) -> Mapping[str, str]:
        """Alias, folded by `fold_key`, -> key of its record; without those that are the key of a record."""
        ...

    def records(self, keys: Iterable[str] | None = None) -> Iterator[Record]:
        """The records of these keys in the order given (each once), or all in the order of `keys`.

        An unknown key raises at once, before anything is read. Records are read some hundreds at a time and no lock is
        held between: one that another process changes meanwhile comes in its new state, one that it removes is left
        out, every other comes exactly once.
        """
        ...

    def encoded(self) -> Iterator[dict[str, Any]]:
        """What `bibtool.model.codec.encode` gives for each of `records`, without making the records."""
        ...

    def search(self, words: str, limit: int | None = None) -> Iterator[Record]:
        """The records that have all of these words, best first; ties in the order of `keys`.

        Case, accents and punctuation do not matter; the last word may be the beginning of one; words in double quotes
        must follow each other. Nothing else in ``words`` has a special meaning. Without a word there is no result.
        """
        ...

    def listed(self, words: str | None = None, limit: int | None = None) -> Iterator[Listed]:
        """What `bibtool.store.lines.listed` gives for what `search` finds, or for all records; makes few of them."""
        ...

    def find(
        self,
        *,
        arxiv: str | None = None,
        doi: str | None = None,
        isbn: str | None = None,
        pmid: str | None = None,
        pmcid: str | None = None,
        title_key: str | None = None,
        year: int | None = None,
        type: str | None = None,  # noqa: A002  (CSL's own word)
        limit: int | None = None,
    ) -> tuple[Record, ...]:
        """The records for which all of these hold, in the order of `keys`; by index, without reading the others.

        Identifiers as `bibtool.model.works.identity.identifiers` gives them (arXiv number without version), DOIs in
        any case; ``title_key`` of `bibtool.model.text.fold.title_key`. Without a condition there is no result.
        """
        ...

    def alike(self, record: Record) -> tuple[Record, ...]:
        """The records that may be the same work as this one; most telling first, bounded."""
        ...

    def alike_all(self, records: Iterable[Record]) -> Iterator[tuple[Record, ...]]:
        """`alike` for each of many records in their order, which is faster."""
        ...

    def imported_as(self, fingerprint: bytes) -> str | None:
        """The key of the record that holds the input of this fingerprint; None if there is none (any more)."""
        ...

    def all_imported_as(self, fingerprints: Sequence[bytes]) -> Mapping[bytes, str]:
        """Fingerprint -> key, as `imported_as`, for those of many fingerprints that have one."""
        ...

    def add(
        self,
        records: Record | Iterable[Record],
        *,
        key_maker: KeyMaker | None = None,
        what: str = "add",
        dry_run: bool = False,
    ) -> ImportReport:
        """Add records, each work once; see `bibtool.store.importing.import_records`."""
        ...

    def remove(self, key: str) -> Record:
        """The record that was removed, as one change; raises `UnknownNameError`."""
        ...

    def change(self, what: str) -> AbstractContextManager[Transaction]:
        """One transaction and one entry ``what`` of the history. Changes don't nest."""
        ...

    def history(self, limit: int | None = None) -> tuple[Change, ...]:
        """The changes, newest first."""
        ...

    def undo(self) -> Change | None:
        """The change that was undone: the last one that had not been; None if there is none."""
        ...

    def redo(self) -> Change | None:
        """The change that was redone: the one that was undone last; None if there is none."""
        ...
