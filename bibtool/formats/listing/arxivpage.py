"""Pages of arXiv itself, pasted: lists of new papers, search results, author pages.

A record begins with its id (``arXiv:2203.01360 [pdf, other]``, with or without ``[1]`` or ``1.`` before it); labelled
lines follow (``Title:``, ``Authors:``, ``Comments:`` ...). Newer lists leave out the label of the authors, search
results the one of the title.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bibtool.errors import IdentifierError
from bibtool.formats.listing.build import ListingDraft, make_names, rich_text
from bibtool.formats.listing.dates import parse_long_date
from bibtool.formats.listing.lines import Line, raw_text
from bibtool.formats.listing.profile import LayoutResult
from bibtool.formats.listing.split import names_of_list
from bibtool.lazy import lazy_pattern
from bibtool.model.categories import parse_category
from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId, parse_arxiv_id, parse_doi
from bibtool.model.record import Verbatim
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.formats.base import ReadOptions
    from bibtool.formats.listing.build import ListedRecord
    from bibtool.problems import Problem

_HEAD = lazy_pattern(
    r"(?:\[\d{1,6}\]\s*|\d{1,6}\.\s*|\W{1,3}\s*)?"
    r"arXiv:\s?(?P<id>[a-z-]{2,12}(?:\.[A-Za-z-]{2,9})?/\d{7}(?:v\d{1,3})?|\d{4}\.\d{4,5}(?:v\d{1,3})?)"
    r"(?P<rest>(?:\s|\[|\().{0,400})?",
    re.IGNORECASE,
)
_LABEL = lazy_pattern(
    r"(?P<label>Title|Authors?|Abstract|Comments?|Subjects?|Journal[- ]ref(?:erence)?|DOI|Report[- ]no|MSC[- ]class|"
    r"ACM[- ]class|Cite as|Related DOI)\s*:\s*(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_LINKS = lazy_pattern(r"\[[^\]]{0,80}\]|\((?:cross-list|replaced)[^)]{0,60}\)")
_SUBJECT = lazy_pattern(r"\(([a-z-]{2,12}(?:\.[A-Za-z-]{2,9})?)\)")
_DOI_INSIDE = lazy_pattern(r"\bdoi:?\s+(10\.\S+)|^(10\.\d{4,9}/\S+)$", re.IGNORECASE)
_SUBMITTED = lazy_pattern(
    r"Submitted\s+(?P<now>[^;.]{5,30})(?:;\s*v1\s+submitted\s+(?P<first>[^;.]{5,30}))?(?:[;.].*)?", re.IGNORECASE
)
# the line of dates on the page of one paper
_HISTORY = lazy_pattern(
    r"\[?Submitted on (?P<first>[^()\],]{5,30}?)(?:\s*\(v1\))?"
    r"(?:,\s*last revised (?P<now>[^()\],]{5,30}?)\s*(?:\([^()]{0,40}\))?)?\s*\]?",
    re.IGNORECASE,
)
_ABOUT_PAGE = lazy_pattern(
    r"\(or arXiv:.*|https?://doi\.org/10\.48550/.*|(?:View|Download)\s?(?:a )?PDF.*|HTML \(experimental\)|TeX Source.*|"
    r"Focus to learn more.*|arXiv-issued DOI.*|Submission history.*|From: .*|\[v\d+\] .*|(?:view license|"
    r"Access Paper:?)",
    re.IGNORECASE,
)
_MORE = lazy_pattern(
    r"\s*[\N{WHITE DOWN-POINTING TRIANGLE}\N{WHITE UP-POINTING TRIANGLE}]\s*(?:More|Less)\s*$", re.IGNORECASE
)
_FOOTERS = lazy_pattern(
    r"(?:Total of \d+ entries|Showing (?:up to )?\d+|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*, \d|"
    r"\[?Submitted on |Search v\d|(?:Next|Previous)$).*",
    re.IGNORECASE,
)
_LONGEST_PAGE: Final = 200  # lines of the page of one paper
_MANY: Final = {"title", "authors", "author", "abstract", "comments", "comment", "journal-ref", "subjects", "subject"}


def head_id(text: str) -> ArxivId | None:
    """The id, if the line is the head of a record on a page of arXiv."""
    head = _HEAD.fullmatch(text) if len(text) < 500 else None
    if head is None:
        return None
    rest = (head["rest"] or "").strip()
    if rest and not (rest.startswith(("[", "(")) or _only_categories(rest)):
        return None
    try:
        return parse_arxiv_id(head["id"])
    except IdentifierError:
        return None


def _only_categories(rest: str) -> bool:
    words = _DOI_INSIDE.sub("", _LINKS.sub(" ", rest)).split()
    return all(parse_category(word) or word.casefold() == "doi" for word in words)


def is_label(text: str) -> bool:
    """True for a labelled line of a page of arXiv."""
    return _LABEL.fullmatch(text) is not None


def is_opening(text: str) -> bool:
    """True for a line that a record of arXiv begins with: an id, or the dates above the title of one paper."""
    return head_id(text) is not None or (len(text) < 500 and _HISTORY.fullmatch(text) is not None)


def read_arxiv_page(lines: Sequence[Line], options: ReadOptions) -> LayoutResult:
    """The records of pages of arXiv among the lines."""
    papers: list[ListedRecord] = []
    problems: list[Problem] = []
    rest: list[Line] = []
    at = 0
    for start, stop, arxiv_id, cited in _papers(lines):
        before = _read_list(lines[at:start], options)
        record, trouble, unused = _record(arxiv_id, [lines[cited], *lines[start:stop]], options)
        papers += [*before.records, *([record] if record is not None else [])]
        problems += [*before.problems, *trouble]
        rest += [*before.rest, *unused]
        at = stop
    last = _read_list(lines[at:], options)
    return LayoutResult((*papers, *last.records), (*problems, *last.problems), (*rest, *last.rest))


def _papers(lines: Sequence[Line]) -> list[tuple[int, int, ArxivId, int]]:
    """Where the pages of single papers begin and end that name their id only below the abstract; id and its place."""
    found: list[tuple[int, int, ArxivId, int]] = []
    starts = [i for i, line in enumerate(lines) if len(line.text) < 500 and _HISTORY.fullmatch(line.text)]
    for start, following in pairwise([*starts, len(lines)]):
        for place in range(start + 1, min(following, start + _LONGEST_PAGE)):
            text = lines[place].text
            if not text.casefold().startswith("cite as"):
                continue
            value = text.partition(":")[2].strip()
            place_of_id = place if value or place + 1 == following else place + 1
            arxiv_id = head_id(value or lines[place_of_id].text)
            above = [head_id(line.text) for line in lines[max(0, start - 3) : start]]
            if arxiv_id is None or any(other is not None and other.number == arxiv_id.number for other in above):
                break
            stop = place_of_id + 1
            while stop < following and _is_below_abstract(lines[stop].text, lines[stop - 1].text):
                stop += 1
            found.append((start, stop, arxiv_id, place))
            break
    return found


def _is_below_abstract(text: str, before: str) -> bool:
    """True for a line of the table below an abstract: a label, a value after its label, or what the page has around."""
    return bool(_LABEL.fullmatch(text) or _ABOUT_PAGE.fullmatch(text)) or _is_open_label(before)


def _is_open_label(text: str) -> bool:
    labelled = _LABEL.fullmatch(text)
    return labelled is not None and not labelled["value"].strip()


def _read_list(lines: Sequence[Line], options: ReadOptions) -> LayoutResult:
    """The records that begin with their ids."""
    ids = [head_id(line.text) for line in lines]
    heads: list[int] = []
    for i, arxiv_id in enumerate(ids):
        # the page of one paper repeats its id under "Cite as"
        if arxiv_id is not None and not (heads and _same_paper(arxiv_id, ids[heads[-1]], lines[i - 1].text)):
            heads.append(i)
    if not heads:
        return LayoutResult(rest=tuple(lines))
    rest: list[Line] = list(lines[: heads[0]])
    records: list[ListedRecord] = []
    problems: list[Problem] = []
    for start, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        arxiv_id = ids[start]
        assert arxiv_id is not None
        record, trouble, unused = _record(arxiv_id, lines[start:end], options)
        problems.extend(trouble)
        rest.extend(unused)
        if record is not None:
            records.append(record)
    return LayoutResult(tuple(records), tuple(problems), tuple(rest))


def _same_paper(arxiv_id: ArxivId, last: ArxivId | None, line_before: str) -> bool:
    return last is not None and arxiv_id.number == last.number and line_before.casefold().startswith("cite as")


def _fields(body: Sequence[Line]) -> tuple[dict[str, tuple[Line, str]], list[Line], list[Line]]:
    """Labelled values with their first lines, lines without a label, and lines that belong to no record."""
    pieces: dict[str, tuple[Line, list[str]]] = {}
    plain: list[Line] = []
    unused: list[Line] = []
    current = ""
    for line in body:
        labelled = _LABEL.fullmatch(line.text)
        if labelled is not None:
            current = re.sub(r"[ -]+", "-", labelled["label"].casefold())
            current = "journal-ref" if current.startswith("journal") else current
            if current in pieces:
                unused.append(line)
                current = ""
            else:
                pieces[current] = (line, [labelled["value"].strip()])
        elif _HISTORY.fullmatch(line.text):
            pieces.setdefault("history", (line, [line.text]))
            current = ""
        elif _ABOUT_PAGE.fullmatch(line.text):
            unused.append(line)
            current = ""
        elif _FOOTERS.fullmatch(line.text) and not _SUBMITTED.fullmatch(line.text):
            unused.append(line)
            current = "-"
        elif _SUBMITTED.fullmatch(line.text):
            pieces.setdefault("submitted", (line, [line.text]))
            current = ""
        elif current == "-":
            unused.append(line)
        elif current in pieces and pieces[current][1] == [""]:
            pieces[current][1][0] = line.text
        elif current in _MANY and not line.gap and (current != "title" or not _is_names(line.text)):
            pieces[current][1].append(line.text)
        else:
            plain.append(line)
            current = ""
    return {name: (line, " ".join(texts).strip()) for name, (line, texts) in pieces.items()}, plain, unused


def _is_of_page(head: Line, fields: Mapping[str, tuple[Line, str]], plain: Sequence[Line]) -> bool:
    """False for an id by itself, as in a list of ids or a mail: nothing on the lines after it is of a page of arXiv."""
    bare = _HEAD.fullmatch(head.text)
    if (bare and (bare["rest"] or "").strip()) or fields.keys() - {"doi"}:
        return True
    return any(_is_names(line.text) for line in plain[1:2])


def _is_names(text: str) -> bool:
    names, _, cost = names_of_list(text) if len(text) < 20_000 else ((), False, 99.0)
    return cost <= 1.6 and bool(names)


def _record(
    arxiv_id: ArxivId, lines: Sequence[Line], options: ReadOptions
) -> tuple[ListedRecord | None, list[Problem], list[Line]]:
    head, body = lines[0], lines[1:]
    fields, plain, unused = _fields(body)
    if not _is_of_page(head, fields, plain):
        return None, [], list(lines)
    draft = ListingDraft(arxiv_line=head.number)
    draft.arxiv["id"] = arxiv_id
    categories, doi = _from_head(head.text)
    plain, more_categories, more_doi = _loose_parts(plain)
    categories.extend(more_categories)
    doi = doi or more_doi

    title, title_line = "", head
    if "title" in fields:
        title_line, title = fields["title"]
    elif plain:
        title_line = plain.pop(0)
        title = title_line.text
    authors_line, authors = fields.get("authors") or fields.get("author") or (None, "")
    if not authors and plain and _is_names(plain[0].text):
        authors_line = plain.pop(0)
        authors = authors_line.text
    if not title:
        message = f"no title follows the id {arxiv_id}"
        return None, [head.problem(options, "listing-no-title", message, raw=raw_text(lines))], []
    draft.set("title", rich_text(title), title_line.number)
    problems: list[Problem] = []
    if authors and authors_line is not None:
        names, truncated, cost = names_of_list(authors)
        sure = 1.0 if "authors" in fields or "author" in fields else max(0.5, 1.0 - cost / 4.0)
        draft.set("author", make_names(names, truncated=truncated), authors_line.number, sure)
    else:
        message, raw = f"no authors were found for {arxiv_id}", raw_text(lines)
        problems.append(title_line.problem(options, "listing-no-authors", message, severity=Severity.WARNING, raw=raw))
    _set_fields(draft, fields, doi, categories, head)
    _set_dates(draft, fields, arxiv_id, head)
    if plain and "abstract" not in fields and (len(plain[0].text) > 120 or "history" in fields):
        draft.set("abstract", rich_text(" ".join(line.text for line in plain)), plain[0].number, 0.8)
        plain = []
    unused.extend(plain)
    used = {line.number for line in unused}
    draft.lines = [number for number in dict.fromkeys(line.number for line in lines) if number not in used]
    return draft.build(options), problems, unused


def _from_head(text: str) -> tuple[list[str], str]:
    """Categories and DOI after the id of a search result."""
    head = _HEAD.fullmatch(text)
    rest = _LINKS.sub(" ", (head["rest"] or "") if head else "")
    doi = _DOI_INSIDE.search(rest)
    words = _DOI_INSIDE.sub(" ", rest).split()
    return [c for c in (parse_category(word) for word in words) if c], (doi[1] or doi[2]) if doi else ""


def _loose_parts(plain: list[Line]) -> tuple[list[Line], list[str], str]:
    """Search results put each category, the word "doi" and the DOI on lines of their own."""
    categories: list[str] = []
    doi = ""
    remaining: list[Line] = []
    for line in plain:
        doi_inside = _DOI_INSIDE.search(line.text)
        if not remaining and line.text and _only_categories(line.text):
            categories.extend(category for word in line.text.split() if (category := parse_category(word)))
            if doi_inside and not doi:
                doi = doi_inside[1] or doi_inside[2]
        elif not remaining and line.text.casefold().strip(":") == "doi":
            continue
        elif not remaining and doi_inside and doi_inside.end() == len(line.text) and not doi:
            doi = doi_inside[1] or doi_inside[2]
        elif not remaining and re.fullmatch(r"\[[^\]]{0,80}\]", line.text):
            continue
        else:
            remaining.append(line)
    return remaining, categories, doi


def _set_fields(
    draft: ListingDraft, fields: dict[str, tuple[Line, str]], doi: str, categories: list[str], head: Line
) -> None:
    if "abstract" in fields:
        line, value = fields["abstract"]
        draft.set("abstract", rich_text(_MORE.sub("", value)), line.number)
    line, subjects = fields.get("subjects") or fields.get("subject") or (head, "")
    for name in _SUBJECT.findall(subjects):
        category = parse_category(name)
        if category:
            categories.append(category)
    if categories:
        draft.arxiv["primary_category"] = categories[0]
        draft.arxiv["categories"] = tuple(dict.fromkeys(categories))
    if subjects and not categories:
        draft.keep("subjects", subjects)
    comment = fields.get("comments") or fields.get("comment")
    if comment and comment[1]:
        draft.arxiv["comment"] = comment[1]
        # arXiv has no mark for withdrawn papers; its practice is to say so in the comment
        if re.search(r"\bwithdrawn\b", comment[1], re.IGNORECASE):
            draft.arxiv["withdrawn"] = True
    if "journal-ref" in fields and fields["journal-ref"][1]:
        draft.arxiv["journal_ref"] = fields["journal-ref"][1]
    doi_line, written = fields.get("doi") or fields.get("related-doi") or (head, doi)
    if written:
        try:
            draft.set("DOI", Verbatim(parse_doi(written.split()[0])), doi_line.number)
        except IdentifierError:
            draft.keep("doi", written)
    for name in ("report-no", "msc-class", "acm-class", "cite-as"):
        if name in fields:
            draft.keep(name, fields[name][1])


def _set_dates(draft: ListingDraft, fields: dict[str, tuple[Line, str]], arxiv_id: ArxivId, head: Line) -> None:
    """The date of the first version; without one, the year of the id, which is right except in early January."""
    if "submitted" in fields:
        line, text = fields["submitted"]
        draft.keep("submitted", text)
        if submitted := _SUBMITTED.fullmatch(text):
            now = parse_long_date(submitted["now"])
            first = parse_long_date(submitted["first"]) if submitted["first"] else now
            if first is not None:
                draft.set("issued", first, line.number)
            if now is not None and submitted["first"] and now.start is not None and now.start.day is not None:
                day = dt.date(now.start.year, now.start.month or 1, now.start.day)
                draft.arxiv["updated"] = day.isoformat()
    elif "history" in fields:
        line, text = fields["history"]
        if history := _HISTORY.fullmatch(text):
            draft.set("issued", parse_long_date(history["first"]), line.number)
            last = parse_long_date(history["now"]) if history["now"] else None
            if last is not None and last.start is not None and last.start.day is not None:
                draft.arxiv["updated"] = str(last)
    if "issued" not in draft.values:
        draft.set("issued", Date.of(arxiv_id.year_month[0]), head.number, 0.9)
