"""``bibtool refresh`` takes the publication that DataCite or Crossref names for a preprint."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bibtool.cli import exits
from tests.cli.desk import Desk
from tests.support.source_papers import Paper, stand_ins
from tests.support.source_server import Reply, Sources, article, dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.arxiv_server import Server

TITLE = "Tides of data in shallow harbours"
PEOPLE = [("Ada", "Muster"), ("Ben", "Probe")]
ARXIV, ON_SERVER = "1905.00001", "10.1101/2019.05.01.123456"
JOURNAL, OTHER = "10.1234/jir.2020.4", "10.1234/jir.2020.5"
REFS = f"""@misc{{tides, title = {{{TITLE}}}, author = {{Muster, Ada and Probe, Ben}}, year = 2019,
  eprint = {{{ARXIV}}}, archiveprefix = {{arXiv}}}}

@article{{mud, title = {{Mud in the archives of rivers}}, author = {{Muster, Ada}}, year = 2019,
  journal = {{bioRxiv}}, doi = {{{ON_SERVER}}}}}

@book{{book, title = {{A book of harbours}}, author = {{Probe, Ben}}, year = 1999, isbn = {{9780306406157}}}}
"""
TIDES = REFS.partition("\n\n")[0]


def preprint_of(doi: str, relation: str = "IsVersionOf") -> dict[str, object]:
    """arXiv's paper as DataCite has it, which names a publication."""
    work = dataset(f"10.48550/arxiv.{ARXIV}", TITLE, ("Ada", "Muster"), 2019)
    work["attributes"] |= {
        "types": {"resourceTypeGeneral": "Preprint"},
        "relatedIdentifiers": [
            {"relationType": relation, "relatedIdentifierType": "DOI", "relatedIdentifier": doi.upper()}
        ],
    }
    return work


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> Iterator[Desk]:
    mud = "Mud in the archives of rivers"
    posted = article(ON_SERVER, mud, PEOPLE[:1], 2019, type="posted-content")
    posted["relation"] = {"is-preprint-of": [{"id-type": "doi", "id": OTHER}]}
    works = {
        JOURNAL: article(JOURNAL, TITLE, PEOPLE, 2020),
        ON_SERVER: posted,
        OTHER: article(OTHER, mud, PEOPLE[:1], 2020),
    }
    data = {f"10.48550/arxiv.{ARXIV}": preprint_of(JOURNAL)}
    with Sources(works=works, data=data, agencies=dict.fromkeys(works, "Crossref")) as sources:
        Path("refs.bib").write_text(REFS)
        yield Desk(tmp_path, monkeypatch, sources)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.slow
def test_publications_that_services_name_are_taken_whole(desk: Desk) -> None:
    done = desk("refresh", "refs.bib")
    assert "2 upgraded to their published version" in done.err, done
    tides, rest = Path("refs.bib").read_text().split("@article{mud")
    mud, book = rest.split("@book")
    for entry, doi in ((tides, JOURNAL), (mud, OTHER)):
        for value in (doi, "Journal of Invented Results", "101--120", "2020"):
            assert value in entry, (value, entry)
    assert tides.startswith("@article{tides")
    assert ARXIV in tides
    assert book in REFS
    assert sorted(desk.services()) == ["crossref", "crossref", "datacite"]


@pytest.mark.slow
def test_another_work_is_said_and_not_taken(desk: Desk) -> None:
    desk.server.works[JOURNAL] = article(JOURNAL, "Tides of doubt", [("Cid", "Stern")], 2020)
    desk.server.works[OTHER]["updated-by"] = [{"DOI": "10.1234/jir.9", "type": "retraction"}]
    done = desk("refresh", "refs.bib")
    assert f"! tides: DataCite names 'Tides of doubt' ({JOURNAL}) as its publication; it was not taken" in done.out
    assert "! mud: RETRACTED: Crossref says so (retraction, https://doi.org/10.1234/jir.9)" in done.out
    assert TIDES in Path("refs.bib").read_text()


@pytest.mark.slow
def test_a_preprint_that_a_work_is_only_part_of_is_left(desk: Desk) -> None:
    desk.server.data[f"10.48550/arxiv.{ARXIV}"] = preprint_of(JOURNAL, "IsPartOf")
    desk.server.works[JOURNAL] = article(JOURNAL, "Proceedings of the harbours", PEOPLE, 2020)
    desk("refresh", "refs.bib")
    assert TIDES in Path("refs.bib").read_text()


@pytest.mark.slow
def test_a_service_that_could_not_be_asked_is_said(desk: Desk) -> None:
    desk.server.fault = lambda service, _path, _number: (
        Reply(403, b"<html>no</html>", "text/html") if service == "crossref" else None
    )
    done = desk("refresh", "--json", "refs.bib")
    assert done.code == exits.NOT_ASKED
    told = json.loads(done.out)
    assert [each["key"] for each in told["not_asked"]] == ["tides", "mud"]
    assert Path("refs.bib").read_text() == REFS


@pytest.mark.slow
def test_what_nobody_names_is_searched_for_by_title(desk: Desk) -> None:
    del desk.server.data[f"10.48550/arxiv.{ARXIV}"]
    desk.server.works[ON_SERVER].pop("relation")
    done = desk("refresh", "refs.bib")
    assert "2 upgraded to their published version" in done.err, done
    text = Path("refs.bib").read_text()
    assert JOURNAL in text
    assert OTHER in text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("title", "people", "year"),
    [
        ("Tides of data in deep harbours", PEOPLE, 2020),
        (TITLE, [("Cid", "Stern")], 2020),
        (TITLE, PEOPLE, 2035),
    ],
)
def test_a_search_takes_only_the_work_itself(desk: Desk, title: str, people: list[tuple[str, str]], year: int) -> None:
    del desk.server.data[f"10.48550/arxiv.{ARXIV}"]
    desk.server.works[JOURNAL] = article(JOURNAL, title, people, year)
    desk("refresh", "refs.bib")
    assert TIDES in Path("refs.bib").read_text()


@pytest.mark.slow
def test_of_several_publications_none_is_taken(desk: Desk) -> None:
    del desk.server.data[f"10.48550/arxiv.{ARXIV}"]
    desk.server.works["10.1234/other.1"] = article("10.1234/other.1", TITLE, PEOPLE, 2020)
    done = desk("refresh", "refs.bib")
    assert "! tides: several publications are known" in done.out
    assert TIDES in Path("refs.bib").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("service", ["semanticscholar", "inspire"])
def test_a_source_that_knows_the_work_by_all_of_its_numbers_is_asked(
    service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    paper = Paper(
        title=TITLE,
        people=tuple(PEOPLE),
        year=2020,
        venue="Journal of Invented Results",
        volume="12",
        pages="101-120",
        doi=JOURNAL,
        arxiv=ARXIV,
    )
    works = {JOURNAL: article(JOURNAL, TITLE, PEOPLE, 2020)}
    others = {service: stand_ins([paper])[service]}
    with Sources(works=works, agencies=dict.fromkeys(works, "Crossref"), others=others) as sources:
        Path("refs.bib").write_text(TIDES)
        desk = Desk(tmp_path, monkeypatch, sources)
        done = desk("refresh", "refs.bib")
        assert "1 upgraded to its published version" in done.err, done
        assert JOURNAL in Path("refs.bib").read_text()
        assert not [asked for asked in sources.log if "query.bibliographic" in asked.path]
