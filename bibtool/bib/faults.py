"""All faults of a file: those of its blocks, and those that only the whole file shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.bib.faultwords import fault_of
from bibtool.bib.values import pieces_of
from bibtool.lazy import lazy_pattern
from bibtool.model.text.decode import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.bib.blocks import Cut, RawBlock
    from bibtool.bib.faultwords import Fault
    from bibtool.bib.values import Piece
    from bibtool.model.text.lines import LineIndex

_CONFLICT = lazy_pattern(r"(?:\A|[\r\n])(<<<<<<<|=======|>>>>>>>)(?=[ \r\n]|\Z)")


def faults_of(cut: Cut, encoding: str, lines: LineIndex) -> Iterator[tuple[Fault, RawBlock | None]]:
    """All faults of a text that was decoded from ``encoding``, each with the block that has it, None for the file.

    Those of the file come first, then those of each block in turn; bytes that are not in the encoding are left to
    `model.text.decode.encoding_problem`.
    """
    for fault in _file_faults(cut.text, encoding):
        yield fault, None
    first_of_key: dict[str, int] = {}
    for block in cut.blocks:
        faults = block.faults
        if block.kind == "entry":
            faults = (*faults, *_duplicate_key(cut, block, first_of_key, lines), *_field_faults(cut, block))
        elif block.kind == "string":
            definitions = cut.definitions(block)
            faults = (*faults, *(fault for name, pieces in definitions for fault in _macros(cut, block, pieces, name)))
        for fault in faults:
            yield fault, block


def _file_faults(text: str, encoding: str) -> Iterator[Fault]:
    if encoding.startswith(("utf-16", "utf-32")):
        yield fault_of("encoding", 0, encoding[:6].upper())
    if "<<<<<<<" in text:
        for mark in _CONFLICT.finditer(text):
            yield fault_of("conflict-marker", mark.start(1))
    nul = text.find("\0")
    if nul >= 0:
        yield fault_of("nul", nul)


def _duplicate_key(cut: Cut, entry: RawBlock, first_of_key: dict[str, int], lines: LineIndex) -> Iterator[Fault]:
    """BibTeX compares keys without case and refuses the second one. ``first_of_key`` holds offsets of entries."""
    folded = entry.key.lower()
    first = first_of_key.setdefault(folded, entry.start) if folded else entry.start
    if first != entry.start and (scan := cut.scan(entry)) is not None:
        yield fault_of("duplicate-key", scan.key, readable(entry.key), lines.line(first))


def _field_faults(cut: Cut, entry: RawBlock) -> Iterator[Fault]:
    if cut.is_plain(entry):
        return
    scan = cut.scan(entry)
    text = cut.text
    names: set[str] = set()
    for field in scan.fields if scan else ():
        name = text[field.name : field.name_end].lower()
        if name in names:
            yield fault_of("duplicate-field", field.name, readable(name))
        names.add(name)
        if not field.simple or text[field.value] not in '{"':
            yield from _macros(cut, entry, pieces_of(text, field.value, field.value_end), name)


def _macros(cut: Cut, block: RawBlock, pieces: tuple[Piece, ...], name: str) -> Iterator[Fault]:
    faults = cut.macros.resolve(pieces, block.start).faults
    first = {piece.content: piece for piece in reversed(pieces)} if faults else {}
    for code, macro in faults:
        yield fault_of(code, first[macro].start, readable(macro))
    for piece in pieces:
        # Several bare words were already reported by the scanner.
        if piece.kind == "bare" and not re.search(r"\s", piece.content):
            yield fault_of("no-delimiters/word", piece.start, readable(name))
