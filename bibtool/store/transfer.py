"""A whole library, with its history, from one store to another, or as lines of JSON in a file.

A dump is text: a line that says what it is, a line for each row of the tables that nothing else can be made from, and a
last line with counts and a hash. The rows come in a fixed order, so that two libraries with the same content, whatever
keeps them, have the same hash. Indexes are made from the records again.
"""

from __future__ import annotations

import json
from contextlib import closing
from hashlib import blake2b
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, Final

from bibtool.errors import LibraryDamagedError, LibraryError
from bibtool.store.history import CHANGE_COLUMNS, write_records
from bibtool.store.rows import from_json
from bibtool.store.sql import NO_LIMIT
from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from bibtool.store.engine import Engine
    from bibtool.store.library import StoredLibrary

HEAD: Final = {"bibtool": "library dump", "version": 1}
_COUNTED: Final = ("record", "change")  # whose numbers are never given twice

# table -> its columns, and the order of its rows
_TABLES: Final = {
    "record": ("id, data", "id"),
    "change": (CHANGE_COLUMNS, "id"),
    "step": ("change_id, record_id, data", "change_id, record_id"),
    "source": ("fingerprint, change_id, record_id", "fingerprint, change_id"),
}
_AT_ONCE = 500

Row = tuple[str, list[Any]]


@dataclass(slots=True)
class Summary:
    """How many rows of each table there are, and a hash over all of them; equal for equal libraries."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_TABLES, 0))
    _hash: Any = field(default_factory=lambda: blake2b(digest_size=16))

    def add(self, row: Row) -> str:
        """Count a row; its line in a dump."""
        line = json.dumps(row, ensure_ascii=True, separators=(",", ":"))
        self._hash.update(line.encode("ascii") + b"\n")
        if row[0] in self.counts:
            self.counts[row[0]] += 1
        return line

    @property
    def hash(self) -> str:
        """The hash as hexadecimal digits."""
        return str(self._hash.hexdigest())

    def as_dict(self) -> dict[str, object]:
        """The last line of a dump."""
        return {"counts": self.counts, "hash": self.hash}


def summary_of(library: StoredLibrary) -> Summary:
    """The counts and the hash of a library, of one state of it."""
    summary = Summary()
    with library.engine.reading():
        for row in _rows(library.engine):
            summary.add(row)
    return summary


def _rows(engine: Engine) -> Generator[Row, None, None]:
    """All rows in their order, inside of `Engine.reading` or `Engine.writing`."""
    for table, (columns, order) in _TABLES.items():
        for row in engine.stream(f"SELECT {columns} FROM {table} ORDER BY {order}"):  # noqa: S608  (constants)
            yield table, [_plain(value) for value in row]
    for table in _COUNTED:
        yield "counter", [table, engine.take_numbers(table, 0) - 1]


def _plain(value: object) -> object:
    """A value as JSON has it, and as every store has it: see `bibtool.store.postgres.engine` on NUL."""
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    return value.replace("\0", "\x01") if isinstance(value, str) else value


def dump_lines(library: StoredLibrary, summary: Summary) -> Iterator[str]:
    """The lines of a dump, without their ends; ``summary`` is filled."""
    yield json.dumps(HEAD)
    with library.engine.reading():
        for row in _rows(library.engine):
            yield summary.add(row)
    yield json.dumps(summary.as_dict())


def read_dump(lines: Iterable[str], path: str) -> Iterator[Row]:
    """The rows of a dump; raises `LibraryDamagedError` for one that is cut off, or differs from what was written."""
    summary = Summary()
    numbered = enumerate(lines, 1)
    end: object = None
    try:
        for number, line in numbered:
            if end is not None:
                raise LibraryDamagedError("the dump goes on after its end", path=path, line=number)
            value = json.loads(line)
            if number == 1:
                if value != HEAD:
                    raise LibraryDamagedError("this is not a dump that this bibtool can read", path=path)
            elif isinstance(value, dict):
                end = value
            else:
                table, row = value
                summary.add((table, row))
                yield table, row
    except (ValueError, TypeError) as error:
        raise LibraryDamagedError(f"the dump is damaged: {error}", path=path, line=number) from error
    if end != summary.as_dict():
        reason = "is cut off" if end is None else "differs from what was written"
        raise LibraryDamagedError(f"the dump {reason}", path=path, hint="nothing was written; use another dump")


def copy_library(source: StoredLibrary, target: StoredLibrary) -> Summary:
    """What was copied, all of it or nothing; the target has to be empty. Raises `LibraryError`."""
    with source.engine.reading(), closing(_rows(source.engine)) as rows:
        return fill(target, rows)


def fill(target: StoredLibrary, rows: Iterable[Row]) -> Summary:
    """Put the rows of a library into an empty one as they are; what is there then is read again and compared.

    Raises `LibraryError`; then nothing was written.
    """
    engine = target.engine
    given = Summary()
    with engine.writing():
        if len(target) or target.history(1):
            raise LibraryError(
                "this library is not empty", path=target.location, hint="nothing was written; name a new file or schema"
            )
        with engine.loading(NO_LIMIT):
            for table, of_table in groupby(rows, key=lambda row: row[0]):
                while page := list(islice(of_table, _AT_ONCE)):
                    for row in page:
                        given.add(row)
                    _insert(engine, table, [values for _, values in page])
        kept = Summary()
        for row in _rows(engine):
            kept.add(row)
        if kept.as_dict() != given.as_dict():
            raise LibraryError(
                f"the copy differs from the library: {_counted(given)} became {_counted(kept)}",
                path=target.location,
                hint="nothing was written; `bibtool library check` looks for damage in the library",
            )
    return given


def _insert(engine: Engine, table: str, rows: list[list[Any]]) -> None:
    if table == "record":
        write_records(engine, [(number, from_json(data, engine.location), data) for number, data in rows])
    elif table == "counter":
        for name, last in rows:
            engine.set_number(name, last)
    elif table in _TABLES:
        if table == "source":
            rows = [[bytes.fromhex(fingerprint), *rest] for fingerprint, *rest in rows]
        engine.insert(table, _TABLES[table][0].split(", "), rows)
    else:
        raise LibraryDamagedError(f"the dump has a table {table!r} that this bibtool does not know")


def _counted(summary: Summary) -> str:
    return ", ".join(f"{number:,} x {table}" for table, number in summary.counts.items())
