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
from bibtool.store.search import columns_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from bibtool.model.record import Record
    from bibtool.store.engine import Engine

MAX_REPORTED: Final = 100  # of SQLite's own findings

# what is never true of a row that bibtool wrote, for each table
_ODD: Final = {
    "record": "typeof(id) <> 'integer' OR typeof(key) <> 'text' OR typeof(key_folded) <> 'text' "
    "OR typeof(title_key) <> 'text' OR typeof(first_author) <> 'text' OR typeof(title_block) <> 'text' "
    "OR typeof(year) NOT IN ('integer', 'null') OR typeof(type) <> 'text' OR typeof(data) <> 'text' "
    "OR typeof(line) <> 'text' "
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


def examine(engine: Engine) -> tuple[Problem, ...]:
    """Everything that is wrong with the library; empty for a sound one. Raises `LibraryError` if it can't be read."""
    problems: list[Problem] = []
    try:
        with engine.reading():  # others may write, but all of this is about one state
            problems += [Problem(code="library-damaged", message=text, hint=engine.repair) for text in engine.examine()]
            problems += _records(engine)
            problems += _references(engine)
    except LibraryDamagedError as error:
        problems.append(Problem(code="library-damaged", message=error.message, hint=engine.repair))
    return tuple(problem.at(engine.location) for problem in problems)


def structure_and_rows(connection: sqlite3.Connection) -> list[str]:
    """What SQLite says of the file, and tables with rows that bibtool never writes."""
    return [*_structure(connection, MAX_REPORTED), *_odd_rows(connection)]


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
    for table in (*_ODD, "record_text"):
        for _ in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608  (constants)
            pass  # text that is not UTF-8 raises an error
    return said


def _records(engine: Engine) -> Iterator[Problem]:
    """The records that can't be read, and those that an index has differently."""
    columns = "key, key_folded, title_key, title_block, first_author, year, type, line, data"
    for (number,) in engine.rows("SELECT id FROM record ORDER BY id"):
        query = f"SELECT {columns} FROM record WHERE id = ?"  # noqa: S608  (constant)
        for stored in engine.rows(query, (number,)):
            try:
                record = from_json(stored[-1], engine.location)
            except LibraryDamagedError as error:
                yield Problem(code="library-damaged", message=error.message, key=_name(stored[0]), hint=engine.repair)
                continue
            row = row_of(record, stored[-1])
            wanted = [getattr(row, name.strip()) for name in columns.split(",")]
            if not stored[-2]:  # without a line, lists look at the data
                wanted[-2] = ""
            if list(stored) != wanted:
                yield _differs(engine, record, "the table of records")
            rows = engine.rows("SELECT kind, value FROM identifier WHERE record_id = ?", (number,))
            if sorted(rows) != sorted(row.identifiers):
                yield _differs(engine, record, "the table of identifiers")
            if not engine.has_texts(number, columns_of(record)):
                yield _differs(engine, record, "the full-text index")


def _references(engine: Engine) -> Iterator[Problem]:
    """Rows of the indexes that belong to no record."""
    for table, column in (("identifier", "record_id"), *engine.texts):
        query = f"SELECT count(*) FROM {table} WHERE {column} NOT IN (SELECT id FROM record)"  # noqa: S608  (constants)
        ((number,),) = engine.rows(query)
        if number:
            message = f"the table {table} has {number} rows of records that don't exist"
            yield Problem(code="library-index", message=message, hint=engine.repair)


def _differs(engine: Engine, record: Record, where: str) -> Problem:
    message = f"{where} and the record {record.key} differ"
    return Problem(code="library-index", message=message, key=record.key, hint=engine.repair)


def _name(key: Any) -> str | None:
    return key if isinstance(key, str) else None
