"""Works of OpenAlex (snapshot, one JSON object a line, the same as in answers of the API) as records.

Source: OpenAlex's documentation of the work object. Names are taken as they are printed (``raw_author_name``); those of
author profiles belong to people, not to papers.
"""

from __future__ import annotations

import contextlib
from typing import Any

from bibtool.errors import IdentifierError
from bibtool.formats.dumps.base import DumpRecord
from bibtool.model.dates import Date, DateParts
from bibtool.model.identifiers import arxiv_id_of_doi, parse_arxiv_id, parse_doi
from bibtool.model.names import Names, parse_name
from bibtool.model.record import Arxiv, Record

_TYPES = {
    "article": "article-journal", "book": "book", "book-chapter": "chapter", "conference-paper": "paper-conference",
    "dataset": "dataset", "dissertation": "thesis", "preprint": "article", "report": "report", "review":
    "article-journal", "letter": "article-journal", "standard": "standard", "software": "software",
}  # fmt: skip


def dump_record(data: dict[str, Any]) -> DumpRecord | None:
    """The record of a line; None for one without an id."""
    uid = str(data.get("id") or "").rsplit("/", 1)[-1]
    if not uid:
        return None
    biblio, location = data.get("biblio") or {}, data.get("primary_location") or {}
    source = location.get("source") or {}
    year = data.get("publication_year")
    pages = [str(page) for page in (biblio.get("first_page"), biblio.get("last_page")) if page]
    variables: dict[str, Any] = {
        "title": str(data.get("title") or data.get("display_name") or ""),
        "author": _names(data),
        "issued": Date(start=DateParts(year)) if isinstance(year, int) else None,
        "container-title": str(source.get("display_name") or location.get("raw_source_name") or ""),
        "volume": str(biblio.get("volume") or ""),
        "issue": str(biblio.get("issue") or ""),
        "page": "-".join(dict.fromkeys(pages)),
    }
    arxiv = None
    with contextlib.suppress(IdentifierError):
        doi = parse_doi(str(data.get("doi") or ""))
        own = arxiv_id_of_doi(doi)
        if own is None:
            variables["DOI"] = doi
        else:
            arxiv = Arxiv(id=own)
    if arxiv is None:
        arxiv = _arxiv(data)
    kind = _TYPES.get(str(data.get("type")), "document")
    record = Record("", kind, variables={name: value for name, value in variables.items() if value}, arxiv=arxiv)
    return DumpRecord(record, uid, "retracted, says OpenAlex" if data.get("is_retracted") else "")


def _names(data: dict[str, Any]) -> Names:
    names = []
    for authorship in data.get("authorships") or ():
        profile = authorship.get("author") or {}
        printed = str(authorship.get("raw_author_name") or profile.get("display_name") or "").replace("\u2010", "-")
        if printed:
            names.append(parse_name(printed))
    return Names(tuple(names), bool(data.get("is_authors_truncated")))


def _arxiv(data: dict[str, Any]) -> Arxiv | None:
    for location in data.get("locations") or ():
        address = str((location or {}).get("landing_page_url") or "")
        if "arxiv.org/abs/" in address:
            with contextlib.suppress(IdentifierError):
                return Arxiv(id=parse_arxiv_id(address))
    return None
