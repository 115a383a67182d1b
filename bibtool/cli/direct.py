"""Calls of flags only, which run without click: a hook runs at every commit, and loading click is a fifth of its time.

A call is understood here only where each of its words is in the table of its command. All others, wrong ones too, are
left to the parser, `bibtool.cli.parser`, which has every option and its help, and understands these calls the same.
"""

from __future__ import annotations

from bibtool.lazy import load

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# of `App`, whatever the command; what --debug does is for `bibtool.cli.main`
_OF_EACH: Mapping[str, str] = {"-q": "quiet", "--quiet": "quiet", "--strict": "strict", "--debug": "debug"}
# command -> what runs it, and the parameter that each flag sets
_COMMANDS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "refs": (
        "bibtool.cli.refs_run:run",
        {
            "--check": "check",
            "-n": "dry_run",
            "--dry-run": "dry_run",
            "--allow-missing": "allow_missing",
            "--exit-non-zero-on-write": "hook",
            "--hook": "hook",
            "-v": "verbose",
            "--verbose": "verbose",
        },
    ),
}


def understood(words: Sequence[str]) -> tuple[str, frozenset[str], frozenset[str]] | None:
    """What runs the call, the parameters of it that are set, and those of `App`; None for a call for the parser."""
    if not words or words[0] not in _COMMANDS:
        return None
    home, flags = _COMMANDS[words[0]]
    given = frozenset(words[1:])
    if not given <= flags.keys() | _OF_EACH.keys():
        return None
    return (
        home,
        frozenset(flags[word] for word in given & flags.keys()),
        frozenset(_OF_EACH[word] for word in given & _OF_EACH.keys()),
    )


def run(words: Sequence[str]) -> int | None:
    """The exit code of the call; None, and nothing was done, for a call for the parser."""
    call = understood(words)
    if call is None:
        return None
    from bibtool.cli.app import App

    home, chosen, of_app = call
    app = App(quiet="quiet" in of_app, strict="strict" in of_app, debug="debug" in of_app)
    code: int = load(home)(app, **dict.fromkeys(chosen, True))
    return code
