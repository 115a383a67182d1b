"""The tables of a library in PostgreSQL: those of `bibtool.store.schema`, as far as both databases allow.

Texts that are compared have the collation "C", so that the order of keys is that of SQLite on every server. A text of
any length is looked up by a hash index, as a row of a B-tree has less than 3 kB. ``counter`` has the numbers that were
given last: unlike sequences, its rows are part of the transaction, and of a copy.

A released statement is never edited: later versions add migrations. The number of steps that were done is in the
table ``migration``, whose comment tells a library from the tables of others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.errors import LibraryDamagedError, LibraryError, LibraryTooNewError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import psycopg

MARK: Final = "bibtool library"
LOCK_CLASS: Final = 0x62696274  # "bibt": the first key of all advisory locks

_CREATE: Final = (
    """
    CREATE TABLE record (
        id bigint PRIMARY KEY,
        key text NOT NULL,
        key_folded text COLLATE "C" NOT NULL,
        title_key text COLLATE "C" NOT NULL,
        title_block text COLLATE "C" NOT NULL,
        first_author text COLLATE "C" NOT NULL,
        year bigint,
        type text COLLATE "C" NOT NULL,
        data text NOT NULL
    )
    """,
    # lists keys and numbers without touching the rows, whose data is large
    "CREATE UNIQUE INDEX record_key ON record (key_folded) INCLUDE (key, id)",
    "CREATE INDEX record_title ON record USING hash (title_key)",
    "CREATE INDEX record_block ON record USING hash (title_block)",
    "CREATE INDEX record_author ON record (first_author, year)",
    "CREATE INDEX record_year ON record (year)",
    "CREATE INDEX record_type ON record USING hash (type)",
    'CREATE TABLE identifier (kind text NOT NULL, value text COLLATE "C" NOT NULL, record_id bigint NOT NULL)',
    "CREATE INDEX identifier_value ON identifier USING hash (value)",
    "CREATE INDEX identifier_record ON identifier (record_id)",
    """
    CREATE TABLE record_text (
        record_id bigint PRIMARY KEY,
        key_folded text COLLATE "C" NOT NULL,
        head tsvector NOT NULL,
        whole tsvector NOT NULL
    )
    """,
    # every search reads the list of pending entries, which makes imports twice as fast: at most 1 MiB, in kB
    "CREATE INDEX record_head ON record_text USING gin (head) WITH (gin_pending_list_limit = 1024)",
    "CREATE INDEX record_whole ON record_text USING gin (whole) WITH (gin_pending_list_limit = 1024)",
    """
    CREATE TABLE change (
        id bigint PRIMARY KEY,
        what text NOT NULL,
        at text NOT NULL,
        undone smallint NOT NULL,
        added bigint NOT NULL,
        changed bigint NOT NULL,
        removed bigint NOT NULL,
        who text NOT NULL
    )
    """,
    "CREATE INDEX change_undone ON change (undone, id)",
    """
    CREATE TABLE step (
        change_id bigint NOT NULL,
        record_id bigint NOT NULL,
        data text,
        PRIMARY KEY (change_id, record_id)
    )
    """,
    "CREATE INDEX step_record ON step (record_id)",
    """
    CREATE TABLE source (
        fingerprint bytea NOT NULL,
        change_id bigint NOT NULL,
        record_id bigint NOT NULL,
        PRIMARY KEY (fingerprint, change_id)
    )
    """,
    "CREATE INDEX source_change ON source (change_id)",
    # as small as by PostgreSQL's own method, and several times faster; where the server was built with it (14 or later)
    """
    DO $$ BEGIN
        IF EXISTS (
            SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)
        ) THEN
            ALTER TABLE record ALTER data SET COMPRESSION lz4;
            ALTER TABLE record_text ALTER head SET COMPRESSION lz4, ALTER whole SET COMPRESSION lz4;
            ALTER TABLE step ALTER data SET COMPRESSION lz4;
        END IF;
    END $$
    """,
    "CREATE TABLE counter (name text PRIMARY KEY, value bigint NOT NULL)",
    "INSERT INTO counter VALUES ('record', 0), ('change', 0)",
    "CREATE TABLE migration (number integer PRIMARY KEY, name text NOT NULL, at text NOT NULL)",
    f"COMMENT ON TABLE migration IS '{MARK}'",
)

# Most searches end with the words of headings, so these are in a table of their own, whose rows are a fifth as large.
# It is for the same roles. The other words stay in their rows up to nearly a page: those that the server puts elsewhere
# take longer to rank.
_SPLIT: Final = (
    """
    CREATE TABLE record_heading (
        record_id bigint PRIMARY KEY,
        key_folded text COLLATE "C" NOT NULL,
        head tsvector NOT NULL
    )
    """,
    """
    DO $$ DECLARE given record; BEGIN
        FOR given IN
            SELECT acl.privilege_type AS what,
                CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) END AS role
            FROM pg_class AS c, aclexplode(c.relacl) AS acl
            WHERE c.oid = 'record_text'::regclass AND acl.grantee <> c.relowner
        LOOP
            EXECUTE format('GRANT %s ON record_heading TO %s', given.what, given.role);
        END LOOP;
    END $$
    """,
    "INSERT INTO record_heading SELECT record_id, key_folded, head FROM record_text ORDER BY record_id",
    "ALTER TABLE record_text SET (toast_tuple_target = 8160)",
    # with the column goes its index; the type is the same, but so each row is written anew
    "ALTER TABLE record_text DROP COLUMN head, ALTER COLUMN whole TYPE tsvector USING whole || ''::tsvector",
    "CREATE INDEX record_head ON record_heading USING gin (head) WITH (gin_pending_list_limit = 1024)",
)

# A hash index walks through all rows of an equal value to add one, and nearly all records are of a few types; this kind
# of tree takes texts of any length, too. How long the lists of pending words get is for each session to say.
_GROWING: Final = (
    "DROP INDEX record_type",
    "CREATE INDEX record_type ON record USING spgist (type)",
    "ALTER INDEX record_head RESET (gin_pending_list_limit)",
    "ALTER INDEX record_whole RESET (gin_pending_list_limit)",
)

# what lists show, so that they need not read all data; a record that is there already gets its line when it changes
_LINES: Final = ("ALTER TABLE record ADD COLUMN line text NOT NULL DEFAULT ''",)

_ADDED: Final = {"record_heading": 2}  # tables that are not from the beginning, and the step that makes them
TABLES: Final = frozenset(
    {"record", "identifier", "record_text", "change", "step", "source", "counter", "migration", *_ADDED}
)

# name and statements of each step
MIGRATIONS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("create the tables", _CREATE),
    ("keep the words of headings by themselves", _SPLIT),
    ("take many records in time that grows with their number", _GROWING),
    ("keep what lists show", _LINES),
)

_FOUND = """
    SELECT c.relname, obj_description(c.oid, 'pg_class')
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
"""


def version_of(connection: psycopg.Connection, schema: str, url: str) -> int | None:
    """The number of steps that were done to the library in the schema; None if there is none.

    Raises `LibraryDamagedError` for tables of others and for a library that lacks one.
    """
    tables: dict[str, str | None] = dict(connection.execute(_FOUND, (schema,)).fetchall())
    if tables.get("migration") != MARK:
        if taken := sorted(TABLES & tables.keys()):
            raise LibraryDamagedError(
                f"the schema {schema!r} has a table {taken[0]!r} of another program",
                path=url,
                hint="name another schema: ?schema=NAME",
            )
        return None
    (row,) = connection.execute("SELECT coalesce(max(number), 0) FROM migration").fetchall()
    version = int(row[0])
    if missing := sorted(name for name in TABLES - tables.keys() if _ADDED.get(name, 0) <= version):
        raise LibraryDamagedError(f"the library lacks the table {missing[0]!r}", path=url)
    return version


def bring_up_to_date(
    connection: psycopg.Connection,
    schema: str,
    url: str,
    *,
    create: bool,
    read_only: bool,
    clock: Callable[[], str],
    migrations: Sequence[tuple[str, tuple[str, ...]]] = MIGRATIONS,
) -> None:
    """Make or migrate the library where it is needed; nothing is locked or written otherwise.

    All steps are one transaction under an advisory lock, so that of several programs one does them, all or none.
    Raises `LibraryError` and its kinds; errors of psycopg pass.
    """
    version = version_of(connection, schema, url)
    if version is None and (not create or read_only):
        raise LibraryError(f"no library at {url} yet", hint="`bibtool import FILE` creates it")
    if version is not None and version > len(migrations):
        raise LibraryTooNewError(
            f"the library has version {version}, this bibtool knows up to {len(migrations)}",
            path=url,
            hint="update bibtool",
        )
    if version == len(migrations):
        return
    if read_only:
        raise LibraryError(
            f"the library has the old version {version}",
            path=url,
            hint="its owner has to open it once with this bibtool",
        )
    from psycopg import sql

    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (LOCK_CLASS, schema))
        done = version_of(connection, schema, url)  # another program may have been faster
        if done is None:
            if connection.execute("SELECT to_regnamespace(quote_ident(%s))", (schema,)).fetchall() == [(None,)]:
                connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
            done = 0
        for number, (name, statements) in enumerate(migrations[done:], done + 1):
            connection.execute(";".join(statements).encode())
            connection.execute("INSERT INTO migration VALUES (%s, %s, %s)", (number, name, clock()))
