"""``bibtool import`` and ``enrich`` by DOI, PMID and ISBN, from services that behave and that do not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bibtool.cli import exits
from bibtool.enrich.connect import pacer_of
from bibtool.store import open_library
from tests.cli.desk import Desk
from tests.support.source_server import PAGE, ROBOT_CHECK, Reply, Sources, article, dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.arxiv_server import Server

DOI = "10.1234/jir.2019.7"
TITLE = "A slow method for fast answers in sparse linear algebra"
PEOPLE = [("Ada", "Muster"), ("Ben", "Probe")]
ZENODO = "10.5281/zenodo.1"
PUBMED = """<PubmedArticle><MedlineCitation><PMID Version="1">31234567</PMID><Article><Journal>
<ISSN IssnType="Print">1234-5679</ISSN>
<JournalIssue><Volume>4</Volume><PubDate><Year>2018</Year></PubDate></JournalIssue>
<Title>Annals of invented medicine</Title></Journal><ArticleTitle>Sleep and the art of waiting rooms.</ArticleTitle>
<AuthorList><Author><LastName>Ruhe</LastName><ForeName>Clara</ForeName></Author></AuthorList>
<PublicationTypeList><PublicationType>Journal Article</PublicationType>
<PublicationType>Retracted Publication</PublicationType></PublicationTypeList></Article>
<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn">
<RefSource>Ann Inv Med. 2019;5:1. doi: 10.1234/aim.9</RefSource></CommentsCorrections></CommentsCorrectionsList>
</MedlineCitation></PubmedArticle>"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with Sources(works={DOI: article(DOI, TITLE, PEOPLE, 2019)}, agencies={DOI: "Crossref"}) as server:
        yield Desk(tmp_path, monkeypatch, server)


@pytest.mark.slow
def test_a_doi_gives_the_whole_record(desk: Desk) -> None:
    done = desk("import", DOI)
    assert done.code == 0, done.err
    record = desk.record()
    assert (record.key, record.type, record.title) == ("muster2019slow", "article-journal", TITLE)
    assert [name.family for name in record.authors] == ["Muster", "Probe"]
    assert (record.text("volume"), record.text("page"), str(record.date())) == ("12", "101-120", "2019-05")
    origin = record.provenance["title"]
    assert (origin.source, origin.detail) == ("crossref", DOI)
    assert desk.services() == ["crossref"]
    assert desk("import", DOI).code == 0
    assert len(desk.server.log) == 1  # from the cache


@pytest.mark.slow
def test_a_doi_of_another_agency_is_asked_for_there(desk: Desk) -> None:
    other = "10.4321/data.5"
    desk.server.agencies[other] = "DataCite"
    desk.server.data[other] = dataset(other, "Measurements of nothing in particular", ("Eva", "Leer"), 2021)
    assert desk("import", other).code == 0
    assert (desk.record().type, desk.record().title) == ("dataset", "Measurements of nothing in particular")
    assert desk.services() == ["crossref", "doiorg", "datacite"]


def test_a_known_prefix_of_datacite_is_asked_for_there_at_once(desk: Desk) -> None:
    desk.server.data[ZENODO] = dataset(ZENODO, "A program that does little", ("Eva", "Leer"), 2022)
    assert desk("import", ZENODO).code == 0
    assert desk.record().provenance["title"].source == "datacite"
    assert desk.services() == ["datacite"]


@pytest.mark.slow
def test_an_agency_without_an_interface_is_asked_through_the_resolver(desk: Desk) -> None:
    doi = "10.2903/op.77"
    desk.server.agencies[doi] = "OP"
    desk.server.items[doi] = {
        "DOI": doi,
        "type": "book",
        "title": "Rules for the making of rules",
        "author": [{"literal": "Office of Rules"}],
        "issued": {"date-parts": [[2015]]},
    }
    assert desk("import", doi).code == 0
    assert (desk.record().type, desk.record().authors.names[0].literal) == ("book", "Office of Rules")
    assert desk.record().provenance["title"].source == "doi.org"


def test_a_doi_that_nobody_registered_is_said_and_not_imported(desk: Desk) -> None:
    done = desk("import", "10.99999/nothing")
    assert done.code == exits.FAILED
    assert "doi.org has no DOI 10.99999/nothing; nothing was imported for it" in done.err


@pytest.mark.slow
def test_an_agency_that_gives_no_data_is_not_no_doi(desk: Desk) -> None:
    doi = "10.11367/paper.1"
    desk.server.agencies[doi] = "JaLC"
    done = desk("import", doi)
    assert done.code == exits.NOT_ASKED
    assert "gives no data" in done.err
    assert desk.record().doi == doi
    assert desk.services().count("doiorg") == 2  # one for the agency, one for the data: asking again is of no use


@pytest.mark.slow
def test_an_alias_is_followed_and_said(desk: Desk) -> None:
    desk.server.aliases["10.1234/old.7"] = DOI
    done = desk("import", "10.1234/old.7")
    assert done.code == 0
    assert f"is now {DOI}, Crossref says" in done.err
    assert (desk.record().title, desk.record().doi) == (TITLE, "10.1234/old.7")


@pytest.mark.slow
def test_a_pmid_gives_the_record_and_its_retraction(desk: Desk) -> None:
    desk.server.articles["31234567"] = PUBMED
    done = desk("import", "PMID:31234567")
    assert done.code == 0
    assert desk.record().title == "Sleep and the art of waiting rooms"
    assert "RETRACTED: PubMed says so (retraction, https://doi.org/10.1234/aim.9)" in done.err
    assert "PubMed has no PMID 99999999" in desk("import", "PMID:99999999").err


@pytest.mark.slow
def test_an_isbn_gives_the_book(desk: Desk) -> None:
    desk.server.books["9780306406157"] = {
        "title": "The idle reader",
        "subtitle": "a handbook",
        "authors": [{"name": "Frieda van Muster"}],
        "publishers": [{"name": "Invented Press"}],
        "publish_places": [{"name": "Bonn"}],
        "publish_date": "c1984",
        "identifiers": {"isbn_10": ["0306406152"]},
    }
    assert desk("import", "978-0-306-40615-7").code == 0
    book = desk.record()
    assert (book.type, book.title, book.year) == ("book", "The idle reader: a handbook", 1984)
    assert book.authors.names[0].family == "Muster"


@pytest.mark.slow
def test_a_book_that_names_another_isbn_is_not_taken(desk: Desk) -> None:
    desk.server.books["9780306406157"] = {"title": "Another book", "identifiers": {"isbn_13": ["9783161484100"]}}
    done = desk("import", "978-0-306-40615-7")
    assert done.code == exits.FAILED
    assert "Open Library has no ISBN 9780306406157" in done.err


@pytest.mark.slow
@pytest.mark.parametrize(
    "reply",
    [
        Reply(429, b"", "text/plain"),
        Reply(429, b"", "text/plain", {"Retry-After": "0"}),
        Reply(429, b"", "text/plain", {"Retry-After": "7200"}),
        Reply(500, b'{"status":"error","message":[{"type":"exception","value":"a trace"}]}'),
        Reply(504, PAGE, "text/html"),
        Reply(200, PAGE, "text/html"),
        Reply(200, ROBOT_CHECK, "text/html"),
        Reply(401, ROBOT_CHECK, "text/html"),
        Reply(404, ROBOT_CHECK, "text/html"),
        Reply(403, b'{"message":"Forbidden"}'),
        Reply(200, b'{"status":"ok","message":{"DOI":"10.1'),
        Reply(200, b'{"status":"ok","mess', promised=9000),
        Reply(200, b""),
        Reply(200, json.dumps({"status": "ok", "message": article("10.1234/x", "Other", PEOPLE, 2019)}).encode()),
        Reply(400, b'{"status":"failed","message-type":"validation-failure","message":[{"type":"x"}]}'),
    ],
    ids=lambda reply: f"{reply.status}-{len(reply.body)}-{''.join(reply.headers.values())}",
)
def test_what_is_no_answer_is_never_not_found_and_never_kept(desk: Desk, reply: Reply) -> None:
    desk.server.fault = lambda *_: reply
    done = desk("import", DOI)
    assert done.code == exits.NOT_ASKED
    assert "only the identifier was imported" in done.err
    assert "has no DOI" not in done.err
    assert desk.record().doi == DOI
    assert not desk.record().title
    desk.server.fault = None
    for state in Path.home().rglob("pace.json"):
        state.unlink()  # as if the time to wait were over
    pacer_of.cache_clear()
    assert desk("enrich").code == 0
    assert desk.record().title == TITLE


def bib(doi: str = DOI, title: str = TITLE, people: str = "Muster, Ada and Probe, Ben", more: str = "") -> bytes:
    return f"@article{{mine, title={{{title}}}, author={{{people}}}, {f'doi={{{doi}}},' * bool(doi)} {more}}}".encode()


@pytest.mark.slow
def test_enrich_fills_and_keeps_what_the_user_has(desk: Desk) -> None:
    desk("import", "-", "--from", "bibtex", stdin=bib(more="volume={13}, year=2019"))
    done = desk("enrich", "--json")
    assert json.loads(done.out)["results"][0]["verdict"] == "confirmed"
    assert json.loads(done.out)["results"][0]["source"] == "Crossref"
    record = desk.record()
    assert (record.text("volume"), record.text("issue"), record.text("page")) == ("13", "3", "101-120")
    assert (record.key, record.provenance["issue"].source) == ("mine", "crossref")
    assert "kept volume '13'" in desk("enrich").err


@pytest.mark.slow
def test_the_work_of_other_people_is_not_taken(desk: Desk) -> None:
    desk("import", "-", stdin=bib(title="On the dancing of bees in autumn", people="Otter, Olga", more="year=2019"))
    before = desk.record()
    done = desk("enrich")
    assert "Crossref has" in done.err
    assert TITLE in done.err
    assert desk.record() == before


@pytest.mark.slow
def test_a_retraction_is_said_loudly(desk: Desk) -> None:
    notice = {"DOI": "10.1234/jir.2020.1", "type": "retraction", "updated": {"date-parts": [[2020, 2, 3]]}}
    itself = {"DOI": DOI.upper(), "type": "new_version"}
    desk.server.works[DOI]["updated-by"] = [itself, notice]
    desk("import", "-", stdin=bib(more="year=2019"))
    done = desk("enrich")
    assert "RETRACTED: Crossref says so (retraction of 2020-02-03, https://doi.org/10.1234/jir.2020.1)" in done.err
    assert "new version" not in done.err


@pytest.mark.slow
def test_many_dois_are_one_request_and_joined_by_doi(desk: Desk) -> None:
    entries = []
    for number in range(30):
        doi, family = f"10.1234/many.{number}", f"Muster{'abcdefghij'[number % 10]}"
        title = f"Invented result number {number} about the colour of {number} sheep"
        desk.server.works[doi] = article(doi.upper(), title, [("Ada", family)], 2000 + number % 20)
        entries.append(f"@article{{k{number}, doi={{{doi}}}, title={{{title}}}, author={{{family}, Ada}}}}")
    desk("import", "-", stdin="\n".join(entries).encode())
    desk("enrich")
    assert desk.services() == ["crossref"]
    with open_library(str(desk.path)) as library:
        for record in library.records():
            assert record.text("volume") == "12"
            assert record.year == 2000 + int(record.key[1:]) % 20


@pytest.mark.slow
def test_a_source_that_is_down_leaves_the_others_alone(desk: Desk) -> None:
    desk.server.data[ZENODO] = dataset(ZENODO, "A program that does little", ("Eva", "Leer"), 2022)
    desk.server.fault = lambda service, *_: Reply(503) if service == "crossref" else None
    done = desk("import", DOI, ZENODO)
    assert done.code == exits.NOT_ASKED
    with open_library(str(desk.path)) as library:
        assert {record.doi: record.title for record in library.records()} == {
            DOI: "",
            ZENODO: "A program that does little",
        }


def test_offline_nothing_is_asked(desk: Desk) -> None:
    assert desk("import", DOI, "--offline").code == 0
    assert not desk.server.log


@pytest.mark.slow
def test_the_contact_is_sent_only_where_there_is_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk("import", DOI)
    monkeypatch.setenv("BIBTOOL_CONTACT", "ada@example.org")
    desk("enrich", "--refresh")
    agents = [asked.headers["User-Agent"] for asked in desk.server.log]
    assert "no contact given" in agents[0]
    assert "mailto:ada@example.org" in agents[-1]


def test_the_settings_choose_the_sources(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BIBTOOL_SOURCES")
    Path("bibtool.toml").write_text("[sources]\nuse = []\n", encoding="utf-8")
    assert "no source was asked" in desk("import", DOI).err
    Path("bibtool.toml").write_text('[sources]\nuse = ["crosref"]\n', encoding="utf-8")
    done = desk("import", DOI)
    assert done.code == exits.USAGE
    assert "crossref" in done.err
    assert not desk.server.log


@pytest.mark.slow
def test_what_has_no_identifier_is_searched_for(desk: Desk, server: Server) -> None:
    desk.server.works["10.1234/else.1"] = article("10.1234/else.1", "Slow methods", [("Ada", "Muster")], 2001)
    desk("import", "-", stdin=bib(doi="", more="year=2019"))
    done = desk("enrich")
    assert "1 of 1 confirmed (1 changed)" in done.err
    record = desk.record()
    assert (record.doi, record.text("volume"), record.text("page")) == (DOI, "12", "101-120")
    assert record.provenance["DOI"].source == "crossref"


@pytest.mark.slow
@pytest.mark.parametrize(
    "entry",
    [
        bib(doi="", title=TITLE.replace("slow", "swift"), more="year=2019"),
        bib(doi="", people="Falsch, Otto", more="year=2019"),
        bib(doi="", people="", more="year=2019"),
    ],
)
def test_a_search_takes_only_the_same_work(desk: Desk, server: Server, entry: bytes) -> None:
    desk("import", "-", stdin=entry)
    desk("enrich")
    assert desk.record().doi == ""


@pytest.mark.slow
def test_of_several_works_alike_none_is_taken(desk: Desk, server: Server) -> None:
    desk.server.works["10.1234/jir.2019.8"] = article("10.1234/jir.2019.8", TITLE, PEOPLE, 2019)
    desk("import", "-", stdin=bib(doi="", more="year=2019"))
    done = desk("enrich")
    assert "Crossref has several works like it: 10.1234/jir.2019.7, 10.1234/jir.2019.8" in done.err
    assert desk.record().doi == ""
