"""The stored records that may be the same works as others, looked up for many at once.

A statement to a server costs more than the answer of most, so each looks up the blocks of `_AT_ONCE` records; what is
in a block is said by `bibtool.model.works.blocks`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.model.text.fold import title_key
from bibtool.model.works.blocks import MAX_ALIKE
from bibtool.model.works.similar import SimilarTitles, near_in
from bibtool.store.rows import YEAR_LIMIT, first_author, identifiers_of, stored_title_block
from bibtool.store.sql import batched, marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bibtool.model.record import Record
    from bibtool.store.engine import Engine

_MAX_OF_AUTHOR: Final = 1000  # works of one first author in a year whose titles are looked at
_AT_ONCE: Final = 100  # records; each asks for a title and three years of an author, in at most 999 parameters

# the first rows of each block, in the order of their numbers
_OF_IDENTIFIER: Final = (
    "SELECT value, record_id FROM (SELECT value, record_id, row_number() OVER (PARTITION BY value ORDER BY record_id) "
    "AS place FROM identifier WHERE kind = ? AND value IN ({})) AS found WHERE place <= ? ORDER BY place"
)
_OF_TITLE: Final = (
    "SELECT title_block, id FROM (SELECT title_block, id, row_number() OVER (PARTITION BY title_block ORDER BY id) "
    "AS place FROM record WHERE title_block IN ({})) AS found WHERE place <= ? ORDER BY place"
)
# joined, as SQLite would walk through all of an index to find pairs by IN
_OF_AUTHOR: Final = (
    "SELECT first_author, year, id, title_key FROM (SELECT first_author, year, id, title_key, "
    "row_number() OVER (PARTITION BY first_author, year ORDER BY id) AS place "
    "FROM (VALUES {}) AS wanted CROSS JOIN record "
    "WHERE record.first_author = wanted.column1 AND record.year = wanted.column2) AS found "
    "WHERE place <= ? ORDER BY id"
)
_OF_COMMON_TITLE: Final = (
    "SELECT id FROM record WHERE title_block = ? AND first_author = ? ORDER BY abs(coalesce(year, ?) - ?), id LIMIT ?"
)


def numbers_alike(engine: Engine, records: Sequence[Record]) -> Iterator[list[int]]:
    """For each record, the row numbers of those with a common identifier, then with its title, then a similar one."""
    for page in batched(records, _AT_ONCE):
        identified, titled, similar = _by_identifier(engine, page), _by_title(engine, page), _by_author(engine, page)
        for record, *found in zip(page, identified, titled, similar, strict=True):
            del record
            yield list(dict.fromkeys(number for numbers in found for number in numbers))


def _by_identifier(engine: Engine, records: Sequence[Record]) -> list[list[int]]:
    pairs = [identifiers_of(record) for record in records]
    wanted: dict[str, dict[str, None]] = {}
    for kind, value in (pair for each in pairs for pair in each):
        wanted.setdefault(kind, {})[value] = None
    found: dict[tuple[str, str], list[int]] = {}
    for kind, values in wanted.items():
        query = _OF_IDENTIFIER.format(marks(values))
        for value, number in engine.rows(query, (kind, *values, MAX_ALIKE)):
            found.setdefault((kind, value), []).append(number)
    return [[number for pair in each for number in found.get(pair, ())] for each in pairs]


def _by_title(engine: Engine, records: Sequence[Record]) -> list[list[int]]:
    titles = [stored_title_block(record) for record in records]
    wanted = dict.fromkeys(title for title in titles if title)
    found: dict[str, list[int]] = {}
    if wanted:
        for title, number in engine.rows(_OF_TITLE.format(marks(wanted)), (*wanted, MAX_ALIKE + 1)):
            found.setdefault(title, []).append(number)
    return [
        _with_author(engine, title, record) if len(numbers := found.get(title, [])) > MAX_ALIKE else numbers
        for title, record in zip(titles, records, strict=True)
    ]


def _with_author(engine: Engine, title: str, record: Record) -> list[int]:
    """Of the many records with a title ("Editorial"), those by the first author, of the nearest years."""
    year = record.year or 0
    return [row[0] for row in engine.rows(_OF_COMMON_TITLE, (title, first_author(record), year, year, MAX_ALIKE))]


def _by_author(engine: Engine, records: Sequence[Record]) -> list[list[int]]:
    """Records by the first author of neighbouring years, with a similar title."""
    wanted: dict[tuple[str, int], None] = {}
    asked: list[tuple[str, str, int] | None] = []
    for record in records:
        author, title, year = first_author(record), title_key(record.title), record.year
        if not author or not title or year is None or abs(year) >= YEAR_LIMIT:
            asked.append(None)
            continue
        asked.append((author, title, year))
        wanted.update(dict.fromkeys((author, near) for near in (year - 1, year, year + 1)))
    if not wanted:
        return [[] for _ in records]
    values = [value for pair in wanted for value in pair]
    found: dict[tuple[str, int], SimilarTitles[int]] = {}
    query = _OF_AUTHOR.format(", ".join(["(?, ?)"] * len(wanted)))
    for author, year, number, title in engine.rows(query, (*values, _MAX_OF_AUTHOR)):
        if isinstance(title, str):
            found.setdefault((author, year), SimilarTitles()).add(title, number)
    return [[] if each is None else _similar(*each, found) for each in asked]


def _similar(author: str, title: str, year: int, found: dict[tuple[str, int], SimilarTitles[int]]) -> list[int]:
    blocks = (found.get((author, each)) for each in (year - 1, year, year + 1))
    return sorted(near_in(blocks, title))[:MAX_ALIKE]
