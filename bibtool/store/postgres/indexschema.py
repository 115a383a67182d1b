"""The tables of an index in PostgreSQL; ``{0}`` is the schema, which a library may be in as well."""

from __future__ import annotations

from typing import Final

MARK: Final = "bibtool index 1"
_PARTITIONS: Final = 16
CREATE: Final = (
    """
    CREATE TABLE {0}.index_source (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name text NOT NULL UNIQUE,
        added text NOT NULL
    )
    """,
    """
    CREATE TABLE {0}.index_file (
        run bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        source bigint NOT NULL,
        name text NOT NULL,
        stamp text NOT NULL,
        records bigint NOT NULL DEFAULT 0,
        done boolean NOT NULL DEFAULT false
    )
    """,
    """
    CREATE TABLE {0}.index_work (
        uid bigint PRIMARY KEY,
        source bigint NOT NULL,
        run bigint NOT NULL,
        flags smallint NOT NULL,
        type text NOT NULL,
        data text NOT NULL,
        words tsvector NOT NULL
    ) PARTITION BY HASH (uid)
    """,
    """
    CREATE TABLE {0}.index_hash (
        key bigint NOT NULL,
        work bigint NOT NULL,
        PRIMARY KEY (key, work)
    ) PARTITION BY HASH (key)
    """,
    *(
        f"CREATE TABLE {{0}}.index_{table}_{number} PARTITION OF {{0}}.index_{table} "
        f"FOR VALUES WITH (MODULUS {_PARTITIONS}, REMAINDER {number})"
        for table in ("work", "hash")
        for number in range(_PARTITIONS)
    ),
    "CREATE INDEX ON {0}.index_work USING gin (words)",
    "CREATE INDEX ON {0}.index_work (source)",
    "CREATE INDEX ON {0}.index_hash (work)",
    "CREATE TABLE {0}.index_common (word text PRIMARY KEY, works bigint NOT NULL)",
    f"COMMENT ON TABLE {{0}}.index_source IS '{MARK}'",
)
STAGE: Final = (
    "CREATE TEMPORARY TABLE staged (uid bigint, flags smallint, type text, data text, words text[]) ON COMMIT DROP",
    "CREATE TEMPORARY TABLE staged_hash (key bigint, work bigint) ON COMMIT DROP",
)
# what is new or has changed, and what the old row was found by goes
TAKE: Final = """
    WITH known AS (
        SELECT uid FROM {0}.index_work JOIN staged USING (uid)
    ), changed AS (
        INSERT INTO {0}.index_work AS old (uid, source, run, flags, type, data, words)
        SELECT uid, %(source)s, %(run)s, flags, type, data, array_to_tsvector(words) FROM staged ORDER BY uid
        ON CONFLICT (uid) DO UPDATE SET source = excluded.source, run = excluded.run, flags = excluded.flags,
            type = excluded.type, data = excluded.data, words = excluded.words WHERE old.data <> excluded.data
        RETURNING uid
    )
    SELECT count(*) FILTER (WHERE known.uid IS NULL),
        coalesce(array_agg(changed.uid) FILTER (WHERE known.uid IS NOT NULL), '{{}}')
    FROM changed LEFT JOIN known USING (uid)
"""
