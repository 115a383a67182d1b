"""``python -m bibtool`` and the commands ``bibtool`` and ``bibtool-hook``."""

from __future__ import annotations

import gc
import sys

COLLECT_AFTER = 100_000  # new objects; a call is short, and Python's 700 cost a hook a tenth of its time


def main() -> None:
    """Run the command line and exit with its code."""
    gc.set_threshold(COLLECT_AFTER)
    from bibtool.cli.main import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
