"""``bibtool enrich FILE``: what entries of BibTeX files lack, from services that are stood in for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bibtool.bib import Document
from bibtool.cli import exits
from tests.cli.desk import Desk
from tests.cli.runner import call
from tests.support.source_server import Reply, Sources, article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.bib.document import Entry
    from tests.support.arxiv_server import Server

DOI = "10.1234/jir.2019.7"
TITLE = "A slow method for fast answers in sparse linear algebra"
PEOPLE = [("Ada", "Muster"), ("Ben", "Probe")]
ENTRY = (
    "% mine\n@Article{mine,\n\tAuthor = {Muster, Ada and Probe, Ben},\n\tTitle  = {A slow {M}ethod for fast answers in "
    "sparse linear algebra},\n\tYear   = 2019\n}\n"
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> Iterator[Desk]:
    with Sources(works={DOI: article(DOI, TITLE, PEOPLE, 2019)}, agencies={DOI: "Crossref"}) as sources:
        yield Desk(tmp_path, monkeypatch, sources)


def write(text: str, name: str = "refs.bib") -> Path:
    path = Path(name)
    path.write_bytes(text.encode())
    return path


def the_entry(path: Path) -> Entry:
    document = Document.from_bytes(path.read_bytes())
    assert document.problems == ()
    (entry,) = document.entries
    return entry


def fields(path: Path) -> dict[str, str]:
    entry = the_entry(path)
    return {name: entry.get(name) or "" for name in entry.names}


@pytest.mark.slow
def test_an_entry_gets_what_it_lacks_and_keeps_its_bytes(desk: Desk) -> None:
    path = write(ENTRY)
    done = desk("enrich", "refs.bib")
    assert done.code == 0, done.err
    text = path.read_bytes().decode()
    assert text.startswith(ENTRY[:-2].rstrip("\n"))  # all that was there, then what is new
    got = fields(path)
    assert (got["journal"], got["volume"], got["number"], got["pages"], got["doi"]) == (
        "Journal of Invented Results", "12", "3", "101--120", DOI,
    )  # fmt: skip
    assert "issn" not in got
    assert the_entry(path).type == "article"
    assert "+	" in done.out
    assert DOI in done.out
    assert "5 fields added to 1 entry" in done.err
    assert "1 of 1 confirmed (1 changed)" in done.err
    again = desk("enrich", "refs.bib")
    assert (again.code, again.out, path.read_bytes().decode()) == (0, "", text)


@pytest.mark.slow
def test_a_dry_run_shows_the_diff_and_writes_nothing(desk: Desk) -> None:
    path = write(ENTRY)
    done = desk("enrich", "refs.bib", "--dry-run")
    assert done.code == 0
    assert path.read_bytes().decode() == ENTRY
    assert done.out.startswith("--- refs.bib")
    assert "5 fields would be added to 1 entry" in done.err


@pytest.mark.slow
def test_only_the_named_fields_are_filled(desk: Desk) -> None:
    path = write(ENTRY)
    assert desk("enrich", "refs.bib", "--fields", "doi,pages").code == 0
    assert set(fields(path)) == {"author", "title", "year", "pages", "doi"}
    assert desk("enrich", "refs.bib", "--fields", "issn").code == 0
    assert "issn" in fields(path)


@pytest.mark.slow
def test_a_biblatex_entry_gets_the_fields_of_biblatex(desk: Desk) -> None:
    path = write(ENTRY.replace("Year   = 2019", "date = {2019}"))
    assert desk("enrich", "refs.bib", "--fields", "journal,volume").code == 0
    got = fields(path)
    assert set(got) == {"author", "title", "date", "journaltitle", "volume"}


@pytest.mark.slow
def test_another_value_stays_and_is_said(desk: Desk) -> None:
    path = write(ENTRY.replace("Year   = 2019", "Year   = 2019,\n\tVolume = 13,\n\tDOI = {" + DOI + "}"))
    done = desk("enrich", "refs.bib")
    assert fields(path)["volume"] == "13"
    assert "mine: kept volume '13' (bibtex); Crossref has '12'" in done.err


@pytest.mark.slow
def test_a_publication_is_never_mixed_with_what_a_preprint_says(desk: Desk) -> None:
    path = write(
        "@misc{mine, title={Neural Galerkin Schemes with Active Learning for High-Dimensional Evolution Equations}, "
        "author={Bruna, Joan and Peherstorfer, Benjamin and Vanden-Eijnden, Eric}, year=2022, eprint={2203.01360}, "
        "archiveprefix={arXiv}}\n"
    )
    done = desk("enrich", "refs.bib")
    got = fields(path)
    assert got.keys() <= {"title", "author", "year", "eprint", "archiveprefix", "primaryclass"}, done
    assert the_entry(path).type == "misc"
    path = write(
        "@misc{mine, title={Neural Galerkin Schemes with Active Learning for High-Dimensional Evolution Equations}, "
        "author={Bruna, Joan and Peherstorfer, Benjamin and Vanden-Eijnden, Eric}}\n"
    )
    done = desk("enrich", "refs.bib")
    assert "doi" not in fields(path)
    assert "mine: it was published; `bibtool refresh refs.bib` takes the publication as a whole" in done.err


@pytest.mark.slow
def test_an_entry_of_a_vague_type_becomes_what_the_work_is(desk: Desk) -> None:
    path = write("@misc{mine, author={Muster, Ada and Probe, Ben}, title={" + TITLE + "}}\n")
    assert desk("enrich", "refs.bib").code == 0
    assert the_entry(path).type == "article"
    assert fields(path)["year"] == "2019"


@pytest.mark.slow
def test_the_report_for_scripts(desk: Desk) -> None:
    path = write(ENTRY)
    done = desk("enrich", "refs.bib", "--json", "--fields", "doi")
    data = json.loads(done.out)
    assert data["filled"] == [{"path": "refs.bib", "key": "mine", "fields": ["doi"]}]
    assert data["results"][0]["verdict"] == "confirmed"
    assert fields(path)["doi"] == DOI


@pytest.mark.slow
def test_several_files_are_one_run(desk: Desk) -> None:
    first = write(ENTRY)
    second = write(
        "@article{two, doi={" + DOI + "}, title={" + TITLE + "}, author={Muster, Ada and others}}\n", "b.bib"
    )
    done = desk("enrich", "refs.bib", "b.bib")
    assert "2 of 2 confirmed (2 changed)" in done.err
    assert fields(first)["pages"] == fields(second)["pages"] == "101--120"
    assert fields(second)["author"] == "Muster, Ada and others"  # what is there stays


@pytest.mark.slow
def test_a_service_that_is_down_changes_nothing(desk: Desk) -> None:
    path = write(ENTRY.replace("Year   = 2019", "doi = {" + DOI + "}"))
    before = path.read_bytes()
    desk.server.fault = lambda *_: Reply(503)
    assert desk("enrich", "refs.bib").code == exits.NOT_ASKED
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["mine", "--fields", "doi"], "--fields is for BibTeX files"),
        (["refs.bib", "mine"], "mine is not a file"),
        (["refs.bib", "--fields", "dio"], "no field 'dio'; did you mean"),
        (["refs.bib", "--accept", "other=2203.01360"], "no entry 'other'"),
        (["-"], "standard input can't be completed"),
        (["refs.json"], "is not a BibTeX file"),
    ],
)
def test_usage(arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(ENTRY)
    write("[]", "refs.json")
    done = call(monkeypatch, "enrich", *arguments)
    assert done.code == exits.USAGE
    assert words in done.err
