"""``bibtool doctor``, and calls that were meant for another program of that name."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

from bibtool.cli.commands import COMMANDS
from bibtool.cli.foreign import equivalent
from tests.cli.runner import call

if TYPE_CHECKING:
    from pathlib import Path


def program(folder: Path, name: str, words: str) -> Path:
    """A program that says ``words``."""
    if sys.platform == "win32":
        pytest.skip("the program is a script for a POSIX shell")
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{words}'\n")
    path.chmod(0o755)
    return path


def test_every_bibtool_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = program(tmp_path / "usr", "bibtool", "BibTool Vers. 2.68")
    own = program(tmp_path / "venv", "bibtool", "bibtool 0.1.0 (Python bibliography tool)")
    hook = program(tmp_path / "venv", "bibtool-hook", "bibtool 0.1.0 (Python bibliography tool)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join([str(other.parent), str(own.parent), "/bin"]))
    done = call(monkeypatch, "doctor", "--json")
    answer = json.loads(done.out)
    ours = [one for one in answer["programs"] if str(tmp_path) in one["path"]]
    assert [(one["path"], one["ours"]) for one in ours] == [(str(other), False), (str(own), True), (str(hook), True)]
    assert done.code == 1
    assert any(str(other) in one and "bibtool-hook" in one for one in answer["findings"])
    monkeypatch.setenv("PATH", os.pathsep.join([str(own.parent), "/bin"]))
    done = call(monkeypatch, "doctor")
    assert done.code == 0
    for words in (
        str(own),
        sys.executable,
        "requests ",
        "no bibtool.toml in this folder",
        "does not exist yet",
        "no problems found",
    ):
        assert words in done.out
    assert not list(tmp_path.glob("**/*.sqlite"))
    (tmp_path / "a.bib").write_text("@misc{a, title = {A}}\n", encoding="utf-8")
    assert call(monkeypatch, "--library", "l.sqlite", "import", "a.bib").code == 0
    assert "l.sqlite: 1 record\n" in call(monkeypatch, "--library", "l.sqlite", "doctor").out


@pytest.mark.slow
def test_broken_settings_and_library_are_findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bibtool.toml").write_text("[refs]\noutptu = 1\n")
    monkeypatch.chdir(tmp_path)
    done = call(monkeypatch, "doctor", "--json")
    assert any("refs.output" in one for one in json.loads(done.out)["findings"])
    (tmp_path / "bibtool.toml").write_text('library = "x.sqlite"\n')
    (tmp_path / "x.sqlite").write_text("this is no library")
    done = call(monkeypatch, "doctor", "--json")
    assert done.code == 1
    assert any(one.startswith("library:") for one in json.loads(done.out)["findings"])


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("-s refs.bib", "bibtool fmt --sort key refs.bib"),
        ("-s -d refs.bib -o out.bib", "bibtool dedupe refs.bib"),
        ("-x paper.aux all.bib", "bibtool refs"),
        ("-x paper.aux -o refs.bib", "bibtool refs"),
        ("-xpaper.aux", "bibtool refs"),
        ("-k refs.bib -o out.bib", "bibtool fmt --generate-keys default refs.bib"),
        ("-r settings.rsc refs.bib", "bibtool fmt refs.bib"),
        ("-o out.bib in.bib", "bibtool fmt in.bib"),
        ("refs.bib -s", "bibtool fmt --sort key refs.bib"),
        ("-- sort=on refs.bib", "bibtool fmt refs.bib"),
        ("-V", "bibtool --version"),
    ],
)
def test_the_other_program_s_calls(line: str, answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, *line.split())
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert answer in done.err
    assert answer.split()[1] in COMMANDS or answer.split()[1].startswith("--")


@pytest.mark.parametrize(
    "line", ["-q refs --check", "--library x list", "-h", "fmt -", "list -s", "--debug", "", "-Z a"]
)
def test_calls_of_our_own_are_left_alone(line: str) -> None:
    assert equivalent(line.split(), list(COMMANDS)) is None
