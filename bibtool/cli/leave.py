"""The end of a process that has done what it was started for."""

from __future__ import annotations

import atexit
import os
import sys

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End the process with this code, without taking all objects apart: for a hook that is a part of its time.

    What is registered to run at the end is run, and threads, tracers and ``python -i`` get the ordinary end.
    """
    threads = sys.modules.get("threading")
    watched = sys.gettrace() is not None or sys.getprofile() is not None or sys.flags.interactive or sys.flags.inspect
    if watched or (threads is not None and threads.active_count() > 1):
        sys.exit(code)
    atexit._run_exitfuncs()  # noqa: SLF001 - atexit has no public function for this
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        sys.exit(code)  # which says what became of the output, as ever
    os._exit(code)
