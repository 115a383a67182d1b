"""``python -m bibtool`` and the commands ``bibtool`` and ``bibtool-hook``."""

from __future__ import annotations

import sys

# `python -m` puts the current folder first, and a cloned repository may have a file there that is called click.py
if __name__ == "__main__" and sys.path and not sys.flags.safe_path:
    del sys.path[0]

import gc
import os

COLLECT_AFTER = 100_000  # new objects; a call is short, and Python's 700 cost a hook a tenth of its time


def main() -> None:
    """Run the command line and exit with its code, by `SystemExit`."""
    sys.exit(_run())


def program() -> None:
    """Run the command line as a process of its own, which ends with it."""
    code = _run()
    from bibtool.cli.leave import leave

    leave(code)


def _run() -> int:
    if os.name == "nt":  # Windows looks for git and other programs in the current folder first, if not told otherwise
        os.environ.setdefault("NoDefaultCurrentDirectoryInExePath", "1")
    gc.set_threshold(COLLECT_AFTER)
    from bibtool.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    program()
