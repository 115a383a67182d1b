"""Text for a terminal: ANSI escapes for italics, bold and underline."""

from __future__ import annotations

from bibtool.styles.output.marks import shown_run
from bibtool.styles.output.text import Output as TextOutput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bibtool.styles.rich import Run

_CODES = {
    "italic": ("3", "23"),
    "oblique": ("3", "23"),
    "style-normal": ("23", "3"),
    "bold": ("1", "22"),
    "light": ("2", "22"),
    "weight-normal": ("22", "1"),
    "underline": ("4", "24"),
    "decoration-none": ("24", "4"),
}


class Output(TextOutput):
    """The renderer; the list is that of plain text."""

    def inline(self, run: Run) -> str:
        """The text with escapes; control characters of records are left out."""
        pieces: list[str] = []
        depth: dict[str, int] = {}
        for piece in shown_run(run, marks=False):
            if isinstance(piece, str):
                pieces.append(piece)
            elif piece.kind in _CODES:
                depth[piece.kind] = depth.get(piece.kind, 0) + (-1 if piece.close else 1)
                if depth[piece.kind] != (0 if piece.close else 1):
                    continue  # inside of the same format
                pieces.append(f"\x1b[{_CODES[piece.kind][1 if piece.close else 0]}m")
            elif piece.kind in ("block", "indent") and pieces and not piece.close:
                pieces.append("\n")
            elif piece.kind == "left-margin" and piece.close:
                pieces.append(" ")
        return "".join(pieces).strip("\n")
