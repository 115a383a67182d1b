"""What ``bibtool init`` makes of projects in the manner of real ones, which fixtures/init describes."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bibtool.cli.config import read_config
from tests.cli.runner import call
from tests.support.golden import expected

FOLDER = Path(__file__).parents[2] / "fixtures" / "init"
PROJECTS: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "projects.toml").read_text(encoding="utf-8"))
ADVICE = re.compile(r"--prune|\bdelet|\bremov|takes? .* away", re.IGNORECASE)


def make(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        entries = re.sub(r"@([\w-]+)(?![\w{-])[ ]?", r"@misc{\1,\n  title = {On \1},\n}\n\n", text)
        path.write_text(entries if name.endswith(".bib") else text, encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("name", PROJECTS)
def test_what_init_finds(name: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = PROJECTS[name]
    make(project, wanted["files"])
    done = call(monkeypatch, "init")
    assert done.code == 0, done.err
    refs = read_config(project / "bibtool.toml").refs
    found = {
        "documents": list(refs.documents),
        "output": refs.output,
        "keep": refs.keep,
        "sources": list(refs.sources),
        "read-only": list(refs.read_only),
        "dialect": refs.dialect,
    }
    defaults = {"keep": True, "sources": [], "read-only": [], "dialect": "bibtex"}
    assert found == defaults | {key: value for key, value in wanted.items() if key in found}
    for note in wanted.get("notes", ()):
        assert note in done.err


@pytest.mark.slow
@pytest.mark.parametrize("name", PROJECTS)
def test_refs_fits_what_init_found(name: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = PROJECTS[name]
    make(project, wanted["files"])
    before = {path: path.read_bytes() for path in project.parent.rglob("*.bib")}
    assert call(monkeypatch, "init").code == 0
    said = []
    monkeypatch.setenv("BIBTOOL_ALLOW", os.pathsep.join(wanted.get("allow", ())))
    check = call(monkeypatch, "refs", "--check")
    said.append(check.err)
    if wanted.get("no-documents"):
        assert check.code == 1
        assert "no document was found" in check.err
    elif wanted.get("missing"):
        assert check.code == 1
        assert call(monkeypatch, "refs").code == 1
    else:
        first = call(monkeypatch, "refs")
        again = call(monkeypatch, "refs", "--check")
        said += [first.err, again.err]
        assert (first.code, again.code) == (0, 0), first.err + again.err
    for path, data in before.items():
        assert path.read_bytes().startswith(data.rstrip()), path.name
    assert not ADVICE.search("\n".join(said)), said


@pytest.mark.slow
def test_what_init_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = ""
    for name, wanted in PROJECTS.items():
        folder = tmp_path / name / "project"
        folder.mkdir(parents=True)
        make(folder, wanted["files"])
        monkeypatch.chdir(folder)
        said += f"$ bibtool init   # {name}\n{call(monkeypatch, 'init').err}\n"
    assert said == expected(FOLDER / "said.txt", said.encode()).decode()


HOSTILE = [
    (
        "a.tex",
        "\\documentclass{a}\\bibliography{" + "x" * 5_000 + "}\\input{" + "y" * 5_000 + "}\\begin{document}\\cite{a}",
    ),
    ("a.tex", "\\begin{document}\\cite{a}\\input{a}\\bibliography{\0, ,#1,$x$,{{y}},!z,a\x07b}"),
    ("a.tex", b"\xff\xfe\x00\\begin{document}\x81"),
    ("a.md", "---\nbibliography: $bibliography$\n---\n[@a]"),
    ("a.Rmd", "---\nbibliography: \"`r system.file('x.bib', package = 'y')`\"\n---\n[@a]"),
    ("_quarto.yml", "a: &a [x, x]\nb: &b [*a, *a]\nbibliography: [*b, *b, *b]\n"),
    ("_quarto.yml", "bibliography: !expr f()\nx: [" * 2_000),
    ("_quarto.yml", "bibliography:\n  \t- broken: [\n"),
    ("metadata.yaml", "bibliography: {a: {b: c.bib}}\n1: 2\n"),
    ("conf.py", "bibtex_bibfiles = " + "(" * 5_000 + "'a.bib'" + ")" * 5_000),
    ("conf.py", "bibtex_bibfiles = [f'{x}.bib', 1, None] + y\n\0"),
    ("Makefile", "x:\n\tpandoc --bibliography=$(BIB) --bibliography '${x}'"),
]


@pytest.mark.parametrize(("name", "content"), HOSTILE, ids=[str(number) for number in range(len(HOSTILE))])
def test_odd_files_stop_nothing(
    name: str, content: str | bytes, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (project / "note.md").write_text("[@a]", encoding="utf-8")
    done = call(monkeypatch, "init")
    assert (done.code, read_config(project / "bibtool.toml").refs.keep) == (0, False), done.err


def test_python_files_are_parsed_and_never_run(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "conf.py").write_text("open('run', 'w')\nbibtex_bibfiles = ['a.bib'] + ['b.bib']\n", encoding="utf-8")
    (project / "index.rst").write_text(":cite:`a`", encoding="utf-8")
    assert call(monkeypatch, "init").code == 0
    refs = read_config(project / "bibtool.toml").refs
    assert (refs.output, refs.read_only, (project / "run").exists()) == ("a.bib", ("b.bib",), False)


def test_many_documents_are_named_by_a_pattern_that_fits(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(project, {f"text/{number:02}.qmd": "@a" for number in range(20)})
    make(project, {"_quarto.yml": "bibliography: refs.bib", "text/_part.qmd": "@part", "refs.bib": "@a"})
    assert call(monkeypatch, "init").code == 0
    refs = read_config(project / "bibtool.toml").refs
    assert (refs.documents, refs.exclude) == (("text/*.qmd",), ("text/_part.qmd",))


def test_a_collection_from_elsewhere_is_only_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = "".join(f"@misc{{p{number}, title={{T}}}}\n" for number in range(5_001))
    make(project, {"paper.tex": r"\begin{document}\cite{p1,a}\bibliography{anthology,custom}", "custom.bib": "@a"})
    (project / "anthology.bib").write_text(entries, encoding="utf-8")
    assert call(monkeypatch, "init").code == 0
    refs = read_config(project / "bibtool.toml").refs
    assert (refs.output, refs.read_only) == ("custom.bib", ("anthology.bib",))
