"""What bibtexparser does for us, and each of its faults that `blocks` works around.

The first assertion of a test about a fault shows the fault in bibtexparser itself. If one of them fails after an
update, bibtexparser has become better: see whether the workaround can go.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from bibtexparser.model import Entry as TheirEntry
from bibtexparser.splitter import Splitter

from bibtool.bib import Document, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

NEXT = "\n@misc{next, title = {good}}\n"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def theirs(text: str) -> list[tuple[str, dict[str, str]]]:
    """Key and fields of the entries that bibtexparser reads."""
    library = Splitter(text).split()
    return [(b.key, {f.key: f.value for f in b.fields}) for b in library.blocks if isinstance(b, TheirEntry)]


def ours(text: str) -> list[tuple[str, dict[str, str]]]:
    """Key and raw fields of the entries that we read; the text has to come back as well."""
    document = Document.from_text(text)
    assert document.to_bytes() == text.encode()
    return [(e.key, {f.spelling: f.raw for f in e.fields}) for e in document.entries]


def test_bibtexparser_cuts_out_the_plain_entries() -> None:
    text = "@misc{a, title = {x {y} z}, year = 1}\n" * 3 + "@misc{b title = {x}}\n"
    document = Document.from_text(text)
    assert document.from_bibtexparser == 3
    assert len(document.entries) == 4


def test_the_outline_has_the_same_blocks_and_leads_back() -> None:
    text = '% t\n@misc{a,\n title = {x\n{y}},\n n = "a" # b}\n@book{c, year = 1999,}\n'
    sketch = blocks.outline(text)
    assert sketch.text == f"% t\n@misc{{a,\n title ={blocks.FILLER}}}\n@book{{c, year ={blocks.FILLER},}}\n"
    for name in ("@misc", "@book"):
        assert sketch.offset(sketch.text.index(name)) == text.index(name)
    assert sketch.offset(len(sketch.text)) == len(text)


def test_an_escaped_brace_counts_for_bibtex() -> None:
    text = "@misc{a, path = {C:\\}, year = {1}}" + NEXT
    assert "a" not in dict(theirs(text))
    assert ours(text) == [("a", {"path": "{C:\\}", "year": "{1}"}), ("next", {"title": "{good}"})]


def test_braces_in_quotes_may_hold_quotes() -> None:
    text = '@misc{a, title = "x {say "b, c" d} e", year = 1}' + NEXT
    assert dict(theirs(text)).get("a", {}).get("title") != '"x {say "b, c" d} e"'
    assert ours(text)[0] == ("a", {"title": '"x {say "b, c" d} e"', "year": "1"})


def test_a_line_in_a_value_may_look_like_an_entry() -> None:
    text = "@misc{a, note = {see\n@misc{b, n = 1}\n}}" + NEXT
    assert "a" not in dict(theirs(text))
    assert [key for key, _ in ours(text)] == ["a", "next"]


def test_a_missing_comma_is_seen() -> None:
    text = "@misc{a, title = {x}\n  year = {1}}" + NEXT
    assert dict(theirs(text))["a"] == {"title": "{x}\n  year = {1}"}
    assert ours(text)[0] == ("a", {"title": "{x}", "year": "{1}"})


@pytest.mark.parametrize("head", ["@in-book{", "@ book{", "@book\n{"])
def test_types_and_white_space_that_bibtex_allows(head: str) -> None:
    text = head + "a, year = 1}" + NEXT
    assert "a" not in dict(theirs(text))
    assert [key for key, _ in ours(text)] == ["a", "next"]


@pytest.mark.parametrize("head", ["@commentary{", "@strings{", "@preambles{"])
def test_types_that_begin_like_special_blocks(head: str) -> None:
    text = head + "a, year = 1}" + NEXT
    assert "a" not in dict(theirs(text))
    assert ours(text)[0] == ("a", {"year": "1"})


@pytest.mark.parametrize("key", ["a=b", 'q"q'])
def test_keys_that_bibtex_allows(key: str) -> None:
    text = f"@misc{{{key}, year = 1}}" + NEXT
    assert key not in dict(theirs(text))
    assert ours(text)[0] == (key, {"year": "1"})


def test_an_e_mail_address_is_no_entry() -> None:
    text = "write to me@example (work, at) home\n" + NEXT
    assert len(Splitter(text).split().failed_blocks) == 1
    assert Document.from_text(text).problems == ()
    assert [key for key, _ in ours(text)] == ["next"]


def test_nothing_of_a_failed_block_is_lost() -> None:
    text = "@misc{a, title = {x},, year = {1}}" + NEXT
    raw = "".join(block.raw or "" for block in Splitter(text).split().blocks)
    assert raw.replace("\n", "") != text.replace("\n", "")
    assert ours(text)[0] == ("a", {"title": "{x}", "year": "{1}"})


def test_a_failing_splitter_costs_nothing_but_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Splitter) -> None:
        raise RecursionError

    text = "@misc{a, year = 1}" + NEXT
    expected = [(b.kind, b.text) for b in Document.from_text(text).blocks]
    monkeypatch.setattr(Splitter, "split", fail)
    document = Document.from_text(text)
    assert document.from_bibtexparser == 0
    assert [(b.kind, b.text) for b in document.blocks] == expected


def test_a_splitter_that_makes_up_text_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "@misc{a, year = 1}" + NEXT
    made_up = Splitter("@misc{invented, year = 2}").split
    wrong = made_up()
    monkeypatch.setattr(Splitter, "split", lambda self: wrong)
    assert [entry.key for entry in Document.from_text(text).entries] == ["a", "next"]


def test_the_splitter_is_not_given_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Splitter) -> None:
        raise AssertionError

    monkeypatch.setattr(Splitter, "split", fail)
    assert blocks._propose("@" * 300_000) == []
    assert blocks._propose("@a{k, x = " + "{" * 300_000) == []
    assert blocks._propose(blocks.FILLER + "@a{k}") == []


def test_its_warnings_stay_off_the_terminal() -> None:
    """With no logging set up, Python prints warnings to stderr; a null handler prevents that."""
    Document.from_text("@misc{a, b c\n@misc{d, e = 1}")
    assert logging.getLogger("bibtexparser.splitter").hasHandlers()
