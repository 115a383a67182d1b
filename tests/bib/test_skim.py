"""Entries that are found without reading the others are those that reading the whole file finds."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bibtool.bib import skim as skimming
from bibtool.bib.blocks import RawBlock, block_from, outline
from bibtool.bib.index import CACHED_FROM, read_index
from bibtool.bib.scan import Scanner
from bibtool.bib.skim import MAX_READ, skim
from bibtool.model.text.decode import decode
from tests.bib.test_blocks import CLEAN, FRAGMENTS

if TYPE_CHECKING:
    from pathlib import Path

HEADS = [
    "\n@misc{a,",
    "\n@misc{b,",
    "\n@misc {a\n,",
    "\n@Article{ b ,",
    "\n@comment{a,",
    "\n@STRING{a,",
    "\n@preamble{a,",
]
INSIDE = [
    " x = {y},", ' x = "y",', " x = {", " x = {{y}", ' x = "', " x = a # {b}", " x = y z,", "% }", "%", "% {\n",
    "%}}\n", "{", "}", "}}", "}\n", "{}", '"', ",", "\n", " x", "=", "#", "(", ")", "@", "\n@", "@c{", "\\", "é",
    "\ud800", ' t = {"', ' "},', " x = {a%b},", " x = {a {%} b},", " x = {{{{{{y}}}}}},", "\n@x", "\n @misc{b,",
    " @misc{a,",
]  # fmt: skip
HOSTILE = st.lists(
    st.sampled_from([*HEADS, *HEADS[:4], *INSIDE, *["}", "}\n", " x = {", ' x = "'] * 6]), max_size=16
).map("".join)


def kinds(blocks: tuple[RawBlock, ...], *kinds: str) -> list[RawBlock]:
    return [block for block in blocks if block.kind in kinds]


def compared(text: str) -> int:
    """How many entries there are, each of which is found as it is in the outline."""
    blocks = outline(text)
    first: dict[str, RawBlock] = {}
    for block in kinds(blocks, "entry"):
        if block.key:
            first.setdefault(block.key, block)
    skimmed = skim(text)
    assert skimmed is not None
    for key in {*first, *(block.key for block in blocks), "a", "b", "c", "nowhere", ""}:
        assert skimmed.entry(key) == first.get(key), key
    # what is broken is known only of blocks that were read
    named = ("string", "preamble", "comment")
    assert kinds(tuple(skimmed.others), *named) == kinds(blocks, *named)
    return len(first)


@given(HOSTILE)
@example("\n@misc{a,% }}\n x = {y\n\n@misc{b,}\n}\n")
@example('\n@misc{a,% }\n x = "y\n\n@misc{b, x = "y"}\n')
@example('\n@misc{a, x = "y},\n\n@misc{b, x = {y}, z = "}\n')
@example("\nwords @misc{b,}\n@misc{c, x = 1}\n")
@example("\n@misc{c, x = {a@b}}\n@misc{c, x = 1}\n@misc{a, x = {\n@misc{b, x={y}}\n}}\n@misc{c,}\n")
@settings(max_examples=300)
def test_it_finds_what_is_in_the_outline_of_any_text(text: str) -> None:
    compared(text)


@pytest.mark.slow
@given(HOSTILE)
@settings(max_examples=3_000, deadline=None)
def test_it_finds_the_same_in_many_texts(text: str) -> None:
    compared(text)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("\n".join))
def test_it_finds_the_same_among_fragments(text: str) -> None:
    compared(text)


@given(st.integers(0, len(CLEAN)), st.sampled_from([*FRAGMENTS, *'@{},="#%\n']), st.integers(0, 5))
def test_it_finds_the_same_in_a_damaged_file(at: int, junk: str, cut: int) -> None:
    compared(CLEAN[:at] + junk + CLEAN[at + cut :] + "\n" + CLEAN)


def test_it_finds_the_same_in_the_fixtures(fixtures: Path) -> None:
    assert sum(compared(decode(path.read_bytes()).text) for path in fixtures.rglob("*.bib")) > 700


def test_most_entries_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def found(scanner: Scanner, at: int) -> RawBlock | None:
        asked.append(at)
        return block_from(scanner, at)

    monkeypatch.setattr(skimming, "block_from", found)
    text = "".join(f"\n@misc{{k{n}, url = {{a%20b}}, title = {{T {{\\'e}} {n}}}}}\n% note {{\n" for n in range(50))
    skimmed = skim(f"@string{{s = {{x}}}}\n{text}")
    assert skimmed is not None
    assert asked == [0]
    assert (entry := skimmed.entry("k7"))
    assert asked == [0, entry.start]


def test_of_several_with_one_key_the_first_that_can_be_read_counts() -> None:
    text = "\n@misc{a, x = {y} z}\n@misc{b,}\n@misc{a, x = {1}}\n@misc{a, x = {2}}\n"
    skimmed = skim(text)
    assert skimmed is not None
    entry = skimmed.entry("a")
    assert entry is not None
    assert text[entry.start : entry.end] == "@misc{a, x = {1}}"


def test_a_text_of_other_things_is_better_read_as_a_whole() -> None:
    assert skim("@misc(k, x = {y})\n" * MAX_READ) is not None
    assert skim("@misc(k, x = {y})\n" * (MAX_READ + 1)) is None


def test_an_index_of_few_entries_has_what_any_other_has(tmp_path: Path) -> None:
    text = f"{CLEAN}@preamble{{{{x}}}}\n@string{{JOT = {{K}}}}\n@misc{{c, ids = {{d, e}}}}\n" + "\n" * CACHED_FROM
    for each in (text, text.replace("\n", "\r\n"), "@misc(k, x = {y})\n" * 20_000):
        few = read_index(each.encode(), "x", tmp_path / "few", few=True)
        one = read_index(each.encode(), "x")
        assert (few.strings, few.preambles, few.newline) == (one.strings, one.preambles, one.newline)
        for key in ("a:1", "b", "c", "d", "k"):
            assert few.entry(key) == one.entry(key) == one.entries.get(key)
        assert (tmp_path / "few").exists() == (each[:6] == "@misc(")  # blocks are made where all are needed
        assert (few.entries, few.aliases, few.blocks) == (one.entries, one.aliases, one.blocks)
        assert (tmp_path / "few").exists()
        shutil.rmtree(tmp_path / "few")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_the_encoding_of_a_file_makes_no_difference(encoding: str) -> None:
    text = "\n@misc{a, x = {é {y}}}\n@misc{b, x = {y}}\n@misc{é, x = {{}\n@misc{c, x = {y}}\n}}\n"
    few = read_index(text.encode(encoding), "x", few=True)
    assert [key for key in "abcé" if few.entry(key)] == ["a", "b", "é"]
    assert few.encoding == ("utf-16-le" if encoding == "utf-16" else encoding.removesuffix("-sig"))


def test_an_entry_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    skimmed = skim("\n@misc{a, x = {y}}\n@misc{b, x = {{y}\n}\n")
    assert skimmed is not None
    first = [skimmed.entry(key) for key in "abc"]
    monkeypatch.setattr(skimming, "block_from", None)
    assert [skimmed.entry(key) for key in "abc"] == first
