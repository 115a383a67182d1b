"""A library in a file and on PostgreSQL, the same work on both; then copied there and back.

``python -m benchmarks.library_server [RECORDS] [--server ADDRESS]`` (20,000 records unless said). Without ``--server``,
a server of its own is started in a temporary folder, with PostgreSQL's own settings but for fsync, which is on. Wall
times of one run each, searches the median of many, on records made here (seeded, the same on every run).
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._table import show
from benchmarks.library import made_records, simple_keys
from bibtool.formats.registry import write_bytes
from bibtool.store import import_records, open_library
from bibtool.store.library import StoredLibrary
from bibtool.store.transfer import Summary, copy_library, dump_lines
from tests.support.postgres import Server, programs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bibtool.model.record import Record

TARGET = 2.0  # times SQLite
SEARCH_MS = 20.0


def opened(place: str) -> StoredLibrary:
    library = open_library(place)
    assert isinstance(library, StoredLibrary)
    return library


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


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


def measured(place: str, records: Sequence[Record]) -> dict[str, float]:
    """What -> seconds."""
    out: dict[str, float] = {}
    library = opened(place)
    with library:
        out["import"] = timed(lambda: import_records(library, records, key_maker=simple_keys))
        out["import again"] = timed(lambda: import_records(library, records, key_maker=simple_keys))
        more = made_records(len(records) + len(records) // 10)[len(records) :]
        out["import a tenth more"] = timed(lambda: import_records(library, more, key_maker=simple_keys))
        library.undo()
        out["keys"] = timed(library.keys)
        out["list: all records"] = timed(lambda: sum(1 for _ in library.records()))
        out["export: all as BibTeX"] = timed(lambda: write_bytes(list(library.records()), "bibtex"))
        keys = library.keys()
        out["show: one record"] = statistics.median(timed(partial(library.get, key)) for key in keys[:200])
        for kind, texts in searches(records).items():
            times = [timed(partial(found, library, words)) for words in texts]
            out[f"search: {kind}"] = statistics.median(times)
            out[f"search: {kind}, slowest"] = max(times)
        out["undo the import"] = timed(library.undo)
        out["redo the import"] = timed(library.redo)
    return out


def compare(records: Sequence[Record], file: str, server: str) -> None:
    ours, theirs = measured(file, records), measured(server, records)
    rows = [
        (what, f"{seconds:.4f}", f"{theirs[what]:.4f}", f"{theirs[what] / seconds:.2f}")
        for what, seconds in ours.items()
    ]
    show(f"library of {len(records):,} records", ("what", "SQLite s", "PostgreSQL s", "ratio"), rows)
    slow = [what for what, _, _, ratio in rows if not what.startswith("search") and float(ratio) > TARGET]
    print(f"over {TARGET:.0f} x SQLite: {', '.join(slow) or 'none'}")
    typical = max(seconds for what, seconds in theirs.items() if what.startswith("search") and "slowest" not in what)
    print(f"median search on PostgreSQL: at most {typical * 1000:.1f} ms (target {SEARCH_MS:.0f} ms)")


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
        seconds = timed(lambda: sum(len(line) for line in dump_lines(library, summary)))
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
            compare(records, file, places[0])
            there_and_back(file, places[1], str(Path(folder) / "back.sqlite"))
        finally:
            if own:
                own.stop()


if __name__ == "__main__":
    main()
