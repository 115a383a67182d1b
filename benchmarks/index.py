"""An index of generated records: adding and converting a BibTeX file, searches, verifying, memory, bytes per record.

Run as ``python -m benchmarks.index [NUMBER]``, with the number of records in the BibTeX file (default 165,000), or as
``python -m benchmarks.index --stream [NUMBER]`` to add records in one run without a file (default 3,000,000).
Seconds of adding, converting and verifying are those of the processor, of the whole command; searches are told in
seconds of the processor and, since a busy machine makes them wait, in seconds of the clock.
"""

from __future__ import annotations

import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._table import show
from bibtool.formats.dumps.base import DumpRecord
from bibtool.formats.registry import write_bytes
from bibtool.store.index import open_index
from tests.support.false_references import as_bibtex, make_world, references

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bibtool.model.record import Record
    from bibtool.store.index.base import Index, Indexed

BATCH = 20_000
SEARCHES = 1_000
VERIFIED = 1_400


def batches(number: int) -> Iterator[list[Record]]:
    """Generated records, a batch at a time."""
    for start in range(0, number, BATCH):
        records = make_world(min(BATCH, number - start), seed=start + 1)
        yield [replace(record, key=f"{record.key}.{start}") for record in records]


def seconds_of(*arguments: str | Path) -> tuple[float, float]:
    """Seconds of the processor and megabytes that a command of bibtool takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "bibtool", *map(str, arguments)], check=False, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss / 1024


def searches(index: Index, records: Sequence[Record]) -> Iterator[tuple[str, list[float], list[float]]]:
    """What is searched for, and the seconds of each search, of processor and clock; every search finds something."""
    rng = random.Random(7)

    def by_title_and_people(record: Record) -> list[Indexed]:
        return index.search(" ".join((record.title, *(name.family for name in record.names("author").names[:3]))))

    def by_changed_title(record: Record) -> list[Indexed]:
        return index.candidates(record.with_values({"title": f"{record.title} anew"}))

    def by_words(record: Record) -> list[Indexed]:
        words = record.title.split()
        return index.search(" ".join(rng.sample(words, min(3, len(words)))))

    for name, search in (
        ("title and people", by_title_and_people),
        ("title with another word", by_changed_title),
        ("three words", by_words),
    ):
        worked, waited = [], []
        for record in records:
            start, clock = time.process_time(), time.perf_counter()
            found = search(record)
            worked.append(time.process_time() - start)
            waited.append(time.perf_counter() - clock)
            assert found, (name, record)
        yield name, worked, waited


def rows_of_searches(index: Index, records: Sequence[Record]) -> list[tuple[str, str]]:
    """The rows of the table that tell how long searches take."""
    return [
        (f"search: {name}, median and 99th percentile", f"{_spread(worked)} (clock {_spread(waited)})")
        for name, worked, waited in searches(index, records)
    ]


def _spread(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.1f} ms, {statistics.quantiles(seconds, n=100)[98] * 1000:.1f} ms"


def of_file(number: int, folder: Path) -> None:
    """Convert and add a BibTeX file, search, verify, and print the table."""
    bib, path = folder / "world.bib", folder / "records.index"
    sample: list[Record] = []
    with bib.open("wb") as stream:
        for batch in batches(number):
            stream.write(write_bytes(batch, "bibtex").data)
            sample += random.Random(1).sample(batch, min(len(batch), 200))
    converting, _ = seconds_of("convert", bib, "-o", folder / "world.json", "-q")
    adding, memory = seconds_of("index", "add", bib, "--index", path, "-q")
    asked = folder / "references.bib"
    asked.write_bytes(as_bibtex(list(references(sample, VERIFIED // 2))))
    verifying, _ = seconds_of("verify", "--offline", "--index", path, asked, "-q")
    index = open_index(path)
    info = index.info()
    rows = [
        ("convert to CSL-JSON", f"{converting:.1f} s"),
        ("index add", f"{adding:.1f} s, {adding / converting:.2f} of convert"),
        ("memory of the two", f"{memory:,.0f} MB"),
        ("bytes per record", f"{info.size / info.records:,.0f}"),
        *rows_of_searches(index, random.Random(2).sample(sample, min(SEARCHES, len(sample)))),
        (f"verify {VERIFIED:,} references", f"{verifying:.1f} s"),
    ]
    show(f"{info.records:,} records of a BibTeX file", ("what", "figure"), rows)


def of_stream(number: int, path: Path) -> None:
    """Add records in one run and print the table; making the records does not count."""
    index = open_index(path, create=True)
    run, _ = index.begin("world", "file", "1", "2026-01-01T00:00:00Z")
    took = 0.0
    sample: list[Record] = []
    for batch in batches(number):
        start = time.process_time()
        index.add("world", [DumpRecord(record, record.key) for record in batch], run=run)
        took += time.process_time() - start
        sample += islice(batch, 20)
    start = time.process_time()
    index.finish()
    took += time.process_time() - start
    info = index.info()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = [
        ("records added per second", f"{number / took:,.0f}"),
        ("bytes per record", f"{info.size / info.records:,.0f}"),
        ("memory, that of making the records included", f"{memory:,.0f} MB"),
        *rows_of_searches(index, random.Random(2).sample(sample, min(SEARCHES, len(sample)))),
    ]
    show(f"{info.records:,} records in one run", ("what", "figure"), rows)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    streamed = arguments[:1] == ["--stream"]
    counts = [int(each) for each in arguments[streamed:]]
    with tempfile.TemporaryDirectory() as where:
        if streamed:
            of_stream(counts[0] if counts else 3_000_000, Path(where) / "records.index")
        else:
            of_file(counts[0] if counts else 165_000, Path(where))
