"""One call of the command line: the library, the settings and messages. Without click, which takes time to load."""

from __future__ import annotations

import os
import sys

from bibtool.cli.exits import DONE, FAILED
from bibtool.cli.streams import harmless, tell
from bibtool.errors import ConfigError

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import Any

    from bibtool.cli.config import Settings
    from bibtool.formats.base import ReadOptions
    from bibtool.formats.bibtex.tidy.options import TidyOptions
    from bibtool.model.record import Record
    from bibtool.problems import Problem
    from bibtool.project.places import Places
    from bibtool.store.base import Library
    from bibtool.styles.style import Style

MAX_SHOWN = 50
SETTINGS_FILES = ("bibtool.toml", "pyproject.toml")  # see `bibtool.cli.config.find_config`


class App:
    """One call of the command line: its global options, and the choices that depend on the environment."""

    def __init__(
        self,
        library: str | None = None,
        config_path: str | None = None,
        *,
        quiet: bool = False,
        strict: bool = False,
        debug: bool = False,
        allow: tuple[str, ...] = (),
    ) -> None:
        self.library = library
        self.config_path = config_path
        self.quiet = quiet
        self.strict = strict
        self.verbose = False
        self.debug = debug
        self.allow = allow
        self.told: set[str] = set()  # names of styles that were reported
        self.styles: dict[str, Style] = {}  # those that were read, by the names asked for
        self._settings: Settings | None = None

    @property
    def settings(self) -> Settings:
        """The settings of the project, which are read once; the defaults without a bibtool.toml."""
        if self._settings is None:
            from pathlib import Path

            from bibtool.cli.config import find_config, read_config
            from bibtool.cli.trust import check_owner

            named = self.config_path or os.environ.get("BIBTOOL_CONFIG")
            path = Path(named) if named else find_config(Path.cwd())
            if named:
                _refuse_missing(named)
            if path is not None and not named:
                check_owner(path, self.allow)
            self._settings = read_config(path)
        return self._settings

    def check_config(self) -> None:
        """Nothing; raises `ConfigError` for a --config that does not exist, also where the call reads no settings."""
        if self.config_path is not None:
            _refuse_missing(self.config_path)

    def forget_settings(self) -> None:
        """Read the settings, and styles, again when they are next asked for."""
        self._settings = None
        self.styles.clear()

    @property
    def places(self) -> Places:
        """Where the files that the settings name may be."""
        from bibtool.cli.trust import places_of

        return places_of(self.settings, self.allow)

    def library_location(self) -> str:
        """The location of the library: --library, BIBTOOL_LIBRARY, the project's setting, or the user's data folder.

        Raises `UsageError` for a URL with a password, before anything can print it.
        """
        location = self._named_library()
        if "://" in location:
            from bibtool.store.opening import refuse_password

            refuse_password(location)
        return location

    def _named_library(self) -> str:
        if self.library:
            return self.library
        if named := os.environ.get("BIBTOOL_LIBRARY"):
            return named
        from bibtool.cli.ownfolders import own_library, settings_above

        named = self.config_path or os.environ.get("BIBTOOL_CONFIG")
        # most folders have no settings, and what reads them takes long to load
        may_have = self._settings is not None or named or settings_above(SETTINGS_FILES)
        if may_have and self.settings.library:
            from bibtool.cli.trust import allowed_library

            return allowed_library(self.settings, self.places, self.allow)
        return own_library()

    def library_exists(self) -> bool:
        """Whether the library exists; one that is not a file counts as existing, since only opening it can tell."""
        location = self.library_location()
        if "://" in location:
            return True
        from pathlib import Path

        return Path(location).exists()

    def open_library(self, *, create: bool = False) -> Library:
        """The library; with ``create`` a missing one is created, otherwise it is an error with a hint."""
        from bibtool.store import open_library

        return open_library(self.library_location(), create=create)

    def cache_folder(self) -> Path:
        """The folder for arXiv's answers and other data that can be recreated."""
        from pathlib import Path

        from bibtool.cli.ownfolders import own_folder

        if named := os.environ.get("BIBTOOL_CACHE"):
            return Path(named)
        return Path(own_folder("cache"))

    def now(self) -> str:
        """The current time as provenance records it: ISO 8601, UTC, whole seconds."""
        import datetime as dt

        return dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

    def read_options(self, path: str, as_of: dt.date | None = None, *, noted: bool = True) -> ReadOptions:
        """Options for a reader; the path "-" is standard input. ``noted``: records say where their values are from."""
        from bibtool.formats.base import ReadOptions

        return ReadOptions(path=shown_path(path), as_of=as_of, when=self.now() if noted else "", places=noted)

    def make_keys(self, records: Iterable[Record], taken: Iterable[str] = ()) -> list[Record]:
        """The records; those without a citation key get one from the project's template."""
        from bibtool.model.keys import DEFAULT_TEMPLATE, assign_keys

        return assign_keys(list(records), taken=taken, template=self.settings.key_template or DEFAULT_TEMPLATE)

    def with_keys(self, records: Iterable[Record]) -> Iterator[Record]:
        """What `make_keys` gives, one by one as long as no record lacks a key."""
        from bibtool.model.keys import DEFAULT_TEMPLATE, with_keys

        return with_keys(records, self.settings.key_template or DEFAULT_TEMPLATE)

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
            tell(harmless(message))

    def report(self, problems: Iterable[Problem]) -> int:
        """Print problems on standard error; the exit code that they ask for, see `code_of`.

        Notes and warnings that do not count are not printed with ``--quiet``.
        """
        problems = list(problems)
        if not problems:
            return DONE
        shown = [problem for problem in problems if self.counts(problem)] if self.quiet else problems
        for problem in shown[:MAX_SHOWN]:
            tell(_colour(problem))
            if problem.hint and not self.quiet:
                tell(harmless(f"  {problem.hint}"))
        if len(shown) > MAX_SHOWN:
            tell(f"... and {count(len(shown) - MAX_SHOWN, 'more problem')}")
        return self.code_of(problems)

    def counts(self, problem: Problem) -> bool:
        """Whether the problem changes the exit code: errors do, and with ``--strict`` warnings too."""
        from bibtool.problems import Severity

        return problem.severity is Severity.ERROR or (self.strict and problem.severity is Severity.WARNING)

    def code_of(self, problems: Iterable[Problem]) -> int:
        """0 (`exits.DONE`), or 1 (`exits.FAILED`) where one of the problems counts."""
        return FAILED if any(map(self.counts, problems)) else DONE


def _refuse_missing(path: str) -> None:
    if not os.path.isfile(path):  # noqa: PTH113 - pathlib takes long to load
        raise ConfigError("file not found", path=path or "--config")


def _colour(problem: Problem) -> str:
    text = harmless(str(problem))
    if not use_colour(sys.stderr):
        return text
    import click

    from bibtool.problems import Severity

    colour = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}[problem.severity]
    return text.replace(f"{problem.severity}:", click.style(f"{problem.severity}:", fg=colour, bold=True), 1)


def use_colour(stream: Any) -> bool:
    """Colours only on a terminal, and not where NO_COLOR is set (https://no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(getattr(stream, "isatty", lambda: False)())


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
