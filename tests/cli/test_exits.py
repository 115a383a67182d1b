"""Exit codes of all commands: good input, warnings, errors, findings, no service, and readers that go away."""

from __future__ import annotations

import io
import os
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from bibtool.cli import exits
from bibtool.cli.commands import COMMANDS
from bibtool.cli.main import run
from bibtool.cli.parser import cli
from bibtool.cli.serve import LocalServer
from tests.cli.runner import call

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """@article{ash2020,
  author        = {Ash, Bea},
  title         = {The growth of trees},
  journal       = {Journal of Trees},
  year          = {2020},
}

@misc{bay2021,
  author        = {Bay, Cid},
  title         = {Bays of the north},
  year          = {2021},
  eprint        = {2101.00001},
  archiveprefix = {arXiv},
}
"""
FILES = {
    "good.bib": GOOD,
    "untidy.bib": GOOD.replace("  author ", " author ", 1),
    "other.bib": GOOD.replace("2020}", "2019}"),
    "older.bib": GOOD.replace("2020}", "2018}"),
    "warning.bib": GOOD.replace("{2020},", "{2020},\n  issn          = {1234-5678},", 1),
    "broken.bib": GOOD + "\n@misc{cut, title = {Never closed\n",
    "twice.bib": GOOD + "\n" + GOOD.replace("ash2020", "ash2020a").replace("bay2021", "bay2021a"),
    "prose.txt": "Nothing here is a bibliography.\n",
    "paper.tex": "\\cite{ash2020}\n",
    "undefined.tex": "\\cite{ash2020}\\cite{nosuch}\n",
    "paper.toml": '[refs]\ndocuments = ["paper.tex"]\nsources = ["good.bib"]\n',
    "undefined.toml": '[refs]\ndocuments = ["undefined.tex"]\nsources = ["good.bib"]\n',
    "both.json": '[{"id": "a", "type": "book", "title": "T"}, 7]',
    "no-id.csv": "id,type,title\na,book,T\n",
    "broken.csl": "<style",
}

# command -> situation -> (call, exit code); "good" is what every command has
CASES: dict[str, dict[str, tuple[str, int]]] = {
    "import": {
        "good": ("import good.bib", 0),
        "warning": ("import warning.bib", 0),
        "strict": ("import warning.bib --strict", 1),
        "error": ("import broken.bib", 1),
        "item": ("import both.json", 1),
        "other kind": ("import prose.txt --from bibtex", 1),
        "missing": ("import nosuch.bib", 1),
        "malformed id": ("import 2203.0136", 2),
        "no service": ("import 2203.01360", 4),
    },
    "add": {
        "good": ("add 2203.01360 --offline", 0),
        "a file": ("add good.bib", 2),
        "malformed id": ("add 2203.0136", 2),
        "no service": ("add 2203.01360", 4),
        "unknown title": ("add 'No such title of anything at all' --offline", 1),
    },
    "list": {"good": ("list", 0), "nothing": ("list --where year>3000", 0), "missing": ("list --library no.sqlite", 1)},
    "search": {"good": ("search growth", 0), "nothing": ("search nosuchword", 0)},
    "open": {
        "good": ("open bay2021 --print", 0),
        "no page": ("open ash2020 --print", 1),
        "unknown": ("open nosuch --print", 2),
    },
    "show": {"good": ("show ash2020", 0), "unknown": ("show nosuch", 2)},
    "edit": {
        "good": ("edit ash2020 volume=3", 0),
        "unknown": ("edit nosuch volume=3", 2),
        "malformed id": ("edit ash2020 doi=10", 2),
        "no name": ("edit ash2020 author=,", 2),
        "no names": ("edit ash2020 author={}", 2),
    },
    "remove": {"good": ("remove ash2020", 0), "unknown": ("remove nosuch", 2)},
    "undo": {"good": ("undo", 0)},
    "library": {
        "good": ("library check", 0),
        "damaged": ("library check --library prose.txt", 1),
        "missing": ("library recover nosuch.sqlite -o new.sqlite", 1),
        "unknown": ("library restore nosuch", 2),
    },
    "redo": {"good": ("redo", 0)},
    "history": {"good": ("history", 0), "missing": ("history --library no.sqlite", 1)},
    "export": {
        "good": ("export", 0),
        "error": ("export --format ids ash2020", 1),
        "style": ("export --format text --style broken.csl", 1),
        "unknown": ("export --format nosuch", 2),
    },
    "serve": {"good": ("serve", 0), "missing": ("serve --library no.sqlite", 1)},
    "convert": {
        "good": ("convert good.bib --to csl-json", 0),
        "warning": ("convert warning.bib --to csl-json", 0),
        "strict": ("--strict convert warning.bib --to csl-json", 1),
        "error": ("convert broken.bib --to csl-json", 1),
        "lost": ("convert no-id.csv --to ids", 1),
        "unknown": ("convert good.bib --to nosuch", 2),
    },
    "fmt": {
        "good": ("fmt good.bib", 0),
        "changed": ("fmt untidy.bib", 0),
        "findings": ("fmt --check untidy.bib", 1),
        "hook": ("fmt --fail-on-change untidy.bib", 1),
        "error": ("fmt broken.bib", 1),
    },
    "check": {
        "good": ("check good.bib", 0),
        "findings": ("check warning.bib", 1),
        "zero": ("check --exit-zero warning.bib", 0),
        "unknown": ("check --select NOSUCH good.bib", 2),
    },
    "dedupe": {
        "good": ("dedupe good.bib", 0),
        "findings": ("dedupe twice.bib", 1),
        "applied": ("dedupe --apply twice.bib", 0),
        "error": ("dedupe broken.bib", 1),
    },
    "batch": {
        "good": ("batch check -i good.bib -o out", 0),
        "error": ("batch convert -i broken.bib --to csl-json -o out", 1),
        "findings": ("batch check -i warning.bib -o out", 1),
        "duplicates": ("batch dedupe -i twice.bib -o out", 0),
        "no index": ("batch enrich -i good.bib -o out", 2),
        "missing": ("batch check -i nosuch.bib -o out", 2),
        "no service": ("batch check -i good.bib -o out --scheduler tcp://127.0.0.1:9", 4),
    },
    "diff": {
        "good": ("diff good.bib untidy.bib", 0),
        "findings": ("diff good.bib other.bib", 1),
        "missing": ("diff good.bib nosuch.bib", 2),
    },
    "init": {"good": ("init --print", 0), "written": ("init", 0)},
    "refs": {
        "good": ("--config paper.toml refs", 0),
        "findings": ("--config paper.toml refs --check", 1),
        "hook": ("--config paper.toml refs --hook", 1),
        "error": ("--config undefined.toml refs", 1),
        "missing": ("--config nosuch.toml refs", 2),
    },
    "cited": {
        "good": ("cited --bib good.bib paper.tex", 0),
        "findings": ("cited --bib good.bib undefined.tex", 1),
        "error": ("cited --bib broken.bib paper.tex", 1),
        "missing": ("cited nosuch.tex", 1),
    },
    "cv": {
        "good": ("cv good.bib --owner Ash,Bea", 0),
        "warning": ("cv warning.bib --owner Ash,Bea", 0),
        "strict": ("cv warning.bib --owner Ash,Bea --strict", 1),
        "error": ("cv broken.bib --owner Ash,Bea", 1),
        "nothing": ("cv good.bib --owner Fox,Una", 1),
    },
    "cite": {
        "good": ("cite ash2020", 0),
        "unknown": ("cite nosuch", 2),
        "style": ("cite ash2020 --style broken.csl", 1),
        "file": ("cite ash2020 --bib good.bib", 0),
        "error": ("cite ash2020 --bib broken.bib", 1),
    },
    "preview": {"good": ("preview ash2020 --style apa", 0), "unknown": ("preview ash2020 --style nosuch", 2)},
    "styles": {"good": ("styles ieee", 0), "nothing": ("styles nosuchstyleatall", 0)},
    "enrich": {
        "good": ("enrich --offline", 0),
        "strict": ("enrich --offline --strict", 1),
        "file": ("enrich --offline good.bib", 0),
        "error": ("enrich --offline broken.bib", 1),
        "no service": ("enrich", 4),
        "unknown": ("enrich nosuch", 2),
    },
    "index": {
        "good": ("index add good.bib --index new.index", 0),
        "broken": ("index add broken.bib --index new.index", 1),
        "missing": ("index add nosuch.bib --index new.index", 1),
        "no index": ("index info --index nosuch.index", 1),
    },
    "verify": {
        "good": ("verify --offline good.bib", 0),
        "strict": ("verify --offline good.bib --strict", 1),
        "no service": ("verify good.bib", 4),
        "no index": ("verify --offline --index nosuch.index good.bib", 1),
        "missing": ("verify nosuch.bib", 1),
        "error": ("verify --offline broken.bib", 1),
        "error whatever the verdict": ("verify --offline --fail-on none broken.bib", 1),
    },
    "outdated": {
        "good": ("outdated paper.lock", 0),
        "no service": ("outdated good.bib", 4),
        "error": ("outdated broken.bib", 1),
    },
    "refresh": {
        "good": ("refresh paper.lock", 0),
        "no service": ("refresh good.bib", 4),
        "error": ("refresh broken.bib", 1),
    },
    "install-hook": {"good": ("--config paper.toml install-hook", 0), "no project": ("install-hook", 2)},
    "git-setup": {"good": ("git-setup", 0)},
    "merge-driver": {
        "good": ("merge-driver good.bib good.bib good.bib", 0),
        "findings": ("merge-driver good.bib other.bib older.bib", 1),
        "missing": ("merge-driver nosuch.bib good.bib good.bib", 129),
    },
    "textconv": {"good": ("textconv good.bib", 0), "missing": ("textconv nosuch.bib", 1)},
    "help": {"good": ("help import", 0), "unknown": ("help nosuch", 2)},
    "formats": {"good": ("formats", 0)},
    "doctor": {"good": ("doctor", 0), "findings": ("--library good.bib doctor", 1)},
    "completion": {"good": ("completion bash", 0)},
}
SITUATIONS = [(name, situation) for name, cases in CASES.items() for situation in cases]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with FILES, a library with the records of good.bib, a lock, and programs for doctor to find."""
    folder = tmp_path_factory.mktemp("exits")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("bibtool", "bibtool-hook"):
        program = folder / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text("#!/bin/sh\necho 'bibtool 0 (Python bibliography tool)'\n", encoding="utf-8")
        program.chmod(0o755)
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        assert run(["-q", "--library", "library.sqlite", "import", "good.bib"]) == 0
        assert run(["-q", "--config", "paper.toml", "refs"]) == 0
    (folder / "refs.bib").unlink()
    (folder / "bibtool.lock").rename(folder / "paper.lock")
    return folder


@pytest.fixture
def scene(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder as the current one; nobody answers for arXiv, and servers are interrupted at once."""
    folder = tmp_path / "scene"
    shutil.copytree(made, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("BIBTOOL_LIBRARY", "library.sqlite")
    monkeypatch.setenv("BIBTOOL_ARXIV_DELAY", "0")
    monkeypatch.setenv("PATH", str(folder / "bin"), prepend=os.pathsep)
    monkeypatch.setattr(LocalServer, "serve_forever", _interrupted)
    return folder


def _prepare(name: str, request: pytest.FixtureRequest) -> None:
    if name in ("styles", "preview"):
        request.getfixturevalue("known_styles")
    if name in ("install-hook", "git-setup"):
        subprocess.run(["git", "init", "-q"], check=True)


def _interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


class _Gone(io.TextIOWrapper):
    """A pipe whose reader has gone."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8")

    def write(self, text: str, /) -> int:
        if text:
            raise BrokenPipeError
        return 0


def test_every_command_has_rows() -> None:
    assert CASES.keys() == COMMANDS.keys()
    assert all("good" in cases for cases in CASES.values())
    assert list(exits.WHEN_FAILED) == list(COMMANDS)
    assert set(exits.ASKING) == {name for name, cases in CASES.items() if "no service" in cases}
    assert {code for cases in CASES.values() for _, code in cases.values()} - {129} <= set(exits.MEANINGS)


@pytest.mark.parametrize(("name", "situation"), SITUATIONS)
def test_exit_code(
    name: str, situation: str, scene: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, code = CASES[name][situation]
    _prepare(name, request)
    done = call(monkeypatch, *shlex.split(line))
    assert done.code == code, done.err
    assert "bug" not in done.err
    if code not in (0, 1):
        assert done.err, "nothing says why"


@pytest.mark.parametrize("name", COMMANDS)
def test_usage_errors_of_every_command(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, name, "--zzz")
    assert (done.code, done.out) == (2, "")
    assert done.err == f"bibtool: no option '--zzz'\n  `bibtool {name} --help` shows the usage\n"


@pytest.mark.parametrize("streams", [("stdout",), ("stdout", "stderr")], ids=len)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_reader_that_is_gone_is_no_error(
    name: str,
    streams: tuple[str, ...],
    scene: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _prepare(name, request)
    for stream in streams:
        monkeypatch.setattr(sys, stream, _Gone())
    assert run(shlex.split(CASES[name]["good"][0])) == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_the_common_options(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    options = {option for param in command.params for option in param.opts}
    assert name == "help" or {"--quiet", "--strict", "--debug"} <= options


@pytest.mark.parametrize(
    ("codes", "code"), [((), 0), ((0, 0), 0), ((0, 4), 4), ((4, 1), 1), ((1, 2), 2), ((129, 3), 129)]
)
def test_worst(codes: tuple[int, ...], code: int) -> None:
    assert exits.worst(*codes) == code
