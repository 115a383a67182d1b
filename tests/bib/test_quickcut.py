"""The quick way to cut a .bib file gives what the careful one gives, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.bib.blocks import split
from bibtool.bib.quickcut import quick_cut
from bibtool.model.text.decode import decode

if TYPE_CHECKING:
    from pathlib import Path

CLEAN = (
    '@string{j = {Journal}}\n\n% a line\n@Article{a:1, title = {T {x} y}, year=1999,}\n@misc {b,\n note = j # "x"\n}\n'
)
FRAGMENTS = [
    "@article{a, title = {T}}", '@misc{b,\n  note = "x {y}",\n}', "@string{s = {x}}", '@STRING{ t = s # "a" }',
    "@comment{x}", '@preamble{"x"}', "@misc{c, t = {open", "@misc{d, t = {a\n@misc{e, u = {v}}}}", "@misc{}",
    "@misc{k}",
    "@misc(p, t = {x})", "@misc{q t = {x}}", "@misc{r, t {x}}", "% text", "% @misc{z, t={x}}", "words", "\n", "\n\n",
    " ",
    ",", "}", "{", "@", "\t", "\r", "\x0b", "\xa0", "\\", '"', "é",
]  # fmt: skip


def careful(text: str) -> list[tuple[str, int, int, str, str]]:
    return [(one.kind, one.start, one.end, one.type, one.key) for one in split(text).blocks if one.kind != "free"]


def test_a_clean_file_is_cut() -> None:
    found = quick_cut(CLEAN)
    assert found is not None
    assert found == careful(CLEAN)
    assert [one[4] for one in found] == ["", "a:1", "b"]


def test_what_is_in_doubt_is_left_alone() -> None:
    for text in (
        "words @misc{a, t={x}}",
        "@misc{a, t={x}",
        "@misc{a, t={\n@misc{b, t={y}}}}",
        "@comment{a}",
        "@misc{a}",
    ):
        assert quick_cut(text) is None, text
    assert quick_cut("") == []


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join))
@settings(max_examples=400)
def test_both_ways_agree(text: str) -> None:
    found = quick_cut(text)
    assert found is None or found == careful(text)


@given(st.integers(0, len(CLEAN)), st.sampled_from([*FRAGMENTS, *'@{},="#%\n']), st.integers(0, 5))
def test_both_ways_agree_about_a_damaged_file(at: int, junk: str, cut: int) -> None:
    text = CLEAN[:at] + junk + CLEAN[at + cut :]
    found = quick_cut(text)
    assert found is None or found == careful(text)


def test_both_ways_agree_about_the_fixtures(fixtures: Path) -> None:
    count = 0
    for path in sorted(fixtures.rglob("*.bib")):
        text = decode(path.read_bytes()).text.replace("\r\n", "\n")
        found = quick_cut(text)
        count += found is not None
        assert found is None or found == careful(text), path
    assert count > 20


def test_hostile_texts_take_linear_time() -> None:
    for text in (
        "@misc{a, t = {" * 20_000,
        "@misc{a, t = {x}, " * 20_000,
        "@misc{a,t={x}}\n%" + "%" * 300_000 + "@",
        "\n% " * 100_000,
    ):
        quick_cut(text)
