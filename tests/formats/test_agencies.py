"""Crossref's and DataCite's JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bibtool.errors import InputError
from bibtool.formats import crossref, datacite
from bibtool.formats.base import ReadOptions
from bibtool.formats.registry import reader_of
from bibtool.model.dates import Date
from bibtool.model.identifiers import parse_arxiv_id
from bibtool.model.names import Name, Names
from bibtool.model.record import Record
from bibtool.model.richtext import Span, Text

FIXTURES = Path(__file__).parents[2] / "fixtures"
OPTIONS = ReadOptions(path="x.json")


def test_crossref() -> None:
    result = crossref.read((FIXTURES / "crossref/works.json").read_bytes(), OPTIONS)
    assert result.problems == ()
    article, chapter = result.records
    assert article.variables["title"] == Text(
        (
            "Toward a ",
            Span("italic", ("Unified",)),
            " Theory of H",
            Span("subscript", ("2",)),
            "O: An invented subtitle",
        )
    )
    assert article.names("author") == Names(
        (
            Name(family="Carberry", given="Josiah", orcid="0000-0002-1825-0097"),
            Name(literal="The Invented Collaboration"),
        )
    )
    assert article.date() == Date.of(2008, 8, 14)
    assert article.text("abstract") == "Pots are cracked."
    assert json.loads(article.leftover("crossref", "funder")) == [{"name": "Invented Fund"}]
    assert (chapter.type, chapter.text("container-title")) == ("chapter", "A Book")
    assert chapter.text("collection-title") == "Lecture Notes in Inventions"


def test_datacite() -> None:
    record = datacite.read((FIXTURES / "datacite/works.json").read_bytes(), OPTIONS).records[0]
    assert record.type == "article"
    assert record.arxiv is not None
    assert record.arxiv.id == parse_arxiv_id("2203.01360")
    assert record.date() == Date.of(2022)
    assert record.date("submitted") == Date.of(2022, 3, 2)
    assert record.names("author") == Names((Name(family="Bruna", given="Joan"), Name(literal="Invented Institute")))


def one(work: dict[str, Any]) -> Record:
    return crossref.read(json.dumps({"DOI": "10.5555/a", **work}).encode(), OPTIONS).records[0]


def test_a_year_is_never_made_a_day() -> None:
    record = one({"issued": {"date-parts": [[2008]]}, "published-online": {"date-parts": [[2007, 12, 30]]}})
    assert record.date() == Date.of(2008)
    assert record.leftover("crossref", "published-online") == "2007-12-30"
    assert one({"issued": {"date-parts": [[None]]}}).date() is None


def test_items_one_behind_the_other_and_lists() -> None:
    work = json.dumps({"DOI": "10.5555/a", "type": "journal-article", "title": ["A"]})
    for text in (f"{work}\n{work}", f"[{work}, {work}]", f'{{"message": {{"items": [{work}, {work}]}}}}'):
        assert [r.title for r in crossref.read(text.encode(), OPTIONS).records] == ["A", "A"]


def test_a_bad_item_has_good_neighbours() -> None:
    work = json.dumps({"DOI": "10.5555/a", "type": "nonsense", "title": ["A"]})
    result = crossref.read(f"[{work},\n5,\n{work}]".encode(), OPTIONS)
    assert [r.title for r in result.records] == ["A", "A"]
    assert [p.code for p in result.problems] == ["unknown-type", "not-an-item", "unknown-type"]
    assert result.problems[1].position.line == 2
    cut = crossref.read(f"{work}\n{work[:20]}".encode(), OPTIONS)
    assert len(cut.records) == 1
    assert cut.problems[-1].code == "json-syntax"


@pytest.mark.slow
@pytest.mark.parametrize(
    "titles",
    [
        ["Lecture Notes in Inventions", "Proceedings of Nothing 2012"],
        ["Proceedings of Nothing 2012", "Lecture Notes in Inventions"],
    ],
)
def test_crossref_gives_series_and_book_in_any_order(titles: list[str]) -> None:
    chapter = one({"type": "book-chapter", "title": ["A"], "container-title": titles})
    assert chapter.text("container-title") == "Proceedings of Nothing 2012"
    assert chapter.text("collection-title") == "Lecture Notes in Inventions"


def test_crossref_has_the_title_of_some_backfiles_in_another_member() -> None:
    record = one({"type": "journal-article", "title": [""], "original-title": ["Über das Warten"], "subtitle": [""]})
    assert record.title == "Über das Warten"
    assert not record.text("original-title")


def test_titles_that_were_escaped_twice() -> None:
    record = one({"title": ["The &amp;lt;sup&amp;gt;13&amp;lt;/sup&amp;gt;C of ponds &amp; lakes, p &lt; 0.05"]})
    assert record.title == "The 13C of ponds & lakes, p < 0.05"


def test_crossref_lays_titles_out_in_lines() -> None:
    record = one({"title": ["A test of\n   <i>ABC</i>\n   /\n   <i>DEF</i>\n   , in mice"]})
    assert record.title == "A test of ABC/DEF, in mice"


def test_the_year_of_an_article_is_that_of_its_volume() -> None:
    dates = {
        "issued": {"date-parts": [[2020, 11, 2]]},
        "published-online": {"date-parts": [[2020, 11, 2]]},
        "published-print": {"date-parts": [[2021, 3]]},
    }
    article = one({"type": "journal-article", "title": ["A"], "volume": "7", **dates})
    assert article.date() == Date.of(2021, 3)
    assert article.leftover("crossref", "published-online") == "2020-11-02"
    assert one({"type": "journal-article", "title": ["A"], **dates}).date() == Date.of(2020, 11, 2)  # in no volume yet


def test_the_editors_of_a_journal_are_not_those_of_an_article() -> None:
    editor = [{"given": "Eve", "family": "Lind"}]
    article = one({"type": "journal-article", "title": ["A"], "editor": editor})
    assert not article.names("editor")
    assert "Lind" in article.leftover("crossref", "editor")
    assert one({"type": "book", "title": ["A"], "editor": editor}).names("editor")


def test_datacite_creators_in_one_string() -> None:
    attributes = {"doi": "10.5555/a", "titles": [{"title": "A"}], "types": {"resourceTypeGeneral": "Dataset"}}
    people = {"creators": [{"name": "Doe, Jane (Invented University); Lind, Bo"}]}
    record = datacite.read(json.dumps({"data": {"attributes": attributes | people}}).encode(), OPTIONS).records[0]
    assert record.authors == Names((Name(family="Doe", given="Jane"), Name(family="Lind", given="Bo")))
    organisation = {"creators": [{"name": "Office of Lists; Bonn", "nameType": "Organizational"}]}
    record = datacite.read(json.dumps({"data": {"attributes": attributes | organisation}}).encode(), OPTIONS).records[0]
    assert record.authors == Names((Name(literal="Office of Lists; Bonn"),))


@pytest.mark.parametrize("name", ["crossref", "datacite"])
@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "hello", '{"a": 1e999', "\x00"])
def test_harmful_json_is_one_error_or_nothing(name: str, text: str) -> None:
    with pytest.raises(InputError, match=r"x\.json"):
        reader_of(name)(text.encode(), OPTIONS)
