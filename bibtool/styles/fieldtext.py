"""The text of a record as a piece of output: markup becomes spans, quotation marks become nested quotes.

Quotation marks in a field are taken as quotes so that they alternate with those of the style and follow the locale;
curly ones only where they are those of the locale. An apostrophe becomes the typographic one.
"""

from __future__ import annotations

from bibtool.lazy import lazy_pattern
from bibtool.model.richtext import Math, Text
from bibtool.model.richtext import Span as RecordSpan
from bibtool.styles.rich import Out, Span, node_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    _QuoteMark: TypeAlias = "tuple[str, bool, bool]"  # a quotation mark, and whether it may open and close

APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"

_MARKS = frozenset("“”‘’«»‹›„‚")
_QUOTE = lazy_pattern(r"[\"'“”‘’]")
_STRAIGHT = lazy_pattern(r"[\"']")  # it takes a fifth of the time to compile
_FRENCH = ":;?!\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"
# markup of the data of some reference managers that CSL-JSON's readers leave as it is
_UNDECORATED = ('<span class="nodecor">', "</span>")
_OPENERS = {'"': '"', "'": "'", "“": "”", "‘": "’"}
_KINDS = {"“": "double-quote", "‘": "single-quote"}  # straight marks are those of any language
_MAX_DEPTH = 39  # quotations in quotations
_BEFORE_OPEN = frozenset(" \u00a0\u202f\t\n([{/-–—\"'“‘")


def has_marks(text: str) -> bool:
    """Whether there are quotation marks in plain characters, an apostrophe, or a space that is to be a narrow one."""
    if '"' in text or "'" in text or not (text.isascii() or _MARKS.isdisjoint(text)):
        return True
    if "<" in text and "<span class" in text:
        return True
    # to look for a character takes a fraction of the time that searching for a pattern does
    if (":" not in text or " :" not in text) and (";" not in text or " ;" not in text):
        return ("?" in text and " ?" in text) or ("!" in text and " !" in text)
    return True


def piece_of(text: Text) -> Out:
    """The value of a text variable as a piece of output; plain text stays a plain string."""
    nodes = text.nodes
    return string_piece(nodes[0]) if len(nodes) == 1 and isinstance(nodes[0], str) else _wrap(_convert(nodes))


def string_piece(text: str) -> Out:
    """The piece for plain characters, with their quotation marks."""
    if not has_marks(text):
        return text
    items: list[Out | _QuoteMark] = []
    _tokens(text, "", "", items)
    return _wrap(_match(items))


def term_piece(words: str) -> Out:
    """The piece for words of a style, with the markup that they may have."""
    return affix_piece(words) if "<" in words else string_piece(words)


def affix_piece(markup: str) -> Out:
    """The piece of an affix that a user gave, with its markup."""
    if "<" not in markup and "&" not in markup and "$" not in markup and not has_marks(markup):
        return markup
    from bibtool.model.richtext import parse_markup

    return _wrap(_convert(parse_markup(markup).nodes))


def _wrap(pieces: list[Out]) -> Out:
    if len(pieces) == 1 and isinstance(pieces[0], str):
        return pieces[0]
    return node_of(pieces)


def _convert(nodes: Sequence[object]) -> list[Out]:
    """Quotes are matched among the siblings of one level; what does not match stays a character."""
    items: list[Out | _QuoteMark] = []
    is_ready = True  # whether there is nothing to match or to join
    after_text = False
    for index, node in enumerate(nodes):
        if isinstance(node, str):
            if has_marks(node):
                is_ready = False
                before = _edge(nodes[index - 1], -1) if index else ""
                after = _edge(nodes[index + 1], 0) if index + 1 < len(nodes) else ""
                _tokens(node, before, after, items)
            elif node:
                items.append(node)
                is_ready = is_ready and not after_text
            after_text = True
            continue
        after_text = False
        if isinstance(node, RecordSpan):
            items.append(Span(node.kind, _convert(node.nodes)))
        elif isinstance(node, Math):
            items.append(Span("math", [f"${node.tex}$"]))
    return items if is_ready else _match(items)  # type: ignore[return-value] # no quotation marks among them


def _edge(node: object, side: int) -> str:
    if isinstance(node, str):
        return node[side] if node else ""
    if isinstance(node, RecordSpan):
        return _edge(node.nodes[side], side) if node.nodes else ""
    return "$"


def _tokens(text: str, before: str, after: str, items: list[Out | _QuoteMark]) -> None:
    if _UNDECORATED[0] in text:
        head, _, rest = text.partition(_UNDECORATED[0])
        inner, end, rest = rest.partition(_UNDECORATED[1])
        if end:
            _tokens(head, before, inner[:1], items)
            items.append(Span("no-decoration", _convert((inner,))))
            _tokens(rest, inner[-1:], after, items)
            return
    at = 0
    for mark in _FRENCH:
        if mark in text:
            text = text.replace(" " + mark, "\u202f" + mark)
    if "« " in text:
        text = text.replace("« ", "«\u202f")
    for found in (_STRAIGHT if text.isascii() else _QUOTE).finditer(text):
        start = found.start()
        if start > at:
            items.append(text[at:start])
        char = found[0]
        at = start + 1
        if char in "“‘":
            items.append((char, True, False))
        elif char == "”":
            items.append((char, False, True))
        else:
            left = text[start - 1] if start else before
            right = text[start + 1] if start + 1 < len(text) else after
            opens = char != "’" and (not left or left in _BEFORE_OPEN) and left != char and bool(right)
            closes = bool(left) and not left.isspace() and not right.isalnum()
            items.append((char, opens and not right.isspace(), closes))
    if at < len(text):
        items.append(text[at:])


def _match(items: list[Out | _QuoteMark]) -> list[Out]:
    out: list[Out] = []
    stack: list[tuple[str, list[Out]]] = []  # quotation marks that are open, and what was there before each
    for item in items:
        if not isinstance(item, tuple):
            _append(out, item)
            continue
        char, can_open, can_close = item
        if can_close and (depth := _opener(stack, char)) >= 0:
            while len(stack) > depth + 1:  # what was opened inside and never closed
                out = _spilt(*stack.pop(), out)
            opener, around = stack.pop()
            _append(around, Span(_KINDS.get(opener, "quote"), out))
            out = around
        elif can_open and len(stack) < _MAX_DEPTH:
            stack.append((char, out))
            out = []
        else:
            _append(out, _literal(char))
    while stack:
        out = _spilt(*stack.pop(), out)
    return out


def _opener(stack: list[tuple[str, list[Out]]], char: str) -> int:
    """Where the last mark is that this one can close, or -1."""
    for depth in range(len(stack) - 1, -1, -1):
        if _OPENERS[stack[depth][0]] == char:
            return depth
    return -1


def _spilt(opener: str, around: list[Out], inner: list[Out]) -> list[Out]:
    """What was around a mark that is only a character, with it and what followed it."""
    _append(around, _literal(opener))
    for piece in inner:
        _append(around, piece)
    return around


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
