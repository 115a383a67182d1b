"""``bibtool import`` of formatted references: what is taken, what is doubtful, --accept, --review, --json."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bibtool.model.record import Record
from bibtool.store import open_library
from tests.cli.runner import Outcome, call

CLEAR = "[1] M. Aldous, T. Brennan, The slow death of tidal clocks, Journal of Invented Horology 12 (3) (2014) 201–219."
ODD = "[2] J. Smythe, A. Lind, The old buildings of Port Ellery, Journal of Invented Horology, forthcoming."
LIST = f"{CLEAR}\n{ODD}\n"


class Shelf:
    """A folder with a library and the list, and the import command in it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = folder / "library.sqlite"
        self.monkeypatch = monkeypatch
        monkeypatch.chdir(folder)
        monkeypatch.setenv("BIBTOOL_LIBRARY", str(self.path))
        (folder / "list.txt").write_text(LIST, encoding="utf-8")

    def __call__(self, *arguments: str, stdin: bytes = b"") -> Outcome:
        return call(self.monkeypatch, "import", "--from", "references", "list.txt", *arguments, stdin=stdin)

    def records(self) -> list[Record]:
        with open_library(str(self.path)) as library:
            return list(library.records())


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    return Shelf(tmp_path, monkeypatch)


@pytest.mark.slow
def test_a_clear_reference_is_taken_and_a_doubtful_one_is_shown(shelf: Shelf) -> None:
    outcome = shelf()
    assert outcome.code == 1
    assert "line 1: Aldous and Brennan (2014): The slow death of tidal clocks" in outcome.err
    assert "line 2: doubtful, not imported: " in outcome.err
    assert "--accept 2" in outcome.err
    assert "Traceback" not in outcome.err
    assert [record.title for record in shelf.records()] == ["The slow death of tidal clocks"]


@pytest.mark.slow
@pytest.mark.parametrize("lines", ["2", "all", "1-2", "1,2"])
def test_accepted_lines_are_imported_too(shelf: Shelf, lines: str) -> None:
    outcome = shelf("--accept", lines)
    assert outcome.code == 0
    assert len(shelf.records()) == 2


@pytest.mark.slow
def test_lines_that_are_not_doubtful_change_nothing(shelf: Shelf) -> None:
    assert shelf("--accept", "1").code == 1
    assert len(shelf.records()) == 1


@pytest.mark.parametrize("lines", ["", "two", "1-", "-3", "1;2"])
def test_a_list_of_lines_that_is_none_is_a_usage_error(shelf: Shelf, lines: str) -> None:
    outcome = shelf("--accept", lines)
    assert outcome.code == 2
    assert "--accept" in outcome.err
    assert not shelf.path.exists()


@pytest.mark.parametrize(("keys", "count"), [(b"y", 2), (b"a", 2), (b"n", 1), (b"q", 1), (b"", 1), (b"x?y", 2)])
def test_review_asks_one_key_for_each(shelf: Shelf, keys: bytes, count: int) -> None:
    outcome = shelf("--review", stdin=keys)
    assert "1 of 1, line 2" in outcome.err
    assert len(shelf.records()) == count
    assert outcome.code == (0 if count == 2 else 1)


def test_json_has_the_records_and_the_doubtful_with_their_lines(shelf: Shelf) -> None:
    outcome = shelf("--dry-run", "--json")
    data = json.loads(outcome.out)
    assert not shelf.path.exists()
    [record], [doubtful] = data["records"], data["doubtful"]
    assert (record["line"], record["raw"]) == (1, CLEAR)
    assert 0.9 <= record["confidence"] <= 1
    assert {"author", "title", "issued", "container-title", "volume", "issue", "page"} <= record["fields"].keys()
    assert all(0 <= sure <= 1 for sure in record["fields"].values())
    assert record["item"]["title"] == "The slow death of tidal clocks"
    assert (doubtful["line"], doubtful["raw"]) == (2, ODD)
    assert doubtful["reason"]
    assert doubtful["confidence"] < 0.9


@pytest.mark.slow
def test_a_second_import_changes_nothing(shelf: Shelf) -> None:
    shelf("--accept", "all")
    before = shelf.records()
    outcome = shelf("--accept", "all")
    assert "0 added, 0 completed, 2 unchanged" in outcome.err
    assert shelf.records() == before
