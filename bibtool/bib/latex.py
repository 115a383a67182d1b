r"""LaTeX text to `Text`; `bibtool.bib.latexwriting` is the opposite direction.

Two laws hold for both, for every string ``x`` and every ``text`` (property tests hold them):

* ``to_latex(from_latex(to_latex(from_latex(x)))) == to_latex(from_latex(x))``: nothing changes after the first pass;
* ``from_latex(to_latex(text)) == canonical(text)``.

What is read: accents and symbols, the ligatures of TeX, fonts (``\emph``, ``{\it ...}``), ``\url``, braces that protect
capitals (`Span` "nocase"), mathematics (`Math`, never altered). A command that is not known stays as its own
characters, arguments included; `to_latex` writes them as characters too.

A group protects capitals if it holds a letter, doesn't begin with a command and isn't an argument: BibTeX's rule for
``change.case$`` (btxhak, "special characters"), which biber and pandoc share.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from itertools import chain
from typing import TYPE_CHECKING

from bibtool.bib.latexcommands import (
    BIBSTRINGS,
    CHEMISTRY,
    DROPPED,
    FIRST_OF_TWO,
    STRINGS,
    WITH_ARGUMENTS,
    expansion_of,
    formula,
    is_plain_formula,
    without_conditionals,
)
from bibtool.bib.latexsyntax import (
    ARGUMENT_SPANS,
    DECLARATIONS,
    LINE_BREAKS,
    OPTION,
    OTHER_KNOWN,
    TRANSPARENT,
    URL_COMMANDS,
    arguments_end,
    has_letter,
    is_known,
    is_math,
    pairs_of,
    plain_strings,
)
from bibtool.lazy import lazy_pattern
from bibtool.model.richtext import MAX_DEPTH, Math, Node, Span, SpanKind, Text, normal
from bibtool.model.text.texsymbols import (
    ACCENTS,
    BREAKS,
    LOGOS,
    NOTHING,
    SPACING,
    SYMBOLS,
    character_of,
    letters_of_mathematics,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_LIGATURES = {"---": "—", "--": "–", "``": "“", "''": "”", "?`": "¿", "!`": "¡"}

_INTERESTING = lazy_pattern(r"[\\{}$~\t\r\n`]|--|''|  ")
_TOKEN = lazy_pattern(r"\\(?:[A-Za-z]+\*?|.|$)|[{}$~]|-{2,3}|``?|'{1,2}|[?!]`| {2,}", re.DOTALL)
# single quotation marks that belong together; any other apostrophe stays an apostrophe
_SINGLE_QUOTES = lazy_pattern(r"`[^`'{}\\$]*'(?![^\W\d_]|')")
_LETTER = lazy_pattern(r"[^\W\d_]")
_BEYOND_BRACES = lazy_pattern(r"[\\$~\t\r\n`]|--|''|  ")
_SIMPLE_GROUP = lazy_pattern(r"\{([^{}]*)\}")
_DELIMITED = lazy_pattern(r"([|!+])([^|!+{}\\$]*)\1")
_URL_ESCAPE = lazy_pattern(r"\\([&%#_~{}])(?:\{\})?")


class _Frame:
    """An open group or argument."""

    __slots__ = ("kind", "link", "marks", "nodes", "protected", "protects", "resume", "span")

    def __init__(self, kind: str, *, protected: bool) -> None:
        self.kind = kind  # "root", "group", "argument", "declaration", "accent"
        self.protected = protected  # capitals are protected from outside
        self.protects = False
        self.span: SpanKind | None = None
        self.nodes: list[Node] = []
        self.marks: list[str] = []
        self.link = ""
        self.resume = 0  # where reading continues after the closing brace, if not right after it


class _Decoder:
    """Reads one value in one go; frames are kept in a list, so that depth costs no recursion."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pairs = pairs_of(text)
        self.frames = [_Frame("root", protected=False)]
        self.spans = 0
        self.marks: list[str] = []  # accents that wait for their letter
        self.closing_quote = -1

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

    def spaces(self, at: int) -> int:
        while at < len(self.text) and self.text[at] == " ":
            at += 1
        return at

    def token(self, token: str, start: int, end: int) -> int:
        first = token[0]
        if first == "\\":
            return self.control(token, start, end)
        if first == "{":
            if not self.marks and self.text.startswith("\\ensuremath{", end):
                close = self.pairs.get(end + 11, -1)
                letter = letters_of_mathematics().get(self.text[end + 12 : close]) if close > 0 else None
                if letter and self.text.startswith("}", close + 1):
                    self.emit(letter)
                    return close + 2
            self.open_group(start)
        elif first == "}":
            self.flush_marks()
            while self.frames[-1].kind == "declaration":
                self.close()
            if len(self.frames) == 1:
                self.frames[0].nodes.append("}")
            else:
                resume = self.frames[-1].resume
                self.close()
                return resume or end
        elif first == "$":
            return self.dollar(start)
        elif first == "~":
            self.emit("\u00a0")
        elif first == " ":
            self.emit(" ")
        elif end - start == 1:
            self.single_quote(start)
        else:
            self.emit(_LIGATURES[token])
        return end

    def single_quote(self, at: int) -> None:
        if self.text[at] == "`":
            if quoted := _SINGLE_QUOTES.match(self.text, at):
                self.closing_quote = quoted.end() - 1
            self.emit("‘")
        else:
            self.emit("’" if at == self.closing_quote else "'")

    def open_group(self, start: int) -> None:
        above = self.frames[-1]
        if self.marks:
            frame = _Frame("accent", protected=above.protected)
            frame.marks, self.marks = self.marks, []
        else:
            frame = _Frame("group", protected=above.protected)
            if start in self.pairs and self.text[start + 1 : start + 2] != "\\":
                frame.protects = not above.protected and self.spans < MAX_DEPTH
                frame.protected = True
        self.frames.append(frame)

    def open_span(self, kind: str, span: SpanKind | None) -> _Frame:
        frame = _Frame(kind, protected=self.frames[-1].protected)
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
            if frame.link and "".join(plain_strings(nodes)) != frame.link:
                above.append(f" ({frame.link})")

    def dollar(self, start: int) -> int:
        close = self.pairs.get(start)
        if close is None:
            self.emit("$")
            return start + 1
        # a display is one where both ends are doubled; pairing has already recognised "$a$$b$"
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
        if token[-1] == "*" and name not in URL_COMMANDS and name not in ARGUMENT_SPANS:
            if not is_known(name):
                return self.unknown(start, end)
            end -= 1  # the star is text
        if name in ACCENTS:
            self.marks.append(ACCENTS[name])
            return self.spaces(end)
        if name in ARGUMENT_SPANS:
            return self.argument(self.spaces(end), ARGUMENT_SPANS[name])
        if name in TRANSPARENT:
            return self.argument(self.spaces(end), None)
        if name in DECLARATIONS:
            self.flush_marks()
            self.open_span("declaration", DECLARATIONS[name])
            return self.spaces(end)
        if name in OTHER_KNOWN:
            return self.special(name, start, end)
        if name in WITH_ARGUMENTS:
            return self.command(name, start, end)
        if name in NOTHING:
            return self.spaces(end)
        if name in LOGOS:
            logo: Node = LOGOS[name]
            self.add(logo if self.frames[-1].protected or self.spans >= MAX_DEPTH else Span("nocase", (logo,)))
            return self.spaces(end)
        text = BREAKS.get(name) or character_of(name)
        if text is None:
            text = expansion_of(name)
        if text is None:
            return self.unknown(start, end)
        self.emit(text)
        return self.spaces(end)

    def control_symbol(self, token: str, start: int, end: int) -> int:
        char = token[1]
        if char in ACCENTS:
            self.marks.append(ACCENTS[char])
            return self.spaces(end)
        if char in SYMBOLS:
            self.emit(SYMBOLS[char])
        elif char in "([" and start in self.pairs:
            close = self.pairs[start]
            return self.math(end, close, close + 2)
        else:
            self.emit(token)
        return end

    def argument(self, at: int, span: SpanKind | None) -> int:
        """Open the argument that begins at ``at``; a single character is an argument without braces too."""
        self.flush_marks()
        following = self.text[at : at + 1]
        if following == "{" and at in self.pairs:
            self.open_span("argument", span)
            return at + 1
        if following and following not in "\\{}$~":
            node: Node = following
            self.add(Span(span, (node,)) if span is not None and self.spans < MAX_DEPTH else node)
            return at + 1
        return at

    def group(self, at: int) -> tuple[int, int] | None:
        """First and last offset of the group that begins at ``at``, after spaces; None where there is none."""
        at = self.spaces(at)
        close = self.pairs.get(at) if self.text[at : at + 1] == "{" else None
        return None if close is None else (at, close)

    def command(self, name: str, start: int, end: int) -> int:
        """A command of `WITH_ARGUMENTS`; without its arguments it is characters."""
        if option := OPTION.match(self.text, end):
            end = option.end()
        first = self.group(end)
        if first is None:
            return self.unknown(start, end)
        argument = self.text[first[0] + 1 : first[1]]
        if name in DROPPED:
            return first[1] + 1
        if name in STRINGS:
            self.emit(BIBSTRINGS.get(argument.strip(), argument.strip()))
            return first[1] + 1
        if name in CHEMISTRY:
            if not is_plain_formula(argument):
                return self.unknown(start, end)
            for node in formula(argument):
                self.add(node if isinstance(node, str) or self.spans < MAX_DEPTH else "".join(plain_strings((node,))))
            return first[1] + 1
        second = self.group(first[1] + 1)
        if second is None:
            return self.unknown(start, end)
        self.flush_marks()
        frame = self.open_span("argument", None)
        if name in FIRST_OF_TWO:
            frame.resume = second[1] + 1
            return first[0] + 1
        return second[0] + 1

    def special(self, name: str, start: int, end: int) -> int:
        if name in URL_COMMANDS and (delimited := _DELIMITED.match(self.text, end)):
            self.emit(delimited[2])
            return delimited.end()
        at = self.spaces(end)
        close = self.pairs.get(at) if self.text[at : at + 1] == "{" else None
        if close is None:
            return self.unknown(start, end)
        if name == "ensuremath":
            return self.math(at + 1, close, close + 1)
        target = _URL_ESCAPE.sub(r"\1", self.text[at + 1 : close])
        if name == "href":
            after = self.spaces(close + 1)
            if self.text[after : after + 1] != "{" or after not in self.pairs:
                return self.unknown(start, end)
            self.flush_marks()
            self.open_span("argument", None).link = target
            return after + 1
        self.emit(target)
        return close + 1

    def unknown(self, start: int, end: int) -> int:
        """Keep a command and the arguments that touch it as characters."""
        end = arguments_end(self.text, end, self.pairs)
        self.flush_marks()
        self.frames[-1].nodes.append(self.text[start:end])
        return end


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


def from_latex(latex: str) -> Text:
    """The text of a LaTeX value; spaces and line ends in it count as one space. Never raises."""
    latex = latex.strip(" \t\r\n")
    if "\\ifmmode" in latex:
        latex = without_conditionals(latex)
    if not _INTERESTING.search(latex):
        return Text((latex,)) if latex else Text()
    if "\n" in latex or "\t" in latex or "\r" in latex:
        # split and join do the same in ASCII, only faster
        latex = " ".join(latex.split()) if latex.isascii() and "$" not in latex else LINE_BREAKS.sub(" ", latex)
        if not _INTERESTING.search(latex):
            return Text((latex,))
    if not _BEYOND_BRACES.search(latex) and (text := _only_groups(latex)) is not None:
        return text
    return _Decoder(latex).run()


def _only_groups(latex: str) -> Text | None:
    """The text of a value that has nothing special but groups; None where these nest."""
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


# -- verbatim fields --------------------------------------------------------------------------------------------------

# what a command or a piece of mathematics stands for where TeX's characters have no meaning of their own
_NAMED_IN_VERBATIM = {
    "textunderscore": "_", "textasciitilde": "~", "textasciicircum": "^", "textless": "<", "textgreater": ">",
    "textbar": "|", "textquotesingle": "'", "textendash": "\u2013", "textdollar": "$", "textbraceleft": "{",
    "textbraceright": "}", "slash": "/", "allowbreak": "", "sim": "~", "less": "<", "lt": "<", "greater": ">",
    "gt": ">",
}  # fmt: skip
_VERBATIM_ESCAPE = lazy_pattern(
    r"\{?\\(?P<sign>[_%&#$])\}?|\$\s*(?:\\(?P<math>sim|less|greater|lt|gt)|\\?(?P<relation>[<>_]))\s*\$"
    r"|\{\\~(?:\{\})?\}|\\~(?:\{ ?\})?|\\(?P<brace>[{}])|\\-|\\\^\{\}"
    r"|\{\\(?P<braced>text[a-z]+)(?: |\{\})?\}|\\(?P<name>text[a-z]+|slash|allowbreak)(?: |\{\}|(?![A-Za-z]))"
)
_BRACED_RELATION = lazy_pattern(r"\{(\$[^${}]{1,10}\$)\}")
_LINK_COMMAND = lazy_pattern(r"\\(?:url|path|nolinkurl)\s*(?:\{(.*)\}|([|!+])(.*)\2)", re.DOTALL)
_LINKED = lazy_pattern(r"\\href\s*\{([^{}]*)\}\s*\{[^{}]*\}")


def verbatim_from_latex(latex: str) -> str:
    r"""A URL, DOI, path: unchanged except for escapes that people add (``\_``, ``\%``, ``\&``, ``\#``, ``\~{}``)."""
    text = latex.strip()
    if text.startswith("\\") and (command := _LINK_COMMAND.fullmatch(text)):
        text = (command[1] if command[3] is None else command[3]).strip()
    while len(text) > 1 and text[0] == "{" and text[-1] == "}" and pairs_of(text).get(0) == len(text) - 1:
        text = text[1:-1].strip()
    if text.startswith("\\") and (linked := _LINKED.fullmatch(text)):
        text = linked[1].strip()
    if "$" in text:
        text = _BRACED_RELATION.sub(r"\1", text)
    elif "\\" not in text:
        return text
    return _VERBATIM_ESCAPE.sub(_verbatim, text)


def _verbatim(escape: re.Match[str]) -> str:
    if plain := escape["sign"] or escape["relation"] or escape["brace"]:
        return plain
    if name := escape["math"] or escape["braced"] or escape["name"]:
        return _NAMED_IN_VERBATIM.get(name, escape[0])
    return {"-": "", "^": "^"}.get(escape[0][1:2], "~")


# -- the TeX of arXiv's metadata --------------------------------------------------------------------------------------

# accents that are letters need a brace or a space after them (\v{c}, \v c), the others do not (\'e)
_ACCENTED = lazy_pattern(
    r"\{?\\(?:(?P<sign>[`'^~=.\"])\s*|(?P<letter>[uvHrdckb])(?=[\s{\\])\s*)"
    r"(?:\{\s*(?P<braced>\\?[A-Za-z])\s*\}|(?P<bare>\\?[A-Za-z])(?![A-Za-z])|(?P<next>[A-Za-z]))\}?"
)
_LETTER_COMMAND = lazy_pattern(r"\{?\\(ss|ae|AE|oe|OE|aa|AA|dh|DH|th|TH|dj|DJ|o|O|l|L|i|j)(?:\{\}|\s+|(?![A-Za-z]))\}?")
_DOLLARS = lazy_pattern(r"(\$[^$]{0,2000}\$)")


def detex(text: str) -> str:
    r"""The text with TeX accents and letters outside ``$math$`` as Unicode (NFC); other commands stay as they are.

    For arXiv's metadata: the old server sent ``H\"older`` as the authors typed it, the new one sends ``Hölder``.
    """
    if "\\" in text:
        pieces = _DOLLARS.split(text)
        text = "".join(piece if index % 2 else _without_accents(piece) for index, piece in enumerate(pieces))
    return unicodedata.normalize("NFC", text)


def _without_accents(text: str) -> str:
    return _LETTER_COMMAND.sub(lambda command: character_of(command[1]) or "", _ACCENTED.sub(_composed, text))


def _composed(accented: re.Match[str]) -> str:
    base = (accented["braced"] or accented["bare"] or accented["next"]).lstrip("\\")
    whole = accented[0]
    # the pattern includes a brace on either side; one without its partner belongs to the surrounding text
    open_braces = whole.count("{") - whole.count("}")
    before = "{" if open_braces > 0 and whole.startswith("{") else ""
    after = "}" if open_braces < 0 and whole.endswith("}") else ""
    return before + unicodedata.normalize("NFC", base + ACCENTS[accented["sign"] or accented["letter"]]) + after
