"""What reading and writing LaTeX share: which commands are understood, and which signs pair up."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from bibtool.bib.latexcommands import SIZES, WITH_ARGUMENTS, expansion_of, lossy
from bibtool.bib.syntax import is_balanced
from bibtool.lazy import lazy_pattern
from bibtool.model.richtext import Node, Span, SpanKind
from bibtool.model.text.texsymbols import ACCENTS, BREAKS, LOGOS, NOTHING, SYMBOLS, character_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def _by_command(commands: Mapping[SpanKind, str]) -> dict[str, SpanKind]:
    return {name: form for form, names in commands.items() for name in names.split()}


# commands whose argument gets a form -> the form
ARGUMENT_SPANS = _by_command(
    {
        "italic": "textit emph textsl mkbibemph mkbibitalic",
        "bold": "textbf mkbibbold",
        "smallcaps": "textsc",
        "superscript": "textsuperscript mkbibsuperscript",
        "subscript": "textsubscript mkbibsubscript",
        "code": "texttt",
        "underline": "underline uline",
        "quote": "enquote mkbibquote",
    }
)
TRANSPARENT = frozenset(
    {"textrm", "textup", "textnormal", "textmd", "textsf", "text", "mbox", "hbox", "textlatin"}
    | {"textgreek", "textcyrillic", "singleletter", "autocap", "NoCaseChange", "mkbibacro", "fbox", "nohyphens"}
)
DECLARATIONS: dict[str, SpanKind | None] = {
    **_by_command(
        {"italic": "em it itshape sl slshape", "bold": "bf bfseries", "smallcaps": "sc scshape", "code": "tt ttfamily"}
    ),
    **dict.fromkeys("rm rmfamily sf sffamily upshape mdseries normalfont".split()),
    **dict.fromkeys(SIZES),
}
URL_COMMANDS = frozenset({"url", "path", "nolinkurl"})
OTHER_KNOWN = frozenset({"href", "ensuremath", *URL_COMMANDS})
_KNOWN = {
    *(*ACCENTS, *ARGUMENT_SPANS, *TRANSPARENT, *DECLARATIONS, *OTHER_KNOWN, *NOTHING, *LOGOS, *BREAKS),
    *(*WITH_ARGUMENTS, "ifmmode", "else", "fi"),
}

LINE_BREAKS = lazy_pattern(r"[ \t]*[\t\r\n][ \t\r\n]*")
_PAIRED = lazy_pattern(r"\\[()\[\]]|\\.|[{}]|\${1,2}", re.DOTALL)
_LETTER = lazy_pattern(r"[^\W\d_]")
_CONTROL = lazy_pattern(r"\\([A-Za-z]+|.)", re.DOTALL)
_KNOWN_SYMBOLS = frozenset({*SYMBOLS, *ACCENTS, *"()[]\\"})
OPTION = lazy_pattern(r"\[[^\[\]{}\\$]{0,200}\](?=\{)")


def pairs_of(text: str) -> dict[int, int]:
    r"""Opening -> closing offset of every brace, ``$``, ``$$``, ``\(`` and ``\[`` that has one, in one pass."""
    closing: dict[int, int] = {}
    braces: list[int] = []
    maths: list[tuple[str, int] | None] = [None]  # the mathematics that is open at each depth of braces
    for token in _PAIRED.finditer(text):
        mark, at = token[0], token.start()
        if mark == "{":
            braces.append(at)
            maths.append(None)
        elif mark == "}":
            if braces:
                closing[braces.pop()] = at
                maths.pop()
        elif mark[0] == "$":
            _pair_dollars(mark, at, maths, closing)
        elif mark in ("\\(", "\\["):
            if maths[-1] is None:
                maths[-1] = (")" if mark == "\\(" else "]", at)
        elif mark in ("\\)", "\\]"):
            opened = maths[-1]
            if opened is not None and opened[0] == mark[1]:
                closing[opened[1]] = at
                maths[-1] = None
    return closing


def _pair_dollars(mark: str, at: int, maths: list[tuple[str, int] | None], closing: dict[int, int]) -> None:
    opened = maths[-1]
    if opened is None:
        maths[-1] = (mark, at)
    elif opened[0] == mark:
        closing[opened[1]] = at
        maths[-1] = None
    elif opened[0] == "$":  # "$a$$b$": the first of the two closes, the second opens
        closing[opened[1]] = at
        maths[-1] = ("$", at + 1)


def arguments_end(text: str, at: int, pairs: dict[int, int]) -> int:
    """The offset after the groups (and options before them) that begin at ``at``."""
    while at < len(text):
        if text[at] == "[" and (option := OPTION.match(text, at)):
            at = option.end()
        elif text[at] == "{" and at in pairs:
            at = pairs[at] + 1
        else:
            break
    return at


def is_known(name: str) -> bool:
    """True for a word command that `from_latex` understands."""
    return name in _KNOWN or character_of(name) is not None or expansion_of(name) is not None


def commands_of(latex: str) -> Counter[str]:
    r"""The commands in a piece of LaTeX that `from_latex` does not understand, and how often: ``input``, ``;``."""
    names = (match[1] for match in _CONTROL.finditer(latex))
    return Counter(name for name in names if not (is_known(name) if name[0].isalpha() else name in _KNOWN_SYMBOLS))


def has_lossy_command(latex: str) -> bool:
    r"""Whether a piece of LaTeX has a command whose text is written back differently: ``\mnras``, ``\ce``."""
    return lossy(match[1] for match in _CONTROL.finditer(latex))


def has_letter(nodes: Iterable[Node]) -> bool:
    """True if there is a letter outside mathematics."""
    return any(_LETTER.search(piece) for piece in plain_strings(nodes))


def plain_strings(nodes: Iterable[Node]) -> Iterable[str]:
    """The strings in the nodes, in order, without mathematics."""
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif isinstance(node, Span):
            yield from plain_strings(node.nodes)


def is_math(tex: str) -> bool:
    """True if ``tex`` can be put between two dollar signs, and read back."""
    return (
        bool(tex)
        and LINE_BREAKS.search(tex) is None
        and is_balanced(tex)
        and pairs_of(f"${tex}$").get(0) == len(tex) + 1
    )
