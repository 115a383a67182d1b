"""The index: what is found, updated and removed, and that rows hold what references are compared by."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from bibtool.errors import IndexFileError
from bibtool.formats.dumps.base import DumpRecord
from bibtool.model.identifiers import ArxivId
from bibtool.model.record import Arxiv, Record
from bibtool.store.index import open_index
from bibtool.store.index.rows import decode_row, encode_row

TREES = Record(
    "ash20", "article-journal", title="The slow growth of trees in gardens", issued="2020-03",
    author="Ada van Ash and Bo Lind and others", container_title="Journal of Trees", volume=7, DOI="10.1000/Trees",
    arxiv=Arxiv(id=ArxivId("2001.00001"), latest=3, updated="2021-01-01"),
)  # fmt: skip


def filled(path: Path, *records: Record, source: str = "s") -> None:
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


def test_search_and_candidates(tmp_path: Path) -> None:
    path = tmp_path / "x.index"
    filled(path, TREES, Record("other", "book", title="Bees", author="Cid Bee", issued=2001, ISBN="978-0-306-40615-7"))
    index = open_index(path)
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


@pytest.mark.slow
def test_a_later_record_replaces_and_leaves_nothing_of_the_earlier(tmp_path: Path) -> None:
    path = tmp_path / "x.index"
    filled(path, TREES)
    filled(path, TREES.with_values({"title": "Fast bushes", "DOI": "10.1000/bushes"}))
    index = open_index(path)
    assert index.info().records == 1
    assert not index.search("slow growth")
    assert not index.search("10.1000/trees")
    assert index.search("fast bushes")
    assert index.remove("s") == 1
    assert index.info().records == 0
    assert not index.search("fast bushes")


def test_one_key_in_two_sources_and_twice_in_one_file_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.index"
    filled(path, TREES, TREES.with_values({"title": "Another paper under the same key"}))
    filled(path, TREES, source="t")
    assert open_index(path).info().records == 3


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


def test_a_row_that_is_damaged_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.index"
    filled(path, TREES)
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("update work set data = '[1]'")
        database.commit()
    with pytest.raises(IndexFileError, match="damaged"):
        open_index(path).candidates(TREES)
