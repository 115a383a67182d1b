"""Questions to git, for the commands that work in a repository."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from bibtool.errors import UsageError
from bibtool.programs import run_program

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def ask_git(*arguments: str, names: Sequence[str] = (), folder: Path | None = None) -> str:
    """What git prints about files of these names, without white space at its ends, in a folder (default: the current).

    Raises `UsageError` if git can't be run, or fails, which it does outside of a repository.
    """
    try:
        # git must take each name literally: it would read ":!refs.bib" as a pattern
        question = ("git", "--literal-pathspecs", *arguments)
        done = run_program(*question, names=names, folder=folder, environment={**os.environ, "LC_ALL": "C"})
    except OSError as error:
        raise UsageError("git can't be run", hint="install git") from error
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip()
        if not reason or "not a git repository" in reason:
            raise UsageError("this folder is not in a git repository", hint="`git init` makes one")
        raise UsageError(f"git {arguments[0]}: {reason.splitlines()[0].removeprefix('fatal: ')}")
    return done.stdout.decode("utf-8", "surrogateescape").strip()


def git_add(names: Sequence[str]) -> str:
    """The command for a shell that adds files, none of which is an option or a pattern there."""
    return "git add " + " ".join(shlex.quote(f"./{name}" if name[:1] in "-:" else name) for name in names)
