"""Questions to git, for the commands that work in a repository."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from bibtool.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT_S = 30


def ask_git(*arguments: str, folder: Path | None = None) -> str:
    """What git prints, without white space at its ends, in a folder (default: the current one).

    Raises `UsageError` if git can't be run, or fails, which it does outside of a repository.
    """
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            capture_output=True,
            check=False,
            timeout=TIMEOUT_S,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},  # its messages in English
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError("git can't be run", hint="install git") from error
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip()
        if not reason or "not a git repository" in reason:
            raise UsageError("this folder is not in a git repository", hint="`git init` makes one")
        raise UsageError(f"git {arguments[0]}: {reason.splitlines()[0].removeprefix('fatal: ')}")
    return done.stdout.decode("utf-8", "surrogateescape").strip()
