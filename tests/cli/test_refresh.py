"""``bibtool refresh`` and ``bibtool outdated`` against the stand-in server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bibtool.bib import Document
from bibtool.store import open_library
from tests.cli.runner import call
from tests.support.arxiv_faults import Fault
from tests.support.arxiv_server import Server

REFS = """% my references
@article{bruna, author={J. Bruna and others}, title={Neural {G}alerkin Schemes with Active Learning for
  High-Dimensional Evolution Equations}, journal={arXiv preprint arXiv:2203.01360}, year={2022},
  eprint={2203.01360}, archiveprefix={arXiv}}

@misc{gone, title = {Simultaneous Transport Evolution for Minimax Equilibria on Measures}, year = 2022,
  author = {Domingo-Enrich, Carles and Bruna, Joan}, eprint = {2202.06460}, archiveprefix = {arXiv}}

@book{book, title = {A Book}, author = {Ada Lovelace}, year = 1840}
"""


@pytest.fixture
def bib(tmp_path: Path) -> Path:
    path = tmp_path / "refs.bib"
    path.write_text(REFS, encoding="utf-8")
    return path


def test_a_file(server: Server, bib: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "outdated", str(bib))
    assert done.code == 1
    assert done.err.splitlines()[-1] == (
        "would be 1 upgraded to its published version, 1 withdrawn, 1 author list completed"
    )
    assert "    + container-title: Journal of Computational Physics" in done.out
    assert bib.read_text(encoding="utf-8") == REFS
    assert call(monkeypatch, "refresh", "--dry-run", str(bib)).code == 0
    assert bib.read_text(encoding="utf-8") == REFS

    done = call(monkeypatch, "refresh", str(bib))
    assert done.code == 0
    assert done.err.splitlines()[-1] == "1 upgraded to its published version, 1 withdrawn, 1 author list completed"
    document = Document.from_bytes(bib.read_bytes())
    assert document.problems == ()
    bruna = document.by_key["bruna"]
    assert [bruna.get(name) for name in ("journal", "volume", "pages", "year", "doi", "eprint")] == [
        "Journal of Computational Physics", "496", "112588", "2024", "10.1016/j.jcp.2023.112588", "2203.01360",
    ]  # fmt: skip
    assert (bruna.get("author") or "").count(" and ") == 2
    assert document.by_key["gone"].get("note") == "Withdrawn from arXiv"
    assert document.text.startswith("% my references\n@article{bruna, author={")
    assert document.by_key["book"].text in REFS

    done = call(monkeypatch, "outdated", str(bib))
    assert (done.code, done.out, done.err) == (0, "", "no change\n")


def test_only_old_answers_are_asked_for_again(server: Server, bib: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call(monkeypatch, "outdated", str(bib))
    asked = len(server.log)
    call(monkeypatch, "outdated", str(bib))
    assert len(server.log) == asked
    call(monkeypatch, "outdated", "--older-than", "0", str(bib))
    assert len(server.log) == asked + 1


def test_the_library_in_one_change_that_undo_takes_back(
    server: Server, bib: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "library.sqlite")
    assert call(monkeypatch, "import", "--library", path, str(bib)).code == 0
    with open_library(path) as library:
        before = list(library.records())
        changes = len(library.history())
    done = call(monkeypatch, "refresh", "--library", path, "--json")
    found = json.loads(done.out)
    assert found["counts"]["upgraded"] == 1
    assert found["counts"]["withdrawn"] == 1
    with open_library(path) as library:
        assert len(library.history()) == changes + 1
        bruna = library.get("bruna")
        assert bruna.text("container-title") == "Journal of Computational Physics"
        assert bruna.arxiv is not None
        assert bruna.arxiv.latest == 4
        assert library.get("book") == next(record for record in before if record.key == "book")
    assert call(monkeypatch, "undo", "--library", path).code == 0
    with open_library(path) as library:
        assert list(library.records()) == before
    call(monkeypatch, "refresh", "--library", path, "gone")
    with open_library(path) as library:
        assert library.get("bruna") == next(record for record in before if record.key == "bruna")
        assert library.get("gone") != next(record for record in before if record.key == "gone")


def test_a_failing_service_changes_nothing(server: Server, bib: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.faults = (Fault(kind="500"),)
    done = call(monkeypatch, "refresh", str(bib))
    assert done.code == 4
    assert "could not check" in done.err
    assert bib.read_text(encoding="utf-8") == REFS


@pytest.mark.parametrize("target", ["-", "x.json"])
def test_usage(target: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.json").write_text("[]", encoding="utf-8")
    assert call(monkeypatch, "refresh", target).code == 2
    assert server.log == []


def test_a_project(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sources.bib").write_text(REFS, encoding="utf-8")
    (tmp_path / "bibtool.toml").write_text(
        '[refs]\nsources = ["sources.bib"]\ndocuments = ["paper.tex"]\n', encoding="utf-8"
    )
    (tmp_path / "paper.tex").write_text("\\cite{bruna}\\cite{arXiv:2310.02117}\\cite{doi:10.1000/x}", encoding="utf-8")
    done = call(monkeypatch, "refresh")
    assert done.code == 1
    assert "doi:10.1000/x: only arXiv ids can be looked up" in done.err
    assert "+ arXiv:2310.02117  2023  Symmetric Single Index Learning" in done.out
    # what the documents cite counts before `bibtool refs` has seen it
    assert "1 upgraded to its published version" in done.err
    assert "next: bibtool refs" in done.err
    (tmp_path / "paper.tex").write_text("\\cite{bruna}\\cite{arXiv:2310.02117}", encoding="utf-8")
    assert call(monkeypatch, "refs").code == 0
    after = Document.from_bytes((tmp_path / "refs.bib").read_bytes())
    assert after.by_key["arXiv:2310.02117"].get("title") == "Symmetric Single Index Learning"
    assert after.by_key["bruna"].get("volume") == "496"
    assert (tmp_path / "sources.bib").read_text(encoding="utf-8") == REFS
    assert call(monkeypatch, "refs", "--check").code == 0
    assert call(monkeypatch, "outdated").code == 0

    # and what the lock knows is enough to verify offline
    monkeypatch.setenv("BIBTOOL_CACHE", str(tmp_path / "none"))
    done = call(monkeypatch, "verify", "--offline", "refs.bib")
    assert "arXiv:2310.02117: confirmed" in done.out


def test_a_preprint_that_is_preferred_is_not_upgraded(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sources.bib").write_text(REFS, encoding="utf-8")
    (tmp_path / "paper.tex").write_text("\\cite{bruna}", encoding="utf-8")
    settings = '[refs]\nsources = ["sources.bib"]\ndocuments = ["paper.tex"]\n'
    (tmp_path / "bibtool.toml").write_text(settings + 'prefer = "preprint"\n', encoding="utf-8")
    assert call(monkeypatch, "refs").code == 0
    done = call(monkeypatch, "refresh")
    assert "upgraded" not in done.err
    assert "bruna: published as Journal of Computational Physics" in done.out
    assert "the preprint stays, as [refs] prefer says" in done.out
    (tmp_path / "bibtool.toml").write_text(
        settings + 'prefer = "preprint"\nprefer-for = { bruna = "published" }\n', encoding="utf-8"
    )
    assert call(monkeypatch, "refresh").code == 0
    assert call(monkeypatch, "refs").code == 0
    assert "volume" in (tmp_path / "refs.bib").read_text(encoding="utf-8")
