"""A .bib file as an index of its blocks and their places, without reading a single field.

The index of a large file is kept in the cache folder under the hash of the file's bytes: a line with its checksum and
size, then four offsets for each block (the block and its key, from and to), then the first letters of the kinds and the
types, in words. Reading it takes a tenth of the time that cutting the file does. A cached index is checked before it is
believed (the checksum, offsets in order, an ``@`` at the beginning of each block); one that does not fit is made again,
and it is not an error if one can't be written.
"""

from __future__ import annotations

import contextlib
import re
import sys
from functools import cached_property, partial
from itertools import chain, repeat
from operator import add, itemgetter
from typing import TYPE_CHECKING
from zlib import crc32

from bibtool.bib.blocks import RawBlock, outline
from bibtool.bib.entrytext import aliases_of, strings_in
from bibtool.bib.skim import skim
from bibtool.digests import blake2b
from bibtool.files import read_at_most, write_cached
from bibtool.lazy import lazy_pattern
from bibtool.model.text.decode import decode, readable
from bibtool.model.text.lines import LINE_END

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from bibtool.bib.skim import Skim

VERSION = 3
CACHED_FROM = 200_000  # bytes; a smaller file is cut as quickly as its index would be read
HASH_SIZE = 32  # bytes of what names the index of a file
MAX_CACHED = 40  # indexes in the folder; the oldest go
MAX_SHARE = 8  # bytes of an index for each character of the text; the shortest block has four and takes twenty
_KINDS = {kind[0]: kind for kind in ("entry", "string", "preamble", "comment", "broken")}
_CONFLICT = lazy_pattern(r"^(?:<{7}|>{7}|\|{7})(?:[ \t][^\r\n]*)?$|^={7}$", re.MULTILINE)


class BibIndex:
    """The text of a .bib file and its blocks without free text.

    Offsets are in ``text``, which has LF line ends and no odd bytes.
    """

    def __init__(
        self,
        text: str,
        blocks: tuple[RawBlock, ...] | Callable[[], tuple[RawBlock, ...]],
        path: str,
        encoding: str,
        newline: str,
        skimmed: Skim | None = None,
    ) -> None:
        self.text = text
        self._blocks = blocks
        self.path = path
        self.encoding = encoding
        self.newline = newline
        self._skimmed = skimmed  # what is asked there first, where blocks are only made when all are needed

    @cached_property
    def blocks(self) -> tuple[RawBlock, ...]:
        """The blocks of the file, without free text."""
        return self._blocks() if callable(self._blocks) else self._blocks

    @cached_property
    def entries(self) -> Mapping[str, RawBlock]:
        """The first entry of each key as written, in the order of the file: later ones BibTeX refuses."""
        by_key: dict[str, RawBlock] = {}
        for block in self.blocks:
            if block.kind == "entry" and block.key:
                by_key.setdefault(block.key, block)
        return by_key

    def entry(self, key: str) -> RawBlock | None:
        """The one of `entries` with this key."""
        return self.entries.get(key) if self._skimmed is None else self._skimmed.entry(key)

    @property
    def _others(self) -> Sequence[RawBlock]:
        """Blocks, among them all strings and preambles."""
        return self.blocks if self._skimmed is None else self._skimmed.others

    @cached_property
    def aliases(self) -> Mapping[str, RawBlock]:
        """The entry of each key in a field ``ids`` that is not the key of an entry; the first of several."""
        by_alias: dict[str, RawBlock] = {}
        for entry in self.entries.values():
            for alias in aliases_of(self.slice(entry)):
                if alias not in self.entries:
                    by_alias.setdefault(alias, entry)
        return by_alias

    @cached_property
    def strings(self) -> Mapping[str, str]:
        """Name in lower case -> ``@string`` block as written; the last definition, which is the one at the end."""
        definitions: dict[str, str] = {}
        for block in self._others:
            if block.kind == "string":
                text = self.slice(block)
                definitions.update(dict.fromkeys(strings_in(text), text))
        return definitions

    @cached_property
    def preambles(self) -> tuple[str, ...]:
        """The ``@preamble`` blocks as written."""
        return tuple(self.slice(block) for block in self._others if block.kind == "preamble")

    def slice(self, block: RawBlock) -> str:
        """The text of a block."""
        return self.text[block.start : block.end]

    def line_of(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return self.text.count("\n", 0, offset) + 1


def conflict_line(text: str) -> int | None:
    """The line (from 1) of the first merge conflict mark; None without one.

    A row of equals signs alone does not count: people underline with it.
    """
    if "<" not in text and ">" not in text:  # ten times as quick as looking for seven of them
        return None
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return None
    text = text.replace("\r\n", "\n")
    for mark in _CONFLICT.finditer(text):
        if mark.group().startswith(("<", ">")):
            return text.count("\n", 0, mark.start()) + 1
    return None


def read_index(data: bytes, path: str, cache: Path | None = None, *, few: bool = False) -> BibIndex:
    """The index of a file's bytes; never raises for their content. ``cache`` is a folder, which may be missing.

    ``few``: only some of its entries are going to be asked for by their keys, so that not all need to be read.
    """
    decoded = decode(data)
    raw = decoded.text
    newline = "\n"
    if "\r" in raw:  # looking for one character is far quicker than counting, and most files have none
        newline = "\r\n" if raw.count("\r\n") * 2 > raw.count("\n") else "\n"
        raw = LINE_END.sub("\n", raw)
    text = raw if decoded.is_sound else readable(raw)
    skimmed = skim(text) if few else None
    blocks = partial(_blocks, data, text, cache)
    return BibIndex(text, blocks if skimmed else blocks(), path, decoded.encoding, newline, skimmed)


def _blocks(data: bytes, text: str, cache: Path | None) -> tuple[RawBlock, ...]:
    """The blocks of a text, from the cache if they are there."""
    file = _cache_file(data, cache)
    blocks = _load(file, text) if file else None
    if blocks is None:
        blocks = outline(text)
        if file:
            _save(file, text, blocks)
    return blocks


# ---- cache ----------------------------------------------------------------------------------------------------------


def _cache_file(data: bytes, cache: Path | None) -> Path | None:
    if cache is None or len(data) < CACHED_FROM:
        return None
    return cache / "bib-index" / f"{blake2b(data, digest_size=HASH_SIZE).hexdigest()}.v{VERSION}"


def _load(file: Path, text: str) -> tuple[RawBlock, ...] | None:
    try:
        with file.open("rb") as stream:
            head, _, body = read_at_most(stream, MAX_SHARE * len(text)).partition(b"\n")
        number = int(head.rpartition(b" ")[2])
        if head != _head(text, number, body):
            return None
        offsets = memoryview(body)[: 16 * number].cast("I").tolist()
        letters, *types = body[16 * number :].decode().split(" ")
        starts, keys, key_ends, ends = (offsets[column::4] for column in range(4))
        if {len(letters), len(types), len(ends)} != {number} or offsets != sorted(offsets) or ends[-1] > len(text):
            return None
        if {*itemgetter(*starts)(text)} != {"@"}:
            return None
        kinds = [_KINDS[letter] for letter in letters]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    names = [text[begin:end] for begin, end in zip(keys, key_ends, strict=True)]
    rows = zip(kinds, starts, ends, types, names, repeat(()), strict=False)
    return tuple(map(tuple.__new__, repeat(RawBlock), rows))  # as `RawBlock._make` does, but that is called in Python


def _save(file: Path, text: str, blocks: tuple[RawBlock, ...]) -> None:
    if not blocks:
        return
    import struct

    kinds, starts, ends, types, names, _ = zip(*blocks, strict=True)
    keys = [*map(text.find, names, starts)]
    key_ends = map(add, keys, map(len, names))
    offsets = chain.from_iterable(zip(starts, keys, key_ends, ends, strict=True))
    words = " ".join(("".join(kind[0] for kind in kinds), *types))
    body = struct.pack(f"={4 * len(blocks)}I", *offsets) + words.encode()
    with contextlib.suppress(OSError):
        write_cached(file, _head(text, len(blocks), body) + b"\n" + body)
        by_age = sorted(file.parent.glob("*.v*"), key=lambda cached: cached.stat().st_mtime)
        for old in by_age[:-MAX_CACHED]:
            old.unlink()


def _head(text: str, number: int, body: bytes) -> bytes:
    """The first line of a cached index with so many blocks, by which the rest is known to be whole."""
    return f"{sys.byteorder} {crc32(body)} {len(text)} {number}".encode()
