"""A record as a compact row of the index and back: what identifies and places a work, some hundred bytes; no abstract.

A row is a JSON list ``[type, title, names, date, venue, {other: ...}]``; a name is ``"Family, Given"``, or a list where
it has more parts. Keys of the last are short, since every row repeats them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from bibtool.model.codec import decode_parts
from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Name, Names
from bibtool.model.record import Arxiv, Record

if TYPE_CHECKING:
    from bibtool.store.index.base import NewRow

# short key of a row -> CSL variable
_VARIABLES: Final = {
    "s": "container-title-short", "v": "volume", "i": "issue", "p": "page", "d": "DOI", "n": "number", "b": "publisher",
    "c": "collection-title", "e": "event-title", "o": "edition", "I": "ISBN", "S": "ISSN", "m": "PMID", "M": "PMCID",
    "g": "genre", "V": "version",
}  # fmt: skip
MAX_NAMES: Final = 500  # lists of thousands of authors are kept by their beginning
_URL_ONLY: Final = "u"
_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def encode_row(row: NewRow) -> str:
    """The row of a record."""
    record = row.record
    known = record.variables
    other: dict[str, Any] = {}
    for short, name in _VARIABLES.items():
        if name in known and (text := str(known[name])):
            other[short] = text
    if row.retracted:
        other["r"] = row.retracted
    if "editor" in known and (editors := record.names("editor")):
        other["E"] = _encode_names(editors)
    if record.key:
        other["k"] = record.key
    if "URL" in known and record.arxiv is None and not other.keys() & {"d", "I"} and (url := record.text("URL")):
        other[_URL_ONLY] = url
    if record.arxiv is not None:
        other["a"] = _encode_arxiv(record.arxiv)
    names = _encode_names(record.names("author"))
    return _encode([record.type, record.title, names, _encode_date(record.date()), record.journal, other])


def decode_row(text: str) -> tuple[Record, str]:
    """The record of a row, and what it says of a retraction."""
    kind, title, names, date, venue, other = json.loads(text)
    variables: dict[str, Any] = {}
    if title:
        variables["title"] = title
    if names:
        variables["author"] = _decode_names(names)
    if date:
        variables["issued"] = Date(start=decode_parts(*date)) if isinstance(date, list) else Date(literal=date)
    if venue:
        variables["container-title"] = venue
    for short, name in _VARIABLES.items():
        if short in other:
            variables[name] = other[short]
    if "E" in other:
        variables["editor"] = _decode_names(other["E"])
    if _URL_ONLY in other:
        variables["URL"] = other[_URL_ONLY]
    arxiv = _decode_arxiv(other["a"]) if "a" in other else None
    key, retracted = _texts([other.get("k", ""), other.get("r", "")])
    return Record(key, kind, variables=variables, arxiv=arxiv), retracted


def found_by(text: str) -> tuple[str, list[str]]:
    """The title of a row, and what its authors or else its editors are called: much cheaper than its record."""
    _, title, names, _, _, other = json.loads(text)
    people = [name for name in names or other.get("E", ()) if name]
    return title, [name.partition(", ")[0] if isinstance(name, str) else _called(name) for name in people]


def _called(parts: list[str]) -> str:
    literal = parts[5] if len(parts) > 5 else ""
    return literal or parts[0]


def _encode_names(names: Names) -> list[Any]:
    people: list[Any] = [_encode_name(name) for name in names.names[:MAX_NAMES]]
    if names.truncated or len(names) > MAX_NAMES:
        people.append(0)
    return people


def _encode_name(name: Name) -> Any:
    more = name.non_dropping_particle or name.dropping_particle or name.suffix or name.literal or name.homonym
    if not more and "," not in name.family:  # as nearly all names
        return f"{name.family}, {name.given}" if name.given else name.family
    parts = [
        name.family, name.given, name.non_dropping_particle, name.dropping_particle, name.suffix, name.literal,
        name.homonym,
    ]  # fmt: skip
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _decode_names(people: list[Any]) -> Names:
    truncated = bool(people) and people[-1] == 0
    return Names(tuple(_decode_name(name) for name in (people[:-1] if truncated else people)), truncated)


def _decode_name(data: Any) -> Name:
    if isinstance(data, str):
        family, _, given = data.partition(", ")
        return Name(family=family, given=given)
    parts: list[str] = [*_texts(data), *[""] * (7 - len(data))]
    family, given, particle, dropping, suffix, literal, homonym = parts
    return Name(
        family=family,
        given=given,
        non_dropping_particle=particle,
        dropping_particle=dropping,
        suffix=suffix,
        literal=literal,
        homonym=homonym,
    )


def _texts(data: list[Any]) -> list[str]:
    if not all(isinstance(each, str) for each in data):
        raise TypeError("not a list of texts")
    return data


def _encode_date(date: Date | None) -> Any:
    if date is None:
        return 0
    if date.start is None:
        return date.literal or 0
    return [part for part in (date.start.year, date.start.month, date.start.day) if part is not None]


def _encode_arxiv(arxiv: Arxiv) -> list[Any]:
    number = arxiv.id.number if arxiv.id is not None else ""
    return [number, arxiv.latest or 0, arxiv.updated[:10], arxiv.journal_ref, arxiv.primary_category, arxiv.withdrawn]


def _decode_arxiv(data: list[Any]) -> Arxiv:
    number, latest, updated, journal_ref, category, withdrawn = data
    _texts([number, updated, journal_ref, category])
    return Arxiv(
        id=ArxivId(number) if number else None,
        latest=latest or None,
        updated=updated,
        journal_ref=journal_ref,
        primary_category=category,
        withdrawn=bool(withdrawn),
    )
