"""Entries that are read by their shape: what comes of them is what reading with all care gives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.bib import Document
from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
from bibtool.formats.bibtex.mapping_bibtex import BIBTEX
from bibtool.formats.bibtex.rawentries import raw_entry
from bibtool.formats.bibtex.to_record import by_shape, read_carefully

if TYPE_CHECKING:
    from bibtool.formats.bibtex.mapping import Dialect
    from bibtool.formats.bibtex.to_record import Made

FIXTURES = sorted((Path(__file__).parents[3] / "fixtures").rglob("*.bib"))
DIALECTS = {dialect.name: dialect for dialect in (BIBTEX, BIBLATEX)}
TYPES = sorted({*BIBTEX.type_of_entry, *BIBLATEX.type_of_entry, "unknown"})
NAMES = sorted({row.field for dialect in DIALECTS.values() for row in dialect.fields} | {"year", "month", "date", "x"})
VALUES = [
    *(
        "",
        " ",
        "2001",
        " 2001",
        "19--",
        "may",
        "May 3",
        "2001-02",
        "2001/2003",
        "Michaelmas",
        "17",
        "1",
        "abs/2203.01360",
    ),
    *(
        "12--34",
        "12-34",
        "A1",
        "1,2",
        "12--34 ",
        "CoRR",
        "arXiv preprint arXiv:2203.01360",
        "Nature",
        "bioRxiv",
        "SSRN",
    ),
    *("A {B} C", "{AB} c", "a \\& b", "a\n  b", "<i>x</i> y", "a &amp; b", "$x$", "``q''", "~", "{}", "\\foo{x}"),
    *("Jane Doe and {ACME} and others", "Doe, J. and Roe, R.", "Doe, J., Roe, R.", "and", "A And B", "A AND and B"),
    *(
        "family=Doe, given=J",
        "Wei Wang 0001",
        "J{\\'e}r{\\^o}me L",
        "{A} and {B}",
        "X and Y",
        "Li{-}Wei Chen and B C",
    ),
    *(
        "10.1000/182",
        "10.48550/arXiv.2203.01360",
        "10.1000/a_b",
        "10.1000/x.",
        "doi:10.1000/182",
        "10.1000/10.1000/1",
    ),
    *(
        "http://a.b/c",
        "https://arxiv.org/abs/2203.01360",
        "http://a.b http://c.d",
        "http://a.b;http://c.d",
        "\\url{http://a.b}",
        "www.a.b",
        "<x>",
    ),
    *(
        "english",
        "langenglish",
        "2",
        "second",
        "phdthesis",
        "article",
        "submitted",
        "inpress",
        "countryde",
        "978-3-16-148410-0",
    ),
]
CONTENTS = st.sampled_from(VALUES)
ARTICLE = frozenset("author title journal volume pages year month url doi".split())
FIELDS = st.dictionaries(st.sampled_from(NAMES), st.one_of(CONTENTS, CONTENTS, st.text(max_size=8)), max_size=7)


def same(entry_type: str, fields: dict[str, str], dialect: Dialect) -> bool:
    """Whether the entry is of a shape; fails where that makes a difference."""
    quick: Made | None = by_shape(entry_type, fields, dialect)
    if quick is None:
        return False
    careful = read_carefully(entry_type, fields, dialect)
    assert quick == careful
    assert list(quick.variables) == list(careful.variables)
    return True


@given(st.sampled_from(TYPES), FIELDS, st.sampled_from(sorted(DIALECTS)))
@settings(max_examples=1500)
def test_any_entry(entry_type: str, fields: dict[str, str], dialect: str) -> None:
    same(entry_type, fields, DIALECTS[dialect])


@given(FIELDS)
@settings(max_examples=500)
def test_any_article(fields: dict[str, str]) -> None:
    settled = {name: content for name, content in fields.items() if name in ARTICLE}
    same("article", settled, BIBTEX)
    for name, content in fields.items():
        same("article", {name: content}, BIBTEX)


@pytest.mark.parametrize("name", NAMES)
def test_each_content_of_each_field(name: str) -> None:
    for content in VALUES:
        for dialect in DIALECTS.values():
            same("article", {name: content, "title": "T", "year": "2001"}, dialect)
            same("inproceedings", {"title": "T", name: content}, dialect)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_entries_of_files(path: Path) -> None:
    for entry in Document.open(path).entries:
        source, _ = raw_entry(entry)
        for dialect in DIALECTS.values():
            same(source.type, dict(source.fields), dialect)


@pytest.mark.parametrize("entry_type", ["article", "inproceedings", "book", "incollection", "techreport", "misc"])
def test_common_entries_are_of_a_shape(entry_type: str) -> None:
    fields = {"author": "Jane Doe", "title": "A {B}", "pages": "1--2", "year": "2001", "month": "may", "mine": "x"}
    assert same(entry_type, {**fields, "doi": "10.1000/182", "url": "http://a.b/c", "note": "In print"}, BIBTEX)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("url", "https://arxiv.org/abs/2203.01360"),
        ("doi", "10.48550/arXiv.2203.01360"),
        ("journal", "arXiv preprint arXiv:2203.01360"),
        ("journal", "SSRN Electronic Journal"),
        ("note", "http://a.b/c"),
        ("eprint", "2203.01360"),
        ("year", "19--"),
        ("author+an", "1=equal"),
        ("subtitle", "S"),
    ],
)
def test_what_has_to_be_read_carefully_is(name: str, content: str) -> None:
    assert not same("article", {"author": "Jane Doe", "title": "T", "year": "2001", name: content}, BIBTEX)
