"""Answers of registration agencies (Crossref, DataCite) as single items, each with its line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bibtool.errors import InputError
from bibtool.formats.base import ReadResult, decode_text
from bibtool.formats.csl.values import JsonConstant, JsonNumber
from bibtool.model.text.lines import LineIndex
from bibtool.problems import Position, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bibtool.formats.base import ReadOptions
    from bibtool.model.record import Record

_decode = json.JSONDecoder(
    parse_int=JsonNumber, parse_float=JsonNumber, parse_constant=JsonConstant, strict=False
).raw_decode
_WRAPPERS = ("message", "items", "data", "works")
_BLANKS = " \t\r\n\ufeff,"


@dataclass(frozen=True, slots=True)
class AgencyItem:
    """One item, the line on which its document begins, and where to report."""

    members: dict[str, Any]
    line: int
    problems: list[Problem]
    path: str

    def warn(self, code: str, message: str, raw: str) -> None:
        """Report something about this item."""
        position = Position(self.path, self.line, 1)
        self.problems.append(Problem(code=code, message=message, severity=Severity.WARNING, position=position, raw=raw))


def read_items(
    data: bytes, options: ReadOptions, source: str, record: Callable[[AgencyItem, ReadOptions], Record]
) -> ReadResult:
    """The records of all items of all documents (an answer, a list, several answers one behind the other).

    A document that is broken is a problem with its line and its text; what stood before it was read. Raises
    `InputError` where nothing could be read.
    """
    text, first = decode_text(data, options)
    lines = LineIndex(text, options.path)
    problems = list(first)
    records: list[Record] = []
    at = 0
    opened = 0  # brackets of lists that are still open
    while True:
        while at < len(text) and text[at] in _BLANKS:
            at += 1
        if at < len(text) and text[at] == "[":  # a list is read item by item, so that each has its line
            at += 1
            opened += 1
            continue
        if at < len(text) and text[at] == "]" and opened:
            at += 1
            opened -= 1
            continue
        if at >= len(text):
            break
        try:
            document, end = _decode(text, at)
        except (json.JSONDecodeError, RecursionError) as error:
            wrong = error.pos if isinstance(error, json.JSONDecodeError) else at
            message = error.msg if isinstance(error, json.JSONDecodeError) else "it is nested too deeply"
            position = lines.position(wrong)
            if not records:
                raise InputError(
                    f"not valid JSON: {message[0].lower()}{message[1:]}",
                    path=options.path,
                    line=position.line,
                    column=position.column,
                ) from None
            problems.append(Problem(code="json-syntax", message=message, position=position, raw=text[at:]))
            break
        line = lines.line(at)
        for members in _unwrap(document, 0):
            if not isinstance(members, dict):
                position = Position(options.path, line, 1)
                message = f"an item of {source} has to be an object"
                problems.append(
                    Problem(code="not-an-item", message=message, position=position, raw=text[at:end][:1000])
                )
                continue
            records.append(record(AgencyItem(members, line, problems, options.path), options))
        at = end
    if opened:
        position = lines.position(len(text))
        message = "the list of items is not closed; is the file cut?"
        if not records:
            raise InputError(message, path=options.path, line=position.line, column=position.column)
        problems.append(Problem(code="json-syntax", message=message, position=position))
    return ReadResult(tuple(records), tuple(problems))


def _unwrap(value: Any, depth: int) -> Iterator[Any]:
    """The items inside the agencies' envelopes."""
    if isinstance(value, list) and depth < 4:
        for one in value:
            yield from _unwrap(one, depth + 1)
        return
    if isinstance(value, dict) and depth < 4:
        for name in _WRAPPERS:
            inner = value.get(name)
            if isinstance(inner, (dict, list)) and "DOI" not in value and "attributes" not in value:
                yield from _unwrap(inner, depth + 1)
                return
    yield value
