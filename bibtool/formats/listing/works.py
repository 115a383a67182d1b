"""A record out of the labelled texts that a layout found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.errors import IdentifierError
from bibtool.formats.listing.build import ListingDraft, rich_text
from bibtool.formats.listing.dates import parse_long_date
from bibtool.formats.listing.people import people_of
from bibtool.formats.listing.venues import PUBLISHER, type_of, venue_parts
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.identifiers import arxiv_id_of_doi, parse_arxiv_id, parse_doi, parse_isbn, parse_pmcid, parse_pmid
from bibtool.model.names import Names
from bibtool.model.normal.editions import normal_edition
from bibtool.model.normal.pages import normal_pages
from bibtool.model.numbers import Number
from bibtool.model.record import Verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.formats.base import ReadOptions
    from bibtool.formats.listing.build import ListedRecord
    from bibtool.formats.listing.lines import Line

# what pages call their kinds of works -> CSL type
TYPES: dict[str, str] = {
    "article": "article-journal", "journal article": "article-journal", "research-article": "article-journal",
    "journal-article": "article-journal", "short-paper": "paper-conference", "conference paper": "paper-conference",
    "conference-paper": "paper-conference", "proceedings-article": "paper-conference", "preprint": "article",
    "book": "book", "book chapter": "chapter", "chapter": "chapter", "thesis": "thesis", "doctoral thesis": "thesis",
    "dissertation": "thesis", "dissertation/thesis": "thesis", "report": "report", "technical report": "report",
    "dataset": "dataset", "data set": "dataset", "data": "dataset", "software": "software", "patent": "patent",
    "poster": "speech", "presentation": "speech", "early access article": "article-journal",
    "magazine article": "article-magazine", "review": "article-journal", "review-article": "article-journal",
    "survey": "article-journal", "working paper": "report", "conference poster": "speech", "book review": "review",
}  # fmt: skip
_NUMBERS = ("volume", "issue", "page", "number", "edition", "collection-number")
_PLAIN = ("publisher", "URL", "publisher-place", "collection-title", "abstract")
# at the end of a title: "(3rd ed.)", "(2., neu bearb. Aufl.)"
_EDITION = lazy_pattern(
    r"(?:\s*\((?P<inside>[^()]{1,40}?\b(?:edn?\.?|edition|Aufl\.?|Auflage|éd\.|édition))\)|"
    r",\s*(?P<behind>(?:\d{1,2}(?:st|nd|rd|th)|\d{1,2}\.)\s(?:rev(?:ised|\.)?\s)?(?:edn?\.?|edition|Aufl\.?|Auflage)))[.,]?$",
    re.IGNORECASE,
)
_SPECIAL = ("first", "earliest", "eprint")
_EDITORS = lazy_pattern(r"[(\[]\s?(?:eds?|editors?|hrsg|hg)\.?\s?[)\]]\W*$", re.IGNORECASE)
_SERIES = lazy_pattern(
    r"(?P<title>[^,\d]{3,120}?)(?:\s(?P<collection_number>\d{1,5}))?(?:,\s(?P<publisher>[^,\d]{2,60}))?"
)
_PARSERS = {"DOI": parse_doi, "PMID": parse_pmid, "PMCID": parse_pmcid, "ISBN": parse_isbn}
_BADGES = lazy_pattern(r"^(?:\[(?:PDF|HTML|BOOK|B|CITATION|C|DOC)\]\s*)+")
_CLOSING = lazy_pattern(r"[,.]?[\"\N{RIGHT DOUBLE QUOTATION MARK}\N{LEFT DOUBLE QUOTATION MARK}][,.]?$")
_OPENERS = '"\N{LEFT DOUBLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}'
_CLOSERS = '"\N{RIGHT DOUBLE QUOTATION MARK}'
_CUT = ("\N{HORIZONTAL ELLIPSIS}", "...")


def clean_title(text: str) -> str:
    """The title without the marks of its kind, quotation marks around it, and the full stop of a list."""
    title = _without_quotes(_BADGES.sub("", text.strip())).strip(" ,;")
    return title[:-1] if title.endswith(".") and not title.endswith(("..", " al.", " Jr.")) else title


def _without_quotes(title: str) -> str:
    """The title without the quotation marks around all of it, or the closing one left alone by a cut before it."""
    closing = _CLOSING.search(title)
    if closing is None:
        return title
    inner = title[: closing.start()]
    if inner.startswith(tuple(_OPENERS)):
        return title if any(mark in inner[1:] for mark in _CLOSERS) else inner[1:]
    return title if any(mark in inner for mark in _OPENERS) else inner


def make_work(
    fields: Mapping[str, tuple[Line, str]],
    names: Sequence[tuple[Line, str]],
    lines: Sequence[Line],
    options: ReadOptions,
    *,
    type_hint: str = "",
    sure: float = 0.95,
) -> ListedRecord:
    """The record of the fields of a layout; ``names`` are the lines of its authors, ``sure`` the layout's confidence.

    Fields are CSL variables, and: ``venue`` (a text that `venue_parts` takes apart), or ``first`` and ``also`` of
    several, ``year``, ``earliest`` (a date, where the venue has no year), ``arxiv`` or ``eprint``, ``kind`` (a word of
    `TYPES`). What a page's own field says goes before what the venue says.
    """
    draft = ListingDraft()
    place, title = fields["title"]
    edition = _EDITION.search(title)
    title = title[: edition.start()] if edition else title
    draft.set("title", rich_text(clean_title(title)), place.number, sure)
    everyone: list[Names] = []
    for _, text in names:
        people = people_of(text)
        if people.names:
            everyone.append(people.names)
            sure = min(sure, max(0.5, 1.0 - people.cost / 6.0))
    if everyone:
        joined = Names(
            tuple(name for some in everyone for name in some.names), any(some.truncated for some in everyone)
        )
        edited = all(_EDITORS.search(text) for _, text in names)
        draft.set("editor" if edited else "author", joined, names[0][0].number, sure)
    parts = {name: value for name, value in fields.items() if name not in ("title", "venue", *_SPECIAL)}
    if "eprint" in fields:
        parts["arxiv"] = fields["eprint"]
    cut_venue = False
    if "venue" in fields or "first" in fields:
        line, venue = fields.get("first") or fields["venue"]
        cut_venue = venue.rstrip(" ,.").endswith(_CUT) or any(mark in venue for mark in _CUT)
        for name, value in venue_parts(venue).items():
            if name == "container-title" and cut_venue:
                draft.keep("venue", venue)
            else:
                parts.setdefault(name, (line, value))
    if "earliest" in fields and ("year" not in parts or parts["year"][1] in fields["earliest"][1]):
        parts.setdefault("issued", fields["earliest"])  # not that of a preprint of an earlier year than the venue's
    _note_publisher(parts, has_edition=edition is not None)
    if edition:
        parts.setdefault("edition", (place, normal_edition(edition["inside"] or edition["behind"])))
    plain = {name: value for name, (_, value) in parts.items()}
    kind = plain.get("kind", "").casefold().strip()
    is_book = "container-title" not in plain and ("edition" in plain or "publisher" in plain)
    draft.type = TYPES.get(kind, "") or type_hint or ("book" if is_book else type_of(plain))
    if draft.type == "article-journal" and type_of(plain) == "paper-conference":
        draft.type = "paper-conference"  # ACM's "research-article" may be of a conference
    if "editor" in draft.values and draft.type in ("paper-conference", "document"):
        draft.type = "book"  # people edit the proceedings, not a paper in them
        parts = _of_series(parts)
    _set_parts(draft, parts)
    draft.lines = sorted({line.number for line in lines})
    return draft.build(options)


def _note_publisher(parts: dict[str, tuple[Line, str]], *, has_edition: bool) -> None:
    """Take a venue for the publisher that is one: ``Oxford: Oxford University Press``, or what follows an edition."""
    if "container-title" not in parts or parts.keys() & {"volume", "issue", "page", "publisher"}:
        return
    line, text = parts["container-title"]
    place, _, publisher = text.rpartition(": ")
    first, _, last = text.rpartition(", ")
    if not place and PUBLISHER.fullmatch(first):
        publisher, place = first, last
    if PUBLISHER.fullmatch(publisher.strip(" .")) or has_edition:
        del parts["container-title"]
        parts["publisher"] = line, publisher
        if place:
            parts.setdefault("publisher-place", (line, place))


def _of_series(parts: Mapping[str, tuple[Line, str]]) -> dict[str, tuple[Line, str]]:
    """The parts of a whole volume, which appears in a series: ``Lecture Notes in Computer Science 13943, Springer``."""
    parts = dict(parts)
    if "container-title" in parts:
        line, text = parts.pop("container-title")
        if series := _SERIES.fullmatch(text):
            parts["collection-title"] = line, series["title"]
            for name in ("collection-number", "publisher"):
                if series[name.replace("-", "_")]:
                    parts.setdefault(name, (line, series[name.replace("-", "_")]))
        else:
            parts["collection-title"] = line, text
        if "volume" in parts:
            parts.setdefault("collection-number", parts.pop("volume"))
    return parts


def _set_parts(draft: ListingDraft, parts: Mapping[str, tuple[Line, str]]) -> None:
    for name, (line, text) in parts.items():
        value = " ".join(text.split()).strip(" ,;")
        if not value:
            continue
        if name == "container-title":
            if draft.type == "thesis":
                draft.keep("venue", value)
            else:
                draft.set(name, rich_text(value), line.number, 0.9)
        elif name in _NUMBERS:
            draft.set(name, Number(normal_pages(value) if name == "page" else value), line.number, 0.9)
        elif name in _PARSERS:
            _set_identifier(draft, name, value, line)
        elif name in _PLAIN:
            draft.set(name, Verbatim(value) if name == "URL" else rich_text(value), line.number)
        elif name == "arxiv":
            _set_arxiv(draft, value, line)
        elif name in ("note", "status", "bibcode", "also"):
            draft.keep(name, value)
    for name in ("issued", "year"):
        if name in parts and "issued" not in draft.values:
            line, text = parts[name]
            draft.set("issued", read_date(text), line.number)


def read_date(text: str) -> Date | None:
    """The date of the ways that pages write one, month and day where they are given; None for anything else."""
    text = text.strip(" ,.;()")
    if match := re.fullmatch(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?", text):
        numbers = [int(part) for part in match.groups() if part]
        if len(numbers) == 3:
            return parse_long_date("-".join(f"{n:02}" for n in numbers)) or Date.of(numbers[0])
        return Date.of(*numbers) if len(numbers) == 1 or 1 <= numbers[1] <= 12 else Date.of(numbers[0])
    if match := re.fullmatch(r"(\d{4}) ([A-Za-z]{3,9})\.?(?: (\d{1,2}))?", text):  # as PubMed writes it
        text = f"{match[3]} {match[2]} {match[1]}" if match[3] else f"{match[2]} {match[1]}"
    return parse_long_date(text)


def _set_identifier(draft: ListingDraft, name: str, value: str, line: Line) -> None:
    try:
        number = _PARSERS[name](value)
    except IdentifierError:
        draft.keep(name.casefold(), value)
        return
    if name == "DOI" and (arxiv_id := arxiv_id_of_doi(number)):
        draft.arxiv.setdefault("id", arxiv_id)
        draft.arxiv_line = line.number
        return
    draft.set(name, Verbatim(number), line.number)


def _set_arxiv(draft: ListingDraft, value: str, line: Line) -> None:
    try:
        draft.arxiv.setdefault("id", parse_arxiv_id(value))
    except IdentifierError:
        draft.keep("arxiv", value)
        return
    draft.arxiv_line = line.number
