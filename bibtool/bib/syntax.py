r"""Where the marks of a BibTeX text are: what looks like a block, which brace closes which, where a string ends.

The rules are those of ``bibtex.web`` (Patashnik 1988): a backslash protects nothing (``\{`` counts as a brace), a quote
ends a quoted string only outside of braces, an identifier is anything but white space and ``"#%'(),={}``.

All work is linear in the text, whatever it holds: a brace is first looked for before the next place that looks like a
block; only where it is not closed there, one table of brace pairs is built for the whole text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque

from bibtool.lazy import lazy_pattern

_INDENT = " \t\v\f\xa0\ufeff"  # what may come before a block on its line
_STEP = 20_000  # characters in which heads are looked for at once
MAX_DEPTH = 10_000  # of braces that close beyond the next block start; nothing sane comes near

# the usual characters of a name: a set of letters is matched eight times as fast as a class that excludes delimiters
WORD = r"[-+.:0-9A-Z_a-z]*+"
_NAMED = r"[^\s\"#%'(),={}@]"
NAME = f"{_NAMED}{WORD}{_NAMED}*+"
# `[^{}]*+` says the same, but a range is gone through three times as fast; of ASCII, only "|" and "~" are beyond it
_RUN = r"[\0-z]*+[^{}]*+"
_LEVEL1 = r"\{[^{}]*+\}"
_LEVEL2 = r"\{[^{}]*+(?:" + _LEVEL1 + r"[^{}]*+)*+\}"
BRACED = r"\{" + _RUN + "(?:" + _LEVEL2 + _RUN + r")*+\}"
QUOTED = r"\"[^\"{}]*+(?:" + BRACED + r"[^\"{}]*+)*+\""
_BARE_CHARACTER = r"[^\s\"#%'(),={}@\\]"
BARE = f"{_BARE_CHARACTER}{WORD}{_BARE_CHARACTER}*+"

HEAD = lazy_pattern(r"@\s*+(" + NAME + r")\s*+([{(])")
_BRACED = lazy_pattern(BRACED)
_BRACES = lazy_pattern(r"[{}]")
_MARKS = lazy_pattern(r"[{}\"]")
_SPACE = lazy_pattern(r"\s*+")


class Marks:
    """The marks of one text. ``work`` counts the characters that were looked at, for the tests."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.work = 0
        self._heads: list[int] = []  # of those after `_begin` and before `_seen`
        self._line_heads: list[int] = []  # of the first `_lined` of them
        self._lined = 0
        self._begin = len(text) + 1
        self._seen = 0
        self._partners: dict[int, int] | None = None

    # ---- where blocks may begin -------------------------------------------------------------------------------

    @property
    def heads(self) -> list[int]:
        """Offsets of everything that looks like ``@name{`` or ``@name(``, anywhere."""
        self._look_from(-1)
        while self._seen < len(self.text):
            self._look_on(len(self.text))
        return self._heads

    def at_line_start(self, at: int) -> bool:
        """Whether there is only white space before ``at`` on its line."""
        text = self.text
        begin = at
        # In steps, so that a line of a hundred megabytes in front costs nothing.
        while begin and text[begin - 1] in _INDENT:
            begin -= 1
            if at - begin > 10_000:
                return False
        return begin == 0 or text[begin - 1] in "\r\n"

    def next_head(self, at: int) -> int:
        """The first of `heads` after ``at``, or the end of the text."""
        self._look_from(at)
        heads = self._heads
        while not (heads and heads[-1] > at):
            if self._seen == len(self.text):
                return self._seen
            self._look_on(at)
        return heads[bisect_right(heads, at)]

    def next_line_head(self, at: int) -> int:
        """The first of `heads` after ``at`` that is the first thing on its line, or the end of the text."""
        self._look_from(at)
        on_line = self._line_heads
        while not (on_line and on_line[-1] > at):
            if self._lined == len(self._heads):
                if self._seen == len(self.text):
                    return self._seen
                self._look_on(at)
            on_line += filter(self.at_line_start, self._heads[self._lined :])
            self._lined = len(self._heads)
        return on_line[bisect_right(on_line, at)]

    def _look_from(self, at: int) -> None:
        """Know the heads after ``at``, if any: those before it are not looked for until somebody asks for them."""
        if at < self._begin:
            # at first from there, and if that was too late, from the beginning
            self._begin = at if self._begin > len(self.text) else -1
            self._seen = self._begin + 1
            self._heads, self._line_heads, self._lined = [], [], 0

    def _look_on(self, at: int) -> None:
        """Know the heads of a part of the text more, up to ``at`` at least."""
        text, match = self.text, HEAD.match
        begin, end = self._seen, min(len(text), max(self._seen, at) + _STEP)
        self.work += end - begin
        found = text.find("@", begin, end)
        while found >= 0:
            if match(text, found):
                self._heads.append(found)
            found = text.find("@", found + 1, end)
        self._seen = end

    # ---- braces and quotes ------------------------------------------------------------------------------------

    def close_of(self, at: int) -> int:
        """The brace that closes the one at ``at``, or -1."""
        limit = self.next_head(at)
        group = _BRACED.match(self.text, at, limit)
        if group:
            self.work += group.end() - at
            return group.end() - 1
        depth = 0
        for mark in _BRACES.finditer(self.text, at, limit):
            if mark.group() == "{":
                depth += 1
            else:
                depth -= 1
                if not depth:
                    self.work += mark.end() - at
                    return mark.start()
        self.work += limit - at
        if limit == len(self.text):
            return -1
        if self._partners is None:
            self._partners = self._pair()
        return self._partners.get(at, -1)

    def _pair(self) -> dict[int, int]:
        """Open brace to closing brace, for the pairs that have a block head between them."""
        pairs: dict[int, int] = {}
        stack: deque[int] = deque(maxlen=MAX_DEPTH)
        heads = iter(self.heads)
        ahead = next(heads, len(self.text))
        begin = 0
        for mark in _BRACES.finditer(self.text):
            at = mark.start()
            while ahead < at:
                begin = ahead
                ahead = next(heads, len(self.text))
            if mark.group() == "{":
                stack.append(at)
            elif stack:
                opened = stack.pop()
                if opened < begin:
                    pairs[opened] = at
        self.work += len(self.text)
        return pairs

    def quote_end(self, at: int) -> int:
        """The offset of the quote that ends the string beginning at ``at``, or -1."""
        position = at + 1
        while True:
            mark = _MARKS.search(self.text, position)
            if not mark:
                self.work += len(self.text) - position
                return -1
            self.work += mark.end() - position
            if mark.group() == '"':
                return mark.start()
            if mark.group() == "}":
                return -1
            closed = self.close_of(mark.start())
            if closed < 0:
                return -1
            position = closed + 1

    def skip(self, at: int) -> int:
        """The offset of the first character from ``at`` on that is not white space."""
        white = _SPACE.match(self.text, at)
        end = white.end() if white else at
        self.work += end - at
        return end

    def rstrip(self, begin: int, end: int) -> int:
        """The least offset from ``begin`` on with nothing but white space before ``end``."""
        text = self.text
        while end > begin and text[end - 1].isspace():
            end -= 1
        return end


def is_balanced(text: str) -> bool:
    """Whether each brace of ``text`` has its partner."""
    depth = 0
    for mark in _BRACES.finditer(text):
        depth += 1 if mark.group() == "{" else -1
        if depth < 0:
            return False
    return depth == 0
