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
    NOT_ASKED: "A service could not be asked (no connection, or it answered with errors). What could be done was done; "
    "run the command again later.",
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


_LIBRARY = "the library can't be opened"
_GIT = "git can't be run, or its files can't be written"

# command -> when it ends with 1; "" where it never does
WHEN_FAILED: dict[str, str] = {
    "import": "a file or a record could not be read, or a reference is doubtful; the rest is in the library",
    "add": "nobody knows the identifier, or it is not certain which work has the title",
    "list": _LIBRARY,
    "search": _LIBRARY,
    "show": _LIBRARY,
    "open": "a record has no page",
    "edit": "somebody else has changed the record at the same time; " + _LIBRARY,
    "remove": _LIBRARY,
    "undo": "somebody else has changed the same records since; " + _LIBRARY,
    "redo": "somebody else has changed the same records since; " + _LIBRARY,
    "history": _LIBRARY,
    "library": "`check` finds damage; `recover` loses a record or finds none; a backup can't be made or restored; "
    + _LIBRARY,
    "export": "a record could not be written, or the style can't be used; " + _LIBRARY,
    "serve": "the port is in use; " + _LIBRARY,
    "convert": "a file or a record could not be read or written",
    "fmt": "a file or a part of it could not be read or tidied; with `--check`: a file is not tidy; with "
    "`--fail-on-change`: a file was changed",
    "check": "problems remain that are more than notes (not with `--exit-zero`); with `--exit-non-zero-on-fix`: "
    "something was fixed",
    "dedupe": "duplicates were found that are not merged",
    "diff": "the two differ; 2 if one of them can't be read",
    "batch": "a file, or a record of it, could not be read or written; `check`: there are problems that are more than "
    "notes; `verify`: an entry contradicts an index, is not found or is retracted (`--fail-on` decides)",
    "init": "bibtool.toml can't be written",
    "refs": "a cited key has no entry; nothing was written. With `--check`: the files are not current; with `--hook`: "
    "a file was written",
    "cited": "a key is undefined in the files of `--bib`, keys differ in case only, or a document could not be read",
    "cv": "there is no work to list, or a record could not be read or written",
    "cite": "the style can't be used; " + _LIBRARY,
    "preview": "a style can't be used; " + _LIBRARY,
    "styles": "",
    "enrich": "an id given with `--accept` does not exist; " + _LIBRARY,
    "verify": "an entry contradicts a source, is not found or is retracted (`--fail-on` decides); with `--strict`: an "
    "entry could not be checked",
    "index": "a file, or a record of it, could not be read; the rest is in the index. `search`: nothing was found; "
    "the index does not exist",
    "outdated": "there is something new",
    "refresh": "a change could not be written, or a cited work can't be looked up",
    "install-hook": _GIT,
    "git-setup": _GIT,
    "merge-driver": "conflicts are marked in OURS; 129 if nothing was merged, so that git stops",
    "textconv": "the file can't be read",
    "help": "",
    "formats": "",
    "doctor": "something needs attention",
    "completion": "",
}

# commands that ask arXiv, and may end with 4
ASKING = ("import", "add", "enrich", "verify", "outdated", "refresh", "batch")
