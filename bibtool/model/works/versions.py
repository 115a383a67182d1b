"""Records joined to works: a preprint and its publication are one, and are listed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.model.works.blocks import Blocks
from bibtool.model.works.combine import choose_base, combine
from bibtool.model.works.groups import find_duplicates
from bibtool.model.works.manifestation import is_published
from bibtool.model.works.merge import PUBLICATION_GROUP
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record, Value

PREFERENCES = ("published", "preprint")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One work.

    ``record``    the version that is listed, completed by the others (full author list, abstract, arXiv id)
    ``versions``  the records as they were, in their order; more than one where versions were joined
    """

    record: Record
    versions: tuple[Record, ...]

    @property
    def preprint(self) -> Record | None:
        """The preprint of a listed publication, or the publication of a listed preprint; None for a single version."""
        if len(self.versions) == 1:
            return None
        published = is_published(self.record)
        return next((record for record in self.versions if is_published(record) is not published), None)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Records that may be one work; nobody can tell, so both are listed."""

    keys: tuple[str, ...]
    reason: str


def join_works(records: Sequence[Record], *, prefer: str = "published") -> tuple[list[Work], list[Doubt]]:
    """The works, each at the place of its first record, and the records that are perhaps one work.

    ``prefer`` names the version that is listed where a preprint and a publication are known. Without records there are
    no works.
    """
    candidates = _candidates(records)
    groups = find_duplicates([records[at] for at in candidates]) if candidates else ()
    leader: dict[int, tuple[int, ...]] = {}
    doubts = []
    for group in groups:
        members = tuple(candidates[at] for at in group.members)
        if group.certain:
            leader.update(dict.fromkeys(members, members))
        else:
            doubts.append(Doubt(tuple(records[at].key for at in members), "; ".join(group.reasons)))
    works = []
    for at, record in enumerate(records):
        members = leader.get(at, (at,))
        if members[0] != at:
            continue
        versions = tuple(records[member] for member in members)
        works.append(Work(record=record if len(versions) == 1 else _listed(versions, prefer), versions=versions))
    return works, doubts


def _listed(versions: Sequence[Record], prefer: str) -> Record:
    """The version that is listed, completed by the others; half of a publication never makes a preprint published."""
    base = choose_base(versions)
    if prefer == "preprint":
        base = next((at for at, record in enumerate(versions) if not is_published(record)), base)
    lead = versions[base]
    if not is_published(lead):
        gone: dict[str, Value | None] = dict.fromkeys(PUBLICATION_GROUP)
        versions = [
            replace(record.with_values(gone), type=lead.type) if is_published(record) else record for record in versions
        ]
    return combine(versions, key=lead.key, base=base).record


def _candidates(records: Sequence[Record]) -> list[int]:
    """Places of the records that may be one work with another one: few, so that the rest costs nothing."""
    blocks: Blocks[int] = Blocks()
    places: set[int] = set()
    for at, record in enumerate(records):
        if alike := set(blocks.alike(record)):
            places |= {at, *alike}
        blocks.add(at, record)
    return sorted(places)
