"""PubMed's tagged format."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibtool.errors import InputError
from bibtool.formats import nbib
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.model.dates import Date, DateParts
from bibtool.model.names import Name, Names

FIXTURE = Path(__file__).parents[2] / "fixtures/nbib/mixed.nbib"


def test_citations_as_pubmed_writes_them() -> None:
    result = nbib.read(FIXTURE.read_bytes(), ReadOptions())
    assert result.problems == ()
    watson, lopez = result.records
    assert watson.title.endswith("a structure for deoxyribose nucleic acid.")
    assert watson.text("page") == "737-738"
    assert watson.date() == Date.of(1953, 4, 25)
    assert (watson.text("PMID"), watson.text("DOI")) == ("13054692", "10.1038/171737a0")
    assert watson.names("author") == Names((Name(family="WATSON", given="J D"), Name(family="CRICK", given="F H")))
    assert watson.leftover("nbib", "JID") == "0410462"
    assert lopez.date() == Date(DateParts(2020, season=4))
    assert lopez.date("available-date") == Date.of(2020, 11, 5)
    assert lopez.names("author")[1] == Name(literal="The Invented Study Group")
    assert lopez.text("keyword") == "placebo, nothing"
    assert lopez.leftover("nbib", "PT") == "Randomized Controlled Trial"


def test_written_again_nothing_is_lost() -> None:
    records = nbib.read(FIXTURE.read_bytes(), ReadOptions()).records
    data = nbib.write(records, WriteOptions()).data
    again = nbib.read(data, ReadOptions()).records
    assert again[1].variables == records[1].variables
    assert {(x.name, x.value) for x in again[1].leftovers} == {(x.name, x.value) for x in records[1].leftovers}
    assert nbib.write(again, WriteOptions()).data == data


def test_short_names_where_there_are_no_full_ones() -> None:
    record = nbib.read(b"PMID- 1\nAU  - Watson JD\nAU  - King ML Jr\nAU  - et al.\n", ReadOptions()).records[0]
    assert record.names("author") == Names(
        (Name(family="Watson", given="J D"), Name(family="King", given="M L", suffix="Jr")), truncated=True
    )


def test_citations_without_a_blank_line_and_lines_without_a_tag() -> None:
    result = nbib.read(b"PMID- 1\nTI  - A\nPMID- 2\nTI  - B\n\nwords\n\nPMID- 3\nTI  - C\n", ReadOptions(path="x"))
    assert [r.title for r in result.records] == ["A", "B", "C"]
    assert [(p.code, p.position.line) for p in result.problems] == [("nbib-outside", 6)]


@pytest.mark.parametrize("data", [b"", b"words only\n", b"\x00"])
def test_what_is_none_of_these_is_one_error(data: bytes) -> None:
    with pytest.raises(InputError):
        nbib.read(data, ReadOptions())
