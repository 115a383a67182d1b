"""Import and reading of a library, ``python -m benchmarks.library [RECORDS]`` (10,000 unless said).

Timed with a wall clock, on records made here (seeded, the same on every run): import into a new library, the same
import again, all records read, the keys listed, and some searches. Every row is one run, not the best of several.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._table import show
from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Name, Names
from bibtool.model.record import Arxiv, Provenance, Record, Value, Verbatim
from bibtool.model.richtext import Text
from bibtool.store import import_records, open_library

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

_SYLLABLES = ("ba", "de", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "vé", "wa", "xo", "yi", "zü", "sta", "tra")


def _word(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choice(_SYLLABLES) for _ in range(syllables))


def made_records(count: int, seed: int = 1) -> list[Record]:
    """So many different works with title, authors, abstract and, each third, an arXiv id."""
    chance = random.Random(seed)
    vocabulary = [_word(chance, chance.randint(1, 4)) for _ in range(5000)]
    families = [_word(chance, 3).capitalize() for _ in range(2000)]
    out = []
    for number in range(count):
        people = tuple(
            Name(given=_word(chance, 2).capitalize(), family=chance.choice(families))
            for _ in range(chance.randint(1, 6))
        )
        year = chance.randint(1990, 2026)
        variables: dict[str, Value] = {
            "title": Text.of(" ".join(chance.choices(vocabulary, k=9)).capitalize()),
            "author": Names(people),
            "issued": Date.of(year, chance.randint(1, 12)),
            "abstract": Text.of(" ".join(chance.choices(vocabulary, k=120))),
            "container-title": Text.of("Journal of " + chance.choice(vocabulary)),
        }
        arxiv = None
        if number % 3 == 0:
            arxiv = Arxiv(id=ArxivId(f"2203.{number:05d}"), primary_category="math.NA", categories=("math.NA",))
        elif number % 3 == 1:
            variables["DOI"] = Verbatim(f"10.1000/made.{number}")
        source = Provenance(source="bibtex", detail=f"made.bib:{number}")
        out.append(
            Record(
                key=f"made{number}" if number % 2 else "",
                type="article-journal",
                variables=variables,
                arxiv=arxiv,
                provenance=dict.fromkeys(variables, source),
            )
        )
    return out


def simple_keys(records: Sequence[Record], *, taken: Collection[str]) -> list[Record]:
    """Keys by counting, so that the making of keys is not what is timed."""
    return [replace(record, key=f"new{len(taken)}x{number}") for number, record in enumerate(records)]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    records = made_records(count)
    rows: list[tuple[str, float, int]] = []

    def timed(label: str, action: Callable[[], int]) -> None:
        start = time.perf_counter()
        found = action()
        rows.append((label, time.perf_counter() - start, found))

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        with open_library(path) as library:
            timed("import", lambda: len(import_records(library, records, key_maker=simple_keys).added))
            timed("import again", lambda: len(import_records(library, records, key_maker=simple_keys).unchanged))
            timed("read all", lambda: sum(1 for _ in library.records()))
            timed("keys", lambda: len(library.keys()))
            timed("count", lambda: len(library))
            title = records[0].title
            timed("search a title", lambda: sum(1 for _ in library.search(title, 20)))
            timed("search one word, best 20", lambda: sum(1 for _ in library.search(title.split()[1] + " ", 20)))
            timed("search one letter, best 20", lambda: sum(1 for _ in library.search("b", 20)))
            timed("undo the import", lambda: (library.undo() or library.history()[0]).added)
            timed("redo the import", lambda: (library.redo() or library.history()[0]).added)
        size = path.stat().st_size
    table = [(label, f"{seconds:.3f}", found) for label, seconds, found in rows]
    show(f"library of {count} records, {size / 1e6:.0f} MB", ("what", "seconds", "records"), table)


if __name__ == "__main__":
    main()
