"""The value of one field as a CSL value. Used for reading, and by the writer to see what a stored form says."""

from __future__ import annotations

from collections import Counter

from bibtool.bib.latex import from_latex, verbatim_from_latex
from bibtool.bib.latexmarkup import has_markup, without_markup
from bibtool.bib.latexsyntax import commands_of, has_lossy_command
from bibtool.bib.latexwriting import to_latex
from bibtool.bib.names import read_names
from bibtool.formats.bibtex.dates import parse_edtf
from bibtool.formats.bibtex.mapping import TITLES
from bibtool.model.normal.pages import PLAIN_RANGE, normal_pages
from bibtool.model.normal.values import normalised
from bibtool.model.numbers import Number
from bibtool.model.record import Value, Verbatim
from bibtool.model.richtext import Node, Span, Text, normal, parse_markup
from bibtool.model.vocabulary import VARIABLES


def read_value(variable: str, content: str) -> tuple[Value | None, str]:
    """The value of a field's content as ``variable``, and what is wrong with it ("" if nothing).

    None for an empty value. An identifier that is not valid is kept unchanged.
    """
    kind = VARIABLES[variable]
    if kind != "verbatim" and has_markup(content):
        content = without_markup(content)
    if kind == "text":
        text = from_latex(content)
        if variable not in TITLES:
            text = without_protection(text)
        return (text, "") if text else (None, "")
    if kind == "names":
        names, fault = read_names(content)
        return (names, fault) if names else (None, "")
    if kind == "number":
        return _number(variable, content)
    if kind == "date":
        date, _ = parse_edtf(content)
        return (date, "") if date.start or date.end or date.literal else (None, "")
    return _verbatim(variable, content)


def unread_commands(content: str, value: Value) -> Counter[str]:
    r"""The commands of TeX in a field that its value has only as characters, and how often: ``foo``."""
    if "\\" not in content or isinstance(value, Verbatim):
        return Counter()
    unknown = commands_of(content)
    if not unknown:
        return unknown
    if isinstance(value, Number):
        value = parse_markup(value.text)
    if not isinstance(value, Text):
        return unknown
    left = unknown - commands_of(to_latex(value))
    return left and left - commands_of(to_latex(value, ascii_only=True))  # those that only spell a character


def loses_commands(content: str, value: Value) -> bool:
    r"""Whether a field has commands of TeX (``\foo``, ``\mnras``) that its value alone can't restore."""
    if "\\" not in content:
        return False
    if isinstance(value, Verbatim):
        return "\\" in value.text
    return has_lossy_command(content) or bool(unread_commands(content, value))


def _number(variable: str, content: str) -> tuple[Value | None, str]:
    content = content.strip()
    if content.isascii() and content.isdigit():
        return Number(content), ""
    if variable == "page" and PLAIN_RANGE.fullmatch(content):
        return Number(normal_pages(content)), ""  # nothing in it is TeX, and most pages are so
    markup = without_protection(from_latex(content)).markup()
    return (Number(normalised(variable, markup).text), "") if markup else (None, "")


def _verbatim(variable: str, content: str) -> tuple[Value | None, str]:
    if variable == "language":
        text = from_latex(content).plain()
        return (Verbatim(normalised(variable, text).text), "") if text else (None, "")
    text = verbatim_from_latex(content)
    if not text:
        return None, ""
    normal = normalised(variable, text)
    return Verbatim(normal.text), normal.fault


def without_protection(text: Text) -> Text:
    """The text without case protection."""
    if all(isinstance(node, str) for node in text.nodes):
        return text
    return Text(_unprotected(text.nodes))


def _unprotected(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    out: list[Node] = []
    for node in nodes:
        if isinstance(node, Span):
            inner = _unprotected(node.nodes)
            if node.kind == "nocase":
                out.extend(inner)
            else:
                out.append(Span(node.kind, inner))
        else:
            out.append(node)
    return normal(out)
