"""That a source says that a work was retracted, as a record keeps it: in its note. Pure.

Every format has a note, and bibliographies print it, as COPE's guidelines ask for. The note begins with a mark that
people don't write, so that checks tell what a source has said from what the user knows and says: ``Retracted``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bibtool.model.record import Provenance, Record

MARK: Final = "RETRACTED: "


def with_retraction(record: Record, said: str, origin: Provenance) -> Record:
    """The record with a note of what a source has ``said`` ("" for nothing) of a retraction.

    The record itself where title or note tell it, or where it has another note, which is the user's.
    """
    if not said or record.text("note") or "retracted" in record.title.casefold():
        return record
    return record.with_values({"note": f"{MARK}{said}"}, origin)


def retraction_of(record: Record) -> str:
    """What a source has said of a retraction; "" where the note tells of none, or the user has worded it."""
    note = record.text("note")
    return note.removeprefix(MARK) if note.startswith(MARK) else ""
