"""The index in one SQLite file: compact rows, a table of 64-bit hashes, and FTS5 over titles and names.

What is looked for, `bibtool.store.index.stored` says.
"""

from __future__ import annotations

import contextlib
import sqlite3
from functools import cached_property
from itertools import repeat
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bibtool.errors import IndexFileError
from bibtool.store.foreign import acting, distrust
from bibtool.store.index.base import Info, SourceInfo
from bibtool.store.index.keys import keys_of, searched_text
from bibtool.store.index.rows import encode_row
from bibtool.store.index.stored import ANEW, ARXIV, PUBLISHED, StoredIndex, flags_of
from bibtool.store.index.wordsearch import match_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
_APPLICATION: Final = 0x42494458  # "BIDX"


class SqliteIndex(StoredIndex):
    """See `bibtool.store.index.base.Index`."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self._path = path
        self.location = str(path)
        self._added = 0
        new = not path.exists()
        if new and not create:
            raise IndexFileError(
                "no index here", path=str(path), hint="make one with `bibtool index add FILE --index PATH`"
            )
        try:
            if new:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None)
            try:
                self._prepare(create=create)
            except BaseException:
                self._db.close()
                raise
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            raise IndexFileError(f"can't be opened as an index: {error}", path=str(path)) from error

    def _prepare(self, *, create: bool) -> None:
        run = self._db.execute
        distrust(self._db)
        run("pragma cache_size = -131072")
        run("pragma mmap_size = 268435456")  # counts as memory of the process
        if create and self._is_blank():  # new, or what a run left that could make no more of it
            run("pragma page_size = 8192")
            run("pragma journal_mode = wal")
            run("begin immediate")
            if self._is_blank():  # nobody else has made it meanwhile
                run(f"pragma application_id = {_APPLICATION}")
                run(f"pragma user_version = {FORMAT}")
                for statement in _SCHEMA.split(";\n"):
                    run(statement)
            run("commit")
        run("pragma synchronous = normal")
        known = run("pragma application_id").fetchone()[0]
        if known != _APPLICATION:
            raise IndexFileError("is not an index of bibtool", path=str(self._path))
        version = run("pragma user_version").fetchone()[0]
        if version > FORMAT:
            raise IndexFileError("was written by a later version of bibtool", path=str(self._path))
        if foreign := acting(self._db, _TABLES, {"words"}):
            raise IndexFileError(f"has {foreign}, which bibtool never makes", path=str(self._path))

    def _is_blank(self) -> bool:
        """Whether nothing was ever made in the file."""
        values = [self._db.execute(f"pragma {name}").fetchone()[0] for name in ("application_id", "schema_version")]
        return not any(values)

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
            raise IndexFileError(f"can't be {what}: {error}", path=str(self._path), hint=ANEW) from error

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

    def _add_batch(self, source: str, batch: Mapping[int, NewRow], run: int, reached: int) -> int:
        number = self._source(source)
        with self._changing():
            new = self._add(number, run, batch)
            if reached:
                self._db.execute("update file set records = ? where run = ?", (reached, run))
        return new

    def _add(self, source: int, run: int, batch: Mapping[int, NewRow]) -> int:
        next_id = self._db.execute("select coalesce(max(id), 0) + 1 from work").fetchone()[0]
        known = self._known(list(batch)) if next_id > 1 else {}
        works, texts = [], []
        hashes: list[tuple[int, int]] = []
        new = 0
        for uid, row in batch.items():
            data, flags = encode_row(row), flags_of(row.record)
            place = known.get(uid)
            if place is not None:
                number, old = place
                if old == data:
                    continue
                self._forget(number, old)
            else:
                number, next_id, new = next_id, next_id + 1, new + 1
            works.append((number, uid, source, run, flags, row.record.type, data))
            hashes += zip(keys_of(row.record), repeat(number))
            texts.append((number, searched_text(row.record)))
        hashes.sort(key=itemgetter(0))  # so that a large table is written page by page
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

    def _by_hash(self, key: int, most: int) -> list[int]:
        return [number for (number,) in self._all("select work from hash where key = ? limit ?", (key, most))]

    def _matching(self, words: Sequence[str], limit: int, *, newest: bool = False) -> list[int]:
        order = "order by rowid desc " if newest else ""
        rows = self._all(f"select rowid from words where words match ? {order}limit ?", (match_all(words), limit))  # noqa: S608  (a constant)
        return [number for (number,) in rows]

    def _works_with(self, words: Sequence[str]) -> dict[str, int]:
        """How many records have each of the words that many have."""
        marks = ",".join("?" * len(words))
        rows = self._all(f"select word, works from common where word in ({marks})", list(words))  # noqa: S608  (only ?s)
        return {word: works for word, works in rows if isinstance(works, int)}

    def _name_of(self, source: int) -> str:
        return self._names.get(source, "")

    @cached_property
    def _names(self) -> dict[int, str]:
        return {number: str(name) for number, name in self._all("select id, name from source")}

    def _data_of(self, numbers: Sequence[int]) -> Iterator[tuple[int, int, str]]:
        """Number, source and row of works, in the order given, each once."""
        wanted = list(dict.fromkeys(numbers))
        for at in range(0, len(wanted), 500):
            part = wanted[at : at + 500]
            marks = ",".join("?" * len(part))
            rows = self._all(f"select id, source, data from work where id in ({marks})", part)  # noqa: S608  (only ?s)
            places = {row[0]: row for row in rows}
            yield from (places[number] for number in part if number in places)

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
            location=self.location,
            records=self._count(),
            size=sum(path.stat().st_size for path in self._files()),
            sources=tuple(SourceInfo(str(name), records, str(added)) for name, records, added in sources),
            types=dict(self._all("select type, count(*) from work group by type order by 2 desc")),
            with_arxiv=self._number("select count(*) from work where flags & ?", (ARXIV,)),
            published=self._number("select count(*) from work where flags & ?", (PUBLISHED,)),
        )

    def _files(self) -> Iterator[Path]:
        for suffix in ("", "-wal"):
            path = Path(f"{self._path}{suffix}")
            if path.exists():
                yield path
