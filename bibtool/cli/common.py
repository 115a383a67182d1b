"""What commands share: the library, the settings, messages, JSON and safe output."""

from __future__ import annotations

import datetime as dt
import functools
import sys
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from bibtool.cli.app import MAX_SHOWN, App, count, shown_path, use_colour, wrapped
from bibtool.cli.exits import DONE, worst
from bibtool.cli.streams import harmless, load_input, print_json, put_out
from bibtool.errors import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from pathlib import Path

    from bibtool.model.record import Record

# what commands take from here though it is of the modules without click
__all__ = ["MAX_SHOWN", "App", "count", "load_input", "print_json", "put_out", "shown_path", "use_colour", "wrapped"]

F = TypeVar("F", bound="Callable[..., Any]")


def shown_name(text: str) -> str:
    """A key, style or format as lists show it: in colour on a terminal."""
    return click.style(text, fg="cyan") if use_colour(sys.stdout) else text


def show_diff(before: str, after: str, path: str, done: str) -> None:
    """Print a unified diff of two states of a file, in colour on a terminal; ``done`` names the second one.

    As for diff and patch, only LF ends a line, so that the output can be applied; on a terminal it is shown without
    what acts there. Prints nothing for equal texts.
    """
    from bibtool.cli.textdiff import unified_diff

    colours = {"+": "green", "-": "red", "@": "cyan"} if use_colour(sys.stdout) else {}
    lines = unified_diff(before, after, path, f"{path} ({done})")
    if sys.stdout.isatty():
        lines = map(harmless, lines)
    while some := list(islice(lines, _LINES_AT_ONCE)):
        shown = "".join([click.style(line, fg=colours[line[0]]) if line[0] in colours else line for line in some])
        # color=True: else click takes sequences of the terminal out of the file's own lines, and patch refuses the rest
        click.echo(shown.encode("utf-8", "replace").decode("utf-8"), nl=False, color=True)


_LINES_AT_ONCE = 1000  # texts of many more are fetched from the system and given back each time


def _choose(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Accept a global option after the command, where people type it."""
    if value and param.name:
        setattr(ctx.ensure_object(App), param.name, value)


library_option = click.option(
    "--library",
    metavar="PATH",
    expose_value=False,
    callback=_choose,
    help="The library to use (also: BIBTOOL_LIBRARY, or bibtool.toml).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
QUIET_HELP = "Only print errors."
STRICT_HELP = "Exit with 1 for warnings too."
DEBUG_HELP = "Show the traceback of an error."
_quiet_option = click.option("-q", "--quiet", is_flag=True, expose_value=False, callback=_choose, help=QUIET_HELP)
_strict_option = click.option("--strict", is_flag=True, expose_value=False, callback=_choose, help=STRICT_HELP)
_debug_option = click.option("--debug", is_flag=True, expose_value=False, help=DEBUG_HELP)


ALLOW_HELP = "A file or folder outside the project that bibtool.toml may name (also: BIBTOOL_ALLOW)."


def _allow(ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> None:
    """Accept --allow after the command too."""
    app = ctx.ensure_object(App)
    app.allow = (*app.allow, *value)


_allow_option = click.option(
    "--allow",
    multiple=True,
    metavar="PATH",
    expose_value=False,
    callback=_allow,
    hidden=True,
    help="Let the project's settings name this file or folder, though it is outside the project.",
)


def common_options(function: F) -> F:
    """``--quiet``, ``--strict``, ``--debug`` and ``--allow`` after the command.

    `bibtool.cli.main.run` looks for ``--debug`` itself; ``--allow`` is in the help of `bibtool` only.
    """
    return _allow_option(_quiet_option(_strict_option(_debug_option(function))))


verbose_option = click.option(
    "-v", "--verbose", is_flag=True, expose_value=False, callback=_choose, help="List what is only counted otherwise."
)


def _parse_day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> dt.date | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a valid date; write it as 2026-11-23") from None


as_of_option = click.option(
    "--as-of",
    metavar="DATE",
    callback=_parse_day,
    help="The day a listing was copied, for dates without a year (default: today).",
)


def holding_records(function: F) -> F:
    """For commands that hold all records until they end: Python's cycle collector has nothing to find among them."""

    @functools.wraps(function)
    def paused(*arguments: Any, **named: Any) -> Any:
        from bibtool.collector import collector_paused

        with collector_paused(later=True):
            return function(*arguments, **named)

    return cast("F", paused)


class NumberWithin(click.ParamType):  # type: ignore[type-arg] # generic in later versions of click only
    """A number from ``least`` to ``most``; ``N`` in the help, where click's own type prints the range."""

    name = "n"

    def __init__(self, least: int, most: int | None = None, *, kind: click.ParamType[Any] = click.INT) -> None:
        self.least, self.most, self.kind = least, most, kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number; a value out of the range is a usage error that states the range."""
        number = self.kind.convert(value, param, ctx)
        if not self.least <= number:  # NaN is not within either
            self.fail(f"must be at least {self.least}, not {value}", param, ctx)
        if self.most is not None and number > self.most:
            self.fail(f"must be at most {self.most}, not {value}", param, ctx)
        return number


class OptionWithAliases(click.Option):
    """An option whose help shows its first two names: the others are for those who know them from other commands."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The names and the text of the help."""
        names, self.opts = self.opts, self.opts[:2]
        try:
            return super().get_help_record(ctx)
        finally:
            self.opts = names


def refuse_terminal() -> None:
    """Raise `UsageError` for binary output where standard output is a terminal."""
    if sys.stdout.isatty():
        raise UsageError("binary output is not printed on a terminal", hint="write it to a file with -o FILE")


def _is_database(path: Path) -> bool:
    if not path.is_file():  # a pipe would be waited for
        return False
    try:
        with path.open("rb") as stream:
            return stream.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def write_output(data: bytes, target: str | None, app: App) -> None:
    """Write bytes to standard output, or to a file, as a whole or not at all; a library is never replaced."""
    if target is None or target == "-":
        if b"\0" in data[:1024]:
            refuse_terminal()
        put_out(data)
        return
    from pathlib import Path

    from bibtool.files import write_atomic

    path = Path(target)
    if _is_database(path):
        raise OutputError("this is a library, an index or another database, so it was not replaced", path=target)
    written = write_atomic(path, data)
    app.say(f"wrote {target}" if written else f"{target} is up to date")


def records_in(
    app: App, files: Iterable[str], source: str | None, as_of: dt.date | None
) -> Generator[Record, None, int]:
    """The records of files ("-" is standard input) one by one, where their format is read so.

    The problems of a file are reported once its last record was taken; the return value is the exit code of them all.

    For commands that keep no record: where values come from is not noted in formats that name it for the library only.
    """
    from bibtool.formats.registry import read_each

    code = DONE
    for path in files:
        # nobody here holds the bytes of a file once it was decoded
        problems = yield from read_each(load_input(path), source, app.read_options(path, as_of, noted=False))
        code = worst(code, app.report(problems))
    return code


def read_files(app: App, files: Iterable[str], source: str | None, as_of: dt.date | None) -> tuple[list[Record], int]:
    """All records of `records_in`, and the exit code of their problems."""
    from bibtool.formats.base import all_of
    from bibtool.formats.returning import Returning

    reading = Returning(records_in(app, files, source, as_of), DONE)
    return all_of(reading), reading.returned
