"""CITATION.cff, version 1.2.0: a piece of software or a dataset, and the works that it refers to.

Source: the schema guide of the Citation File Format 1.2.0. The first record is the file's subject if it is software or
a dataset, the others are ``references``. Where it is another work, the subject is made up (see `MESSAGE`), and a single
work is the ``preferred-citation``. Keys and arXiv ids are ``identifiers`` of the type ``other``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bibtool.formats import safeyaml
from bibtool.formats.base import ReadResult, Row, WriteResult, head_text
from bibtool.formats.csl.leftover import from_text, to_text
from bibtool.formats.fields import Draft, Outgoing, as_list, built, essential, prefixed_person, put_filled, set_path
from bibtool.formats.rawdate import parse_raw_date
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date, DateParts, checked_parts
from bibtool.model.identifiers import orcid_of, orcid_url
from bibtool.model.keys import keyed
from bibtool.model.names import Name
from bibtool.problems import Problem
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.base import ReadOptions, WriteOptions
    from bibtool.model.record import Record

SOURCE = "cff"
MESSAGE = "A list of works: cite them, not this file."
_KEY, _ARXIV = "citation key", "arXiv id"

# type of a reference -> CSL type; where several lead to one, the first is written
TYPES: dict[str, str] = {
    "article": "article-journal", "magazine-article": "article-magazine", "newspaper-article": "article-newspaper",
    "unpublished": "article", "book": "book", "edited-work": "book", "conference-paper": "paper-conference",
    "conference": "event", "proceedings": "book", "thesis": "thesis", "report": "report", "website": "webpage",
    "blog": "post-weblog", "software": "software", "software-code": "software", "software-container": "software",
    "software-executable": "software", "software-virtual-machine": "software", "data": "dataset",
    "database": "dataset", "dictionary": "entry-dictionary", "encyclopedia": "entry-encyclopedia",
    "patent": "patent", "standard": "standard", "statute": "legislation", "bill": "bill", "legal-case": "legal_case",
    "legal-rule": "regulation", "government-document": "regulation", "hearing": "hearing",
    "historical-work": "classic", "manuscript": "manuscript", "map": "map", "multimedia": "motion_picture",
    "film-broadcast": "motion_picture", "video": "motion_picture", "audiovisual": "broadcast",
    "sound-recording": "song", "music": "musical_score", "art": "graphic", "slides": "speech",
    "pamphlet": "pamphlet", "serial": "periodical", "personal-communication": "personal_communication",
    "generic": "document", "grant": "document",
}  # fmt: skip
# CSL types without one of their own, and the type used instead
STAND_INS = {
    "chapter": "book", "post": "website", "review": "article", "review-book": "article", "figure": "art",
    "interview": "sound-recording", "performance": "generic", "treaty": "legal-rule", "entry": "encyclopedia",
    "collection": "generic",
}  # fmt: skip
_ROOT_TYPES = {"software": "software", "dataset": "dataset"}

FIELDS: tuple[Row, ...] = (
    Row("identifiers[other]", "", "the citation key, the arXiv id, known by their description"),
    Row("type", "", "the type"),
    Row("title", "title"), Row("authors", "author", "persons and entities, with their orcid"), Row("editors", "editor"),
    Row("editors-series", "collection-editor"), Row("translators", "translator"), Row("recipients", "recipient"),
    Row("contact", "", "kept"), Row("year, month", "issued"), Row("date-published", "issued", "full dates"),
    Row("date-released", "issued", "of the subject; full dates"), Row("issue-date", "issued", "EDTF for all others"),
    Row("date-accessed", "accessed", "full dates"), Row("journal", "container-title", "and articles"),
    Row("collection-title", "container-title", "of anything but an article"), Row("volume-title", "volume-title"),
    Row("abbreviation", "container-title-short"), Row("volume", "volume"), Row("issue", "issue"),
    Row("section", "section"), Row("number", "number"), Row("edition", "edition"), Row("version", "version"),
    Row("start, end", "page"), Row("pages", "number-of-pages"), Row("number-volumes", "number-of-volumes"),
    Row("publisher.name", "publisher"), Row("publisher.city", "publisher-place"),
    Row("institution.name", "publisher", "of a thesis or report; read only otherwise"),
    Row("conference.name", "event-title"), Row("conference.city", "event-place"), Row("thesis-type", "genre"),
    Row("medium", "medium"), Row("database", "source"), Row("doi", "DOI"), Row("isbn", "ISBN"), Row("issn", "ISSN"),
    Row("pmcid", "PMCID"), Row("url", "URL"), Row("languages", "language"), Row("license", "license"),
    Row("keywords", "keyword"), Row("abstract", "abstract"), Row("notes", "note"), Row("status", "status"),
)  # fmt: skip
_PLAIN = {
    "title": "title", "volume-title": "volume-title", "abbreviation": "container-title-short", "volume": "volume",
    "issue": "issue", "section": "section", "number": "number", "edition": "edition", "version": "version",
    "pages": "number-of-pages", "number-volumes": "number-of-volumes", "thesis-type": "genre", "medium": "medium",
    "database": "source", "doi": "DOI", "isbn": "ISBN", "issn": "ISSN", "pmcid": "PMCID", "url": "URL",
    "license": "license", "abstract": "abstract", "notes": "note", "status": "status",
    "journal": "container-title", "collection-title": "container-title",
}  # fmt: skip
# what the subject of a file may have
_ROOT_FIELDS = frozenset({"title", "version", "doi", "url", "license", "abstract"})
_NAMES = {
    "authors": "author", "editors": "editor", "editors-series": "collection-editor", "translators": "translator",
    "recipients": "recipient",
}  # fmt: skip
_WRITTEN_TYPES = {**STAND_INS, **{csl: name for name, csl in reversed(TYPES.items())}}
_ARTICLES = frozenset({"article-journal", "article-magazine", "article-newspaper", "review", "review-book"})
_RESTART = lazy_pattern(r"^ {0,4}- (?=\w)|^(?:references|preferred-citation):", re.MULTILINE)
_FULL = lazy_pattern(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The subject, the preferred citation and the references of a file."""
    documents, problems = safeyaml.load(data, options, _RESTART)
    drafts: list[Draft] = []
    for document in documents:
        if isinstance(document, safeyaml.Mapping):
            has_subject = "cff-version" in document or "message" in document
            if has_subject and document.get("message") != MESSAGE:
                drafts.append(_draft(document, True, options, problems))
            parts = [document.get("preferred-citation"), *as_list(document.get("references"))]
        elif isinstance(document, list):  # the text after a fault
            parts = document
        else:
            continue
        for part in parts:
            if isinstance(part, safeyaml.Mapping):
                drafts.append(_draft(part, False, options, problems))
            elif part is not None:
                message = "a reference has to be a mapping"
                problems.append(Problem(code="not-an-entry", message=message, raw=to_text(part)))
    if not drafts and not any(isinstance(d, dict) and "cff-version" in d for d in documents):
        safeyaml.refuse_empty(problems, "this is not a CITATION.cff: it has no cff-version", options)
    return ReadResult(built(drafts, options, problems), tuple(problems))


_NO_AUTHORS = [{"name": "anonymous"}]  # CFF wants authors; its guide names this for a work without


def _draft(part: safeyaml.Mapping, is_root: bool, options: ReadOptions, problems: list[Problem]) -> Draft:
    draft = Draft(SOURCE, part.line)
    kind = str(part.get("type") or ("software" if is_root else "generic")).casefold()
    csl = "dataset" if is_root and kind == "dataset" else TYPES.get(kind)
    if csl:
        draft.type = csl
    else:
        draft.leave("type", kind)
        message = f"{kind[:40]!r} is not a type of CFF; read as document"
        problems.append(options.problem(part.lines.get("type", part.line), "unknown-type", message, kind))
    if kind == "book" and part.get("collection-title"):
        draft.type = "chapter"
    _dates(draft, part)
    for name, value in part.items():
        if value is None or name in {"type", "year", "month", "issue-date", "date-published", "date-released", "end"}:
            continue
        if is_root and name in {"cff-version", "message", "preferred-citation", "references"}:
            if name == "message":
                draft.leave("message", to_text(value))
            continue
        if name == "authors" and value == _NO_AUTHORS:
            continue
        if name in _NAMES and isinstance(value, list):
            for index, member in enumerate(value):
                _name(draft, _NAMES[name], member, f"{name}/{index}")
        elif name == "identifiers":
            _identifiers(draft, value)
        elif name == "keywords" and isinstance(value, list):
            draft.keywords.extend(str(word) for word in value if isinstance(word, str) and word.strip())
        elif name == "languages" and isinstance(value, list):
            draft.put("language", str(value[0]) if value else "", name)
            for language in value[1:]:
                draft.leave(name, to_text(language))
        elif name == "start" and isinstance(value, str):
            end = part.get("end")
            draft.put("page", f"{value}-{end}" if isinstance(end, str) else str(value), name)
        elif name in {"publisher", "institution", "conference"} and isinstance(value, dict):
            _entity(draft, name, value)
        elif name == "date-accessed" and isinstance(value, str):
            draft.put_date("accessed", parse_raw_date(value), name, str(value))
        elif name in _PLAIN and isinstance(value, str):
            draft.put(_PLAIN[name], str(value), name)
        else:
            draft.leave(name, to_text(value))
    return draft


def _entity(draft: Draft, name: str, value: dict[str, Any]) -> None:
    of_event = name == "conference"
    variables = {
        "name": "event-title" if of_event else "publisher",
        "city": "event-place" if of_event else "publisher-place",
    }
    for member, text in value.items():
        if member in variables and isinstance(text, str):
            draft.put(variables[member], str(text), f"{name}.{member}")
        elif of_event and member in {"date-start", "date-end"}:
            continue
        elif text is not None:
            draft.leave(f"{name}/{member}", to_text(text))
    start, end = value.get("date-start"), value.get("date-end")
    if isinstance(start, str):
        text = f"{start}/{end}" if isinstance(end, str) and end != start else str(start)
        draft.put_date("event-date", parse_raw_date(text), "conference.date-start", text)


def _name(draft: Draft, variable: str, data: Any, field: str) -> None:
    if not isinstance(data, dict):
        draft.leave(field, to_text(data))
        return
    parts = {member: str(text) for member, text in data.items() if isinstance(text, str)}
    if "family-names" in parts or "given-names" in parts:
        name = read_person(parts)
        used = {"family-names", "given-names", "name-particle", "name-suffix"}
    else:
        name = Name(literal=parts.get("name") or parts.get("alias") or "")
        used = {"name"} if "name" in parts else {"alias"}
    orcid = orcid_of(parts.get("orcid"))
    if draft.put_name(variable, replace(name, orcid=orcid)) and orcid:
        used.add("orcid")
    for member, value in data.items():
        if member not in used and value is not None:
            draft.leave(f"{field}/{member}", to_text(value))


def read_person(parts: dict[str, str]) -> Name:
    """The name of CFF's parts of a person."""
    members = ("family-names", "given-names", "name-particle", "name-suffix")
    return prefixed_person(*(parts.get(member, "") for member in members))


def _identifiers(draft: Draft, value: Any) -> None:
    for identifier in as_list(value):
        parts = identifier if isinstance(identifier, dict) else {}
        text, kind, said = (str(parts.get(name) or "") for name in ("value", "type", "description"))
        if kind == "other" and said == _KEY and not draft.key:
            draft.key = text
        elif kind == "other" and (said == _ARXIV or text.casefold().startswith("arxiv:")):
            draft.put_arxiv(text, "identifiers")
        elif kind == "doi" and "DOI" not in draft.variables and text and not said:
            draft.put("DOI", text, "identifiers")
        else:
            draft.leave("identifiers", to_text(identifier))


def _dates(draft: Draft, part: safeyaml.Mapping) -> None:
    for name in ("issue-date", "date-published", "date-released"):
        text = part.get(name)
        if isinstance(text, str):
            draft.put_date("issued", parse_raw_date(text), name, str(text))
    year, month = part.get("year"), part.get("month")
    if isinstance(year, str) and year.strip():
        date = parse_raw_date(year.strip().zfill(4))
        if isinstance(month, str) and month.isdigit() and date.year is not None:
            parts = checked_parts(date.year, int(month))
            date = Date(parts) if parts and parts.month else date
        issued = draft.variables.get("issued")
        if isinstance(issued, Date) and issued.year == date.year:
            return
        draft.put_date("issued", date, "year", str(year))


def write(records: Sequence[Record], options: WriteOptions) -> WriteResult:  # noqa: ARG001 -- no setting is ours
    """The records as one CITATION.cff; what it can't hold is a problem."""
    outs = [Outgoing(record, key, SOURCE) for record, key in keyed(records)]
    root: dict[str, Any] = {"cff-version": "1.2.0"}
    rest = outs
    if outs and outs[0].type in _ROOT_TYPES and (len(outs) > 1 or _fits_root(outs[0])):
        subject, *rest = outs
        message = next((str(from_text(x.value)) for x in subject.leftovers if x.name == "message"), "")
        root["message"] = message or "If you use this work, please cite it as below."
        root.update(_lay_out(subject, is_root=True))
        root["references"] = [_lay_out(out, is_root=False) for out in rest]
    else:
        root["message"] = MESSAGE
        root["title"] = "References"
        root["authors"] = [{"name": "the authors of the works below"}]
        works = [_lay_out(out, is_root=False) for out in rest]
        root.update({"preferred-citation": works[0]} if len(works) == 1 else {"references": works})
    if not root.get("references"):
        root.pop("references", None)
    text = safeyaml.dump(root).replace('cff-version: "1.2.0"', "cff-version: 1.2.0", 1)
    return WriteResult(text.encode("utf-8", "replace"), tuple(problem for out in outs for problem in out.problems()))


def _fits_root(out: Outgoing) -> bool:
    """True where the subject of a file can hold all variables of the record."""
    known = {_PLAIN[name] for name in _ROOT_FIELDS} | {"author", "issued", "keyword"}
    issued = out.record.date()
    return out.record.variables.keys() <= known and (issued is None or bool(_FULL.fullmatch(issued.edtf())))


def _lay_out(out: Outgoing, *, is_root: bool) -> dict[str, Any]:
    item: dict[str, Any] = {}
    written = _ROOT_TYPES[out.type] if is_root else _WRITTEN_TYPES.get(out.type, "generic")
    own_type = next((str(from_text(x.value)) for x in out.leftovers if x.name == "type"), "")
    item["type"] = own_type if own_type and out.type == "document" else written
    is_chapter = out.type == "chapter" and out.has("container-title")
    if not is_root and TYPES[written] != out.type and not is_chapter:
        out.lose(f"type {out.type}")
    if out.type == "book" and out.has("container-title"):
        out.text("container-title")
        out.lose("container-title")
    put_filled(item, "title", out.text("title"))
    for field, variable in _NAMES.items():
        if not is_root or field == "authors":
            put_filled(item, field, [_write_name(out, name) for name in out.names(variable, orcids=True)])
    item.setdefault("authors", _NO_AUTHORS) if is_root else None
    _write_issued(out, item, is_root)
    numbers = [{"type": "other", "value": out.key, "description": _KEY}]
    if arxiv_id := out.arxiv_id():
        numbers.append({"type": "other", "value": f"arXiv:{arxiv_id}", "description": _ARXIV})
    numbers += [from_text(left.value) for left in out.leftovers if left.name == "identifiers"]
    item["identifiers"] = numbers
    for field, variable in _PLAIN.items():
        if is_root and field not in _ROOT_FIELDS:
            continue
        if variable == "container-title" and (field == "journal") != (out.type not in {"chapter", "paper-conference"}):
            continue
        put_filled(item, field, out.text(variable))
    put_filled(item, "keywords", out.keywords())
    if not is_root:
        _write_parts(out, item)
    for left in out.leftovers:
        if left.name == "identifiers" or (left.name == "message" and is_root) or (left.name == "type" and own_type):
            continue
        if left.name == "message" or not set_path(item, left.name, from_text(left.value)):
            out.lose(f"a second {left.name}")
    return item


def _write_parts(out: Outgoing, item: dict[str, Any]) -> None:
    for member, page in zip(("start", "end"), out.pages(), strict=True):
        put_filled(item, member, page)
    put_filled(item, "languages", [language] if (language := out.text("language")) else [])
    publisher, place = out.text("publisher"), out.text("publisher-place")
    if publisher:
        item["publisher"] = {"name": publisher, **({"city": place} if place else {})}
    elif place:
        out.lose("publisher-place")
    event, city = out.text("event-title"), out.text("event-place")
    date = out.record.date("event-date")
    if event:
        item["conference"] = {"name": event, **({"city": city} if city else {})}
        parts = [] if date is None else date.edtf().split("/")
        if parts and all(_FULL.fullmatch(part) for part in parts):
            out.date("event-date")
            item["conference"]["date-start"] = parts[0]
            if len(parts) > 1:
                item["conference"]["date-end"] = parts[1]
    elif city:
        out.lose("event-place")
    accessed = out.date("accessed")
    if accessed is not None:
        if _FULL.fullmatch(accessed.edtf()):
            item["date-accessed"] = accessed.edtf()
        else:
            out.lose(f"accessed {accessed.edtf()}")


def _write_issued(out: Outgoing, item: dict[str, Any], is_root: bool) -> None:
    date = out.date("issued")
    if date is None:
        return
    text = date.edtf()
    start = date.start
    if _FULL.fullmatch(text):
        item["date-released" if is_root else "date-published"] = text
    elif is_root:
        out.lose(f"issued {text}")
    elif start is not None and date == Date(DateParts(start.year, start.month)) and 0 < start.year < 10_000:
        item["year"] = start.year
        put_filled(item, "month", start.month)
    else:
        if parse_raw_date(text) != date:
            out.lose(f"issued {text}")
        item["issue-date"] = text


def _write_name(out: Outgoing, name: Name) -> dict[str, str]:
    orcid = {"orcid": orcid_url(name.orcid)} if name.orcid else {}
    if name.literal:
        if essential(name) != Name(literal=name.literal):
            out.lose(f"parts of the name {name.display()}")
        return {"name": name.literal, **orcid}
    given = " ".join(filter(None, (name.given, name.dropping_particle)))
    parts = {
        "family-names": name.family,
        "given-names": given,
        "name-particle": name.non_dropping_particle,
        "name-suffix": name.suffix,
    }
    if read_person(parts) != essential(name):
        out.lose(f"parts of the name {name.display()}")
    return {**{member: text for member, text in parts.items() if text}, **orcid}


def sniff(head: bytes) -> int:
    """95 for YAML with ``cff-version`` at the beginning of a line."""
    text = head_text(head)
    return 95 if re.search(r"^[\"']?cff-version[\"']?\s*:", text, re.MULTILINE) else 0
