"""The title of a work in its finished reference, made a link. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.styles.rich import Mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.styles.rich import Run

# a style changes the case of a title, and which quotation marks and dashes it has
_ALIKE: Final = str.maketrans(
    dict.fromkeys('"\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a', "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | dict.fromkeys("\u00a0\u202f\u2009", " ")
)
_MIN_TITLE: Final = 4  # a shorter one may be a part of a name


def with_title_link(run: Sequence[str | Mark], title: str, url: str) -> Run:
    """The run with a link around the title; as it was where the title is not found whole, or is in a link already."""
    wanted = _folded(title.strip().rstrip("."))
    text = _folded("".join(piece for piece in run if isinstance(piece, str)))
    start = text.find(wanted) if len(wanted) >= _MIN_TITLE else -1
    if not url or start < 0:
        return list(run)
    before, rest = _split(run, start, into_marks=True)
    inner, after = _split(rest, len(wanted), into_marks=False)
    if not _is_balanced(inner) or _is_in_link(before):
        return list(run)
    return [*before, Mark("link", href=url), *inner, Mark("link", close=True), *after]


def _folded(text: str) -> str:
    """The text for comparison, character by character of the same length."""
    text = text.translate(_ALIKE)
    folded = text.lower()
    if len(folded) == len(text):
        return folded
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _split(run: Sequence[str | Mark], at: int, *, into_marks: bool) -> tuple[Run, Run]:
    """The run in two after so many characters.

    Marks at that place go to the first part if ``into_marks``; else only those that close what it has opened.
    """
    first: Run = []
    depth = 0
    for index, piece in enumerate(run):
        if isinstance(piece, Mark):
            if at == 0 and not (into_marks or (piece.close and depth > 0)):
                return first, list(run[index:])
            depth += -1 if piece.close else 1
            first.append(piece)
        elif at == 0:
            return first, list(run[index:])
        elif len(piece) > at:
            first.append(piece[:at])
            rest = [piece[at:], *run[index + 1 :]]
            return first, rest
        else:
            at -= len(piece)
            first.append(piece)
    return first, []


def _is_balanced(run: Sequence[str | Mark]) -> bool:
    open_kinds: list[str] = []
    for piece in run:
        if isinstance(piece, Mark):
            if piece.kind == "link":
                return False
            if not piece.close:
                open_kinds.append(piece.kind)
            elif not open_kinds or open_kinds.pop() != piece.kind:
                return False
    return not open_kinds


def _is_in_link(run: Sequence[str | Mark]) -> bool:
    return sum(-1 if mark.close else 1 for mark in run if isinstance(mark, Mark) and mark.kind == "link") > 0
