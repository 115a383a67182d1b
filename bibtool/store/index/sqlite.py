"""The index in one SQLite file: compact rows, a table of 64-bit hashes, and FTS5 over titles and names.

Searches never scan. Identifiers, titles, their beginnings and ends, and people with a year are looked up by hash; other
titles by their rare words, which the table ``common`` helps to choose.
"""

from __future__ import annotations

import contextlib
import sqlite3
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bibtool.errors import BibtoolError, IndexFileError
from bibtool.model.works.manifestation import is_published
from bibtool.store.foreign import acting, distrust
from bibtool.store.index.base import Indexed, Info, SourceInfo
from bibtool.store.index.keys import (
    content_words,
    end_keys,
    hashed,
    identifier_keys,
    identifiers_in,
    keys_of,
    people_keys,
    searched_text,
    searched_words,
    title_keys,
    title_keys_in,
)
from bibtool.store.index.rows import decode_row, encode_row, found_by
from bibtool.store.index.wordsearch import CHEAP, groups_of, match_all, steps_of, walked
from bibtool.store.search import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bibtool.model.record import Record
    from bibtool.store.index.base import NewRow

FORMAT: Final = 1
_SCHEMA: Final = """
create table meta (name text primary key, value text) without rowid;
create table source (id integer primary key, name text not null unique, added text not null);
create table file (run integer primary key, source integer not null, name text not null, stamp text not null,
  records integer not null default 0, done integer not null default 0);
create table work (id integer primary key, uid integer not null unique, source integer not null, run integer not null,
  flags integer not null, type text not null, data text not null);
create table hash (key integer not null, work integer not null, primary key (key, work)) without rowid;
create table common (word text primary key, works integer not null) without rowid;
create virtual table words using fts5 (text, content='', detail=none, columnsize=0, tokenize='ascii');
"""
_TABLES: Final = frozenset({"meta", "source", "file", "work", "hash", "common", "words"})
_LOOKED_AT: Final = 60  # hits of the rarest words of a search that are compared with its other words
_WITH_TITLE: Final = 300  # works of one title that are compared with the people of a search
_PUBLISHED, _ARXIV = 1, 2
_APPLICATION: Final = 0x42494458  # "BIDX"
_ANEW: Final = "remove the file, and make it again with `bibtool index add`"


class _Hit(NamedTuple):
    """A row that has all words of a search; ``words`` is how many it has in all."""

    source: int
    data: str
    words: int


class SqliteIndex:
    """See `bibtool.store.index.base.Index`."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self._path = path
        self._added = 0
        new = not path.exists()
        if new and not create:
            raise IndexFileError(
                "there is no index here", path=str(path), hint="make one with `bibtool index add FILE --index PATH`"
            )
        try:
            if new:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None)
            self._prepare(new=new)
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            raise IndexFileError(f"can't be opened as an index: {error}", path=str(path)) from error

    def _prepare(self, *, new: bool) -> None:
        run = self._db.execute
        distrust(self._db)
        run("pragma cache_size = -131072")
        run("pragma mmap_size = 268435456")  # counts as memory of the process
        if new:
            run("pragma page_size = 8192")
            run("pragma journal_mode = wal")
            run(f"pragma application_id = {_APPLICATION}")
            run(f"pragma user_version = {FORMAT}")
            self._db.executescript(_SCHEMA)
        run("pragma synchronous = normal")
        known = run("pragma application_id").fetchone()[0]
        if known != _APPLICATION:
            raise IndexFileError("is not an index of bibtool", path=str(self._path))
        version = run("pragma user_version").fetchone()[0]
        if version > FORMAT:
            raise IndexFileError("was written by a later version of bibtool", path=str(self._path))
        if foreign := acting(self._db, _TABLES, {"words"}):
            raise IndexFileError(f"has {foreign}, which bibtool never makes", path=str(self._path))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _all(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._faults("read"):
            return self._db.execute(query, values).fetchall()

    @contextlib.contextmanager
    def _faults(self, what: str) -> Iterator[None]:
        """Within it, an error of SQLite is raised as `IndexFileError`: the file can't be ``what``."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise IndexFileError(f"can't be {what}: {error}", path=str(self._path), hint=_ANEW) from error

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
            raise IndexFileError(message, path=str(self._path), hint=_ANEW) from error

    # ---- adding -----------------------------------------------------------------------------------------------------

    def begin(self, source: str, file: str, stamp: str, when: str) -> tuple[int, int]:
        """The run that adds this file and how many records of it are there; a file that was done begins again."""
        with self._changing():
            self._db.execute(
                "insert into source (name, added) values (?, ?) "
                "on conflict (name) do update set added = excluded.added",
                (source, when),
            )
            number = self._source(source)
            found = self._db.execute(
                "select run, records from file where source = ? and name = ? and stamp = ? and not done",
                (number, file, stamp),
            ).fetchone()
            if found is not None:
                return found[0], found[1]
            self._db.execute("insert into file (source, name, stamp) values (?, ?, ?)", (number, file, stamp))
            return self._db.execute("select last_insert_rowid()").fetchone()[0], 0

    def is_done(self, source: str, file: str, stamp: str) -> bool:
        """Whether this very file was added completely."""
        found = self._all(
            "select 1 from file join source on source.id = file.source "
            "where source.name = ? and file.name = ? and stamp = ? and done",
            (source, file, stamp),
        )
        return bool(found)

    def _source(self, name: str) -> int:
        found = self._all("select id from source where name = ?", (name,))
        return found[0][0] if found else 0

    def reached(self, run: int, records: int, *, done: bool = False) -> None:
        """Note how many records of the file were added."""
        with self._changing():
            self._db.execute("update file set records = ?, done = ? where run = ?", (records, done, run))

    def add(self, source: str, rows: Iterable[NewRow], *, run: int, reached: int = 0) -> int:
        """Add or replace records in one transaction; the number that are new.

        Two records of one run with one uid are both kept: the second is another entry under the same key.
        """
        number = self._source(source)
        batch: dict[int, NewRow] = {}
        for row in rows:
            uid = hashed(f"{source}\0{row.uid}")
            if uid in batch:
                uid = hashed(f"{source}\0{row.uid}\0{row.record.title}")
            batch[uid] = row
        new = 0
        with self._changing():
            new = self._add(number, run, batch)
            if reached:
                self._db.execute("update file set records = ? where run = ?", (reached, run))
        return new

    def _add(self, source: int, run: int, batch: dict[int, NewRow]) -> int:
        known = self._known(list(batch))
        next_id = self._db.execute("select coalesce(max(id), 0) + 1 from work").fetchone()[0]
        works, hashes, texts = [], [], []
        new = 0
        for uid, row in batch.items():
            data, flags = encode_row(row), _flags(row.record)
            place = known.get(uid)
            if place is not None:
                number, old = place
                if old == data:
                    continue
                self._forget(number, old)
            else:
                number, next_id, new = next_id, next_id + 1, new + 1
            works.append((number, uid, source, run, flags, row.record.type, data))
            hashes += [(key, number) for key in keys_of(row.record)]
            texts.append((number, searched_text(row.record)))
        hashes.sort()
        self._added += len(works)
        self._db.executemany("insert or replace into work values (?, ?, ?, ?, ?, ?, ?)", works)
        self._db.executemany("insert or ignore into hash values (?, ?)", hashes)
        self._db.executemany("insert into words (rowid, text) values (?, ?)", texts)
        return new

    def _known(self, uids: Sequence[int]) -> dict[int, tuple[int, str]]:
        known: dict[int, tuple[int, str]] = {}
        for at in range(0, len(uids), 500):
            part = uids[at : at + 500]
            marks = ",".join("?" * len(part))
            rows = self._all(f"select uid, id, data from work where uid in ({marks})", part)  # noqa: S608  (only ?s)
            for uid, number, data in rows:
                known[uid] = (number, data)
        return known

    def _forget(self, number: int, data: str) -> None:
        """Remove what leads to a row, whose text FTS5 wants to have again."""
        record, _ = self._decoded(data)
        self._db.executemany("delete from hash where key = ? and work = ?", [(key, number) for key in keys_of(record)])
        self._db.execute(
            "insert into words (words, rowid, text) values ('delete', ?, ?)", (number, searched_text(record))
        )

    def finish(self) -> None:
        """Count how many records have each common word."""
        total = self._count()
        with self._changing():
            if self._added * 20 > total:  # as one list per word
                self._db.execute("insert into words (words) values ('optimize')")
            self._added = 0
            self._db.execute(
                "create virtual table if not exists temp.vocabulary using fts5vocab ('main', words, 'row')"
            )
            self._db.execute("delete from common")
            self._db.execute(
                "insert into common select term, doc from temp.vocabulary where doc > ?", (max(20, total // 20_000),)
            )
        with self._faults("written"):
            self._db.execute("pragma optimize")
            self._db.execute("pragma wal_checkpoint(truncate)")

    def remove(self, source: str) -> int:
        """Remove the records of a source; their number, 0 for a source that is not there."""
        number = self._source(source)
        removed = 0
        with self._changing():
            for work, data in self._all("select id, data from work where source = ?", (number,)):
                self._forget(work, data)
                removed += 1
            self._db.execute("delete from work where source = ?", (number,))
            self._db.execute("delete from file where source = ?", (number,))
            self._db.execute("delete from source where id = ?", (number,))
        if removed:
            self.finish()
        return removed

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        with self._faults("written"):
            self._db.execute("begin immediate")
            try:
                yield
                self._db.execute("commit")
            except BaseException:
                if self._db.in_transaction:  # a full disk has ended it
                    self._db.execute("rollback")
                raise

    # ---- looking up -------------------------------------------------------------------------------------------------

    def by_identifiers(self, identifiers: Sequence[str]) -> list[Indexed]:
        """The records that have one of the identifiers."""
        wanted = set(identifiers)
        return [x for x in self._rows(self._with(identifiers, 50)) if wanted & set(identifier_keys(x.record))]

    def candidates(self, record: Record, *, most: int = 30) -> list[Indexed]:
        """Records that may be this one: by identifiers, title, beginning and end of it, people, rare words.

        Where a record has the whole title, identifiers and titles are all that is looked for.
        """
        title, *shorter = title_keys(record) or ("",)
        numbers = dict.fromkeys(self._with(identifier_keys(record), 20))
        titled = self._with([title], 30) if title else []
        numbers |= dict.fromkeys(titled)
        if not titled:
            for keys in (shorter, end_keys(record), people_keys(record)):
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
            rows = self._all(
                "select rowid from words where words match ? order by rowid desc limit ?", (match_all(step), limit)
            )
            numbers = [number for (number,) in rows]
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
        found: list[int] = []
        for key in keys:
            rows = self._all("select work from hash where key = ? limit ?", (hashed(key), most))
            found += [number for (number,) in rows]
        return found

    def _with_rare_words(self, title: str, most: int) -> list[int]:
        words = content_words(title)
        found: dict[int, int] = {}
        for group in groups_of(words, self._works_with(words)):
            rows = self._all("select rowid from words where words match ? limit 40", (match_all(group),))
            for (number,) in rows:
                found[number] = found.get(number, 0) + 1
            if len(found) > 2 * most:
                break
        best = sorted(found, key=lambda number: -found[number])
        return best[:most]

    def _works_with(self, words: Sequence[str]) -> dict[str, int]:
        """How many records have each of the words that many have."""
        marks = ",".join("?" * len(words))
        rows = self._all(f"select word, works from common where word in ({marks})", list(words))  # noqa: S608  (only ?s)
        return {word: works for word, works in rows if isinstance(works, int)}

    @cached_property
    def _names(self) -> dict[int, str]:
        return {number: str(name) for number, name in self._all("select id, name from source")}

    def _rows(self, numbers: Sequence[int]) -> list[Indexed]:
        return [self._indexed(source, data) for _, source, data in self._data_of(numbers)]

    def _data_of(self, numbers: Sequence[int]) -> Iterator[tuple[int, int, str]]:
        """Number, source and row of works, in the order given, each once."""
        wanted = list(dict.fromkeys(numbers))
        for at in range(0, len(wanted), 500):
            part = wanted[at : at + 500]
            marks = ",".join("?" * len(part))
            rows = self._all(f"select id, source, data from work where id in ({marks})", part)  # noqa: S608  (only ?s)
            places = {row[0]: row for row in rows}
            yield from (places[number] for number in part if number in places)

    def _indexed(self, source: int, data: str) -> Indexed:
        record, retracted = self._decoded(data)
        return Indexed(record, self._names.get(source, ""), retracted)

    # ---- what there is ----------------------------------------------------------------------------------------------

    def _count(self) -> int:
        return self._number("select count(*) from work")

    def _number(self, query: str, values: Sequence[object] = ()) -> int:
        ((number,),) = self._all(query, values)
        return int(number)

    def info(self) -> Info:
        """What the index holds."""
        sources = self._all(
            "select s.name, count(w.id), s.added from source s left join work w on w.source = s.id "
            "group by s.id order by 1"
        )
        return Info(
            location=str(self._path),
            records=self._count(),
            size=sum(path.stat().st_size for path in self._files()),
            sources=tuple(SourceInfo(str(name), records, str(added)) for name, records, added in sources),
            types=dict(self._all("select type, count(*) from work group by type order by 2 desc")),
            with_arxiv=self._number("select count(*) from work where flags & ?", (_ARXIV,)),
            published=self._number("select count(*) from work where flags & ?", (_PUBLISHED,)),
        )

    def _files(self) -> Iterator[Path]:
        for suffix in ("", "-wal"):
            path = Path(f"{self._path}{suffix}")
            if path.exists():
                yield path


def _flags(record: Record) -> int:
    has_number = record.arxiv is not None and record.arxiv.id is not None
    return (_PUBLISHED if is_published(record) else 0) | (_ARXIV if has_number else 0)
