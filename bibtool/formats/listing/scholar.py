"""Rows of a Scholar profile, pasted: title, authors, venue, number of citations and year.

A row comes as several lines (title, authors, venue, then count and year), as one line with tabs, or as any mixture of
the two. Its end is what all have in common: a count of citations (empty if there are none) and a year.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bibtool.errors import IdentifierError
from bibtool.formats.listing.build import ListingDraft, make_names, rich_text
from bibtool.formats.listing.lines import Line, raw_text
from bibtool.formats.listing.profile import LayoutResult
from bibtool.formats.listing.split import names_of_list
from bibtool.formats.listing.venues import PUBLISHER
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.identifiers import parse_arxiv_id
from bibtool.model.numbers import Number
from bibtool.problems import Severity
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bibtool.formats.base import ReadOptions
    from bibtool.formats.listing.build import ListedRecord
    from bibtool.problems import Problem

_YEAR = r"(?:1[6-9]|20)\d\d"
_END = lazy_pattern(rf"(?:^|(?<=\t)) {{0,3}}(?P<count>\d{{1,7}}\*?|\*)?[ \t]{{1,6}}(?P<year>{_YEAR})$")
_LONE_YEAR = lazy_pattern(_YEAR)
_LONE_COUNT = lazy_pattern(r"\d{1,7}\*?|\*")
_HEADER = lazy_pattern(
    r"(?:title|cited by|year|articles|citations|co-authors|public access|follow|sort by.*+|\W)+", re.IGNORECASE
)
_VENUE = lazy_pattern(
    rf"(?P<name>.*?)(?:\s+(?P<volume>\d{{1,5}}|[A-Z]?\d{{1,4}}|[IVXL]+))?(?:\s*\((?P<issue>(?=[^()]*\d)[^()]{{1,20}})\))?"
    rf"(?:,\s*(?P<pages>[a-z]?\d[\w.]*(?:\s*[-\N{{EN DASH}}]\s*[a-z]?\d[\w.]*)?))?(?:,\s*(?P<year>{_YEAR}))?",
    re.IGNORECASE,
)
_ARXIV_VENUE = lazy_pattern(
    r"(?:arXiv(?:\s+preprint)?|arXiv e-prints)[ :,]+(arXiv:)?(?P<id>[\w.\-/]+)(?:,\s*\d{4})?", re.IGNORECASE
)
_CONFERENCE = lazy_pattern(
    r"\b(?:proceedings|conference|conf\.|workshop|symposium|advances in neural|meeting|congress)\b|^\d{4}\s+IEEE",
    re.IGNORECASE,
)
_PATENT = lazy_pattern(
    rf"(?P<country>[A-Z]{{2}}) Patent(?P<app> App\.)? (?P<number>[A-Z]{{0,2}}[\d,/]{{4,20}})(?:, {_YEAR})?"
)
_UNIVERSITY = lazy_pattern(r"(?:.+ )?(?:Universit\w+|Institute of Technology|ETH Z[uü]rich)(?: .+)?", re.IGNORECASE)
_MAX_ROW: Final = 3000
_LINES_OF_ROW: Final = 8  # at most, so that fewer years than one in eight lines are no rows


@dataclass(frozen=True, slots=True)
class _ProfileRow:
    lines: tuple[Line, ...]
    fields: tuple[tuple[Line, str], ...]  # title, authors, venue
    count: str
    year: str


def row_end(text: str) -> tuple[str, str, str] | None:
    """The text before count and year, the count and the year, if the line ends a row, otherwise None.

    A year alone ends a row too, but only between rows: that is for the caller to see.
    """
    if len(text) > _MAX_ROW:
        return None
    end = _END.search(text, max(0, len(text) - 24))
    if end is None:
        return None
    return text[: end.start()].rstrip(), end["count"] or "", end["year"]


def is_row_end(text: str) -> bool:
    """True if the line ends a row by itself."""
    return row_end(text) is not None


def has_rows(texts: Sequence[str]) -> bool:
    """True if lines end rows by themselves, or many have the count and the year on two lines of their own."""
    if any(map(is_row_end, texts)):
        return True
    return count_pairs(texts) * _LINES_OF_ROW >= len(texts) > 2


def count_pairs(texts: Sequence[str]) -> int:
    """How many times a line is a count of citations and the next one a year."""
    return sum(
        _LONE_YEAR.fullmatch(year) is not None and _LONE_COUNT.fullmatch(count) is not None
        for count, year in pairwise(texts)
    )


def read_scholar(lines: Sequence[Line], options: ReadOptions, stops: Collection[int] = ()) -> LayoutResult:
    """The rows among the lines. Lines whose numbers are in ``stops`` belong to other layouts."""
    rest: list[Line] = []
    records: list[ListedRecord] = []
    problems: list[Problem] = []
    pending: list[Line] = []
    seen = False
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        if line.number in stops:
            rest.extend([*pending, line])
            pending = []
            continue
        end = row_end(line.text)
        is_count = following is not None and _LONE_YEAR.fullmatch(following.text)  # 1724, say
        if end is None and pending and not is_count and _LONE_YEAR.fullmatch(line.text) and _may_be_row(pending):
            count = ""
            if len(pending) > 1 and _LONE_COUNT.fullmatch(pending[-1].text):
                count = pending[-1].text
            end = ("", count, line.text)
        if end is None:
            pending.append(line)
            continue
        row, unused = _row([*pending, line], end)
        rest.extend(unused)
        pending = []
        if row is None:
            continue
        record, trouble = _record(row, options)
        problems.extend(trouble)
        if record is not None:
            seen = True
            records.append(record)
    rest.extend(pending)
    if not seen:
        return LayoutResult(rest=tuple(lines))
    rest.sort(key=lambda line: line.number)
    return LayoutResult(tuple(records), tuple(problems), tuple(rest))


def _may_be_row(pending: Sequence[Line]) -> bool:
    """True if one of the last lines before a lone year holds names; if not, the year is a heading."""
    return any(_names_cost(line.text) <= 2.0 for line in pending[-3:])


def _row(lines: Sequence[Line], end: tuple[str, str, str]) -> tuple[_ProfileRow | None, list[Line]]:
    """A row out of the lines since the one before; lines that are too many to belong to it come back."""
    before, count, year = end
    fields: list[tuple[Line, str]] = []
    for line in lines[:-1]:
        fields.extend((line, part.strip()) for part in line.text.split("\t") if part.strip())
    if fields and count and fields[-1][1] == count and not before:
        fields.pop()
    fields.extend((lines[-1], part.strip()) for part in before.split("\t") if part.strip())
    first = max(0, len(fields) - 3)
    while first < len(fields) and (_HEADER.fullmatch(fields[first][1]) or _LONE_COUNT.fullmatch(fields[first][1])):
        first += 1
    # title, authors, venue; the venue may be missing, and headings may come first
    for start in range(first, len(fields)):
        if start + 1 < len(fields) and _names_cost(fields[start + 1][1]) <= 2.0:
            first = start
            break
    used_fields = fields[first:]
    numbers = {line.number for line, _ in used_fields} | {lines[-1].number}
    numbers |= {line.number for line in lines[-3:-1] if used_fields and line.number > used_fields[-1][0].number}
    unused = [line for line in lines if line.number not in numbers]
    if not used_fields:
        return None, list(lines)
    used = tuple(line for line in lines if line.number in numbers)
    return _ProfileRow(used, tuple(used_fields), count, year), unused


def _names_cost(text: str) -> float:
    return names_of_list(text)[2] if len(text) < _MAX_ROW else 99.0


def _record(row: _ProfileRow, options: ReadOptions) -> tuple[ListedRecord | None, list[Problem]]:
    title_line, title = row.fields[0]
    if len(row.fields) < 2 or _names_cost(row.fields[1][1]) > 6.0:
        message = f"no authors were found for the row that begins {title[:60]!r}"
        return None, [title_line.problem(options, "listing-no-authors", message, raw=raw_text(row.lines))]
    authors_line, authors = row.fields[1]
    names, truncated, cost = names_of_list(authors)
    draft = ListingDraft(type="document")
    draft.set("title", rich_text(title), title_line.number, 0.98)
    sure = max(0.5, 1.0 - cost / 5.0)
    draft.set("author", make_names(names, truncated=truncated), authors_line.number, sure)
    end = row.lines[-1]
    draft.set("issued", Date.of(int(row.year)), end.number)
    if len(row.fields) > 2:
        _set_venue(draft, *row.fields[2], row.year)
    draft.keep("cited-by", row.count)
    draft.lines = [line.number for line in row.lines]
    problems = []
    if cost > 2.5:
        message = f"these may be no names: {authors[:60]!r}"
        problems.append(authors_line.problem(options, "listing-doubtful-names", message, severity=Severity.WARNING))
    return draft.build(options), problems


def _set_venue(draft: ListingDraft, line: Line, text: str, year: str) -> None:
    draft.keep("venue", text)
    if patent := _PATENT.fullmatch(text):
        draft.type = "patent"
        draft.set("jurisdiction", rich_text(patent["country"]), line.number)
        draft.set("number", Number(patent["number"]), line.number)
        return
    if venue := _ARXIV_VENUE.fullmatch(text):
        try:
            draft.arxiv["id"] = parse_arxiv_id(venue["id"])
        except IdentifierError:
            return
        draft.arxiv_line = line.number
        draft.type = "article"
        return
    if len(text) > 300:
        return
    venue = _VENUE.fullmatch(text)
    assert venue is not None  # every part but the name may be missing
    name = venue["name"].strip().rstrip(",")
    cut = "\N{HORIZONTAL ELLIPSIS}" in text or "..." in text
    if not name or cut:
        return
    parts = {"volume": venue["volume"], "issue": venue["issue"], "page": venue["pages"]}
    last = venue["pages"] or ""
    if not venue["year"] and _LONE_YEAR.fullmatch(last) and (last == year or not venue["volume"]):
        del parts["page"]  # the year that a narrow page has after the venue; a page of four digits follows a volume
    if not any(parts.values()) and not _CONFERENCE.search(name) and PUBLISHER.fullmatch(name):
        draft.type = "book"
        draft.set("publisher", rich_text(name), line.number, 0.8)
        return
    if not any(parts.values()) and _UNIVERSITY.fullmatch(name):
        draft.set("publisher", rich_text(name), line.number, 0.8)
        return
    draft.set("container-title", rich_text(name), line.number, 0.8)
    if _CONFERENCE.search(name):
        draft.type = "paper-conference"
    elif venue["volume"]:
        draft.type = "article-journal"
    for variable, number in parts.items():
        if number:
            draft.set(variable, Number(number), line.number, 0.8)
