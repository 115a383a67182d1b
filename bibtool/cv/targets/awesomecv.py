r"""LaTeX for the class awesome-cv (https://github.com/posquit0/Awesome-CV): a whole document, or only the sections.

The class has no environment for references: its tables (``cventries``, ``cvhonors``) don't break over pages. So the
list stands in its ``cvparagraph``, under its ``\cvsection``; both are in every version. It wants LuaLaTeX or XeLaTeX.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.cv.targets import _tex, _texchars
from bibtool.cv.targets._typeset import label_width, name_parts, paper

if TYPE_CHECKING:
    from bibtool.cv.document import PublicationList
    from bibtool.cv.targets import TargetOptions


def write(cv: PublicationList, options: TargetOptions) -> bytes:
    """The bytes of the document or of its sections."""
    body = _body(cv, options)
    source = _fragment(body) if options.fragment else _document(cv, body)
    return source.encode("utf-8")


def _paragraph(content: str) -> str:
    return f"\\begin{{cvparagraph}}\n{content.strip()}\n\\end{{cvparagraph}}"


def _body(cv: PublicationList, options: TargetOptions) -> str:
    blocks = []
    if summary := _tex.summary(cv, options):
        blocks.append(_paragraph(summary))
    digits = label_width(cv)
    for section in cv.sections:
        if section.heading:
            blocks.append(rf"\cvsection{{{_tex.text(section.heading)}}}")
        if section.entries:
            blocks.append(_paragraph(_tex.numbered(section.entries, digits, options)))
    if legend := _tex.legend(cv):
        blocks.append(_paragraph(rf"{{\footnotesize {legend}\par}}"))
    return "\n\n".join(blocks) + "\n"


def _fragment(body: str) -> str:
    head = "% Publication list written by bibtool, for a document of the class awesome-cv: \\input it in its body.\n"
    if _tex.needs_ams(body):
        head += "% Mathematics in titles needs \\usepackage{amsmath,amssymb}, unless the class loads unicode-math.\n"
    commands = _tex.commands(color="awesome", links_in="awesome")
    return f"{head}{commands}\\begingroup\n{_texchars.local_definitions(body)}{body}\\endgroup\n"


def _document(cv: PublicationList, body: str) -> str:
    given, family = name_parts(cv)
    person = [rf"\name{{{_tex.text(given)}}}{{{_tex.text(family)}}}"]
    if cv.title:
        person.append(rf"\position{{{_tex.text(cv.title)}}}")
    if links := _tex.profile_links(cv):
        person.append(rf"\extrainfo{{{_tex.SEPARATOR.join(links)}}}")
    ams = ""
    if _tex.needs_ams(body):
        ams = (
            "\\makeatletter\n"
            "\\@ifpackageloaded{unicode-math}{}{\\usepackage{amsmath,amssymb}}\n"
            "\\makeatother\n"
        )  # fmt: skip
    characters = _texchars.definitions("".join(person) + body)
    return (
        "% Publication list written by bibtool. Needs the file awesome-cv.cls; for XeLaTeX or LuaLaTeX.\n"
        f"\\documentclass[11pt,{paper(cv)}paper]{{awesome-cv}}\n"
        "\\geometry{left=1.6cm,right=1.6cm,top=1.6cm,bottom=1.8cm,footskip=.5cm}\n"
        f"{ams}"
        f"{_tex.commands(color='awesome', links_in='awesome')}"
        f"{characters}" + "\n".join(person) + "\n"
        "\\begin{document}\n"
        "\\makecvheader\n"
        f"{body}"
        "\\end{document}\n"
    )
