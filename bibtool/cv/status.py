"""How far a work has come, where it is not published yet: the status note of an entry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.cv.kinds import published_in
from bibtool.model.text.fold import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bibtool.model.record import Record

# words of `bibtool.cv.words` -> what sources write, folded: biblatex's pubstate, notes, years that are no numbers
_STATES: Final = {
    "in-preparation": ("inpreparation", "in preparation", "in prep", "in prep.", "working paper"),
    "submitted": ("submitted", "submitted for publication", "under submission"),
    "under-review": ("under review", "in review", "under revision", "in revision", "revise and resubmit"),
    "accepted": ("accepted", "accepted for publication", "conditionally accepted"),
    "in-press": ("inpress", "in press", "forthcoming", "to appear", "in print", "online first", "ahead of print"),
}
_WORDS: Final = {text: state for state, texts in _STATES.items() for text in texts}
# "Accepted at ICML", "To appear in: Annals", "submitted to JMLR": the place is told too
_WITH_PLACE = re.compile(
    r"(submitted|under review|under submission|accepted|to appear|in press|forthcoming)\s*(?:for publication\s*)?"
    r"(?:(?:to|in|at|by|for|with)\b:?\s+(?:the\s+)?(.{2,80}))?",
    re.IGNORECASE | re.DOTALL,
)
_WITHDRAWN: Final = frozenset({"withdrawn", "retracted"})


def is_withdrawn(record: Record) -> bool:
    """Whether the work was withdrawn or retracted, by arXiv's word or the record's own."""
    if record.arxiv is not None and record.arxiv.withdrawn:
        return True
    return fold(record.text("status")).strip(" .") in _WITHDRAWN


def status_of(record: Record, words: Mapping[str, str]) -> str:
    """The note in the words of the locale: "submitted", "accepted: ICML 2026"; "" for what is simply published.

    A state that is none of the known ones stands as the record says it. Where a preprint appeared, in its authors'
    words to arXiv, is told as it is, for these words are no data that a style could set.
    """
    own = record.text("status").strip()
    if own:
        return _known(own, words) or ("" if fold(own) in {"published", "prepublished"} else own)
    issued = record.date()
    if issued is not None and issued.literal and (state := _known(issued.literal, words)):
        return state
    for name in ("note", "annote"):
        if state := _known(record.text(name), words):
            return state
    return published_in(record)


def _known(text: str, words: Mapping[str, str]) -> str:
    text = " ".join(text.split()).strip(" .()")
    state = _WORDS.get(fold(text))
    if state is not None:
        return words[state]
    match = _WITH_PLACE.fullmatch(text)
    if match is None:
        return ""
    state = _WORDS[fold(match[1])]
    return f"{words[state]}: {match[2].strip(' .')}" if match[2] else words[state]
