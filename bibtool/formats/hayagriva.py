"""Hayagriva YAML, the bibliography format of Typst.

Source: hayagriva's ``docs/file-format.md``. The journal of an article is its ``parent``; both types together
determine the CSL type. The arXiv id is ``serial-number: {arxiv: ...}``.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from bibtool.formats import safeyaml
from bibtool.formats.base import ReadResult, Row, WriteResult, head_text
from bibtool.formats.csl.leftover import from_text, to_text
from bibtool.formats.fields import (
    Draft,
    Outgoing,
    as_list,
    built,
    essential,
    inverted_name,
    prefixed_person,
    put_filled,
    set_path,
    write_each,
    write_inverted,
)
from bibtool.formats.rawdate import parse_raw_date
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.names import Name
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.base import ReadOptions, WriteOptions
    from bibtool.model.record import Record
    from bibtool.problems import Problem

SOURCE = "hayagriva"

# (type, type of the parent or "") -> CSL type; the first pair of a CSL type is written
TYPES: dict[tuple[str, str], str] = {
    ("article", "periodical"): "article-journal", ("article", "newspaper"): "article-newspaper",
    ("article", "proceedings"): "paper-conference", ("article", "conference"): "paper-conference",
    ("article", "blog"): "post-weblog", ("article", ""): "article", ("chapter", "book"): "chapter",
    ("chapter", "anthology"): "chapter", ("anthos", "anthology"): "chapter", ("anthos", "book"): "chapter",
    ("anthos", ""): "chapter", ("chapter", ""): "chapter", ("book", ""): "book", ("anthology", ""): "book",
    ("proceedings", ""): "book", ("thesis", ""): "thesis", ("report", ""): "report", ("web", ""): "webpage",
    ("post", ""): "post", ("thread", ""): "post", ("blog", ""): "webpage", ("repository", ""): "software",
    ("patent", ""): "patent", ("case", ""): "legal_case", ("legislation", ""): "legislation",
    ("manuscript", ""): "manuscript", ("video", ""): "motion_picture", ("audio", ""): "song",
    ("artwork", ""): "graphic", ("exhibition", ""): "event", ("conference", ""): "event",
    ("performance", ""): "performance", ("periodical", ""): "periodical", ("newspaper", ""): "periodical",
    ("entry", "reference"): "entry-encyclopedia", ("entry", ""): "entry", ("reference", ""): "book",
    ("scene", ""): "motion_picture", ("original", ""): "classic", ("misc", ""): "document",
}  # fmt: skip
# CSL types without a pair of their own, and the pair used instead
STAND_INS: dict[str, tuple[str, str]] = {
    "article-magazine": ("article", "periodical"), "entry-dictionary": ("entry", "reference"),
    "review": ("article", "periodical"), "review-book": ("article", "periodical"), "speech": ("performance", ""),
    "broadcast": ("video", ""), "bill": ("legislation", ""), "regulation": ("legislation", ""),
    "treaty": ("legislation", ""), "hearing": ("case", ""), "figure": ("artwork", ""), "map": ("artwork", ""),
    "musical_score": ("audio", ""), "interview": ("audio", ""), "pamphlet": ("book", ""), "collection": ("book", ""),
    "standard": ("report", ""),
}  # fmt: skip
_TYPE_NAMES = {name for pair in TYPES for name in pair if name}

FIELDS: tuple[Row, ...] = (
    Row("(name of the entry)", "", "the citation key"), Row("type, parent.type", "", "the type"),
    Row("title", "title"), Row("title.short", "title-short"), Row("title.translation", "original-title"),
    Row("author", "author", "Family, Given, Suffix"), Row("editor", "editor"),
    Row("affiliated[role: translator]", "translator", "and other roles"), Row("date", "issued", "EDTF"),
    Row("parent/title", "container-title"), Row("parent.title.short", "container-title-short"),
    Row("parent.author", "container-author"), Row("parent/parent/title", "collection-title", "or parent of a book"),
    Row("parent.parent.issue", "collection-number"),
    Row("volume", "volume", "in the parent of an article"), Row("issue", "issue", "in the parent of an article"),
    Row("chapter", "chapter-number"), Row("edition", "edition"), Row("page-range", "page"),
    Row("page-total", "number-of-pages"), Row("volume-total", "number-of-volumes"),
    Row("publisher.name", "publisher"), Row("publisher.location", "publisher-place"),
    Row("organization", "authority"), Row("location", "event-place"), Row("genre", "genre"), Row("url", "URL"),
    Row("url.date", "accessed"), Row("serial-number.doi", "DOI"), Row("serial-number.isbn", "ISBN"),
    Row("serial-number.issn", "ISSN"), Row("serial-number.pmid", "PMID"), Row("serial-number.pmcid", "PMCID"),
    Row("serial-number.serial", "number"), Row("serial-number.arxiv", "", "the arXiv id"), Row("language", "language"),
    Row("archive", "archive"), Row("archive-location", "archive-place"), Row("call-number", "call-number"),
    Row("note", "note"), Row("abstract", "abstract"),
)  # fmt: skip
_PLAIN = {
    "chapter": "chapter-number", "edition": "edition", "page-range": "page", "page-total": "number-of-pages",
    "volume-total": "number-of-volumes", "volume": "volume", "issue": "issue", "organization": "authority",
    "location": "event-place", "genre": "genre", "language": "language", "archive": "archive",
    "archive-location": "archive-place", "call-number": "call-number", "note": "note", "abstract": "abstract",
}  # fmt: skip
_SERIAL = {
    "doi": "DOI", "isbn": "ISBN", "issn": "ISSN", "pmid": "PMID", "pmcid": "PMCID", "serial": "number",
}  # fmt: skip
_SERIAL_OR_ARXIV = {**_SERIAL, "arxiv": "arxiv"}
ROLES: dict[str, str] = {
    "translator": "translator", "composer": "composer", "compiler": "compiler", "director": "director",
    "illustrator": "illustrator", "narrator": "narrator", "producer": "producer", "organizer": "organizer",
    "collaborator": "contributor", "cast-member": "performer", "executive-producer": "executive-producer",
    "writer": "script-writer",
}  # fmt: skip
_WRITTEN_TYPES = {**STAND_INS, **{csl: pair for pair, csl in reversed(TYPES.items())}}
_RESTART = lazy_pattern(r"^[^\s#'\"\-\[\]{}][^\n]{0,200}:\s*$", re.MULTILINE)


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The entries as records. A bad entry is a problem with its line and its text."""
    documents, problems = safeyaml.load(data, options, _RESTART)
    drafts: list[Draft] = []
    for document in documents:
        if not isinstance(document, safeyaml.Mapping):
            continue
        for index, (key, entry) in enumerate([*document.repeated, *document.items()]):
            line = document.lines.get(key, document.line)
            error = partial(options.problem, severity=Severity.ERROR)
            if not isinstance(entry, safeyaml.Mapping):
                problems.append(error(line, "not-an-entry", f"the entry {key[:60]!r} is not a mapping", to_text(entry)))
                continue
            if index < len(document.repeated):
                message = f"the key {key!r} occurs twice; both are kept"
                problems.append(options.problem(entry.line, "duplicate-key", message, key=key))
            drafts.append(_draft(key, entry, line, options, problems))
    problems[:] = [p for p in problems if not (p.code == "repeated-member" and drafts and p.position.line == 1)]
    if not drafts and (problems or not any(isinstance(document, dict) for document in documents)):
        safeyaml.refuse_empty(problems, "this is not a Hayagriva file: it has no mapping of entries", options)
    return ReadResult(built(drafts, options, problems), tuple(problems))


def _draft(key: str, entry: safeyaml.Mapping, line: int, options: ReadOptions, problems: list[Problem]) -> Draft:
    draft = Draft(SOURCE, line)
    draft.key = key
    parent = entry.get("parent")
    if isinstance(parent, list) and parent:
        for more in parent[1:]:
            draft.leave("parent", to_text(more))
        parent = parent[0]
    kind = str(entry.get("type") or "misc").casefold()
    outer = str(parent.get("type") or "misc").casefold() if isinstance(parent, dict) else ""
    csl = TYPES.get((kind, outer)) or TYPES.get((kind, ""))
    if not csl and kind in _TYPE_NAMES:
        csl = next(of_pair for pair, of_pair in TYPES.items() if pair[0] == kind)
    if csl:
        draft.type = csl
    else:
        draft.leave("type", kind)
        message = f"{kind[:40]!r} is not a type of Hayagriva; read as document"
        problems.append(options.problem(line, "unknown-type", message, key=key))
    is_part = draft.type not in {"book", "thesis", "report", "webpage", "software", "periodical", "article"}
    for name, value in entry.items():
        if name in {"type", "parent"} or value is None:
            continue
        _field(draft, name, value, "")
    if isinstance(parent, dict):
        _parent(draft, parent, outer, is_part or outer in {"periodical", "newspaper", "proceedings"})
    elif parent is not None:
        draft.leave("parent", to_text(parent))
    return draft


def _text(value: Any) -> str | None:
    """The text of a string or of hayagriva's ``{value: ..., short: ...}``."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, dict) and isinstance(value.get("value"), str):
        return str(value["value"])
    return None


def _field(draft: Draft, name: str, value: Any, prefix: str) -> None:
    field = prefix + name
    text = _text(value)
    if name in {"author", "editor"}:
        _names(draft, "container-author" if prefix and name == "author" else name, value, field)
    elif name == "affiliated" and isinstance(value, list):
        for group in value:
            role = ROLES.get(str(group.get("role"))) if isinstance(group, dict) else None
            if role and isinstance(group, dict):
                _names(draft, role, group.get("names"), field)
            else:
                draft.leave(field, to_text(group))
    elif name == "title" and text is not None:
        draft.put("container-title" if prefix else "title", text, field)
        if isinstance(value, dict):
            variables = {"short": "container-title-short" if prefix else "title-short"}
            if not prefix:
                variables["translation"] = "original-title"
            _put_members(draft, field, {name: part for name, part in value.items() if name != "value"}, variables)
    elif name == "date" and text is not None:
        draft.put_date("issued", parse_raw_date(text), field, text)
    elif name == "url" and text is not None:
        draft.put("URL", text, field)
        if isinstance(value, dict) and isinstance(value.get("date"), str):
            draft.put_date("accessed", parse_raw_date(value["date"]), f"{field}/date", str(value["date"]))
    elif name == "publisher" and isinstance(value, dict):
        variables = {"name": "publisher", "location": "publisher-place"}
        texts = {member: _text(part) if member in variables else None for member, part in value.items()}
        _put_members(draft, field, {m: part if texts[m] is None else texts[m] for m, part in value.items()}, variables)
    elif name == "publisher" and text is not None:
        draft.put("publisher", text, field)
    elif name == "serial-number" and isinstance(value, (str, dict)):
        serial = {"serial": value} if isinstance(value, str) else value
        _put_members(draft, field, serial, {member: _SERIAL_OR_ARXIV.get(member.casefold(), "") for member in serial})
    elif name in _PLAIN and text is not None:
        draft.put(_PLAIN[name], text, field)
        if isinstance(value, dict) and len(value) > 1:
            draft.leave(field, to_text(value))
    else:
        draft.leave(field, to_text(value))


def _put_members(draft: Draft, field: str, members: dict[str, Any], variables: dict[str, str]) -> None:
    """Set the variables of members that are text, and keep the other members; ``arxiv`` is the arXiv id."""
    for member, text in members.items():
        variable = variables.get(member)
        if variable == "arxiv" and isinstance(text, str):
            draft.put_arxiv(str(text), f"{field}/{member}")
        elif variable and isinstance(text, str):
            draft.put(variable, str(text), f"{field}/{member}")
        elif text is not None:
            draft.leave(f"{field}/{member}", to_text(text))


def _names(draft: Draft, variable: str, value: Any, field: str) -> None:
    for index, name in enumerate(as_list(value)):
        if isinstance(name, str):
            draft.put_name(variable, inverted_name(name))
        elif isinstance(name, dict) and isinstance(name.get("name"), str):
            parts = {member: str(text) for member, text in name.items() if isinstance(text, str)}
            draft.put_name(variable, _name_of_parts(parts))
            for member in name.keys() - {"name", "given-name", "prefix", "suffix"}:
                if name[member] is not None:
                    draft.leave(f"{field}/{index}/{member}", to_text(name[member]))
        elif name is not None:
            draft.leave(field, to_text(name))


def _name_of_parts(parts: dict[str, str]) -> Name:
    given, prefix, suffix = (parts.get(name, "") for name in ("given-name", "prefix", "suffix"))
    if not given and not prefix and not suffix:
        return inverted_name(parts["name"]) if " " not in parts["name"] else Name(literal=parts["name"])
    return prefixed_person(parts["name"], given, prefix, suffix)


def _parent(draft: Draft, parent: dict[str, Any], kind: str, is_container: bool) -> None:
    for name, value in parent.items():
        if name == "type" or value is None:
            continue
        if name == "parent" and isinstance(value, dict):
            for member, part in value.items():
                if not _of_series(draft, member, part, "parent/parent/") and member != "type" and part is not None:
                    draft.leave(f"parent/parent/{member}", to_text(part))
        elif (
            is_container
            or (name in {"issue", "volume"} and not isinstance(value, str))
            or not _of_series(draft, name, value, "parent/")
        ):
            _field(draft, name, value, "parent/")
    if kind == "conference":
        draft.type = "paper-conference"


def _of_series(draft: Draft, name: str, value: Any, prefix: str) -> bool:
    """Whether a member is title, number or editor of a series, which is taken."""
    text = _text(value)
    if name == "title" and text is not None:
        draft.put("collection-title", text, f"{prefix}title")
    elif name in {"issue", "volume"} and text is not None:
        draft.put("collection-number", text, f"{prefix}{name}")
    elif name == "editor":
        _names(draft, "collection-editor", value, f"{prefix}editor")
    else:
        return False
    return True


def write(records: Sequence[Record], options: WriteOptions) -> WriteResult:  # noqa: ARG001 -- no setting is ours
    """The records as entries, a blank line between two; what Hayagriva can't hold is a problem."""
    return write_each(records, SOURCE, _lay_out)


def _lay_out(out: Outgoing) -> str:
    kind, outer = _WRITTEN_TYPES.get(out.type, ("misc", ""))
    own_type = next((x.value for x in out.leftovers if x.name == "type"), "")
    if TYPES.get((kind, outer)) != out.type:
        out.lose(f"type {out.type}")
    entry: dict[str, Any] = {"type": own_type if own_type and out.type == "document" else kind}
    parent: dict[str, Any] = {"type": outer} if outer else {}
    put_filled(entry, "title", _with_short(out, "title", "title-short", "original-title"))
    for name in ("author", "editor"):
        put_filled(entry, name, _write_names(out, name))
    groups = [
        {"role": role, "names": names} for role, variable in ROLES.items() if (names := _write_names(out, variable))
    ]
    put_filled(entry, "affiliated", groups)
    put_filled(entry, "date", out.written_date("issued", Date.edtf, parse_raw_date))
    into = parent if outer in {"periodical", "newspaper", "proceedings"} else entry
    container = _with_short(out, "container-title", "container-title-short", "")
    if container and not outer:
        # a parent says that it is an article in something: the type of the pair has to be the record's
        outer = next((o for (k, o), csl in TYPES.items() if k == kind and o and csl == out.type), "")
        if outer:
            parent["type"] = outer
        else:
            out.lose("container-title")
            container = ""
    put_filled(parent, "title", container)
    put_filled(parent, "author", _write_names(out, "container-author") if parent else [])
    put_filled(into, "volume", out.text("volume"))
    put_filled(into, "issue", out.text("issue"))
    for name, variable in _PLAIN.items():
        if name not in {"volume", "issue"}:
            put_filled(entry, name, out.text(variable))
    place = out.text("publisher-place")
    publisher = out.text("publisher")
    put_filled(entry, "publisher", {"name": publisher, "location": place} if place and publisher else publisher)
    if place and not publisher:
        out.lose("publisher-place")
    put_filled(entry, "url", out.text("URL"))
    accessed = out.written_date("accessed", Date.edtf, parse_raw_date)
    if accessed and "url" in entry:
        entry["url"] = {"value": entry["url"], "date": accessed}
    elif accessed:
        out.lose("accessed without URL")
    serial = {name: text for name, variable in _SERIAL.items() if (text := out.text(variable))}
    if arxiv_id := out.arxiv_id():
        serial["arxiv"] = arxiv_id
    put_filled(entry, "serial-number", serial)
    _write_series(out, entry, parent)
    if parent:
        entry["parent"] = parent
    for left in out.leftovers:
        value = from_text(left.value)
        if left.name == "parent" and isinstance(entry.get("parent"), (dict, list)):
            first = entry["parent"]
            entry["parent"] = [*(first if isinstance(first, list) else [first]), value]
        elif not (left.name == "type" and own_type) and not set_path(entry, left.name, value):
            out.lose(f"a second {left.name}")
    return safeyaml.dump({out.key: entry}) + "\n"


def _with_short(out: Outgoing, long: str, short: str, translation: str) -> Any:
    text = out.text(long)
    members = {"value": text, "short": out.text(short), "translation": out.text(translation) if translation else ""}
    filled = {name: member for name, member in members.items() if member}
    if not text:
        for name, variable in (("short", short), ("translation", translation)):
            if name in filled:
                out.lose(variable)
        return ""
    return filled if len(filled) > 1 else text


def _write_names(out: Outgoing, variable: str) -> list[Any]:
    written: list[Any] = []
    for name in out.names(variable):
        bare = essential(name)
        text = write_inverted(bare)
        if inverted_name(text) == bare:
            written.append(text)
            continue
        given = " ".join(filter(None, (bare.given, bare.dropping_particle)))
        parts = {
            "name": bare.literal or bare.family,
            "given-name": given,
            "prefix": bare.non_dropping_particle,
            "suffix": bare.suffix,
        }
        filled = {member: part for member, part in parts.items() if part}
        if "name" not in filled or _name_of_parts(filled) != bare:
            out.lose(f"parts of the name {name.display()}")
        written.append(filled if "name" in filled else text)
    return written


def _write_series(out: Outgoing, entry: dict[str, Any], parent: dict[str, Any]) -> None:
    series: dict[str, Any] = {}
    put_filled(series, "title", out.text("collection-title"))
    put_filled(series, "issue", out.text("collection-number"))
    put_filled(series, "editor", _write_names(out, "collection-editor"))
    if not series:
        return
    if parent:
        parent["parent"] = {"type": "anthology", **series}
    elif out.type in {"book", "thesis", "report"}:
        entry["parent"] = {"type": "anthology", **series}
    else:
        out.lose("collection-title")


_ENTRY = lazy_pattern(
    r"^[^\s#'\"\-][^\n]{0,200}:[ \t]*\r?\n(?:[ \t][^\n]*\n){0,40}?[ \t]+type:[ \t]*['\"]?([A-Za-z]+)", re.MULTILINE
)


def sniff(head: bytes) -> int:
    """85 for YAML whose entries have a type of Hayagriva."""
    text = head_text(head)
    if text.startswith(("[", "{", "<", "@", "%")):
        return 0
    entry = _ENTRY.search(text[:20_000])
    if not entry or re.search(r"^(?:references|cff-version):", text, re.MULTILINE):
        return 0
    return 85 if entry[1].casefold() in _TYPE_NAMES else 0
