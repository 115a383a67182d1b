"""What a run of refs found, as few lines: one for each kind of finding, with a count and the first keys. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.problems import NOWHERE, Problem, Severity
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bibtool.project.changes import Change

MAX_KEYS = 5  # keys that a line names
MAX_ERRORS = 10  # errors of one kind that are shown one by one

# code -> what several findings of this kind say together
_TOGETHER = {
    "only-in-lock": "{count} cited entries are no longer in their sources; the lock's data is used: {keys}",
    "cited-twice": "{count} works are cited under two keys and will be listed twice: {keys}",
    "cites-retracted": "{count} cited works were retracted, their entries say: {keys}",
    "double-entry": "{count} keys have a second entry, which differs from the first: {keys}",
    "missing-parent": "{count} entries refer by crossref to an entry that no source has: {keys}",
    "keys-differ-in-case": "{count} keys differ from another one in case only, which BibTeX refuses: {keys}",
    "cited-case": "{count} keys are cited in two spellings that differ in case only, at which BibTeX stops: {keys}",
    "key-case": "{count} keys are cited in another case than the entry has; BibTeX ignores it: {keys}",
    "undefined-key": "{count} cited keys have no entry: {keys}",
    "unresolved-identifier": "{count} cited works are in no source and no lock: {keys}",
    "broken-output": "{count} entries can't be read: {keys}",
    "parent-too-early": "BibTeX does not find {count} crossref parents that come first and are not cited: {keys}",
}


def first_keys(keys: Sequence[str], most: int = MAX_KEYS) -> str:
    """``a, b, c and 36 more``; all of them where one more than ``most`` would be left out."""
    if len(keys) <= most + 1:
        return ", ".join(keys)
    return f"{', '.join(keys[:most])} and {len(keys) - most:,} more"


def grouped(problems: Iterable[Problem]) -> list[Problem]:
    """One problem for each kind, in the order of the first of each kind.

    Errors keep a line for each key, with its first place, since each has to be dealt with; after `MAX_ERRORS` of a
    kind they are only counted. A hint that several errors share is given once, with the last of them.
    """
    kinds: dict[tuple[str, Severity], dict[str | None, list[Problem]]] = {}
    for problem in problems:
        by_key = kinds.setdefault((problem.code, problem.severity), {})
        by_key.setdefault(problem.key, []).append(problem)
    lines: list[Problem] = []
    for (code, severity), by_key in kinds.items():
        firsts = [_with_places(places) for places in by_key.values()]
        if severity is Severity.ERROR or code not in _TOGETHER or None in by_key:
            lines += _listed(firsts)
        elif len(firsts) == 1:
            lines += firsts
        else:
            keys = [key for key in by_key if key is not None]
            message = _TOGETHER[code].format(count=len(keys), keys=first_keys(keys))
            paths = {problem.position.path for problem in firsts}
            position = replace(NOWHERE, path=paths.pop()) if len(paths) == 1 else NOWHERE
            lines.append(replace(firsts[-1], message=message, position=position, key=None))
    return lines


def _with_places(places: Sequence[Problem]) -> Problem:
    """The first of several problems of one key, with the number of the others."""
    first, more = places[0], len(places) - 1
    if not more:
        return first
    return replace(first, message=f"{first.message} (and {more} more {'place' if more == 1 else 'places'})")


def _place(problem: Problem) -> tuple[str, int, int]:
    place = problem.position
    return place.path or "", place.line or 0, place.column or 0


def _listed(problems: Sequence[Problem]) -> list[Problem]:
    problems = sorted(problems, key=_place)
    shown = list(problems if len(problems) <= MAX_ERRORS + 1 else problems[:MAX_ERRORS])
    for index, problem in enumerate(shown[:-1]):
        if problem.hint == shown[index + 1].hint:
            shown[index] = replace(problem, hint=None)
    if rest := len(problems) - len(shown):
        shown.append(replace(shown[-1], message=f"{rest:,} more like this; -v lists all", position=NOWHERE))
        shown[-2] = replace(shown[-2], hint=None)
    return shown


def change_lines(changes: Iterable[Change], lock: str) -> list[str]:
    """One line for each kind of change of each file.

    What is added to or removed from the lock named ``lock`` is left out where the same was done to the output, and so
    are definitions that came with the entries that use them.
    """
    kinds: dict[tuple[str, str, str], list[Change]] = {}
    for change in changes:
        noun = "definitions" if change.key.startswith("@") else "entries"
        kinds.setdefault((change.file, change.what, noun), []).append(change)
    done_in_output = {(change.what, change.key) for change in changes if change.file != lock}
    lines = []
    for (file, what, noun), same in kinds.items():
        if noun == "definitions" and what == "added" and (file, what, "entries") in kinds:
            continue
        if file == lock and all((change.what, change.key) in done_in_output for change in same):
            continue
        if len(same) == 1:
            lines.append(str(same[0]))
            continue
        details = {change.detail for change in same}
        why = f" ({details.pop()})" if len(details) == 1 and "" not in details and what != "changed" else ""
        lines.append(f"{file}: {what} {len(same):,} {noun}{why}: {first_keys([change.key for change in same])}")
    return lines
