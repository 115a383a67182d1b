"""The characters of output that is only compared, where they are simply those of its pieces in a row.

`bibtool.styles.writer.flatten` also merges punctuation and alternates quotation marks. Where either might matter, the
functions here give None.
"""

from __future__ import annotations

from bibtool.lazy import lazy_pattern
from bibtool.styles.rich import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final

    from bibtool.styles.rich import Out

# two marks that may become one, of those that are looked for where one of the first is in a text, and some more
_MEETING = lazy_pattern("[!?:;][!?.:;]|\u2026\\.|[ \u00a0]\u00a0|\u00a0 ")
# curly marks of a record are those of another language where the locale's are empty
_QUOTING: Final = {
    "quote": ("", ""), "inner-quote": ("", ""), "double-quote": ("“", "”"), "single-quote": ("‘", "’"),
}  # fmt: skip


def whole(parts: Iterable[str]) -> str | None:
    """The parts in one; None where marks meet that may become one."""
    text = "".join(parts)
    if ".." in text or "  " in text or ",," in text:
        return None
    # to look for characters takes a fraction of the time that searching for the pattern does
    if not (":" in text or ";" in text or "?" in text or "!" in text) and (
        text.isascii() or not ("\u00a0" in text or "\u2026" in text)
    ):
        return text
    return text if _MEETING.search(text) is None else None


def literal(piece: Out, *, marks: bool = True) -> str | None:
    """The characters of a piece, without regard to marks that meet; None where more than its text decides them.

    ``marks=False`` is for `bibtool.styles.sort.NO_QUOTES`, where quotation marks of the locale are empty.
    """
    if piece.__class__ is str:
        return piece
    texts: list[str] = []
    for kid in piece.kids:  # type: ignore[union-attr] # text has returned above
        text = kid if kid.__class__ is str else literal(kid, marks=marks)
        if not text:  # whether a delimiter goes beside it depends on what it is
            return None
        texts.append(text)
    if not texts:
        return None
    if piece.__class__ is not Node:
        return _marked("".join(texts), piece.kind, marks=marks)  # type: ignore[union-attr] # a Span
    frame = piece.frame
    joined = frame.delim.join(texts)
    is_quoted = frame.fmt is not None and frame.fmt.quotes
    inner = _marked(joined, "quote", marks=marks) if is_quoted else joined
    prefix, suffix = frame.prefix, frame.suffix
    if inner is None or not (isinstance(prefix, str) and isinstance(suffix, str)):
        return None
    if "(" in prefix:  # in other parentheses it may become a bracket
        return None
    return prefix + inner + suffix


def _marked(text: str, kind: str, *, marks: bool) -> str | None:
    """The characters of text that a record or the style marks in a way."""
    if kind not in _QUOTING:
        return text
    if marks:
        return None
    opening, closing = _QUOTING[kind]
    if opening:
        return f"{opening}{text}{closing}"
    return None if text.endswith((",", ";", ":")) else text  # that mark would go out of the quotation marks
