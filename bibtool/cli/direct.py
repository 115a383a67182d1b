"""Simple calls, which run without click: hooks run at every commit, and loading click is a fifth of their time.

A call is understood here only where each of its words is one of the flags in the table, or what the command takes any
number of. All others, wrong ones too, are left to the parser, `bibtool.cli.parser`. It has every option and its help,
and understands these calls the same.
"""

from __future__ import annotations

from bibtool.lazy import load

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

# of `App`, whatever the command; what --debug does is for `bibtool.cli.main`
_OF_EACH: Mapping[str, str] = {"-q": "quiet", "--quiet": "quiet", "--strict": "strict", "--debug": "debug"}
_MOST_DIGITS = 9


class _Command:
    """What runs the simple calls of a command, and which parameter of it a word sets."""

    def __init__(
        self, home: str, flags: Mapping[str, str], *, words: str = "", number: tuple[str, str] | None = None
    ) -> None:
        self.home = home
        self.flags = flags
        self.words = words  # of one or more words that are no options; "" for a command that takes none
        self.number = number  # an option with a number from 1 on, and its parameter


_COMMANDS: Mapping[str, _Command] = {
    "refs": _Command(
        "bibtool.cli.refs_run:run",
        {
            "--check": "check",
            "-n": "dry_run",
            "--dry-run": "dry_run",
            "--allow-missing": "allow_missing",
            "--exit-non-zero-on-write": "hook",
            "--hook": "hook",
            "--json": "as_json",
            "-v": "verbose",
            "--verbose": "verbose",
        },
    ),
    "check": _Command(
        "bibtool.cli.check_run:run",
        {
            "--fix": "fixing",
            "--exit-non-zero-on-fix": "exit_non_zero_on_fix",
            "--exit-zero": "exit_zero",
            "--json": "as_json",
            "--statistics": "statistics",
        },
        words="files",
    ),
    "fmt": _Command(
        "bibtool.cli.fmt_run:run",
        {"--check": "check", "--fail-on-change": "fail_on_change", "--json": "as_json"},
        words="files",
    ),
    "search": _Command("bibtool.cli.search_run:run", {"--json": "as_json"}, words="words", number=("--limit", "limit")),
}


def understood(arguments: Sequence[str]) -> tuple[str, dict[str, Any], frozenset[str]] | None:
    """What runs the call, its parameters, and the attributes of `App` that are set; None for a call for the parser."""
    if not arguments or arguments[0] not in _COMMANDS:
        return None
    command = _COMMANDS[arguments[0]]
    chosen: dict[str, Any] = {}
    of_app: set[str] = set()
    words: list[str] = []
    rest = iter(arguments[1:])
    for word in rest:
        if word in command.flags:
            chosen[command.flags[word]] = True
        elif word in _OF_EACH:
            of_app.add(_OF_EACH[word])
        elif command.number is not None and word == command.number[0]:
            digits = next(rest, "")
            if not (digits.isdecimal() and digits.isascii() and len(digits) <= _MOST_DIGITS and int(digits)):
                return None
            chosen[command.number[1]] = int(digits)
        elif command.words and not word.startswith("-"):
            words.append(word)
        else:
            return None
    if command.words:
        if not words:
            return None
        chosen[command.words] = tuple(words)
    return command.home, chosen, frozenset(of_app)


def run(arguments: Sequence[str]) -> int | None:
    """The exit code of the call; None, and nothing was done, for a call for the parser."""
    call = understood(arguments)
    if call is None:
        return None
    from bibtool.cli.app import App

    home, chosen, of_app = call
    app = App(quiet="quiet" in of_app, strict="strict" in of_app, debug="debug" in of_app)
    code: int = load(home)(app, **chosen)
    return code
