"""``bibtool refresh`` and ``bibtool outdated`` against the stand-in server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bibtool.bib import Document
from bibtool.store import open_library
from tests.cli.runner import call
from tests.support.arxiv_faults import Fault
from tests.support.arxiv_papers import papers
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


@pytest.mark.slow
def test_a_file(server: Server, bib: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "outdated", str(bib))
    assert done.code == 1
    assert done.err.splitlines()[-1] == (
        "1 would be upgraded to its published version, 1 was withdrawn, 1 author list would be completed"
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


@pytest.mark.slow
def test_only_old_answers_are_asked_for_again(server: Server, bib: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call(monkeypatch, "outdated", str(bib))
    asked = len(server.log)
    call(monkeypatch, "outdated", str(bib))
    assert len(server.log) == asked
    call(monkeypatch, "outdated", "--older-than", "0", str(bib))
    assert len(server.log) == asked + 1


@pytest.mark.slow
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


@pytest.fixture
def suggested(tmp_path: Path) -> Path:
    """Preprints of which arXiv knows a publication without DOI."""
    known = [paper for paper in papers() if paper.journal_ref and not paper.doi][:5]
    text = "".join(
        f"@misc{{k{at}, title = {{{paper.title}}}, eprint = {{{paper.number}}}, archiveprefix = {{arXiv}}}}\n"
        for at, paper in enumerate(known)
    )
    path = tmp_path / "mine.bib"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_publication_without_doi_is_a_suggestion(
    server: Server, suggested: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(suggested.parent)
    done = call(monkeypatch, "refresh", "mine.bib")
    assert done.code == 0
    before = suggested.read_text(encoding="utf-8")
    assert "booktitle" not in before
    assert (
        "5 were published, according to their journal references on arXiv; --verbose lists them\n"
        "`bibtool refresh --accept KEY` takes a suggestion; --review FILE writes all of them to a file to edit\n"
    ) in done.err
    done = call(monkeypatch, "outdated", "--verbose", "mine.bib")
    assert done.out.count("suggestion: published in ") == 5

    done = call(monkeypatch, "refresh", "--accept", "k0", "mine.bib")
    assert done.code == 0
    entry = Document.from_bytes(suggested.read_bytes()).by_key["k0"]
    assert entry.type == "inproceedings"
    assert entry.get("booktitle") == "Advances in Neural Information Processing Systems"
    assert "4 were published" in done.err
    assert call(monkeypatch, "refresh", "--accept", "nobody", "mine.bib").code == 2
    assert "k0: there is no suggestion to accept" in call(monkeypatch, "refresh", "--accept", "k0", "mine.bib").err


@pytest.mark.slow
def test_suggestions_in_a_file_are_edited_and_applied_without_asking(
    server: Server, suggested: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(suggested.parent)
    review = suggested.parent / "review.bib"
    done = call(monkeypatch, "refresh", "mine.bib", "--review", "review.bib")
    assert "wrote review.bib with 5 suggestions" in done.err
    assert "`bibtool refresh --apply review.bib mine.bib`" in done.err
    asked = len(server.log)
    assert call(monkeypatch, "refresh", "mine.bib", "--review", "review.bib").code == 2
    text = review.read_text(encoding="utf-8")
    first, second, *_ = Document.from_text(text).entries
    review.write_text(text.replace(first.text, "").replace("Advances in Neural", "Steps in Neural"), encoding="utf-8")
    done = call(monkeypatch, "refresh", "mine.bib", "--apply", "review.bib")
    assert (done.code, done.err.splitlines()[-1]) == (0, "4 upgraded to their published version")
    assert len(server.log) == asked
    changed = Document.from_bytes(suggested.read_bytes())
    assert changed.problems == ()
    assert changed.by_key[first.key].get("booktitle") is None
    assert {changed.by_key[key].type for key in ("k1", "k2", "k3", "k4")} <= {"inproceedings", "article"}
    assert "Steps in Neural" in suggested.read_text(encoding="utf-8")
    assert changed.by_key[second.key].get("eprint")
    assert call(monkeypatch, "refresh", "mine.bib", "--apply", "review.bib", "--accept", "k0").code == 2
    review.write_text("@article{nobody, journal = {J}, year = 2020}", encoding="utf-8")
    assert call(monkeypatch, "refresh", "mine.bib", "--apply", "review.bib").code == 2


@pytest.mark.slow
def test_a_library_takes_reviewed_publications_in_one_change(
    server: Server, suggested: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(suggested.parent)
    library = ("--library", "library.sqlite")
    assert call(monkeypatch, "import", *library, "mine.bib").code == 0
    assert call(monkeypatch, "refresh", *library, "--review", "review.bib").code == 0
    assert call(monkeypatch, "refresh", *library, "--apply", "review.bib").code == 0
    with open_library("library.sqlite") as opened:
        assert {record.type for record in opened.records()} <= {"paper-conference", "article-journal"}
        assert opened.history()[0].what == "refresh 5 records"
    assert call(monkeypatch, "undo", *library).code == 0
    with open_library("library.sqlite") as opened:
        assert {record.type for record in opened.records()} == {"article"}


@pytest.mark.slow
def test_settings_for_a_cv_alone_are_no_project(
    server: Server, suggested: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(suggested.parent)
    Path("bibtool.toml").write_text('library = "library.sqlite"\n[owner]\nnames = ["Ada Lovelace"]\n', encoding="utf-8")
    assert call(monkeypatch, "import", "mine.bib").code == 0
    done = call(monkeypatch, "refresh")
    assert done.code == 0
    assert "document" not in done.err


@pytest.mark.slow
def test_a_failing_service_changes_nothing(server: Server, bib: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.faults = (Fault(kind="500"),)
    done = call(monkeypatch, "refresh", str(bib))
    assert done.code == 4
    assert "bruna, gone: not checked: could not reach arXiv (4 tries): server error 500" in done.err
    assert bib.read_text(encoding="utf-8") == REFS


@pytest.mark.parametrize("target", ["-", "x.json"])
def test_usage(target: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.json").write_text("[]", encoding="utf-8")
    assert call(monkeypatch, "refresh", target).code == 2
    assert server.log == []


@pytest.mark.slow
def test_a_project(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sources.bib").write_text(REFS, encoding="utf-8")
    (tmp_path / "bibtool.toml").write_text(
        '[refs]\nsources = ["sources.bib"]\ndocuments = ["paper.tex"]\n', encoding="utf-8"
    )
    (tmp_path / "paper.tex").write_text("\\cite{bruna}\\cite{arXiv:2310.02117}\\cite{doi:10.1000/x}", encoding="utf-8")
    done = call(monkeypatch, "refresh")
    assert done.code == 1
    assert "doi:10.1000/x: not checked: only arXiv ids can be looked up" in done.err
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


@pytest.mark.slow
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
    assert "bruna: published as 'Journal of Computational Physics" in done.out
    assert "kept as a preprint, as [refs] prefer says" in done.out
    (tmp_path / "bibtool.toml").write_text(
        settings + 'prefer = "preprint"\nprefer-for = { bruna = "published" }\n', encoding="utf-8"
    )
    assert call(monkeypatch, "refresh").code == 0
    assert call(monkeypatch, "refs").code == 0
    assert "volume" in (tmp_path / "refs.bib").read_text(encoding="utf-8")
