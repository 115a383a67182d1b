"""The library in one SQLite file.

Why a rollback journal and not WAL: WAL needs memory shared between all users of the file, so it fails on network
folders, and it needs to write next to the file even to read, so it fails in read-only folders
(https://www.sqlite.org/wal.html, sections 1 and 5). Writes here are rare and short. Between changes a library is
exactly one file, which can be copied, mailed and put under version control. Reading takes locks for some milliseconds
at a time, never across a pause of the caller.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import unquote

from bibtool.errors import LibraryDamagedError, LibraryError, LibraryTooNewError, UnknownNameError, UsageError
from bibtool.files import new_file
from bibtool.model.text.fold import title_key
from bibtool.model.works.blocks import MAX_ALIKE, MAX_OF_AUTHOR
from bibtool.model.works.titles import may_be_alike
from bibtool.store.backups import back_up_daily, is_known_good, note_good
from bibtool.store.base import fold_key
from bibtool.store.checking import examine, refuse_damaged
from bibtool.store.faults import RECOVER, faults
from bibtool.store.foreign import acting, distrust
from bibtool.store.history import CHANGE_COLUMNS, SqliteTransaction, change_of, swap_change
from bibtool.store.migrations import MIGRATIONS, back_up, migrate, version_of
from bibtool.store.rows import ALIAS, first_author, from_json, identifiers_of, stored_title_block
from bibtool.store.schema import APPLICATION_ID, TABLES, VIRTUAL
from bibtool.store.search import WEIGHTS, match_expression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import TracebackType

    from bibtool.model.record import Record
    from bibtool.problems import Problem
    from bibtool.store.migrations import Migration
    from bibtool.store.report import Change, ImportReport, KeyMaker

_PAGE = 500  # records read under one lock
_CACHE_KIB = 64 * 1024  # an import of some thousand records fits, so that readers are not kept out before its end
_MAX_NEIGHBOURS = 2000


def open_url(
    url: str, *, create: bool, read_only: bool, busy_timeout_s: float, clock: Callable[[], str]
) -> SqliteLibrary:
    """The library at ``sqlite:///relative/path`` or ``sqlite:////absolute/path`` (percent-encoding is undone)."""
    path = path_of_url(url)
    return open_sqlite(path, create=create, read_only=read_only, busy_timeout_s=busy_timeout_s, clock=clock)


def path_of_url(url: str) -> Path:
    """The file that a URL names; raises `UsageError`."""
    rest = url.partition("://")[2]
    if not rest.startswith("/") or len(rest) < 2 or "?" in rest or "#" in rest:
        raise UsageError(
            f"{url!r} is not the URL of a library", hint="write sqlite:///relative/path or sqlite:////absolute/path"
        )
    return Path(unquote(rest[1:]))


def open_sqlite(
    path: Path,
    *,
    create: bool,
    read_only: bool,
    busy_timeout_s: float,
    clock: Callable[[], str],
    migrations: Sequence[Migration] = MIGRATIONS,
) -> SqliteLibrary:
    """The library in the file ``path``; see `bibtool.store.opening.open_library`."""
    location = str(path)
    with faults(location):
        # links are followed first, so that a link to a file that is yet to come works
        real = Path(os.path.realpath(path))
        if real.is_dir():
            raise LibraryError("this is a folder, not a library", path=location, hint="name a file in it")
        if not real.exists():
            if not create or read_only:
                raise LibraryError(f"no library at {location} yet", hint="`bibtool import FILE` creates it")
            _create(real, migrations, clock())
        if not real.is_file():
            raise LibraryError("this is not a file", path=location)
        if real.stat().st_size == 0:
            raise LibraryDamagedError(
                "the file is empty, a library never is", path=location, hint="remove it to start a new library"
            )
        mode = "ro" if read_only else "rw"
        connection = sqlite3.connect(
            f"{real.as_uri()}?mode={mode}", uri=True, timeout=busy_timeout_s, isolation_level=None
        )
        try:
            _prepare(connection, real, location, migrations, read_only=read_only, clock=clock)
        except BaseException:
            connection.close()
            raise
    return SqliteLibrary(connection, location, clock, real)


def _create(path: Path, migrations: Sequence[Migration], when: str) -> None:
    """Make a library that appears whole or not at all, and never in place of one that another process makes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        suppress(FileExistsError),
        new_file(path) as temporary,
        closing(sqlite3.connect(temporary, isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA journal_mode = MEMORY")  # a file that is not finished is removed
        migrate(connection, migrations, when)


def _prepare(
    connection: sqlite3.Connection,
    path: Path,
    location: str,
    migrations: Sequence[Migration],
    *,
    read_only: bool,
    clock: Callable[[], str],
) -> None:
    """Refuse a file that is not a library or a later one; migrate an earlier one after a backup."""
    distrust(connection)
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    version = version_of(connection)
    if application != APPLICATION_ID or version < 1:
        raise LibraryDamagedError(
            "this SQLite file is of another program, not a bibtool library",
            path=location,
            hint="name another with --library",
        )
    if version > len(migrations):
        raise LibraryTooNewError(
            f"the library has version {version}, this bibtool knows up to {len(migrations)}",
            path=location,
            hint="update bibtool",
        )
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if missing := sorted(TABLES - tables):
        raise LibraryDamagedError(f"the library lacks the table {missing[0]!r}", path=location)
    if foreign := acting(connection, TABLES, VIRTUAL):
        raise LibraryDamagedError(
            f"the library has {foreign}, which bibtool never makes; it was left as it is", path=location, hint=RECOVER
        )
    if version < len(migrations):
        if read_only:
            raise LibraryError(
                f"the library has the old version {version}", path=location, hint="open it once with the right to write"
            )
        back_up(path, version)
        migrate(connection, migrations, clock())


class SqliteLibrary:
    """A `bibtool.store.base.Library` in one file. To be used by the thread that opened it."""

    def __init__(self, connection: sqlite3.Connection, location: str, clock: Callable[[], str], path: Path) -> None:
        self._connection = connection
        self._path = path
        self._known_good = False
        self._location = location
        self._clock = clock
        self._changing = False

    @property
    def location(self) -> str:
        """The path as it was given."""
        return self._location

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._location!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    # reading

    def _all(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with faults(self._location):
            return self._connection.execute(query, values).fetchall()

    def __len__(self) -> int:
        ((number,),) = self._all("SELECT count(*) FROM record")
        assert isinstance(number, int)
        return number

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._number(key) is not None

    def __iter__(self) -> Iterator[Record]:
        return self.records()

    def __getitem__(self, key: str) -> Record:
        return self.get(key)

    def keys(self) -> tuple[str, ...]:
        """All keys, in the order of their folded spelling."""
        return tuple(str(key) for (key,) in self._all("SELECT key FROM record ORDER BY key_folded"))

    def get(self, key: str) -> Record:
        """The record of a key or alias in any case; raises `UnknownNameError` with the nearest keys."""
        for record in self._stream([self._known_number(key)]):
            return record
        raise self._unknown(key)  # removed by another process meanwhile

    def _known_number(self, key: str) -> object:
        """The row number of the record of a key or alias; raises `UnknownNameError` where there is none."""
        number = self._number(key)
        if number is None:
            raise self._unknown(key)
        return number

    def _number(self, key: str) -> object:
        """The row number of the record that has the key, else of the first that has it as an alias; None for none."""
        folded = fold_key(key)
        rows = self._all("SELECT id FROM record WHERE key_folded = ?", (folded,))
        if not rows:
            query = "SELECT record_id FROM identifier WHERE kind = ? AND value = ? ORDER BY record_id LIMIT 1"
            rows = self._all(query, (ALIAS, folded))
        return rows[0][0] if rows else None

    def aliases(self) -> dict[str, str]:
        """Folded alias -> key of its record; see `Library.aliases`."""
        query = (
            "SELECT identifier.value, record.key FROM identifier JOIN record ON record.id = identifier.record_id "
            "WHERE identifier.kind = ? AND identifier.value NOT IN (SELECT key_folded FROM record) "
            "ORDER BY identifier.value, record.id DESC"
        )
        return {str(alias): str(key) for alias, key in self._all(query, (ALIAS,))}

    def _unknown(self, key: str) -> UnknownNameError:
        """The error that names the nearest keys; only keys with the same beginning are compared."""
        folded = fold_key(key)
        near: list[str] = []
        for length in (3, 1):
            start = folded[:length]
            if not near and start:
                query = "SELECT key FROM record WHERE key_folded >= ? AND key_folded < ? ORDER BY key_folded LIMIT ?"
                found = self._all(query, (start, start + "\U0010ffff", _MAX_NEIGHBOURS))
                near = [str(row[0]) for row in found]
        return UnknownNameError("record", key, near, hint="`bibtool list` shows the keys")

    def records(self, keys: Iterable[str] | None = None) -> Iterator[Record]:
        """The records of these keys in the order given (each once), or all; see `Library.records`."""
        if keys is None:
            return self._stream([row[0] for row in self._all("SELECT id FROM record ORDER BY key_folded")])
        ids: dict[object, None] = {}
        for key in keys:
            ids[self._known_number(key)] = None
        return self._stream(list(ids))

    def _stream(self, ids: Sequence[object]) -> Iterator[Record]:
        for start in range(0, len(ids), _PAGE):
            page = ids[start : start + _PAGE]
            marks = ",".join("?" * len(page))
            rows = dict(self._all(f"SELECT id, data FROM record WHERE id IN ({marks})", page))  # noqa: S608  (marks only)
            for number in page:
                if number in rows:
                    yield from_json(str(rows[number]), self._location)

    def search(self, words: str, limit: int | None = None) -> Iterator[Record]:
        """The records that have all of these words, best first; see `Library.search`."""
        expression = match_expression(words)
        if not expression:
            return iter(())
        weights = ", ".join(str(weight) for weight in WEIGHTS)
        query = (
            "SELECT record.id FROM record_text JOIN record ON record.id = record_text.rowid "  # noqa: S608  (numbers)
            f"WHERE record_text MATCH ? ORDER BY round(bm25(record_text, {weights}), 9), record.key_folded LIMIT ?"
        )
        return self._stream([row[0] for row in self._all(query, (expression, _limit(limit)))])

    def find(
        self,
        *,
        arxiv: str | None = None,
        doi: str | None = None,
        isbn: str | None = None,
        pmid: str | None = None,
        pmcid: str | None = None,
        title_key: str | None = None,
        year: int | None = None,
        type: str | None = None,  # noqa: A002  (CSL's own word)
        limit: int | None = None,
    ) -> tuple[Record, ...]:
        """The records for which all of these hold, by index; see `Library.find`."""
        conditions: list[str] = []
        values: list[object] = []
        given = {"arxiv": arxiv, "doi": doi, "isbn": isbn, "pmid": pmid, "pmcid": pmcid}
        for kind, identifier in given.items():
            if identifier is not None:
                conditions.append("id IN (SELECT record_id FROM identifier WHERE kind = ? AND value = ?)")
                values += [kind, identifier if kind == "arxiv" else identifier.casefold()]
        for column, value in (("title_key", title_key), ("year", year), ("type", type)):
            if value is not None:
                conditions.append(f"{column} = ?")
                values.append(value)
        if not conditions:
            return ()
        query = f"SELECT id FROM record WHERE {' AND '.join(conditions)} ORDER BY key_folded LIMIT ?"  # noqa: S608  (fixed texts)
        rows = self._all(query, (*values, _limit(limit)))
        return tuple(self._stream([row[0] for row in rows]))

    def alike(self, record: Record) -> tuple[Record, ...]:
        """The records with a common identifier, then those with its title, then those with a similar one; bounded."""
        ids: dict[object, None] = {}
        query = "SELECT record_id FROM identifier WHERE kind = ? AND value = ? ORDER BY record_id LIMIT ?"
        for kind, value in identifiers_of(record):
            for row in self._all(query, (kind, value, MAX_ALIKE)):
                ids[row[0]] = None
        for number in (*self._same_title(record), *self._similar_title(record)):
            ids[number] = None
        return tuple(self._stream(list(ids)))

    def _same_title(self, record: Record) -> list[object]:
        title = stored_title_block(record)
        if not title:
            return []
        query = "SELECT id FROM record WHERE title_block = ? ORDER BY id LIMIT ?"
        rows = self._all(query, (title, MAX_ALIKE + 1))
        if len(rows) > MAX_ALIKE:
            query = (
                "SELECT id FROM record WHERE title_block = ? AND first_author = ? "
                "ORDER BY abs(coalesce(year, ?) - ?), id LIMIT ?"
            )
            year = record.year or 0
            rows = self._all(query, (title, first_author(record), year, year, MAX_ALIKE))
        return [row[0] for row in rows]

    def _similar_title(self, record: Record) -> list[object]:
        author, title = first_author(record), title_key(record.title)
        if not author or not title or record.year is None:
            return []
        query = "SELECT id, title_key FROM record WHERE first_author = ? AND year BETWEEN ? AND ? ORDER BY id LIMIT ?"
        rows = self._all(query, (author, record.year - 1, record.year + 1, MAX_OF_AUTHOR))
        return [number for number, other in rows if isinstance(other, str) and may_be_alike(title, other)][:MAX_ALIKE]

    def imported_as(self, fingerprint: bytes) -> str | None:
        """The key of the record that holds this input, by a change that has not been undone; else None."""
        # a change that is no longer in the history can't be undone
        query = """
            SELECT record.key FROM source JOIN record ON record.id = source.record_id
            LEFT JOIN change ON change.id = source.change_id
            WHERE source.fingerprint = ? AND coalesce(change.undone, 0) = 0 ORDER BY source.change_id DESC LIMIT 1
        """
        rows = self._all(query, (fingerprint,))
        return str(rows[0][0]) if rows else None

    # writing

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction; rolled back as a whole by any exception, which passes on."""
        if self._changing:
            raise RuntimeError("changes of a library don't nest")
        self._make_sure()
        with faults(self._location):
            self._connection.execute("BEGIN IMMEDIATE")
        self._changing = True
        try:
            yield
            with faults(self._location):
                self._connection.execute("COMMIT")
            note_good(self._path, self._clock())
        except BaseException:
            # after some errors (full disk), SQLite has rolled back already
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        finally:
            self._changing = False

    def _make_sure(self) -> None:
        """Refuse to write to a damaged file, and make a backup before the first change of a day."""
        if self._known_good:
            return
        today = self._clock()
        if not is_known_good(self._path, today):
            refuse_damaged(self._connection, self._location)
        back_up_daily(self._connection, self._path, self._location, today)
        self._known_good = True

    def refuse_damaged(self) -> None:
        """Raise `LibraryDamagedError` if a quick look finds damage."""
        refuse_damaged(self._connection, self._location)

    def examine(self) -> tuple[Problem, ...]:
        """What a thorough check finds; empty for a sound library."""
        return examine(self._connection, self._location)

    @contextmanager
    def change(self, what: str) -> Iterator[SqliteTransaction]:
        """One transaction and one entry of the history; see `Library.change`."""
        transaction = SqliteTransaction(self._connection, self._location, self._unknown)
        try:
            with self._writing():
                yield transaction
                with faults(self._location):
                    transaction.finish(what, self._clock())
        except BaseException:
            transaction.change = None
            raise
        finally:
            transaction.end()

    def add(
        self,
        records: Record | Iterable[Record],
        *,
        key_maker: KeyMaker | None = None,
        what: str = "add",
        dry_run: bool = False,
    ) -> ImportReport:
        """Add records, each work once; see `Library.add`."""
        from bibtool.model.record import records_of
        from bibtool.store.importing import import_records

        return import_records(self, records_of(records), key_maker=key_maker, what=what, dry_run=dry_run)

    def remove(self, key: str) -> Record:
        """The record that was removed, as one change; see `Library.remove`."""
        with self.change(f"remove {key}") as transaction:
            return transaction.remove(key)

    def history(self, limit: int | None = None) -> tuple[Change, ...]:
        """The changes, newest first."""
        rows = self._all(f"SELECT {CHANGE_COLUMNS} FROM change ORDER BY id DESC LIMIT ?", (_limit(limit),))  # noqa: S608  (constant)
        return tuple(change_of(row) for row in rows)

    def undo(self) -> Change | None:
        """The change that was undone, or None; see `bibtool.store.base`."""
        return self._swap("SELECT max(id) FROM change WHERE undone = 0")

    def redo(self) -> Change | None:
        """The change that was brought back, or None; see `bibtool.store.base`."""
        return self._swap("SELECT min(id) FROM change WHERE undone = 1")

    def _swap(self, which: str) -> Change | None:
        with self._writing():
            ((number,),) = self._all(which)
            if number is None:
                return None
            assert isinstance(number, int)
            with faults(self._location):
                return swap_change(self._connection, number, self._location)


def _limit(limit: int | None) -> int:
    """A limit for SQL, where -1 is none."""
    if limit is None:
        return -1
    if limit < 0:
        raise UsageError("a limit can't be negative")
    return limit
