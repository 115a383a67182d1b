"""Rows that are sent to a server by COPY while the caller prepares the next ones.

The server is at work while it takes rows in, and what is written is not needed at once. So blocks of rows wait in a
line, and a thread sends one after the other. The connection is that thread's until `Sending.wait` returns.
"""

from __future__ import annotations

import sys
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import psycopg

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future, ThreadPoolExecutor

    Rows = Sequence[Sequence[object]]

_BLOCKS: Final = 8  # that wait: enough for the tables of two thousand records, so memory stays bounded

# seconds after which a thread that has something to send gets its turn; Python's own 5 ms, for each of some dozens of
# pieces of a block, would leave the server without work
_TURN: Final = 0.0005


def copy_rows(connection: psycopg.Connection, table: str, names: str, rows: Rows) -> None:
    """Add rows of values for the columns ``names`` to a table by COPY; raises errors of psycopg."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)


class Sending:
    """The blocks of one transaction that are on their way."""

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None
        self._waiting: deque[Future[None]] = deque()
        self._turn = 0.0  # of the program's threads otherwise

    def put(self, connection: psycopg.Connection, table: str, names: str, rows: Rows) -> None:
        """Have rows added to a table after all that were given before; raises what has become of one of those."""
        while len(self._waiting) >= _BLOCKS or (self._waiting and self._waiting[0].done()):
            self._waiting.popleft().result()
        if self._thread is None:
            from concurrent.futures import ThreadPoolExecutor

            self._thread = ThreadPoolExecutor(1, "bibtool-copy")
            self._turn = sys.getswitchinterval()
            sys.setswitchinterval(min(self._turn, _TURN))
        self._waiting.append(self._thread.submit(copy_rows, connection, table, names, rows))

    def wait(self) -> None:
        """Return when all is sent; raises the error of the first block that was refused."""
        while self._waiting:
            self._waiting.popleft().result()

    def end(self) -> None:
        """Send nothing more that has not been begun, and let the connection go."""
        for block in self._waiting:
            block.cancel()
        while self._waiting:
            block = self._waiting.popleft()
            if not block.cancelled():
                with suppress(psycopg.Error):
                    block.result()
        if self._thread is not None:
            sys.setswitchinterval(self._turn)
            self._thread.shutdown()
            self._thread = None
