"""What an index offers, whatever keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bibtool.model.record import Record


@dataclass(frozen=True, slots=True)
class Indexed:
    """A record of the index, the name of its source, and what that says of a retraction ("" for nothing)."""

    record: Record
    source: str
    retracted: str = ""


class NewRow(Protocol):
    """A record to be added. ``uid`` is its key within the source: a later record with this key replaces it."""

    @property
    def record(self) -> Record:
        """The record."""

    @property
    def uid(self) -> str:
        """Its key within the source."""

    @property
    def retracted(self) -> str:
        """What the source says of a retraction, "" for nothing."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A dump or file of which the index has records; ``added`` is an ISO 8601 time."""

    name: str
    records: int
    added: str


@dataclass(frozen=True, slots=True)
class Info:
    """What an index holds. ``types`` counts the CSL types of the records, ``size`` is in bytes."""

    location: str
    records: int
    size: int
    sources: tuple[SourceInfo, ...] = ()
    types: Mapping[str, int] = field(default_factory=dict)
    with_arxiv: int = 0
    published: int = 0


class Index(Protocol):
    """Records of many sources, to be found by identifier, by words of the title, and by people and year."""

    def add(self, source: str, rows: Iterable[NewRow], *, run: int, reached: int = 0) -> int:
        """Add records in one transaction; the number that are new.

        ``run`` is that of `begin`, ``reached`` how many records of the file are in the index with these.
        """

    def is_done(self, source: str, file: str, stamp: str) -> bool:
        """Whether this very file was added completely."""

    def begin(self, source: str, file: str, stamp: str, when: str) -> tuple[int, int]:
        """Start to add a file: the number of the run, and how many of its records are in the index already."""

    def reached(self, run: int, records: int, *, done: bool = False) -> None:
        """Note how many records of the file were added."""

    def finish(self) -> None:
        """Bring the figures up to date by which searches are planned."""

    def by_identifiers(self, identifiers: Sequence[str]) -> list[Indexed]:
        """The records that have one of these (``doi:10.1/x``, ``arxiv:2203.01360``, ``isbn:...``)."""

    def candidates(self, record: Record, *, most: int = 30) -> list[Indexed]:
        """Records that may be this one: by identifier, title, rare words of the title, people and year."""

    def search(self, words: str, *, most: int = 20) -> list[Indexed]:
        """Records with all these words in title or names, or with this identifier.

        Where the words begin or end with the whole title of such records and all of them are common, those are all
        that is looked for.
        """

    def remove(self, source: str) -> int:
        """Remove the records of a source; their number."""

    def info(self) -> Info:
        """What the index holds."""

    def close(self) -> None:
        """Close it."""
