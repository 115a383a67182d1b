"""Works that are in several of many files, or several times in one: the steps of `bibtool.batch.blocks` in their order.

What is read of a file is kept, so that a run which is repeated or taken up again only reads what is new or has
changed. All is compared again if anything has changed. In memory, nothing grows with the number of records but the
lines of the result, and eight bytes a record, to know which links hold together.
"""

from __future__ import annotations

import heapq
import io
import json
import tempfile
import time
import zlib
from array import array
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bibtool.batch.blocks import FREQUENCY, WORK, Task, read_all, total, unpacked
from bibtool.batch.run import BatchResult, Progress, run_batch
from bibtool.batch.work import DONE, Job, Outcome, digest_of
from bibtool.errors import OutputError
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO

    from bibtool.batch.files import Folder, Input

    Show = Callable[[Progress], None]
    Spread = Callable[[Job, Sequence[Task]], Iterator[Outcome]]

RESULT: Final = "duplicates.jsonl"
TABLE: Final = "duplicates.parquet"
_NOTE: Final = ".bibtool-batch/dedupe.json"
_SAID: Final = {
    "words": "counting words", "blocks": "sorting into blocks", "links": "comparing", "groups": "grouping",
}  # fmt: skip
_ROWS: Final = 5_000  # of the table at a time
_RECORDS: Final = 10_000  # of a part, or links: what a process holds at a time


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What was found: works that are there more than once, their entries, and groups that a person should look at."""

    batch: BatchResult
    works: int
    entries: int
    doubtful: int
    compared_now: bool


def dedupe(
    job: Job,
    inputs: Sequence[Input],
    folder: Folder,
    read: Callable[[Sequence[Input]], Iterator[Outcome]],
    spread: Spread,
    *,
    again: bool = False,
    progress: Show | None = None,
) -> Duplicates:
    """Find the works that are in the files more than once, and write a line for each group.

    ``read`` has files done by `bibtool.batch.work.do`, ``spread`` tasks by `bibtool.batch.blocks.do_task`. The result
    is the same whatever does the work. Raises `OutputError` if a task was given up, and whatever these two raise.
    """
    batch = run_batch(job, inputs, folder, read, again=again, progress=progress)
    usable = [outcome for outcome in batch.outcomes if outcome.status == DONE]
    told = [job.fingerprint, [[outcome.input, outcome.output_digest] for outcome in usable]]
    state = digest_of(json.dumps(told).encode())
    result = None if again else _known(folder, state)
    compared = result is None
    if result is None:
        result = _compared(usable, folder, spread, progress)
        _write(folder, result, state)
    works = entries = doubtful = 0
    for group in _groups(result):
        if group["certain"]:
            works += 1
            entries += len(group["members"])
        else:
            doubtful += 1
    return Duplicates(batch, works, entries, doubtful, compared)


def _groups(result: bytes) -> Iterator[dict[str, Any]]:
    """What the lines of the result say, one by one: as objects, all of them would take ten times their size."""
    return map(json.loads, io.BytesIO(result))


def _known(folder: Folder, state: str) -> bytes | None:
    """The result of an earlier run on the same files, if it is as it was written."""
    result = folder.read(RESULT)
    try:
        note: Any = json.loads(folder.read(_NOTE) or b"")
    except (ValueError, RecursionError):
        return None
    return result if result is not None and note == [state, digest_of(result)] else None


def _write(folder: Folder, result: bytes, state: str) -> None:
    folder.write(RESULT, result)
    if (table := _table(result)) is not None:
        folder.write(TABLE, table)
    folder.write(_NOTE, json.dumps([state, digest_of(result)]).encode())


def _compared(usable: Sequence[Outcome], folder: Folder, spread: Spread, progress: Show | None) -> bytes:
    """The lines of all groups; what the steps of this run and of one that was killed leave in the folder is removed."""
    try:
        return _steps(usable, folder, spread, progress)
    finally:
        for name in folder.names(WORK):
            folder.remove(f"{WORK}/{name}")


def _steps(usable: Sequence[Outcome], folder: Folder, spread: Spread, progress: Show | None) -> bytes:
    def done(kind: str, tasks: Sequence[Task], **options: Any) -> list[str]:
        started = time.monotonic()

        def told(number: int) -> None:
            if progress is not None and tasks:
                progress(Progress(number, len(tasks), time.monotonic() - started, _SAID[kind]))

        told(0)
        for number, outcome in enumerate(spread(Job(kind, options), tasks) if tasks else (), start=1):
            if outcome.failed:
                raise OutputError("; ".join(outcome.problems), path=folder.place(WORK))
            told(number)
        return [f"{WORK}/{task.name}" for task in tasks]

    records = sum(outcome.records for outcome in usable)
    parts = max(1, -(-records // _RECORDS))
    chunks = list(_chunks(usable))
    counts = done("words", [Task(f"words-{at}", names) for at, (_, names) in enumerate(chunks)])
    folder.write(FREQUENCY, total(read_all(folder, name) for name in counts))
    tasks = [Task(f"blocks-{at}", names, first) for at, (first, names) in enumerate(chunks)]
    blocks = tuple(done("blocks", tasks, parts=parts))
    links = done("links", [Task(f"links-{part}", blocks, part) for part in range(parts)])
    held: list[str] = []
    with tempfile.TemporaryDirectory(prefix="bibtool-") as here:
        for at, path in enumerate(_divided(folder, links, records, Path(here))):
            held.append(f"{WORK}/held-{at}")
            folder.write(held[-1], zlib.compress(path.read_bytes(), 1))
    groups = done("groups", [Task(f"groups-{at}", (name,)) for at, name in enumerate(held)])
    return _merged(folder, groups)


def _chunks(usable: Sequence[Outcome]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Files that are done together, with the number of their first record."""
    first = number = 0
    names: list[str] = []
    for outcome in usable:
        names.append(outcome.input)
        number += outcome.records
        if number - first >= _RECORDS:
            yield first, tuple(names)
            first, names = number, []
    if names:
        yield first, tuple(names)


def _divided(folder: Folder, links: Sequence[str], records: int, here: Path) -> list[Path]:
    """Files of links, so that those which hold together, directly or by others, are in one."""
    parent = array("q", range(records))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    count = 0
    for name in links:
        for line in unpacked(read_all(folder, name)):
            first, second = _numbers(line)
            low, high = sorted((root(first), root(second)))
            parent[high] = low
            count += 1
    paths = [here / str(at) for at in range(-(-count // _RECORDS))]
    with ExitStack() as stack:
        files: list[IO[bytes]] = [stack.enter_context(path.open("wb")) for path in paths]
        for name in links:
            for line in unpacked(read_all(folder, name)):
                files[root(_numbers(line)[0]) % len(files)].write(line)
    return paths


def _numbers(line: bytes) -> tuple[int, int]:
    first, second, *_ = line[1 : line.index(b"]")].split(b",", 2)
    return int(first), int(second)


def _merged(folder: Folder, groups: Sequence[str]) -> bytes:
    """The lines of all files, in the order of the numbers that they begin with."""

    def lines(name: str) -> Iterator[tuple[list[int], bytes]]:
        for line in read_all(folder, name).splitlines(keepends=True):
            numbers, _, said = line.partition(b"\t")
            yield json.loads(numbers), said

    return b"".join(said for _, said in heapq.merge(*map(lines, groups), key=lambda pair: pair[0]))


def _table(result: bytes) -> bytes | None:
    """The result as Parquet; None without pyarrow."""
    try:
        import pyarrow as pa  # type: ignore[import-not-found,import-untyped,unused-ignore] # optional, has no types
        import pyarrow.parquet as pq  # type: ignore[import-not-found,import-untyped,unused-ignore] # as above
    except ImportError:
        return None
    member = pa.struct([("path", pa.string()), ("line", pa.int64()), ("key", pa.string()), ("title", pa.string())])
    link = pa.struct(
        [
            ("first", pa.int64()),
            ("second", pa.int64()),
            ("certain", pa.bool_()),
            ("kind", pa.string()),
            ("reason", pa.string()),
        ]
    )
    schema = pa.schema(
        [
            ("certain", pa.bool_()),
            ("reasons", pa.list_(pa.string())),
            ("members", pa.list_(member)),
            ("links", pa.list_(link)),
        ]
    )
    written = io.BytesIO()
    groups = _groups(result)
    with pq.ParquetWriter(written, schema) as writer:
        while rows := list(islice(groups, _ROWS)):
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
    return written.getvalue()
