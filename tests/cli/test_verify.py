"""``bibtool verify`` against the stand-in server, the cache and the library."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.runner import call
from tests.support.arxiv_faults import Fault
from tests.support.arxiv_server import Server

GOOD = """@misc{good, title = {Neural {G}alerkin Schemes with Active Learning for High-Dimensional Evolution Equations},
  author = {J. Bruna and B. Peherstorfer and E. Vanden-Eijnden}, year = 2022, eprint = {2203.01360}}
"""
WRONG = """@misc{wrong, title = {Symmetric Single Index Learning}, author = {Aaron Zweig and Jo Nobody}, year = 2023,
  eprint = {2310.02117}}
"""
GONE = "@misc{gone, title = {No such thing}, author = {Ada Lovelace}, year = 2020, eprint = {2012.99999}}\n"
BARE = "@book{book, title = {A Book about Gardens and Their Owners}, author = {Ada Lovelace}, year = 1840}\n"


@pytest.fixture
def bib(tmp_path: Path) -> Path:
    return tmp_path / "refs.bib"


@pytest.mark.slow
def test_text(server: Server, bib: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bib.write_text(GOOD + "\n" + WRONG + GONE, encoding="utf-8")
    done = call(monkeypatch, "verify", str(bib))
    assert done.code == 1
    good, wrong, gone = done.out.splitlines()
    assert good.startswith(f"{bib}:1: good: confirmed (arXiv:2203.01360, answer of 20")
    assert wrong.startswith(f"{bib}:4: wrong: contradicts: author is 'Aaron Zweig; Jo Nobody'; arXiv has 'Aaron")
    assert "arXiv has no paper 2012.99999" in gone
    assert done.err.splitlines()[-1] == "1 confirmed, 2 contradicts"
    assert len(server.log) <= 3


@pytest.mark.slow
def test_what_could_not_be_checked(server: Server, bib: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bib.write_text(GOOD + BARE, encoding="utf-8")
    done = call(monkeypatch, "verify", str(bib), "--json")
    assert done.code == 0
    found = json.loads(done.out)
    assert found["counts"] == {
        "confirmed": 1, "contradicts": 0, "not found": 0, "could not check": 1, "retracted": 0,
    }  # fmt: skip
    assert found["results"][1]["reason"]
    assert call(monkeypatch, "verify", str(bib), "--strict", "-q").code == 1
    assert "fake" not in done.out + done.err


@pytest.mark.slow
def test_an_entry_without_id_is_found_by_its_title(server: Server, bib: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bib.write_text(GOOD.replace("eprint", "doi").replace("2203.01360", "10.1000/other"), encoding="utf-8")
    done = call(monkeypatch, "verify", str(bib), "--json")
    (one,) = json.loads(done.out)["results"]
    assert one["verdict"] == "contradicts"
    (wrong,) = one["contradictions"]
    assert wrong.pop("sentence") == "DOI is '10.1000/other'; arXiv has '10.1016/j.jcp.2023.112588'"
    found = "10.1016/j.jcp.2023.112588"
    assert wrong == {"field": "DOI", "entry": "10.1000/other", "arxiv": found, "source": "arXiv", "says": found}


@pytest.mark.slow
def test_a_failing_service_is_no_verdict(server: Server, bib: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.faults = (Fault(kind="500"),)
    bib.write_text(GOOD, encoding="utf-8")
    done = call(monkeypatch, "verify", str(bib))
    assert done.code == 4
    assert "good: could not check: could not reach arXiv (4 tries): server error 500" in done.out


@pytest.mark.slow
def test_offline_from_cache_and_library(server: Server, bib: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bib.write_text(GOOD + WRONG, encoding="utf-8")
    done = call(monkeypatch, "verify", "--offline", str(bib))
    assert done.code == 0
    assert done.out.count("could not check") == 2
    bare = bib.parent / "bare.bib"
    bare.write_text("@misc{g, eprint = {2203.01360}}\n@misc{w, eprint = {2310.02117}}\n", encoding="utf-8")
    library = str(bib.parent / "library.sqlite")
    assert call(monkeypatch, "import", "--library", library, str(bare)).code == 0
    assert call(monkeypatch, "enrich", "--library", library).code == 0
    asked = len(server.log)
    monkeypatch.setenv("BIBTOOL_CACHE", str(bib.parent / "empty"))
    done = call(monkeypatch, "verify", "--offline", "--library", library, str(bib))
    assert f"{bib}:1: good: confirmed (arXiv:2203.01360, answer of 20" in done.out
    assert f"{bib}:3: wrong: contradicts: author is" in done.out
    monkeypatch.delenv("BIBTOOL_CACHE")
    done = call(monkeypatch, "verify", "--offline", "--library", library, "w", "g")
    assert [line.partition(" (")[0] for line in done.out.splitlines()] == ["w: confirmed", "g: confirmed"]
    assert len(server.log) == asked


@pytest.mark.slow
def test_github(server: Server, bib: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bib.write_text(GOOD + WRONG + BARE, encoding="utf-8")
    monkeypatch.chdir(bib.parent)
    done = call(monkeypatch, "verify", "refs.bib", "--output-format", "github")
    first, second = done.out.splitlines()
    assert first.startswith("::error title=bibtool (contradicts),file=refs.bib,line=3::wrong: contradicts: author is")
    assert second.startswith("::notice title=bibtool (could not check),file=refs.bib,line=5::book: ")


def test_nothing_to_compare_is_said(server: Server, bib: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bib.write_text("% no entries yet\n", encoding="utf-8")
    done = call(monkeypatch, "verify", "--offline", str(bib))
    assert (done.out, done.err.splitlines()[-1]) == ("", "no entries to compare")
    library = str(bib.parent / "library.sqlite")
    bib.write_text("@misc{g, title = {G}}\n", encoding="utf-8")
    assert call(monkeypatch, "import", "--library", library, str(bib)).code == 0
    assert call(monkeypatch, "remove", "--library", library, "g").code == 0
    done = call(monkeypatch, "verify", "--offline", "--library", library)
    assert (done.code, done.out, done.err) == (0, "", "no entries to compare\n")
    assert not server.log


def test_usage(server: Server, bib: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "verify", "--offline", "--max-age", "3", "x.bib").code == 2
    assert call(monkeypatch, "verify", "nokey").code == 1
    assert "no library at " in call(monkeypatch, "verify").err
    assert call(monkeypatch, "verify", "missing.bib").code == 1
    assert server.log == []
