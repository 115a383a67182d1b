"""Trains the model that reads formatted references, and writes its weights.

    python -m benchmarks.references.train --lines real-lines.xml --records FILE.bib... -o weights.json.gz

needs the dependency group `train`. Learned from are references set by CSL styles of the installed collection, by
layouts of BibTeX, home pages and CVs (`rendered`, `templates`), and by habits of fields and languages (`habits`), of
records that are invented (`invented`), read from BibTeX files, or taken from tagged real lines; and these real lines
themselves, of which those that were checked by hand count three times. The weights are the mean of those of two models,
of which one learned from the real lines alone: among references that were made, the ways of real ones count too little.
The same inputs give the same bytes. Without ``--all``, the common families of styles, 40 others and every fifth block
of the real lines are kept out, so that they can be measured on (`measure`).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.references.crf import compressed, mixed, train, word_classes
from benchmarks.references.habits import by_habit
from benchmarks.references.invented import in_proceedings, invented
from benchmarks.references.labelled import real_lines, split
from benchmarks.references.rendered import render_many, style_names
from benchmarks.references.templates import noisy, set_many
from bibtool.formats.base import ReadOptions
from bibtool.formats.references.parts import parse, parts_of
from bibtool.formats.registry import read_path
from bibtool.model.names import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.references.labelled import Labelled
    from bibtool.model.record import Record

SEED = 20_261_128
C1, C2 = 0.2, 0.01  # how much large weights and their squares cost: with 0.5 and 0.02, a tenth less is without doubt
LEAST_OFTEN = 2  # times that a feature is seen
ITERATIONS = 80
OUTPUT = Path(__file__).parents[2] / "bibtool" / "formats" / "references" / "weights.json.gz"


def held_out_styles() -> tuple[list[str], list[str]]:
    """The styles to learn from where something is kept out, and 40 that are kept out with their families."""
    names = style_names(common=False)
    rng = random.Random(SEED)
    rng.shuffle(names)
    return sorted(names[40:]), sorted(names[:40])


def records_of_lines(lines: Sequence[Labelled]) -> list[Record]:
    """Records out of tagged lines, whose parts are known."""
    records = []
    for line in lines:
        tokens, labels = line.tagged()
        if not tokens:
            continue
        record = parse(line.text, parts_of(line.text, tokens, labels, [1.0] * len(tokens)), 1).draft.build(
            ReadOptions()
        )
        if record.title and "author" in record.variables and "issued" in record.variables:
            records.append(record)
    return records


def records_of_files(paths: Sequence[Path], most: int, rng: random.Random) -> list[Record]:
    """Records of bibliography files, at most so many of each."""
    records = []
    for path in paths:
        found = [
            record
            for record in read_path(path).records
            if 8 < len(record.title) < 250
            and not set("<{$\\") & set(record.title)
            and isinstance(record.variables.get("author"), Names)
        ]
        rng.shuffle(found)
        records += found[:most]
    return records


def corpus(
    lines: Sequence[Labelled], files: Sequence[Path], styles: Sequence[str], size: int
) -> list[tuple[Labelled, int]]:
    """Labelled references with their weights."""
    rng = random.Random(SEED)
    known = records_of_lines(lines)
    venues = [str(record.variables["container-title"]) for record in known if record.type == "article-journal"]
    records = [
        *invented(size * 2 // 5, rng, venues),
        *in_proceedings(size // 12, rng),
        *known,
        *records_of_files(files, size // 14, rng),
    ]
    rng.shuffle(records)
    made = render_many(records, styles, size * 3 // 4, rng)
    if len(made) < size // 2:
        raise SystemExit(f"only {len(made)} references could be set in {len(styles)} styles: is the collection there?")
    made += set_many(records, size // 3, rng)
    made += by_habit(records, size // 8, random.Random(SEED + 2))
    made = [noisy(line, rng) for line in made]
    return [*((line, 1) for line in made), *weighted(lines)]


def weighted(lines: Sequence[Labelled]) -> list[tuple[Labelled, int]]:
    """Real lines with their weights: those that were checked by hand count three times."""
    return [(line, 3 if line.source.startswith("core") else 1) for line in lines]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=Path, help="tagged real lines")
    parser.add_argument("--records", type=Path, nargs="*", default=[], help="bibliography files")
    parser.add_argument("--size", type=int, default=14_000, help="about how many references are made")
    parser.add_argument("--real", type=float, default=0.2, help="the share of the model of real lines alone")
    parser.add_argument("--all", action="store_true", help="learn from all styles and lines")
    parser.add_argument("-v", "--verbose", action="store_true", help="print the progress of CRFsuite")
    parser.add_argument("-o", "--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    if os.environ.get("PYTHONHASHSEED") != "0":  # the Italian names and places of Faker depend on it
        os.execve(sys.executable, sys.orig_argv, {**os.environ, "PYTHONHASHSEED": "0"})
    lines = real_lines(options.lines) if options.lines else []
    styles = held_out_styles()[0]
    if options.all:
        styles = style_names(common=True)
    else:
        lines = split(lines)[0]
    start = time.monotonic()
    everything = corpus(lines, options.records, styles, options.size)
    print(f"{len(everything)} references after {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    words = word_classes(lines)
    data = train(everything, words, c1=C1, c2=C2, minfreq=LEAST_OFTEN, iterations=ITERATIONS, verbose=options.verbose)
    if lines:
        alone = train(
            weighted(lines), words, c1=C1, c2=C2, minfreq=LEAST_OFTEN, iterations=ITERATIONS, verbose=options.verbose
        )
        data = mixed(data, alone, options.real)
    packed = compressed(data)
    options.output.write_bytes(packed)
    digest = hashlib.sha256(packed).hexdigest()
    print(f"{len(packed)} bytes, SHA-256 {digest}, after {time.monotonic() - start:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
