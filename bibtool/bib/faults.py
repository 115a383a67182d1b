"""All problems of a document: those of its blocks, and those that only the whole file shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.bib.values import pieces_of
from bibtool.model.text.decode import Decoded, encoding_problem, mend
from bibtool.model.text.lines import LineIndex
from bibtool.problems import Position, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.bib.document import Block, Document, Entry
    from bibtool.bib.values import Piece

_CONFLICT = re.compile(r"(?:\A|[\r\n])(<<<<<<<|=======|>>>>>>>)(?=[ \r\n]|\Z)")

_MACRO_WORDS = {
    "undefined-macro": ("no @string defines the macro {!r}", "add @string{{{} = {{...}}}}, or put the text in braces"),
    "macro-too-early": ("the macro {!r} is used before the @string that defines it", "move the @string of {} up"),
    "macro-cycle": ("the macro {!r} is defined by itself", "give {} a text"),
    "macro-too-long": ("the macro {!r} expands to far too much text", "write the text of {} out"),
}


def problems_of(document: Document) -> tuple[Problem, ...]:
    """All problems of the document, in the order of the file."""
    found = [*_encoding(document), *_blocks(document)]
    found.sort(key=lambda one: (one.position.line or 0, one.position.column or 0))
    return tuple(found)


def _encoding(document: Document) -> Iterator[Problem]:
    if document.encoding.startswith("utf-16"):
        yield Problem(
            code="encoding",
            message="the file is UTF-16, which BibTeX can't read",
            severity=Severity.WARNING,
            position=document.position(0),
            hint="save the file as UTF-8",
        )
    elif problem := encoding_problem(
        Decoded(document.text, document.encoding), LineIndex(document.text, document.path)
    ):
        yield problem
    if "<<<<<<<" in document.text:
        for found in _CONFLICT.finditer(document.text):
            yield Problem(
                code="conflict-marker",
                message="a merge left its marker here",
                position=document.position(found.start(1)),
                hint="decide for one side of the conflict and remove the markers",
            )
    nul = document.text.find("\0")
    if nul >= 0:
        yield Problem(
            code="nul",
            message="there is a NUL character in the file, which BibTeX can't read",
            severity=Severity.WARNING,
            position=document.position(nul),
            hint="remove it",
        )


def _blocks(document: Document) -> Iterator[Problem]:
    from bibtool.bib.document import Entry, StringBlock

    keys: dict[str, Position] = {}
    for block in document.blocks:
        yield from block.problems
        if isinstance(block, Entry):
            yield from _duplicate_key(block, keys)
            yield from _fields(block)
        elif isinstance(block, StringBlock):
            for name, pieces in block.definitions:
                yield from _macros(document, block, pieces, name)


def _duplicate_key(entry: Entry, keys: dict[str, Position]) -> Iterator[Problem]:
    """BibTeX compares keys without case and refuses the second one."""
    folded = entry.key.lower()
    first = keys.setdefault(folded, entry.position) if folded else entry.position
    if first != entry.position:
        yield Problem(
            code="duplicate-key",
            message=f"the key {mend(entry.key)!r} is already taken by the entry in line {first.line}",
            severity=Severity.WARNING,
            position=entry.document.position(entry.scan.key),
            key=mend(entry.key),
            hint="give one of the entries another key, or remove it",
        )


def _fields(entry: Entry) -> Iterator[Problem]:
    document = entry.document
    text = document.text
    seen: set[str] = set()
    for raw in entry.scan.fields:
        name = text[raw.name : raw.name_end].lower()
        if name in seen:
            yield Problem(
                code="duplicate-field",
                message=f"the field {mend(name)!r} occurs twice; BibTeX uses the first one",
                severity=Severity.WARNING,
                position=document.position(raw.name),
                key=mend(entry.key) or None,
                hint="remove one of the two",
            )
        seen.add(name)
        if not raw.simple or text[raw.value] not in '{"':
            yield from _macros(document, entry, pieces_of(text, raw.value, raw.value_end), name)


def _macros(document: Document, block: Block, pieces: tuple[Piece, ...], name: str) -> Iterator[Problem]:
    faults = document.macros.resolve(pieces, block.start).faults
    first = {piece.content: piece for piece in reversed(pieces)} if faults else {}
    for code, macro in faults:
        message, hint = _MACRO_WORDS[code]
        yield Problem(
            code=code,
            message=message.format(mend(macro)),
            severity=Severity.WARNING,
            position=document.position(first[macro].start),
            key=mend(block.key) or None,
            hint=hint.format(mend(macro)),
        )
    for piece in pieces:
        # Several bare words were already reported by the scanner.
        if piece.kind == "bare" and not re.search(r"\s", piece.content):
            yield Problem(
                code="no-delimiters",
                message=f"the value of {mend(name)!r} is neither a number nor a macro and has no braces",
                position=document.position(piece.start),
                key=mend(block.key) or None,
                hint="put the value in braces",
            )
