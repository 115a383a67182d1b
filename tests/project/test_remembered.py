"""Pairs of entries that say the same, remembered from run to run."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.bib import entrytext
from bibtool.project import remembered
from bibtool.project.remembered import SIZE, Remembered
from tests.project.making import KNUTH, KNUTH_WRITTEN, LAMPORT

OUTPUT = Path("/project/refs.bib")
ENTRIES = st.sampled_from(
    [
        KNUTH,
        KNUTH_WRITTEN,
        LAMPORT,
        LAMPORT.replace("1994", "{1994 }"),
        LAMPORT.replace("Leslie", "L."),
        "",
        "}",
        "\ud800",
    ]
)


@given(st.lists(st.tuples(ENTRIES, ENTRIES), max_size=8), st.lists(st.tuples(ENTRIES, ENTRIES), max_size=8))
def test_it_says_what_a_comparison_says_in_every_run(first: list[tuple[str, str]], then: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        for pairs in (first, then, first):
            run = Remembered(OUTPUT, Path(name))
            for one, other in pairs:
                assert run.say_the_same(one, other) == entrytext.say_the_same(one, other)
            run.keep()


def test_what_a_run_has_found_is_not_compared_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Remembered(OUTPUT, tmp_path)
    assert run.say_the_same(KNUTH, KNUTH_WRITTEN)
    assert not run.say_the_same(KNUTH, LAMPORT)
    run.keep()
    asked: list[tuple[str, str]] = []

    def compare(first: str, second: str) -> bool:
        asked.append((first, second))
        return False

    monkeypatch.setattr(remembered, "say_the_same", compare)
    again = Remembered(OUTPUT, tmp_path)
    assert again.say_the_same(KNUTH, KNUTH_WRITTEN)
    # another order, other borders and another output are other pairs
    moved = KNUTH + KNUTH_WRITTEN[:1], KNUTH_WRITTEN[1:]
    others = [(KNUTH, LAMPORT), (KNUTH_WRITTEN, KNUTH), moved]
    for pair in others:
        assert not again.say_the_same(*pair)
    assert not Remembered(Path("/other/refs.bib"), tmp_path).say_the_same(KNUTH, KNUTH_WRITTEN)
    assert asked == [*others, (KNUTH, KNUTH_WRITTEN)]


@pytest.mark.parametrize("damage", [b"", b"x", b"x" * SIZE * 3, b"x" * (SIZE + 1)])
def test_a_damaged_file_only_means_that_entries_are_compared(tmp_path: Path, damage: bytes) -> None:
    for _ in range(2):
        run = Remembered(OUTPUT, tmp_path)
        assert run.say_the_same(KNUTH, KNUTH_WRITTEN)
        assert not run.say_the_same(KNUTH, LAMPORT)
        run.keep()
        (file,) = (tmp_path / "said-the-same").iterdir()
        assert len(file.read_bytes()) == SIZE
        file.write_bytes(damage)


def test_it_can_do_without_a_cache(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for cache in (None, tmp_path / "file"):
        run = Remembered(OUTPUT, cache)
        assert run.say_the_same(KNUTH, KNUTH_WRITTEN)
        run.keep()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
