"""Writes CSL-JSON: an array, with one property and one name per line, in a fixed order.

See `bibtool.formats.csl.itemwriter` for what goes where.
"""

from __future__ import annotations

import json
from json import encoder
from json.encoder import encode_basestring

from bibtool.formats.base import joined
from bibtool.formats.csl.itemwriter import item_of
from bibtool.formats.csl.values import is_plain
from bibtool.model.keys import with_keys
from bibtool.problems import Problem, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from bibtool.formats.base import Pieces, WriteOptions, WriteResult
    from bibtool.model.names import Names
    from bibtool.model.record import Record

_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
# what JSONEncoder makes at each call, which costs more than most values; None where Python has no such encoder
_make: Any = getattr(encoder, "c_make_encoder", None)
_chunks = _make(None, _JSON.default, encode_basestring, None, ": ", ", ", False, False, False) if _make else None


def _encode(value: Any) -> str:
    """A JSON value on one line."""
    if type(value) is str:
        return encode_basestring(value)
    return _JSON.encode(value) if _chunks is None else "".join(_chunks(value, 0))


def write(records: Sequence[Record], options: WriteOptions) -> WriteResult:
    """The records as an array of items. Nothing is lost, so problems are only characters that UTF-8 can't write."""
    return joined(write_each(records, options))


def write_each(records: Iterable[Record], options: WriteOptions) -> Pieces:  # noqa: ARG001 -- no setting is ours
    """What `write` gives, item by item."""
    halves = False
    before = "[\n"
    for record in with_keys(records):
        piece = before + _lay_out(item_of(record, record.key, _people))
        before = ",\n"
        try:
            yield piece.encode()
        except UnicodeEncodeError:
            halves = True
            yield piece.encode("utf-8", "replace")
    yield b"[]\n" if before == "[\n" else b"\n]\n"
    if not halves:
        return ()
    message = "half a surrogate pair is not a character; ? replaces it"
    return (Problem(code="surrogate", message=message, severity=Severity.WARNING),)


def _lay_out(item: dict[str, Any]) -> str:
    members = [
        f'"{name}": {encode_basestring(value) if type(value) is str else _member(name, value)}'
        for name, value in item.items()
    ]
    return "  {\n    " + ",\n    ".join(members) + "\n  }"


class _Ready(str):
    """A value as it is written."""

    __slots__ = ()


def _people(names: Names) -> _Ready | None:
    """A list of plain names, one per line; None for any other list."""
    if names.marks or not names.names or not all(map(is_plain, names.names)):
        return None
    lines = [
        f'{{"family": {encode_basestring(name.family)}, "given": {encode_basestring(name.given)}}}'
        for name in names.names
    ]
    return _Ready(_listed(lines))


def _listed(lines: list[str]) -> str:
    people = ",\n      ".join(lines)
    return f"[\n      {people}\n    ]" if len(lines) > 1 else f"[{people}]"


def _member(name: str, value: Any) -> str:
    """The value of a property, a list of names with one per line."""
    kind = type(value)
    if kind is _Ready:
        return str(value)
    if kind is list and value and type(value[0]) is dict:
        return _listed([_encode(each) for each in value])
    if kind is dict:
        if name == "custom":
            return _nested(value, 3)
        if len(value) == 1 and (dates := value.get("date-parts")) is not None:
            return f'{{"date-parts": {dates}}}' if _are_numbers(dates) else _encode(value)
    return _encode(value)


def _are_numbers(dates: Any) -> bool:
    """Whether these are lists of whole numbers, which Python writes as JSON does."""
    return type(dates) is list and all(type(side) is list and set(map(type, side)) == {int} for side in dates)


def _nested(value: Any, level: int) -> str:
    """Objects of up to two levels spread over lines, deeper ones on one."""
    if type(value) is not dict or not value or level > 4:
        return _rows(value) if type(value) is list else _encode(value)
    indent = "\n" + "  " * level
    members = [f"{encode_basestring(name)}: {_nested(member, level + 1)}" for name, member in value.items()]
    return "{" + indent + ("," + indent).join(members) + indent[:-2] + "}"


def _rows(rows: list[Any]) -> str:
    """A list on one line: most are rows of text."""
    lines = []
    for row in rows:
        if type(row) is not list or not row or set(map(type, row)) != _ONLY_TEXT:
            return _encode(rows)
        lines.append("[" + ", ".join(map(encode_basestring, row)) + "]")
    return "[" + ", ".join(lines) + "]"


_ONLY_TEXT = {str}
