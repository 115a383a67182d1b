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
# command -> what runs it, the parameter that each flag sets, and the one that takes one or more other words, if any
_COMMANDS: Mapping[str, tuple[str, Mapping[str, str], str]] = {
    "refs": (
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
        "",
    ),
    "check": (
        "bibtool.cli.check_run:run",
        {
            "--fix": "fixing",
            "--exit-non-zero-on-fix": "exit_non_zero_on_fix",
            "--exit-zero": "exit_zero",
            "--json": "as_json",
            "--statistics": "statistics",
        },
        "files",
    ),
    "fmt": (
        "bibtool.cli.fmt_run:run",
        {"--check": "check", "--fail-on-change": "fail_on_change", "--json": "as_json"},
        "files",
    ),
    "search": ("bibtool.cli.search_run:run", {"--json": "as_json"}, "words"),
}


def understood(arguments: Sequence[str]) -> tuple[str, dict[str, Any], frozenset[str]] | None:
    """What runs the call, its parameters, and the attributes of `App` that are set; None for a call for the parser."""
    if not arguments or arguments[0] not in _COMMANDS:
        return None
    home, flags, name = _COMMANDS[arguments[0]]
    chosen: dict[str, Any] = {}
    of_app: set[str] = set()
    words: list[str] = []
    for word in arguments[1:]:
        if word in flags:
            chosen[flags[word]] = True
        elif word in _OF_EACH:
            of_app.add(_OF_EACH[word])
        elif name and not word.startswith("-"):
            words.append(word)
        else:
            return None
    if name:
        if not words:
            return None
        chosen[name] = tuple(words)
    return home, chosen, frozenset(of_app)


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
