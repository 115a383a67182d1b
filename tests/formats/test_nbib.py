"""PubMed's tagged format."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibtool.errors import InputError
from bibtool.formats import nbib
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.model.dates import Date, DateParts
from bibtool.model.names import Name, Names
from bibtool.model.record import Record
from bibtool.model.richtext import Text

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


def test_a_suffix_is_the_last_word_of_a_full_name() -> None:
    # NLM's "MEDLINE/PubMed Data Element (Field) Descriptions": AU - Strauss JF 3rd, FAU - Strauss, Jerome F 3rd
    text = b"PMID- 1\nFAU - Strauss, Jerome F 3rd\nAU  - Strauss JF 3rd\nFAU - King, Martin Luther Jr\nFED - Doe, Jr\n"
    record = nbib.read(text, ReadOptions()).records[0]
    people = (
        Name(family="Strauss", given="Jerome F", suffix="3rd"),
        Name(family="King", given="Martin Luther", suffix="Jr"),
    )
    assert record.names("author") == Names(people)
    assert record.names("editor") == Names((Name(family="Doe", given="Jr"),))
    again = nbib.read(nbib.write([record], WriteOptions()).data, ReadOptions()).records[0]
    assert again.variables == record.variables
    odd = Record(key="a", variables={"author": Names((Name(family="Doe", given="John Jr"),))})
    assert [p.code for p in nbib.write([odd], WriteOptions()).problems] == ["not-representable"]


def test_citations_without_a_blank_line_and_lines_without_a_tag() -> None:
    result = nbib.read(b"PMID- 1\nTI  - A\nPMID- 2\nTI  - B\n\nwords\n\nPMID- 3\nTI  - C\n", ReadOptions(path="x"))
    assert [r.title for r in result.records] == ["A", "B", "C"]
    assert [(p.code, p.position.line) for p in result.problems] == [("nbib-outside", 6)]


@pytest.mark.parametrize("data", [b"", b"words only\n", b"\x00"])
def test_what_is_none_of_these_is_one_error(data: bytes) -> None:
    with pytest.raises(InputError):
        nbib.read(data, ReadOptions())


def read(text: str) -> Record:
    (record,) = nbib.read(text.encode(), ReadOptions()).records
    return record


def test_a_chapter_and_a_book_of_pubmed() -> None:
    tags = "PMID- 5\nFED - Hand, Eva\nPB  - Dust Press\nPL  - Turku\nISBN- 9780306406157\nPT  - Book Chapter\n"
    chapter = read(tags + "BTI - The Book of Dust\nTI  - On Dust\nCTI - Studies in Dust\n")
    assert (chapter.type, chapter.title, chapter.text("container-title")) == ("chapter", "On Dust", "The Book of Dust")
    assert (chapter.text("collection-title"), chapter.text("publisher")) == ("Studies in Dust", "Dust Press")
    again = nbib.read(nbib.write([chapter], WriteOptions()).data, ReadOptions()).records[0]
    assert (again.type, again.variables) == (chapter.type, chapter.variables)
    book = read("PMID- 5\nED  - Hand E\nPT  - Review\nBTI - The Book of Dust\n")
    assert (book.type, book.title) == ("book", "The Book of Dust")
    assert book.names("editor") == Names((Name(family="Hand", given="E"),))


@pytest.mark.parametrize(
    ("types", "csl_type"),
    [
        (("Dissertations/Theses - Masters Theses",), "thesis"), (("Reports - Descriptive",), "report"),
        (("Reports - Research", "Journal Articles"), "article-journal"), (("Books", "Guides - General"), "book"),
        (("Speeches/Meeting Papers", "Reports - Research"), "paper-conference"),
        (("Collected Works - Proceedings",), "book"), (("Opinion Papers",), "article-journal"),
        (("Preprint", "Journal Article"), "article"), (("Clinical Trial",), "article-journal"), ((), "document"),
    ],
)  # fmt: skip
def test_the_type_of_several_that_says_most(types: tuple[str, ...], csl_type: str) -> None:
    assert read("TI  - On Dust\n" + "".join(f"PT  - {name}\n" for name in types)).type == csl_type


def test_a_citation_of_pubmed_without_a_type_is_an_article() -> None:
    assert read("PMID- 5\nTI  - On Dust\n").type == "article-journal"


@pytest.mark.parametrize(
    ("journal", "values"),
    [
        (
            "ProQuest LLC, Ph.D. Dissertation, University of Dust",
            {"archive": "ProQuest LLC", "genre": "Ph.D. Dissertation", "publisher": "University of Dust"},
        ),
        ("Ed.D. Dissertation, University of Dust", {"genre": "Ed.D. Dissertation", "publisher": "University of Dust"}),
        ("University of Dust", {"publisher": "University of Dust"}),
    ],
)
def test_what_eric_has_for_a_journal_is_the_publisher_of_a_thesis(journal: str, values: dict[str, str]) -> None:
    record = read(f"OWN - ERIC\nJT  - {journal}\nPT  - Dissertations/Theses - Doctoral Dissertations\n")
    assert {name: record.text(name) for name in record.variables} == values


def test_what_eric_has_for_a_journal_is_one_for_an_article() -> None:
    article = read("OWN - ERIC\nJT  - Dust Studies\nPT  - Journal Articles\nPT  - Reports - Research\n")
    assert (article.text("container-title"), article.text("publisher")) == ("Dust Studies", "")
    assert read("OWN - ERIC\nJT  - Dust Press\nPT  - Books\n").text("publisher") == "Dust Press"


@pytest.mark.parametrize(
    ("line", "variable", "number"),
    [
        ("ISBN- ISBN-978-0-3064-0615-7", "ISBN", "978-0-3064-0615-7"), ("ISBN- 9780306406157", "ISBN", "9780306406157"),
        ("ISSN- ISSN-0005-8580", "ISSN", "0005-8580"), ("ISSN- EISSN-0005-8580", "ISSN", "0005-8580"),
        ("IS  - 0005-8580 (Linking)", "ISSN", "0005-8580"),
    ],
)  # fmt: skip
def test_a_number_does_not_have_its_name_before_it(line: str, variable: str, number: str) -> None:
    record = read(f"TI  - On Dust\n{line}\n")
    assert record.text(variable) == number
    assert record.leftovers == ()


def test_a_language_and_a_name_with_a_comma() -> None:
    record = read("TI  - On Dust\nLA  - ger\nAU  - Doe, J\nAU  - Roe, Jane\n")
    assert record.text("language") == "de"
    assert record.names("author") == Names((Name(family="Doe", given="J"), Name(family="Roe", given="Jane")))
    assert b"LA  - ger\n" in nbib.write([record], WriteOptions()).data


def test_paragraphs_of_an_abstract_are_said_to_be_lost() -> None:
    record = Record(type="book", key="a", variables={"title": Text(("T",)), "abstract": Text(("One.\n\nTwo.",))})
    result = nbib.write([record], WriteOptions())
    assert ["line breaks of abstract" in problem.message for problem in result.problems] == [True]
    assert b"AB  - One. Two.\n" in result.data
