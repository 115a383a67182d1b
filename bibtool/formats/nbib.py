"""PubMed's tagged format (MEDLINE, ``.nbib``).

Sources: "MEDLINE/PubMed Data Element (Field) Descriptions" of the National Library of Medicine, and the publication
types of ERIC, which exports the same format. A tag has up to four letters, padded with spaces, then a hyphen; further
lines of a value begin with six spaces; an empty line ends a citation. In addition to NLM's tags: ``KEY`` for the
citation key; an ``AID`` marked ``[arxiv]`` for the arXiv id.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.errors import InputError
from bibtool.formats.base import ReadResult, Row, WriteResult, decode_text, head_text
from bibtool.formats.fields import Draft, Outgoing, built, inverted_name, one_line, reverse, write_each
from bibtool.formats.modstables import LANGUAGES
from bibtool.formats.rawdate import parse_raw_date
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date, parse_date
from bibtool.model.identifiers import orcid_of
from bibtool.model.monthnames import MONTH_NAMES, SEASON_NAMES
from bibtool.model.names import Name
from bibtool.model.text.lines import LINE_END
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.base import ReadOptions, WriteOptions
    from bibtool.model.record import Record

SOURCE = "nbib"

# publication type (PT) -> CSL type; a citation has several, the first of this table counts
TYPES: dict[str, str] = {
    "Journal Articles": "article-journal", "Preprint": "article", "Book Chapter": "chapter", "Book": "book",
    "Books": "book", "Academic Dissertation": "thesis",
    "Dissertations/Theses - Doctoral Dissertations": "thesis", "Dissertations/Theses - Masters Theses": "thesis",
    "Dissertations/Theses - Practicum Papers": "thesis", "Dissertations/Theses - Undetermined": "thesis",
    "Dissertations/Theses": "thesis", "Dataset": "dataset", "Numerical/Quantitative Data": "dataset",
    "Newspaper Article": "article-newspaper", "Congress": "paper-conference", "Congresses": "paper-conference",
    "Speeches/Meeting Papers": "paper-conference", "Collected Works - Proceedings": "book",
    "Collected Works - General": "book", "Collected Works - Serials": "periodical", "Technical Report": "report",
    "Computer Programs": "software", "Interview": "interview", "Legal Case": "legal_case",
    "Legislation": "legislation", "Legal/Legislative/Regulatory Materials": "legislation",
    "Webcast": "motion_picture", "Non-Print Media": "motion_picture", "Guideline": "standard",
    "Reports - Research": "report", "Reports - Descriptive": "report", "Reports - Evaluative": "report",
    "Reports - General": "report", "Information Analyses": "report", "ERIC Publications": "report",
    "ERIC Digests in Full Text": "report", "Guides - Classroom - Teacher": "book",
    "Guides - Classroom - Learner": "book", "Guides - Non-Classroom": "book", "Guides - General": "book",
    "Journal Article": "article-journal", "Review": "article-journal", "Letter": "article-journal",
    "Editorial": "article-journal", "Document": "document",
}  # fmt: skip
FIELDS: tuple[Row, ...] = (
    Row("PMID", "PMID"), Row("KEY", "", "the citation key; not one of NLM's tags"), Row("PMC", "PMCID"),
    Row("PT", "", "the type"), Row("TI", "title"),
    Row("BTI", "container-title", "of a chapter; the title of what has no TI"),
    Row("TT", "original-title"), Row("FAU", "author", "Family, Given, Suffix; also Family, Given Suffix"),
    Row("AUID", "", "after its author: ORCID iD; others are kept"),
    Row("AU", "author", "read only where there is no FAU"), Row("CN", "author", "organisations"),
    Row("FED", "editor"), Row("ED", "editor", "read only where there is no FED"),
    Row("DP", "issued", "2022 Mar 2; or EDTF"), Row("DEP", "available-date", "20220302"),
    Row("JT", "container-title", "in a thesis, report or book of ERIC the publisher"),
    Row("TA", "container-title-short"), Row("CTI", "collection-title"),
    Row("VI", "volume"), Row("IP", "issue"), Row("PG", "page", "1-7, also written 123-7"), Row("EN", "edition"),
    Row("PB", "publisher"), Row("PL", "publisher-place", "country, or place of publication"),
    Row("IS", "ISSN", "with (Print), (Electronic) or (Linking)"), Row("ISBN", "ISBN", "also ISBN-978..."),
    Row("ISSN", "ISSN", "read only: of ERIC, also ISSN-1042..."),
    Row("LID", "DOI", "[doi]; [pii] is kept"), Row("AID", "DOI", "read only: [doi]; [arxiv] is the arXiv id"),
    Row("LA", "language", "eng for en"), Row("OT", "keyword", "one line each"), Row("AB", "abstract"),
    Row("GN", "note"), Row("SO", "", "made by PubMed from the others; not kept"),
)  # fmt: skip
_SPECIAL = frozenset(
    {"FAU", "AU", "CN", "FED", "ED", "DP", "DEP", "LID", "AID", "IS", "ISSN", "ISBN", "OT", "PMID", "BTI", "JT", "LA"}
)
_PLAIN = tuple((row.field, row.variable) for row in FIELDS if row.variable and row.field not in _SPECIAL)
_AUTHOR = frozenset({"FAU", "AU", "CN", "AD", "AUID"})  # of one author, in this order
_KNOWN = {row.field for row in FIELDS}
_WRITTEN_TYPES = {
    **reverse(TYPES), "article-journal": "Journal Article", "thesis": "Academic Dissertation", "book": "Book",
    "paper-conference": "Congress", "legislation": "Legislation", "report": "Technical Report",
}  # fmt: skip
_RANKS = {name: at for at, name in enumerate(TYPES)}
_CODES = reverse(LANGUAGES)
# ERIC's name of a number, before it
_NUMBER = lazy_pattern(r"[ep]?IS[BS]N[-: ]+", re.IGNORECASE)
# "ProQuest LLC, Ph.D. Dissertation, Drexel University"
_DISSERTATION = lazy_pattern(r"(?:(.+?), )?([^,]*\b(?:Dissertation|Thesis|Project))(?:, (.+))?")
_TAG = lazy_pattern(r"([A-Z]{2,4}) {0,2}- ?(.*)")
_MARKED = lazy_pattern(r"(.*\S)\s*\[(doi|pii|arxiv|isbn|bookaccession|pmcid)\]", re.IGNORECASE)
_SUFFIXES = frozenset({"Jr", "Sr", "2nd", "3rd", "4th", "5th", "6th"})
_PAGES = lazy_pattern(r"(\d+)-(\d+)")


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The citations of a file. Lines that belong to none are problems; unknown tags are kept."""
    text, problems = decode_text(data, options)
    everything = list(problems)
    entries: list[tuple[int, list[tuple[str, list[str]]]]] = []
    current: list[tuple[str, list[str]]] | None = None
    for number, line in enumerate(LINE_END.split(text), start=1):
        if not line.strip():
            current = None
            continue
        tag = _TAG.fullmatch(line.rstrip()) if not line.startswith(" ") else None
        if tag is None:
            if current:
                current[-1][1].append(line.strip())
            else:
                everything.append(options.problem(number, "nbib-outside", "this line belongs to no citation", line))
            continue
        if current is None or (tag[1] == "PMID" and any(name == "PMID" for name, _ in current)):
            current = []
            entries.append((number, current))
        current.append((tag[1], [tag[2].strip()]))
    if not entries:
        raise InputError("this is not a PubMed file: no line has a tag like 'PMID- '", path=options.path, line=1)
    records = built((_draft(line, tags) for line, tags in entries), options, everything)
    return ReadResult(records, tuple(everything))


def _draft(line: int, tags: list[tuple[str, list[str]]]) -> Draft:
    draft = Draft(SOURCE, line)
    values: dict[str, list[str]] = {}
    for tag, lines in tags:
        value = " ".join(part for part in lines if part)
        if value:
            values.setdefault(tag, []).append(value)
    full, full_editors = "FAU" in values, "FED" in values
    types: list[str] = []
    before = ""
    for tag, lines in tags:
        of_author, before = before in _AUTHOR, tag
        value = " ".join(part for part in lines if part)
        if not value or tag == "SO":
            continue
        if tag == "PT":
            types.append(value)
        elif tag == "FAU" or (tag == "AU" and not full):
            draft.put_name("author", _full_name(value) if tag == "FAU" else _short_name(value))
        elif tag == "AUID":
            said = value.removeprefix("ORCID:").strip()
            if not (of_author and said != value and draft.identify("author", orcid_of(said))):
                draft.leave(tag, value)
        elif tag == "CN":
            draft.put_name("author", Name(literal=value))
        elif tag == "FED" or (tag == "ED" and not full_editors):
            draft.put_name("editor", _full_name(value) if tag == "FED" else _short_name(value))
        elif tag == "OT":
            draft.keywords.append(value.lstrip("*"))
        elif tag in {"LID", "AID"}:
            _identifier(draft, tag, value)
        elif tag in {"IS", "ISSN", "ISBN"}:
            number = _NUMBER.sub("", value, count=1)
            draft.put_standard_number(re.sub(r"\s*\((?:Print|Electronic|Linking)\)\s*$", "", number), tag)
        elif tag == "LA":
            draft.put("language", LANGUAGES.get(value.casefold(), value), tag)
        elif tag not in _KNOWN:
            draft.leave(tag, value)
    draft.type = _type(types, values)
    _titles(draft, values)
    main = _WRITTEN_TYPES.get(draft.type)
    for type_name in types:
        if type_name != main and not (len(types) == 1 and TYPES.get(type_name) == draft.type):
            draft.leave("PT", type_name)
    draft.key = values.get("KEY", [""])[0]
    for number in values.get("PMID", ()):
        draft.put("PMID", number.split(" ", maxsplit=1)[0], "PMID")
    for value in values.get("DP", ()):
        draft.put_date("issued", read_date(value), "DP", value)
    for value in values.get("DEP", ()):
        draft.put_date("available-date", read_date(value), "DEP", value)
    for tag, variable in _PLAIN:
        for value in values.get(tag, ()):
            draft.put(variable, _whole_pages(value) if tag == "PG" else value, tag)
    return draft


def _type(types: list[str], values: dict[str, list[str]]) -> str:
    """The CSL type: what PubMed holds without a known publication type is an article, or part of a book."""
    ranked = sorted((name for name in types if name in TYPES), key=_RANKS.__getitem__)
    known = TYPES[ranked[0]] if ranked else ""
    if "BTI" in values and known in {"", "book", "article-journal"}:
        return "chapter" if "TI" in values else "book"
    if known:
        return known
    return "article-journal" if {"JT", "TA", "PMID"} & values.keys() or types else "document"


def _titles(draft: Draft, values: dict[str, list[str]]) -> None:
    """Set what the titles of book and journal stand for, which depends on the type."""
    for title in values.get("BTI", ()):
        draft.put("container-title" if "TI" in values else "title", title, "BTI")
    for title in values.get("JT", ()):
        of_eric = "ERIC" in values.get("OWN", ()) and not draft.type.startswith(("article", "periodical"))
        parts = _DISSERTATION.fullmatch(title) if of_eric and draft.type == "thesis" else None
        if parts:
            for variable, text in zip(("archive", "genre", "publisher"), parts.groups(), strict=True):
                draft.put(variable, text or "", "JT")
        else:
            draft.put("publisher" if of_eric else "container-title", title, "JT")


def _full_name(text: str) -> Name:
    """``King, Martin Luther Jr``, or with a comma before the suffix, as others write it."""
    name = inverted_name(text)
    given, _, last = name.given.rpartition(" ")
    return replace(name, given=given, suffix=last) if given and last in _SUFFIXES and not name.suffix else name


def _short_name(text: str) -> Name:
    """``Watson JD`` or ``King ML Jr``: family name, initials, suffix; with a comma as in FAU."""
    if "," in text:
        return _full_name(text)
    words = text.split()
    suffix = words.pop() if len(words) > 2 and words[-1] in _SUFFIXES else ""
    if len(words) > 1 and words[-1].isupper() and len(words[-1]) <= 4:
        given = " ".join(words.pop())
        return Name(family=" ".join(words), given=given, suffix=suffix)
    return inverted_name(text)


def _identifier(draft: Draft, tag: str, value: str) -> None:
    marked = _MARKED.fullmatch(value)
    kind = marked[2].casefold() if marked else ""
    if marked and kind == "doi":
        draft.put("DOI", marked[1], tag)
    elif marked and kind == "arxiv":
        draft.put_arxiv(marked[1], tag)
    elif marked and kind == "isbn":
        draft.put("ISBN", marked[1], tag)
    else:
        draft.leave(tag, value)


def _whole_pages(text: str) -> str:
    """``737-8`` is 737-738: NLM leaves out the digits that repeat."""
    pages = _PAGES.fullmatch(text)
    if pages and len(pages[2]) < len(pages[1]):
        return f"{pages[1]}-{pages[1][: len(pages[1]) - len(pages[2])]}{pages[2]}"
    return text


def read_date(text: str) -> Date:
    """``2022 Mar 2``, ``2022 Spring``, ``2022 Mar-Apr``, ``20220302``, EDTF; anything else becomes a literal."""
    if re.fullmatch(r"\d{8}", text, re.ASCII):
        date = parse_date(f"{text[:4]}-{text[4:6]}-{text[6:]}")
        return Date(literal=text) if date.literal else date
    return parse_raw_date(text)


def write_date(date: Date) -> str:
    """The date as PubMed writes it, EDTF where that has no form for it."""
    start = date.start
    if start is None or date != Date(start) or not 0 < start.year < 10_000:
        return date.edtf()
    if start.season:
        return f"{start.year:04d} {SEASON_NAMES[start.season - 1]}"
    parts = [f"{start.year:04d}", MONTH_NAMES[start.month - 1][:3] if start.month else "", str(start.day or "")]
    return " ".join(part for part in parts if part)


def _write_day(date: Date) -> str:
    start = date.start
    if start is None or date != Date(start) or not start.day or not 0 < start.year < 10_000:
        return date.edtf()
    return f"{start.year:04d}{start.month:02d}{start.day:02d}"


def write(records: Sequence[Record], options: WriteOptions) -> WriteResult:  # noqa: ARG001 -- no setting is ours
    """The records as citations, a blank line between two; what the format can't hold is a problem."""
    return write_each(records, SOURCE, _lay_out)


def _lay_out(out: Outgoing) -> str:
    lines: list[str] = []

    def line(tag: str, value: str) -> None:
        if value:
            lines.append(f"{tag:<4}- {one_line(value)}")

    for row in FIELDS:
        tag, variable = row.field, row.variable
        if row.note.startswith("read only") or tag in {"SO", "CN", "AUID"}:
            continue
        if tag == "KEY":
            line("KEY", out.key)
        elif tag == "PT":
            written = _WRITTEN_TYPES.get(out.type, "Document")
            if TYPES[written] != out.type:
                out.lose(f"type {out.type}")
            line("PT", written)
        elif tag in {"FAU", "FED"}:
            is_author = tag == "FAU"
            people = out.record.names(variable)
            for name, person in zip(out.inverted(variable, orcids=is_author, read=_full_name), people, strict=True):
                line(tag, name)
                line("AUID", f"ORCID: {person.orcid}" if is_author and person.orcid else "")
        elif tag == "DP":
            line(tag, out.written_date(variable, write_date, read_date))
        elif tag == "DEP":
            line(tag, out.written_date(variable, _write_day, read_date))
        elif tag == "LID":
            line(tag, doi + " [doi]" if (doi := out.text("DOI")) else "")
            line("AID", arxiv_id + " [arxiv]" if (arxiv_id := out.arxiv_id()) else "")
        elif tag == "OT":
            for word in out.keywords():
                line(tag, word)
        elif tag == "BTI":
            line(tag, out.text(variable) if out.type == "chapter" and out.has("title") else "")
        elif tag == "LA":
            language = out.text(variable)
            line(tag, _CODES.get(language, language))
        elif tag in {"IS", "ISBN"}:
            line(tag, out.standard_number(variable))
        elif tag == "PG":
            line(tag, out.checked(page := out.text(variable), _whole_pages, page, f"page {page}"))
        else:
            text = out.text(variable)
            if tag == "AB" and "\n" in text:
                out.lose("line breaks of abstract")  # a tag's further lines continue its line
                text = " ".join(text.split())
            line(tag, text)
    for leftover in out.leftovers:
        if re.fullmatch("[A-Z]{2,4}", leftover.name):
            line(leftover.name, leftover.value)
        else:
            out.lose(f"the tag {leftover.name!r}")
    if out.has("URL") and out.arxiv is not None and out.arxiv.id is not None and not out.record.text("URL"):
        out.text("URL")  # a stand-in that the arXiv id says again
    return "\n".join(lines) + "\n\n"


def sniff(head: bytes) -> int:
    """95 where the first line with words is ``PMID- ``, 60 for another MEDLINE tag in the first line."""
    text = head_text(head)
    if re.match(r"PMID- \S", text):
        return 95
    return 60 if re.match(r"(?:KEY |OWN |STAT|PT  |TI  |FAU |DP  )- \S", text) else 0
