"""Sources by identifier: what is made of their answers, and the limits that they state."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bibtool.cli.sources import read_part
from bibtool.enrich.connect import pacer_of
from bibtool.enrich.sources import crossref, datacite, doiorg, openlibrary, pubmed
from bibtool.enrich.sources.client import Present
from bibtool.enrich.sources.connect import connect_sources
from bibtool.enrich.sources.facts import Notice
from bibtool.enrich.sources.limits import budget_wait_s, stated_delay_s
from bibtool.enrich.sources.lookup import identifier_of
from bibtool.enrich.sources.settings import DEFAULT
from bibtool.enrich.sources.table import SEARCHES, SOURCES
from bibtool.errors import NetworkError, RefusedError
from bibtool.model.record import Record
from tests.support.source_server import Sources, article

if TYPE_CHECKING:
    from pathlib import Path

DOI = "10.1234/a(b)<c>;1-2#d"


def crossref_part(**more: Any) -> bytes:
    return json.dumps({"message": article(DOI, "A title", [("Ada", "Muster")], 2019) | more}).encode()


def test_the_settings_name_all_sources_but_those_that_the_user_has_to_choose() -> None:
    assert set(SOURCES) - set(DEFAULT) == {"dblp", "semanticscholar"}
    assert set(DEFAULT) <= set(SOURCES)


def test_a_doi_is_encoded_as_a_whole() -> None:
    for question in (crossref.question, datacite.question, doiorg.question):
        path = question([DOI])
        assert not set("<>#;() ") & set(path)
        assert path.count("/") == 1 + (question is not doiorg.question)


def test_a_doi_with_a_comma_is_asked_for_alone(tmp_path: Path) -> None:
    works = {doi: article(doi, f"Title of {doi}", [], 2019) for doi in ("10.1234/a,b", "10.1234/c", "10.1234/d")}
    with Sources(works=works) as server:
        client = connect_sources(["crossref"], urls={"crossref": server.url("crossref")}, delay_s=0)["crossref"]
        assert all(isinstance(outcome, Present) for outcome in client.lookup(works).values())
    assert [asked.path.count("10.1234") for asked in server.log] == [2, 1]


@pytest.mark.parametrize(
    ("update", "notice"),
    [
        ({"DOI": "10.1234/R", "type": "retraction"}, Notice("retraction", "10.1234/r")),
        ({"DOI": "10.1234/e", "type": "expression-of-concern"}, Notice("expression_of_concern", "10.1234/e")),
        ({"DOI": "10.1234/n", "type": "new_version"}, None),
        ({"DOI": DOI.upper(), "type": "correction"}, None),
    ],
)
def test_notices_of_crossref(update: dict[str, str], notice: Notice | None) -> None:
    assert crossref.facts(crossref_part(**{"updated-by": [update]})).notices == ((notice,) if notice else ())


def test_the_notice_of_a_retraction_is_not_retracted() -> None:
    facts = crossref.facts(crossref_part(**{"update-to": [{"DOI": "10.1234/x", "type": "retraction"}]}))
    assert not facts.notices


@pytest.mark.parametrize(
    ("title", "retracted"),
    [
        ("RETRACTED: A title", True),
        ("Retracted Article: A title", True),
        ("[Retracted] - A title", True),
        ("Retracted papers and their readers", False),
        ("Why papers are retracted: a survey", False),
    ],
)
def test_titles_that_say_retracted(title: str, *, retracted: bool) -> None:
    notices = crossref.facts(crossref_part(title=[title])).notices
    assert any(notice.is_retraction for notice in notices) is retracted


def test_relations_of_crossref() -> None:
    relation = {
        "is-preprint-of": [{"id-type": "doi", "id": "10.1234/P", "asserted-by": "subject"}],
        "has-review": [{"id-type": "doi", "id": "10.1234/rev"}],
    }
    facts = crossref.facts(crossref_part(relation=relation))
    assert (facts.published, facts.preprints) == (("10.1234/p",), ())


def test_a_cut_set_of_articles_is_not_an_empty_one() -> None:
    with pytest.raises(NetworkError, match="cut"):
        pubmed.split(b"<PubmedArticleSet><PubmedArticle><PMID>1</PMID>", ["1"], False)
    with pytest.raises(NetworkError, match="reports an error: UID=x"):
        pubmed.split(b"<eFetchResult><ERROR>UID=x</ERROR></eFetchResult>", ["1"], False)
    assert pubmed.split(b"<PubmedArticleSet></PubmedArticleSet>", ["1"], False) == {}


@pytest.mark.parametrize(
    ("text", "year"),
    [("1999", 1999), ("Aug 2002", 2002), ("c1984", 1984), ("1994?", 1994), ("", None), ("19th century", None)],
)
def test_the_year_of_a_book(text: str, year: int | None) -> None:
    answer = json.dumps({"ISBN:9780306406157": {"title": "A book", "publish_date": text}}).encode()
    (record,) = read_part(openlibrary.split(answer, ["9780306406157"], False)["9780306406157"], "csl-json")
    assert record.year == year


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-rate-limit-limit": "5", "x-rate-limit-interval": "1s"}, 0.2),
        ({"x-ratelimit-limit": "3"}, 1 / 3),
        ({"x-rate-limit-limit": "10", "x-rate-limit-interval": "5s", "x-rate-limit-remaining": "0"}, 5.0),
        ({"x-rate-limit-limit": "1", "x-rate-limit-interval": "99999s"}, 60.0),
        ({"x-rate-limit-limit": "many"}, 0.0),
        ({}, 0.0),
    ],
)
def test_stated_limits(headers: dict[str, str], seconds: float) -> None:
    assert stated_delay_s(headers) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "3600"}, 3600.0),
        ({"x-ratelimit-remaining-usd": "0.0000", "x-ratelimit-remaining": "3", "x-ratelimit-reset": "60"}, 60.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000090"}, 90.0),
        ({"x-ratelimit-remaining": "970", "x-ratelimit-reset": "3600"}, None),
        ({"x-ratelimit-remaining": "0"}, None),
        ({}, None),
    ],
)
def test_a_budget_that_is_spent(headers: dict[str, str], seconds: float | None) -> None:
    assert budget_wait_s(headers, 1_800_000_000.0) == seconds


def test_a_stated_limit_is_obeyed() -> None:
    pacer_of.cache_clear()
    limits = {"x-rate-limit-limit": "4", "x-rate-limit-interval": "1s"}
    with Sources(headers=limits) as server:
        client = connect_sources(["crossref"], urls={"crossref": server.url("crossref")}, delay_s=0)["crossref"]
        client.lookup(["10.1234/x"])
    assert client.transport.pacer.delay_s == 0.25


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"DOI": "10.1234/x"}, ("DOI", "10.1234/x")),
        ({"DOI": "10.48550/arXiv.2203.01360"}, None),
        ({"DOI": "10.48550/arXiv.2203.01360", "PMID": "123456"}, ("PMID", "123456")),
        ({"ISBN": "978-0-306-40615-7"}, ("ISBN", "9780306406157")),
        ({"title": "A"}, None),
    ],
)
def test_what_is_asked_for(values: dict[str, str], expected: tuple[str, str] | None) -> None:
    assert identifier_of(Record("k", "book", variables=values)) == expected


def test_the_isbn_of_a_chapter_is_that_of_its_book() -> None:
    assert identifier_of(Record("k", "chapter", ISBN="978-0-306-40615-7")) is None


FEEDS = {
    "crossref-lncs-chapter-two-container-titles": 2012,
    "crossref-preprint-double-escaped-title-has-review": 2020,
    "crossref-article-empty-title-original-title": 2007,
    "crossref-title-markup-linebreaks-print-after-online": 2021,
    "datacite-conference-paper": 2013,
    "doi-csl-crossref-2026": 1970,
    "doi-csl-eu-publications-office": 2017,
}


@pytest.mark.parametrize("name", FEEDS)
def test_recorded_answers(shared: Path, name: str) -> None:
    body = (shared / "sources/feeds" / f"{name}.json").read_bytes()
    answer = json.loads(body)
    source = SOURCES[{"cr": "crossref", "da": "datacite", "do": "doi.org"}[name[:2]]]
    work = answer.get("message") or answer.get("data") or answer
    doi = str(work.get("DOI") or work.get("id"))
    part = source.split(body, [doi], False)[doi]
    (record,) = read_part(part, source.format)
    assert record.year == FEEDS[name]
    assert record.title
    assert not any(mark in record.title for mark in ("<", "&", "\n", "  ", " /", " ,"))
    assert not record.journal.startswith("Lecture Notes")


@pytest.mark.parametrize(
    "name", ["botcheck-anubis-challenge.html", "crossref-504-html.html", "openalex-404-html.html", "s2-429.json"]
)
def test_recorded_pages_are_not_answers(shared: Path, name: str) -> None:
    body = (shared / "sources/feeds" / name).read_bytes()
    for source in [*SOURCES.values(), *SEARCHES]:
        if source.name == "openlibrary" and name.startswith("s2"):
            continue  # JSON of another service: an object without this book
        with pytest.raises(RefusedError if name.startswith("bot") else NetworkError):
            source.split(body, ["DOI:10.1234/x"], False)


@pytest.mark.parametrize("name", ["pubmed-retracted-article", "pubmed-efetch-article-update-of-preprint"])
def test_recorded_articles_of_pubmed(shared: Path, name: str) -> None:
    body = (shared / "sources/feeds" / f"{name}.xml").read_bytes()
    pmid = body.partition(b"<PMID")[2].partition(b">")[2].partition(b"<")[0].decode()
    part = pubmed.split(body, [pmid], False)[pmid]
    (record,) = read_part(part, "pubmed-xml")
    assert record.text("PMID") == pmid
    facts = pubmed.facts(part)
    if "retracted" in name:
        assert facts.notices[0].is_retraction
    else:
        assert facts.preprints
        assert facts.preprints[0].startswith("10.")
