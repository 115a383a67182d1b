"""``python -m bibtool`` and the commands ``bibtool`` and ``bibtool-hook``."""

from __future__ import annotations

import sys

# `python -m` puts the current folder first, and a cloned repository may have a file there that is called click.py
if __name__ == "__main__" and sys.path and not sys.flags.safe_path:
    del sys.path[0]

import atexit
import gc
import os

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from typing import NoReturn

COLLECT_AFTER = 100_000  # new objects; a call is short, and Python's 700 cost a hook a tenth of its time


def main() -> None:
    """Run the command line and exit with its code, by `SystemExit`."""
    sys.exit(_run())


def program() -> None:
    """Run the command line as a process of its own, which ends with it."""
    _leave(_run())


def _run() -> int:
    if os.name == "nt":  # Windows looks for git and other programs in the current folder first, if not told otherwise
        os.environ.setdefault("NoDefaultCurrentDirectoryInExePath", "1")
    gc.set_threshold(COLLECT_AFTER)
    from bibtool.cli.main import run

    return run(sys.argv[1:])


def _leave(code: int) -> NoReturn:
    """End the process with this code, without taking all objects apart: for a hook that is a part of its time.

    What is registered to run at the end is run, and threads, tracers and ``python -i`` get the ordinary end.
    """
    threads = sys.modules.get("threading")
    watched = sys.gettrace() is not None or sys.getprofile() is not None or sys.flags.interactive or sys.flags.inspect
    if watched or (threads is not None and threads.active_count() > 1):
        sys.exit(code)
    atexit._run_exitfuncs()  # noqa: SLF001 - there is no public name for it
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        sys.exit(code)  # which says what became of the output, as ever
    os._exit(code)


if __name__ == "__main__":
    program()
