"""Answers on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibtool.enrich.atom import AtomAuthor, AtomEntry, Feed
from bibtool.enrich.cache import Cache
from bibtool.model.identifiers import ArxivId

ENTRY = AtomEntry(
    id=ArxivId("2203.01360", 4),
    title="Neural Galerkin Schemes",
    authors=(AtomAuthor("Joan Bruna", ("A", "B")), AtomAuthor("Petar Veličković")),
    published="2022-03-02T17:30:00Z",
    categories=("math.NA",),
    dois=("10.1000/x",),
)
FEED = Feed(entries=(ENTRY,), total=7, start=3, received=2)


def test_an_answer_comes_back_as_it_was(tmp_path: Path) -> None:
    Cache(tmp_path).put("question", FEED, 12.5)
    found = Cache(tmp_path).get("question")
    assert found is not None
    assert (found.feed, found.when) == (FEED, 12.5)
    assert Cache(tmp_path).get("other question") is None


def test_a_paper_is_found_whatever_question_brought_it(tmp_path: Path) -> None:
    Cache(tmp_path).put("question", FEED, 12.5)
    found = Cache(tmp_path).paper("2203.01360")
    assert found is not None
    assert found.feed.entries == (ENTRY,)
    assert Cache(tmp_path).paper("2203.01361") is None


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"format": 99}', b'{"format": 1}', b"[" * 100_000]
)
def test_a_damaged_file_is_ignored_and_replaced(tmp_path: Path, damage: bytes) -> None:
    cache = Cache(tmp_path)
    cache.put("question", FEED, 1.0)
    for path in tmp_path.rglob("*.json"):
        path.write_bytes(damage)
    assert cache.get("question") is None
    assert cache.paper("2203.01360") is None
    cache.put("question", FEED, 2.0)
    found = cache.get("question")
    assert found is not None
    assert found.when == 2.0


def test_values_of_the_wrong_kind_are_a_damage_too(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("question", FEED, 1.0)
    for path in tmp_path.rglob("*.json"):
        path.write_text(path.read_text("utf-8").replace('"Neural Galerkin Schemes"', "17"), "utf-8")
    assert cache.get("question") is None
    assert cache.paper("2203.01360") is None


def test_a_cache_that_cannot_be_written_says_so_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file")
    cache.put("question", FEED, 1.0)
    assert "can't be cached" in cache.broken
    assert cache.get("question") is None


def test_no_folder_keeps_nothing() -> None:
    cache = Cache(None)
    cache.put("question", FEED, 1.0)
    assert cache.get("question") is None
    assert not cache.broken


@pytest.mark.slow
def test_the_oldest_files_go_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bibtool.enrich.cache.MAX_FILES", 8)
    cache = Cache(tmp_path)
    for number in range(300):
        cache.put(f"question {number}", Feed(total=0), float(number))
    assert len(list(tmp_path.rglob("*.json"))) < 120
    assert cache.get("question 299") is not None


def test_no_half_written_file_stays_behind(tmp_path: Path) -> None:
    Cache(tmp_path).put("question", FEED, 1.0)
    assert not list(tmp_path.rglob("*.tmp"))
