"""Long runs of plain words set aside while a document is worked on: reading and writing them is most of its cost."""

from __future__ import annotations

from bibtool.lazy import lazy_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FOLDED = "Folded"  # the type of an inline that stands for the words with its number
_PLAIN = r'\{"t":"S(?:tr","c":"[^"\\]*+|pace|oftBreak)"\}'
_RUN = lazy_pattern(rf"(?:{_PLAIN},){{12,}}+")
_PLACE = lazy_pattern(rf'\{{"t":"{FOLDED}","c":([0-9]+)\}}')
_BLOCKS = '"blocks":['
_AROUND = 3  # words that stay beside what stands before and after a run, where punctuation may move


def fold(source: str) -> tuple[str, list[str]]:
    """The source of a document with placeholders for runs of words in its blocks, and the runs.

    A document of another layout than pandoc's own comes back as it is. The metadata is never touched.
    """
    start = source.find(_BLOCKS)
    if start < 0 or '"meta":{' not in source[:start] or f'"t":"{FOLDED}"' in source:
        return source, []
    runs: list[str] = []
    pieces: list[str] = []
    at = 0
    for run in _RUN.finditer(source, start):
        first, last = run.span()
        last -= 1  # the comma behind it
        for _ in range(_AROUND):
            first = source.index("},", first) + 2
            last = source.rindex(",{", first, last)
        pieces.append(source[at:first])
        pieces.append(f'{{"t":"{FOLDED}","c":{len(runs)}}}')
        runs.append(source[first:last])
        at = last
    pieces.append(source[at:])
    return "".join(pieces), runs


def unfold(source: str, runs: list[str]) -> str:
    """The source with the runs in their places."""
    return _PLACE.sub(lambda place: runs[int(place[1])], source) if runs else source


def unfolded(value: Any, runs: list[str]) -> Any:
    """A value of the tree with the words of its runs, for what is read and not only passed on."""
    import json

    if isinstance(value, list):
        out: list[Any] = []
        for item in value:
            if isinstance(item, dict) and item.get("t") == FOLDED:
                out += json.loads(f"[{runs[item['c']]}]")
            else:
                out.append(unfolded(item, runs))
        return out
    if isinstance(value, dict):
        return {name: unfolded(item, runs) for name, item in value.items()}
    return value
