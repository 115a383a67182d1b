"""``bibtool verify`` by DOI, PMID and ISBN."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bibtool.cli import exits
from tests.cli.desk import Desk
from tests.support.source_server import ROBOT_CHECK, Reply, Sources, article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.arxiv_server import Server

DOI = "10.1234/jir.2019.7"
TITLE = "A slow method for fast answers in sparse linear algebra"
PEOPLE = [("Ada", "Muster"), ("Ben", "Probe")]
OTHER = "10.1234/jir.2011.2"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    works = {
        DOI: article(DOI, TITLE, PEOPLE, 2019),
        OTHER: article(OTHER, "The care of garden clocks", [("Eva", "Uhr")], 2011),
    }
    with Sources(works=works, agencies=dict.fromkeys(works, "Crossref")) as server:
        yield Desk(tmp_path, monkeypatch, server)


def verified(desk: Desk, **fields: str) -> dict[str, Any]:
    """The verdict on the article with these fields in place of the right ones."""
    right = {
        "title": TITLE,
        "author": "Muster, Ada and Probe, Ben",
        "journal": "Journal of Invented Results",
        "volume": "12",
        "number": "3",
        "pages": "101--120",
        "year": "2019",
        "doi": DOI,
    }
    lines = ", ".join(f"{name} = {{{value}}}" for name, value in (right | fields).items() if value)
    Path("refs.bib").write_text(f"@article{{it, {lines}}}\n", encoding="utf-8")
    done = desk("verify", "refs.bib", "--json")
    (result,) = json.loads(done.out)["results"]
    assert isinstance(result, dict)
    return {**result, "code": done.code}


@pytest.mark.slow
def test_what_the_source_has_is_confirmed(desk: Desk) -> None:
    result = verified(desk)
    assert (result["verdict"], result["sources"], result["code"]) == ("confirmed", ["Crossref"], 0)
    assert desk.services() == ["crossref"]
    done = desk("verify", "refs.bib")
    assert done.out == "refs.bib:1: it: confirmed (Crossref)\n"
    assert desk.services() == ["crossref"]  # from the cache


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": TITLE.replace("slow", "swift")}, "title"),
        ({"author": "Muster, Ada"}, "author"),
        ({"author": "Probe, Ben and Muster, Ada"}, "author"),
        ({"year": "2009"}, "year"),
        ({"journal": "Annals of Gardening"}, "venue"),
        ({"volume": "13"}, "volume"),
        ({"pages": "7--9"}, "pages"),
    ],
)
def test_what_differs_is_named(desk: Desk, fields: dict[str, str], field: str) -> None:
    result = verified(desk, **fields)
    assert (result["verdict"], result["code"]) == ("contradicts", 1)
    assert [each["field"] for each in result["contradictions"]] == [field]


@pytest.mark.slow
@pytest.mark.parametrize("fields", [{"author": "A. Muster and B. Probe"}, {"journal": ""}, {"pages": "101"}])
def test_what_is_only_shorter_is_no_contradiction(desk: Desk, fields: dict[str, str]) -> None:
    assert verified(desk, **fields)["verdict"] == "confirmed"


@pytest.mark.slow
def test_the_doi_of_another_work(desk: Desk) -> None:
    result = verified(desk, doi=OTHER)
    assert (result["verdict"], result["code"]) == ("contradicts", 1)
    assert "The care of garden clocks" in json.dumps(result["contradictions"])


@pytest.mark.slow
def test_a_doi_that_nobody_registered(desk: Desk) -> None:
    result = verified(desk, doi="10.1234/jir.2019.77")
    assert (result["verdict"], result["code"]) == ("contradicts", 1)
    (contradiction,) = result["contradictions"]
    assert contradiction["field"] == "DOI"
    done = desk("verify", "refs.bib")
    assert "it: contradicts: there is no DOI 10.1234/jir.2019.77, " in done.out


@pytest.mark.slow
@pytest.mark.parametrize("reply", [Reply(503), Reply(429), Reply(200, ROBOT_CHECK, "text/html")])
def test_a_source_that_fails_has_said_nothing(desk: Desk, server: Server, reply: Reply) -> None:
    desk.server.fault = lambda *_: reply
    result = verified(desk)
    assert (result["verdict"], result["code"]) == ("could not check", exits.NOT_ASKED)
    desk.server.fault = None
    assert verified(desk)["verdict"] == "confirmed"


@pytest.mark.slow
def test_a_retraction_is_said_and_fails(desk: Desk) -> None:
    notice = {"DOI": "10.1234/jir.2020.1", "type": "retraction", "updated": {"date-parts": [[2020, 2, 3]]}}
    desk.server.works[DOI]["updated-by"] = [notice]
    result = verified(desk)
    assert result["code"] == 1
    done = desk("verify", "refs.bib")
    assert "RETRACTED (retraction of 2020-02-03, https://doi.org/10.1234/jir.2020.1)" in done.out


@pytest.mark.slow
def test_an_isbn_that_open_library_lacks_says_nothing(desk: Desk, server: Server) -> None:
    book = "@book{it, title={Gardens of the north}, author={Uhr, Eva}, year=1999, isbn={978-3-16-148410-0}}\n"
    Path("refs.bib").write_text(book, encoding="utf-8")
    done = desk("verify", "refs.bib", "--json")
    (result,) = json.loads(done.out)["results"]
    assert (result["verdict"], done.code) == ("could not check", 0)


@pytest.mark.slow
def test_without_an_identifier_the_work_is_searched_for(desk: Desk) -> None:
    result = verified(desk, doi="")
    assert (result["verdict"], result["sources"], result["code"]) == ("confirmed", ["Crossref"], 0)
    assert desk.services() == ["crossref"]
    assert verified(desk, doi="", author="Muster, Ada and Falsch, Otto")["verdict"] == "contradicts"
    assert verified(desk, doi="", title=TITLE.replace("slow", "swift"))["verdict"] == "contradicts"


@pytest.mark.slow
def test_the_best_hit_of_a_search_is_only_a_candidate(desk: Desk, server: Server) -> None:
    result = verified(desk, doi="", title="The colour of invented sheep in winter", author="Schaf, Karl")
    assert (result["verdict"], result["code"]) == ("not found", 1)
    assert "Crossref" in result["sources"]
    report = "@techreport{it, title={The colour of invented sheep in winter}, author={Schaf, Karl}, year=2001}"
    Path("refs.bib").write_text(report, encoding="utf-8")
    done = desk("verify", "refs.bib", "--json")
    (result,) = json.loads(done.out)["results"]
    assert (result["verdict"], done.code) == ("could not check", 0)


@pytest.mark.slow
def test_a_search_that_fails_is_not_not_found(desk: Desk, server: Server) -> None:
    desk.server.fault = lambda *_: Reply(503)
    result = verified(desk, doi="", title="The colour of invented sheep in winter", author="Schaf, Karl")
    assert (result["verdict"], result["code"]) == ("could not check", exits.NOT_ASKED)


@pytest.mark.slow
def test_only_retractions(desk: Desk, server: Server) -> None:
    """One says that it was retracted, one is right, and one is wrong, which is not asked here."""
    notice = {"DOI": "10.1234/jir.2021.1", "type": "retraction", "updated": {"date-parts": [[2021, 3, 2]]}}
    correction = {"DOI": "10.1234/jir.2020.4", "type": "correction", "updated": {"date-parts": [[2020, 1, 2]]}}
    desk.server.works[OTHER]["updated-by"] = [notice]
    desk.server.works[DOI]["updated-by"] = [correction]
    Path("refs.bib").write_text(
        f"@article{{right, title={{{TITLE}}}, author={{Muster, Ada and Probe, Ben}}, year=2019, doi={{{DOI}}}}}\n"
        f"@article{{gone, title={{The care of garden clocks}}, author={{Uhr, Eva}}, year=2011, doi={{{OTHER}}}}}\n"
        f"@article{{wrong, title={{{TITLE}}}, author={{Elm, Eva}}, year=2019, doi={{{DOI}}}}}\n",
        encoding="utf-8",
    )
    done = desk("verify", "refs.bib", "--only", "retractions")
    assert done.code == exits.FAILED
    assert [line.split(": ")[1] for line in done.out.splitlines()] == ["gone"]
    assert "RETRACTED (retraction of 2021-03-02, https://doi.org/10.1234/jir.2021.1)" in done.out
    assert not server.log
    results = json.loads(desk("verify", "refs.bib", "--json").out)["results"]
    assert results[0]["notices"] == ["correction of 2020-01-02, https://doi.org/10.1234/jir.2020.4"]


@pytest.mark.slow
def test_a_retraction_that_the_record_itself_tells(desk: Desk) -> None:
    notice = '<CommentsCorrections RefType="RetractionIn"><RefSource>Ann Inv Med. 2019;5:1</RefSource>'
    Path("refs.xml").write_text(
        '<?xml version="1.0"?>\n<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">1</PMID><Article>'
        "<Journal><Title>Annals</Title></Journal><ArticleTitle>On waiting.</ArticleTitle></Article>"
        f"<CommentsCorrectionsList>{notice}</CommentsCorrections></CommentsCorrectionsList></MedlineCitation>"
        "</PubmedArticle></PubmedArticleSet>",
        encoding="utf-8",
    )
    done = desk("verify", "--offline", "refs.xml")
    assert done.code == exits.FAILED
    assert "RETRACTED (notice in Ann Inv Med. 2019;5:1)" in done.out


@pytest.mark.slow
def test_fix_takes_what_the_source_states_and_leaves_all_else(desk: Desk) -> None:
    before = (
        f"% mine\n@Article{{it,\n  title = {{{TITLE}}},\n  author={{Ada Muster and Ben Probe}},\n   volume = 13,\n"
        "  year = 2019, journal={Journal of Invented Results}, pages = {7--9},\n"
        f"  doi = {{{DOI}}}, note = {{kept}}\n}}\n"
    )
    Path("refs.bib").write_text(before, encoding="utf-8")
    shown = desk("verify", "--diff", "refs.bib")
    assert shown.code == exits.FAILED
    assert "-   volume = 13," in shown.out
    assert Path("refs.bib").read_text(encoding="utf-8") == before
    done = desk("verify", "--fix", "refs.bib")
    assert done.code == 0, done.out + done.err
    assert "fixed 2 fields of 1 entry" in done.err
    after = Path("refs.bib").read_text(encoding="utf-8")
    old, new = before.splitlines(), after.splitlines()
    changed = [(mine, theirs) for mine, theirs in zip(old, new, strict=True) if mine != theirs]
    assert len(changed) == 2
    assert "12" in changed[0][1]
    assert "101--120" in changed[1][1]
    assert desk("verify", "refs.bib").code == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "fields", [{"doi": OTHER}, {"title": "On sheep", "author": "Schaf, Karl"}, {"doi": "10.1234/jir.2019.77"}]
)
def test_fix_leaves_what_may_be_another_work(desk: Desk, fields: dict[str, str]) -> None:
    verified(desk, **fields)
    before = Path("refs.bib").read_bytes()
    assert desk("verify", "--fix", "refs.bib").code == exits.FAILED
    assert Path("refs.bib").read_bytes() == before


def test_fix_is_for_bibtex_files(desk: Desk) -> None:
    assert desk("verify", "--fix").code == exits.USAGE
    assert desk("verify", "--fix", "refs.ris").code == exits.USAGE
