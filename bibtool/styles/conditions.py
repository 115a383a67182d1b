"""The conditions of ``cs:if`` and ``cs:else-if`` as functions (CSL 1.0.2, "Choose")."""

from __future__ import annotations

from bibtool.styles.context import FIRST, IBID, IBID_WITH_LOCATOR
from bibtool.styles.numbers import parse_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from bibtool.styles.context import Context
    from bibtool.xmltree import Element

Test: TypeAlias = "Callable[[Context], bool]"


def compile_condition(element: Element) -> Test:
    """One function for all conditions of the element, by its ``match``."""
    tests: list[Test] = []
    for name, value in element.attributes.items():
        make = _MAKERS.get(name)
        if name == "type" and len(value.split()) > 1 and element.get("match", "all") == "all":
            tests.append(_types(frozenset(value.split())))
        elif make is not None:
            tests.extend(make(word) for word in value.split())
    how = element.get("match", "all")
    if not tests:
        return lambda _: False
    if len(tests) == 1 and how in ("all", "any"):
        return tests[0]
    frozen = tuple(tests)
    types = frozenset(element.get("type").split())
    if how == "any" and types and len(types) == len(frozen):
        return lambda ctx: ctx.item.type in types
    if how == "none" and types and len(types) == len(frozen):
        return lambda ctx: ctx.item.type not in types
    return _combined(how, frozen)


def _combined(how: str, tests: tuple[Test, ...]) -> Test:
    wanted = how in ("any", "none")  # the outcome of a single test that decides
    result = how in ("any", "nand")

    def test(ctx: Context) -> bool:
        for one in tests:
            if one(ctx) is wanted:
                return result
        return not result

    return test


def _types(names: frozenset[str]) -> Test:
    """An item has one type only, so that several in one attribute are alternatives also where all tests count."""
    return lambda ctx: ctx.item.type in names


def _type(name: str) -> Test:
    return lambda ctx: ctx.item.type == name


def _variable(name: str) -> Test:
    if name == "locator":
        return lambda ctx: bool(ctx.locator)
    if name == "citation-number":
        return lambda _: True
    if name == "year-suffix":
        return lambda ctx: bool(ctx.year_suffix)
    if name == "first-reference-note-number":
        return lambda ctx: bool(ctx.first_note)

    def test(ctx: Context) -> bool:
        item = ctx.item
        return name in item.pieces or name in item.names or name in item.dates

    return test


def _numeric(name: str) -> Test:
    if name == "locator":
        return lambda ctx: bool(ctx.locator) and parse_number(ctx.locator).is_numeric
    if name == "citation-number":
        return lambda _: True
    if name == "first-reference-note-number":
        return lambda ctx: bool(ctx.first_note)

    def test(ctx: Context) -> bool:
        text = ctx.item.text.get(name)
        return text is not None and parse_number(text).is_numeric

    return test


def _uncertain(name: str) -> Test:
    def test(ctx: Context) -> bool:
        date = ctx.item.dates.get(name)
        return date is not None and (date.circa or date.uncertain)

    return test


def _locator(name: str) -> Test:
    wanted = name.replace(" ", "-")
    return lambda ctx: bool(ctx.locator) and ctx.locator_label == wanted


def _position(name: str) -> Test:
    if name == "first":
        return lambda ctx: not ctx.in_bibliography and ctx.position == FIRST
    if name == "subsequent":
        return lambda ctx: not ctx.in_bibliography and ctx.position != FIRST
    if name == "ibid":
        return lambda ctx: not ctx.in_bibliography and ctx.position in (IBID, IBID_WITH_LOCATOR)
    if name == "ibid-with-locator":
        return lambda ctx: not ctx.in_bibliography and ctx.position == IBID_WITH_LOCATOR
    if name == "near-note":
        return lambda ctx: not ctx.in_bibliography and ctx.near_note
    return lambda _: False


def _disambiguate(value: str) -> Test:
    wanted = value == "true"

    def test(ctx: Context) -> bool:
        ctx.conditions += 1
        return (ctx.conditions <= ctx.disambiguation.conditions) is wanted

    return test


_MAKERS: dict[str, Callable[[str], Test]] = {
    "type": _type,
    "variable": _variable,
    "is-numeric": _numeric,
    "is-uncertain-date": _uncertain,
    "locator": _locator,
    "position": _position,
    "disambiguate": _disambiguate,
}
NAMES = frozenset(_MAKERS)  # of the attributes that are conditions
