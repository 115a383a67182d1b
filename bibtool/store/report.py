"""What a change did to the library, and what an import says of each record."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bibtool.model.record import Record
    from bibtool.model.works.merge import Conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of the history.

    ``number`` counts up and is never given twice, ``when`` is an ISO 8601 time (UTC), ``who`` made it ("" where the
    store does not know), ``undone`` says that the change was undone and can be redone. The last three count records.
    """

    number: int
    what: str
    when: str
    who: str = ""
    undone: bool = False
    added: int = 0
    changed: int = 0
    removed: int = 0


class KeyMaker(Protocol):
    """Gives keys to records without: same records, same order, none of the keys in ``taken`` (compared folded)."""

    def __call__(self, records: Sequence[Record], *, taken: Collection[str]) -> Sequence[Record]:
        """The records with keys."""
        ...


class Outcome(StrEnum):
    """What became of a record of the input."""

    ADDED = "added"
    MERGED = "merged"
    UNCHANGED = "unchanged"


class KeyReason(StrEnum):
    """Why a record has another key than in the input."""

    MADE = "made"  # it had none
    SAME_WORK = "same work"  # the work was there under this key; the key given leads to it too
    OTHERS = "same work, but the key is another record's"  # so it can't lead to this one
    TAKEN = "taken"  # a different work has the key
    UNUSABLE = "unusable"  # the key can't be stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One record of the input: what became of it, its key there ("" for none) and in the library.

    ``key_reason`` is None where both keys are the same. ``conflicts`` are differences found by this import;
    ``alike`` are the keys of records that may be the same work, each with the reasons for and against; ``joined`` are
    keys of records of the library that became one with this one by what it brought, each with the reason: they lead to
    it from now on.
    """

    outcome: Outcome
    key: str
    given_key: str = ""
    key_reason: KeyReason | None = None
    conflicts: tuple[Conflict, ...] = ()
    alike: tuple[tuple[str, str], ...] = ()
    joined: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """One item for every record, in the order of the input, and the entry of the history (None: nothing changed)."""

    items: tuple[Imported, ...] = ()
    change: Change | None = None

    def _of(self, outcome: Outcome) -> tuple[Imported, ...]:
        return tuple(item for item in self.items if item.outcome is outcome)

    @property
    def added(self) -> tuple[Imported, ...]:
        """Those that the library did not have."""
        return self._of(Outcome.ADDED)

    @property
    def merged(self) -> tuple[Imported, ...]:
        """Those that completed a record."""
        return self._of(Outcome.MERGED)

    @property
    def unchanged(self) -> tuple[Imported, ...]:
        """Those that brought nothing new."""
        return self._of(Outcome.UNCHANGED)

    @property
    def conflicts(self) -> tuple[tuple[str, Conflict], ...]:
        """Key and difference."""
        return tuple((item.key, conflict) for item in self.items for conflict in item.conflicts)

    @property
    def doubtful(self) -> tuple[Imported, ...]:
        """Those that were added although another record may be the same work."""
        return tuple(item for item in self.items if item.alike)

    @property
    def key_changes(self) -> tuple[Imported, ...]:
        """Those whose key in the input is not their key in the library; records without key are left out."""
        return tuple(item for item in self.items if item.given_key and item.given_key != item.key)
