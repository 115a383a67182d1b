"""Time to read a BibTeX file into the document model, beside the time that pybtex needs only to parse it.

Run ``python -m benchmarks.bibtex_document [FILE.bib]``. Timed, each in one run on the same text: `split`,
`Document.from_bytes`, all contents of all fields, all problems, writing back, 1,000 edits through one editor, and
pybtex's parser. Then growth: the same from 1,000 to 100,000 entries.
Seconds are those of the processor, so that a busy machine does not matter.
Without a file, entries in the manner of DBLP are made up: 12 fields, values over several lines, nested braces.
"""

from __future__ import annotations

import random
import re
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

COUNT = 10_000


def made_up(count: int) -> str:
    """That many entries, always the same."""
    chance = random.Random(1)
    words = (
        "on the complexity of distributed {Bayesian} networks with {\\'{e}}tale {GPU} graphs and learned trees".split()
    )
    names = ["Ana Silva", "Wei Wang 0001", 'J{\\"{u}}rgen M{\\"{o}}ller', "Ole Bj{\\o}rn", "Jean{-}Luc Dupont"]
    parts = []
    for number in range(count):
        authors = " and\n                  ".join(chance.choices(names, k=chance.randint(1, 6)))
        title = " ".join(chance.choices(words, k=14))
        parts.append(
            f"@inproceedings{{DBLP:conf/x/Y{number},\n  author       = {{{authors}}},\n"
            f"  editor       = {{{chance.choice(names)}}},\n  title        = {{{title}\n                  {title}}},\n"
            f"  booktitle    = {{Proceedings of the {number}th Conference, {{CONF}} 2020, Town,\n"
            f"                  Country, May 1-3, 2020}},\n  series       = {{Lecture Notes}},\n"
            f"  volume       = {{{number}}},\n  pages        = {{{number}--{number + 9}}},\n"
            f"  publisher    = {{Springer}},\n  year         = {{2020}},\n"
            f"  url          = {{https://doi.org/10.1000/{number}}},\n  doi          = {{10.1000/{number}}},\n"
            f"  timestamp    = {{Wed, 21 Jun 2023 01:00:00 +0200}},\n"
            f"  bibsource    = {{dblp computer science bibliography, https://dblp.org}}\n}}\n\n"
        )
    return "".join(parts)


def grown(path: Path, count: int) -> str:
    """At least that many entries out of a file, its entries repeated under new keys."""
    text = path.read_text(encoding="utf-8", errors="replace")
    have = max(1, len(re.findall(r"(?m)^@", text)))
    copies = -(-count // have)
    return "".join(re.sub(r"(?m)^(@\w+\{)", rf"\g<1>c{copy}:", text) for copy in range(copies))


def timed(name: str, action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    seconds = time.process_time() - start
    print(f"  {name:<42} {seconds:8.3f} s")
    return seconds


def one_size(text: str) -> float:
    """Seconds to read everything: blocks, contents, problems."""
    from bibtool.bib import Document

    data = text.encode()
    start = time.process_time()
    document = Document.from_bytes(data)
    for entry in document.entries:
        dict(entry.items())
    _ = document.problems
    return time.process_time() - start


def main() -> None:
    from pybtex.database import parse_string

    from bibtool.bib import Document, Editor
    from bibtool.bib.blocks import split

    def text_of(count: int) -> str:
        return grown(Path(sys.argv[1]), count) if len(sys.argv) > 1 else made_up(count)

    text = text_of(COUNT)
    data = text.encode()
    document = Document.from_bytes(data)
    print(f"{len(document.entries)} entries, {len(data) / 1e6:.1f} MB")
    timed("split", lambda: split(text))
    ours = timed("Document.from_bytes", lambda: Document.from_bytes(data))
    ours += timed("contents of all fields", lambda: [dict(entry.items()) for entry in document.entries])
    ours += timed("problems", lambda: document.problems)
    timed("to_bytes", document.to_bytes)

    def edits() -> None:
        editor = Editor(document)
        for entry in document.entries[:1000]:
            editor.set_field(entry, "year", "2021")
        editor.document()

    timed("1,000 edits in one editor", edits)
    theirs = timed("pybtex, parsing only", lambda: parse_string(text, "bibtex"))
    print(f"  reading takes {ours / theirs:.2f} of pybtex's time")
    print("growth")
    last = 0.0
    for count in (1000, 10_000, 100_000):
        seconds = one_size(text_of(count))
        print(f"  {count:>7} entries {seconds:8.3f} s" + (f"  {seconds / last:5.1f} x" if last else ""))
        last = seconds
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
