"""``python -m bibtool`` and the commands ``bibtool`` and ``bibtool-hook``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    from bibtool.cli.main import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
