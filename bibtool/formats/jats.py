"""JATS, the XML of journal articles (PubMed Central, publishers), read only: each ``article`` one record.

Source: the Journal Article Tag Suite 1.3, Archiving tag set; ``front/journal-meta`` and ``front/article-meta``.
Formulas become TeX where the file has TeX, else their characters. Elements that no variable fits are kept as XML.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.formats import safexml
from bibtool.formats.base import ReadResult, Row
from bibtool.formats.fields import Draft, built, person
from bibtool.formats.rawdate import parse_raw_date, worded_parts
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date, checked_parts
from bibtool.model.identifiers import orcid_of
from bibtool.model.marks import CORRESPONDING, EQUAL
from bibtool.model.names import Name
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bibtool.formats.base import ReadOptions
    from bibtool.xmltree import Element

SOURCE = "jats"

# article/@article-type -> CSL type; any other is an article of a journal
TYPES: dict[str, str] = {
    "research-article": "article-journal", "review-article": "article-journal", "brief-report": "article-journal",
    "letter": "article-journal", "editorial": "article-journal", "case-report": "article-journal",
    "book-review": "review-book", "product-review": "review", "preprint": "article", "dissertation": "thesis",
    "abstract": "paper-conference", "meeting-report": "paper-conference", "news": "article-magazine",
}  # fmt: skip
FIELDS: tuple[Row, ...] = (
    Row("article/@article-type", "", "the type"), Row("article/@lang", "language"),
    Row("journal-meta//journal-title", "container-title"),
    Row("journal-meta/journal-id[nlm-ta]", "container-title-short", "or abbrev-journal-title"),
    Row("journal-meta/issn", "ISSN"), Row("journal-meta/publisher/publisher-name", "publisher"),
    Row("journal-meta/publisher/publisher-loc", "publisher-place"),
    Row("article-id[doi]", "DOI"), Row("article-id[pmid]", "PMID"), Row("article-id[pmc]", "PMCID"),
    Row("article-id[arxiv]", "", "the arXiv id"), Row("title-group/article-title, subtitle", "title"),
    Row("title-group/alt-title[short]", "title-short"),
    Row("contrib[author]", "author", "on-behalf-of as well; contrib-id[orcid], corresp and equal-contrib belong to it"),
    Row("contrib[editor]", "editor"), Row("contrib[translator]", "translator"),
    Row("pub-date", "issued", "the earliest year; of it the most precise"), Row("history/date[received]", "submitted"),
    Row("volume", "volume"), Row("issue", "issue"), Row("fpage, lpage, page-range, elocation-id", "page"),
    Row("abstract", "abstract", "titles of sections as text"), Row("kwd-group/kwd", "keyword"),
    Row("permissions/license", "license", "its address"), Row("self-uri", "URL"),
    Row("conference/conf-name", "event-title"), Row("conference/conf-loc", "event-place"),
    Row("counts/page-count", "number-of-pages"), Row("isbn", "ISBN"),
)  # fmt: skip
_IDS = {"doi": "DOI", "pmid": "PMID", "pmc": "PMCID", "pmcid": "PMCID"}
_ROLES = {"author": "author", "editor": "editor", "translator": "translator", "guest-editor": "editor"}
_FACES = {"italic": "i", "bold": "b", "sup": "sup", "sub": "sub", "i": "i", "b": "b"}  # i and b are PubMed's
_HANDLED = frozenset(
    "article-id title-group contrib-group pub-date history volume issue fpage lpage page-range elocation-id abstract "
    "kwd-group permissions self-uri conference counts isbn aff author-notes article-categories related-article "
    "funding-group custom-meta-group pub-history article-version issue-id volume-id".split()
)
_ATTRIBUTES = {"equal-contrib": EQUAL, "corresp": CORRESPONDING}
_NOTES = {"equal": EQUAL, "corresp": CORRESPONDING}  # fn/@fn-type, or the element corresp
_DAYS = lazy_pattern(r"\d{1,2}", re.ASCII)


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The articles of a file."""
    nodes, problems = safexml.read_records(data, {"article"}, options)
    records = built(map(_draft, nodes), options, problems)
    return ReadResult(records, tuple(problems))


def rich(node: Element | None) -> str:
    """The content of an element as CSL-JSON's markup; footnotes and cross references are left out."""
    if node is None:
        return ""
    return " ".join(_rich(node).split())


def _rich(node: Element) -> str:
    out: list[str] = []
    for part in node.content:
        if isinstance(part, str):
            out.append(part)
        elif part.name in _FACES:
            out.append(f"<{_FACES[part.name]}>{_rich(part)}</{_FACES[part.name]}>")
        elif part.name == "sc":
            out.append(f'<span style="font-variant:small-caps;">{_rich(part)}</span>')
        elif part.name == "monospace":
            out.append(f"<code>{_rich(part)}</code>")
        elif part.name in {"inline-formula", "disp-formula", "alternatives"} and (tex := _tex(part)):
            out.append(f"${tex}$")
        elif part.name == "break":
            out.append(" ")
        elif part.name not in {"xref", "fn", "graphic", "object-id"}:
            out.append(_rich(part))
    return "".join(out)


def _tex(node: Element) -> str:
    for child in node.children:
        if child.name == "tex-math":
            text = " ".join("".join(child.raw()).split())
            # PubMed Central writes a whole document around a formula
            if document := re.search(r"\\begin\{document\}(.*)\\end\{document\}", text):
                text = document[1]
            return text.strip().strip("$").strip()
        if child.name == "alternatives" and (tex := _tex(child)):
            return tex
    return ""


def _draft(node: Element) -> Draft:
    draft = Draft(SOURCE, node.line)
    front = node.first("front") or node.first("front-stub") or node
    journal, meta = front.first("journal-meta"), front.first("article-meta") or front
    draft.type = TYPES.get(node.get("article-type"), "article-journal")
    draft.put("language", node.get("lang"), "article/@lang")
    if journal is not None:
        _journal(draft, journal)
    for identifier in meta.all("article-id"):
        kind = identifier.get("pub-id-type")
        if kind == "arxiv":
            draft.put_arxiv(identifier.text(), "article-id")
        elif kind in _IDS:
            draft.put(_IDS[kind], identifier.text(), f"article-id[{kind}]")
        elif identifier.text():
            draft.leave("article-id", safexml.to_xml(identifier))
    group = meta.first("title-group")
    title, subtitle = rich(meta.first("title-group/article-title")), rich(meta.first("title-group/subtitle"))
    draft.put("title", f"{title}: {subtitle}" if title and subtitle else title, "article-title")
    for alt in group.all("alt-title") if group else ():
        if alt.get("alt-title-type") in {"short", "running-head", "left-running", "right-running"}:
            draft.put("title-short", rich(alt), "alt-title")
    notes = {
        note.get("id"): _NOTES[kind]
        for path in ("author-notes/fn", "author-notes/corresp")
        for note in meta.all(path)
        if (kind := note.get("fn-type") or note.name) in _NOTES
    }
    for contribs in meta.all("contrib-group"):
        for contrib in contribs.all("contrib"):
            _contrib(draft, contrib, notes)
    _dates(draft, meta)
    for tag in ("volume", "issue"):
        draft.put(tag, meta.text(tag), tag)
    pages = "-".join(filter(None, (meta.text("fpage"), meta.text("lpage"))))
    draft.put("page", pages or meta.text("page-range") or meta.text("elocation-id"), "fpage")
    _abstract(draft, meta)
    for words in meta.all("kwd-group"):
        draft.keywords.extend(word for keyword in words.all("kwd") if (word := rich(keyword)))
    for licence in meta.all("permissions/license"):
        draft.put("license", licence.get("href") or licence.text("license_ref"), "license")
    for uri in meta.all("self-uri"):
        draft.put("URL", uri.get("href") or uri.text(), "self-uri")
    draft.put("event-title", meta.text("conference/conf-name"), "conf-name")
    draft.put("event-place", meta.text("conference/conf-loc"), "conf-loc")
    draft.put("ISBN", meta.text("isbn"), "isbn")
    if count := meta.first("counts/page-count"):
        draft.put("number-of-pages", count.get("count"), "page-count")
    for child in meta.children:
        if child.name not in _HANDLED and child.text():
            draft.leave(child.name, safexml.to_xml(child))
    draft.put_arxiv_of_doi("article-id")
    return draft


def _journal(draft: Draft, journal: Element) -> None:
    draft.put("container-title", journal.text("journal-title-group/journal-title"), "journal-title")
    draft.put("container-title", journal.text("journal-title"), "journal-title")
    for title in journal.all("journal-title-group/abbrev-journal-title"):
        draft.put("container-title-short", title.text(), "abbrev-journal-title")
    for identifier in journal.all("journal-id"):
        if identifier.get("journal-id-type") in {"nlm-ta", "iso-abbrev"}:
            draft.put("container-title-short", identifier.text(), "journal-id")
    for number in journal.all("issn"):
        draft.put("ISSN", number.text(), "issn")
    draft.put("publisher", journal.text("publisher/publisher-name"), "publisher-name")
    draft.put("publisher-place", journal.text("publisher/publisher-loc"), "publisher-loc")


def _contrib(draft: Draft, contrib: Element, notes: Mapping[str, str]) -> None:
    variable = _ROLES.get(contrib.get("contrib-type") or "author")
    if variable is None:
        draft.leave("contrib", safexml.to_xml(contrib))
        return
    marks = _marks(contrib, notes)
    orcids = [identifier for identifier in contrib.all("contrib-id") if identifier.get("contrib-id-type") == "orcid"]
    orcid = orcid_of(orcids[0].text()) if orcids else ""
    added = False
    for part in contrib.children:
        if part.name in {"name", "string-name"}:
            added |= draft.put_name(variable, replace(read_name(part), marks=marks, orcid=orcid))
        elif part.name == "name-alternatives":
            first = next((name for name in part.children if name.name in {"name", "string-name"}), None)
            if first is not None:
                added |= draft.put_name(variable, replace(read_name(first), marks=marks, orcid=orcid))
        elif part.name in {"collab", "on-behalf-of"}:
            # a collaboration may list its members inside: only its own words are its name
            named = "".join(
                x if isinstance(x, str) else "" if x.name == "contrib-group" else x.text() for x in part.content
            )
            name = Name(literal=" ".join(named.split()))
            if part.name == "collab":
                added |= draft.put_name(variable, replace(name, marks=marks, orcid=orcid))
            else:
                draft.put_name(variable, name)
        elif part.name == "etal":
            draft.truncate(variable)
    for identifier in orcids:
        if not (added and orcid and orcid_of(identifier.text()) == orcid):
            whose = contrib.first("name")
            draft.leave("contrib-id", f"{read_name(whose).display() if whose else ''}: {identifier.text()}")


def _marks(contrib: Element, notes: Mapping[str, str]) -> tuple[str, ...]:
    """What the attributes of a contributor and the notes that it refers to say of the person."""
    said = [mark for attribute, mark in _ATTRIBUTES.items() if contrib.get(attribute) == "yes"]
    for reference in contrib.all("xref"):
        if reference.get("ref-type") == "corresp":
            said.append(CORRESPONDING)
        said += (notes[note] for note in reference.get("rid").split() if note in notes)
    return tuple(mark for mark in (EQUAL, CORRESPONDING) if mark in said)


def read_name(node: Element) -> Name:
    """The name of a ``name`` or ``string-name`` element."""
    family = node.text("surname")
    if not family:
        return Name(literal=node.text()) if not node.text("given-names") else Name(family=node.text("given-names"))
    return person(family, node.text("given-names"), node.text("suffix"))


def _date(node: Element) -> Date | None:
    year = node.text("year")
    if not re.fullmatch(r"\d{4}", year, re.ASCII):
        return None
    month, day = node.text("month"), node.text("day")
    if season := node.text("season"):
        date = parse_raw_date(f"{year} {season}")
        return Date.of(int(year)) if date.literal else date
    if not month:
        return Date.of(int(year))
    number = int(day) if _DAYS.fullmatch(day) else None
    parts = (
        checked_parts(int(year), int(month), number)
        if _DAYS.fullmatch(month)
        else worded_parts(int(year), month, number)
    )
    return Date(parts) if parts is not None else Date.of(int(year))


def _dates(draft: Draft, meta: Element) -> None:
    """Print and online dates differ: the earliest year is the year of issue, and in it the most precise date."""
    dates = [date for published in meta.all("pub-date") if (date := _date(published))]
    if dates:
        first = min(date.year or 0 for date in dates)
        draft.variables["issued"] = max(
            (date for date in dates if date.year == first), key=lambda date: len(date.edtf())
        )
    for event in meta.all("history/date"):
        if event.get("date-type") == "received" and (date := _date(event)):
            draft.put_date("submitted", date, "history/date", event.text())


def _abstract(draft: Draft, meta: Element) -> None:
    for abstract in meta.all("abstract"):
        if abstract.get("abstract-type") in {"graphical", "teaser", "toc", "key-points"}:
            draft.leave("abstract", safexml.to_xml(abstract))
            continue
        lines: list[str] = []
        for part in abstract.children:
            if part.name == "sec":
                title = rich(part.first("title"))
                body = " ".join(rich(p) for p in part.all("p"))
                lines.append(f"{title.rstrip('.:')}: {body}" if title else body)
            elif part.name == "p":
                lines.append(rich(part))
        text = "\n".join(line for line in lines if line) or rich(abstract)
        draft.put("abstract", text, "abstract")


def sniff(head: bytes) -> int:
    """95 for XML whose first element is ``article`` with a front, 90 for PubMed Central's ``pmc-articleset``."""
    root = safexml.root_tag(head)
    if root == "article" and (b"article-meta" in head or b"<front" in head or b"journal-meta" in head):
        return 95
    return 90 if root in {"pmc-articleset", "articles"} and b"<article" in head else 40 if root == "article" else 0
