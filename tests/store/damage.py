"""Damaged copies of a library, made by a seeded generator: each kind of damage, at random places."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PAGE: Final = 16_384  # bytes, of the files that bibtool makes


def paged(path: Path, size: int) -> None:
    """Give the file pages of that size."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {size}")
        connection.execute("VACUUM")
        assert connection.execute("PRAGMA page_size").fetchone() == (size,)


def _flip(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 8, 64, 1000))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def _flip_in_header(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 4, 20))):
        data[dice.randrange(100)] = dice.randrange(256)


def _truncate(data: bytearray, dice: random.Random) -> None:
    del data[dice.choice((50, 100, PAGE, PAGE + 17, dice.randrange(len(data)))) :]


def _zero_pages(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 3, 10))):
        start = dice.randrange(len(data) // PAGE) * PAGE
        data[start : start + PAGE] = bytes(PAGE)


def _swap_pages(data: bytearray, dice: random.Random) -> None:
    first, second = (dice.randrange(1, len(data) // PAGE) * PAGE for _ in range(2))
    page = data[first : first + PAGE]
    data[first : first + PAGE] = data[second : second + PAGE]
    data[second : second + PAGE] = page


def _noise(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    data[start : start + 3000] = dice.randbytes(len(data[start : start + 3000]))


def _text_bytes(data: bytearray, dice: random.Random) -> None:
    """Bytes that are not UTF-8, in the middle of a text."""
    for _ in range(5):
        start = data.find(b"title", dice.randrange(len(data)))
        if start >= 0:
            data[start : start + 3] = b"\xff\xfe\xc3"


def _append(data: bytearray, dice: random.Random) -> None:
    data += dice.randbytes(dice.choice((1, 100, PAGE, 10 * PAGE)))


def _schema(data: bytearray, dice: random.Random) -> None:
    """A letter of the schema, which is text on the first pages."""
    places = [at for at in range(100, 3 * PAGE) if data[at : at + 6] == b"CREATE"]
    start = dice.choice(places or [200])
    for _ in range(3):
        data[start + dice.randrange(60)] = dice.randrange(256)


BYTES: Final[tuple[Callable[[bytearray, random.Random], None], ...]] = (
    _flip, _flip_in_header, _truncate, _zero_pages, _swap_pages, _noise, _text_bytes, _append, _schema,
)  # fmt: skip

# statements that leave a file sound to SQLite, with values that bibtool never writes; the writable schema is for the
# constraints that SQLite would keep
SQL: Final = (
    "UPDATE record SET data = substr(data, 1, length(data) / 2) WHERE id = :row",
    "UPDATE record SET data = '{}' WHERE id = :row",
    "UPDATE record SET data = '[1, 2]' WHERE id = :row",
    "UPDATE record SET data = x'00ff00ff' WHERE id = :row",
    "UPDATE record SET data = CAST(x'7b22ff227d' AS TEXT) WHERE id = :row",
    "UPDATE record SET data = replace(data, 'Title', 'Other') WHERE id = :row",
    "UPDATE record SET key = x'ff' WHERE id = :row",
    "UPDATE record SET key = 'other' WHERE id = :row",
    "UPDATE record SET key_folded = CAST(x'ff' AS TEXT) WHERE id = :row",
    "UPDATE record SET title_key = 17 WHERE id = :row",
    "UPDATE record SET title_key = CAST(x'ffc3' AS TEXT) WHERE id = :row",
    "UPDATE record SET year = 'when' WHERE id = :row",
    "UPDATE change SET what = CAST(x'ff' AS TEXT)",
    "UPDATE change SET at = x'01'",
    "UPDATE record SET line = x'ff' WHERE id = :row",
    "UPDATE change SET added = 'many'",
    "UPDATE change SET undone = 7",
    "UPDATE change SET who = x'ff'",
    "UPDATE step SET data = 'no json'",
    "UPDATE step SET record_id = 'none' || record_id",
    "UPDATE sqlite_sequence SET seq = 'last' WHERE name = 'record'",
    "DELETE FROM sqlite_sequence",
    "DELETE FROM identifier WHERE record_id = :row",
    "INSERT INTO identifier VALUES ('doi', '10.5555/gone', 99999)",
    "UPDATE identifier SET value = x'00' WHERE record_id = :row",
    "DELETE FROM record_text WHERE rowid = :row",
    "UPDATE record_text SET title = 'wrong' WHERE rowid = :row",
    "DELETE FROM record_text_data WHERE id > 10",
    "DROP TABLE record_text_docsize",
    "DROP TABLE step",
    "DROP INDEX record_key",
    "ALTER TABLE record DROP COLUMN title_block",
    "ALTER TABLE change RENAME COLUMN what TO why",
    "PRAGMA user_version = 0",
    "PRAGMA application_id = 0",
)


def copies(sound: Path, folder: Path, seed: int, rounds: int) -> Iterator[tuple[str, Path]]:
    """A name for the damage, and the file; ``rounds`` of each kind that changes bytes, one of each statement."""
    dice = random.Random(seed)
    data = sound.read_bytes()
    for number in range(rounds):
        for damage in BYTES:
            path = folder / f"{damage.__name__}-{seed}-{number}.sqlite"
            changed = bytearray(data)
            damage(changed, dice)
            path.write_bytes(changed)
            yield path.stem, path
    for number, statement in enumerate(SQL):
        path = folder / f"sql-{number}.sqlite"
        path.write_bytes(data)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA writable_schema = ON")
            row = {"row": dice.randrange(1, 40)} if ":row" in statement else {}
            try:
                connection.execute(statement, row)
            except sqlite3.OperationalError:  # an index stands in the way
                connection.execute("DROP INDEX record_block")
                connection.execute(statement, row)
        yield f"{statement} {row}", path
