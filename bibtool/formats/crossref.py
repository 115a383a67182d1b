"""Crossref's JSON (REST API, ``/works`` and ``/works/{doi}``), read only.

Source: Crossref's REST API documentation, "API JSON format". Titles hold JATS face markup (``<i>``, ``<sub>``,
``<scp>``), abstracts JATS paragraphs. Members that no variable fits are kept.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from bibtool.formats.base import Row
from bibtool.formats.csl.leftover import to_text
from bibtool.formats.csl.values import read_date
from bibtool.formats.fields import Draft, person
from bibtool.formats.jsonitems import AgencyItem, json_head, read_items
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.identifiers import orcid_of
from bibtool.model.names import Name
from bibtool.structs import replace

if TYPE_CHECKING:
    from bibtool.formats.base import ReadOptions, ReadResult

SOURCE = "crossref"

TYPES: dict[str, str] = {
    "journal-article": "article-journal", "journal": "periodical", "journal-issue": "periodical",
    "journal-volume": "periodical", "book": "book", "monograph": "book", "edited-book": "book",
    "reference-book": "book", "book-set": "book", "book-series": "book", "book-chapter": "chapter",
    "book-section": "chapter", "book-part": "chapter", "book-track": "chapter",
    "reference-entry": "entry-encyclopedia", "proceedings": "book", "proceedings-series": "book",
    "proceedings-article": "paper-conference", "dissertation": "thesis", "report": "report",
    "report-series": "report", "report-component": "report", "posted-content": "article", "dataset": "dataset",
    "database": "dataset", "standard": "standard", "standard-series": "standard", "peer-review": "review",
    "component": "document", "grant": "document", "other": "document",
}  # fmt: skip
FIELDS: tuple[Row, ...] = (
    Row("type, subtype", "", "the type"), Row("title, subtitle", "title", "joined by a colon"),
    Row("short-title", "title-short"), Row("original-title", "original-title"),
    Row("author", "author", "with its ORCID"), Row("editor", "editor"), Row("translator", "translator"),
    Row("chair", "chair"),
    Row("published, published-print, published-online, issued", "issued", "print, if it has a volume, or the earliest"),
    Row("accepted", "", "kept"),
    Row("container-title", "container-title", "of two that of the book; the other is the series"),
    Row("short-container-title", "container-title-short"), Row("volume", "volume"), Row("issue", "issue"),
    Row("page, article-number", "page"), Row("edition-number", "edition"), Row("publisher", "publisher"),
    Row("publisher-location", "publisher-place"), Row("event.name", "event-title"),
    Row("event.location", "event-place"), Row("event.start, event.end", "event-date"), Row("DOI", "DOI"),
    Row("URL", "URL", "unless it is the DOI's"), Row("ISBN", "ISBN"), Row("ISSN", "ISSN"), Row("language", "language"),
    Row("abstract", "abstract", "JATS as text"), Row("degree", "genre", "of a thesis"), Row("subject", "keyword"),
    Row("report-number", "number"),
)  # fmt: skip
_NAMES = ("author", "editor", "translator", "chair")
_PLAIN = {
    "volume": "volume", "issue": "issue", "edition-number": "edition", "publisher": "publisher",
    "publisher-location": "publisher-place", "DOI": "DOI", "language": "language", "short-title": "title-short",
    "original-title": "original-title", "short-container-title": "container-title-short", "degree": "genre",
    "report-number": "number",
}  # fmt: skip
_DATES = ("published-print", "published-online", "published", "issued")
# bookkeeping of Crossref that says nothing of the work
_IGNORED = frozenset(
    "indexed deposited created reference-count references-count is-referenced-by-count score prefix member source "
    "content-domain resource issn-type isbn-type journal-issue relation link reference update-policy "
    "alternative-id title subtitle container-title type subtype page article-number".split()
)
_NOT_CSL = {"scp": "sc", "italic": "i", "bold": "b"}
_MARKUP = lazy_pattern(r"<(/?)(?:jats:|mml:)?([a-zA-Z]+)(?:\s[^<>]{0,300})?/?>")
# how the names of series begin or end, and those of books do not
_SERIES = lazy_pattern(
    r"\A(?:lecture notes in|communications in computer|ifip advances|(?:under)?graduate texts|springer\w* |methods in "
    r"molecular|advances in (?:intelligent systems|experimental medicine)|studies in computational|smart innovation|"
    r"leibniz international|topics in )|\b(?:series|library|monographs|tracts)\Z",
    re.IGNORECASE,
)
_BEFORE_MARK = lazy_pattern(r"[ \t]*\n\s*([/,.;:)\]])")
_AFTER_MARK = lazy_pattern(r"([/(\[])[ \t]*\n\s*")
_TIMES_ESCAPED = 3  # by publishers who escape what their system has escaped already
_KEPT = frozenset({"i", "b", "sup", "sub"})


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The works of an answer: one work, ``{"message": work}``, ``{"message": {"items": [...]}}``, or a list."""
    return read_items(data, options, SOURCE, _draft)


def plain_markup(text: str) -> str:
    """Crossref's and JATS' tags as CSL-JSON's; paragraphs as lines; all other tags taken away."""
    for _ in range(_TIMES_ESCAPED):
        if "&" not in text or (plain := html.unescape(text)) == text:
            break
        text = plain
    if "<" not in text:
        return " ".join(text.split())
    paragraphs = re.split(r"</?(?:jats:)?(?:p|sec|br)(?:\s[^<>]{0,200})?/?>", text)
    out = []
    for paragraph in paragraphs:
        piece = re.sub(r"<(?:jats:)?title>\s*abstract\s*</(?:jats:)?title>", "", paragraph, flags=re.IGNORECASE)
        piece = " ".join(_MARKUP.sub(_tag, piece).split())
        if piece:
            out.append(piece)
    return "\n".join(out)


def _tag(tag: re.Match[str]) -> str:
    name = _NOT_CSL.get(tag[2].casefold(), tag[2].casefold())
    if name in _KEPT:
        return f"<{tag[1]}{name}>"
    if name == "sc":
        return "</span>" if tag[1] else '<span style="font-variant:small-caps;">'
    return ""


def _joined(title: str) -> str:
    """The title without the line breaks before or after a mark, where tags were laid out in lines."""
    return _AFTER_MARK.sub(r"\1", _BEFORE_MARK.sub(r"\1", title)) if "\n" in title else title


def _first(value: Any) -> str:
    if isinstance(value, list):
        value = next((item for item in value if item), "")
    return str(value) if isinstance(value, str) else ""


def _draft(item: AgencyItem) -> Draft:
    work = item.members
    draft = Draft(SOURCE, item.line)
    kind = _first(work.get("type"))
    csl = TYPES.get(kind)
    if csl:
        draft.type = csl
    elif kind:
        draft.leave("type", kind)
        item.warn("unknown-type", f"{kind[:40]!r} is not a type of Crossref; read as document", kind)
    titles = work.get("title")
    title = plain_markup(_joined(_first(titles)))
    original = plain_markup(_first(work.get("original-title")))
    if not title and original:  # backfiles of journals in other languages have it there only
        title = original
    subtitle = plain_markup(_first(work.get("subtitle")))
    draft.put("title", f"{title}: {subtitle}" if subtitle and subtitle not in title else title, "title")
    _containers(draft, work.get("container-title"))
    draft.put("page", _first(work.get("page")) or _first(work.get("article-number")), "page")
    _issued(draft, work)
    for name, value in work.items():
        if name in _IGNORED or name in _DATES or value in (None, "", [], {}):
            continue
        if name == "original-title" and original == title:
            continue
        if name == "editor" and draft.type == "article-journal":
            draft.leave(name, to_text(value))  # who edits the journal, or handled the article: not to be cited
        elif name in _NAMES and isinstance(value, list):
            for contributor in value:
                _name(draft, name, contributor)
        elif name in {"ISBN", "ISSN"}:
            for number in value if isinstance(value, list) else [value]:
                draft.put(name, str(number).removeprefix("http://id.crossref.org/isbn/"), name)
        elif name == "URL" and isinstance(value, str):
            if "doi.org/" not in value:
                draft.put("URL", str(value), name)
        elif name == "abstract" and isinstance(value, str):
            draft.put("abstract", plain_markup(value), name)
        elif name == "subject" and isinstance(value, list):
            draft.keywords.extend(str(subject) for subject in value if isinstance(subject, str))
        elif name == "event" and isinstance(value, dict):
            _event(draft, value)
        elif name in _PLAIN and _first(value):
            draft.put(_PLAIN[name], plain_markup(_first(value)), name)
        else:
            draft.leave(name, to_text(value))
    draft.put_arxiv_of_doi("DOI")
    return draft


def _containers(draft: Draft, value: Any) -> None:
    titles = [plain_markup(str(title)) for title in (value if isinstance(value, list) else [value]) if title]
    if draft.type in {"book", "report"} and titles:
        draft.put("collection-title", titles[0], "container-title")
    elif len(titles) > 1 and draft.type in {"chapter", "paper-conference", "entry-encyclopedia"}:
        # usually the series first, then the book; publishers of lecture notes also give them the other way round
        series, book = titles[0], titles[-1]
        if _SERIES.search(book) and not _SERIES.search(series):
            series, book = book, series
        draft.put("container-title", book, "container-title")
        draft.put("collection-title", series, "container-title")
    else:
        for title in titles:
            draft.put("container-title", title, "container-title")


def _date(value: Any) -> Date | None:
    if not isinstance(value, dict):
        return None
    try:
        date, wrong = read_date({"date-parts": value.get("date-parts")}, [])
    except TypeError:
        return None
    return None if wrong or date is None or date.literal else date


def _issued(draft: Draft, work: dict[str, Any]) -> None:
    """The date of issue; of all dates of that year the one that says most, print before online."""
    dates = {name: date for name in _DATES if (date := _date(work.get(name)))}
    issued = dates.get("issued") or dates.get("published") or next(iter(dates.values()), None)
    if issued is None:
        return
    printed = dates.get("published-print")
    if printed and draft.type == "article-journal" and work.get("volume"):
        issued = printed  # the year of the volume; issued is that of whichever came first
    best = next((d for name, d in dates.items() if d.edtf().startswith(issued.edtf()) and name != "issued"), issued)
    draft.variables["issued"] = max(issued, best, key=lambda date: len(date.edtf()))
    for name in ("published-print", "published-online"):
        if name in dates and dates[name].year != issued.year:
            draft.leave(name, dates[name].edtf())


def _name(draft: Draft, variable: str, data: Any) -> None:
    if not isinstance(data, dict):
        draft.leave(variable, to_text(data))
        return
    parts = {name: str(text).strip() for name, text in data.items() if isinstance(text, str)}
    if parts.get("family"):
        name = person(
            " ".join(parts["family"].split()), " ".join(parts.get("given", "").split()), parts.get("suffix", "")
        )
    else:
        name = Name(literal=parts.get("name") or parts.get("literal") or parts.get("given", ""))
    orcid = orcid_of(parts.get("ORCID"))
    added = draft.put_name(variable, replace(name, orcid=orcid))
    if parts.get("ORCID") and not (added and orcid):
        draft.leave(f"{variable}.ORCID", f"{name.display()}: {parts['ORCID']}")


def _event(draft: Draft, event: dict[str, Any]) -> None:
    draft.put("event-title", plain_markup(_first(event.get("name"))), "event.name")
    draft.put("event-place", _first(event.get("location")), "event.location")
    start, end = _date(event.get("start")), _date(event.get("end"))
    if start and start.start:
        last = end.start if end and end.start and end.start > start.start else None
        draft.put_date("event-date", Date(start.start, last), "event.start", "")


def sniff(head: bytes) -> int:
    """95 for JSON with marks of Crossref's answers."""
    text = json_head(head)
    if not text:
        return 0
    marks = ('"message-type"', '"is-referenced-by-count"', '"short-container-title"', '"content-domain"')
    if any(mark in text for mark in marks):
        return 95
    kinds = "|".join(sorted(TYPES.keys() - {"book", "report", "dataset", "standard"}))
    return 92 if re.search(rf'"type"\s*:\s*"(?:{kinds})"', text) and '"DOI"' in text else 0
