"""Unified diffs of two states of a file, in time that grows with the file and not with its square.

difflib compares all lines with all lines where a tool has changed every one of them. Here the entries of both states
are paired by their first lines (the longest sequence of pairs in the same order), and difflib only compares what is in
two entries.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_PRODUCT = 250_000  # lines times lines that difflib is asked to compare
CONTEXT = 3
_BLOCK = lazy_pattern(r"\s*@\s*(\w+)\s*[{(]\s*([^\s,=]*)")


class Span(NamedTuple):
    """Lines of the old state and the lines of the new one that take their place; equal ones or not."""

    equal: bool
    old_start: int
    old_end: int
    new_start: int
    new_end: int


def unified_diff(before: str, after: str, old_name: str, new_name: str) -> Iterator[str]:
    """The lines of a unified diff, as `patch` applies it, hunk by hunk; none for equal texts.

    Only LF ends a line, as for diff and patch. A last line without it is followed by the usual remark.
    """
    old, new = _lines(before), _lines(after)
    is_first = True
    for hunk in _hunks(_spans(old, new)):
        if is_first:
            yield from (f"--- {old_name}\n", f"+++ {new_name}\n")
            is_first = False
        first, last = hunk[0], hunk[-1]
        old_range = _range(first.old_start, last.old_end)
        yield f"@@ -{old_range} +{_range(first.new_start, last.new_end)} @@\n"
        for span in hunk:
            if span.equal:
                yield from [f" {line}\n" for line in old[span.old_start : span.old_end]]
            else:
                yield from [f"-{line}\n" for line in old[span.old_start : span.old_end]]
                yield from [f"+{line}\n" for line in new[span.new_start : span.new_end]]


def _lines(text: str) -> list[str]:
    """The lines without their ends; a last one that has none is another than one that has, and is shown as such."""
    lines = text.split("\n")
    last = lines.pop()
    return [*lines, f"{last}\n\\ No newline at end of file"] if last else lines


def _range(start: int, end: int) -> str:
    """As diff writes it: the first line from 1, and the number of lines where it isn't 1."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


def _spans(old: Sequence[str], new: Sequence[str]) -> Iterator[Span]:
    """Spans that cover both states in order; entries are compared with those of the same first line."""
    old_marks, new_marks = (_marks(lines) for lines in (old, new))
    pairs = [(0, 0), *_paired(old_marks, new_marks), (len(old), len(new))]
    for (old_start, new_start), (old_end, new_end) in pairwise(pairs):
        yield from _compared(old, new, old_start, old_end, new_start, new_end)


def _marks(lines: Sequence[str]) -> list[tuple[str, int]]:
    """Type and key of each block that begins a line, with the number of the line."""
    return [
        ("".join(block.groups()).casefold(), number)
        for number, line in enumerate(lines)
        if "@" in line and (block := _BLOCK.match(line))
    ]


def _paired(old: Sequence[tuple[str, int]], new: Sequence[tuple[str, int]]) -> list[tuple[int, int]]:
    """Line numbers of marks that both sides have exactly once: the longest sequence that rises on both sides."""
    old_count, new_count = (Counter(name for name, _ in marks) for marks in (old, new))
    places = {name: number for name, number in new if new_count[name] == 1}
    shared = [(number, places[name]) for name, number in old if old_count[name] == 1 and name in places]
    # patience sorting; `links` leads from the end of each pile back to the one before it
    tops: list[int] = []
    piles: list[int] = []
    links: list[int] = []
    for index, (_, place) in enumerate(shared):
        pile = bisect_left(tops, place)
        links.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            piles.append(index)
        else:
            tops[pile], piles[pile] = place, index
    pairs: list[tuple[int, int]] = []
    at = piles[-1] if piles else -1
    while at >= 0:
        pairs.append(shared[at])
        at = links[at]
    return pairs[::-1]


def _compared(
    old: Sequence[str], new: Sequence[str], old_start: int, old_end: int, new_start: int, new_end: int
) -> Iterator[Span]:
    """The spans of a part of both states: equal lines at both ends, difflib between them where that is not too much."""
    head = 0
    most = min(old_end - old_start, new_end - new_start)
    while head < most and old[old_start + head] == new[new_start + head]:
        head += 1
    tail = 0
    while tail < most - head and old[old_end - 1 - tail] == new[new_end - 1 - tail]:
        tail += 1
    if head:
        yield Span(True, old_start, old_start + head, new_start, new_start + head)
    old_first, old_last, new_first, new_last = old_start + head, old_end - tail, new_start + head, new_end - tail
    if (old_last - old_first) * (new_last - new_first) > MAX_PRODUCT:
        yield Span(False, old_first, old_last, new_first, new_last)
    else:
        matcher = SequenceMatcher(None, old[old_first:old_last], new[new_first:new_last], autojunk=False)
        for kind, *offsets in matcher.get_opcodes():
            bases = (old_first, old_first, new_first, new_first)
            yield Span(kind == "equal", *map(sum, zip(bases, offsets, strict=True)))
    if tail:
        yield Span(True, old_last, old_end, new_last, new_end)


def _hunks(spans: Iterator[Span]) -> Iterator[list[Span]]:
    """Changed spans with up to `CONTEXT` equal lines around them; those that would touch in one hunk."""
    hunk: list[Span] = []
    for span in _merged(spans):
        if not span.equal:
            hunk.append(span)
            continue
        length = span.old_end - span.old_start
        if any(not earlier.equal for earlier in hunk):
            if length <= 2 * CONTEXT:
                hunk.append(span)
                continue
            yield [*hunk, span._replace(old_end=span.old_start + CONTEXT, new_end=span.new_start + CONTEXT)]
        before = min(length, CONTEXT)
        hunk = [span._replace(old_start=span.old_end - before, new_start=span.new_end - before)]
    if any(not span.equal for span in hunk):
        if hunk[-1].equal and hunk[-1].old_end - hunk[-1].old_start > CONTEXT:
            last = hunk.pop()
            hunk.append(last._replace(old_end=last.old_start + CONTEXT, new_end=last.new_start + CONTEXT))
        yield hunk


def _merged(spans: Iterator[Span]) -> Iterator[Span]:
    """Neighbours of one kind as one span."""
    last: Span | None = None
    for span in spans:
        if last is not None and last.equal == span.equal:
            last = last._replace(old_end=span.old_end, new_end=span.new_end)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last
