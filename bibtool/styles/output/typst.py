"""Typst markup."""

from __future__ import annotations

import re

from bibtool.lazy import lazy_pattern
from bibtool.model.richtext import Math
from bibtool.styles.output.marks import Stack, has_mathematics, inert_run, mathematics

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.styles.bibliography import EntryOptions
    from bibtool.styles.rich import Mark, Run

_SPECIAL = lazy_pattern(r"[\\*_`$<>@#\[\]~'\"/=+-]")
# most texts have none of these characters: to look for them takes a tenth of the time of the pattern
_RARE = frozenset("\\*_`$<>@#[]~'\"/=+-\n\r")
_ITEM_INSIDE = lazy_pattern(r"\[\s*\d+\.(?!\S)")
# an escaped character, a formula or a string, where nothing is to be done, or the beginning of a list
_NOT_TEXT = lazy_pattern(r"\\.|\$[^$]*\$|\"(?:[^\"\\]|\\.)*\"|(?P<item>\[\s*\d+)\.(?!\S)")
_TAGS = {
    "italic": ("#emph[", "]"),
    "oblique": ("#emph[", "]"),
    "style-normal": ('#text(style: "normal")[', "]"),
    "small-caps": ("#smallcaps[", "]"),
    "variant-normal": ("#[", "]"),
    "bold": ("#strong[", "]"),
    "light": ('#text(weight: "light")[', "]"),
    "weight-normal": ('#text(weight: "regular")[', "]"),
    "underline": ("#underline[", "]"),
    "decoration-none": ("#[", "]"),
    "sup": ("#super[", "]"),
    "sub": ("#sub[", "]"),
    "baseline": ("#[", "]"),
    "code": ('#text(font: "DejaVu Sans Mono")[', "]"),
}


def escape(text: str) -> str:
    """The text with a backslash before all that Typst gives a meaning; a no-break space stays one."""
    if _RARE.isdisjoint(text):
        return text
    return _SPECIAL.sub(lambda found: "\\" + found[0], " ".join(text.split("\n")).replace("\r", " "))


def _string(text: str) -> str:
    return '"' + "".join(char for char in text if char >= " ").replace("\\", "\\\\").replace('"', '\\"') + '"'


def _is_taken(run: Sequence[str | Mark | Math], at: int) -> bool:
    """Whether Typst would read the text from there as belonging to a call before it: ``(2)``, ``.field``, ``;``."""
    text = "".join(piece for piece in run[at : at + 4] if isinstance(piece, str))
    return text[0] in "(;" or (text[0] == "." and (text[1:2].isalpha() or text[1:2] == "_"))


def _without_item(found: re.Match[str]) -> str:
    return found["item"] + "\\." if found["item"] else found[0]


class Output:
    """The renderer."""

    def inline(self, run: Run) -> str:
        """The text with function calls for formatting."""
        stack = Stack({})
        called = False  # what directly follows a call may belong to it: #emph[3](2) calls the result
        run = inert_run(run)
        formulas = has_mathematics(run)
        pieces = list(mathematics(run)) if formulas else run
        for at, piece in enumerate(pieces):
            if isinstance(piece, Math):
                from bibtool.model.mathshown import typst  # few records have any

                stack.text((";" if called else "") + (typst(piece.tex) or escape(f"${piece.tex}$")))
                called = False
            elif isinstance(piece, str):
                if piece:
                    stack.text((";" if called and _is_taken(pieces, at) else "") + escape(piece))
                    called = False
            elif piece.close:
                before = len(stack.pieces)
                stack.close_raw()
                called = "]" in stack.pieces[before:] or called
            elif piece.kind == "link":
                if piece.href.startswith(("https://", "http://")):
                    stack.open_raw(f"#link({_string(piece.href)})[", "]")
                else:
                    stack.open_raw("", "")
            elif piece.kind in ("block", "indent"):
                stack.open_raw("#linebreak()" if stack.pieces else "", "")
            elif piece.kind == "left-margin":
                stack.open_raw("", " ")
            else:
                stack.open_raw(*_TAGS.get(piece.kind, ("", "")))
        text = "".join(stack.pieces)
        # digits and a full stop at the start of a line would open a list, and in brackets a line starts too
        if _ITEM_INSIDE.search(text):
            text = _NOT_TEXT.sub(_without_item, text)
        return re.sub(r"^(\s*\d+)\.", r"\1\\.", text)

    def document(self, entries: Sequence[str], options: EntryOptions) -> str:
        """One paragraph per entry."""
        if not entries:
            return ""
        hang = "1.5em" if options.hanging_indent or options.second_field_align else "0em"
        body = "\n\n".join(f"#block[{entry}]" for entry in entries)
        return f"#[\n#set par(hanging-indent: {hang})\n\n{body}\n]\n"
