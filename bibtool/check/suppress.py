"""Comments that switch rules off for one entry, one line or a whole file.

::

    % bibtool: ignore=IDS001            for the block on the next line (comment lines may be between)
    % bibtool: ignore=IDS,VAL003        several codes or beginnings of codes
    % bibtool: ignore                   every rule
    % bibtool: ignore-file=TXT          for the whole file, wherever it is
    @comment{bibtool: ignore=IDS001}    the same for programs that lose % lines

A comment inside an entry, or after it on the same line, is for that line only.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Literal

from bibtool.lazy import lazy_pattern
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bibtool.check.selectors import Selectors
    from bibtool.check.source import CheckedFile

_COMMENT = lazy_pattern(
    r"(?:%+|@comment\s*+\{)[ \t]*+bibtool:[ \t]*+ignore(?P<file>-file)?+(?:[ \t]*+=[ \t]*+(?P<codes>[^\r\n}%]*+))?",
    re.IGNORECASE,
)
_start = attrgetter("start")
_NEAR = 4096  # characters between a comment and the block it is for
_BLANK_LINE = lazy_pattern(r"(?:\r\n|\r(?!\n)|\n)[ \t]*+[\r\n]")
_ONLY_COMMENTS = lazy_pattern(r"[^\r\n]*+(?:\s++|%[^\r\n]*+)*+")


Scope = Literal["file", "block", "line"]


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment: its offsets, the codes it names, and the characters from ``first`` to ``last`` that it is for."""

    at: int
    end: int
    scope: Scope
    first: int
    last: int
    codes: frozenset[str]
    unknown: tuple[str, ...]


class Suppressions:
    """The suppressing comments of one file."""

    def __init__(self, file: CheckedFile, selectors: Selectors) -> None:
        self._file = file
        self._selectors = selectors
        self._used: set[int] = set()

    @cached_property
    def all(self) -> tuple[Suppression, ...]:
        """All of them in the order of the file."""
        text = self._file.text
        if "bibtool:" not in text:
            return ()
        return tuple(self._read(match) for match in _COMMENT.finditer(text))

    def _read(self, comment: re.Match[str]) -> Suppression:
        codes: set[str] = set()
        unknown: list[str] = []
        for selector in re.split(r"[,\s]+", "ALL" if comment["codes"] is None else comment["codes"]):
            if selector:
                meant = self._selectors.codes_of(selector)
                codes |= meant
                if not meant:
                    unknown.append(selector)
        scope, first, last = self._reach(comment)
        return Suppression(comment.start(), comment.end(), scope, first, last, frozenset(codes), tuple(unknown))

    def _reach(self, comment: re.Match[str]) -> tuple[Scope, int, int]:
        text = self._file.text
        if comment["file"]:
            return "file", 0, len(text)
        line = self._file.document.line_span(comment.start())
        blocks = self._file.document.blocks
        index = bisect_right(blocks, comment.start(), key=_start) - 1
        block = blocks[index]
        between = block.kind in ("free", "comment")
        # a broken block reaches to the next one, so that comments before that one are a part of it
        if block.kind == "broken":
            between = _ONLY_COMMENTS.fullmatch(text, comment.end(), block.end) is not None
        if text[line[0] : comment.start()].strip() or not between:
            return "line", *line
        index += 1
        while index < len(blocks) and blocks[index].start - comment.end() <= _NEAR:
            following = blocks[index]
            if following.kind not in ("free", "comment"):
                if _BLANK_LINE.search(text, comment.end(), following.start):
                    break
                return "block", following.start, following.end
            index += 1
        return "line", *line

    @cached_property
    def _ranges(self) -> dict[Scope, tuple[list[int], list[tuple[int, dict[str, int]]]]]:
        """For each scope, whose ranges are disjoint: first offsets in order; last offsets with the codes."""
        by_scope: dict[Scope, dict[tuple[int, int], dict[str, int]]] = {"file": {}, "block": {}, "line": {}}
        for index, comment in enumerate(self.all):
            codes = by_scope[comment.scope].setdefault((comment.first, comment.last), {})
            for code in comment.codes:
                codes.setdefault(code, index)
        ordered = {scope: sorted(ranges.items(), key=itemgetter(0)) for scope, ranges in by_scope.items()}
        return {
            scope: ([first for (first, _), _ in ranges], [(last, codes) for (_, last), codes in ranges])
            for scope, ranges in ordered.items()
        }

    def covers(self, code: str, at: int) -> bool:
        """Whether a comment switches a rule off at an offset; that comment then counts as used."""
        if not self.all:
            return False
        for starts, ranges in self._ranges.values():
            index = bisect_right(starts, at) - 1
            if index >= 0 and at <= ranges[index][0] and code in ranges[index][1]:
                self._used.add(ranges[index][1][code])
                return True
        return False

    def unused(self, asked: Iterable[str]) -> tuple[Suppression, ...]:
        """The comments that hid nothing, though a rule that they name was asked."""
        on = frozenset(asked)
        return tuple(
            comment for index, comment in enumerate(self.all) if index not in self._used and comment.codes & on
        )
