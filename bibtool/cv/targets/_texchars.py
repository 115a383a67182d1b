r"""Characters that TeX's usual fonts lack: definitions that let a document compile with any titles.

pdfLaTeX stops at a character that no font encoding declares; LuaLaTeX and XeLaTeX leave a gap where the font has none.
Each unusual character of a document gets one line ``\cvchar{α}{03B1}{\ensuremath{\alpha}}``: the font's own character
if it has one, otherwise the last argument, which is a box in the worst case.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bibtool.lazy import lazy_pattern
from bibtool.model.text.texkernel import set_as_it_is
from bibtool.model.text.texmath import is_safe_math
from bibtool.model.text.texsymbols import ACCENT_OF_MARK, LETTER_ACCENTS, kernel_mathematics, mathematics

_UNUSUAL = lazy_pattern(r"[^\x00-\x7f]")

# all of Greek that OML has, and \epsilon, \vartheta, \phi as Unicode has them
_GREEK: Final = frozenset("αβγδεζηθικλμνξπρστυφχψωςϑϕϵΓΔΘΛΞΠΣΥΦΨΩ")
_LIKE_LATIN: dict[str, str] = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧĦħĸŉŦŧſ", [*"ABEZHIKMNOPTXHhk", "'n", *"Tts"], strict=True))
_PLAIN = {
    "\u2010": "-", "\u2011": "-", "\u2012": "\\textendash{}", "\u2015": "\\textemdash{}", "\u2212": "\\ensuremath{-}",
    "\u2032": "\\ensuremath{'}", "\u2033": "\\ensuremath{''}", "\u2002": "\\enspace{}", "\u2003": "\\quad{}",
    "\u2009": "\\,", "\u200a": "\\,", "\u202f": "\\,", "\u2044": "/", "\u2215": "/", "\u2219": "\\textperiodcentered{}",
    "ο": "\\ensuremath{o}",
}  # fmt: skip

_DEFINE_PDFTEX = (
    r"\ifcsname u8:\detokenize{#1}\endcsname\else\expandafter\def\csname u8:\detokenize{#1}\endcsname{#3}\fi"
)
_BOX = (
    r"\GenericWarning{}{LaTeX Warning: no font here has the character U+#1}"
    r"\leavevmode\hbox{\vrule height1.5ex\vbox to1.5ex{\hrule width.6em\vfil\hrule}\vrule\kern.1em}"
)
_SHOW = (
    r"  \newcommand*\cv@show[3]{\ifmmode#3\else\iffontchar\font"
    r'"#2 \char"#2 \else\begingroup#1\iffontchar\font"#2 \char"#2 \def\cv@next{\endgroup}'
    r"\else\def\cv@next{\endgroup#3}\fi\cv@next\fi\fi}"
)
_ACTIVATE = (
    r'  \newcommand*\cv@define[3]{\begingroup\lccode`\~="#2\relax\lowercase{\endgroup\def\cv@char{~}}'
    r'\expandafter\protected\expandafter\def\cv@char{\cv@show#1{#2}{#3}}\catcode"#2=\active}'
)
_SHOW_LOCAL = (
    r"\expandafter\protected\expandafter\def\cvactive{\ifmmode#3\else\iffontchar\font"
    r'"#2 \char"#2 \else#3\fi\fi}\catcode"#2=\active}%'
)
# names of one word would make XeLaTeX look for a Metafont source
_OTHER_FONTS = ("Libertinus Serif", "DejaVu Serif", "Noto Serif", "Times New Roman")
_WIDE_FONTS = (
    "Noto Serif CJK SC", "Noto Serif CJK JP", "Source Han Serif SC", "FandolSong-Regular.otf",
    "HaranoAjiMincho-Regular.otf",
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Songti SC", "Hiragino Mincho ProN", "Droid Sans Fallback",
)  # fmt: skip


def unusual(text: str) -> tuple[str, ...]:
    """The characters of a text that need a definition, each once, in the order of their code points."""
    return tuple(sorted(char for char in set(_UNUSUAL.findall(text)) if not set_as_it_is(char)))


def fallback(char: str) -> str:
    r"""LaTeX for a character without a font: an accent, math, a similar letter; ``\cvmissing{4E2D}`` for the rest."""
    if char in _PLAIN:
        return _PLAIN[char]
    if char in _GREEK:
        return rf"\ensuremath{{{mathematics(char)}}}"
    if char in _LIKE_LATIN:
        return _LIKE_LATIN[char]
    if unicodedata.category(char) in ("Cf", "Mn", "Me", "Zs"):
        return r"\ " if unicodedata.category(char) == "Zs" else r"\relax{}"
    tex = "" if char.isalpha() else kernel_mathematics(char) or ""
    if tex and is_safe_math(tex) and "math" not in tex:
        return rf"\ensuremath{{{tex}}}"
    return _decomposed(char) or rf"\cvmissing{{{ord(char):04X}}}"


def _decomposed(char: str) -> str:
    """Letters with their accents, ligatures and raised digits spelt out; "" where a part has no font."""
    kind, _, codes = unicodedata.decomposition(char).rpartition("> ")
    parts = "".join(chr(int(code, 16)) for code in codes.split())
    if not parts:
        return ""
    if not kind and len(parts) == 2 and unicodedata.combining(parts[1]):
        base, accent = _set(parts[0]), ACCENT_OF_MARK.get(parts[1], "")
        if not base or "cvmissing" in base:
            return ""
        if accent in LETTER_ACCENTS:
            return rf"\{accent}{{{base}}}"
        return rf"\GenericWarning{{}}{{LaTeX Warning: U+{ord(char):04X} is set without its accent}}{base}"
    spelt = [_set(part) for part in parts]
    if not all(spelt) or any("cvmissing" in part for part in spelt):
        return ""
    raised = {"<super": r"\textsuperscript{", "<sub": r"\textsubscript{"}.get(kind, "{")
    return raised + "".join(spelt) + "}"


def _set(char: str) -> str:
    if char.isascii():
        return char if char.isalnum() or char in " -+=()'.,:;?!/" else ""
    return char if set_as_it_is(char) else fallback(char)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def _lines(chars: tuple[str, ...]) -> list[str]:
    lines = []
    for char in chars:
        command = r"\cvwide" if _is_wide(char) else r"\cvchar"
        # a mark or a space would be on its own or be lost between the braces
        lines.append(rf"\{command[1:]}{{{char}}}{{{ord(char):04X}}}{{{fallback(char)}}}%")
    return lines


def definitions(text: str) -> str:
    """Lines for the preamble of a document of any engine; "" where the text needs none."""
    chars = unusual(text)
    if not chars:
        return ""
    lines = [
        "% Characters that not every font has: the font's own, or the last argument.",
        r"\makeatletter",
        rf"\newcommand*\cvmissing[1]{{{_BOX}}}",
        r"\ifdefined\Umathchar % LuaLaTeX, XeLaTeX",
        r"  \usepackage{fontspec}",
        r"  \newcommand*\cv@font[2]{\ifdefined#1\else\IfFontExistsTF{#2}{\newfontfamily#1{#2}}{}\fi}",
    ]
    for command, fonts, wanted in (
        (r"\cvotherfont", _OTHER_FONTS, any(not _is_wide(char) for char in chars)),
        (r"\cvwidefont", _WIDE_FONTS, any(_is_wide(char) for char in chars)),
    ):
        lines += [rf"  \cv@font{command}{{{font}}}" for font in fonts if wanted]
        lines.append(rf"  \ifdefined{command}\else\let{command}\relax\fi")
    lines += [
        _SHOW,
        _ACTIVATE,
        r"  \newcommand*\cvchar[3]{\cv@define\cvotherfont{#2}{#3}}",
        r"  \newcommand*\cvwide[3]{\cv@define\cvwidefont{#2}{#3\allowbreak}}",
        r"\else",
        rf"  \newcommand*\cvchar[3]{{{_DEFINE_PDFTEX}}}",
        r"  \newcommand*\cvwide[3]{\cvchar{#1}{#2}{#3\allowbreak}}",
        r"\fi",
        r"\makeatother",
        *_lines(chars),
    ]
    return "\n".join(lines) + "\n"


# letters and quotation marks that the old encoding OT1 can't set
_BEYOND_OT1 = re.compile("[ĄąĘęĮįŲųÐðĐđÞþŊŋ«»‹›„‚]")


# Latin Modern, because the EC fonts of Computer Modern are bitmaps in many installations
_TO_T1 = r"""\ifdefined\Umathchar\else\makeatletter\def\cvold{OT1}%
\ifx\f@encoding\cvold\fontencoding{T1}%
\def\cvold{cmr}\ifx\f@family\cvold\fontfamily{lmr}\fi\def\cvold{cmss}\ifx\f@family\cvold\fontfamily{lmss}\fi
\selectfont\fi\makeatother\fi"""


def local_definitions(text: str) -> str:
    """Lines for the start of a group in the body; "" where the text needs none.

    For pdfLaTeX, where a character without a font is an error. Other engines get what can be set in another way, and
    leave the rest to the fonts of the document.
    """
    chars = unusual(text)
    lines = []
    if r"\textquotedbl" in text:
        lines.append(r"\def\textquotedbl{\char34 }% OT1 has none")
    if _BEYOND_OT1.search(text):
        lines.append(_TO_T1)
    if chars:
        settable = tuple(char for char in chars if "cvmissing" not in fallback(char))
        rest = tuple(char for char in chars if char not in settable)
        lines += [
            r"\ifdefined\Umathchar % LuaLaTeX, XeLaTeX",
            r'\def\cvchar#1#2#3{\begingroup\lccode`\~="#2\relax\lowercase{\endgroup\def\cvactive{~}}%',
            _SHOW_LOCAL,
            r"\else",
            rf"\def\cvmissing#1{{{_BOX}}}%",
            rf"\def\cvchar#1#2#3{{{_DEFINE_PDFTEX}}}%",
            r"\def\cvwide#1#2#3{\cvchar{#1}{#2}{#3\allowbreak}}%",
            *_lines(rest),
            r"\fi",
            *(line.replace(r"\cvwide", r"\cvchar") for line in _lines(settable)),
        ]
    return "".join(f"{line}\n" for line in lines)
