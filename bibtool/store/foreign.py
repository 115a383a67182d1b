"""SQLite files of strangers: a cloned repository may bring a library or an index along.

What is stored in such a file can act: a trigger runs with each change, a view in place of a table and a computed column
run with each query, and a virtual table is code of SQLite. Ours have none of these, so a file with one is refused.
Source: https://www.sqlite.org/security.html, "Untrusted SQLite Database Files".
"""

from __future__ import annotations

import sqlite3

from bibtool.lazy import lazy_pattern

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Final

LONGEST: Final = 256 << 20  # bytes of one value
_COMPUTED = lazy_pattern(r"(?i)\b(as|generated|virtual)\b")  # in what follows CREATE TABLE


def distrust(connection: sqlite3.Connection) -> None:
    """Have SQLite run no function that the schema names, look at the sizes of what it reads, and limit them."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    for setting in ("trusted_schema = OFF", "cell_size_check = ON"):
        connection.execute(f"PRAGMA {setting}")


def acting(connection: sqlite3.Connection, tables: Collection[str], virtual: Collection[str]) -> str:
    """What the schema has that acts by itself, in words; "" for nothing.

    ``tables`` are the tables of ours, ``virtual`` those of them that are virtual. Views of other names are left alone.
    """
    for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_master"):
        if kind == "trigger":
            return f"the trigger {name!r}"
        if kind == "view" and name in tables:
            return f"a view in place of the table {name!r}"
        if kind == "table" and name not in virtual and _may_be_computed(str(sql)):
            return f"a computed or virtual table, {name!r}"
    return ""


def _may_be_computed(sql: str) -> bool:
    """Whether a word for it follows CREATE TABLE; in our tables nothing looks like one, and no pattern is compiled."""
    low = sql.casefold()
    return ("as" in low or "generated" in low or "virtual" in low) and _COMPUTED.search(sql) is not None
