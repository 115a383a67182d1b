"""Entries that are read by their parts: nothing may differ from what a scan of the whole file finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from bibtool.bib import Document
from bibtool.bib.blocks import split
from tests.property.test_bibtex_document import DOCUMENTS

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures").rglob("*.bib"))


def said(document: Document) -> list[list[tuple[str, str]]]:
    return [[(field.name, field.content) for field in entry.fields] for entry in document.entries]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_the_parts_of_entries_are_those_of_their_scans(path: Path) -> None:
    data = path.read_bytes()
    document, other = Document.from_bytes(data), Document.from_bytes(data, read_all=True)
    assert document.cut.blocks == other.cut.blocks
    wanted = said(document)
    for each in (document, other, other):
        assert [list(entry.items()) for entry in each.entries] == wanted
    assert document.problems == other.problems
    scanned = Document.from_bytes(data)
    for entry in scanned.entries:
        assert entry.scan is not None  # from now on, the faults are those of the scan
    assert scanned.problems == document.problems
    assert [entry.type_spelling for entry in document.entries] == [
        document.text[entry.scan.type_start : entry.scan.type_end] for entry in document.entries
    ]


@pytest.mark.slow
@given(DOCUMENTS)
@settings(max_examples=300, deadline=None)
def test_the_same_of_any_text(text: str) -> None:
    assert split(text, keep=True).blocks == split(text).blocks
    document = Document.from_text(text)
    assert [list(entry.items()) for entry in document.entries] == said(Document.from_text(text))


@pytest.mark.parametrize(
    "text",
    [
        "@a{k, x = {1}), y = {2}}",
        "@a{k, x = {1}} y = {2}}",
        "@a{k, x = {1}, X = {2}}",
        "@a{k, x = 1 # jan}\n@b{l, y = {@c{m, z = {1}}}}",
        "@a{k, x = {1},}  @b{l, x = {2}}",
        "@a\n{k, x = {1}}",
        "text @a{k, x = {1}}",
        "@a{k, x = {1}} text\n",
        "@string{x = {1}}\n@comment{k, x = {1}}",
    ],
)
def test_odd_entries(text: str) -> None:
    assert split(text, keep=True).blocks == split(text).blocks
    assert [list(entry.items()) for entry in Document.from_text(text).entries] == said(Document.from_text(text))
