r"""Text and names for a .bib file whose values a web page prints, as al-folio does.

al-folio's ``_layouts/bib.liquid`` prints what jekyll-scholar's filter ``latex`` (latex-decode) makes of a value, and
escapes nothing. That filter turns ``\&``, ``\$``, ``\{``, ``\textbackslash{}`` and accents into their characters,
joins ``--`` and quotes, and drops all other braces; other commands stay as they are, so ``\emph{x}`` would be read as
"\emphx". What it gives is HTML, in which MathJax then looks for mathematics; names are also in a script, between
single quotes. So no value of ours may come out of the filter with the beginning of a tag, with a backslash outside of
harmless mathematics, or with two dollars that are none; and no name with a quote or the beginning of an entity.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from bibtool.cv.targets._typeset import changed_name
from bibtool.lazy import lazy_pattern
from bibtool.model.names import Name, Names
from bibtool.model.numbers import Number
from bibtool.model.richtext import Math, Span, Text
from bibtool.model.text.inert import inert
from bibtool.model.text.texmath import is_safe_math

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bibtool.formats.bibtex.from_record import Written
    from bibtool.model.record import Value
    from bibtool.model.richtext import Node

BACKSLASH: Final = "\N{SET MINUS}"
DOLLAR: Final = "\N{FULLWIDTH DOLLAR SIGN}"
_OPEN: Final = "\N{FULLWIDTH LEFT CURLY BRACKET}"
_CLOSE: Final = "\N{FULLWIDTH RIGHT CURLY BRACKET}"
_LESS: Final = Math("< ")  # a tag can't begin with a space, and mathematics does not print it
# half of a surrogate pair can't be encoded; a soft hyphen is written as a command
_NO_TEXT: Final = lazy_pattern("[\ud800-\udfff\u00ad]")
_BLANKS: Final = lazy_pattern(r"\s+")
_TEMPLATE: Final = lazy_pattern(r"\{[{%#]|[}%#]\}")
_URL: Final = lazy_pattern(r"\\url\{([^{}]*)\}")
_SPECIAL: Final = lazy_pattern(r"[&%#_$^~]")
_ESCAPES: Final = {"^": "\\textasciicircum{}", "~": "\\textasciitilde{}"}
_IN_NAMES: Final = str.maketrans(
    {
        "<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
        ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
        "'": "\N{RIGHT SINGLE QUOTATION MARK}",
        "`": "\N{LEFT SINGLE QUOTATION MARK}",
        **dict.fromkeys('"“”', "\N{DOUBLE PRIME}"),  # LaTeX writes double quotation marks as two single ones
        "&": "\N{FULLWIDTH AMPERSAND}",  # al-folio also takes "&" in a name for a mark such as "*"
        "\\": BACKSLASH,
        "$": DOLLAR,
        "{": _OPEN,
        "}": _CLOSE,
    }
)


def value(source: Value) -> Value:
    """A text, name list or number in which nothing acts on the page; other values as they are."""
    if isinstance(source, Text):
        return text(source)
    if isinstance(source, Names):
        people = (name(person) for person in source)
        return Names(tuple(person for person in people if person != Name()), truncated=source.truncated)
    if isinstance(source, Number):
        return Number(_word(source.text))  # the writer reads it as markup
    return source


def text(source: Text) -> Text:
    """The text on one line without markup; mathematics stays where all of its commands are harmless."""
    pieces = list(_flat(source.nodes))
    words = "".join(piece for piece in pieces if isinstance(piece, str))
    dollars = words.count("$") > 1 or ("$" in words and ("<" in words or len(pieces) > 1))
    braces = words.count("{") != words.count("}") or _TEMPLATE.search(words) is not None
    nodes: list[Node] = []
    for piece in pieces:
        if isinstance(piece, Math):
            nodes.append(piece)
            continue
        for at, part in enumerate(piece.split("<")):
            if at:
                nodes.append(_LESS)
            nodes.append(_characters(part, dollars=dollars, lone=braces or not _paired(part)))
    return Text(tuple(node for node in nodes if node))


def name(source: Name) -> Name:
    """The name with look-alikes for the characters that mean something in HTML, scripts and mathematics."""
    return changed_name(source, _word)


def fields(written: Iterable[Written]) -> list[Written]:
    """The fields without the commands that the filter does not know; braces of `text` are in pairs."""
    return [
        field._replace(
            value=_URL.sub(lambda match: _escaped(match[1]), field.value)
            .replace("\\textbraceleft{}", "\\{")
            .replace("\\textbraceright{}", "\\}")
            .replace("\\textasciigrave{}", "`")
        )
        for field in written
    ]


def address(url: str) -> str:
    """An address as the filter leaves it: it takes quotes and doubled hyphens for those of a text."""
    return url.replace("'", "%27").replace("`", "%60").replace("--", "-%2D").replace("--", "-%2D")


def _flat(nodes: Iterable[Node]) -> Iterable[str | Math]:
    """The nodes without spans, neighbouring strings joined, mathematics that may do harm as its characters."""
    run = ""
    for node in _leaves(nodes):
        if isinstance(node, Math) and is_safe_math(node.tex):
            if run:
                yield run
            run = ""
            yield Math(re.sub(r"<(?! )", "< ", node.tex))
        elif isinstance(node, Math):
            run += "<" if node.tex.strip() == "<" else f"${node.tex}$"
        else:
            run += node
    if run:
        yield run


def _leaves(nodes: Iterable[Node]) -> Iterable[str | Math]:
    for node in nodes:
        if isinstance(node, Span):
            yield from _leaves(node.nodes)
        else:
            yield node


def _characters(words: str, *, dollars: bool, lone: bool) -> str:
    words = _BLANKS.sub(" ", _NO_TEXT.sub("", inert(words))).replace("\\", BACKSLASH)
    if dollars:
        words = words.replace("$", DOLLAR)
    return words.replace("{", _OPEN).replace("}", _CLOSE) if lone else words


def _paired(words: str) -> bool:
    depths = [0, *accumulate((char == "{") - (char == "}") for char in words)]
    return min(depths) == depths[-1] == 0


def _word(words: str) -> str:
    return " ".join(_NO_TEXT.sub("", inert(words)).translate(_IN_NAMES).split())


def _escaped(words: str) -> str:
    return _SPECIAL.sub(lambda match: _ESCAPES.get(match[0], "\\" + match[0]), words)
