"""Writes the tree of an entry or a citation as one run of marked text; see `bibtool.styles.rich`.

Only here, where neighbours are known, is punctuation merged ("Affixes", "Quotes"), and are quotation marks and italics
switched by nesting.
"""

from __future__ import annotations

from bibtool.lazy import lazy_pattern
from bibtool.styles.faces import USUAL, switched, toggled
from bibtool.styles.rich import ALONE, CLOSE, GROUP, MEET, OPEN, Mark, Node, has_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, Final

    from bibtool.styles.rich import Fmt, Frame, Out, Quotes, Run, Span

# What stays of two marks of punctuation that meet, left one first; pairs that are not listed stay as they are.
_MERGED: Final[dict[str, str]] = {
    "!!": "!", "!.": "!", "!:": "!", "??": "?", "?.": "?", "?:": "?", "..": ".", "::": ":", ":!": "!", ":?": "?",
    ":.": ":", ",,": ",", ";;": ";", ";!": "!", ";?": "?", ";:": ";", ";.": ";", "  ": " ", "\u00a0 ": "\u00a0",
    " \u00a0": "\u00a0", "\u2026.": "\u2026",
}  # fmt: skip
_INTO_QUOTE: Final = frozenset(".,!?")
_KEPT: Final = frozenset("?!:;")
_INTO_STOP: Final = frozenset(".:")
# last character of a delimiter -> the marks that are kept after it, as in citeproc-js
_KEPT_AFTER_DELIMITER: Final = {";": ":.!?", ":": ".!?"}
# Pairs of marks that are both kept after a number, as in citeproc-js. If the first is the suffix of a group, they are
# kept only where no prefix follows.
_KEPT_AFTER_NUMBER: Final = frozenset({";.", ";:", ":."})
_NUMBER, _IN_GROUP = 1, 2
_SWALLOWED: Final = frozenset({"?:", "!:"})
_CURLY: Final = {"double-quote": ("“", "”"), "single-quote": ("‘", "’")}
_OUT_OF_QUOTE: Final = frozenset(",;:")


# letters and digits of scripts with italics: all but the syllables and characters of East Asia
_SLANTING = lazy_pattern(r"[^\W\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffdf\U0001b000-\U0003ffff]")


def flatten(pieces: Iterable[Out], quotes: Quotes) -> Run:
    """The pieces as one run of strings and marks, punctuation merged, quotes and italics alternating."""
    writer = _Writer(quotes)
    for piece in pieces:
        writer.piece(piece)
    return writer.run


class _Writer:
    """Writes a tree as a run; see `flatten`.

    An entry has dozens of pieces. So text that meets nothing is written where it is found, without `text`, and pieces
    inside of others are written without `piece`.
    """

    __slots__ = (
        "_depth",
        "_face",
        "_quote",
        "after_quote",
        "apart",
        "closings",
        "delimited",
        "ends",
        "eventful",
        "last",
        "moved",
        "numbered",
        "quotes",
        "run",
        "soft",
    )

    def __init__(self, quotes: Quotes) -> None:
        self.run: Run = []
        self.last = ""  # the last character written, "" at the start
        self.eventful = False  # whether any of what follows may be set; most text is written where nothing is
        self.after_quote = -1  # index in the run of the closing quotation mark just written, else -1
        self.closings: set[int] = set()  # indices of all closing quotation marks
        self.ends: set[int] = set()  # indices of the marks after formatting of a record's text
        self.moved = ""  # the last mark that was moved into the quotation mark just written
        # Where the specification is silent, marks are merged as in citeproc-js: nothing after a formatted value
        # replaces a mark in it, and a prefix replaces none after other formatting.
        self.apart = False
        self.soft = False
        self.numbered = 0  # `_NUMBER` or `_IN_GROUP` while only punctuation has followed a number
        self.delimited = False  # what was written last is a delimiter: a colon behind its semicolon stays
        self.quotes = quotes
        self._quote = 0
        self._depth = 0  # of parentheses
        self._face = USUAL

    def text(self, text: str) -> None:
        """Write characters, merging punctuation with what precedes."""
        first = text[0]
        if first in MEET and (self.last in MEET or self.after_quote >= 0):
            text = self._met(text, first)
            if not text:
                return
        self.run.append(text)
        self.last = text[-1]
        if self.eventful:  # forget what mattered to this text and to no other
            self.after_quote = -1
            self.moved = ""
            self.apart = self.soft = self.delimited = False
            if self.numbered:
                if text.rstrip() in MEET:
                    return
                self.numbered = 0
            self.eventful = False

    def _met(self, text: str, first: str) -> str:
        """What is left to write of text that begins with punctuation, after other punctuation or a quotation mark."""
        if first == "." and text.startswith(".."):
            return text
        last = self.last
        if self.after_quote >= 0 and first in _INTO_QUOTE:
            return self._beside_quote(text)
        if self.moved and self.after_quote >= 0 and (self.moved + first) in _SWALLOWED:
            return text[1:]
        merged = _MERGED.get(last + first)
        if (
            merged is None
            or ((self.apart or self.soft) and last in _KEPT and first in _INTO_STOP and first != last)
            or (self.delimited and first in _KEPT_AFTER_DELIMITER.get(last, ""))
            or (self.numbered and last + first in _KEPT_AFTER_NUMBER)
        ):
            return text
        if merged != last:
            self._replace_last(merged)
            if merged in _INTO_QUOTE and self.closings and self.quotes.inside:
                self._move_into_quote(merged)
        return text[1:]

    def _move_into_quote(self, char: str) -> None:
        """Move a mark at the end of the run that came of two others into the quotation mark right before it."""
        run = self.run
        at = len(run) - 2
        if at in self.closings and run[-1] == char:
            run.pop()
            self.after_quote = at
            self.eventful = True
            self._beside_quote(char)
            self.last = str(run[self.after_quote])[-1]

    def _replace_last(self, char: str) -> None:
        run = self.run
        for index in range(len(run) - 1, -1, -1):
            piece = run[index]
            if isinstance(piece, str) and piece:
                run[index] = piece[:-1] + char
                break
        self.last = char

    def _beside_quote(self, text: str) -> str:
        """What is left of the text after its leading punctuation was moved into the closing quotation mark."""
        at = self.after_quote
        run = self.run
        before = at - 1
        while before >= 0 and (not isinstance(run[before], str) or before in self.closings):
            before -= 1
        if before < 0:
            return text
        inner = run[before]
        char = text[0]
        if not isinstance(inner, str) or not inner:
            return text
        end = inner[-1]
        if not self.quotes.inside:
            stays = end in "?!" and (self.apart or self.soft)
            return text[1:] if char == "." and end in ".?!" and not stays else text
        self.moved = ""
        while char in _INTO_QUOTE:
            merged = _MERGED.get(end + char)
            if merged is None:
                if before + 1 in self.ends:
                    before, inner = self._open_up(before + 1), ""
                inner += char
            elif merged != end:
                inner = inner[:-1] + merged
            end = self.moved = inner[-1]
            text = text[1:]
            if not text:
                break
            char = text[0]
        run[before] = inner
        return text

    def _open_up(self, at: int) -> int:
        """Make room for text after formatting of a record's text that ends at that index; the index of the room."""
        while at in self.ends:
            at += 1
        self.run.insert(at, "")
        self.closings = {index + (index >= at) for index in self.closings}
        self.after_quote += 1
        return at

    def node(self, node: Node) -> None:
        frame = node.frame
        if frame.around:
            self.framed(node, frame)
        else:
            self.kids(node.kids, frame)

    def framed(self, node: Node, frame: Frame) -> None:
        """A node with affixes, formatting or a link."""
        fmt, prefix, suffix = frame.fmt, frame.prefix, frame.suffix
        encloses = frame.encloses and self.quotes.brackets
        if prefix:
            if encloses:
                if self._depth % 2:
                    prefix, suffix = _bracketed(prefix, suffix)
                self._depth += 1
            if self.numbered == _IN_GROUP:
                self.numbered = 0
            if fmt is not None and not fmt.plain and node.boxed < ALONE:
                self.soft = self.eventful = True
            if prefix.__class__ is not str:
                self.piece(prefix)
            elif self.eventful or (frame.prefix_meets and self.last in MEET):
                self.text(prefix)
            else:
                self.run.append(prefix)
                self.last = prefix[-1]
            if frame.prefix_stays:
                self.delimited = self.eventful = True
        if fmt is None:
            if frame.link:
                self.linked(node, frame)
            else:
                self.kids(node.kids, frame)
            if encloses:
                self._depth -= 1
            if suffix:
                if suffix.__class__ is not str:
                    self.piece(suffix)
                elif self.eventful or (frame.suffix_meets and self.last in MEET):
                    self.text(suffix)
                else:
                    self.run.append(suffix)
                    self.last = suffix[-1]
                if self.numbered and not _is_number(node):
                    self.numbered = _IN_GROUP
            return
        moved_out = self.formatted(node, frame, fmt)
        kids = node.kids
        only = kids[0] if len(kids) == 1 and node.boxed != GROUP else None
        is_number = only.__class__ is Node and only.frame.is_number
        value = fmt.marked and not moved_out and (is_number or only.__class__ is str)
        self.apart, self.soft = value, False
        self.eventful = True
        if encloses:
            self._depth -= 1
        if suffix:
            self.piece(suffix)
            if self.numbered and not is_number:
                self.numbered = _IN_GROUP
        if node.boxed == ALONE:
            self.apart = self.soft = False
        else:
            self.apart, self.soft = value and not frame.suffix, not fmt.plain
            self.eventful = True

    def piece(self, piece: Out) -> None:
        kind = piece.__class__
        if kind is str:
            if piece:
                self.text(piece)  # type: ignore[arg-type] # mypy does not narrow by __class__
        elif kind is Node:
            self.node(piece)  # type: ignore[arg-type] # mypy does not narrow by __class__
        else:
            self.span(piece)  # type: ignore[arg-type] # a Span, as it is neither

    def kids(self, kids: list[Any], frame: Frame) -> None:
        """The pieces inside the frame (`Out`), and between those that print anything its delimiter."""
        delim = frame.delim
        run = self.run
        is_first = True
        for kid in kids:
            kind = kid.__class__
            if delim:
                if kind is Node:
                    inner = kid.kids
                    while inner and inner[0].__class__ is not str:  # the first piece inside nearly always is text
                        inner = inner[0].kids
                    if not (inner and inner[0]) and not has_text(kid):
                        continue
                if is_first:
                    is_first = False
                else:
                    if self.eventful or (frame.delim_meets and self.last in MEET):
                        self.soft = False
                        self.text(delim)
                    else:
                        run.append(delim)
                        self.last = delim[-1]
                    if frame.delim_stays:  # only marks at the end of a delimiter are kept from merging
                        self.delimited = self.eventful = True
            if kind is str:
                if kid:
                    if self.eventful or kid[0] in MEET:
                        self.text(kid)
                    else:
                        run.append(kid)
                        self.last = kid[-1]
            elif kind is Node:
                around = kid.frame
                if around.around:
                    self.framed(kid, around)
                else:
                    self.kids(kid.kids, around)
            else:
                self.span(kid)
                if not delim and kid is not kids[-1]:
                    self.after_quote = -1
        if frame.is_number:
            self.apart = self.soft = False
            self.numbered = _NUMBER
            self.eventful = True
        elif self.eventful and frame.is_made:
            self.apart = self.soft = False

    def formatted(self, node: Node, frame: Frame, fmt: Fmt) -> bool:
        """Write a node with formatting, without its affixes; True if its last mark was moved out of quotation marks."""
        if fmt.display:
            self.last = ""
        marks = self._open_quote() if fmt.quotes else None
        run = self.run
        if fmt.display:
            run.append(OPEN[fmt.display])
        if fmt.plain and not frame.link:
            self.kids(node.kids, frame)
        elif fmt.plain:
            self.linked(node, frame)
        else:
            face = self._face
            opening, closing, self._face = switched(fmt, face, slants=not fmt.style or _can_slant(node.kids))
            run += opening
            self.linked(node, frame)
            run += closing
            self._face = face
        if fmt.display:
            run.append(CLOSE[fmt.display])
        return marks is not None and self._close_quote(marks)

    def linked(self, node: Node, frame: Frame) -> None:
        if frame.link:
            self.run.append(Mark("link", href=frame.link))
        self.kids(node.kids, frame)
        if frame.link:
            self.run.append(Mark("link", close=True))

    def _open_quote(self) -> str:
        quotes = self.quotes
        self._quote += 1
        opening, closing = (quotes.open, quotes.close) if self._quote % 2 else (quotes.inner_open, quotes.inner_close)
        if opening:
            self.text(opening)
        return closing

    def _close_quote(self, mark: str) -> bool:
        """Write the closing mark; True if punctuation was moved out."""
        self._quote -= 1
        if not mark:
            return False
        moved = ""
        if not self.quotes.inside and self.last in _OUT_OF_QUOTE:
            run = self.run
            for index in range(len(run) - 1, -1, -1):
                piece = run[index]
                if isinstance(piece, str) and piece:
                    moved = piece[-1]
                    run[index] = piece[:-1]
                    break
        self.run.append(mark)
        self.last = mark[-1]
        self.after_quote = len(self.run) - 1
        self.eventful = True
        self.moved = ""
        self.closings.add(self.after_quote)
        if moved:
            self.text(moved)
        return moved != ""

    def inside(self, kids: Sequence[Out]) -> None:
        """Pieces of one field: punctuation after a quotation mark was put there by the author and stays."""
        for index, kid in enumerate(kids):
            if index:
                self.after_quote = -1
            self.piece(kid)

    def span(self, span: Span) -> None:
        kind = span.kind
        if kind in _CURLY:
            opening, closing = _CURLY[kind]
            if opening == self.quotes.open:
                kind = "quote"
            elif opening == self.quotes.inner_open:
                kind = "inner-quote"
            else:  # of another language
                self.text(opening)
                self.inside(span.kids)
                self.text(closing)
                return
        if kind in ("quote", "inner-quote"):
            # single marks outside of any quotes stay single
            deeper = kind == "inner-quote" and not self._quote
            self._quote += deeper
            mark = self._open_quote()
            self.inside(span.kids)
            self._close_quote(mark)
            self._quote -= deeper
            return
        if kind == "nocase":
            self.inside(span.kids)
            return
        face = self._face
        name, self._face = toggled(kind, face)
        self.run.append(OPEN[name])
        self.inside(span.kids)
        self.ends.add(len(self.run))
        self.run.append(CLOSE[name])
        self._face = face


def _is_number(node: Node) -> bool:
    """Whether the node is a number variable with its formatting and affixes."""
    kids = node.kids
    return len(kids) == 1 and kids[0].__class__ is Node and kids[0].frame.is_number and node.boxed != GROUP


def _bracketed(prefix: Out, suffix: Out) -> tuple[str, str]:
    return "[".join(str(prefix).rsplit("(", 1)), str(suffix).replace(")", "]", 1)


def _can_slant(kids: Sequence[Out]) -> bool:
    """False for text all in scripts that have no italics (Chinese, Japanese, Korean)."""
    if len(kids) == 1 and kids[0].__class__ is str and kids[0].isascii():
        return True
    upright = False
    stack = list(kids)
    while stack:
        piece = stack.pop()
        if not isinstance(piece, str):
            stack.extend(piece.kids)
        elif piece.isascii():
            if piece[:1].isalnum() or any(char.isalnum() for char in piece):
                return True
        elif _SLANTING.search(piece):
            return True
        else:
            upright = upright or any(char.isalpha() for char in piece)
    return not upright
