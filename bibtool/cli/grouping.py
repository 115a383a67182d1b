"""Messages that are equal for many records, given once with a count."""

from __future__ import annotations

from collections import Counter
from textwrap import wrap
from typing import TYPE_CHECKING

from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bibtool.problems import Problem

MAX_NAMED = 3  # so many records are named even if they are not asked for
MAX_PARTS = 12  # so many different things are counted
WIDTH = 100


def grouped(what: str, reasons: Iterable[tuple[str, str]], *, verbose: bool) -> Iterator[str]:
    """What holds of records (key, reason) in lines, equal reasons together; with ``verbose`` all keys are named.

    A few: ``KEY, KEY: not checked: the reason``; many: ``50 not checked: the reason``.
    """
    keys_of: dict[str, list[str]] = {}
    for key, reason in reasons:
        keys_of.setdefault(reason, []).append(key)
    for reason, keys in keys_of.items():
        if len(keys) <= MAX_NAMED:
            yield f"{', '.join(keys)}: {what}: {reason}"
            continue
        yield f"{len(keys):,} {what}: {reason}"
        if verbose:
            yield from folded(", ".join(keys))


def folded(text: str) -> list[str]:
    """The text in indented lines; words, such as keys, stay whole."""
    return wrap(
        text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def summed_up(problems: Sequence[Problem]) -> list[Problem]:
    """The problems; those of more than a few records that differ in the key and in their ``parts`` only, as one.

    ``ris can't hold this of 48 records (a, b, c, ...): arXiv categories (48), et al. after author (27)``.
    """
    groups: dict[tuple[object, ...], list[Problem]] = {}
    for at, problem in enumerate(problems):
        groups.setdefault(_shared(problem) or (at,), []).append(problem)
    shown: list[Problem] = []
    for (first, *_), group in groups.items():
        shown += [_as_one(str(first), group)] if len(group) > MAX_NAMED else group
    return shown


def _shared(problem: Problem) -> tuple[object, ...]:
    """The text before the key, and what else is equal in a group; () for a problem that stands for itself."""
    end = f" {problem.key}" + (f": {', '.join(problem.parts)}" if problem.parts else "")
    if problem.key is None or not problem.message.endswith(end):
        return ()
    return problem.message.removesuffix(end), problem.code, problem.severity, problem.hint


def _as_one(start: str, group: Sequence[Problem]) -> Problem:
    named = ", ".join(str(problem.key) for problem in group[:MAX_NAMED])
    counted = Counter(part for problem in group for part in problem.parts).most_common()
    parts = [f"{part} ({number:,})" for part, number in counted[:MAX_PARTS]]
    if len(counted) > MAX_PARTS:
        parts.append(f"and {len(counted) - MAX_PARTS:,} more")
    listed = f": {', '.join(parts)}" if parts else ""
    return replace(group[0], message=f"{start} {len(group):,} records ({named}, ...){listed}", key=None, parts=())
