"""Writing to the tables of a library, with the history that lets every change be undone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bibtool.errors import LibraryDamagedError, UsageError
from bibtool.store.base import check_key, fold_key
from bibtool.store.faults import RECOVER, faults
from bibtool.store.report import Change
from bibtool.store.rows import from_json, row_of, to_json
from bibtool.store.search import COLUMNS, columns_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bibtool.errors import UnknownNameError
    from bibtool.model.record import Record

T = TypeVar("T")

ROWS_AT_ONCE: Final = 500  # in one statement; SQLite takes 999 parameters at least
KEPT_CHANGES: Final = 1000  # older ones can't be undone, so that the file doesn't grow without end
CHANGE_COLUMNS: Final = "id, what, at, undone, added, changed, removed"

_INSERT = (
    "INSERT INTO record (id, key, key_folded, title_key, title_block, first_author, year, type, data) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_TEXT = f"INSERT INTO record_text (rowid, {', '.join(COLUMNS)}) VALUES (?{', ?' * len(COLUMNS)})"  # noqa: S608  (constants)


def change_of(row: Sequence[Any]) -> Change:
    """The entry of a row of `CHANGE_COLUMNS`."""
    number, what, when, undone, added, changed, removed = row
    texts, numbers = (what, when), (number, added, changed, removed)
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(value, int) for value in numbers):
        raise LibraryDamagedError("the history of the library is damaged", hint=RECOVER)
    return Change(
        number=number, what=what, when=when, undone=bool(undone), added=added, changed=changed, removed=removed
    )


def write_record(connection: sqlite3.Connection, number: int | None, record: Record, data: str) -> int:
    """The row number of the record, written to all tables; ``number`` None takes a new one. Needs an empty place."""
    if number is None:
        number = _next_number(connection)
    _write_records(connection, [(number, record, data)])
    return number


def _next_number(connection: sqlite3.Connection) -> int:
    """The row number after the highest that was ever given."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'record'").fetchone()
    if row is not None and not isinstance(row[0], int):
        raise LibraryDamagedError("the library has lost count of its records", hint=RECOVER)
    return 1 if row is None else row[0] + 1


def _write_records(connection: sqlite3.Connection, numbered: Sequence[tuple[int, Record, str]]) -> None:
    """Write records with their row numbers and JSON to all tables, each table at once."""
    rows = [(number, row_of(record, data)) for number, record, data in numbered]
    connection.executemany(
        _INSERT,
        [
            (
                number, row.key, row.key_folded, row.title_key, row.title_block, row.first_author, row.year, row.type,
                row.data,
            )
            for number, row in rows
        ],
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO identifier (kind, value, record_id) VALUES (?, ?, ?)",
        [(kind, value, number) for number, row in rows for kind, value in row.identifiers],
    )
    connection.executemany(_INSERT_TEXT, [(number, *columns_of(record)) for number, record, _ in numbered])


def erase_record(connection: sqlite3.Connection, number: int) -> None:
    """Take the record from all tables; its number is never given again."""
    connection.execute("DELETE FROM record WHERE id = ?", (number,))
    connection.execute("DELETE FROM identifier WHERE record_id = ?", (number,))
    connection.execute("DELETE FROM record_text WHERE rowid = ?", (number,))


def _data_of(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Row number -> JSON of those of the records that there are."""
    data: dict[int, str] = {}
    for page in batched(numbers, ROWS_AT_ONCE):
        marks = ",".join("?" * len(page))
        data.update(connection.execute(f"SELECT id, data FROM record WHERE id IN ({marks})", page))  # noqa: S608  (marks only)
    return data


def batched(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Slices of at most ``size`` values, in order; none of no values."""
    return (values[start : start + size] for start in range(0, len(values), size))


def swap_change(connection: sqlite3.Connection, number: int, path: str) -> Change:
    """The change, undone or redone: the records get the other side of it, and it keeps this one."""
    steps = connection.execute("SELECT record_id, data FROM step WHERE change_id = ?", (number,)).fetchall()
    present = _data_of(connection, [record_id for record_id, _ in steps])
    here = [(present.get(record_id), number, record_id) for record_id, _ in steps]
    # all are erased before any is written: keys may have gone from one record to another
    for record_id, _ in steps:
        erase_record(connection, record_id)
    for page in batched([(record_id, data) for record_id, data in steps if data is not None], ROWS_AT_ONCE):
        _write_records(connection, [(record_id, from_json(data, path), data) for record_id, data in page])
    connection.executemany("UPDATE step SET data = ? WHERE change_id = ? AND record_id = ?", here)
    connection.execute("UPDATE change SET undone = 1 - undone WHERE id = ?", (number,))
    query = f"SELECT {CHANGE_COLUMNS} FROM change WHERE id = ?"  # noqa: S608  (constant)
    return change_of(connection.execute(query, (number,)).fetchone())


class SqliteTransaction:
    """A `bibtool.store.base.Transaction` within an open transaction of SQLite."""

    def __init__(self, connection: sqlite3.Connection, path: str, unknown: Callable[[str], UnknownNameError]) -> None:
        self._connection = connection
        self._path = path
        self._unknown = unknown
        self._before: dict[int, str | None] = {}  # state of each touched record when the change began
        self._numbers: dict[str, int] = {}  # of removed records by key, given again if that key comes back
        self._added: dict[str, int] = {}  # row numbers of records that `put_all` added, by folded key
        self._sources: dict[bytes, int] = {}
        self._ended = False
        self.change: Change | None = None

    def _find(self, key: str) -> tuple[int, str] | None:
        self._refuse_after_end()
        query = "SELECT id, data FROM record WHERE key_folded = ?"
        row = self._connection.execute(query, (fold_key(key),)).fetchone()
        return None if row is None else (int(row[0]), str(row[1]))

    def _refuse_after_end(self) -> None:
        if self._ended:
            raise RuntimeError("the change has ended")

    def _expect(self, key: str) -> tuple[int, str]:
        found = self._find(key)
        if found is None:
            raise self._unknown(key)
        return found

    def put(self, record: Record) -> bool:
        """True if the record is new or differs from the one of that key, which it replaces as a whole."""
        check_key(record.key)
        data = to_json(record)
        with faults(self._path):
            found = self._find(record.key)
            if found is None:
                earlier = self._numbers.pop(fold_key(record.key), None)
                self._before.setdefault(write_record(self._connection, earlier, record, data), None)
                return True
            number, old = found
            if old == data:
                return False
            self._replace(number, old, record, data)
            return True

    def put_all(self, records: Iterable[Record]) -> None:
        """`put` for many records, new ones together; where two have one key, the later one counts."""
        for page in batched(list(records), ROWS_AT_ONCE):
            keys = dict.fromkeys(fold_key(record.key) for record in page)
            marks = ",".join("?" * len(keys))
            query = f"SELECT key_folded FROM record WHERE key_folded IN ({marks})"  # noqa: S608  (marks only)
            with faults(self._path):
                self._refuse_after_end()
                known = {*self._numbers, *(row[0] for row in self._connection.execute(query, tuple(keys)))}
                number = _next_number(self._connection)
                new: list[tuple[int, Record, str]] = []
                rest: list[Record] = []
                for record in page:
                    folded = fold_key(record.key)
                    if folded in known:
                        rest.append(record)
                        continue
                    check_key(record.key)
                    known.add(folded)
                    self._added[folded] = number
                    self._before[number] = None
                    new.append((number, record, to_json(record)))
                    number += 1
                _write_records(self._connection, new)
            for record in rest:
                self.put(record)

    def _replace(self, number: int, old: str, record: Record, data: str) -> None:
        self._before.setdefault(number, old)
        erase_record(self._connection, number)
        write_record(self._connection, number, record, data)

    def remove(self, key: str) -> Record:
        """The record that was removed; raises `UnknownNameError`."""
        with faults(self._path):
            number, old = self._expect(key)
            self._before.setdefault(number, old)
            self._numbers[fold_key(key)] = number
            self._added.pop(fold_key(key), None)
            erase_record(self._connection, number)
        return from_json(old, self._path)

    def rename(self, old: str, new: str) -> Record:
        """The record under its new key; raises `UnknownNameError`, and `UsageError` if another record has that key."""
        with faults(self._path):
            number, data = self._expect(old)
            check_key(new)
            other = self._find(new)
            if other is not None and other[0] != number:
                raise UsageError(f"there is already a record with the key {new!r}")
            record = replace(from_json(data, self._path), key=new)
            renamed = to_json(record)
            self._added.pop(fold_key(old), None)
            if renamed != data:
                self._replace(number, data, record, renamed)
        return record

    def remember(self, fingerprint: bytes, key: str) -> None:
        """Note that the input of this fingerprint is in the record ``key``; undone with the change."""
        with faults(self._path):
            number = self._added.get(fold_key(key))
            self._sources[fingerprint] = self._expect(key)[0] if number is None else number

    def end(self) -> None:
        """Refuse everything from now on."""
        self._ended = True

    def finish(self, what: str, when: str) -> None:
        """Write the entry of the history and its steps, or nothing where nothing differs in the end."""
        execute = self._connection.execute
        steps: list[tuple[int, str | None]] = []
        added = removed = 0
        present = _data_of(self._connection, list(self._before))
        for number, before in self._before.items():
            after = present.get(number)
            if after == before:
                continue
            steps.append((number, before))
            added += before is None
            removed += after is None
        if not steps:
            execute("ROLLBACK")
            execute("BEGIN")  # an empty one for the caller to end: it writes nothing and takes no lock
            return
        execute("DELETE FROM step WHERE change_id IN (SELECT id FROM change WHERE undone = 1)")
        execute("DELETE FROM source WHERE change_id IN (SELECT id FROM change WHERE undone = 1)")
        execute("DELETE FROM change WHERE undone = 1")
        entry = execute(
            "INSERT INTO change (what, at, undone, added, changed, removed) VALUES (?, ?, 0, ?, ?, ?)",
            (
                what.encode("utf-8", "backslashreplace").decode("utf-8"),
                when,
                added,
                len(steps) - added - removed,
                removed,
            ),
        ).lastrowid
        assert entry is not None
        self._connection.executemany(
            "INSERT INTO step (change_id, record_id, data) VALUES (?, ?, ?)",
            [(entry, record_id, before) for record_id, before in steps],
        )
        self._connection.executemany(
            "INSERT INTO source (fingerprint, change_id, record_id) VALUES (?, ?, ?)",
            [(fingerprint, entry, record_id) for fingerprint, record_id in self._sources.items()],
        )
        execute("DELETE FROM step WHERE change_id <= ?", (entry - KEPT_CHANGES,))
        execute("DELETE FROM change WHERE id <= ?", (entry - KEPT_CHANGES,))
        query = f"SELECT {CHANGE_COLUMNS} FROM change WHERE id = ?"  # noqa: S608  (constant)
        self.change = change_of(execute(query, (entry,)).fetchone())
