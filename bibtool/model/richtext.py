"""Text with markup as a small tree: parsed once where it enters, written by one renderer for each output.

A `Text` is a tuple of nodes: plain ``str``, `Span` (italics, case protection, ...) and `Math` (TeX, always opaque).
Plain text, by far the most frequent, is a `Text` of one string.

The markup of CSL-JSON (CSL 1.0.2 says nothing of it; it is what citeproc-js, Zotero and pandoc read) is ``<i>``,
``<b>``, ``<sup>``, ``<sub>``, ``<span class="nocase">``, ``<span style="font-variant:small-caps;">`` and ``$math$``
(``<span class="math">`` where dollars would not be read as math).
"""

from __future__ import annotations

import re

from bibtool.lazy import lazy_pattern
from bibtool.model.normal.foreigntags import FOREIGN_TAG
from bibtool.structs import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal, TypeAlias

SpanKind: TypeAlias = (
    'Literal["italic", "bold", "superscript", "subscript", "smallcaps", "nocase", "code", "underline", "quote"]'
)
Node: TypeAlias = "str | Span | Math"
_Kind: TypeAlias = 'SpanKind | Literal["math"]'

MAX_DEPTH = 50  # deeper markup is taken as plain characters


@dataclass(frozen=True, slots=True)
class Math:
    """TeX mathematics without the dollar signs; never changed by any converter."""

    tex: str


@dataclass(frozen=True, slots=True)
class Span:
    """Nodes with one property."""

    kind: SpanKind
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """The value of a text variable."""

    nodes: tuple[Node, ...] = ()

    @classmethod
    def of(cls, plain: str) -> Text:
        """Plain characters; markup in them is not looked for."""
        return cls((plain,)) if plain else cls()

    @classmethod
    def parse(cls, markup: str) -> Text:
        """The text that CSL-JSON's markup says; see `parse_markup`.

        >>> Text.parse("On <i>E. coli</i>").plain()
        'On E. coli'
        """
        return parse_markup(markup)

    def __bool__(self) -> bool:
        return bool(self.nodes)

    def __str__(self) -> str:
        nodes = self.nodes
        return nodes[0] if len(nodes) == 1 and isinstance(nodes[0], str) else _plain(nodes)

    def plain(self) -> str:
        """The characters without markup; math as ``$tex$``."""
        return str(self)

    def markup(self) -> str:
        """The text in CSL-JSON's markup; `parse_markup` gives the same tree again."""
        if len(self.nodes) == 1 and isinstance(self.nodes[0], str):
            return _escape(self.nodes[0])
        return _join_markup(self.nodes)


def _plain(nodes: tuple[Node, ...]) -> str:
    return "".join(
        [
            node if isinstance(node, str) else f"${node.tex}$" if isinstance(node, Math) else _plain(node.nodes)
            for node in nodes
        ]
    )


_OPEN: dict[SpanKind, str] = {
    "italic": "<i>",
    "bold": "<b>",
    "superscript": "<sup>",
    "subscript": "<sub>",
    "smallcaps": '<span style="font-variant:small-caps;">',
    "nocase": '<span class="nocase">',
    "code": "<code>",
    "underline": '<span style="text-decoration:underline;">',
    "quote": "<q>",
}
_CLOSE: dict[SpanKind, str] = {kind: f"</{tag.strip('<>').split()[0]}>" for kind, tag in _OPEN.items()}
_TAG_KINDS: dict[str, SpanKind] = {
    **{tag[1:-1]: kind for kind, tag in _OPEN.items() if not tag.startswith("<span")},
    "em": "italic",
    "strong": "bold",
    "sc": "smallcaps",
}
# what an attribute of a span holds -> its kind; the first that is there counts
_SPAN_KINDS: dict[str, _Kind] = {
    '"math"': "math",
    "nocase": "nocase",
    "small-caps": "smallcaps",
    "underline": "underline",
    "italic": "italic",
    "bold": "bold",
}
# texts, as to ask a lazy pattern for its own would compile it
_TAG_SOURCE = (
    r"<(?:(?P<close>/)\s*)?(?P<name>i|em|b|strong|sup|sub|sc|code|q|span)"
    r"(?P<attributes>(?:\s+[a-z-]{1,20}\s*=\s*(?:\"[^\"<>]{0,200}\"|'[^'<>]{0,200}'))*)\s*>"
)
_TAG = lazy_pattern(_TAG_SOURCE)
# pandoc's rule for inline math: no space inside the dollars, no digit after the closing one: prices stay prices
_MATH_SOURCE = r"\$(?!\s|\$)(?P<tex>(?:[^$\\]|\\.){0,2000}?)(?<![\s\\])\$(?!\d)"
_MATH = lazy_pattern(_MATH_SOURCE, re.DOTALL)
# each alternative begins with a character of its own and not with a group, so that the text is searched for these only
_TOKEN = lazy_pattern(rf"{_MATH_SOURCE}|{_TAG_SOURCE}|&(?P<entity>lt|gt|amp|\#36|\#38);", re.DOTALL)
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&#36;": "$", "&#38;": "&"}
_AMBIGUOUS_AND = lazy_pattern(r"&(?=(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)")


def _escape(text: str) -> str:
    """Entities only where the characters would be read as markup: ``AT&T`` and ``x < y`` stay as they are."""
    if "&" in text:
        text = _AMBIGUOUS_AND.sub("&#38;", text)
    if "<" in text:
        text = _TAG.sub(lambda tag: tag[0].replace("<", "&lt;").replace(">", "&gt;"), text)
        if ">" in text:
            text = FOREIGN_TAG.sub(lambda tag: tag[0].replace("<", "&lt;").replace(">", "&gt;"), text)
    if "$" in text:
        text = _MATH.sub(lambda math: math[0].replace("$", "&#36;"), text)
        if "$" in text and _MATH.search(text):
            text = text.replace("$", "&#36;")
    return text


def _join_markup(nodes: tuple[Node, ...]) -> str:
    pieces: list[str] = []
    for index, node in enumerate(nodes):
        if isinstance(node, str):
            if "&" in node or "<" in node or "$" in node:
                # a lone dollar could pair up with one in a neighbour
                pieces.append(_escape(node).replace("$", "&#36;"))
            else:
                pieces.append(node)
        elif isinstance(node, Math):
            pieces.append(_math_markup(node.tex, nodes[index + 1] if index + 1 < len(nodes) else ""))
        else:
            pieces.append(_OPEN[node.kind] + _join_markup(node.nodes) + _CLOSE[node.kind])
    return "".join(pieces)


def _math_markup(tex: str, behind: Node) -> str:
    """``$tex$``, or a span where dollars would not be read as math again (``$x $``, or a digit right after it)."""
    simple = f"${tex}$"
    if _MATH.fullmatch(simple) and not (isinstance(behind, str) and behind[:1].isdigit()):
        return simple
    inert = tex.replace("&", "&amp;").replace("<", "&lt;").replace("$", "&#36;")
    return f'<span class="math">{inert}</span>'


def normal(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """The same text with neighbouring strings joined and empty nodes left out; linear however many there are."""
    out: list[Node] = []
    run: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            run.append(node)
        elif isinstance(node, Math) or node.nodes:
            if text := "".join(run):
                out.append(text)
            run.clear()
            out.append(node)
    if text := "".join(run):
        out.append(text)
    return tuple(out)


def parse_markup(markup: str) -> Text:
    """The tree of a text in CSL-JSON's markup. Tags that don't match stay characters; never raises."""
    if "<" not in markup and "$" not in markup and ("&" not in markup or not any(map(markup.__contains__, _ENTITIES))):
        return Text((markup,)) if markup else Text()
    if markup.count("<") == 2 and "$" not in markup and "&" not in markup:
        simple = _with_one_span(markup)
        if simple is not None:  # as most texts with markup are
            return Text(simple)
    stack: list[tuple[_Kind | None, str, str, list[Node]]] = [(None, "", "", [])]
    at = 0
    loose = False  # whether strings may be neighbours
    for token in _TOKEN.finditer(markup):
        here = stack[-1][3]
        if token.start() > at:
            here.append(markup[at : token.start()])
        at = token.end()
        if (tex := token["tex"]) is not None:
            here.append(Math(tex))
        elif token["entity"] is not None:
            here.append(_ENTITIES[token[0]])
            loose = True
        elif token["close"]:
            if len(stack) > 1 and stack[-1][1] == token["name"]:
                kind, _, opening, nodes = stack.pop()
                loose = loose or kind is None or not nodes
                _close(stack[-1][3], kind, opening, normal(nodes) if loose else tuple(nodes), token[0])
            else:
                here.append(token[0])
                loose = True
        elif len(stack) > MAX_DEPTH:
            here.append(token[0])
            loose = True
        else:
            stack.append((_kind(token["name"], token["attributes"] or ""), token["name"], token[0], []))
    if at < len(markup):
        stack[-1][3].append(markup[at:])
    while len(stack) > 1:  # never closed: the tag was only characters
        _, _, opening, nodes = stack.pop()
        stack[-1][3].extend([opening, *nodes])
        loose = True
    return Text(normal(stack[0][3]) if loose else tuple(stack[0][3]))


_SHORT = {tag: kind for kind, tag in _OPEN.items() if tag in {"<i>", "<b>", "<sup>", "<sub>"}}


def _with_one_span(markup: str) -> tuple[Node, ...] | None:
    """The nodes of a text with two tags: those of italics, bold, a super- or subscript. None for any others."""
    start = markup.find("<")
    after = markup.find(">", start) + 1
    kind = _SHORT.get(markup[start:after])
    if kind is None:
        return None
    inner, closing, tail = markup[after:].partition(_CLOSE[kind])
    if not (inner and closing):
        return None
    span = Span(kind, (inner,))
    head = markup[:start]
    if head:
        return (head, span, tail) if tail else (head, span)
    return (span, tail) if tail else (span,)


def _close(into: list[Node], kind: _Kind | None, opening: str, nodes: tuple[Node, ...], closing: str) -> None:
    if kind is None:
        into.extend([opening, *nodes, closing])
    elif kind == "math":
        into.append(Math(_plain(nodes)))
    elif nodes:
        into.append(Span(kind, nodes))


def _kind(name: str, attributes: str) -> _Kind | None:
    if name != "span":
        return _TAG_KINDS[name]
    return next((kind for word, kind in _SPAN_KINDS.items() if word in attributes), None)
