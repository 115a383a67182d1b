"""Markdown (CommonMark, with pandoc's and GitHub's shared extensions kept to HTML tags)."""

from __future__ import annotations

from bibtool.lazy import lazy_pattern
from bibtool.model.text.inert import no_templates
from bibtool.styles.output.marks import Stack, shown_run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.styles.bibliography import EntryOptions
    from bibtool.styles.rich import Run

# characters that start or end an inline construct, in CommonMark or in a widespread extension
_SPECIAL = lazy_pattern(r"[\\`*_\[\]<>~^$&|#@]|!(?=\[)")
# most texts have none of these characters: to look for them takes a tenth of the time of the pattern
_RARE = frozenset("\\`*_[]<>~^$&|#@/\n\r")
_LINE_START = lazy_pattern(r"^(\s*)([-+=:](?=\s|$|[-=])|\d{1,9}(?=[.)](?:\s|$))|(?=#))")
_ORDERED = lazy_pattern(r"^(\s*\d{1,9})([.)])(?=\s|$)")
_BULLET = lazy_pattern(r"^(\s*)([-+=:]+)(?=\s|$)")
_TAGS = {
    "italic": ("*", "*"),
    "oblique": ("*", "*"),
    "bold": ("**", "**"),
    "small-caps": ('<span style="font-variant:small-caps;">', "</span>"),
    "underline": ("<u>", "</u>"),
    "sup": ("<sup>", "</sup>"),
    "sub": ("<sub>", "</sub>"),
    "code": ("<code>", "</code>"),
}
_BLOCKS = frozenset({"block", "indent"})


def escape(text: str) -> str:
    """The text with a backslash before everything that would be markup; line breaks become spaces."""
    if _RARE.isdisjoint(text):
        return text
    text = " ".join(text.split("\n")) if "\n" in text else text
    text = _SPECIAL.sub(lambda found: "\\" + found[0], text.replace("\r", " "))
    # an address would be made a link, also without brackets
    return text.replace("://", ":\\//") if "://" in text else text


def _address(href: str) -> str:
    return "".join(f"%{ord(char):02X}" if char in '<>()[]{}\\ "\n\r' else char for char in href)


class Output:
    """The renderer."""

    def inline(self, run: Run) -> str:
        """The text with emphasis; a mark of a list or a heading at its start is escaped."""
        stack = Stack(_TAGS)
        for piece in shown_run(run):
            if isinstance(piece, str):
                stack.text(escape(piece))
            elif piece.kind == "link":
                if piece.close:
                    stack.close_raw()
                elif piece.href.startswith(("https://", "http://")):
                    stack.open_raw("[", f"]({_address(piece.href)})")
                else:
                    stack.open_raw("", "")
            elif piece.kind in _BLOCKS:
                stack.text("" if piece.close else "  \n" if stack.pieces else "")
            elif piece.kind == "left-margin":
                stack.text(" " if piece.close else "")
            else:
                stack.mark(piece)
        text = "".join(stack.pieces).strip("\n")
        text = _ORDERED.sub(r"\1\\\2", text)
        return no_templates(_BULLET.sub(r"\1\\\2", text))

    def document(self, entries: Sequence[str], options: EntryOptions) -> str:
        """One paragraph per entry."""
        del options
        return "\n\n".join(entries) + "\n" if entries else ""
