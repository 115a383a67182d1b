"""BibJSON, read only: a record, a list of records, or a collection (``{"metadata": ..., "records": [...]}``).

Source: "BibJSON" of the Open Knowledge Foundation (http://okfnlabs.org/bibjson/): members are named as in BibTeX,
but authors, identifiers, links and the journal are objects. Types are BibTeX's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bibtool.formats.base import Row
from bibtool.formats.csl.leftover import to_text
from bibtool.formats.fields import Draft, as_list, person
from bibtool.formats.jsonitems import AgencyItem, json_head, member_names, read_items
from bibtool.formats.rawdate import parse_raw_date
from bibtool.model.identifiers import orcid_of
from bibtool.model.names import Name, looks_like_organisation, parse_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.formats.base import ReadOptions, ReadResult

SOURCE = "bibjson"

TYPES: dict[str, str] = {
    "article": "article-journal", "book": "book", "booklet": "pamphlet", "conference": "paper-conference",
    "inbook": "chapter", "incollection": "chapter", "inproceedings": "paper-conference", "manual": "report",
    "mastersthesis": "thesis", "phdthesis": "thesis", "thesis": "thesis", "proceedings": "book",
    "techreport": "report", "report": "report", "unpublished": "manuscript", "misc": "document", "online": "webpage",
    "webpage": "webpage", "dataset": "dataset", "software": "software", "patent": "patent", "preprint": "article",
}  # fmt: skip
FIELDS: tuple[Row, ...] = (
    Row("id, cid, citekey, _id", "", "the citation key"), Row("type", "", "the type"), Row("title", "title"),
    Row("author", "author", "name, or firstname and lastname"), Row("editor", "editor"),
    Row("year, month, day, date", "issued"), Row("journal", "container-title", "its name; also volume, issue, pages"),
    Row("journal.shortcode", "container-title-short"), Row("booktitle", "container-title"),
    Row("journal.identifier[issn]", "ISSN"), Row("volume", "volume"), Row("number, issue", "issue"),
    Row("pages, start_page, end_page", "page"), Row("publisher", "publisher"), Row("institution, school", "publisher"),
    Row("address", "publisher-place"), Row("edition", "edition"), Row("series", "collection-title"),
    Row("chapter", "chapter-number"), Row("identifier[doi]", "DOI"), Row("identifier[isbn]", "ISBN"),
    Row("identifier[issn, pissn, eissn]", "ISSN"), Row("identifier[pmid]", "PMID"), Row("identifier[pmcid]", "PMCID"),
    Row("identifier[arxiv]", "", "the arXiv id"), Row("link, url", "URL"), Row("keywords, subject", "keyword"),
    Row("license", "license"), Row("abstract", "abstract"), Row("language", "language"), Row("note, annote", "note"),
)  # fmt: skip
_PLAIN = {
    "title": "title", "booktitle": "container-title", "volume": "volume", "number": "issue", "issue": "issue",
    "publisher": "publisher", "institution": "publisher", "school": "publisher", "organization": "publisher",
    "address": "publisher-place", "edition": "edition", "series": "collection-title", "chapter": "chapter-number",
    "abstract": "abstract", "language": "language", "note": "note", "annote": "note", "doi": "DOI", "isbn": "ISBN",
    "url": "URL", "issn": "ISSN",
}  # fmt: skip
_IDS = {
    "doi": "DOI", "isbn": "ISBN", "issn": "ISSN", "pissn": "ISSN", "eissn": "ISSN", "pmid": "PMID", "pmcid": "PMCID",
    "pmc": "PMCID",
}  # fmt: skip
_HANDLED = frozenset(
    "id cid citekey _id type author editor year month day date journal pages start_page end_page identifier link "
    "keywords subject license collection owner".split()
)
_WORK = frozenset({"title", "author", "journal", "identifier", "booktitle", "doi"})
_MISSING = 'no record of BibJSON here: a record has at least one of "title", "author", "identifier", "journal"'


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The records of a file. Raises `InputError` where there is none."""
    return read_items(data, options, SOURCE, _draft, unwrap=_unwrap, missing=_MISSING)


def _unwrap(document: Any) -> Iterator[Any]:
    """The records in a collection, an answer of a search (``hits``, ``_source``) or a list."""
    waiting = [(document, 0)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, list) and depth < 4:
            waiting.extend((member, depth + 1) for member in reversed(value))
            continue
        inner = None
        if isinstance(value, dict) and depth < 6 and _WORK.isdisjoint(value):
            names = ("records", "results", "hits", "_source", "bibjson")
            inner = next((value[name] for name in names if isinstance(value.get(name), (dict, list))), None)
        if inner is None:
            yield value
        else:
            waiting.append((inner, depth + 1))


def _string(value: Any) -> str:
    return " ".join(str(value).split()) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _draft(item: AgencyItem) -> Draft | None:
    members = item.members
    if _WORK.isdisjoint(members):
        return None
    draft = Draft(SOURCE, item.line)
    kind = _string(members.get("type")).casefold()
    if kind in TYPES:
        draft.type = TYPES[kind]
    elif kind:
        draft.leave("type", kind)
        item.warn("unknown-type", f"{kind[:40]!r} is not a type of BibTeX; taken as document", kind)
    else:
        draft.type = "article-journal" if members.get("journal") else "document"
    for name in ("citekey", "cid", "id", "_id"):
        draft.key = draft.key or _string(members.get(name))
    for variable in ("author", "editor"):
        for contributor in as_list(members.get(variable)):
            _name(draft, variable, contributor)
    _journal(draft, members.get("journal"))
    date = " ".join(text for name in ("day", "month", "year") if (text := _string(members.get(name))))
    for field, text in (("date", _string(members.get("date"))), ("year", _date_text(date))):
        if text:
            draft.put_date("issued", parse_raw_date(text), field, text)
    _pages(draft, members)
    for identifier in as_list(members.get("identifier")):
        _identifier(draft, identifier)
    for link in as_list(members.get("link")):
        draft.put("URL", _string(link.get("url") if isinstance(link, dict) else link), "link")
    for name in ("keywords", "subject"):
        for word in as_list(members.get(name)):
            text = _string(word.get("term") if isinstance(word, dict) else word)
            draft.keywords.extend([text] if text else [])
    for licence in as_list(members.get("license")):
        text = _string((licence.get("url") or licence.get("type")) if isinstance(licence, dict) else licence)
        draft.put("license", text, "license")
    for name, value in members.items():
        if name in _HANDLED or value in (None, "", [], {}):
            continue
        if name in _PLAIN and _string(value):
            draft.put(_PLAIN[name], _string(value), name)
        else:
            draft.leave(name, to_text(value))
    draft.put_arxiv_of_doi("identifier")
    return draft


def _date_text(text: str) -> str:
    """``2 3 2022`` (day, month, year) as a date that is read in one way only."""
    numbers = text.split()
    if len(numbers) > 1 and all(re.fullmatch(r"\d+", number, re.ASCII) for number in numbers) and len(numbers[-1]) == 4:
        return "-".join([numbers[-1], *(number.zfill(2) for number in reversed(numbers[:-1]))])
    return text


def _name(draft: Draft, variable: str, contributor: Any) -> None:
    if not isinstance(contributor, dict):
        text = _string(contributor)
        if text:
            draft.put_name(variable, _whole_name(text))
        return
    family = _string(contributor.get("lastname") or contributor.get("family"))
    given = _string(contributor.get("firstname") or contributor.get("given"))
    whole = _string(contributor.get("name"))
    name = person(family, given) if family else _whole_name(whole) if whole else Name()
    draft.put_name(variable, name)
    for identifier in as_list(contributor.get("identifier")):
        if isinstance(identifier, dict) and _string(identifier.get("type")).casefold() == "orcid":
            draft.identify(variable, orcid_of(_string(identifier.get("id"))))


def _whole_name(text: str) -> Name:
    return Name(literal=text) if looks_like_organisation(text) else parse_name(text)


def _journal(draft: Draft, journal: Any) -> None:
    if not isinstance(journal, dict):
        draft.put("container-title", _string(journal), "journal")
        return
    names = {
        "name": "container-title", "title": "container-title", "shortcode": "container-title-short",
        "volume": "volume", "number": "issue", "issue": "issue", "publisher": "publisher", "pages": "page",
    }  # fmt: skip
    for name, variable in names.items():
        draft.put(variable, _string(journal.get(name)), f"journal.{name}")
    for identifier in as_list(journal.get("identifier")):
        _identifier(draft, identifier)
    for issn in as_list(journal.get("issns")):
        draft.put("ISSN", _string(issn), "journal.issns")


def _pages(draft: Draft, members: dict[str, Any]) -> None:
    pages = "-".join(page for name in ("start_page", "end_page") if (page := _string(members.get(name))))
    draft.put("page", _string(members.get("pages")).replace("--", "-") or pages, "pages")


def _identifier(draft: Draft, identifier: Any) -> None:
    if not isinstance(identifier, dict):
        draft.leave("identifier", to_text(identifier))
        return
    kind, text = _string(identifier.get("type")).casefold(), _string(identifier.get("id"))
    if kind == "arxiv":
        draft.put_arxiv(text, "identifier")
    elif kind in _IDS:
        draft.put(_IDS[kind], text, f"identifier[{kind}]")
    elif text:
        draft.leave("identifier", to_text(identifier))


# members that CSL-JSON has and BibJSON has not
_CSL = frozenset({"issued", "container-title", "family", "literal", "date-parts", "title-short", "citation-key"})


def sniff(head: bytes) -> int:
    """92 for JSON with a title and members as only BibJSON has them, 0 for CSL-JSON and other JSON."""
    names = member_names(head)
    if not names & {"title", "author"} or names & (_CSL | {"itemType", "@type", "@context", "creators"}):
        return 0
    text = json_head(head)
    if re.search(r'"(?:author|editor)"\s*:\s*\[\s*\{[^{}\[\]]{0,400}?"(?:name|lastname)"\s*:', text):
        return 92 if names & {"identifier", "journal", "year", "link", "cid", "bibjson", "type"} else 60
    if re.search(r'"identifier"\s*:\s*\[\s*\{[^{}]{0,200}?"type"\s*:', text) and "title" in names:
        return 92
    return 85 if re.search(r'"journal"\s*:\s*\{\s*"', text) and names & {"year", "author"} else 0
