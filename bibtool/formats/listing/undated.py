"""Pages without date lines: each record is a line of title and authors, with or without an abstract below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.formats.listing.profile import LayoutResult, RecordBlock, ends_sentence, read_blocks, set_abstract
from bibtool.formats.listing.split import split_line
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.base import ReadOptions
    from bibtool.formats.listing.lines import Line

_CLEAR: Final = 6.5
_POSSIBLE: Final = 13.0
_MAX_TITLE_LINE: Final = 1200
_MAX_LINES: Final = 20_000


def glued_cost(text: str) -> float:
    """How little a line looks like a title with authors glued to it; prose and long lines cost 99."""
    if len(text) > _MAX_TITLE_LINE or ends_sentence(text):
        return 99.0
    split = split_line(text)
    return split.cost if split is not None and split.title else 99.0


def read_undated(lines: Sequence[Line], options: ReadOptions) -> LayoutResult:
    """The records of a page that has no date line at all, with one note that says so.

    Only for pages on which at least a third of the lines are clearly title lines: a letter is not a listing.
    """
    if not lines or len(lines) > _MAX_LINES:
        return LayoutResult(rest=tuple(lines))
    costs = [glued_cost(line.text) for line in lines]
    clear = sum(cost <= _CLEAR for cost in costs)
    if clear * 3 < len(lines):
        return LayoutResult(rest=tuple(lines))
    limit = _POSSIBLE if clear * 5 >= len(lines) * 4 else _CLEAR
    rest: list[Line] = []
    blocks: list[RecordBlock] = []
    body: list[Line] = []
    for line, cost in zip(lines, costs, strict=True):
        if cost <= limit:
            set_abstract(blocks[-1] if blocks else None, body, rest)
            body = []
            blocks.append(RecordBlock(title_line=line))
        else:
            body.append(line)
    set_abstract(blocks[-1] if blocks else None, body, rest)
    records, problems = read_blocks(blocks, options, dated=False)
    message = "the page has no date lines; its records were read without dates"
    first = lines[0]
    note = options.problem(first.number, "listing-undated", message, severity=Severity.NOTE, column=first.column)
    return LayoutResult(tuple(records), (note, *problems), tuple(rest))
