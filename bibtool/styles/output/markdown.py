"""Markdown (CommonMark, with pandoc's and GitHub's shared extensions kept to HTML tags)."""

from __future__ import annotations

import unicodedata

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
# opens and closes emphasis until it is known how that can be written; `inert_run` leaves none of these in a text
_EMPHASIS = lazy_pattern(r"[\x01-\x04]+")
_SPACE_BEFORE = lazy_pattern(r"([\x01\x03]+)(\s+)")
_SPACE_BEHIND = lazy_pattern(r"(\s+)([\x02\x04]+)")
_STARS = str.maketrans({"\x01": "*", "\x02": "*", "\x03": "**", "\x04": "**"})
_ELEMENTS = str.maketrans({"\x01": "<em>", "\x02": "</em>", "\x03": "<strong>", "\x04": "</strong>"})
_TAGS = {
    "italic": ("\x01", "\x02"),
    "oblique": ("\x01", "\x02"),
    "bold": ("\x03", "\x04"),
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


def _is_space(char: str) -> bool:
    return not char or char in "\t\n\f\r" or unicodedata.category(char) == "Zs"


def _is_punctuation(char: str) -> bool:
    return bool(char) and unicodedata.category(char)[0] in "PS"


def _faces(near: str, far: str) -> bool:
    """Whether stars between the two belong to what is near: section 6.2 of CommonMark, on flanking runs."""
    if _is_space(near):
        return False
    return not _is_punctuation(near) or _is_space(far) or _is_punctuation(far)


def _emphasised(text: str) -> str:
    """The text with its emphasis written out, in elements of HTML where stars would not be read as what is meant."""
    text = _SPACE_BEHIND.sub(r"\2\1", _SPACE_BEFORE.sub(r"\2\1", text))
    while (less := text.replace("\x01\x02", "").replace("\x03\x04", "")) != text:
        text = less
    return text.translate(_STARS if _stars_are_read(text) else _ELEMENTS)


def _stars_are_read(text: str) -> bool:
    """Whether stars can open and close the emphasis: with punctuation inside and letters outside they can not."""
    for found in _EMPHASIS.finditer(text):
        before, after = text[: found.start()][-1:], text[found.end() :][:1]
        marks = found[0]
        closing = len(marks.rstrip("\x01\x03"))
        if closing and not _faces(before, after):
            return False
        if closing < len(marks) and not _faces(after, before):
            return False
    return True


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
        if _EMPHASIS.search(text):
            text = _emphasised(text)
        text = _ORDERED.sub(r"\1\\\2", text)
        return no_templates(_BULLET.sub(r"\1\\\2", text))

    def document(self, entries: Sequence[str], options: EntryOptions) -> str:
        """One paragraph per entry."""
        del options
        return "\n\n".join(entries) + "\n" if entries else ""
