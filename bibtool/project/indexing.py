"""Adding files to an index: batches, where an earlier run stopped, and what was read so far."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, Final

from bibtool.collector import collector_paused
from bibtool.formats.dumps.base import Tally
from bibtool.formats.dumps.opening import kind_of, records_of, source_name
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bibtool.store.index.base import Index

BATCH: Final = 20_000  # records of one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What adding a file came to. ``skipped`` records were there from a run that was interrupted.

    ``unchanged``: the very file was added before, so it was not read. ``lost`` could not be read, for ``reasons``.
    """

    path: str
    source: str
    kind: str
    records: int
    new: int
    skipped: int = 0
    lost: int = 0
    reasons: tuple[str, ...] = ()
    seconds: float = 0.0
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file is: records so far, share of its bytes from 0 to 1, seconds since the beginning."""

    records: int
    share: float
    seconds: float


@collector_paused()
def add_file(
    index: Index,
    path: Path,
    *,
    when: str,
    source: str = "",
    again: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Added:
    """Add the records of a file; a run that was interrupted goes on where it stopped.

    ``source`` is the name in the index, by default that of the dump or the file; ``again`` reads a file that was added
    before and has not changed. Raises `InputError` for a file that can't be read; what precedes the damage is added.
    """
    kind = kind_of(path)
    source = source or source_name(path, kind)
    state = path.stat()
    stamp, size = f"{state.st_size}:{state.st_mtime_ns}", max(state.st_size, 1)
    name = str(path.resolve())
    if not again and index.is_done(source, name, stamp):
        return Added(path=str(path), source=source, kind=kind, records=0, new=0, unchanged=True)
    run, skipped = index.begin(source, name, stamp, when)
    tally, begun, done, new = Tally(), time.monotonic(), skipped, 0
    rows = records_of(path, kind, tally)
    for _ in islice(rows, skipped):
        pass
    try:
        while batch := list(islice(rows, BATCH)):
            done += len(batch)
            new += index.add(source, batch, run=run, reached=done)
            if progress is not None:
                progress(Progress(done, tally.read / size, time.monotonic() - begun))
        index.reached(run, done, done=True)
    finally:
        index.finish()
    return Added(
        path=str(path),
        source=source,
        kind=kind,
        records=done - skipped,
        new=new,
        skipped=skipped,
        lost=tally.lost,
        reasons=tuple(tally.reasons or ()),
        seconds=time.monotonic() - begun,
    )
