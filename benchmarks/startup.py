"""Start-up against a bare interpreter: ``python -m benchmarks.startup``."""

from __future__ import annotations

import sys

from benchmarks._table import process_seconds, show


def main() -> None:
    """Print the table."""
    bare = process_seconds([sys.executable, "-c", "pass"])
    rows = [("python -c pass", f"{bare * 1000:.0f}", "")]
    for name, command in {
        "import bibtool": [sys.executable, "-c", "import bibtool"],
        "bibtool --version": [sys.executable, "-m", "bibtool", "--version"],
        "bibtool --help": [sys.executable, "-m", "bibtool", "--help"],
        "pybtex --version": [sys.executable, "-m", "pybtex", "--version"],
    }.items():
        taken = process_seconds(command)
        rows.append((name, f"{taken * 1000:.0f}", f"+{(taken - bare) * 1000:.0f}"))
    show("Start-up (median of 15 processes)", ["command", "ms", "over bare"], rows)


if __name__ == "__main__":
    main()
