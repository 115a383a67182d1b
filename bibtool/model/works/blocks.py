"""Where to look for the work of a record: blocks of records that may be one work, so that each is compared with few.

A record is looked for among those with an identifier in common, those with its title (whatever its spelling), and those
with a similar title by the same first author in neighbouring years. A library keeps the same blocks as columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from bibtool.model.text.fold import title_key
from bibtool.model.works.identity import identifiers
from bibtool.model.works.people import prepare_person
from bibtool.model.works.similar import SimilarTitles, near_in
from bibtool.model.works.titles import bare_title, squashed
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from bibtool.model.record import Record

T = TypeVar("T", bound="Hashable")

MAX_ALIKE = 20  # records of one block that are looked at
MAX_LENGTH = 200  # characters of a title's block


def author_block(record: Record) -> str:
    """The first author (or editor) as a key that all spellings of one name share; "" where there is none."""
    names = record.names("author") or record.names("editor")
    return prepare_person(names[0]).block if len(names) else ""


def title_block(record: Record) -> str:
    """The title as a key that all its spellings share; "" where there is none."""
    return squashed(title_key(bare_title(record.title).text))[:MAX_LENGTH]


class Known(NamedTuple):
    """What a record is known by: its identifiers, the blocks of its author and its title, the title's key, the year."""

    ids: tuple[tuple[str, str], ...]
    author: str
    title: str
    title_key: str
    year: int | None


def known_by(record: Record) -> Known:
    """What the record is known by; "" for each that it lacks."""
    key = title_key(record.title)
    return Known(tuple(identifiers(record)), author_block(record), title_block(record), key, record.year)


class Blocks(Generic[T]):
    """Items by the blocks of their records; what an item is, is the caller's."""

    def __init__(self) -> None:
        self._last: tuple[Record, Known] | None = None
        self._by_id: dict[tuple[str, str], list[T]] = {}
        self._by_title: dict[str, list[tuple[T, str]]] = {}
        self._by_author: dict[tuple[str, int], SimilarTitles[T]] = {}

    def add(self, item: T, record: Record) -> Known:
        """Note the item under everything that its record is known by, which is returned; again if it has changed."""
        known = self._known_by(record)
        for pair in known.ids:
            _note(self._by_id.setdefault(pair, []), item)
        if known.title:
            _note(self._by_title.setdefault(known.title, []), (item, known.author))
        if known.author and known.year is not None:
            block = (known.author, known.year)
            if (titles := self._by_author.get(block)) is None:
                titles = self._by_author[block] = SimilarTitles()
            titles.add(known.title_key, item)
        return known

    def _known_by(self, record: Record) -> Known:
        """What the record is known by; nearly always the record is the one that was asked for just before."""
        if self._last is None or self._last[0] is not record:
            self._last = record, known_by(record)
        return self._last[1]

    def alike(self, record: Record) -> Iterator[T]:
        """The items whose records may be the same work, most telling first, each once; bounded."""
        yield from dict.fromkeys(self._alike(record))

    def _alike(self, record: Record) -> Iterator[T]:
        known = self._known_by(record)
        for pair in known.ids:
            yield from self._by_id.get(pair, ())[:MAX_ALIKE]
        author, year = known.author, known.year
        titled = self._by_title.get(known.title, [])
        if len(titled) > MAX_ALIKE:  # "Editorial"
            titled = [pair for pair in titled if pair[1] == author]
        yield from (item for item, _ in titled[:MAX_ALIKE])
        title = known.title_key
        if not author or not title or year is None:
            return
        blocks = (self._by_author.get((author, each)) for each in (year, year - 1, year + 1))
        yield from near_in(blocks, title)[:MAX_ALIKE]


def _note(block: list[T], item: T) -> None:
    if item not in block[-MAX_ALIKE:]:
        block.append(item)
