"""MODS 3.8, the XML schema of the Library of Congress for bibliographic records.

Source: MODS User Guidelines, version 3 (https://www.loc.gov/standards/mods/userguide/). The type stands in a
``genre`` with the authority ``csl``, and as MARC's genre term where there is one. Dates are EDTF, which MODS names as
an encoding; ``etal`` is the truncated flag. Elements without a CSL variable are kept as XML.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bibtool.formats import safexml
from bibtool.formats.base import ReadResult, Row, WriteResult
from bibtool.formats.fields import (
    Draft,
    Outgoing,
    essential,
    person,
    value_of,
    without_gaps,
    write_each,
)
from bibtool.formats.rawdate import parse_raw_date
from bibtool.formats.safexml import element, wrap
from bibtool.model.dates import Date
from bibtool.model.identifiers import orcid_of
from bibtool.model.names import Name
from bibtool.model.vocabulary import TYPES as CSL_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bibtool.formats.base import ReadOptions, WriteOptions
    from bibtool.model.record import Record
    from bibtool.problems import Problem
    from bibtool.xmltree import Element

SOURCE = "mods"

# CSL type -> MARC genre term (authority marcgt), written beside the CSL type for other programs
GENRES: dict[str, str] = {
    "article-journal": "article", "book": "book", "chapter": "book", "paper-conference": "conference publication",
    "thesis": "theses", "report": "technical report", "periodical": "periodical", "webpage": "web site",
    "article-newspaper": "newspaper", "legislation": "legislation", "map": "map", "patent": "patent",
    "entry-dictionary": "dictionary", "entry-encyclopedia": "encyclopedia", "software": "computer program",
    "interview": "interview", "speech": "speech", "review": "review", "motion_picture": "motion picture",
}  # fmt: skip
# genre terms that are read: MARC's, bibutils', and Zotero's names of item types -> CSL type
TYPES: dict[str, str] = {
    **{name: name for name in sorted(CSL_TYPES)},
    "journal article": "article-journal", "academic journal": "article-journal", "journalarticle": "article-journal",
    "magazinearticle": "article-magazine", "newspaperarticle": "article-newspaper", "newspaper": "article-newspaper",
    "booksection": "chapter", "book chapter": "chapter", "conferencepaper": "paper-conference",
    "conference publication": "paper-conference", "conference paper": "paper-conference", "theses": "thesis",
    "technical report": "report", "web site": "webpage", "preprint": "article", "computer program": "software",
    "computerprogram": "software", "statute": "legislation", "case": "legal_case", "dictionary": "entry-dictionary",
    "encyclopedia": "entry-encyclopedia", "motion picture": "motion_picture", "presentation": "speech",
    "encyclopediaarticle": "entry-encyclopedia", "blogpost": "post-weblog", "letter": "personal_communication",
}  # fmt: skip
# name variable -> MARC relator code and term
ROLES: dict[str, tuple[str, str]] = {
    "author": ("aut", "author"), "editor": ("edt", "editor"), "translator": ("trl", "translator"),
    "illustrator": ("ill", "illustrator"), "composer": ("cmp", "composer"), "compiler": ("com", "compiler"),
    "director": ("drt", "director"), "narrator": ("nrt", "narrator"), "performer": ("prf", "performer"),
    "producer": ("pro", "producer"), "interviewer": ("ivr", "interviewer"), "recipient": ("rcp", "addressee"),
    "curator": ("cur", "curator"), "organizer": ("orm", "organizer"), "host": ("hst", "host"),
    "contributor": ("ctb", "contributor"), "chair": ("mod", "moderator"),
}  # fmt: skip
_BY_ROLE = {word: variable for variable, pair in ROLES.items() for word in pair}

FIELDS: tuple[Row, ...] = (
    Row("mods/@ID", "", "the citation key; also identifier[citekey]"),
    Row("titleInfo/title", "title", "nonSort, title: subTitle"),
    Row("titleInfo[abbreviated]/title", "title-short"), Row("titleInfo[translated]/title", "original-title"),
    Row("name[role]", "author", "and every other role; etal is the truncated flag, nameIdentifier[orcid] the ORCID iD"),
    Row("genre", "genre", "without authority; with csl or marcgt it is the type"),
    Row("originInfo/dateIssued", "issued", "EDTF"), Row("originInfo/dateOther[submitted]", "submitted", "EDTF"),
    Row("originInfo/dateOther[available]", "available-date", "EDTF"),
    Row("originInfo/dateOther[event]", "event-date", "EDTF"),
    Row("originInfo/publisher", "publisher"), Row("originInfo/place/placeTerm", "publisher-place"),
    Row("originInfo/edition", "edition"), Row("language/languageTerm", "language"),
    Row("physicalDescription/extent", "number-of-pages"), Row("abstract", "abstract"), Row("note", "note"),
    Row("subject/topic", "keyword", "one element each"), Row("accessCondition", "license"),
    Row("classification", "call-number"), Row("identifier[doi]", "DOI"), Row("identifier[isbn]", "ISBN"),
    Row("identifier[issn]", "ISSN", "read also from the host"), Row("identifier[pmid]", "PMID"),
    Row("identifier[pmc]", "PMCID"), Row("identifier[report number]", "number"),
    Row("identifier[arxiv]", "", "the arXiv id"), Row("location/url", "URL"),
    Row("location/url/@dateLastAccessed", "accessed", "EDTF"), Row("location/physicalLocation", "archive"),
    Row("location/shelfLocator", "archive_location"),
    Row("relatedItem[host]/titleInfo/title", "container-title"),
    Row("relatedItem[host]/titleInfo[abbreviated]/title", "container-title-short"),
    Row("relatedItem[host]/name[author]", "container-author"), Row("part/detail[volume]", "volume", "in the host"),
    Row("part/detail[issue]", "issue", "in the host"), Row("part/detail[chapter]", "chapter-number", "in the host"),
    Row("part/extent[pages]", "page", "start and end, or list; in the host"),
    Row("relatedItem[series]/titleInfo/title", "collection-title"),
    Row("relatedItem[series]/titleInfo/partNumber", "collection-number"),
    Row("relatedItem[series]/name[editor]", "collection-editor"),
)  # fmt: skip
_IDENTIFIERS = {
    "doi": "DOI", "isbn": "ISBN", "issn": "ISSN", "pmid": "PMID", "pubmed": "PMID", "pmc": "PMCID", "pmcid": "PMCID",
    "report number": "number", "uri": "URL",
}  # fmt: skip
_WRITTEN_IDENTIFIERS = {kind: _IDENTIFIERS[kind] for kind in ("doi", "isbn", "issn", "pmid", "pmc", "report number")}
_DATES = {"dateIssued": "issued", "submitted": "submitted", "available": "available-date", "event": "event-date"}
_DETAILS = {"volume": "volume", "issue": "issue", "number": "issue", "chapter": "chapter-number"}


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The ``mods`` elements of a file."""
    nodes, problems = safexml.read_records(data, {"mods"}, options)
    return ReadResult(tuple(_record(node, options, problems) for node in nodes), tuple(problems))


def _record(node: Element, options: ReadOptions, problems: list[Problem]) -> Record:
    draft = Draft(SOURCE, node.line)
    draft.key = node.get("ID")
    _type(node, draft, options, problems)
    for part in node.children:
        tag, kind = part.name, part.get("type")
        if tag in _READERS:
            _READERS[tag](draft, part)
        elif tag == "titleInfo":
            variable = {"": "title", "abbreviated": "title-short", "translated": "original-title"}.get(kind)
            _put(draft, variable, _title(part), part)
        elif tag == "subject" and all(child.name == "topic" for child in part.children):
            draft.keywords.extend(word for child in part.children if (word := child.text()))
        elif tag == "language":
            _put(draft, "language", part.text("languageTerm"), part)
        elif tag == "physicalDescription" and part.first("extent"):
            _put(draft, "number-of-pages", part.text("extent"), part)
        elif tag == "genre":
            if part.get("authority") in {"", "local"} and part.text().casefold() not in TYPES:
                _put(draft, "genre", part.text(), part)
        elif tag in {"abstract", "note", "accessCondition", "classification"}:
            variables = {"accessCondition": "license", "classification": "call-number"}
            _put(draft, variables.get(tag, tag), part.text(), part)
        elif tag != "typeOfResource":
            draft.leave(tag, safexml.to_xml(part))
    return draft.build(options)


def _put(draft: Draft, variable: str | None, text: str, part: Element) -> None:
    if variable and (variable not in draft.variables or draft.variables[variable] == value_of(variable, text)):
        draft.put(variable, text, part.name)
    else:
        draft.leave(part.name, safexml.to_xml(part))


def _type(node: Element, draft: Draft, options: ReadOptions, problems: list[Problem]) -> None:
    genres = [*node.all("genre"), *(g for r in node.all("relatedItem") for g in r.all("genre"))]
    genres.sort(key=lambda genre: genre.get("authority") != "csl")
    for genre in genres:
        word = genre.text().casefold()
        if word in TYPES:
            draft.type = TYPES[word]
            break
        if genre.get("authority") == "csl":
            message = f"{genre.text()[:40]!r} is not a CSL type; read as document"
            problems.append(options.problem(genre.line, "unknown-type", message, genre.text() or None))
    else:
        host = next((item for item in node.all("relatedItem") if item.get("type") == "host"), None)
        if host is not None:
            periodical = host.text("originInfo/issuance") in {"continuing", "serial"} or host.first("part/detail")
            draft.type = "article-journal" if periodical else "chapter"
        elif node.text("originInfo/issuance") == "monographic":
            draft.type = "book"
    if draft.type == "book" and any(item.get("type") == "host" for item in node.all("relatedItem")):
        draft.type = "chapter" if not any(g.get("authority") == "csl" for g in genres) else "book"


def _title(part: Element) -> str:
    title = " ".join(filter(None, (part.text("nonSort"), part.text("title"))))
    subtitle = part.text("subTitle")
    return f"{title}: {subtitle}" if title and subtitle else title or subtitle


def read_name(part: Element) -> Name:
    """The name of a ``name`` element."""
    parts: dict[str, list[str]] = {}
    for piece in part.all("namePart"):
        if text := piece.text():
            parts.setdefault(piece.get("type"), []).append(text)
    whole = " ".join(parts.get("", ()))
    family = " ".join(parts.get("family", ()))
    given = " ".join(parts.get("given", ()))
    if whole and not family and not given:
        if part.get("type") == "personal":
            from bibtool.formats.fields import inverted_name
            from bibtool.model.names import parse_name

            return inverted_name(whole) if "," in whole else parse_name(whole)
        return Name(literal=whole)
    return person(family, given, " ".join(parts.get("termsOfAddress", ())))


def _name(draft: Draft, part: Element, roles: dict[str, str] | None = None) -> None:
    words = [term.text().casefold() for term in part.all("role/roleTerm")]
    variable = next((_BY_ROLE[word] for word in words if word in _BY_ROLE), None if words else "author")
    if roles is not None and variable is not None:
        variable = roles.get(variable)
    if variable is None:
        draft.leave("name", safexml.to_xml(part))
    elif part.first("etal"):
        draft.truncate(variable)
    else:
        known = [
            identifier for identifier in part.all("nameIdentifier") if identifier.get("type").casefold() == "orcid"
        ]
        orcid = orcid_of(known[0].text()) if known else ""
        added = draft.put_name(variable, replace(read_name(part), orcid=orcid))
        for identifier in known:
            if not (added and orcid and orcid_of(identifier.text()) == orcid):
                draft.leave("nameIdentifier", safexml.to_xml(identifier))


def _origin(draft: Draft, part: Element) -> None:
    points: dict[str, str] = {}
    for child in part.children:
        text = child.text()
        if child.name in {"dateIssued", "dateOther"}:
            variable = _DATES.get(child.name if child.name == "dateIssued" else child.get("type"))
            if child.get("point") in {"start", "end"} and variable == "issued":
                points[child.get("point")] = text
            elif variable:
                draft.put_date(variable, parse_raw_date(text), child.name, text)
            else:
                draft.leave("originInfo", safexml.to_xml(child))
        elif child.name in {"publisher", "edition"}:
            draft.put(child.name, text, f"originInfo/{child.name}")
        elif child.name == "place":
            for term in child.all("placeTerm"):
                if term.get("type") != "code":
                    draft.put("publisher-place", term.text(), "originInfo/place")
        elif child.name in {"dateCreated", "copyrightDate"} and not part.first("dateIssued"):
            draft.put_date("issued", parse_raw_date(text), child.name, text)
        elif child.name != "issuance":
            draft.leave("originInfo", safexml.to_xml(child))
    if points:
        text = f"{points.get('start', '..')}/{points.get('end', '..')}"
        draft.put_date("issued", parse_raw_date(text), "originInfo/dateIssued", text)


def _identifier(draft: Draft, part: Element) -> None:
    kind = part.get("type").casefold()
    if kind == "arxiv":
        draft.put_arxiv(part.text(), "identifier")
    elif kind == "citekey":
        draft.key = part.text() or draft.key
    else:
        _put(draft, _IDENTIFIERS.get(kind), part.text(), part)


def _location(draft: Draft, part: Element) -> None:
    for child in part.children:
        if child.name == "url":
            if "URL" in draft.variables and str(draft.variables["URL"]) != child.text():
                draft.leave("location", safexml.to_xml(child))
            draft.put("URL", child.text(), "location")
            if accessed := child.get("dateLastAccessed"):
                draft.put_date("accessed", parse_raw_date(accessed), "dateLastAccessed", accessed)
        elif child.name in {"physicalLocation", "shelfLocator"}:
            name = "archive" if child.name == "physicalLocation" else "archive_location"
            draft.put(name, child.text(), f"location/{child.name}")
        else:
            draft.leave("location", safexml.to_xml(child))


def _related(draft: Draft, part: Element) -> None:
    kind = part.get("type")
    if kind not in {"host", "series"}:
        draft.leave("relatedItem", safexml.to_xml(part))
        return
    for child in part.children:
        if child.name == "titleInfo":
            if kind == "series":
                draft.put("collection-title", _title(child), "relatedItem/titleInfo")
                draft.put("collection-number", child.text("partNumber"), "relatedItem/titleInfo")
            else:
                short = child.get("type") == "abbreviated"
                draft.put(
                    "container-title-short" if short else "container-title", _title(child), "relatedItem/titleInfo"
                )
        elif child.name == "name":
            _name(
                draft,
                child,
                {"editor": "collection-editor"}
                if kind == "series"
                else {"author": "container-author", "editor": "editor", "translator": "translator"},
            )
        elif child.name == "part" and kind == "host":
            _part(draft, child)
        elif child.name == "identifier":
            _identifier(draft, child)
        elif child.name == "originInfo" and kind == "host":
            _origin(draft, child)
        elif child.name != "genre":
            draft.leave("relatedItem", safexml.to_xml(child))


def _part(draft: Draft, part: Element) -> None:
    for child in part.children:
        if child.name == "detail" and child.get("type") in _DETAILS:
            draft.put(_DETAILS[child.get("type")], child.text("number") or child.text("caption"), "part/detail")
        elif child.name == "extent" and child.get("unit") in {"page", "pages", ""}:
            pages = "-".join(filter(None, (child.text("start"), child.text("end"))))
            draft.put("page", pages or child.text("list"), "part/extent")
        elif child.name == "date":
            draft.put_date("issued", parse_raw_date(child.text()), "part/date", child.text())
        else:
            draft.leave("part", safexml.to_xml(child))


_READERS: dict[str, Callable[[Draft, Element], None]] = {
    "name": _name, "originInfo": _origin, "identifier": _identifier, "location": _location, "relatedItem": _related,
    "part": _part,
}  # fmt: skip


def write(records: Sequence[Record], options: WriteOptions) -> WriteResult:  # noqa: ARG001 -- no setting is ours
    """The records as one ``modsCollection``; what MODS can't hold is a problem."""
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<modsCollection xmlns="http://www.loc.gov/mods/v3">\n'
    return write_each(records, SOURCE, _lay_out, head, "</modsCollection>\n")


def _lay_out(out: Outgoing) -> str:
    parts = [
        wrap("titleInfo", element("title", out.text("title"))),
        wrap("titleInfo", element("title", out.text("title-short")), type_="abbreviated"),
        wrap("titleInfo", element("title", out.text("original-title")), type_="translated"),
    ]
    parts.extend(_names(out, variable, role) for variable, role in ROLES.items())
    if out.type in CSL_TYPES:
        parts.append(element("genre", out.type, authority="csl"))
    else:
        out.lose(f"type {out.type}")
    parts.append(element("genre", GENRES.get(out.type, ""), authority="marcgt"))
    parts.append(element("genre", _genre(out)))
    parts.append(wrap("originInfo", _write_origin(out)))
    parts.append(wrap("language", element("languageTerm", out.text("language"))))
    parts.append(wrap("physicalDescription", element("extent", out.text("number-of-pages"))))
    parts += [element(tag, out.text(tag)) for tag in ("abstract", "note")]
    parts.append(wrap("subject", "".join(element("topic", word) for word in out.keywords())))
    parts.append(_host(out))
    series = [
        wrap(
            "titleInfo",
            element("title", out.text("collection-title")) + element("partNumber", out.text("collection-number")),
        ),
        _names(out, "collection-editor", ROLES["editor"]),
    ]
    parts.append(wrap("relatedItem", "".join(series), type_="series"))
    parts.append(element("classification", out.text("call-number")))
    parts += [element("identifier", out.text(name), type_=kind) for kind, name in _WRITTEN_IDENTIFIERS.items()]
    parts.append(element("identifier", out.arxiv_id(), type_="arxiv"))
    parts.append(_write_location(out))
    parts.append(element("accessCondition", out.text("license")))
    for left in out.leftovers:
        parts.append(_write_leftover(left.name, left.value))
    body = "".join(f"  {part}\n" for part in parts if part)
    # an XML id can't begin with a digit or hold blanks and colons
    plain = re.fullmatch(r"[A-Za-z_][\w.-]*", out.key)
    attribute = f' ID="{safexml.escape(out.key)}"' if plain else ""
    if not plain:
        body += f"  {element('identifier', out.key, type_='citekey')}\n"
    return without_gaps(out, f'<mods version="3.8"{attribute}>\n{body}</mods>\n')


def _genre(out: Outgoing) -> str:
    genre = out.text("genre")
    if genre.casefold() in TYPES:
        out.lose(f"genre {genre}")
        return ""
    return genre


def _names(out: Outgoing, variable: str, role: tuple[str, str]) -> str:
    code = wrap("role", element("roleTerm", role[0], type_="code", authority="marcrelator"))
    pieces: list[str] = []
    for name in out.names(variable, truncated=True, orcids=True):
        if name.literal:
            kind, parts = "corporate", element("namePart", name.literal)
            same = essential(name) == Name(literal=" ".join(name.literal.split()))
        else:
            family = " ".join(filter(None, (name.non_dropping_particle, name.family)))
            given = " ".join(filter(None, (name.given, name.dropping_particle)))
            kind = "personal"
            parts = (
                element("namePart", family, type_="family")
                + element("namePart", given, type_="given")
                + element("namePart", name.suffix, type_="termsOfAddress")
            )
            same = person(family, given, name.suffix) == essential(name)
        if not same:
            out.lose(f"parts of the name {name.display()}")
        orcid = element("nameIdentifier", name.orcid, type_="orcid")
        pieces.append(wrap("name", parts + code + orcid, type_=kind))
    if out.is_truncated(variable):
        pieces.append(wrap("name", "<etal/>" + code))
    return "\n  ".join(pieces)


def _date(out: Outgoing, tag: str, variable: str, **attributes: str) -> str:
    date = out.record.date(variable)
    text = out.written_date(variable, Date.edtf, parse_raw_date)
    encoding = {} if date is not None and date.literal else {"encoding": "edtf"}
    return element(tag, text, **attributes, **encoding)


def _write_origin(out: Outgoing) -> str:
    pieces = [_date(out, "dateIssued", "issued")]
    pieces += [
        _date(out, "dateOther", variable, type_=kind) for kind, variable in _DATES.items() if kind != "dateIssued"
    ]
    pieces.append(element("publisher", out.text("publisher")))
    pieces.append(wrap("place", element("placeTerm", out.text("publisher-place"), type_="text")))
    pieces.append(element("edition", out.text("edition")))
    return "".join(pieces)


def _write_location(out: Outgoing) -> str:
    accessed = out.written_date("accessed", Date.edtf, parse_raw_date)
    url = out.text("URL")
    if accessed and not url:
        out.lose("accessed without URL")
    inner = element("physicalLocation", out.text("archive")) + element("shelfLocator", out.text("archive_location"))
    inner += element("url", url, **({"dateLastAccessed_": accessed} if accessed else {}))
    return wrap("location", inner)


def _host(out: Outgoing) -> str:
    details = [
        wrap("detail", element("number", out.text(variable)), type_=kind)
        for kind, variable in _DETAILS.items()
        if kind != "number"
    ]
    first, last = out.pages()
    extent = element("start", first) + element("end", last) if last else element("list", first)
    details.append(wrap("extent", extent, unit="pages"))
    inner = [
        wrap("titleInfo", element("title", out.text("container-title"))),
        wrap("titleInfo", element("title", out.text("container-title-short")), type_="abbreviated"),
        _names(out, "container-author", ROLES["author"]),
        wrap("part", "".join(details)),
    ]
    return wrap("relatedItem", "".join(inner), type_="host")


_TOP = frozenset({"originInfo", "location", "part", "relatedItem"})


def _write_leftover(name: str, value: str) -> str:
    if not safexml.is_element(value):
        return element("extension", value) if value else ""
    inner_tag = re.match(r"<([\w.-]+)", value)
    if name in _TOP and inner_tag and inner_tag[1] != name:
        return wrap(name, value, **({"type_": "host"} if name == "relatedItem" else {}))
    return value


def sniff(head: bytes) -> int:
    """95 for XML whose first element is ``mods`` or ``modsCollection``."""
    return 95 if safexml.root_tag(head) in {"mods", "modsCollection"} else 0
