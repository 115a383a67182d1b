r"""Tags and entities of HTML, JATS and MathML in a BibTeX value, as LaTeX.

Publishers export titles as their web pages have them: ``<i>E. coli</i>``, ``&amp;``, ``&lt;sub&gt;``, and Crossref
wrote ``$\less$i$\greater$`` for years. Only closed sets are read: the named entities of HTML, and the tags below in
pairs whose braces match. All else stays characters.

Sources: HTML standard, section 13.5; JATS, "Formatting elements"; MathML 3, chapter 3.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.bib.latexwriting import to_latex
from bibtool.bib.markuptags import COMMANDS, NAMES, SINGLE
from bibtool.bib.syntax import is_balanced
from bibtool.lazy import lazy_pattern
from bibtool.model.richtext import Text
from bibtool.model.text.texsymbols import mathematics

if TYPE_CHECKING:
    from collections.abc import Sequence

TAG: Final = lazy_pattern(
    rf"<(?P<close>/)?(?:jats:)?(?P<name>{NAMES})(?P<rest>\s[^<>{{}}$]{{0,300}})?(?P<single>/)?>", re.IGNORECASE
)
_FORMULA = lazy_pattern(r"<(?P<math>(?:mml:|m:)?math)\b[^<>]{0,500}>(?P<inner>.{0,20000}?)</(?P=math)>", re.DOTALL)
_TEX = lazy_pattern(r"<(?:jats:)?tex-math\b[^<>]{0,200}>(.{0,5000}?)</(?:jats:)?tex-math>", re.DOTALL)
_SEMICOLON = r"(?:;|\$\\mathsemicolon\$)"
_ENTITY = lazy_pattern(
    rf"(?:\{{\\&\}}|\\?&)(?:amp{_SEMICOLON})*(?:(?P<name>[A-Za-z][A-Za-z0-9]{{1,31}})"
    rf"|(?:\\#|\{{\\#\}}|#)(?:(?P<decimal>\d{{1,7}})|[xX](?P<hex>[0-9A-Fa-f]{{1,6}}))){_SEMICOLON}"
)
_ANGLE = lazy_pattern(r"\$\\(less|greater)\$|\{?\\text(less|greater)(?:\{\})?\}?")


def has_markup(latex: str) -> bool:
    """A cheap first question: whether there may be markup in a value."""
    return "<" in latex or "&" in latex or ("\\" in latex and ("\\less" in latex or "\\textless" in latex))


def without_markup(latex: str) -> str:
    """The value with LaTeX for tags and entities; the same object where it has none. Never raises."""
    if not has_markup(latex):
        return latex
    text = latex
    if "\\less" in text or "\\textless" in text:
        text = _with_angles(text)
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    if "<" in text:
        if "math" in text:
            text = _FORMULA.sub(lambda math: f"${_mathml(math['inner'])}$", _TEX.sub(_tex, text))
        text = _with_commands(text)
    return text


def _with_angles(latex: str) -> str:
    """Angle brackets written as commands, where they make up tags."""
    plain = _ANGLE.sub(lambda sign: "<" if "less" in sign[0] else ">", latex)
    return plain if "$\\less$" in latex or TAG.search(plain) else latex


def _character(entity: re.Match[str]) -> str:
    from html.entities import html5  # two thousand names, needed by few files

    if entity["name"]:
        text = html5.get(entity["name"] + ";")
    else:
        number = int(entity["decimal"]) if entity["decimal"] else int(entity["hex"], 16)
        text = chr(number) if 32 <= number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else None
    if text is None or not (text.isprintable() or text == "\xa0"):
        return entity[0]
    return text if text in "<>" else to_latex(Text.of(text))


def _with_commands(text: str) -> str:
    """Pairs of tags as commands; a tag without its partner, or with a brace in between that has none, stays."""
    pieces: list[str] = []
    waiting: list[tuple[str, int]] = []  # name and place in `pieces` of what is open
    at = dollars = 0
    for tag in TAG.finditer(text):
        before = text[at : tag.start()]
        dollars += before.count("$") - before.count("\\$")
        pieces.append(before)
        at = tag.end()
        name = tag["name"].lower()
        if dollars % 2:
            pieces.append(tag[0])
        elif name in SINGLE:
            pieces.append(" ")
        elif tag["single"]:
            pieces.append("")
        elif not tag["close"]:
            waiting.append((name, len(pieces)))
            pieces.append(tag[0])
        else:
            pieces.append(_closed(tag[0], name, pieces, waiting))
    return "".join(pieces) + text[at:]


def _closed(tag: str, name: str, pieces: list[str], waiting: list[tuple[str, int]]) -> str:
    """What is written for a closing tag; its opening one in ``pieces`` is replaced."""
    depth = next((depth for depth in range(len(waiting) - 1, -1, -1) if waiting[depth][0] == name), None)
    if depth is None or len(waiting) - depth > 20:
        return tag
    place = waiting[depth][1]
    del waiting[depth:]
    if not is_balanced("".join(pieces[place + 1 :])):
        return tag
    command = COMMANDS.get(name)
    pieces[place] = f"{command}{{" if command else ""
    return "}" if command else " " if name in {"p", "title"} else ""


def _tex(formula: re.Match[str]) -> str:
    """The mathematics of ``<tex-math>``, which may be a whole document."""
    _, begin, rest = formula[1].rpartition("\\begin{document}")
    tex = (rest if begin else formula[1]).partition("\\end{document}")[0].strip().strip("$").strip()
    return f"${tex}$" if tex and "$" not in tex and is_balanced(tex) else formula[0]


# -- MathML ---------------------------------------------------------------------------------------------------------

_MML = lazy_pattern(r"<(?P<close>/?)(?:mml:|m:)?(?P<name>[a-z]+)\b[^<>]*?(?P<single>/?)>|(?P<text>[^<]+)")
_SCRIPTS = {
    "msub": (2, "{0}_{{{1}}}"),
    "msup": (2, "{0}^{{{1}}}"),
    "msubsup": (3, "{0}_{{{1}}}^{{{2}}}"),
    "mfrac": (2, "\\frac{{{0}}}{{{1}}}"),
    "mroot": (2, "\\sqrt[{1}]{{{0}}}"),
    "munder": (2, "{0}_{{{1}}}"),
    "mover": (2, "{0}^{{{1}}}"),
    "munderover": (3, "{0}_{{{1}}}^{{{2}}}"),
}


def _mathml(markup: str) -> str:
    """TeX for presentation MathML; what is not known gives its content."""
    stack: list[tuple[str, list[str]]] = [("mrow", [])]
    for token in _MML.finditer(markup):
        if token["text"] is not None:
            text = " ".join(token["text"].split())
            if text:
                stack[-1][1].append(_leaf(stack[-1][0], text))
        elif token["close"]:
            if len(stack) > 1:
                name, children = stack.pop()
                stack[-1][1].append(_element(name, children))
        elif not token["single"] and len(stack) < 100:
            stack.append((token["name"], []))
    while len(stack) > 1:
        name, children = stack.pop()
        stack[-1][1].append(_element(name, children))
    return _element(*stack[0])


def _leaf(name: str, text: str) -> str:
    if name == "mtext" or (name == "mi" and len(text) > 1 and text.isalpha()):
        return f"\\mathrm{{{text}}}"
    tex = "".join(char if char.isascii() else f"{mathematics(char) or char} " for char in text)
    return re.sub(r"(?<!\\)[#%&$]", r"\\\g<0>", tex)


def _element(name: str, children: Sequence[str]) -> str:
    count, form = _SCRIPTS.get(name, (0, ""))
    if count and len(children) == count:
        return form.format(*children)
    content = "".join(children).strip()
    if name == "msqrt":
        return f"\\sqrt{{{content}}}"
    if name == "mfenced":
        return f"({','.join(children)})"
    return content
