"""Backups: before the first change of a day, on request, restored; and what they cost."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bibtool.errors import LibraryBusyError, LibraryDamagedError, LibraryError
from bibtool.files import _temporary
from bibtool.store import open_library
from bibtool.store.backups import KEPT, back_up_now, backups_of, folder_of, is_known_good, restore
from tests.store.made import work
from tests.support.systems import posix

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-03-01T10:00:00Z"


def put(path: Path, key: str, day: str) -> None:
    with open_library(path, clock=lambda: f"{day}T10:00:00Z") as library, library.change(f"put {key}") as change:
        change.put(work(key, f"Title {key}"))


def keys(path: Path) -> tuple[str, ...]:
    with open_library(path, read_only=True) as library:
        return library.keys()


def names(path: Path) -> list[str]:
    return [backup.path.name for backup in backups_of(path)]


def sound(path: Path) -> None:
    with open_library(path, read_only=True) as library:
        library.keys()


@posix
def test_what_a_run_left_that_was_killed_when_its_backup_had_a_name_goes_with_the_next_change(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    put(path, "a", "2026-01-01")
    put(path, "b", "2026-01-02")
    (backup,) = backups_of(path)
    left = _temporary(backup.path, 0)
    os.link(backup.path, left)  # as between getting the name and losing the temporary one
    put(path, "c", "2026-01-02")
    assert not left.exists()
    assert backup.path.exists()


@pytest.mark.slow
def test_one_backup_before_the_first_change_of_each_day(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    put(path, "a", "2026-01-01")
    put(path, "b", "2026-01-01")
    assert backups_of(path) == ()  # nothing was there before this day
    put(path, "c", "2026-01-02")
    put(path, "d", "2026-01-02")
    assert names(path) == ["auto-2026-01-02.sqlite"]
    assert keys(folder_of(path) / "auto-2026-01-02.sqlite") == ("a", "b")
    with open_library(path, clock=lambda: "2026-01-05T00:00:00Z") as library:
        assert library.keys() == ("a", "b", "c", "d")  # reading makes none
        assert names(path) == ["auto-2026-01-02.sqlite"]
        library.undo()
        library.redo()
    assert keys(folder_of(path) / "auto-2026-01-05.sqlite") == ("a", "b", "c", "d")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["library.db", "library.db.backups"]


@pytest.mark.slow
@posix
def test_the_newest_ones_stay_and_those_asked_for_always(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    put(path, "k", "2026-02-01")
    path.chmod(0o640)
    mine = back_up_now(path, str(path), NOW)
    for day in range(2, 2 + KEPT + 3):
        put(path, f"k{day}", f"2026-02-{day:02}")
    automatic = [backup for backup in backups_of(path) if backup.automatic]
    assert [backup.path.name for backup in automatic] == [
        f"auto-2026-02-{day:02}.sqlite" for day in range(5, 2 + KEPT + 3)
    ]
    assert mine.exists()
    assert {backup.path.stat().st_mode & 0o777 for backup in backups_of(path)} == {0o640}
    assert folder_of(path).stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_no_backup_no_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    path = tmp_path / "library.db"
    put(path, "a", "2026-01-01")
    before = path.read_bytes()

    def fail(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(LibraryError, match="no backup can be made, so nothing was changed"):
            put(path, "b", "2026-01-02")
    assert path.read_bytes() == before
    assert list(folder_of(path).iterdir()) == []
    put(path, "b", "2026-01-02")
    assert names(path) == ["auto-2026-01-02.sqlite"]


@pytest.mark.slow
def test_a_file_that_others_changed_is_looked_at_again(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    put(path, "a", "2026-01-01")
    put(path, "b", "2026-01-02")
    put(path, "c", "2026-01-02")
    assert is_known_good(path, "2026-01-02")
    assert not is_known_good(path, "2026-01-03")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE record SET data = '{}' WHERE id = 1")
    assert not is_known_good(path, "2026-01-02")
    damaged = path.read_bytes()
    with pytest.raises(LibraryDamagedError, match="it was left as it is"):
        put(path, "d", "2026-01-02")
    assert path.read_bytes() == damaged
    (folder_of(path) / "checked.json").write_text("[]")
    assert not is_known_good(path, "2026-01-02")


@pytest.mark.slow
def test_restore_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    put(path, "a", "2026-01-01")
    put(path, "b", "2026-01-02")
    backup = folder_of(path) / "auto-2026-01-02.sqlite"
    path.write_bytes(path.read_bytes()[:5000])
    damaged = path.read_bytes()
    (tmp_path / "library.db-journal").write_bytes(b"the journal of the damaged file")
    saved = restore(backup, path, str(path), NOW, sound)
    assert saved is not None
    assert saved.read_bytes() == damaged
    assert keys(path) == ("a",)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["library.db", "library.db.backups"]
    path.unlink()
    assert restore(backup, path, str(path), NOW, sound) is None
    assert keys(path) == ("a",)


def test_restore_refuses_what_is_not_sound_and_a_library_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "library.db"
    put(path, "a", "2026-01-01")
    before = path.read_bytes()
    (tmp_path / "noise").write_bytes(b"noise" * 1000)
    with pytest.raises(LibraryDamagedError):
        restore(tmp_path / "noise", path, str(path), NOW, sound)
    backup = back_up_now(path, str(path), NOW)
    real = sqlite3.connect

    def hasty(*arguments: object, **named: object) -> sqlite3.Connection:
        return real(*arguments, **{**named, "timeout": 0.05})  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(sqlite3, "connect", hasty)
    with closing(real(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryBusyError):
            restore(backup, path, str(path), NOW, sound)
    assert path.read_bytes() == before
    with pytest.raises(LibraryError, match="exists already"):
        back_up_now(path, str(path), NOW, backup)


def test_a_check_is_about_one_state_while_others_write(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    put(path, "a", "2026-01-01")
    with open_library(path) as library:
        connection = library._connection  # type: ignore[attr-defined]
        seen: list[str] = []

        def write(statement: str) -> None:
            if "record_text WHERE rowid" in statement and not seen:
                with closing(sqlite3.connect(path, timeout=0)) as other:
                    try:
                        other.execute("DELETE FROM record_text")
                        other.commit()
                    except sqlite3.OperationalError as error:
                        seen.append(str(error))

        connection.set_trace_callback(write)
        assert library.examine() == ()  # type: ignore[attr-defined]
        connection.set_trace_callback(None)
    assert seen == ["database is locked"]
