"""Many files verified against an index, by one process and by two: ``python -m benchmarks.batch``.

2,000 files with 60,000 references of works that are made up, compared with an index of all of them; every tenth one
has a wrong year. Prints the seconds by the clock of both, whether they wrote the same bytes, and what the same command
takes when nothing has changed. With ``--scheduler``, also by two workers of Dask.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

WORDS = (
    "river stone winter letter garden machine window market theory number method history question answer paper system "
    "language picture village measure reason harbour lantern copper orchard signal"
).split()
NAMES = "Abara Berg Castro Dimitrov Eriksen Fontaine Grau Hansen Ito Jansen Kowalski Lind Moreau Novak Okafor".split()


def entries(number: int, chance: random.Random) -> list[str]:
    """So many works."""
    return [
        f"@article{{w{at},\n  author  = {{{chance.choice(NAMES)}, {chance.choice('ABCDEFGH')}nna and "
        f"{chance.choice(NAMES)}, {chance.choice('JKLMNOP')}on}},\n"
        f"  title   = {{{' '.join(chance.choices(WORDS, k=6)).capitalize()} {at}}},\n"
        f"  journal = {{Journal of {chance.choice(WORDS)}}},\n  year    = {{{chance.randint(1980, 2024)}}},\n"
        f"  volume  = {{{chance.randint(1, 90)}}},\n  doi     = {{10.5555/w{at}}},\n}}\n"
        for at in range(number)
    ]


def make(folder: Path, files: int, references: int) -> None:
    """The files, and the index of all works that they refer to."""
    chance = random.Random(11)
    works = entries(references, chance)
    (folder / "all.bib").write_text("\n".join(works), encoding="utf-8")
    each = references // files
    for at in range(files):
        own = works[at * each : (at + 1) * each]
        own = [text.replace("year    = {", "year    = {1") if chance.random() < 0.1 else text for text in own]
        path = folder / "papers" / f"{at % 20:02}" / f"p{at:05}.bib"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(own), encoding="utf-8")
    run(folder, "index", "add", "all.bib", "--index", "all.index")


def run(folder: Path, *arguments: str) -> float:
    """Seconds by the clock of a call."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "bibtool", "-q", *arguments], cwd=folder, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{arguments} ended with {done.returncode}")
    return time.perf_counter() - started


def written(folder: Path) -> dict[str, bytes]:
    """The results below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".bibtool-batch" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--references", type=int, default=60_000)
    parser.add_argument("--pairs", type=int, default=3, help="runs of each, of which the least counts")
    parser.add_argument("--scheduler", action="store_true", help="two workers of Dask on this machine as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, options.files, options.references)
        verify = ["batch", "verify", "-i", "papers/**/*.bib", "--index", "all.index"]
        seconds: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(options.pairs):
            for workers, taken in seconds.items():
                shutil.rmtree(folder / f"out{workers}", ignore_errors=True)
                taken.append(run(folder, *verify, "-o", f"out{workers}", "--workers", str(workers)))
        one, two = min(seconds[1]), min(seconds[2])
        same = written(folder / "out1") == written(folder / "out2")
        print(f"{options.files:,} files, {options.references:,} references")
        print(f"one process {one:.1f} s, two {two:.1f} s: {one / two:.2f} x; same bytes: {'yes' if same else 'NO'}")
        print(f"again, nothing changed: {run(folder, *verify, '-o', 'out2'):.1f} s")
        if options.scheduler:
            import distributed

            make_cluster: Any = distributed.LocalCluster  # has no types
            loopback = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
            with make_cluster(n_workers=2, threads_per_worker=1, **loopback) as cluster:
                absolute = ["batch", "verify", "-i", f"{folder}/papers/**/*.bib", "--index", f"{folder}/all.index"]
                seconds_taken = run(folder, *absolute, "-o", f"{folder}/out3", "--scheduler", cluster.scheduler_address)
            same = written(folder / "out1") == written(folder / "out3")
            print(f"two workers of Dask {seconds_taken:.1f} s; same bytes: {'yes' if same else 'NO'}")


if __name__ == "__main__":
    main()
