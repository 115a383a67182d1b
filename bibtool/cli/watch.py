"""Runs something again whenever files change: notified by the system through `watchfiles`, else by polling."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from bibtool.cli.common import App

POLL_S = 0.5


def stamp(paths: Iterable[Path]) -> dict[Path, tuple[int, int] | None]:
    """Modification time (ns) and size of each file; None for one that does not exist."""
    stamps: dict[Path, tuple[int, int] | None] = {}
    for path in paths:
        try:
            status = path.stat()
            stamps[path] = (status.st_mtime_ns, status.st_size)
        except OSError:
            stamps[path] = None
    return stamps


def watch(
    once: Callable[[], set[Path]],
    wait: Callable[[set[Path], dict[Path, tuple[int, int] | None]], bool],
) -> int:
    """The number of calls of ``once``: a first one, and one whenever ``wait`` says that one of its files has changed.

    ``once`` returns the files that matter. ``wait`` gets them and their stamps, taken before ``once`` read them if they
    were known by then, so that no change is missed; it returns False to stop.
    """
    count = 0
    paths: set[Path] = set()
    while True:
        before = stamp(paths)
        current = once()
        count += 1
        before |= stamp(current - paths)
        paths = current
        if not wait(paths, {path: before[path] for path in paths}):
            return count


def keep_up(app: App, once: Callable[[], set[Path]]) -> int:
    """Call ``once`` now and whenever one of the files that it returns has changed, until Ctrl-C; exit code 0."""
    app.say("watching for changes; press Ctrl-C to stop")
    with contextlib.suppress(KeyboardInterrupt):
        watch(once, changes_of)
    return 0


def changes_of(paths: set[Path], before: dict[Path, tuple[int, int] | None]) -> bool:
    """True as soon as a file differs from its stamp; uses `watchfiles` if it is installed."""
    try:
        import watchfiles
    except ImportError:
        return poll(paths, before, time.sleep)
    if stamp(paths) != before:
        return True
    folders = {path.parent for path in paths if path.parent.is_dir()}
    notices = watchfiles.watch(*folders, recursive=False, raise_interrupt=True)
    return any(stamp(paths) != before for _ in notices)


def poll(
    paths: set[Path],
    before: dict[Path, tuple[int, int] | None],
    sleep: Callable[[float], None],
    every_s: float = POLL_S,
) -> bool:
    """True as soon as a file differs from its stamp; looks every ``every_s`` seconds."""
    while stamp(paths) == before:
        sleep(every_s)
    return True
