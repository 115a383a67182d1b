r"""LaTeX: a whole article for pdfLaTeX, LuaLaTeX or XeLaTeX, or a fragment to ``\input`` into a document of any class.

A fragment brings along what it needs in a group of its own; it compiles without hyperref (links are then their labels).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.cv.targets import _tex, _texchars

if TYPE_CHECKING:
    from bibtool.cv.document import PublicationList
    from bibtool.cv.targets import TargetOptions


def write(cv: PublicationList, options: TargetOptions) -> bytes:
    """The bytes of the document or fragment."""
    body = _tex.body(cv, options, r"\cvheading", before_summary=r"\noindent ", before_legend=r"\par\medskip\noindent")
    if not options.fragment:
        return _document(cv, body).encode()
    head = ": \\input it where the list should appear.\n"
    head += "% Links need \\usepackage[hidelinks]{hyperref} in your document; without it only their labels are printed."
    return _tex.fragment(body, head, _tex.commands(heading=r"\subsection*")).encode()


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
