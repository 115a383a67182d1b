"""What kind of work a record is, for the headings of a list: coarser than CSL types, and aware of preprints."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bibtool.model.works.manifestation import is_published

if TYPE_CHECKING:
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
