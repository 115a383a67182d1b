"""Calls of flags only, which run without click: they do what the parser would do, and leave it all others."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.cli import check, check_run, direct, fmt, fmt_run, refs, refs_run, search, search_run
from bibtool.cli.app import App
from bibtool.cli.parser import cli
from tests.cli.runner import call, process

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

FLAGS = [
    "--check", "-n", "--dry-run", "--allow-missing", "--exit-non-zero-on-write", "--hook", "-v", "--verbose", "-q",
    "--quiet", "--strict", "--debug", "--json",
]  # fmt: skip
FOR_THE_PARSER = [
    ["--help"], ["-h"], ["--diff"], ["--prune", "--dry-run"], ["--relock", "key"], ["--library", "x.db"],
    ["--allow", "/"], ["--watch"], ["-nv"], ["--check=yes"], ["--chekc"], ["--"], ["paper.tex"], ["-"], [""],
]  # fmt: skip


def options_of(app: App) -> tuple[bool, bool]:
    return app.quiet, app.strict


Seen = tuple[tuple[bool, bool], dict[str, Any]]


def both_ways(command: ModuleType, body: ModuleType, arguments: list[str]) -> tuple[Seen, Seen]:
    """What the body of a command is called with directly, and by the parser."""
    seen: list[Seen] = []
    own = {name: one.default for name, one in inspect.signature(body.run).parameters.items()}

    def note(app: App, /, **options: Any) -> int:
        seen.append((options_of(app), {name: value for name, value in options.items() if value != own.get(name)}))
        return 0

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(body, "run", note)
        patched.setattr(command, "run", note)
        assert direct.run(arguments) == 0
        with cli.make_context("bibtool", [*arguments]) as context:
            cli.invoke(context)
    of_direct, of_parser = seen
    return of_direct, of_parser


@given(st.lists(st.sampled_from(FLAGS), max_size=6))
def test_flags_set_what_they_set_for_the_parser(flags: list[str]) -> None:
    of_direct, of_parser = both_ways(refs, refs_run, ["refs", *flags])
    assert of_direct == of_parser


TAKING_WORDS = {
    "check": (check, check_run, ["--fix", "--exit-non-zero-on-fix", "--exit-zero", "--json", "--statistics"]),
    "fmt": (fmt, fmt_run, ["--check", "--fail-on-change", "--json"]),
    "search": (search, search_run, ["--json"]),
}


@pytest.mark.parametrize("name", TAKING_WORDS)
@given(st.data())
def test_words_are_those_of_the_parser(name: str, data: st.DataObject) -> None:
    command, body, own = TAKING_WORDS[name]
    flags = ["-q", "--quiet", "--strict", "--debug", *own]
    words = data.draw(st.lists(st.sampled_from(flags) | st.text(), max_size=5))
    called = [name, *words, data.draw(st.text().filter(lambda word: not word.startswith("-")))]
    if any(word.startswith("-") and word not in flags for word in words):
        assert direct.run(called) is None
        return
    of_direct, of_parser = both_ways(command, body, called)
    assert of_direct == of_parser


@pytest.mark.parametrize(
    "arguments", [["--limit", "7", "x"], ["x", "--limit", "007"], ["--limit", "2", "x", "--limit", "3"]]
)
def test_numbers_are_those_of_the_parser(arguments: list[str]) -> None:
    of_direct, of_parser = both_ways(search, search_run, ["search", *arguments])
    assert of_direct == of_parser
    assert "limit" in of_direct[1]


@pytest.mark.parametrize("words", FOR_THE_PARSER)
def test_other_calls_are_left_to_the_parser(words: list[str]) -> None:
    assert direct.run(["refs", *words]) is None
    assert direct.run(["refs", "--check", *words]) is None


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["check"],
        ["fmt"],
        ["fmt", "-"],
        ["search"],
        ["search", "--json"],
        ["search", "-x"],
        ["search", "x", "--limit"],
        ["search", "x", "--limit", "0"],
        ["search", "x", "--limit", "+5"],
        ["search", "x", "--limit", "\N{ARABIC-INDIC DIGIT FIVE}"],
        ["search", "x", "--limit", "9" * 5000],
        ["search", "x", "--limit=5"],
        ["check", "--explain", "TXT004"],
        ["check", "--select", "TXT", "a.bib"],
        ["list"],
        ["--quiet", "refs"],
        ["help", "refs"],
        ["ref"],
    ],
)
def test_so_are_other_commands(words: list[str]) -> None:
    assert direct.run(words) is None


def test_a_wrong_call_gets_the_message_of_the_parser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    done = call(monkeypatch, "refs", "--check", "--chekc")
    assert (done.code, done.err.splitlines()[0]) == (2, "bibtool: no option '--chekc'; did you mean '--check'?")


def test_what_is_wrong_while_it_runs_is_said_alike(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bibtool.toml").write_text("[refs]\nsource = []\n", encoding="utf-8")
    plain = call(monkeypatch, "refs", "--check")
    with monkeypatch.context() as patched:
        patched.setattr(direct, "run", lambda _: None)
        parsed = call(monkeypatch, "refs", "--check")
    assert "bibtool.toml:2: no setting 'refs.source'" in plain.err
    assert (plain.code, plain.out, plain.err) == (parsed.code, parsed.out, parsed.err)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["refs", "--exit-non-zero-on-write"], "refs.bib is current: 1 entry"),
        (["fmt", "--fail-on-change", "a.bib"], "nothing to change"),
        (["check", "a.bib"], "no problems in 1 entry"),
    ],
)
def test_a_hook_loads_neither_click_nor_openssl(tmp_path: Path, call: list[str], said: str) -> None:
    (tmp_path / "bibtool.toml").write_text('[refs]\ndocuments = ["a.tex"]\nsources = ["a.bib"]\n', encoding="utf-8")
    (tmp_path / "a.bib").write_text("@misc{k,\n  title = {T},\n}\n", encoding="utf-8")
    (tmp_path / "a.tex").write_text("\\cite{k}\n", encoding="utf-8")
    for arguments in (["fmt", "a.bib"], ["refs"]):
        assert process(*arguments, cwd=tmp_path).code == 0
    script = (
        f"import sys; from bibtool.cli.main import run; code = run({call}); "
        "print(code, sorted({'click', '_hashlib', 'inspect', 'uuid', 'dataclasses'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("0 []\n", f"{said}\n")
