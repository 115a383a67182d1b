r"""LaTeX for the class awesome-cv (https://github.com/posquit0/Awesome-CV): a whole document, or only the sections.

The class has no environment for references: its tables (``cventries``, ``cvhonors``) don't break over pages. So the
list is in its ``cvparagraph``, under its ``\cvsection``; both are in every version. It wants LuaLaTeX or XeLaTeX.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.cv.targets import _tex, _texchars
from bibtool.cv.targets._typeset import name_parts, paper

if TYPE_CHECKING:
    from bibtool.cv.document import PublicationList
    from bibtool.cv.targets import TargetOptions


def write(cv: PublicationList, options: TargetOptions) -> bytes:
    """The bytes of the document or of its sections."""
    body = _tex.body(cv, options, r"\cvsection", _paragraph)
    commands = _tex.commands(color="awesome", links_in="awesome")
    if not options.fragment:
        return _document(cv, body, commands).encode()
    head = ", for a document of the class awesome-cv: \\input it in its body."
    return _tex.fragment(body, head, commands, unless=", unless the class loads unicode-math").encode()


def _paragraph(content: str) -> str:
    return f"\\begin{{cvparagraph}}\n{content.strip()}\n\\end{{cvparagraph}}"


def _document(cv: PublicationList, body: str, commands: str) -> str:
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
        f"{commands}{characters}" + "\n".join(person) + "\n"
        "\\begin{document}\n"
        "\\makecvheader\n"
        f"{body}"
        "\\end{document}\n"
    )
