"""A library's engine on PostgreSQL, through psycopg 3.

Why a lock for the whole library: a change looks for the same work, gives keys and numbers, and only then writes, so two
at a time would not see each other. The lock is an advisory one of the transaction: readers never wait for it, and it is
gone with the connection, whatever ends that.

What is repeated: connecting, and reading outside of a change, once, when the connection was lost meanwhile. A change
is never repeated: the server rolls it back as a whole.
"""

from __future__ import annotations

import contextlib
import time
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

try:
    import psycopg
    from psycopg.types.string import StrDumperUnknown
except ImportError as error:  # also where psycopg is there without libpq
    from bibtool.errors import UsageError

    raise UsageError(
        "a library on PostgreSQL needs the package psycopg, which is not installed",
        hint="`pip install 'psycopg[binary]'`, which is what the extra bibtool[postgres] adds",
    ) from error

from bibtool.errors import LibraryUnreachableError
from bibtool.store.library import StoredLibrary
from bibtool.store.postgres.address import parse_address
from bibtool.store.postgres.faults import first_line, is_lost, not_connected, translated
from bibtool.store.postgres.schema import LOCK_CLASS, MIGRATIONS, bring_up_to_date
from bibtool.store.postgres.sending import Sending, copy_rows
from bibtool.store.postgres.words import WEIGHTS, query_of, vectors
from bibtool.store.sql import marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from bibtool.store.postgres.address import Address

_CONNECT_TIMEOUT_S = "10"
# a server that has gone without a word is noticed within a minute: https://www.postgresql.org/docs/current/libpq-connect.html
_KEEPALIVE: Final = {
    "keepalives_idle": "20", "keepalives_interval": "10", "keepalives_count": "3", "tcp_user_timeout": "50000",
}  # fmt: skip
_STARTING: Final = ("starting up", "recovery mode", "not yet accepting connections")
_PAUSE_S = 0.2
_ROWS_AT_ONCE = 2000
_MANY = 300
_FEW = 8  # rows; more are sent by COPY
_SOME = 100  # rows; more are sent while the caller goes on
_SIMILAR = 50

_MATCH: Final = (
    "SELECT record_id FROM {table} WHERE {column} @@ $1::tsquery {condition}"  # noqa: S608  (constants)
    f"ORDER BY ts_rank({WEIGHTS}, {{column}}, $1::tsquery, 1) DESC, key_folded LIMIT $2"
)
_MATCH_HEAD: Final = _MATCH.format(table="record_heading", column="head", condition="").encode()
_MATCH_WHOLE: Final = _MATCH.format(
    table="record_text", column="whole", condition="AND record_id <> ALL ($3::bigint[]) "
).encode()
_TEXT_INDEXES: Final = ("record_head", "record_whole")
# kB of words that wait to be sorted into an index. The more are sorted in together, the less often a page of it is
# written, which is most of what an import costs the server; but every search reads those that wait: at most 7 ms for
# the many of a large change, which sorts in all of them at its end
_PENDING: Final = 1024
_PENDING_OF_MANY: Final = 16 * 1024
_SORT_MANY: Final = (
    f"SET LOCAL gin_pending_list_limit = {_PENDING_OF_MANY}; SET LOCAL work_mem = {4 * _PENDING_OF_MANY}"
)
# without a lock that keeps readers out, and without waiting for one; long texts and words, of which no statement needs
# to know more than that they have an index, are not looked at
_VACUUM: Final = (
    b"VACUUM (ANALYZE, SKIP_LOCKED, TRUNCATE off) "
    b"record (id, key_folded, title_key, title_block, first_author, year, type), identifier, "
    b"record_heading (record_id), record_text (record_id), step (change_id, record_id), source"
)


class _Text(StrDumperUnknown):
    """PostgreSQL's text has no NUL; what is compared gets U+0001 for it, which no key has either."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\x01") if "\0" in obj else obj)


@lru_cache(maxsize=1000)
def _statement(query: str) -> bytes:
    """A statement of the library with PostgreSQL's own ``$1``. None of them has a question mark of its own.

    psycopg's ``%s`` means the same, but psycopg looks for it in each statement again, if it has many.
    """
    first, *rest = query.split("?")
    return "".join([first, *(f"${number}{text}" for number, text in enumerate(rest, 1))]).encode()


def connect(address: Address, patience_s: float) -> psycopg.Connection:
    """An open connection to the schema; a server that is just starting is waited for. Raises `LibraryError`."""
    parameters: dict[str, Any] = {"connect_timeout": _CONNECT_TIMEOUT_S, "application_name": "bibtool", **_KEEPALIVE}
    end = time.monotonic() + patience_s
    while True:
        try:
            connection = psycopg.connect(**(parameters | address.parameters), autocommit=True)
            break
        except psycopg.Error as error:
            if time.monotonic() < end and any(text in str(error) for text in _STARTING):
                time.sleep(_PAUSE_S)
                continue
            raise not_connected(error, address.url) from error
    connection.adapters.register_dumper(str, _Text)
    return connection


class PostgresEngine:
    """A `bibtool.store.engine.Engine` on a schema of PostgreSQL."""

    texts = (("record_text", "record_id"), ("record_heading", "record_id"))
    repair = "`bibtool library restore FILE` puts a dump into another, empty schema"

    def __init__(self, address: Address, *, busy_timeout_s: float, read_only: bool) -> None:
        self.location = address.url
        self.address = address
        self._patience_s = busy_timeout_s
        self._read_only = read_only
        self._changing = False
        self._taken: dict[str, int] = {}  # the number given last in this transaction, by table
        self._texts = 0  # records that this transaction has put into the full-text index, or taken out
        self._sending = Sending()
        self._connection = self._connected()
        with self.faults():
            self.person = str(self._connection.execute("SELECT session_user").fetchall()[0][0])

    def _connected(self) -> psycopg.Connection:
        connection = connect(self.address, self._patience_s)
        try:
            # pg_temp last: nobody's temporary table hides one of ours
            path = psycopg.sql.SQL("SET search_path = {}, pg_temp").format(psycopg.sql.Identifier(self.address.schema))
            connection.execute(
                path
                # all statements have an index, and the planner does not count what unpacking long texts costs
                + psycopg.sql.SQL("; SET enable_seqscan = off")
                + psycopg.sql.SQL(f"; SET gin_pending_list_limit = {_PENDING}")
                + psycopg.sql.SQL("; SET default_transaction_read_only = on" if self._read_only else "")
            )
        except psycopg.Error as error:
            connection.close()
            raise translated(error, self.location, connection) from error
        return connection

    @property
    def connection(self) -> psycopg.Connection:
        """The connection as it is now; another one after it was lost."""
        return self._connection

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Within it, errors of PostgreSQL are raised as `LibraryError`."""
        try:
            yield
        except psycopg.Error as error:
            raise translated(error, self.location, self._connection) from error

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _execute(self, statement: bytes, values: Any = ()) -> psycopg.Cursor:
        """The cursor of a statement; repeated on a new connection if it was lost outside of a change."""
        self._sending.wait()
        try:
            return psycopg.RawCursor(self._connection).execute(statement, values)
        except psycopg.Error as error:
            if self._changing or not is_lost(error, self._connection):
                raise
        self._connection.close()
        self._connection = self._connected()
        return psycopg.RawCursor(self._connection).execute(statement, values)

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of the answer."""
        with self.faults():
            return self._execute(_statement(query), values).fetchall()

    def run(self, statement: str, values: Sequence[object] = ()) -> None:
        """Run a statement."""
        with self.faults():
            self._execute(_statement(statement), values)

    def run_many(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        """Run a statement once for each row of values."""
        with self.faults(), psycopg.RawCursor(self._connection) as cursor:
            self._sending.wait()
            cursor.executemany(_statement(statement), rows)

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Insert rows of values for these columns, many of them by COPY; an error may be that of earlier rows."""
        names = ", ".join(columns)
        with self.faults():
            if len(rows) <= _FEW:
                statement = f"INSERT INTO {table} ({names}) VALUES ({marks(columns)})"  # noqa: S608  (names of ours)
                for row in rows:
                    self._execute(_statement(statement), row)
            elif len(rows) > _SOME and self._changing:
                self._sending.put(self._connection, table, names, rows)
            else:
                self._sending.wait()
                copy_rows(self._connection, table, names, rows)

    def loading(self, count: int) -> AbstractContextManager[None]:  # noqa: ARG002  (the same for all)
        """As always: rebuilding an index would keep readers out."""
        return nullcontext()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that keeps other writers out; rolled back as a whole by any exception, which passes on."""
        begin = (
            f"BEGIN; SET LOCAL lock_timeout = {max(1, int(self._patience_s * 1000))}; "
            f"SELECT pg_advisory_xact_lock({LOCK_CLASS}, 'record'::regclass::oid::integer)"
        )
        try:
            with self.faults():
                self._execute(begin.encode())
            self._changing = True
            yield
            # once, as each update of a row within a transaction makes the next one slower
            self.run_many(
                "UPDATE counter SET value = ? WHERE name = ?", [(last, name) for name, last in self._taken.items()]
            )
            self._commit()
            self._tidy_indexes()
        except BaseException:
            self._sending.end()
            # a lost connection has rolled back already
            with contextlib.suppress(psycopg.Error):
                if not self._connection.closed:
                    self._connection.execute("ROLLBACK")
            raise
        finally:
            self._sending.end()
            self._changing = False
            self._taken.clear()
            self._texts = 0

    def _tidy_indexes(self) -> None:
        """After a large change, do what the server would do within some minutes; only an owner may.

        Words are sorted into the indexes, so that searches need not. A change of a tenth of the library is also counted
        for the planner, which knows nothing of new tables, and marked as visible, which each first reader of a page
        would do otherwise.
        """
        if self._texts <= _MANY:
            return
        with contextlib.suppress(psycopg.Error):
            ((known,),) = self._execute(b"SELECT reltuples FROM pg_class WHERE oid = 'record'::regclass").fetchall()
            if self._texts > known / 10:
                self._execute(_VACUUM)
            else:
                for name in _TEXT_INDEXES:
                    self._execute(b"SELECT gin_clean_pending_list($1::regclass)", (name,))

    def _commit(self) -> None:
        try:
            self._connection.execute("COMMIT")
        except psycopg.Error as error:
            if is_lost(error, self._connection):
                raise LibraryUnreachableError(
                    f"the connection to the server was lost while a change was being finished: {first_line(error)}",
                    path=self.location,
                    hint="it was made as a whole or not at all: `bibtool history` shows whether it is there",
                ) from error
            raise translated(error, self.location, self._connection) from error

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One state of the library for all that is read inside, whatever others write."""
        with self.faults():
            self._execute(b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        self._changing = True  # no other connection has this state
        try:
            yield
        finally:
            self._changing = False
            self._taken.clear()
            with contextlib.suppress(psycopg.Error):
                self._connection.execute("ROLLBACK")

    def stream(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a long answer, some thousand at a time, from a cursor of the server; within a transaction."""
        with self.faults(), psycopg.RawServerCursor(self._connection, "bibtool_stream") as cursor:
            self._sending.wait()
            cursor.itersize = _ROWS_AT_ONCE
            cursor.execute(_statement(query))
            yield from cursor

    def examine(self) -> list[str]:
        """Nothing: whether its files are sound, the server itself watches."""
        return []

    def has_texts(self, number: int, columns: tuple[str, ...]) -> bool:
        """Whether the full-text index has these words of the record, and no others."""
        query = (
            "SELECT 1 FROM record_text JOIN record_heading USING (record_id) "
            "WHERE record_id = ? AND head = ?::tsvector AND whole = ?::tsvector"
        )
        return bool(self.rows(query, (number, *vectors(columns))))

    def set_number(self, table: str, last: int) -> None:
        """Go on after this number with those that are given to rows of the table."""
        self._taken[table] = last

    def describe(self) -> dict[str, object]:
        """Facts for people: server, size in bytes, rights."""
        query = (
            "SELECT current_setting('server_version'), (SELECT sum(pg_total_relation_size(c.oid))::bigint "
            "FROM pg_class AS c WHERE c.relnamespace = ?::regnamespace AND c.relkind = 'r'), "
            "has_table_privilege('record', 'INSERT'), "
            "EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm')"
        )
        schema = self.rows("SELECT quote_ident(?)", (self.address.schema,))[0][0]
        ((version, size, writable, trigrams),) = self.rows(query, (schema,))
        return {
            "store": f"PostgreSQL {version}",
            "bytes": size,
            "role": self.person,
            "may_write": writable,
            "pg_trgm": trigrams,
        }

    def discard(self) -> None:
        """Roll back what the transaction has written; it goes on, to write nothing."""
        self._taken.clear()
        self.run("ROLLBACK")
        self.run("BEGIN")

    def take_numbers(self, table: str, count: int) -> int:
        """The first of so many numbers that were never given to a row of the table."""
        if table not in self._taken:
            ((last,),) = self.rows("SELECT value FROM counter WHERE name = ?", (table,))
            self._taken[table] = int(last)
        first = self._taken[table] + 1
        self._taken[table] += count
        return first

    def insert_texts(self, texts: Sequence[tuple[int, str, tuple[str, ...]]]) -> None:
        """Add records to the full-text index."""
        headings: list[tuple[object, ...]] = []
        wholes: list[tuple[object, ...]] = []
        for number, key, columns in texts:
            head, whole = vectors(columns)
            headings.append((number, key, head))
            wholes.append((number, key, whole))
        self._count_texts(len(texts))
        self.insert("record_heading", ("record_id", "key_folded", "head"), headings)
        self.insert("record_text", ("record_id", "key_folded", "whole"), wholes)

    def _count_texts(self, number: int) -> None:
        """Note so many changes of the full-text index; many are sorted into it in larger pieces than few."""
        if self._texts <= _MANY < self._texts + number and self._changing:
            self.run(_SORT_MANY)
        self._texts += number

    def erase_texts(self, numbers: Sequence[int]) -> None:
        """Take records from the full-text index."""
        self._count_texts(len(numbers))
        with self.faults():
            for table, column in self.texts:
                self._execute(f"DELETE FROM {table} WHERE {column} = ANY($1)".encode(), (list(numbers),))  # noqa: S608  (constants)

    def matches(self, words: str, limit: int) -> list[int]:
        """Numbers of the records that have all these words, best first.

        Those with all in title, names, identifiers and so on come before those with some in abstract or notes only.
        """
        query = query_of(words)
        if not query:
            return []
        with self.faults():
            found = [row[0] for row in self._execute(_MATCH_HEAD, (query, limit))]
            if len(found) < limit:  # these are all that have the words there
                found += [row[0] for row in self._execute(_MATCH_WHOLE, (query, limit - len(found), found))]
        return found

    def similar_keys(self, folded: str) -> list[str]:
        """The keys with most trigrams in common, if the extension pg_trgm is in the database."""
        where = (
            "SELECT n.nspname FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace "
            "WHERE e.extname = 'pg_trgm'"
        )
        rows = self.rows(where)
        if not rows:
            return []
        query = psycopg.sql.SQL("SELECT key FROM record ORDER BY {}.similarity(key_folded, $1) DESC LIMIT $2")
        with self.faults():
            text = query.format(psycopg.sql.Identifier(rows[0][0])).as_bytes(self._connection)
            return [str(key) for (key,) in self._execute(text, (folded, _SIMILAR))]


class PostgresLibrary(StoredLibrary):
    """The library in a schema of PostgreSQL."""

    engine: PostgresEngine


def open_url(
    url: str,
    *,
    create: bool,
    read_only: bool,
    busy_timeout_s: float,
    clock: Callable[[], str],
    migrations: Sequence[tuple[str, tuple[str, ...]]] = MIGRATIONS,
) -> PostgresLibrary:
    """The library at ``postgresql://user@host:port/database?schema=name``; see `open_library`."""
    engine = PostgresEngine(parse_address(url), busy_timeout_s=busy_timeout_s, read_only=read_only)
    try:
        with engine.faults():
            bring_up_to_date(
                engine.connection,
                engine.address.schema,
                url,
                create=create,
                read_only=read_only,
                clock=clock,
                migrations=migrations,
            )
    except BaseException:
        engine.close()
        raise
    return PostgresLibrary(engine, clock)
