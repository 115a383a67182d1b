"""LaTeX for the class moderncv: a whole document, or only the sections for an existing one.

The style ``classic`` is in every version of the class and needs no package beyond it; numbers are in its left column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.cv.targets import _tex, _texchars
from bibtool.cv.targets._typeset import name_parts, paper, web_links
from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from bibtool.cv.document import Entry, PublicationList
    from bibtool.cv.targets import TargetOptions

_ORCID = lazy_pattern(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


def write(cv: PublicationList, options: TargetOptions) -> bytes:
    """The bytes of the document or of its sections."""
    body = _body(cv, options)
    commands = _tex.commands(color="color1!60", links_in="color1", has_list=False)
    if not options.fragment:
        return _document(cv, body, commands).encode()
    return _tex.fragment(body, ", for a document of the class moderncv: \\input it in its body.", commands).encode()


def _body(cv: PublicationList, options: TargetOptions) -> str:
    blocks = []
    if summary := _tex.summary(cv, options):
        # the argument of \cvitem may not hold a \par, but the macro may
        blocks.append(f"\\def\\cvsummary{{{summary.rstrip()}}}%\n\\cvitem{{}}{{\\cvsummary}}")
    for section in cv.sections:
        if section.heading:
            blocks.append(rf"\section{{{_tex.text(section.heading)}}}")
        blocks.extend(_item(entry, options) for entry in section.entries)
    if legend := _tex.legend(cv):
        blocks.append(rf"\medskip\cvitem{{}}{{\footnotesize {legend}}}")
    return "\n".join(blocks) + "\n"


def _item(entry: Entry, options: TargetOptions) -> str:
    """The entry with its number in the left column, where moderncv has dates: the year of one without a number."""
    year = "" if entry.year is None else str(entry.year)
    hint = year if entry.number is None else f"{entry.number}."
    return rf"\cvitem{{{hint}}}{{{_tex.reference(entry, options)}}}"


def _document(cv: PublicationList, body: str, commands: str) -> str:
    given, family = name_parts(cv)
    person = [rf"\name{{{_tex.text(given)}}}{{{_tex.text(family)}}}", rf"\title{{{_tex.text(cv.title)}}}"]
    others = []
    for link, shown in zip(web_links(cv.profile.links), _tex.profile_links(cv), strict=True):
        if link.kind == "orcid" and _ORCID.fullmatch(link.label):
            person.append(rf"\social[orcid]{{{link.label}}}")
        else:
            others.append(shown)
    if others:
        person.append(rf"\extrainfo{{{_tex.SEPARATOR.join(others)}}}")
    ams = "\\usepackage{amsmath,amssymb}\n" if _tex.needs_ams(body) else ""
    characters = _texchars.definitions("".join(person) + body)
    return (
        "% Publication list written by bibtool. For pdfLaTeX, LuaLaTeX or XeLaTeX.\n"
        f"\\documentclass[11pt,{paper(cv)}paper,sans]{{moderncv}}\n"
        "\\moderncvstyle{classic}\n"
        "\\moderncvcolor{blue}\n"
        "\\usepackage{iftex}\n"
        "\\ifpdftex\n"
        "  \\usepackage[T1]{fontenc}\n"
        "  \\usepackage{lmodern}\n"
        "\\else\n"
        "  \\usepackage{fontspec}\n"
        "\\fi\n"
        "\\usepackage[margin=2cm]{geometry}\n"
        f"{ams}"
        f"{commands}{characters}" + "\n".join(person) + "\n"
        "\\begin{document}\n"
        "\\makecvtitle\n"
        f"{body}"
        "\\end{document}\n"
    )
