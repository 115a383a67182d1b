"""Plain text: characters only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.styles.output.marks import shown_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.styles.bibliography import EntryOptions
    from bibtool.styles.rich import Run

_BLOCKS = frozenset({"block", "indent"})


class Output:
    """The renderer."""

    def inline(self, run: Run) -> str:
        """The text; blocks go on a line of their own, control characters of a terminal are left out."""
        pieces: list[str] = []
        for piece in shown_run(run, marks=False):
            if isinstance(piece, str):
                pieces.append(piece)
            elif piece.kind in _BLOCKS:
                if any(pieces) and not pieces[-1].endswith("\n"):
                    pieces.append("\n")
            elif piece.kind == "left-margin" and piece.close:
                pieces.append(" ")
        return "".join(pieces).strip("\n")

    def document(self, entries: Sequence[str], options: EntryOptions) -> str:
        """One line per entry; blank lines between entries if any has several lines."""
        del options
        separator = "\n\n" if any("\n" in entry for entry in entries) else "\n"
        return separator.join(entries) + "\n" if entries else ""
