"""Records as the JSON text in which a library keeps them, and of which it makes their fingerprints.

The same as `json.dumps` writes of `bibtool.model.codec.encode`, in a third of the time: nearly all values are of few
shapes, whose text can be put together without the dictionaries in between. What has another shape is written by
`json.dumps`.
"""

from __future__ import annotations

import json
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quoted
from operator import attrgetter

from bibtool.model.codec import encode, encode_arxiv, encode_value
from bibtool.model.dates import Date, DateParts
from bibtool.model.names import Name, Names
from bibtool.model.numbers import Number
from bibtool.model.record import Verbatim
from bibtool.model.richtext import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from bibtool.model.record import Leftover, Provenance, Record, Value

_rest_of_name = attrgetter(*Name.__slots__[2:])
_NO_REST = _rest_of_name(Name())
_rest_of_date = attrgetter(*Date.__slots__[1:])
_NO_OTHER_DATE = _rest_of_date(Date())


def dumped(data: Any) -> str:
    """JSON data as text: in ASCII, sorted, without spaces."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def encoded_text(record: Record, *, provenance: bool = True) -> str:
    """The text of `bibtool.model.codec.encode`'s data; equal records have equal texts."""
    try:
        return _text(record, provenance)
    except (TypeError, AttributeError, KeyError):  # there is something in it that no reader puts there
        return dumped(encode(record, provenance=provenance))


def _text(record: Record, provenance: bool) -> str:
    parts = []
    if record.aliases:
        parts.append(f'"aliases":{dumped(list(record.aliases))}')
    if record.arxiv is not None:
        parts.append(f'"arxiv":{dumped(encode_arxiv(record.arxiv))}')
    parts.append(f'"key":{quoted(record.key)}')
    if record.leftovers:
        parts.append(f'"leftovers":[{",".join([_leftover(item) for item in record.leftovers])}]')
    if provenance and record.provenance:
        parts.append(f'"provenance":{{{_origins(record.provenance)}}}')
    variables = [f"{_label(name)}{_value(value)}" for name, value in sorted(record.variables.items())]
    parts.append(f'"type":{quoted(record.type)},"variables":{{{",".join(variables)}}}')
    return f"{{{','.join(parts)}}}"


@lru_cache(maxsize=512)
def _label(name: str) -> str:
    return f"{quoted(name)}:"


def _leftover(item: Leftover) -> str:
    return f"[{quoted(item.source)},{quoted(item.name)},{quoted(item.value)}]"


def _origins(provenance: Mapping[str, Provenance]) -> str:
    """Where the values are from, which is one place for nearly all of a record."""
    parts = []
    last: Provenance | None = None
    text = ""
    for name, origin in sorted(provenance.items()):
        if origin is not last:
            said = [quoted(origin.source), quoted(origin.detail), quoted(origin.when), _number(origin.confidence)]
            text = f"[{','.join([*said, 'true'] if origin.inherited else said)}]"
            last = origin
        parts.append(f"{_label(name)}{text}")
    return ",".join(parts)


_number = lru_cache(maxsize=256, typed=True)(json.dumps)


def _value(value: Value) -> str:
    if isinstance(value, Text):
        return f'{{"text":{quoted(value.markup())}}}'
    if isinstance(value, Names) and not value.truncated and not value.marks:
        return f'{{"names":[{",".join([_name(name) for name in value.names])}]}}'
    if isinstance(value, Verbatim):
        return f'{{"verbatim":{quoted(value.text)}}}'
    if isinstance(value, Number):
        return f'{{"number":{quoted(value.text)}}}'
    if isinstance(value, Date) and _rest_of_date(value) == _NO_OTHER_DATE and value.start is not None:
        return f'{{"date":{{"start":{_start(value.start)}}}}}'
    return dumped(encode_value(value))


def _name(name: Name) -> str:
    if _rest_of_name(name) == _NO_REST and name.family and name.given:
        return f'{{"family":{quoted(name.family)},"given":{quoted(name.given)}}}'
    return dumped(encode_value(Names((name,)))["names"][0])


@lru_cache(maxsize=4096, typed=True)
def _start(parts: DateParts) -> str:
    return dumped([parts.year, parts.month, parts.day, parts.season])
