"""What kind of manifestation of a work a record describes: the preprint, the article, the thesis ... Pure.

The words are FRBR's: a *work* appears in *manifestations*. Everybody who asks whether something is a preprint or was
published asks here.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import arxiv_id_of_doi
from bibtool.model.works.identity import is_preprint_doi
from bibtool.model.works.titles import bare_title
from bibtool.model.works.venues import names_preprint_server

if TYPE_CHECKING:
    from bibtool.model.record import Record


class Manifestation(StrEnum):
    """What a record describes; `UNKNOWN` where it says too little to tell."""

    PREPRINT = "preprint"
    JOURNAL = "journal article"
    CONFERENCE = "conference paper"
    ABSTRACT = "abstract or talk"
    CHAPTER = "chapter"
    BOOK = "book"
    THESIS = "thesis"
    REPORT = "report"
    DATA = "data set or software"
    REVIEW = "review of another work"
    PATENT = "patent"
    OTHER = "publication"
    UNKNOWN = ""


_OF_TYPE: Final = {
    "article-journal": Manifestation.JOURNAL, "article-magazine": Manifestation.JOURNAL,
    "article-newspaper": Manifestation.JOURNAL, "paper-conference": Manifestation.CONFERENCE,
    "chapter": Manifestation.CHAPTER, "entry": Manifestation.CHAPTER, "entry-encyclopedia": Manifestation.CHAPTER,
    "entry-dictionary": Manifestation.CHAPTER, "book": Manifestation.BOOK, "collection": Manifestation.BOOK,
    "thesis": Manifestation.THESIS, "report": Manifestation.REPORT, "dataset": Manifestation.DATA,
    "software": Manifestation.DATA, "speech": Manifestation.ABSTRACT, "review": Manifestation.REVIEW,
    "review-book": Manifestation.REVIEW, "patent": Manifestation.PATENT,
}  # fmt: skip
_BY_TYPE_ALONE: Final = frozenset(
    {Manifestation.THESIS, Manifestation.DATA, Manifestation.REVIEW, Manifestation.BOOK, Manifestation.PATENT}
)
# types that are given to whatever fits nowhere else
VAGUE_TYPES: Final = frozenset({"article", "document", "manuscript", "webpage", "post", "post-weblog"})
_PRESENTED: Final = lazy_pattern(r"\b(?:abstract|poster|talk|slides|presentation|demo)s?\b", re.IGNORECASE)
_WORKING_PAPER: Final = lazy_pattern(
    r"\b(?:working|discussion) papers?\b|\bpre-?prints?\b|\be-?prints?\b", re.IGNORECASE
)
_ARCHIVES_OF_DATA: Final = frozenset("10.5281 10.6084 10.17632 10.5061 10.7910 10.17605 10.4121".split())
_PLACES: Final = ("container-title", "event-title", "publisher", "volume", "DOI")


def is_published(record: Record) -> bool:
    """Whether a record says where the work appeared; a preprint server is no such place, nor is arXiv's own DOI."""
    if record.type in ("document", "article") or is_working_paper(record):
        return False
    if container := record.text("container-title"):
        return not names_preprint_server(container)
    variables = record.variables
    places = [variable for variable in _PLACES if variable in variables and record.text(variable)]
    if not places or (places == ["publisher"] and names_preprint_server(record.text("publisher"))):
        return False
    doi = record.text("DOI")
    if is_preprint_doi(doi) or arxiv_id_of_doi(doi) is not None:
        return any(record.text(variable) for variable in ("event-title", "volume"))
    return True


def is_working_paper(record: Record) -> bool:
    """Whether a report is a working paper: the preprint of economics, though it has a number and a publisher."""
    return record.type == "report" and any(
        _WORKING_PAPER.search(record.text(variable)) for variable in ("genre", "collection-title")
    )


def manifestation_of(record: Record, *, published: bool | None = None) -> Manifestation:
    """What the record describes; ``published`` is what `is_published` says of it, where that is known."""
    by_type = _OF_TYPE.get(record.type, Manifestation.UNKNOWN if record.type in VAGUE_TYPES else Manifestation.OTHER)
    if by_type in _BY_TYPE_ALONE:
        return by_type
    if by_type is Manifestation.ABSTRACT or is_presented(record):
        return Manifestation.ABSTRACT
    if by_type is Manifestation.UNKNOWN and record.text("DOI").split("/", 1)[0] in _ARCHIVES_OF_DATA:
        return Manifestation.DATA
    if is_published(record) if published is None else published:
        return Manifestation.OTHER if by_type is Manifestation.UNKNOWN else by_type
    return Manifestation.PREPRINT if _names_server(record) else Manifestation.UNKNOWN


def is_presented(record: Record) -> bool:
    """Whether a record says that it is an abstract, a poster or a talk."""
    genre = record.text("genre")
    if (genre and _PRESENTED.search(genre)) or bare_title(record.title).is_presented:
        return True
    if record.type not in VAGUE_TYPES:
        return False
    told = [record.text("medium"), record.text("publisher"), record.leftover("bibtex", "howpublished")]
    return any(_PRESENTED.search(text) for text in told)


def is_preprint(record: Record) -> bool:
    """Whether a record is on a preprint server and says of no other place where the work appeared."""
    return not is_published(record) and _names_server(record)


def _names_server(record: Record) -> bool:
    """Whether a record that is not published says that it is on a preprint server."""
    if (record.arxiv is not None and record.arxiv.id is not None) or record.type == "manuscript":
        return True
    if (
        is_working_paper(record)
        or is_preprint_doi(record.text("DOI"))
        or arxiv_id_of_doi(record.text("DOI")) is not None
    ):
        return True
    return any(
        names_preprint_server(record.text(variable))
        for variable in ("container-title", "publisher", "archive", "genre")
    )
