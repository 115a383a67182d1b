"""A BibTeX file as a document in which every byte belongs to something.

::

    document = Document.from_bytes(data, path="refs.bib")     # never raises, whatever the bytes are
    document.to_bytes() == data                               # always
    for entry in document.entries:                            # Entry, in the order of the file
        entry.type, entry.key, entry.get("title")             # 'article', 'Knuth:84', 'The {TeX}book'
        for field in entry.fields:                            # Field, duplicates kept
            field.name, field.spelling, field.raw, field.pieces, field.content
    for problem in document.problems: ...                     # Problem with line, column, hint

**Blocks.** ``document.blocks`` tile the text: `Entry`, `StringBlock`, `Block` of the kinds ``preamble``, ``comment``
(``@comment``), ``free`` (the text between blocks: blank lines, ``%`` lines, prose) and ``broken`` (what should have
been a block; ``block.problems`` says why). ``document.entries``, ``.strings``, ``.broken`` are those of one kind.

**Text and bytes.** Work is done on ``document.text``; ``document.encoding`` is ``utf-8``, ``utf-16-le``,
``utf-16-be``, ``utf-32-le``, ``utf-32-be`` or ``cp1252``, ``document.bom`` the byte order mark, ``document.tail`` a
part of a character after UTF-16 or UTF-32 text. Single bad bytes in a UTF-8 file become lone surrogates in ``text``
and `raw` (as ``surrogateescape`` does) but Windows characters in `content`, so that what is read can always be
encoded. Spans (``start``, ``end``) are offsets in ``text``; `Document.byte_span` gives bytes, `Document.position`
line and column, both from 1.

**Meaning.** ``entry.get(name)`` is the content of the first field of that name (any case; BibTeX uses the first too):
without outer delimiters, ``#`` joined, macros expanded (an unknown macro stands for its own name), LaTeX and white
space unchanged; None if there is no such field.
``entry.items()`` gives all pairs ``(name, content)`` quickly, names lower-case. ``document.macros`` resolves.

Documents are immutable, so nobody's spans get stale: `edit.Editor` collects changes of one and makes a new one of them.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bibtool.bib.blocks import split
from bibtool.bib.faults import faults_of
from bibtool.bib.values import pieces_of
from bibtool.errors import UnknownNameError, UsageError
from bibtool.files import load_bytes, write_atomic
from bibtool.lazy import lazy_pattern
from bibtool.model.text.decode import Decoded, decode, encode, encoding_problem, readable
from bibtool.model.text.lines import LineIndex
from bibtool.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bibtool.bib.blocks import RawBlock
    from bibtool.bib.faultwords import Fault
    from bibtool.bib.scan import PlainEntry, RawField, Scan
    from bibtool.bib.values import Macros, Piece
    from bibtool.problems import Position

_CHECKPOINT = 4096  # characters between two known byte offsets


class Field:
    """One ``name = value`` of an entry.

    ``name`` is lower-case, ``spelling`` as written; ``raw`` the value expression as written, "" where the value is
    missing; ``start`` and ``end`` span from the name to the end of the value, without the comma.
    """

    __slots__ = ("_entry", "_raw")

    def __init__(self, entry: Entry, raw: RawField) -> None:
        self._entry = entry
        self._raw = raw

    def __repr__(self) -> str:
        return f"Field({self.spelling!r}, {self.raw!r})"

    @property
    def offsets(self) -> RawField:
        """All offsets of the field in the text of the document."""
        return self._raw

    @property
    def start(self) -> int:
        """Offset of the first character of the name."""
        return self._raw.name

    @property
    def end(self) -> int:
        """Offset after the value."""
        return self._raw.value_end

    @property
    def value_span(self) -> tuple[int, int]:
        """Offsets of the value expression, delimiters included."""
        return self._raw.value, self._raw.value_end

    @property
    def spelling(self) -> str:
        """The name as written."""
        return self._entry.document.text[self._raw.name : self._raw.name_end]

    @property
    def name(self) -> str:
        """The name in lower case."""
        return self.spelling.lower()

    @property
    def raw(self) -> str:
        """The value expression as written, delimiters and ``#`` included."""
        return self._entry.document.text[self._raw.value : self._raw.value_end]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces of the value: braced, quoted, number, macro or bare."""
        return pieces_of(self._entry.document.text, self._raw.value, self._raw.value_end)

    @property
    def delimiter(self) -> str:
        """``{``, ``"``, ``""`` for one bare piece or none, ``#`` for several pieces."""
        pieces = self.pieces
        if len(pieces) > 1:
            return "#"
        kind = pieces[0].kind if pieces else ""
        return {"braced": "{", "quoted": '"'}.get(kind, "")

    @property
    def content(self) -> str:
        """The value without outer delimiters, pieces joined, macros expanded."""
        return self._entry.document.content_of(self._raw)

    @property
    def position(self) -> Position:
        """Line and column of the name."""
        return self._entry.document.position(self._raw.name)

    @property
    def line(self) -> int:
        """Line of the name, from 1."""
        return self._entry.document.line_of(self._raw.name)

    @property
    def column(self) -> int:
        """Column of the name in characters, from 1."""
        return self._entry.document.column_of(self._raw.name)


_TYPE = lazy_pattern(r"@(\w++)[ \t]*+\{")


class Block:
    """One block of a document. ``kind`` is entry, string, preamble, comment, free or broken.

    ``start`` and ``end`` are its offsets in the text of the document. ``type`` is the word after the ``@`` in lower
    case, "" for free text; ``key`` the citation key as written, of a broken block only where it is clear, else "".
    """

    __slots__ = ("_raw_block", "document", "end", "index", "key", "kind", "start", "type")

    def __init__(self, document: Document, index: int, raw_block: RawBlock) -> None:
        self.document = document
        self.index = index
        self._raw_block = raw_block
        self.kind, self.start, self.end, self.type, self.key, _ = raw_block

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.kind} {self.text[:40]!r}>"

    @property
    def text(self) -> str:
        """The text of the block in the document."""
        return self.document.text[self.start : self.end]

    @property
    def data(self) -> bytes:
        """The bytes of the block in the file."""
        begin, end = self.document.byte_span(self.start, self.end)
        return self.document.to_bytes()[begin:end]

    @property
    def position(self) -> Position:
        """Line and column of the first character."""
        return self.document.position(self.start)

    @property
    def line(self) -> int:
        """Line of the first character, from 1."""
        return self.document.line_of(self.start)

    @property
    def column(self) -> int:
        """Column of the first character, from 1."""
        return self.document.column_of(self.start)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the syntax of this block."""
        return tuple(self.document.problem_of(fault, self._raw_block) for fault in self._raw_block.faults)


class Entry(Block):
    """One entry: type, key and fields."""

    __slots__ = ()

    @property
    def scan(self) -> Scan:
        """All offsets of the entry."""
        scan = self.document.cut.scan(self._raw_block)
        assert scan is not None
        return scan

    @property
    def type_spelling(self) -> str:
        """The entry type as written."""
        if (start := _TYPE.match(self.document.text, self.start)) is not None:
            return start[1]
        return self.document.text[self.scan.type_start : self.scan.type_end]

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields in the order of the file, duplicates kept."""
        return tuple(Field(self, raw) for raw in self.scan.fields)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all fields in lower case, duplicates kept."""
        text = self.document.text
        return tuple(text[raw.name : raw.name_end].lower() for raw in self.scan.fields)

    @property
    def plain(self) -> PlainEntry | None:
        """Type, key, names and values as written, of an entry without macros or faults in its fields; else None.

        In a fraction of the time that `fields` takes.
        """
        return self.document.cut.plain(self._raw_block)

    @property
    def plain_fields(self) -> dict[str, str] | None:
        """The content of each field by its name in lower case, of an entry that is `plain`; else None."""
        if self.document.has_escapes:
            return None
        return self.document.cut.plain_fields(self._raw_block)

    def field(self, name: str) -> Field | None:
        """The first field of that name, in any case; None if there is none."""
        wanted = name.lower()
        text = self.document.text
        for raw in self.scan.fields:
            if text[raw.name : raw.name_end].lower() == wanted:
                return Field(self, raw)
        return None

    def get(self, name: str) -> str | None:
        """The content of the first field of that name; None if there is none, "" if it is empty."""
        field = self.field(name)
        return None if field is None else field.content

    def items(self) -> Iterator[tuple[str, str]]:
        """Name in lower case and content of each field, in order, duplicates kept."""
        if (plain := self.plain_fields) is not None:
            yield from plain.items()
            return
        document = self.document
        text = document.text
        for raw in self.scan.fields:
            yield text[raw.name : raw.name_end].lower(), document.content_of(raw)


class StringBlock(Block):
    """One ``@string``: ``name`` as written and ``content``; "" where the block defines nothing."""

    __slots__ = ()

    @property
    def definitions(self) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
        """Name as written and pieces of each macro; more than one only in a file that BibTeX refuses."""
        return self.document.cut.definitions(self._raw_block)

    @property
    def name(self) -> str:
        """The name of the (first) macro as written."""
        definitions = self.definitions
        return definitions[0][0] if definitions else ""

    @property
    def content(self) -> str:
        """What the (first) macro stands for."""
        definitions = self.definitions
        return readable(self.document.macros.resolve(definitions[0][1], self.start).content) if definitions else ""


class Document:
    """A BibTeX file; see the module's description. Make one with `from_bytes` or `from_text`."""

    def __init__(
        self,
        text: str,
        *,
        encoding: str = "utf-8",
        bom: bytes = b"",
        tail: bytes = b"",
        path: str | None = None,
        read_all: bool = False,
    ) -> None:
        self.text = text
        self._is_sound = False  # as in `Decoded`; False where nobody knows
        self.encoding = encoding
        self.bom = bom
        self.tail = tail
        self.path = path
        self.cut = split(text, keep=read_all)
        self._lines = LineIndex(text, path)

    @classmethod
    def open(cls, path: str | Path) -> Document:
        """The document of a file; raises `InputError` if it can't be read."""
        return cls.from_bytes(load_bytes(path), str(path))

    @classmethod
    def from_bytes(cls, data: bytes, path: str | None = None, *, read_all: bool = False) -> Document:
        """The document of a file; never raises, for no bytes at all.

        ``read_all`` is quicker if all entries are going to be read once, and takes more memory until then.
        """
        got = decode(data)
        document = cls(got.text, encoding=got.encoding, bom=got.bom, tail=got.tail, path=path, read_all=read_all)
        document._is_sound = got.is_sound
        return document

    @classmethod
    def from_text(cls, text: str, path: str | None = None) -> Document:
        """The document of a text that will be written as UTF-8."""
        return cls(text, path=path)

    def to_bytes(self) -> bytes:
        """The bytes of the file."""
        return self.bom + encode(self.text, self.encoding) + self.tail

    def save(self, path: str | Path | None = None) -> bool:
        """Write the file, by default where it was read; False, and no write, where it holds these bytes already.

        Raises `OutputError` if it can't be written, `UsageError` if no path is known.
        """
        target = path or self.path
        if target is None:
            raise UsageError("the file needs a path", hint="save(path)")
        return write_atomic(Path(target), self.to_bytes())

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, key: object) -> bool:
        return key in self.by_key

    def __getitem__(self, key: str) -> Entry:
        """The first entry with that key; raises `UnknownNameError` with the nearest keys."""
        entry = self.entry(key)
        if entry is None:
            raise UnknownNameError("entry", key, list(self.by_key))
        return entry

    def __bool__(self) -> bool:
        return True  # also a file without entries

    # ---- blocks -----------------------------------------------------------------------------------------------

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks; they tile the text."""
        return tuple(self._view(index, raw) for index, raw in enumerate(self.cut.blocks))

    def _view(self, index: int, raw: RawBlock) -> Block:
        if raw.kind == "entry":
            return Entry(self, index, raw)
        if raw.kind == "string":
            return StringBlock(self, index, raw)
        return Block(self, index, raw)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All entries that could be read, in the order of the file."""
        return tuple(block for block in self.blocks if isinstance(block, Entry))

    def each_entry(self) -> Iterator[Entry]:
        """The entries of `entries` one by one, each cut out of the text when it is asked for."""
        for index, raw in enumerate(self.cut):
            if raw.kind == "entry":
                yield Entry(self, index, raw)

    @cached_property
    def strings(self) -> tuple[StringBlock, ...]:
        """All ``@string`` blocks, in the order of the file."""
        return tuple(block for block in self.blocks if isinstance(block, StringBlock))

    @cached_property
    def broken(self) -> tuple[Block, ...]:
        """What should have been a block and could not be read, in the order of the file."""
        return tuple(block for block in self.blocks if block.kind == "broken")

    @cached_property
    def by_key(self) -> Mapping[str, Entry]:
        """The first entry of each key as written."""
        by_key: dict[str, Entry] = {}
        for entry in self.entries:
            by_key.setdefault(entry.key, entry)
        return by_key

    def entry(self, key: str) -> Entry | None:
        """The first entry with that key, or None."""
        return self.by_key.get(key)

    # ---- meaning ----------------------------------------------------------------------------------------------

    @property
    def macros(self) -> Macros:
        """The ``@string`` macros of the file and the months."""
        return self.cut.macros

    def content_of(self, raw: RawField) -> str:
        """The content of a field by its offsets."""
        text = self.text
        start, end = raw.value, raw.value_end
        if raw.simple and text[start] in '{"':
            content = text[start + 1 : end - 1]
        else:
            content = self.macros.resolve(pieces_of(text, start, end), start).content
        return readable(content) if self.has_escapes else content

    @cached_property
    def has_escapes(self) -> bool:
        """Whether the text holds bytes that are not in its encoding."""
        return not self._is_sound and readable(self.text) is not self.text

    # ---- places -----------------------------------------------------------------------------------------------

    def line_of(self, offset: int) -> int:
        """The line of an offset, from 1; lines end with LF, CR LF or CR."""
        return self._lines.line(offset)

    def column_of(self, offset: int) -> int:
        """The column of an offset in characters, from 1."""
        return self._lines.column(offset)

    def position(self, offset: int) -> Position:
        """Path, line and column of an offset in the text."""
        return self._lines.position(offset)

    def offset_of(self, position: Position) -> int:
        """The offset in the text of a line and column, those beyond the end brought inside."""
        line = min(max(position.line or 1, 1), len(self._lines.starts))
        return min(self._lines.starts[line - 1] + (position.column or 1) - 1, len(self.text))

    def line_span(self, offset: int) -> tuple[int, int]:
        """First and last offset of the line of a character; the last is that of its line end."""
        line = self.line_of(offset)
        first = self._lines.starts[line - 1]
        last = self._lines.starts[line] - 1 if line < len(self._lines.starts) else len(self.text)
        return first, max(first, last)

    @cached_property
    def newline(self) -> str:
        """The line end that most lines of the file have; LF where there is none."""
        crlf = self.text.count("\r\n")
        counts = {"\n": self.text.count("\n") - crlf, "\r\n": crlf, "\r": self.text.count("\r") - crlf}
        return max(counts, key=lambda end: counts[end])

    def byte_span(self, start: int, end: int) -> tuple[int, int]:
        """The byte offsets in the file of two offsets in the text."""
        return self._byte_offset(start), self._byte_offset(end)

    def _byte_offset(self, offset: int) -> int:
        if self.encoding == "cp1252" or (self.encoding == "utf-8" and self.text.isascii()):
            return len(self.bom) + offset
        index = offset // _CHECKPOINT
        tail = self.text[index * _CHECKPOINT : offset]
        return self._byte_checkpoints[index] + len(encode(tail, self.encoding))

    @cached_property
    def _byte_checkpoints(self) -> list[int]:
        offsets = [len(self.bom)]
        for begin in range(0, len(self.text), _CHECKPOINT):
            offsets.append(offsets[-1] + len(encode(self.text[begin : begin + _CHECKPOINT], self.encoding)))
        return offsets

    # ---- problems ---------------------------------------------------------------------------------------------

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong with the file as BibTeX, in the order of the file."""
        problems = [self.problem_of(fault, block) for fault, block in faults_of(self.cut, self.encoding, self._lines)]
        if not self.encoding.startswith(("utf-16", "utf-32")):
            decoded = Decoded(self.text, self.encoding, is_sound=self._is_sound)
            problems[:0] = filter(None, [encoding_problem(decoded, self._lines)])
        problems.sort(key=lambda problem: (problem.position.line or 0, problem.position.column or 0))
        return tuple(problems)

    def problem_of(self, fault: Fault, block: RawBlock | None) -> Problem:
        """A fault as a problem with its place; ``block`` is the one that has the fault, if it is not the file's."""
        return Problem(
            code=fault.code,
            message=fault.message,
            severity=fault.severity,
            position=self.position(fault.at),
            key=(readable(block.key) or None) if block else None,
            hint=fault.hint,
            raw=readable(self.text[block.start : block.end]) if block and block.kind == "broken" else None,
        )

    @property
    def ok(self) -> bool:
        """Whether nothing worse than a note was found."""
        return all(problem.severity is Severity.NOTE for problem in self.problems)
