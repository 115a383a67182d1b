"""What a style as a whole asks for, from one look at all of its elements."""

from __future__ import annotations

from bibtool.structs import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bibtool.styles.style import Style
    from bibtool.xmltree import Element


@dataclass(frozen=True, slots=True)
class Survey:
    """``printed`` are the variables that ``cs:text`` prints anywhere in the citations or the bibliography.

    ``has_condition`` is true where the citation or a macro, called or not, asks whether cites are ambiguous,
    ``recases`` where the text-case of all that a macro prints is changed.
    """

    printed: frozenset[str]
    has_condition: bool
    recases: bool

    @classmethod
    def of(cls, style: Style) -> Survey:
        """The survey of a style."""
        printed: set[str] = set()
        recased: set[str] = set()
        left = dict(style.macros)
        called = [style.citation]
        if style.bibliography is not None:
            _look(style.bibliography, printed, recased, left, called)
        has_condition = False
        while called:
            has_condition = _look(called.pop(), printed, recased, left, called) or has_condition
        has_condition = has_condition or any(_look(macro, set(), set(), {}, []) for macro in left.values())
        return cls(frozenset(printed), has_condition, bool(recased))


def _look(part: Element, printed: set[str], recased: set[str], left: dict[str, Element], called: list[Element]) -> bool:
    """Whether the part asks for ambiguous cites; adds what it prints and the macros whose text-case it changes.

    Macros that it calls are moved to ``called``.
    """
    asks = False
    row = [part]
    while row:
        below: list[Element] = []
        for element in row:
            attributes = element.attributes
            if element.name == "text":
                if "variable" in attributes:
                    printed.add(attributes["variable"])
                if "macro" in attributes:
                    macro = attributes["macro"]
                    if macro in left:
                        called.append(left.pop(macro))
                    if "text-case" in attributes:
                        recased.add(macro)
            if "disambiguate" in attributes and attributes["disambiguate"] == "true":
                asks = True
            if element.children:
                below += element.children
        row = below
    return asks
