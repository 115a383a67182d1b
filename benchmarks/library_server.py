"""A library in a file and on PostgreSQL, the same work on both; then copied there and back.

``python -m benchmarks.library_server [RECORDS] [--server ADDRESS]`` (20,000 records unless said). Without ``--server``,
a server of its own is started in a temporary folder, with PostgreSQL's own settings but for fsync, which is on. Wall
times of one run each, searches the median of many, on records made here (seeded, the same on every run); and, where
the system has /proc, the processor time of this process and the server together, which other load hardly changes.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from benchmarks._table import show
from benchmarks.library import made_records, simple_keys
from bibtool.formats.registry import write_bytes
from bibtool.store import import_records, open_library
from bibtool.store.library import StoredLibrary
from bibtool.store.sqlite import SqliteEngine
from bibtool.store.transfer import Summary, copy_library, dump_lines
from tests.support.postgres import Server, programs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bibtool.model.record import Record
    from bibtool.store.postgres.engine import PostgresEngine

TARGET = 2.0  # times SQLite
SEARCH_MS = 20.0


Times = tuple[float, float]  # wall and processor


def opened(place: str) -> StoredLibrary:
    library = open_library(place)
    assert isinstance(library, StoredLibrary)
    return library


def processor_s(server: int | None) -> float:
    """The processor time of this process, and of a server with this number of its first process."""
    return time.process_time() + (_of_server(server) if server and Path("/proc/self/stat").exists() else 0)


def _of_server(server: int) -> float:
    """The user and system time of a process and its children, those that have ended among them."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if path.parent.name == str(server):
            ticks += sum(map(int, fields[11:15]))
        elif fields[1] == str(server):
            ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def with_backend_s(library: StoredLibrary) -> float:
    """The processor time of this process and of the one process of the server that answers it, to the microsecond."""
    if not isinstance(library.engine, SqliteEngine):
        number = cast("PostgresEngine", library.engine).connection.info.backend_pid
        with suppress(OSError):  # another system, or a server elsewhere
            return time.process_time() + int(Path(f"/proc/{number}/schedstat").read_text().split()[0]) / 1e9
    return time.process_time()


def timed(action: Callable[[], object], used_s: Callable[[], float] = time.process_time) -> Times:
    processor, start = used_s(), time.perf_counter()
    action()
    wall = time.perf_counter() - start
    return wall, used_s() - processor


def found(library: StoredLibrary, words: str) -> list[Record]:
    return list(library.search(words, 50))


def searches(records: Sequence[Record]) -> dict[str, list[str]]:
    """Searches as people type them, by kind."""
    chance = random.Random(7)
    some = chance.sample(list(records), 40)
    titles = [record.title.split() for record in some]
    return {
        "two words of a title": [" ".join(chance.sample(words, 2)) + " " for words in titles],
        "a name and the beginning of a word": [
            f"{record.names('author')[0].family} {record.title.split()[0][:4]}" for record in some
        ],
        "one word": [words[2] + " " for words in titles],
        "words of an abstract": [" ".join(chance.sample(record.text("abstract").split(), 3)) + " " for record in some],
        "a phrase": [f'"{words[3]} {words[4]}"' for words in titles],
    }


def measured(place: str, records: Sequence[Record], server: int | None = None) -> dict[str, Times]:
    """What -> seconds."""
    out: dict[str, Times] = {}
    library = opened(place)

    def step(what: str, action: Callable[[], object]) -> None:
        print(f"  {what}", file=sys.stderr, flush=True)
        out[what] = timed(action, lambda: processor_s(server))

    with library:
        step("import", lambda: import_records(library, records, key_maker=simple_keys))
        step("import again", lambda: import_records(library, records, key_maker=simple_keys))
        more = made_records(len(records) + len(records) // 10)[len(records) :]
        step("import a tenth more", lambda: import_records(library, more, key_maker=simple_keys))
        library.undo()
        step("keys", library.keys)
        step("list: all records", lambda: sum(1 for _ in library.records()))
        step("export: all as BibTeX", lambda: write_bytes(list(library.records()), "bibtex"))
        keys = library.keys()
        out["show: one record"] = median([timed(partial(library.get, key)) for key in keys[:200]])
        for kind, texts in searches(records).items():
            times = [timed(partial(found, library, words), lambda: with_backend_s(library)) for words in texts]
            out[f"search: {kind}"] = median(times)
            out[f"search: {kind}, slowest"] = max(times)
        step("undo the import", library.undo)
        step("redo the import", library.redo)
    return out


def median(times: Sequence[Times]) -> Times:
    return statistics.median(wall for wall, _ in times), statistics.median(processor for _, processor in times)


def compare(records: Sequence[Record], file: str, server: str, process: int | None) -> None:
    ours, theirs = measured(file, records), measured(server, records, process)
    rows = []
    slow = []
    for what, (wall, processor) in ours.items():
        other, theirs_processor = theirs[what]
        row = [what, f"{wall:.4f}", f"{other:.4f}", f"{other / wall:.2f}"]
        if process and not what.startswith("show"):
            digits = 4 if what.startswith("search") else 2
            row += [f"{processor:.{digits}f}", f"{theirs_processor:.{digits}f}"]
        rows.append((*row, "", "")[:6])
        if not what.startswith("search") and other / wall > TARGET:
            slow.append(what)
    head = ("what", "SQLite s", "PostgreSQL s", "ratio", "SQLite CPU s", "PostgreSQL CPU s")
    show(f"library of {len(records):,} records", head, rows)
    print(f"over {TARGET:.0f} x SQLite: {', '.join(slow) or 'none'}")
    medians = [times for what, times in theirs.items() if what.startswith("search") and "slowest" not in what]
    wall, processor = (max(times) * 1000 for times in zip(*medians, strict=True))
    said = f"at most {wall:.1f} ms, {processor:.1f} ms of processor time (target {SEARCH_MS:.0f} ms)"
    print(f"median search on PostgreSQL: {said}")


def there_and_back(file: str, server: str, back: str) -> None:
    rows: list[tuple[str, str, str]] = []

    def copied(label: str, source: str, target: str) -> None:
        start = time.perf_counter()
        with opened(source) as reading, opened(target) as writing:
            summary = copy_library(reading, writing)
        rows.append((label, f"{time.perf_counter() - start:.1f}", summary.hash))

    copied("file to server", file, server)
    copied("server to file", server, back)
    with opened(server) as library:
        summary = Summary()
        seconds, _ = timed(lambda: sum(len(line) for line in dump_lines(library, summary)))
    rows.append(("dump of the server", f"{seconds:.1f}", summary.hash))
    show("copies", ("what", "seconds", "hash"), rows)
    print("hashes are equal" if len({row[2] for row in rows}) == 1 else "HASHES DIFFER")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int, nargs="?", default=20_000)
    parser.add_argument("--server", help="an address without ?schema=; two schemas bench_... are made")
    options = parser.parse_args()
    records = made_records(options.records)
    with tempfile.TemporaryDirectory() as folder:
        own = None
        if not options.server:
            found = programs()
            if found is None:
                raise SystemExit("PostgreSQL is not installed; name a server with --server")
            own = Server(found, {"fsync": "on", "shared_buffers": "128MB", "autovacuum_naptime": "1min"})
            own.start()
        try:
            places = [own.url() if own else f"{options.server}?schema=bench_{number}" for number in (1, 2)]
            file = str(Path(folder) / "library.sqlite")
            compare(records, file, places[0], own.process if own else None)
            there_and_back(file, places[1], str(Path(folder) / "back.sqlite"))
        finally:
            if own:
                own.stop()


if __name__ == "__main__":
    main()
