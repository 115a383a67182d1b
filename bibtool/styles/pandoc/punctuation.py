"""Notes and raised numbers after the punctuation that follows them, as pandoc sets them."""

from __future__ import annotations

from bibtool.styles.pandoc.inlines import SPACE, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from bibtool.styles.pandoc.inlines import Inline

_MARKS = ".,;:!?"
_SPACES = frozenset({"Space", "SoftBreak"})


def moved(inlines: list[Inline], *, into_quotes: bool, after_punctuation: bool) -> list[Inline]:
    """The inlines without a space before each note and raised number, and with the punctuation after it before it.

    A full stop or comma goes inside quotation marks where ``into_quotes`` says so.
    """
    if not any(inline.get("t") == "Cite" and is_raised(inline["c"][1]) for inline in inlines):
        return inlines
    out: list[Inline] = []
    waiting = list(reversed(inlines))
    while waiting:
        inline = waiting.pop()
        if inline.get("t") != "Cite" or not is_raised(inline["c"][1]):
            out.append(inline)
            continue
        contents: list[Inline] = inline["c"][1]
        names = contents[:-1] if contents[-1].get("t") == "Note" else []
        if not names:
            while out and out[-1].get("t") in _SPACES:
                out.pop()
        marks = ""
        if after_punctuation and waiting and waiting[-1].get("t") == "Str":
            text: str = waiting[-1]["c"]
            rest = text.lstrip(_MARKS)
            marks = text[: len(text) - len(rest)]
            if marks:
                waiting.pop()
                if rest:
                    waiting.append({"t": "Str", "c": rest})
        if names:
            changed = [*_with_marks(names, marks, into_quotes=into_quotes), contents[-1]] if marks else contents
            out.append({"t": "Cite", "c": [inline["c"][0], changed]})
        else:
            out = _with_marks(out, marks, into_quotes=into_quotes)
            out.append(inline)
    return out


def is_raised(contents: Sequence[Any]) -> bool:
    """True for contents that end in a note, or are raised as a whole."""
    return bool(contents) and (contents[-1].get("t") == "Note" or contents[0].get("t") == "Superscript")


def _with_marks(inlines: list[Inline], marks: str, *, into_quotes: bool) -> list[Inline]:
    if not marks:
        return inlines
    last = inlines[-1] if inlines else SPACE
    if into_quotes and last.get("t") == "Quoted" and marks[0] in ".,":
        kind, quoted = last["c"]
        inside = quoted if text_of(quoted)[-1:] in (".", ",", "!", "?") else [*quoted, {"t": "Str", "c": marks[0]}]
        inlines = [*inlines[:-1], {"t": "Quoted", "c": [kind, inside]}]
        marks = marks[1:]
    elif text_of([last])[-1:] == marks[0]:
        marks = marks[1:]  # "etc." has its full stop
    return [*inlines, {"t": "Str", "c": marks}] if marks else inlines
