"""What `export`, `convert` and `cv` write: by name, by the suffix of -o, and what contradicts; and --omit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bibtool.cli.formatted import LIST_SUFFIXES, LISTS
from bibtool.formats.registry import FORMATS
from tests.cli.runner import call

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.runner import Outcome

SOURCE = """\
@article{ash20, title={On Things}, author={Bea Ash}, journal={J. Things}, year={2020}, abstract={Long.},
  keywords={a, b}, file={x.pdf}, url={https://example.org}}
"""
COMMANDS = {
    "export": ("export",),
    "convert": ("convert", "all.bib"),
    "cv": ("cv", "all.bib", "--owner", "Bea Ash"),
}
STARTS = {".json": "[", ".html": "<!DOCTYPE html>", ".tex": "", ".md": "", ".txt": "", ".rtf": "{\\rtf1"}
both = pytest.mark.parametrize("command", ["export", "convert"])
all_three = pytest.mark.parametrize("command", COMMANDS)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BIBTOOL_LIBRARY", str(tmp_path / "library.sqlite"))
    (tmp_path / "all.bib").write_text(SOURCE)
    call(monkeypatch, "import", "all.bib")
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, command: str, *more: str) -> Outcome:
    return call(monkeypatch, *COMMANDS[command], *more)


@pytest.mark.slow
@all_three
@pytest.mark.parametrize("suffix", [".html", ".tex", ".md", ".txt", ".rtf", ".typ"])
def test_by_the_suffix(folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, suffix: str) -> None:
    assert run(monkeypatch, command, "-o", f"out{suffix}").code == 0
    text = (folder / f"out{suffix}").read_text()
    assert text.startswith(STARTS.get(suffix, ""))
    assert "On " in text
    assert "@article" not in text


@pytest.mark.slow
@both
@pytest.mark.parametrize(
    ("suffix", "mark"), [(".json", '"title"'), (".ris", "TI  -"), (".yml", "title:"), (".cff", "cff")]
)
def test_data_by_the_suffix(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, suffix: str, mark: str
) -> None:
    run(monkeypatch, command, "-o", f"out{suffix}")
    assert mark in (folder / f"out{suffix}").read_text()


@all_three
def test_a_suffix_that_nobody_knows(folder: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    done = run(monkeypatch, command, "-o", "out.jsn")
    assert done.code == 2
    assert ".jsn" in done.err
    assert ".html" in done.err
    assert not (folder / "out.jsn").exists()


@pytest.mark.slow
@all_three
def test_a_suffix_that_contradicts(folder: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    option = "--format" if command == "export" else "--to"
    done = run(monkeypatch, command, option, "markdown", "-o", "out.html")
    assert done.code == 2
    assert f"{option} says markdown" in done.err
    assert "-o out.md" in done.err
    assert not (folder / "out.html").exists()
    assert run(monkeypatch, command, option, "markdown", "-o", "out.txt").code == 0
    assert run(monkeypatch, command, option, "markdown", "-o", "out.page").code == 0


@pytest.mark.slow
@both
@pytest.mark.parametrize(("target", "name"), [("biblatex", "a.bib"), ("hayagriva", "a.yml"), ("mods", "a.xml")])
def test_suffixes_that_several_formats_share(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, target: str, name: str
) -> None:
    option = "--format" if command == "export" else "--to"
    assert "suffix" not in run(monkeypatch, command, option, target, "-o", name).err
    assert (folder / name).exists()


@pytest.mark.slow
@both
def test_a_bib_file_has_the_dialect_of_the_project(folder: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    run(monkeypatch, command, "-o", "out.bib")
    assert "journal  " in (folder / "out.bib").read_text()
    (folder / "bibtool.toml").write_text('[refs]\ndialect = "biblatex"\n')
    run(monkeypatch, command, "-o", "out.bib")
    assert "journaltitle  " in (folder / "out.bib").read_text()


@pytest.mark.slow
def test_export_without_a_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "journal  " in run(monkeypatch, "export").out
    (folder / "bibtool.toml").write_text('[refs]\ndialect = "biblatex"\n')
    assert "journaltitle  " in run(monkeypatch, "export").out


@pytest.mark.slow
@both
def test_omit(folder: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    run(monkeypatch, command, "-o", "out.bib", "--omit", "Abstract, file,timestamp")
    text = (folder / "out.bib").read_text()
    assert "keywords" in text
    assert not {"abstract", "file"} & set(text.split())
    run(monkeypatch, command, "-o", "out.json", "--omit", "abstract,keywords,journal,year")
    (item,) = json.loads((folder / "out.json").read_text())
    assert not {"abstract", "keyword", "container-title", "issued"} & set(item)
    assert item["URL"] == "https://example.org"
    done = run(monkeypatch, command, "-o", "out.txt", "--omit", "url")
    assert done.code == 0
    assert "example.org" not in (folder / "out.txt").read_text()


@both
def test_omit_by_a_misspelt_name(folder: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    done = run(monkeypatch, command, "-o", "out.bib", "--omit", "abstrct")
    assert done.code == 2
    assert "did you mean 'abstract'" in done.err
    assert not (folder / "out.bib").exists()


@both
def test_omit_as_a_setting(folder: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    (folder / "bibtool.toml").write_text('[export]\nomit = ["abstract"]\n')
    assert run(monkeypatch, command, "-o", "out.bib").code == 0
    assert "abstract" not in (folder / "out.bib").read_text()
    run(monkeypatch, command, "-o", "out.bib", "--omit", "")
    assert "abstract" in (folder / "out.bib").read_text()


def test_names_and_suffixes_are_said_once() -> None:
    names = [name for form in FORMATS for name in (form.name, *form.aliases)]
    assert len(names) == len(set(names))
    assert all(name == name.casefold() for name in names)
    assert not set(names) & (
        set(LISTS) - {"typst", "html", "docx", "markdown", "text"}
    )  # these are read as formats and written as lists
    suffixes = [suffix for form in FORMATS for suffix in form.suffixes]
    assert len(suffixes) == len(set(suffixes))
    lists = [suffix for of_list in LIST_SUFFIXES.values() for suffix in of_list]
    assert len(lists) == len(set(lists))
    writable = [suffix for form in FORMATS if form.writer for suffix in form.suffixes]
    assert not set(writable) & set(lists)
