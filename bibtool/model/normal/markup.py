"""Markup of HTML, JATS and MathML as the markup of CSL-JSON, which `bibtool.model.richtext` parses.

Sources: JATS 1.3 (``italic``, ``bold``, ``sup``, ``sub``, ``sc``, ``p``, ``inline-formula``); MathML 3, presentation
markup; Crossref's schema, "face markup" (``i``, ``b``, ``scp`` ...); HTML's named characters.
"""

from __future__ import annotations

import re
import unicodedata

from bibtool.lazy import lazy_pattern
from bibtool.model.normal.foreigntags import FOREIGN_TAG
from bibtool.structs import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_SMALL_CAPS: Final = '<span style="font-variant:small-caps;">'
_NAMES: Final = {"italic": "i", "em": "i", "bold": "b", "strong": "b", "sup": "sup", "sub": "sub", "i": "i", "b": "b"}
_OWN_TAGS: Final = ("<i>", "</i>", "<b>", "</b>", "<sup>", "</sup>", "<sub>", "</sub>")  # mostly there are no others
_TAG = lazy_pattern(r"<(?P<close>/?)(?:\w+:)?(?P<name>[A-Za-z-]+)")
_PARAGRAPH = lazy_pattern(r"</?(?:jats:)?(?:p|sec|br|div)(?:\s[^<>]{0,300})?/?>", re.IGNORECASE)
_PARAGRAPHS = lazy_pattern(r"</(?:jats:)?(?:p|sec|div)\b|<br\b", re.IGNORECASE)
_HEADING = lazy_pattern(r"<jats:title>\s*(?:abstract|summary)\s*</jats:title>", re.IGNORECASE)
_MATH = lazy_pattern(r"<(?:(?P<prefix>mml|m):)?math\b[^<>]{0,500}>(?P<body>.{0,20000}?)</(?:\w+:)?math>", re.DOTALL)
_ENTITY = lazy_pattern(r"&(?!(?:lt|gt|amp|#36|#38);)(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TWICE = lazy_pattern(r"&amp;(?=(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)")


def normal_markup(text: str) -> str:
    """The text with foreign tags and entities as CSL-JSON's markup; text without any is the same object.

    Tags without a meaning there are taken away, paragraphs become lines, MathML becomes TeX between dollars. Entities
    that were escaped twice (``&amp;amp;``) are read once more.
    """
    if "&" in text:
        text = _ENTITY.sub(_character, _TWICE.sub("&", text))
    if "<" not in text or text.count("<") == sum(map(text.count, _OWN_TAGS)) or not FOREIGN_TAG.search(text):
        return text
    if "math" in text:
        text = _MATH.sub(lambda math: f"${mathml_to_tex(math['body'])}$", text)
    text = _HEADING.sub("", text)
    if _PARAGRAPHS.search(text):
        lines = (" ".join(line.split()) for line in _PARAGRAPH.split(text))
        text = "\n".join(line for line in lines if line)
    return FOREIGN_TAG.sub(lambda tag: _translated(tag, text), text)


def _character(entity: re.Match[str]) -> str:
    from html import unescape  # with its table of 2,200 names

    char = unescape(entity[0])
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;", "$": "&#36;"}.get(char, char)


def _translated(tag: re.Match[str], text: str) -> str:
    match = _TAG.match(tag[0])
    assert match is not None
    name, close = match["name"].casefold(), match["close"]
    if ":" not in tag[0].split()[0] and name != "br" and f"</{match['name']}" not in text:
        return tag[0].replace("<", "&lt;").replace(">", "&gt;")  # a mean value, not markup: <p>
    if name in _NAMES:
        return f"<{close}{_NAMES[name]}>"
    if name in {"sc", "scp"}:
        return "</span>" if close else _SMALL_CAPS
    return " " if name == "br" else ""


# MathML


@dataclass(slots=True)
class _Element:
    name: str
    kids: list[_Element] = field(default_factory=list)
    text: str = ""


_PIECE = lazy_pattern(r"<(?P<close>/?)(?:\w+:)?(?P<name>[A-Za-z-]+)[^<>]*?(?P<empty>/?)>|(?P<text>[^<]+)")
_MAX_DEPTH = 40
_OPERATORS: Final = {
    "×": r"\times", "±": r"\pm", "∓": r"\mp", "≤": r"\leq", "≥": r"\geq", "→": r"\to", "∞": r"\infty", "≈": r"\approx",
    "·": r"\cdot", "⋅": r"\cdot", "∼": r"\sim", "∈": r"\in", "∑": r"\sum", "∏": r"\prod", "∫": r"\int",
    "∂": r"\partial",    "∇": r"\nabla", "≠": r"\neq", "≃": r"\simeq", "⊗": r"\otimes", "⊕": r"\oplus", "∗": "*",
    "\N{MINUS SIGN}": "-",
    "′": "'", "≪": r"\ll", "≫": r"\gg", "ℓ": r"\ell", "ħ": r"\hbar", "ℏ": r"\hbar", "†": r"\dagger", "∘": r"\circ",
    "⟨": r"\langle", "⟩": r"\rangle", "∧": r"\wedge", "∪": r"\cup", "∩": r"\cap", "⊂": r"\subset", "∝": r"\propto",
    "{": r"\{", "}": r"\}", "%": r"\%", "#": r"\#", "&": r"\&", "$": r"\$", "_": r"\_",
    "\u2061": "", "\u2062": "", "\u2063": "", "\u2064": "", "\u00a0": " ", "\u2009": " ",
}  # fmt: skip
_ACCENTS: Final = {"¯": "bar", "‾": "bar", "^": "hat", "ˆ": "hat", "~": "tilde", "˜": "tilde", "→": "vec", "˙": "dot",
                   "¨": "ddot"}  # fmt: skip


def mathml_to_tex(body: str) -> str:
    """The TeX of the content of MathML's ``math``; elements that are not known give their content."""
    from html import unescape

    root = _Element("mrow")
    stack = [root]
    for piece in _PIECE.finditer(body):
        if piece["text"] is not None:
            stack[-1].text += unescape(unescape(piece["text"])).strip()
        elif piece["close"]:
            if len(stack) > 1 and stack[-1].name == piece["name"].casefold():
                stack.pop()
        else:
            element = _Element(piece["name"].casefold())
            stack[-1].kids.append(element)
            if not piece["empty"] and len(stack) < _MAX_DEPTH:
                stack.append(element)
    return re.sub(r"\s+", " ", _tex(root)).strip()


def _tex(element: _Element) -> str:
    name = element.name
    kids = [_tex(kid) for kid in element.kids]
    if name in {"annotation", "annotation-xml", "mspace", "none"}:
        return " " if name == "mspace" else ""
    if name == "mtext" or (name == "mi" and len(element.text) > 1 and element.text.isascii()):
        plain = "".join(_OPERATORS.get(char, char) for char in element.text)
        return rf"\mathrm{{{plain}}}" if plain.strip() else " "
    if name in {"mi", "mn", "mo"}:
        return "".join(_symbol(char) for char in element.text)
    if name in {"msub", "munder"} and len(kids) == 2:
        return f"{_group(kids[0])}_{_group(kids[1])}"
    if name == "mover" and len(kids) == 2 and (accent := _ACCENTS.get(element.kids[1].text)):
        return rf"\{accent}{{{kids[0].strip()}}}"
    if name in {"msup", "mover"} and len(kids) == 2:
        return f"{_group(kids[0])}^{_group(kids[1])}"
    if name in {"msubsup", "munderover"} and len(kids) == 3:
        return f"{_group(kids[0])}_{_group(kids[1])}^{_group(kids[2])}"
    if name == "mfrac" and len(kids) == 2:
        return rf"\frac{{{kids[0].strip()}}}{{{kids[1].strip()}}}"
    if name == "mroot" and len(kids) == 2:
        return rf"\sqrt[{kids[1].strip()}]{{{kids[0].strip()}}}"
    content = "".join(_OPERATORS.get(char, char) for char in element.text) + "".join(kids)
    if name == "msqrt":
        return rf"\sqrt{{{content.strip()}}}"
    if name == "mfenced":
        return "(" + ",".join(kids) + ")"
    return content


_ONE_WORD = lazy_pattern(r"\\mathrm\{[^{}]*\}")


def _group(tex: str) -> str:
    tex = tex.strip()
    return tex if len(tex) == 1 or _ONE_WORD.fullmatch(tex) else f"{{{tex}}}"


def _symbol(char: str) -> str:
    if char.isascii() and char.isalnum():
        return char
    if (tex := _OPERATORS.get(char)) is not None:
        return f"{tex} " if tex[:1] == "\\" and tex[1:].isalpha() else tex
    name = unicodedata.name(char, "")
    if name.startswith("GREEK SMALL LETTER ") and " WITH " not in name and len(name.split()) == 4:
        return f"\\{name.split()[-1].lower().replace('lamda', 'lambda')} "
    if name.startswith("GREEK CAPITAL LETTER ") and char in "ΓΔΘΛΞΠΣΥΦΨΩ":
        return f"\\{name.split()[-1].capitalize().replace('Lamda', 'Lambda')} "
    return char
