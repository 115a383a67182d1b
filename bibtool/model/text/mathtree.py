r"""TeX mathematics as a tree: what titles have of it, scripts, Greek, operators, fonts, fractions, roots, accents.

`parse` gives None for all else (alignments, matrices, unknown commands), so that nothing is shown wrongly.
Sources: The TeXbook, chapters 16 to 18; amsmath for ``\text`` and ``\operatorname``; `texsymbols` for the signs.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bibtool.lazy import lazy_pattern
from bibtool.model.text.texsymbols import ACCENTS, GREEK, character_of
from bibtool.structs import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Literal, TypeAlias

Font: TypeAlias = 'Literal["bold", "blackboard", "script", "fraktur"]'
Tree: TypeAlias = "Leaf | Row | Scripts | Fraction | Root | Accent | Styled"


@dataclass(frozen=True, slots=True)
class Leaf:
    """Characters: ``letter``, ``number``, ``operator``, ``function`` (upright), ``text`` or ``space``."""

    kind: Literal["letter", "number", "operator", "function", "text", "space"]
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """Trees one after the other."""

    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Scripts:
    """A base (an empty row where the script has none) with what is below and above it."""

    base: Tree
    sub: Tree | None
    sup: Tree | None


@dataclass(frozen=True, slots=True)
class Fraction:
    """A numerator over a denominator."""

    above: Tree
    below: Tree


@dataclass(frozen=True, slots=True)
class Root:
    """A square root."""

    inner: Tree


@dataclass(frozen=True, slots=True)
class Accent:
    """A combining mark on a tree."""

    mark: str
    inner: Tree


@dataclass(frozen=True, slots=True)
class Styled:
    """A tree in a font."""

    font: Font
    inner: Tree


_TOKEN = lazy_pattern(
    r"\\(?P<word>[A-Za-z]+)(?P<gap>\s*)|\\(?P<sign>.)|(?P<space>[\s~]+)|(?P<number>\d+(?:[.,]\d+)*)|(?P<char>.)",
    re.DOTALL,
)
_UPRIGHT: Final = frozenset(
    "mathrm mathit mathsf mathtt mathnormal operatorname textrm textit textsf textnormal textup text mbox hbox "
    "ensuremath mathop mathrel mathbin mathord mathopen mathclose texttt".split()
)
_TEXTUAL: Final = frozenset("textrm textit textsf textnormal textup text mbox hbox textbf texttt".split())
_FONTS: Final[dict[str, Font]] = {
    "mathbf": "bold", "textbf": "bold", "boldsymbol": "bold", "bm": "bold", "pmb": "bold", "mathbb": "blackboard",
    "Bbb": "blackboard", "mathcal": "script", "mathscr": "script", "mathfrak": "fraktur", "frak": "fraktur",
}  # fmt: skip
_IGNORED: Final = frozenset(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr middle displaystyle textstyle "
    "scriptstyle scriptscriptstyle rm it sf tt mit limits nolimits relax protect".split()
)
_MARKS: Final = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304",
    "overline": "\u0305", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308", "dddot": "\u20db", "acute": "\u0301",
    "grave": "\u0300", "check": "\u030c", "breve": "\u0306", "mathring": "\u030a", "underline": "\u0332",
}  # fmt: skip
_FUNCTIONS: Final = frozenset(
    "log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan min max sup inf lim limsup liminf "
    "det dim ker deg gcd arg hom Pr mod bmod".split()
)
_SPACES: Final = {",": "\u2009", ";": " ", ":": " ", " ": " ", "!": "", "/": "", ">": " "}
_LETTERS: Final = {**GREEK, "ell": "ℓ", "hbar": "ℏ", "hslash": "ℏ", "imath": "ı", "jmath": "ȷ", "aleph": "ℵ", "wp": "℘"}
_SIGNS: Final = {
    "less": "<", "times": "×", "div": "÷", "pm": "±", "greater": ">", "lt": "<", "gt": ">", "sim": "∼", "le": "≤",
    "ge": "≥", "ne": "≠", "to": "→", "rightarrow": "→", "leftarrow": "←", "bigoplus": "⨁", "bigotimes": "⨂",
    "lbrack": "[", "rbrack": "]", "gets": "←", "cdot": "·", "cdots": "⋯", "dots": "…", "ldots": "…", "dotsc": "…",
    "ast": "∗", "star": "⋆", "bullet": "∙", "prime": "′", "circ": "∘", "colon": ":", "mid": "∣", "vert": "|",
    "lvert": "|", "rvert": "|", "Vert": "‖", "lVert": "‖", "rVert": "‖", "backslash": "\\", "lbrace": "{",
    "rbrace": "}", "setminus": "∖", "infty": "∞", "emptyset": "∅", "varnothing": "∅", "sum": "∑", "prod": "∏",
    "int": "∫", "surd": "√", "land": "∧", "lor": "∨", "neg": "¬", "lnot": "¬", "iff": "⟺", "implies": "⟹",
    "degree": "°", "perp": "⊥", "bot": "⊥", "triangle": "△", "mathsemicolon": ";", "dagger": "†", "ddagger": "‡",
    "S": "§", "P": "¶", "%": "%", "Re": "ℜ", "Im": "ℑ",
}  # fmt: skip
_OPERATORS: Final = {"-": "\u2212", "*": "\u2217", "'": "′"}
_NEGATED: Final = {"=": "≠", "∈": "∉", "<": "≮", ">": "≯", "≤": "≰", "≥": "≱", "⊂": "⊄", "⊃": "⊅", "∼": "≁", "≡": "≢"}
_DEEPEST: Final = 20
_LONGEST: Final = 2000


class _Unknown(Exception):  # noqa: N818 - never leaves this module
    pass


def sign_of(command: str) -> str:
    """The letter or sign of a command of mathematics; "" where it is not known."""
    return _LETTERS.get(command) or _SIGNS.get(command) or character_of(command) or ""


@lru_cache(maxsize=4096)
def parse(tex: str) -> Tree | None:
    """The tree of the mathematics between two dollar signs, or None where a part of it is not known."""
    if len(tex) > _LONGEST:
        return None
    try:
        parser = _Parser(tex)
        row = parser.row(0, "")
        return row if parser.at == len(tex) else None
    except _Unknown:
        return None


class _Parser:
    def __init__(self, tex: str) -> None:
        self.tex = tex
        self.at = 0

    def token(self) -> re.Match[str]:
        token = _TOKEN.match(self.tex, self.at)
        if token is None:
            raise _Unknown
        self.at = token.end()
        return token

    def row(self, depth: int, closing: str) -> Tree:
        """Trees up to ``closing``, which is taken, or to the end."""
        if depth > _DEEPEST:
            raise _Unknown
        items: list[Tree] = []
        while self.at < len(self.tex):
            if closing and self.tex[self.at] == closing:
                self.at += 1
                return _row(items)
            if self.tex[self.at] in "^_":
                items.append(self.scripts(items.pop() if items and not _is_space(items[-1]) else Row(()), depth))
                continue
            item = self.atom(depth, items)
            if item is not None:
                items.append(item)
        if closing:
            raise _Unknown
        return _row(items)

    def scripts(self, base: Tree, depth: int) -> Tree:
        sub: Tree | None = None
        sup: Tree | None = None
        if isinstance(base, Scripts):
            sub, sup, base = base.sub, base.sup, base.base
        while self.at < len(self.tex) and self.tex[self.at] in "^_":
            sign = self.tex[self.at]
            self.at += 1
            script = self.argument(depth)
            if (sub if sign == "_" else sup) is not None:
                raise _Unknown  # TeX: double superscript
            if sign == "_":
                sub = script
            elif script == Leaf("operator", "∘"):
                return Row((_scripted(base, sub, None), Leaf("operator", "°")))
            else:
                sup = script
        return _scripted(base, sub, sup)

    def argument(self, depth: int) -> Tree:
        """A group or one token, after spaces."""
        while self.tex[self.at : self.at + 1].isspace():
            self.at += 1
        if self.tex[self.at : self.at + 1] == "{":
            self.at += 1
            return self.row(depth + 1, "}")
        if self.at >= len(self.tex):
            raise _Unknown
        if self.tex[self.at].isdigit():  # TeX takes one digit
            self.at += 1
            return Leaf("number", self.tex[self.at - 1])
        item = self.atom(depth + 1, [])
        if item is None:
            raise _Unknown
        return item

    def atom(self, depth: int, before: list[Tree]) -> Tree | None:
        if depth > _DEEPEST:
            raise _Unknown
        token = self.token()
        if word := token["word"]:
            return self.command(word, token["gap"], depth, before)
        if (sign := token["sign"]) is not None:
            if sign in _SPACES:
                return Leaf("space", _SPACES[sign]) if _SPACES[sign] else None
            if sign in "%&#_${}":
                return Leaf("operator", sign)
            if sign == "|":
                return Leaf("operator", "‖")
            raise _Unknown
        if token["space"]:
            return Leaf("space", " ") if before and self.at < len(self.tex) and not _is_space(before[-1]) else None
        if token["number"]:
            return Leaf("number", token["number"])
        char = token["char"]
        if char == "{":
            return self.row(depth + 1, "}")
        if char in "}&#%$\\^_":
            raise _Unknown
        if char.isalpha():
            return Leaf("letter", char)
        return Leaf("operator", _OPERATORS.get(char, char))

    def command(self, word: str, gap: str, depth: int, before: list[Tree]) -> Tree | None:
        if word in _IGNORED:
            if self.tex[self.at : self.at + 1] == "." and word in {"left", "right"}:
                self.at += 1
            return None
        if word in _TEXTUAL:
            words = Leaf("text", self.words())
            return Styled("bold", words) if word == "textbf" else words
        if word in _UPRIGHT:
            inner = self.argument(depth)
            return Leaf("function", _letters(inner)) if _letters(inner) else inner
        if word in _FONTS:
            return Styled(_FONTS[word], self.argument(depth))
        if word in _MARKS:
            return Accent(_MARKS[word], self.argument(depth))
        if word in {"frac", "dfrac", "tfrac"}:
            above = self.argument(depth)
            return Fraction(above, self.argument(depth))
        if word == "sqrt":
            if self.tex[self.at : self.at + 1] == "[":
                raise _Unknown
            return Root(self.argument(depth))
        if word in {"quad", "qquad", "enspace"}:
            return Leaf("space", " ")
        if word == "not":
            following = self.argument(depth)
            if isinstance(following, Leaf) and following.text in _NEGATED:
                return Leaf("operator", _NEGATED[following.text])
            raise _Unknown
        if word in _FUNCTIONS:
            self.at -= len(gap)
            return Leaf("function", word)
        char = sign_of(word)
        if len(char) != 1:
            raise _Unknown
        if char.isalpha():
            return Leaf("letter", char)
        if gap and before and _is_space(before[-1]):
            self.at -= len(gap)  # "5 \times 10": a space on both sides or on none
        return Leaf("operator", char)

    def words(self) -> str:
        """The argument of a command for text: characters and accents only."""
        if self.tex[self.at : self.at + 1] != "{":
            raise _Unknown
        out: list[str] = []
        self.at += 1
        mark = ""
        while self.at < len(self.tex):
            token = self.token()
            piece = token[0]
            if piece == "}":
                return "".join(out)
            name = token["word"] or token["sign"] or ""
            if name and name in ACCENTS:
                mark = ACCENTS[name]
            elif name:
                char = _SPACES.get(name) if token["sign"] else character_of(name)
                if char is None and name in "%&#_$":
                    char = name
                if char is None:
                    raise _Unknown
                out.append(char)
            elif piece in "{$^_\\":
                raise _Unknown
            elif mark:
                out.append(_composed(piece[0], mark) + piece[1:])
                mark = ""
            else:
                out.append(" " if token["space"] else piece)
        raise _Unknown


def _composed(letter: str, mark: str) -> str:
    from unicodedata import normalize

    return normalize("NFC", letter + mark)


def _scripted(base: Tree, sub: Tree | None, sup: Tree | None) -> Tree:
    return base if sub is None and sup is None else Scripts(base, sub, sup)


def _row(items: list[Tree]) -> Tree:
    while items and _is_space(items[-1]):
        items.pop()
    return items[0] if len(items) == 1 else Row(tuple(items))


def _is_space(tree: Tree) -> bool:
    return isinstance(tree, Leaf) and tree.kind == "space"


def _letters(tree: Tree) -> str:
    r"""The word that the argument of ``\mathrm`` is; "" where it is not one."""
    leaves = tree.items if isinstance(tree, Row) else (tree,)
    if all(isinstance(leaf, Leaf) and leaf.kind in {"letter", "number", "space"} for leaf in leaves):
        return "".join(leaf.text for leaf in leaves if isinstance(leaf, Leaf))
    return ""
