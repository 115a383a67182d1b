"""The large paper of the fixtures: 40 works cited in 6 files, compiled with the refs.bib that is made for it.

Keys that begin with ``hidden`` stand where they are no citations.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bibtool.project.documents import Reader, parse_commands
from bibtool.project.scan.base import ScanOptions
from bibtool.project.scan.follow import scan_files
from tests.project.making import run, space
from tests.project.tools import cites_of, have, have_latex, nodes_of, typst_keys
from tests.support.systems import posix

if TYPE_CHECKING:
    from bibtool.project.scan.follow import Cited

FILES = ("macros.tex", "chapters/numbers.tex", "chapters/machines.tex", "parts/words.tex", "parts/worlds.tex")
STYLES = ("amsmath.sty", "listings.sty", "comment.sty", "subfiles.sty", "mathptmx.sty", "ptmr8t.tfm")
BIBTEX = pytest.param(
    "natbib", marks=have_latex(*STYLES, "natbib.sty", programs=("latexmk", "pdflatex", "bibtex")), id="bibtex"
)
BIBER = pytest.param(
    "biblatex",
    marks=have_latex(*STYLES, "csquotes.sty", "biblatex.sty", programs=("latexmk", "pdflatex", "biber")),
    id="biber",
)


@pytest.fixture
def paper(fixtures: Path, tmp_path: Path) -> Path:
    """The paper with the bibliography that is made for it."""
    folder = shutil.copytree(fixtures / "paper", tmp_path / "paper")
    plan = run(folder)
    assert [str(one) for one in plan.problems] == []
    return folder


def cited(folder: Path, name: str) -> Cited:
    commands = parse_commands(space(folder).settings.cite_commands)
    found = scan_files([name], Reader(folder), ScanOptions(commands=commands))
    assert [str(one) for one in found.problems] == []
    return found


@pytest.mark.slow
@pytest.mark.parametrize("root", ["natbib", "biblatex"])
def test_forty_works_are_cited_over_six_files(paper: Path, root: str) -> None:
    found = cited(paper, f"{root}.tex")
    assert len(found.keys) == 40
    assert {one.path for one in found.citations} == {f"{root}.tex", *FILES}
    assert not [key for key in found.keys if key.startswith("hidden")]


@pytest.mark.slow
def test_the_bibliography_has_what_is_cited_and_no_more(paper: Path) -> None:
    asked = {
        key for name in ("natbib.tex", "biblatex.tex", "notes.md", "handout.typ") for key in cited(paper, name).keys
    }
    plan = run(paper)
    assert (set(plan.keys), plan.changes) == (asked | {"mtp58"}, ())  # the volume that a cited part stands in


@pytest.mark.slow
@pytest.mark.parametrize("root", [BIBTEX, BIBER])
def test_it_compiles_without_an_undefined_citation(paper: Path, root: str) -> None:
    call = ["latexmk", "-norc", "-pdf", "-interaction=nonstopmode", "-halt-on-error", root]
    done = subprocess.run(call, cwd=paper, capture_output=True, check=False, timeout=300)
    log = (paper / f"{root}.log").read_text("utf-8", "replace")
    assert done.returncode == 0, log[-3000:]
    assert not re.findall(r"undefined|multiply.defined", re.sub(r"\n", "", log), re.IGNORECASE)
    told = (paper / f"{root}.blg").read_text("utf-8", "replace")
    assert not re.findall(r".*(?:didn't find|ERROR - |error message).*", told)

    from_source = set(cited(paper, f"{root}.tex").keys)
    from_run = cited(paper, f"{root}.aux")
    assert set(from_run.files) == {f"{root}.aux", "chapters/machines.aux"}
    assert set(from_run.keys) == from_source
    listed = (paper / f"{root}.bbl").read_text("utf-8")
    if root == "biblatex":
        assert set(cited(paper, "biblatex.bcf").keys) == from_source
        assert set(re.findall(r"^ *\\entry\{(.+?)\}\{", listed, re.MULTILINE)) == from_source
    else:
        assert set(re.findall(r"^\\bibitem\[(?:.|\n)*?\]\{(.+?)\}", listed, re.MULTILINE)) == from_source


@posix
@pytest.mark.slow
@pytest.mark.parametrize("root", [BIBTEX, BIBER])
def test_latexmk_asks_for_the_bibliography_first(paper: Path, root: str) -> None:
    """The settings for latexmk that docs/how-to/make.md shows."""
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "make.md").read_text(encoding="utf-8")
    (settings,) = re.findall(r"^```perl\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    (paper / ".latexmkrc").write_text(settings, encoding="utf-8")
    hook = paper / "bin" / "bibtool-hook"
    hook.parent.mkdir()
    hook.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bibtool "$@"\n', encoding="utf-8")
    hook.chmod(0o755)
    environment = {**os.environ, "PATH": f"{hook.parent}{os.pathsep}{os.environ['PATH']}"}
    call = ["latexmk", "-pdf", "-interaction=nonstopmode", root]

    (paper / "refs.bib").unlink()
    with (paper / "chapters" / "machines.tex").open("a") as document:
        document.write("\\cite{nowhere}\n")
    done = subprocess.run(call, cwd=paper, env=environment, capture_output=True, check=False, timeout=300)
    assert done.returncode != 0
    assert b"no entry for 'nowhere'" in done.stderr
    assert not (paper / f"{root}.pdf").exists()

    text = (paper / "chapters" / "machines.tex").read_text(encoding="utf-8")
    (paper / "chapters" / "machines.tex").write_text(text.replace("\\cite{nowhere}\n", ""), encoding="utf-8")
    done = subprocess.run(call, cwd=paper, env=environment, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "gauss01" in (paper / "refs.bib").read_text(encoding="utf-8")
    assert (paper / f"{root}.pdf").exists()


@pytest.mark.slow
@have("pypandoc")
def test_pandoc_cites_and_lists_the_same_works(paper: Path) -> None:
    import json

    import pypandoc  # type: ignore[import-untyped, unused-ignore]  # not a dependency

    bibliography = f"--bibliography={paper / 'refs.bib'}"
    tree = json.loads(pypandoc.convert_file(str(paper / "notes.md"), "json", extra_args=["--citeproc", bibliography]))
    ours = set(cited(paper, "notes.md").keys)
    # what is cited without being mentioned stands in the front matter, which citeproc takes out
    assert set(cites_of(tree)) == ours
    listed = {one["c"][0][0] for one in nodes_of(tree) if one.get("t") == "Div"}
    assert {one.removeprefix("ref-") for one in listed if one.startswith("ref-")} == ours


@pytest.mark.slow
@have("typst")
def test_typst_cites_the_same_works(paper: Path) -> None:
    ours = set(cited(paper, "handout.typ").keys)
    assert len(ours) == 16
    assert typst_keys(paper / "handout.typ") == ours
