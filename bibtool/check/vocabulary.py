"""Which fields hold what, and where in a value the LaTeX text is that a rule may judge.

Fields by btxdoc.tex, section 3.2, and the biblatex manual 3.20, section 2.2.2 (data types of fields); which of them
biber writes to the .bbl file by blx-dm.def (those that are not ``skipout``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

NAMES: Final = frozenset(
    "author editor translator bookauthor editora editorb editorc annotator commentator introduction foreword afterword "
    "holder shortauthor shorteditor namea nameb namec".split()
)
TITLES: Final = frozenset("title subtitle titleaddon".split())
CONTAINERS: Final = frozenset(
    "booktitle booksubtitle booktitleaddon maintitle mainsubtitle maintitleaddon journal journaltitle journalsubtitle "
    "issuetitle issuesubtitle series eventtitle shortjournal shorttitle".split()
)
OTHER_PRINTED: Final = frozenset(
    "note addendum publisher address location organization institution school howpublished edition type venue "
    "origpublisher origlocation version chapter part issue number volume eid pages pagetotal pubstate nameaddon "
    "origtitle reprinttitle shorthand shortseries issuetitleaddon journaltitleaddon eventtitleaddon".split()
)
WRITTEN: Final = frozenset(
    "abstract annotation annote keywords library label gender langidopts relatedstring shorthandintro indextitle usera "
    "userb userc userd usere userf lista listb listc listd liste listf".split()
)
"""Text that biblatex reads from the .bbl file, though its standard styles don't print it; BibTeX's leave it out."""

PRINTED: Final = NAMES | TITLES | CONTAINERS | OTHER_PRINTED
VERBATIM: Final = frozenset(
    "doi url eprint file pdf isbn issn isrn ismn isan iswc verba verbb verbc biburl adsurl bdsk-url-1 bdsk-url-2 "
    "crossref xref xdata ids related entryset".split()
)

OF_LATEX: Final = frozenset(
    "nocite ref pageref autoref cref begin end item par newline linebreak kern raise "
    "lower llap rlap clap smash phantom hphantom vphantom strut vrule hrule hskip vskip hspace vspace hfill hfil vfill "
    "vbox vtop makebox raisebox parbox footnote footnotemark footnotetext thanks verb accent char relax leavevmode "
    "ignorespaces unskip penalty vadjust rule thinspace negthinspace expandafter csname endcsname protect".split()
)
"""Commands that LaTeX defines whatever the document: nothing is wrong with them in a list."""

_TOKEN = lazy_pattern(
    r"\\(?:url|path|nolinkurl|doi|verb|href)\b\s*|\\[A-Za-z]+\*?|\\.|\$\$?|[{}]|[^\\{}$]+|\\", re.DOTALL
)
_LINK_COMMAND = lazy_pattern(r"\\(?:url|path|nolinkurl|doi|href)\s*\{")
_BRACE = lazy_pattern(r"[{}]")
_WITH_HIDDEN_ARGUMENT = ("\\url", "\\path", "\\nolinkurl", "\\doi", "\\href", "\\ensuremath")
_MATH: Final = {
    "$": ("$", "$$"), "$$": ("$", "$$"), "\\(": ("\\)",), "\\[": ("\\]",), "\\ifmmode": ("\\else", "\\fi"),
}  # fmt: skip
"""What begins mathematics, and what ends it; ``\\ifmmode`` has another text for use outside of it."""


def pieces(content: str) -> Iterator[tuple[int, str, int]]:
    """The plain text of a LaTeX value: offset, text, depth of braces. No commands, mathematics, or arguments of URLs.

    One pass, whatever the value holds. An unclosed ``$`` hides the rest.
    """
    for at, text, depth, hidden in _tokens(content):
        if not hidden and text[0] not in "{}$\\":
            yield at, text, depth


def is_hidden(content: str, places: Collection[int]) -> bool:
    """Whether one of the places is in mathematics or in the argument of a URL, where other rules apply."""
    return any(
        hidden and any(at <= place < at + len(text) for place in places) for at, text, _, hidden in _tokens(content)
    )


def _tokens(content: str) -> Iterator[tuple[int, str, int, bool]]:
    """Each token of a LaTeX value: offset, text, depth of braces, whether it is in mathematics or in a URL."""
    depth = 0
    closing: tuple[str, ...] = ()
    waiting = False  # for the argument of a command that hides it
    argument = -1  # the depth of that argument
    for token in _TOKEN.finditer(content):
        text = token[0]
        if text == "{":
            depth += 1
            if waiting:
                argument, waiting = depth, False
        elif text == "}":
            if argument == depth:
                argument = -1
            depth = max(0, depth - 1)
        elif argument >= 0:
            pass
        elif closing:
            if text in closing:
                closing = ()
        elif text in _MATH:
            closing = _MATH[text]
        elif text[0] == "\\":
            waiting = text.rstrip() in _WITH_HIDDEN_ARGUMENT
        else:
            waiting = waiting and not text.strip()
        yield token.start(), text, depth, bool(closing) or argument >= 0


def is_of_latex(command: str) -> bool:
    r"""Whether a command is LaTeX's own, or cites another entry: ``\raise``, ``\citeNP``, ``\textcites``."""
    return command in OF_LATEX or command.startswith("cite") or command.endswith(("cite", "cites"))


def letters(content: str) -> str:
    """The plain text of a value in one string."""
    return "".join(text for _, text, _ in pieces(content))


def link_spans(content: str) -> Iterator[tuple[int, int]]:
    r"""First and last offset of the first argument of each ``\url`` and its like."""
    end = 0
    for command in _LINK_COMMAND.finditer(content):
        if command.start() < end:
            continue
        depth = 1
        end = len(content)
        for brace in _BRACE.finditer(content, command.end()):
            depth += 1 if brace[0] == "{" else -1
            if not depth:
                end = brace.start()
                break
        yield command.end(), end
