"""Calls meant for another program called bibtool (by Gerd Neugebauer, in Debian and TeX Live), and their equivalents.

That program takes options with one hyphen and always exits with 0, so a script would not notice that this one is not a
replacement. Its options: its manual, appendix A.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# option -> (whether it takes a value, the command here; {0} stands for the files or the value)
_OPTIONS: dict[str, tuple[bool, str]] = {
    "-s": (False, "bibtool fmt --sort key {files}"),
    "-S": (False, "bibtool fmt --sort -key {files}"),
    "-x": (True, "bibtool refs"),
    "-k": (False, "bibtool fmt --generate-keys default {files}"),
    "-K": (False, "bibtool fmt --generate-keys default {files}"),
    "-F": (False, "bibtool fmt --generate-keys default {files}"),
    "-f": (True, "bibtool fmt --generate-keys TEMPLATE {files}"),
    "-d": (False, "bibtool dedupe {files}"),
    "-c": (False, "bibtool check {files}"),
    "-r": (True, "bibtool fmt {files}   (settings: [fmt] in bibtool.toml)"),
    "-X": (True, "bibtool search {value}"),
    "-i": (True, "bibtool fmt {value}"),
    "-o": (True, "bibtool fmt {files}"),
    "-m": (True, "bibtool fmt {files}"),
    "-M": (True, "bibtool fmt {files}"),
    "-v": (False, "bibtool fmt {files}"),
    "-R": (False, "bibtool fmt {files}"),
    "-#": (False, "bibtool check {files}"),
    "-@": (False, "bibtool check {files}"),
    "-V": (False, "bibtool --version"),
}
# the options that say most about what was meant, first
_RANK = ("-x", "-X", "-d", "-f", "-k", "-K", "-F", "-s", "-S", "-r", "-c")
_OWN = frozenset({"-q", "-h"})


def equivalent(arguments: Sequence[str], commands: Sequence[str]) -> str | None:
    """The equivalent of a call of the other program; None for a call of this one.

    Only what comes before one of our commands can be meant for the other program.
    """
    given: dict[str, str] = {}
    files: list[str] = []
    waiting = ""
    for word in arguments:
        if waiting:
            given[waiting] = word
            waiting = ""
        elif word in commands and not given and not files:
            return None
        elif word == "--":
            waiting = "-r"  # a line of its resources follows
        elif word.startswith("--"):
            return None  # an option of ours
        elif word.startswith("-") and len(word) > 1:
            option = word[:2]
            if option in _OWN and len(word) == 2:
                return None
            if option not in _OPTIONS:
                return None
            takes_value = _OPTIONS[option][0]
            given[option] = word[2:] if takes_value else ""
            if takes_value and len(word) == 2:
                waiting = option
        else:
            files.append(word)
    if not given:
        return None
    chosen = next((option for option in _RANK if option in given), next(iter(given)))
    if chosen == "-x":
        return f"bibtool refs   (with sources = [{', '.join(map(repr, files)) or '...'}] in bibtool.toml)"
    named = " ".join(map(_quoted, files)) or _quoted(given.get("-i", "")) or "refs.bib"
    return _OPTIONS[chosen][1].format(files=named, value=_quoted(given[chosen]) or "WORDS")


def _quoted(word: str) -> str:
    import shlex  # only a call for the other program needs it

    return shlex.quote(word) if word else ""
