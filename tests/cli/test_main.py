"""The frame of the command line: help, errors, exit codes, what is imported."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

import bibtool
from bibtool.cli.commands import COMMANDS, SYNONYMS
from bibtool.cli.parser import cli
from tests.cli.runner import call, process

if TYPE_CHECKING:
    from pathlib import Path


def loaded_by(code: str) -> set[str]:
    """The modules that a fresh interpreter has after running ``code``."""
    script = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True).stdout
    return set(out.split())


HEAVY = {"requests", "pybtex", "rich", "bibtexparser", "pylatexenc", "rapidfuzz", "sqlite3", "defusedxml", "json"}


@pytest.mark.slow
def test_importing_the_package_imports_nothing_heavy() -> None:
    bare = loaded_by("pass")
    assert not (loaded_by("import bibtool") - bare) & (HEAVY | {"click", "dataclasses", "re"})


@pytest.mark.slow
def test_the_version_needs_click_only() -> None:
    loaded = loaded_by("from bibtool.cli.main import run; run(['--version'])")
    assert not loaded & {
        "requests",
        "pybtex",
        "rich",
        "bibtexparser",
        "pylatexenc",
        "rapidfuzz",
        "sqlite3",
        "defusedxml",
    }


@pytest.mark.slow
def test_version_names_the_program() -> None:
    done = process("--version")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"bibtool {bibtool.__version__} (Python")


def test_public_names_exist() -> None:
    for name in bibtool.__all__:
        assert getattr(bibtool, name) is not None
    with pytest.raises(AttributeError):
        bibtool.nothing  # noqa: B018 - the access is the test


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, name, "--help")
    assert done.code == 0
    assert done.out.startswith(f"Usage: bibtool {name}")
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.name


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["convrt"], ["did you mean 'convert'"]),
        (["export", "--format", "bibtx"], ["no format 'bibtx'", "'bibtex'"]),
        (["convert", "x.bib", "--to", "listing"], ["can be read but not written"]),
        (["list", "--where", "yaer>2000"], ["'year'"]),
        (["list", "--nonsense"], ["--nonsense", "bibtool list --help"]),
        (["convert", "x.bib"], ["--to"]),
        (["import", "x", "--as-of", "yesterday"], ["yesterday"]),
        (["edit", "key", "title"], ["FIELD=VALUE"]),
        (["--config", "nosuch.toml", "list"], ["nosuch.toml"]),
        (["--config", "nosuch.toml", "--library", "x.sqlite", "list"], ["nosuch.toml: file not found"]),
        (["--config", "nosuch.toml", "dedupe", "x.bib"], ["nosuch.toml: file not found"]),
        (["--config", ".", "diff", "x.bib", "y.bib"], [".: file not found"]),
        (["--config", "", "styles"], ["file not found"]),
    ],
)
def test_wrong_calls_end_with_2(arguments: list[str], words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("bibtool: ")
    assert "Traceback" not in done.err
    for word in words:
        assert word in done.err


def test_an_unexpected_error_is_our_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("one by nought")

    monkeypatch.setattr("bibtool.cli.formats.print_json", broken)
    done = call(monkeypatch, "formats", "--json")
    assert done.code == 3
    assert "this is a bug in bibtool" in done.err
    assert "Traceback" not in done.err
    assert "Traceback" in call(monkeypatch, "formats", "--json", "--debug").err


def test_an_interruption_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bibtool.cli.formats.print_json", interrupted)
    assert call(monkeypatch, "formats", "--json").code == 130


@pytest.mark.parametrize("arguments", [[], ["-q"], ["--strict"]])
def test_without_a_command_the_help_is_printed_and_nothing_succeeds(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = call(monkeypatch, *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err == call(monkeypatch, "--help").out


@pytest.mark.slow
def test_a_process_without_a_command_prints_the_help() -> None:
    done = process()
    assert done.code == 2
    assert "\n  import        " in done.err


@pytest.mark.parametrize("name", COMMANDS)
def test_help_command_is_command_help(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = call(monkeypatch, name, "--help").out
    assert "\\b" not in expected
    assert call(monkeypatch, "help", name).out == expected
    assert call(monkeypatch, "--help", name).out == expected


@pytest.mark.parametrize(
    ("word", "commands"),
    [
        ("lint", "'check'"),
        ("format", "'fmt' or 'formats'"),
        ("delete", "'remove'"),
        ("rm", "'remove'"),
        ("config", "'init' or 'doctor'"),
        ("merge", "'dedupe' or 'merge-driver'"),
        ("Update", "'refresh'"),
        ("exprot", "'export'"),
    ],
)
def test_commands_by_other_words(word: str, commands: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = f"bibtool: no command {word!r}; did you mean {commands}?\n  `bibtool --help` lists the commands\n"
    assert call(monkeypatch, word).err == expected
    assert call(monkeypatch, "help", word).err == expected


def test_synonyms_are_words_for_commands_and_no_commands() -> None:
    assert {name for names in SYNONYMS.values() for name in names} <= set(COMMANDS)
    assert not set(SYNONYMS) & set(COMMANDS)


def test_the_format_to_write_has_the_same_names_in_all_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    bib = b"@book{a, title = {A}, year = 1990}"
    wanted = call(monkeypatch, "convert", "-", "--to", "csl-yaml", stdin=bib).out
    assert 'title: "A"' in wanted
    assert call(monkeypatch, "import", "-", stdin=bib).code == 0
    for name in ("--to", "-t", "-f", "--format"):
        assert call(monkeypatch, "convert", "-", name, "csl-yaml", stdin=bib).out == wanted
        assert call(monkeypatch, "export", name, "csl-yaml").out == wanted


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["export", "--lang", "de"], "no option '--lang'; did you mean '--locale'?"),
        (["import", "x", "--format", "ris"], "no option '--format'; did you mean '--from'?"),
        (["list", "--filter", "x"], "no option '--filter'; did you mean '--where'?"),
        (["list", "--wher", "x"], "no option '--wher'; did you mean '--where'?"),
    ],
)
def test_options_by_other_words(arguments: list[str], error: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = f"bibtool: {error}\n  `bibtool {arguments[0]} --help` shows the usage\n"
    assert call(monkeypatch, *arguments).err == expected


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["styles", "--limit", "0"], "invalid value for '--limit': must be at least 1, not 0"),
        (["styles", "--limit", "few"], "invalid value for '--limit': 'few' is not a valid integer"),
        (["serve", "--port", "65536"], "invalid value for '--port': must be at most 65535, not 65536"),
        (["fmt", "x", "--indent", "-1"], "invalid value for '--indent': must be at least 0, not -1"),
        (["outdated", "--older-than", "-0.5"], "invalid value for '--older-than': must be at least 0, not -0.5"),
        (["outdated", "--older-than", "nan"], "invalid value for '--older-than': must be at least 0, not nan"),
    ],
)
def test_numbers_out_of_their_range(arguments: list[str], error: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, *arguments)
    assert (done.code, done.err.partition("\n")[0]) == (2, f"bibtool: {error}")


@pytest.mark.slow
def test_help_names_numbers_by_a_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in COMMANDS:
        page = call(monkeypatch, name, "--help").out
        assert "INTEGER" not in page
        assert "RANGE" not in page
        assert "x>=" not in page


def test_help_after_a_command_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "import", "help")
    assert done.code == 1
    assert done.err.endswith("\n  `bibtool help import` explains the command\n")


@pytest.mark.slow
def test_no_module_is_taken_from_the_current_folder(tmp_path: Path) -> None:
    """``python -m`` puts it first on the path, and it may be a repository of somebody else."""
    names = ("click", "json", "tomllib", "gc", "os", "jinja2", "requests", "sqlite3", "yaml")
    for name in names:
        (tmp_path / f"{name}.py").write_text("open('owned', 'w')\n", encoding="utf-8")
    (tmp_path / "a.bib").write_text("@misc{a, title={T}}\n", encoding="utf-8")
    for arguments in (["--version"], ["convert", "a.bib", "--to", "text"], ["check", "a.bib"]):
        done = process(*arguments, cwd=tmp_path)
        assert done.code == 0, done.err
    assert not (tmp_path / "owned").exists()
