"""The library in one SQLite file.

Why a rollback journal and not WAL: WAL needs memory shared between all users of the file, so it fails on network
folders, and it needs to write next to the file even to read, so it fails in read-only folders
(https://www.sqlite.org/wal.html, sections 1 and 5). Writes here are rare and short. Between changes a library is
exactly one file, which can be copied, mailed and put under version control. Reading takes locks for some milliseconds
at a time, never across a pause of the caller.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
from contextlib import closing, contextmanager, suppress

from bibtool.errors import LibraryDamagedError, LibraryError, LibraryTooNewError, UsageError
from bibtool.store.faults import RECOVER, faults
from bibtool.store.foreign import acting, distrust
from bibtool.store.library import StoredLibrary
from bibtool.store.schema import APPLICATION_ID, LOOKUPS, TABLES, VERSION, VIRTUAL
from bibtool.store.search import COLUMNS, WEIGHTS, match_expression
from bibtool.store.sql import marks

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from bibtool.store.migrations import Migration

# bytes of a page of new files: of SQLite's 4096, records of 2 KB leave a quarter empty, and to read many takes longer
_PAGE = 16_384
# KiB of the file in memory: to read, and to write, where an import of some thousand records fits, so that readers are
# not kept out before its end
_READ_CACHE = 8 * 1024
_WRITE_CACHE = 64 * 1024
_MANY = 5_000  # new records for which it pays to rebuild indexes

_INSERT_TEXT = f"INSERT INTO record_text (rowid, {', '.join(COLUMNS)}) VALUES (?{', ?' * len(COLUMNS)})"  # noqa: S608  (constants)
# of how many pieces on one level FTS5 makes one as it goes on; with 0, of 16 at once (fts5.html, section 6.8)
_MERGE = "INSERT INTO record_text (record_text, rank) VALUES ('automerge', ?)"
_MERGED = 4  # its default
_TEXTS = f"SELECT {', '.join(COLUMNS)} FROM record_text WHERE rowid = ?"  # noqa: S608  (constants)
_MATCH = (
    "SELECT record.id FROM record_text JOIN record ON record.id = record_text.rowid WHERE record_text MATCH ? "  # noqa: S608  (numbers)
    f"ORDER BY round(bm25(record_text, {', '.join(map(str, WEIGHTS))}), 9), record.key_folded LIMIT ?"
)


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
    from pathlib import Path
    from urllib.parse import unquote

    return Path(unquote(rest[1:]))


def open_sqlite(
    path: str | Path,
    *,
    create: bool,
    read_only: bool,
    busy_timeout_s: float,
    clock: Callable[[], str],
    migrations: Sequence[Migration] | None = None,
) -> SqliteLibrary:
    """The library in the file ``path``; see `bibtool.store.opening.open_library`."""
    location = str(path)
    with faults(location):
        # links are followed first, so that a link to a file that is yet to come works
        real = os.path.realpath(path)
        status = _status(real)
        if status is not None and stat.S_ISDIR(status.st_mode):
            raise LibraryError("this is a folder, not a library", path=location, hint="name a file in it")
        if status is None:
            if not create or read_only:
                raise LibraryError(f"no library at {location} yet", hint="`bibtool import FILE` creates it")
            _create(real, migrations, clock())
            status = _status(real)
        if status is None or not stat.S_ISREG(status.st_mode):
            raise LibraryError("this is not a file", path=location)
        if status.st_size == 0:
            raise LibraryDamagedError(
                "the file is empty, a library never is", path=location, hint="remove it to start a new library"
            )
        address = f"{_address(real)}?mode={'ro' if read_only else 'rw'}"
        connection = sqlite3.connect(address, uri=True, timeout=busy_timeout_s, isolation_level=None)
        try:
            _prepare(connection, real, location, migrations, read_only=read_only, clock=clock)
        except BaseException:
            connection.close()
            raise
    return SqliteLibrary(SqliteEngine(connection, location, clock, real), clock)


def _status(path: str) -> os.stat_result | None:
    """What the system says of a file, None where there is none; raises `OSError` where it does not say."""
    try:
        return os.stat(path)  # noqa: PTH116  (pathlib takes long to load)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return None
        raise


def _address(path: str) -> str:
    """The URI of an absolute path (https://www.sqlite.org/uri.html, section 3.1). `pathlib` takes long to load."""
    if os.name == "nt":
        from pathlib import Path

        return Path(path).as_uri()
    return "file://" + path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _create(name: str, migrations: Sequence[Migration] | None, when: str) -> None:
    """Make a library that appears whole or not at all, and never in place of one that another process makes."""
    from pathlib import Path

    from bibtool.files import new_file
    from bibtool.store.migrations import MIGRATIONS, migrate

    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        suppress(FileExistsError),
        new_file(path) as temporary,
        closing(sqlite3.connect(temporary, isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA journal_mode = MEMORY")  # a file that is not finished is removed
        connection.execute(f"PRAGMA page_size = {_PAGE}")
        migrate(connection, MIGRATIONS if migrations is None else migrations, when)


def _prepare(
    connection: sqlite3.Connection,
    path: str,
    location: str,
    migrations: Sequence[Migration] | None,
    *,
    read_only: bool,
    clock: Callable[[], str],
) -> None:
    """Refuse a file that is not a library or a later one; migrate an earlier one after a backup."""
    distrust(connection)
    connection.execute(f"PRAGMA cache_size = -{_READ_CACHE}")
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    known = VERSION if migrations is None else len(migrations)
    if application != APPLICATION_ID or version < 1:
        raise LibraryDamagedError(
            "this SQLite file is of another program, not a bibtool library",
            path=location,
            hint="name another with --library",
        )
    if version > known:
        raise LibraryTooNewError(
            f"the library has version {version}, this bibtool knows up to {known}",
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
    if version < known:
        if read_only:
            raise LibraryError(
                f"the library has the old version {version}", path=location, hint="open it once with the right to write"
            )
        from pathlib import Path

        from bibtool.store.migrations import MIGRATIONS, back_up, migrate

        back_up(Path(path), version)
        migrate(connection, MIGRATIONS if migrations is None else migrations, clock())


class SqliteEngine:
    """A `bibtool.store.engine.Engine` on one file."""

    person = None  # a file is one person's
    repair = RECOVER
    texts = (("record_text", "rowid"),)

    def __init__(self, connection: sqlite3.Connection, location: str, clock: Callable[[], str], path: str) -> None:
        self.connection = connection
        self.location = location
        self._real = path
        self._clock = clock
        self._known_good = False

    @property
    def _path(self) -> Path:
        from pathlib import Path  # what only reads does not need it

        return Path(self._real)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of the answer."""
        with faults(self.location):
            return self.connection.execute(query, values).fetchall()

    def run(self, statement: str, values: Sequence[object] = ()) -> None:
        """Run a statement."""
        with faults(self.location):
            self.connection.execute(statement, values)

    def run_many(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        """Run a statement once for each row of values."""
        with faults(self.location):
            self.connection.executemany(statement, rows)

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Insert rows of values for these columns."""
        self.run_many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks(columns)})", rows)  # noqa: S608  (names of ours)

    @contextmanager
    def loading(self, count: int) -> Iterator[None]:
        """Take in so many new records; where these are most of the library, it is sorted into its indexes at the end.

        An index that no longer fits into memory costs each row more than the last one. Sorting all rows once does not.
        The words of the full-text index are brought together in larger steps, so that they are written half as often.
        """
        if count < _MANY or self.rows("SELECT count(*) FROM record")[0][0] > count:
            yield
            return
        indexes = dict(self.rows("SELECT name, sql FROM sqlite_master WHERE type = 'index'"))
        ours = [name for name, sql in LOOKUPS.items() if indexes.get(name) == sql]  # not what somebody made of them
        for name in ours:
            self.run(f"DROP INDEX {name}")
        self.run(_MERGE, (0,))
        try:
            yield
        finally:
            if self.connection.in_transaction:  # else all is as it was
                self.run(_MERGE, (_MERGED,))
                for name in ours:
                    self.run(LOOKUPS[name])

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction; rolled back as a whole by any exception, which passes on."""
        from bibtool.store.backups import note_good  # what only reads needs nothing of it

        self._make_sure()
        self.run(f"PRAGMA cache_size = -{_WRITE_CACHE}")
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
            note_good(self._path, self._clock())
        except BaseException:
            # after some errors (full disk), SQLite has rolled back already
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One state of the library for all that is read inside."""
        self.run("BEGIN")
        try:
            yield
        finally:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")

    def stream(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a long answer, one by one."""
        with faults(self.location):
            yield from self.connection.execute(query)

    def examine(self) -> list[str]:
        """What SQLite finds in the file, and rows that can't be understood."""
        from bibtool.store.checking import structure_and_rows

        with faults(self.location):
            return structure_and_rows(self.connection)

    def has_texts(self, number: int, columns: tuple[str, ...]) -> bool:
        """Whether the full-text index has these words of the record, and no others."""
        return self.rows(_TEXTS, (number,)) == [columns]

    def set_number(self, table: str, last: int) -> None:
        """Go on after this number with those that are given to rows of the table."""
        self.run("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        self.run("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))

    def describe(self) -> dict[str, object]:
        """Facts for people: the version of SQLite, size in bytes, rights."""
        return {
            "store": f"SQLite {sqlite3.sqlite_version}",
            "bytes": self._path.stat().st_size,
            "may_write": os.access(self._path, os.W_OK),
        }

    def discard(self) -> None:
        """Roll back what the transaction has written; it goes on, to write nothing."""
        self.run("ROLLBACK")
        self.run("BEGIN")  # an empty one for the caller to end: it takes no lock

    def _make_sure(self) -> None:
        """Refuse to write to a damaged file, and make a backup before the first change of a day."""
        if self._known_good:
            return
        from bibtool.store.backups import back_up_daily, is_known_good
        from bibtool.store.checking import refuse_damaged

        today = self._clock()
        if not is_known_good(self._path, today):
            refuse_damaged(self.connection, self.location)
        back_up_daily(self.connection, self._path, self.location, today)
        self._known_good = True

    def take_numbers(self, table: str, count: int) -> int:  # noqa: ARG002  (inserting the rows takes the numbers)
        """The number after the highest that was ever given to a row of the table."""
        rows = self.rows("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,))
        rows += self.rows(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608  (name of ours)
        numbers = [number for (number,) in rows if isinstance(number, int)]
        if len(numbers) != len(rows):
            raise LibraryDamagedError("the library has lost count of its records", path=self.location, hint=RECOVER)
        return max(numbers) + 1

    def insert_texts(self, texts: Sequence[tuple[int, str, tuple[str, ...]]]) -> None:
        """Add records to the full-text index."""
        self.run_many(_INSERT_TEXT, [(number, *columns) for number, _, columns in texts])

    def erase_texts(self, numbers: Sequence[int]) -> None:
        """Take records from the full-text index."""
        self.run(f"DELETE FROM record_text WHERE rowid IN ({marks(numbers)})", numbers)  # noqa: S608  (marks only)

    def matches(self, words: str, limit: int) -> list[int]:
        """Numbers of the records that have all these words, best first."""
        expression = match_expression(words)
        return [row[0] for row in self.rows(_MATCH, (expression, limit))] if expression else []

    def similar_keys(self, folded: str) -> list[str]:  # noqa: ARG002  (SQLite can't say)
        """None: only keys that begin alike are compared."""
        return []


class SqliteLibrary(StoredLibrary):
    """The library in one file."""

    def __init__(self, engine: SqliteEngine, clock: Callable[[], str]) -> None:
        super().__init__(engine, clock)
        self._connection = engine.connection

    def refuse_damaged(self) -> None:
        """Raise `LibraryDamagedError` if a quick look finds damage."""
        from bibtool.store.checking import refuse_damaged

        refuse_damaged(self._connection, self.location)
