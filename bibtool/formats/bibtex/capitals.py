"""Case protection for titles that come from elsewhere: the words that a style must not put in lower case."""

from __future__ import annotations

from bibtool.lazy import lazy_pattern
from bibtool.model.richtext import Node, Span, Text, normal

# abbreviations with full stops, or letters and digits with an apostrophe or ampersand inside (O'Brien, AT&T)
_WORD = lazy_pattern(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:(?:['\N{RIGHT SINGLE QUOTATION MARK}]|&(?=[A-Z]))[^\W_]+)*")


def protect_capitals(title: Text) -> Text:
    """The title with case protection for each word that has a capital after its first character, or is one capital.

    Ordinary words with a first capital stay free, as does the article ``A``; a title without any lower-case letter
    says nothing about its capitals and stays as it is. Protecting twice is protecting once.
    """
    plain = title.plain()
    if plain.lower() == plain or not any(char.islower() for char in plain):
        return title
    return Text(_protect(title.nodes))


def _protect(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    out: list[Node] = []
    for index, node in enumerate(nodes):
        if isinstance(node, str):
            out.extend(_split(node, last=index == len(nodes) - 1))
        elif isinstance(node, Span) and node.kind != "nocase":
            out.append(Span(node.kind, _protect(node.nodes)))
        else:
            out.append(node)
    return normal(out)


def _split(text: str, *, last: bool) -> list[Node]:
    if text.lower() == text:
        return [text]
    out: list[Node] = []
    at = 0
    for word in _WORD.finditer(text):
        if not _needs(word[0], text, word.end(), last=last):
            continue
        out.append(text[at : word.start()])
        out.append(Span("nocase", (word[0],)))
        at = word.end()
    out.append(text[at:])
    return out


def _needs(word: str, text: str, end: int, *, last: bool) -> bool:
    if len(word) > 1:
        return any(char.isupper() for char in word[1:])
    if not word.isupper():
        return False
    # "A Study", "A-posteriori": the article; "Hepatitis A", "Vitamin A: ..." are names
    following = text[end : end + 2]
    return word != "A" or (not following and last) or bool(following and following[0] in ":;,.!?)")
