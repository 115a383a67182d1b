"""Records with the keys under which they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record


def keyed(records: Sequence[Record]) -> list[tuple[Record, str]]:
    """Each record with its key; records without one are given one that none of the others has."""
    if all(record.key for record in records):
        return [(record, record.key) for record in records]
    from bibtool.model.keys import assign_keys

    return [(record, given.key) for record, given in zip(records, assign_keys(records), strict=True)]
