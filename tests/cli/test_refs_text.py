"""What `bibtool refs` and its relatives say in a typical project, as golden files that a person would like to read.

A thesis with a bibliography of 61 entries, kept by hand for years, of which 21 are cited.
"""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.runner import call
from tests.support.golden import expected

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = ("adams", "baker", "clark", "davis", "evans", "frank", "grant", "hayes")
THINGS = ("waves", "graphs", "primes", "fields", "knots", "sheaves", "ranks", "limits")
KEYS = [f"{PEOPLE[number % 8]}{1960 + number}{THINGS[number * 3 % 8]}" for number in range(61)]
CITED = KEYS[::3]
HEAD = """% My bibliography. DO NOT SORT, Anna
@string{jmm = "Journal of Made-up Mathematics"},
@STRING(annals = {Annals of Examples})
@string{idle = "nobody uses this one"}

"""
PARENT = "@proceedings{pems2001, title = {Proceedings of the Example Society}, year = 2001}\n"


def entry(number: int, key: str) -> str:
    journal = ("jmm", "annals", "{Letters on Letters}")[number % 3]
    title = f"On {THINGS[number * 3 % 8]}, part {number}"
    fields = f"  author={{A. {key[:5].title()}}},\n  title={{{title}}},\n  journal={journal}, year={1960 + number}"
    return f"@article{{{key},\n{fields}\n}}\n"


class Terminal:
    """Runs commands in a project and writes down what a person sees."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.monkeypatch = monkeypatch
        self.seen: list[str] = []

    def say(self, comment: str) -> None:
        self.seen.append(f"# {comment}\n")

    def run(self, *arguments: str) -> str:
        done = call(self.monkeypatch, *arguments)
        code = f"(exit code {done.code})\n" if done.code else ""
        self.seen.append(f"$ bibtool {' '.join(arguments)}\n{done.out}{done.err}{code}\n")
        return done.err

    def cite(self, *keys: str) -> None:
        body = "\n".join(f"\\cite{{{key}}}" for key in keys)
        text = f"\\documentclass{{book}}\n\\begin{{document}}\n{body}\n\\bibliography{{refs}}\n\\end{{document}}\n"
        (self.folder / "thesis.tex").write_text(text)

    def set(self, *lines: str) -> None:
        text = "\n".join(['documents = ["thesis.tex"]', *lines])
        (self.folder / "bibtool.toml").write_text(f"[refs]\n{text}\n")

    def git(self, *arguments: str) -> None:
        names = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *names, *arguments], cwd=self.folder, capture_output=True, check=True)

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}

    def matches(self, golden: Path) -> None:
        text = "".join(self.seen)
        assert expected(golden, text.encode()).decode() == text


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("BIBTOOL_LIBRARY", str(tmp_path / "no-library.sqlite"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    folder = tmp_path / "thesis"
    folder.mkdir()
    monkeypatch.chdir(folder)
    terminal = Terminal(folder, monkeypatch)
    (folder / "refs.bib").write_text(HEAD + "\n".join(entry(number, key) for number, key in enumerate(KEYS)))
    terminal.cite(*CITED)
    return terminal


@pytest.mark.slow
def test_a_file_that_is_kept_by_hand(terminal: Terminal, fixtures: Path) -> None:
    refs = terminal.folder / "refs.bib"
    before = refs.read_bytes()
    terminal.set('sources = ["new.bib"]', "keep = true")
    terminal.run("refs", "--check")
    terminal.run("refs")
    terminal.run("refs", "--hook")
    terminal.run("refs", "--check")
    terminal.run("refs", "--quiet")
    terminal.run("refs", "--verbose")
    assert refs.read_bytes() == before
    terminal.say("two new works are cited, one of which new.bib has")
    (terminal.folder / "new.bib").write_text("@misc{new2026, title={New}, year=2026}\n")
    terminal.cite(*CITED, "new2026", "adms1960waves", "adms1960waves")
    terminal.run("refs")
    terminal.run("refs", "--quiet")
    terminal.run("refs", "--allow-missing")
    added = b"\n@misc{new2026,\n  title         = {New},\n  year          = 2026,\n}\n"
    assert refs.read_bytes() == before + added
    terminal.say("the misspelt key is corrected")
    terminal.cite(*CITED, "new2026")
    terminal.run("refs")
    terminal.matches(fixtures / "refs-text" / "kept.txt")


@pytest.mark.slow
def test_a_file_of_the_project(terminal: Terminal, fixtures: Path) -> None:
    refs = terminal.folder / "refs.bib"
    before = refs.read_bytes()
    terminal.set('sources = ["all.bib"]')
    terminal.run("refs")
    terminal.run("refs")
    terminal.run("refs", "--check")
    assert refs.read_bytes() == before
    terminal.say("two entries are moved to all.bib, where one gets another year, and one work is no longer cited")
    texts = [entry(number, key) for number, key in enumerate(KEYS)]
    (terminal.folder / "all.bib").write_text("\n".join([HEAD, texts[0], texts[3].replace("year=1963", "year=1964")]))
    terminal.cite(*CITED[:-1])
    terminal.run("refs", "--check")
    terminal.run("refs", "--diff")
    terminal.run("refs")
    terminal.run("refs")
    terminal.run("refs", "--verbose", "--check")
    terminal.matches(fixtures / "refs-text" / "generated.txt")


@pytest.mark.slow
def test_prune(terminal: Terminal, fixtures: Path) -> None:
    refs = terminal.folder / "refs.bib"
    before = refs.read_bytes()
    terminal.set('sources = ["all.bib"]')
    terminal.run("refs", "--prune", "--dry-run")
    terminal.run("refs", "--prune")
    terminal.git("init", "-q")
    terminal.say("git has a repository, and no copy of refs.bib yet")
    terminal.run("refs", "--prune", "--quiet")
    assert refs.read_bytes() == before
    terminal.run("refs", "--prune", "--yes")
    assert (terminal.folder / "refs.bib.bak").read_bytes() == before
    pruned = refs.read_bytes()
    assert pruned.startswith(HEAD.rstrip().encode()), "definitions stay"
    terminal.say("git has a copy of refs.bib")
    refs.write_bytes(before)
    terminal.git("add", "refs.bib")
    terminal.run("refs", "--prune")
    terminal.git("commit", "-q", "-m", "all")
    terminal.run("refs", "--prune")
    assert refs.read_bytes() == pruned
    assert not (terminal.folder / "refs.bib.bak2").exists()
    terminal.matches(fixtures / "refs-text" / "prune.txt")


@pytest.mark.slow
def test_many_findings(terminal: Terminal, fixtures: Path) -> None:
    text = HEAD + PARENT + "@inproceedings{part, crossref={pems2001}, title={A part}}\n" + entry(0, KEYS[0]) * 2
    (terminal.folder / "refs.bib").write_text(
        text + entry(1, KEYS[0]) + entry(2, "Clark1962Ranks") + entry(3, "Davis1963Knots")
    )
    terminal.set('sources = ["all.bib"]')
    terminal.cite("part", KEYS[0], "clark1962ranks", "davis1963knots")
    terminal.run("refs", "--allow", "refs.bib")
    terminal.run("refs")
    terminal.say("30 keys that nobody has")
    terminal.cite("part", *(f"nobody{number}" for number in range(30)), "nobody1", "nobody1")
    terminal.run("refs")
    terminal.run("refs", "--allow-missing")
    terminal.matches(fixtures / "refs-text" / "findings.txt")


@pytest.mark.slow
def test_a_folder_that_is_not_set_up(terminal: Terminal, fixtures: Path) -> None:
    terminal.git("init", "-q")
    before = terminal.files()
    terminal.run("refs", "--exit-non-zero-on-write")
    terminal.run("install-hook")
    assert terminal.files() == before, "nothing that nobody asked for"
    assert not (terminal.folder / ".git" / "hooks" / "pre-commit").exists()
    terminal.say("by hand it is done, and a file that is there stays its author's")
    terminal.cite(*CITED)
    terminal.run("refs")
    terminal.run("refs", "--exit-non-zero-on-write")
    assert (terminal.folder / "refs.bib").read_bytes() == before["refs.bib"]
    terminal.matches(fixtures / "refs-text" / "not-set-up.txt")


def test_cited(terminal: Terminal, fixtures: Path) -> None:
    terminal.cite(KEYS[0], KEYS[1].upper(), "adms1960waves", "adms1960waves")
    terminal.run("cited", "--bib", "refs.bib", "thesis.tex")
    terminal.say("biber minds the case of keys")
    tex = terminal.folder / "thesis.tex"
    tex.write_text(tex.read_text().replace("{book}", "{book}\\usepackage[style=apa]{biblatex}"))
    terminal.run("cited", "--bib", "refs.bib", "thesis.tex", "--quiet")
    terminal.matches(fixtures / "refs-text" / "cited.txt")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_git_hook(terminal: Terminal, fixtures: Path) -> None:
    terminal.git("init", "-q")
    terminal.set("keep = true")
    terminal.run("install-hook")
    terminal.run("install-hook", "--uninstall")
    terminal.run("install-hook", "--uninstall")
    terminal.matches(fixtures / "refs-text" / "install-hook.txt")
