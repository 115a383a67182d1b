"""The merge driver and the text form, called by the real git."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bibtool.cli.gitsetup import set_up
from tests.cli.runner import call

BASE = "@article{ada,\n  title = {One},\n  year = 2001,\n}\n"
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


class Repository:
    """A repository of its own, with a ``bibtool-hook`` on PATH that is this bibtool."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "repository"
        self.folder.mkdir()
        programs = folder / "bin"
        programs.mkdir()
        hook = programs / "bibtool-hook"
        project = Path(__file__).parents[2]
        hook.write_text(
            f'#!/bin/sh\nPYTHONPATH="{project}" exec "{sys.executable}" -m bibtool "$@"\n', encoding="utf-8"
        )
        hook.chmod(0o755)
        self.environment = {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            **{f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        self.git("init", "-q", "-b", "main")

    @property
    def bib(self) -> Path:
        return self.folder / "refs.bib"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["git", *arguments], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )

    def git(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def commit(self, text: str) -> None:
        self.bib.write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "change")

    def two_branches(self, ours: str, theirs: str) -> None:
        self.git("checkout", "-q", "-b", "topic")
        self.commit(theirs)
        self.git("checkout", "-q", "main")
        self.commit(ours)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path)
    set_up(made.folder)
    made.commit(BASE)
    return made


@pytest.mark.slow
@needs_git
def test_two_branches_change_different_fields(repository: Repository) -> None:
    repository.two_branches(BASE.replace("One", "Two"), BASE.replace("2001", "2002"))
    repository.git("merge", "topic")
    assert repository.bib.read_text(encoding="utf-8") == BASE.replace("One", "Two").replace("2001", "2002")
    assert repository.git("status", "--porcelain") == ""


@pytest.mark.slow
@needs_git
def test_two_branches_change_the_same_field(repository: Repository) -> None:
    repository.two_branches(BASE.replace("One", "Two"), BASE.replace("One", "Three"))
    done = repository.run("merge", "topic")
    assert done.returncode == 1
    assert "refs.bib: conflict in ada: both sides have changed title" in done.stdout + done.stderr
    text = repository.bib.read_text(encoding="utf-8")
    assert text.startswith("<<<<<<< ours\n@article{ada,\n  title = {Two},\n")
    assert repository.git("status", "--porcelain") == "UU refs.bib\n"


@pytest.mark.slow
@needs_git
def test_both_branches_add_the_file(repository: Repository) -> None:
    other = repository.folder / "new.bib"
    for branch, text in (("topic", "@misc{b, title = {B}}\n"), ("main", "@misc{a, title = {A}}\n")):
        repository.git("checkout", "-q", *(["-b", branch] if branch == "topic" else [branch]))
        other.write_text(text, encoding="utf-8")
        repository.git("add", "-A")
        repository.git("commit", "-q", "-m", "add")
    repository.git("merge", "topic")
    text = other.read_text(encoding="utf-8")
    assert "@misc{a," in text
    assert "@misc{b," in text


@pytest.mark.slow
@needs_git
def test_git_diff_shows_fields(repository: Repository) -> None:
    repository.bib.write_text('@article{ada, year = {2002}, title = "One"}\n', encoding="utf-8")
    shown = [line for line in repository.git("diff").splitlines() if line[:1] in "+-" and line[1:2] not in "+-"]
    assert shown == ["-  year = 2001", "+  year = 2002"]


@pytest.mark.slow
@needs_git
def test_setting_up_twice_does_nothing_the_second_time(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    attributes = repository.folder / ".gitattributes"
    attributes.write_bytes(b"*.png binary")
    inner = repository.folder / "paper"
    inner.mkdir()
    first = set_up(inner)
    assert len(first.done) == 4
    assert attributes.read_bytes() == b"*.png binary\n*.bib merge=bibtool diff=bibtool\n"
    again = set_up(repository.folder)
    assert (again.done, again.left) == ((), ())


@pytest.mark.slow
@needs_git
def test_another_driver_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = Repository(tmp_path)
    attributes = repository.folder / ".gitattributes"
    attributes.write_text("*.bib merge=union\n", encoding="utf-8")
    monkeypatch.chdir(repository.folder)
    done = call(monkeypatch, "git-setup", "--json")
    answer = json.loads(done.out)
    assert answer["left"] == [".gitattributes already says merge=union for *.bib"]
    assert attributes.read_text(encoding="utf-8") == "*.bib merge=union\n*.bib diff=bibtool\n"
    assert "already" in call(monkeypatch, "git-setup").err


def test_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert call(monkeypatch, "git-setup").code == 1


def test_a_driver_that_fails_leaves_the_file_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = tmp_path / "ours"
    ours.write_text(BASE, encoding="utf-8")
    done = call(monkeypatch, "merge-driver", str(tmp_path / "none"), str(ours), str(ours), "--path", "refs.bib")
    assert done.code == 129
    assert "refs.bib was not merged" in done.err
    assert ours.read_text(encoding="utf-8") == BASE


def test_marker_size_and_labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = []
    for name, title in (("o", "One"), ("a", "Two"), ("b", "Three")):
        path = tmp_path / name
        path.write_text(BASE.replace("One", title), encoding="utf-8")
        names.append(str(path))
    done = call(monkeypatch, "merge-driver", *names, "--marker-size", "9", "--label", "HEAD", "topic")
    assert done.code == 1
    lines = Path(names[1]).read_text(encoding="utf-8").splitlines()
    assert (lines[0], lines[5], lines[-1]) == ("<<<<<<<<< HEAD", "=========", ">>>>>>>>> topic")


def test_textconv_reads_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.bib"
    path.write_bytes(b'% hi\n@string{a = {b}}\n@misc{k, b = {G{\\"o}del}, a = {x\n y} # z}\n@book{bad, \xff')
    done = call(monkeypatch, "textconv", str(path))
    assert done.code == 0
    assert done.out.splitlines()[:6] == ["% hi", "@string{a = {b}}", "", "@misc{k", "  a = x yz", "  b = Gödel"]
    assert "@book{bad" in done.out
