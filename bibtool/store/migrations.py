"""Steps that bring a library's file from any earlier version to this one. A new file is made by the same steps.

The version of a file is the number of steps that were done to it (``PRAGMA user_version``). Each step shares one
transaction with that number, so a crash leaves it either done and counted, or neither.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from bibtool.errors import LibraryDamagedError
from bibtool.store.lines import line_of
from bibtool.store.rows import first_author, from_json, stored_title_block
from bibtool.store.schema import APPLICATION_ID, BLOCKS, LINE, MIGRATION_TABLE, VERSION_1, WHO
from bibtool.structs import dataclass

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Migration:
    """One named step; ``apply`` works inside a transaction that it must not end."""

    name: str
    apply: Callable[[sqlite3.Connection], None]


def _create_tables(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for statement in VERSION_1:
        connection.execute(statement)


def _add_blocks(connection: sqlite3.Connection) -> None:
    for statement in BLOCKS:
        connection.execute(statement)
    for number, data in connection.execute("SELECT id, data FROM record").fetchall():
        with suppress(LibraryDamagedError):  # reported when somebody asks for that record
            record = from_json(data, "")
            values = (stored_title_block(record), first_author(record), number)
            connection.execute("UPDATE record SET title_block = ?, first_author = ? WHERE id = ?", values)


def _add_who(connection: sqlite3.Connection) -> None:
    connection.execute(WHO)


def _add_lines(connection: sqlite3.Connection) -> None:
    from bibtool.store.search import COLUMNS, columns_of

    connection.execute(LINE)
    texts = f"UPDATE record_text SET {', '.join(f'{name} = ?' for name in COLUMNS)} WHERE rowid = ?"  # noqa: S608  (constants)
    for (number,) in connection.execute("SELECT id FROM record").fetchall():  # not the data of all at once
        (data,) = connection.execute("SELECT data FROM record WHERE id = ?", (number,)).fetchone()
        with suppress(LibraryDamagedError):  # such a record is listed from its data, or said to be damaged
            record = from_json(data, "")
            connection.execute("UPDATE record SET line = ? WHERE id = ?", (line_of(record), number))
            # words were indexed in the order in which the values of the record had come
            connection.execute(texts, (*columns_of(record), number))


MIGRATIONS: tuple[Migration, ...] = (
    Migration("create the tables", _create_tables),
    Migration("look for works in blocks", _add_blocks),
    Migration("know who made a change", _add_who),
    Migration("keep what lists show", _add_lines),
)


def version_of(connection: sqlite3.Connection) -> int:
    """The number of steps that were done to the file."""
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration], when: str) -> tuple[str, ...]:
    """Names of the steps done now, in order; none where the file is up to date. Safe against other processes."""
    done: list[str] = []
    while True:
        connection.execute("BEGIN IMMEDIATE")
        try:
            number = version_of(connection)  # inside the lock: another process may have been faster
            if number >= len(migrations):
                connection.execute("ROLLBACK")
                return tuple(done)
            step = migrations[number]
            step.apply(connection)
            connection.execute(MIGRATION_TABLE)
            connection.execute("INSERT INTO migration VALUES (?, ?, ?)", (number + 1, step.name, when))
            connection.execute(f"PRAGMA user_version = {number + 1}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        done.append(step.name)


def back_up(path: Path, version: int) -> Path:
    """The copy of the library next to it, ``NAME.v1.bak`` (``NAME.v1.2.bak`` ... where that exists).

    Made with SQLite's own backup, so that it is whole also while others read and write; raises `LibraryError` or
    `OSError`, and leaves no half of a copy then.
    """
    from bibtool.files import new_file
    from bibtool.store.backups import copy

    number = 1
    while True:
        final = path.with_name(f"{path.name}.v{version}.bak" if number == 1 else f"{path.name}.v{version}.{number}.bak")
        number += 1
        if not final.exists():
            with suppress(FileExistsError):
                with new_file(final, mode=path.stat().st_mode & 0o777) as temporary:
                    copy(path, temporary, str(path))
                return final
