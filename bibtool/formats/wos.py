"""Web of Science's tagged export ("plain text", ``.ciw``, ISI), read only.

Source: Clarivate's help, "Web of Science Core Collection Field Tags". A tag has two characters, further lines of a
value begin with three spaces; each name has a line of its own; ``ER`` ends a record, ``EF`` the file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.errors import InputError
from bibtool.formats.base import ReadResult, Row, decode_text, head_text
from bibtool.formats.fields import Draft, built, inverted_name
from bibtool.formats.rawdate import parse_raw_date
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.identifiers import orcid_of
from bibtool.model.names import Name
from bibtool.model.normal.capitals import in_capitals, name_from_capitals, title_from_capitals
from bibtool.model.text.lines import LINE_END
from bibtool.structs import NamedTuple, replace

if TYPE_CHECKING:
    from bibtool.formats.base import ReadOptions

SOURCE = "wos"

# publication type (PT) -> CSL type
TYPES: dict[str, str] = {
    "J": "article-journal", "B": "book", "S": "book", "C": "paper-conference", "P": "patent", "D": "dataset",
}  # fmt: skip
# document type (DT) -> CSL type where it says more than PT, the first that is found
_DOCUMENT_TYPES: dict[str, str] = {
    "book review": "review-book", "software review": "review", "hardware review": "review",
    "data set": "dataset", "dataset": "dataset", "data study": "dataset", "software": "software",
    "awarded grant": "document", "preprint": "article", "dissertation": "thesis", "thesis": "thesis",
}  # fmt: skip
_PLAIN_KINDS = frozenset(
    {"Article", "Proceedings Paper", "Article; Proceedings Paper", "Book", "Article; Book Chapter"}
)
FIELDS: tuple[Row, ...] = (
    Row("PT", "", "the type, with DT and CT: J journal, B book, S book in a series, P patent"),
    Row("AF", "author", "full names"), Row("AU", "author", "where there is no AF"),
    Row("CA", "author", "organisations"), Row("GP", "author", "organisations, of a book"),
    Row("BF", "container-author", "the author of a whole book"), Row("BA", "container-author", "where there is no BF"),
    Row("BE", "editor"), Row("ED", "editor"), Row("OI", "author", "ORCID iDs, by name"), Row("TI", "title"),
    Row("SO", "container-title"), Row("JI", "container-title-short"), Row("SE", "collection-title"),
    Row("LA", "language"), Row("CT", "event-title"), Row("CY", "event-date"), Row("CL", "event-place"),
    Row("DE", "keyword"), Row("AB", "abstract"), Row("PU", "publisher"), Row("PI", "publisher-place"),
    Row("SN", "ISSN"), Row("EI", "ISSN"), Row("BN", "ISBN"), Row("PY", "issued", "the year"),
    Row("PD", "issued", "month and day"), Row("EA", "available-date", "early access"), Row("VL", "volume"),
    Row("IS", "issue"), Row("PN", "part-number", "the number of a patent"), Row("SU", "supplement-number"),
    Row("BP", "page", "first page"), Row("EP", "page", "last page"), Row("PS", "page", "where there is no BP"),
    Row("AR", "page", "the article number where there is no BP"), Row("PG", "number-of-pages", "of a book"),
    Row("DI", "DOI"), Row("D2", "DOI", "of a book"), Row("PM", "PMID"),
)  # fmt: skip
_PLAIN = {
    "TI": "title", "JI": "container-title-short", "SE": "collection-title", "LA": "language", "CT": "event-title",
    "CL": "event-place", "AB": "abstract", "PU": "publisher", "PI": "publisher-place", "VL": "volume", "IS": "issue",
    "SU": "supplement-number", "DI": "DOI", "PM": "PMID",
}  # fmt: skip
_NAMES = frozenset({"OI", "AF", "AU", "CA", "GP", "BF", "BA", "BE", "ED"})
_DATES = frozenset({"PY", "PD", "CY", "EA", "EY"})
_PAGES = frozenset({"BP", "EP", "PS", "AR"})
# counts and addresses of the database, which do not describe the work
_IGNORED = frozenset("PT NR TC Z9 U1 U2 WC SC GA DA HC HP CR ZB ZR Z8 ZS ZA".split())
_TAG = lazy_pattern(r"([A-Z][A-Z0-9])(?: (.*))?")
_SEASONS = {"SPR": "spring", "SUM": "summer", "FAL": "fall", "FALL": "fall", "AUT": "autumn", "WIN": "winter"}
_ORCID = lazy_pattern(r"([^;/]{1,200})/(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")


class _TaggedRecord(NamedTuple):
    """The line on which it begins, and the lines of each tag."""

    line: int
    tags: dict[str, list[str]]


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The records of an export. A record that is not ended by ER is read with a problem; unknown tags are kept.

    Raises `InputError` where no line has a tag like ``PT J``.
    """
    text, decoding_problems = decode_text(data, options)
    problems = list(decoding_problems)
    entries: list[_TaggedRecord] = []
    current: _TaggedRecord | None = None
    tag_name = ""
    in_header = False
    for number, line in enumerate(LINE_END.split(text), start=1):
        tag = _TAG.fullmatch(line.rstrip())
        if tag is None:
            if not line.strip() or in_header:
                continue
            if current is not None and tag_name and line.startswith((" ", "\t")):
                current.tags[tag_name].append(line.strip())
            else:
                message = "this line belongs to no record"
                problems.append(options.problem(number, "wos-outside", message, line))
            continue
        name, value = tag[1], (tag[2] or "").strip()
        in_header = name in {"FN", "VR", "EF"}
        if in_header:
            continue
        if name == "ER":
            current, tag_name = None, ""
            continue
        if current is not None and name == "PT":
            problems.append(options.problem(current.line, "wos-unclosed", "the record is not ended by ER"))
            current = None
        if current is None:
            current = _TaggedRecord(number, {})
            entries.append(current)
        tag_name = name
        current.tags.setdefault(name, []).append(value)
    if current is not None:
        problems.append(options.problem(current.line, "wos-unclosed", "the last record is not ended by ER"))
    if not any("PT" in entry.tags or "TI" in entry.tags for entry in entries):
        raise InputError("no line has a tag of Web of Science like 'PT J' or 'TI '", path=options.path, line=1)
    capitals = _all_in_capitals(entries)
    records = built((_draft(entry, capitals=capitals) for entry in entries), options, problems)
    return ReadResult(records, tuple(problems))


def _all_in_capitals(entries: list[_TaggedRecord]) -> bool:
    """True for an export of older years, which has all its titles and names in capitals."""
    said = [line for entry in entries for tag in ("TI", "AF", "AU") for line in entry.tags.get(tag, ())]
    return bool(said) and not any(char.islower() for line in said for char in line)


# tags whose values are in capitals in every export; the abbreviation in JI has normal case
_IN_CAPITALS = frozenset({"SO", "SE", "CT", "CL", "PU", "PI"})


def _in_normal_case(values: dict[str, str], *, capitals: bool) -> None:
    """Put the values of a record that are in capitals into normal case."""
    words = re.findall(r"[^\W\d_]+", values.get("JI", "") if not in_capitals(values.get("JI", "")) else "")
    known = {word.lower(): word for word in words if any(char.isupper() for char in word[1:])}
    for tag in _IN_CAPITALS | {"TI"} if capitals else _IN_CAPITALS:
        if tag in values:
            values[tag] = title_from_capitals(values[tag], known)


def _draft(entry: _TaggedRecord, *, capitals: bool) -> Draft:
    draft = Draft(SOURCE, entry.line)
    lines = {name: [line for line in given if line] for name, given in entry.tags.items()}
    values = {name: " ".join(given) for name, given in lines.items() if given}
    draft.type = _type(values)
    _in_normal_case(values, capitals=capitals)
    _names(draft, lines, capitals=capitals)
    for name, value in values.items():
        if name in _PLAIN:
            draft.put(_PLAIN[name], value, name)
        elif name == "SO":
            if draft.type != "book" or value.casefold() != values.get("TI", "").casefold():
                draft.put("container-title" if "TI" in values else "title", value, name)
        elif name == "DE":
            draft.keywords.extend(word.strip() for word in value.split(";") if word.strip())
        elif name in {"SN", "EI", "BN"}:
            draft.put_standard_number(value, name)
        elif name == "PN":
            draft.put("number" if draft.type == "patent" else "part-number", value, name)
        elif name == "D2" and "DI" not in values:
            draft.put("DOI", value, name)
        elif name == "PG" and draft.type == "book":
            draft.put("number-of-pages", value, name)
        elif name not in _NAMES | _DATES | _PAGES | _IGNORED and not (name == "DT" and value in _PLAIN_KINDS):
            draft.leave(name, "\n".join(lines[name]) if name == "C1" else value)
    _pages(draft, values)
    _dates(draft, values)
    draft.put_arxiv_of_doi("DI")
    return draft


def _type(values: dict[str, str]) -> str:
    publication = values.get("PT", "J").strip().upper()[:1]
    documents = [word.strip().casefold() for word in values.get("DT", "").split(";")]
    for word in documents:
        if word in _DOCUMENT_TYPES:
            return _DOCUMENT_TYPES[word]
    csl = TYPES.get(publication, "document")
    if publication in {"B", "S"}:
        if any("proceedings paper" in word or "meeting" in word for word in documents) or values.get("CT"):
            return "paper-conference"
        title, source = values.get("TI", "").casefold(), values.get("SO", "").casefold()
        if "book chapter" in values.get("DT", "").casefold() or (title and source and title != source):
            return "chapter"
    return csl


def _names(draft: Draft, lines: dict[str, list[str]], *, capitals: bool) -> None:
    orcids = _orcids(draft, " ".join(lines.get("OI", ())))
    for full, short, variable in (("AF", "AU", "author"), ("BF", "BA", "container-author")):
        people = lines.get(full) or lines.get(short) or []
        if variable == "container-author" and not (lines.get("AF") or lines.get("AU")):
            variable = "author"  # noqa: PLW2901 -- a whole book has its authors in BA alone
        for text in people:
            name = inverted_name(text)
            name = name_from_capitals(name) if capitals else name
            draft.put_name(variable, replace(name, orcid=orcids.pop(_folded(name), "")))
    for names in orcids:  # of persons who are not among the authors in this spelling
        draft.leave("OI", f"{' '.join(names)}: {orcids[names]}")
    for tag in ("CA", "GP"):
        for text in lines.get(tag, ()):
            draft.put_name("author", Name(literal=text))
    for tag in ("BE", "ED"):
        for text in lines.get(tag, ()):
            editor = inverted_name(text)
            draft.put_name("editor", name_from_capitals(editor) if capitals else editor)


def _folded(name: Name) -> tuple[str, str]:
    return (name.family or name.literal).casefold(), name.given.replace(".", "").casefold()


def _orcids(draft: Draft, value: str) -> dict[tuple[str, str], str]:
    """The iDs of ``Smith, John/0000-...; ...`` by name: they are not in the order of the authors."""
    orcids: dict[tuple[str, str], str] = {}
    for person in _ORCID.finditer(value):
        name, orcid = inverted_name(person[1].strip()), orcid_of(person[2])
        if orcid and _folded(name) not in orcids:
            orcids[_folded(name)] = orcid
        else:
            draft.leave("OI", person[0].strip())
    return orcids


def _pages(draft: Draft, values: dict[str, str]) -> None:
    first, last, article = values.get("BP", ""), values.get("EP", ""), values.get("AR", "")
    pages = "-".join(page for page in (first, last if last != first else "") if page) or values.get("PS", "")
    draft.put("page", pages or article, "BP")
    if pages and article:
        draft.put("number", article, "AR")


def _dates(draft: Draft, values: dict[str, str]) -> None:
    """Year and ``PD`` (``MAR 2``, ``MAR-APR``, ``SPR``), which a patent has whole (``02 Mar 2022``)."""
    year, day = values.get("PY", ""), values.get("PD", "")
    words = " ".join(_SEASONS.get(word.upper(), word) for word in day.split())
    if year and words:
        date = _dated(year, words)
        if date.literal:
            draft.leave("PD", day)
            date = parse_raw_date(year)
    else:
        date = parse_raw_date(year or words)
    draft.put_date("issued", date, "PY", year or day)
    if value := values.get("CY", ""):
        draft.put_date("event-date", parse_raw_date(value), "CY", value)
    if value := values.get("EA", ""):
        draft.put_date("available-date", parse_raw_date(value), "EA", value)


def _dated(year: str, words: str) -> Date:
    whole = parse_raw_date(words)
    if not whole.literal and str(whole.year) == year:
        return whole
    return next(
        (date for text in (f"{words} {year}", f"{year} {words}") if not (date := parse_raw_date(text)).literal),
        Date(literal=words),
    )


def sniff(head: bytes) -> int:
    """95 for the header of an export (``FN Clarivate ...``), 90 where the text begins with ``PT J`` and has ``AU``."""
    text = head_text(head)
    if re.match(r"FN [^\r\n]{3,80}[\r\n]+VR \d", text):
        return 95
    return (
        90 if re.match(r"PT [JBSPCD][ \t]*[\r\n]", text) and re.search(r"^(?:AU|TI|SO) \S", text, re.MULTILINE) else 0
    )
