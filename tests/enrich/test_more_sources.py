"""The sources that know works under several kinds of identifiers, and those that are searched by title."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bibtool.cli.sources import read_part
from bibtool.enrich.connect import pacer_of
from bibtool.enrich.sources import acl, ads, dblp, europepmc, inspire, openalex, openreview, semanticscholar
from bibtool.enrich.sources.bodies import packed
from bibtool.enrich.sources.client import Absent, Present, SourceClient, Unasked
from bibtool.enrich.sources.connect import connect_sources
from bibtool.enrich.sources.ids import page_identifier, parted
from bibtool.enrich.sources.table import SEARCHES, SOURCES
from bibtool.errors import NetworkError
from bibtool.model.record import Record
from tests.support.source_papers import KEYED, Paper, stand_ins
from tests.support.source_server import PAGE, ROBOT_CHECK, Reply, Sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAPER = Paper(
    title="A slow method for fast answers in sparse linear algebra",
    people=(("Ada", "Muster"), ("Ben", "Probe")),
    year=2019,
    venue="Journal of Invented Results",
    volume="12",
    pages="101-120",
    doi="10.18653/v1/2019.inv-long.7",
    arxiv="1901.01234",
    pmid="31234567",
    openreview="abcDEF_1-3",
    acl="2019.inv-long.7",
    dblp="journals/jir/MusterP19",
)
OTHER = Paper(title="The care of garden clocks", people=(("Eva", "Uhr"),), year=2011, doi="10.18653/v1/2011.inv-1.2")
IDENTIFIERS = {
    "DOI": PAPER.doi, "arXiv": PAPER.arxiv, "PMID": PAPER.pmid, "OpenReview": PAPER.openreview, "ACL": PAPER.acl,
    "DBLP": PAPER.dblp,
}  # fmt: skip
ALL = [f"{kind}:{number}" for kind, number in IDENTIFIERS.items()]
GENERAL = ["dblp", "acl", "inspire", "europepmc", "ads", "openreview", "openalex", "semanticscholar"]
KNOWN = [(name, identifier) for name in GENERAL for identifier in ALL if SOURCES[name].knows(identifier)]
SEARCHED = [source.name for source in SEARCHES if source.name not in ("crossref-search", "datacite-search")]


def clients(server: Sources, **more: Any) -> dict[str, SourceClient]:
    pacer_of.cache_clear()
    urls = {name: server.url(name) for name in GENERAL}
    return connect_sources(GENERAL, urls=urls, delay_s=0, keys=dict.fromkeys(KEYED, "secret-key"), **more)


def records(client: SourceClient, identifier: str) -> list[Record]:
    outcome = client.lookup([identifier])[identifier]
    assert isinstance(outcome, Present), outcome
    return list(read_part(outcome.part, client.source.format))


@pytest.mark.parametrize(("name", "identifier"), KNOWN)
def test_a_work_by_its_identifier(name: str, identifier: str) -> None:
    with Sources(others=stand_ins([OTHER, PAPER])) as server:
        (record,) = records(clients(server)[name], identifier)
    assert record.title == PAPER.title
    assert [person.family for person in record.authors] == ["Muster", "Probe"]
    if name != "semanticscholar":  # its year and venue are often those of the preprint, and are not taken
        assert (record.year, record.journal) == (2019, PAPER.venue)
    assert record.doi.casefold() in ("", PAPER.doi)


@pytest.mark.parametrize("name", SEARCHED)
def test_a_search_gives_candidates_as_records(name: str) -> None:
    with Sources(others=stand_ins([OTHER, PAPER])) as server:
        client = clients(server)[name]
        assert client.source.words_of is not None
        words = client.source.words_of(Record("k", "article", title=PAPER.title))
        outcome = client.lookup([words])[words]
        assert isinstance(outcome, Present)
        titles = [read_part(packed(each), client.source.format)[0].title for each in json.loads(outcome.part)]
    assert PAPER.title in titles
    assert client.source.words_of(Record("k", "article")) == ""


FAULTS: dict[str, Callable[[], Reply]] = {
    "429": lambda: Reply(429, b"", "text/plain"),
    "429 with Retry-After": lambda: Reply(429, b"", "text/plain", {"Retry-After": "0"}),
    "429 for hours": lambda: Reply(429, b"", "text/plain", {"Retry-After": "7200"}),
    "500 with a trace": lambda: Reply(500, b'{"error": "trace", "message": "at line 7"}'),
    "504 page": lambda: Reply(504, PAGE, "text/html"),
    "200 page": lambda: Reply(200, PAGE, "text/html"),
    "200 robot check": lambda: Reply(200, ROBOT_CHECK, "text/html"),
    "403": lambda: Reply(403, b'{"message":"Forbidden"}'),
    "cut": lambda: Reply(200, b'{"results": [{"ti', promised=9000),
    "half JSON": lambda: Reply(200, b'{"results": [{"ti'),
    "empty": lambda: Reply(200, b""),
    "other JSON": lambda: Reply(200, b'{"status": "fine"}'),
    "400": lambda: Reply(400, b'{"error": "Unrecognized or unsupported fields: [x]"}'),
    "moved to nowhere": lambda: Reply(301, headers={"Location": "/nowhere/at/all"}),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", [*GENERAL, *SEARCHED])
def test_what_is_no_answer_is_never_not_found(name: str, fault: str) -> None:
    with Sources(others=stand_ins([PAPER]) | {"nowhere": lambda *_: Reply(500)}) as server:
        server.fault = lambda service, *_: FAULTS[fault]() if service != "nowhere" else None
        client = clients(server)[name]
        asked = next((each for each in ALL if client.source.knows(each)), PAPER.title)
        outcome = client.lookup([asked])[asked]
    assert isinstance(outcome, Unasked)
    assert "secret-key" not in outcome.reason


@pytest.mark.parametrize("name", [name for name in GENERAL if SOURCES[name].batch > 1])
def test_a_batch_is_joined_by_identifier(name: str) -> None:
    papers = [
        Paper(title=f"Invented result {number}", people=(("Ada", "Muster"),), year=2000, doi=f"10.1234/r.{number}")
        for number in range(9)
    ]
    with Sources(others=stand_ins(papers)) as server:
        client = clients(server)[name]
        outcomes = client.lookup([*(f"DOI:{paper.doi}" for paper in papers), "DOI:10.1234/none"])
        requests = len(server.log)
    for paper in papers:
        outcome = outcomes[f"DOI:{paper.doi}"]
        assert isinstance(outcome, Present)
        assert read_part(outcome.part, "csl-json")[0].title == paper.title
    assert isinstance(outcomes["DOI:10.1234/none"], Absent)
    assert requests == 1


def test_a_batch_of_another_length_is_no_answer() -> None:
    with pytest.raises(NetworkError):
        semanticscholar.split(b"[null]", ["DOI:10.1234/a", "DOI:10.1234/b"], False)


def test_a_key_is_sent_and_never_said() -> None:
    with Sources(others=stand_ins([PAPER])) as server:
        made = clients(server)
        made["ads"].lookup([f"DOI:{PAPER.doi}"])
        made["openalex"].lookup([f"DOI:{PAPER.doi}"])
    assert server.log[0].headers["Authorization"] == "Bearer secret-key"
    assert server.log[1].path.endswith("&api_key=secret-key")
    assert "secret-key" not in repr(made["openalex"].transport)


def test_a_source_without_its_key_is_left_out() -> None:
    assert set(connect_sources(["openalex", "ads", "semanticscholar"])) == {
        "semanticscholar", "semanticscholar-search"
    }  # fmt: skip


def test_a_key_is_not_sent_to_another_server() -> None:
    with Sources() as elsewhere, Sources(others=stand_ins([PAPER])) as server:
        pacer_of.cache_clear()
        away = elsewhere.url("crossref").replace("127.0.0.1", "localhost")
        server.fault = lambda *_: Reply(307, headers={"Location": f"{away}/works/x"})
        urls = {"semanticscholar": server.url("semanticscholar")}
        client = connect_sources(["semanticscholar"], urls=urls, delay_s=0, keys={"semanticscholar": "secret-key"})
        client["semanticscholar-search"].lookup(["a title"])
    assert server.log[0].headers["x-api-key"] == "secret-key"
    assert elsewhere.log
    assert not any("secret-key" in json.dumps(asked.headers) for asked in elsewhere.log)


def test_a_spent_budget_ends_the_asking() -> None:
    left = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "4000"}
    with Sources(others=stand_ins([PAPER]), headers=left) as server:
        client = clients(server)["openalex"]
        assert isinstance(client.lookup([f"DOI:{PAPER.doi}"])[f"DOI:{PAPER.doi}"], Present)
        outcome = client.lookup(["DOI:10.1234/next"])["DOI:10.1234/next"]
        assert len(server.log) == 1
    assert isinstance(outcome, Unasked)
    assert "budget is spent; it is renewed in 67 min" in outcome.reason


def test_a_redirect_within_the_service_is_followed() -> None:
    with Sources(others=stand_ins([PAPER])) as server:
        moved = {"Location": "/inspire/literature?q=" + f'doi%3A"{PAPER.doi}"'.replace('"', "%22").replace("/", "%2F")}
        server.fault = lambda _service, _path, number: Reply(301, headers=moved) if number == 1 else None
        (record,) = records(clients(server)["inspire"], f"DOI:{PAPER.doi}")
    assert record.title == PAPER.title


@pytest.mark.parametrize(
    ("url", "key", "expected"),
    [
        ("https://openreview.net/forum?id=abcDEF_1-3", "k", ("OpenReview", "abcDEF_1-3")),
        ("https://openreview.net/pdf?id=abcDEF_1-3", "k", ("OpenReview", "abcDEF_1-3")),
        ("https://aclanthology.org/P18-1001/", "k", ("ACL", "P18-1001")),
        ("https://aclanthology.org/2022.acl-long.1.pdf", "k", ("ACL", "2022.acl-long.1")),
        ("https://dblp.org/rec/conf/nips/AbcD20.html", "k", ("DBLP", "conf/nips/AbcD20")),
        ("", "DBLP:conf/nips/AbcD20", ("DBLP", "conf/nips/AbcD20")),
        ("https://example.org/forum?id=abcDEF_1-3", "k", None),
    ],
)
def test_numbers_of_pages(url: str, key: str, expected: tuple[str, str] | None) -> None:
    assert page_identifier(Record(key, "article", variables={"URL": url} if url else {})) == expected


def test_the_doi_of_the_anthology_holds_its_number() -> None:
    assert acl.question(["DOI:10.18653/V1/P18-1001"]) == "/P18-1001.bib"
    assert acl.question(["DOI:10.18653/v1/2022.ACL-long.1"]) == "/2022.acl-long.1.bib"
    assert not acl.knows("DOI:10.1234/v1/P18-1001")


def test_a_submission_that_was_not_accepted_is_a_preprint() -> None:
    for venue, venueid in (("Submitted to ICLR 2024", "ICLR.cc/2024/Conference/Rejected_Submission"), ("", "")):
        content = {"title": {"value": "T"}, "venue": {"value": venue}, "venueid": {"value": venueid}}
        body = json.dumps({"notes": [{"id": "abcdef", "cdate": 1_600_000_000_000, "content": content}]}).encode()
        (record,) = read_part(openreview.split(body, ["OpenReview:abcdef"], False)["OpenReview:abcdef"], "csl-json")
        assert (record.type, record.journal, record.year) == ("article", "", 2020)


def test_retractions_are_facts() -> None:
    work = {"title": "T", "doi": "https://doi.org/10.1234/x", "is_retracted": True}
    part = openalex.split(json.dumps({"results": [work]}).encode(), ["DOI:10.1234/x"], False)["DOI:10.1234/x"]
    assert openalex.OPENALEX.facts(part).notices[0].is_retraction
    (record,) = read_part(part, "csl-json")
    assert not record.leftovers


def test_of_two_manifestations_semantic_scholar_names_the_publication() -> None:
    paper = {"title": "T", "authors": [], "externalIds": {"DOI": "10.1234/X", "ArXiv": "1901.01234"}}
    part = semanticscholar.split(json.dumps([paper]).encode(), ["arXiv:1901.01234"], False)["arXiv:1901.01234"]
    assert semanticscholar.SEMANTIC_SCHOLAR.facts(part).published == ("10.1234/x",)


FEEDS: dict[str, tuple[Any, int, str]] = {
    "dblp-search-homonym-numbers.json": (dblp.split_search, 2, ""),
    "dblp-search-single-author-object.json": (dblp.split_search, 3, "Matching parse thickets for open domain"),
    "dblp-search-entities-in-title.json": (dblp.split_search, 1, ""),
    "dblp-search-editorship-no-authors.json": (dblp.split_search, 1, ""),
    "dblp-search-empty.json": (dblp.split_search, 0, ""),
    "openalex-search-title-two-works.json": (openalex.split_search, 2, ""),
    "openalex-list-cyrillic-report-noauthor.json": (openalex.split_search, 1, ""),
    "s2-search-empty.json": (semanticscholar.split_search, 0, ""),
    "s2-match-wrong-article.json": (semanticscholar.split_search, 1, "Explanation of Gravity Hill of Mainpat"),
    "s2-match-preprint-and-article-merged.json": (semanticscholar.split_search, 1, ""),
    "ads-bigquery.json": (ads.split_search, 3, "The Optical and Radio Properties of X-Ray"),
}


@pytest.mark.parametrize("name", FEEDS)
def test_recorded_answers(shared: Path, name: str) -> None:
    split, least, title = FEEDS[name]
    part = split((shared / "sources/feeds" / name).read_bytes(), ["x"], False)
    found = [read_part(packed(each), "csl-json")[0] for each in json.loads(part["x"])] if part else []
    assert len(found) >= least
    assert bool(found) == bool(least)
    for record in found:
        assert record.title
        assert not any(mark in record.title for mark in ("<", "&amp;", "&quot;", "\n", "  "))
        assert not record.title.endswith(".")
        assert not any(person.family.isdigit() for person in record.authors)
    assert not found or found[0].title.startswith(title)


@pytest.mark.parametrize(
    ("name", "source", "identifier"),
    [
        ("inspire-record-1", inspire, "arXiv:2103.06995"),
        ("europepmc-article", europepmc, "DOI:10.1080/23802359.2021.1911705"),
    ],
)
def test_recorded_records(shared: Path, name: str, source: Any, identifier: str) -> None:
    """The recorded answers hold one record each, as a list holds it."""
    work = json.loads((shared / "sources/feeds" / f"{name}.json").read_bytes())
    body = {"hits": {"hits": [work]}, "resultList": {"result": [work]}}
    part = source.split(json.dumps(body).encode(), [identifier], False)[identifier]
    (record,) = read_part(part, "csl-json")
    assert record.year == 2021
    assert record.text("volume") in ("81", "6")
    assert record.authors
    assert parted(identifier)[1] in (record.doi, record.arxiv.id.number if record.arxiv and record.arxiv.id else "")


def test_recorded_batch_of_semantic_scholar(shared: Path) -> None:
    body = (shared / "sources/feeds/s2-batch-with-null.json").read_bytes()
    wanted = [f"DOI:10.1234/{number}" for number in range(len(json.loads(body)))]
    found = semanticscholar.split(body, wanted, False)
    assert wanted[0] not in found
    assert read_part(found[wanted[1]], "csl-json")[0].doi == "10.2139/ssrn.288970"
