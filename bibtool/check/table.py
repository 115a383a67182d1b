"""The table of all rules by code, and the choice among them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

from bibtool.check.rule import Rule
from bibtool.check.selectors import GROUPS, Selectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MODULES: Final = (
    "syntax",
    "keys",
    "duplicates",
    "required",
    "references",
    "identifiers",
    "dates",
    "values",
    "names",
    "text",
    "retractions",
    "suppressions",
)
"""The modules of `bibtool.check.rules`; one that isn't listed here has no effect, a test sees to it."""


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by code, in the order of `GROUPS` and of their numbers; loads them on the first call."""
    groups = list(GROUPS)
    modules = (import_module(f"bibtool.check.rules.{name}") for name in MODULES)
    loaded = [value for module in modules for value in vars(module).values() if isinstance(value, Rule)]
    loaded.sort(key=lambda rule: (groups.index(rule.code[:3]), rule.code))
    return {rule.code: rule for rule in loaded}


@cache
def selectors() -> Selectors:
    """What selectors mean among all rules."""
    return Selectors({code: rule.name for code, rule in rules().items()})


def find_rule(text: str) -> Rule:
    """The rule of that code or name, in any case; raises `UnknownNameError` with suggestions."""
    wanted = text.strip()
    for rule in rules().values():
        if wanted.upper() == rule.code or wanted.lower() == rule.name:
            return rule
    raise selectors().unknown(text)


def expand(selector: str) -> frozenset[str]:
    """The codes that a selector means; raises `UnknownNameError` if there are none."""
    return selectors().expand(selector)


def defaults() -> frozenset[str]:
    """The codes of the rules that are on without being asked for."""
    return frozenset(code for code, rule in rules().items() if rule.default)


def choose(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> frozenset[str]:
    """The enabled codes: those selected (by default, the default rules) without those ignored.

    Where a code is both selected and ignored, the longer selector wins, so that ``--select IDS001 --ignore IDS``
    leaves one rule; at the same length it is ignored. Raises `UnknownNameError`.
    """
    chosen = tuple(select)
    weight: dict[str, int] = dict.fromkeys(() if chosen else defaults(), 0)
    for selector in chosen:
        for code in expand(selector):
            weight[code] = max(weight.get(code, -1), _precision(selector))
    for selector in ignore:
        for code in expand(selector):
            if code in weight and _precision(selector) >= weight[code]:
                del weight[code]
    return frozenset(weight)


def _precision(selector: str) -> int:
    """How narrow a selector is; a name is as narrow as a whole code."""
    wanted = selector.strip().upper()
    return 0 if wanted == "ALL" else min(len(wanted), 6)
