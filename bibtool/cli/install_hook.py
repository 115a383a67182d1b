"""``bibtool install-hook``: a plain git hook, for those who don't use the pre-commit framework."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bibtool.cli.common import App, common_options
from bibtool.cli.git import ask_git, git_add
from bibtool.errors import OutputError, UsageError

if TYPE_CHECKING:
    from bibtool.cli.config import Settings

MARK = "# Installed by `bibtool install-hook`; `bibtool install-hook --uninstall` removes it."
BEFORE = "pre-commit.before-bibtool"

SCRIPT = """\
#!/bin/sh
{mark}
# A hook that was here before is now {before} and runs first.
hooks=$(dirname "$0")
if [ -x "$hooks/{before}" ]; then
  "$hooks/{before}" "$@" || exit $?
fi
cd ./{folder} || exit 1
# -P: no module is taken from this folder, whose files others may have written
if [ -x {python} ] && {python} -P -c 'import bibtool' 2>/dev/null; then
  {python} -P -m bibtool refs --exit-non-zero-on-write || exit 1
elif command -v bibtool-hook >/dev/null 2>&1; then
  bibtool-hook refs --exit-non-zero-on-write || exit 1
else
  echo "bibtool-hook was not found; install it, or commit with --no-verify" >&2
  exit 1
fi
if [ -n "$(git --literal-pathspecs ls-files --others --modified --exclude-standard -- {files})" ]; then
  echo "the bibliography as it is now is not part of this commit" >&2
  echo {advice} >&2
  exit 1
fi
"""

EPILOG = """\b
Examples:
  bibtool install-hook                  bibtool refs before each commit in this repository
  bibtool install-hook --uninstall      remove it again
"""


@click.command(epilog=EPILOG)
@click.option("--uninstall", is_flag=True, help="Remove the hook, and restore the one that was there before.")
@common_options
@click.pass_obj
def command(app: App, uninstall: bool) -> int:
    """Install a git hook that runs `bibtool refs` before each commit.

    An existing pre-commit hook is kept under another name and runs first. The project needs its bibtool.toml.
    """
    hooks = _hooks_folder()
    if not uninstall and app.settings.path is None:
        raise UsageError("there is no bibtool.toml here or in a folder above", hint="run `bibtool init` first")
    target, before = hooks / "pre-commit", hooks / BEFORE
    ours = target.is_file() and MARK.encode() in target.read_bytes()
    if uninstall:
        return _uninstall(app, target, before, ours=ours)
    if os.path.lexists(target) and not ours:
        if os.path.lexists(before):
            raise UsageError(f"both {target.name} and {before.name} exist, and neither is bibtool's", hint=str(hooks))
        try:
            target.rename(before)
        except OSError as error:
            raise OutputError(f"can't be renamed: {error.strerror}", path=str(target)) from error
        app.say(f"the existing hook is kept as {before.name} and runs first")
    _write(target, _script(app.settings), before)
    app.say(f"installed {_shown(target)}")
    app.say("`git commit` now runs `bibtool refs` first; `git commit --no-verify` skips it")
    return 0


def _write(target: Path, text: str, before: Path) -> None:
    from bibtool.files import write_atomic

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(target, text.encode("utf-8", "surrogateescape"))
        target.chmod(0o755)
    except BaseException:
        if not os.path.lexists(target) and os.path.lexists(before):
            before.rename(target)
        raise


def _uninstall(app: App, target: Path, before: Path, *, ours: bool) -> int:
    if not ours:
        app.say("no hook of bibtool is installed here")
        return 0
    target.unlink()
    if os.path.lexists(before):
        before.rename(target)
        app.say(f"the hook from before is {target.name} again")
    app.say(f"removed {_shown(target)}" if not target.exists() else f"restored {_shown(target)}")
    return 0


def _script(settings: Settings) -> str:
    folder = Path(os.path.relpath(settings.folder or Path.cwd(), ask_git("rev-parse", "--show-toplevel"))).as_posix()
    files = f"{shlex.quote(settings.refs.output)} {shlex.quote(settings.refs.lock)}"
    return SCRIPT.format(
        mark=MARK,
        before=BEFORE,
        folder=shlex.quote(folder),
        python=shlex.quote(sys.executable),
        files=files,
        advice=shlex.quote(f"next: {git_add([settings.refs.output, settings.refs.lock])}"),
    )


def _hooks_folder() -> Path:
    return Path(os.path.abspath(ask_git("rev-parse", "--git-path", "hooks")))  # noqa: PTH100 - links stay links


def _shown(path: Path) -> str:
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
