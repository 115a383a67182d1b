"""The exit codes: what each means, and which one a call ends with. They are tables in docs/reference/exit-codes.md."""

from __future__ import annotations

DONE = 0
FAILED = 1
USAGE = 2
BUG = 3
NOT_ASKED = 4
INTERRUPTED = 130

MEANINGS: dict[int, str] = {
    DONE: "Done, possibly with warnings.",
    FAILED: "Something of the input was lost or refused, or a checking command found something.",
    USAGE: "Usage error: an unknown option, command, format, style or setting. Nothing was done.",
    BUG: "A bug in bibtool: run the command again with `--debug` and report what it prints.",
    NOT_ASKED: "A service could not be asked (no connection, no usable answer). What could be done was done; run the "
    "command again later.",
    INTERRUPTED: "Interrupted by Ctrl-C. Commands that only end by Ctrl-C (`serve`, `--watch`, `--preview`) exit "
    "with 0.",
}

# the worst first: a finding is not hidden by a service that could not be asked about something else
_RANK = (INTERRUPTED, BUG, USAGE, FAILED, NOT_ASKED, DONE)


def worst(*codes: int) -> int:
    """The code that a call ends with whose parts ask for these codes; 0 for none.

    A code that is not in the table (git's 129) is worse than all of them.
    """
    return min(codes, key=lambda code: _RANK.index(code) if code in _RANK else -1, default=DONE)
