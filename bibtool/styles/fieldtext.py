"""The text of a record as a piece of output: markup becomes spans, quotation marks become nested quotes.

Quotation marks in a field are taken as quotes so that they alternate with those of the style and follow the locale;
curly ones only where they are those of the locale. An apostrophe becomes the typographic one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern
from bibtool.model.richtext import Math, Text
from bibtool.model.richtext import Span as RecordSpan
from bibtool.styles.rich import Node, Out, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"

_SPECIAL = lazy_pattern(r"<span class|[\"'“”‘’«»‹›„‚]| [:;?!»]|« ")
_MARKED = lazy_pattern(rf"[<&$]|{_SPECIAL.pattern}")
_QUOTE = lazy_pattern(r"[\"'“”‘’]")
_FRENCH = lazy_pattern(r" ([:;?!\u00bb])")
# markup of the data of some reference managers that CSL-JSON's readers leave as it is
_UNDECORATED = ('<span class="nodecor">', "</span>")
_OPENERS = {'"': '"', "'": "'", "“": "”", "‘": "’"}
_KINDS = {"“": "double-quote", "‘": "single-quote"}  # straight marks are those of any language
_BEFORE_OPEN = frozenset(" \u00a0\u202f\t\n([{/-–—\"'“‘")


def piece_of(text: Text) -> Out:
    """The value of a text variable as a piece of output; plain text stays a plain string."""
    nodes = text.nodes
    if len(nodes) == 1 and nodes[0].__class__ is str:
        plain: str = nodes[0]
        return plain if _SPECIAL.search(plain) is None else string_piece(plain)
    return _wrap(_convert(nodes))


@lru_cache(maxsize=8192)
def _cached_pieces(text: str) -> tuple[object, ...]:
    return tuple(_convert((text,)))


def string_piece(text: str) -> Out:
    """The piece for plain characters, with their quotation marks."""
    if _SPECIAL.search(text) is None:
        return text
    return _wrap(_convert((text,)))


def term_piece(words: str) -> Out:
    """The piece for words of a style, with the markup that they may have."""
    return affix_piece(words) if "<" in words else string_piece(words)


def affix_piece(markup: str) -> Out:
    """The piece of an affix that a user gave, with its markup."""
    if _MARKED.search(markup) is None:
        return markup
    from bibtool.model.richtext import parse_markup

    return _wrap(_convert(parse_markup(markup).nodes))


def _wrap(pieces: list[Out]) -> Out:
    if len(pieces) == 1 and isinstance(pieces[0], str):
        return pieces[0]
    return Node(pieces)


class _Token:
    """A quotation mark that may open or close."""

    __slots__ = ("can_close", "can_open", "char")

    def __init__(self, char: str, can_open: bool, can_close: bool) -> None:
        self.char = char
        self.can_open = can_open
        self.can_close = can_close


def _convert(nodes: Sequence[object]) -> list[Out]:
    """Quotes are matched among the siblings of one level; what does not match stays a character."""
    items: list[Out | _Token] = []
    for index, node in enumerate(nodes):
        if isinstance(node, str):
            before = _edge(nodes[index - 1], -1) if index else ""
            after = _edge(nodes[index + 1], 0) if index + 1 < len(nodes) else ""
            _tokens(node, before, after, items)
        elif isinstance(node, Math):
            items.append(Span("math", [f"${node.tex}$"]))
        elif isinstance(node, RecordSpan):
            kind = node.kind
            items.append(Span("quote" if kind == "quote" else kind, _convert(node.nodes)))
    return _match(items)


def _edge(node: object, side: int) -> str:
    if isinstance(node, str):
        return node[side] if node else ""
    if isinstance(node, RecordSpan):
        return _edge(node.nodes[side], side) if node.nodes else ""
    return "$"


def _tokens(text: str, before: str, after: str, items: list[Out | _Token]) -> None:
    if _UNDECORATED[0] in text:
        head, _, rest = text.partition(_UNDECORATED[0])
        inner, end, rest = rest.partition(_UNDECORATED[1])
        if end:
            _tokens(head, before, inner[:1], items)
            items.append(Span("no-decoration", _convert((inner,))))
            _tokens(rest, inner[-1:], after, items)
            return
    at = 0
    if " " in text:
        text = _FRENCH.sub("\u202f\\1", text).replace("« ", "«\u202f")
    for found in _QUOTE.finditer(text):
        start = found.start()
        if start > at:
            items.append(text[at:start])
        char = found[0]
        left = text[start - 1] if start else before
        right = text[start + 1] if start + 1 < len(text) else after
        at = start + 1
        if char == "“":
            items.append(_Token(char, True, False))
        elif char == "”":
            items.append(_Token(char, False, True))
        elif char == "‘":
            items.append(_Token(char, True, False))
        else:
            opens = (not left or left in _BEFORE_OPEN) and left != char and bool(right) and not right.isspace()
            closes = bool(left) and not left.isspace() and not right.isalnum()
            if char == "’":
                opens = False
                closes = closes and bool(left)
            items.append(_Token(char, opens, closes))
    if at < len(text):
        items.append(text[at:])


def _match(items: list[Out | _Token]) -> list[Out]:
    stack: list[tuple[_Token | None, list[Out]]] = [(None, [])]
    for item in items:
        if not isinstance(item, _Token):
            _append(stack[-1][1], item)
            continue
        if item.can_close:
            depth = next(
                (
                    level
                    for level in range(len(stack) - 1, 0, -1)
                    if (opener := stack[level][0]) is not None and _OPENERS[opener.char] == item.char
                ),
                0,
            )
            if depth:
                while len(stack) - 1 > depth:  # what was opened inside and never closed
                    token, inner = stack.pop()
                    _spill(stack[-1][1], token, inner)
                opener, inner = stack.pop()
                _append(stack[-1][1], Span(_KINDS.get(opener.char, "quote") if opener else "quote", inner))
                continue
        if item.can_open and len(stack) < 40:
            stack.append((item, []))
            continue
        _append(stack[-1][1], _literal(item.char))
    while len(stack) > 1:
        token, inner = stack.pop()
        _spill(stack[-1][1], token, inner)
    return stack[0][1]


def _spill(into: list[Out], token: _Token | None, inner: list[Out]) -> None:
    if token is not None:
        _append(into, _literal(token.char))
    for piece in inner:
        _append(into, piece)


def _literal(char: str) -> str:
    return APOSTROPHE if char in "'’" else char


def _append(into: list[Out], piece: Out) -> None:
    if isinstance(piece, str) and into and isinstance(into[-1], str):
        into[-1] += piece
    else:
        into.append(piece)


def short_address(url: str) -> str:
    """The short form of an address: that of the site, without the scheme where the name of the host says what it is.

    The specification names short forms of variables and leaves open what they are; this is citeproc-js's for a URL.
    """
    scheme, found, rest = url.partition("://")
    host = rest.partition("/")[0]
    if not found or "." not in host:
        return url
    return host if host.startswith("www.") else f"{scheme}://{host}"
