"""The commands on a library as whole processes, ``python -m benchmarks.library_commands FILE [--entries 20000]``.

FILE is a .bib file, from which so many entries are made (seeded): each has the authors of one of its entries, and a
title of words of all of them, so that they are different works. Prints the processor time, wall time and largest memory
of each command on that library, and on one of a tenth of the size, to show how they grow. One run each. On Linux, a
process counts as at least as large as the one that starts it, so the files are made by another one.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._process import ROOT, Run, apart, bibtool, run
from benchmarks._table import show

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bibtool.model.record import Record


def mixed(records: Sequence[Record], count: int, seed: int = 1) -> list[Record]:
    """So many different works, made of the parts of these."""
    from dataclasses import replace

    from bibtool.model.record import Verbatim
    from bibtool.model.richtext import Text

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


def make_file(source: Path, count: int, target: Path) -> None:
    """Write so many entries; the last word of the title in the middle and the first key go into two more files."""
    from bibtool.formats.registry import read_bytes, write_bytes

    records = mixed(read_bytes(source.read_bytes(), "bibtex").records, count)
    target.write_bytes(write_bytes(records, "bibtex").data)
    target.with_suffix(".word").write_text(records[count // 2].title.split()[-1])
    target.with_suffix(".key").write_text(records[0].key)


def measured(file: Path, tree: Path = ROOT, only: Collection[str] = ()) -> dict[str, Run]:
    """Command -> what it has taken, one after the other, on a new library of the entries of a file of `make_file`.

    With ``only``, just these commands, of which the first has to be the import.
    """
    commands = {
        "--version": ("--version",),
        "import": ("import", str(file)),
        "import again": ("import", str(file)),
        "list": ("list",),
        "list --json": ("list", "--json"),
        "export --format bibtex": ("export", "--format", "bibtex", "-o", "out.bib"),
        "export --format csl-json": ("export", "--format", "csl-json", "-o", "out.json"),
        "search": ("search", file.with_suffix(".word").read_text(), "--limit", "20"),
        "show": ("show", file.with_suffix(".key").read_text()),
        "dedupe": ("dedupe",),
        "undo": ("undo",),
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        library = {"BIBTOOL_LIBRARY": str(folder / "library.sqlite")}
        return {
            label: run(bibtool(*arguments), folder=folder, environment=library, tree=tree, ends=(0, 1))
            for label, arguments in commands.items()
            if not only or label in only
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--entries", type=int, default=20_000)
    options = parser.parse_args()
    count = options.entries
    with tempfile.TemporaryDirectory() as name:
        files = [Path(name) / f"{number}.bib" for number in (count // 10, count)]
        for file in files:
            apart(make_file, options.file, int(file.stem), file)
        measured(files[0])  # so that all modules are compiled
        small, large = map(measured, files)
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
