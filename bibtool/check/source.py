"""A file as rules see it, read off a `Document` once, and the hits that rules report in it.

The entries and fields of a `Document` compute names and contents whenever they are asked. As the rules ask dozens of
times for each field, `CheckedEntry` and `CheckedField` compute them once.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

from bibtool.bib.document import Document
from bibtool.lazy import lazy_pattern
from bibtool.model.text.decode import readable
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.bib.document import Entry
    from bibtool.bib.scan import RawField
    from bibtool.problems import Severity

MAX_SHOWN = 80  # characters of a key or name in a message
_USUAL = b"\t\n\r" + bytes(range(0x20, 0x7F))
_READ_IN = lazy_pattern(r"\\(?:input|include|usepackage|RequirePackage)(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Edit:
    """``text`` instead of the characters from ``start`` to ``end`` of a file's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A correction that changes nothing but what the finding is about; ``description`` says what was done."""

    description: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a finding is about."""

    file: CheckedFile
    at: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What a rule found: the place as offsets in the text of ``file``, and what to do about it.

    ``severity`` is set only where it isn't the rule's own, ``key`` only where there is a key but no entry.
    """

    file: CheckedFile
    start: int
    end: int
    message: str
    entry: CheckedEntry | None = None
    key: str | None = None
    hint: str | None = None
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    severity: Severity | None = None


class CheckedField:
    """One field of an entry.

    ``name`` is lower-case; ``content`` the value without outer delimiters, macros expanded. Its offsets are looked for
    when one of them is asked for: most fields have nothing to report.
    """

    __slots__ = ("_raw", "content", "entry", "name")

    # made by `CheckedEntry` without an initialiser, which would take as long as all else, as there are so many
    entry: CheckedEntry
    name: str
    content: str
    _raw: RawField | None

    @property
    def raw(self) -> RawField:
        """The offsets of the field in the text of the file."""
        if self._raw is None:
            for field, raw in zip(self.entry.fields, self.entry.block.scan.fields, strict=True):
                field._raw = raw  # noqa: SLF001  (of the same class)
        assert self._raw is not None
        return self._raw

    @property
    def inner(self) -> int:
        """The offset of the content's first character in the text.

        It is -1 where the value is a macro or is made of several pieces: such a value has no place for a part of it,
        and is never fixed.
        """
        raw = self.raw
        return raw.value + 1 if raw.simple and self.file.text[raw.value] in '{"' else -1

    @property
    def file(self) -> CheckedFile:
        """The file that the field is in."""
        return self.entry.file

    @property
    def shown(self) -> str:
        """The name for a message, cut to `MAX_SHOWN` characters."""
        return self.name[:MAX_SHOWN]

    @property
    def quoted(self) -> bool:
        """Whether the value is in quotes, so that a bare quote would end it."""
        return self.file.text[self.raw.value : self.raw.value + 1] == '"'

    @property
    def value(self) -> str:
        """The value as written, delimiters included."""
        return self.file.text[self.raw.value : self.raw.value_end]

    def hit(
        self,
        message: str,
        first: int = 0,
        last: int | None = None,
        *,
        hint: str | None = None,
        new: str | None = None,
        done: str = "",
        related: tuple[Related, ...] = (),
    ) -> Hit:
        """A hit for ``content[first:last]``; ``new`` is what to write there instead, ``done`` what that does.

        Where the content has no place of its own, the hit is about the whole value and has no fix.
        """
        fix = None
        if self.inner < 0:
            start, end = self.raw.value, self.raw.value_end
        else:
            start = self.inner + first
            end = self.inner + (len(self.content) if last is None else last)
            if new is not None and self.fits(new):
                fix = Fix(done or f"{self.name} corrected", (Edit(start, end, new),))
        return Hit(
            file=self.file,
            entry=self.entry,
            start=start,
            end=end,
            message=message,
            hint=hint,
            fix=fix,
            related=related,
        )

    def fits(self, new: str) -> bool:
        """Whether a text can be part of this value: no quote that ends it, no character that the file can't hold."""
        if self.quoted and '"' in new:
            return False
        return self.file.can_hold(new)

    def name_hit(self, message: str, *, hint: str | None = None, fix: Fix | None = None) -> Hit:
        """A hit for the name of the field."""
        return Hit(
            file=self.file,
            entry=self.entry,
            start=self.raw.name,
            end=self.raw.name_end,
            message=message,
            hint=hint,
            fix=fix,
        )

    def removal(self, description: str) -> Fix | None:
        """The fix that removes the field, with its comma and, where it has lines of its own, those lines.

        None if there is no comma on either side, as what else to remove would then be a guess.
        """
        text = self.file.text
        start, end = self.raw.name, self.raw.value_end
        if self.raw.comma >= 0:
            end = self.raw.comma + 1
        else:
            # The last field: a comma left before the closing brace is allowed by BibTeX, so only the field goes.
            before = start - 1
            while before >= 0 and text[before].isspace():
                before -= 1
            if text[before : before + 1] != ",":
                return None
        line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
        after = end
        while after < len(text) and text[after] in " \t":
            after += 1
        if not text[line:start].strip() and text[after : after + 1] in ("\r", "\n"):
            start = line
            end = after + (2 if text.startswith("\r\n", after) else 1)
        elif self.raw.comma >= 0:
            end = after
        return Fix(description, (Edit(start, end, ""),))


class CheckedEntry:
    """One entry. ``fields`` are all of them in order, `get` looks up the first of a name, as BibTeX does."""

    __slots__ = ("_by_name", "block", "fields", "file", "key", "type")

    fields: list[CheckedField]
    _by_name: dict[str, CheckedField]

    def __init__(self, file: CheckedFile, block: Entry) -> None:
        self.file = file
        self.block = block
        self.type = block.type
        self.key = readable(block.key)
        self.fields = fields = []
        self._by_name = by_name = {}
        for name, content in block.items():
            field = CheckedField()
            field.entry = self
            field.name = name
            field.content = content
            field._raw = None  # noqa: SLF001  (both classes are one module's)
            fields.append(field)
            if name not in by_name:
                by_name[name] = field

    @property
    def shown(self) -> str:
        """The key for a message, cut to `MAX_SHOWN` characters."""
        return self.key[:MAX_SHOWN]

    def field(self, name: str) -> CheckedField | None:
        """The first field of that (lower-case) name."""
        return self._by_name.get(name)

    def get(self, name: str) -> str:
        """The content of the first field of that name without white space around it, "" where there is none."""
        field = self._by_name.get(name)
        return field.content.strip() if field else ""

    def first(self, *names: str) -> CheckedField | None:
        """The first of these fields that is there and not empty."""
        for name in names:
            field = self._by_name.get(name)
            if field and field.content.strip():
                return field
        return None

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def related(self, message: str) -> Related:
        """This entry as another place that a finding is about."""
        return Related(self.file, self.block.scan.key, message)

    def place_of(self, entry: CheckedEntry) -> str:
        """The place of another entry as seen from this one: "on line 7", or "in other.bib, line 7"."""
        line = entry.file.document.line_of(entry.block.start)
        return f"on line {line}" if entry.file is self.file else f"in {entry.file.path}, line {line}"

    @property
    def names(self) -> frozenset[str]:
        """The names of all fields."""
        return frozenset(self._by_name)

    def hit(
        self,
        message: str,
        *,
        hint: str | None = None,
        related: tuple[Related, ...] = (),
        on_type: bool = False,
    ) -> Hit:
        """A hit for the entry as a whole, placed at its key, or at its type."""
        scan = self.block.scan
        start, end = (scan.type_start, scan.type_end) if on_type else (scan.key, scan.key_end)
        if start >= end:
            start, end = self.block.start, scan.type_end
        return Hit(
            file=self.file,
            entry=self,
            start=start,
            end=end,
            message=message,
            hint=hint,
            related=related,
        )


_name_start = attrgetter("raw.name")


class CheckedFile:
    """One file: its document and its entries in the form that rules read."""

    def __init__(self, document: Document, path: str, error: str = "") -> None:
        self.document = document
        self.path = path
        self.text = document.text
        self.error = error  # why the file could not be read at all; its document is empty then

    @classmethod
    def from_bytes(cls, data: bytes, path: str) -> CheckedFile:
        """The file of these bytes; never raises."""
        return cls(Document.from_bytes(data, path=path, read_all=True), path)

    @classmethod
    def unreadable(cls, path: str, error: str) -> CheckedFile:
        """A file that could not be opened."""
        return cls(Document.from_text("", path=path), path, error)

    @cached_property
    def entries(self) -> tuple[CheckedEntry, ...]:
        """All entries that could be read, in the order of the file."""
        return tuple(CheckedEntry(self, block) for block in self.document.entries)

    @cached_property
    def _starts(self) -> list[int]:
        return [entry.block.start for entry in self.entries]

    def entry_at(self, offset: int) -> CheckedEntry | None:
        """The entry that a character belongs to."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return None
        entry = self.entries[index]
        return entry if offset < entry.block.end else None

    def field_at(self, offset: int) -> CheckedField | None:
        """The field whose content a character belongs to; None for names, delimiters and values of several pieces."""
        entry = self.entry_at(offset)
        if entry is None:
            return None
        index = bisect_right(entry.fields, offset, key=_name_start) - 1
        if index < 0:
            return None
        field = entry.fields[index]
        return field if 0 <= field.inner <= offset < field.raw.value_end - 1 else None

    def matches(self, pattern: re.Pattern[str]) -> Iterator[tuple[CheckedField, int, int, re.Match[str]]]:
        """Every match that lies within one content: the field, first and last offset in its content, the match.

        The whole text is searched once, so that a rule that rarely finds anything costs little.
        """
        for match in pattern.finditer(self.text):
            field = self.field_at(match.start())
            if field is not None and match.end() <= field.raw.value_end - 1:
                yield field, match.start() - field.inner, match.end() - field.inner, match

    def unusual_matches(self, pattern: re.Pattern[str]) -> Iterator[tuple[CheckedField, int, int, re.Match[str]]]:
        """The same for a pattern that matches nothing but control characters and those beyond ASCII, and is slow."""
        if pattern.search(self._unusual):
            yield from self.matches(pattern)

    @cached_property
    def _unusual(self) -> str:
        """The control characters of the text and those beyond ASCII, one after the other."""
        data = self.text.encode("utf-8", "surrogatepass").translate(None, _USUAL)
        return data.decode("utf-8", "surrogatepass")

    def can_hold(self, text: str) -> bool:
        """Whether the file's encoding has all characters of ``text``."""
        if text.isascii():
            return True
        try:
            text.encode(self.document.encoding)
        except UnicodeEncodeError:
            return False
        return True

    @cached_property
    def _preambles(self) -> tuple[str, ...]:
        return tuple(block.text for block in self.document.blocks if block.kind == "preamble")

    @cached_property
    def reads_definitions(self) -> bool:
        """Whether a `@preamble` reads in a file, whose definitions are not known then."""
        return any(_READ_IN.search(text) for text in self._preambles)

    def defines(self, command: str) -> bool:
        """Whether a `@preamble` names this command of LaTeX."""
        return any(re.search(rf"\\{command}(?![A-Za-z])", text) for text in self._preambles)

    @cached_property
    def is_utf8(self) -> bool:
        """Whether the whole file is in a Unicode encoding without bad bytes."""
        return self.document.encoding.startswith("utf") and not self.document.has_escapes
