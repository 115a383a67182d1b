"""Line and column of an offset, counted only when somebody asks."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, count
from operator import add

from bibtool.lazy import lazy_pattern
from bibtool.problems import Position

LINE_END = lazy_pattern(r"\r\n?|\n")


class LineIndex:
    """Line and column (both from 1) of the characters of one text; the questions cost one pass together, or two.

    LF, CRLF and a lone CR end a line. As long as questions go forward in the text, lines are counted on the way; the
    first one that goes back makes a table of them.
    """

    __slots__ = ("_counted", "_path", "_reached", "_starts", "_text")

    def __init__(self, text: str, path: str | None) -> None:
        self._text = text
        self._path = path
        self._starts: list[int] | None = None
        self._reached = 0  # lines are counted up to this offset
        self._counted = -1 if "\r" in text else 0

    @property
    def starts(self) -> list[int]:
        """The offset of the first character of each line; the first is 0, also for an empty text."""
        if self._starts is None:
            if "\r" in self._text:
                self._starts = [0, *(end.end() for end in LINE_END.finditer(self._text))]
            else:
                lengths = accumulate(map(len, self._text.split("\n")))
                self._starts = [0, *map(add, lengths, count(1))][:-1]
        return self._starts

    def line(self, offset: int) -> int:
        """The line of a character."""
        if self._starts is None and self._counted >= 0 and offset >= self._reached:
            self._counted += self._text.count("\n", self._reached, offset)
            self._reached = offset
            return self._counted + 1
        return bisect_right(self.starts, offset)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character."""
        line = self.line(offset)
        start = self._text.rfind("\n", 0, offset) + 1 if self._starts is None else self._starts[line - 1]
        return line, offset - start + 1

    def column(self, offset: int) -> int:
        """The column of a character."""
        return self.place(offset)[1]

    def position(self, offset: int) -> Position:
        """Path, line and column of a character; an offset beyond the text is its end."""
        return Position(self._path, *self.place(max(0, min(offset, len(self._text)))))

    def offset(self, line: int, column: int) -> int:
        """The offset of the character in a line and column that the text has."""
        return self.starts[line - 1] + column - 1
