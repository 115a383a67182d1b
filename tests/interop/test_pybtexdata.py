"""Records and documents as pybtex's data and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pybtex.database import BibliographyData, Entry, Person, parse_string

from bibtool.bib import Document
from bibtool.formats.registry import read_bytes
from bibtool.interop import from_pybtex, to_pybtex

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = """\
@string{j = "Journal"}
@preamble{"\\newcommand{\\x}{}" # " y"}
@Article{One, Author = {A. van B and {The Group} and others}, journal = j # " A", month = mar, year = 1999}
@book{two, editor = "Last, Jr, First", title = {T}}
"""


def test_the_data_are_as_pybtex_reads_them() -> None:
    result = to_pybtex(Document.from_text(SAMPLE))
    assert result.problems == ()
    assert result.data == parse_string(SAMPLE, "bibtex")


def test_data_come_back() -> None:
    data = parse_string(SAMPLE, "bibtex")
    result = from_pybtex(data)
    assert result.problems == ()
    assert to_pybtex(result.document).data == data
    assert parse_string(result.document.text, "bibtex") == data


@pytest.mark.slow
def test_real_files_come_back(shared: Path) -> None:
    text = (shared / "corpus" / "dblp-1k.bib").read_text(encoding="utf-8")
    data = parse_string(text, "bibtex")
    assert to_pybtex(Document.from_text(text)).data == data
    result = from_pybtex(data)
    assert result.problems == ()
    assert parse_string(result.document.text, "bibtex") == data


@pytest.mark.slow
def test_fixtures_come_back_or_are_reported(fixtures: Path) -> None:
    for path in sorted(fixtures.rglob("*.bib")):
        data = to_pybtex(Document.from_bytes(path.read_bytes())).data
        result = from_pybtex(data)
        assert result.problems or to_pybtex(result.document).data == data, path


def test_records_come_back() -> None:
    source = (
        b"@article{k, author = {de la Cruz, Ana and others}, title = {T}, journal = {J}, pages = {1--2}, year = 1999}"
    )
    records = read_bytes(source, "bibtex").records
    made = to_pybtex(records)
    assert made.problems == ()
    assert made.data.entries["k"].persons["author"][0].prelast_names == ["de", "la"]
    (record,) = from_pybtex(made.data).read().records
    assert (record.key, record.type, record.variables) == ("k", records[0].type, records[0].variables)


def test_what_pybtex_holds_once_is_reported() -> None:
    document = Document.from_text("@misc{k, n = 1, N = 2}\n@misc{K, n = 3}\n")
    result = to_pybtex(document)
    assert [(problem.code, problem.key) for problem in result.problems] == [
        ("duplicate-field", "k"),
        ("duplicate-key", "K"),
    ]
    assert result.data.entries["k"].fields["n"] == "1"


def test_a_name_that_pybtex_can_not_split_is_reported() -> None:
    result = to_pybtex(Document.from_text("@misc{k, author = {A, B, C, D and E F}}"))
    assert [(problem.code, problem.key) for problem in result.problems] == [("malformed-name", "k")]
    assert [str(person) for person in result.data.entries["k"].persons["author"]][-1] == "F, E"


def test_an_entry_that_can_not_be_written_is_reported_and_the_others_stay() -> None:
    data = BibliographyData(
        {
            "a, b": Entry("misc", {"n": "x"}),
            "open": Entry("misc", {"n": "{"}),
            "good": Entry("misc", {"n": "x"}, {"author": [Person("A B")]}),
        }
    )
    result = from_pybtex(data)
    assert [entry.key for entry in result.document.entries] == ["good"]
    assert [(problem.code, problem.key) for problem in result.problems] == [
        ("unwritable-entry", "a, b"),
        ("unwritable-entry", "open"),
    ]


def test_a_person_that_no_form_can_hold_is_reported() -> None:
    person = Person(first="lower", last="Last")
    person.prelast_names = ["Upper"]
    result = from_pybtex(BibliographyData({"k": Entry("misc", {}, {"author": [person]})}))
    assert [(problem.code, problem.key) for problem in result.problems] == [("malformed-name", "k")]


def test_nothing_gives_nothing() -> None:
    assert to_pybtex([]).data == BibliographyData()
    assert from_pybtex(BibliographyData()).document.text == ""
