"""Files of earlier versions: brought up to date step by step, behind a backup."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bibtool.errors import LibraryError, LibraryTooNewError
from bibtool.store.migrations import MIGRATIONS, Migration
from bibtool.store.schema import VERSION
from bibtool.store.sqlite import SqliteLibrary, open_sqlite
from tests.store.made import TIME, clock, work


def _add_table(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE shelf (name TEXT)")
    connection.execute("ALTER TABLE record ADD COLUMN shelf TEXT")
    connection.execute("INSERT INTO shelf SELECT key FROM record")


def _fail(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE half (name TEXT)")
    connection.execute("SELECT * FROM nowhere")


LATER = (*MIGRATIONS, Migration("add a table", _add_table))
FAILING = (*LATER, Migration("fail", _fail))


def open_with(path: Path, migrations: tuple[Migration, ...], *, read_only: bool = False) -> SqliteLibrary:
    return open_sqlite(path, create=True, read_only=read_only, busy_timeout_s=1, clock=clock, migrations=migrations)


def schema(path: Path) -> list[object]:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").fetchall()
        found += connection.execute("SELECT * FROM migration").fetchall()
        found += connection.execute("PRAGMA user_version").fetchall()
        return [*found, *connection.execute("PRAGMA application_id").fetchall()]


def make_old(path: Path) -> None:
    with open_with(path, MIGRATIONS) as library, library.change("fill") as change:
        change.put(work("a", "One"))


@pytest.mark.slow
def test_a_migrated_library_has_a_fresh_one_s_schema(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    make_old(old)
    before = schema(old)
    with open_with(old, LATER) as library:
        assert library.get("a") == work("a", "One")
        assert [c.what for c in library.history()] == ["fill"]
        assert library.undo() is not None
    with open_with(new, LATER):
        pass
    assert schema(old) == schema(new) != before
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("SELECT * FROM shelf").fetchall() == [("a",)]
        rows = connection.execute("SELECT number, name, at FROM migration").fetchall()
    assert rows == [(number, step.name, TIME) for number, step in enumerate(LATER, start=1)]


def test_the_old_file_is_kept_as_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    name = f"library.db.v{len(MIGRATIONS)}"
    make_old(path)
    (tmp_path / f"{name}.bak").write_text("an earlier one")
    before = schema(path)
    with open_with(path, LATER):
        pass
    with open_with(path, LATER):  # nothing left to do, no second backup
        pass
    assert sorted(p.name for p in tmp_path.iterdir()) == ["library.db", f"{name}.2.bak", f"{name}.bak"]
    assert (tmp_path / f"{name}.bak").read_text() == "an earlier one"
    assert schema(tmp_path / f"{name}.2.bak") == before
    with open_with(tmp_path / f"{name}.2.bak", MIGRATIONS) as library:
        assert library.get("a") == work("a", "One")


def test_a_step_that_fails_leaves_the_steps_before_it(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    make_old(path)
    with pytest.raises(LibraryError, match="nowhere"):
        open_with(path, FAILING)
    names = {row[1] for row in schema(path) if isinstance(row, tuple) and len(row) > 2}
    assert "shelf" in names  # the first of the two steps was done and counted
    assert "half" not in names
    with open_with(path, LATER) as library:
        assert library.keys() == ("a",)


def test_a_new_library_whose_making_fails_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LibraryError):
        open_with(tmp_path / "library.db", FAILING)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_reading_only_does_not_migrate(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    make_old(path)
    content = path.read_bytes()
    with pytest.raises(LibraryError, match="old version"):
        open_with(path, LATER, read_only=True)
    assert path.read_bytes() == content


def test_a_migrated_library_is_too_new_for_the_earlier_program(tmp_path: Path) -> None:
    with open_with(tmp_path / "library.db", LATER):
        pass
    with pytest.raises(LibraryTooNewError):
        open_with(tmp_path / "library.db", MIGRATIONS)


def test_two_openers_migrate_once(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    make_old(path)
    with open_with(path, LATER) as one, open_with(path, LATER) as other:
        assert one.keys() == other.keys() == ("a",)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM migration").fetchall() == [(len(LATER),)]


def test_no_backup_no_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.db"
    make_old(path)
    content = path.read_bytes()

    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(LibraryError, match="No space"):
        open_with(path, LATER)
    assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["library.db"]


def test_records_of_an_earlier_file_get_the_lines_of_lists(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    make_old(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        wanted = connection.execute("SELECT id, line FROM record").fetchall()
        connection.execute("ALTER TABLE record DROP COLUMN line")
        connection.execute("UPDATE record_text SET title = 'in another order'")
        connection.execute("DELETE FROM migration WHERE number > 3")
        connection.execute("PRAGMA user_version = 3")
    with open_with(path, MIGRATIONS) as library:
        assert [line[0] for line in library.listed()] == ["a"]
        assert library.examine() == ()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT id, line FROM record").fetchall() == wanted == [(1, "\t\tOne\t")]


def test_a_line_that_is_not_the_record_s_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    make_old(path)
    for line, number in (("\t\tTwo\t", 1), ("", 0)):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE record SET line = ?", (line,))
        with open_with(path, MIGRATIONS) as library:
            assert [problem.key for problem in library.examine()] == ["a"] * number
    with open_with(path, MIGRATIONS) as library:
        assert next(library.listed())[3] == "One"  # without a line, from the data


def test_a_file_is_up_to_date_after_all_steps() -> None:
    assert len(MIGRATIONS) == VERSION
