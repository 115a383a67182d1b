"""The identifiers by which a record is known: evidence for the question whether two records are one work. Pure."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from bibtool.errors import IdentifierError
from bibtool.model.identifiers import arxiv_id_of_doi, isbn13, parse_doi, parse_isbn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bibtool.model.record import Record

# kind -> singular for people; in the order in which they are reported
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
    for kind, variable, value in _values(record):
        origin = record.provenance.get(variable)
        if origin is None or not origin.inherited:
            yield kind, value


def doi_of(record: Record) -> str:
    """The bare DOI of a record; if it has none, the one that its URL leads to; "" for none or a malformed one.

    Files of many people and programs have ``https://doi.org/10.1000/x`` as the URL and no DOI.
    """
    text = record.text("DOI")
    if not text:
        text = record.text("URL")
        if "doi.org/10." not in text.casefold():
            return ""
    with contextlib.suppress(IdentifierError):
        return parse_doi(text)
    return ""


def _values(record: Record) -> Iterator[tuple[str, str, str]]:
    """Kind, variable and normalised value of the identifiers of a record, its parent's among them."""
    known = record.variables
    if record.arxiv is not None and record.arxiv.id is not None:
        yield "arxiv", "arxiv.id", record.arxiv.id.number
    if doi := doi_of(record):
        variable = "DOI" if "DOI" in known else "URL"
        own = arxiv_id_of_doi(doi)
        if own is None:
            yield "doi", variable, doi.casefold()
        elif record.arxiv is None or record.arxiv.id is None:
            yield "arxiv", variable, own.number
    if record.type == "book" and "ISBN" in known:
        with contextlib.suppress(IdentifierError):
            yield "isbn", "ISBN", isbn13(parse_isbn(record.text("ISBN")))
    for variable in ("PMID", "PMCID"):
        if variable in known:
            yield variable.casefold(), variable, record.text(variable).casefold()


def is_preprint_doi(doi: str) -> bool:
    """Whether a DOI is one that a preprint server gives, told by its registrant."""
    return doi.split("/", 1)[0] in _PREPRINT_REGISTRANTS
