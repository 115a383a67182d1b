"""The index: what is found, updated and removed, and that rows hold what references are compared by."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bibtool.errors import IndexFileError
from bibtool.formats.dumps.base import DumpRecord
from bibtool.model.identifiers import ArxivId
from bibtool.model.record import Arxiv, Record
from bibtool.store.index import open_index
from bibtool.store.index.keys import searched_text, searched_words
from bibtool.store.index.rows import decode_row, encode_row, found_by
from bibtool.store.index.wordsearch import walked
from tests.store.conftest import STORES

if TYPE_CHECKING:
    from tests.support.postgres import Server

TREES = Record(
    "ash20", "article-journal", title="The slow growth of trees in gardens", issued="2020-03",
    author="Ada van Ash and Bo Lind and others", container_title="Journal of Trees", volume=7, DOI="10.1000/Trees",
    arxiv=Arxiv(id=ArxivId("2001.00001"), latest=3, updated="2021-01-01"),
)  # fmt: skip


@pytest.mark.parametrize("left", ["nothing", "head"])
def test_what_is_left_of_an_index_that_could_not_be_made_is_made_one(tmp_path: Path, left: str) -> None:
    """The disk may be full before the tables are there."""
    path = tmp_path / "x.index"
    path.touch()
    if left == "head":
        with contextlib.closing(sqlite3.connect(path)) as db:
            db.execute("pragma journal_mode = wal")
        assert path.stat().st_size > 0
    with pytest.raises(IndexFileError, match="is not an index"):
        open_index(path)
    open_index(path, create=True).close()
    with contextlib.closing(open_index(path)) as index:
        assert index.info().records == 0
    other = tmp_path / "other.sqlite"
    with contextlib.closing(sqlite3.connect(other)) as db:
        db.execute("create table notes (text)")
    with pytest.raises(IndexFileError, match="is not an index"):
        open_index(other, create=True)


def test_an_index_is_made_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.index"
    with monkeypatch.context() as patched:
        patched.setattr("bibtool.store.index.sqlite._SCHEMA", "create table meta (name);\ncreate table meta (name);\n")
        with pytest.raises(IndexFileError, match="can't be opened"):
            open_index(path, create=True)
    open_index(path, create=True).close()
    with contextlib.closing(open_index(path)) as index:
        assert index.info().records == 0


@pytest.fixture(params=STORES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where no index is yet: a file, or a schema on a server of PostgreSQL."""
    if request.param == "sqlite":
        return str(tmp_path / "x.index")
    server: Server = request.getfixturevalue("postgres")
    return server.url()


def filled(path: str | Path, *records: Record, source: str = "s") -> None:
    index = open_index(path, create=True)
    run, _ = index.begin(source, "file", "1", "2026-01-01T00:00:00Z")
    index.add(source, [DumpRecord(record, record.key) for record in records], run=run)
    index.finish()
    index.close()


def test_a_row_holds_what_is_compared() -> None:
    record, retracted = decode_row(encode_row(DumpRecord(TREES, "u", "notice")))
    assert retracted == "notice"
    assert dict(record.variables) == dict(TREES.variables)
    assert record.arxiv == TREES.arxiv


def test_search_and_candidates(place: str) -> None:
    filled(place, TREES, Record("other", "book", title="Bees", author="Cid Bee", issued=2001, ISBN="978-0-306-40615-7"))
    with contextlib.closing(open_index(place)) as index:
        assert [each.record.key for each in index.search("growth LIND")] == ["ash20"]
        assert [each.record.key for each in index.search("10.1000/TREES")] == ["ash20"]
        assert [each.record.key for each in index.search("arXiv:2001.00001v2")] == ["ash20"]
        assert [each.record.key for each in index.search("10.48550/arXiv.2001.00001")] == ["ash20"]
        assert [each.record.key for each in index.search("0-306-40615-2")] == ["other"]
        assert not index.search("growth bees")
        near = Record(title="The slow growth of shrubs in gardens")
        assert [each.record.key for each in index.candidates(near)] == ["ash20"]
        people = Record(title="Nothing alike", author="A. van Ash and B. Lind", issued=2020)
        assert [each.record.key for each in index.candidates(people)] == ["ash20"]


PEOPLE = (
    TREES,
    TREES.with_values({"author": "Eve Moss and Fay Pond", "DOI": "10.1000/namesake"}),
    Record("ed", "book", title="Gardens", editor="The Société of Trees", issued=2001),
    Record("long", "book", title="The slow growth of trees in gardens and parks", author="Ada van Ash", issued=2002),
    Record("many", "book", title="Lists", author=" and ".join(f"Zed Name{number}" for number in range(700))),
)


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("The slow growth of trees in gardens Ash Lind", ["ash20"]),
        ("Lind: The slow growth of trees in Gardens", ["ash20"]),
        ("slow growth of trees in gardens Ash", ["ash20", "long"]),  # no whole title, so the words are searched for
        ("Gardens société trees", ["ed"]),
        ("The slow growth of trees in gardens Nobody", []),
    ],
)
def test_a_title_with_people_is_found_by_them_where_all_the_words_are_common(
    tmp_path: Path, words: str, keys: list[str]
) -> None:
    path = tmp_path / "x.index"
    filled(path, *PEOPLE)
    with contextlib.closing(sqlite3.connect(path)) as database:
        common = [(word, 100_000) for word in "slow growth trees gardens ash lind of the in societe".split()]
        database.executemany("insert into common values (?, ?)", common)
        database.commit()
    index = open_index(path)
    statements: list[str] = []
    index._db.set_trace_callback(statements.append)  # type: ignore[attr-defined] # of SQLite's index only
    assert [each.record.key for each in index.search(words)] == keys
    by_title = len(keys) == 1
    assert any(" match " in statement for statement in statements) != by_title, statements


def test_a_title_with_people_does_not_hide_other_records_with_rarer_words(place: str) -> None:
    filled(place, *PEOPLE)
    with contextlib.closing(open_index(place)) as index:
        found = index.search("The slow growth of trees in gardens Ash")
    assert [each.record.key for each in found] == ["ash20", "long"]


def test_the_lists_that_a_search_walks_through_are_those_of_its_rarest_words() -> None:
    works = {"deep": 50_000, "learning": 90_000, "for": 400_000, "trees": 300}
    assert walked(["deep", "learning", "for", "deep"], works) == 540_000
    assert walked(["for", "trees", "deep", "learning"], works) == 140_300
    assert walked(["deep", "learning", "moss"], works) == 4_000  # most of a long list is passed over
    assert walked([], works) == 0


@pytest.mark.parametrize("record", PEOPLE, ids=lambda record: record.key)
def test_a_row_tells_the_words_without_being_decoded(record: Record) -> None:
    row = encode_row(DumpRecord(record, "u"))
    assert " ".join(searched_words(*found_by(row))) == searched_text(decode_row(row)[0]) == searched_text(record)


@pytest.mark.slow
def test_a_later_record_replaces_and_leaves_nothing_of_the_earlier(place: str) -> None:
    filled(place, TREES)
    filled(place, TREES.with_values({"title": "Fast bushes", "DOI": "10.1000/bushes"}))
    with contextlib.closing(open_index(place)) as index:
        assert index.info().records == 1
        assert not index.search("slow growth")
        assert not index.search("10.1000/trees")
        assert index.search("fast bushes")
        assert index.remove("s") == 1
        assert index.info().records == 0
        assert not index.search("fast bushes")


def test_one_key_in_two_sources_and_twice_in_one_file_loses_nothing(place: str) -> None:
    filled(place, TREES, TREES.with_values({"title": "Another paper under the same key"}))
    filled(place, TREES, source="t")
    with contextlib.closing(open_index(place)) as index:
        assert index.info().records == 3


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to be looked at" * 100])
def test_what_is_no_index_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.index"
    path.write_bytes(content)
    with pytest.raises(IndexFileError):
        open_index(path)
    with pytest.raises(IndexFileError, match="no index here"):
        open_index(tmp_path / "missing")


def test_a_damaged_index_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "x.index"
    filled(path, *(TREES.with_values({"DOI": f"10.1000/{n}", "title": f"Trees of garden {n}"}) for n in range(99)))
    data = path.read_bytes()
    path.write_bytes(data[:8192] + b"A" * (len(data) - 8192))
    with pytest.raises(IndexFileError, match="can't be read") as caught:
        open_index(path).search("slow growth")
    assert "bibtool index add" in (caught.value.hint or "")
    with pytest.raises(IndexFileError, match="can't be read"):
        open_index(path).info()


@pytest.mark.parametrize(
    "row",
    [
        [1],
        ["book", "T", [5], 2020, "", {}],
        ["book", "T", [["Doe", 5]], [2020], "", {}],
        ["book", "T", ["Doe, J"], [2020, 13], "", {}],
        ["book", "T", ["Doe, J"], ["2020"], "", {}],
        ["book", "T", ["Doe, J"], [2020], "", {"a": [5, 0, "", "", "", False]}],
        ["book", "T", ["Doe, J"], [2020], "", {"k": 5}],
    ],
    ids=str,
)
def test_a_row_that_is_damaged_is_an_error(row: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "x.index"
    filled(path, TREES)
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("update work set data = ?", (json.dumps(row),))
        database.commit()
    with pytest.raises(IndexFileError, match="damaged"):
        open_index(path).candidates(TREES)
