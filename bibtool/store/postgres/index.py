"""An index of bibliographic records in a schema of PostgreSQL, for a group or several machines.

Tables are divided by hash into partitions, so that several machines can fill them at once: rows of a batch are sent by
COPY, and taken over in the order of their numbers, which two batches that have the same rows then lock in one order.
No statement relies on the state of a session, so that an index can be read through a pooler of connections.
"""

from __future__ import annotations

import contextlib
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import psycopg

from bibtool.errors import IndexFileError
from bibtool.store.index.base import Info, SourceInfo
from bibtool.store.index.keys import keys_of, searched_text
from bibtool.store.index.rows import encode_row
from bibtool.store.index.stored import ARXIV, PUBLISHED, StoredIndex, flags_of
from bibtool.store.postgres.address import parse_address
from bibtool.store.postgres.engine import connect
from bibtool.store.postgres.faults import first_line, is_lost, not_connected, translated
from bibtool.store.postgres.indexschema import CREATE, MARK, STAGE, TAKE
from bibtool.store.postgres.schema import LOCK_CLASS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bibtool.store.index.base import NewRow
    from bibtool.store.postgres.address import Address

_LONGEST: Final = 250  # characters of a word; PostgreSQL allows 2,046 bytes
_PATIENCE_S: Final = 20.0


class PostgresIndex(StoredIndex):
    """See `bibtool.store.index.base.Index`."""

    repair = "empty the schema, and make it again with `bibtool index add`"

    def __init__(self, address: Address, *, create: bool = False) -> None:
        self.location = address.url
        self._schema = psycopg.sql.Identifier(address.schema)
        self._connection = connect(address, _PATIENCE_S)
        self._connection.prepare_threshold = None  # a pooler may give each statement to another session
        try:
            self._prepare(address, create=create)
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self, address: Address, *, create: bool) -> None:
        mark = self._mark(address.schema)
        if mark is None and create:
            with self._changing():
                self._run("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (LOCK_CLASS, address.schema))
                if self._mark(address.schema) is None:  # otherwise somebody else has made it meanwhile
                    self._run("CREATE SCHEMA IF NOT EXISTS {0}")
                    for statement in CREATE:
                        self._run(statement)
            mark = MARK
        if mark is None:
            raise IndexFileError(
                "no index here",
                path=self.location,
                hint="make one with `bibtool index add FILE --index ADDRESS`",
            )
        if mark != MARK:
            later = mark.startswith(MARK.rstrip("0123456789"))
            said = "was written by a later version of bibtool" if later else "has tables of another program"
            raise IndexFileError(said, path=self.location)

    def _mark(self, schema: str) -> str | None:
        rows = self._all(
            "SELECT coalesce(obj_description(c.oid, 'pg_class'), '') FROM pg_class AS c "
            "JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relname = 'index_source'",
            (schema,),
        )
        return str(rows[0][0]) if rows else None

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    # ---- statements -------------------------------------------------------------------------------------------------

    def _run(self, query: str, values: Any = ()) -> psycopg.Cursor:
        with self._faults():
            return self._connection.execute(psycopg.sql.SQL(query).format(self._schema), values)

    def _all(self, query: str, values: Any = ()) -> list[tuple[Any, ...]]:
        with self._faults():
            return self._run(query, values).fetchall()

    @contextlib.contextmanager
    def _faults(self) -> Iterator[None]:
        """Within it, an error of PostgreSQL is raised as ours: `IndexFileError` where the tables are the cause."""
        try:
            yield
        except psycopg.Error as error:
            if is_lost(error, self._connection):
                raise not_connected(error, self.location) from error
            if isinstance(error, (psycopg.errors.DataError, psycopg.errors.ProgrammingError)) and not isinstance(
                error, psycopg.errors.InsufficientPrivilege
            ):
                raise IndexFileError(
                    f"can't be used: {first_line(error)}", path=self.location, hint=self.repair
                ) from error
            raise translated(error, self.location, self._connection) from error

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        self._run("BEGIN")
        try:
            yield
            self._run("COMMIT")
        except BaseException:
            with contextlib.suppress(psycopg.Error):
                self._connection.execute("ROLLBACK")
            raise

    # ---- adding -----------------------------------------------------------------------------------------------------

    def begin(self, source: str, file: str, stamp: str, when: str) -> tuple[int, int]:
        """The run that adds this file and how many records of it are there; a file that was done begins again."""
        with self._changing():
            ((number,),) = self._all(
                "INSERT INTO {0}.index_source (name, added) VALUES (%s, %s) "
                "ON CONFLICT (name) DO UPDATE SET added = excluded.added RETURNING id",
                (source, when),
            )
            found = self._all(
                "SELECT run, records FROM {0}.index_file WHERE source = %s AND name = %s AND stamp = %s AND NOT done",
                (number, file, stamp),
            )
            if found:
                return found[0]
            ((run,),) = self._all(
                "INSERT INTO {0}.index_file (source, name, stamp) VALUES (%s, %s, %s) RETURNING run",
                (number, file, stamp),
            )
            return run, 0

    def is_done(self, source: str, file: str, stamp: str) -> bool:
        """Whether this very file was added completely."""
        return bool(
            self._all(
                "SELECT 1 FROM {0}.index_file AS f JOIN {0}.index_source AS s ON s.id = f.source "
                "WHERE s.name = %s AND f.name = %s AND f.stamp = %s AND f.done",
                (source, file, stamp),
            )
        )

    def reached(self, run: int, records: int, *, done: bool = False) -> None:
        """Note how many records of the file were added."""
        self._run("UPDATE {0}.index_file SET records = %s, done = %s WHERE run = %s", (records, done, run))

    def _add_batch(self, source: str, batch: Mapping[int, NewRow], run: int, reached: int) -> int:
        with self._changing():
            ((number,),) = self._all("SELECT id FROM {0}.index_source WHERE name = %s", (source,))
            for statement in STAGE:
                self._run(statement)
            with self._faults(), self._connection.cursor() as cursor:
                with cursor.copy("COPY staged FROM STDIN") as copy:
                    for uid, row in batch.items():
                        record = row.record
                        copy.write_row((uid, flags_of(record), record.type, _plain(encode_row(row)), _words(row)))
                with cursor.copy("COPY staged_hash FROM STDIN") as copy:
                    for uid, row in batch.items():
                        for key in keys_of(row.record):
                            copy.write_row((key, uid))
            ((new, replaced),) = self._all(TAKE, {"source": number, "run": run})
            if replaced:
                self._run("DELETE FROM {0}.index_hash WHERE work = ANY(%s)", (replaced,))
            self._run(
                "INSERT INTO {0}.index_hash SELECT DISTINCT key, work FROM staged_hash ORDER BY key, work "
                "ON CONFLICT DO NOTHING"
            )
            if reached:
                self._run("UPDATE {0}.index_file SET records = %s WHERE run = %s", (reached, run))
        return int(new)

    def finish(self) -> None:
        """Count how many records have each common word."""
        total = self._number("SELECT count(*) FROM {0}.index_work")
        words = psycopg.sql.SQL("SELECT words FROM {0}.index_work").format(self._schema).as_string(self._connection)
        with self._changing():
            self._run("LOCK TABLE {0}.index_common IN EXCLUSIVE MODE")
            self._run("DELETE FROM {0}.index_common")
            self._run(
                "INSERT INTO {0}.index_common SELECT word, ndoc FROM ts_stat(%s) WHERE ndoc > %s",
                (words, max(20, total // 20_000)),
            )
        for table in ("work", "hash"):
            self._run(f"ANALYZE {{0}}.index_{table}")

    def remove(self, source: str) -> int:
        """Remove the records of a source; their number, 0 for a source that is not there."""
        with self._changing():
            found = self._all("SELECT id FROM {0}.index_source WHERE name = %s", (source,))
            if not found:
                return 0
            ((removed,),) = self._all(
                "WITH gone AS (DELETE FROM {0}.index_work WHERE source = %s RETURNING uid), "
                "hashes AS (DELETE FROM {0}.index_hash USING gone WHERE work = uid) SELECT count(*) FROM gone",
                found[0],
            )
            self._run("DELETE FROM {0}.index_file WHERE source = %s", found[0])
            self._run("DELETE FROM {0}.index_source WHERE id = %s", found[0])
        if removed:
            self.finish()
        return int(removed)

    # ---- looking up -------------------------------------------------------------------------------------------------

    def _by_hash(self, key: int, most: int) -> list[int]:
        rows = self._all("SELECT work FROM {0}.index_hash WHERE key = %s ORDER BY work LIMIT %s", (key, most))
        return [number for (number,) in rows]

    def _matching(self, words: Sequence[str], limit: int, *, newest: bool = False) -> list[int]:
        del newest  # nothing says when a row came that another machine has sent
        query = " & ".join(_quoted(word) for word in words)
        rows = self._all("SELECT uid FROM {0}.index_work WHERE words @@ %s::tsquery LIMIT %s", (query, limit))
        return [number for (number,) in rows]

    def _works_with(self, words: Sequence[str]) -> dict[str, int]:
        return dict(self._all("SELECT word, works FROM {0}.index_common WHERE word = ANY(%s)", (list(words),)))

    def _data_of(self, numbers: Sequence[int]) -> Iterator[tuple[int, int, str]]:
        wanted = list(dict.fromkeys(numbers))
        if not wanted:
            return
        rows = self._all("SELECT uid, source, data FROM {0}.index_work WHERE uid = ANY(%s)", (wanted,))
        places = {row[0]: row for row in rows}
        yield from (places[number] for number in wanted if number in places)

    def _name_of(self, source: int) -> str:
        return self._names.get(source, "")

    @cached_property
    def _names(self) -> dict[int, str]:
        return dict(self._all("SELECT id, name FROM {0}.index_source"))

    # ---- what there is ----------------------------------------------------------------------------------------------

    def _number(self, query: str, values: Sequence[object] = ()) -> int:
        ((number,),) = self._all(query, values)
        return int(number or 0)

    def info(self) -> Info:
        """What the index holds."""
        sources = self._all(
            "SELECT s.name, count(w.uid), s.added FROM {0}.index_source AS s LEFT JOIN {0}.index_work AS w "
            "ON w.source = s.id GROUP BY s.id ORDER BY 1"
        )
        size = self._number(
            "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class AS c WHERE c.relnamespace = %s::regnamespace "
            "AND c.relkind = 'r' AND c.relname LIKE 'index\\_%%'",
            (self._schema.as_string(self._connection),),
        )
        return Info(
            location=self.location,
            records=sum(records for _, records, _ in sources),
            size=size,
            sources=tuple(SourceInfo(name, records, added) for name, records, added in sources),
            types=dict(self._all("SELECT type, count(*) FROM {0}.index_work GROUP BY type ORDER BY 2 DESC, 1")),
            with_arxiv=self._number("SELECT count(*) FROM {0}.index_work WHERE flags & %s > 0", (ARXIV,)),
            published=self._number("SELECT count(*) FROM {0}.index_work WHERE flags & %s > 0", (PUBLISHED,)),
        )


def _words(row: NewRow) -> list[str]:
    words = (_plain(word[:_LONGEST]) for word in searched_text(row.record).split())
    return list(dict.fromkeys(word for word in words if word))


def _plain(text: str) -> str:
    """The text without what PostgreSQL's text can't hold: NUL, and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode() if not text.isascii() or "\0" in text else text


def _quoted(word: str) -> str:
    """A word of a search as ``tsquery`` has it."""
    return "'" + _plain(word[:_LONGEST]).replace("\\", "\\\\").replace("'", "''") + "'"


def open_address(url: str, *, create: bool) -> PostgresIndex:
    """The index at ``postgresql://user@host:port/database?schema=name``; see `bibtool.store.index.open_index`."""
    return PostgresIndex(parse_address(url), create=create)
