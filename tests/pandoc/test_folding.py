"""Runs of words of a pandoc document that are set aside and put back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bibtool.styles.pandoc.folding import FOLDED, fold, unfold, unfolded

WORDS = [{"t": "Str", "c": "word"}, {"t": "Space"}, {"t": "Str", "c": "größer,"}, {"t": "SoftBreak"}] * 8
CITE = {"t": "Cite", "c": [[], [{"t": "Str", "c": "[@k]"}]]}
QUOTED = {"t": "Str", "c": 'a "Folded" word \\'}
UNKNOWN = '{"meta":{},"blocks":[{"t":"Folded","c":7},' + '{"t":"Space"},' * 20 + '{"t":"Space"}]}'


def source(*blocks: list[Any]) -> str:
    document = {
        "pandoc-api-version": [1, 23, 1],
        "meta": {"title": {"t": "MetaInlines", "c": WORDS}},
        "blocks": [{"t": "Para", "c": block} for block in blocks],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize(
    "block",
    [
        WORDS,
        [*WORDS, CITE, *WORDS],
        [QUOTED, *WORDS],
        [CITE],
        [*WORDS[:5], CITE, *WORDS[:13]],
        [{"t": "Emph", "c": WORDS}],
    ],
)
def test_a_document_comes_back_as_it_was(block: list[Any]) -> None:
    before = source(block, WORDS)
    folded, runs = fold(before)
    assert runs
    assert len(folded) < len(before)
    assert unfold(folded, runs) == before
    document = json.loads(folded)
    assert document["meta"]["title"]["c"] == WORDS
    assert unfolded(document["blocks"][0]["c"], runs) == block


def test_the_words_beside_a_citation_stay() -> None:
    folded, _ = fold(source([*WORDS, CITE, *WORDS]))
    inlines = json.loads(folded)["blocks"][0]["c"]
    at = inlines.index(CITE)
    assert [inline["t"] for inline in inlines[at - 3 : at]] == ["Space", "Str", "SoftBreak"]
    assert [inline["t"] for inline in inlines[at + 1 : at + 4]] == ["Str", "Space", "Str"]
    assert sum(inline["t"] == FOLDED for inline in inlines) == 2


def test_text_that_looks_like_a_placeholder_stays_text() -> None:
    block = [
        {"t": "Str", "c": '{"t":"Folded","c":0}'},
        {"t": "RawInline", "c": ["html", '{"t":"Folded","c":0}']},
        *WORDS,
    ]
    before = source(block)
    folded, runs = fold(before)
    assert unfold(folded, runs) == before


@pytest.mark.parametrize("text", ["", "{}", '{"blocks":[],"meta":{}}', '{"meta": {}, "blocks": []}', "[1, 2"])
def test_other_layouts_are_left_alone(text: str) -> None:
    assert fold(text) == (text, [])
