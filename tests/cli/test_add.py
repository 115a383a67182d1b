"""``bibtool add``: works by identifier and title, into the library and into a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bibtool.cli import exits
from tests.cli.desk import Desk
from tests.support.source_server import Reply, Sources, article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.arxiv_server import Server

DOI = "10.1234/jir.2019.7"
TITLE = "A slow method for fast answers in sparse linear algebra"
PEOPLE = [("Ada", "Muster"), ("Ben", "Probe")]
PAPER = "Data-driven multiscale modeling for correcting dynamical systems"
FILE = b"""% my own file\r
@Article{old19,\r
\tauthor = {Alt, Otto},\r
\ttitle = {The age of things},\r
\tyear = 1999\r
}\r
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    works = {
        DOI: article(DOI, TITLE, PEOPLE, 2019),
        "10.1234/a.1": article("10.1234/a.1", "Sheep and their colours in winter", [("Eva", "Schaf")], 2001),
        "10.1234/a.2": article("10.1234/a.2", "Sheep and their colours in winter", [("Karl", "Wolf")], 2013),
    }
    with Sources(works=works, agencies=dict.fromkeys(works, "Crossref")) as server:
        yield Desk(tmp_path, monkeypatch, server)


@pytest.mark.slow
def test_identifiers_go_into_the_library(desk: Desk, server: Server) -> None:
    done = desk("add", DOI, "2203.01360")
    assert done.code == 0, done.err
    assert f"muster2019slow: {TITLE}" in done.err
    assert "bruna2022neural: " in done.err
    assert "2 added" in done.err
    again = desk("add", f"https://doi.org/{DOI}")
    assert f"muster2019slow: {TITLE} (there already)" in again.err
    assert again.code == 0


@pytest.mark.slow
def test_the_only_work_of_a_title_is_taken(desk: Desk, server: Server) -> None:
    done = desk("add", TITLE.upper())
    assert done.code == 0, done.err
    assert desk.record().doi == DOI


@pytest.mark.slow
@pytest.mark.parametrize(
    "title", ["Sheep and their colours in winter", "A slow method for fast answers", "Sheep and their colors in summer"]
)
def test_what_is_not_certain_is_offered(desk: Desk, server: Server, title: str) -> None:
    done = desk("add", title)
    assert done.code == 1
    assert f"{title!r}: which of these is meant?" in done.err
    assert "bibtool add 10.1234/" in done.err
    assert not desk.path.exists()
    offered = json.loads(desk("add", title, "--json").out)["candidates"][title]
    assert {"title", "DOI", "author"} <= offered[0].keys()


@pytest.mark.slow
def test_a_title_that_no_work_has(desk: Desk, server: Server) -> None:
    done = desk("add", "On the migration of invented clouds")
    assert done.code == 1
    assert "no work has a title like this" in done.err


@pytest.mark.slow
def test_a_title_may_be_longer_than_a_file_name(desk: Desk, server: Server) -> None:
    done = desk("add", "On the migration of invented clouds " * 20)
    assert done.code == 1
    assert "no work has a title like this" in done.err


@pytest.mark.slow
def test_with_a_service_down_no_title_is_certain(desk: Desk, server: Server) -> None:
    desk.server.fault = lambda *_: Reply(503)
    done = desk("add", PAPER)
    assert done.code == exits.NOT_ASKED
    assert "could not be looked for everywhere" in done.err
    assert "which of these is meant?" in done.err
    assert not desk.path.exists()


@pytest.mark.slow
def test_where_nobody_could_be_asked_nothing_is_known(desk: Desk) -> None:
    desk.server.fault = lambda *_: Reply(503)
    done = desk("add", PAPER)
    assert done.code == exits.NOT_ASKED
    assert "could not be looked for everywhere" in done.err
    assert "no work has" not in done.err


@pytest.mark.slow
def test_entries_go_to_the_end_of_a_file(desk: Desk) -> None:
    Path("refs.bib").write_bytes(FILE)
    done = desk("add", DOI, "--to", "refs.bib")
    assert done.code == 0, done.err
    data = Path("refs.bib").read_bytes()
    assert data.startswith(FILE)
    added = data[len(FILE) :].decode()
    assert added.startswith("\r\n@article{muster2019slow,\r\n\tauthor = {Muster, Ada and Probe, Ben},\r\n")
    assert "\n" not in added.replace("\r\n", "")
    assert not desk.path.exists()
    again = desk("add", DOI, "--to", "refs.bib")
    assert f"muster2019slow: {TITLE} (there already)" in again.err
    assert Path("refs.bib").read_bytes() == data


@pytest.mark.slow
def test_a_new_file_a_taken_key_and_a_trial(desk: Desk) -> None:
    assert desk("add", DOI, "--to", "new.bib", "--dry-run").code == 0
    assert not Path("new.bib").exists()
    Path("new.bib").write_text(
        "@misc{Muster2019slow, title={Another thing entirely}, author={Muster, Ada}, year=2019}\n"
    )
    assert desk("add", DOI, "--to", "new.bib").code == 0
    assert "@article{muster2019slowa," in Path("new.bib").read_text()
    assert desk("add", DOI, "--to", "fresh.bib").code == 0
    assert Path("fresh.bib").read_text().startswith("@article{muster2019slow,\n")


def test_files_are_for_import(desk: Desk) -> None:
    Path("refs.bib").write_bytes(FILE)
    done = desk("add", "refs.bib")
    assert (done.code, done.err.splitlines()) == (2, ["bibtool: refs.bib is a file", "  bibtool import refs.bib"])


@pytest.mark.slow
def test_an_identifier_that_nobody_knows(desk: Desk) -> None:
    done = desk("add", "10.1234/jir.2019.77")
    assert done.code == 1
    assert "nothing was added for it" in done.err
