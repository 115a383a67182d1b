r"""The text of a BibTeX file, cut into blocks that tile it: entries, strings, preambles, comments, free text, broken.

A block begins at an ``@``. Most entries are plain: one pattern finds their end, as long as nothing that looks like
another block comes before it. Everything else is read by `scan.Scanner`, which knows BibTeX's rules and gives the
same block for a plain entry, three times slower. The exact spans of an entry's fields are computed on demand.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from bibtool.bib.faultwords import fault_of
from bibtool.bib.scan import SPECIAL, BrokenError, Scanner, plain_entry
from bibtool.bib.syntax import BARE, BRACED, NAME, QUOTED
from bibtool.bib.values import Definition, Macros, pieces_of
from bibtool.lazy import lazy_pattern
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.bib.faultwords import Fault
    from bibtool.bib.scan import PlainEntry, Scan
    from bibtool.bib.values import Piece

KEY = BARE
_OPERAND = f"(?:{BRACED}|{QUOTED}|{BARE})"
# each operand with what is before it: the name of its field or, if it is not the first one of its value, a "#"; it is
# written once only because compiling the pattern takes longer than cutting a small file
_OPERANDS = rf"(?=,)(?:(?:,\s*+{NAME}\s*+=|\#)\s*+{_OPERAND}\s*+)++"
_PLAIN_ENTRY = lazy_pattern(rf"@(\w++)[ \t]*+\{{\s*+({KEY})\s*+{_OPERANDS},?+\s*+\}}")
_BROKEN_KEY = lazy_pattern(rf"@\s*+\w++\s*+[{{(]\s*+({KEY})\s*+,")
_NO_TYPE = lazy_pattern(rf"@[ \t]*+\{{{KEY},")
_CANDIDATE = lazy_pattern(r"@(?=\s*+[^\s\"#%'(),=}@])")
_STRING = lazy_pattern(r"@\s*+string", re.IGNORECASE)
_STRAY = lazy_pattern(r"@\s*+([A-Za-z][\w-]*+)")
_LOST_FIELD = lazy_pattern(r"\s*+(?:[,}]\s*+)*+" + NAME + r"\s*+=\s*+[{\"0-9A-Za-z]")

_KNOWN_TYPES = frozenset(
    "article book booklet conference inbook incollection inproceedings manual mastersthesis misc phdthesis proceedings "
    "techreport unpublished online report thesis collection mvbook patent dataset software periodical".split()
)


class RawBlock(NamedTuple):
    """One block of the text; blocks tile it.

    ``kind`` is ``entry``, ``string``, ``preamble``, ``comment``, ``free`` or ``broken``. ``type`` is lower-case, of
    entries and broken blocks; ``key`` of entries, as written. ``faults`` are those of the syntax.
    """

    kind: str
    start: int
    end: int
    type: str = ""
    key: str = ""
    faults: tuple[Fault, ...] = ()


class Cut:
    """A text and its blocks, with the offsets inside of those that somebody asked for.

    Blocks are cut when they are asked for: iterating gives one after the other, `blocks` all of them.
    """

    def __init__(self, scanner: Scanner, tiles: Iterator[RawBlock], parts: dict[int, PlainEntry]) -> None:
        self.text = scanner.text
        self._tiles = tiles  # those that are still to be cut
        self._blocks: list[RawBlock] = []
        self._parts = parts
        self.scanner = scanner
        self._scans: dict[int, Scan | None] = {}
        self._plain: set[int] = set()

    def __iter__(self) -> Iterator[RawBlock]:
        blocks = self._blocks
        at = 0
        while True:
            if at == len(blocks):
                if (block := next(self._tiles, None)) is None:
                    return
                blocks.append(block)
            yield blocks[at]
            at += 1

    @property
    def done(self) -> int:
        """How many blocks were cut up to now."""
        return len(self._blocks)

    @cached_property
    def blocks(self) -> tuple[RawBlock, ...]:
        """All blocks; they tile the text."""
        self._blocks.extend(self._tiles)
        return tuple(self._blocks)

    def scan(self, block: RawBlock) -> Scan | None:
        """The offsets inside a block that could be read; None for free text. Raises `BrokenError`."""
        if block.start not in self._scans:
            self._scans[block.start] = self.scanner.block(block.start)
        return self._scans[block.start]

    def plain(self, block: RawBlock) -> PlainEntry | None:
        """The parts of an entry as they are written; None if a scan has to find them.

        For entries that have no field twice, and values in braces, in quotes or of digits: their fields have no faults.
        Nothing is kept of them, as there are many; what `split` has kept is given once.
        """
        plain = self._parts.pop(block.start, None) or plain_entry(self.text[block.start : block.end])
        if plain is None or _distinct(plain.names) is None:
            return None
        for value in plain.values:
            if value[0] not in '{"' and not (value.isascii() and value.isdecimal()):
                return None
        self._plain.add(block.start)
        return plain

    def plain_fields(self, block: RawBlock) -> dict[str, str] | None:
        """Name in lower case and content of each field of an entry that is `plain`, else None."""
        plain = self.plain(block)
        if plain is None or (names := _distinct(plain.names)) is None:
            return None
        contents = [value[1:-1] if value[0] in '{"' else value for value in plain.values]
        return dict(zip(names, contents, strict=True))

    def is_plain(self, block: RawBlock) -> bool:
        """Whether the fields of an entry have no faults, as `plain` finds it."""
        return block.start in self._plain or (block.start not in self._scans and self.plain(block) is not None)

    def definitions(self, block: RawBlock) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
        """Name as written and pieces of each macro of an ``@string``."""
        scan = self.scan(block)
        text = self.text
        return tuple(
            (text[field.name : field.name_end], pieces_of(text, field.value, field.value_end))
            for field in (scan.fields if scan else ())
        )

    @cached_property
    def macros(self) -> Macros:
        """The ``@string`` macros of the text and the months."""
        if _STRING.search(self.text) is None:  # most files have none, and need not be cut to the end for that
            return Macros(())
        return Macros(
            Definition(name.lower(), block.start, pieces)
            for block in self.blocks
            if block.kind == "string"
            for name, pieces in self.definitions(block)
        )


@lru_cache(maxsize=1024)  # the entries of a file have few sets of names
def _distinct(names: tuple[str, ...]) -> tuple[str, ...] | None:
    """The names in lower case; None if one of them is there twice."""
    lower = tuple(name.lower() for name in names)
    return lower if len(set(lower)) == len(lower) else None


def split(text: str, *, keep: bool = False) -> Cut:
    """The blocks of ``text``; never raises. ``keep``: with the parts of most entries, for who is going to read all."""
    scanner = Scanner(text)
    parts: dict[int, PlainEntry] = {}
    return Cut(scanner, _explain(text, _tiles(scanner, parts if keep else None)), parts)


def outline(text: str) -> tuple[RawBlock, ...]:
    """The blocks of ``text`` that are not free text, without their faults; never raises."""
    return tuple(
        block._replace(faults=()) if block.faults else block for block in _tiles(Scanner(text), None, free=False)
    )


def _tiles(scanner: Scanner, parts: dict[int, PlainEntry] | None, *, free: bool = True) -> Iterator[RawBlock]:
    """All blocks of the text, in order and without a gap; or without those of ``free`` text."""
    text = scanner.text
    end = 0  # of the last block
    at = text.find("@")
    while at >= 0:
        block = (parts is not None and _in_parts(scanner, at, parts)) or block_from(scanner, at)
        if block is None:
            break
        if free and block.start > end:
            yield RawBlock("free", end, block.start)
        yield block
        end = block.end
        at = text.find("@", end)
    if free and end < len(text):
        yield RawBlock("free", end, len(text))


def block_from(scanner: Scanner, at: int) -> RawBlock | None:
    """The first block at or after this ``@``, which must not be inside a block."""
    text = scanner.text
    while at >= 0:
        block = _plain_entry(scanner, at)
        if block is not None:
            return block
        candidate = _CANDIDATE.search(text, at)
        if candidate is None:
            return None
        if candidate.start() > at:
            at = candidate.start()
            continue
        block = _block_at(scanner, at)
        if block is not None:
            return block
        at = text.find("@", at + 1)
    return None


def _plain_entry(scanner: Scanner, at: int) -> RawBlock | None:
    """The entry that begins at this ``@`` if nothing about it is in doubt."""
    text = scanner.text
    limit = text.find("@", at + 1)
    if limit < 0:
        limit = len(text)
    elif text[limit - 1] != "\n":  # at the beginning of a line it ends all plain entries, whatever it is
        limit = scanner.next_head(at)
    plain = _PLAIN_ENTRY.match(text, at, limit)
    if plain is None:
        return None
    kind, key = plain.groups()
    kind = kind.lower()
    if kind in SPECIAL or not (text[at - 1] == "\n" or _is_fresh(scanner, at)):
        return None
    return RawBlock("entry", at, plain.end(), kind, key)


def _in_parts(scanner: Scanner, at: int, parts: dict[int, PlainEntry]) -> RawBlock | None:
    """The same, with its parts kept, if there is nothing but white space between it and the next ``@``."""
    text = scanner.text
    following = text.find("@", at + 1)
    whole = (text[at:following] if following >= 0 else text[at:]).rstrip()
    plain = plain_entry(whole)
    if plain is None or not _is_fresh(scanner, at):
        return None
    parts[at] = plain
    return RawBlock("entry", at, at + len(whole), plain.type.lower(), plain.key)


def _block_at(scanner: Scanner, at: int) -> RawBlock | None:
    """The block that begins at this ``@``, if it is meant as one."""
    text = scanner.text
    fresh = _is_fresh(scanner, at)
    try:
        scan = scanner.block(at)
    except BrokenError as error:
        return _broken(scanner, at, error.fault) if fresh else None
    if scan is None:
        stray = _STRAY.match(text, at)
        if fresh and _NO_TYPE.match(text, at):
            return _broken(scanner, at, fault_of("missing-type", at))
        if not fresh or not stray or stray.group(1).lower() not in _KNOWN_TYPES:
            return None
        return _broken(scanner, at, fault_of("missing-brace/after-type", stray.end(), stray.group(1)))
    faults = scan.faults
    if not fresh:
        # BibTeX reads a block at every @. In running text that is rarely meant: only complete blocks count.
        if faults or (scan.kind == "entry" and not scan.fields):
            return None
        faults = (fault_of("block-in-text", at),)
    if scan.kind != "comment" and text.find("@", at + 1, scan.end) >= 0:
        inner = scanner.next_line_head(at)
        if inner < scan.end:
            faults = (*faults, fault_of("block-in-value", inner))
    kind = text[scan.type_start : scan.type_end].lower()
    return RawBlock(scan.kind, at, scan.end, kind, text[scan.key : scan.key_end], faults)


def _is_fresh(scanner: Scanner, at: int) -> bool:
    """Whether the ``@`` at ``at`` is where one expects a block: first on its line, or right after a block."""
    return scanner.at_line_start(at) or _behind_block(scanner.text, at)


def _behind_block(text: str, at: int) -> bool:
    """Whether the last thing before ``at`` is the end of another block on the same line."""
    before = text[max(0, at - 200) : at].rstrip(" \t,")
    return before.endswith(("}", ")"))


def _broken(scanner: Scanner, at: int, fault: Fault) -> RawBlock:
    """The block, unchanged: to its own closing brace, or to the next block, or to the end of the text."""
    text = scanner.text
    end = scanner.next_line_head(at)
    head = scanner.next_head(at)
    if head < end and (_behind_block(text, head) or fault.at == head):
        end = head
    opened = text.find("{", at, min(end, at + 200))
    if opened >= 0:
        closed = scanner.close_of(opened)
        if fault.at < closed < end:
            end = closed + 1
    while end > at + 1 and text[end - 1].isspace():
        end -= 1
    name = _STRAY.match(text, at)
    key = _BROKEN_KEY.match(text, at, end)
    return RawBlock("broken", at, end, name.group(1).lower() if name else "", key.group(1) if key else "", (fault,))


def _explain(text: str, blocks: Iterator[RawBlock]) -> Iterator[RawBlock]:
    """The same blocks, where free text that must have been part of the block before carries a fault."""
    before = ""
    for block in blocks:
        if block.kind == "free" and before in ("entry", "broken", "") and not text[block.start : block.end].isspace():
            begin = block.start
            while text[begin].isspace():
                begin += 1
            closing = before and text[begin] in (",", "}")
            if closing or _LOST_FIELD.match(text, block.start, block.end):
                yield block._replace(faults=(fault_of("text-outside", begin),))
                before = "free"
                continue
        before = block.kind
        yield block
