"""Lines of Markdown as the text that a reader of the page sees, with the identifiers of its links after them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.formats.addresses import of_address
from bibtool.formats.listing.layouts import BUTTONS
from bibtool.lazy import lazy_pattern
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.listing.lines import Line

_LINK: Final = lazy_pattern(
    r"!?\[((?:[^\[\]]|"
    r"\[[^\[\]]{0,80}\]){0,400})\]\((<?[^\s()<>]{1,600}(?:\([^\s()]{0,80}\)[^\s()]{0,200})?>?)(?:\s+\"[^\"]{0,200}\")?\)(?:\{[^{}]{0,80}\})?"
)
_STRONG: Final = lazy_pattern(
    r"(?<![\w*])(\*\*\*|\*\*|\*)(?=\S)([^*\n]{1,1000}?)(?<=\S)\1(?![\w*])|(?<![\w_])(__|"
    r"_)(?=\S)([^_\n]{1,1000}?)(?<=\S)\3(?![\w_])"
)
_HEADING: Final = lazy_pattern(r"#{1,6}\s+(.*?)\s*#*")
_ESCAPE: Final = lazy_pattern(r"\\([\\`*_{}\[\]()#+.!~>-])")
_MARKED: Final = lazy_pattern(r"\]\(\S|\*\*\S|(?<![\w*])\*[^\s*][^*]{2,}\*(?!\w)")
_MANY: Final = 0.3


def is_markdown(lines: Sequence[Line]) -> bool:
    """True where many of the lines have links or emphasis of Markdown."""
    marked = sum(_MARKED.search(line.text[:2000]) is not None for line in lines)
    return marked > 0 and marked >= _MANY * len(lines)


def without_markdown(lines: Sequence[Line]) -> list[Line]:
    """The lines without the marks of Markdown; places and unchanged texts stay. Lines of nothing else go."""
    out: list[Line] = []
    for line in lines:
        text = plain(line.text)
        if text:
            out.append(replace(line, text=text))
    return out


def plain(text: str) -> str:
    """The text of a line of Markdown, the identifiers of its links at its end."""
    if len(text) > 20_000:
        return text
    behind: list[str] = []

    def shown(link: re.Match[str]) -> str:
        words, address = link[1].strip("[] "), link[2].strip("<>")
        if (identifier := of_address(address)) and identifier not in behind and identifier not in text:
            behind.append(identifier)
        return "" if BUTTONS.fullmatch(f"[{words}]") else words

    text = _LINK.sub(shown, text)
    for _ in range(3):  # emphasis inside of emphasis
        text, count = _STRONG.subn(lambda strong: strong[2] or strong[4], text)
        if not count:
            break
    if heading := _HEADING.fullmatch(text):
        text = heading[1]
    text = _ESCAPE.sub(r"\1", text)
    text = re.sub(r"(?:\s*[|/,]\s*)*\[?\]?\s*$", "", text)
    return " ".join([*text.split(), *behind])
