"""The commands on a library as whole processes, ``python -m benchmarks.library_commands FILE [--entries 20000]``.

FILE is a .bib file, from which so many entries are made (seeded): each has the authors of one of its entries, and a
title of words of all of them, so that they are different works. Prints the processor time, wall time and largest memory
of each command on that library, and on one of a tenth of the size, to show how they grow. One run each. On Linux, a
process counts as at least as large as the one that starts it, so the files are made by another one.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._table import show
from bibtool.formats.registry import read_bytes, write_bytes
from bibtool.model.record import Verbatim
from bibtool.model.richtext import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record


@dataclass(frozen=True, slots=True)
class Run:
    """What a process has taken."""

    cpu_s: float
    wall_s: float
    megabytes: float


def mixed(records: Sequence[Record], count: int, seed: int = 1) -> list[Record]:
    """So many different works, made of the parts of these."""
    chance = random.Random(seed)
    words = [word for record in records for word in record.title.split()]
    out = []
    for number in range(count):
        record, other = records[number % len(records)], chance.choice(records)
        values = dict(record.variables)
        for name in ("author", "editor"):
            if name in values and name in other.variables:
                values[name] = other.variables[name]
        values["title"] = Text.of(" ".join(chance.choices(words, k=max(3, len(record.title.split())))))
        if "DOI" in values:
            values["DOI"] = Verbatim(f"{record.text('DOI')}.{number}")
        values.pop("URL", None)
        out.append(replace(record, key=f"{record.key}x{number}", variables=values, arxiv=None, provenance={}))
    return out


def run(folder: Path, *arguments: str) -> Run:
    """One command of bibtool in the folder, its output thrown away."""
    environment = {**os.environ, "BIBTOOL_LIBRARY": str(folder / "library.sqlite")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "bibtool", *arguments], cwd=folder, env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"bibtool {' '.join(arguments)} ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024  # of the system
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * unit / 1e6)


def make_file(source: Path, count: int, target: Path) -> None:
    """Write so many entries; the last word of the title in the middle and the first key go into two more files."""
    records = mixed(read_bytes(source.read_bytes(), "bibtex").records, count)
    target.write_bytes(write_bytes(records, "bibtex").data)
    target.with_suffix(".word").write_text(records[count // 2].title.split()[-1])
    target.with_suffix(".key").write_text(records[0].key)


def measured(source: Path, count: int) -> dict[str, Run]:
    """Command -> what it has taken, on a library of so many records."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "refs.bib"
        maker = multiprocessing.get_context("spawn").Process(target=make_file, args=(source, count, file))
        maker.start()
        maker.join()
        commands = {
            "--version": ("--version",),
            "import": ("import", "refs.bib"),
            "import again": ("import", "refs.bib"),
            "list": ("list",),
            "list --json": ("list", "--json"),
            "export --format bibtex": ("export", "--format", "bibtex", "-o", "out.bib"),
            "export --format csl-json": ("export", "--format", "csl-json", "-o", "out.json"),
            "search": ("search", file.with_suffix(".word").read_text(), "--limit", "20"),
            "show": ("show", file.with_suffix(".key").read_text()),
            "undo": ("undo",),
        }
        run(folder, "--help")  # so that all modules are compiled
        return {label: run(folder, *arguments) for label, arguments in commands.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--entries", type=int, default=20_000)
    options = parser.parse_args()
    count = options.entries
    small, large = measured(options.file, count // 10), measured(options.file, count)
    rows = [
        (
            label, f"{small[label].cpu_s:.2f}", f"{done.cpu_s:.2f}", f"{done.cpu_s / small[label].cpu_s:.1f}",
            f"{done.wall_s:.2f}", f"{small[label].megabytes:.0f}", f"{done.megabytes:.0f}",
        )
        for label, done in large.items()
    ]  # fmt: skip
    head = ("command", f"{count // 10:,} CPU s", f"{count:,} CPU s", "growth", "wall s", f"{count // 10:,} MB", "MB")
    show(f"a library of {count:,} entries", head, rows)


if __name__ == "__main__":
    main()
