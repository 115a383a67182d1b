"""``bibtool init``."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from bibtool.cli.config import read_config
from tests.cli.runner import call
from tests.project.making import BIB, LAMPORT, cite

if TYPE_CHECKING:
    import pytest


def test_a_first_file_that_works_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cite(tmp_path, "lamport94")
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "one.tex").write_text("\\cite{lamport94}")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "thesis.bib").write_text(BIB)
    monkeypatch.chdir(tmp_path)
    done = call(monkeypatch, "init")
    assert done.code == 0
    assert "next: look it over, then bibtool refs" in done.err
    settings = read_config(tmp_path / "bibtool.toml")
    assert (settings.refs.documents, settings.refs.output) == (("paper.tex",), "refs.bib")
    assert settings.refs.sources == ("old/thesis.bib", "library")
    assert call(monkeypatch, "refs").code == 0
    assert LAMPORT in (tmp_path / "refs.bib").read_text()


def test_the_file_that_is_there_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bibtool.toml").write_text("# mine\n")
    monkeypatch.chdir(tmp_path)
    done = call(monkeypatch, "init")
    assert (done.code, (tmp_path / "bibtool.toml").read_text()) == (2, "# mine\n")


def test_print_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = call(monkeypatch, "init", "--print")
    assert (done.code, list(tmp_path.iterdir())) == (0, [])
    assert 'sources = ["library"]' in done.out


def test_the_bibliography_that_the_document_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.tex").write_text("\\documentclass{article}\\usepackage{biblatex}\\addbibresource{lit.bib}")
    monkeypatch.chdir(tmp_path)
    assert call(monkeypatch, "init").code == 0
    settings = read_config(tmp_path / "bibtool.toml")
    assert (settings.refs.output, settings.refs.dialect) == ("lit.bib", "biblatex")


def test_git_is_set_up_on_demand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    assert call(monkeypatch, "init", "--git").code == 0
    assert "*.bib" in (tmp_path / ".gitattributes").read_text(encoding="utf-8")
    settings = (tmp_path / "bibtool.toml").read_bytes()
    again = call(monkeypatch, "init", "--git")
    assert (again.code, (tmp_path / "bibtool.toml").read_bytes()) == (0, settings)


def test_settings_of_a_list_can_be_added_to_those_of_a_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(monkeypatch, "init").code == 0
    before = Path("bibtool.toml").read_text(encoding="utf-8")
    refused = call(monkeypatch, "init", "--cv", "Bea Ash")
    assert refused.code == 2
    assert "--print >> bibtool.toml" in refused.err
    added = call(monkeypatch, "init", "--cv", "Bea Ash", "--print").out
    Path("bibtool.toml").write_text(before + added, encoding="utf-8")
    settings = read_config(Path("bibtool.toml"))
    assert settings.owner.names == ("Bea Ash",)
    assert settings.refs.output == "refs.bib"
