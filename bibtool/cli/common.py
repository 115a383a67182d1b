"""What commands share: the library, the settings, messages, JSON and safe output."""

from __future__ import annotations

import datetime as dt
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bibtool.cli.exits import DONE, FAILED, worst
from bibtool.cli.streams import harmless
from bibtool.errors import ConfigError, UsageError
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bibtool.cli.config import Settings
    from bibtool.formats.base import ReadOptions
    from bibtool.formats.bibtex.tidy.options import TidyOptions
    from bibtool.model.record import Record
    from bibtool.problems import Problem
    from bibtool.project.places import Places
    from bibtool.store.base import Library

F = TypeVar("F", bound="Callable[..., Any]")

MAX_SHOWN = 50


@dataclass(slots=True)
class App:
    """One call of the command line: its global options, and the choices that depend on the environment."""

    library: str | None = None
    config_path: str | None = None
    quiet: bool = False
    strict: bool = False
    verbose: bool = False
    debug: bool = False
    allow: tuple[str, ...] = ()
    told: set[str] = field(default_factory=set, init=False)  # names of styles that were reported
    _settings: Settings | None = field(default=None, init=False)

    @property
    def settings(self) -> Settings:
        """The project's settings, read once; defaults where there is no bibtool.toml."""
        if self._settings is None:
            from bibtool.cli.config import find_config, read_config
            from bibtool.cli.trust import check_owner

            named = self.config_path or os.environ.get("BIBTOOL_CONFIG")
            path = Path(named) if named else find_config(Path.cwd())
            if named and not Path(named).is_file():
                raise ConfigError("file not found", path=named)
            if path is not None and not named:
                check_owner(path, self.allow)
            self._settings = read_config(path)
        return self._settings

    def forget_settings(self) -> None:
        """Read the settings again when they are next asked for."""
        self._settings = None

    @property
    def places(self) -> Places:
        """Where the files that the settings name may be."""
        from bibtool.cli.trust import places_of

        return places_of(self.settings, self.allow)

    def library_location(self) -> str:
        """The location of the library: --library, BIBTOOL_LIBRARY, the project's setting, or the user's data folder."""
        if self.library:
            return self.library
        if named := os.environ.get("BIBTOOL_LIBRARY"):
            return named
        settings = self.settings
        if settings.library:
            from bibtool.cli.trust import allowed_library

            return allowed_library(settings, self.places)
        from bibtool.cli.trust import own_library

        return str(own_library())

    def library_exists(self) -> bool:
        """Whether the library exists; one that is not a file counts as existing, since only opening it can tell."""
        location = self.library_location()
        return "://" in location or Path(location).exists()

    def open_library(self, *, create: bool = False) -> Library:
        """The library; with ``create`` a missing one is created, otherwise it is an error with a hint."""
        from bibtool.store import open_library

        return open_library(self.library_location(), create=create)

    def cache_folder(self) -> Path:
        """The folder for arXiv's answers and other data that can be recreated."""
        if named := os.environ.get("BIBTOOL_CACHE"):
            return Path(named)
        from platformdirs import user_cache_path

        return user_cache_path("bibtool", appauthor=False)

    def now(self) -> str:
        """The current time as provenance records it: ISO 8601, UTC, whole seconds."""
        return dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

    def read_options(self, path: str, as_of: dt.date | None = None) -> ReadOptions:
        """Options for a reader; the path "-" is standard input."""
        from bibtool.formats.base import ReadOptions

        return ReadOptions(path=shown_path(path), as_of=as_of, when=self.now())

    def make_keys(self, records: Iterable[Record], taken: Iterable[str] = ()) -> list[Record]:
        """The records; those without a citation key get one from the project's template."""
        from bibtool.model.keys import DEFAULT_TEMPLATE, assign_keys

        return assign_keys(list(records), taken=taken, template=self.settings.key_template or DEFAULT_TEMPLATE)

    def layout(self) -> TidyOptions:
        """How BibTeX is laid out: the table [fmt] of the settings."""
        from bibtool.formats.bibtex.tidy.options import TidyOptions

        return TidyOptions(**self.settings.fmt)

    def style_name(self, chosen: str | None = None) -> str:
        """The style of formatted lists: from the command line, or the setting, or the default."""
        from bibtool.project.formatted import DEFAULT_STYLE

        return chosen or self.style_of("export.style", self.settings.style) or DEFAULT_STYLE

    def style_of(self, setting: str, name: str | None) -> str:
        """The style of a setting; for a file, its path, which is relative to the settings."""
        from bibtool.cli.trust import style_file

        return style_file(self.places, setting, name) if name else ""

    def say(self, message: str) -> None:
        """A message for people, on standard error."""
        if not self.quiet:
            click.echo(harmless(message), err=True)

    def report(self, problems: Iterable[Problem]) -> int:
        """Print problems on standard error; the exit code that they ask for, see `code_of`.

        Notes and warnings that do not count are not printed with ``--quiet``.
        """
        problems = list(problems)
        shown = [problem for problem in problems if self.counts(problem)] if self.quiet else problems
        for problem in shown[:MAX_SHOWN]:
            click.echo(_colour(problem), err=True)
            if problem.hint and not self.quiet:
                click.echo(harmless(f"  {problem.hint}"), err=True)
        if len(shown) > MAX_SHOWN:
            click.echo(f"... and {count(len(shown) - MAX_SHOWN, 'more problem')}", err=True)
        return self.code_of(problems)

    def counts(self, problem: Problem) -> bool:
        """Whether the problem changes the exit code: errors do, and with ``--strict`` warnings too."""
        return problem.severity is Severity.ERROR or (self.strict and problem.severity is Severity.WARNING)

    def code_of(self, problems: Iterable[Problem]) -> int:
        """0 (`exits.DONE`), or 1 (`exits.FAILED`) where one of the problems counts."""
        return FAILED if any(map(self.counts, problems)) else DONE


def _colour(problem: Problem) -> str:
    text = harmless(str(problem))
    if not use_colour(sys.stderr):
        return text
    colour = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}[problem.severity]
    return text.replace(f"{problem.severity}:", click.style(f"{problem.severity}:", fg=colour, bold=True), 1)


def use_colour(stream: Any) -> bool:
    """Colours only on a terminal, and not where NO_COLOR is set (https://no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(getattr(stream, "isatty", lambda: False)())


def show_diff(before: str, after: str, path: str, done: str) -> None:
    """Print a unified diff of two states of a file, in colour on a terminal; ``done`` names the second one.

    As for diff and patch, only LF ends a line, so that the output can be applied. Prints nothing for equal texts.
    """
    from bibtool.cli.textdiff import unified_diff

    colours = {"+": "green", "-": "red", "@": "cyan"} if use_colour(sys.stdout) else {}
    lines = unified_diff(before, after, path, f"{path} ({done})")
    shown = "".join(click.style(line, fg=colours[line[0]]) if line[0] in colours else line for line in lines)
    click.echo(shown.encode("utf-8", "replace").decode("utf-8"), nl=False)


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


def count(number: int, singular: str, plural: str = "") -> str:
    """``1 key``, ``2,000 keys``; ``plural`` for words that do not just take an s."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def wrapped(keys: Iterable[str], *, indent: int = 2, width: int = 88) -> str:
    """The keys with commas in lines of ``width`` characters, all but the first indented; no key is broken."""
    import textwrap

    lines = textwrap.wrap(", ".join(keys), width=width - indent, break_long_words=False, break_on_hyphens=False)
    return f"\n{' ' * indent}".join(lines)


def shown_path(path: str) -> str:
    """The name of a file in messages; "-" is standard input."""
    return "<stdin>" if path == "-" else path


def print_json(data: Any) -> None:
    """JSON on standard output, keys in the order given."""
    import json

    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def put_out(data: bytes) -> None:
    """Write bytes to standard output."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


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


def write_output(data: bytes, target: str | None, app: App) -> None:
    """Write bytes to standard output, or to a file, as a whole or not at all."""
    if target is None or target == "-":
        if b"\0" in data[:1024]:
            refuse_terminal()
        put_out(data)
        return
    from bibtool.files import write_atomic

    written = write_atomic(Path(target), data)
    app.say(f"wrote {target}" if written else f"{target} is up to date")


def read_files(app: App, files: Iterable[str], source: str | None, as_of: dt.date | None) -> tuple[list[Record], int]:
    """The records of files ("-" is standard input), and the exit code of their problems, which are reported."""
    from bibtool.formats.registry import read_bytes

    records: list[Record] = []
    code = DONE
    for path in files:
        result = read_bytes(load_input(path), source, app.read_options(path, as_of))
        code = worst(code, app.report(result.problems))
        records += result.records
    return records, code


def load_input(path: str) -> bytes:
    """The bytes of a file, or of standard input for "-"."""
    from bibtool.files import MAX_BYTES, load_bytes

    if path != "-":
        return load_bytes(path)
    stream = sys.stdin.buffer
    if stream.isatty():
        click.echo("bibtool: reading from the terminal; press Ctrl-D to finish", err=True)
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UsageError(f"standard input is larger than {MAX_BYTES >> 20} MiB")
    return data
