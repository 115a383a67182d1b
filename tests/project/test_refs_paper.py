"""The small paper of the fixtures: its files are current, and LaTeX is content with them."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from bibtool.cli.main import run as run_command
from tests.project.making import run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def paper(fixtures: Path, tmp_path: Path) -> Path:
    return shutil.copytree(fixtures / "project", tmp_path / "paper")


def test_the_files_of_the_fixture_are_current(paper: Path) -> None:
    plan = run(paper)
    assert ([str(one) for one in plan.problems], plan.changes) == ([], ())


@pytest.mark.slow
def test_they_are_made_again_byte_for_byte_with_and_without_sources(
    paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(paper)
    wanted = {name: (paper / name).read_bytes() for name in ("refs.bib", "bibtool.lock")}
    for name in wanted:
        (paper / name).unlink()
    assert run_command(["refs"]) == 0
    assert {name: (paper / name).read_bytes() for name in wanted} == wanted
    for name in ("own.bib", "group.bib", "group.json", "refs.bib"):
        (paper / name).unlink()
    assert run_command(["refs"]) == 0
    assert {name: (paper / name).read_bytes() for name in wanted} == wanted


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("pdflatex") and shutil.which("bibtex")), reason="no LaTeX is installed")
def test_latex_and_bibtex_find_every_citation(paper: Path) -> None:
    def call(*words: str) -> str:
        done = subprocess.run(words, cwd=paper, capture_output=True, check=False, timeout=300)
        return done.stdout.decode("utf-8", "replace")

    (paper / "chapters" / "second.aux").touch()
    first = call("pdflatex", "-interaction=nonstopmode", "paper")
    if re.search(r"natbib\.sty' not found|can't find the format file|article\.cls' not found", first):
        pytest.skip("this LaTeX lacks natbib")
    told = call("bibtex", "paper")
    assert "Warning--I didn't find" not in told
    assert "error message" not in told
    call("pdflatex", "-interaction=nonstopmode", "paper")
    last = call("pdflatex", "-interaction=nonstopmode", "paper")
    assert "undefined" not in last
    assert (paper / "paper.bbl").read_text().count("\\bibitem") == 6
