"""How reading, CSL-JSON and ``fmt`` grow from 1,000 to 100,000 entries, and what memory 10,000 take.

``python -m benchmarks.bibtex_growth FILE.bib [LARGEST]``: each size runs in a process of its own; seconds are CPU time.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

from benchmarks._table import show
from benchmarks.bibtex_to_csljson import copies


def measure(path: str, number: int, what: str) -> None:
    """Print CPU seconds and peak memory in MB of one job; called in a process of its own."""
    data = copies(Path(path).read_bytes(), number)
    start = time.process_time()
    if what == "fmt":
        from bibtool.formats.bibtex.tidy.run import tidy

        tidy(data)
    elif what == "convert":
        from bibtool.formats.base import ReadOptions, WriteOptions
        from bibtool.formats.bibtex.reader import read
        from bibtool.formats.csl import json as csljson

        csljson.write(read(data, ReadOptions()).records, WriteOptions())
    else:
        from pybtex.database import parse_string

        parse_string(data.decode(), "bibtex")
    taken = time.process_time() - start
    print(f"{taken:.3f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


def main() -> None:
    """Print the table."""
    path = sys.argv[1]
    largest = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    rows = []
    for what in ("convert", "fmt", "pybtex"):
        before = 0.0
        for number in (1, 10, 100):
            if number > largest or (what == "pybtex" and number > 10):
                continue
            command = [sys.executable, "-m", "benchmarks.bibtex_growth", "--measure", path, str(number), what]
            out = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            taken = float(out[0])
            growth = f"{taken / before:.1f} x" if before else ""
            rows.append((f"{what}, {number * 1000:,} entries", f"{taken:.2f}", growth, out[1]))
            before = taken
    show("Growth", ["job", "CPU s", "per 10 x", "peak MB"], rows)


if __name__ == "__main__":
    if sys.argv[1] == "--measure":
        measure(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        main()
