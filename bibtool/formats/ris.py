"""RIS, the tagged format of Reference Manager, EndNote, Zotero and most publishers.

Sources: Research Information Systems' description of the format (2001 and 2011) and the practice of EndNote and
Zotero. Own reading beyond them: the part of a date after the third slash ("other information") takes EDTF where
year, month and day do not suffice; ``AN`` takes ``arXiv:...``, ``PMID:...`` and ``PMCID:...``; ``ID`` the key.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.errors import InputError
from bibtool.formats import reftypes
from bibtool.formats.base import ReadResult, Row, WriteResult, decode_text, head_text
from bibtool.formats.fields import Draft, Outgoing, built, one_line, write_each
from bibtool.formats.rawdate import parse_raw_date
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date, checked_parts, parse_date
from bibtool.model.record import Leftover
from bibtool.model.text.lines import LINE_END
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.base import ReadOptions, WriteOptions
    from bibtool.model.record import Record

SOURCE = "ris"

TYPES = reftypes.TYPES
STAND_INS = reftypes.STAND_INS
_NOTES = {
    "ID": Row("ID", "", "the citation key"), "PY": Row("PY", "issued", "the year"),
    "SP": Row("SP", "page", "first page, or pages that are not a range"),
    "SN": Row("SN", "ISBN", "ISBN or ISSN by its digits"), "KW": Row("KW", "keyword", "one line each"),
    "AN": Row("AN", "PMID", "PMID:..., PMCID:..., arXiv:...; digits alone in a file from PubMed"),
}  # fmt: skip
_GIVEN = tuple(
    (field.tag, field if field.tag not in _NOTES else field._replace(variable="", special={}))
    for field in reftypes.FIELDS
    if field.tag
)
FIELDS: tuple[Row, ...] = (
    _NOTES["ID"],
    *(row for row in reftypes.docs_rows(_GIVEN) if row.field not in _NOTES),
    *(_NOTES[tag] for tag in ("PY", "SP", "SN", "KW", "AN")),
    Row("SN", "number", "what is not an ISBN or ISSN, for DBASE, GOVDOC, LEGAL, PAT, RPRT, STAND"),
    Row("SP", "number-of-pages", "for BOOK, CLSWK, EBOOK, EDBOOK, MANSCPT, THES; dimensions for MPCT"),
    Row("EP", "page", "last page"),
    Row("DA", "issued", "year/month/day/EDTF"),
    Row("Y1", "issued", "read only"),
    Row("A1", "author", "read only; as AU"),
    Row("JO", "container-title", "read only; the abbreviation if there is another title"),
    Row("BT", "container-title", "read only; the title of a book that has no other"),
)
_TITLE_OF_WHOLE = reftypes.WHOLE_BOOKS | {"UNPB"}
_PERIODICAL = frozenset({"JF", "JO", "JA", "J1"})
_SPECIAL = frozenset({"TY", "ID", "PY", "Y1", "DA", "KW", "AN", "SN", "SP", "EP", "AU", "A1", "BT", "JO", "Y2"})
_MULTILINE = frozenset({"AB", "N1", "N2", "RN"})
_TAG = lazy_pattern(r"([A-Z][A-Z0-9])[ \t]{1,2}-(?:[ \t](.*))?")


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
    records = built((_draft(reference, options) for reference in references), options, everything)
    return ReadResult(records, tuple(everything))


def _draft(reference: _Reference, options: ReadOptions) -> Draft:
    raw = "\n".join(f"{tag}  - {line}" for tag, lines in reference.tags for line in lines)
    draft = Draft(SOURCE, reference.line, raw)
    values: dict[str, list[str]] = {}
    for tag, lines in reference.tags:
        if tag == "KW":  # EndNote writes one keyword a line, the tag before the first
            words = [line for line in lines if line]
            values.setdefault(tag, []).extend(_split_keywords(words))
            continue
        value = "\n".join(lines).strip() if tag in _MULTILINE else " ".join(x for x in lines if x)
        if value:
            values.setdefault(tag, []).append(value)
    reference_type = _type(draft, values, reference, options)
    read = reftypes.meanings(values.keys(), reftypes.BY_TAG, reference_type)
    if "ID" in values:
        draft.key, *more_keys = values["ID"]
        for key in more_keys:
            draft.leave("ID", key)
    _dates(draft, values, reference_type)
    _authors(draft, values, reference_type)
    _pages(draft, values, reference_type)
    for tag in sorted(read, key=reftypes.ORDER.__getitem__):
        if tag == "SN":
            for value in values[tag]:
                reftypes.put_number(draft, reference_type, value, tag)
        elif tag not in _SPECIAL:
            for value in values[tag]:
                if value == "0" and reftypes.BY_TAG[tag].of(reference_type).startswith(reftypes.READ_ONLY):
                    draft.leave(tag, value)  # what publishers write for no number
                else:
                    reftypes.put_field(draft, read[tag], value, tag, read_date)
    for value in values.get("JO", ()):
        draft.put("container-title-short" if "container-title" in draft.variables else "container-title", value, "JO")
    for value in values.get("BT", ()):
        whole = reference_type in _TITLE_OF_WHOLE and "title" not in draft.variables
        draft.put("title" if whole or "title" not in draft.variables else "container-title", value, "BT")
    if draft.variables.get("event-title") == draft.variables.get("container-title"):
        draft.variables.pop("event-title", None)
    draft.keywords.extend(values.get("KW", ()))
    for value in values.get("AN", ()):
        database = " ".join(values.get("DB", ())).casefold()
        of_pubmed = re.fullmatch(r"\d{1,8}", value) and ("pubmed" in database or "medline" in database)
        draft.put_numbered(f"PMID:{value}" if of_pubmed else value, "AN")
    for tag, unknown in values.items():
        if tag not in reftypes.BY_TAG and tag not in _SPECIAL:
            for value in unknown:
                draft.leave(tag, value)
    return draft


def _type(draft: Draft, values: dict[str, list[str]], reference: _Reference, options: ReadOptions) -> str:
    """Set the CSL type, and return the reference type by which the tags are read."""
    first, *more = values.get("TY", ["GEN"])
    reference_type = first.upper()
    known = TYPES.get(reference_type)
    for value in [first] * (known is None) + more:
        message = f"{value[:40]!r} is not a type of RIS; read as document"
        draft.leave_type("TY", value, options.problem(reference.line, "unknown-type", message, value))
    if known is None:
        return "GEN"
    draft.type = known
    if reference_type == "GEN" and _PERIODICAL & values.keys():
        draft.type = "article-journal"
        return "JOUR"
    if reference_type == "ICOMM" and "T2" in values and "A2" not in values:
        draft.type = "post"  # a message in a forum has its title, a letter has a recipient
    return {"WEB": "ELEC", "GRNT": "GRANT", "UNPD": "MANSCPT"}.get(reference_type, reference_type)


def _split_keywords(lines: list[str]) -> list[str]:
    words = [word.strip() for line in lines for word in line.split(";")] if len(lines) == 1 else lines
    return [word for word in words if word]


def _authors(draft: Draft, values: dict[str, list[str]], reference_type: str) -> None:
    # older programs write A1, some both
    variable = reftypes.BY_TAG["AU"].read(reference_type)
    names = [*values.get("AU", ())]
    names += [name for name in values.get("A1", ()) if name not in names]
    for name in names:
        draft.put_name(variable, reftypes.reference_name(name))


def _pages(draft: Draft, values: dict[str, list[str]], reference_type: str) -> None:
    first, last = values.get("SP", []), values.get("EP", [])
    if first or last:
        whole = first[:1] if first and reftypes.is_page_range(first[0]) else [*first[:1], *last[:1]]
        reftypes.put_pages(draft, reference_type, "-".join(whole), "SP")
    for tag, more in (("SP", first[1:]), ("EP", last[1:])):
        for value in more:
            draft.leave(tag, value)


def _dates(draft: Draft, values: dict[str, list[str]], reference_type: str) -> None:
    # the full date says more than the year, and is taken instead of it if both agree
    years = [(tag, value, read_date(value)) for tag in ("PY", "Y1") for value in values.get(tag, ())]
    for value in values.get("DA", ()):
        date = read_date(value)
        if date.literal and any(not year.literal for _, _, year in years):
            draft.leave("DA", value)
        elif not years or date.year == years[0][2].year or years[0][2].literal:
            draft.put_date("issued", date, "DA", value)
        elif reference_type in reftypes.DATE_IS_ACCESS and "Y2" not in values:
            draft.put_date("accessed", date, "DA", value)
        else:
            draft.leave("DA", value)
    for tag, value, date in years:
        issued = draft.variables.get("issued")
        if isinstance(issued, Date) and date.year == issued.year and date == Date.of(date.year or 0):
            continue
        draft.put_date("issued", date, tag, value)
    for value in values.get("Y2", ()):
        draft.put_date("accessed", read_date(value), "Y2", value)
    for tag in ("PY", "Y1", "DA", "Y2"):
        for value in values.get(tag, ()):
            if _other_information(value) and Leftover(SOURCE, tag, value) not in draft.leftovers:
                draft.leave(tag, value)


def _other_information(text: str) -> bool:
    """Whether a date has "other information" that is not a part of what `read_date` gives: ``2004/05//print``."""
    year, *rest = (part.strip() for part in text.strip().split("/", 3))
    if len(rest) < 3 or not year or not rest[2] or not parse_date(rest[2]).literal or read_date(text).literal:
        return False
    return bool(rest[0]) or parse_raw_date(f"{rest[2]} {year}").literal != ""


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
            if not with_year.literal and not parts[1]:
                return with_year
        digits = [part for part in parts[:3] if part]
        if digits and all(part.isdigit() and len(part) <= 4 for part in digits) and parts[: len(digits)] == digits:
            numbers = [int(part) for part in digits]
            if len(digits[0]) == 4 and (date_parts := checked_parts(*numbers)) and date_parts.season is None:
                return Date(date_parts)
        return Date(literal=text) if extra or parse_raw_date(text).literal else parse_raw_date(text)
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
    lines: list[str] = []

    def line(tag: str, value: str) -> None:
        if value:
            lines.append(f"{tag}  - {_safe(value, tag)}")

    kept_type = next((x.value for x in out.leftovers if x.name == "TY"), "")
    written = reftypes.written_type(out.type, out.record.variables)
    if not kept_type and _read_as(out, written) != out.type:
        out.lose(f"type {out.type}")
    line("TY", kept_type if kept_type and out.type == "document" else written)
    line("ID", out.key)
    for step in reftypes.plan(written):
        tag = step.field.tag
        if not tag or not reftypes.is_due(out, step, written):
            continue
        if tag == "PY":
            text = out.written_date("issued", write_date, read_date)
            if re.match(r"\d{4}", text):
                line("PY", text[:4])
            if text[4:] or (text and not lines[-1].startswith("PY")):
                line("DA", text)
        elif tag == "SP":
            for name, page in zip(("SP", "EP"), reftypes.take_pages(out, written), strict=True):
                line(name, page)
        elif tag == "SN":
            for number in reftypes.take_numbers(out, written):
                line(tag, number)
        elif tag == "KW":
            for word in out.keywords():
                line(tag, word)
        elif tag == "AN":
            for number in out.numbered():
                line(tag, number)
        elif step.kind == "date":
            line(tag, out.written_date(step.variable, write_date, read_date))
        elif step.kind == "names":
            for name in reftypes.take_names(out, step.variable, written, reftypes.BY_TAG):
                line(tag, name)
        else:
            line(tag, reftypes.take_text(out, step, written))
    for leftover in out.leftovers:
        if leftover.name != "TY" and re.fullmatch("[A-Z][A-Z0-9]", leftover.name):
            line(leftover.name, leftover.value)
        elif leftover.name != "TY":
            out.lose(f"the tag {leftover.name!r}")
    return "\n".join(lines) + "\nER  - \n\n"


def _read_as(out: Outgoing, reference_type: str) -> str:
    """The CSL type that is read again."""
    if reference_type == "ICOMM" and out.has("container-title") and not out.has("recipient"):
        return "post"
    return TYPES[reference_type]


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
