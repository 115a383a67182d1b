r"""LaTeX commands that stand for a character, and the other way round.

The frequent ones are written out here; the rest (some 1,400) is in `texdata`, which is loaded for the first command or
character that is not among them. Sources: LaTeX2e for authors and its encodings T1, TS1, T2A (fntguide), the packages
textcomp and textalpha, and the Unicode decompositions.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from bibtool.lazy import lazy_pattern


def _pairs(text: str) -> dict[str, str]:
    """What ``"key:value key:value ..."`` writes out, without the quotes of a dict."""
    return dict(pair.split(":") for pair in text.split())


# accent commands -> combining mark
ACCENTS: dict[str, str] = _pairs(
    "':\u0301 `:\u0300 ^:\u0302 \":\u0308 ~:\u0303 =:\u0304 .:\u0307 u:\u0306 v:\u030c H:\u030b c:\u0327 k:\u0328 "
    "r:\u030a d:\u0323 b:\u0331 t:\u0361 G:\u030f h:\u0309 textcommabelow:\u0326"
)
# those that LaTeX has for any letter
LETTER_ACCENTS = frozenset("'`^\"~=.uvHckrdb")
ACCENT_OF_MARK: dict[str, str] = {mark: command for command, mark in ACCENTS.items()}
# what an accent over nothing prints
SPACING: dict[str, str] = _pairs(
    "\u0301:\u00b4 \u0300:` \u0302:^ \u0308:\u00a8 \u0303:~ \u0304:\u00af \u0307:\u02d9 \u0306:\u02d8 "
    "\u030c:\u02c7 \u030b:\u02dd \u0327:\u00b8 \u0328:\u02db \u030a:\u02da"
)

# word commands -> character, the form that is written first
_CORE: dict[str, str] = _pairs(
    "ss:ß SS:ẞ ae:æ AE:Æ oe:œ OE:Œ aa:å AA:Å o:ø O:Ø l:ł L:Ł i:ı j:ȷ dh:ð DH:Ð dj:đ DJ:Đ th:þ TH:Þ ng:ŋ NG:Ŋ ij:ĳ "
    "IJ:Ĳ ohorn:ơ OHORN:Ơ uhorn:ư UHORN:Ư textbackslash:\\ textasciitilde:~ textasciicircum:^ textbraceleft:{ "
    'textbraceright:} textdollar:$ textunderscore:_ textbar:| textless:< textgreater:> textquotedbl:" '
    "textquotesingle:' textasciigrave:` textendash:– textemdash:— textquotedblleft:“ textquotedblright:” "
    "textquoteleft:‘ textquoteright:’ quotedblbase:„ quotesinglbase:‚ guillemotleft:« guillemotright:» "
    "guilsinglleft:‹ guilsinglright:› glqq:„ grqq:“ flqq:« frqq:» ldots:… dots:… textellipsis:… S:§ P:¶ "
    "textsection:§ textparagraph:¶ copyright:© textcopyright:© pounds:£ textsterling:£ texteuro:€ euro:€ EUR:€ "
    "dag:† ddag:‡ slash:/ textperiodcentered:· textmu:µ texttimes:× textdiv:÷ textpm:± textlnot:¬ "
    "textminus:\u2212 degree:° textdegree:° textprime:\u2032 textasciiacute:\u00b4 textasciidieresis:\u00a8 "
    "textasciimacron:\u00af textasciicaron:\u02c7 textasciibreve:\u02d8 textohm:\u2126"
) | {"space": " ", "nobreakspace": "\u00a0", "enspace": "\u2002", "enskip": "\u2002", "quad": "\u2003"}
# names of mathematics, except that TeX has no \omicron and takes Latin letters for some capitals
GREEK: dict[str, str] = _pairs(
    "alpha:α beta:β gamma:γ delta:δ epsilon:ε zeta:ζ eta:η theta:θ iota:ι kappa:κ lambda:λ mu:μ nu:ν xi:ξ "
    "omicron:ο pi:π rho:ρ sigma:σ varsigma:ς tau:τ upsilon:υ phi:φ chi:χ psi:ψ omega:ω "
    "Alpha:Α Beta:Β Gamma:Γ Delta:Δ Epsilon:Ε Zeta:Ζ Eta:Η Theta:Θ Iota:Ι Kappa:Κ Lambda:Λ Mu:Μ Nu:Ν Xi:Ξ "
    "Omicron:Ο Pi:Π Rho:Ρ Sigma:Σ Tau:Τ Upsilon:Υ Phi:Φ Chi:Χ Psi:Ψ Omega:Ω"
)

# control symbols (a backslash and one other character) -> text
SYMBOLS: dict[str, str] = {
    "&": "&",
    "%": "%",
    "#": "#",
    "_": "_",
    "{": "{",
    "}": "}",
    "$": "$",
    " ": " ",
    ",": "\u2009",
    ";": "\u2004",
    ":": "\u2005",
    "-": "\u00ad",
    "!": "",
    "/": "",
    "@": "",
    "\\": "\n",
}
# how the characters of SYMBOLS that are no LaTeX specials are written
SPACES: dict[str, str] = {"\u2009": "\\,", "\u2004": "\\;", "\u2005": "\\:", "\u00ad": "\\-", "\u00a0": "~"}

# word commands that print nothing by themselves
NOTHING = frozenset({"relax", "protect", "noindent", "null", "xspace", "allowbreak", "nolinebreak", "ignorespaces"})

LOGOS: dict[str, str] = {"LaTeX": "LaTeX", "TeX": "TeX", "LaTeXe": "LaTeX2e", "BibTeX": "BibTeX", "XeTeX": "XeTeX"}

BREAKS: dict[str, str] = {"newline": "\n", "linebreak": "\n", "par": "\n\n"}


@cache
def _greek() -> dict[str, str]:
    """The text commands of textalpha; its ``textmugreek`` is not the ``textmu`` of textcomp, the micro sign."""
    return {"textmugreek" if name == "mu" else f"text{name}": letter for name, letter in GREEK.items()}


@cache
def _commands() -> dict[str, str]:
    from bibtool.model.text.texdata import COMMANDS

    return {**COMMANDS, **_greek(), **_CORE}


def character_of(command: str) -> str | None:
    r"""The text that a word command prints (``ss`` -> ``ß``), or None if it is not known."""
    text = _CORE.get(command)
    return text if text is not None else _commands().get(command)


def mathematics(char: str) -> str | None:
    r"""What stands for a character between dollar signs (``\infty``), or None if nothing is known."""
    from bibtool.model.text.texdata import MATHEMATICS

    return MATHEMATICS.get(char)


@cache
def _writings() -> dict[str, str]:
    """Character -> command of text that LaTeX has without a package, where reading it gives the character again."""
    from bibtool.model.text.texdata import COMMANDS
    from bibtool.model.text.texkernel import TEXT

    commands = _commands()
    writings: dict[str, str] = {}
    for command, char in {**_CORE, **COMMANDS}.items():
        if command in TEXT and len(char) == 1 and not char.isascii() and commands[command] == char:
            writings.setdefault(char, command)
    return writings


@cache
def _core(char: str) -> str | None:
    r"""The command for a character, without braces around it (``\'e``, ``\ss``), or None."""
    if char.isascii():
        return char
    if command := _writings().get(char):
        return f"\\{command}"
    parts = unicodedata.normalize("NFD", char)
    if len(parts) < 2:
        return None
    base = unicodedata.normalize("NFC", parts[:-1])
    if unicodedata.normalize("NFC", base + parts[-1]) != char:
        return None
    return accented(base, parts[-1])


def accented(base: str, mark: str) -> str | None:
    """The command that puts a combining mark on a character, without braces around it, or None."""
    from bibtool.model.text.texkernel import ACCENTS as SET_BY_LATEX

    accent = ACCENT_OF_MARK.get(mark)
    inner = _core(base)
    if accent is None or accent not in SET_BY_LATEX or inner is None or len(base) != 1 or not base.isalpha():
        return None
    if base in "ij" and mark not in "\u0327\u0328\u0323\u0331\u0326":
        inner = f"\\{base}"
    if accent.isalpha() or len(inner) > 2:
        return f"\\{accent}{{{inner}}}"
    return f"\\{accent}{inner}"


@cache
def kernel_mathematics(char: str) -> str | None:
    r"""What stands for a character between dollar signs in LaTeX without packages (``\infty``), or None."""
    from bibtool.model.text.texkernel import GREEK as GREEK_FORMS
    from bibtool.model.text.texkernel import MADE, MATH, MATH_ACCENTS

    if tex := MADE.get(char) or GREEK_FORMS.get(char):
        return tex
    tex = mathematics(char)
    if tex is not None and all(name in MATH for name in _MATH_COMMAND.findall(tex)):
        return tex
    base, mark = (
        unicodedata.normalize("NFC", unicodedata.normalize("NFD", char)[:-1]),
        unicodedata.normalize("NFD", char)[-1:],
    )
    if mark in MATH_ACCENTS and base != char and (inner := GREEK_FORMS.get(base)):
        return f"\\{MATH_ACCENTS[mark]}{{{inner}}}"
    return None


_MATH_COMMAND = lazy_pattern(r"\\([A-Za-z]+)")


@cache
def ascii_form(char: str) -> str | None:
    r"""ASCII LaTeX for a character beyond ASCII that LaTeX sets without any package; None where it has no form.

    It is safe before any other text. Letters are put in braces as BibTeX wants its "special characters" (``{\'e}``,
    ``{\ss}``), also where they are taken from mathematics (``{\ensuremath{\alpha}}``); a mathematical symbol becomes
    mathematics (``$\infty$``).
    """
    if char in SPACES:
        return SPACES[char]
    core = _core(char)
    if core is not None:
        return f"{{{core}}}" if char.isalpha() else f"{core}{{}}"
    tex = kernel_mathematics(char)
    if tex is None:
        return None
    return f"{{\\ensuremath{{{tex}}}}}" if char.isalpha() else f"${tex}$"


@cache
def letters_of_mathematics() -> dict[str, str]:
    r"""What ``\ensuremath`` holds in the form of a letter -> the letter: ``\alpha`` -> ``α``."""
    from bibtool.model.text.texdata import MATHEMATICS
    from bibtool.model.text.texkernel import GREEK as GREEK_FORMS
    from bibtool.model.text.texkernel import MADE

    accented_letters = [chr(code) for code in (*range(0x386, 0x3CF), *range(0x1F00, 0x2000))]
    letters: dict[str, str] = {}
    for char in (*GREEK_FORMS, *accented_letters, *MADE, *MATHEMATICS):
        form = ascii_form(char) or ""
        if form.startswith("{\\ensuremath{") and unicodedata.normalize("NFC", char) == char:
            letters.setdefault(form[13:-2], char)
    return letters


@cache
def _letters_in_fonts() -> dict[tuple[str, str], str]:
    from bibtool.model.text.texdata import MATHEMATICS

    fonts = {"mathbb": "blackboard", "mathscr": "script", "mathfrak": "fraktur"}
    letters: dict[tuple[str, str], str] = {}
    for char, tex in MATHEMATICS.items():
        command, brace, letter = tex[1:].partition("{")
        if brace and command in fonts and (ord(char) < 0x10000 or unicodedata.category(char) != "Cn"):
            letters.setdefault((letter[:-1], fonts[command]), char)
    return letters


def letter_in_font(letter: str, font: str) -> str:
    """The character that is a letter in a font of mathematics (``R`` blackboard -> ``ℝ``); "" if there is none."""
    return _letters_in_fonts().get((letter, font), "")
