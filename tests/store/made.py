"""Records for the tests of the library, and a way to make keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Names, parse_name
from bibtool.model.record import Arxiv, Leftover, Provenance, Record, Value, Verbatim
from bibtool.model.richtext import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

TIME = "2026-01-02T03:04:05Z"


def clock() -> str:
    return TIME


def work(
    key: str = "",
    title: str = "",
    authors: str = "",
    year: int | None = None,
    *,
    arxiv: str = "",
    doi: str = "",
    abstract: str = "",
    source: str = "",
    note: str = "",
) -> Record:
    """A record in short; authors are separated by semicolons."""
    variables: dict[str, Value] = {}
    if title:
        variables["title"] = Text.of(title)
    if authors:
        variables["author"] = Names(tuple(parse_name(name) for name in authors.split(";")))
    if year is not None:
        variables["issued"] = Date.of(year)
    if doi:
        variables["DOI"] = Verbatim(doi)
    if abstract:
        variables["abstract"] = Text.of(abstract)
    return Record(
        key=key,
        type="article-journal",
        variables=variables,
        arxiv=Arxiv(id=ArxivId(arxiv)) if arxiv else None,
        leftovers=(Leftover("bibtex", "annotation", note),) if note else (),
        provenance=dict.fromkeys(variables, Provenance(source=source)) if source else {},
    )


def count_keys(records: Sequence[Record], *, taken: Collection[str]) -> list[Record]:
    """Family name and year as the key, numbered where that is taken."""
    used = set(taken)
    out = []
    for record in records:
        authors = record.names("author")
        stem = (authors[0].family.lower() if len(authors) else "anon") + str(record.year or "")
        key, number = stem, 1
        while key.casefold() in used:
            number += 1
            key = f"{stem}n{number}"
        used.add(key.casefold())
        out.append(replace(record, key=key))
    return out
