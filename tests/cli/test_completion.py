"""Completion: what is offered at the cursor, and that real shells offer it."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bibtool.cli.commands import COMMANDS
from bibtool.cli.completion import SCRIPTS, _bash_words, candidates
from bibtool.cli.parser import cli
from bibtool.cv.targets import TARGETS
from bibtool.model.record import Record
from bibtool.store import open_library
from tests.cli.runner import call


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "library.sqlite"
    with open_library(str(path), create=True) as opened, opened.change("fill") as change:
        for key in ("bruna2022neural", "bruna2023single", "DBLP:conf/x/Y1", "zweig2022towards"):
            change.put(Record(key=key, type="article"))
    monkeypatch.setenv("BIBTOOL_LIBRARY", str(path))
    monkeypatch.chdir(tmp_path)
    return path


def offered(*words: str, shell: str = "zsh") -> list[str]:
    return [line.split("\t")[1] for line in candidates(cli, shell, words)]


def test_commands_with_their_help() -> None:
    assert candidates(cli, "zsh", [""])[0] == f"plain\timport\t{COMMANDS['import'][1]}"
    assert offered("ex") == ["export"]
    assert offered("") == list(COMMANDS)
    assert "--library" in offered("--")


def test_options_and_choices() -> None:
    assert offered("export", "--lo") == ["--locale"]
    assert offered("check", "--output-format", "s") == ["sarif"]
    assert offered("completion", "") == list(SCRIPTS)


def test_formats_that_can_be_written_and_read() -> None:
    assert offered("export", "--format", "bib") == ["bibtex", "biblatex"]
    assert "rtf" in offered("convert", "x", "--to", "")
    assert "rtf" not in offered("convert", "x", "--from", "")
    assert "listing" in offered("import", "--from", "l")
    assert "listing" not in offered("export", "-f", "l")


def test_styles_rules_and_locales() -> None:
    assert "chicago-author-date" in offered("export", "--style", "chicago-a")
    assert len(offered("export", "--style", "")) < 10
    assert "nature" in offered("export", "--style", "nat")
    assert "apa,ieee" in offered("preview", "x", "--style", "apa,ie")
    assert "SYN,IDS001" in offered("check", "--select", "SYN,IDS")
    assert "de-DE" in offered("export", "--locale", "de")


@pytest.mark.skipif("cv" not in COMMANDS, reason="there is no command cv")
def test_targets() -> None:
    assert offered("cv", "--to", "") == [target.name for target in TARGETS]


@pytest.mark.usefixtures("library")
def test_keys() -> None:
    assert offered("show", "bruna") == ["bruna2022neural", "bruna2023single"]
    assert offered("show", "zweig2022towards", "bruna2023") == ["bruna2023single"]
    assert offered("edit", "z") == ["zweig2022towards"]
    # a file as well
    lines = candidates(cli, "zsh", ["verify", "z"])
    assert lines == ["plain\tzweig2022towards\t", "file\t\t"]


def test_keys_of_the_library_that_the_line_names(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIBTOOL_LIBRARY", "/nowhere/library.sqlite")
    assert offered("show", "z") == []
    assert offered("--library", str(library), "show", "z") == ["zweig2022towards"]
    assert offered("show", "--library", str(library), "z") == ["zweig2022towards"]


def test_the_library_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIBTOOL_LIBRARY", str(tmp_path / "no.sqlite"))
    assert offered("show", "") == []
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [("nonsense", "x"), ("show", "--nonsense", ""), ("export", "--where", ""), ("'",)])
def test_never_an_error(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bad.sqlite").write_text("no library")
    monkeypatch.setenv("BIBTOOL_LIBRARY", str(tmp_path / "bad.sqlite"))
    monkeypatch.setenv("_BIBTOOL_COMPLETE", "zsh")
    done = call(monkeypatch, *words)
    assert (done.code, done.err) == (0, "")


def test_bad_settings_are_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bibtool.toml").write_text("nonsense = [")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("_BIBTOOL_COMPLETE", "fish")
    done = call(monkeypatch, "show", "b")
    assert (done.code, done.out, done.err) == (0, "", "")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("bibtool ", [""]),
        ("bibtool ex", ["ex"]),
        ("bibtool show a ", ["show", "a", ""]),
        ("A=1 bibtool show 'a b", ["show", "a b"]),
        (r"bibtool show a\ b", ["show", "a b"]),
        ("bibtool list --where 'year>=2021' ", ["list", "--where", "year>=2021", ""]),
    ],
)
def test_words_of_a_line_of_bash(line: str, words: list[str]) -> None:
    assert _bash_words(line) == words


def test_bash_gets_what_stands_behind_its_break() -> None:
    """Bash replaces what follows the last = or : only."""
    assert offered("bibtool export --format=bibt", shell="bash") == ["bibtex"]
    assert offered("export", "--format=bibt", shell="fish") == ["--format=bibtex"]


def test_no_other_command_is_imported() -> None:
    code = "import sys; from bibtool.cli.main import run; run([sys.argv[1]]); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, ""],
        env={**os.environ, "_BIBTOOL_COMPLETE": "zsh"},
        capture_output=True,
        text=True,
        check=True,
    )
    modules = done.stdout.split()
    assert "import" in modules
    assert not [name for name in modules if name.startswith(("bibtool.cli.export", "bibtool.store", "requests"))]


# real shells


@pytest.fixture
def scripts(library: Path) -> dict[str, str]:
    """An environment in which ``bibtool-hook`` is this program; the folder has the script of each shell, and a file."""
    if sys.platform == "win32":
        pytest.skip("the programs of this folder are scripts for a POSIX shell")
    folder = library.parent / "bin"
    folder.mkdir()
    for name in ("bibtool", "bibtool-hook"):
        (folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bibtool "$@"\n')
        (folder / name).chmod(0o755)
    for shell, script in SCRIPTS.items():
        (library.parent / f"complete.{shell}").write_text(script)
    (library.parent / "zebra.bib").write_text("")
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def run(shell: str, code: str, environment: dict[str, str]) -> list[str]:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    flags = {"bash": ["--norc", "--noprofile"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    done = subprocess.run(
        [shell, *flags, "-c", code], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr == ""
    return done.stdout.split()


BASH = """
source complete.bash
COMP_LINE=$1; COMP_POINT=${#COMP_LINE}
compopt() { :; }
read -ra COMP_WORDS <<< "${1//[=:]/ & }"
[[ $1 == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_bibtool_completion bibtool
printf '%s\\n' "${COMPREPLY[@]}"
"""
ASKED = {
    "bibtool expo": ["export"],
    "bibtool show bruna2022": ["bruna2022neural"],
    "bibtool export --format=csl-j": ["csl-json"],
    "bibtool show DBLP:conf": ["conf/x/Y1"],
    "bibtool verify z": ["zweig2022towards", "zebra.bib"],
}


@pytest.mark.slow
@pytest.mark.parametrize("line", ASKED)
def test_bash(line: str, scripts: dict[str, str]) -> None:
    code = f"set -- {line!r}\n{BASH}"
    assert run("bash", code, scripts) == ASKED[line]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("bibtool expo", ["export"]),
        ("bibtool-hook show bruna2022", ["bruna2022neural"]),
        ("bibtool export --format=csl-j", ["--format=csl-json"]),
        ("bibtool verify z", ["zweig2022towards", "zebra.bib"]),
        ("bibtool export --style chicago-author-date-17th-edi", ["chicago-author-date-17th-edition"]),
    ],
)
def test_fish(line: str, found: list[str], scripts: dict[str, str]) -> None:
    shown = run("fish", f"source complete.fish; complete -C '{line}'", scripts)
    assert [word for word in shown if word in found] == sorted(found, key=shown.index)
    assert set(found) <= set(shown)


def typed(shell: list[str], start: str, keys: str, end: str, environment: dict[str, str]) -> str:
    """What a shell on a terminal shows after the keys, up to the word ``end``."""
    import pty

    if shutil.which(shell[0]) is None:
        pytest.skip(f"{shell[0]} is not installed")
    main, side = pty.openpty()
    process = subprocess.Popen(shell, stdin=side, stdout=side, stderr=side, env=environment, start_new_session=True)
    os.close(side)
    shown = b""

    def until(word: str) -> None:
        nonlocal shown
        while word.encode() not in shown:
            if not select.select([main], [], [], 30)[0]:
                pytest.fail(f"{word} was never shown: {shown!r}")
            shown += os.read(main, 1000)

    try:
        os.write(main, start.encode() + b"\n")
        until("ready!")
        os.write(main, keys.encode())
        until(end)
    finally:
        process.kill()
        process.wait()
        os.close(main)
    return shown.decode(errors="replace")


@pytest.mark.slow
def test_zsh_on_a_terminal(scripts: dict[str, str]) -> None:
    start = "PS1='> '; autoload -Uz compinit; compinit -u; source complete.zsh; echo rea''dy!"
    environment = {**scripts, "TERM": "dumb"}
    typed(["zsh", "-f", "-i"], start, "bibtool show bruna2022\t", "bruna2022neural", environment)
    typed(["zsh", "-f", "-i"], start, "bibtool export --format=csl-j\t", "csl-json", environment)
    typed(["zsh", "-f", "-i"], start, "bibtool show DBLP\t", "conf/x/Y1", environment)


@pytest.mark.slow
def test_bash_on_a_terminal(scripts: dict[str, str]) -> None:
    start = "PS1='> '; source complete.bash; echo rea''dy!"
    environment = {**scripts, "TERM": "dumb"}
    bash = ["bash", "--norc", "--noprofile", "-i"]
    typed(bash, start, "true | A=1 bibtool show bruna2022\t", "bruna2022neural", environment)
    typed(bash, start, "bibtool show DBLP:c\t", "conf/x/Y1", environment)
    typed(bash, start, "bibtool convert zebr\t", "zebra.bib", environment)
