"""How well formatted references are read: real lines, styles and records that the model did not learn from.

    python -m benchmarks.references.measure --lines real-lines.xml --dblp dblp-1k.bib [--weights weights.json.gz]

prints the table below for a model that was trained without ``--all``. *Parts* compares authors, title and year, *nine*
also container, volume, issue, pages, publisher and DOI, each with what the labels of the line say; a part that is not
there must not be found. *Names* compares the authors with those of the record, name by name (family name and first
initial). *Taken* is the share that is read without doubt, *right* how many of them have authors, title and year right.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.references.invented import invented
from benchmarks.references.labelled import real_lines, split
from benchmarks.references.rendered import COMMON, LOCALES, labelling_engine, render
from benchmarks.references.templates import set_many
from benchmarks.references.train import SEED, held_out_styles
from bibtool.formats.base import ReadOptions
from bibtool.formats.references import model as models
from bibtool.formats.references.parts import parse, parts_of
from bibtool.formats.references.reader import read_lines
from bibtool.formats.registry import read_path
from bibtool.model.text.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.references.labelled import Labelled
    from bibtool.formats.base import Reading
    from bibtool.model.names import Names
    from bibtool.model.record import Record

PARTS = ("author", "title", "issued")
NINE = (*PARTS, "container-title", "volume", "issue", "page", "publisher", "DOI")
OPTIONS = ReadOptions(path="list")


def truth_of(line: Labelled) -> Record:
    """The record that the labels of a line say."""
    tokens, labels = line.tagged()
    parts = parts_of(line.text, tokens, labels, [1.0] * len(tokens))
    return parse(line.text, parts, 1).draft.build(OPTIONS)


def people(names: Names) -> list[tuple[str, str]]:
    """Family name and first initial of each name, as they are compared."""
    return [
        (
            re.sub(r"\W", "", fold(f"{name.non_dropping_particle}{name.family or name.literal}")),
            fold(name.given)[:1],
        )
        for name in names
    ]


def value_of(record: Record, variable: str) -> object:
    """The value of a variable as it is compared."""
    if variable == "author":
        return people(record.authors)
    if variable == "issued":
        return record.year
    return re.sub(r"\W", "", fold(record.text(variable)))


class Score:
    """What was read of some references."""

    def __init__(self) -> None:
        self.count = self.parts = self.nine = self.names = self.taken = self.right = 0
        self.fields: dict[str, int] = defaultdict(int)
        self.wrong: list[tuple[str, list[str]]] = []

    def add(self, line: Labelled, reading: Reading | None, record: Record | None = None) -> None:
        """Count one reference; ``record`` is the one that was set, where it is known."""
        truth = truth_of(line)
        self.count += 1
        if reading is None:
            return
        same = [name for name in NINE if value_of(truth, name) == value_of(reading.record, name)]
        for name in same:
            self.fields[name] += 1
        good = set(PARTS) <= set(same)
        self.parts += good
        self.nine += len(same) == len(NINE)
        if record is not None:
            shown = len(truth.authors)
            self.names += people(record.authors)[:shown] == people(reading.record.authors)
        if not reading.doubt:
            self.taken += 1
            self.right += good
        if not good:
            self.wrong.append((line.text, [name for name in PARTS if name not in same]))

    def row(self, title: str) -> str:
        """The row of the table."""

        def percent(part: int, whole: int) -> str:
            return f"{100 * part / whole:5.1f}" if whole else "    -"

        columns = [self.parts, self.nine, *([self.names] if self.names else [])]
        cells = [percent(column, self.count) for column in columns] + [""] * (3 - len(columns))
        cells += [percent(self.taken, self.count), percent(self.right, self.taken)]
        return f"| {title:<34} | {self.count:6} | " + " | ".join(f"{cell:>5}" for cell in cells) + " |"


def read_list(lines: Sequence[Labelled]) -> list[Reading | None]:
    """The reading of each line of one list."""
    by_line = {
        reading.line: reading
        for reading in read_lines(((n, line.text) for n, line in enumerate(lines, start=1)), OPTIONS).readings
    }
    return [by_line.get(number) for number in range(1, len(lines) + 1)]


def scored(lists: Iterable[tuple[Sequence[Labelled], Sequence[Record | None]]], score: Score | None = None) -> Score:
    """The score of several lists."""
    score = score or Score()
    for lines, records in lists:
        for line, record, reading in zip(lines, records, read_list(lines), strict=True):
            score.add(line, reading, record)
    return score


def in_style(name: str, records: Sequence[Record], locale: str = "") -> tuple[list[Labelled], list[Record | None]]:
    """A list of records in one style, of those that it prints."""
    engine = labelling_engine(name, locale)
    made = [(line, record) for record in records if engine and (line := render(engine, record, name)) is not None]
    return [line for line, _ in made], [record for _, record in made]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=Path, help="tagged real lines")
    parser.add_argument("--dblp", type=Path, help="a BibTeX file to set in the common styles")
    parser.add_argument("--weights", type=Path, help="the weights to measure, instead of those that come with bibtool")
    parser.add_argument("--share", type=int, default=1, help="measure on every so many-th reference only")
    parser.add_argument("--wrong", type=int, default=0, help="show so many references that were read wrongly")
    options = parser.parse_args()
    if options.weights:
        chosen = models.Model(json.loads(gzip.decompress(options.weights.read_bytes())))
        models.default_model.cache_clear()
        models.default_model = lambda: chosen  # type: ignore[assignment] # the reader asks it for its weights
    rng = random.Random(SEED + 1)
    step = options.share
    print(f"| {'lines':<34} | number | parts |  nine | names | taken | right |")
    print(f"|{'-' * 36}|-------:|------:|------:|------:|------:|------:|")

    def show(title: str, score: Score) -> None:
        print(score.row(title), flush=True)
        for text, names in score.wrong[: options.wrong]:
            print("    ", ",".join(names), "|", text)

    if options.lines:
        held = split(real_lines(options.lines))[1][::step]
        start = time.process_time()
        show("real lines, held out", scored([(held, [None] * len(held))]))
        spent = time.process_time() - start
        core = [line for line in held if line.source.startswith("core")]
        show("those checked by hand", scored([(core, [None] * len(core))]))
        print(f"     {1000 * spent / len(held):.1f} ms a reference, with scoring")
    known = invented(2400, rng)
    english = [
        record
        for record in known
        if record.variables.get("language") is not None and str(record.variables["language"]) == "en"
    ]
    show(
        "40 styles, invented records",
        scored(in_style(name, rng.sample(english, 48 // step)) for name in held_out_styles()[1]),
    )
    layouts = set_many(english, 600 // step, rng, per_layout=10)
    show(
        "layouts of home pages and BibTeX",
        scored((layouts[at : at + 10], [None] * len(layouts[at : at + 10])) for at in range(0, len(layouts), 10)),
    )
    if options.dblp:
        records = [record for record in read_path(options.dblp).records if record.title][:: 8 * step]
        total = Score()
        for name in COMMON:
            scored([in_style(name, records)], total)
        show(f"{len(COMMON)} common styles, DBLP", total)
    for language, locale in LOCALES.items():
        of_language = [record for record in known if str(record.variables.get("language")) == language]
        styles = rng.sample(held_out_styles()[1], 6) + list(rng.sample(COMMON, 2))
        show(f"in {locale}", scored(in_style(name, rng.sample(of_language, 24 // step), locale) for name in styles))


if __name__ == "__main__":
    main()
