"""What every store of an index does alike: which rows are looked at for a record or a search, and what fits of them.

Searches never scan. Identifiers, titles, their beginnings and ends, and people with a year are looked up by hash; other
titles by their rare words, which a table of common words helps to choose. A store gives rows by hash, by words, and by
number.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from bibtool.errors import BibtoolError, IndexFileError
from bibtool.model.works.manifestation import is_published
from bibtool.store.index.base import Indexed
from bibtool.store.index.keys import (
    content_words,
    end_keys,
    hashed,
    identifier_keys,
    identifiers_in,
    people_keys,
    searched_words,
    title_keys,
    title_keys_in,
)
from bibtool.store.index.rows import decode_row, found_by
from bibtool.store.index.wordsearch import CHEAP, groups_of, steps_of, walked
from bibtool.store.search import tokens
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bibtool.model.record import Record
    from bibtool.store.index.base import NewRow

PUBLISHED, ARXIV = 1, 2
ANEW: Final = "remove the file, and make it again with `bibtool index add`"
_LOOKED_AT: Final = 60  # hits of the rarest words of a search that are compared with its other words
_WITH_TITLE: Final = 300  # works of one title that are compared with the people of a search


class _Hit(NamedTuple):
    """A row that has all words of a search; ``words`` is how many it has in all."""

    source: int
    data: str
    words: int


class StoredIndex:
    """The part of `bibtool.store.index.base.Index` that does not depend on where the rows are."""

    location: str
    repair: str = ANEW

    # ---- what a store gives -----------------------------------------------------------------------------------------

    def _by_hash(self, key: int, most: int) -> list[int]:
        """The numbers of works with a key."""
        raise NotImplementedError

    def _matching(self, words: Sequence[str], limit: int, *, newest: bool = False) -> list[int]:
        """The numbers of works with all the words; with ``newest`` those that were added last."""
        raise NotImplementedError

    def _works_with(self, words: Sequence[str]) -> dict[str, int]:
        """How many records have each of the words that many have."""
        raise NotImplementedError

    def _data_of(self, numbers: Sequence[int]) -> Iterator[tuple[int, int, str]]:
        """Number, source and row of works, in the order given, each once."""
        raise NotImplementedError

    def _name_of(self, source: int) -> str:
        """The name of a source."""
        raise NotImplementedError

    def _add_batch(self, source: str, batch: Mapping[int, NewRow], run: int, reached: int) -> int:
        """Add or replace rows in one transaction; the number that are new."""
        raise NotImplementedError

    # ---- adding -----------------------------------------------------------------------------------------------------

    def add(self, source: str, rows: Iterable[NewRow], *, run: int, reached: int = 0) -> int:
        """Add or replace records in one transaction; the number that are new.

        Two records of one run with one uid are both kept: the second is another entry under the same key.
        """
        batch: dict[int, NewRow] = {}
        for row in rows:
            uid = hashed(f"{source}\0{row.uid}")
            if uid in batch:
                uid = hashed(f"{source}\0{row.uid}\0{row.record.title}")
            batch[uid] = row
        return self._add_batch(source, batch, run, reached)

    # ---- looking up -------------------------------------------------------------------------------------------------

    def by_identifiers(self, identifiers: Sequence[str]) -> list[Indexed]:
        """The records that have one of the identifiers."""
        wanted = set(identifiers)
        return [x for x in self._rows(self._with(identifiers, 50)) if wanted & set(identifier_keys(x.record))]

    def candidates(self, record: Record, *, most: int = 30) -> list[Indexed]:
        """Records that may be this one: by identifiers, title, beginning and end of it, people, rare words.

        Where a record has the whole title, identifiers and titles are all that is looked for.
        """
        title, *shorter = title_keys(record.title) or ("",)
        numbers = dict.fromkeys(self._with(identifier_keys(record), 20))
        titled = self._with([title], 30) if title else []
        numbers |= dict.fromkeys(titled)
        if not titled:
            for keys in (shorter, end_keys(record.title), people_keys(record)):
                numbers |= dict.fromkeys(self._with(keys, 12))
            numbers |= dict.fromkeys(self._with_rare_words(record.title, most // 2))
        return self._rows(list(numbers)[: 2 * most])

    def search(self, words: str, *, most: int = 20) -> list[Indexed]:
        """Records with all these words in title or names, those with few others first, or with this identifier."""
        if keys := identifiers_in(words):
            return self.by_identifiers(keys)[:most]
        wanted = list(dict.fromkeys(tokens(words)))
        if not wanted:
            return []
        works = self._works_with(wanted)
        hits = self._titled(words, wanted)
        if not hits or walked(wanted, works) <= CHEAP:
            hits |= self._with_words(wanted, works, max(_LOOKED_AT, 2 * most))
        best = sorted(hits.values(), key=lambda hit: hit.words)[:most]
        return [self._indexed(hit.source, hit.data) for hit in best]

    def _titled(self, text: str, wanted: Sequence[str]) -> dict[int, _Hit]:
        """What has all the words, and a whole title with which the text begins or ends."""
        for key in title_keys_in(text):
            numbers = self._with([key], _WITH_TITLE)
            if numbers and (hits := self._hits(numbers, wanted)):
                return hits if len(numbers) < _WITH_TITLE else {}
        return {}

    def _with_words(self, wanted: Sequence[str], works: Mapping[str, int], limit: int) -> dict[int, _Hit]:
        """What has all the words; of many, the ``limit`` that were added last."""
        numbers: list[int] = []
        for step in steps_of(wanted, works):
            numbers = self._matching(step, limit, newest=True)
            if len(numbers) < limit:
                break
        return self._hits(numbers, wanted)

    def _hits(self, numbers: Sequence[int], wanted: Sequence[str]) -> dict[int, _Hit]:
        """Those of the works that have all the words."""
        hits: dict[int, _Hit] = {}
        for number, source, data in self._data_of(numbers):
            with self._damage():
                own = set(searched_words(*found_by(data)))
            if own.issuperset(wanted):
                hits[number] = _Hit(source, data, len(own))
        return hits

    def _with(self, keys: Iterable[str], most: int) -> list[int]:
        return [number for key in keys for number in self._by_hash(hashed(key), most)]

    def _with_rare_words(self, title: str, most: int) -> list[int]:
        words = content_words(title)
        found: dict[int, int] = {}
        for group in groups_of(words, self._works_with(words)):
            for number in self._matching(group, 40):
                found[number] = found.get(number, 0) + 1
            if len(found) > 2 * most:
                break
        best = sorted(found, key=lambda number: -found[number])
        return best[:most]

    def _rows(self, numbers: Sequence[int]) -> list[Indexed]:
        return [self._indexed(source, data) for _, source, data in self._data_of(numbers)]

    def _indexed(self, source: int, data: str) -> Indexed:
        record, retracted = self._decoded(data)
        return Indexed(record, self._name_of(source), retracted)

    def _decoded(self, data: str) -> tuple[Record, str]:
        """The record of a row, and what it says of a retraction."""
        with self._damage():
            return decode_row(data)

    @contextlib.contextmanager
    def _damage(self) -> Iterator[None]:
        """Within it, an error of a row that bibtool has not written is raised as `IndexFileError`."""
        try:
            yield
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError, BibtoolError) as error:
            message = "has a row that can't be understood, so it is damaged"
            raise IndexFileError(message, path=self.location, hint=self.repair) from error


def flags_of(record: Record) -> int:
    """What is counted of a record: whether it was published, and has an arXiv id."""
    has_number = record.arxiv is not None and record.arxiv.id is not None
    return (PUBLISHED if is_published(record) else 0) | (ARXIV if has_number else 0)
