"""What of a style can be decided by the shape of an item, which is its type and the variables that it has.

A list has a few dozen shapes. A condition on nothing but the shape is tested once for each of them, and a group or
macro that prints nothing without certain variables is not entered where an item has none of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bibtool.styles.style import Style
    from bibtool.xmltree import Element

# what these have depends on the place of a cite, not on its item
_OF_THE_PLACE: Final = frozenset(
    {"citation-label", "citation-number", "first-reference-note-number", "locator", "year-suffix"}
)
_SHAPE_TESTS: Final = frozenset({"type", "variable"})


class _Needs(NamedTuple):
    """What an element needs to print.

    ``variables``: one of them has to be filled; None where it may print without any. ``tries``: it always calls a
    variable, so that a group around it is left out if that is empty. ``says``: it may print a term or other words of
    the style, which a group has to be worth.
    """

    variables: frozenset[str] | None
    tries: bool = False
    says: bool = False


_ANY: Final = _Needs(None)
_NOTHING: Final = _Needs(frozenset())


def is_of_shape(condition: Element) -> bool:
    """Whether the shape of an item decides the condition of ``cs:if`` or ``cs:else-if``."""
    return condition.attributes.keys() <= _SHAPE_TESTS | {"match"} and _OF_THE_PLACE.isdisjoint(
        condition.get("variable").split()
    )


class Analysis:
    """The variables that the groups and macros of a style need; each macro is looked at once."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self._macros: dict[str, _Needs] = {}

    def of_group(self, elements: Iterable[Element]) -> frozenset[str] | None:
        """The variables of which one has to be filled for a group of these elements to print; None if it may without.

        If none of them is filled, the group does nothing but call a variable that is empty.
        """
        needs = self._group(elements)
        return needs.variables if needs.tries else None

    def of_macro(self, name: str) -> frozenset[str] | None:
        """The same of a macro, which is a group too."""
        needs = self._macro(name)
        return needs.variables if needs.tries else None

    def _macro(self, name: str) -> _Needs:
        known = self._macros.get(name)
        if known is None:
            self._macros[name] = _ANY  # of a macro that calls itself
            macro = self._style.macros.get(name)
            known = self._macros[name] = _ANY if macro is None else self._group(macro.children)
        return known

    def _group(self, elements: Iterable[Element]) -> _Needs:
        whole = self._together(elements)
        if whole.variables is None or (whole.says and not whole.tries):
            return _Needs(None, whole.tries)
        return _Needs(whole.variables, whole.tries)

    def _together(self, elements: Iterable[Element]) -> _Needs:
        variables: frozenset[str] = frozenset()
        tries = says = False
        for element in elements:
            needs = self._of(element)
            if needs.variables is None:
                return _ANY
            variables |= needs.variables
            tries, says = tries or needs.tries, says or needs.says
        return _Needs(variables, tries, says)

    def _of(self, element: Element) -> _Needs:
        name = element.name
        if name == "text":
            return self._text(element)
        if name in ("number", "date"):
            return _called(element.get("variable"))
        if name == "label":
            return _called(element.get("variable"))._replace(tries=False)
        if name == "names":
            return _Needs(None) if element.first("substitute") is not None else _called(element.get("variable"))
        if name == "group":
            return self._group(element.children)
        return self._choose(element) if name == "choose" else _NOTHING

    def _text(self, element: Element) -> _Needs:
        if "variable" in element.attributes:
            return _called(element.get("variable"))
        if "macro" in element.attributes:
            return self._macro(element.get("macro"))
        return _Needs(frozenset(), says=True)

    def _choose(self, element: Element) -> _Needs:
        if any("disambiguate" in branch.attributes for branch in element.children):
            return _ANY  # such conditions are counted
        branches = [self._together(branch.children) for branch in element.children]
        if any(needs.variables is None for needs in branches):
            return _ANY
        return _Needs(
            frozenset().union(*(needs.variables or () for needs in branches)),
            says=any(needs.says for needs in branches),
        )


def _called(words: str) -> _Needs:
    """What prints variables needs: them, or another spelling or form of them."""
    names = words.split()
    if not _OF_THE_PLACE.isdisjoint(names):
        return _ANY
    spellings = [spelling for name in names for spelling in (name, f"{name}-short", name.removesuffix("-short"))]
    if "event-title" in names:
        spellings.append("event")
    return _Needs(frozenset(spellings), tries=True)
