"""Bytes of the arXiv query API to `AtomEntry` objects, and an entry to a `Record`. Pure; no network in here.

Read by namespace, so that both servers fit: the one until November 2025 and the one since (element order, quoting and
the place of the namespace declarations differ). Field meanings: https://info.arxiv.org/help/api/user-manual.html.

A body that is not a feed (HTML, plain text ``Rate exceeded.``, cut XML, an entity bomb) raises `NetworkError`: it never
reads as "no such paper".
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bibtool.bib.latex import detex
from bibtool.errors import IdentifierError, NetworkError, RefusedError
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId, arxiv_id_of_doi, parse_arxiv_id, parse_doi
from bibtool.model.names import Name, Names, looks_like_organisation, parse_name
from bibtool.model.record import Arxiv, Provenance, Record, Verbatim
from bibtool.model.richtext import Text, parse_markup
from bibtool.structs import dataclass
from bibtool.xmltree import parse_xml

if TYPE_CHECKING:
    from bibtool.model.record import Value
    from bibtool.xmltree import Element

ATOM = "http://www.w3.org/2005/Atom"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
ARXIV = "http://arxiv.org/schemas/atom"

MAX_BYTES = 32_000_000  # ten entries have been seen to take 1 MB, a page holds a hundred
MAX_DEPTH = 60


@dataclass(frozen=True, slots=True)
class AtomAuthor:
    """One author element: the name as it is (spaces collapsed, TeX accents as Unicode) and affiliations."""

    name: str
    affiliations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AtomEntry:
    """One paper in one version. ``published`` is the date of version 1, ``updated`` that of this one (ISO, UTC)."""

    id: ArxivId
    title: str = ""
    authors: tuple[AtomAuthor, ...] = ()
    summary: str = ""
    published: str = ""
    updated: str = ""
    primary_category: str = ""
    categories: tuple[str, ...] = ()
    dois: tuple[str, ...] = ()
    journal_ref: str = ""
    comment: str = ""

    @property
    def doi(self) -> str:
        """The DOI of the outside publication, or ""; arXiv's own 10.48550 is none."""
        return next((doi for doi in self.dois if arxiv_id_of_doi(doi) is None), "")

    @property
    def withdrawn(self) -> bool:
        """True where comment or summary say that the paper was withdrawn; the feed has no flag for it."""
        return bool(_WITHDRAWN_COMMENT.search(self.comment) or _WITHDRAWN_SUMMARY.search(self.summary[:1000]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One answer.

    ``total``     hits of the whole query (or None: not said)
    ``start``     offset of the first entry
    ``received``  entry elements in the body, also those without an id (the old server's sign of a missing paper)
    ``error``     the reason in an error feed, else ""
    """

    entries: tuple[AtomEntry, ...] = ()
    total: int | None = None
    start: int = 0
    received: int = 0
    error: str = ""


_WITHDRAWN_COMMENT = lazy_pattern(
    r"\bwithdrawn\b(?!\s+from\b)|\bwithdraw(?:al|ing)?\s+(?:of\s+)?(?:this|the)\b", re.IGNORECASE
)
_WITHDRAWN_SUMMARY = lazy_pattern(
    r"\b(?:paper|article|submission|manuscript|preprint|work|note|version|thesis|report)\s+"
    r"(?:(?:has|have)\s+been|is|was)\s+(?:now\s+|temporarily\s+|hereby\s+)?withdrawn\b"
    r"|^\W*withdrawn\b|\bwithdrawn\s+by\s+(?:the\s+)?(?:author|arxiv|submitter)",
    re.IGNORECASE,
)


def parse_feed(body: bytes) -> Feed:
    """The answer in a body of either server.

    Raises `NetworkError` where the body is not an Atom feed, and `RefusedError` for the page that blocks robots. An
    error feed is a `Feed` with ``error`` set.
    """
    if len(body) > MAX_BYTES:
        raise NetworkError(f"the answer is longer than {MAX_BYTES // 1_000_000} MB")
    if not body.strip():
        raise NetworkError("the answer is empty")
    head = body[:4000].decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    lowered = head.lower()
    if not lowered.startswith("<"):
        raise NetworkError(f"the answer is not XML: {_on_one_line(head)[:60]!r}")
    if lowered.startswith(("<!doctype html", "<html")) or "<html" in lowered[:1000]:
        if "access denied" in lowered:
            raise RefusedError(
                "arXiv refuses to answer (it sent a page that blocks robots)",
                hint="do not ask again for some hours; see https://info.arxiv.org/help/robots.html",
            )
        raise NetworkError("the answer is an HTML page, not a feed")
    root = _parse_xml(body)
    if (root.namespace, root.name) != (ATOM, "feed"):
        raise NetworkError(f"the answer is not an Atom feed: its root element is {root.name!r}")
    elements = _all(root, ATOM, "entry")
    for element in elements:
        if "/api/errors" in _text(element, ATOM, "id"):
            return Feed(error=_text(element, ATOM, "summary") or "unknown error", received=len(elements))
    entries: dict[tuple[str, str], AtomEntry] = {}  # a paper under two titles stays two: the answer contradicts itself
    for element in elements:
        entry = _parse_entry(element)
        if entry is not None:
            entries.setdefault((str(entry.id), entry.title), entry)
    return Feed(
        entries=tuple(entries.values()),
        total=_number(root, "totalResults"),
        start=_number(root, "startIndex") or 0,
        received=len(elements),
    )


def _parse_xml(body: bytes) -> Element:
    parsed = parse_xml(body, max_depth=MAX_DEPTH, allow_dtd=False)
    fault = parsed.fault
    if fault is None and parsed.root is not None:
        return parsed.root
    if fault is not None and fault.kind in {"dtd", "entities"}:
        raise NetworkError("the answer holds forbidden XML (a DTD or entities)")
    message = "no element found" if fault is None else fault.message
    if fault is not None and fault.kind == "syntax":
        message += f": line {fault.line}, column {fault.column - 1}"
    elif fault is not None and fault.kind == "depth":
        message = "nested too deeply"
    raise NetworkError(f"the answer is broken XML: {message}")


def _all(element: Element, namespace: str, name: str) -> list[Element]:
    return [child for child in element.children if child.name == name and child.namespace == namespace]


def _number(root: Element, name: str) -> int | None:
    text = next((child.own_text for child in _all(root, OPENSEARCH, name)), "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _marked_up(text: str) -> Text:
    """Plain characters with ``$math$`` as mathematics; nothing else in it is markup."""
    return parse_markup(text.replace("&", "&amp;").replace("<", "&lt;"))


def _text(element: Element, namespace: str, name: str) -> str:
    return next((_on_one_line("".join(child.raw())) for child in _all(element, namespace, name)), "")


def _parse_entry(element: Element) -> AtomEntry | None:
    """The paper, or None for a shell without id: the old server's way to say that an id does not exist."""
    try:
        identifier = parse_arxiv_id(_text(element, ATOM, "id"))
    except IdentifierError:
        return None
    primary_term = next((_on_one_line(primary.get("term")) for primary in _all(element, ARXIV, "primary_category")), "")
    terms = [_on_one_line(category.get("term")) for category in _all(element, ATOM, "category")]
    # the old server lists MSC and ACM classes as categories too
    categories = [term for term in dict.fromkeys([primary_term, *terms]) if _CATEGORY.fullmatch(term)]
    return AtomEntry(
        id=identifier,
        title=detex(_text(element, ATOM, "title")),
        authors=_authors(element),
        summary=detex(_text(element, ATOM, "summary")),
        published=_instant(_text(element, ATOM, "published")),
        updated=_instant(_text(element, ATOM, "updated")),
        primary_category=primary_term or next(iter(categories), ""),
        categories=tuple(categories),
        dois=_dois(element),
        journal_ref=detex(_text(element, ARXIV, "journal_ref")),
        comment=detex(_text(element, ARXIV, "comment")),
    )


_CATEGORY = lazy_pattern(r"[a-z][a-z-]{1,12}(?:\.[A-Za-z]{2}|\.[a-z]{2,}(?:-[a-z]+)+|\.[a-z]{2,8})?")


def _instant(text: str) -> str:
    """ISO 8601 in UTC with ``Z``, or "" for something else."""
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _dois(element: Element) -> tuple[str, ...]:
    found: list[str] = []
    for item in _all(element, ARXIV, "doi"):
        for word in item.own_text.split():  # several in one element occur
            try:
                found.append(parse_doi(word))
            except IdentifierError:
                continue
    return tuple(dict.fromkeys(found))


# -- authors ------------------------------------------------------------------------------------------------------

_AFFILIATION = lazy_pattern(r"\s*\(([^()]{0,200})\)\s*$")
_ON_BEHALF = lazy_pattern(
    r",?\s+(?:for|on behalf of)\s+(the\s+.{2,120}?\b(?:collaborations?|consortium|team|group))$", re.IGNORECASE
)
_GLUED_INITIAL = lazy_pattern(r"\.\s+-(?=[A-Z])")
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})


def _authors(element: Element) -> tuple[AtomAuthor, ...]:
    found: list[AtomAuthor] = []
    for author in _all(element, ATOM, "author"):
        affiliations = [detex(_on_one_line("".join(a.raw()))) for a in _all(author, ARXIV, "affiliation")]
        found.extend(clean_author(_text(author, ATOM, "name"), tuple(a for a in affiliations if a)))
    return tuple(found)


def clean_author(text: str, affiliations: tuple[str, ...] = ()) -> list[AtomAuthor]:
    """The people in one author element: usually one, none for punctuation only, several where commas were lost.

    ``Jakob Maier (DYOGENE)`` is a name and an affiliation; ``A. Person for the X Collaboration`` is a person and an
    organisation; ``Joan Bruna,`` has a stray comma.
    """
    text = detex(_on_one_line(text)).strip(" ,;")
    glued: list[str] = []
    while found := _AFFILIATION.search(text):
        if not any(char.isalpha() for char in text[: found.start()]):
            break
        if found[1].strip():
            glued.insert(0, found[1].strip())
        text = text[: found.start()].rstrip(" ,;")
    if not any(char.isalpha() for char in text):
        return []
    places = (*affiliations, *glued)
    if found := _ON_BEHALF.search(text):
        return [AtomAuthor(_initials(text[: found.start()]), places), AtomAuthor(found[1])]
    parts = [part.strip() for part in text.split(",") if any(char.isalpha() for char in part)]
    if len(parts) > 1 and not looks_like_organisation(text) and all(_is_full_name(part) for part in parts):
        return [AtomAuthor(_initials(part), places) for part in parts]
    return [AtomAuthor(_initials(text), places)]


def _is_full_name(part: str) -> bool:
    """Two words at least: ``Eric Vanden-Eijnden``, not the ``Jr.`` or the ``Joan`` of an inverted name."""
    return " " in part and part.split(maxsplit=1)[0].casefold() not in _SUFFIXES


def _initials(text: str) -> str:
    return _GLUED_INITIAL.sub(".-", text)


def author_names(entry: AtomEntry) -> Names:
    """The authors as names; organisations as literals. Never truncated: arXiv lists everybody."""
    return Names(tuple(_name(author.name) for author in entry.authors))


def _name(text: str) -> Name:
    if re.match(r"(?:the|for the)\s", text, re.IGNORECASE):
        return Name(literal=text)
    return parse_name(text)


# -- records ------------------------------------------------------------------------------------------------------


def published_date(entry: AtomEntry) -> Date | None:
    """The day of version 1, or None."""
    return _day(entry.published)


def _day(instant: str) -> Date | None:
    if not instant:
        return None
    return Date.of(int(instant[:4]), int(instant[5:7]), int(instant[8:10]))


def to_record(entry: AtomEntry, *, when: str = "") -> Record:
    """The entry as a record of type ``article`` (CSL's preprint), without key.

    ``issued`` is the day of version 1; ``DOI`` is set only for an outside publication. ``when`` is the date of the
    answer and goes into the provenance of every value.
    """
    values: dict[str, Value | None] = {
        "title": _marked_up(entry.title) if entry.title else None,
        "author": author_names(entry) if entry.authors else None,
        "issued": published_date(entry),
        "abstract": _marked_up(entry.summary) if entry.summary else None,
        "DOI": Verbatim(entry.doi) if entry.doi else None,
        "URL": Verbatim(ArxivId(entry.id.number).url),
    }
    arxiv = Arxiv(
        id=ArxivId(entry.id.number),
        latest=entry.id.version,
        primary_category=entry.primary_category,
        categories=entry.categories,
        comment=entry.comment,
        journal_ref=entry.journal_ref,
        updated=entry.updated[:10],
        withdrawn=entry.withdrawn,
    )
    origin = Provenance(source="arxiv", detail=str(entry.id), when=when)
    filled = {name: value for name, value in values.items() if value is not None}
    parts = ("id", "primary_category", "categories", "comment", "journal_ref", "latest", "updated", "withdrawn")
    provenance = dict.fromkeys([*filled, *(f"arxiv.{p}" for p in parts if getattr(arxiv, p))], origin)
    return Record(type="article", variables=filled, arxiv=arxiv, provenance=provenance)
