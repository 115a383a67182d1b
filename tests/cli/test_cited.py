"""``bibtool cited`` on the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Protocol

import pytest

from tests.cli.runner import Outcome, call
from tests.support.systems import posix

FILES = {
    "main.tex": "\\cite{smith2020,jones}\n\\input{chapters/one}\n\\own{mine}\n",
    "chapters/one.tex": "\\citep{smith2020}\n",
    "notes.md": "See [@smith2020].\n",
    "build/copy.tex": "\\cite{hidden}",
    ".git/x.tex": "\\cite{hidden}",
    "node_modules/p/README.md": "@hidden",
    "refs.bib": "@book{smith2020, title = {T}}\n@book{unused, title = {U}, doi = {10.1000/u}}\n",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def cited(here: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(*arguments: str) -> Outcome:
        return call(monkeypatch, "cited", *arguments)

    return run


class Run(Protocol):
    """The form of the fixture `cited`."""

    def __call__(self, *arguments: str) -> Outcome: ...


def test_places_in_a_pipe(cited: Run) -> None:
    done = cited("main.tex")
    assert done.code == 0
    assert done.out.splitlines() == [
        "main.tex:1:7: smith2020",
        "main.tex:1:17: jones",
        "chapters/one.tex:1:8: smith2020",
    ]
    assert "2 keys in 2 files" in done.err


def test_keys_only(cited: Run) -> None:
    assert cited("--keys", "main.tex", "--command", "own").out == "jones\nmine\nsmith2020\n"
    assert cited("--keys", "--no-follow", "chapters/one.tex", "notes.md").out == "smith2020\n"


def test_files_about_a_project_count_only_where_they_are_named(here: Path, cited: Run) -> None:
    about = ("README.md", "readme.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.rst", "LICENSE.md", "docs/README.org")
    for name in about:
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text("Thanks to [@someone] and [cite:@someone] and :cite:`someone`.")
    (here / "history.md").write_text("[@chapter]")
    assert cited("--keys", ".").out == "chapter\njones\nsmith2020\n"
    assert cited("--keys", "README.md").out == "someone\n"


def test_a_table_on_a_terminal(cited: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.cli.runner._Stream.isatty", lambda self: True, raising=False)
    lines = cited("main.tex").out.splitlines()
    assert lines[0].split() == ["key", "cited", "first"]
    assert [line.split() for line in lines[1:]] == [
        ["jones", "1", "main.tex:1"],
        ["smith2020", "2", "main.tex:1"],
    ]


def test_colours_on_a_terminal_only(cited: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in cited("main.tex").out
    monkeypatch.setattr("tests.cli.runner._Stream.isatty", lambda self: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    head, first, _ = cited("main.tex").out.splitlines()
    assert head.startswith("\x1b[1mkey")
    assert first.startswith("\x1b[36mjones")


def test_a_key_in_another_case_than_its_entry(cited: Run, here: Path) -> None:
    (here / "case.tex").write_text("\\cite{SMITH2020}")
    done = cited("--json", "--bib", "refs.bib", "case.tex")
    assert (done.code, json.loads(done.out)["respelled"]) == (0, {"SMITH2020": "smith2020"})
    for name, text in (("case.tex", "\\addbibresource{refs.bib}\\cite{SMITH2020}"), ("case.md", "[@SMITH2020]")):
        (here / name).write_text(text)
        done = cited("--json", "--bib", "refs.bib", name)
        answer = json.loads(done.out)
        assert (done.code, answer["respelled"]) == (1, {})
        assert answer["undefined"] == [{"key": "SMITH2020", "near": ["smith2020"]}]
    (here / "bibtool.toml").write_text('[refs]\ndialect = "biblatex"\n')
    (here / "case.tex").write_text("\\cite{SMITH2020}")
    assert cited("--bib", "refs.bib", "case.tex").code == 1, "the settings say who reads the file"


def test_json(cited: Run) -> None:
    answer = json.loads(cited("--json", "main.tex", "--bib", "refs.bib").out)
    assert answer["citations"][1] == {
        "key": "jones", "path": "main.tex", "line": 1, "column": 17, "syntax": "\\cite", "kind": "key",
    }  # fmt: skip
    assert answer["files"] == ["main.tex", "chapters/one.tex"]
    assert (answer["undefined"], answer["unused"]) == ([{"key": "jones", "near": []}], ["unused"])


def test_folders_and_patterns(cited: Run) -> None:
    done = cited("--json", ".")
    assert json.loads(done.out)["files"] == ["main.tex", "chapters/one.tex", "notes.md"]
    assert json.loads(cited("--json", "*.md", "chapters").out)["files"] == ["notes.md", "chapters/one.tex"]
    assert json.loads(cited("--json", "chap*").out)["files"] == ["chapters/one.tex"]


def test_a_bibliography_with_a_misspelt_key(cited: Run, here: Path) -> None:
    (here / "wrong.tex").write_text("\\cite{smih2020}\n\\cite{doi:10.1000/U}")
    done = cited("wrong.tex", "--bib", "refs.bib")
    assert done.code == 1
    assert "wrong.tex:1:7: error: 'smih2020'" in done.err
    assert "did you mean 'smith2020'" in done.err
    assert "refs.bib: note: 1 entry is not cited [cited-unused]\n  smith2020\n" in done.err
    assert "10.1000" not in done.err
    (here / "right.tex").write_text("\\cite{smith2020}")
    assert cited("right.tex", "--bib", "refs.bib").code == 0


NEEDED = """@inbook{a, title={A}, crossref={b}, related={c0}, year=2000}
@book{b, title={B}, XREF={d}}
@book{c, title={C}, xdata={x}, ids={c0}}
@book{d, title={D}, related={a}}
@xdata{x, publisher={P}}
@set{s, entryset={m, n}}
@book{m, title={M}}
@book{n, title={N}, xdata={y}}
@misc{y, title={Y}}
@book{idle, title={I}, related={unread}}
@book{unread, title={U}}
"""
CITING = r"""@misc{a, title={A}, note={Reply to \cite[p.~3]{b} and \citet*{c, gone}}}
@misc{b, title={B}}
@misc{c, title={C}, howpublished={See \textcite{d}}}
@misc{d, title={D}, abstract={We improve on \cite{e}}}
@misc{e, title={E}}
"""


def test_what_cited_entries_need_is_used(cited: Run, here: Path) -> None:
    (here / "refs.bib").write_text(NEEDED)

    def unused(text: str) -> list[str]:
        (here / "paper.tex").write_text(text)
        found: list[str] = json.loads(cited("--json", "paper.tex", "--bib", "refs.bib").out)["unused"]
        return found

    assert unused("\\cite{a}") == ["s", "m", "n", "y", "idle", "unread"]
    assert unused("\\cite{s}") == ["a", "b", "c", "d", "idle", "unread"]
    assert unused("\\cite{c0,m}") == ["a", "b", "d", "s", "n", "y", "idle", "unread"]
    assert unused("\\cite{a}\\nocite{*}") == []
    (here / "refs.bib").write_text(CITING)  # an abstract is not printed
    assert unused("\\cite{a}") == ["e"]
    assert unused("\\cite{d}") == ["a", "b", "c", "e"]


@posix
def test_what_can_not_be_read_is_named(cited: Run, here: Path) -> None:
    os.mkfifo(here / "pipe.tex")
    (here / "more.tex").write_text("\\input{pipe}\\input{gone}\\cite{k}")
    done = cited("more.tex", "none.tex", "*.zzz", "refs.bib", "notes.md")
    assert done.code == 1
    assert done.out.splitlines() == ["more.tex:1:31: k", "notes.md:1:7: smith2020"]
    for words in ("pipe.tex", "more.tex:1:20", "none.tex", "*.zzz", "refs.bib"):
        assert words in done.err


def test_keys_that_differ_in_case(cited: Run, here: Path) -> None:
    (here / "case.tex").write_text("\\cite{Key} \\cite{key}")
    done = cited("case.tex")
    assert done.code == 1
    assert "case.tex:1:18: warning: 'key' and 'Key' differ in case only" in done.err


def test_the_documents_of_the_project(cited: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = here / "bibtool.toml"
    settings.write_text('[refs]\ndocuments = ["main.tex", "*.md"]\nexclude = ["notes.md"]\ncite-commands = ["own"]\n')
    done = cited()
    assert done.code == 0
    assert done.out.splitlines() == [
        "main.tex:1:7: smith2020",
        "main.tex:1:17: jones",
        "main.tex:3:6: mine",
        "chapters/one.tex:1:8: smith2020",
    ]
    assert cited("--keys", "notes.md").out == "smith2020\n"
    monkeypatch.chdir(here / "chapters")
    settings.write_text("[refs]\n")
    assert cited("--keys").out.split() == ["jones", "smith2020"]
    assert cited().out.splitlines() == [
        "../main.tex:1:7: smith2020",
        "../main.tex:1:17: jones",
        "../chapters/one.tex:1:8: smith2020",
    ]
    settings.write_text('[refs]\ndocuments = ["*.typ"]\n')
    done = cited()
    assert (done.code, done.out) == (1, "")
    assert "no document was found for *.typ" in done.err


@pytest.mark.parametrize("arguments", [[], ["x.tex", "--command", "a b"], ["x.tex", "--command", "a:0"]])
def test_wrong_calls(cited: Run, arguments: list[str]) -> None:
    assert cited(*arguments).code == 2


@pytest.mark.parametrize(
    ("parent", "load", "unused"),
    [("PROC", "", []), ("Proc", "", []), ("proc", "", []), ("PROC", "\\addbibresource{p.bib}", ["Proc"])],
)
def test_a_parent_is_needed_in_the_case_that_bibtex_minds(
    cited: Run, here: Path, parent: str, load: str, unused: list[str]
) -> None:
    (here / "p.tex").write_text(f"{load}\\cite{{a}}")
    (here / "p.bib").write_text(
        f"@inproceedings{{a, title={{T}}, crossref={{{parent}}}}}\n@proceedings{{Proc, title={{P}}}}\n"
    )
    assert json.loads(cited("--json", "--bib", "p.bib", "p.tex").out)["unused"] == unused
