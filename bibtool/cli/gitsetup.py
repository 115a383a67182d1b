"""Sets git up to merge and show .bib files with bibtool: `set_up`. Doing it again changes nothing."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from bibtool.errors import InputError, OutputError
from bibtool.files import read_for_rewrite, rewrite
from bibtool.programs import run_program
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from bibtool.cli.common import App

ATTRIBUTES = ".gitattributes"
PATTERN = "*.bib"
_WANTED = {"merge": "bibtool", "diff": "bibtool"}


@dataclass(frozen=True, slots=True)
class GitSetup:
    """What was done, and what was left as it is, each in one sentence; both empty if everything was in place."""

    done: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def settings(command: str = "bibtool-hook") -> dict[str, str]:
    """The entries of the git configuration; ``command`` is how a shell finds bibtool.

    The alias is the default, since another program of the name bibtool may come first on PATH. Placeholders:
    gitattributes(5), "Defining a custom merge driver".
    """
    program = shlex.quote(command)
    return {
        "merge.bibtool.name": "BibTeX files by entry and field",
        "merge.bibtool.driver": f"{program} merge-driver %O %A %B --marker-size %L --path %P",
        "diff.bibtool.textconv": f"{program} textconv --",  # git hands a file of the folder over by its name
    }


def set_up(folder: Path, command: str = "bibtool-hook") -> GitSetup:
    """Set git up for the repository of ``folder``: lines in its .gitattributes, entries in its own configuration.

    Attributes are committed and shared; the configuration is not, so each clone has to do this once. A pattern that
    already has another driver keeps it. Raises `InputError` where there is no repository.
    """
    top = Path(_git(folder, "rev-parse", "--show-toplevel").rstrip("\r\n"))
    done: list[str] = []
    left: list[str] = []
    _set_attributes(top / ATTRIBUTES, done, left)
    for name, value in settings(command).items():
        known = _git(top, "config", "--local", "--get", name, may_fail=True).rstrip("\r\n")
        if known == value:
            continue
        _git(top, "config", "--local", name, value)
        done.append(f"set git config {name} to {value!r}" + (f", previously {known!r}" if known else ""))
    return GitSetup(tuple(done), tuple(left))


def tell(app: App, setup: GitSetup) -> None:
    """Say what was done and what was left."""
    for line in (*setup.done, *setup.left) or ("git is already set up",):
        app.say(line)


def _set_attributes(path: Path, done: list[str], left: list[str]) -> None:
    original = read_for_rewrite(path, missing_ok=True)
    data = original.data
    known: dict[str, str] = {}
    for line in data.decode("utf-8", "surrogateescape").splitlines():
        words = line.split()
        if words[:1] == [PATTERN]:
            known.update((word.partition("=")[0].lstrip("-!"), word) for word in words[1:])
    missing = []
    for name, value in _WANTED.items():
        word = f"{name}={value}"
        if name not in known:
            missing.append(word)
        elif known[name] != word:
            left.append(f"{ATTRIBUTES} already says {known[name]} for {PATTERN}")
    if not missing:
        return
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    if data and not data.endswith(b"\n"):
        data += newline
    line = " ".join([PATTERN, *missing])
    rewrite(original, data + line.encode() + newline)
    done.append(f"added {line!r} to {ATTRIBUTES}")


def _git(folder: Path, *arguments: str, may_fail: bool = False) -> str:
    try:
        ran = run_program("git", *arguments, folder=folder)
    except OSError as error:
        raise OutputError(f"git can't be run: {error.strerror or error}", hint="install git") from error
    if ran.returncode and not may_fail:
        reason = ran.stderr.decode("utf-8", "replace").strip() or f"git {arguments[0]} failed"
        raise InputError(reason, path=str(folder), hint="`git init` makes a repository")
    return ran.stdout.decode("utf-8", "surrogateescape")
