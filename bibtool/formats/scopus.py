"""Scopus' CSV export, read only.

Source: the headings that Scopus writes (Elsevier, "Export documents"; the list of 2023 and the older one). Names are
``Smith, John A. (57190001234)`` in ``Author full names``, ``Smith J.A.`` elsewhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.errors import InputError
from bibtool.formats.base import ReadResult, Row, decode_text, head_text
from bibtool.formats.csvtable import Rows
from bibtool.formats.fields import Draft, built, inverted_name
from bibtool.formats.rawdate import parse_raw_date
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.names import Name, looks_like_organisation
from bibtool.model.text.lines import LINE_END
from bibtool.problems import Severity

if TYPE_CHECKING:
    from bibtool.formats.base import ReadOptions
    from bibtool.problems import Problem

SOURCE = "scopus"

TYPES: dict[str, str] = {
    "article": "article-journal", "article in press": "article-journal", "review": "article-journal",
    "conference paper": "paper-conference", "conference review": "book", "book": "book", "book chapter": "chapter",
    "editorial": "article-journal", "letter": "article-journal", "note": "article-journal",
    "short survey": "article-journal", "erratum": "article-journal", "retracted": "article-journal",
    "data paper": "article-journal", "business article": "article-magazine", "report": "report",
    "abstract report": "report", "multimedia": "motion_picture", "preprint": "article",
}  # fmt: skip
FIELDS: tuple[Row, ...] = (
    Row("Document Type", "", "the type"), Row("Author full names", "author"),
    Row("Authors", "author", "where there are no full names"), Row("Title", "title"), Row("Year", "issued"),
    Row("Source title", "container-title"), Row("Abbreviated Source Title", "container-title-short"),
    Row("Volume", "volume"), Row("Issue", "issue"), Row("Page start, Page end", "page"),
    Row("Art. No.", "page", "where there are no pages"), Row("Page count", "number-of-pages", "of a book"),
    Row("Editors", "editor"), Row("Publisher", "publisher"), Row("Conference name", "event-title"),
    Row("Conference location", "event-place"), Row("Conference date", "event-date"), Row("DOI", "DOI"),
    Row("PubMed ID", "PMID"), Row("ISSN", "ISSN"), Row("ISBN", "ISBN"),
    Row("Language of Original Document", "language"), Row("Author Keywords", "keyword"), Row("Abstract", "abstract"),
    Row("Source", "source"),
)  # fmt: skip
_PLAIN = {
    "title": "title", "source title": "container-title", "abbreviated source title": "container-title-short",
    "volume": "volume", "issue": "issue", "publisher": "publisher", "conference name": "event-title",
    "conference location": "event-place", "doi": "DOI", "pubmed id": "PMID",
    "language of original document": "language", "abstract": "abstract", "source": "source",
}  # fmt: skip
_HANDLED = frozenset(
    "document type;authors;author full names;year;page start;page end;art. no.;editors;conference date;issn;isbn;"
    "author keywords;page count".split(";")
)
# counts, addresses and what indexers add
_IGNORED = frozenset(
    "author(s) id;cited by;affiliations;authors with affiliations;index keywords;references;correspondence address;"
    "molecular sequence numbers;chemicals/cas;tradenames;manufacturers;coden;publication stage;open access;"
    "conference code;funding details;funding texts;sponsors".split(";")
)
# headings that no other table has, by two of which Scopus is known
_MARKS = frozenset(
    "source title;eid;art. no.;abbreviated source title;author full names;author(s) id;publication stage;"
    "language of original document;authors with affiliations;correspondence address".split(";")
)
_ID = lazy_pattern(r"\s*\(\d{4,20}\)\s*$")
_MAX_NAME = 300
_INITIALS = lazy_pattern(
    r"(?P<family>\S.*?)\s+(?P<given>(?:[^\W\d_]{1,2}\.-?\s?)+)(?:,?\s*(?P<suffix>Jr\.?|Sr\.?|I{1,3}))?"
)


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The rows as records. Raises `InputError` where the first row has not the headings of Scopus."""
    text, decoding_problems = decode_text(data, options)
    problems: list[Problem] = list(decoding_problems)
    rows = Rows(text, _delimiter(text))
    source = iter(rows)
    _, headings = next(source, (1, []))
    columns = [_folded(heading) for heading in headings]
    if not {"title", "doi", "authors", "source title"} & set(columns):
        raise InputError(
            "the first row has no heading of Scopus",
            path=options.path,
            line=1,
            hint="export with at least Authors, Title, Year and Source title",
        )
    drafts = [_draft(line, cells, headings, columns, options, problems) for line, cells in source]
    for line in rows.faults:
        message = "a quotation mark that is not closed; it is taken as a character"
        problems.append(options.problem(line, "csv-quote", message, severity=Severity.ERROR))
    return ReadResult(built(drafts, options, problems), tuple(problems))


def _folded(heading: str) -> str:
    return " ".join(heading.strip().strip("\ufeff").casefold().split())


def _delimiter(text: str) -> str:
    first = LINE_END.split(text.lstrip("\r\n"), maxsplit=1)[0][:20_000]
    return max(",;\t", key=first.count)


def _draft(
    line: int, cells: list[str], headings: list[str], columns: list[str], options: ReadOptions, problems: list[Problem]
) -> Draft:
    draft = Draft(SOURCE, line)
    values = {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if cell.strip()}
    for index, cell in enumerate(cells[len(columns) :], start=len(columns) + 1):
        if cell.strip():
            draft.leave(f"column {index}", cell)
            message = "the row has more cells than there are headings"
            problems.append(options.problem(line, "csv-cells", message, cell))
    kind = values.get("document type", "")
    draft.type = TYPES.get(kind.casefold(), "")
    if not draft.type:
        draft.type = "article-journal" if not kind and values.get("source title") else "document"
        if kind:
            draft.leave("Document Type", kind)
            message = f"{kind[:40]!r} is not a document type of Scopus; taken as document"
            problems.append(options.problem(line, "unknown-type", message, kind))
    elif kind.casefold() not in {"article", "conference paper", "book", "book chapter"}:
        draft.leave("Document Type", kind)
    full = values.get("author full names", "")
    for text in _split(full or values.get("authors", "")):
        draft.put_name("author", inverted_name(_ID.sub("", text)) if full else _short_name(text))
    for text in _split(values.get("editors", "")):
        draft.put_name("editor", _short_name(text))
    if year := values.get("year", ""):
        draft.put_date("issued", parse_raw_date(year), "Year", year)
    if days := values.get("conference date", ""):
        draft.put_date("event-date", _days(days), "Conference date", days)
    whole = draft.type == "book"
    pages = "-".join(page for name in ("page start", "page end") if not whole and (page := values.get(name, "")))
    draft.put("page", pages or values.get("art. no.", ""), "Page start")
    if pages and "art. no." in values:
        draft.put("number", values["art. no."], "Art. No.")
    if whole:
        draft.put("number-of-pages", values.get("page count", ""), "Page count")
    for name in ("issn", "isbn"):
        for number in re.split(r"[;,]\s*", values.get(name, "")):
            draft.put(name.upper(), _hyphened(number) if name == "issn" else number, name.upper())
    draft.keywords.extend(word.strip() for word in values.get("author keywords", "").split(";") if word.strip())
    for column, heading in zip(columns, headings, strict=True):
        value = values.get(column, "")
        if column in _PLAIN:
            if value == "[No title available]" or (
                whole and column == "source title" and value.casefold() == values.get("title", "").casefold()
            ):
                continue
            draft.put(_PLAIN[column], value, heading)
        elif value and column not in _HANDLED and column not in _IGNORED:
            draft.leave(heading.strip().strip("\ufeff"), value)
    draft.put_arxiv_of_doi("DOI")
    return draft


def _days(text: str) -> Date:
    """``3 June 2016 through 7 June 2016`` as a range."""
    first, mark, last = text.partition(" through ")
    start, end = parse_raw_date(first), parse_raw_date(last)
    if mark and start.start and end.start and not start.literal and not end.literal:
        return Date(start.start, end.start if end.start != start.start else None)
    return parse_raw_date(text)


def _hyphened(issn: str) -> str:
    """Scopus leaves the hyphen of an ISSN out."""
    return f"{issn[:4]}-{issn[4:]}" if re.fullmatch(r"\d{7}[\dXx]", issn, re.ASCII) else issn


def _split(text: str) -> list[str]:
    """The names of a cell: by semicolons, in older exports by commas after initials (``Smith J., Doe A.B.``)."""
    if not text or text.casefold() in {"[no author name available]", "[no author id available]"}:
        return []
    pieces = text.split(";") if ";" in text else re.split(r"(?<=\.),\s+(?!(?:Jr|Sr)\b)", text)
    return [piece.strip() for piece in pieces if piece.strip()]


def _short_name(text: str) -> Name:
    """``van der Berg J.A.``: the initials come last."""
    text = " ".join(_ID.sub("", text[:_MAX_NAME]).split())
    if "," in text and not re.search(r",\s*(?:Jr|Sr)\.?$", text):
        return inverted_name(text)
    name = _INITIALS.fullmatch(text)
    if name is None:
        return Name(literal=text) if " " in text or looks_like_organisation(text) else Name(family=text)
    return inverted_name(
        ", ".join(part for part in (name["family"].rstrip(","), name["given"].strip(), name["suffix"]) if part)
    )


def sniff(head: bytes) -> int:
    """95 where the first line has two headings that only Scopus has and a title, 0 otherwise."""
    text = head_text(head)
    first = LINE_END.split(text, maxsplit=1)[0][:20_000]
    columns = {_folded(cell.strip().strip('"')) for cell in re.split(r"[,;\t]", first)}
    return 95 if len(columns & _MARKS) >= 2 and columns & {"title", "authors", "doi"} else 0
