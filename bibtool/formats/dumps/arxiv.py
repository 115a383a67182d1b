"""Lines of arXiv's metadata snapshot (``arxiv-metadata-oai-snapshot.json``) as records.

Source: the description of the data set on Kaggle. The year is that of the first version, not of ``update_date``.
"""

from __future__ import annotations

import contextlib
from email.utils import parsedate_to_datetime
from typing import Any

from bibtool.errors import IdentifierError
from bibtool.formats.dumps.base import DumpRecord
from bibtool.model.dates import Date, DateParts
from bibtool.model.identifiers import parse_arxiv_id, parse_doi
from bibtool.model.names import Name, Names
from bibtool.model.record import Arxiv, Record


def dump_record(data: dict[str, Any]) -> DumpRecord | None:
    """The record of a line; None for one without an id. Raises `ValueError` for an id that is not arXiv's."""
    number = str(data.get("id") or "")
    if not number:
        return None
    versions = [version for version in data.get("versions") or () if isinstance(version, dict)]
    days = [day for version in versions if (day := _day(version.get("created")))]
    comment = str(data.get("comments") or "")
    categories = tuple(str(data.get("categories") or "").split())
    variables: dict[str, Any] = {
        "title": _one_line(data.get("title")),
        "author": _names(data.get("authors_parsed") or ()),
        "issued": Date(start=DateParts(*days[0])) if days else None,
    }
    with contextlib.suppress(IdentifierError, IndexError):
        variables["DOI"] = parse_doi(str(data.get("doi") or "").split()[0])
    arxiv = Arxiv(
        id=parse_arxiv_id(number),
        latest=len(versions) or None,
        updated="-".join(f"{part:02}" for part in days[-1]) if days else "",
        journal_ref=_one_line(data.get("journal-ref")),
        primary_category=categories[0] if categories else "",
        withdrawn="withdrawn" in comment.casefold(),
    )
    record = Record("", "article", variables={name: value for name, value in variables.items() if value}, arxiv=arxiv)
    return DumpRecord(record, number, "withdrawn on arXiv" if arxiv.withdrawn else "")


def _one_line(text: Any) -> str:
    return " ".join(str(text or "").split())


def _day(created: Any) -> tuple[int, int, int] | None:
    try:
        day = parsedate_to_datetime(str(created))
    except (ValueError, TypeError):
        return None
    return day.year, day.month, day.day


def _names(people: Any) -> Names:
    names = []
    for parts in people:
        family, given, suffix = [*(str(part or "") for part in parts[:3]), "", "", ""][:3]
        if family or given:
            names.append(Name(family=family, given=given, suffix=suffix))
    return Names(tuple(names))
