"""What reading and writing BibTeX takes, beside pybtex, and how it grows from 1,000 to 100,000 entries.

``python -m benchmarks.bibtex_growth FILE.bib [LARGEST]``: FILE is repeated as in `benchmarks.bibtex_to_csljson`, 1, 10
and 100 times, at most LARGEST times. Whole processes, so start-up is included; seconds are processor time.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks._process import PYTHON, ROOT, Run, apart, bibtool, run
from benchmarks._table import show
from benchmarks.bibtex_to_csljson import write_copies

PARSE = "import sys, pybtex.database; pybtex.database.parse_file(sys.argv[1], 'bibtex')"
JOBS = {
    "convert": bibtool("convert", "--from", "bibtex", "--to", "csl-json", "-o", "out.json"),
    "fmt": bibtool("fmt", "--check"),
    "fmt --diff": bibtool("fmt", "--diff"),
    "pybtex parses": [PYTHON, "-c", PARSE],
}


def job(name: str, file: Path, tree: Path = ROOT) -> Run:
    """One process of one of the jobs on a file."""
    return run([*JOBS[name], str(file)], folder=file.parent, tree=tree, ends=(0, 1))


def main() -> None:
    """Print the table."""
    path = Path(sys.argv[1])
    largest = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        sizes = {number: Path(folder) / f"x{number}.bib" for number in (1, 10, 100) if number <= largest}
        for number, file in sizes.items():
            apart(write_copies, file, path, number)
        for name in JOBS:
            before = 0.0
            for number, file in sizes.items():
                done = job(name, file)
                growth = f"{done.cpu_s / before:.1f} x" if before else ""
                rows.append((f"{name}, {number} x", f"{done.cpu_s:.2f}", growth, f"{done.megabytes:.0f}"))
                before = done.cpu_s
    show("Growth", ["job", "CPU s", "per 10 x", "peak MB"], rows)


if __name__ == "__main__":
    main()
