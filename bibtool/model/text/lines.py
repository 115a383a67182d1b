"""Line and column of an offset, counted only when somebody asks."""

from __future__ import annotations

import re
from bisect import bisect_right

from bibtool.problems import Position

LINE_END = re.compile(r"\r\n?|\n")


class LineIndex:
    """Line and column (both from 1) of the characters of one text; the first question costs one pass, the rest little.

    LF, CRLF and a lone CR end a line.
    """

    __slots__ = ("_path", "_starts", "_text")

    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._path = path
        self._starts: list[int] | None = None

    def line(self, offset: int) -> int:
        """The line of a character."""
        return bisect_right(self._line_starts(), offset)

    def position(self, offset: int) -> Position:
        """Path, line and column of a character; an offset beyond the text is its end."""
        offset = max(0, min(offset, len(self._text)))
        line = self.line(offset)
        return Position(self._path, line, offset - self._line_starts()[line - 1] + 1)

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            starts = [0]
            starts.extend(found.end() for found in LINE_END.finditer(self._text))
            self._starts = starts
        return self._starts
