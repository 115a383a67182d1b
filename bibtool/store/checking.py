"""Whether a library is sound: a quick look before each change, and a thorough one on request.

The quick look takes SQLite's own check of the file, and one reading of the rows for values that bibtool never writes:
other types, text that is not valid, records that are not JSON. The thorough one also reads every record and compares it
with what the indexes hold of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bibtool.errors import LibraryDamagedError
from bibtool.problems import Problem
from bibtool.store.faults import RECOVER, faults
from bibtool.store.rows import from_json, row_of
from bibtool.store.search import COLUMNS, columns_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from bibtool.model.record import Record

MAX_REPORTED: Final = 100  # of SQLite's own findings

# what is never true of a row that bibtool wrote, for each table
_ODD: Final = {
    "record": "typeof(id) <> 'integer' OR typeof(key) <> 'text' OR typeof(key_folded) <> 'text' "
    "OR typeof(title_key) <> 'text' OR typeof(first_author) <> 'text' OR typeof(title_block) <> 'text' "
    "OR typeof(year) NOT IN ('integer', 'null') OR typeof(type) <> 'text' OR typeof(data) <> 'text' "
    "OR NOT json_valid(data) "
    "OR json_extract(data, '$.key') IS NOT key OR json_type(data, '$.variables') IS NOT 'object'",
    "identifier": "typeof(kind) <> 'text' OR typeof(value) <> 'text' OR typeof(record_id) <> 'integer'",
    "change": "typeof(what) <> 'text' OR typeof(at) <> 'text' OR undone NOT IN (0, 1) OR typeof(added) <> 'integer' "
    "OR typeof(changed) <> 'integer' OR typeof(removed) <> 'integer' OR typeof(who) <> 'text'",
    "step": "typeof(change_id) <> 'integer' OR typeof(record_id) <> 'integer' OR (data IS NOT NULL AND "
    "(typeof(data) <> 'text' OR NOT json_valid(data)))",
    "source": "typeof(fingerprint) <> 'blob' OR typeof(change_id) <> 'integer' OR typeof(record_id) <> 'integer'",
}


def refuse_damaged(connection: sqlite3.Connection, path: str) -> None:
    """Raise `LibraryDamagedError` if the quick look finds something; reads the whole file, about 15 ms a megabyte."""
    with faults(path):
        if (said := _structure(connection, 1)) or (said := _odd_rows(connection)):
            raise LibraryDamagedError(
                f"the library is damaged ({said[0]}); it was left as it is", path=path, hint=RECOVER
            )


def examine(connection: sqlite3.Connection, path: str) -> tuple[Problem, ...]:
    """Everything that is wrong with the library; empty for a sound one. Raises `LibraryError` if it can't be locked."""
    problems: list[Problem] = []
    try:
        with faults(path):
            connection.execute("BEGIN")  # others may write, but all of this is about one state
            said = [*_structure(connection, MAX_REPORTED), *_odd_rows(connection)]
            problems += [Problem(code="library-damaged", message=text, hint=RECOVER) for text in said]
            problems += _records(connection, path)
            problems += _references(connection)
    except LibraryDamagedError as error:
        problems.append(Problem(code="library-damaged", message=error.message, hint=RECOVER))
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return tuple(problem.at(path) for problem in problems)


def _structure(connection: sqlite3.Connection, limit: int) -> list[str]:
    """What SQLite says of the file."""
    rows = connection.execute(f"PRAGMA integrity_check({limit})").fetchall()
    said = [" ".join(str(text).split()) for (text,) in rows]
    return [] if said == ["ok"] else said


def _odd_rows(connection: sqlite3.Connection) -> list[str]:
    said = []
    for table, condition in _ODD.items():
        (number,) = connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()  # noqa: S608  (constants)
        if number:
            said.append(f"the table {table} has {number} rows that can't be understood")
        for _ in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608  (constants)
            pass  # text that is not UTF-8 raises an error
    return said


def _records(connection: sqlite3.Connection, path: str) -> Iterator[Problem]:
    """The records that can't be read, and those that an index has differently."""
    columns = "key, key_folded, title_key, title_block, first_author, year, type, data"
    for number, *stored in connection.execute(f"SELECT id, {columns} FROM record ORDER BY id").fetchall():  # noqa: S608  (constant)
        try:
            record = from_json(stored[-1], path)
        except LibraryDamagedError as error:
            yield Problem(code="library-damaged", message=error.message, key=_name(stored[0]), hint=RECOVER)
            continue
        row = row_of(record, stored[-1])
        expected = [getattr(row, name.strip()) for name in columns.split(",")]
        if stored != expected:
            yield _differs(record, "the table of records")
        rows = connection.execute("SELECT kind, value FROM identifier WHERE record_id = ?", (number,)).fetchall()
        if sorted(rows) != sorted(row.identifiers):
            yield _differs(record, "the table of identifiers")
        query = f"SELECT {', '.join(COLUMNS)} FROM record_text WHERE rowid = ?"  # noqa: S608  (constants)
        if connection.execute(query, (number,)).fetchone() != columns_of(record):
            yield _differs(record, "the full-text index")


def _references(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Rows of the indexes that belong to no record."""
    for table, column in (("identifier", "record_id"), ("record_text", "rowid")):
        query = f"SELECT count(*) FROM {table} WHERE {column} NOT IN (SELECT id FROM record)"  # noqa: S608  (constants)
        (number,) = connection.execute(query).fetchone()
        if number:
            message = f"the table {table} has {number} rows of records that don't exist"
            yield Problem(code="library-index", message=message, hint=RECOVER)


def _differs(record: Record, where: str) -> Problem:
    message = f"{where} and the record {record.key} differ"
    return Problem(code="library-index", message=message, key=record.key, hint=RECOVER)


def _name(key: Any) -> str | None:
    return key if isinstance(key, str) else None
