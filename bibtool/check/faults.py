"""Which rule reports which problem of the document model. What no rule claims goes to SYN001, so nothing gets lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from bibtool.check.rule import Edit, Fix, Hit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bibtool.check.context import Context
    from bibtool.check.source import Source
    from bibtool.problems import Problem

REST: Final = "SYN001"

CLAIMS: Final[Mapping[str, str]] = {
    "missing-comma": "SYN002",
    "missing-equals": "SYN002",
    "extra-comma": "SYN003",
    "no-delimiters": "SYN004",
    "quote-in-quotes": "SYN004",
    "missing-piece": "SYN004",
    "missing-value": "SYN004",
    "preamble-value": "SYN004",
    "field-name-space": "SYN004",
    "comment-in-entry": "SYN005",
    "block-in-value": "SYN006",
    "block-in-comment": "SYN006",
    "comment-not-closed": "SYN006",
    "text-outside": "SYN007",
    "block-in-text": "SYN007",
    "conflict-marker": "SYN011",
    "encoding": "SYN008",
    "nul": "SYN008",
    "string-several": "SYN009",
    "string-empty": "SYN009",
    "missing-key": "KEY003",
    "empty-key": "KEY003",
    "key-space": "KEY005",
    "undefined-macro": "REF003",
    "macro-too-early": "REF003",
    "macro-cycle": "REF003",
    "macro-too-long": "REF003",
    # found anew by rules that look at all files together, or say more
    "duplicate-key": "KEY001",
    "duplicate-field": "REQ004",
}

_sorted: WeakKeyDictionary[Source, dict[str, list[Problem]]] = WeakKeyDictionary()


def problems_of(source: Source, rule: str) -> list[Problem]:
    """The problems of a file that the rule with this code reports, in the order of the file."""
    known = _sorted.get(source)
    if known is None:
        known = {}
        for problem in source.document.problems:
            known.setdefault(CLAIMS.get(problem.code, REST), []).append(problem)
        _sorted[source] = known
    return known.get(rule, [])


def reporter(rule: str, mend: Mapping[str, Callable[[int], Fix]] | None = None) -> Callable[[Context], Iterator[Hit]]:
    """An ``on_project`` that reports the problems of a rule; ``mend`` makes the fix of a problem from its offset."""

    def hits(context: Context) -> Iterator[Hit]:
        for source in context.sources:
            for problem in problems_of(source, rule):
                yield hit_of(source, problem, (mend or {}).get(problem.code))

    return hits


def hit_of(source: Source, problem: Problem, mend: Callable[[int], Fix] | None = None) -> Hit:
    """A problem of the document as a hit."""
    at = source.offset_of(problem.position)
    return Hit(
        source=source,
        entry=source.entry_at(at),
        key=problem.key,
        start=at,
        end=min(at + 1, len(source.text)),
        message=problem.message,
        hint=problem.hint,
        fix=mend(at) if mend else None,
        severity=problem.severity,
    )


def insertion(text: str, description: str) -> Callable[[int], Fix]:
    """Makes the fix that inserts ``text``."""
    return lambda at: Fix(description, (Edit(at, at, text),))


def deletion(description: str) -> Callable[[int], Fix]:
    """Makes the fix that takes one character away."""
    return lambda at: Fix(description, (Edit(at, at + 1, ""),))
