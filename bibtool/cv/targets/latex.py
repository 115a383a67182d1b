r"""LaTeX: a whole article for pdfLaTeX, LuaLaTeX or XeLaTeX, or a fragment to ``\input`` into a document of any class.

A fragment brings along what it needs in a group of its own; it compiles without hyperref (links are then their labels).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.cv.targets import _tex, _texchars
from bibtool.cv.targets._typeset import label_width

if TYPE_CHECKING:
    from bibtool.cv.document import PublicationList
    from bibtool.cv.targets import TargetOptions


def write(cv: PublicationList, options: TargetOptions) -> bytes:
    """The bytes of the document or fragment."""
    body = _body(cv, options)
    source = _fragment(body) if options.fragment else _document(cv, body)
    return source.encode("utf-8")


def _body(cv: PublicationList, options: TargetOptions) -> str:
    blocks = []
    if summary := _tex.summary(cv, options):
        blocks.append(rf"\noindent {summary}")
    digits = label_width(cv)
    for section in cv.sections:
        if section.heading:
            blocks.append(rf"\cvheading{{{_tex.text(section.heading)}}}")
        if section.entries:
            blocks.append(_tex.numbered(section.entries, digits, options))
    if legend := _tex.legend(cv):
        blocks.append(rf"\par\medskip\noindent{{\footnotesize {legend}\par}}")
    return "\n\n".join(blocks) + "\n"


def _fragment(body: str) -> str:
    lines = [
        "% Publication list written by bibtool: \\input it where the list is to stand.",
        "% Links need \\usepackage{hyperref}; without it only their labels are printed.",
    ]
    if _tex.needs_ams(body):
        lines.append("% Mathematics in titles needs \\usepackage{amsmath,amssymb}.")
    commands = _tex.commands(heading=r"\subsection*")
    head = "\n".join(lines) + "\n" + commands
    return f"{head}\\begingroup\n{_texchars.local_definitions(body)}{body}\\endgroup\n"


def _document(cv: PublicationList, body: str) -> str:
    shown = _tex.title_block(cv) + body
    return (
        "% Publication list written by bibtool. For pdfLaTeX, LuaLaTeX or XeLaTeX.\n"
        f"{_tex.preamble(cv)}"
        f"{_tex.commands(heading=_tex.SECTION, color='cvlink!55')}"
        f"{_texchars.definitions(shown)}"
        "\\begin{document}\n"
        f"{shown}"
        "\\end{document}\n"
    )
