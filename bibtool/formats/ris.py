"""RIS, the tagged format of Reference Manager, EndNote, Zotero and most publishers.

Sources: Research Information Systems' description of the format (2001 and 2011) and the practice of EndNote and
Zotero. Own reading beyond them: the part of a date behind the third slash ("other information") takes EDTF where
year, month and day do not suffice; ``AN`` takes ``arXiv:...``, ``PMID:...`` and ``PMCID:...``; ``ID`` the key.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bibtool.errors import InputError
from bibtool.formats.base import ReadResult, Row, WriteResult, decode_text, head_text
from bibtool.formats.fields import Draft, Outgoing, inverted_name, one_line, reverse, write_each
from bibtool.formats.rawdate import parse_raw_date
from bibtool.model.dates import Date, checked_parts, parse_date
from bibtool.model.text.lines import LINE_END

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bibtool.formats.base import ReadOptions, WriteOptions
    from bibtool.model.record import Record

SOURCE = "ris"

# RIS type -> CSL type; where several lead to one, the first is written
TYPES: dict[str, str] = {
    "JOUR": "article-journal", "MGZN": "article-magazine", "NEWS": "article-newspaper", "BOOK": "book",
    "CHAP": "chapter", "CPAPER": "paper-conference", "CONF": "paper-conference", "THES": "thesis", "RPRT": "report",
    "UNPB": "article", "MANSCPT": "manuscript", "ELEC": "webpage", "BLOG": "post-weblog", "ICOMM": "post",
    "DATA": "dataset", "COMP": "software", "PAT": "patent", "STAND": "standard", "STAT": "legislation",
    "BILL": "bill", "CASE": "legal_case", "HEAR": "hearing", "GOVDOC": "regulation", "LEGAL": "treaty",
    "DICT": "entry-dictionary", "ENCYC": "entry-encyclopedia", "MAP": "map", "ART": "graphic", "FIGURE": "figure",
    "VIDEO": "motion_picture", "MPCT": "motion_picture", "SOUND": "song", "MUSIC": "musical_score",
    "ADVS": "broadcast", "PCOMM": "personal_communication", "PAMP": "pamphlet", "SER": "periodical",
    "JFULL": "periodical", "EDBOOK": "book", "EBOOK": "book", "ECHAP": "chapter", "EJOUR": "article-journal",
    "INPR": "article-journal", "ABST": "article-journal", "CLSWK": "classic", "ANCIENT": "classic",
    "MULTI": "speech", "SLIDE": "speech", "AGGR": "dataset", "DBASE": "dataset", "UNBILL": "bill", "WEB": "webpage",
    "CTLG": "collection", "GEN": "document",
}  # fmt: skip
# CSL types without a RIS type of their own, and what stands in
STAND_INS = {
    "entry": "DICT", "event": "CONF", "interview": "PCOMM", "performance": "VIDEO", "review": "JOUR",
    "review-book": "JOUR",
}  # fmt: skip

# in the order in which they are written; reading tries them in this order too
FIELDS: tuple[Row, ...] = (
    Row("ID", "", "the citation key"),
    Row("TI", "title"), Row("T1", "title", "read only"), Row("CT", "title", "read only"),
    Row("AU", "author", "Family, Given, Suffix"), Row("A1", "author", "read only"),
    Row("A2", "editor"), Row("ED", "editor", "read only"), Row("A3", "collection-editor"), Row("A4", "translator"),
    Row("PY", "issued", "the year"), Row("Y1", "issued", "read only"), Row("DA", "issued", "year/month/day/EDTF"),
    Row("T2", "container-title"), Row("JF", "container-title", "read only"),
    Row("JO", "container-title", "read only; the abbreviation if there is T2 or JF"),
    Row("BT", "container-title", "read only; the title where there is no other"),
    Row("J2", "container-title-short"), Row("JA", "container-title-short", "read only"),
    Row("T3", "collection-title"), Row("ST", "title-short"),
    Row("VL", "volume"), Row("VO", "volume", "read only"), Row("IS", "issue"), Row("CP", "issue", "read only"),
    Row("M1", "number"), Row("NV", "number-of-volumes"), Row("SE", "section"), Row("ET", "edition"),
    Row("SP", "page", "first page, or pages that are no range"), Row("EP", "page", "last page"),
    Row("PB", "publisher"), Row("CY", "publisher-place"), Row("PP", "publisher-place", "read only"),
    Row("M3", "genre"), Row("SN", "ISBN", "ISBN or ISSN by its digits"), Row("SN", "ISSN"),
    Row("DO", "DOI"), Row("UR", "URL"), Row("Y2", "accessed"), Row("LA", "language"), Row("CN", "call-number"),
    Row("AV", "archive_location"), Row("DB", "source"), Row("KW", "keyword", "one line each"),
    Row("AN", "PMID", "PMID:..., PMCID:..., arXiv:..."), Row("AB", "abstract"), Row("N2", "abstract", "read only"),
    Row("N1", "note"),
)  # fmt: skip
_NAMES = {"AU": "author", "A1": "author", "A2": "editor", "ED": "editor", "A3": "collection-editor", "A4": "translator"}
_SPECIAL = frozenset({"TY", "ER", "ID", "SP", "EP", "SN", "KW", "AN", "PY", "Y1", "DA", "Y2", "BT", "JO", *_NAMES})
_PLAIN = tuple((row.field, row.variable) for row in FIELDS if row.field not in _SPECIAL)
_KNOWN = {row.field for row in FIELDS} | {"TY", "ER"}
_MULTILINE = frozenset({"AB", "N1", "N2"})
_WRITTEN_TYPES = {**reverse(TYPES), **STAND_INS}
_TAG = re.compile(r"([A-Z][A-Z0-9])[ \t]{1,2}-(?:[ \t](.*))?")


class _Reference(NamedTuple):
    """One reference: its line, and the tags with the lines of their values in their order."""

    line: int
    tags: list[tuple[str, list[str]]]


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The references of a file. Lines that belong to none are problems; unknown tags are kept."""
    text, problems = decode_text(data, options)
    everything = list(problems)

    def report(code: str, message: str, line: int, raw: str | None = None) -> None:
        everything.append(options.problem(line, code, message, raw))

    references: list[_Reference] = []
    current: _Reference | None = None
    saw_tag = False
    for number, line in enumerate(LINE_END.split(text), start=1):
        tag = _TAG.fullmatch(line.rstrip())
        if tag is None:
            if current is not None and current.tags:
                if line.strip() or current.tags[-1][0] in _MULTILINE:
                    current.tags[-1][1].append(line.strip())
            elif line.strip():
                report("ris-outside", "this line belongs to no reference", number, line)
            continue
        saw_tag = True
        name, value = tag[1], (tag[2] or "").strip()
        if name == "ER":
            if current is None:
                report("ris-end", "an end (ER) without a reference before it", number, line)
            current = None
            continue
        if name == "TY" or current is None:
            if current is not None:
                report("ris-unclosed", "the reference is not closed by ER", current.line)
            elif name != "TY":
                report("ris-no-type", "a reference has to begin with its type (TY)", number, line)
            current = _Reference(number, [])
            references.append(current)
        current.tags.append((name, [value]))
    if not saw_tag:
        raise InputError("this is not RIS: no line has a tag like 'TY  - '", path=options.path, line=1)
    if current is not None:
        report("ris-unclosed", "the last reference is not closed by ER", current.line)
    return ReadResult(tuple(_record(reference, options, report) for reference in references), tuple(everything))


def _record(reference: _Reference, options: ReadOptions, report: Callable[[str, str, int, str], None]) -> Record:
    draft = Draft(SOURCE, reference.line)
    values: dict[str, list[str]] = {}
    for tag, lines in reference.tags:
        value = "\n".join(lines).strip() if tag in _MULTILINE else " ".join(x for x in lines if x)
        if not value:
            continue
        if tag == "TY":
            known = TYPES.get(value.upper())
            if known is None or tag in values:
                draft.leave("TY", value)
                message = f"{value[:40]!r} is not a type of RIS; read as document"
                report("unknown-type", message, reference.line, value)
            else:
                draft.type = known
        elif tag in _NAMES:
            draft.put_name(_NAMES[tag], inverted_name(value))
        elif tag == "KW":
            draft.keywords.append(value)
        elif tag == "AN":
            draft.put_numbered(value, tag)
        elif tag not in _KNOWN:
            draft.leave(tag, value)
            continue
        values.setdefault(tag, []).append(value)
    if "ID" in values:
        draft.key, *more_keys = values["ID"]
        for key in more_keys:
            draft.leave("ID", key)
    _dates(draft, values)
    for tag, variable in _PLAIN:
        for value in values.get(tag, ()):
            draft.put(variable, value, tag)
    for value in values.get("JO", ()):
        draft.put("container-title-short" if "container-title" in draft.variables else "container-title", value, "JO")
    for value in values.get("BT", ()):
        draft.put("container-title" if "title" in draft.variables else "title", value, "BT")
    for value in values.get("SN", ()):
        draft.put_standard_number(value, "SN")
    first, last = values.get("SP", []), values.get("EP", [])
    if first or last:
        draft.put("page", "-".join([*first[:1], *last[:1]]), "SP")
    for tag, more in (("SP", first[1:]), ("EP", last[1:])):
        for value in more:
            draft.leave(tag, value)
    return draft.build(options)


def _dates(draft: Draft, values: dict[str, list[str]]) -> None:
    # the full date says more than the year, and stands for it if both agree
    years = [read_date(value) for tag in ("PY", "Y1") for value in values.get(tag, ())]
    for value in values.get("DA", ()):
        date = read_date(value)
        if date.literal and any(not year.literal for year in years):
            draft.leave("DA", value)
        elif not years or date.year == years[0].year or years[0].literal:
            draft.put_date("issued", date, "DA", value)
        else:
            draft.leave("DA", value)
    for tag in ("PY", "Y1"):
        for value in values.get(tag, ()):
            date = read_date(value)
            issued = draft.variables.get("issued")
            if isinstance(issued, Date) and date.year == issued.year and date == Date.of(date.year or 0):
                continue
            draft.put_date("issued", date, tag, value)
    for value in values.get("Y2", ()):
        draft.put_date("accessed", read_date(value), "Y2", value)


def read_date(text: str) -> Date:
    """A date as RIS writes it: ``2022/03/02/``, ``2022///Spring``, ``2022``; anything else becomes a literal."""
    text = text.strip()
    parts = [part.strip() for part in text.split("/", 3)]
    extra = parts[3] if len(parts) == 4 else ""
    if len(parts) < 3 and parse_date(text).literal:
        parts = [*parts, "", "", ""][:3]
    if len(parts) >= 3 and all(not part or part.isascii() for part in parts[:3]):
        if extra:
            whole = parse_date(extra)
            year = parts[0]
            if not whole.literal or not year:
                return whole if not whole.literal else Date(literal=extra)
            with_year = parse_raw_date(f"{extra} {year}")
            if not with_year.literal:
                return with_year
            return Date(literal=text)
        digits = [part for part in parts[:3] if part]
        if digits and all(part.isdigit() and len(part) <= 4 for part in digits) and parts[: len(digits)] == digits:
            numbers = [int(part) for part in digits]
            if len(digits[0]) == 4 and (date_parts := checked_parts(*numbers)) and date_parts.season is None:
                return Date(date_parts)
        return Date(literal=text) if parse_raw_date(text).literal else parse_raw_date(text)
    return parse_raw_date(text)


def write_date(date: Date) -> str:
    """The date as `read_date` reads it."""
    start = date.start
    plain = start is not None and date == Date(start) and start.season is None and 0 < start.year < 10_000
    if start is None or not plain:
        year = f"{start.year:04d}" if start is not None and 0 < start.year < 10_000 else ""
        return f"{year}///{date.edtf()}"
    month = f"{start.month:02d}" if start.month else ""
    day = f"{start.day:02d}" if start.day else ""
    return f"{start.year:04d}/{month}/{day}/" if month else f"{start.year:04d}"


def write(records: Sequence[Record], options: WriteOptions) -> WriteResult:  # noqa: ARG001 -- no setting is ours
    """The records as references, a blank line between two; what RIS can't hold is a problem."""
    return write_each(records, SOURCE, _lay_out)


def _lay_out(out: Outgoing) -> str:
    left = {x.name for x in out.leftovers}
    lines: list[str] = []

    def line(tag: str, value: str) -> None:
        if value:
            lines.append(f"{tag}  - {_safe(value, tag)}")

    kept_type = next((x.value for x in out.leftovers if x.name == "TY"), "") if "TY" in left else ""
    written = _WRITTEN_TYPES.get(out.type, "GEN")
    if TYPES[written] != out.type and not kept_type:
        out.lose(f"type {out.type}")
    line("TY", kept_type if kept_type and out.type == "document" else written)
    done: set[str] = set()
    for row in FIELDS:
        if row.note.startswith("read only"):
            continue
        tag, variable = row.field, row.variable
        if tag == "ID":
            line("ID", out.key)
        elif tag in _NAMES:
            for name in out.inverted(variable):
                line(tag, name)
        elif tag == "PY":
            text = out.written_date("issued", write_date, read_date)
            if re.match(r"\d{4}", text):
                line("PY", text[:4])
            if text[4:] or (text and not lines[-1].startswith("PY")):
                line("DA", text)
        elif tag == "Y2":
            line("Y2", out.written_date("accessed", write_date, read_date))
        elif tag == "SP":
            for name, page in zip(("SP", "EP"), out.pages(), strict=True):
                line(name, page)
        elif tag == "KW":
            for word in out.keywords():
                line("KW", word)
        elif tag == "AN":
            for number in out.numbered():
                line(tag, number)
        elif tag == "SN":
            line(tag, out.standard_number(variable))
        elif tag == "EP" or tag in done:
            continue
        elif variable:
            line(tag, out.text(variable))
        done.add(tag)
    for leftover in out.leftovers:
        if leftover.name != "TY" and re.fullmatch("[A-Z][A-Z0-9]", leftover.name):
            line(leftover.name, leftover.value)
        elif leftover.name != "TY":
            out.lose(f"the tag {leftover.name!r}")
    return "\n".join(lines) + "\nER  - \n\n"


def _safe(value: str, tag: str) -> str:
    """A value whose further lines can't be taken for tags; only notes and abstracts keep their lines."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if tag not in _MULTILINE or "\n" not in value:
        return one_line(value)
    first, *more = value.split("\n")
    return "\n".join([first, *(f" {line}" if _TAG.fullmatch(line.rstrip()) else line for line in more)])


def sniff(head: bytes) -> int:
    """95 where the first line with words is a type line (TY), 50 where one comes later."""
    text = head_text(head)
    if re.match(r"TY[ \t]{1,2}-[ \t]*[A-Za-z]{2,10}[ \t]*(?:\r|\n|$)", text):
        return 95
    return 50 if re.search(r"^TY  ?- [A-Z]{3,6}\s*$", text[:5000], re.MULTILINE) else 0
