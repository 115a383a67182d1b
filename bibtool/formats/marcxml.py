"""MARCXML, the records of library catalogues, read only.

Source: "MARC 21 Format for Bibliographic Data" and the schema of MARCXML, both of the Library of Congress; roles by the
"MARC Code List for Relators". ISBD's punctuation at the end of a subfield is taken away. Fields that no variable fits
are kept under their tag.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.errors import InputError
from bibtool.formats import safexml
from bibtool.formats.base import ReadResult, Row
from bibtool.formats.fields import Draft, built, inverted_name, person
from bibtool.formats.rawdate import parse_raw_date
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.names import Name

if TYPE_CHECKING:
    from bibtool.formats.base import ReadOptions
    from bibtool.xmltree import Element

SOURCE = "marcxml"

# leader/06, type of record -> CSL type; language material goes by leader/07
TYPES: dict[str, str] = {
    "a": "book", "c": "musical_score", "d": "musical_score", "e": "map", "f": "map", "g": "motion_picture",
    "i": "song", "j": "song", "k": "graphic", "m": "software", "o": "document", "p": "collection", "r": "graphic",
    "t": "manuscript",
}  # fmt: skip
FIELDS: tuple[Row, ...] = (
    Row("leader/06-07, 502, 655, 773", "", "the type"), Row("020 a", "ISBN"), Row("022 a", "ISSN"),
    Row("024 a", "DOI", "with `2` doi"), Row("050, 082, 090 a b", "call-number"), Row("041 a, 008/35-37", "language"),
    Row("100, 110, 111 a", "author", "or the role of `4` or `e`"), Row("700, 710, 711 a", "author", "or the role"),
    Row("111, 711 a", "event-title", "of proceedings"), Row("111, 711 c", "event-place"),
    Row("111, 711 d", "event-date"),
    Row("245 a b", "title", "joined by a colon"), Row("245 n", "part-number"), Row("245 p", "part-title"),
    Row("210 a", "title-short", "the container's, of an article"), Row("250 a", "edition"),
    Row("260, 264 a", "publisher-place"), Row("260, 264 b", "publisher"), Row("260, 264 c, 008/07-10", "issued"),
    Row("300 a", "number-of-pages"), Row("490, 830, 440 a", "collection-title"),
    Row("490, 830, 440 v", "collection-number"),
    Row("500 a", "note"), Row("502 b, c, d, a", "genre", "degree, university and year of a thesis"),
    Row("520 a", "abstract"),
    Row("600, 610, 650, 651, 653 a", "keyword"), Row("773 t", "container-title", "with g, x, z"), Row("856 u", "URL"),
    Row("765 t, 240 a", "original-title"),
)  # fmt: skip
# relator code or term -> CSL variable; names in other roles are kept as leftovers
_RELATORS: dict[str, str] = {
    "aut": "author", "author": "author", "cre": "author", "creator": "author", "ctb": "contributor",
    "contributor": "contributor", "joint author": "author", "dis": "author", "edt": "editor", "editor": "editor",
    "ed": "editor", "edc": "editor", "editor of compilation": "editor", "com": "compiler", "compiler": "compiler",
    "trl": "translator", "translator": "translator", "tr": "translator", "ill": "illustrator",
    "illustrator": "illustrator", "art": "author", "artist": "author", "pht": "author", "photographer": "author",
    "ctg": "author", "cartographer": "author", "cmp": "composer", "composer": "composer", "drt": "director",
    "director": "director", "film director": "director", "fmd": "director", "pro": "producer", "producer": "producer",
    "prf": "performer", "performer": "performer", "nrt": "narrator", "narrator": "narrator", "ivr": "interviewer",
    "interviewer": "interviewer", "ive": "author", "interviewee": "author", "orm": "organizer", "cur": "curator",
    "curator": "curator", "aus": "script-writer", "screenwriter": "script-writer", "pbd": "editorial-director",
    "hst": "host", "host": "host", "rcp": "recipient", "addressee": "recipient", "inv": "author", "inventor": "author",
}  # fmt: skip
_PERSONS, _BODIES, _MEETINGS = frozenset({"100", "700"}), frozenset({"110", "710"}), frozenset({"111", "711"})
_HANDLED = frozenset(
    "020 022 024 040 041 050 082 090 100 110 111 210 240 245 250 260 264 300 336 337 338 440 490 500 502 520 600 610 "
    "650 651 653 655 700 710 711 765 773 830 856 880 016 035 042 043 049 084 366 906 925 955 952 999".split()
)
_END = lazy_pattern(r"\s*[/:;,=]\s*$")
_COUNT = lazy_pattern(r"(\d{1,5})\s*(?:p|pp|pages?|S|Seiten|str|s|pag)\b\.?")
_YEAR = lazy_pattern(r"(?<!\d)(\d{4})(?!\d)", re.ASCII)
_PLACES = lazy_pattern(
    r"(?:vol(?:ume)?\.?|Bd\.|v\.)\s*(?P<volume>\w+)"
    r"|(?:no\.|issue|nr\.|Heft|H\.)\s*(?P<issue>[\w/-]+)"
    r"|(?:pages?|pp?\.|S\.|Seite)\s*(?P<page>\w+(?:\s*[-\u2013]\s*\w+)?)"
    r"|\((?P<year>\d{4})\)",
    re.IGNORECASE,
)
_MAX_PARSED = 500  # characters of a subfield that are taken apart
_MISSING = "this XML has no MARC record with a field 245 (title) or an author"


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The bibliographic records of a file. Raises `InputError` where it has none."""
    nodes, problems = safexml.read_records(data, {"record"}, options)
    # OAI-PMH wraps MARC's record in one of its own
    records = [inner for node in nodes for inner in _inner_records(node)]
    works = [
        node
        for node in records
        if any(field.get("tag") in {"245", "100", "110", "111"} for field in node.all("datafield"))
    ]
    if not works:
        raise InputError(_MISSING, path=options.path, line=1)
    drafts = (_draft(_Marc(node)) for node in works)
    return ReadResult(built(drafts, options, problems), tuple(problems))


def _inner_records(node: Element) -> list[Element]:
    inner = [*node.all("metadata/record"), *node.all("recordData/record"), *node.all("metadata/collection/record")]
    return inner or [node]


class _Marc:
    """One record by the tags of its fields."""

    def __init__(self, node: Element) -> None:
        self.line = node.line
        leader = node.first("leader")
        self.leader = "".join(leader.raw()) if leader is not None else ""
        self.control = {field.get("tag"): "".join(field.raw()) for field in node.all("controlfield")}
        self.fields = [(field.get("tag"), field) for field in node.all("datafield")]

    def all(self, *tags: str) -> list[Element]:
        """The fields of those tags, in the order of the record."""
        return [field for tag, field in self.fields if tag in tags]

    def text(self, tag: str, code: str) -> str:
        """The first subfield of that code in the fields of that tag."""
        return next((text for field in self.all(tag) for text in subfields(field, code)), "")


def subfields(field: Element, codes: str) -> list[str]:
    """The subfields of those codes, without the punctuation of ISBD at their end."""
    texts = (clean(sub.text()) for sub in field.all("subfield") if sub.get("code") in codes and sub.get("code"))
    return [text for text in texts if text]


def clean(text: str) -> str:
    """The text without what separates it from the next area, and without the marks of what is not to be sorted by."""
    text = " ".join(re.sub("[\u0088\u0089\u0098\u009c]|<<|>>", "", text).split())
    return _END.sub("", text).strip()


def _first(field: Element, codes: str) -> str:
    return next(iter(subfields(field, codes)), "")


def _draft(marc: _Marc) -> Draft:
    draft = Draft(SOURCE, marc.line)
    draft.type = _type(marc)
    is_part = draft.type in {"chapter", "article-journal", "paper-conference"}
    _titles(draft, marc)
    for tag, field in marc.fields:
        if tag in _PERSONS | _BODIES | _MEETINGS:
            _name(draft, tag, field)
    for field in marc.all("020"):
        for number in subfields(field, "a"):
            draft.put("ISBN", re.sub(r"\s*(?:\([^()]*\)|:.*)", "", number).strip(), "020")
    for field in marc.all("022"):
        draft.put("ISSN", _first(field, "a"), "022")
    for field in marc.all("024"):
        _identifier(draft, field)
    draft.put(
        "call-number", next((" ".join(subfields(field, "ab")) for field in marc.all("050", "090", "082")), ""), "050"
    )
    draft.put("language", marc.text("041", "a")[:3] or _coded_language(marc), "041")
    draft.put("edition", marc.text("250", "a"), "250")
    _imprint(draft, marc)
    _extent(draft, marc)
    for field in marc.all("490", "830", "440"):
        if "collection-title" not in draft.variables:
            draft.put("collection-title", _first(field, "a"), "490")
            draft.put(
                "collection-number",
                re.sub(r"(?i)^(?:v(?:ol(?:ume)?)?\.?|no\.|bd\.|nr\.)\s*(?=\w)", "", _first(field, "v")),
                "490",
            )
    for field in marc.all("773"):
        _host(draft, field)
    _thesis(draft, marc)
    draft.put("original-title", marc.text("765", "t") or marc.text("240", "a"), "765")
    draft.put("container-title-short" if is_part else "title-short", marc.text("210", "a"), "210")
    for tag, variable in (("520", "abstract"), ("500", "note")):
        draft.put(variable, "\n".join(text for field in marc.all(tag) for text in subfields(field, "a")), tag)
    for field in marc.all("600", "610", "650", "651", "653"):
        for word in subfields(field, "a"):
            if (word := word.rstrip(".")) not in draft.keywords:
                draft.keywords.append(word)
    for field in marc.all("856"):
        for link in subfields(field, "u"):
            draft.put("URL", link, "856")
    for tag, field in marc.fields:
        if tag not in _HANDLED and (text := " ".join(sub.text() for sub in field.all("subfield") if sub.text())):
            draft.leave(tag, text)
    if number := marc.control.get("001", "").strip():
        draft.leave("001", number)
    draft.put_arxiv_of_doi("024")
    return draft


def _type(marc: _Marc) -> str:
    kind, level = marc.leader[6:7] or "a", marc.leader[7:8] or "m"
    genres = " ".join(text.casefold() for field in marc.all("655") for text in subfields(field, "a"))
    if marc.all("502") or "dissertation" in genres or "hochschulschrift" in genres:
        return "thesis"
    if kind == "t" and level in "ab":
        return "manuscript"
    if kind in "at":
        hosts = marc.all("773")
        if level in "ab" or hosts:
            if any(subfields(field, "x") for field in hosts) or "s" in "".join(
                _first(field, "7")[3:4] for field in hosts
            ):
                return "article-journal"
            return "chapter" if any(subfields(field, "z") for field in hosts) or level == "a" else "article-journal"
        if level == "s":
            return "periodical"
        return "webpage" if level == "i" else TYPES[kind]
    return TYPES.get(kind, "document")


def _titles(draft: Draft, marc: _Marc) -> None:
    field = next(iter(marc.all("245")), None)
    if field is None:
        return
    title, rest = _first(field, "a"), " ".join(subfields(field, "b"))
    title, rest = title.rstrip(".") if not title.endswith("..") else title, rest.rstrip(".")
    draft.put("title", f"{title}: {rest}" if title and rest else title or rest, "245")
    draft.put("part-number", _first(field, "n").rstrip("."), "245")
    draft.put("part-title", _first(field, "p").rstrip("."), "245")


def _name(draft: Draft, tag: str, field: Element) -> None:
    text = _first(field, "a")
    roles = [*(role[-3:] if "/" in role else role for role in subfields(field, "4")), *subfields(field, "ej")]
    words = [role.casefold().strip(" .()") for role in roles]
    known = next((_RELATORS[word] for word in words if word in _RELATORS), "")
    if tag in _MEETINGS:
        draft.put("event-title", " ".join([text, *subfields(field, "eq")]).strip(), tag)
        draft.put("event-place", _first(field, "c").strip("() "), tag)
        if day := _first(field, "d").strip("() "):
            draft.put_date("event-date", parse_raw_date(day), tag, day)
        return
    if not text or subfields(field, "t"):  # a work that is related to this one
        if text:
            draft.leave(tag, " ".join(sub.text() for sub in field.all("subfield")))
        return
    if words and not known:
        draft.leave(tag, f"{text} ({', '.join(roles)})")
        return
    if tag in _BODIES:
        text = ". ".join([text.rstrip("."), *(part.rstrip(".") for part in subfields(field, "b"))])
        if tag == "710" and not known:  # an organisation that added to the work, rarely its author
            draft.leave(tag, text)
            return
        draft.put_name(known or "author", Name(literal=text))
        return
    suffix = _first(field, "b")
    if field.get("ind1") == "0" and "," not in text:
        draft.put_name(known or "author", Name(literal=f"{text} {suffix}".strip()))
        return
    name = inverted_name(_without_stop(text))
    title = next((word for word in subfields(field, "c") if re.fullmatch(r"(?:Jr|Sr|[IVX]{1,4})\.?", word)), "")
    if title and name.family:
        name = person(name.family, name.given, title)
    draft.put_name(known or "author", name)


def _without_stop(text: str) -> str:
    """The heading without its full stop, which is kept after an initial (``Tolkien, J. R. R.``)."""
    return text[:-1] if text.endswith(".") and not re.search(r"(?:^|[\s.\-])\w\.$", text) else text


def _identifier(draft: Draft, field: Element) -> None:
    kind, text = _first(field, "2").casefold(), _first(field, "a")
    if kind == "doi":
        draft.put("DOI", text, "024")
    elif kind == "arxiv":
        draft.put_arxiv(text, "024")
    elif kind in {"pmid", "pmcid"}:
        draft.put(kind.upper(), text, "024")
    elif text:
        draft.leave("024", f"{kind}:{text}" if kind else text)


def _coded_language(marc: _Marc) -> str:
    code = marc.control.get("008", "")[35:38]
    return code if re.fullmatch("[a-z]{3}", code) and code not in {"und", "zxx", "mul"} else ""


def _imprint(draft: Draft, marc: _Marc) -> None:
    """Place, publisher, date; the coded date of 008 where the printed one is not a date (``c1999``, ``[1982?]``)."""
    fields = [
        field for field in marc.all("260", "264") if field.get("tag") == "260" or field.get("ind2") in {"1", " ", ""}
    ]
    fields = fields or marc.all("264")
    for field in fields[:1]:
        places, publishers = subfields(field, "a"), subfields(field, "b")
        draft.put("publisher-place", "; ".join(place.strip("[] ") for place in places), "260")
        draft.put("publisher", "; ".join(publisher.strip("[] ") for publisher in publishers), "260")
    printed = _first(fields[0], "c").strip().rstrip(".") if fields else ""
    date = parse_raw_date(printed)
    coded = marc.control.get("008", "")
    year = coded[7:11] if re.fullmatch(r"\d{4}", coded[7:11], re.ASCII) else ""
    if printed and not date.literal:
        draft.put_date("issued", date, "260", printed)
        return
    if not year and (known := _YEAR.search(printed)):
        year = known[1]
    if year and year != "9999":
        draft.put_date("issued", Date.of(int(year)), "008", year)
        if printed and year not in printed:
            draft.leave("260", printed)
    elif printed:
        draft.put_date("issued", date, "260", printed)


def _extent(draft: Draft, marc: _Marc) -> None:
    text = marc.text("300", "a")
    count = _COUNT.search(text)
    if count and draft.type in {"book", "thesis", "report", "manuscript"}:
        draft.put("number-of-pages", count[1], "300")
    elif text:
        draft.leave("300", text)


def _host(draft: Draft, field: Element) -> None:
    """What the part is in: title, place (``g``: volume, issue, pages), ISSN or ISBN."""
    draft.put("container-title", _first(field, "t").rstrip("."), "773")
    draft.put("ISSN", _first(field, "x"), "773")
    draft.put("ISBN", _first(field, "z"), "773")
    for place in subfields(field, "g"):
        matches = list(_PLACES.finditer(place))
        for match in matches:
            for variable in ("volume", "issue", "page"):
                if match[variable]:
                    draft.put(variable, re.sub(r"\s*[-\u2013]\s*", "-", match[variable]), "773")
            if match["year"] and "issued" not in draft.variables:
                draft.put_date("issued", Date.of(int(match["year"])), "773", place)
        if not matches:
            draft.leave("773", place)
    if imprint := _first(field, "d"):
        publisher = re.fullmatch(
            r"(?P<place>[^:]+?)\s*:\s*(?P<publisher>.+?),?\s*(?P<year>\d{4})?\.?", imprint[:_MAX_PARSED]
        )
        if publisher:
            draft.put("publisher-place", publisher["place"], "773")
            draft.put("publisher", publisher["publisher"], "773")
        else:
            draft.leave("773", imprint)


def _thesis(draft: Draft, marc: _Marc) -> None:
    for field in marc.all("502"):
        degree, university, year = _first(field, "b"), _first(field, "c"), _first(field, "d")
        draft.put("genre", degree, "502")
        if university and "publisher" not in draft.variables:
            draft.put("publisher", university, "502")
        if year and "issued" not in draft.variables:
            draft.put_date("issued", parse_raw_date(year), "502", year)
        whole = _first(field, "a")
        parsed = re.fullmatch(
            r"(?:Thesis\s*)?\(?(?P<degree>[^()]+?)\)?\s*(?:--|\u2013|\u2014)\s*(?P<university>.+?),\s*(?P<year>\d{4})\.?",
            whole[:_MAX_PARSED],
        )
        if parsed:
            draft.put("genre", parsed["degree"], "502")
            draft.put("publisher", parsed["university"], "502")
            if "issued" not in draft.variables:
                draft.put_date("issued", parse_raw_date(parsed["year"]), "502", whole)
        elif whole:
            draft.put("note", whole, "502")


def sniff(head: bytes) -> int:
    """95 for XML with MARC's fields: a ``collection`` or ``record`` with ``datafield``."""
    root = safexml.root_tag(head)
    if not root or b"datafield" not in head or b"subfield" not in head:
        return 0
    return 95 if root in {"collection", "record", "OAI-PMH", "searchRetrieveResponse", "records", "metadata"} else 60
