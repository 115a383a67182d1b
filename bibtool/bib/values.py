"""Value expressions: pieces joined by ``#``, and what they mean with the macros that are known.

A value is a sequence of pieces: ``{braced}``, ``"quoted"``, a bare number, a macro name, or bare words that should
have had delimiters. The content of a piece is its text without the delimiters, otherwise unchanged: LaTeX and white
space are handled elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Literal

from bibtool.bib.syntax import BARE, Marks
from bibtool.lazy import lazy_pattern
from bibtool.model.monthnames import MONTH_NAMES, month_number
from bibtool.structs import NamedTuple, dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PieceKind = Literal["braced", "quoted", "number", "macro", "bare"]

MAX_EXPANSION = 4096  # characters of a value made of several pieces; twenty doubling macros would fill the memory
MAX_EXPANSIONS = 1 << 25  # characters of all macros of a file that are made of other macros
MAX_CHAIN = 50  # steps from a macro to one that is defined later in the file

MONTHS: Mapping[str, str] = {name[:3].lower(): name for name in MONTH_NAMES}
"""The macros that the standard styles define, without the abbreviations of journals."""
MONTH_MACROS = tuple(MONTHS)

_BARE = lazy_pattern(BARE)
_SPACE = lazy_pattern(r"\s*+")
_NUMBER = lazy_pattern(r"[0-9]++")
_MACRO = lazy_pattern(r"[^\s0-9\"#%'(),={}\\][^\s\"#%'(),={}\\]*+")


def month_macro(text: str) -> str | None:
    """The macro of a month that is written as a number (``3``, ``03``) or an English word; None for any other text."""
    if _NUMBER.fullmatch(text):
        digits = text.lstrip("0")
        return MONTH_MACROS[int(digits) - 1] if len(digits) <= 2 and 1 <= int(digits or 0) <= 12 else None
    number = month_number(text)
    return MONTH_MACROS[number - 1] if number else None


class Piece(NamedTuple):
    """One operand of a value: its kind, its content without delimiters, and its span in the text."""

    kind: PieceKind
    content: str
    start: int
    end: int


def pieces_of(text: str, start: int, end: int) -> tuple[Piece, ...]:
    """The pieces of the value expression ``text[start:end]``; () for an empty one. Never raises."""
    first = text[start : start + 1]
    if (
        first == "{"
        and end - start >= 2
        and text.find("{", start + 1, end) < 0
        and text.find("}", start, end) == end - 1
    ):
        return (Piece("braced", text[start + 1 : end - 1], start, end),)
    return tuple(_pieces(text, start, end))


def _pieces(text: str, start: int, end: int) -> Iterable[Piece]:
    value = text[start:end]
    marks = Marks(value)
    at = 0
    while at < len(value):
        char = value[at]
        stop = at + 1
        if char.isspace() or char == "#":
            at += 1
            continue
        if char == "{":
            closed = marks.close_of(at)
            stop = closed + 1 if closed >= 0 else len(value)
            yield Piece("braced", value[at + 1 : closed if closed >= 0 else stop], start + at, start + stop)
        elif char == '"':
            stop = _quote_stop(value, marks, at)
            yield Piece("quoted", value[at + 1 : stop - 1], start + at, start + stop)
        else:
            joint = value.find("#", at)
            stop = len(value[: joint if joint >= 0 else len(value)].rstrip())
            word = value[at:stop]
            kind: PieceKind = "bare"
            if _NUMBER.fullmatch(word):
                kind = "number"
            elif _MACRO.fullmatch(word):
                kind = "macro"
            yield Piece(kind, word, start + at, start + stop)
        at = stop


def _quote_stop(value: str, marks: Marks, at: int) -> int:
    """The offset after the quoted piece; quotes inside that BibTeX does not accept belong to it."""
    closed = marks.quote_end(at)
    while closed >= 0:
        follow = _SPACE.match(value, closed + 1)
        behind = follow.end() if follow else closed + 1
        if behind >= len(value) or value[behind] == "#":
            return closed + 1
        closed = value.find('"', closed + 1)
    return len(value)


@dataclass(frozen=True, slots=True)
class Definition:
    """One macro as an ``@string`` defines it; ``at`` is the offset of that block."""

    name: str
    at: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """The content of a value, and what was wrong with its macros: pairs of code and macro name."""

    content: str
    faults: tuple[tuple[str, str], ...] = ()


class Macros:
    """The macros of one file.

    BibTeX reads once from top to bottom: a macro holds from its definition on, a later definition replaces it, and
    names are compared without case. Months are known from the start. Where BibTeX would put nothing, the likely
    meaning is kept and a fault is noted: a macro that is used before its definition stands for that definition
    (``macro-too-early``), an unknown one for its own name (``undefined-macro``), so does one that leads back to itself
    (``macro-cycle``) or that expands to more than `MAX_EXPANSION` (``macro-too-long``).
    """

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self._by_name: dict[str, list[Definition]] = {}
        self._values: dict[tuple[str, int], str] = {}
        self._open: dict[tuple[str, int], None] = {}
        self._cyclic: set[tuple[str, int]] = set()
        self._spent = 0
        known = tuple(definitions)
        for definition in known:
            self._by_name.setdefault(definition.name, []).append(definition)
        # In the order of the file, so that each value finds those before it already expanded.
        for definition in known:
            self._value(definition)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (self.defined(name) or name.lower() in MONTHS)

    def defined(self, name: str) -> bool:
        """Whether an ``@string`` of the file defines ``name``."""
        return name.lower() in self._by_name

    def resolve(self, pieces: Iterable[Piece], at: int) -> Resolved:
        """The content of a value in the block at offset ``at``: its pieces in a row, macros expanded."""
        parts: list[str] = []
        faults: dict[tuple[str, str], None] = {}
        size = 0
        pieces = tuple(pieces)
        several = len(pieces) > 1
        for piece in pieces:
            part = piece.content
            if piece.kind == "macro":
                part, fault = self._macro(piece.content, at)
                limit = MAX_EXPANSION if self._spent < MAX_EXPANSIONS else 0
                if several and size + len(part) > limit and len(part) > len(piece.content):
                    # The file's own text may have any length; only expansion is bounded.
                    part, fault = piece.content, "macro-too-long"
                if fault:
                    faults[fault, piece.content] = None
            size += len(part)
            parts.append(part)
        return Resolved("".join(parts), tuple(faults))

    def _macro(self, spelling: str, at: int) -> tuple[str, str]:
        """The expansion of a macro for a block at ``at``, and the code of the fault or ""."""
        name = spelling.lower()
        definitions = self._by_name.get(name, ())
        before = bisect_left(definitions, at, key=_place)
        if not definitions:
            return (MONTHS[name], "") if name in MONTHS else (spelling, "undefined-macro")
        if not before and name in MONTHS:
            return MONTHS[name], ""
        definition = definitions[max(0, before - 1)]
        place = (name, definition.at)
        if place in self._open or len(self._open) > MAX_CHAIN:
            on_the_way = list(self._open)
            if place in self._open:
                self._cyclic.update(on_the_way[on_the_way.index(place) :])
            return spelling, "macro-cycle"
        value = self._value(definition)
        if before:
            return value, ""
        return value, "macro-cycle" if place in self._cyclic else "macro-too-early"

    def _value(self, definition: Definition) -> str:
        place = (definition.name, definition.at)
        known = self._values.get(place)
        if known is None:
            self._open[place] = None
            known = self.resolve(definition.pieces, definition.at).content
            del self._open[place]
            if len(definition.pieces) > 1:
                self._spent += len(known)
            self._values[place] = known
        return known


def _place(definition: Definition) -> int:
    return definition.at
