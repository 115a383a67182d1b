"""What a process takes: processor time, time by the clock, memory. For all benchmarks that start programs.

On Linux, a process counts as at least as large as the one that starts it, so a benchmark that reports memory imports
nothing large, and has its inputs made by others (`apart`).
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

PYTHON = sys.executable
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Run:
    """What a process has taken."""

    cpu_s: float
    wall_s: float
    megabytes: float


def run(
    command: Sequence[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    tree: Path = ROOT,
    stdin: str = "",
    ends: Collection[int] = (0,),
) -> Run:
    """Run a command with the bibtool of a tree, its output thrown away; ``ends`` are the expected exit codes."""
    full = {**os.environ, **(environment or {}), "PYTHONPATH": str(tree)}
    full.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled modules are part of what is measured
    with tempfile.TemporaryFile("w+") as given:
        given.write(stdin)
        given.seek(0)
        start = time.perf_counter()
        with subprocess.Popen(
            command, cwd=folder or tree, env=full, stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - start
    if process.returncode not in ends:
        raise SystemExit(f"{' '.join(command)[:200]} ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024  # of the system
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * unit / 1e6)


def apart(make: Callable[..., None], *arguments: object) -> None:
    """Call a function of a module in a process that ends: this one stays small."""
    maker = multiprocessing.get_context("spawn").Process(target=make, args=arguments)
    maker.start()
    maker.join()
    if maker.exitcode:
        raise SystemExit(f"{make.__name__} ended with {maker.exitcode}")


def bibtool(*arguments: str) -> list[str]:
    """The command that runs bibtool."""
    return [PYTHON, "-m", "bibtool", *arguments]


def middle(runs: Sequence[Run]) -> Run:
    """The median of each figure."""
    return Run(
        statistics.median(each.cpu_s for each in runs),
        statistics.median(each.wall_s for each in runs),
        statistics.median(each.megabytes for each in runs),
    )


def side_by_side(jobs: Mapping[str, Callable[[], Run]], times: int) -> dict[str, list[Run]]:
    """Name -> the runs of each job; one of each in turn, so that a busy moment hits all of them."""
    runs: dict[str, list[Run]] = {name: [] for name in jobs}
    for _ in range(times):
        for name, job in jobs.items():
            runs[name].append(job())
    return runs


def ratio(runs: Sequence[Run], others: Sequence[Run]) -> float:
    """The median of the ratios of processor time, run by run."""
    return statistics.median(one.cpu_s / other.cpu_s for one, other in zip(runs, others, strict=True))
