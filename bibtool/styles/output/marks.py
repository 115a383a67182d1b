"""Writing nested marks as opening and closing strings; shared by the renderers."""

from __future__ import annotations

from bibtool.model.richtext import Math, Span
from bibtool.model.text.inert import inert_piece
from bibtool.styles.rich import CLOSE, OPEN, Mark

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bibtool.model.richtext import Node
    from bibtool.styles.rich import Run


def inert_run(run: Run) -> Run:
    """The run without characters that act on what is around them: control characters, directional overrides."""
    if "".join([piece if piece.__class__ is str else piece.href for piece in run]).isprintable():  # type: ignore[union-attr] # mypy does not narrow by __class__
        return run
    return [inert_piece(piece) if isinstance(piece, str) else _inert_mark(piece) for piece in run]


def _inert_mark(mark: Mark) -> Mark:
    if not mark.href or mark.href.isprintable():
        return mark
    return Mark(mark.kind, close=mark.close, href=inert_piece(mark.href))


def mathematics(run: Run) -> Iterator[str | Mark | Math]:
    """The pieces of a run with each formula and its marks as one `Math`."""
    at = 0
    while at < len(run):
        piece = run[at]
        if isinstance(piece, Mark) and piece.kind == "math" and not piece.close:
            tex = ""
            while at + 1 < len(run) and isinstance(following := run[at + 1], str):
                tex += following
                at += 1
            at += 1 + (at + 1 < len(run))
            yield Math(tex[1:-1] if len(tex) > 1 and tex[0] == "$" == tex[-1] else tex)
        else:
            yield piece
            at += 1


def has_mathematics(run: Run) -> bool:
    """Whether a formula is among the pieces."""
    return "math" in [piece.kind for piece in run if piece.__class__ is not str]  # type: ignore[union-attr] # as above


def shown_run(run: Run, *, marks: bool = True) -> Run:
    """The run for a format without mathematics: formulas as marked text, or as plain characters."""
    run = inert_run(run)
    if not has_mathematics(run):
        return run
    out: Run = []
    for piece in mathematics(run):
        if isinstance(piece, Math):
            out += shown_pieces(piece.tex, marks=marks)
        else:
            out.append(piece)
    return out


def shown_pieces(tex: str, *, marks: bool) -> Run:
    """A formula as pieces of a run."""
    from bibtool.model.mathshown import plain_mathematics, shown  # few records have any

    nodes = shown(tex) if marks else None
    out: Run = []
    if nodes is None:
        out.append(plain_mathematics(tex))
    else:
        _pieces(nodes, out)
    return out


_KINDS = {"superscript": "sup", "subscript": "sub", "bold": "bold"}


def _pieces(nodes: tuple[Node, ...], out: Run) -> None:
    for node in nodes:
        if isinstance(node, str):
            out.append(node)
        elif isinstance(node, Span):
            out.append(OPEN[_KINDS[node.kind]])
            _pieces(node.nodes, out)
            out.append(CLOSE[_KINDS[node.kind]])


# kinds that undo a surrounding format, and what they undo
UNDONE = {
    "style-normal": ("italic", "oblique"),
    "weight-normal": ("bold", "light"),
    "variant-normal": ("small-caps",),
    "decoration-none": ("underline",),
    "baseline": ("sup", "sub"),
}


class Stack:
    """Collects the pieces of an output that has no way to switch a format off: it is closed and opened again."""

    def __init__(self, tags: Mapping[str, tuple[str, str]]) -> None:
        self.tags = tags
        self.pieces: list[str] = []
        self._open: list[tuple[str, str, str]] = []  # kind, opening, closing

    def text(self, text: str) -> None:
        """Add characters that are escaped already."""
        if text:
            self.pieces.append(text)

    def open_raw(self, opening: str, closing: str, kind: str = "") -> None:
        """Open something with its own strings."""
        self.pieces.append(opening)
        self._open.append((kind, opening, closing))

    def close_raw(self) -> None:
        """Close what was opened last."""
        if self._open:
            self.pieces.append(self._open.pop()[2])

    def _is_on(self, kind: str) -> bool:
        """Whether a kind is open, and was not switched off inside."""
        for name, _, _ in reversed(self._open):
            if name == kind:
                return True
            if kind in UNDONE.get(name, ()):
                return False
        return False

    def mark(self, mark: Mark) -> None:
        """Open or close a kind; kinds without strings print nothing."""
        if mark.close:
            self.close_raw()
            return
        undone = UNDONE.get(mark.kind)
        if undone is None:
            opening, closing = self.tags.get(mark.kind, ("", ""))
            if self._is_on(mark.kind):
                opening = closing = ""  # once is enough, and the same mark again could close the first
            self.open_raw(opening, closing, mark.kind)
            return
        inner: list[tuple[str, str, str]] = []
        for kind, opening, closing in reversed(self._open):
            inner.append((kind, opening, closing))
            if kind in undone:
                break
        else:
            self.open_raw("", "", mark.kind)
            return
        self.pieces.extend(closing for _, _, closing in inner)
        again = "".join(opening for _, opening, _ in reversed(inner))
        kept = inner[:-1]
        reopened = "".join(opening for _, opening, _ in reversed(kept))
        self.pieces.append(reopened)
        self._open.append((mark.kind, "", "".join(closing for _, _, closing in kept) + again))
