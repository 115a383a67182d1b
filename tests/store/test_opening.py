"""What is no library, can't be made, or can't be written: one clear line, and nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from bibtool.errors import (
    BibtoolError,
    LibraryBusyError,
    LibraryDamagedError,
    LibraryError,
    LibraryTooNewError,
    UsageError,
)
from bibtool.store import open_library
from bibtool.store.migrations import MIGRATIONS
from bibtool.store.schema import APPLICATION_ID
from bibtool.store.sqlite import SqliteLibrary
from tests.store.damage import PAGE, paged
from tests.store.made import work
from tests.support.systems import posix

PROJECT = Path(__file__).parents[2]


def make(path: Path, count: int = 3) -> bytes:
    with open_library(path) as library, library.change("fill") as change:
        for number in range(count):
            change.put(work(f"k{number}", f"Title {number}", "A Author", 2000, abstract="word " * 200))
    return path.read_bytes()


def one_line(error: BibtoolError) -> str:
    text = str(error)
    assert "\n" not in text
    assert len(text) > 20
    return text


def connection_of(library: object) -> sqlite3.Connection:
    assert isinstance(library, SqliteLibrary)
    return library._connection


def test_a_file_of_smaller_pages_is_read_and_written_as_it_is(tmp_path: Path) -> None:
    """As bibtool made them before: SQLite's own size."""
    path = tmp_path / "library.db"
    make(path, 40)
    paged(path, 4096)
    with open_library(path) as library:
        assert len(list(library.records())) == 40
        with library.change("more") as change:
            change.put(work("more", "More", "A Author", 2001))
        assert library.get("more") is not None
        library.undo()
        assert isinstance(library, SqliteLibrary)
        assert library.examine() == ()
    assert path.read_bytes()[16:18] == (4096).to_bytes(2, "big")


def test_the_pages_of_a_new_file_hold_several_records(tmp_path: Path) -> None:
    data = make(tmp_path / "library.db", 40)
    assert int.from_bytes(data[16:18], "big") == PAGE


# addresses


@pytest.mark.slow
def test_urls_and_paths_name_the_same_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "my library.db", 1)
    for url in (
        "my library.db",
        Path("my library.db"),
        "sqlite:///my library.db",
        "sqlite:///my%20library.db",
        f"sqlite:///{tmp_path}/my library.db",
        "SQLite:///my library.db",
    ):
        with open_library(url, create=False) as library:
            assert len(library) == 1


@pytest.mark.slow
def test_odd_file_names(tmp_path: Path) -> None:
    for name in ("a?b.db", "50%.db", "a#b", "é ü.db", "x:y", ":memory:", "file:x", "n" * 200):
        make(tmp_path / name, 1)
        assert (tmp_path / name).is_file()
        with open_library(str(tmp_path / name), create=False) as library:
            assert len(library) == 1


@pytest.mark.parametrize("url", ["mysql://host/db", "http://x/y", "x+y://z"])
def test_unknown_schemes_name_the_known_ones(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_library(url)
    assert caught.value.hint is not None
    assert "sqlite://" in caught.value.hint


@pytest.mark.parametrize("url", ["", "a\0b", "sqlite://", "sqlite:///", "sqlite://host/x", "sqlite:///x?mode=memory"])
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(UsageError):
        open_library(url)


def test_a_missing_library_is_made_only_if_wanted(tmp_path: Path) -> None:
    path = tmp_path / "no" / "library.db"
    with pytest.raises(LibraryError, match=r"no library at .* yet"):
        open_library(path, create=False)
    with pytest.raises(LibraryError, match=r"no library at .* yet"):
        open_library(path, read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_a_link_to_a_library_that_is_yet_to_come(tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "elsewhere" / "library.db")
    make(link, 1)
    assert link.is_symlink()
    assert (tmp_path / "elsewhere" / "library.db").is_file()


@pytest.mark.slow
def test_a_library_that_another_makes_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "library.db"

    def clock() -> str:  # asked between the look for the file and its making
        if not path.exists():
            make(path)
        return "2026-01-02"

    with open_library(path, clock=clock) as library:
        assert len(library) == 3
    assert [p.name for p in tmp_path.iterdir()] == ["library.db"]


# what is no library


def test_files_that_are_no_library_are_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "file.db"
    for content in (
        b"",
        b"x",
        b"@article{a, title={T}}\n" * 500,
        b"\0" * 5000,
        b"SQLite format 3\0",
        b"SQLite format 3\0" + b"\xff" * 4080,
        os.urandom(9000),
    ):
        path.write_bytes(content)
        with pytest.raises(LibraryDamagedError) as caught:
            open_library(path)
        assert one_line(caught.value).startswith(str(path))
        assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["file.db"]


def test_the_database_of_another_program_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE record (id INTEGER)")
        connection.commit()
    content = path.read_bytes()
    with pytest.raises(LibraryDamagedError, match="another program"):
        open_library(path)
    assert path.read_bytes() == content


@pytest.mark.slow
def test_a_library_without_one_of_its_tables_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    make(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE step")
        connection.commit()
    with pytest.raises(LibraryDamagedError, match="step"):
        open_library(path)


def test_a_later_library_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    make(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    content = path.read_bytes()
    with pytest.raises(LibraryTooNewError) as caught:
        open_library(path)
    assert "update" in (caught.value.hint or "")
    assert path.read_bytes() == content


def test_the_file_says_what_it_is(tmp_path: Path) -> None:
    content = make(tmp_path / "library.db")
    assert int.from_bytes(content[68:72], "big") == APPLICATION_ID
    assert int.from_bytes(content[60:64], "big") == len(MIGRATIONS)


@posix
def test_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="folder"):
        open_library(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(LibraryError, match="not a file"):
        open_library(tmp_path / "pipe")


def test_a_folder_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError) as caught:
        open_library(tmp_path / "file" / "library.db")
    one_line(caught.value)
    with pytest.raises(LibraryError):
        open_library(tmp_path / ("n" * 300) / "library.db")


@pytest.mark.slow
def test_broken_pages_are_reported_and_the_file_is_kept(tmp_path: Path) -> None:
    """Every page in turn is overwritten: reading everything either works or ends in one clear error."""
    path = tmp_path / "library.db"
    good = make(path, 40)
    failed = 0
    for page in range(1, len(good) // 4096):
        broken = good[: page * 4096] + b"\xa5" * 4096 + good[(page + 1) * 4096 :]
        path.write_bytes(broken)
        try:
            with open_library(path) as library:
                list(library.records())
                list(library.search("word"))
                library.undo()
        except LibraryError as error:
            one_line(error)
            failed += 1
            assert path.read_bytes() == broken
    assert failed > 3


@pytest.mark.slow
def test_a_truncated_library_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    good = make(path, 40)
    path.write_bytes(good[: len(good) // 2])
    with pytest.raises(LibraryDamagedError), open_library(path) as library:
        list(library.records())
    assert path.read_bytes() == good[: len(good) // 2]


@pytest.mark.slow
def test_a_stored_record_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    make(path)
    for data in ("{}", "no json", "[" * 100_000, '{"key": 1}'):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE record SET data = ? WHERE key = 'k1'", (data,))
            connection.commit()
        with open_library(path) as library:
            assert library.get("k0").title == "Title 0"
            with pytest.raises(LibraryDamagedError) as caught:
                library.get("k1")
            one_line(caught.value)


# what can't be written


def test_read_only_opening_reads_and_never_writes(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    content = make(path)
    with open_library(path, read_only=True) as library:
        assert len(list(library.records())) == 3
        assert len(list(library.search("word"))) == 3
        with pytest.raises(LibraryError, match="read-only"), library.change("x") as change:
            change.put(work("new"))
        with pytest.raises(LibraryError, match="read-only"):
            library.undo()
    assert path.read_bytes() == content


# root may do everything, so its rights are given up; the imports come first, as Python itself may be in root's home
WITHOUT_RIGHTS = """
import os, sys
from pathlib import Path
from bibtool.errors import LibraryError
from bibtool.model.works import blocks
from bibtool.store import backups, checking, history, open_library, sqlite  # before the rights to read them are gone
from tests.store.made import work

if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)

def attempt(action):
    try:
        print(action())
    except LibraryError as error:
        print("LibraryError", error)

def add(library):
    with library.change("x") as change:
        change.put(work("new", "T"))

folder = Path(sys.argv[1])
for name in ("folder", "file"):
    with open_library(folder / name / "library.db") as library:
        print(len(list(library.records())), len(list(library.search("word"))))
        attempt(lambda: add(library))
        print(len(library))
attempt(lambda: open_library(folder / "folder" / "other.db"))
attempt(lambda: open_library(folder / "folder" / "deeper" / "other.db"))
attempt(lambda: open_library(folder / "closed" / "library.db"))
"""


@pytest.mark.slow
@posix
def test_without_rights_reading_works_and_writing_says_why() -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        folder.chmod(0o755)
        for name in ("folder", "file", "closed"):
            make(folder / name / "library.db")
        (folder / "folder" / "library.db").chmod(0o666)
        (folder / "file" / "library.db").chmod(0o444)
        (folder / "folder").chmod(0o555)
        (folder / "closed").chmod(0o000)
        result = subprocess.run(
            [sys.executable, "-c", WITHOUT_RIGHTS, str(folder)], capture_output=True, text=True, check=True, cwd=PROJECT
        )
        lines = result.stdout.splitlines()
        (folder / "closed").chmod(0o755)
        assert lines[0] == "3 3"
        assert lines[1].startswith("LibraryError")
        assert lines[2:4] == ["3", "3 3"]
        assert lines[4].startswith("LibraryError")
        assert "read-only" in lines[4]
        assert lines[5] == "3"
        assert len(lines) == 9
        assert all(line.startswith("LibraryError") for line in lines[6:])
        assert [p.name for p in (folder / "folder").iterdir()] == ["library.db"]
    finally:
        (folder / "folder").chmod(0o755)
        shutil.rmtree(folder)


@pytest.mark.slow
def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    """SQLite's own limit of pages ends in the same error as a full disk."""
    path = tmp_path / "library.db"
    make(path)
    with open_library(path) as library:
        (pages,) = connection_of(library).execute("PRAGMA page_count").fetchone()
        connection_of(library).execute(f"PRAGMA max_page_count = {pages + 3}")

        def put_too_much() -> None:
            with library.change("too much") as change:
                for number in range(500):
                    change.put(work(f"new{number}", "T", abstract="long " * 500))

        with pytest.raises(LibraryError, match="full") as caught:
            put_too_much()
        assert caught.value.hint == "make room and try again"
        one_line(caught.value)
        assert library.keys() == ("k0", "k1", "k2")
        with library.change("small") as change:
            change.put(work("k1", "Small"))
        assert library.get("k1").title == "Small"


FULL = """
import resource, sys
from pathlib import Path
from bibtool.errors import LibraryError
from bibtool.store import open_library
from tests.store.made import work

path, limit = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    with open_library(path) as library, library.change("too much") as change:
        for number in range(300):
            change.put(work(f"new{number}", "T", abstract="long " * 500))
except LibraryError as error:
    print("LibraryError", error)
"""


def run_with_limit(path: Path, limit: int) -> str:
    result = subprocess.run(
        [sys.executable, "-c", FULL, str(path), str(limit)], capture_output=True, text=True, check=True, cwd=PROJECT
    )
    return result.stdout


@pytest.mark.slow
def test_a_file_that_can_not_grow_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    content = make(path)
    said = run_with_limit(path, len(content) + 20_000)
    assert said.startswith("LibraryError")
    assert said.count("\n") == 1
    with open_library(path) as library:
        assert library.keys() == ("k0", "k1", "k2")
        assert len(library.history()) == 1


@pytest.mark.slow
def test_no_room_for_a_new_library_leaves_nothing_behind(tmp_path: Path) -> None:
    said = run_with_limit(tmp_path / "library.db", 10_000)
    assert said.startswith("LibraryError")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_library_held_by_another_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    make(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with open_library(path, busy_timeout_s=0.05) as library:
            assert len(library) == 3  # reading goes on
            with pytest.raises(LibraryBusyError) as caught, library.change("x") as change:
                change.put(work("new"))
            one_line(caught.value)
            other.execute("COMMIT")
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(LibraryBusyError):
                library.keys()
            with pytest.raises(LibraryBusyError):
                open_library(path, busy_timeout_s=0.05)
            other.execute("ROLLBACK")
            assert library.keys() == ("k0", "k1", "k2")


def test_a_reader_that_stays_makes_the_commit_fail_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    make(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM record").fetchone()
        with open_library(path, busy_timeout_s=0.05) as library:
            with pytest.raises(LibraryBusyError), library.change("x") as change:
                change.put(work("new"))
            other.execute("COMMIT")
            assert library.keys() == ("k0", "k1", "k2")


READING = """
import json, sys
from bibtool.store import open_library
with open_library(sys.argv[1], create=False) as library:
    assert [record.key for record in library.search("one")] == [record.key for record in library.records()] == ["a"]
parts = "history", "backups", "checking", "importing", "alike"
print(json.dumps([name for name in parts if f"bibtool.store.{name}" in sys.modules]))
"""


@pytest.mark.slow
def test_reading_loads_nothing_of_writing(tmp_path: Path) -> None:
    with open_library(path := tmp_path / "library.db") as library, library.change("fill") as change:
        change.put(work("a", "One"))
    command = [sys.executable, "-c", READING, str(path)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []
