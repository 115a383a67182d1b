"""Which rule reports which problem of a `Document`. What no rule claims goes to SYN001, so nothing gets lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from bibtool.check.rule import Rule
from bibtool.check.source import Edit, Fix, Hit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Unpack

    from bibtool.check.context import Context
    from bibtool.check.rule import RuleTraits
    from bibtool.check.source import CheckedFile
    from bibtool.problems import Problem

    MakeFix = Callable[[int], Fix]

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
    # reported by rules of their own, which look at all files together or say more
    "duplicate-key": "KEY001",
    "duplicate-field": "REQ004",
}

_sorted: WeakKeyDictionary[CheckedFile, dict[str, list[Problem]]] = WeakKeyDictionary()


def problems_of(file: CheckedFile, code: str) -> list[Problem]:
    """The problems of a file that the rule with this code reports, in the order of the file."""
    if file not in _sorted:
        by_rule = _sorted[file] = {}
        _ = file.entries  # they are needed anyway, and tell of most fields that they have no faults
        for problem in file.document.problems:
            by_rule.setdefault(CLAIMS.get(problem.code, REST), []).append(problem)
    return _sorted[file].get(code, [])


def fault_rule(
    code: str, name: str, doc: str, fixes: Mapping[str, MakeFix] | None = None, **traits: Unpack[RuleTraits]
) -> Rule:
    """A rule that reports the problems it claims as they are; ``fixes`` makes their fixes, by the problem's code."""

    def report(context: Context) -> Iterator[Hit]:
        for file in context.files:
            for problem in problems_of(file, code):
                yield hit_of(file, problem, (fixes or {}).get(problem.code))

    return Rule(code=code, name=name, docstring=doc, on_project=report, **traits)


def hit_of(file: CheckedFile, problem: Problem, make_fix: MakeFix | None = None) -> Hit:
    """A problem of the document as a hit."""
    at = file.document.offset_of(problem.position)
    return Hit(
        file=file,
        entry=file.entry_at(at),
        key=problem.key,
        start=at,
        end=min(at + 1, len(file.text)),
        message=problem.message,
        hint=problem.hint,
        fix=make_fix(at) if make_fix else None,
        severity=problem.severity,
    )


def insertion(text: str, description: str) -> MakeFix:
    """Makes the fix that inserts ``text``."""
    return lambda at: Fix(description, (Edit(at, at, text),))


def deletion(description: str) -> MakeFix:
    """Makes the fix that removes one character."""
    return lambda at: Fix(description, (Edit(at, at + 1, ""),))
