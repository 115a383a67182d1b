"""Reads a text that was pasted from pages, lists, mails or files; what it holds is found without being told.

Layouts: profile pages with three lines a record (`profile`), pages of arXiv (`arxivpage`), rows of a Scholar profile
(`scholar`), the pages described in `layouts`, lists with one work a line (`oneline`), or nothing but glued lines
(`undated`). A paste may hold several of them, and parts in other formats (`parts`). Text that belongs to no record
is reported, never dropped, and a page that is nearly one of ours is refused.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from bibtool.errors import InputError
from bibtool.formats.base import ReadOptions, ReadResult, decode_text, head_text
from bibtool.formats.listing.arxivpage import head_id, is_label, is_opening, read_arxiv_page
from bibtool.formats.listing.build import ListedRecord
from bibtool.formats.listing.dates import parse_date_line
from bibtool.formats.listing.harvest import identifiers_in, identity, read_identifiers, with_their_links
from bibtool.formats.listing.layouts import LAYOUTS
from bibtool.formats.listing.lines import Line, clean, split_lines, unplaced
from bibtool.formats.listing.oneline import is_citation_list, read_one_line_list
from bibtool.formats.listing.pages import read_pages
from bibtool.formats.listing.parts import has_parts, kinds_of_parts, only, parts_of, without
from bibtool.formats.listing.plainlines import is_markdown, without_markdown
from bibtool.formats.listing.profile import LayoutResult, read_profile
from bibtool.formats.listing.refusal import nothing_found, reference_lines, unread_works
from bibtool.formats.listing.scholar import count_pairs, has_rows, is_row_end, read_scholar
from bibtool.formats.listing.sound import is_sound_list
from bibtool.formats.listing.split import split_line
from bibtool.formats.listing.undated import glued_cost, read_undated
from bibtool.lazy import lazy_pattern
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bibtool.formats.base import Reading
    from bibtool.formats.listing.parts import Part
    from bibtool.model.record import Record
    from bibtool.problems import Problem

_LONE_YEAR = lazy_pattern(r"(?:19|20)\d\d")
_MAX_SNIFFED: Final = 2000  # characters of a line
_LOST: Final = "listing-unread-work"
_ANY_DAY: Final = dt.date(2000, 12, 31)


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The records of a pasted text, in the order of the page, and what could not be read.

    Each part is read by its own reader: BibTeX, RIS, MEDLINE, the items of a LaTeX bibliography, pages and lists; the
    lines after that give their identifiers. A left-out year is completed with ``options.as_of``, or with today. Raises
    `InputError` for an empty or binary input; a text without any record gives a problem.
    """
    text, problems = decode_text(data, options)
    everything = list(problems)
    records: list[tuple[int, Record]] = []
    readings: list[Reading] = []
    if has_parts(text):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        parts = parts_of(text)
        for name in dict.fromkeys(part.format for part in parts):
            own = [part for part in parts if part.format == name]
            result = _read_other(name, only(text, own), options)
            starts = _places(result.records, own, options)
            records.extend(zip(starts, result.records, strict=True))
            everything.extend(result.problems)
            readings.extend(result.readings)
        text = without(text, parts)
    # the user's own day is meant: there is no other clock on a pasted page
    as_of = options.as_of or dt.date.today()  # noqa: DTZ011  # no zone is wanted
    lines, more = split_lines(text, options.path)
    own_result = read_text_lines(lines, as_of, options)
    records.extend((listed.lines[0], listed.record) for listed in own_result.records)
    everything.extend((*more, *own_result.problems, *unplaced(own_result.rest, options.path)))
    if not records and not any(p.severity == "error" for p in everything):
        everything.insert(0, nothing_found(lines, options))
    everything.sort(key=lambda p: (p.position.line or 0, p.position.column or 0))
    records.sort(key=lambda placed: placed[0])
    readings = sorted((*readings, *own_result.readings), key=lambda reading: reading.line)
    return ReadResult(tuple(record for _, record in records), tuple(everything), tuple(readings))


def _read_other(name: str, text: str, options: ReadOptions) -> ReadResult:
    """The records of the parts of another format."""
    from bibtool.formats.registry import reader_of

    options = replace(options, places=True)  # which tell where a record belongs among the others
    try:
        return reader_of(name)(text.encode("utf-8", "replace"), options)
    except InputError as error:
        return ReadResult((), (options.problem(error.line or 1, "unreadable-part", error.message),))


def _places(records: Sequence[Record], parts: Sequence[Part], options: ReadOptions) -> list[int]:
    """The lines at which records of the parts begin: by their provenance, else in the order of the parts."""
    prefix = f"{options.path}:"
    out: list[int] = []
    for number, record in enumerate(records):
        details = (origin.detail for origin in record.provenance.values())
        known = [int(d[len(prefix) :]) for d in details if d.startswith(prefix) and d[len(prefix) :].isdigit()]
        part = parts[min(number, len(parts) - 1)]
        out.append(min(known) if known else part.start + 1)
    return out


def read_text_lines(lines: list[Line], as_of: dt.date, options: ReadOptions) -> LayoutResult:
    """The records of pages and lists among the lines, and then of the identifiers in the lines that are left."""
    if is_markdown(lines):
        lines = without_markdown(lines)
    result = read_lines(lines, as_of, options)
    records, problems = list(result.records), list(result.problems)
    listed_lines = frozenset(listed.lines[0] for listed in records if len(listed.lines) == 1)
    references = _read_references(result.rest, listed_lines, options)
    records.extend(references.records)
    problems.extend(references.problems)
    completed, rest = with_their_links(records, lines, references.rest, options)
    now = {id(old.record): new.record for old, new in zip(records, completed, strict=True)}
    readings = tuple(
        replace(reading, record=now.get(id(reading.record), reading.record)) for reading in references.readings
    )
    records = completed
    known = frozenset(identity(listed.record) for listed in records) | frozenset(
        f"DOI:{doi.casefold()}" for listed in records if (doi := listed.record.text("DOI"))
    )
    found = read_identifiers(rest, options, known)
    records.extend(found.records)
    lost = unread_works(found.rest, options) if records else []
    used = {number for listed in records for number in listed.lines}
    lost += [problem for problem in problems if problem.code == _LOST and problem.position.line not in used]
    reported = {problem.position.line for problem in lost}
    problems = [*(problem for problem in problems if problem.code != _LOST), *lost]
    left = tuple(line for line in found.rest if line.number not in reported)
    records.sort(key=lambda listed: listed.lines[0])
    return LayoutResult(tuple(records), tuple(problems), left, readings)


def _read_references(lines: Sequence[Line], taken: frozenset[int], options: ReadOptions) -> LayoutResult:
    """What the reader of formatted references makes of the lines that look like such, where there is one.

    ``taken`` are the lines that make a record each.
    """
    from bibtool.formats.registry import FORMATS, reader_of

    works = reference_lines(lines, taken) if any(known.name == "references" for known in FORMATS) else []
    if not works:
        return LayoutResult(rest=tuple(lines))
    text = [""] * max(line.number for line in works)
    for line in works:
        text[line.number - 1] = line.raw
    try:
        result = reader_of("references")("\n".join(text).encode("utf-8", "replace"), options)
    except InputError:
        return LayoutResult(rest=tuple(lines))
    prefix = f"{options.path}:"
    records = []
    for record in result.records:
        details = {origin.detail for origin in record.provenance.values()}
        numbers = sorted(int(d[len(prefix) :]) for d in details if d.startswith(prefix) and d[len(prefix) :].isdigit())
        records.append(ListedRecord(record=record, lines=tuple(numbers) or (works[0].number,)))
    used = {line.number for line in works}
    if not records and not result.problems:
        return LayoutResult(rest=tuple(lines))
    left = tuple(line for line in lines if line.number not in used)
    return LayoutResult(tuple(records), result.problems, left, result.readings)


def read_lines(lines: list[Line], as_of: dt.date, options: ReadOptions) -> LayoutResult:
    """The records of all layouts, sorted by their place, and the lines that are left."""
    dated = {line.number for line in lines if parse_date_line(line.text, as_of) is not None}
    parts: list[LayoutResult] = []
    faulty: LayoutResult | None = None
    rest: Sequence[Line] = lines
    if any(is_opening(line.text) for line in lines):
        parts.append(_read_arxiv_runs(lines, dated, options))
        rest = parts[-1].rest
    if has_rows([line.text for line in rest]):
        parts.append(read_scholar(rest, options, dated))
        rest = parts[-1].rest
    if dated:
        # an abstract reaches up to what another layout has claimed
        left = {line.number for line in rest}
        claimed = {line.number for line in lines if line.number not in left}
        profile = read_profile(lines, as_of, options, claimed)
        if is_sound(profile, len(dated - claimed)) and not _is_named_page(rest, dated - claimed, options):
            parts.append(profile)
            rest = [line for line in profile.rest if line.number not in claimed]
        elif not profile.records:
            faulty = profile
    if rest:
        pages, _ = read_pages(rest, options)
        if pages.records:
            parts.append(pages)
            rest = pages.rest
    if len(rest) > 1 or not parts:
        listed = read_one_line_list(rest, options)
        if listed.records:
            parts.append(listed)
            rest = listed.rest
    if not parts and faulty is not None and faulty.problems:
        parts.append(faulty)
        rest = faulty.rest
    if not parts:
        undated = read_undated(lines, options)
        if is_sound(undated, 0):
            parts.append(undated)
            rest = undated.rest
    records = sorted((x for part in parts for x in part.records), key=lambda x: x.lines[0])
    problems = [p for part in parts for p in part.problems]
    return LayoutResult(tuple(records), tuple(problems), tuple(rest))


def is_sound(result: LayoutResult, anchors: int) -> bool:
    """True where a layout found records for most of its date lines, and they look like works."""
    records = [listed.record for listed in result.records]
    return len(records) * 2 >= anchors and is_sound_list(records)


def _is_named_page(lines: Sequence[Line], dated: Collection[int], options: ReadOptions) -> bool:
    """True where most date lines are lines of records of a page that has a layout of its own."""
    texts = [line.text for line in lines if line.number in dated]
    named = (layout for layout in LAYOUTS if not layout.generic)
    if not any(sum(map(layout.is_anchor, texts)) * 2 > len(texts) for layout in named):
        return False
    pages, _ = read_pages(lines, options, named=True)
    used = {number for listed in pages.records for number in listed.lines}
    return len(used.intersection(dated)) * 2 > len(dated)


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


_FOREIGN = lazy_pattern(r"\s*(?:@\s*[A-Za-z]+\s*[{(]|[{\[]\s*[\"{\]}]|<[?!A-Za-z]|TY  - |%0 |PMID- |%PDF|PK\x03)")


def sniff(head: bytes) -> int:
    """How surely these first bytes are a pasted listing: 0 (no) to 90."""
    text = head_text(head)
    if kinds_of_parts(text) > 1:
        return 100
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
    rows = sum(is_row_end(line) for line in lines) + count_pairs(lines)
    if rows:
        rows += sum(_LONE_YEAR.fullmatch(line) is not None for line in lines)
        return 70 if rows * 6 >= len(lines) else 30
    if dated or heads:
        return max(20, _sniff_lines(text))
    return _sniff_lines(text)


def _sniff_lines(text: str) -> int:
    """How surely a text without dates or ids of a known page is one of the others: by all that its head holds."""
    lines, _ = split_lines("\n".join(text.split("\n")[:250]), "")
    lines = [line for line in lines if len(line.text) <= _MAX_SNIFFED]
    if is_markdown(lines):
        lines = without_markdown(lines)
    options = ReadOptions(path="")
    if len(lines) > 2 and read_pages(lines, options)[0].records:
        return 70
    if len(lines) > 1:
        listed = read_one_line_list(lines[:120], options)
        if listed.records:
            if is_citation_list(lines[:120]) or len(listed.rest) * 2 > len(lines):
                return 55
            return 72 if len(listed.rest) * 3 <= len(lines) else 65  # 72 is more than any list of references has
    # a text of many lines of which nearly all are glued, and nothing else
    clear = sum(glued_cost(line.text) <= 2.5 for line in lines[:60])
    if clear > 2 and clear * 3 >= len(lines[:60]):
        return 15
    return 12 if any(True for line in lines for _ in identifiers_in(line.text)) else 0


def _is_glued(line: str) -> bool:
    split = split_line(line) if len(line) < 600 else None
    return split is not None and split.cost < 6.0
