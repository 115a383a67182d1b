"""What the fields of a reference type hold: the table that RIS and EndNote XML share.

A field of EndNote is one tag of RIS and one element of EndNote XML, and means something else in each reference type:
the secondary author of a chapter is the editor of its book, of a book the editor of the series, of a letter the
person who got it. One table says it, for both formats and both directions.

Sources: the table of tags by reference type in the RIS specification of 2011, which is EndNote's own table of fields by
reference type; for what that table leaves open (and for directors and producers, where it knows only authors), the
meaning that Zotero documents for its import and export; for the tags A1, T1, JO, JF, JA, J1, BT, ED, CP and VO the
specification of 2001. The CSL variable of a field is the one that Zotero's schema names for it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from bibtool.errors import IdentifierError
from bibtool.formats.base import Row
from bibtool.formats.fields import essential, inverted_name, split_standard_numbers, write_inverted
from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import parse_isbn, parse_issn
from bibtool.model.names import Name, looks_like_organisation, parse_name
from bibtool.model.richtext import Text
from bibtool.model.vocabulary import VARIABLES
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from bibtool.formats.fields import Draft, Outgoing
    from bibtool.model.dates import Date

# RIS type -> CSL type; the first type of a CSL type is the one that is written
TYPES: dict[str, str] = {
    "JOUR": "article-journal", "MGZN": "article-magazine", "NEWS": "article-newspaper", "BOOK": "book",
    "CHAP": "chapter", "CONF": "paper-conference", "CPAPER": "paper-conference", "THES": "thesis", "RPRT": "report",
    "UNPB": "article", "MANSCPT": "manuscript", "ELEC": "webpage", "BLOG": "post-weblog",
    "PCOMM": "personal_communication", "ICOMM": "personal_communication", "DATA": "dataset", "COMP": "software",
    "PAT": "patent", "STAND": "standard", "STAT": "legislation", "BILL": "bill", "CASE": "legal_case",
    "HEAR": "hearing", "LEGAL": "regulation", "DICT": "entry-dictionary", "ENCYC": "entry-encyclopedia", "MAP": "map",
    "ART": "graphic", "FIGURE": "figure", "MPCT": "motion_picture", "VIDEO": "motion_picture",
    "ADVS": "motion_picture", "MULTI": "motion_picture", "SOUND": "song", "MUSIC": "musical_score",
    "SLIDE": "speech", "PAMP": "pamphlet", "JFULL": "periodical", "CLSWK": "classic", "ANCIENT": "classic",
    "EDBOOK": "book", "EBOOK": "book", "SER": "book", "CTLG": "book", "ECHAP": "chapter", "EJOUR": "article-journal",
    "INPR": "article-journal", "ABST": "article-journal", "GOVDOC": "report", "UNBILL": "bill", "WEB": "webpage",
    "AGGR": "dataset", "DBASE": "dataset", "CHART": "graphic", "UNPD": "manuscript", "EQUA": "document",
    "GRANT": "document", "GRNT": "document", "GEN": "document",
}  # fmt: skip
# CSL types without a reference type of their own, and what is written instead
STAND_INS = {
    "broadcast": "ADVS", "collection": "CTLG", "entry": "DICT", "event": "CONF", "interview": "PCOMM",
    "performance": "ADVS", "post": "ICOMM", "review": "JOUR", "review-book": "JOUR", "treaty": "LEGAL",
}  # fmt: skip
# type -> the one written instead, for a record that has the first variable and not the second
INSTEAD = {
    "MPCT": ("MULTI", "author", "director"), "ADVS": ("MULTI", "author", "director"),
    "RPRT": ("GOVDOC", "authority", "collection-title"),
}  # fmt: skip
ARTICLES = frozenset({"ABST", "EJOUR", "INPR", "JFULL", "JOUR"})
WHOLE_BOOKS = frozenset({"BOOK", "CLSWK", "CTLG", "EBOOK", "EDBOOK", "SER"})
CONFERENCES = frozenset({"CONF", "CPAPER"})
# types whose date is by the specification the one of access, if the year is another one
DATE_IS_ACCESS = frozenset({"AGGR", "DBASE", "EBOOK", "ECHAP", "EJOUR", "MULTI"})
READ_ONLY = "<"
_ARTICLES = " ".join(sorted(ARTICLES))


class Field(NamedTuple):
    """A field: its RIS tag, its EndNote element ("" where a format has none), and the variable of each type.

    ``variable`` holds for the types that ``special`` does not name. "" keeps the value as a leftover, a variable
    after "<" is read from the field, but not written to it.
    """

    tag: str
    element: str
    variable: str
    special: Mapping[str, str]

    def of(self, reference_type: str) -> str:
        """The variable of a reference type, as in the table."""
        return self.special.get(reference_type, self.variable)

    def read(self, reference_type: str) -> str:
        """The variable that is read, "" for a field that is kept."""
        return self.of(reference_type).removeprefix(READ_ONLY)

    def written(self, reference_type: str) -> str:
        """The variable that is written, "" for none."""
        variable = self.of(reference_type)
        return "" if variable.startswith(READ_ONLY) else variable


def _field(tag: str, element: str, variable: str, special: Mapping[str, str] | None = None) -> Field:
    """A field from a table of variable -> reference types, which is easier to read."""
    types = {name: held for held, names in (special or {}).items() for name in names.split()}
    return Field(tag, element, variable, types)


# in the order in which they are read and written: the first field with a value of its own counts
FIELDS: tuple[Field, ...] = (
    _field("TI", "title", "title"),
    _field("T1", "", "<title"),
    _field("CT", "", "<title"),
    _field("AU", "authors", "author", {
        "editor": "EDBOOK", "director": "ADVS MPCT VIDEO", "composer": "MUSIC",
    }),
    _field("A2", "secondary-authors", "editor", {
        "collection-editor": "BOOK CLSWK COMP EDBOOK ELEC MAP MULTI RPRT UNPB", "recipient": "ICOMM PCOMM",
        "performer": "ADVS SLIDE SOUND VIDEO", "series-creator": "MPCT", "producer": "DATA", "author": "BILL UNBILL",
        "container-title": "CASE", "authority": "LEGAL PAT", "": "CHART CTLG EQUA FIGURE GOVDOC PAMP",
    }),
    _field("A3", "tertiary-authors", "collection-editor", {
        "editor": "BOOK CLSWK EDBOOK", "producer": "ADVS MPCT VIDEO", "contributor": "BILL THES UNBILL",
        "illustrator": "BLOG", "": "CASE PAT RPRT",
    }),
    _field("A4", "subsidiary-authors", "translator", {
        "contributor": "CONF", "performer": "MPCT", "producer": "MUSIC", "editor": "SER", "division": "RPRT",
        "": "CASE DATA",
    }),
    _field("ED", "", "editor"),
    _field("TA", "translated-authors", "translator"),
    _field("PY", "", "issued"),
    _field("T2", "secondary-title", "container-title", {
        "collection-title": "BOOK CLSWK COMP CTLG EBOOK EDBOOK MAP MPCT MULTI RPRT SER UNPB", "section": "HEAR",
        "archive_collection": "MANSCPT", "event-title": "SLIDE", "": "LEGAL THES",
    }),
    _field("C3", "custom3", "", {
        "container-title": "CONF CPAPER", "dimensions": "ADVS ART MAP SOUND VIDEO", "<PMCID": "EJOUR",
    }),
    _field("JF", "", "container-title"),
    _field("J2", "alt-title", "container-title-short"),
    _field("JA", "", "<container-title-short"),
    _field("J1", "", "<container-title-short"),
    _field("T3", "tertiary-title", "collection-title", {
        "authority": "BILL HEAR UNBILL", "volume-title": "ANCIENT", "supplement-number": "LEGAL",
        "": "BLOG CASE EJOUR PAT STAND STAT",
    }),
    _field("ST", "short-title", "title-short"),
    _field("", "translated-title", "original-title"),
    _field("VL", "volume", "volume", {
        "<genre": "THES", "<number": "LEGAL STAND", "number": "PAMP", "dimensions": "CHART EQUA FIGURE",
        "edition": "COMP", "version": "PAT", "": "BLOG ELEC GRANT",
    }),
    _field("VO", "", "volume"),
    _field("IS", "", "issue", {"number-of-volumes": "CHAP"}),
    _field("CP", "", "issue"),
    _field("SN", "isbn", "ISBN", {"number": "DBASE GOVDOC LEGAL PAT RPRT STAND"}),
    _field("M1", "", "number", {
        "collection-number": "BOOK CLSWK CTLG EBOOK EDBOOK PAMP SER", "<issue": f"{_ARTICLES} CONF GOVDOC MGZN",
        "<number-of-volumes": "CHAP", "chapter-number": "ECHAP", "dimensions": "ART", "medium": "COMP",
        "<accessed": "ELEC", "<call-number": "PAT", "status": "GRANT", "<page": "LEGAL NEWS STAND", "": "MULTI",
    }),
    _field("", "number", "number", {
        "collection-number": "BOOK CHAP CLSWK CTLG EBOOK EDBOOK PAMP SER", "issue": f"{_ARTICLES} CONF GOVDOC MGZN",
        "chapter-number": "ECHAP", "dimensions": "ART", "medium": "COMP", "<accessed": "ELEC", "<call-number": "PAT",
        "status": "GRANT", "<page": "LEGAL NEWS STAND", "": "MULTI",
    }),
    _field("", "issue", "issue"),
    _field("", "report-id", "number"),
    _field("NV", "num-vols", "number-of-volumes", {
        "<container-title-short": "CASE", "version": "EBOOK", "<number": "CTLG DATA EJOUR ICOMM MANSCPT PCOMM STAT",
        "collection-number": "RPRT", "<dimensions": "ADVS SLIDE SOUND VIDEO",
        "": "GRANT LEGAL MGZN NEWS PAT STAND",
    }),
    _field("SV", "secondary-volume", "collection-number", {"<number": "CASE"}),
    _field("SE", "section", "section", {
        "page": "BOOK", "chapter-number": "CHAP SER", "<number-of-pages": "CTLG", "<version": "DICT",
        "<available-date": "EJOUR", "number": "BLOG", "<page": "MANSCPT MGZN", "": "AGGR CASE DATA GRANT PAT",
    }),
    _field("ET", "edition", "edition", {
        "chapter-number": "BILL HEAR STAT UNBILL", "version": "CHART COMP DATA EQUA FIGURE",
        "available-date": "ABST INPR JFULL JOUR", "": "AGGR CASE DBASE GRANT ICOMM MANSCPT PAT PCOMM",
    }),
    _field("SP", "pages", "page", {
        "number-of-pages": "BOOK CLSWK EBOOK EDBOOK MANSCPT THES", "dimensions": "MPCT",
    }),
    _field("M2", "", "", {"<page": "ABST INPR JFULL JOUR", "number-of-pages": "PAMP"}),
    _field("C1", "custom1", "", {
        "publisher-place": "CONF CPAPER", "scale": "MAP", "section": "CHAP ECHAP SER", "authority": "GOVDOC",
        "medium": "MUSIC",
    }),
    _field("PB", "publisher", "publisher", {"authority": "CASE", "archive": "MANSCPT"}),
    _field("CY", "pub-location", "publisher-place", {"event-place": "CONF CPAPER SLIDE"}),
    _field("PP", "", "publisher-place"),
    _field("", "meeting-place", "event-place"),
    _field("C2", "custom2", "", {
        "container-author": "CHAP", "<PMCID": "ABST INPR JFULL JOUR", "<issued": "PAT", "<number": "SER",
        "<accessed": "EBOOK EJOUR ELEC MULTI",
    }),
    _field("C4", "custom4", "", {"genre": "MPCT"}),
    _field("C5", "custom5", "", {
        "medium": "ADVS SLIDE SOUND VIDEO", "<medium": "MPCT", "references": "PAT", "<publisher": "STAT",
    }),
    _field("C6", "custom6", "", {"status": "PAT", "<issue": "RPRT", "<volume": "STAND"}),
    _field("C7", "custom7", "", {"number": _ARTICLES, "<PMCID": "EBOOK ECHAP"}),
    _field("M3", "work-type", "genre", {"medium": "MPCT", "references": "CASE"}),
    _field("OP", "orig-pub", "", {"references": "BILL HEAR LEGAL STAT UNBILL", "<references": "CASE"}),
    _field("RI", "reviewed-item", "reviewed-title", {"": "DATA GRANT STAT"}),
    _field("DO", "electronic-resource-num", "DOI"),
    _field("UR", "", "URL"),
    _field("LK", "", "<URL"),
    _field("L2", "", "<URL"),
    _field("Y2", "access-date", "accessed"),
    _field("LA", "language", "language"),
    _field("CN", "call-num", "call-number"),
    _field("AV", "", "archive_location"),
    _field("DB", "remote-database-name", "source"),
    _field("DP", "remote-database-provider", "<source"),
    _field("KW", "", "keyword"),
    _field("AN", "", "PMID"),
    _field("AB", "abstract", "abstract"),
    _field("N2", "", "<abstract"),
    _field("N1", "notes", "note"),
    _field("RN", "research-notes", "annote"),
)  # fmt: skip

ORDER: dict[str, int] = {name: at for at, field in enumerate(FIELDS) for name in field[:2] if name}
# written whether the record has a variable of theirs or not
_ALWAYS = frozenset({"PY", "SP", "SN", "KW", "AN"})
BY_TAG: dict[str, Field] = {field.tag: field for field in FIELDS if field.tag}
BY_ELEMENT: dict[str, Field] = {field.element: field for field in FIELDS if field.element}
_WRITTEN_TYPES = {**{csl: name for name, csl in reversed(TYPES.items())}, **STAND_INS}
_DOI = lazy_pattern(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?10\.\d{4,9}/\S+", re.IGNORECASE)
_PAGES = lazy_pattern(r"[^\s,;-]*\d[^\s,;-]*\s*[-–—]{1,2}\s*[^\s,;-]*\d[^\s,;-]*")


def written_type(csl_type: str, variables: Mapping[str, object]) -> str:
    """The reference type that is written for a CSL type, ``GEN`` where there is none."""
    reference_type = _WRITTEN_TYPES.get(csl_type, "GEN")
    other, needed, unwanted = INSTEAD.get(reference_type, ("", "", ""))
    return other if needed in variables and unwanted not in variables else reference_type


class Step(NamedTuple):
    """A field with what it holds in one reference type: the variable, and its kind ("" for fields of their own)."""

    field: Field
    variable: str
    kind: str


@cache
def plan(reference_type: str) -> tuple[Step, ...]:
    """What is written in a reference type, in its order."""
    steps = []
    for field in FIELDS:
        variable = field.written(reference_type)
        if field.tag in _ALWAYS:
            steps.append(Step(field, variable, ""))
        elif variable:
            steps.append(Step(field, variable, VARIABLES[variable]))
    return tuple(steps)


def is_page_range(text: str) -> bool:
    """True for ``12-20``: in a field for the number of pages it says which pages instead."""
    return _PAGES.fullmatch(text.strip()) is not None


def put_field(draft: Draft, variable: str, text: str, name: str, read_date: Callable[[str], Date]) -> None:
    """Set a variable of any kind from the text of a field; a date that can't be read and "" are kept as a leftover."""
    if not variable:
        draft.leave(name, text)
        return
    kind = VARIABLES[variable]
    if kind == "names":
        draft.put_name(variable, reference_name(text))
    elif kind == "date":
        date = read_date(text)
        if date.literal:
            draft.leave(name, text)
        else:
            draft.put_date(variable, date, name, text)
    elif variable == "genre" and _DOI.fullmatch(text):  # where publishers put a DOI before there was DO
        draft.put("DOI", text, name)
    else:
        draft.put(variable, text, name)


def reference_name(text: str) -> Name:
    """The name of a person or organisation: ``Family, Given, Suffix``, or ``Given Family`` where there is no comma.

    A comma at the end marks an organisation (EndNote's manual), and so do words that no person is called by.
    """
    text = " ".join(text.split())
    if "," in text or " " not in text or looks_like_organisation(text) or len(text.split()) > 4:
        return inverted_name(text)
    words = text.split()
    if not all(word[:1].isupper() or word.islower() for word in words) or words[0].islower():
        return inverted_name(text)
    name = parse_name(text)
    return name if name.family and name.given else inverted_name(text)


def is_due(out: Outgoing, step: Step, reference_type: str) -> bool:
    """True where there is something to write in a field."""
    if not step.kind or out.has(step.variable):
        return True
    return step.field.tag == "T2" and reference_type in CONFERENCES and out.has("event-title")


def meanings(names: Collection[str], table: Mapping[str, Field], reference_type: str) -> dict[str, str]:
    """The variable of each field that a reference has, by what its other fields say; "" for one that is kept.

    ``table`` is `BY_TAG` or `BY_ELEMENT`; names that it does not have are left out. Where the table of types is not
    enough: a whole book has an author or an editor, so series editors who are its only people are its editors (many
    publishers know one kind of editor only); the secondary title of a conference paper is the conference's if the
    proceedings have a title of their own, and its place is that of the conference if the file distinguishes the two.
    """
    read = {name: table[name].read(reference_type) for name in names if name in table}
    if reference_type in WHOLE_BOOKS and not {"author", "editor"} & set(read.values()):
        read = {name: "editor" if variable == "collection-editor" else variable for name, variable in read.items()}
    if reference_type in CONFERENCES:
        tags = {table[name].tag for name in read}
        for name in read:
            if table[name].tag == "T2" and tags & {"C3", "JF"}:
                read[name] = "event-title"
            elif table[name].tag == "CY" and not tags & {"C1", "C3"} and "PB" in tags:
                read[name] = "publisher-place"
    return read


def put_pages(draft: Draft, reference_type: str, text: str, name: str) -> None:
    """Set the pages, or what the field holds instead of them in this type."""
    variable = BY_TAG["SP"].read(reference_type)
    draft.put("page" if variable == "number-of-pages" and is_page_range(text) else variable, text, name)


def put_number(draft: Draft, reference_type: str, text: str, name: str) -> None:
    """Set ISBN or ISSN, or the number of what has none: a report, a patent."""
    if BY_TAG["SN"].read(reference_type) == "number" and not is_standard_number(text):
        draft.put("number", text, name)
    else:
        draft.put_standard_number(text, name)


def is_standard_number(text: str) -> bool:
    """True where a text is one or more ISBNs or ISSNs with their check digits."""
    parts = split_standard_numbers(text)
    return bool(parts) and all(_parses(number) for _, number in parts)


def _parses(text: str) -> bool:
    for parse in (parse_isbn, parse_issn):
        try:
            parse(text)
        except IdentifierError:
            continue
        return True
    return False


def take_text(out: Outgoing, step: Step, reference_type: str) -> str:
    """Take the text that a field holds in a reference type; "" where it has been written before."""
    variable = step.variable
    if reference_type in CONFERENCES and step.field.tag == "T2":
        container = out.record.text("container-title")
        event = out.text("event-title")
        if event and event == container:
            out.lose("event-title")
        elif event and not container:
            out.lose("that the container-title is the event-title")
        value = out.record.variables.get("container-title")
        return event or (value.markup() if isinstance(value, Text) else "")
    if variable == "event-place" and reference_type in CONFERENCES and out.has(variable):
        apart = {"container-title", "publisher-place"} & out.record.variables.keys()
        if not apart and out.record.text("publisher"):
            out.lose("that the publisher-place is the event-place")
    return out.text(variable)


def take_pages(out: Outgoing, reference_type: str) -> tuple[str, str]:
    """Take what is written as pages: first and last page, or "" as the last for anything but a range."""
    variable = BY_TAG["SP"].written(reference_type)
    if variable == "page":
        return out.pages()
    if variable != "number-of-pages" or out.has(variable):
        text = out.text(variable)
        if variable == "number-of-pages" and is_page_range(text):
            out.lose(f"that {text} is the number of pages")
        return text, ""
    return out.pages() if is_page_range(out.record.text("page")) else ("", "")


def take_numbers(out: Outgoing, reference_type: str) -> list[str]:
    """Take the number of a report or patent that can't be taken for an ISBN, then ISBN and ISSN."""
    numbered = BY_TAG["SN"].written(reference_type) == "number"
    texts = [out.text("number")] if numbered and not is_standard_number(out.record.text("number")) else []
    for variable in ("ISBN", "ISSN"):
        text = out.standard_number(variable)
        if numbered and text and not is_standard_number(text):
            out.lose(variable)
        else:
            texts.append(text)
    return [text for text in texts if text]


def take_names(out: Outgoing, variable: str, reference_type: str, table: Mapping[str, Field]) -> list[str]:
    """Take the names of a variable, as `reference_name` reads them; ``table`` is `BY_TAG` or `BY_ELEMENT`."""
    if variable == "collection-editor" and reference_type in WHOLE_BOOKS and out.has(variable):
        others = {"author", "editor"} & out.record.variables.keys()
        if not any(field.written(reference_type) in others for field in table.values()):
            out.lose("that the editor is the collection-editor")
    return [write_name(out, name) for name in out.names(variable)]


def write_name(out: Outgoing, name: Name) -> str:
    """The name as `reference_name` reads it; parts of it that can't be said so are lost."""
    written = write_inverted(name)
    if name.literal and reference_name(written) != essential(name):
        written = name.literal.replace(",", " ") + ","
    return out.checked(written, reference_name, essential(name), "parts of the name " + name.display())


def docs_rows(fields: tuple[tuple[str, Field], ...]) -> tuple[Row, ...]:
    """The rows of a format's table for its documentation: each variable of a field with the types it is for."""
    rows: list[Row] = []
    for name, field in fields:
        by_variable: dict[str, list[str]] = {}
        for reference_type, variable in field.special.items():
            by_variable.setdefault(variable, []).append(reference_type)
        general = field.variable.removeprefix(READ_ONLY)
        if general or not by_variable:
            note = "read only" if field.variable.startswith(READ_ONLY) else "" if general else "kept"
            rows.append(Row(name, general, note))
        for variable, types in by_variable.items():
            notes = "for " + ", ".join(sorted(types))
            if not variable:
                notes = "kept " + notes
            elif variable.startswith(READ_ONLY):
                notes = "read only, " + notes
            rows.append(Row(name, variable.removeprefix(READ_ONLY), notes))
    return tuple(rows)
