"""Records as plain JSON data and back, without any loss: for the library, the cache and ``--json``.

Not CSL-JSON (that is `bibtool.formats.csl.json`), which can't hold everything. ``decode(encode(record)) == record``.
A type or variable that CSL does not have, which earlier versions stored, comes back as a leftover.
"""

from __future__ import annotations

import json
from functools import lru_cache
from operator import attrgetter

from bibtool.errors import InputError
from bibtool.model.dates import Date, DateParts
from bibtool.model.identifiers import ArxivId, parse_arxiv_id
from bibtool.model.names import Name, Names, name_of
from bibtool.model.numbers import Number
from bibtool.model.record import Arxiv, Leftover, Provenance, Record, Value, Verbatim
from bibtool.model.richtext import Text, parse_markup
from bibtool.model.values import CLASS_OF
from bibtool.model.vocabulary import TYPES, VARIABLES
from bibtool.structs import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SOURCE = "csl"  # of leftovers
_NAME_FIELDS: tuple[str, ...] = Name.__slots__
_name_values = attrgetter(*_NAME_FIELDS)
_SHORT = 500  # characters of markup that is kept
_ARXIV_TEXTS = ("primary_category", "comment", "journal_ref", "updated")


_parsed = lru_cache(maxsize=4096)(parse_markup)  # thousands of records have one title of a journal or of proceedings


def encode_value(value: Value) -> Any:
    """One value: text as ``{"text": markup}``, names as ``{"names": [...]}`` and so on."""
    if isinstance(value, Text):
        return {"text": value.markup()}
    if isinstance(value, Verbatim):
        return {"verbatim": value.text}
    if isinstance(value, Number):
        return {"number": value.text}
    if isinstance(value, Names):
        out: dict[str, Any] = {"names": [_encode_name(name) for name in value.names]}
        if value.truncated:
            out["truncated"] = True
        if value.marks:
            out["marks"] = list(value.marks)
        return out
    return {"date": _encode_date(value)}


def _encode_name(name: Name) -> dict[str, Any]:
    out = {field: value for field, value in zip(_NAME_FIELDS, _name_values(name), strict=True) if value}
    if name.marks:
        out["marks"] = list(name.marks)
    return out


def _decode_name(data: dict[str, Any]) -> Name:
    if len(data) == 2 and "family" in data and "given" in data:
        return _shared_name(data["family"], data["given"])
    if "marks" in data:
        data = {**data, "marks": tuple(map(_text, data["marks"]))}
    for name, value in data.items():
        if type(value) is not _NAME_TYPES.get(name, str):
            raise TypeError(f"{value!r} can't be the {name} of a person")
    return Name(**data)


_NAME_TYPES = {"comma_suffix": bool, "static_ordering": bool, "marks": tuple}


@lru_cache(maxsize=20_000, typed=True)  # the people of a library come back from record to record
def _shared_name(family: Any, given: Any) -> Name:
    return name_of(_text(family), _text(given))


def _text(value: Any) -> str:
    """The value, which has to be text; raises `TypeError`."""
    if value.__class__ is not str:
        raise TypeError(f"{value!r} is not text")
    text: str = value
    return text


@lru_cache(maxsize=4096, typed=True)
def decode_parts(year: Any, month: Any = None, day: Any = None, season: Any = None) -> DateParts:
    """The parts of a stored date; raises `TypeError` and `ValueError` for what has no such months and seasons."""
    if type(year) is not int or any(part is not None and type(part) is not int for part in (month, day, season)):
        raise TypeError("the parts of a date have to be numbers")
    if (month is not None and not 1 <= month <= 12) or (season is not None and not 1 <= season <= 4):
        raise ValueError("there is no such date")
    return DateParts(year, month, day, season)


def _encode_date(date: Date) -> Any:
    out: dict[str, Any] = {}
    for side in ("start", "end"):
        parts: DateParts | None = getattr(date, side)
        if parts is not None:
            out[side] = [parts.year, parts.month, parts.day, parts.season]
    for flag in ("open_start", "open_end", "circa", "uncertain", "literal", "written"):
        if getattr(date, flag):
            out[flag] = getattr(date, flag)
    return out


def decode_value(data: Any) -> Value:
    """The value of `encode_value`'s data."""
    if "text" in data:
        text = data["text"]
        return _parsed(text) if "<" in text and len(text) < _SHORT else parse_markup(text)
    if "verbatim" in data:
        return Verbatim(_text(data["verbatim"]))
    if "number" in data:
        return Number(_text(data["number"]))
    if "names" in data:
        people = tuple(_decode_name(name) for name in data["names"])
        return Names(people, data.get("truncated", False), tuple(data.get("marks", ())))
    date = dict(data["date"])
    for name, said in date.items():
        if name in ("start", "end"):
            date[name] = decode_parts(*said)
        elif type(said) is not (str if name in ("literal", "written") else bool):
            raise TypeError(f"{said!r} can't be the {name} of a date")
    return Date(**date)


def encode(record: Record, *, provenance: bool = True) -> dict[str, Any]:
    """A JSON object that holds the whole record; keys with empty values are left out, and so is provenance if asked."""
    out: dict[str, Any] = {"key": record.key, "type": record.type}
    if record.aliases:
        out["aliases"] = list(record.aliases)
    out["variables"] = {name: encode_value(value) for name, value in record.variables.items()}
    if record.arxiv is not None:
        out["arxiv"] = encode_arxiv(record.arxiv)
    if record.leftovers:
        out["leftovers"] = [[x.source, x.name, x.value] for x in record.leftovers]
    if provenance and record.provenance:
        out["provenance"] = {name: _encode_provenance(origin) for name, origin in record.provenance.items()}
    return out


def _encode_provenance(origin: Provenance) -> list[Any]:
    parts = [origin.source, origin.detail, origin.when, origin.confidence]
    return [*parts, True] if origin.inherited else parts


def encode_arxiv(arxiv: Arxiv) -> dict[str, Any]:
    """What arXiv knows of a work; keys with empty values are left out."""
    out: dict[str, Any] = {}
    if arxiv.id is not None:
        out["id"] = str(arxiv.id.number)
        if arxiv.id.version is not None:
            out["version"] = arxiv.id.version
    if arxiv.latest is not None:
        out["latest"] = arxiv.latest
    for name in _ARXIV_TEXTS:
        if getattr(arxiv, name):
            out[name] = getattr(arxiv, name)
    for name in ("categories", "candidates"):
        if getattr(arxiv, name):
            out[name] = list(getattr(arxiv, name))
    if arxiv.withdrawn:
        out["withdrawn"] = True
    return out


_PARTS = frozenset({"key", "type", "aliases", "variables", "arxiv", "leftovers", "provenance"})
_PLAIN_NAMES = frozenset({("family", "given"), ("family",), ("literal",)})


def recoded(data: Any) -> dict[str, Any]:
    """``encode(decode(data))``; without making a record of data that `encode` made. Raises `InputError` as `decode`."""
    try:
        if not data.keys() <= _PARTS or data["type"] not in TYPES:
            return encode(decode(data))
        out = {"key": data["key"], "type": data["type"]}
        if data.get("aliases"):
            out["aliases"] = list(data["aliases"])
        out["variables"] = variables = {name: _recoded_value(name, value) for name, value in data["variables"].items()}
        if None in variables.values():
            return encode(decode(data))
        if "arxiv" in data:
            out["arxiv"] = encode_arxiv(_decode_arxiv(data["arxiv"]))
        if data.get("leftovers"):
            out["leftovers"] = data["leftovers"]
        if data.get("provenance"):
            out["provenance"] = data["provenance"]
        plain = all(len(item) == 3 for item in out.get("leftovers", ())) and all(
            (len(origin) == 4 or (len(origin) == 5 and origin[4] is True))
            and type(origin[0]) is type(origin[1]) is type(origin[2]) is str
            for origin in out.get("provenance", {}).values()
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        plain = False  # `decode` says what is wrong
    return out if plain else encode(decode(data))


def _recoded_value(name: str, value: dict[str, Any]) -> Any:
    """``encode_value(decode_value(value))``; None for a value that does not fit the variable."""
    if len(value) == 1:
        ((kind, said),) = value.items()
        if kind == VARIABLES.get(name):
            if kind in ("number", "verbatim"):
                return value
            if kind == "text" and said and "<" not in said and "&" not in said and "$" not in said:
                return value
            if kind == "names" and all(tuple(person) in _PLAIN_NAMES and all(person.values()) for person in said):
                return value
    made = decode_value(value)
    return encode_value(made) if type(made) is CLASS_OF.get(name) else None


# One text for all records: each record of JSON has its own copy of a word, and to find a word in another copy is slow
# where both are cold, in many thousand records.
_own = {name: name for name in (*VARIABLES, *TYPES, "type", "arxiv.id")}.get


@lru_cache(maxsize=1024, typed=True)
def _shared(text: str) -> str:
    """The text, one for all that are equal: for the sources and names of leftovers."""
    return _text(text)


def decode(data: Any) -> Record:
    """The record of `encode`'s data; raises `InputError` where it is no such data."""
    try:
        arxiv = _decode_arxiv(data["arxiv"]) if "arxiv" in data else None
        variables = {_own(name, name): decode_value(value) for name, value in data["variables"].items()}
        leftovers = [
            Leftover(_shared(item[0]), _shared(item[1]), *map(_text, item[2:])) for item in data.get("leftovers", ())
        ]
        record_type = _own(data["type"], data["type"])
        if record_type not in TYPES:  # as earlier versions took any
            leftovers.append(Leftover(SOURCE, "type", str(record_type)))
            record_type = "document"
        misfits = [name for name, value in variables.items() if type(value) is not CLASS_OF.get(name)]
        leftovers += [Leftover(SOURCE, name, json.dumps(encode_value(variables.pop(name)))) for name in misfits]
        return Record(
            key=_text(data["key"]),
            aliases=tuple(map(_text, data.get("aliases", ()))),
            type=record_type,
            variables=variables,
            arxiv=arxiv,
            leftovers=tuple(leftovers),
            provenance={
                _own(name, name): _decode_provenance(*parts) for name, parts in data.get("provenance", {}).items()
            },
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise InputError(f"not a stored record: {error!r}") from error


@lru_cache(maxsize=256, typed=True)  # the values of a record come from one or two places
def _decode_provenance(source: str, detail: str, when: str, confidence: float, inherited: bool = False) -> Provenance:
    if type(confidence) not in (float, int):
        raise TypeError(f"{confidence!r} is not a number")
    return Provenance(
        source=_text(source), detail=_text(detail), when=_text(when), confidence=confidence, inherited=inherited
    )


def _decode_id(number: Any, version: Any) -> ArxivId:
    if version is not None and type(version) is not int:
        raise TypeError(f"{version!r} is not a version")
    return replace(parse_arxiv_id(_text(number)), version=version)


def _decode_arxiv(data: Any) -> Arxiv:
    return Arxiv(
        id=_decode_id(data["id"], data.get("version")) if "id" in data else None,
        **{name: _text(data.get(name, "")) for name in _ARXIV_TEXTS},
        categories=tuple(map(_text, data.get("categories", ()))),
        candidates=tuple(map(_text, data.get("candidates", ()))),
        latest=data.get("latest"),
        withdrawn=bool(data.get("withdrawn", False)),
    )
