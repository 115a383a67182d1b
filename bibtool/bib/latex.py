r"""LaTeX text to `Text` and back.

Two laws, for every string ``x`` and every ``text`` (both held by property tests):

* ``to_latex(from_latex(to_latex(from_latex(x)))) == to_latex(from_latex(x))``: nothing changes after the first pass;
* ``from_latex(to_latex(text)) == canonical(text)``.

What is read: accents and symbols, the ligatures of TeX, fonts (``\emph``, ``{\it ...}``), ``\url``, braces that protect
capitals (`Span` "nocase"), mathematics (`Math`, never altered). A command that is not known stays as its own
characters, arguments included, and is written back as it stood.

A group protects capitals if it holds a letter, doesn't begin with a command and isn't an argument: BibTeX's rule for
``change.case$`` (btxhak, "special characters"), which biber and pandoc share.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from itertools import chain
from typing import TYPE_CHECKING

from bibtool.model.richtext import MAX_DEPTH, Math, Node, Span, SpanKind, Text, normal
from bibtool.model.text.texsymbols import (
    ACCENTS,
    BREAKS,
    LOGOS,
    NOTHING,
    SPACES,
    SPACING,
    SYMBOLS,
    accented,
    ascii_form,
    character_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_ARGUMENT_SPANS: dict[str, SpanKind] = {
    "textit": "italic",
    "emph": "italic",
    "textsl": "italic",
    "mkbibemph": "italic",
    "mkbibitalic": "italic",
    "textbf": "bold",
    "mkbibbold": "bold",
    "textsc": "smallcaps",
    "textsuperscript": "superscript",
    "mkbibsuperscript": "superscript",
    "textsubscript": "subscript",
    "mkbibsubscript": "subscript",
    "texttt": "code",
    "underline": "underline",
    "uline": "underline",
    "enquote": "quote",
    "mkbibquote": "quote",
}
_TRANSPARENT = frozenset({"textrm", "textup", "textnormal", "textmd", "textsf", "text", "mbox", "hbox", "textlatin"})
_DECLARATIONS: dict[str, SpanKind | None] = {
    "em": "italic",
    "it": "italic",
    "itshape": "italic",
    "sl": "italic",
    "slshape": "italic",
    "bf": "bold",
    "bfseries": "bold",
    "sc": "smallcaps",
    "scshape": "smallcaps",
    "tt": "code",
    "ttfamily": "code",
    "rm": None,
    "rmfamily": None,
    "sf": None,
    "sffamily": None,
    "upshape": None,
    "mdseries": None,
    "normalfont": None,
}
_WRITTEN: dict[SpanKind, str] = {
    "italic": "\\textit",
    "bold": "\\textbf",
    "smallcaps": "\\textsc",
    "superscript": "\\textsuperscript",
    "subscript": "\\textsubscript",
    "code": "\\texttt",
    "underline": "\\underline",
    "quote": "\\enquote",
}
_URL_COMMANDS = frozenset({"url", "path", "nolinkurl"})
_OTHER_KNOWN = frozenset({"href", "ensuremath", *_URL_COMMANDS})
_LIGATURES = {"---": "—", "--": "–", "``": "“", "''": "”", "?`": "¿", "!`": "¡"}

_INTERESTING = re.compile(r"[\\{}$~\t\r\n]|--|``|''|[?!]`|  ")
_LINES = re.compile(r"[ \t]*[\t\r\n][ \t\r\n]*")
_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.|$)|[{}$~]|-{2,3}|``|''|[?!]`| {2,}", re.DOTALL)
_PAIRED = re.compile(r"\\[()\[\]]|\\.|[{}]|\${1,2}", re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]")
_BEYOND_BRACES = re.compile(r"[\\$~\t\r\n]|--|``|''|[?!]`|  ")
_SIMPLE_GROUP = re.compile(r"\{([^{}]*)\}")
_OPTION = re.compile(r"\[[^\[\]{}\\$]{0,200}\](?=\{)")
_COMMAND_AT_END = re.compile(r"(\\[A-Za-z]+\*?) +\Z")
_URL_ESCAPE = re.compile(r"\\([&%#_~{}])(?:\{\})?")


def _pairs(text: str) -> dict[int, int]:
    r"""Opening -> closing offset of every brace, ``$``, ``$$``, ``\(`` and ``\[`` that has one, in one pass."""
    found: dict[int, int] = {}
    braces: list[int] = []
    maths: list[tuple[str, int] | None] = [None]  # the mathematics that is open at each depth of braces
    for token in _PAIRED.finditer(text):
        mark, at = token[0], token.start()
        if mark == "{":
            braces.append(at)
            maths.append(None)
        elif mark == "}":
            if braces:
                found[braces.pop()] = at
                maths.pop()
        elif mark[0] == "$":
            _pair_dollars(mark, at, maths, found)
        elif mark in ("\\(", "\\["):
            if maths[-1] is None:
                maths[-1] = (")" if mark == "\\(" else "]", at)
        elif mark in ("\\)", "\\]"):
            opened = maths[-1]
            if opened is not None and opened[0] == mark[1]:
                found[opened[1]] = at
                maths[-1] = None
    return found


def _pair_dollars(mark: str, at: int, maths: list[tuple[str, int] | None], found: dict[int, int]) -> None:
    opened = maths[-1]
    if opened is None:
        maths[-1] = (mark, at)
    elif opened[0] == mark:
        found[opened[1]] = at
        maths[-1] = None
    elif opened[0] == "$":  # "$a$$b$": the first of the two closes, the second opens
        found[opened[1]] = at
        maths[-1] = ("$", at + 1)


class _Frame:
    """An open group or argument."""

    __slots__ = ("kind", "link", "marks", "nodes", "protected", "protects", "span", "start")

    def __init__(self, kind: str, start: int, *, protected: bool, span: SpanKind | None = None) -> None:
        self.kind = kind  # "root", "group", "argument", "declaration", "accent"
        self.start = start
        self.protected = protected  # capitals are protected from outside
        self.protects = False
        self.span = span
        self.nodes: list[Node] = []
        self.marks: list[str] = []
        self.link = ""


class _Decoder:
    """One pass over one value; frames are kept in a list, so that depth costs no recursion."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pairs = _pairs(text)
        self.frames = [_Frame("root", 0, protected=False)]
        self.spans = 0
        self.marks: list[str] = []  # accents that wait for their letter

    def run(self) -> Text:
        text, search = self.text, _TOKEN.search
        at = 0
        while True:
            token = search(text, at)
            if token is None:
                self.emit(text[at:])
                break
            if token.start() > at:
                self.emit(text[at : token.start()])
            at = self.token(token[0], token.start(), token.end())
        self.flush_marks()
        return Text(normal(self.unclosed()))

    def unclosed(self) -> Iterable[Node]:
        """All nodes; a brace that is never closed was only a character."""
        tail: deque[Node] = deque()
        while len(self.frames) > 1:
            frame = self.frames.pop()
            tail.extendleft(reversed(frame.nodes))
            if frame.kind != "declaration":
                tail.appendleft("{")
            elif frame.span is not None and tail:
                tail = deque([Span(frame.span, normal(tail))])
        return chain(self.frames[0].nodes, tail)

    def emit(self, piece: str) -> None:
        if not piece:
            return
        if self.marks:
            piece = _with_marks(piece, self.marks)
            self.marks = []
        self.frames[-1].nodes.append(piece)

    def add(self, node: Node) -> None:
        self.flush_marks()
        self.frames[-1].nodes.append(node)

    def flush_marks(self) -> None:
        if self.marks:
            marks, self.marks = self.marks, []
            self.frames[-1].nodes.append("".join(SPACING.get(mark, mark) for mark in marks))

    def blanks(self, at: int) -> int:
        while at < len(self.text) and self.text[at] == " ":
            at += 1
        return at

    def token(self, token: str, start: int, end: int) -> int:
        first = token[0]
        if first == "\\":
            return self.control(token, start, end)
        if first == "{":
            self.open_group(start)
        elif first == "}":
            self.flush_marks()
            while self.frames[-1].kind == "declaration":
                self.close()
            if len(self.frames) == 1:
                self.frames[0].nodes.append("}")
            else:
                self.close()
        elif first == "$":
            return self.dollar(start)
        elif first == "~":
            self.emit("\u00a0")
        elif first == " ":
            self.emit(" ")
        else:
            self.emit(_LIGATURES[token])
        return end

    def open_group(self, start: int) -> None:
        above = self.frames[-1]
        if self.marks:
            frame = _Frame("accent", start, protected=above.protected)
            frame.marks, self.marks = self.marks, []
        else:
            frame = _Frame("group", start, protected=above.protected)
            if start in self.pairs and self.text[start + 1 : start + 2] != "\\":
                frame.protects = not above.protected and self.spans < MAX_DEPTH
                frame.protected = True
        self.frames.append(frame)

    def open_argument(self, start: int, span: SpanKind | None) -> _Frame:
        frame = _Frame("argument", start, protected=self.frames[-1].protected)
        if span is not None and self.spans < MAX_DEPTH:
            frame.span = span
            self.spans += 1
        self.frames.append(frame)
        return frame

    def close(self) -> None:
        frame = self.frames.pop()
        above = self.frames[-1].nodes
        nodes = normal(frame.nodes)
        if frame.span is not None:
            self.spans -= 1
            if nodes:
                above.append(Span(frame.span, nodes))
        elif frame.kind == "accent":
            if nodes and isinstance(nodes[0], str):
                above.append(_with_marks(nodes[0], frame.marks))
                above.extend(nodes[1:])
            else:
                above.append("".join(SPACING.get(mark, mark) for mark in frame.marks))
                above.extend(nodes)
        elif frame.protects and has_letter(nodes):
            above.append(Span("nocase", nodes))
        else:
            above.extend(nodes)
            if frame.link and "".join(_plain(nodes)) != frame.link:
                above.append(f" ({frame.link})")

    def dollar(self, start: int) -> int:
        close = self.pairs.get(start)
        if close is None:
            self.emit("$")
            return start + 1
        # a display is one where both ends are doubled; "$a$$b$" was told apart when pairing
        width = (
            2 if self.text.startswith("$$", start) and self.text.startswith("$$", close) and close > start + 1 else 1
        )
        return self.math(start + width, close, close + width)

    def math(self, start: int, close: int, end: int) -> int:
        tex = self.text[start:close]
        if is_math(tex):
            self.add(Math(tex))
        elif tex.strip():
            self.emit(f"${tex}$")
        return end

    def control(self, token: str, start: int, end: int) -> int:
        if len(token) == 1:
            self.emit("\\")
            return end
        if not token[1].isascii() or not token[1].isalpha():
            return self.control_symbol(token, start, end)
        name = token[1:].rstrip("*")
        if token[-1] == "*" and name not in _URL_COMMANDS and name not in _ARGUMENT_SPANS:
            if not is_known(name):
                return self.unknown(start, end)
            end -= 1  # the star is text
        if name in ACCENTS:
            self.marks.append(ACCENTS[name])
            return self.blanks(end)
        if name in _ARGUMENT_SPANS:
            return self.argument(self.blanks(end), _ARGUMENT_SPANS[name])
        if name in _TRANSPARENT:
            return self.argument(self.blanks(end), None)
        if name in _DECLARATIONS:
            self.declare(_DECLARATIONS[name], start)
            return self.blanks(end)
        if name in _OTHER_KNOWN:
            return self.special(name, start, end)
        if name in NOTHING:
            return self.blanks(end)
        if name in LOGOS:
            logo: Node = LOGOS[name]
            self.add(logo if self.frames[-1].protected or self.spans >= MAX_DEPTH else Span("nocase", (logo,)))
            return self.blanks(end)
        text = BREAKS.get(name) or character_of(name)
        if text is None:
            return self.unknown(start, end)
        self.emit(text)
        return self.blanks(end)

    def control_symbol(self, token: str, start: int, end: int) -> int:
        char = token[1]
        if char in ACCENTS:
            self.marks.append(ACCENTS[char])
            return self.blanks(end)
        if char in SYMBOLS:
            self.emit(SYMBOLS[char])
        elif char in "([" and start in self.pairs:
            close = self.pairs[start]
            return self.math(end, close, close + 2)
        else:
            self.emit(token)
        return end

    def argument(self, at: int, span: SpanKind | None) -> int:
        """Open the argument that begins at ``at``; a single character may be one without braces."""
        self.flush_marks()
        following = self.text[at : at + 1]
        if following == "{" and at in self.pairs:
            self.open_argument(at, span)
            return at + 1
        if following and following not in "\\{}$~":
            node: Node = following
            self.add(Span(span, (node,)) if span is not None and self.spans < MAX_DEPTH else node)
            return at + 1
        return at

    def declare(self, span: SpanKind | None, start: int) -> None:
        self.flush_marks()
        frame = _Frame("declaration", start, protected=self.frames[-1].protected)
        if span is not None and self.spans < MAX_DEPTH:
            frame.span = span
            self.spans += 1
        self.frames.append(frame)

    def special(self, name: str, start: int, end: int) -> int:
        at = self.blanks(end)
        close = self.pairs.get(at) if self.text[at : at + 1] == "{" else None
        if close is None:
            return self.unknown(start, end)
        if name == "ensuremath":
            return self.math(at + 1, close, close + 1)
        target = _URL_ESCAPE.sub(r"\1", self.text[at + 1 : close])
        if name == "href":
            after = self.blanks(close + 1)
            if self.text[after : after + 1] != "{" or after not in self.pairs:
                return self.unknown(start, end)
            self.flush_marks()
            self.open_argument(after, None).link = target
            return after + 1
        self.emit(target)
        return close + 1

    def unknown(self, start: int, end: int) -> int:
        """Keep a command and the arguments that touch it as characters."""
        end = arguments_end(self.text, end, self.pairs)
        self.flush_marks()
        self.frames[-1].nodes.append(self.text[start:end])
        return end


def arguments_end(text: str, at: int, pairs: dict[int, int]) -> int:
    """The offset behind the groups (and options before them) that begin at ``at``."""
    while at < len(text):
        if text[at] == "[" and (option := _OPTION.match(text, at)):
            at = option.end()
        elif text[at] == "{" and at in pairs:
            at = pairs[at] + 1
        else:
            break
    return at


def is_known(name: str) -> bool:
    """True for a word command that `from_latex` understands."""
    return (
        name in ACCENTS
        or name in _ARGUMENT_SPANS
        or name in _TRANSPARENT
        or name in _DECLARATIONS
        or name in _OTHER_KNOWN
        or name in NOTHING
        or name in LOGOS
        or name in BREAKS
        or character_of(name) is not None
    )


def _with_marks(piece: str, marks: list[str]) -> str:
    """The text with combining marks on its first character, composed where Unicode can."""
    base = {"ı": "i", "ȷ": "j"}.get(piece[0], piece[0])
    if base.isspace():
        return "".join(SPACING.get(mark, mark) for mark in marks) + piece
    if len(marks) > MAX_DEPTH:
        return base + "".join(reversed(marks)) + piece[1:]
    stack = base
    for mark in reversed(marks):  # the innermost comes last
        stack = unicodedata.normalize("NFC", stack + mark)
    return stack + piece[1:]


def has_letter(nodes: Iterable[Node]) -> bool:
    """True if there is a letter outside mathematics."""
    return any(_LETTER.search(piece) for piece in _plain(nodes))


def _plain(nodes: Iterable[Node]) -> Iterable[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif isinstance(node, Span):
            yield from _plain(node.nodes)


def is_math(tex: str) -> bool:
    """True if ``tex`` can stand between two dollar signs and be found again."""
    return bool(tex) and _LINES.search(tex) is None and _balanced(tex) and _pairs(f"${tex}$").get(0) == len(tex) + 1


def from_latex(latex: str) -> Text:
    """The text that a LaTeX value says; blanks and line ends in it count as one blank. Never raises."""
    latex = latex.strip(" \t\r\n")
    if not _INTERESTING.search(latex):
        return Text((latex,)) if latex else Text()
    if "\n" in latex or "\t" in latex or "\r" in latex:
        # split and join do the same in ASCII, only faster
        latex = " ".join(latex.split()) if latex.isascii() and "$" not in latex else _LINES.sub(" ", latex)
        if not _INTERESTING.search(latex):
            return Text((latex,))
    if not _BEYOND_BRACES.search(latex) and (text := _only_groups(latex)) is not None:
        return text
    return _Decoder(latex).run()


def _only_groups(latex: str) -> Text | None:
    """The text of a value in which groups without anything special are all there is; None where they nest."""
    pieces = _SIMPLE_GROUP.split(latex)
    nodes: list[Node] = []
    for index, piece in enumerate(pieces):
        if index % 2:
            if _LETTER.search(piece):
                nodes.append(Span("nocase", (piece,)))
                continue
        elif "{" in piece or "}" in piece:
            return None
        if not piece:
            continue
        if nodes and isinstance(nodes[-1], str):
            nodes[-1] += piece
        else:
            nodes.append(piece)
    return Text(tuple(nodes))


def plain_from_latex(latex: str) -> str:
    """The characters of `from_latex`; mathematics as ``$tex$``."""
    return from_latex(latex).plain()


# -- and back --------------------------------------------------------------------------------------------------------

_SPECIAL_ESCAPES = {
    "&": "\\&",
    "%": "\\%",
    "#": "\\#",
    "_": "\\_",
    "$": "\\$",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "–": "--",
    "—": "---",
    "“": "``",
    "”": "''",
    **SPACES,
}
_URL_CHARS = r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]"
_URL = rf"(?:https?|ftp)://{_URL_CHARS}*[A-Za-z0-9\-_~/#=&+$%]"
_PLAIN_RUN = re.compile(r"[\\&%#_{}$~^–—“”\u00a0\u00ad\u2004\u2005\u2009\n]|--|``|''|[?!]`|  |://|[^\x00-\x7f]")
_ESCAPED = re.compile(
    rf"(?P<url>{_URL})|(?P<command>\\[A-Za-z]+\*?)|\\.?|[&%#_{{}}$~^–—“”\u00a0\u00ad\u2004\u2005\u2009]"
    r"|-{2,}|`{2,}|'{2,}|[?!]`| {2,}|\n+|(?P<cluster>[^\W\d_][\u0300-\u036f]+)|(?P<foreign>[^\x00-\x7f])",
    re.DOTALL,
)
_JOINING = {("-", "-"), ("`", "`"), ("'", "'"), ("?", "`"), ("!", "`")}


class _Encoder:
    """Builds the output piece by piece and keeps neighbours from joining into something else."""

    def __init__(self, *, ascii_only: bool) -> None:
        self.ascii_only = ascii_only
        self.pieces: list[str] = []
        self.last = ""
        self.after_command = False

    def put(self, piece: str) -> None:
        if not piece:
            return
        if self.after_command:
            if piece[0] in "{[":
                self.pieces.append("\\/")  # else it would be the command's argument
            self.after_command = False
        elif (self.last, piece[0]) in _JOINING:
            self.pieces.append("{}")
        self.pieces.append(piece)
        self.last = piece[-1]

    def nodes(self, nodes: tuple[Node, ...]) -> None:
        for node in nodes:
            if isinstance(node, str):
                self.string(node)
            elif isinstance(node, Math):
                self.put(f"${node.tex}$")
            elif node.kind == "nocase":
                inner = _Encoder(ascii_only=self.ascii_only)
                inner.nodes(node.nodes)
                latex = "".join(inner.pieces)
                self.put(f"{{{{{latex}}}}}" if latex.startswith("\\") else f"{{{latex}}}")
            else:
                self.put(f"{_WRITTEN[node.kind]}{{")
                self.last = ""
                self.nodes(node.nodes)
                self.after_command = False
                self.pieces.append("}")
                self.last = "}"

    def string(self, text: str) -> None:
        if not _PLAIN_RUN.search(text):
            self.put(text)
            return
        pairs: dict[int, int] | None = None
        # in ASCII a symbol may become mathematics, which cuts the string: no pair can be relied on
        balanced = not self.ascii_only and _balanced(text)
        at = 0
        while found := _ESCAPED.search(text, at):
            start, end = found.span()
            self.put(text[at:start])
            at = end
            token = found[0]
            if found["url"]:
                self.put(f"\\url{{{token}}}")
            elif found["command"]:
                if pairs is None:
                    pairs = _pairs(text)
                at = self.command(text, start, end, pairs)
            elif token[0] in "{}":
                self.brace(token, balanced=balanced)
            elif token[0] == "\\":
                if len(token) == 2 and _is_raw_symbol(token[1]):
                    self.put(token)
                else:
                    self.put("\\textbackslash{}")
                    at = start + 1
            else:
                self.put(self.escaped(token, cluster=bool(found["cluster"]), foreign=bool(found["foreign"])))
        self.put(text[at:])

    def brace(self, char: str, *, balanced: bool) -> None:
        if balanced:
            self.put(f"\\{char}")
        else:
            self.put("\\textbraceleft{}" if char == "{" else "\\textbraceright{}")

    def command(self, text: str, start: int, end: int, pairs: dict[int, int]) -> int:
        name = text[start + 1 : end].rstrip("*")
        if is_known(name):
            self.put("\\textbackslash{}")
            return start + 1
        stop = arguments_end(text, end, pairs)
        if "\n" in text[end:stop] or not _balanced(text[end:stop]):
            stop = end
        self.put(text[start:stop])
        self.after_command = True
        return stop

    def escaped(self, token: str, *, cluster: bool, foreign: bool) -> str:
        if token in _SPECIAL_ESCAPES:
            return _SPECIAL_ESCAPES[token]
        first = token[0]
        if first in "-`'":
            return "{}".join(token)
        if first in "?!":
            return f"{first}{{}}`"
        if first == " ":
            return " " + "{ }" * (len(token) - 1)
        if first == "\n":
            return "\\par{}" * (len(token) // 2) + "\\newline{}" * (len(token) % 2)
        if not self.ascii_only:
            return token
        if cluster:
            return _cluster(token)
        return (ascii_form(token) or token) if foreign else token


def _is_raw_symbol(char: str) -> bool:
    return (
        char.isascii() and not char.isalpha() and char not in SYMBOLS and char not in ACCENTS and char not in "()[]\n"
    )


def _cluster(token: str) -> str:
    """A letter with combining marks that Unicode has no single character for."""
    if len(token) == 2 and (latex := accented(token[0], token[1])):
        return f"{{{latex}}}"
    return (token[0] if token[0].isascii() else ascii_form(token[0]) or token[0]) + token[1:]


def _balanced(text: str) -> bool:
    """True if the braces in a string pair up, so that BibTeX, which counts escaped braces too, finds its end."""
    if "{" not in text and "}" not in text:
        return True
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


def canonical(text: Text) -> Text:
    r"""The same text in the form that LaTeX can hold.

    A tab is a blank, a line end is ``\n``; case protection without letters or inside another says nothing and goes, as
    do spans below the 50th level; mathematics that TeX could not read becomes its characters. Blanks at the end
    behind a command that we don't know are its own.
    """
    if len(text.nodes) == 1 and isinstance(text.nodes[0], str):
        return Text((_end(_lines(text.nodes[0])),)) if text.nodes[0] else Text()
    nodes = _canonical(text.nodes, 0, protected=False)
    if nodes and isinstance(nodes[-1], str):
        nodes = (*nodes[:-1], _end(nodes[-1]))
    return Text(nodes)


def _end(text: str) -> str:
    return _COMMAND_AT_END.sub(r"\1", text) if text[-1:] == " " and "\\" in text else text


def _lines(text: str) -> str:
    if "\r" in text or "\t" in text:
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return text


def _canonical(nodes: tuple[Node, ...], depth: int, *, protected: bool) -> tuple[Node, ...]:
    out: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            out.append(_lines(node))
        elif isinstance(node, Math):
            tex = _LINES.sub(" ", node.tex)
            if is_math(tex):
                out.append(Math(tex))
            elif tex:
                out.append(f"${tex}$")
        else:
            nocase = node.kind == "nocase"
            useless = depth >= MAX_DEPTH or (nocase and (protected or not has_letter(node.nodes)))
            inner = _canonical(node.nodes, depth + (not useless), protected=protected or (nocase and not useless))
            if useless:
                out.extend(inner)
            elif inner:
                out.append(Span(node.kind, inner))
    return normal(out)


def to_latex(text: Text, *, ascii_only: bool = False) -> str:
    """LaTeX for a text; with ``ascii_only`` in ASCII, as far as a LaTeX form is known (accents are composed first)."""
    if len(text.nodes) == 1 and isinstance(text.nodes[0], str) and not _PLAIN_RUN.search(text.nodes[0]):
        latex = text.nodes[0]
    else:
        text = canonical(text)
        if ascii_only:
            text = Text(normal(_composed(text.nodes)))
        encoder = _Encoder(ascii_only=ascii_only)
        encoder.nodes(text.nodes)
        latex = "".join(encoder.pieces)
    if latex[:1] in {" ", "\t", "\r"}:
        latex = "{ }" + latex[1:]
    if latex[-1:] in {" ", "\t", "\r"}:
        latex = latex[:-1] + "{ }"
    return latex


_DECOMPOSED = re.compile(r"[^\W\d_][\u0300-\u036f]+")


def _compose(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", found[0])


def _composed(nodes: tuple[Node, ...]) -> list[Node]:
    out: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            out.append(node if node.isascii() else _DECOMPOSED.sub(_compose, node))
        elif isinstance(node, Math):
            out.append(node)
        else:
            out.append(Span(node.kind, tuple(_composed(node.nodes))))
    return out


# -- verbatim fields -------------------------------------------------------------------------------------------------

_VERBATIM_ESCAPE = re.compile(r"\{?\\([_%&#])\}?|\\~\{\}|\{?\\textasciitilde(?:\{\})?\}?|\$\\sim\$")


def verbatim_from_latex(latex: str) -> str:
    r"""A URL, DOI, path: as it stands but for escapes that people add (``\_``, ``\%``, ``\&``, ``\#``, ``\~{}``)."""
    text = latex.strip()
    if text.startswith("\\url{") and text.endswith("}"):
        text = text[5:-1].strip()
    while len(text) > 1 and text[0] == "{" and text[-1] == "}" and _pairs(text).get(0) == len(text) - 1:
        text = text[1:-1].strip()
    if "\\" not in text:
        return text
    return _VERBATIM_ESCAPE.sub(lambda found: found[1] or "~", text)
