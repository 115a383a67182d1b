r"""Commands that are more than a letter: what they print, and which of them a text can't give back.

Sources: btxdoc and xampl.bib (``\noopsort``, ``\printfirst``), the biblatex manual, sections 4.6.4, 4.7 and 4.9.2, and
english.lbx (strings in their long form), hyperref (``\texorpdfstring``), mhchem (``\ce``), the TeXbook (``\ifmmode``),
and `bibtool.bib.journalmacros`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.bib.journalmacros import JOURNAL_MACROS
from bibtool.bib.syntax import is_balanced
from bibtool.lazy import lazy_pattern
from bibtool.model.richtext import Node, Span, normal

if TYPE_CHECKING:
    from collections.abc import Iterable

# their argument is not printed where they stand
DROPPED: Final = frozenset(
    """
    noopsort sortnoop SortNoop Noopsort noop footnote footnotetext thanks label index vspace hspace phantom hphantom
    vphantom color selectlanguage
    """.split()
)
FIRST_OF_TWO: Final = frozenset({"texorpdfstring", "printfirst"})
SECOND_OF_TWO: Final = frozenset({"textcolor", "colorbox", "foreignlanguage", "raisebox", "scalebox"})
STRINGS: Final = frozenset("bibstring biblstring bibsstring bibcpstring bibcplstring bibxstring".split())
CHEMISTRY: Final = frozenset({"ce", "cee", "chem"})
SIZES: Final = tuple(
    "tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge boldmath unboldmath".split()
)
WITH_ARGUMENTS: Final = DROPPED | FIRST_OF_TWO | SECOND_OF_TWO | STRINGS | CHEMISTRY

# biblatex's commands for punctuation and spaces
_PUNCTUATION: Final = {
    "hyphen": "-", "nbhyphen": "\u2011", "fshyphen": "-", "adddot": ".", "addcomma": ",", "addcolon": ":",
    "addsemicolon": ";", "addperiod": ".", "addspace": " ", "addnbspace": "\u00a0", "addabbrvspace": "\u00a0",
    "adddotspace": "\u00a0", "addthinspace": "\u2009", "isdot": "", "bibrangedash": "–", "textcelsius": "℃",
    "nobreakdash": "", "unskip": "", "bibdatedash": "–",
}  # fmt: skip

BIBSTRINGS: Final = {
    "newseries": "new series", "oldseries": "old series", "jourser": "series", "inpreparation": "in preparation",
    "submitted": "submitted", "forthcoming": "forthcoming", "inpress": "in press", "prepublished": "pre-published",
    "bathesis": "Bachelor’s thesis", "mathesis": "Master’s thesis", "phdthesis": "PhD thesis",
    "candthesis": "Candidate thesis", "resreport": "research report", "techreport": "technical report",
    "software": "computer software", "datacd": "CD-ROM", "audiocd": "audio CD", "patent": "patent",
    "patentde": "German patent", "patenteu": "European patent", "patentfr": "French patent",
    "patentuk": "British patent", "patentus": "U.S. patent", "patreq": "patent request",
    "patreqde": "German patent request", "patreqeu": "European patent request", "patreqfr": "French patent request",
    "patrequk": "British patent request", "patrequs": "U.S. patent request", "involumes": "in", "inseries": "in",
    "ofseries": "of", "andothers": "et al.", "andmore": "et al.", "citedas": "henceforth cited as",
}  # fmt: skip

# how their text is written back is another spelling, so that the field is kept with the value
LOSSY: Final = frozenset({*WITH_ARGUMENTS, *JOURNAL_MACROS, *_PUNCTUATION, *SIZES, "ifmmode", "fi"} - {"textcelsius"})


def expansion_of(command: str) -> str | None:
    r"""The text that a command without an argument prints (``mnras``, ``hyphen``), or None if it is not known."""
    text = _PUNCTUATION.get(command)
    return text if text is not None else JOURNAL_MACROS.get(command)


_CONDITIONAL = lazy_pattern(
    r"\\ifmmode(?![A-Za-z])(?P<math>(?:[^\\$]|\\(?!else(?![A-Za-z])|fi(?![A-Za-z])|ifmmode).){0,300}?)"
    r"(?:\\else(?![A-Za-z])\s*(?P<text>(?:[^\\$]|\\(?!fi(?![A-Za-z])|ifmmode).){0,300}?))?\\fi(?![A-Za-z])\s*",
    re.DOTALL,
)


def without_conditionals(latex: str) -> str:
    r"""The LaTeX with ``\ifmmode a\else b\fi`` as TeX reads it: ``a`` in mathematics, ``b`` in text."""
    if "\\ifmmode" not in latex:
        return latex
    pieces: list[str] = []
    at = dollars = 0
    for match in _CONDITIONAL.finditer(latex):
        before = latex[at : match.start()]
        dollars += before.count("$") - before.count("\\$")
        branch = (match["math"].strip() if dollars % 2 else match["text"]) or ""
        if not is_balanced(match["math"]) or not is_balanced(branch):
            branch = match[0]
        elif branch[-1:].isalpha() and "\\" in branch and not latex.startswith("{}", match.end()):
            branch += " "
        pieces += [before, branch]
        at = match.end()
    return "".join(pieces) + latex[at:]


_FORMULA_TOKEN = lazy_pattern(
    r"(?P<arrow><=>|<->|->|<-)|\^(?:\{(?P<up>[^{}]*)\}|(?P<up1>[0-9]*[+-]|\S))|_(?:\{(?P<down>[^{}]*)\}|(?P<down1>\S))"
    r"|(?<=[A-Za-z)\]])(?P<count>\d+)|(?<=[A-Za-z0-9)\]])(?P<charge>[+-])(?=$|[\s\])])"
    r"|(?P<escape>\\[,;: ])|(?P<brace>[{}$])"
)
_ARROWS = {"->": "→", "<-": "←", "<=>": "⇌", "<->": "↔"}


def formula(chemistry: str) -> tuple[Node, ...]:
    r"""The nodes of a formula as mhchem reads it: ``H2O``, ``SO4^2-``, ``A -> B``."""
    nodes: list[Node] = []
    at = 0
    for token in _FORMULA_TOKEN.finditer(chemistry):
        nodes.append(chemistry[at : token.start()])
        at = token.end()
        up = token["up"] or token["up1"] or token["charge"]
        down = token["down"] or token["down1"] or token["count"]
        if up:
            nodes.append(Span("superscript", (up.replace("-", "\u2212"),)))
        elif down:
            nodes.append(Span("subscript", (down,)))
        elif token["arrow"]:
            nodes.append(_ARROWS[token["arrow"]])
        elif token["escape"]:
            nodes.append(" ")
    nodes.append(chemistry[at:])
    return normal(nodes)


def is_plain_formula(chemistry: str) -> bool:
    r"""True for a formula without other commands than spaces in it, and without mathematics."""
    return "$" not in chemistry and not re.search(r"\\(?![,;: ])", chemistry)


def lossy(names: Iterable[str]) -> bool:
    """Whether one of the commands is written back in another spelling, or not at all."""
    return not LOSSY.isdisjoint(names)
