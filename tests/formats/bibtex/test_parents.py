"""Parents are found without cutting the whole text, and the same ones as in all entries."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.bib import Document
from bibtool.formats.bibtex import rawentries
from bibtool.formats.bibtex.inherit import RawEntry
from bibtool.formats.bibtex.rawentries import Parents, raw_entry
from tests.property.test_bibtex_document import DOCUMENTS, KEYS

TEXT = "@book{a, title = {A}}\n@book(B, title = {B})\n@book{ c d, title = {C}}\n@book{e\n, ids = {f}}\n"


def looked_up(document: Document, key: str, *, any_case: bool) -> RawEntry | None:
    """The entry of a key by looking at all of them."""
    pairs = [(entry.key, entry) for entry in document.entries]
    for entry in document.entries:
        pairs += [(alias.strip(), entry) for alias in raw_entry(entry)[0].fields.get("ids", "").split(",")]
    found = next((entry for known, entry in pairs if known == key), None)
    if found is None and any_case:
        found = next((entry for known, entry in pairs if known.casefold() == key.casefold()), None)
    return None if found is None else raw_entry(found)[0]


@pytest.mark.parametrize("any_case", [True, False])
@pytest.mark.parametrize("key", ["a", "A", "b", "B", "c d", "c", "e", "f", "F", "g"])
def test_odd_keys(key: str, *, any_case: bool) -> None:
    for text in (TEXT, TEXT.replace("ids", "note")):
        found = Parents(Document.from_text(text), any_case=any_case).get(key)
        assert found == looked_up(Document.from_text(text), key, any_case=any_case)


@given(DOCUMENTS, st.lists(KEYS, max_size=3), st.booleans())
@settings(max_examples=300)
def test_any_text(text: str, keys: list[str], any_case: bool) -> None:
    parents = Parents(Document.from_text(text), any_case=any_case)
    document = Document.from_text(text)
    for key in (*keys, *(entry.key for entry in document.entries)):
        if key:
            assert parents.get(key) == looked_up(document, key, any_case=any_case)


def test_the_text_is_cut_up_to_the_parent_only() -> None:
    document = Document.from_text("@book{a, title = {A}}\n" * 5 + "@book{p, title = {P}}\n" + "@book{z}\n" * 5)
    parents = Parents(document, any_case=True)
    assert parents.get("nowhere") is None
    assert document.cut.done == 0
    assert parents.get("p") == RawEntry("book", "p", {"title": "P"})
    assert document.cut.done == 11  # six entries and what is between them


@pytest.mark.parametrize("before", range(8))
def test_an_alias_where_the_text_is_looked_at_in_pieces(before: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rawentries, "_PIECE", 8)
    text = " " * before + "@book{e, title = {É}, IdS   \n   = {f}}"
    assert Parents(Document.from_text(text), any_case=False).get("f") is not None
