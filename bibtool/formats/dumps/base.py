"""What reading a dump gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.structs import dataclass

if TYPE_CHECKING:
    from bibtool.model.record import Record


@dataclass(frozen=True, slots=True)
class DumpRecord:
    """A record of a dump. ``uid`` is its key there, ``retracted`` what the dump says of a retraction, or ""."""

    record: Record
    uid: str
    retracted: str = ""


@dataclass(slots=True)
class Tally:
    """What was counted while reading: bytes of the file so far, and what could not be read, with the first reasons."""

    read: int = 0
    lost: int = 0
    reasons: list[str] | None = None

    def lose(self, reason: str) -> None:
        """Count one that could not be read."""
        self.lost += 1
        self.reasons = [*(self.reasons or []), reason][:10]
