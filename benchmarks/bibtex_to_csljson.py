"""Time to read 10,000 DBLP-like entries to records and to write CSL-JSON, against pybtex's time to parse the file.

``python -m benchmarks.bibtex_to_csljson FILE.bib [COPIES]``: the file is repeated (10 times), each copy with keys and
family names of its own, so that no cache knows more than it would in a real file. Prints a table. The ratios are of one
run on one machine; the parts run one after the other in one process, with the garbage collected in between.
"""

from __future__ import annotations

import gc
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def copies(data: bytes, number: int) -> bytes:
    """The file ``number`` times over."""
    found = []
    for index in range(number):
        tail = b"abcdefghijklmnopqrstuvwxyz"[index % 26 : index % 26 + 1] * (index > 0)
        copy = re.sub(rb"(@\w+\{)", rb"\g<1>%d:" % index, data)
        found.append(re.sub(rb"([a-z])(\s+and\s|\},\n)", rb"\g<1>" + tail + rb"\g<2>", copy))
    return b"\n".join(found)


def write_copies(target: Path, source: Path, number: int) -> None:
    """Write a file ``number`` times over."""
    target.write_bytes(copies(source.read_bytes(), number))


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds and result."""
    gc.collect()
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def main() -> None:
    path, number = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10
    data = copies(path.read_bytes(), number)

    from bibtool.formats.base import ReadOptions, WriteOptions
    from bibtool.formats.bibtex.reader import read
    from bibtool.formats.bibtex.writer import write_bibtex
    from bibtool.formats.csl import jsonwriter

    options = ReadOptions(path=path.name)
    reading, result = timed(lambda: read(data, options))
    records = result.records
    writing, _ = timed(lambda: jsonwriter.write(records, WriteOptions()))
    bibtex, _ = timed(lambda: write_bibtex(records, WriteOptions()))
    count = len(records)

    from pybtex.database import parse_string

    parsing, _ = timed(lambda: parse_string(data.decode(), "bibtex"))
    print(f"{count} entries, {len(data) / 1e6:.1f} MB")
    print(f"{'read BibTeX to records':34}{reading:8.2f} s")
    print(f"{'write CSL-JSON':34}{writing:8.2f} s")
    print(f"{'pybtex only parses':34}{parsing:8.2f} s")
    print(f"{'(read + write) / pybtex':34}{(reading + writing) / parsing:8.2f}")
    print(f"{'write BibTeX':34}{bibtex:8.2f} s")


if __name__ == "__main__":
    main()
