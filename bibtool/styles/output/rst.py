"""reStructuredText: no nesting of inline markup, so that the innermost format wins."""

from __future__ import annotations

from bibtool.lazy import lazy_pattern
from bibtool.styles.output.marks import UNDONE, shown_run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.styles.bibliography import EntryOptions
    from bibtool.styles.rich import Run

_SPECIAL = lazy_pattern(r"[\\*`_|<>:\[\]]")
_ROLES = {
    "italic": ("*", "*"),
    "oblique": ("*", "*"),
    "bold": ("**", "**"),
    "sup": (":sup:`", "`"),
    "sub": (":sub:`", "`"),
    "code": ("``", "``"),
}
_LIST_START = lazy_pattern(
    r"^(\s*)(?=(?:[-+*\u2022\u2023\u2043]|\(?(?:\d+|[A-Za-z]|[ivxlcdmIVXLCDM]+|#)[.)])(?:\s|$)|\.\.|>>>"
    r"|[=~^\"'#.,;!?&%$@(){}/+-]{2,}$)"
)


def escape(text: str) -> str:
    """The text with a backslash before all that starts or ends inline markup or a target."""
    return _SPECIAL.sub(lambda found: "\\" + found[0], " ".join(text.split("\n")).replace("\r", " "))


class Output:
    """The renderer."""

    def inline(self, run: Run) -> str:
        """The text with roles; escaped spaces, which print nothing, separate each from the text around it."""
        pieces: list[tuple[str, tuple[str, str] | None]] = []
        kinds: list[str] = []
        for piece in shown_run(run):
            if isinstance(piece, str):
                role = _role(kinds)
                if pieces and pieces[-1][1] == role:
                    pieces[-1] = (pieces[-1][0] + piece, role)
                else:
                    pieces.append((piece, role))
            elif piece.close:
                if kinds:
                    kinds.pop()
                if piece.kind == "left-margin":
                    pieces.append((" ", None))
            else:
                kinds.append(piece.kind)
        text = "".join(_marked(piece, role) for piece, role in pieces).strip()
        return _LIST_START.sub(r"\1\\", text)

    def document(self, entries: Sequence[str], options: EntryOptions) -> str:
        """One paragraph per entry."""
        del options
        return "\n\n".join(entries) + "\n" if entries else ""


def _role(kinds: Sequence[str]) -> tuple[str, str] | None:
    """The innermost format that there is a role for; none where it was switched off inside."""
    for kind in reversed(kinds):
        if kind in _ROLES:
            return _ROLES[kind]
        if kind in UNDONE:
            return None
    return None


def _marked(text: str, role: tuple[str, str] | None) -> str:
    bare = text.strip()
    if role is None or not bare:
        return escape(text)
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    if role[0] == "``":
        return escape(text)  # nothing can be escaped inside a literal
    return f"{lead}\\ {role[0]}{escape(bare)}{role[1]}\\ {tail}"
