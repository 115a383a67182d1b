"""What kind of work a record is, for the headings of a list: coarser than CSL types, and aware of preprints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.lazy import lazy_pattern
from bibtool.model.text.fold import fold
from bibtool.model.works.manifestation import is_preprint, is_published, is_working_paper
from bibtool.model.works.venues import names_journal, names_preprint_server, names_proceedings

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
# other places in the words of authors; a volume of conference papers may also be one of a series of books
_PLACES: Final = {
    "thesis": re.compile(r"\b(?:ph\.?\s?d|doctoral|master'?s?)\b.{0,20}\bthesis\b", re.IGNORECASE),
    "chapter": re.compile(r"\b(?:chapter|handbook|LNAI|LNCS|LNM|in:|eds?\.)(?:\b|\W)", re.IGNORECASE),
}
# the kinds that a venue can put right: types that people choose by habit, or because a format has no better one
_BY_VENUE: Final = frozenset({"journal", "conference", "chapter", "report", "other"})


def kind_of(record: Record) -> str:
    """One of `KINDS`, by what the venue is rather than by the type alone.

    An article "in" a preprint server is a preprint, one "in" the European Conference on Computer Vision a conference
    paper. A preprint whose authors told arXiv where it appeared (``journal_ref``) is listed by what it became.
    """
    kind = kind_of_type(record.type)
    if kind in _BY_VENUE and not is_working_paper(record):
        kind = _kind_by_venue(record, kind)
    if kind != "preprint":
        return kind
    place = published_in(record)
    return _kind_of_place(place) if place else kind


def kind_of_type(type_: str) -> str:
    """The kind that a CSL type alone says; ``other`` for a type without a section of its own."""
    return _OF_TYPE.get(type_, "other")


def _kind_by_venue(record: Record, kind: str) -> str:
    venue = record.text("container-title")
    if names_preprint_server(venue or record.text("publisher")):
        return "preprint"
    if kind in {"journal", "other"} and is_preprint(record):
        return "preprint"
    if kind in {"journal", "chapter", "other"} and names_proceedings(venue):
        return "conference"
    if kind == "conference" and names_journal(venue) and not record.text("event-title"):
        return "journal"
    return kind


def _kind_of_place(place: str) -> str:
    if names_proceedings(place):
        return "conference"
    return next((name for name, words in _PLACES.items() if words.search(place)), "journal")


def published_in(record: Record) -> str:
    """Where a record that is cited as a preprint appeared, in the words that its authors gave arXiv; "" if nowhere."""
    return record.arxiv.journal_ref if record.arxiv is not None and not is_published(record) else ""


# ---- how far a work has come, where it is not published yet ----------------------------------------------------------

# words of `bibtool.cv.words` -> what sources write, folded: biblatex's pubstate, notes, words in place of a year
_STATES: Final = {
    "in-preparation": ("inpreparation", "in preparation", "in prep", "in prep.", "working paper"),
    "submitted": ("submitted", "submitted for publication", "under submission"),
    "under-review": ("under review", "in review", "under revision", "in revision", "revise and resubmit"),
    "accepted": ("accepted", "accepted for publication", "conditionally accepted"),
    "in-press": ("inpress", "in press", "forthcoming", "to appear", "in print", "online first", "ahead of print"),
}
_WORDS: Final = {text: state for state, texts in _STATES.items() for text in texts}
# "Accepted at ICML", "To appear in: Annals", "submitted to JMLR": the place is named too
_WITH_PLACE = lazy_pattern(
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

    An unknown state is printed as the record has it. Where a preprint appeared, in its authors'
    words to arXiv, is printed as it is: a style could not format these words.
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
