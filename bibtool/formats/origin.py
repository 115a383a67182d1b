"""Provenance of what a reader found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bibtool.model.record import Provenance

if TYPE_CHECKING:
    from bibtool.formats.base import ReadOptions
    from bibtool.model.record import Record


def with_provenance(record: Record, source: str, options: ReadOptions, line: int | None = None) -> Record:
    """The record with the file and line noted for each of its values; unchanged where ``options.when`` is empty."""
    if not options.when:
        return record
    detail = options.path if line is None else f"{options.path}:{line}"
    origin = Provenance(source=source, detail=detail, when=options.when)
    names = [*record.variables, "type"]
    if record.arxiv is not None and record.arxiv.id is not None:
        names.append("arxiv.id")
    return replace(record, provenance={name: record.provenance.get(name, origin) for name in names})
