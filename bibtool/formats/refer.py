"""Refer tags as EndNote writes them (``.enw``, also "EndNote import", BibIX), both ways.

Sources: refer(1) of Unix for the letters, and EndNote's manual ("Tagged EndNote Import format") for ``%0`` with a
reference type and the digits and signs. A file without ``%0`` is refer's own: ``%L`` is the label there, ``%O`` a note
and ``%R`` a report number. Own reading: ``%F`` is the citation key, and ``%M`` takes ``arXiv:...``, ``PMID:...`` and
``PMCID:...``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.errors import IdentifierError, InputError
from bibtool.formats.base import ReadResult, Row, WriteResult, decode_text, head_text
from bibtool.formats.fields import Draft, Outgoing, built, inverted_name, one_line, reverse, split_keywords, write_each
from bibtool.formats.rawdate import parse_raw_date
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.identifiers import parse_doi
from bibtool.model.names import looks_like_organisation, parse_name
from bibtool.model.text.lines import LINE_END
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.base import ReadOptions, WriteOptions
    from bibtool.model.record import Record

SOURCE = "refer"

# EndNote's reference type -> CSL type; where several lead to one, the first is written
TYPES: dict[str, str] = {
    "Journal Article": "article-journal", "Magazine Article": "article-magazine",
    "Newspaper Article": "article-newspaper", "Book": "book", "Book Section": "chapter",
    "Conference Paper": "paper-conference", "Conference Proceedings": "paper-conference", "Thesis": "thesis",
    "Report": "report", "Unpublished Work": "article", "Manuscript": "manuscript", "Web Page": "webpage",
    "Electronic Source": "webpage", "Blog": "post-weblog", "Dataset": "dataset", "Computer Program": "software",
    "Patent": "patent", "Standard": "standard", "Statute": "legislation", "Bill": "bill", "Case": "legal_case",
    "Hearing": "hearing", "Government Document": "regulation", "Legal Rule or Regulation": "regulation",
    "Dictionary": "entry-dictionary", "Encyclopedia": "entry-encyclopedia", "Map": "map", "Artwork": "graphic",
    "Figure": "figure", "Chart or Table": "figure", "Film or Broadcast": "motion_picture",
    "Online Multimedia": "motion_picture", "Music": "musical_score", "Audiovisual Material": "broadcast",
    "Personal Communication": "personal_communication", "Pamphlet": "pamphlet", "Serial": "periodical",
    "Classical Work": "classic", "Ancient Text": "classic", "Edited Book": "book",
    "Electronic Article": "article-journal", "Electronic Book": "book", "Electronic Book Section": "chapter",
    "Electronic Chapter": "chapter", "Online Database": "dataset", "Aggregated Database": "dataset",
    "Generic": "document",
}  # fmt: skip
# in the order in which they are written
FIELDS: tuple[Row, ...] = (
    Row("%0", "", "the type"), Row("%F", "", "the citation key; `%L` in files without `%0`"), Row("%T", "title"),
    Row("%A", "author", "Family, Given, Suffix; the editors of an Edited Book"), Row("%E", "editor"),
    Row("%Y", "collection-editor"), Row("%?", "translator"), Row("%H", "translator", "read only"),
    Row("%D", "issued", "the year"), Row("%8", "issued", "the date; EDTF where words don't suffice"),
    Row("%J", "container-title", "of articles"), Row("%B", "container-title", "of all others; the series of a book"),
    Row("%O", "container-title-short", "a note in files without `%0`"), Row("%S", "collection-title"),
    Row("%!", "title-short"), Row("%Q", "original-title"), Row("%V", "volume"), Row("%N", "issue", "of articles"),
    Row("%N", "number", "of all others"), Row("%6", "number-of-volumes"), Row("%7", "edition"), Row("%&", "section"),
    Row("%P", "page"), Row("%I", "publisher"), Row("%C", "publisher-place"), Row("%9", "genre"),
    Row("%@", "ISBN", "ISBN or ISSN by its digits"), Row("%@", "ISSN"),
    Row("%R", "DOI", "a number where it is not a DOI"), Row("%U", "URL"), Row("%[", "accessed"), Row("%G", "language"),
    Row("%L", "call-number"), Row("%~", "source"), Row("%K", "keyword", "one on each line"),
    Row("%M", "PMID", "PMID:..., PMCID:..., arXiv:..."), Row("%X", "abstract"), Row("%Z", "note"),
)  # fmt: skip
_NAMES = {"%A": "author", "%E": "editor", "%Y": "collection-editor", "%?": "translator", "%H": "translator"}
_EDITED = {"%A": "editor", "%E": "collection-editor"}  # of an Edited Book
_PLAIN = {
    "%T": "title", "%J": "container-title", "%O": "container-title-short", "%S": "collection-title",
    "%!": "title-short", "%Q": "original-title", "%V": "volume", "%6": "number-of-volumes", "%7": "edition",
    "%&": "section", "%P": "page", "%I": "publisher", "%C": "publisher-place", "%9": "genre", "%U": "URL",
    "%G": "language", "%L": "call-number", "%~": "source", "%X": "abstract", "%Z": "note",
}  # fmt: skip
# what refer's own files say otherwise
_UNIX = {**_PLAIN, "%O": "note", "%L": ""}
_UNIX_TYPES = {"%J": "article-journal", "%B": "chapter", "%R": "report", "%I": "book"}
_PERIODICAL = frozenset(
    {"article-journal", "article-magazine", "article-newspaper", "periodical", "review", "review-book"}
)
_WHOLE = frozenset({"book", "report"})  # types whose %B is a series
_MULTILINE = frozenset({"%X", "%Z"})
_WRITTEN_TYPES = {**reverse(TYPES), "review": "Journal Article", "review-book": "Journal Article"}
_TAG = lazy_pattern(r"(%[A-Za-z0-9!@#$^&*()+=?\[\]~><:|])(?:[ \t]+(.*))?")
_TYPE_LINE = lazy_pattern(r"%0[ \t]+\S")


class _Reference(NamedTuple):
    """The line on which it begins, and its tags with the lines of their values, in their order."""

    line: int
    tags: list[tuple[str, list[str]]]


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The references of a file. Lines before the first tag are problems; unknown tags are kept.

    Raises `InputError` where no line has a tag.
    """
    text, decoding_problems = decode_text(data, options)
    problems = list(decoding_problems)
    references: list[_Reference] = []
    current: _Reference | None = None
    after_gap = False
    for number, line in enumerate(LINE_END.split(text), start=1):
        tag = _TAG.fullmatch(line.rstrip())
        if tag is None:
            after_gap = not line.strip()  # one within a value is followed by its next paragraph
            if current is not None and (line.strip() or current.tags[-1][0] in _MULTILINE):
                current.tags[-1][1].append(line.strip())
            elif line.strip():
                message = "this line belongs to no reference"
                problems.append(options.problem(number, "refer-outside", message, line))
            continue
        if current is None or tag[1] == "%0" or (after_gap and _begins(tag[1], current)):
            current = _Reference(number, [])
            references.append(current)
        after_gap = False
        current.tags.append((tag[1], [(tag[2] or "").strip()]))
    if not references:
        raise InputError("no line has a tag of Refer like '%T '", path=options.path, line=1)
    records = built((_draft(reference, options) for reference in references), options, problems)
    return ReadResult(records, tuple(problems))


def _begins(tag: str, current: _Reference) -> bool:
    """True where a tag after an empty line begins the next reference: a title again, or what a reference begins with.

    In refer's own files only empty lines separate references; a note may have empty lines too.
    """
    tags = {name for name, _ in current.tags}
    return tag == "%T" if "%T" in tags and "%0" in tags else "%0" not in tags


def _draft(reference: _Reference, options: ReadOptions) -> Draft:
    draft = Draft(SOURCE, reference.line)
    values: dict[str, list[str]] = {}
    lines_of: dict[str, list[str]] = {}
    for tag, lines in reference.tags:
        value = "\n".join(lines).strip() if tag in _MULTILINE else " ".join(part for part in lines if part)
        if value:
            values.setdefault(tag, []).append(value)
            lines_of.setdefault(tag, []).extend(part for part in lines if part)
    written_types = values.pop("%0", [])
    _type(draft, written_types, options)
    if not written_types:
        draft.type = _type_of_fields(values)
    table = _PLAIN if written_types else _UNIX
    names = {**_NAMES, **_EDITED} if written_types[:1] == ["Edited Book"] else _NAMES
    labels = [] if written_types else values.pop("%L", [])
    keys = values.pop("%F", []) + labels
    draft.key = keys[0] if keys else ""
    for key in keys[1:]:
        draft.leave("%F", key)
    _dates(draft, values)
    for tag, given in values.items():
        for value in given:
            if tag in names:
                inverted = bool(written_types) or "," in value or looks_like_organisation(value)
                draft.put_name(names[tag], inverted_name(value) if inverted else parse_name(value))
            elif tag == "%B":
                series = draft.type in _WHOLE
                draft.put("collection-title" if series else "container-title", value, tag)
            elif tag == "%N":
                draft.put("issue" if draft.type in _PERIODICAL else "number", value, tag)
            elif tag == "%R":
                draft.put("DOI" if _is_doi(value) else "number", value, tag)
            elif tag == "%@":
                draft.put_standard_number(value, tag)
            elif tag == "%M":
                draft.put_numbered(value, tag)
            elif table.get(tag):
                draft.put(table[tag], value, tag)
            elif tag not in {"%D", "%8", "%[", "%K"}:
                draft.leave(tag, value)
    for line in lines_of.get("%K", ()):
        draft.keywords.extend(split_keywords(line) if ";" in line else [line])
    if draft.arxiv is None:  # %M has the version too
        draft.put_arxiv_of_doi("%R")
    return draft


def _type(draft: Draft, written: list[str], options: ReadOptions) -> None:
    if not written:
        return  # refer's own file: see `_type_of_fields`
    by_name = {name.casefold(): csl for name, csl in TYPES.items()}
    known = by_name.get(written[0].casefold())
    if known is not None:
        draft.type = known
        return
    message = f"{written[0][:40]!r} is not a reference type of EndNote; taken as document"
    draft.leave_type("%0", written[0], options.problem(draft.line, "unknown-type", message, written[0]))


def _type_of_fields(values: dict[str, list[str]]) -> str:
    """The type of a reference without ``%0``, as refer's macros choose it: by the fields that it has."""
    return next((csl for tag, csl in _UNIX_TYPES.items() if tag in values), "document")


def _is_doi(text: str) -> bool:
    try:
        parse_doi(text)
    except IdentifierError:
        return False
    return True


def _dates(draft: Draft, values: dict[str, list[str]]) -> None:
    """The date of ``%8``, which may lack the year that ``%D`` has, or the year alone."""
    years = [(value, parse_raw_date(value)) for value in values.get("%D", ())]
    year = years[0][1].year if years else None
    for value in values.get("%8", ()):
        date = parse_raw_date(value)
        if date.literal and year is not None:
            with_year = parse_raw_date(f"{value} {year}")
            date = date if with_year.literal else with_year
        if (date.literal or date.year != year) and year is not None:
            draft.leave("%8", value)
        else:
            draft.put_date("issued", date, "%8", value)
    for value, date in years:
        issued = draft.variables.get("issued")
        if (
            isinstance(issued, Date)
            and date.year is not None
            and date == Date.of(date.year) == Date.of(issued.year or 0)
        ):
            continue
        draft.put_date("issued", date, "%D", value)
    for value in values.get("%[", ()):
        draft.put_date("accessed", parse_raw_date(value), "%[", value)


def write(records: Sequence[Record], options: WriteOptions) -> WriteResult:  # noqa: ARG001 -- no setting is ours
    """The records as references, an empty line between two; what the format can't hold is a problem."""
    return write_each(records, SOURCE, _lay_out)


def _lay_out(out: Outgoing) -> str:
    lines: list[str] = []

    def line(tag: str, value: str) -> None:
        if value:
            lines.append(f"{tag} {_safe(value, tag)}")

    kept_type = next((left.value for left in out.leftovers if left.name == "%0"), "") if out.type == "document" else ""
    written = _WRITTEN_TYPES.get(out.type, "Generic")
    if TYPES[written] != out.type and not kept_type:
        out.lose(f"type {out.type}")
    line("%0", kept_type or written)
    line("%F", out.key)
    periodical = TYPES[written] in _PERIODICAL
    for row in FIELDS:
        tag, variable = row.field, row.variable
        if tag in {"%0", "%F", "%D"} or row.note.startswith("read only"):
            continue
        if tag in _NAMES:
            for name in out.inverted(variable):
                line(tag, name)
        elif tag == "%8":
            date = out.record.date("issued") if out.has("issued") else None
            text = out.written_date("issued", Date.edtf, parse_raw_date)
            if date is not None and date.year is not None and 0 < date.year < 10_000:
                line("%D", f"{date.year:04d}")
                line("%8", text if date != Date.of(date.year) else "")
            else:
                line("%D" if date is not None and date.literal else "%8", text)
        elif tag == "%[":
            line(tag, out.written_date(variable, Date.edtf, parse_raw_date))
        elif tag in {"%J", "%B"}:
            if (tag == "%J") == periodical and TYPES[written] not in _WHOLE:
                line(tag, out.text(variable))
        elif tag == "%N":
            if (variable == "issue") == periodical:
                line(tag, out.text(variable))
        elif tag == "%@":
            line(tag, out.standard_number(variable))
        elif tag == "%R":
            doi = out.text(variable)
            if doi and not _is_doi(doi):
                out.lose(f"DOI {doi}")  # it would be read as a number
            else:
                line(tag, doi)
        elif tag == "%K":
            for word in out.keywords():
                line(tag, word)
        elif tag == "%M":
            for number in out.numbered():
                line(tag, number)
        else:
            line(tag, out.text(variable))
    for leftover in out.leftovers:
        if leftover.name == "%0":
            continue
        if _TAG.fullmatch(leftover.name):
            line(leftover.name, leftover.value)
        else:
            out.lose(f"the tag {leftover.name!r}")
    return "\n".join(lines) + "\n\n"


def _safe(value: str, tag: str) -> str:
    """A value whose further lines can't be taken for tags; only notes and abstracts keep their lines."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if tag not in _MULTILINE or "\n" not in value:
        return one_line(value)
    first, *more = value.split("\n")
    return "\n".join([first, *(f" {line}" if _TAG.fullmatch(line.rstrip()) else line for line in more)])


def sniff(head: bytes) -> int:
    """95 where the first tag is a type (``%0 Book``), 85 where the text begins with another tag and has a title."""
    text = head_text(head)
    if _TYPE_LINE.match(text):
        return 95
    if re.match(r"%[A-Z] \S", text) and re.search(r"^%T \S", text, re.MULTILINE):
        return 85
    return 70 if re.search(r"^%0 [A-Z][a-z]+(?: [A-Za-z]+){0,4}[ \t]*$", text[:5000], re.MULTILINE) else 0
