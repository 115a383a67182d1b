"""Profile pages with three lines a record: a date line, a line of title and authors, and the abstract.

The order of the three is found from the page itself. A record without a date line, or with a broken one, is found by
its glued title line; text that belongs to no record is given back.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, Literal

from bibtool.formats.listing.build import ListingDraft, make_names, rich_text, set_token, split_problem
from bibtool.formats.listing.dates import DateLine, looks_like_broken_date_line, parse_date_line
from bibtool.formats.listing.lines import Line, raw_text
from bibtool.formats.listing.namecost import Evidence
from bibtool.formats.listing.split import Split, names_of_list, split_line, strip_et_al
from bibtool.lazy import lazy_pattern
from bibtool.model.categories import categories_of_token
from bibtool.problems import Severity
from bibtool.structs import dataclass, field, replace

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from bibtool.formats.base import Reading, ReadOptions
    from bibtool.formats.listing.build import ListedRecord
    from bibtool.problems import Problem

Order = Literal["DTA", "DAT", "TDA", "TAD", "ADT", "ATD"]

_MAX_TITLE_LINE: Final = 1200
_TOO_DEAR: Final = 13.0  # lines with costlier splits are not title lines
_CLEAR: Final = 4.0  # a line this cheap is a title line anywhere
_MAX_HEADING: Final = 40  # lines before the first record that are searched for its title
_MAX_ABSTRACT_LINES: Final = 300
_SURE: Final = 0.9
_SAMPLE: Final = 300  # records looked at to find the order

_FURNITURE = lazy_pattern(
    r"(?:(?:show|load|see|view|read|sort|filter)\s+(?:more|less|all|by)\b.*|(?:next|previous|prev|older|"
    r"newer)(?:\s+page)?|"
    r"back\s+to\s+top|page\s+\d+(?:\s+of\s+\d+)?|\d+|(?:all\s+)?publications|papers|articles|cited\s+by.*|abstract|"
    r"(?:share|save|cite|follow|pdf|html|bookmark|copyright|contact|about|home|login|log\s+in|sign\s+in|sign\s+up)|"
    r"\N{COPYRIGHT SIGN}.*|[\N{WHITE DOWN-POINTING TRIANGLE}\N{WHITE UP-POINTING TRIANGLE}].*|\W+)",
    re.IGNORECASE,
)
_SUFFIX_STOP = lazy_pattern(r"\b(?:Jr|Sr)\.$")
_SENTENCE_END = lazy_pattern(r"[.!?:][\"')\]\N{RIGHT DOUBLE QUOTATION MARK}]*$")


@dataclass(slots=True)
class RecordBlock:
    """The lines of one record."""

    date_line: Line | None = None
    parsed: DateLine | None = None
    title_line: Line | None = None
    names_line: Line | None = None
    abstract: list[Line] = field(default_factory=list)
    broken: Line | None = None  # the line that should have been the date line
    split: Split | None = None

    def lines(self) -> list[Line]:
        """All lines of the record, in the order of the page."""
        some = [x for x in (self.date_line, self.title_line, self.names_line, self.broken) if x is not None]
        return sorted([*some, *self.abstract], key=lambda line: line.number)


@dataclass(frozen=True, slots=True)
class LayoutResult:
    """What one layout made of the lines: records, problems, and the lines it could not use."""

    records: tuple[ListedRecord, ...] = ()
    problems: tuple[Problem, ...] = ()
    rest: tuple[Line, ...] = ()
    readings: tuple[Reading, ...] = ()
    """How surely formatted references were read; see `bibtool.formats.base.Reading`."""


def read_profile(
    lines: Sequence[Line], as_of: dt.date, options: ReadOptions, stops: Collection[int] = ()
) -> LayoutResult:
    """The records of the profile layout. Lines whose numbers are in ``stops`` belong to other layouts."""
    parsed = [None if line.number in stops else parse_date_line(line.text, as_of) for line in lines]
    anchors = [i for i, date_line in enumerate(parsed) if date_line is not None]
    if not anchors:
        return LayoutResult(rest=tuple(lines))
    order = find_order(lines, anchors, stops)
    blocks, rest = _blocks(lines, parsed, anchors, order, stops)
    records, problems = read_blocks(blocks, options)
    rest.sort(key=lambda line: line.number)
    return LayoutResult(tuple(records), tuple(problems), tuple(rest))


def ends_sentence(text: str) -> bool:
    """True for text that ends as prose does; the full stop of "et al." or "Jr." is none."""
    tail = max(0, len(text) - 12)
    if not _SENTENCE_END.search(text, tail) or _SUFFIX_STOP.search(text, tail):
        return False
    return not strip_et_al(text)[1]


def read_blocks(
    blocks: Sequence[RecordBlock], options: ReadOptions, *, dated: bool = True
) -> tuple[list[ListedRecord], list[Problem]]:
    """The records of the blocks and their problems; ``dated``: a block without a date line is a problem."""
    common, every = _first_pass(blocks)
    records: list[ListedRecord] = []
    problems: list[Problem] = []
    for block in blocks:
        clear = block.split is not None and block.split.confidence >= _SURE
        record, trouble = _finish(block, common if clear else every, options, dated=dated)
        problems.extend(trouble)
        if record is not None:
            records.append(record)
    return records, problems


def _goodness(line: Line | None) -> float:
    """How much a line looks like title and authors glued together: 0 to 1."""
    if line is None or len(line.text) > _MAX_TITLE_LINE:
        return 0.0
    split = split_line(line.text)
    if split is None or split.cost > _TOO_DEAR:
        return 0.0
    return max(0.0, 1.0 - max(0.0, split.cost) / _TOO_DEAR) * (0.6 if ends_sentence(line.text) else 1.0)


def find_order(lines: Sequence[Line], anchors: Sequence[int], stops: Collection[int] = ()) -> Order:
    """The order of date line (D), title line (T) and abstract (A) that fits most records; DTA where nothing speaks."""
    gaps: list[list[Line]] = []
    for start, end in zip([-1, *anchors], [*anchors, len(lines)], strict=True):
        gaps.append([line for line in lines[start + 1 : end] if line.number not in stops])
    sample = gaps[: _SAMPLE + 1]
    first = [_goodness(gap[0]) if gap else 0.0 for gap in sample]
    last = [_goodness(gap[-1]) if len(gap) > 1 else first[i] for i, gap in enumerate(sample)]
    if len(gaps) > len(sample):
        last_gap_first = last_gap_last = 0.0
    else:
        last_gap_first, last_gap_last = first[-1], last[-1]
    inner_first, inner_last = sum(first[1:-1]), sum(last[1:-1])
    scores: dict[Order, float] = {
        "DTA": inner_first + last_gap_first + 0.5,
        "TDA": inner_last + last[0] + (0.25 if len(gaps[-1]) else 0.0),
        "TAD": inner_first + max((_goodness(line) for line in gaps[0][-_MAX_HEADING:]), default=0.0),
        "DAT": inner_last + last_gap_last + (0.25 if len(gaps[-1]) > 1 else 0.0),
        "ATD": inner_last + last[0] + (0.3 if len(gaps[0]) > 1 and not gaps[-1] else 0.0),
        "ADT": inner_first + last_gap_first + (0.6 if _is_prose(gaps[0]) and len(gaps[-1]) == 1 else 0.0),
    }
    if sum(lines[i].gap for i in anchors) * 2 > len(anchors) and sum(x.gap for x in lines) * 2 <= len(lines):
        # there are blank lines before date lines and not before most other lines: records begin with the date
        scores["DTA"] += 1.0
        scores["DAT"] += 1.0
    return max(scores, key=lambda order: scores[order])


def _is_prose(gap: Sequence[Line]) -> bool:
    return bool(gap) and len(gap[-1].text) > 20 and ends_sentence(gap[-1].text)


def _blocks(
    lines: Sequence[Line],
    parsed: Sequence[DateLine | None],
    anchors: Sequence[int],
    order: Order,
    stops: Collection[int],
) -> tuple[list[RecordBlock], list[Line]]:
    """The blocks in the order of the page, and the lines that are in none."""
    rest: list[Line] = []
    gaps: list[list[Line]] = []
    for start, end in zip([-1, *anchors], [*anchors, len(lines)], strict=True):
        inside = list(lines[start + 1 : end])
        cut = next((i for i, line in enumerate(inside) if line.number in stops), len(inside))
        if start < 0 and cut < len(inside):
            # before the first date line: the lines after the last foreign line
            cut = max(i for i, line in enumerate(inside) if line.number in stops) + 1
            rest.extend(inside[:cut])
            gaps.append(inside[cut:])
            continue
        gaps.append(inside[:cut])
        rest.extend(inside[cut:])
    headings = _headings(gaps[0], order)
    rest.extend(gaps[0][:headings])
    gaps[0] = gaps[0][headings:]
    blocks = [RecordBlock(date_line=lines[i], parsed=parsed[i]) for i in anchors]
    extra: list[RecordBlock] = []
    if order in ("DTA", "DAT"):
        rest.extend(gaps[0])
        for block, gap in zip(blocks, gaps[1:], strict=True):
            extra.extend(_fill(block, gap, title_first=order == "DTA", rest=rest))
    elif order in ("TAD", "ATD"):
        for block, gap in zip(blocks, gaps, strict=False):
            extra.extend(_fill(block, gap, title_first=order == "TAD", rest=rest))
        rest.extend(gaps[-1])
    else:
        _fill_across(blocks, gaps, order, rest)
    everything = [block for block in (*blocks, *extra) if block.lines()]
    everything.sort(key=lambda block: block.lines()[0].number)
    return everything, rest


def _headings(gap: Sequence[Line], order: Order) -> int:
    """How many lines before the first date line are headings, if its title or abstract comes before it."""
    if order == "TAD":
        lower = max(0, len(gap) - _MAX_HEADING)
        scores = [_goodness(line) for line in gap[lower:]]
        return lower + max(range(len(scores)), key=lambda i: scores[i]) if scores else 0
    if order in ("ADT", "ATD"):
        body = len(gap) - (order == "ATD")
        count = 0
        while count < body - 1 and len(gap[count].text) <= 60 and not ends_sentence(gap[count].text):
            count += 1
        return count
    return 0


def _fill_across(blocks: Sequence[RecordBlock], gaps: Sequence[list[Line]], order: Order, rest: list[Line]) -> None:
    """TDA and ADT: a gap between two date lines holds lines of two records."""
    for index, gap in enumerate(gaps):
        before = blocks[index - 1] if index else None
        after = blocks[index] if index < len(blocks) else None
        of_title, of_abstract, at = (after, before, -1) if order == "TDA" else (before, after, 0)
        body = list(gap)
        if of_title is not None and body:
            of_title.title_line = body.pop(at)
        set_abstract(of_abstract, body, rest)


def _fill(block: RecordBlock, gap: list[Line], *, title_first: bool, rest: list[Line]) -> list[RecordBlock]:
    """Give a gap to its block; records without a date line that are found in it come back as blocks of their own."""
    if not gap:
        return []
    if not title_first:
        block.title_line = gap[-1]
        set_abstract(block, gap[:-1], rest)
        return []
    block.title_line = gap[0]
    body = gap[1:]
    if body and _is_names_line(block.title_line, body[0]):
        block.names_line = body.pop(0)
    extra: list[RecordBlock] = []
    current = block
    pending: list[Line] = []
    rest.extend(body[_MAX_ABSTRACT_LINES:])
    for position, line in enumerate(body[:_MAX_ABSTRACT_LINES]):
        waiting = current.broken is not None and current.title_line is None
        if looks_like_broken_date_line(line.text):
            set_abstract(current, pending, rest)
            pending = []
            current = RecordBlock(broken=line)
            extra.append(current)
        elif waiting:
            current.title_line = line
        elif _starts_record(line, position):
            fresh = RecordBlock(title_line=line)
            if pending and _may_be_date_line(pending[-1]):
                fresh.broken = pending.pop()
            set_abstract(current, pending, rest)
            pending = []
            current = fresh
            extra.append(fresh)
        else:
            pending.append(line)
    set_abstract(current, pending, rest)
    return extra


def _is_names_line(title: Line, line: Line) -> bool:
    """True if ``line`` holds only names and the line before could not be split itself."""
    split = split_line(title.text) if len(title.text) <= _MAX_TITLE_LINE else None
    if split is not None and split.cost < 8.0:
        return False
    names, _, cost = names_of_list(line.text) if len(line.text) <= _MAX_TITLE_LINE else ((), False, 99.0)
    return cost <= 1.6 and (len(names) > 1 or len(line.text) < 40)


def _may_be_date_line(line: Line) -> bool:
    return len(line.text) <= 44 and not ends_sentence(line.text) and bool(re.search(r"\d|^[A-Z]{2}", line.text))


def _starts_record(line: Line, position: int) -> bool:
    """True for a line that is clearly a title with authors, though there is no date line before it."""
    text = line.text
    if len(text) > 400 or ends_sentence(text):
        return False
    split = split_line(text)
    limit = _CLEAR if position else 1.5
    return (
        split is not None and split.cost <= limit and (len(split.names) > 1 or split.cost <= 1.5) and bool(split.title)
    )


def set_abstract(block: RecordBlock | None, body: Sequence[Line], rest: list[Line]) -> None:
    """The lines of an abstract; headings and page furniture among them go to ``rest``."""
    if block is None:
        rest.extend(body)
        return
    ended = False
    rest.extend(body[_MAX_ABSTRACT_LINES:])
    for index, line in enumerate(body[:_MAX_ABSTRACT_LINES]):
        behind = body[index + 1] if index + 1 < len(body) else None
        alone = behind is None or (behind.gap and line.gap)
        if _is_furniture(line, alone=alone and (line.gap or ended), first=not block.abstract):
            rest.append(line)
            continue
        block.abstract.append(line)
        ended = ends_sentence(line.text)


def _is_furniture(line: Line, *, alone: bool, first: bool) -> bool:
    text = line.text
    if len(text) > 60:
        return False
    if _FURNITURE.fullmatch(text):
        return True
    return alone and not first and not text[0].islower() and not ends_sentence(text)


_WORDS = lazy_pattern(r"[^\W\d_][^\W_]*")


def _first_pass(blocks: Sequence[RecordBlock]) -> tuple[Evidence, Evidence]:
    """Split every title line by itself, and gather what the page as a whole tells.

    The first evidence is for lines that were clear by themselves, so that no line speaks for itself: names of at least
    two records. The second, for the other lines, has the names of all clear ones.
    """
    words: set[str] = set()
    names: Counter[str] = Counter()
    long_lists = 0
    for block in blocks:
        for line in block.abstract:
            words.update(word.casefold() for word in _WORDS.findall(line.text))
        if block.title_line is None or block.names_line is not None:
            continue
        if len(block.title_line.text) > _MAX_TITLE_LINE:
            continue
        split = split_line(block.title_line.text)
        block.split = split
        if split is None or split.confidence < _SURE:
            continue
        body = split.title.rpartition(" ")[0]
        words.update(word.casefold() for word in _WORDS.findall(body))
        long_lists += len(split.names) > 3
        names.update(split.names)
    often = {name for name, count in names.items() if count > 1}
    common = Evidence(
        words=frozenset(word for word in words if len(word) > 2),
        names=frozenset(often),
        given=frozenset(first for first in (name.split(" ")[0] for name in often) if len(first) > 1),
        long_lists=long_lists > 1,
    )
    return common, replace(common, names=frozenset(names))


def _finish(
    block: RecordBlock, evidence: Evidence, options: ReadOptions, *, dated: bool
) -> tuple[ListedRecord | None, list[Problem]]:
    """The record of a block, or None, and its problems."""
    line = block.title_line
    if line is None:
        return None, [_no_record(block, "no title follows this date line", "listing-no-title", options)]
    draft = ListingDraft()
    problems: list[Problem] = []
    if block.names_line is not None:
        names, truncated, _ = names_of_list(block.names_line.text)
        draft.set("title", rich_text(line.text), line.number, 0.9)
        draft.set("author", make_names(names, truncated=truncated), block.names_line.number, 0.9)
    else:
        split = None if len(line.text) > _MAX_TITLE_LINE else split_line(line.text, evidence)
        if split is None or split.cost > _TOO_DEAR or not split.title:
            return None, [_no_record(block, "no authors were found after the title", "listing-no-authors", options)]
        draft.set("title", rich_text(split.title), line.number, split.confidence)
        draft.set("author", make_names(split.names, truncated=split.truncated), line.number, split.confidence)
        doubt = split_problem(line, split, options)
        if doubt is not None:
            problems.append(doubt)
    if dated:
        problems.extend(_date_of(block, draft, options))
    if block.abstract:
        draft.set("abstract", rich_text(_join(block.abstract)), block.abstract[0].number)
    draft.lines = [x.number for x in block.lines()]
    return draft.build(options), problems


def _join(lines: Sequence[Line]) -> str:
    pieces = [lines[0].text]
    for line in lines[1:]:
        pieces.append("\n\n" if line.gap else " ")
        pieces.append(line.text)
    return "".join(pieces)


def _date_of(block: RecordBlock, draft: ListingDraft, options: ReadOptions) -> list[Problem]:
    line, parsed = block.date_line, block.parsed
    if line is None or parsed is None:
        at = block.broken or block.title_line
        assert at is not None
        if block.broken is not None:
            draft.keep("date-line", block.broken.text)
        message, raw = "this record has no date line that can be read", raw_text(block.lines())
        hint = "the record was read without a date"
        return [at.problem(options, "listing-no-date", message, severity=Severity.WARNING, raw=raw, hint=hint)]
    problems: list[Problem] = []
    if parsed.date is not None:
        draft.set("issued", parsed.date, line.number, 0.9 if parsed.guessed_year else 1.0)
    else:
        draft.keep("date", parsed.written)
        message, hint = f"there is no day {parsed.written!r}", "the record was read without a date"
        problems.append(line.problem(options, "listing-bad-date", message, severity=Severity.WARNING, hint=hint))
    if parsed.token:
        set_token(draft, parsed.token, line.number)
        if not categories_of_token(parsed.token):
            message = f"arXiv has no category {parsed.token!r}"
            problems.append(line.problem(options, "listing-unknown-category", message, severity=Severity.NOTE))
    draft.keep("badge", parsed.badge)
    return problems


def _no_record(block: RecordBlock, message: str, code: str, options: ReadOptions) -> Problem:
    at = block.title_line or block.lines()[0]
    hint = "put title and authors in one line, or on two lines one after the other"
    return at.problem(options, code, f"{message}: {at.text[:60]!r}", raw=raw_text(block.lines()), hint=hint)
