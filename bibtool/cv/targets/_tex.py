r"""What the LaTeX targets share: entries, links, the chart, and the address of a link as an argument of ``\href``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.cv.targets import _texchars, _typeset
from bibtool.lazy import lazy_pattern
from bibtool.styles.output.latex import Output, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bibtool.cv.document import Entry, Link, PublicationList
    from bibtool.cv.targets import TargetOptions

# commands of amsmath and amssymb that mathematics in titles may use; see `bibtool.styles.output.latex`
_AMS = lazy_pattern(r"\\(?:mathbb|mathfrak|boldsymbol|operatorname|text|binom|bmod|setminus|varpi|iint)(?![A-Za-z])")
SECTION: Final = r"\section*"
SEPARATOR: Final = r"~$\cdot$ "  # stays at the end of a line; \textperiodcentered is a bitmap with the oldest fonts


def text(words: str) -> str:
    """Escaped text of a record or of the list."""
    return escape(_typeset.clean(words))


def address(url: str) -> str:
    r"""The address for ``\href``, also inside of other arguments: ASCII, with ``\%``, ``\#``, ``\&`` and ``\_``."""
    return re.sub("[%#&_]", r"\\\g<0>", _typeset.address(url).replace("~", "%7E"))


def href(link: Link) -> str:
    """One link with its label."""
    return rf"\href{{{address(link.url)}}}{{{escape(link.label)}}}"


def links(entry: Entry, options: TargetOptions) -> str:
    """The links after an entry, "" for none."""
    return SEPARATOR.join(href(link) for link in _typeset.links_of(entry, options))


def profile_links(cv: PublicationList) -> list[str]:
    """The owner's links, in the order of the profile's links to the web."""
    return [href(link) for link in _typeset.profile_labels(cv)]


def reference(entry: Entry, options: TargetOptions) -> str:
    r"""The reference, its status and its links (as the argument of ``\cvlinks``)."""
    run = Output().inline(_typeset.clean_run(entry.run)).strip() or text(entry.record.title)
    return run + after_reference(entry, options)


def after_reference(entry: Entry, options: TargetOptions) -> str:
    """What follows the reference, a space before it; "" for nothing."""
    status = _typeset.status_sentence(entry)
    shown = links(entry, options)
    return (rf" \textit{{{escape(status)}}}" if status else "") + (rf"\cvlinks{{{shown}}}" if shown else "")


def preamble(cv: PublicationList) -> str:
    """The class and packages of an article for any engine, up to hyperref with the document's title."""
    name, title = text(cv.profile.name), text(cv.title)
    pdf_title = ", ".join(part for part in (name, title) if part)
    return rf"""\documentclass[11pt,{_typeset.paper(cv)}paper]{{article}}
\usepackage[margin=2.5cm]{{geometry}}
\usepackage{{iftex}}
\ifpdftex
  \usepackage[T1]{{fontenc}}
  \usepackage{{lmodern}}
\else
  \usepackage{{fontspec}}
\fi
\usepackage{{microtype}}
\usepackage{{amsmath,amssymb}}
\usepackage{{xcolor}}
\definecolor{{cvlink}}{{HTML}}{{1F4E79}}
\usepackage[colorlinks,allcolors=cvlink,unicode]{{hyperref}}
\hypersetup{{pdftitle={{{pdf_title}}},pdfauthor={{{name}}},pdflang={{{language(cv)}}}}}
\setlength{{\parindent}}{{0pt}}
"""


def title_block(cv: PublicationList) -> str:
    """The owner's name, the title and the profile links at the top of an article; "" where all are empty."""
    name, title = text(cv.profile.name), text(cv.title)
    lines = []
    if name:
        lines.append(rf"{{\LARGE\bfseries {name}\par}}\smallskip")
    if title:
        lines.append(rf"{{\large {title}\par}}" if name else rf"{{\LARGE\bfseries {title}\par}}")
    if shown := profile_links(cv):
        lines.append(rf"\smallskip{{\small {SEPARATOR.join(shown)}\par}}")
    return "\\begin{flushleft}\n" + "\n".join(lines) + "\n\\end{flushleft}\n\n" if lines else ""


# The label is set flush right in a box as wide as the longest one; without numbers the first line hangs out.
_LIST = r"""\newenvironment{cvlist}[1]
  {\begin{list}{}{%
    \settowidth{\labelwidth}{#1}%
    \ifdim\labelwidth>0pt
      \setlength{\labelsep}{.6em}\setlength{\leftmargin}{\labelwidth}\addtolength{\leftmargin}{\labelsep}%
    \else
      \setlength{\labelsep}{0pt}\setlength{\leftmargin}{1.5em}\setlength{\itemindent}{-1.5em}%
    \fi
    \setlength{\topsep}{2pt}\setlength{\itemsep}{3pt plus 1pt}\setlength{\parsep}{0pt}\setlength{\partopsep}{0pt}%
    \renewcommand{\makelabel}[1]{\hfil##1}\emergencystretch=2em }}
  {\end{list}}
"""


def _colour(name: str) -> str:
    return rf"\color{{{name}}}" if name else ""


_BAR = r"""\providecommand*\cvbar[4]{\begin{minipage}[b]{#1\linewidth}\centering\setlength\parskip{0pt}%
  \makebox[0pt]{#2}\\[1pt]{\cvbarcolor\rule{.72\linewidth}{#3pt}}\\[2pt]\makebox[0pt]{\strut#4}\end{minipage}}"""


def commands(*, heading: str = "", color: str = "", links_in: str = "", has_list: bool = True) -> str:
    r"""Definitions that the other functions' results need, each one only where the document has none of its own.

    ``heading`` is the command that sets headings (``\section*``), ``color`` the colour of the columns of the chart,
    ``links_in`` that of links where the class gives them none.
    """
    lines = [
        "% Define these before to set links and headings in your own way.",
        r"\providecommand*\href[2]{#2}",
        rf"\providecommand*\cvlinks[1]{{ {{\footnotesize{_colour(links_in)} #1}}}}",
        rf"\providecommand*\cvbarcolor{{{_colour(color)}}}",
    ]
    lines.append(_BAR)
    if heading:
        lines.append(rf"\providecommand*\cvheading[1]{{{heading}{{#1}}}}")
    text = "\n".join(lines) + "\n"
    return text + (f"\\ifdefined\\cvlist\\else\n{_LIST}\\fi\n" if has_list else "")


def body(
    cv: PublicationList,
    options: TargetOptions,
    heading: str,
    wrap: Callable[[str], str] = str,
    *,
    before_summary: str = "",
    before_legend: str = "",
) -> str:
    """Summary, sections and legend; ``heading`` is the command of a heading, ``wrap`` puts all else into a block."""
    blocks = []
    if counted := summary(cv, options):
        blocks.append(wrap(before_summary + counted))
    digits = _typeset.label_width(cv)
    for section in cv.sections:
        if section.heading:
            blocks.append(f"{heading}{{{text(section.heading)}}}")
        if section.entries:
            blocks.append(wrap(numbered(section.entries, digits, options)))
    if signs := legend(cv):
        blocks.append(wrap(rf"{before_legend}{{\footnotesize {signs}\par}}"))
    return "\n\n".join(blocks) + "\n"


def fragment(body: str, head: str, commands: str, *, unless: str = "") -> str:
    """The body in a group of its own, with what it needs; ``head`` tells people where to put it."""
    ams = f"% Mathematics in titles needs \\usepackage{{amsmath,amssymb}}{unless}.\n" if needs_ams(body) else ""
    definitions = _texchars.local_definitions(body)
    return f"% Publication list written by bibtool{head}\n{ams}{commands}\\begingroup\n{definitions}{body}\\endgroup\n"


def numbered(entries: Sequence[Entry], digits: int, options: TargetOptions) -> str:
    """The entries as a list with their numbers, or with hanging indents where they have none."""
    lines = [rf"\begin{{cvlist}}{{{'0' * digits + '.' if digits else ''}}}"]
    for entry in entries:
        number = f"{entry.number}." if entry.number is not None else ""
        lines.append(rf"\item[{number}] {reference(entry, options)}")
    return "\n".join([*lines, r"\end{cvlist}"])


def language(cv: PublicationList) -> str:
    """The language tag, letters, digits and hyphens only."""
    return "".join(char for char in cv.language if char.isascii() and (char.isalnum() or char == "-"))


def legend(cv: PublicationList) -> str:
    """The signs and what they mean on one line, "" for none."""
    return r"\quad ".join(
        rf"\textsuperscript{{{text(line.sign)}}}\,{text(line.text)}" for line in cv.legend if line.sign or line.text
    )


def needs_ams(body: str) -> bool:
    """Whether mathematics in the text needs the packages amsmath and amssymb."""
    return bool(_AMS.search(body))


def summary(cv: PublicationList, options: TargetOptions) -> str:
    r"""Counts and the chart of publications per year as rules, ready for the body; "" for none."""
    if not options.summary or not cv.summary.total:
        return ""
    total, kinds = _typeset.counts(cv, options)
    line = rf"\textbf{{{escape(total)}}}"
    if len(kinds) > 1:
        line += r"\quad " + SEPARATOR.join(escape(kind) for kind in kinds)
    return f"{line}\n{chart(cv, options)}"


_CHART_HEIGHT = 42.0  # points


def chart(cv: PublicationList, options: TargetOptions) -> str:
    """The publications per year as columns of rules with their counts; needs no package. "" where there is no year."""
    width, columns = _typeset.chart_columns(cv)
    if not columns:
        return ""
    caption = text(_typeset.word(cv, options, "papers-a-year"))
    lines = [rf"\par\smallskip{{\footnotesize {caption}\par\nobreak\smallskip\noindent"]
    for column in columns:
        high = max(_CHART_HEIGHT * column.share, 1.0) if column.share else 0.0
        lines.append(rf"\cvbar{{{width:.4f}}}{{{column.number}}}{{{high:.1f}}}{{{column.label}}}%")
    return "\n".join([*lines, r"\par}"]) + "\n"
