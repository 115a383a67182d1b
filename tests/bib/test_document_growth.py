"""No input makes the work grow faster than its length. Work is counted in characters looked at, not in seconds."""

from __future__ import annotations

import pytest

from bibtool.bib import Document
from bibtool.bib.blocks import split

UNITS = {
    "at": "@",
    "at name": "@a",
    "open": "@a{",
    "open line": "\n@a{",
    "value": "@a{k,y={",
    "value line": "\n@a{k,y={",
    "value two lines": "@a{k,\nx={\n",
    "quote": '\n@a{k,x="',
    "paren": "@a(k,x={},",
    "paren line": "\n@a(k,x=1,",
    "comment": "@comment{",
    "comment line": "\n@comment{",
    "preamble": "\n@preamble{",
    "string line": "\n@string{",
    "string": "\n@string{a=b}",
    "hash": "@a{k,x=1 # ",
    "closed late": "\n@a{k,x={}@b{",
    "no comma": "@a{k,x=1 y=2 z={3}}\n",
    "no value": "@a{k,x= }",
    "good": "@misc{k,\n title = {x {y}},\n year = 1\n}\n\n",
    "good then stray": "@misc{k, title = {x}}}, year = 1}\n",
    "percent": "% @a{k,\n",
    "mail": "me@example.org (x) ",
    "in text": "x@a{k,x={",
    "spaces": "@a{k,x" + " " * 20,
    "brace": "{",
    "braces": "{}",
    "quoted": '@a{k,x="a" b" ',
    "names": "@a{k,\n x y z ",
}


def work(unit: str, count: int, tail: str = "") -> int:
    """Characters looked at for that many units."""
    cut = split(unit * count + tail)
    for block in cut.blocks:
        if block.kind in ("entry", "string"):
            assert cut.scanner.block(block.start) is not None
    return cut.scanner.work


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS.keys())
@pytest.mark.parametrize("tail", ["", "}}}", '"}', ")"])
def test_work_is_linear(unit: str, tail: str) -> None:
    few, many = work(unit, 100, tail), work(unit, 1000, tail)
    assert many <= 12 * few + 1000
    assert many <= 30 * len(unit * 1000) + 1000


@pytest.mark.parametrize("unit", ["\n@a{k,x={", "@a{k,\nx={\n", "\n@a{k,x={y} z={"])
def test_work_is_linear_where_all_closes_at_the_end(unit: str) -> None:
    def nested(count: int) -> int:
        return work(unit, count, "}}" * count)

    few, many = nested(100), nested(1000)
    assert many <= 12 * few + 1000


@pytest.mark.slow
def test_a_nesting_bomb_is_one_broken_block() -> None:
    document = Document.from_text("@a{k, x = " + "{" * 300_000)
    assert [block.kind for block in document.blocks] == ["broken"]
    assert len(document.problems) == 1


@pytest.mark.slow
def test_deep_nesting_that_closes_is_read() -> None:
    depth = 200_000
    document = Document.from_text("@a{k, x = " + "{" * depth + "}" * depth + ", y = 1}\n@b{next}")
    assert [entry.key for entry in document.entries] == ["k", "next"]
    assert len(document.entries[0].get("x") or "") == 2 * depth - 2
    assert document.entries[0].get("y") == "1"


@pytest.mark.slow
def test_a_very_long_line() -> None:
    line = "a" * 20_000_000
    document = Document.from_text("@misc{k, note = {" + line + "}}\n@misc{next, year = 1}")
    assert [len(entry.get("note") or "") for entry in document.entries] == [len(line), 0]


def test_nothing_but_at_signs() -> None:
    document = Document.from_text("@" * 300_000 + "\n@misc{next, year = 1}")
    assert [entry.key for entry in document.entries] == ["next"]
