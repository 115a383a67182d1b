"""Writing to the tables of a library, with the history that lets every change be undone.

Undo where many write. The changes of each record are done up to one of them and undone after it, always: a change is
undone only if no later one of the same records is done, and redone only if no earlier one of them is undone; a new
change discards the undone ones of its records. So undo and redo need no more than the other side of each record, which
the history keeps, and never write over what somebody else has changed since.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

from bibtool.errors import LibraryChangedError, LibraryDamagedError, LibraryError, UsageError
from bibtool.store.base import check_key, fold_key
from bibtool.store.faults import RECOVER
from bibtool.store.report import Change
from bibtool.store.rows import differing_fields, from_json, row_of, to_json
from bibtool.store.search import columns_of
from bibtool.store.sql import batched, marks
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bibtool.errors import UnknownNameError
    from bibtool.model.record import Record
    from bibtool.model.works.blocks import Known
    from bibtool.store.engine import Engine

ROWS_AT_ONCE: Final = 500  # in one statement; SQLite takes 999 parameters at least
# new rows in a row: the tables and the records take turns in the processor's memory, which costs the most of many
NEW_AT_ONCE: Final = 3000
KEPT_CHANGES: Final = 1000  # older ones can't be undone, so that the library doesn't grow without end
CHANGE_COLUMNS: Final = "id, what, at, undone, added, changed, removed, who"
STEP_COLUMNS: Final = ("change_id", "record_id", "data")

_RECORD: Final = tuple("id key key_folded title_key title_block first_author year type data line".split())


def change_of(row: Sequence[Any]) -> Change:
    """The entry of a row of `CHANGE_COLUMNS`."""
    number, what, when, undone, added, changed, removed, who = row
    texts, numbers = (what, when, who), (number, added, changed, removed)
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(value, int) for value in numbers):
        raise LibraryDamagedError("the history of the library is damaged", hint=RECOVER)
    return Change(
        number=number, what=what, when=when, who=who, undone=bool(undone), added=added, changed=changed, removed=removed
    )


def write_records(
    engine: Engine, numbered: Iterable[tuple[int, Record, str]], known: Iterable[Known | None] = repeat(None)
) -> None:
    """Write records with their row numbers and JSON to all tables, each table at once. Needs empty places."""
    # all of a record at once: of many, the first would be out of the processor's memory when the last was looked at
    rows = [
        (number, row_of(record, data, by), columns_of(record))
        for (number, record, data), by in zip(numbered, known, strict=False)
    ]
    engine.insert(
        "record",
        _RECORD,
        [
            (
                number, row.key, row.key_folded, row.title_key, row.title_block, row.first_author, row.year, row.type,
                row.data, row.line,
            )
            for number, row, _ in rows
        ],
    )  # fmt: skip
    engine.insert(
        "identifier",
        ("kind", "value", "record_id"),
        [(kind, value, number) for number, row, _ in rows for kind, value in row.identifiers],
    )
    engine.insert_texts([(number, row.key_folded, columns) for number, row, columns in rows])


def erase_records(engine: Engine, numbers: Sequence[int]) -> None:
    """Take records from all tables; their numbers are never given to others."""
    for page in batched(numbers, ROWS_AT_ONCE):
        engine.run(f"DELETE FROM record WHERE id IN ({marks(page)})", page)  # noqa: S608  (marks only)
        engine.run(f"DELETE FROM identifier WHERE record_id IN ({marks(page)})", page)  # noqa: S608  (marks only)
        engine.erase_texts(page)


def _data_of(engine: Engine, numbers: Sequence[int]) -> dict[int, str]:
    """Row number -> JSON of those of the records that there are."""
    data: dict[int, str] = {}
    for page in batched(numbers, ROWS_AT_ONCE):
        data.update(engine.rows(f"SELECT id, data FROM record WHERE id IN ({marks(page)})", page))  # noqa: S608  (marks only)
    return data


def undo_change(engine: Engine) -> Change | None:
    """The last change of this person that is not undone, undone now; None if there is none."""
    number = _own(engine, "max", 0)
    if number is None:
        return None
    _refuse_others(engine, number, "undone", "change.undone = 0 AND change.id > ?")
    return _swap_change(engine, number, "undone")


def redo_change(engine: Engine) -> Change | None:
    """The change of this person that was undone last, redone now; None if there is none."""
    number = _own(engine, "min", 1)
    if number is None:
        return None
    _refuse_others(engine, number, "redone", "change.undone = 1 AND change.id < ?")
    return _swap_change(engine, number, "redone")


def _own(engine: Engine, which: str, undone: int) -> int | None:
    """The number of the first (``min``) or last (``max``) change of this person that is undone, or is not."""
    query, values = f"SELECT {which}(id) FROM change WHERE undone = ?", [undone]  # noqa: S608  (constants)
    ((number,),) = engine.rows(*_of_person(engine, query, values))
    assert number is None or isinstance(number, int)
    return number


def _of_person(engine: Engine, query: str, values: Sequence[object]) -> tuple[str, Sequence[object]]:
    """The query for the changes of this person, or for all if the store is one person's."""
    return (query, values) if engine.person is None else (f"{query} AND who = ?", [*values, engine.person])


# changes with a record in common with the change of a given number
_COMMON = (
    "EXISTS (SELECT 1 FROM step AS own JOIN step AS theirs ON theirs.record_id = own.record_id "
    "WHERE own.change_id = ? AND theirs.change_id = change.id)"
)


def _refuse_others(engine: Engine, number: int, done: str, condition: str) -> None:
    """Raise `LibraryError` if a change that fits the condition has a record in common with the change ``number``."""
    if engine.person is None:
        return
    query = f"SELECT {CHANGE_COLUMNS} FROM change WHERE {condition} AND {_COMMON} ORDER BY id DESC LIMIT 1"  # noqa: S608  (constants)
    for row in engine.rows(query, (number, number)):
        raise _in_the_way(engine, number, done, change_of(row))


def _in_the_way(engine: Engine, number: int, done: str, other: Change) -> LibraryError:
    """The error for a change that can't be undone or redone because of another."""
    ((what,),) = engine.rows("SELECT what FROM change WHERE id = ?", (number,))
    who = other.who or "somebody"
    reason = (
        f"{who} has undone an earlier change of the same records, {other.what!r} ({other.when})"
        if other.undone
        else f"{who} has changed the same records since, with {other.what!r} ({other.when})"
    )
    return LibraryError(
        f"{what!r} can't be {done}: {reason}",
        path=engine.location,
        hint=f"nothing was changed; ask {who} to {'redo' if other.undone else 'undo'} that change, or edit the records",
    )


def _swap_change(engine: Engine, number: int, done: str) -> Change:
    """The change, undone or redone: the records get the other side of it, and it keeps this one."""
    steps = engine.rows("SELECT record_id, data FROM step WHERE change_id = ?", (number,))
    touched = [record_id for record_id, _ in steps]
    present = _data_of(engine, touched)
    here = [(number, record_id, present.get(record_id)) for record_id in touched]
    # all are erased before any is written: keys may have gone from one record to another
    erase_records(engine, touched)
    for page in batched([(record_id, data) for record_id, data in steps if data is not None], ROWS_AT_ONCE):
        numbered = [(record_id, from_json(data, engine.location), data) for record_id, data in page]
        _refuse_taken_keys(engine, number, done, [record for _, record, _ in numbered])
        write_records(engine, numbered)
    engine.run("DELETE FROM step WHERE change_id = ?", (number,))
    engine.insert("step", STEP_COLUMNS, here)
    engine.run("UPDATE change SET undone = 1 - undone WHERE id = ?", (number,))
    return _entry(engine, number)


def _refuse_taken_keys(engine: Engine, number: int, done: str, records: Sequence[Record]) -> None:
    """Raise `LibraryError` if somebody else has given the key of one of these to another record meanwhile."""
    if engine.person is None:
        return
    folded = [fold_key(record.key) for record in records]
    query = (
        f"SELECT {CHANGE_COLUMNS} FROM change WHERE id IN (SELECT change_id FROM step JOIN record "  # noqa: S608  (marks)
        f"ON record.id = step.record_id WHERE record.key_folded IN ({marks(folded)})) "
        "AND undone = 0 ORDER BY id DESC LIMIT 1"
    )
    for row in engine.rows(query, folded):
        raise _in_the_way(engine, number, done, change_of(row))


def _entry(engine: Engine, number: int) -> Change:
    """The entry of the history."""
    (row,) = engine.rows(f"SELECT {CHANGE_COLUMNS} FROM change WHERE id = ?", (number,))  # noqa: S608  (constant)
    return change_of(row)


def _changed_meanwhile(engine: Engine, before: Record, now: Record | None, number: int | None) -> LibraryChangedError:
    """The error for a record that has changed since it was read; ``now`` is None for one that was removed."""
    who = "somebody else"
    if number is not None:
        query = (
            f"SELECT {CHANGE_COLUMNS} FROM change WHERE undone = 0 "  # noqa: S608  (constant)
            "AND id IN (SELECT change_id FROM step WHERE record_id = ?) ORDER BY id DESC LIMIT 1"
        )
        who = next((change_of(row).who for row in engine.rows(query, (number,))), "") or who
    done = "removed or renamed it" if now is None else f"changed {', '.join(differing_fields(before, now))}"
    return LibraryChangedError(
        f"{before.key}: {who} has {done} meanwhile",
        path=engine.location,
        hint="nothing was written; look at the record again, then repeat the command",
    )


class StoredTransaction:
    """A `bibtool.store.base.Transaction` within an open transaction of the engine."""

    def __init__(self, engine: Engine, unknown: Callable[[str], UnknownNameError]) -> None:
        self._engine = engine
        self._unknown = unknown
        self._before: dict[int, str | None] = {}  # state of each touched record when the change began
        self._numbers: dict[str, int] = {}  # of removed records by key, given again if that key comes back
        self._gone: set[int] = set()  # of records that are removed by now
        self._added: dict[str, int] = {}  # row numbers of records that `put_all` added, by folded key
        self._sources: dict[bytes, int] = {}
        self._ended = False
        self.change: Change | None = None

    def _find(self, key: str) -> tuple[int, str] | None:
        self._refuse_after_end()
        rows = self._engine.rows("SELECT id, data FROM record WHERE key_folded = ?", (fold_key(key),))
        return (int(rows[0][0]), str(rows[0][1])) if rows else None

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
        found = self._find(record.key)
        if found is None:
            number = self._numbers.pop(fold_key(record.key), None)
            if number is None:
                number = self._engine.take_numbers("record", 1)
            self._gone.discard(number)
            write_records(self._engine, [(number, record, data)])
            self._before.setdefault(number, None)
            return True
        number, old = found
        if old == data:
            return False
        self._replace(number, old, record, data)
        return True

    def put_all(self, records: Iterable[Record], known: Iterable[Known | None] = repeat(None)) -> None:
        """`put` for many records, new ones together; where two have one key, the later one counts."""
        wanted = [(fold_key(record.key), record, by) for record, by in zip(records, known, strict=False)]
        there = {*self._numbers, *self._known([folded for folded, _, _ in wanted])}
        with self._engine.loading(len(wanted) - len(there)):
            for page in batched(wanted, NEW_AT_ONCE):
                self._put_page(page, there)

    def _put_page(self, page: Sequence[tuple[str, Record, Known | None]], there: set[str]) -> None:
        """Put some records together, each with its folded key; ``there`` has the keys that may be there by now."""
        new: dict[str, tuple[Record, Known | None]] = {}
        rest: list[Record] = []
        for folded, record, known in page:
            if folded in there:
                rest.append(record)
                continue
            check_key(record.key)
            there.add(folded)
            new[folded] = record, known
        if new:
            first = self._engine.take_numbers("record", len(new))
            self._added.update(zip(new, range(first, first + len(new)), strict=True))
            self._before.update(dict.fromkeys(range(first, first + len(new))))
            numbered = ((number, record, to_json(record)) for number, (record, _) in enumerate(new.values(), first))
            write_records(self._engine, numbered, [known for _, known in new.values()])
        for record in rest:
            self.put(record)

    def _known(self, keys: Sequence[str]) -> Iterator[str]:
        """Those of the folded keys that records have; asked for before the first is written: see `Engine.insert`."""
        self._refuse_after_end()
        for page in batched(keys, ROWS_AT_ONCE):
            query = f"SELECT key_folded FROM record WHERE key_folded IN ({marks(page)})"  # noqa: S608  (marks only)
            yield from (row[0] for row in self._engine.rows(query, page))

    def replace(self, before: Record, after: Record) -> None:
        """Put ``after`` in the place of ``before``, unless that has changed since; see `Transaction.replace`."""
        found = self._find(before.key)
        now = None if found is None else from_json(found[1], self._engine.location)
        if found is None or now != before:
            raise _changed_meanwhile(self._engine, before, now, None if found is None else found[0])
        if after.key != before.key:
            self.rename(before.key, after.key)
        self.put(after)

    def _replace(self, number: int, old: str, record: Record, data: str) -> None:
        self._before.setdefault(number, old)
        erase_records(self._engine, [number])
        write_records(self._engine, [(number, record, data)])

    def remove(self, key: str) -> Record:
        """The record that was removed; raises `UnknownNameError`."""
        number, old = self._expect(key)
        self._before.setdefault(number, old)
        self._numbers[fold_key(key)] = number
        self._gone.add(number)
        self._added.pop(fold_key(key), None)
        erase_records(self._engine, [number])
        return from_json(old, self._engine.location)

    def rename(self, old: str, new: str) -> Record:
        """The record under its new key; raises `UnknownNameError`, and `UsageError` if another record has that key."""
        number, data = self._expect(old)
        check_key(new)
        other = self._find(new)
        if other is not None and other[0] != number:
            raise UsageError(f"there is already a record with the key {new!r}")
        record = replace(from_json(data, self._engine.location), key=new)
        renamed = to_json(record)
        self._added.pop(fold_key(old), None)
        if renamed != data:
            self._replace(number, data, record, renamed)
        return record

    def remember(self, fingerprint: bytes, key: str) -> None:
        """Note that the input of this fingerprint is in the record ``key``; undone with the change."""
        number = self._added.get(fold_key(key))
        self._sources[fingerprint] = self._expect(key)[0] if number is None else number

    def end(self) -> None:
        """Refuse everything from now on."""
        self._ended = True

    def finish(self, what: str, when: str) -> None:
        """Write the entry of the history and its steps, or nothing where nothing differs in the end."""
        engine = self._engine
        steps: list[tuple[int, str | None]] = []
        added = removed = 0
        present = _data_of(engine, [number for number, before in self._before.items() if before is not None])
        for number, before in self._before.items():
            if before is None:
                if number in self._gone:  # of what is new, nothing is read again: only that it is still there counts
                    continue
                added += 1
            else:
                after = present.get(number)
                if after == before:
                    continue
                removed += after is None
            steps.append((number, before))
        if not steps:
            engine.discard()
            return
        entry = engine.take_numbers("change", 1)
        storable = what.encode("utf-8", "backslashreplace").decode("utf-8")
        row = (entry, storable, when, 0, added, len(steps) - added - removed, removed, engine.person or "")
        engine.insert("change", CHANGE_COLUMNS.split(", "), [row])
        for some in batched(steps, NEW_AT_ONCE):
            engine.insert("step", STEP_COLUMNS, [(entry, record_id, before) for record_id, before in some])
        columns = ("fingerprint", "change_id", "record_id")
        # in the order of the table, which takes them in faster
        for sources in batched(sorted(self._sources.items()), NEW_AT_ONCE):
            engine.insert("source", columns, [(fingerprint, entry, record_id) for fingerprint, record_id in sources])
        _forget_undone(engine, entry)
        engine.run("DELETE FROM step WHERE change_id <= ?", (entry - KEPT_CHANGES,))
        engine.run("DELETE FROM change WHERE id <= ?", (entry - KEPT_CHANGES,))
        self.change = _entry(engine, entry)


def _forget_undone(engine: Engine, entry: int) -> None:
    """Discard what can no longer be redone after a new change: what this person has undone, or all of its records."""
    query = "SELECT id FROM change WHERE undone = 1"
    values: tuple[object, ...] = ()
    if engine.person is not None:
        query, values = f"{query} AND (who = ? OR {_COMMON})", (engine.person, entry)
    for page in batched([row[0] for row in engine.rows(query, values)], ROWS_AT_ONCE):
        for table, column in (("step", "change_id"), ("source", "change_id"), ("change", "id")):
            engine.run(f"DELETE FROM {table} WHERE {column} IN ({marks(page)})", page)  # noqa: S608  (constants, marks)
