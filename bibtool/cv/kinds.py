"""What kind of work a record is, for the headings of a list: coarser than CSL types, and aware of preprints."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bibtool.model.text.fold import fold
from bibtool.model.works.manifestation import is_published

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bibtool.model.record import Record

# in the order in which sections are printed; the headings are words of `bibtool.cv.words`
KINDS: Final = (
    "journal", "conference", "book", "chapter", "preprint", "thesis", "report", "talk", "software", "dataset",
    "patent", "review", "press", "other",
)  # fmt: skip

_OF_TYPE: Final = {
    "article-journal": "journal",
    "periodical": "journal",
    "paper-conference": "conference",
    "book": "book",
    "classic": "book",
    "collection": "book",
    "chapter": "chapter",
    "entry": "chapter",
    "entry-dictionary": "chapter",
    "entry-encyclopedia": "chapter",
    "article": "preprint",
    "manuscript": "preprint",
    "thesis": "thesis",
    "report": "report",
    "standard": "report",
    "speech": "talk",
    "event": "talk",
    "performance": "talk",
    "software": "software",
    "dataset": "dataset",
    "patent": "patent",
    "review": "review",
    "review-book": "review",
    "article-magazine": "press",
    "article-newspaper": "press",
    "interview": "press",
    "broadcast": "press",
    "post-weblog": "press",
}
# what tells of a place, in the words of authors; a volume of conference papers may also be one of a series of books
_PLACES: Final = {
    "conference": re.compile(
        r"\b(?:proc(?:eedings|\.)?|conference|conf\.?|workshop|symposium|meeting|advances in neural|"
        r"NeurIPS|NIPS|ICML|ICLR|AISTATS|COLT|AAAI|IJCAI|CVPR|ICCV|ECCV|ACL|EMNLP|NAACL|KDD|STOC|FOCS|SODA|ICALP|UAI|"
        r"INTERSPEECH|ICASSP|CHI|SIGGRAPH|PMLR)\b",
        re.IGNORECASE,
    ),
    "thesis": re.compile(r"\b(?:ph\.?\s?d|doctoral|master'?s?)\b.{0,20}\bthesis\b", re.IGNORECASE),
    "chapter": re.compile(r"\b(?:chapter|handbook|LNAI|LNCS|LNM|in:|eds?\.)(?:\b|\W)", re.IGNORECASE),
}


def kind_of(record: Record) -> str:
    """One of `KINDS`.

    An article "in" a preprint server is a preprint, whatever its type says. A preprint of which its authors told arXiv
    where it appeared (``journal_ref``) is listed as what it became.
    """
    kind = _OF_TYPE.get(record.type, "other")
    if kind == "preprint" or (kind in {"journal", "other"} and _is_on_arxiv(record) and not is_published(record)):
        if place := published_in(record):
            return next((name for name, words in _PLACES.items() if words.search(place)), "journal")
        return "preprint"
    return kind


_TYPE_OF: Final = {
    "journal": "article-journal",
    "conference": "paper-conference",
    "chapter": "chapter",
    "thesis": "thesis",
    "preprint": "article",
}


def as_listed(record: Record) -> Record:
    """The record with the type that its heading says, for conditions: ``type==preprint`` is what stands there."""
    kind = kind_of(record)
    if _OF_TYPE.get(record.type, "other") == kind:
        return record
    return replace(record, type=_TYPE_OF.get(kind, record.type))


def published_in(record: Record) -> str:
    """Where a record that is cited as a preprint appeared, in the words that its authors gave arXiv; "" if nowhere."""
    return record.arxiv.journal_ref if record.arxiv is not None and not is_published(record) else ""


def _is_on_arxiv(record: Record) -> bool:
    return record.arxiv is not None and record.arxiv.id is not None


# ---- how far a work has come, where it is not published yet ----------------------------------------------------------

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
