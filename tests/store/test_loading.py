"""Many new records at once in SQLite: indexes that are only there to find rows are made when all are there."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from bibtool.errors import UsageError
from bibtool.model.record import Record
from bibtool.store import open_library, sqlite
from bibtool.store.importing import import_records
from bibtool.store.schema import LOOKUPS
from bibtool.store.transfer import copy_library
from tests.store.made import work


def some(count: int, start: int = 0) -> list[Record]:
    return [work(f"k{n}", f"Title {n}", "Ann Bell", 2000 + n % 7) for n in range(start, start + count)]


def schema(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return set(connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements about indexes, with 10 records counting as many."""
    monkeypatch.setattr(sqlite, "_MANY", 10)
    run = sqlite.SqliteEngine.run
    seen: list[str] = []

    def noted(engine: sqlite.SqliteEngine, statement: str, values: Sequence[object] = ()) -> None:
        if "INDEX" in statement:
            seen.append(statement)
        run(engine, statement, values)

    monkeypatch.setattr(sqlite.SqliteEngine, "run", noted)
    return seen


def open_at(path: Path) -> sqlite.SqliteLibrary:
    library = open_library(str(path))
    assert isinstance(library, sqlite.SqliteLibrary)
    return library


def put_and_fail(library: sqlite.SqliteLibrary) -> None:
    with library.change("none") as change:
        change.put_all(some(60, start=100))
        raise ZeroDivisionError


def test_a_large_import_leaves_the_schema_as_it_was(tmp_path: Path, statements: list[str]) -> None:
    path = tmp_path / "l.sqlite"
    with open_at(path) as library:
        before = schema(path)
        import_records(library, some(30))
        assert schema(path) == before
        assert statements == [f"DROP INDEX {name}" for name in LOOKUPS] + list(LOOKUPS.values())
        assert len(library) == 30
        assert library.examine() == ()
        assert library.engine.rows("SELECT v FROM record_text_config WHERE k = 'automerge'") == [(4,)]  # FTS5's default
        assert sum(1 for _ in library.search("title")) == 30
        assert import_records(library, some(30)).added == ()


def test_few_records_or_a_larger_library_are_taken_in_as_always(tmp_path: Path, statements: list[str]) -> None:
    with open_at(tmp_path / "l.sqlite") as library:
        import_records(library, some(9))
        import_records(library, some(5, start=9))
        assert statements == []
        import_records(library, some(12, start=20))  # 14 are there
        assert statements == []
        import_records(library, some(40, start=50))
        assert statements != []


def test_records_that_replace_others_meanwhile(tmp_path: Path, statements: list[str]) -> None:
    path = tmp_path / "l.sqlite"
    with open_at(path) as library:
        import_records(library, some(5))
        with library.change("mixed") as change:
            change.put_all([work("k1", "Another title"), *some(40, start=5), work("k2", "Third")])
        assert statements != []
        assert (library["k1"].title, library["k2"].title) == ("Another title", "Third")
        assert library.examine() == ()


def test_indexes_are_there_after_an_error_that_the_caller_takes(tmp_path: Path, statements: list[str]) -> None:
    path = tmp_path / "l.sqlite"
    with open_at(path) as library:
        before = schema(path)
        with library.change("half") as change:
            with pytest.raises(UsageError):
                change.put_all([*some(20), work("", "Without a key")])
            change.put(work("kept", "Kept"))
        assert statements != []
        assert schema(path) == before
        assert "kept" in library
        with pytest.raises(ZeroDivisionError):
            put_and_fail(library)
        assert schema(path) == before
        assert "k100" not in library


def test_an_index_of_somebody_else_stays(tmp_path: Path, statements: list[str]) -> None:
    path = tmp_path / "l.sqlite"
    with open_at(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP INDEX record_year")
        connection.execute("CREATE INDEX record_year ON record (year, type)")
        connection.execute("CREATE INDEX mine ON record (type, year)")
    before = schema(path)
    with open_at(path) as library:
        import_records(library, some(30))
    assert "DROP INDEX record_type" in statements
    assert "DROP INDEX record_year" not in statements
    assert "DROP INDEX mine" not in statements
    assert schema(path) == before


def test_a_copy_has_the_same_schema(tmp_path: Path, statements: list[str]) -> None:
    with open_at(tmp_path / "l.sqlite") as library, open_at(tmp_path / "m.sqlite") as copied:
        import_records(library, some(30))
        del statements[:]
        copy_library(library, copied)
        assert len(copied) == 30
    assert statements != []
    assert schema(tmp_path / "m.sqlite") == schema(tmp_path / "l.sqlite")
