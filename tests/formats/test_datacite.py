"""DataCite's JSON: related items, kinds of texts, titles, contributors."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bibtool.formats import datacite
from bibtool.formats.base import ReadOptions
from bibtool.model.record import Record


def read(**attributes: Any) -> Record:
    work = {"doi": "10.5555/dust", "schemaVersion": "http://datacite.org/schema/kernel-4", **attributes}
    return datacite.read(json.dumps({"data": {"attributes": work}}).encode(), ReadOptions()).records[0]


def values(record: Record) -> dict[str, str]:
    """The variables as text, without the DOI."""
    return {
        name: "; ".join(person.display() for person in record.names(name).names) or record.text(name)
        for name in record.variables
        if name != "DOI"
    }


JOURNAL = {
    "relationType": "IsPublishedIn", "relatedItemType": "Journal", "titles": [{"title": "Journal of Dust"}],
    "relatedItemIdentifier": {"relatedItemIdentifier": "0005-8580", "relatedItemIdentifierType": "ISSN"},
    "volume": "3", "issue": "2", "number": "e7", "numberType": "Article", "firstPage": "1", "lastPage": "9",
}  # fmt: skip
BOOK = {
    "relationType": "IsPublishedIn", "relatedItemType": "Book", "titles": [{"title": "The Book of Dust"}],
    "contributors": [{"name": "Hand, Eva", "contributorType": "Editor"}], "creators": [{"name": "Doe, Al"}],
    "publisher": "Dust Press", "number": "4", "numberType": "Chapter", "edition": "2", "publicationYear": 2019,
    "relatedItemIdentifier": "9780306406157", "relatedItemIdentifierType": "ISBN",
}  # fmt: skip


def test_an_article_is_in_its_journal() -> None:
    record = read(types={"resourceTypeGeneral": "JournalArticle"}, relatedItems=[JOURNAL])
    assert record.type == "article-journal"
    assert values(record) == {
        "container-title": "Journal of Dust", "ISSN": "0005-8580", "volume": "3", "issue": "2", "number": "e7",
        "page": "1-9",
    }  # fmt: skip
    assert record.leftovers == ()


def test_a_text_in_a_book_is_a_chapter() -> None:
    record = read(types={"resourceTypeGeneral": "Text", "citeproc": "article-journal"}, relatedItems=[BOOK])
    assert record.type == "chapter"
    assert record.year == 2019
    assert {name: text for name, text in values(record).items() if name != "issued"} == {
        "container-title": "The Book of Dust", "editor": "Eva Hand", "container-author": "Al Doe",
        "publisher": "Dust Press", "chapter-number": "4", "edition": "2", "ISBN": "9780306406157",
    }  # fmt: skip


def test_a_whole_book_is_in_a_series() -> None:
    series = {"relationType": "IsPublishedIn", "titles": [{"title": "Studies in Dust"}], "volume": 12}
    record = read(types={"resourceTypeGeneral": "Book"}, relatedItems=[series])
    assert values(record) == {"collection-title": "Studies in Dust", "collection-number": "12"}
    container = {"type": "Series", "title": "Studies in Dust", "volume": "12"}
    assert values(read(types={"resourceTypeGeneral": "Book"}, container=container)) == values(record)


def test_other_relations_are_kept() -> None:
    cited = {"relationType": "Cites", "titles": [{"title": "Ash"}]}
    record = read(types={"resourceTypeGeneral": "Dataset"}, relatedItems=[cited])
    assert values(record) == {}
    assert "Ash" in record.leftover("datacite", "relatedItems")


@pytest.mark.parametrize(
    ("types", "csl_type"),
    [
        ({"resourceTypeGeneral": "Text", "resourceType": "Doctoral Thesis", "citeproc": "article-journal"}, "thesis"),
        ({"resourceTypeGeneral": "Text", "resourceType": "Working Paper"}, "report"),
        ({"resourceTypeGeneral": "Text", "resourceType": "Conference paper"}, "paper-conference"),
        ({"resourceTypeGeneral": "Text", "citeproc": "book"}, "book"),
        ({"resourceTypeGeneral": "Text"}, "document"),
        ({"resourceTypeGeneral": "Poster"}, "speech"),
        ({"resourceTypeGeneral": "ConferenceProceeding"}, "book"),
    ],
)
def test_the_type_of_a_text(types: dict[str, str], csl_type: str) -> None:
    assert read(types=types).type == csl_type


@pytest.mark.parametrize("kind", ["TranslatedTitle", "AlternativeTitle"])
def test_a_title_that_is_alone_is_the_title(kind: str) -> None:
    assert read(titles=[{"title": "On Dust", "titleType": kind}]).title == "On Dust"
    both = read(titles=[{"title": "Über Staub"}, {"title": "On Dust", "titleType": kind}])
    assert both.title == "Über Staub"
    assert both.leftover("datacite", f"titles.{kind}") == "On Dust"
    sub = read(titles=[{"title": "On Dust", "titleType": kind}, {"title": "an essay", "titleType": "Subtitle"}])
    assert sub.title == "On Dust: an essay"


@pytest.mark.parametrize(
    ("role", "variable"),
    [("Editor", "editor"), ("Producer", "producer"), ("DataCurator", "curator"), ("Supervisor", "contributor")],
)
def test_a_contributor_has_a_role(role: str, variable: str) -> None:
    assert values(read(contributors=[{"name": "Hand, Eva", "contributorType": role}])) == {variable: "Eva Hand"}


@pytest.mark.parametrize("unknown", ["(:unav)", ":unkn", "(:null)", "(:TBA)"])
def test_a_standard_value_for_nothing_known_is_no_value(unknown: str) -> None:
    assert values(read(publisher=unknown, creators=[{"name": unknown}], titles=[{"title": unknown}])) == {}


def test_the_number_of_the_whole() -> None:
    part_of = {"relationType": "IsPartOf", "relatedIdentifierType": "ISSN", "relatedIdentifier": "0005-8580"}
    cites = {"relationType": "Cites", "relatedIdentifierType": "DOI", "relatedIdentifier": "10.5555/ash"}
    record = read(relatedIdentifiers=[part_of, cites])
    assert values(record) == {"ISSN": "0005-8580"}
    assert [left.name for left in record.leftovers] == ["relatedIdentifiers"]
