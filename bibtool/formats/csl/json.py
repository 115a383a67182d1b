"""CSL-JSON: the exchange format of Zotero, pandoc and the citation processors (schema csl-data.json 1.0.2).

Here an array of items is read, one item, ``{"items": [...]}`` and ``{"references": [...]}`` (Zotero, pandoc), and items
in a row; see `bibtool.formats.csl.itemreader` for what becomes of an item. `bibtool.formats.csl.jsonwriter` writes.
"""

from __future__ import annotations

import json
import re

from bibtool.errors import InputError
from bibtool.formats.base import decode_text, gathered, with_provenance
from bibtool.formats.csl.itemreader import ItemReader, is_empty
from bibtool.formats.csl.shapes import ShapeReader, members_in
from bibtool.formats.csl.values import json_decoder
from bibtool.lazy import lazy_pattern
from bibtool.model.text.lines import LineIndex
from bibtool.problems import Problem, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterable, Mapping
    from typing import Any, NoReturn

    from bibtool.formats.base import ReadOptions, ReadResult, Records
    from bibtool.model.record import Record

SOURCE = "csl-json"
_BLANK = lazy_pattern(r"[\s\ufeff]*")
_BETWEEN = lazy_pattern(r"\s*,\s*(?=\{)")
_NEXT_ITEM = lazy_pattern(r"\}\s*,?\s*(?=\{)")
_MAX_RESTARTS = 200
_HINT = "a JSON checker shows the place; the items before and after it were read"


class _Repeated(dict[str, "Any"]):
    """An object in which a member occurs twice; ``first`` holds the values that the last one replaced."""

    __slots__ = ("first",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        last = len(pairs) - 1
        latest = {name: last - index for index, (name, _) in reversed(list(enumerate(reversed(pairs))))}
        self.first = [(name, value) for index, (name, value) in enumerate(pairs) if latest[name] != index]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else _Repeated(pairs)


class _ToldError(Exception):
    """For items of which there is something to say, when they are read without noting where they are."""


_decode = json_decoder()
_decode_carefully = json_decoder(_object)
# lone surrogates, and members that can't be counted: an item without any of these is read by its shape
_DOUBTFUL = lazy_pattern(r"\\u[dD][89a-fA-F]|\"\s+:")
_SPACED = (" :", "\t:", "\n:", "\r:")  # one of these is where white space is before a colon
_MANY = 1 << 14  # characters that are decoded at once
_CHANCES = 4  # decoding at once is given up when failures outnumber successes by this many


def _expected(what: str, text: str, at: int) -> NoReturn:
    raise json.JSONDecodeError(f"expecting {what}", text, at)


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The items as records, in their order. An item that can't be read is a problem with its line and its text."""
    return gathered(read_each(data, options))


def read_each(data: bytes, options: ReadOptions) -> Records:
    """What `read` gives, record by record."""
    text, problems = decode_text(data, options)
    return _Reading(text, options, problems).run()


class _Reading:
    """One text on its way to records."""

    def __init__(self, text: str, options: ReadOptions, problems: Iterable[Problem]) -> None:
        self.text = text
        self.options = options
        self.lines = LineIndex(text, options.path)
        self.problems = [*problems]
        self.item_start = 0
        self.item: Mapping[str, Any] = {}
        self.restarts = 0
        self.keys: set[str] = set()
        self.items = ItemReader(self._report)
        self.shapes = ShapeReader(self.items)
        self.escapes = "\\" in text
        surrogates = self.escapes and ("\\ud" in text or "\\uD" in text)
        self.surrogates = surrogates and re.search(r"\\u[dD][89a-fA-F]", text) is not None
        spaced = [sign for sign in _SPACED if sign[0] in text and sign in text]
        self.doubtful = self.surrogates or (bool(spaced) and _DOUBTFUL.search(text) is not None)
        self.is_rushed = False  # whether items are being read without noting where they are
        self.alone_until = 0 if not options.when and options.keys is None else len(text)
        self.chances = _CHANCES

    def run(self) -> Records:
        """The records and the problems; raises `InputError` at once where there is nothing to read."""
        start = self._skip(0)
        if start >= len(self.text):
            raise InputError("the input is empty", path=self.options.path)
        opening = self.text[start]
        if opening not in "[{":
            position = self.lines.position(start)
            raise InputError(
                f"this is not CSL-JSON: it begins with {opening!r}, not with [ or {{",
                path=self.options.path,
                line=position.line,
                column=position.column,
            )
        return self._records(start)

    def _records(self, start: int) -> Records:
        try:
            return (yield from self._whole(start))
        finally:  # these refer to this object: the text and all that was read would wait for the cycle collector
            self.shapes.close()
            del self.items, self.shapes

    def _whole(self, start: int) -> Records:
        end = yield from (self._array(start + 1) if self.text[start] == "[" else self._object(start))
        end = self._skip(end)
        while end < len(self.text) and self.text[end] in "{,":  # JSON lines: one item after the other
            end = self._skip((yield from self._array(end, closed=False)))
        if end < len(self.text):
            self._problem("json-syntax", "there is text after the last item", end, raw=self.text[end : end + 200])
        return tuple(self.problems)

    def _skip(self, at: int) -> int:
        char = self.text[at : at + 1]
        if not char.isspace() and char != "\ufeff":
            return at
        blank = _BLANK.match(self.text, at)
        return blank.end() if blank else at

    def _array(self, at: int, *, closed: bool = True) -> Generator[Record, None, int]:
        """Read items from after the opening bracket; returns the offset after the closing one."""
        text = self.text
        comma = True
        while True:
            if not comma and text.startswith((",{", ", {"), at):  # as after most items
                at = text.index("{", at)
            elif not comma and text[at : at + 1] != "]" and (between := _BETWEEN.match(text, at)):
                at = between.end()
            else:
                at = self._skip(at)
                if at >= len(text):
                    if closed:
                        self._problem("json-syntax", "the list of items is not closed; is the file cut?", at)
                    return at
                char = text[at]
                if char == "]":
                    return at + 1
                if char == ",":
                    if comma:
                        self._problem("json-syntax", "a comma without an item before it", at, Severity.WARNING)
                    comma = True
                    at += 1
                    continue
                if not comma and closed:
                    self._problem("json-syntax", "a comma is missing between two items", at, Severity.WARNING)
            comma = False
            if at >= self.alone_until and (several := self._several(at)) is not None:
                records, at = several
                yield from records
                continue
            try:
                item, end = _decode(text, at)
            except json.JSONDecodeError as error:
                at = self._damaged(at, error.pos, error.msg[0].lower() + error.msg[1:])
                comma = True
                continue
            if (record := self._item(item, at, end)) is not None:
                yield record
            at = end

    def _several(self, at: int) -> tuple[list[Record], int] | None:
        """The records of the items from here to some way on, and where these end; None where each has to be looked at.

        To decode them at once takes less time, but nobody knows then where each of them is. So this only gives records
        if there is nothing to say of any of them.
        """
        text = self.text
        name = text.find('"', at)
        opening = text[at : text.find('"', name + 1) + 1]  # {"id", after which the next items hopefully begin as well
        until = text.find(opening, at + _MANY, at + 4 * _MANY)
        if until >= 0:
            piece = f"[{text[at:until].rstrip().removesuffix(',')}]"
        else:  # the rest of the list, and any text after it
            until = len(text)
            piece = "[" + text[at:] if until - at <= 4 * _MANY else ""
        self.is_rushed = True
        try:
            items, length = _decode(piece, 0)
            end = at + length - 2
            records = self._rushed(items, at, end) if until == len(text) or length == len(piece) else None
        except (json.JSONDecodeError, RecursionError, _ToldError):
            records = None
        self.is_rushed = False
        if records is not None:
            self.chances = min(self.chances + 1, _CHANCES)
            return records, end
        self.chances -= 1
        self.alone_until = until if self.chances else len(text)
        return None

    def _rushed(self, items: list[Any], start: int, end: int) -> list[Record]:
        """The records of items between two places; raises `_ToldError` if there is something to say of one of them."""
        if self.doubtful and _DOUBTFUL.search(self.text, start, end) is not None:
            raise _ToldError
        read, read_carefully, shapes = self.shapes.read, self.items.read, self.shapes
        records = []
        counted = 0
        for item in items:
            if item.__class__ is not dict:
                raise _ToldError
            record = read(item)
            if record is None:
                record = read_carefully(item)
                counted += members_in(item)
            else:
                counted += shapes.counted
            if is_empty(record):
                raise _ToldError
            records.append(record)
        keys = [record.key.casefold() for record in records if record.key]
        new = set(keys)
        if counted != self._members_told(start, end) or len(new) < len(keys) or not self.keys.isdisjoint(new):
            raise _ToldError
        self.keys |= new
        return records

    def _members_told(self, start: int, end: int) -> int:
        """How many members the objects between two places have, where no name ends in a backslash, by the text."""
        count = self.text.count('":', start, end)
        return count - self.text.count('\\":', start, end) if self.escapes else count

    def _damaged(self, start: int, wrong: int, message: str) -> int:
        """Report the item that begins at ``start``, and find the next one; its offset."""
        restart = len(self.text)
        for opening in _NEXT_ITEM.finditer(self.text, max(wrong - 1, start)):
            if self.restarts >= _MAX_RESTARTS:
                break
            self.restarts += 1
            try:
                item, _ = _decode(self.text, opening.end())
            except json.JSONDecodeError:
                continue
            if type(item) is dict and ("id" in item or "type" in item):  # not a name or another part of an item
                restart = opening.end()
                break
        self._problem("json-syntax", message, wrong, raw=self.text[start:restart].rstrip(" \t\r\n,"), hint=_HINT)
        return restart

    def _object(self, start: int) -> Generator[Record, None, int]:
        """Read ``{"items": [...]}`` or the one item that begins at ``start``; returns the offset after it."""
        text = self.text
        members: list[tuple[str, Any]] = []
        had_list = False
        at = self._skip(start + 1)
        try:
            while at < len(text) and text[at] == '"':
                name, at = _decode(text, at)
                at = self._skip(at)
                if text[at : at + 1] != ":":
                    _expected("':'", text, at)
                at = self._skip(at + 1)
                if name in {"items", "references"} and text[at : at + 1] == "[":
                    had_list = True
                    at = yield from self._array(at + 1)
                else:
                    value, at = _decode(text, at)
                    members.append((name, value))
                at = self._skip(at)
                if text[at : at + 1] == ",":
                    at = self._skip(at + 1)
            if text[at : at + 1] != "}":
                _expected("'}' or a member", text, at)
        except json.JSONDecodeError as error:
            if had_list:
                self._problem("json-syntax", error.msg, error.pos, raw=text[error.pos : error.pos + 200])
                return len(text)
            return (yield from self._array(self._damaged(start, error.pos, error.msg), closed=False))
        if had_list:
            for name, _ in members:
                self._problem("json-member", f"{name[:60]!r} next to the items is ignored", start, Severity.NOTE)
        elif (record := self._item(_object(members), start, at + 1, is_known=True)) is not None:
            yield record
        return at + 1

    def _item(self, item: Any, start: int, end: int, *, is_known: bool = False) -> Record | None:
        """The record of an item; None for one that is none or not wanted.

        ``is_known`` is for one whose class says whether it has a member twice.
        """
        if not isinstance(item, dict):
            self._problem("not-an-item", "an item has to be an object", start, raw=self.text[start:end])
            return None
        if self.options.keys is not None and self._is_unwanted(item, self.options.keys):
            return None
        self.item_start = start
        self.item = item
        doubtful = self.doubtful and _DOUBTFUL.search(self.text, start, end) is not None
        try:
            record = None if doubtful else self.shapes.read(item, self._members_told(start, end))
            if record is None:
                record = self._read_carefully(item if is_known else _decode_carefully(self.text, start)[0])
        except RecursionError:
            self._problem("json-syntax", "the item is nested too deeply", start, raw=self.text[start:end])
            return None
        if record.key:
            folded = record.key.casefold()
            if folded in self.keys:
                message = f"the id {record.key!r} occurs twice; both are kept"
                self._problem("duplicate-key", message, start, Severity.WARNING)
            self.keys.add(folded)
        elif is_empty(record):
            self.problems.append(self.options.empty(self.lines.line(start), SOURCE, self.text[start:end]))
            return None
        if self.options.when:
            record = with_provenance(record, SOURCE, self.options, self.lines.line(start))
        return record

    def _read_carefully(self, item: dict[str, Any]) -> Record:
        """The record of any item, with a problem for all that there is to say of it."""
        if self.surrogates:
            item = self._without_surrogates(item)
        record = self.items.read(item)
        if isinstance(item, _Repeated):
            for name, value in item.first:
                self.items.report("repeated-member", f"{name!r} occurs twice; the last is used", str(value), False)
        return record

    def _is_unwanted(self, item: Mapping[str, Any], keys: Collection[str]) -> bool:
        """Whether the item has none of the keys: an address as id and ``custom`` may stand for others."""
        key = item.get("id")
        return isinstance(key, str) and key.strip() not in keys and "://" not in key and "custom" not in item

    def _without_surrogates(self, value: Any) -> Any:
        """The value with U+FFFD for halves of surrogate pairs, which no encoding can write."""
        if isinstance(value, str):
            try:
                value.encode()
            except UnicodeEncodeError:
                self._report("surrogate", "half a surrogate pair is not a character; U+FFFD replaces it", "", False)
                return type(value)(value.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
            return value
        if isinstance(value, dict):
            return {self._without_surrogates(n): self._without_surrogates(v) for n, v in value.items()}
        return [self._without_surrogates(item) for item in value] if isinstance(value, list) else value

    def _report(self, code: str, message: str, raw: str, is_note: bool) -> None:
        severity = Severity.NOTE if is_note else Severity.WARNING
        if self.is_rushed:
            raise _ToldError
        key = self.item.get("id")
        known = str(key) if isinstance(key, str) else None
        self._problem(code, message, self.item_start, severity, raw=raw or None, key=known)

    def _problem(
        self,
        code: str,
        message: str,
        offset: int,
        severity: Severity = Severity.ERROR,
        *,
        raw: str | None = None,
        key: str | None = None,
        hint: str | None = None,
    ) -> None:
        position = self.lines.position(offset)
        self.problems.append(
            Problem(code=code, message=message, severity=severity, position=position, raw=raw, key=key, hint=hint)
        )
