r"""The forms of characters beyond ASCII that LaTeX without further packages has, in T1 with UTF-8.

Sources: LaTeX2e's t1enc.def and ts1enc.def (both in the kernel since 2020) and fontmath.ltx. A command that needs
amssymb, textalpha, vntex or a Cyrillic encoding is read, but never written: LaTeX would stop there.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# word commands that print a character in text
TEXT: Final = frozenset(
    """
    ss SS ae AE oe OE aa AA o O l L i j dh DH dj DJ th TH ng NG ij IJ textendash textemdash textquotedblleft
    textquotedblright textquoteleft textquoteright quotedblbase quotesinglbase guillemotleft guillemotright
    guilsinglleft guilsinglright ldots S P copyright pounds texteuro dag ddag textperiodcentered textmu
    texttimes textdiv textpm textlnot textminus textdegree textasciiacute textasciidieresis textasciimacron
    textasciicaron textasciibreve textohm nobreakspace enspace quad textexclamdown textcent textcurrency
    textyen textbrokenbar textordfeminine textregistered texttwosuperior textthreesuperior textonesuperior
    textordmasculine textonequarter textonehalf textthreequarters textquestiondown textflorin textacutedbl
    textbaht textcompwordmark textbullet textperthousand textpertenthousand textreferencemark textinterrobang
    textfractionsolidus textasteriskcentered textdiscount textcolonmonetary textlira textnaira textwon
    textdong textpeso textcelsius textnumero textcircledP textrecipe textservicemark texttrademark textmho
    textestimated textleftarrow textuparrow textrightarrow textdownarrow textlangle textrangle textblank
    textvisiblespace textopenbullet textbigcircle textmusicalnote
    """.split()
)

# accents that T1 puts on any letter (ltoutenc.dtx); \h, \G and \t belong to other encodings
ACCENTS: Final = frozenset([*"`'^\"~=.uvHrcdbk", "textcommabelow"])

# word commands of mathematics
MATH: Final = frozenset(
    """
    Delta Downarrow Gamma Lambda Leftarrow Leftrightarrow Longleftarrow Longleftrightarrow Longrightarrow
    Omega Phi Pi Psi Rightarrow Sigma Theta Uparrow Updownarrow Upsilon Vert Xi aleph alpha amalg angle approx
    asymp beta bigcap bigcirc bigcup bigtriangledown bigtriangleup bigvee bigwedge bowtie bullet cap cdot
    cdots chi circ cong coprod cup dashv ddots delta diamond doteq ell epsilon equiv eta exists forall frown
    gamma geq gg hbar hookleftarrow hookrightarrow in infty int iota kappa lambda langle lceil leftharpoondown
    leftharpoonup leftrightarrow leq lfloor ll lmoustache longleftarrow longleftrightarrow longmapsto
    longrightarrow mapsto mid mp mu nabla nearrow neq ni notin nu nwarrow odot oint omega ominus oplus oslash
    otimes parallel partial perp phi pi pm prec preceq prod propto psi rangle rceil rfloor rho
    rightharpoondown rightharpoonup rightleftharpoons rmoustache searrow sigma sim simeq smile sqcap sqcup
    sqsubseteq sqsupseteq star subset subseteq succ succeq sum supset supseteq swarrow tau theta top
    triangleleft triangleright updownarrow uplus upsilon varepsilon varphi varpi varrho varsigma vartheta
    vdash vdots vee wedge wp wr xi zeta mathbf mathit mathsf mathtt
    """.split()
)

# what stands between dollar signs for characters that have another command, or none, in the table of all commands
MADE: Final[dict[str, str]] = {
    "′": "'", "″": "''", "‴": "'''", "√": "\\surd", "ℏ": "\\hbar", "ℓ": "\\ell", "∅": "\\emptyset", "∖": "\\setminus",
    "♭": "\\flat", "♮": "\\natural", "♯": "\\sharp", "♠": "\\spadesuit", "♡": "\\heartsuit", "♢": "\\diamondsuit",
    "♣": "\\clubsuit", "◊": "\\diamond", "∬": "\\int\\int", "∭": "\\int\\int\\int", "∤": "\\not\\mid",
    "∦": "\\not\\parallel", "∄": "\\not\\exists", "≮": "\\not<", "≯": "\\not>", "≰": "\\not\\leq", "≱": "\\not\\geq",
    "⊀": "\\not\\prec", "⊁": "\\not\\succ", "⊈": "\\not\\subseteq", "⊉": "\\not\\supseteq", "↚": "\\not\\leftarrow",
    "↛": "\\not\\rightarrow", "≢": "\\not\\equiv", "≁": "\\not\\sim", "≄": "\\not\\simeq", "≇": "\\not\\cong",
    "≉": "\\not\\approx", "⊄": "\\not\\subset", "⊅": "\\not\\supset", "∌": "\\not\\ni", "⊥": "\\perp",
    "ₐ": "_a", "ₑ": "_e", "ₒ": "_o", "ₓ": "_x", "ₕ": "_h", "ₖ": "_k", "ₗ": "_l", "ₘ": "_m", "ₙ": "_n", "ₚ": "_p",
    "ₛ": "_s", "ₜ": "_t", "ⁱ": "^i", "ⁿ": "^n", "⟂": "\\perp", "∙": "\\bullet", "⋆": "\\star", "∘": "\\circ",
}  # fmt: skip

# Greek: what fontmath.ltx has, and the Latin letter that a capital looks like
_GREEK_COMMANDS: Final = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψωςϑϕϖϱΓΔΘΛΞΠΣΥΦΨΩ",
        (
            "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon "
            "varphi chi psi omega varsigma vartheta phi varpi varrho Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi "
            "Psi Omega"
        ).split(),
        strict=True,
    )
)
GREEK: Final[dict[str, str]] = {
    **{letter: f"\\{name}" for letter, name in _GREEK_COMMANDS.items()},
    "ο": "o",
    **{greek: f"\\mathrm{{{latin}}}" for greek, latin in zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧ", "ABEZHIKMNOPTX", strict=True)},
}

# accents of mathematics, for Greek letters
MATH_ACCENTS: Final = {
    "\u0301": "acute", "\u0300": "grave", "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0306": "breve",
    "\u0307": "dot", "\u0308": "ddot", "\u030c": "check",
}  # fmt: skip

# what utf8.def (now in the kernel) declares for T1 and TS1: t1enc.dfu, ts1enc.dfu
_USUAL: Final = frozenset({chr(code) for code in range(0xA0, 0x180)} - set("ĦħĸĿŀŉŦŧſ") | set("ȘșȚț–—‘’‚“”„†‡•…‰‹›€™"))


def set_as_it_is(char: str) -> bool:
    """True for a character beyond ASCII that pdfLaTeX sets without being told how, with T1 and UTF-8."""
    return char in _USUAL
