"""The library that an engine keeps: what `bibtool.store.base.Library` asks for, whatever the database is."""

from __future__ import annotations

from contextlib import contextmanager

from bibtool.errors import UnknownNameError, UsageError
from bibtool.store.keys import ALIAS, fold_key
from bibtool.store.sql import NO_LIMIT, batched, marks

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import Any, Self

    from bibtool.model.record import Record
    from bibtool.problems import Problem
    from bibtool.store.base import Listed
    from bibtool.store.engine import Engine
    from bibtool.store.history import StoredTransaction
    from bibtool.store.report import Change, ImportReport, KeyMaker

_MAX_NEIGHBOURS = 2000
_PAGE = 500  # records read by one statement
_FEW = 100  # records whose like are in memory together


class StoredLibrary:
    """A `bibtool.store.base.Library`. To be used by the thread that opened it."""

    def __init__(self, engine: Engine, clock: Callable[[], str]) -> None:
        self.engine = engine
        self._clock = clock
        self._changing = False

    @property
    def location(self) -> str:
        """The path or URL as it was given."""
        return self.engine.location

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.location!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the database."""
        self.engine.close()

    # reading

    def __len__(self) -> int:
        ((number,),) = self.engine.rows("SELECT count(*) FROM record")
        assert isinstance(number, int)
        return number

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._number(key) is not None

    def __iter__(self) -> Iterator[Record]:
        return self.records()

    def __getitem__(self, key: str) -> Record:
        return self.get(key)

    def keys(self) -> tuple[str, ...]:
        """All keys, in the order of their folded spelling."""
        return tuple(str(key) for (key,) in self.engine.rows("SELECT key FROM record ORDER BY key_folded"))

    def get(self, key: str) -> Record:
        """The record of a key or alias in any case; raises `UnknownNameError` with the nearest keys."""
        for record in self._stream([self._known_number(key)]):
            return record
        raise self._unknown(key)  # removed by another process meanwhile

    def _known_number(self, key: str) -> object:
        """The row number of the record of a key or alias; raises `UnknownNameError` where there is none."""
        number = self._number(key)
        if number is None:
            raise self._unknown(key)
        return number

    def _number(self, key: str) -> object:
        """The row number of the record that has the key, else of the first that has it as an alias; None for none."""
        folded = fold_key(key)
        rows = self.engine.rows("SELECT id FROM record WHERE key_folded = ?", (folded,))
        if not rows:
            query = "SELECT record_id FROM identifier WHERE kind = ? AND value = ? ORDER BY record_id LIMIT 1"
            rows = self.engine.rows(query, (ALIAS, folded))
        return rows[0][0] if rows else None

    def aliases(self) -> dict[str, str]:
        """Folded alias -> key of its record; see `Library.aliases`."""
        query = (
            "SELECT identifier.value, record.key FROM identifier JOIN record ON record.id = identifier.record_id "
            "WHERE identifier.kind = ? "
            "AND NOT EXISTS (SELECT 1 FROM record AS other WHERE other.key_folded = identifier.value) "
            "ORDER BY identifier.value, record.id DESC"
        )
        return {str(alias): str(key) for alias, key in self.engine.rows(query, (ALIAS,))}

    def _unknown(self, key: str) -> UnknownNameError:
        """The error that names the nearest keys; those with the same beginning, and those that the engine adds."""
        folded = fold_key(key)
        query = "SELECT key FROM record WHERE key_folded >= ? AND key_folded < ? ORDER BY key_folded LIMIT ?"
        near: list[str] = []
        for length in (3, 1):
            start = folded[:length]
            if not near and start:
                rows = self.engine.rows(query, (start, start + "\U0010ffff", _MAX_NEIGHBOURS))
                near = [str(row[0]) for row in rows]
        near += [similar for similar in self.engine.similar_keys(folded) if similar not in near]
        return UnknownNameError("record", key, near, hint="`bibtool list` shows the keys")

    def records(self, keys: Iterable[str] | None = None) -> Iterator[Record]:
        """The records of these keys in the order given (each once), or all; see `Library.records`."""
        if keys is None:
            return self._stream([row[0] for row in self.engine.rows("SELECT id FROM record ORDER BY key_folded")])
        wanted = list(keys)
        numbers: dict[object, object] = {}
        for page in batched(list({fold_key(key) for key in wanted}), _PAGE):
            query = f"SELECT key_folded, id FROM record WHERE key_folded IN ({marks(page)})"  # noqa: S608  (marks only)
            numbers.update(self.engine.rows(query, page))
        ids: dict[object, None] = {}
        for key in wanted:
            number = numbers.get(fold_key(key))
            ids[self._known_number(key) if number is None else number] = None
        return self._stream(list(ids))

    def encoded(self) -> Iterator[dict[str, Any]]:
        """The data of all records in the order of `keys`; see `Library.encoded`."""
        from bibtool.store.rows import data_of

        ids = [row[0] for row in self.engine.rows("SELECT id FROM record ORDER BY key_folded")]
        return (data_of(data, self.location) for _, data in self._data(ids))

    def _stream(self, ids: Sequence[object]) -> Iterator[Record]:
        return (record for _, record in self._numbered(ids))

    def _numbered(self, ids: Sequence[object]) -> Iterator[tuple[object, Record]]:
        """Row numbers and records, in this order; those that are gone meanwhile are left out."""
        from bibtool.store.rows import from_json  # a line of a list needs no record

        return ((number, from_json(data, self.location)) for number, data in self._data(ids))

    def _data(self, ids: Sequence[object]) -> Iterator[tuple[object, str]]:
        """The same with the JSON of each record."""
        for page in batched(ids, _PAGE):
            rows = dict(self.engine.rows(f"SELECT id, data FROM record WHERE id IN ({marks(page)})", page))  # noqa: S608  (marks only)
            for number in page:
                if number in rows:
                    yield number, str(rows[number])

    def search(self, words: str, limit: int | None = None) -> Iterator[Record]:
        """The records that have all of these words, best first; see `Library.search`."""
        return self._stream(self.engine.matches(words, _limit(limit)))

    def listed(self, words: str | None = None, limit: int | None = None) -> Iterator[Listed]:
        """Lines of what `search` finds, or of all records; see `Library.listed`."""
        if words is None:
            ids = [row[0] for row in self.engine.rows("SELECT id FROM record ORDER BY key_folded")][: _limit(limit)]
        else:
            ids = list(self.engine.matches(words, _limit(limit)))
        return self._lines(ids)

    def _lines(self, ids: Sequence[object]) -> Iterator[Listed]:
        """What lists show of these records, in this order; those that are gone meanwhile are left out."""
        from bibtool.store.lines import listed_by

        for page in batched(ids, _PAGE):
            rows = self.engine.rows(f"SELECT id, key, line FROM record WHERE id IN ({marks(page)})", page)  # noqa: S608  (marks only)
            lines = {number: listed_by(str(key), str(line)) for number, key, line in rows}
            data = dict(self._data([number for number, line in lines.items() if line is None]))
            for number in page:
                line = lines.get(number)
                if line is not None:
                    yield line
                elif number in data:
                    from bibtool.store.listed import listed_in  # few records need it

                    yield listed_in(data[number], self.location)

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
        """The records for which all of these hold, by index; see `Library.find`."""
        conditions: list[str] = []
        values: list[object] = []
        given = {"arxiv": arxiv, "doi": doi, "isbn": isbn, "pmid": pmid, "pmcid": pmcid}
        for kind, identifier in given.items():
            if identifier is not None:
                conditions.append("id IN (SELECT record_id FROM identifier WHERE kind = ? AND value = ?)")
                values += [kind, identifier if kind == "arxiv" else identifier.casefold()]
        for column, value in (("title_key", title_key), ("year", year), ("type", type)):
            if value is not None:
                conditions.append(f"{column} = ?")
                values.append(value)
        if not conditions:
            return ()
        query = f"SELECT id FROM record WHERE {' AND '.join(conditions)} ORDER BY key_folded LIMIT ?"  # noqa: S608  (fixed texts)
        rows = self.engine.rows(query, (*values, _limit(limit)))
        return tuple(self._stream([row[0] for row in rows]))

    def alike(self, record: Record) -> tuple[Record, ...]:
        """The records with a common identifier, then those with its title, then those with a similar one; bounded."""
        return next(self.alike_all([record]))

    def alike_all(self, records: Iterable[Record]) -> Iterator[tuple[Record, ...]]:
        """`alike` for each of many records, some of them at a time."""
        from bibtool.store.alike import numbers_alike  # what only reads needs none of it

        for page in batched(list(records), _FEW):
            found = list(numbers_alike(self.engine, page))
            wanted = list(dict.fromkeys(number for numbers in found for number in numbers))
            stored = dict(self._numbered(wanted))
            for numbers in found:
                yield tuple(stored[number] for number in numbers if number in stored)

    def imported_as(self, fingerprint: bytes) -> str | None:
        """The key of the record that holds this input, by a change that has not been undone; else None."""
        return self.all_imported_as([fingerprint]).get(fingerprint)

    def all_imported_as(self, fingerprints: Sequence[bytes]) -> dict[bytes, str]:
        """Fingerprint -> key for those of many inputs that the library holds; see `imported_as`."""
        known: dict[bytes, str] = {}
        for page in batched(fingerprints, _PAGE):
            # a change that is no longer in the history can't be undone; the last change counts
            query = (
                "SELECT source.fingerprint, record.key FROM source "  # noqa: S608  (marks only)
                "JOIN record ON record.id = source.record_id LEFT JOIN change ON change.id = source.change_id "
                f"WHERE source.fingerprint IN ({marks(page)}) AND coalesce(change.undone, 0) = 0 "
                "ORDER BY source.change_id"
            )
            known.update((bytes(fingerprint), str(key)) for fingerprint, key in self.engine.rows(query, page))
        return known

    def examine(self) -> tuple[Problem, ...]:
        """What a thorough check finds; empty for a sound library."""
        from bibtool.store.checking import examine

        return examine(self.engine)

    # writing

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction of the engine, with nothing of this library inside it that needs another."""
        if self._changing:
            raise RuntimeError("changes of a library don't nest")
        self._changing = True
        try:
            with self.engine.writing():
                yield
        finally:
            self._changing = False

    @contextmanager
    def change(self, what: str) -> Iterator[StoredTransaction]:
        """One transaction and one entry of the history; see `Library.change`."""
        from bibtool.store.history import StoredTransaction  # what only reads needs none of it

        transaction = StoredTransaction(self.engine, self._unknown)
        try:
            with self._writing():
                yield transaction
                transaction.finish(what, self._clock())
        except BaseException:
            transaction.change = None
            raise
        finally:
            transaction.end()

    def add(
        self,
        records: Record | Iterable[Record],
        *,
        key_maker: KeyMaker | None = None,
        what: str = "add",
        dry_run: bool = False,
    ) -> ImportReport:
        """Add records, each work once; see `Library.add`."""
        from bibtool.model.record import records_of
        from bibtool.store.importing import import_records

        return import_records(self, records_of(records), key_maker=key_maker, what=what, dry_run=dry_run)

    def remove(self, key: str) -> Record:
        """The record that was removed, as one change; see `Library.remove`."""
        with self.change(f"remove {key}") as transaction:
            return transaction.remove(key)

    def history(self, limit: int | None = None) -> tuple[Change, ...]:
        """The changes, newest first."""
        from bibtool.store.history import CHANGE_COLUMNS, change_of

        rows = self.engine.rows(f"SELECT {CHANGE_COLUMNS} FROM change ORDER BY id DESC LIMIT ?", (_limit(limit),))  # noqa: S608  (constant)
        return tuple(change_of(row) for row in rows)

    def undo(self) -> Change | None:
        """The change that was undone, or None; see `bibtool.store.base`."""
        from bibtool.store.history import undo_change

        with self._writing():
            return undo_change(self.engine)

    def redo(self) -> Change | None:
        """The change that was redone, or None; see `bibtool.store.base`."""
        from bibtool.store.history import redo_change

        with self._writing():
            return redo_change(self.engine)


def _limit(limit: int | None) -> int:
    """A limit for SQL."""
    if limit is None:
        return NO_LIMIT
    if limit < 0:
        raise UsageError("a limit can't be negative")
    return limit
