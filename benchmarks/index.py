"""Adding records to an index and searching it: rate, bytes per record, memory, time of a search by title and people.

Run as ``python -m benchmarks.index [NUMBER]``, with the number of generated records (default 100,000).
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._table import show
from bibtool.formats.dumps.base import DumpRecord
from bibtool.store.index import open_index
from tests.support.false_references import make_world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.model.record import Record

BATCH = 20_000


def batches(number: int) -> Iterator[list[Record]]:
    """Generated records, a batch at a time."""
    for start in range(0, number, BATCH):
        records = make_world(min(BATCH, number - start), seed=start)
        yield [replace(record, key=f"{record.key}.{start}") for record in records]


def measure(number: int, path: Path) -> None:
    """Fill an index and print the table; making the records does not count."""
    index = open_index(path, create=True)
    run, _ = index.begin("world", "file", "1", "2026-01-01T00:00:00Z")
    took = 0.0
    asked: list[Record] = []
    for batch in batches(number):
        start = time.perf_counter()
        index.add("world", [DumpRecord(record, record.key) for record in batch], run=run)
        took += time.perf_counter() - start
        asked += batch[:20]
    start = time.perf_counter()
    index.finish()
    took += time.perf_counter() - start
    times = []
    for record in asked[:400]:
        start = time.perf_counter()
        found = index.candidates(record.with_values({"title": f"{record.title} anew"}))
        times.append(time.perf_counter() - start)
        assert found
    info = index.info()
    slow = statistics.quantiles(times, n=100)[98]
    rows = [
        ("records added per second", f"{number / took:,.0f}"),
        ("bytes per record", f"{info.size / info.records:,.0f}"),
        ("candidates of a reference, median", f"{statistics.median(times) * 1000:.1f} ms"),
        ("candidates of a reference, 99th percentile", f"{slow * 1000:.1f} ms"),
        ("memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"),
    ]
    show(f"{info.records:,} records", ("what", "figure"), rows)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as where:
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, Path(where) / "records.index")
