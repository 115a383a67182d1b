"""Line and column of an offset, counted only when somebody asks."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, count
from operator import add

from bibtool.lazy import lazy_pattern
from bibtool.problems import Position

LINE_END = lazy_pattern(r"\r\n?|\n")


class LineIndex:
    """Line and column (both from 1) of the characters of one text; the first question costs one pass, the rest little.

    LF, CRLF and a lone CR end a line.
    """

    __slots__ = ("_path", "_starts", "_text")

    def __init__(self, text: str, path: str | None) -> None:
        self._text = text
        self._path = path
        self._starts: list[int] | None = None

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
        return bisect_right(self.starts, offset)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character."""
        line = self.line(offset)
        return line, offset - self.starts[line - 1] + 1

    def column(self, offset: int) -> int:
        """The column of a character."""
        return self.place(offset)[1]

    def position(self, offset: int) -> Position:
        """Path, line and column of a character; an offset beyond the text is its end."""
        return Position(self._path, *self.place(max(0, min(offset, len(self._text)))))

    def offset(self, line: int, column: int) -> int:
        """The offset of the character in a line and column that the text has."""
        return self.starts[line - 1] + column - 1
