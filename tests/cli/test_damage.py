"""Damaged libraries: no command ends in a traceback or writes, `library check` finds it, `library recover` rescues."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bibtool.store import open_library
from tests.cli.runner import call
from tests.store.damage import PAGE, copies, paged
from tests.store.made import work

if TYPE_CHECKING:
    from pathlib import Path

# 9 files a round, and 33 that SQL makes: BIBTOOL_DAMAGE_ROUNDS=50 tries 483 files
ROUNDS = int(os.environ.get("BIBTOOL_DAMAGE_ROUNDS", "5"))
SEED = int(os.environ.get("BIBTOOL_DAMAGE_SEED", "1"))
RECORDS = 60

READING = (
    ("list",),
    ("list", "--json"),
    ("search", "title"),
    ("show", "k3", "--verbose"),
    ("export",),
    ("export", "--to", "csl-json"),
    ("cite", "k5"),
    ("dedupe",),
    ("doctor",),
    ("library", "check"),
    ("library", "check", "--json"),
    ("library", "restore"),
)
WRITING = (
    ("edit", "k4", "title=Another"),
    ("remove", "k7"),
    ("undo",),
    ("import", "new.bib"),
    ("dedupe", "--apply"),
)


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "new.bib").write_text("@misc{new, title={New}}\n")
    path = tmp_path / "sound.sqlite"
    with open_library(path) as library:
        for start in range(0, RECORDS, 20):
            with library.change(f"fill {start}") as change:
                for number in range(start, start + 20):
                    abstract = "some words of an abstract " * (400 if number % 9 == 0 else 8)
                    change.put(
                        work(
                            f"k{number}",
                            f"Title {number}",
                            f"Ash{number}, A",
                            2000,
                            doi=f"10.5555/{number}",
                            abstract=abstract,
                        )
                    )
    return path


@pytest.mark.slow
def test_no_damage_ends_in_a_traceback_or_is_written_to(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = refused = 0
    for name, path in copies(sound, tmp_path, SEED, ROUNDS):
        data = path.read_bytes()
        for command in READING:
            done = call(monkeypatch, *command, "--library", str(path))
            assert done.code in (0, 1, 2), (name, command, done.err)
            assert path.read_bytes() == data, (name, command)
        checked = call(monkeypatch, "library", "check", "--library", str(path))
        for command in WRITING:
            done = call(monkeypatch, *command, "--library", str(path))
            assert done.code in (0, 1, 2), (name, command, done.err)
            if done.code:
                assert path.read_bytes() == data, (name, command, done.err)
            if path.read_bytes() != data:
                # what is written to reads as a whole: at most an index differs, or bytes behind the end
                assert "library-damaged" not in checked.err, (name, command, checked.err)
                path.write_bytes(data)
        tried += 1
        refused += checked.code
        path.unlink()
    assert tried >= 70 or ROUNDS < 5
    assert refused >= tried * 0.8


@pytest.mark.slow
def test_the_library_of_the_report(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "new.bib").write_text("@misc{new, title={New}}\n")
    path = tmp_path / "damaged.sqlite"
    path.write_bytes((shared / "findings" / "cases" / "attack" / "damaged-rc3.sqlite").read_bytes())
    before = path.read_bytes()
    for command in (*READING, *WRITING):
        done = call(monkeypatch, *command, "--library", str(path))
        assert done.code in (0, 1, 2), (command, done.err)
        assert path.read_bytes() == before
    assert call(monkeypatch, "list", "--library", str(path)).code == 1


ACTING = {
    "trigger": "CREATE TRIGGER t AFTER INSERT ON change BEGIN DELETE FROM record; END",
    "computed": "ALTER TABLE record ADD COLUMN more AS (hex(zeroblob(400000000)))",
    "view": "DROP TABLE source; CREATE VIEW source AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n FROM c) "
    "SELECT n AS fingerprint, n AS change_id, n AS record_id FROM c",
    "virtual": "DROP TABLE step; CREATE VIRTUAL TABLE step USING fts5 (change_id, record_id, data)",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTING)
def test_what_is_stored_in_a_library_does_not_act(name: str, sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(sound)) as connection:
        connection.executescript(ACTING[name])
    data = sound.read_bytes()
    for command in (*READING, *WRITING):
        done = call(monkeypatch, *command, "--library", str(sound))
        assert done.code in (0, 1), (command, done.err)
        assert sound.read_bytes() == data
    assert call(monkeypatch, "list", "--library", str(sound)).code == 1


# ---- recover --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_recover_saves_what_is_left(sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {record.key: record for record in open_library(sound, read_only=True)}
    saved = files = 0
    for name, path in copies(sound, tmp_path, 3, 3):
        target = tmp_path / "new.sqlite"
        done = call(monkeypatch, "library", "recover", str(path), "-o", str(target))
        assert done.code in (0, 1), (name, done.err)
        assert "Traceback" not in done.err
        if target.exists():
            with open_library(target, read_only=True) as library:
                records = {record.key: record for record in library}
            assert call(monkeypatch, "library", "check", "--library", str(target)).code == 0
            if not name.startswith(("_flip-", "_noise", "_text", "UPDATE record SET")):
                assert all(whole[key] == record for key, record in records.items()), name
            saved += len(records)
            target.unlink()
        files += 1
        path.unlink()
    assert saved > files * RECORDS * 0.75


@pytest.mark.parametrize("size", [4096, PAGE])
def test_recover_without_header_and_schema(
    size: int, sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long records are on overflow pages, and the first pages are gone, with what says how large a page is."""
    paged(sound, size)
    data = bytearray(sound.read_bytes())
    data[: 2 * size] = bytes(2 * size)
    (tmp_path / "damaged").write_bytes(data)
    done = call(monkeypatch, "library", "recover", "damaged", "-o", "rescued.sqlite")
    assert done.code == 0
    assert f"saved {RECORDS} records in rescued.sqlite" in done.err
    assert "come from pages that the index no longer leads to" in done.err
    with open_library(sound, read_only=True) as before, open_library(tmp_path / "rescued.sqlite") as after:
        assert list(after) == list(before)
    assert (tmp_path / "damaged").read_bytes() == data


@pytest.mark.slow
def test_recover_keeps_existing_files_and_says_when_nothing_is_left(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sound.read_bytes()
    done = call(monkeypatch, "library", "recover", str(sound), "-o", str(sound))
    assert (done.code, sound.read_bytes()) == (1, before)
    (tmp_path / "noise").write_bytes(b"\x0d" * 50_000)
    done = call(monkeypatch, "library", "recover", "noise", "-o", "rescued.sqlite")
    assert done.code == 1
    assert "no record can be read" in done.err
    assert not (tmp_path / "rescued.sqlite").exists()
