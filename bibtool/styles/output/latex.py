"""LaTeX: ``thebibliography``-free paragraphs for any document class, Unicode kept for XeLaTeX, LuaLaTeX or inputenc."""

from __future__ import annotations

from functools import lru_cache

from bibtool.lazy import lazy_pattern
from bibtool.model.text.texkernel import set_as_it_is
from bibtool.model.text.texmath import is_safe_math
from bibtool.model.text.texsymbols import ascii_form
from bibtool.styles.output.marks import Stack, inert_run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.styles.bibliography import EntryOptions
    from bibtool.styles.rich import Run

_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        "\u00a0": "~",
        "\u202f": r"\,",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        '"': r"\textquotedbl{}",
        "\t": " ",
        "\n": " ",
        "\r": " ",
    }
)
_TAGS = {
    "italic": (r"\textit{", "}"),
    "oblique": (r"\textsl{", "}"),
    "style-normal": (r"\textup{", "}"),
    "small-caps": (r"\textsc{", "}"),
    "variant-normal": (r"\textup{", "}"),
    "bold": (r"\textbf{", "}"),
    "light": (r"\textmd{", "}"),
    "weight-normal": (r"\textmd{", "}"),
    "underline": (r"\underline{", "}"),
    "decoration-none": ("{", "}"),
    "sup": (r"\textsuperscript{", "}"),
    "sub": (r"\textsubscript{", "}"),
    "baseline": ("{", "}"),
    "code": (r"\texttt{", "}"),
}
_URL_SPECIAL = {"%": r"\%", "#": r"\#", "&": r"\&", "{": "%7B", "}": "%7D", "\\": "%5C", "^": r"\^{}", "~": r"\~{}"}


# characters that TeX's fonts join with the next one: -- to a dash, `` and '' to quotation marks, ?` to an inverted one;
# an italic correction keeps them apart, which braces do in pdfTeX only
_LIGATURE = lazy_pattern(r"-(?=-)|`(?=`)|'(?=')|,(?=,)|[?!](?=`)")
# most pieces have none of these characters: to look for them takes a tenth of the time of doing without them
_RARE = frozenset({*map(chr, _ESCAPES), *"-`'"})


def escape(text: str) -> str:
    """The text with all of TeX's special characters written out and the ligatures of its fonts kept apart."""
    if _RARE.isdisjoint(text) and ",," not in text and text.isprintable():
        return text
    text = "".join(char for char in text.translate(_ESCAPES) if char >= " ")
    return _LIGATURE.sub(r"\g<0>\\/", text)


def settable(latex: str) -> str:
    """Escaped text with a command for each character that pdfLaTeX does not know; those without a form stay."""
    return latex if latex.isascii() else "".join(map(_settable, latex))


@lru_cache(maxsize=2048)
def _settable(char: str) -> str:
    return char if char.isascii() or set_as_it_is(char) else ascii_form(char) or char


def address(href: str) -> str:
    r"""The address as the argument of ``\href`` or ``\url``."""
    return "".join(_URL_SPECIAL.get(char, char) for char in href if char > " ")


class Output:
    """The renderer."""

    def inline(self, run: Run) -> str:
        """The text with font commands; links need the package hyperref."""
        stack = Stack({})
        math = False
        for piece in inert_run(run):
            if isinstance(piece, str):
                if math and piece[:1] == "$" == piece[-1:] and is_safe_math(piece[1:-1]):
                    stack.text(piece)
                else:
                    stack.text(settable(escape(piece)))
            elif piece.kind == "math":
                math = not piece.close
            elif piece.close:
                stack.close_raw()
            elif piece.kind == "link":
                if piece.href.startswith(("https://", "http://")):
                    stack.open_raw(rf"\href{{{address(piece.href)}}}{{", "}")
                else:
                    stack.open_raw("", "")
            elif piece.kind in ("block", "indent"):
                stack.open_raw(r"\newline " if stack.pieces else "", "")
            elif piece.kind == "left-margin":
                stack.open_raw("", " ")
            else:
                stack.open_raw(*_TAGS.get(piece.kind, ("", "")))
        return "".join(stack.pieces)

    def document(self, entries: Sequence[str], options: EntryOptions) -> str:
        """One paragraph per entry, with a hanging indent where the style asks for one."""
        if not entries:
            return ""
        hang = r"\hangindent=1.5em\hangafter=1 " if options.hanging_indent or options.second_field_align else ""
        body = "\n\n".join(rf"\noindent {hang}{entry}\par" for entry in entries)
        return f"{{\\setlength{{\\parskip}}{{{options.entry_spacing * 0.5:g}\\baselineskip}}\n{body}\n}}\n"
