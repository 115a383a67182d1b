r"""Exact spans inside one block of a BibTeX file: type, key, fields, value expressions, and every fault on the way.

The rules are those of ``bibtex.web`` (Patashnik 1988, sections 183-276), see also `marks`. Where BibTeX would stop but
only one reading makes sense (a missing comma, a missing ``=``, a key with a space), the entry is read and a `Fault`
says what to correct; everything else is a `BrokenError`, and the caller keeps the bytes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.bib.faultwords import Fault, fault_of
from bibtool.bib.syntax import BARE, BRACED, HEAD, NAME, QUOTED, Marks, is_balanced
from bibtool.lazy import lazy_pattern
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMENT = lazy_pattern(r"@\s*+comment(?![^\s\"#%'(),={}])", re.IGNORECASE)
_COMMAS = lazy_pattern(r"(?:,\s*+)++")
_NAME = lazy_pattern(NAME)
_BARE = lazy_pattern(BARE)
_NAME_EQUALS = lazy_pattern(NAME + r"\s*+=")
_NAME_VALUE = lazy_pattern(NAME + r"\s*+=\s*+[{\"]")
_WORDS_EQUALS = lazy_pattern(NAME + r"(?:[ \t]+" + NAME + r")++[ \t]*+(?==)")
_KEY_BRACE = lazy_pattern(r"[^\s,{}]*+(?:\{[^\s,{}]*+\}[^\s,{}]*+)*+")
_KEY_PAREN = lazy_pattern(r"[^\s,]*+")
_KEY_WORDS = lazy_pattern(r"[^,{}()=\"#%\r\n]++(?=,)")
_LOOSE_WORDS = lazy_pattern(r"[^,{}()=\"#%\r\n]++")
_LINE_REST = lazy_pattern(r"[^\r\n]*+")
_FIELD = r"\s*+(" + NAME + r")\s*+=\s*+(" + BRACED + "|" + QUOTED + r"|[0-9A-Za-z_-]++)\s*+([,})])"
_FAST_FIELD = lazy_pattern(_FIELD)
# all that follows the last field at once, so that no field is looked for in it
_FAST_FIELDS = lazy_pattern(_FIELD + r"|([\s\S]++)")
_FAST_START = lazy_pattern(r"@(\w++)\s*+\{\s*+([^\s\"#%'(),={}@\\]++)\s*+,")
_NUMBER_END = lazy_pattern(r"[0-9]++\s*+[,})]")
_END_QUOTE = lazy_pattern(r"\"(?=\s*+(?:[,#})]|" + NAME + r"\s*+=))")

_FIELD_LINE = lazy_pattern(r"[\r\n][ \t,]*+" + NAME + r"[ \t]*+=")

SPECIAL = frozenset({"comment", "string", "preamble"})


class RawField(NamedTuple):
    """Offsets of one ``name = value``; ``comma`` is the offset of the comma after it, -1 if there is none.

    ``equals`` is the offset after the name, from which the ``=`` is searched; -1 if it is missing.
    ``simple`` says that the value is one braced, quoted or bare piece.
    """

    name: int
    name_end: int
    equals: int
    value: int
    value_end: int
    comma: int
    simple: bool


class Scan(NamedTuple):
    """One block that could be read. ``kind`` is entry, string, preamble or comment; ``close`` its last delimiter."""

    kind: str
    start: int
    end: int
    type_start: int
    type_end: int
    open: int
    key: int
    key_end: int
    fields: tuple[RawField, ...]
    faults: tuple[Fault, ...]


class PlainEntry(NamedTuple):
    """Type, key, and the name and value of each field of an entry, all as written; each value is one piece."""

    type: str
    key: str
    names: tuple[str, ...]
    values: tuple[str, ...]


def plain_entry(text: str) -> PlainEntry | None:
    """The parts of an entry that is written as most are, in a fraction of the time that a `Scan` takes.

    None for all other texts; a scan may find an entry in them.
    """
    start = _FAST_START.match(text)
    if start is None or start[1].lower() in SPECIAL:
        return None
    if text.find("@", start.end()) >= 0:  # it may begin another entry
        return None
    fields = _FAST_FIELDS.findall(text, start.end())
    rest = fields.pop()[3] if fields and fields[-1][3] else ""
    if not fields:
        return None
    names, values, marks, _ = zip(*fields, strict=True)
    if rest.strip() != ("}" if marks[-1] == "," else ""):
        return None
    if ")" in marks or "}" in marks[:-1]:  # the entry ends with the first brace
        return None
    return PlainEntry(start[1], start[2], names, values)


class BrokenError(Exception):
    """A block that can't be read; never leaves this folder."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class Scanner(Marks):
    """Scans blocks of one text."""

    # ---- blocks -----------------------------------------------------------------------------------------------

    def block(self, at: int) -> Scan | None:
        """The block that begins with the ``@`` at ``at``; None if none begins there; raises `BrokenError`."""
        comment = _COMMENT.match(self.text, at)
        if comment:
            return self._comment(at, comment.end())
        head = HEAD.match(self.text, at)
        if not head:
            return None
        name = head.group(1).lower()
        self.work += head.end() - at
        if name == "string":
            return self._string(at, head)
        if name == "preamble":
            return self._preamble(at, head)
        return self._entry(at, head)

    def _comment(self, at: int, word_end: int) -> Scan:
        text = self.text
        opened = self.skip(word_end)
        faults: list[Fault] = []
        if text[opened : opened + 1] == "{":
            closed = self.close_of(opened)
            if closed >= 0:
                end = closed + 1
                inner = self.next_line_head(at)
                if inner < end:
                    faults.append(fault_of("block-in-comment", inner))
            else:
                end = self.rstrip(opened + 1, self.next_line_head(at))
                faults.append(fault_of("comment-not-closed", opened))
        elif text[opened : opened + 1] == "(" and text.find(")", opened, self.next_line_head(at)) >= 0:
            end = text.find(")", opened) + 1
        else:
            opened = word_end
            rest = _LINE_REST.match(text, word_end)
            end = rest.end() if rest else word_end
        return Scan("comment", at, end, at + 1, word_end, opened, end, end, (), tuple(faults))

    def _string(self, at: int, head: re.Match[str]) -> Scan:
        closing = "}" if head.group(2) == "{" else ")"
        faults: list[Fault] = []
        fields, end = self._fields(head.end(), closing, faults, head.end() - 1)
        if len(fields) != 1:
            faults.append(fault_of("string-several" if fields else "string-empty", at))
        return Scan(
            "string", at, end, head.start(1), head.end(1), head.end() - 1, end, end, tuple(fields), tuple(faults)
        )

    def _preamble(self, at: int, head: re.Match[str]) -> Scan:
        opened = head.end() - 1
        closing = "}" if head.group(2) == "{" else ")"
        faults: list[Fault] = []
        begin = self.skip(head.end())
        span = None
        try:
            value_end, follow, _ = self._value(begin, closing, [], "preamble")
            if self.text[follow : follow + 1] == closing:
                span = (value_end, follow + 1)
        except BrokenError:
            span = None
        if span is None:
            closed = self.close_of(opened) if closing == "}" else -1
            if closed < 0:
                raise BrokenError(fault_of("preamble-not-closed", opened, closing))
            span = (self.rstrip(begin, closed), closed + 1)
            faults.append(fault_of("preamble-value", begin))
        value_end, end = span
        field = RawField(begin, begin, -1, begin, value_end, -1, False)
        return Scan("preamble", at, end, head.start(1), head.end(1), opened, end, end, (field,), tuple(faults))

    def _entry(self, at: int, head: re.Match[str]) -> Scan:
        text = self.text
        opened = head.end() - 1
        closing = "}" if head.group(2) == "{" else ")"
        faults: list[Fault] = []
        key = self.skip(head.end())
        if HEAD.match(text, key) and self.at_line_start(key):
            raise BrokenError(self._unclosed(opened, closing))
        if _NAME_VALUE.match(text, key):
            faults.append(fault_of("missing-key", key))
            fields, end = self._fields(key, closing, faults, opened)
            return self._done(at, head, (key, key), fields, end, faults)
        written = (_KEY_BRACE if closing == "}" else _KEY_PAREN).match(text, key)
        key_end = written.end() if written else key
        position = self.skip(key_end)
        follow = text[position : position + 1]
        if closing == ")" and follow != "," and text[key_end - 1 : key_end] == ")" and key_end > key:
            # BibTeX takes the parenthesis into the key and then finds no end; nobody means that.
            key_end -= 1
            position = key_end
            follow = ")"
        if follow == "=":
            faults.append(fault_of("missing-key", key))
            fields, end = self._fields(key, closing, faults, opened)
            return self._done(at, head, (key, key), fields, end, faults)
        if follow not in (",", closing):
            position, key_end = self._after_key(opened, key, key_end, position, closing, faults)
            follow = text[position : position + 1]
        if key == key_end:
            faults.append(fault_of("empty-key", key))
        if follow == closing:
            return self._done(at, head, (key, key_end), [], position + 1, faults)
        fields, end = self._fields(position + (follow == ","), closing, faults, opened)
        return self._done(at, head, (key, key_end), fields, end, faults)

    def _after_key(
        self, opened: int, key: int, key_end: int, position: int, closing: str, faults: list[Fault]
    ) -> tuple[int, int]:
        """Where reading goes on, and the end of the key, if neither comma nor end follows the key."""
        text = self.text
        if position >= len(text):
            raise BrokenError(self._unclosed(opened, closing))
        if key_end > key and key_end < position and _NAME_EQUALS.match(text, position):
            faults.append(fault_of("missing-comma/after-key", key_end, text[key:key_end]))
            return position, key_end
        words = _KEY_WORDS.match(text, key, self.next_head(opened))
        if words:
            end = self.rstrip(key, words.end())
            faults.append(fault_of("key-space", key, text[key:end]))
            return words.end(), end
        if text[position] == "@":
            raise BrokenError(self._unclosed(opened, closing))
        raise BrokenError(fault_of("bad-key", position, closing, text[position]))

    def _done(
        self, at: int, head: re.Match[str], key: tuple[int, int], fields: list[RawField], end: int, faults: list[Fault]
    ) -> Scan:
        return Scan(
            "entry", at, end, head.start(1), head.end(1), head.end() - 1, key[0], key[1], tuple(fields), tuple(faults)
        )

    def _unclosed(self, opened: int, closing: str, fields: Sequence[RawField] = ()) -> Fault:
        """The fault of an entry that does not end, at the value that has most likely swallowed its end."""
        for field in fields:
            inner = _FIELD_LINE.search(self.text, field.value, field.value_end)
            if inner and self.text[field.value] == "{":
                spelling = self.text[field.name : field.name_end]
                return fault_of("missing-brace/in-field", field.value, spelling)
        return fault_of("missing-brace/of-entry", opened, self.text[opened], closing)

    # ---- fields -----------------------------------------------------------------------------------------------

    def _fields(self, at: int, closing: str, faults: list[Fault], opened: int) -> tuple[list[RawField], int]:
        """All fields from ``at`` to the closing delimiter, and the offset after that."""
        text = self.text
        fields: list[RawField] = []
        limit = self.next_head(opened)
        match = _FAST_FIELD.match
        position = at
        while True:
            field = match(text, position, limit)
            if field is not None:
                follow = field.group(3)
                if follow in (",", closing):
                    name, name_end = field.span(1)
                    value, value_end = field.span(2)
                    position = field.end()
                    comma = position - 1 if follow == "," else -1
                    fields.append(RawField(name, name_end, name_end, value, value_end, comma, True))
                    if follow == closing:
                        self.work += position - at
                        return fields, position
                    continue
            self.work += max(0, position - at)
            at = self._slow_field(position, closing, faults, fields, opened)
            if at < 0:
                return fields, -at
            position = at
            limit = self.next_head(position)

    def _slow_field(self, at: int, closing: str, faults: list[Fault], fields: list[RawField], opened: int) -> int:
        """One field with all the care; the offset to go on at, or minus the end of the block."""
        text = self.text
        position = self.skip(at)
        char = text[position : position + 1]
        if not char or char == "@":
            raise BrokenError(self._unclosed(opened, closing, fields))
        if char == closing:
            return -(position + 1)
        if char == ",":
            run = _COMMAS.match(text, position)
            faults.append(fault_of("extra-comma", position))
            return run.end() if run else position + 1
        if char == "%":
            rest = _LINE_REST.match(text, position, self.next_head(position))
            faults.append(fault_of("comment-in-entry", position))
            return rest.end() if rest else position + 1
        words = _WORDS_EQUALS.match(text, position, self.next_head(position))
        head = words or _NAME.match(text, position)
        if not head:
            raise BrokenError(fault_of("stray-text/no-name", position, closing, char))
        name, name_end = position, self.rstrip(position, head.end())
        spelling = text[name : min(name_end, name + 60)]
        if words:
            faults.append(fault_of("field-name-space", name, spelling))
        position = self.skip(name_end)
        char = text[position : position + 1]
        equals = name_end
        value = position
        if char == "=":
            value = position + 1
            position = self.skip(value)
        elif char in ("{", '"') or _NUMBER_END.match(text, position):
            faults.append(fault_of("missing-equals", name_end, spelling))
            equals = -1
        elif char in (",", closing):
            faults.append(fault_of("missing-value", name, spelling))
            fields.append(RawField(name, name_end, -1, name_end, name_end, position if char == "," else -1, False))
            return position + 1 if char == "," else -(position + 1)
        elif not char or char == "@":
            raise BrokenError(self._unclosed(opened, closing))
        else:
            raise BrokenError(fault_of("stray-text/no-equals", name, spelling))
        return self._field_value(position, closing, faults, fields, (name, name_end, equals, value), opened)

    def _field_value(
        self,
        position: int,
        closing: str,
        faults: list[Fault],
        fields: list[RawField],
        head: tuple[int, int, int, int],
        opened: int,
    ) -> int:
        text = self.text
        name, name_end, equals, empty = head
        spelling = text[name : min(name_end, name + 60)]
        char = text[position : position + 1]
        if char in (",", closing):
            faults.append(fault_of("missing-value", name, spelling))
            fields.append(RawField(name, name_end, equals, empty, empty, position if char == "," else -1, False))
            return position + 1 if char == "," else -(position + 1)
        value_end, follow, simple = self._value(position, closing, faults, spelling)
        char = text[follow : follow + 1]
        if char in (",", closing):
            comma = follow if char == "," else -1
            fields.append(RawField(name, name_end, equals, position, value_end, comma, simple))
            return follow + 1 if char == "," else -(follow + 1)
        if not char or char == "@":
            fields.append(RawField(name, name_end, equals, position, value_end, -1, simple))
            raise BrokenError(self._unclosed(opened, closing, fields))
        if _NAME_EQUALS.match(text, follow):
            faults.append(fault_of("missing-comma/after-value", value_end, spelling))
            fields.append(RawField(name, name_end, equals, position, value_end, -1, simple))
            return follow
        if char == "%":
            fields.append(RawField(name, name_end, equals, position, value_end, -1, simple))
            return self._comment_behind(follow, closing, faults, fields, opened)
        raise BrokenError(fault_of("stray-text/after-value", follow, spelling, closing, char))

    def _comment_behind(self, at: int, closing: str, faults: list[Fault], fields: list[RawField], opened: int) -> int:
        """Reading goes on after a ``%`` comment between a value and its comma."""
        position = at
        while self.text[position : position + 1] == "%":
            position = self.skip(self._slow_field(position, closing, faults, fields, opened))
        if self.text[position : position + 1] == ",":
            fields[-1] = fields[-1]._replace(comma=position)
            return position + 1
        return position

    def _value(self, at: int, closing: str, faults: list[Fault], spelling: str) -> tuple[int, int, bool]:
        """End of the value expression at ``at``, the offset of what follows, and whether it is one piece."""
        text = self.text
        position = at
        pieces = 0
        end = at
        while True:
            char = text[position : position + 1]
            if char == "{":
                closed = self.close_of(position)
                if closed < 0:
                    raise BrokenError(fault_of("missing-brace/of-value", position, spelling))
                end = closed + 1
            elif char == '"':
                end = self._quoted(position, faults, spelling)
            else:
                word = _BARE.match(text, position)
                if not word:
                    if pieces and (char in (",", closing) or not char):
                        faults.append(fault_of("missing-piece", end))
                        return end, position, False
                    raise BrokenError(fault_of("bad-value" if char else "bad-value/missing", position, char, spelling))
                end = self._bare(word, closing, faults, spelling)
            pieces += 1
            follow = self.skip(end)
            if text[follow : follow + 1] != "#":
                return end, follow, pieces == 1
            end = follow + 1
            position = self.skip(end)

    def _quoted(self, at: int, faults: list[Fault], spelling: str) -> int:
        """The offset after the quoted string at ``at``, even if it has quotes inside that BibTeX does not accept."""
        text = self.text
        closed = self.quote_end(at)
        if closed >= 0:
            follow = self.skip(closed + 1)
            if text[follow : follow + 1] in ("", ",", "#", "}", ")", "@", "%") or _NAME_EQUALS.match(text, follow):
                return closed + 1
        limit = self.next_head(at)
        # Up to the next quote that is followed by a separator, unless a new field begins before it.
        end_quote = _END_QUOTE.search(text, closed + 1, limit) if closed >= 0 else None
        swallowed = closed >= 0 and _FIELD_LINE.search(text, at, end_quote.start() if end_quote else closed)
        if end_quote and not swallowed:
            inner = text[at + 1 : end_quote.start()]
            self.work += len(inner)
            if is_balanced(inner):
                faults.append(fault_of("quote-in-quotes", closed, spelling))
                return end_quote.start() + 1
        if closed >= 0 and not swallowed:
            return closed + 1
        raise BrokenError(fault_of("missing-quote", at, spelling))

    def _bare(self, word: re.Match[str], closing: str, faults: list[Fault], spelling: str) -> int:
        """The offset after a number, a macro, or words that lack their braces."""
        text = self.text
        end = word.end()
        follow = self.skip(end)
        char = text[follow : follow + 1]
        if char in ("", ",", "#", closing, "@", "%") or _NAME_EQUALS.match(text, follow):
            return end
        words = _LOOSE_WORDS.match(text, word.start(), self.next_head(word.start()))
        if words:
            last = self.rstrip(word.start(), words.end())
            behind = self.skip(last)
            if text[behind : behind + 1] in (",", closing):
                faults.append(fault_of("no-delimiters/words", word.start(), spelling))
                return last
        return end


def scan_block(text: str) -> Scan | None:
    """The block that begins the text; None where none begins there, or one that can't be read."""
    try:
        return Scanner(text).block(0)
    except BrokenError:
        return None
