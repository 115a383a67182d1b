"""What can be read of a damaged library, whatever is wrong with it.

Records are looked for in two ways: by SQLite, number by number, as far as that works; and in the bytes of the file,
page by page. A page that holds rows of a table (a leaf of a table b-tree) can be read by itself, so that neither the
header of the file, nor the schema, nor an index is needed. Format: https://www.sqlite.org/fileformat2.html, 1.6, 2.1.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from bibtool.errors import LibraryDamagedError, LibraryError
from bibtool.files import load_bytes
from bibtool.store.rows import from_json
from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bibtool.model.record import Record

_LEAF: Final = 0x0D
_PAGE_SIZES: Final = (4096, 1024, 512, 2048, 8192, 16384, 32768, 65536)
_FIXED: Final = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8, 8: 0, 9: 0}  # bytes of a value of each serial type
_MAX_OVERFLOW: Final = 100_000


@dataclass(slots=True)
class Salvage:
    """The records that could be read, by their row number.

    ``whole`` counts those that SQLite still reads, ``from_pages`` those that were found only in the bytes, which may
    have been removed or replaced before the damage; ``unreadable`` rows were seen but can't be understood.
    """

    records: dict[int, Record] = field(default_factory=dict)
    whole: int = 0
    from_pages: int = 0
    unreadable: int = 0


def salvage(path: Path) -> Salvage:
    """Everything that can be read; raises `InputError` only for a file that can't be opened at all."""
    data = load_bytes(path)
    result = Salvage()
    seen: set[int] = set()
    complete = _by_sqlite(path, result, seen)
    result.whole = len(result.records)
    if complete and not seen.difference(result.records):
        return result
    keys = {record.key for record in result.records.values()}
    for number, text in _in_pages(data):
        seen.add(number)
        if number in result.records:
            continue
        with contextlib.suppress(LibraryDamagedError):
            record = from_json(text, "")
            if record.key not in keys:
                keys.add(record.key)
                result.records[number] = record
                result.from_pages += 1
    result.unreadable = len(seen.difference(result.records))
    return result


def _by_sqlite(path: Path, result: Salvage, seen: set[int]) -> bool:
    """Read what SQLite can; True if it came to the end of the table."""
    try:
        # immutable: no journal is applied and nothing is locked, as this may be a copy of a lost disk
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as connection:
            connection.text_factory = bytes
            (last,) = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'record'").fetchone()
            rows = connection.execute("SELECT id, data FROM record ORDER BY id")
            complete = False
            with contextlib.suppress(sqlite3.Error):
                for number, data in rows:
                    _take(number, data, result, seen)
                complete = True
            if not complete:
                for number in range(1, min(int(last), 10_000_000) + 1):
                    if number not in seen:
                        with contextlib.suppress(sqlite3.Error):
                            for (data,) in connection.execute("SELECT data FROM record WHERE id = ?", (number,)):
                                _take(number, data, result, seen)
            return complete
    except (sqlite3.Error, TypeError, ValueError):  # also a table without its rows, or a number that is text
        return False


def _take(number: object, data: object, result: Salvage, seen: set[int]) -> None:
    if not isinstance(number, int):
        return
    seen.add(number)
    if isinstance(data, bytes):
        with contextlib.suppress(LibraryDamagedError):
            result.records[number] = from_json(data.decode("utf-8", "replace"), "")


def _in_pages(data: bytes) -> Iterator[tuple[int, str]]:
    """Row number and JSON of everything that looks like a row of the table of records."""
    claimed = int.from_bytes(data[16:18], "big")
    sizes = dict.fromkeys((65536 if claimed == 1 else claimed, *_PAGE_SIZES))
    best: list[tuple[int, str]] = []
    most = -1
    for size in sizes:  # one that is not the file's gives some rows too, many of them cut or mixed up
        if size in _PAGE_SIZES:
            rows = [row for start in range(0, len(data), size) for row in _rows(data, start, size)]
            whole = len({number for number, text in rows if _is_json(text)})
            if whole > most:
                best, most = rows, whole
    yield from best


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _rows(data: bytes, start: int, size: int) -> Iterator[tuple[int, str]]:
    head = start + (100 if start == 0 else 0)
    if data[head : head + 1] != bytes([_LEAF]):
        return
    cells = int.from_bytes(data[head + 3 : head + 5], "big")
    for at in range(cells):
        pointer = int.from_bytes(data[head + 8 + 2 * at : head + 10 + 2 * at], "big")
        if 8 <= pointer < size:
            with contextlib.suppress(IndexError, ValueError):
                if row := _row(data, start + pointer, size):
                    yield row


def _row(data: bytes, at: int, size: int) -> tuple[int, str] | None:
    """Row number and JSON of one cell; None for one that is not of the table of records."""
    length, at = _varint(data, at)
    number, at = _varint(data, at)
    if not 0 < length < len(data):
        return None
    payload = _payload(data, at, length, size)
    header, position = _varint(payload, 0)
    offset = header
    values: list[tuple[int, int, int]] = []
    while position < header:
        kind, position = _varint(payload, position)
        width = _FIXED.get(kind, (kind - 12) // 2)
        values.append((kind, offset, width))
        offset += width
    # id is NULL in the row (it is the row number); key, ..., data; see `bibtool.store.schema`
    if len(values) not in (8, 9, 10) or values[0][0] != 0:
        return None
    _, offset, width = values[7]
    text = payload[offset : offset + width]
    return (number, text.decode("ascii")) if text[:1] == b"{" else None


def _payload(data: bytes, at: int, length: int, size: int) -> bytes:
    """The bytes of a row, those on overflow pages included, as far as they are there."""
    most = size - 35
    if length <= most:
        return data[at : at + length]
    least = (size - 12) * 32 // 255 - 23
    local = least + (length - least) % (size - 4)
    local = local if local <= most else least
    parts = [data[at : at + local]]
    page = int.from_bytes(data[at + local : at + local + 4], "big")
    missing = length - local
    for _ in range(_MAX_OVERFLOW):
        if missing <= 0 or not 0 < page <= len(data) // size:
            break
        start = (page - 1) * size
        parts.append(data[start + 4 : start + 4 + min(missing, size - 4)])
        missing -= size - 4
        page = int.from_bytes(data[start : start + 4], "big")
    return b"".join(parts)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and the offset after it; raises `IndexError` at the end of the data."""
    value = 0
    for step in range(9):
        byte = data[at + step]
        if step == 8:
            return (value << 8) | byte, at + 9
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, at + step + 1
    raise AssertionError


def check_target(path: Path) -> None:
    """Raise `LibraryError` if there is a file already."""
    if path.exists():
        raise LibraryError("this file exists already; nothing was written", path=str(path), hint="name another file")
