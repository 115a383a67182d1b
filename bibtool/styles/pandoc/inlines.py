"""Formatted text as pandoc's inlines, and a writer's inlines as the markup of affixes.

An inline is a dict with the type in ``t`` and the contents in ``c`` (the Haskell type ``Inline`` of pandoc-types 1.23).
"""

from __future__ import annotations

from bibtool.lazy import lazy_pattern
from bibtool.model.richtext import Math
from bibtool.styles.output.marks import has_mathematics, inert_run, mathematics

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, TypeAlias

    from bibtool.styles.rich import Mark, Run

Inline: TypeAlias = dict[str, "Any"]

SPACE: Inline = {"t": "Space"}
_NO_ATTRIBUTES: list[Any] = ["", [], []]
_WEB = ("https://", "http://")
_TYPES = {
    "italic": "Emph",
    "oblique": "Emph",
    "bold": "Strong",
    "small-caps": "SmallCaps",
    "sup": "Superscript",
    "sub": "Subscript",
    "underline": "Underline",
}
_CLASSES = {
    "style-normal": "nodecor",
    "variant-normal": "nodecor",
    "weight-normal": "nodecor",
    "decoration-none": "nodecor",
    "baseline": "nodecor",
    "light": "light",
    "block": "csl-block",
    "left-margin": "csl-left-margin",
    "right-inline": "csl-right-inline",
    "indent": "csl-indent",
}
_TAGS = {"Emph": "i", "Strong": "b", "Superscript": "sup", "Subscript": "sub", "SmallCaps": "sc"}
_BREAKS = frozenset({"Space", "SoftBreak", "LineBreak"})

# characters that stand for an inline which no markup has: a formula, a link, ...
_FIRST = 0xF0000
_LAST = 0xFFFFD
_STANDS_FOR = lazy_pattern("[\U000f0000-\U000ffffd]")
_MARKUP = lazy_pattern("[<>&$\U000f0000-\U000ffffd]")


class Kept:
    """Inlines that wait for their place: each is a character in the markup of an affix meanwhile."""

    def __init__(self) -> None:
        self.inlines: list[Inline] = []

    def keep(self, inline: Inline) -> str:
        """The character that stands for the inline. After 65,534 of them the inline's text stands for itself."""
        if _FIRST + len(self.inlines) > _LAST:
            return text_of([inline]).replace("<", "‹").replace("&", "+")
        self.inlines.append(inline)
        return chr(_FIRST + len(self.inlines) - 1)

    def markup(self, inlines: Iterable[Inline]) -> str:
        """The inlines as the markup that affixes may have."""
        return "".join(map(self._one, inlines))

    def _one(self, inline: Inline) -> str:
        kind = inline.get("t")
        if kind in _BREAKS:
            return " "
        if kind == "Str":
            text: str = inline["c"]
            if _MARKUP.search(text) is None:
                return text
            return _MARKUP.sub(lambda special: self.keep({"t": "Str", "c": special[0]}), text)
        tag = _TAGS.get(str(kind))
        if tag is None:
            return self.keep(inline)
        return f"<{tag}>{self.markup(inline['c'])}</{tag}>"

    def words(self, text: str, out: list[Inline]) -> None:
        """Add text as words and spaces, kept inlines in their places."""
        if text.isascii() or _STANDS_FOR.search(text) is None:
            _add_words(text, out)
            return
        at = 0
        for special in _STANDS_FOR.finditer(text):
            _add_words(text[at : special.start()], out)
            number = ord(special[0]) - _FIRST
            out.append(self.inlines[number] if number < len(self.inlines) else {"t": "Str", "c": special[0]})
            at = special.end()
        _add_words(text[at:], out)

    def inlines_of(self, run: Run) -> list[Inline]:
        """The run as inlines; only addresses of the web and places in the document are linked."""
        run = inert_run(run)
        top: list[Inline] = []
        stack: list[tuple[Mark | None, list[Inline]]] = [(None, top)]
        linked = 0
        texts: list[str] = []  # of the pieces up to the next mark: names and commas come one by one
        for piece in mathematics(run) if has_mathematics(run) else run:
            if isinstance(piece, str):
                texts.append(piece)
                continue
            into = stack[-1][1]
            if texts:
                self.words("".join(texts), into)
                texts.clear()
            if isinstance(piece, Math):
                into.append({"t": "Math", "c": [{"t": "InlineMath"}, piece.tex]})
            elif not piece.close:
                if piece.kind == "link":
                    linked += 1
                stack.append((piece, []))
            elif len(stack) > 1:
                mark, kids = stack.pop()
                assert mark is not None
                if mark.kind == "link":
                    linked -= 1
                stack[-1][1].extend(_wrapped(mark, kids, nested=linked > 0))
        self.words("".join(texts), stack[-1][1])
        return top


def _wrapped(mark: Mark, kids: list[Inline], *, nested: bool) -> list[Inline]:
    if not kids:
        return []
    if mark.kind == "link":
        if nested or not mark.href.startswith((*_WEB, "#")):
            return kids
        return [{"t": "Link", "c": [_NO_ATTRIBUTES, kids, [mark.href, ""]]}]
    if mark.kind in _TYPES:
        return [{"t": _TYPES[mark.kind], "c": kids}]
    if mark.kind == "code":
        return [{"t": "Code", "c": [_NO_ATTRIBUTES, text_of(kids)]}]
    if mark.kind == "left-margin" and kids[-1] is not SPACE:
        kids = [*kids, SPACE]  # writers without margins set both parts in one line
    return [{"t": "Span", "c": [["", [_CLASSES.get(mark.kind, mark.kind)], []], kids]}]


def _add_words(text: str, out: list[Inline]) -> None:
    """The words and spaces of a text; a no-break space is part of a word."""
    if not text:
        return
    for number, word in enumerate(text.replace("\n", " ").replace("\t", " ").split(" ")):
        if number and (not out or out[-1] is not SPACE):
            out.append(SPACE)
        if word and not number and out and out[-1].get("t") == "Str":
            out[-1] = {"t": "Str", "c": out[-1]["c"] + word}
        elif word:
            out.append({"t": "Str", "c": word})


def text_of(inlines: Sequence[Any]) -> str:
    """The characters of inlines or blocks."""
    parts: list[str] = []
    waiting: list[Any] = list(reversed(inlines))
    while waiting:
        inline = waiting.pop()
        if isinstance(inline, list):
            waiting.extend(reversed(inline))
        elif isinstance(inline, dict):
            kind, contents = inline.get("t"), inline.get("c")
            if kind == "Str" and isinstance(contents, str):
                parts.append(contents)
            elif kind in _BREAKS:
                parts.append(" ")
            elif kind in ("Code", "Math", "RawInline") and isinstance(contents, list):
                parts.append(str(contents[-1]))
            elif kind in ("Link", "Image", "Span", "Quoted", "Cite") and isinstance(contents, list):
                waiting.append(contents[1])
            elif isinstance(contents, list):
                waiting.append(contents)
    return "".join(parts)


def csl_markup(inlines: Sequence[Inline]) -> str:
    """Inlines as text with the markup that CSL-JSON has; what else there is as its characters."""
    parts = []
    for inline in inlines:
        kind: str = inline["t"]
        contents: Any = inline.get("c")
        if kind in _TAGS:
            opening = '<span style="font-variant:small-caps;">' if kind == "SmallCaps" else f"<{_TAGS[kind]}>"
            closing = "</span>" if kind == "SmallCaps" else f"</{_TAGS[kind]}>"
            parts.append(f"{opening}{csl_markup(contents)}{closing}")
        elif kind == "Span":
            inside = csl_markup(contents[1])
            parts.append(f'<span class="nocase">{inside}</span>' if "nocase" in contents[0][1] else inside)
        elif kind == "Quoted":
            mark = '"' if contents[0]["t"] == "DoubleQuote" else "'"
            parts.append(f"{mark}{csl_markup(contents[1])}{mark}")
        else:
            parts.append(text_of([inline]))
    return "".join(parts)
