"""Where the braces, brackets and parentheses of LaTeX source close."""

from __future__ import annotations

import re

from bibtool.lazy import lazy_pattern

_MARK = lazy_pattern(r"\\.|\{|\}|\[|\]|\(|\)", re.DOTALL)


class _Open:
    """Brackets or parentheses that are open inside one pair of braces.

    ``waiting`` are those that no closing mark has followed yet.
    """

    __slots__ = ("nested", "waiting")

    def __init__(self) -> None:
        self.nested: list[int] = []
        self.waiting: list[int] = []


_NEAR = 200  # characters; what is not closed there is looked up in the tables
_CLOSING = {"{": "}", "[": "]", "(": ")"}


class Groups:
    """Where the groups of a text close.

    Most arguments are short and have no mark in them. The tables for all others are made once, when the first of them
    is asked for.
    """

    __slots__ = ("_tables", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._tables: _Tables | None = None

    @property
    def tables(self) -> _Tables:
        """The tables of all closing marks."""
        if self._tables is None:
            self._tables = _Tables(self._text)
        return self._tables

    def brace(self, at: int) -> int | None:
        """The offset of the brace that closes the group at ``at``; None if nothing closes it, or none begins there."""
        if self._text[at : at + 1] != "{":
            return None
        near = self._near(at, "{")
        return self.tables.braces.get(at) if near is None else near

    def option_ends(self, at: int) -> tuple[int, ...]:
        """Where the optional argument that begins at ``at`` may end, the likelier offset first; a bracket or another.

        Nested marks are paired off; but TeX ends it at the first closing mark at the same level of braces.
        """
        opening = self._text[at : at + 1]
        if opening not in ("[", "("):
            return ()
        near = self._near(at, opening)
        if near is not None:
            return (near,)
        ends = (self.tables.balanced.get(at), self.tables.first.get(at))
        return tuple(end for end in ends if end is not None)

    def _near(self, at: int, opening: str) -> int | None:
        """The closing mark, if it is the next mark of all and near; None to look it up."""
        text = self._text
        end = text.find(_CLOSING[opening], at, at + _NEAR)
        if end < 0 or text[at - 1 : at] == "\\":
            return None
        between = text[at + 1 : end]
        return None if "\\" in between or "{" in between or "}" in between or opening in between else end


class _Tables:
    """Closing marks by the offset of the opening one.

    ``braces`` and ``balanced`` pair off nested marks; ``first`` has the next closing bracket or parenthesis at the same
    level of braces, which is where TeX ends an optional argument. One pass, so that a text full of openings costs no
    more than its length.
    """

    __slots__ = ("balanced", "braces", "first")

    def __init__(self, text: str) -> None:
        self.braces: dict[int, int] = {}
        self.balanced: dict[int, int] = {}
        self.first: dict[int, int] = {}
        outer: list[int] = []
        # by depth of braces and opening mark; only for depths that have one, as braces alone may nest by the million
        opened: dict[tuple[int, str], _Open] = {}
        for token in _MARK.finditer(text):
            at, mark = token.start(), token[0]
            depth = len(outer)
            if mark == "{":
                outer.append(at)
            elif mark == "}":
                if outer:
                    self.braces[outer.pop()] = at
                    opened.pop((depth, "["), None)
                    opened.pop((depth, "("), None)
            elif mark in "[(":
                level = opened.setdefault((depth, mark), _Open())
                level.nested.append(at)
                level.waiting.append(at)
            elif mark in "])" and (found_level := opened.get((depth, "[" if mark == "]" else "("))) is not None:
                if found_level.nested:
                    self.balanced[found_level.nested.pop()] = at
                for opening in found_level.waiting:
                    self.first[opening] = at
                found_level.waiting.clear()
