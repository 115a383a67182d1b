"""Python's cycle collector, and when it has nothing to find."""

from __future__ import annotations

import contextlib
import gc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_UNSEEN = 400_000  # new objects that the collector has not looked at; 10,000 entries have 280,000
_unseen = 0


@contextlib.contextmanager
def collector_paused(*, later: bool = False) -> Iterator[None]:
    """Python's cycle collector waits while many objects are made that hold no cycles; a decorator too.

    Records and formatted text hold none, and it walks all of them again and again: a quarter of the time for 10,000
    entries. Nor does it begin with a walk at the end: new objects count as old, until there are so many that all are
    looked through. With ``later``, that is at the end of another pause, which a program that ends before does not need.
    """
    global _unseen  # noqa: PLW0603  (the collector is one for the whole process)
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            _unseen += gc.get_count()[0]
            apart = gc.get_freeze_count() > 0  # objects that the program keeps so; ours are not to be mixed with them
            if apart or (_unseen > MAX_UNSEEN and not later):
                _unseen = 0
                gc.collect()
            else:
                gc.freeze()
                gc.unfreeze()
            gc.enable()
