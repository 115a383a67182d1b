"""White space as TeX has it, which is ASCII's: layout, of which any amount is one space.

A no-break space, an ideographic space or a thin space is a character of the text, and stays (The TeXbook, chapter 8:
only the characters of category 10, the space and the tab, and the ends of lines).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

WHITE: Final = " \t\n\r\f\v"


def words_of(text: str) -> list[bytes]:
    """What is between white space, as UTF-8; none of an empty text."""
    return text.encode("utf-8", "surrogatepass").split()  # bytes have no other white space


def evened(text: str) -> str:
    """The text with one space for each run of white space, and none at its ends."""
    if "  " not in text and text.isprintable():  # most texts; any other white space is not printable
        return text.strip(" ")
    return b" ".join(words_of(text)).decode("utf-8", "surrogatepass")
