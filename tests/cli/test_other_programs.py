"""What git, kpsewhich and others are called with: no name of a project is an option, a pattern or a program to them."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from bibtool.cli.git import git_add
from bibtool.cli.gitsetup import settings
from bibtool.programs import find_program, run_program
from tests.cli.runner import call
from tests.support.systems import posix

pytestmark = posix
ENTRY = "@misc{ada,\n  title = {One},\n}\n"
OTHER = "@misc{bea,\n  title = {Two},\n}\n"
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def program(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "src.bib").write_text(ENTRY, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("command", [("convert", "src.bib", "--to", "text"), ("cv", "src.bib", "--everyone")])
@pytest.mark.parametrize("name", ["-expand-var=$HOME.bst", "--help.bst", "-x.bst", "--mktex=pk.bst", "-.bst"])
def test_the_name_of_a_style_is_no_option_of_kpsewhich(
    name: str, command: tuple[str, ...], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(project.parent / "bin", "kpsewhich", 'for word; do echo "$word" >> ../words; done; exit 1')
    monkeypatch.setenv("PATH", f"{project.parent / 'bin'}{os.pathsep}/bin")
    (project / "bibtool.toml").write_text(f"[export]\nstyle = '{name}'\n[cv]\nstyle = '{name}'\n", encoding="utf-8")
    done = call(monkeypatch, *command)
    assert (done.code, "there is no such style" in done.err) == (1, True), done.err
    words = (project.parent / "words").read_text(encoding="utf-8").splitlines()
    assert words
    assert set(zip(words[::2], words[1::2], strict=True)) == {("--", name)}


@pytest.mark.parametrize("found", ["/nowhere/caf\\351.bst", "", "not a path"])
def test_what_kpsewhich_prints_is_a_path_or_a_clear_error(
    found: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(project.parent / "bin", "kpsewhich", f"printf '{found}\\n'")
    monkeypatch.setenv("PATH", f"{project.parent / 'bin'}{os.pathsep}/bin")
    done = call(monkeypatch, "convert", "src.bib", "--to", "text", "--style", "odd.bst")
    assert done.code == 1
    assert "Traceback" not in done.err
    assert ".bst" in done.err or "not a path" in done.err


@pytest.mark.parametrize("relative", ["", ".", "bin", "./bin"])
def test_no_program_is_taken_from_a_relative_folder_of_the_path(
    relative: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("git", "kpsewhich", "bibtool", "bibtool-hook")
    for folder in (project, project / "bin"):
        for name in names:
            program(folder, name, f"touch '{project}/owned'")
    own = program(project.parent / "bin", "git", "echo ours")
    monkeypatch.setenv("PATH", os.pathsep.join([relative, str(own.parent)]))
    assert find_program("git") == own
    assert find_program("kpsewhich") is None
    assert run_program("git", "status").stdout == b"ours\n"
    done = call(monkeypatch, "convert", "src.bib", "--to", "text", "--style", "none.bst")
    assert (done.code, "there is no such style" in done.err) == (1, True)
    answer = json.loads(call(monkeypatch, "doctor", "--json").out)
    assert any("PATH has a relative folder" in finding for finding in answer["findings"])
    call(monkeypatch, "git-setup")
    call(monkeypatch, "install-hook")
    assert not (project / "owned").exists()


def test_a_program_that_is_missing_fails_or_waits(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = program(project.parent / "bin", "slow", "exec sleep 60")
    program(project.parent / "bin", "reads", "cat; echo end")
    monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}/bin{os.pathsep}/usr/bin")
    monkeypatch.setattr("bibtool.programs.TIMEOUT_S", 0.2)
    with pytest.raises(TimeoutError, match=r"slow took more than 0\.2 seconds"):
        run_program("slow")
    with pytest.raises(FileNotFoundError, match="nosuch is not on PATH"):
        run_program("nosuch")
    with pytest.raises(OSError, match="null"):
        run_program("reads", names=["a\0b"])
    monkeypatch.setattr("bibtool.programs.TIMEOUT_S", 30)
    assert run_program("reads").stdout == b"end\n"  # nothing is waited for on standard input


@pytest.mark.slow
@needs_git
@pytest.mark.parametrize("name", [":!nosuch.bib", "*.bib", "[ar]efs.bib", "-o.bib", "--help.bib", ":(top)src.bib"])
def test_prune_asks_git_about_this_file(name: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is a pattern to git stands for other files, which are committed: this one is not."""
    (project / "bibtool.toml").write_text(f"[refs]\nsources = ['src.bib']\noutput = '{name}'\n", encoding="utf-8")
    (project / "paper.tex").write_text("\\cite{ada}\n", encoding="utf-8")
    (project / ".gitignore").write_text("*\n!src.bib\n!refs.bib\n!.gitignore\n", encoding="utf-8")
    (project / "refs.bib").write_text(ENTRY, encoding="utf-8")
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "one")):
        subprocess.run(["git", *identity, *words], cwd=project, check=True, capture_output=True)
    (project / name).write_text(ENTRY + OTHER, encoding="utf-8")
    done = call(monkeypatch, "refs", "--prune")
    assert done.code == 1, done.err
    assert "git has no copy of these entries (git does not track it)" in done.err
    assert (project / name).read_text(encoding="utf-8") == ENTRY + OTHER


def test_the_command_that_adds_files_adds_these_alone() -> None:
    assert git_add(["refs.bib", "bibtool.lock"]) == "git add refs.bib bibtool.lock"
    odd = ["-A.bib", ":!x.bib", "a b.bib", "x;touch y.bib", "$(id).bib"]
    assert shlex.split(git_add(odd)) == ["git", "add", "./-A.bib", "./:!x.bib", *odd[2:]]


def test_git_hands_over_the_name_of_a_file_as_such() -> None:
    assert settings()["diff.bibtool.textconv"].endswith(" textconv --")
