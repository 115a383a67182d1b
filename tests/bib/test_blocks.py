"""The pattern that cuts out plain entries gives what the scanner gives, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.bib import blocks
from bibtool.bib.scan import Scanner
from bibtool.model.text.decode import decode

if TYPE_CHECKING:
    from pathlib import Path

CLEAN = (
    '@string{j = {Journal}}\n\n% a line\n@Article{a:1, title = {T {x} y}, year=1999,}\n@misc {b,\n note = j # "x"\n}\n'
)
FRAGMENTS = [
    "@article{a, title = {T}}", '@misc{b,\n  note = "x {y}",\n}', "@string{s = {x}}", '@STRING{ t = s # "a" }',
    "@comment{x}", '@preamble{"x"}', "@misc{c, t = {open", "@misc{d, t = {a\n@misc{e, u = {v}}}}", "@misc{}",
    "@misc{k}", "@misc{f, u = {a@b}}", "@misc{g, u = {x\n@y}}", "\n@z", "@,",
    "@misc(p, t = {x})", "@misc{q t = {x}}", "@misc{r, t {x}}", "% text", "% @misc{z, t={x}}", "words", "\n", "\n\n",
    " ",
    ",", "}", "{", "@", "\t", "\r", "\x0b", "\xa0", "\\", '"', "é",
]  # fmt: skip


def plain_entries(text: str) -> int:
    """How many entries the pattern cuts out; each is compared with what the scanner says."""
    scanner = Scanner(text)
    count = 0
    for at in scanner.heads:
        plain = blocks._plain_entry(scanner, at)
        if plain is not None:
            assert plain == blocks._block_at(scanner, at)
            count += 1
    return count


def test_plain_entries_are_cut_out() -> None:
    assert plain_entries(CLEAN) == plain_entries(CLEAN.replace("\n", "\r\n")) == 2
    assert [(block.kind, block.type, block.key) for block in blocks.split(CLEAN).blocks if block.kind != "free"] == [
        ("string", "string", ""),
        ("entry", "article", "a:1"),
        ("entry", "misc", "b"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "words @misc{a, t={x}}",
        "@misc{a, t={x}",
        "@comment{a, t={x}}",
        "@misc{a}",
        "@misc{a, t = {x} # , u = 1}",
        "@misc{a, t = {x} {y}}",
        "@misc{a, t = {x}, u = }",
        "@misc{a, t = # {x}}",
    ],
)
def test_what_is_in_doubt_is_left_to_the_scanner(text: str) -> None:
    assert plain_entries(text) == 0


def test_an_entry_that_may_have_swallowed_another_one_is_left_to_the_scanner() -> None:
    text = "@misc{a, t={\n@misc{b, t={y}}}}"
    assert blocks._plain_entry(Scanner(text), 0) is None


@pytest.mark.parametrize("value", ["x@y", "x\n@y", "@", "x\n@", "a {b\n@}"])
@pytest.mark.parametrize("after", ["", "@", "\n@", "\n@,", " @}"])
def test_an_at_sign_in_a_value_or_after_it_begins_no_block(value: str, after: str) -> None:
    text = f"@misc{{a, t = {{{value}}}}}"
    (block,) = blocks.outline(text + after)
    assert (block.kind, block.key, block.end) == ("entry", "a", len(text))


@pytest.mark.slow
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join))
@settings(max_examples=400)
def test_both_ways_agree(text: str) -> None:
    plain_entries(text)


@given(st.integers(0, len(CLEAN)), st.sampled_from([*FRAGMENTS, *'@{},="#%\n']), st.integers(0, 5))
def test_both_ways_agree_about_a_damaged_file(at: int, junk: str, cut: int) -> None:
    plain_entries(CLEAN[:at] + junk + CLEAN[at + cut :])


def test_both_ways_agree_about_the_fixtures(fixtures: Path) -> None:
    assert sum(plain_entries(decode(path.read_bytes()).text) for path in fixtures.rglob("*.bib")) > 700


@pytest.mark.slow
def test_hostile_texts_take_linear_time() -> None:
    for text in (
        "@misc{a, t = {" * 20_000,
        "@misc{a, t = {x}, " * 20_000,
        "@misc{a,t={x}}\n%" + "%" * 300_000 + "@",
        "\n% " * 100_000,
        "@misc{a, t = " + "{x} # " * 100_000,
    ):
        blocks.split(text)
