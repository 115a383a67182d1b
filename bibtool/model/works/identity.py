"""The identifiers by which a record is known: evidence for the question whether two records are one work. Pure."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from bibtool.errors import IdentifierError
from bibtool.model.identifiers import arxiv_id_of_doi, isbn13, parse_doi, parse_isbn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bibtool.model.record import Record

# kind -> singular for people; in the order in which they are told
IDENTIFIERS: Final[Mapping[str, str]] = {
    "doi": "DOI", "arxiv": "arXiv id", "isbn": "ISBN", "pmid": "PubMed id", "pmcid": "PubMed Central id",
}  # fmt: skip
# registrants of DOIs that only, or above all, preprints have
_PREPRINT_REGISTRANTS: Final = frozenset(
    (
        "10.1101 10.64898 10.2139 10.3386 10.21203 10.26434 10.20944 10.31234 10.31219 10.31235 10.31222 10.31223 "
        "10.36227 10.22541 10.48550 10.22002 10.12688 10.51094"
    ).split()
)


def identifiers(record: Record) -> Iterator[tuple[str, str]]:
    """Pairs of kind and normalised identifier of the work itself: arxiv, doi, isbn, pmid, pmcid.

    An identifier that an entry inherits (``crossref``, ``xdata``) is its parent's, and an ISBN is that of a book:
    neither is given for a part.
    """
    inherited = record.inherited
    if record.arxiv is not None and record.arxiv.id is not None and "arxiv.id" not in inherited:
        yield "arxiv", record.arxiv.id.number
    if (doi := record.text("DOI")) and "DOI" not in inherited:
        with contextlib.suppress(IdentifierError):
            bare = parse_doi(doi)
            own = arxiv_id_of_doi(bare)
            if own is None:
                yield "doi", bare.casefold()
            elif record.arxiv is None or record.arxiv.id is None:
                yield "arxiv", own.number
    if record.type == "book" and "ISBN" not in inherited and (isbn := record.text("ISBN")):
        with contextlib.suppress(IdentifierError):
            yield "isbn", isbn13(parse_isbn(isbn))
    for variable in ("PMID", "PMCID"):
        if (number := record.text(variable)) and variable not in inherited:
            yield variable.casefold(), number.casefold()


def is_preprint_doi(doi: str) -> bool:
    """Whether a DOI is one that a preprint server gives, told by its registrant."""
    return doi.split("/", 1)[0] in _PREPRINT_REGISTRANTS
