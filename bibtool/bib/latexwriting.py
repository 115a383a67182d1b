r"""`Text` to LaTeX; see `bibtool.bib.latex` for the opposite direction and the laws that both keep.

A text is not TeX: everything in it is written so that it prints. A command that `from_latex` does not understand is in
a text as its characters, and is written as them; `bibtool.formats.bibtex` keeps the content of its field next to it.
"""

from __future__ import annotations

import re
import unicodedata

from bibtool.bib.latexsyntax import LINE_BREAKS, has_letter, is_math
from bibtool.bib.markuptags import LIKE_TAG
from bibtool.bib.syntax import is_balanced
from bibtool.lazy import lazy_pattern
from bibtool.model.richtext import MAX_DEPTH, Math, Node, Span, SpanKind, Text, normal
from bibtool.model.text.texmath import is_harmless_math
from bibtool.model.text.texsymbols import SPACES, accented, ascii_form

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
_SPECIAL_ESCAPES = {
    "\\": "\\textbackslash{}",
    "&": "\\&",
    "%": "\\%",
    "#": "\\#",
    "_": "\\_",
    "$": "\\$",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "`": "\\textasciigrave{}",
    "<": "<{}",
    "–": "--",
    "—": "---",
    "“": "``",
    "”": "''",
    **SPACES,
}
_URL_CHARS = r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]"
_URL = rf"(?:https?|ftp)://{_URL_CHARS}*[A-Za-z0-9\-_~/#=&+$%]"
_PLAIN_RUN = lazy_pattern(r"[\\&%#_{}$~^–—“”\u00a0\u00ad\u2004\u2005\u2009\n`]|--|''|<[/A-Za-z]|  |://|[^\x00-\x7f]")
_ESCAPED = lazy_pattern(
    rf"(?P<url>{_URL})|(?P<quoted>‘(?:[^\W_]|[ .,:;()](?! )|-(?!-))*’(?![^\W\d_]|'))"
    rf"|(?P<entity>&(?=#?\w{{1,31}};))|[\\&%#_{{}}$~^–—“”\u00a0\u00ad\u2004\u2005\u2009]"
    rf"|-{{2,}}|`|'{{2,}}|{LIKE_TAG}| {{2,}}|\n+|(?P<cluster>[^\W\d_][\u0300-\u036f]+)|(?P<foreign>[^\x00-\x7f])",
    re.DOTALL,
)
_JOINING = {("-", "-"), ("`", "`"), ("'", "'"), ("?", "`"), ("!", "`")}


class _Encoder:
    """Builds the output piece by piece and keeps neighbours from joining into something else."""

    def __init__(self, *, ascii_only: bool) -> None:
        self.ascii_only = ascii_only
        self.pieces: list[str] = []
        self.last = ""

    def put(self, piece: str) -> None:
        if not piece:
            return
        if (self.last, piece[0]) in _JOINING:
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
                self.pieces.append("}")
                self.last = "}"

    def string(self, text: str) -> None:
        if not _PLAIN_RUN.search(text):
            self.put(text)
            return
        # in ASCII a symbol may become mathematics, which cuts the string: pairs can't be relied on
        balanced = not self.ascii_only and is_balanced(text)
        at = 0
        while special := _ESCAPED.search(text, at):
            start, end = special.span()
            self.put(text[at:start])
            at = end
            token = special[0]
            if special["quoted"]:
                if token[1:-1].isascii() or not self.ascii_only:
                    self.put(f"`{token[1:-1]}'")
                else:
                    at = start + 1
                    self.put(self.escaped("‘", cluster=False, foreign=True))
            elif special["entity"]:
                self.put("\\&{}")
            elif special["url"]:
                self.put(f"\\url{{{token}}}")
            elif token[0] in "{}":
                self.brace(token, balanced=balanced)
            else:
                self.put(self.escaped(token, cluster=bool(special["cluster"]), foreign=bool(special["foreign"])))
        self.put(text[at:])

    def brace(self, char: str, *, balanced: bool) -> None:
        if balanced:
            self.put(f"\\{char}")
        else:
            self.put("\\textbraceleft{}" if char == "{" else "\\textbraceright{}")

    def escaped(self, token: str, *, cluster: bool, foreign: bool) -> str:
        if token in _SPECIAL_ESCAPES:
            return _SPECIAL_ESCAPES[token]
        first = token[0]
        if first in "-'":
            return "{}".join(token)
        if first == " ":
            return " " + "{ }" * (len(token) - 1)
        if first == "\n":
            return "\\par{}" * (len(token) // 2) + "\\newline{}" * (len(token) % 2)
        if not self.ascii_only:
            return token
        if cluster:
            return _cluster(token)
        return (ascii_form(token) or token) if foreign else token


def _cluster(token: str) -> str:
    """A letter with combining marks that Unicode has no single character for."""
    if len(token) == 2 and (latex := accented(token[0], token[1])):
        return f"{{{latex}}}"
    return (token[0] if token[0].isascii() else ascii_form(token[0]) or token[0]) + token[1:]


def canonical(text: Text) -> Text:
    r"""The same text in the form that LaTeX can hold.

    A tab is a space, a line end is ``\n``; case protection without letters or inside another has no effect and is
    dropped, as are spans below the 50th level; mathematics that TeX could not read, or that does more than print,
    becomes its characters.
    """
    if len(text.nodes) == 1 and isinstance(text.nodes[0], str):
        return Text((_lines(text.nodes[0]),)) if text.nodes[0] else Text()
    return Text(_canonical(text.nodes, 0, protected=False))


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
            tex = LINE_BREAKS.sub(" ", node.tex)
            if is_math(tex) and is_harmless_math(tex):
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


_DECOMPOSED = lazy_pattern(r"[^\W\d_][\u0300-\u036f]+")


def _compose(cluster: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", cluster[0])


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
