"""The tables of a library in SQLite.

``record``       one row a work; ``data`` is `bibtool.model.codec`'s JSON, the other columns are taken from it to be
                 searched by index, and ``line`` for lists (see `bibtool.store.lines`)
``identifier``   the identifiers of each record, and its other keys as the kind ``alias``
``record_text``  full-text index; ``rowid`` is ``record.id``
``change``       the history
``step``         for each change and record the other side of it: the state before a change, or the state
                 after one that was undone; NULL where there was no record. Undo and redo swap both sides.
``source``       fingerprints of imported inputs, and which change noted them
``migration``    what was done to the file, and when

A released statement is never edited: later versions add migrations.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from typing import Final

APPLICATION_ID: Final = 0x62696274  # "bibt", in the file's header: tells a library from other SQLite files

VERSION: Final = 4  # of a file to which all of `bibtool.store.migrations` was done; most files need no more of it

VERSION_1: Final[tuple[str, ...]] = (
    """
    CREATE TABLE record (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL,
        key_folded TEXT NOT NULL,
        title_key TEXT NOT NULL,
        first_author TEXT NOT NULL,
        year INTEGER,
        type TEXT NOT NULL,
        data TEXT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX record_key ON record (key_folded)",
    # lists the keys without touching the rows, whose data is large
    "CREATE INDEX record_keys ON record (key_folded, key)",
    "CREATE INDEX record_title ON record (title_key, first_author, year)",
    "CREATE INDEX record_year ON record (year)",
    "CREATE INDEX record_type ON record (type)",
    """
    CREATE TABLE identifier (
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        record_id INTEGER NOT NULL,
        PRIMARY KEY (kind, value, record_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX identifier_record ON identifier (record_id)",
    """
    CREATE VIRTUAL TABLE record_text USING fts5 (
        key, title, names, abstract, container, year, ids, keywords, other,
        tokenize = 'unicode61 remove_diacritics 0'
    )
    """,
    """
    CREATE TABLE change (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        what TEXT NOT NULL,
        at TEXT NOT NULL,
        undone INTEGER NOT NULL,
        added INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        removed INTEGER NOT NULL
    )
    """,
    "CREATE INDEX change_undone ON change (undone, id)",
    """
    CREATE TABLE step (
        change_id INTEGER NOT NULL,
        record_id INTEGER NOT NULL,
        data TEXT,
        PRIMARY KEY (change_id, record_id)
    )
    """,
    """
    CREATE TABLE source (
        fingerprint BLOB NOT NULL,
        change_id INTEGER NOT NULL,
        record_id INTEGER NOT NULL,
        PRIMARY KEY (fingerprint, change_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX source_change ON source (change_id)",
)

# blocks in which a work is looked for: the title whatever its hyphens and plurals are, and the first author with a year
BLOCKS: Final[tuple[str, ...]] = (
    "ALTER TABLE record ADD COLUMN title_block TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX record_block ON record (title_block, first_author)",
    "CREATE INDEX record_author ON record (first_author, year)",
)

# indexes that only find rows, built last where many rows come at once; `record_key` also keeps keys unique
LOOKUPS: Final = {
    statement.split()[2]: statement
    for statement in (*VERSION_1, *BLOCKS)
    if statement.startswith("CREATE INDEX") and statement.split()[4] == "record"
}

# who made a change, where the store knows it; "" for those made before
WHO: Final = "ALTER TABLE change ADD COLUMN who TEXT NOT NULL DEFAULT ''"

# what lists show, so that they need not read all data
LINE: Final = "ALTER TABLE record ADD COLUMN line TEXT NOT NULL DEFAULT ''"

MIGRATION_TABLE: Final = "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT, at TEXT)"

VIRTUAL: Final = frozenset({"record_text"})
TABLES: Final = frozenset({"record", "identifier", "record_text", "change", "step", "source", "migration"})
