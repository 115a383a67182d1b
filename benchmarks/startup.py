"""Start-up against a bare interpreter and ``import click``: ``python -m benchmarks.startup``; processor time."""

from __future__ import annotations

from functools import partial

from benchmarks._process import PYTHON, Run, bibtool, middle, run, side_by_side
from benchmarks._table import show

BARE, CLICK = "python -c pass", "import click"
COMMANDS = {
    BARE: [PYTHON, "-c", "pass"],
    CLICK: [PYTHON, "-c", "import click"],
    "import bibtool": [PYTHON, "-c", "import bibtool"],
    "bibtool --version": bibtool("--version"),
    "bibtool --help": bibtool("--help"),
    "completion": bibtool("bibtool ex"),
    "pybtex --version": [PYTHON, "-m", "pybtex", "--version"],
}
_ASKED = {"_BIBTOOL_COMPLETE": "bash"}  # as the script of the shell does


def measured(times: int = 15) -> dict[str, Run]:
    """Command -> the median of so many processes."""
    jobs = {
        name: partial(run, command, environment=_ASKED if name == "completion" else None)
        for name, command in COMMANDS.items()
    }
    side_by_side(jobs, 1)  # so that all modules are compiled
    return {name: middle(runs) for name, runs in side_by_side(jobs, times).items()}


def main() -> None:
    """Print the table."""
    found = measured()
    bare = found[BARE].cpu_s
    rows = [(name, f"{each.cpu_s * 1000:.0f}", f"{(each.cpu_s - bare) * 1000:+.0f}") for name, each in found.items()]
    show("Start-up (median of 15 processes)", ["command", "CPU ms", "over bare"], rows)


if __name__ == "__main__":
    main()
