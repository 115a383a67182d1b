"""The works of many files found, by one process and by two: ``python -m benchmarks.batch_dedupe [RECORDS]``.

Files of a hundred references each (100,000 references unless said). Each work is in two files on average, in the words
of two people: the DOI is left out, the names are abbreviated, a letter is wrong. Prints the seconds by the clock, the
processor seconds and the memory of the largest process for each number of processes, whether both wrote the same bytes,
what the command takes when nothing has changed; with ``--memory``, what `bibtool dedupe` takes for all files at once.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks._table import show
from benchmarks.library import made_records
from bibtool.formats.registry import write_bytes
from bibtool.model.keys import assign_keys
from bibtool.model.names import Name, Names
from bibtool.model.record import Record
from bibtool.model.richtext import Text

OF_FILE = 100


def told_again(record: Record, chance: random.Random) -> Record:
    """The record as somebody else may have it."""
    values = dict(record.variables)
    if chance.random() < 0.4:
        values.pop("DOI", None)
    if chance.random() < 0.5:
        people = record.names("author")
        values["author"] = Names(tuple(Name(given=f"{each.given[:1]}.", family=each.family) for each in people))
    if chance.random() < 0.2:
        title = record.title
        at = chance.randrange(1, len(title) - 1)
        values["title"] = Text.of(title[:at] + title[at + 1 :])
    values.pop("abstract", None)
    return Record(key="", type=record.type, variables=values, arxiv=record.arxiv if chance.random() < 0.6 else None)


def make(folder: Path, references: int) -> None:
    """The files."""
    chance = random.Random(13)
    works = made_records(references // 2)
    for at in range(references // OF_FILE):
        records = [told_again(each, chance) for each in chance.sample(works, OF_FILE)]
        path = folder / "papers" / f"{at % 20:02}" / f"p{at:05}.bib"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(write_bytes(assign_keys(records), "bibtex").data)


def run(folder: Path, *arguments: str) -> tuple[str, str, str]:
    """Seconds by the clock and of the processor, and the memory of the largest process, of a call."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    # a process of its own to measure it, as the memory of the children is that of the largest there ever was
    code = (
        "import json, resource, subprocess, sys; "
        "code = subprocess.run([sys.executable, '-m', 'bibtool', '-q', *sys.argv[1:]], stdout=subprocess.DEVNULL)"
        ".returncode; assert code in (0, 1), code; "
        "print(json.dumps(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    memory = json.loads(done.stdout) // 1024
    return f"{time.perf_counter() - started:.1f}", f"{processor:.1f}", f"{memory} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int, nargs="?", default=100_000)
    parser.add_argument("--memory", action="store_true", help="all files by `bibtool dedupe`, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, options.records)
        rows = []
        for workers in ("1", "2"):
            dedupe = ["batch", "dedupe", "-i", "papers", "-o", f"by{workers}", "--workers", workers]
            rows.append((f"{workers} processes", *run(folder, *dedupe)))
        rows.append(("nothing has changed", *run(folder, *dedupe)))
        if options.memory:
            files = sorted(str(path.relative_to(folder)) for path in (folder / "papers").rglob("*.bib"))
            rows.append(("in memory", *run(folder, "dedupe", "--json", *files)))
        show(f"{options.records:,} references", ("what", "seconds", "processor s", "memory"), rows)
        results = [(folder / f"by{workers}" / "duplicates.jsonl").read_bytes() for workers in "12"]
        print(
            "the same bytes" if results[0] == results[1] else "DIFFERENT BYTES",
            f"{len(results[0].splitlines()):,} groups",
        )
        size = sum(path.stat().st_size for path in (folder / "by1" / ".bibtool-batch").rglob("*") if path.is_file())
        print(f"kept for the next run: {size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
