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


class Groups:
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
