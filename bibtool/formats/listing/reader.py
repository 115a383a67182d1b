"""Reads a publication listing that was pasted as text; the layout is found without being told.

Layouts: profile pages with three lines a record (`profile`), pages of arXiv (`arxivpage`), rows of a Scholar profile
(`scholar`), or nothing but glued lines (`undated`). A paste may hold several of them. Text that belongs to no record
is reported, never dropped.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from bibtool.formats.base import ReadResult, decode_text, head_text
from bibtool.formats.listing.arxivpage import head_id, is_label, read_arxiv_page
from bibtool.formats.listing.dates import parse_date_line
from bibtool.formats.listing.lines import Line, clean, split_lines, unplaced
from bibtool.formats.listing.profile import LayoutResult, read_profile
from bibtool.formats.listing.scholar import is_row_end, read_scholar
from bibtool.formats.listing.split import split_line
from bibtool.formats.listing.undated import glued_cost, read_undated
from bibtool.lazy import lazy_pattern
from bibtool.problems import Position, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.base import ReadOptions
    from bibtool.formats.listing.build import ListedRecord

_LONE_YEAR = lazy_pattern(r"(?:19|20)\d\d")
_ANY_DAY: Final = dt.date(2000, 12, 31)


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The records of a pasted listing, in the order of the page, and what could not be read.

    A left-out year is completed with ``options.as_of``, or with today. Raises `InputError` for an empty or binary
    input; a text without any record gives a problem.
    """
    text, problems = decode_text(data, options)
    # the user's own day is meant: there is no other clock on a pasted page
    as_of = options.as_of or dt.date.today()  # noqa: DTZ011  # no zone is wanted
    lines, more = split_lines(text, options.path)
    result = read_lines(lines, as_of, options)
    everything = [*problems, *more, *result.problems, *unplaced(result.rest, options.path)]
    if not result.records and not any(p.severity == "error" for p in everything):
        everything.insert(0, _nothing(lines, options))
    everything.sort(key=lambda p: (p.position.line or 0, p.position.column or 0))
    return ReadResult(tuple(x.record for x in result.records), tuple(everything))


def read_lines(lines: list[Line], as_of: dt.date, options: ReadOptions) -> LayoutResult:
    """The records of all layouts, sorted by their place, and the lines that are left."""
    dated = {line.number for line in lines if parse_date_line(line.text, as_of) is not None}
    parts: list[LayoutResult] = []
    rest: Sequence[Line] = lines
    if any(head_id(line.text) is not None for line in lines):
        parts.append(_read_arxiv_runs(lines, dated, options))
        rest = parts[-1].rest
    if any(is_row_end(line.text) for line in rest):
        parts.append(read_scholar(rest, options, dated))
        rest = parts[-1].rest
    if dated:
        # last, since an abstract reaches up to what another layout has claimed
        left = {line.number for line in rest}
        claimed = {line.number for line in lines if line.number not in left}
        parts.append(read_profile(lines, as_of, options, claimed))
        rest = [line for line in parts[-1].rest if line.number not in claimed]
    if not parts:
        parts.append(read_undated(lines, options))
        rest = parts[-1].rest
    records = sorted((x for part in parts for x in part.records), key=lambda x: x.lines[0])
    problems = [p for part in parts for p in part.problems]
    return LayoutResult(tuple(records), tuple(problems), tuple(rest))


def _read_arxiv_runs(lines: list[Line], dated: set[int], options: ReadOptions) -> LayoutResult:
    """Pages of arXiv, each run of lines up to the next date line by itself."""
    records: list[ListedRecord] = []
    problems: list[Problem] = []
    rest: list[Line] = []
    run: list[Line] = []
    for line in [*lines, None]:
        if line is not None and line.number not in dated:
            run.append(line)
            continue
        part = read_arxiv_page(run, options)
        records.extend(part.records)
        problems.extend(part.problems)
        rest.extend(part.rest)
        run = []
        if line is not None:
            rest.append(line)
    return LayoutResult(tuple(records), tuple(problems), tuple(rest))


def _nothing(lines: list[Line], options: ReadOptions) -> Problem:
    return Problem(
        code="listing-nothing-found",
        message=f"no record was found in {len(lines)} line{'s' * (len(lines) != 1)}",
        position=Position(options.path, 1, 1),
        hint="a listing has lines such as 'LGMar 2, 2022' and 'TitleFirst Author, Second Author'",
    )


_FOREIGN = lazy_pattern(r"\s*(?:@\s*[A-Za-z]+\s*[{(]|[{\[]\s*[\"{\]}]|<[?!A-Za-z]|TY  - |%0 |PMID- |%PDF|PK\x03)")


def sniff(head: bytes) -> int:
    """How surely these first bytes are a pasted listing: 0 (no) to 90."""
    text = head_text(head)
    if _FOREIGN.match(text) or re.search(r"(?m)^[ \t]{0,40}@[A-Za-z]{3,20} ?\{[^\s,{}]{0,200},[ \t]{0,40}\r?$", text):
        return 0
    lines = [clean(raw) for raw in text.splitlines()[:400]]
    lines = [line for line in lines if line]
    heads = sum(head_id(line) is not None for line in lines)
    labels = sum(is_label(line) for line in lines)
    if heads and (labels or heads > 1):
        return 90
    dated = [i for i, line in enumerate(lines) if parse_date_line(line, _ANY_DAY) is not None]
    glued = sum(_is_glued(lines[j]) for i in dated[:20] for j in (i - 1, i + 1) if 0 <= j < len(lines))
    if dated and glued:
        return 90 if glued * 2 >= min(len(dated), 20) else 60
    rows = sum(is_row_end(line) for line in lines)
    if rows:
        rows += sum(_LONE_YEAR.fullmatch(line) is not None for line in lines)
        return 70 if rows * 6 >= len(lines) else 30
    if dated or heads:
        return 20
    # a text of many lines of which nearly all are glued, and nothing else
    clear = sum(glued_cost(line) <= 2.5 for line in lines[:60])
    return 15 if clear > 2 and clear * 3 >= len(lines[:60]) else 0


def _is_glued(line: str) -> bool:
    split = split_line(line) if len(line) < 600 else None
    return split is not None and split.cost < 6.0
