"""Plain text: characters only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.styles.bibliography import EntryOptions
    from bibtool.styles.rich import Run

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BLOCKS = frozenset({"block", "indent"})


class Output:
    """The renderer."""

    def inline(self, run: Run) -> str:
        """The text; blocks go on a line of their own, control characters of a terminal are left out."""
        pieces: list[str] = []
        for piece in run:
            if isinstance(piece, str):
                pieces.append(piece)
            elif piece.kind in _BLOCKS:
                if any(pieces) and not pieces[-1].endswith("\n"):
                    pieces.append("\n")
            elif piece.kind == "left-margin" and piece.close:
                pieces.append(" ")
        text = "".join(pieces).strip("\n")
        return _CONTROL.sub("", text)

    def document(self, entries: Sequence[str], options: EntryOptions) -> str:
        """One entry a line; a blank line between entries that have several."""
        del options
        separator = "\n\n" if any("\n" in entry for entry in entries) else "\n"
        return separator.join(entries) + "\n" if entries else ""
