"""A PostgreSQL server of the tests' own: its data in a temporary folder, on loopback only."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bibtool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OWNER = "owner"
_PATIENCE_S = 60
_SETTINGS = {"fsync": "off", "max_connections": 150, "shared_buffers": "64MB", "autovacuum_naptime": "5s"}
_numbers = itertools.count(1)


def programs() -> Path | None:
    """The folder of PostgreSQL's own programs; Debian keeps them out of the path."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return folders[-1].parent if folders else None


def _other_than_root() -> dict[str, Any]:
    """What `subprocess` needs to start a program as a user that PostgreSQL accepts."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


class Server:
    """One server; `start`, `kill` and `stop` may follow each other."""

    def __init__(self, programs: Path, settings: Mapping[str, object] = {}) -> None:
        self._programs = programs
        self._settings = {**_SETTINGS, **settings}
        # in memory where that can be, as each library is some dozens of small files
        memory = next((folder for folder in ("/dev/shm",) if os.access(folder, os.W_OK)), None)
        self.folder = Path(tempfile.mkdtemp(prefix="bibtool-pg-", dir=memory))
        if os.geteuid() == 0:
            shutil.chown(self.folder, "nobody", "nogroup")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._run(
            "initdb", "-D", self.folder / "data", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        access = self.folder / "data" / "pg_hba.conf"
        rules = "host with_password all 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n"
        access.write_text(rules)
        self._process: subprocess.Popen[bytes] | None = None
        self._schemas: dict[str, str] = {}
        self._turns = itertools.cycle([f"turn{number}" for number in range(4)])

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._programs / program), *map(str, arguments)]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, **_other_than_root())

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": "", **self._settings}
        options = [text for name, value in settings.items() for text in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._programs / "postgres"), "-D", str(self.folder / "data"), *options],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **_other_than_root(),
            )
        end = time.monotonic() + _PATIENCE_S
        while not self._answers():
            if time.monotonic() > end or self._process.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text(errors="replace"))
            time.sleep(0.05)

    @property
    def process(self) -> int:
        """The number of its first process, the parent of all others."""
        assert self._process is not None
        return self._process.pid

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.dsn()).close()
        except psycopg.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """End the server and all its processes as a power failure would."""
        assert self._process is not None
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self._process.pid)], capture_output=True, text=True, check=False
        )
        for process in (self._process.pid, *map(int, children.stdout.split())):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._process.wait(_PATIENCE_S)

    def stop(self) -> None:
        """End the server at once, and remove its data."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            try:
                self._process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def dsn(self, user: str = OWNER) -> str:
        """The address for psycopg itself."""
        return f"host=127.0.0.1 port={self.port} user={user} dbname=postgres"

    def url(self, schema: str = "", user: str = OWNER) -> str:
        """The address of a library; by default in a schema that is not there yet."""
        schema = schema or f"library{next(_numbers)}"
        return f"postgresql://{user}@127.0.0.1:{self.port}/postgres?schema={schema}"

    def empty(self) -> str:
        """The address of an empty library, or of one that is yet to be made: four take turns, as making one is slow."""
        schema = next(self._turns)
        if schema in self._schemas:
            tables = "record identifier record_heading record_text change step source".split()
            statements = [f"DELETE FROM {schema}.{table}" for table in tables]
            self.run(";".join([*statements, f"UPDATE {schema}.counter SET value = 0"]))
        return self._schemas.setdefault(schema, self.url(schema))

    def run(self, *statements: str) -> list[tuple[Any, ...]]:
        """The rows of the last statement, as the owner."""
        import psycopg

        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


def started() -> Iterator[Server]:
    """A running server; skips the test, saying so, where PostgreSQL or psycopg is not installed."""
    try:
        import bibtool.store.postgres.engine  # noqa: F401  (whether it can be imported)
    except UsageError as error:
        pytest.skip(str(error))
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL's server is not installed (apt-get install postgresql)")
    server = Server(found)
    try:
        server.start()
        yield server
    finally:
        server.stop()
