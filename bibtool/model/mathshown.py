r"""Mathematics for readers who have no TeX: as marked text, as plain Unicode, as MathML, as Typst.

Each function takes the TeX of a `Math` and gives None, or the TeX itself, where it can't be shown so.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from bibtool.model.richtext import Node, Span, normal
from bibtool.model.text.mathtree import Accent, Fraction, Leaf, Root, Row, Scripts, Styled, Tree, parse
from bibtool.model.text.texsymbols import letter_in_font

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_SUPERSCRIPTS: Final = str.maketrans(
    "0123456789+\u2212-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδεθιφχ",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᵋᶿᶥᵠᵡ",
)
_SUBSCRIPTS: Final = str.maketrans(
    "0123456789+\u2212-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ"
)


@lru_cache(maxsize=4096)
def shown(tex: str) -> tuple[Node, ...] | None:
    r"""Simple mathematics as nodes with sub- and superscripts; None for fractions, roots and what is not known.

    >>> shown("_{2}")
    (Span(kind='subscript', nodes=('2',)),)
    """
    tree = parse(tex)
    if tree is None:
        return None
    out: list[Node] = []
    return (normal(out) or None) if _nodes(tree, out) else None


@lru_cache(maxsize=4096)
def plain_mathematics(tex: str) -> str:
    r"""Mathematics as characters, scripts as Unicode has them, else ``x_(ij)``; ``$tex$`` where it is not known."""
    tree = parse(tex)
    return f"${tex}$" if tree is None else _plain(tree)


def _nodes(tree: Tree, out: list[Node]) -> bool:
    """Add the nodes of a tree; False where marked text can't say it."""
    if isinstance(tree, Leaf):
        out.append(_spaced(tree, out))
    elif isinstance(tree, Row):
        return all(_nodes(item, out) for item in tree.items)
    elif isinstance(tree, Scripts):
        if not _nodes(tree.base, out):
            return False
        for kind, script in (("subscript", tree.sub), ("superscript", tree.sup)):
            if script is not None:
                inner: list[Node] = []
                if not _nodes(script, inner):
                    return False
                if inner == ["′"]:
                    out.append("′")
                else:
                    out.append(Span(kind, normal(inner)))  # type: ignore[arg-type] # the two kinds above
    elif isinstance(tree, Accent):
        text = _accented(tree)
        if not text:
            return False
        out.append(text)
    elif isinstance(tree, Styled):
        text = _in_font(tree)
        inner = []
        if text:
            out.append(text)
        elif tree.font == "bold" and _nodes(tree.inner, inner):
            out.append(Span("bold", normal(inner)))
        else:
            return False
    else:
        return False
    return True


def _spaced(leaf: Leaf, before: list[Node]) -> str:
    """The characters of a leaf; a name of a function is kept apart from a letter next to it."""
    last = before[-1] if before else ""
    if isinstance(last, Span):
        last = ")"
    if leaf.kind == "function" and isinstance(last, str) and last[-1:].isalnum() and len(leaf.text) > 1:
        return " " + leaf.text
    return leaf.text


def _accented(accent: Accent) -> str:
    base = accent.inner.text if isinstance(accent.inner, Leaf) else ""
    return unicodedata.normalize("NFC", base + accent.mark) if len(base) == 1 else ""


def _in_font(styled: Styled) -> str:
    """The letters that Unicode has in a font of mathematics; "" for bold, which text has itself."""
    leaves = styled.inner.items if isinstance(styled.inner, Row) else (styled.inner,)
    if styled.font == "bold":
        return ""
    letters = [letter_in_font(leaf.text, styled.font) if isinstance(leaf, Leaf) else "" for leaf in leaves]
    return "".join(letters) if all(letters) else ""


def _plain(tree: Tree) -> str:
    if isinstance(tree, Leaf):
        return tree.text
    if isinstance(tree, Row):
        text = ""
        for item in tree.items:
            text += _spaced(item, [text]) if isinstance(item, Leaf) else _plain(item)
        return text
    if isinstance(tree, Scripts):
        sub = _script(tree.sub, _SUBSCRIPTS, "_")
        return _plain(tree.base) + sub + _script(tree.sup, _SUPERSCRIPTS, "^")
    if isinstance(tree, Fraction):
        return f"{_grouped(tree.above)}/{_grouped(tree.below)}"
    if isinstance(tree, Root):
        return f"√{_grouped(tree.inner)}"
    if isinstance(tree, Accent):
        return _accented(tree) or _plain(tree.inner)
    return _in_font(tree) or _plain(tree.inner)


def _script(tree: Tree | None, table: dict[int, int], sign: str) -> str:
    if tree is None:
        return ""
    text = _plain(tree)
    if all(ord(char) in table for char in text):
        return text.translate(table)
    if text in {"′", "∗", "†"}:
        return text
    return sign + (text if text.isalnum() or len(text) == 1 else f"({text})")


def _grouped(tree: Tree) -> str:
    text = _plain(tree)
    return text if text.isalnum() else f"({text})"


# -- MathML Core ------------------------------------------------------------------------------------------------------

_MML: Final = {"letter": "mi", "number": "mn", "operator": "mo", "function": "mi", "text": "mtext"}
_VARIANTS: Final = {"bold": "bold", "blackboard": "double-struck", "script": "script", "fraktur": "fraktur"}


def mathml(tex: str) -> str | None:
    """Presentation MathML, well-formed; None where the mathematics is not known."""
    tree = parse(tex)
    return None if tree is None else f"<math><mrow>{_mml(tree)}</mrow></math>"


def _mml(tree: Tree) -> str:
    if isinstance(tree, Leaf):
        if tree.kind == "space":
            return '<mspace width="0.2em"/>' if tree.text == "\u2009" else ""
        text = tree.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return f"<{_MML[tree.kind]}>{text}</{_MML[tree.kind]}>"
    if isinstance(tree, Row):
        return "".join(_mml(item) for item in tree.items)
    if isinstance(tree, Scripts):
        parts = [part for part in (tree.base, tree.sub, tree.sup) if part is not None]
        name = "msubsup" if len(parts) == 3 else "msub" if tree.sup is None else "msup"
        return f"<{name}>{''.join(map(_mrow, parts))}</{name}>"
    if isinstance(tree, Fraction):
        return f"<mfrac>{_mrow(tree.above)}{_mrow(tree.below)}</mfrac>"
    if isinstance(tree, Root):
        return f"<msqrt>{_mml(tree.inner)}</msqrt>"
    if isinstance(tree, Accent):
        mark = {"\u0332": "_", "\u0305": "¯", "\u0304": "¯", "\u20d7": "→"}.get(tree.mark, f"\u00a0{tree.mark}")
        name = "munder" if tree.mark == "\u0332" else "mover"
        return f"<{name}>{_mrow(tree.inner)}<mo>{mark}</mo></{name}>"
    letters = _in_font(tree)
    if letters:
        return f"<mi>{letters}</mi>"
    return f'<mstyle style="font-weight:bold">{_mml(tree.inner)}</mstyle>'


def _mrow(tree: Tree) -> str:
    return f"<mrow>{_mml(tree)}</mrow>" if not isinstance(tree, Leaf) or tree.kind == "space" else _mml(tree)


# -- Typst ------------------------------------------------------------------------------------------------------------

_TYPST_MARKS: Final = {
    "\u0302": "hat", "\u0303": "tilde", "\u0304": "macron", "\u0305": "overline", "\u20d7": "arrow", "\u0307": "dot",
    "\u0308": "dot.double", "\u0301": "acute", "\u0300": "grave", "\u030c": "caron", "\u0306": "breve",
    "\u030a": "circle", "\u20db": "dot.triple", "\u0332": "underline",
}  # fmt: skip
_TYPST_FONTS: Final = {"bold": "bold", "blackboard": "bb", "script": "cal", "fraktur": "frak"}


def typst(tex: str) -> str | None:
    """Typst's mathematics with its dollar signs; None where the mathematics is not known."""
    tree = parse(tex)
    return None if tree is None else f"${_typst(tree)}$"


def _typst(tree: Tree) -> str:
    if isinstance(tree, Leaf):
        if tree.kind == "space":
            return "thin " if tree.text == "\u2009" else "space "
        if tree.kind in {"function", "text"}:
            quoted = tree.text.replace("\\", "\\\\").replace('"', '\\"')
            return f'upright("{quoted}")' if tree.kind == "function" and len(tree.text) == 1 else f'"{quoted}"'
        return "\\" + tree.text if tree.text in '$#\\_^"&/,;()[]{}|' or tree.text == "'" else tree.text
    if isinstance(tree, Row):
        return " ".join(filter(None, (_typst(item) for item in tree.items)))
    if isinstance(tree, Scripts):
        base = _typst(tree.base) or '""'
        sub = f"_({_typst(tree.sub)})" if tree.sub is not None else ""
        return base + sub + (f"^({_typst(tree.sup)})" if tree.sup is not None else "")
    if isinstance(tree, Fraction):
        return f"frac({_typst(tree.above)}, {_typst(tree.below)})"
    if isinstance(tree, Root):
        return f"sqrt({_typst(tree.inner)})"
    if isinstance(tree, Accent):
        name = _TYPST_MARKS[tree.mark]
        inner = _typst(tree.inner)
        return f"{name}({inner})" if name in {"hat", "tilde", "overline", "underline"} else f"accent({inner}, {name})"
    return f"{_TYPST_FONTS[tree.font]}({_typst(tree.inner)})"
