"""The table of all targets of speed, memory and size, beside the peers: ``python -m benchmarks.speed FILE.bib``.

FILE is a .bib file with about 1,000 entries, e.g. from DBLP; the inputs are made from it by the other benchmarks. Each
figure is the median of ``--pairs`` runs (5 unless said), a run of ours and one of each peer in turn. Seconds are
processor time of whole processes; a ratio is the median of the ratios of the pairs. ``--before TREE`` compares with
another checkout, ``--only reading,styles,library,start,check,size`` runs some parts, ``--small`` leaves out the sizes
that take minutes.
"""

from __future__ import annotations

import argparse
import math
import statistics
import subprocess
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import bibtex_growth, csl_speed, library_commands, refs_check, startup
from benchmarks._process import PYTHON, ROOT, Run, apart, bibtool, middle, ratio, run, side_by_side
from benchmarks._table import show
from benchmarks.bibtex_to_csljson import write_copies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MANY = 10  # times as many, to see how a time grows
MOST_GROWTH = 11.0
N_LOG_N = 10 * math.log(200_000) / math.log(20_000)  # how `dedupe` may grow


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says."""

    file: Path
    pairs: int
    small: bool
    before: Path | None
    node_modules: Path | None
    folder: Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; ``asked`` is the most that the target allows."""

    what: str
    value: float
    unit: str
    asked: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether the target is reached; "" if there is none."""
        return "" if self.asked is None else "yes" if self.value <= self.asked else "NO"


def shown(value: float, unit: str) -> str:
    """A figure with three digits or so."""
    return f"{value:.0f} {unit}" if value >= 100 or unit in {"MB", "ms"} else f"{value:.3g} {unit}"


def reading(options: Options) -> Iterator[Figure]:
    """BibTeX to CSL-JSON, and ``fmt``."""
    file = options.folder / "x10.bib"
    apart(write_copies, file, options.file, 10)
    jobs = {name: partial(bibtex_growth.job, name, file) for name in bibtex_growth.JOBS}
    side_by_side(jobs, 1)  # so that all modules are compiled
    grown = ("convert", "fmt", "fmt --diff")
    if not options.small:
        large = options.folder / "x100.bib"
        apart(write_copies, large, options.file, 10 * MANY)
        jobs |= {f"{name}, many": partial(bibtex_growth.job, name, large) for name in grown}
    runs = side_by_side(jobs, options.pairs)
    peer = runs["pybtex parses"]
    theirs = f"pybtex {middle(peer).cpu_s:.2f} s"
    for name, asked in (("convert", 0.40), ("fmt", 0.35)):
        mine = middle(runs[name])
        yield Figure(f"{name}, 10,000 entries / pybtex's parse", ratio(runs[name], peer), "x", asked, theirs)
        yield Figure(f"{name}, 10,000 entries", mine.cpu_s, "s", None, f"{mine.megabytes:.0f} MB")
    yield Figure("convert, 10,000 entries, memory", middle(runs["convert"]).megabytes, "MB", 120)
    yield Figure("fmt --diff / fmt", ratio(runs["fmt --diff"], runs["fmt"]), "x", 1.6)
    if options.small:
        return
    for name in grown:
        more = middle(runs[f"{name}, many"])
        growth = ratio(runs[f"{name}, many"], runs[name])
        yield Figure(f"{name}, 100,000 / 10,000", growth, "x", MOST_GROWTH, f"{more.cpu_s:.2f} s")
        yield Figure(f"{name}, 100,000, memory", more.megabytes, "MB", 500 if name == "convert" else None)


def styles(options: Options) -> Iterator[Figure]:
    """References in a style."""
    few, many = options.folder / "few.json", options.folder / "many.json"
    apart(csl_speed.make_items, 1000, few)
    apart(csl_speed.make_items, 1000 * MANY, many)
    for style in ("apa", "chicago-author-date", "ieee"):
        jobs = csl_speed.jobs(few, style, options.node_modules)
        jobs["many"] = partial(csl_speed.ours, many, style)
        if options.before is not None:
            jobs["few before"] = partial(csl_speed.ours, few, style, options.before)
            jobs["many before"] = partial(csl_speed.ours, many, style, options.before)
        csl_speed.ours(few, style)
        runs = side_by_side(jobs, options.pairs)
        mine, more = runs[csl_speed.OURS], runs["many"]
        yield Figure(f"{style}, 1,000 references", middle(mine).cpu_s, "s", None, f"{middle(mine).megabytes:.0f} MB")
        for peer, asked in ((csl_speed.PY, 45), (csl_speed.JS, 20)):
            if peer in runs:
                limit = 1 / asked if style == "apa" else None
                yield Figure(
                    f"{style} / {peer}", ratio(mine, runs[peer]), "x", limit, f"{middle(runs[peer]).cpu_s:.2f} s"
                )
        yield Figure(f"{style}, 10,000 / 1,000", ratio(more, mine), "x", 10, f"{middle(more).cpu_s:.2f} s")
        each = (middle(more).cpu_s - middle(mine).cpu_s) / (1000 * (MANY - 1))
        yield Figure(f"{style}, a reference without start-up", each * 1000, "ms of CPU")
        if options.before is not None:
            old = middle(runs["many before"]).cpu_s - middle(runs["few before"]).cpu_s
            yield Figure(f"{style}, the same / before", each * 1000 * (MANY - 1) / old, "x", 0.25)


def library(options: Options) -> Iterator[Figure]:
    """The commands on a library of 20,000 entries."""
    file = options.folder / "20000.bib"
    apart(library_commands.make_file, options.file, 20_000, file)
    # a run of each in turn, as in `side_by_side`
    measured = {"": partial(library_commands.measured, file)}
    if options.before is not None:
        measured["before"] = partial(library_commands.measured, file, options.before)
    grown = ("import", "list --json", "export --format bibtex", "dedupe")
    if not options.small:
        large = options.folder / "200000.bib"
        apart(library_commands.make_file, options.file, 20_000 * MANY, large)
        measured["many"] = partial(library_commands.measured, large, only=grown)
    runs: dict[str, list[dict[str, Run]]] = {name: [] for name in measured}
    for _ in range(options.pairs):
        for name, measure in measured.items():
            runs[name].append(measure())
    found = {label: middle([each[label] for each in runs[""]]) for label in runs[""][0]}
    asked = {"import": 8.0, "list --json": 2.0, "export --format bibtex": 5.0, "dedupe": 5.0}
    for label in ("import", "import again", "list --json", "export --format bibtex", "dedupe"):
        note = f"{found[label].megabytes:.0f} MB"
        if options.before is not None:
            note += f", before {middle([each[label] for each in runs['before']]).cpu_s:.2f} s"
        yield Figure(f"{label}, 20,000 entries", found[label].cpu_s, "s", asked.get(label), note)
    yield Figure("list --json, memory", found["list --json"].megabytes, "MB", 100)
    over = statistics.median((each["search"].cpu_s - each["--version"].cpu_s) * 1000 for each in runs[""])
    yield Figure("search over --version", over, "ms of CPU", None, "asked: 5 ms over start-up, the store's modules too")
    if options.small:
        return
    for label in grown:
        many = [each[label] for each in runs["many"]]
        note = f"{middle(many).cpu_s:.1f} s, {middle(many).megabytes:.0f} MB"
        most_growth = N_LOG_N if label == "dedupe" else MOST_GROWTH
        growth = ratio(many, [each[label] for each in runs[""]])
        yield Figure(f"{label}, 200,000 / 20,000", growth, "x", most_growth, note)


def start(options: Options) -> Iterator[Figure]:
    """The hook and the start."""
    project = options.folder / "project"
    project.mkdir()
    runs = side_by_side(refs_check.jobs(project), max(options.pairs, 5))
    bare = runs.pop(refs_check.BARE)
    for (title, done), asked in zip(runs.items(), (90, 120), strict=True):
        over = [(each.cpu_s - other.cpu_s) * 1000 for each, other in zip(done, bare, strict=True)]
        yield Figure(f"{title}, over python -c pass", statistics.median(over), "ms", asked)
    found = startup.measured(3 * options.pairs)
    click = found[startup.CLICK].cpu_s * 1000
    for name in ("bibtool --version", "completion"):
        yield Figure(
            f"{name} over import click", found[name].cpu_s * 1000 - click, "ms", 15, f"import click {click:.0f} ms"
        )


def check(options: Options) -> Iterator[Figure]:
    """``check`` of 20,000 entries."""
    file = options.folder / "20000.bib"
    if not file.exists():
        apart(library_commands.make_file, options.file, 20_000, file)
    done = middle([run(bibtool("check", str(file)), folder=file.parent, ends=(0, 1)) for _ in range(options.pairs)])
    yield Figure("check, 20,000 entries", done.cpu_s, "s", 4.0, f"{done.megabytes:.0f} MB")


def size(options: Options) -> Iterator[Figure]:
    """The wheel."""
    target = options.folder / "wheel"
    command = [PYTHON, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(target), str(ROOT)]
    if subprocess.run(command, check=False).returncode:
        return
    (wheel,) = target.glob("*.whl")
    yield Figure("the wheel", wheel.stat().st_size / 1e6, "MB (packed)")


PARTS: dict[str, Callable[[Options], Iterator[Figure]]] = {
    "reading": reading, "styles": styles, "library": library, "start": start, "check": check, "size": size,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--before", type=Path)
    parser.add_argument("--node-modules", type=Path, help="folder that holds the npm package citeproc")
    parser.add_argument("--only", default=",".join(PARTS))
    given = parser.parse_args()
    names = given.only.split(",")
    if unknown := [name for name in names if name not in PARTS]:
        parser.error(f"no part {unknown[0]}; there are {', '.join(PARTS)}")
    with tempfile.TemporaryDirectory() as folder:
        options = Options(given.file, given.pairs, given.small, given.before, given.node_modules, Path(folder))
        for name in names:
            rows = [
                (
                    each.what,
                    shown(each.value, each.unit),
                    "" if each.asked is None else f"{each.asked:.3g}",
                    each.verdict,
                    each.note,
                )
                for each in PARTS[name](options)
            ]
            show(name, ("what", "now", "at most", "reached", ""), rows)


if __name__ == "__main__":
    main()
