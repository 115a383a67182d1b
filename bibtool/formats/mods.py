"""MODS 3.8, the XML schema of the Library of Congress for bibliographic records.

Source: MODS User Guidelines, version 3 (https://www.loc.gov/standards/mods/userguide/). The type is a
``genre`` with the authority ``csl``, and MARC's genre term if there is one. Dates are EDTF, which MODS names as
an encoding; ``etal`` is the truncated flag. Elements without a CSL variable are kept as XML.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.formats import safexml
from bibtool.formats.base import ReadResult, Row, WriteResult
from bibtool.formats.fields import Draft, Outgoing, built, essential, person, value_of, without_gaps, write_each
from bibtool.formats.modstables import (
    BY_ROLE,
    CONTINUING,
    GENRES,
    ISSUANCES,
    PUBLISHERS,
    RESOURCES,
    ROLES,
    WHOLES,
    genre_type,
)
from bibtool.formats.modsvalues import (
    NUMBERED_PAGES,
    full_title,
    in_paragraphs,
    language_of,
    paragraphs_of,
    put_dates,
    put_extent,
    read_name,
    roles_of,
    title_without_part,
    without_end,
)
from bibtool.formats.rawdate import parse_raw_date
from bibtool.formats.safexml import element, wrap
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.identifiers import orcid_of
from bibtool.model.names import Name
from bibtool.model.vocabulary import TYPES as CSL_TYPES
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bibtool.formats.base import ReadOptions, WriteOptions
    from bibtool.model.record import Record
    from bibtool.problems import Problem
    from bibtool.xmltree import Element

SOURCE = "mods"

FIELDS: tuple[Row, ...] = (
    Row("mods/@ID", "", "the citation key; also identifier[citekey]"),
    Row("titleInfo/title", "title", "nonSort, title: subTitle. partNumber: partName"),
    Row("titleInfo[abbreviated]/title", "title-short"),
    Row("relatedItem[original]/titleInfo/title", "original-title"),
    Row("name[role]", "author", "and every other role; etal is the truncated flag, nameIdentifier[orcid] the ORCID iD"),
    Row("genre", "genre", "without authority; a word for a type is the type, before typeOfResource and issuance"),
    Row("originInfo/dateIssued", "issued", "EDTF; of several dates an encoded one"),
    Row("originInfo/dateOther[submitted]", "submitted", "EDTF"),
    Row("originInfo/dateOther[available]", "available-date", "EDTF"),
    Row("originInfo/dateOther[event]", "event-date", "EDTF"),
    Row("originInfo/publisher", "publisher"), Row("originInfo/place/placeTerm", "publisher-place"),
    Row("originInfo/edition", "edition"), Row("language/languageTerm", "language"),
    Row("physicalDescription/extent", "number-of-pages", "322, also out of vii, 322 p. ; 23 cm."),
    Row("physicalDescription/extent", "number-of-volumes", "read only: 3 v."),
    Row("abstract", "abstract"), Row("note", "note"),
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
    "report number": "number", "patent number": "number", "document number": "number", "uri": "URL", "hdl": "URL",
}  # fmt: skip
_WRITTEN_IDENTIFIERS = {kind: _IDENTIFIERS[kind] for kind in ("doi", "isbn", "issn", "pmid", "pmc", "report number")}
_DATES = {"dateIssued": "issued", "submitted": "submitted", "available": "available-date", "event": "event-date"}
_OTHER_TITLES = {"uniform", "alternative", "translated"}
_HOST_ROLES = {"author": "container-author", "editor": "editor", "translator": "translator"}
_SERIES_ROLES = {"editor": "collection-editor", "collection-editor": "collection-editor"}
_CAPTION = lazy_pattern(r"(?:vol(?:ume)?|no|nr|issue|iss|v|bd|band|heft|jahrg)\b\.?\s*(?=\d)", re.IGNORECASE)
_DETAILS = {"volume": "volume", "issue": "issue", "number": "issue", "chapter": "chapter-number"}


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The ``mods`` elements of a file."""
    nodes, problems = safexml.read_records(data, {"mods"}, options)
    drafts = [_draft(node, options, problems) for node in nodes]
    return ReadResult(built(drafts, options, problems), tuple(problems))


def _draft(node: Element, options: ReadOptions, problems: list[Problem]) -> Draft:
    draft = Draft(SOURCE, node.line)
    draft.key = node.get("ID")
    _type(node, draft, options, problems)
    unplaced: list[Element] = []
    put_dates(draft, node.all("originInfo"))
    for part in node.children:
        tag = part.name
        if tag == "name":
            if not _name(draft, part):
                unplaced.append(part)
        elif tag in _READERS:
            _READERS[tag](draft, part)
        elif tag == "titleInfo":
            variable = {"": "title", "abbreviated": "title-short"}.get(part.get("type"))
            _put(draft, variable, full_title(part), part)
        elif tag == "subject" and all(child.name == "topic" for child in part.children):
            draft.keywords.extend(word for child in part.children if (word := child.text()))
        elif tag == "language":
            _put(draft, "language", language_of(part), part)
        elif tag == "physicalDescription" and part.first("extent"):
            put_extent(draft, part)
        elif tag == "genre":
            if genre_type(part.text(), part.get("authority")):
                continue
            _put(draft, "genre" if part.get("authority") in {"", "local"} else None, part.text(), part)
        elif tag in {"abstract", "note", "accessCondition", "classification"}:
            variables = {"accessCondition": "license", "classification": "call-number"}
            _put(draft, variables.get(tag, tag), paragraphs_of(part), part)
        elif tag != "typeOfResource":
            draft.leave(tag, safexml.to_xml(part))
    _place_names(draft, unplaced)
    if "title" not in draft.variables:
        others = [title for title in node.all("titleInfo") if title.get("type") in _OTHER_TITLES]
        draft.put("title", next(filter(None, map(full_title, others)), ""), "titleInfo")
    return draft


def _put(draft: Draft, variable: str | None, text: str, part: Element) -> None:
    if variable and (variable not in draft.variables or draft.variables[variable] == value_of(variable, text)):
        draft.put(variable, text, part.name)
    else:
        draft.leave(part.name, safexml.to_xml(part))


def _type(node: Element, draft: Draft, options: ReadOptions, problems: list[Problem]) -> None:
    """Set the type: by genre, then by the host of the work, by the kind of resource, by issuance."""
    host = next((item for item in node.all("relatedItem") if item.get("type") == "host"), None)
    genres = sorted(node.all("genre"), key=lambda genre: genre.get("authority") != "csl")
    for genre in genres:
        if known := genre_type(genre.text(), genre.get("authority")):
            draft.type = known
            if genre.get("authority") != "csl":
                draft.type = _of_part(known, host)
            return
        if genre.get("authority") == "csl":
            message = f"{genre.text()[:40]!r} is not a CSL type; read as document"
            problems.append(options.problem(genre.line, "unknown-type", message, genre.text() or None))
    resource = node.first("typeOfResource")
    kind = RESOURCES.get(resource.text().casefold(), "") if resource else ""
    if resource is not None and not kind:
        kind = next((name for name in ("manuscript", "collection") if resource.get(name) == "yes"), "")
    issuance = ISSUANCES.get(node.text("originInfo/issuance"), "")
    if kind:
        draft.type = kind
    elif host is not None and not _is_whole(host):
        draft.type = _type_in(host)
    elif issuance or host is not None:
        draft.type = issuance or "book"


def _of_part(known: str, host: Element | None) -> str:
    """The type by a genre that a part and its whole share: MARC calls chapter and book a book."""
    if host is None:
        return WHOLES.get(known, known)
    if known == "book":
        return known if _is_whole(host) else "chapter"
    return {"periodical": "article-journal"}.get(known, known)


def _type_in(host: Element) -> str:
    """The type of a part, by what it is in."""
    for genre in host.all("genre"):
        known = genre_type(genre.text(), genre.get("authority"))
        if known in {"book", "chapter"}:
            return "chapter"
        if known:
            return {"periodical": "article-journal"}.get(known, known)
    return "article-journal" if _is_periodical(host) else "chapter"


def _is_periodical(host: Element) -> bool:
    identifiers = {identifier.get("type").casefold() for identifier in host.all("identifier")}
    details = {detail.get("type") for detail in host.all("part/detail")}
    if host.text("originInfo/issuance") in CONTINUING or details & {"issue", "number"}:
        return True
    return "isbn" not in identifiers and ("issn" in identifiers or "volume" in details)


def _is_whole(host: Element) -> bool:
    """True for a host without pages or other parts that goes on: a work in it is a whole one, in a series."""
    return _is_periodical(host) and host.first("part") is None


def _name(draft: Draft, part: Element, roles: dict[str, str] | None = None) -> bool:
    """Set a name by its role; False where no variable holds it."""
    words = roles_of(part)
    if part.get("type") == "conference" and roles is None and (not words or BY_ROLE.get(words[0]) == "author"):
        draft.put("event-title", read_name(part).display(), "name")
        return True
    variable = next((BY_ROLE[word] for word in words if word in BY_ROLE), None if words else "author")
    if variable is None and PUBLISHERS & set(words) and "publisher" not in draft.variables:
        draft.put("publisher", read_name(part).display(), "name")
        return True
    if roles is not None and variable is not None:
        variable = roles.get(variable)
    if variable is None:
        return False
    _put_name(draft, variable, part)
    return True


def _put_name(draft: Draft, variable: str, part: Element) -> None:
    if part.first("etal"):
        draft.truncate(variable)
        return
    known = [identifier for identifier in part.all("nameIdentifier") if identifier.get("type").casefold() == "orcid"]
    orcid = orcid_of(known[0].text()) if known else ""
    added = draft.put_name(variable, replace(read_name(part), orcid=orcid))
    for identifier in known:
        if not (added and orcid and orcid_of(identifier.text()) == orcid):
            draft.leave("nameIdentifier", safexml.to_xml(identifier))


def _place_names(draft: Draft, unplaced: list[Element]) -> None:
    """Make the main name the author, or the first names where nobody else is named; the others are kept."""
    main = [part for part in unplaced if part.get("usage") == "primary" and not draft.has_names("author")]
    if not main and unplaced and not draft.has_names():
        roles = roles_of(unplaced[0])
        main = [part for part in unplaced if roles_of(part) == roles]
    for part in unplaced:
        if part in main:
            _put_name(draft, "author", part)
        else:
            draft.leave("name", safexml.to_xml(part))


def _origin(draft: Draft, part: Element) -> None:
    for child in part.children:
        text = child.text()
        if child.name == "dateOther":
            if variable := _DATES.get(child.get("type")):
                draft.put_date(variable, parse_raw_date(text), child.name, text)
            else:
                draft.leave("originInfo", safexml.to_xml(child))
        elif child.name in {"publisher", "edition"}:
            draft.put(child.name, without_end(text), f"originInfo/{child.name}")
        elif child.name == "place":
            for term in child.all("placeTerm"):
                if term.get("type") != "code":
                    draft.put("publisher-place", without_end(term.text()), "originInfo/place")
        elif child.name == "dateCaptured":
            draft.put_date("accessed", parse_raw_date(text), child.name, text)
        elif child.name not in {"issuance", "dateIssued", "dateCreated", "copyrightDate"}:
            draft.leave("originInfo", safexml.to_xml(child))


def _identifier(draft: Draft, part: Element) -> None:
    kind = part.get("type").casefold()
    if kind == "arxiv":
        draft.put_arxiv(part.text(), "identifier")
    elif kind == "citekey":
        draft.key = part.text() or draft.key
    elif kind == "isbn" and part.get("invalid") != "yes":
        # catalogues add the binding and the price: 0801486394 (pbk.) : $12.95
        draft.put_standard_number(re.split(r"\s*[(:]", part.text(), maxsplit=1)[0] or part.text(), "identifier")
    elif part.get("invalid") == "yes":
        draft.leave("identifier", safexml.to_xml(part))
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
    titles = [child for child in part.children if child.name == "titleInfo" and not child.get("type")]
    if kind == "original" and len(titles) == len(part.children) == 1:
        _put(draft, "original-title", full_title(titles[0]), part)
        return
    if kind not in {"host", "series"}:
        draft.leave("relatedItem", safexml.to_xml(part))
        return
    if kind == "host" and draft.type in {"book", "periodical"} and _is_whole(part):
        kind = "series"  # a whole book in a journal or series is in no book
    for child in part.children:
        if child.name == "titleInfo":
            _related_title(draft, child, kind)
        elif child.name == "name":
            roles = _SERIES_ROLES if kind == "series" else _HOST_ROLES
            if not _name(draft, child, roles):
                draft.leave("name", safexml.to_xml(child))
        elif child.name == "part" and kind == "host":
            _part(draft, child)
        elif child.name == "part":
            draft.put("collection-number", child.text("detail/number"), "relatedItem/part")
        elif child.name == "identifier" and child.get("type").casefold() in {"isbn", "issn"}:
            _identifier(draft, child)
        elif child.name == "originInfo" and kind == "host":
            if "issued" not in draft.variables:
                put_dates(draft, [child])
            _origin(draft, child)
        elif child.name not in {"genre", "typeOfResource"}:
            draft.leave("relatedItem", safexml.to_xml(child))


def _related_title(draft: Draft, title: Element, kind: str) -> None:
    if kind == "series":
        draft.put("collection-title", title_without_part(title), "relatedItem/titleInfo")
        draft.put("collection-number", title.text("partNumber"), "relatedItem/titleInfo")
    elif title.get("type") == "abbreviated":
        draft.put("container-title-short", full_title(title), "relatedItem/titleInfo")
    else:
        draft.put("container-title", full_title(title), "relatedItem/titleInfo")


def _part(draft: Draft, part: Element) -> None:
    for child in part.children:
        if child.name == "detail" and child.get("type") in _DETAILS:
            number = child.text("number") or child.text("caption")
            draft.put(_DETAILS[child.get("type")], _CAPTION.sub("", number, count=1), "part/detail")
        elif child.name == "extent" and child.get("unit") in {"page", "pages", ""}:
            pages = "-".join(filter(None, (child.text("start"), child.text("end"))))
            draft.put("page", pages or child.text("list"), "part/extent")
            draft.put("number-of-pages", child.text("total"), "part/extent")
        elif child.name == "date":
            draft.put_date("issued", parse_raw_date(child.text()), "part/date", child.text())
        else:
            draft.leave("part", safexml.to_xml(child))


_READERS: dict[str, Callable[[Draft, Element], None]] = {
    "originInfo": _origin, "identifier": _identifier, "location": _location, "relatedItem": _related,
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
    parts.append(wrap("physicalDescription", element("extent", _pages(out))))
    parts += [element(tag, _paragraphs(out, tag)) for tag in ("abstract", "note")]
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
    original = wrap("titleInfo", element("title", out.text("original-title")))
    parts.append(wrap("relatedItem", original, type_="original"))
    parts.append(element("classification", out.text("call-number")))
    parts += [element("identifier", out.text(name), type_=kind) for kind, name in _WRITTEN_IDENTIFIERS.items()]
    parts.append(element("identifier", out.arxiv_id(), type_="arxiv"))
    parts.append(_write_location(out))
    parts.append(element("accessCondition", out.text("license")))
    for left in out.leftovers:
        parts.append(_write_leftover(left.name, left.value))
    body = "".join(f"  {part}\n" for part in parts if part)
    # an XML id can't begin with a digit or hold spaces and colons
    plain = re.fullmatch(r"[A-Za-z_][\w.-]*", out.key)
    attribute = f' ID="{safexml.escape(out.key)}"' if plain else ""
    if not plain:
        body += f"  {element('identifier', out.key, type_='citekey')}\n"
    return without_gaps(out, f'<mods version="3.8"{attribute}>\n{body}</mods>\n')


def _pages(out: Outgoing) -> str:
    text = out.text("number-of-pages")
    read = NUMBERED_PAGES.search(text)
    if (read and read[1] != text) or (not read and re.search(r"[^\W\d_]{4}", text)):
        out.lose("number-of-pages")
    return text


def _genre(out: Outgoing) -> str:
    genre = out.text("genre")
    if genre_type(genre, ""):
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


def _paragraphs(out: Outgoing, variable: str) -> str:
    """The text in its paragraphs; lines inside of them are lost, as in all XML that is laid out."""
    text = out.text(variable)
    if in_paragraphs(text) != text:
        out.lose(f"line breaks of {variable}")
    return text


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
