"""``bibtool library``: check, backup, restore, recover, as people call them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bibtool.store import open_library
from tests.cli.runner import call
from tests.store.made import work

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BIBTOOL_LIBRARY", "library.sqlite")
    with open_library(tmp_path / "library.sqlite") as library, library.change("fill") as change:
        change.put_all(work(f"k{number}", f"Title {number}") for number in range(5))
    return tmp_path / "library.sqlite"


@pytest.mark.slow
def test_check_backup_damage_restore(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "library", "check")
    assert (done.code, done.err) == (0, "library.sqlite: 5 records, no damage found\n")
    assert json.loads(call(monkeypatch, "library", "check", "--json").out)["sound"] is True
    done = call(monkeypatch, "library", "backup")
    assert (done.code, done.err.startswith("wrote ")) == (0, True)
    assert call(monkeypatch, "library", "backup", "mine.sqlite").code == 0
    done = call(monkeypatch, "library", "backup", "mine.sqlite")
    assert (done.code, "exists already" in done.err) == (1, True)
    path.write_bytes(path.read_bytes()[:9000])
    done = call(monkeypatch, "edit", "k1", "title=New")
    assert (done.code, "bibtool library restore" in done.err) == (1, True)
    answer = call(monkeypatch, "library", "check", "--json")
    assert (answer.code, json.loads(answer.out)["sound"]) == (1, False)
    assert call(monkeypatch, "library", "backup").code == 1
    listed = call(monkeypatch, "library", "restore")
    assert listed.code == 0
    done = call(monkeypatch, "library", "restore", listed.out.split()[0])
    assert (done.code, "the library as it was is kept as" in done.err) == (0, True)
    assert len(call(monkeypatch, "list").out.splitlines()) == 5
    done = call(monkeypatch, "library", "restore", "mine.sqlite")  # of the current folder
    assert (done.code, done.err.startswith("restored mine.sqlite\n")) == (0, True)
    assert len(call(monkeypatch, "list").out.splitlines()) == 5
    done = call(monkeypatch, "library", "restore", "library.sqlite")
    assert (done.code, done.err) == (2, "bibtool: library.sqlite is the library itself\n")


def test_without_a_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BIBTOOL_LIBRARY", "library.sqlite")
    for command in ("check", "backup"):
        done = call(monkeypatch, "library", command)
        assert (done.code, "no library at library.sqlite yet" in done.err) == (1, True)
    assert call(monkeypatch, "library", "restore").code == 0
    assert list(tmp_path.iterdir()) == []
