"""Plain text: characters only."""

from __future__ import annotations

from bibtool.styles.output.marks import shown_run
from bibtool.styles.rich import CLOSE, OPEN, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.styles.bibliography import EntryOptions
    from bibtool.styles.rich import Mark, Run

_BLOCKS = frozenset({"block", "indent"})
_LAID_OUT = _BLOCKS | {"left-margin"}
# the marks of an entry in one line
_SHOWN: dict[Mark | str, str] = {
    mark: " " if mark is CLOSE["left-margin"] else ""
    for kind in OPEN.keys() - _BLOCKS - {"math"}
    for mark in (OPEN[kind], CLOSE[kind])
}


class Output:
    """The renderer."""

    def inline(self, run: Run) -> str:
        """The text; blocks go on a line of their own, control characters of a terminal are left out."""
        try:
            text = "".join(map(_SHOWN.get, run, run))  # type: ignore[arg-type] # None, for a mark that is not in the table, raises
        except TypeError:
            return self._by_piece(run)
        return text if text.isprintable() else self._by_piece(run)

    def _by_piece(self, run: Run) -> str:
        """The same for a run with links, blocks, mathematics or characters that are left out."""
        run = shown_run(run, marks=False)
        kinds = [piece.kind for piece in run if not isinstance(piece, str)]
        if _LAID_OUT.isdisjoint(kinds):
            return plain(run).strip("\n")
        pieces: list[str] = []
        for piece in run:
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
