"""What ``bibtool refs --prune`` may delete: entries that exist nowhere else only where a copy of them stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bibtool.cli.common import count, wrapped
from bibtool.cli.git import ask_git
from bibtool.errors import OutputError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from bibtool.project.plan import Plan
    from bibtool.project.workspace import Workspace


def uncommitted(path: Path) -> str:
    """Why git has no copy of the file as it is now; "" if the last commit has it."""
    real = path.resolve()
    try:
        tracked = ask_git("ls-files", names=[real.name], folder=real.parent)
        changed = ask_git("status", "--porcelain", names=[real.name], folder=real.parent)
    except UsageError:
        return "it is not in a git repository"
    if not tracked:
        return "git does not track it"
    return "it has changes that are not committed" if changed else ""


def backed_up(space: Workspace, plan: Plan, *, yes: bool, quiet: bool) -> str:
    """The name of the copy that was made of the output before entries are deleted; "" where git has one.

    Raises `OutputError`, after the keys were listed, if there is no copy in git and ``yes`` was not given.
    """
    path, name = space.output_path, space.settings.output
    reason = uncommitted(path)
    if not reason:
        return ""
    if not yes:
        if not quiet:
            click.echo(f"would delete {count(len(plan.pruned), 'entry', 'entries')} of {name}:", err=True)
            click.echo(f"  {wrapped(plan.pruned)}", err=True)
        raise OutputError(
            f"git has no copy of these entries ({reason}), so nothing was deleted",
            path=name,
            hint=f"commit the file first, or add --yes to keep a copy as {_free_name(path).name}",
        )
    from bibtool.files import Original, load_bytes, rewrite

    copy = _free_name(path)
    rewrite(Original.of(copy, None), load_bytes(path))
    return copy.relative_to(space.folder).as_posix() if copy.is_relative_to(space.folder) else str(copy)


def _free_name(path: Path) -> Path:
    """``refs.bib.bak``, or the first of ``refs.bib.bak2``, ... that no file has."""
    copy, number = path.with_name(f"{path.name}.bak"), 1
    while copy.exists():
        number += 1
        copy = path.with_name(f"{path.name}.bak{number}")
    return copy
