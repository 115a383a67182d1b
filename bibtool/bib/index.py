"""A .bib file as an index of its blocks: what stands where, without reading a single field.

The index of a large file is kept in the cache folder as JSON under the hash of the file's bytes, so that the next run
need not cut the file again. A cached index is checked before it is believed (offsets in order, an ``@`` at the
beginning of each block, its key behind it); one that does not fit is made anew, one that can't be written is no fault.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from bibtool.model.text.decode import decode, mend

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

VERSION = 1
CACHED_FROM = 500  # bytes; cutting even a small file loads bibtexparser, which takes longer than reading a cache
MAX_HEAD = 200  # characters between the ``@`` and the key
MAX_CACHED = 40  # indexes in the folder; the oldest go
_LINE_END = re.compile(r"\r\n?|\n")
_IDS = re.compile(r"\bids\s*=", re.IGNORECASE)
_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?:[ \t][^\r\n]*)?$|^={7}$", re.MULTILINE)


class Piece(NamedTuple):
    """One block but free text: its kind (entry, string, preamble, comment, broken), offsets, type and key."""

    kind: str
    start: int
    end: int
    type: str
    key: str


class BibIndex:
    """The text of a .bib file and its blocks. Offsets are in ``text``, which has LF line ends and no odd bytes."""

    def __init__(self, text: str, pieces: tuple[Piece, ...], path: str, encoding: str, newline: str) -> None:
        self.text = text
        self.pieces = pieces
        self.path = path
        self.encoding = encoding
        self.newline = newline

    @cached_property
    def entries(self) -> Mapping[str, Piece]:
        """The first entry of each key as written, in the order of the file: later ones BibTeX refuses."""
        found: dict[str, Piece] = {}
        for piece in self.pieces:
            if piece.kind == "entry" and piece.key:
                found.setdefault(piece.key, piece)
        return found

    @cached_property
    def aliases(self) -> Mapping[str, Piece]:
        """The entry of each key in a field ``ids`` that is not the key of an entry; the first of several."""
        from bibtool.bib.entrytext import aliases_of

        found: dict[str, Piece] = {}
        for piece in self.entries.values():
            if _IDS.search(self.text, piece.start, piece.end):
                for alias in aliases_of(self.slice(piece)):
                    if alias not in self.entries:
                        found.setdefault(alias, piece)
        return found

    @cached_property
    def strings(self) -> Mapping[str, str]:
        """Name in lower case -> ``@string`` block as written; the last definition, which is the one at the end."""
        from bibtool.bib.scan import BrokenError, Scanner

        found: dict[str, str] = {}
        for piece in self.pieces:
            if piece.kind != "string":
                continue
            block = self.text[piece.start : piece.end]
            try:
                scan = Scanner(block).block(0)
            except BrokenError:
                continue
            for field in scan.fields if scan else ():
                found[block[field.name : field.name_end].lower()] = block
        return found

    @cached_property
    def preambles(self) -> tuple[str, ...]:
        """The ``@preamble`` blocks as written."""
        return tuple(self.slice(piece) for piece in self.pieces if piece.kind == "preamble")

    def slice(self, piece: Piece) -> str:
        """The text of a block."""
        return self.text[piece.start : piece.end]

    def line_of(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return self.text.count("\n", 0, offset) + 1


def conflict_line(text: str) -> int | None:
    """The line (from 1) of the first merge conflict mark; None where there is none.

    A row of equals signs alone is no mark: people underline with it.
    """
    if "<" not in text and ">" not in text:  # ten times as quick as looking for seven of them
        return None
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return None
    for found in _CONFLICT.finditer(text.replace("\r\n", "\n")):
        if found.group().startswith(("<", ">")):
            return text.count("\n", 0, found.start()) + 1 if "\r" not in text else _line(text, found.start())
    return None


def _line(text: str, offset: int) -> int:
    return text.replace("\r\n", "\n").count("\n", 0, offset) + 1


def read_index(data: bytes, path: str, cache: Path | None = None) -> BibIndex:
    """The index of a file's bytes; never raises for their content."""
    decoded = decode(data)
    raw = decoded.text
    newline = "\n"
    if "\r" in raw:  # looking for one character is far quicker than counting, and most files have none
        newline = "\r\n" if raw.count("\r\n") * 2 > raw.count("\n") else "\n"
        raw = _LINE_END.sub("\n", raw)
    text = _encodable(raw)
    place = _place(data, cache)
    pieces = _load(place, text) if place else None
    if pieces is None:
        pieces = _cut(text)
        if place:
            _save(place, [[len(text), len(pieces)], *map(list, pieces)])
    return BibIndex(text, pieces, path, decoded.encoding, newline)


def _encodable(text: str) -> str:
    """The text with the characters of Windows-1252 for odd bytes; encoding it is the quickest way to find any."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return mend(text)
    return text


def _cut(text: str) -> tuple[Piece, ...]:
    from bibtool.bib.quickcut import quick_cut

    quick = quick_cut(text)
    if quick is not None:
        return tuple(map(Piece._make, quick))
    from bibtool.bib.blocks import split

    return tuple(
        Piece(block.kind, block.start, block.end, block.type, block.key)
        for block in split(text).blocks
        if block.kind != "free"
    )


# ---- cache ----------------------------------------------------------------------------------------------------------


def _place(data: bytes, cache: Path | None) -> Path | None:
    if cache is None or len(data) < CACHED_FROM:
        return None
    from hashlib import sha256

    return cache / "bib-index" / f"{sha256(data).hexdigest()}.v{VERSION}.json"


def _load(place: Path, text: str) -> tuple[Piece, ...] | None:
    try:
        rows = json.loads(place.read_bytes())
        if rows.pop(0) != [len(text), len(rows)]:
            return None
        pieces = tuple(map(Piece._make, rows))
        end = 0
        for piece in pieces:
            if not (end <= piece.start < piece.end <= len(text) and text[piece.start] == "@"):
                return None
            end = piece.end
            if piece.key and text.find(piece.key, piece.start, piece.start + len(piece.key) + MAX_HEAD) < 0:
                return None
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
    return pieces


def _save(place: Path, rows: list[list[object]]) -> None:
    import tempfile

    with contextlib.suppress(OSError, UnicodeEncodeError):
        place.parent.mkdir(parents=True, exist_ok=True)
        data = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
        descriptor, name = tempfile.mkstemp(prefix=".index.", dir=place.parent)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
            os.replace(name, place)  # noqa: PTH105 - mkstemp gives a plain name
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)  # noqa: PTH108
            raise
        _prune(place.parent)


def _prune(folder: Path) -> None:
    found = [one for one in folder.iterdir() if one.suffix == ".json"]
    if len(found) <= MAX_CACHED:
        return
    age: Callable[[Path], float] = lambda one: one.stat().st_mtime  # noqa: E731
    for old in sorted(found, key=age)[:-MAX_CACHED]:
        with contextlib.suppress(OSError):
            old.unlink()
