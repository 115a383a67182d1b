"""Records in whose company others are cited: what disambiguation and numbers of a citation depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.model.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bibtool.model.record import Record


def company_of(cited: Sequence[Record], records: Iterable[Record]) -> list[Record]:
    """Those of the records whose citations can look like the cited ones, in their order.

    They share a family name or an organisation in any role; of works without names, those without any. That is enough
    for styles that cite by names and dates: names, more names, year-suffixes (CSL 1.0.2, "Disambiguation").
    """
    wanted: set[str] = set()
    for record in cited:
        wanted |= _names(record)
    return [record for record in records if not wanted.isdisjoint(_names(record))]


def _names(record: Record) -> set[str]:
    """Family names and organisations, "" where there are none."""
    found = {
        (name.literal or name.family or name.given).casefold()
        for value in record.variables.values()
        if isinstance(value, Names)
        for name in value.names
    }
    return found or {""}
