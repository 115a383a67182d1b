"""A batch: what is to be done, what was done before, and the report."""

from __future__ import annotations

import io
import json
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bibtool.batch.files import read
from bibtool.batch.state import State
from bibtool.batch.work import digest_of
from bibtool.errors import InputError, UsageError
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bibtool.batch.files import Folder, Input
    from bibtool.batch.work import Job, Outcome

REPORT: Final = "report.jsonl"
TABLE: Final = "report.parquet"
_SAVED_EVERY_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: files that are done and those to be done, and seconds since its start.

    With a ``step``, which says what is being done with all files, the same for its parts.
    """

    done: int
    total: int
    seconds: float
    step: str = ""

    @property
    def rate(self) -> float:
        """Files, or parts, per second; 0 before the first one."""
        return self.done / self.seconds if self.seconds > 0 else 0.0

    @property
    def left_s(self) -> float | None:
        """Seconds left at this rate; None before the first one."""
        return (self.total - self.done) / self.rate if self.done else None


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The outcomes in the order of the inputs, and how many of them are of this run."""

    outcomes: tuple[Outcome, ...]
    done_now: int


def run_batch(
    job: Job,
    inputs: Sequence[Input],
    folder: Folder,
    spread: Callable[[Sequence[Input]], Iterator[Outcome]],
    *,
    again: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> BatchResult:
    """Have each input done that is new or has changed, and write the report; ``again``: all of them.

    The report is the same whatever did the work, in whatever order. Raises `UsageError` if two inputs would have one
    output, or one would be replaced, and whatever ``spread`` raises; what was done until then is known to the next run.
    """
    _refuse_one_output_twice(job, inputs)
    _refuse_to_replace_an_input(job, inputs, folder)
    state = State(folder, job)
    outcomes: dict[str, Outcome] = {}
    if not again:
        for each in inputs:
            known = state.done(each.name, partial(_digest, each))
            if known is not None:
                outcomes[each.name] = known
    left = [each for each in inputs if each.name not in outcomes]
    started = saved = time.monotonic()
    try:
        for number, outcome in enumerate(spread(left) if left else (), start=1):
            outcomes[outcome.input] = outcome
            state.add(outcome)
            now = time.monotonic()
            if now - saved > _SAVED_EVERY_S:
                state.save()
                saved = now
            if progress is not None:
                progress(Progress(number, len(left), now - started))
    finally:
        state.save()
    ordered = tuple(outcomes[each.name] for each in inputs)
    if left:
        state.finish(ordered)
    _write_report(folder, ordered)
    return BatchResult(ordered, len(left))


def _digest(each: Input) -> str:
    try:
        return digest_of(read(each.path))
    except InputError:
        return ""


def _refuse_one_output_twice(job: Job, inputs: Sequence[Input]) -> None:
    taken: dict[str, str] = {REPORT: REPORT, TABLE: TABLE}
    for each in inputs:
        output = job.output_of(each.name)
        before = taken.setdefault(output, each.name)
        if before != each.name:
            raise UsageError(
                f"{before} and {each.name} would both be written to {output}",
                hint="give them folders of their own with --output",
            )


def _refuse_to_replace_an_input(job: Job, inputs: Sequence[Input], folder: Folder) -> None:
    files = {_identity(each.path): each.path for each in inputs}
    for each in inputs:
        output = folder.place(job.output_of(each.name))
        if (replaced := files.get(_identity(output))) is not None:
            raise UsageError(
                f"the result of {each.path} would replace {replaced}, which is to be read",
                hint="name another folder with --output",
            )


def _identity(path: str) -> object:
    """One value for all paths of a file, links followed; for anything else, such as an address, the text itself."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return path
    return found.st_dev, found.st_ino


def _write_report(folder: Folder, outcomes: Sequence[Outcome]) -> None:
    lines = [json.dumps(outcome.line(), ensure_ascii=False) + "\n" for outcome in outcomes]
    _write_if_new(folder, REPORT, "".join(lines).encode("utf-8", "surrogatepass"))
    if (table := _table(outcomes)) is not None:
        _write_if_new(folder, TABLE, table)


def _write_if_new(folder: Folder, name: str, data: bytes) -> None:
    if folder.read(name) != data:
        folder.write(name, data)


def _table(outcomes: Sequence[Outcome]) -> bytes | None:
    """The report as Parquet; None without pyarrow."""
    try:
        import pyarrow as pa  # type: ignore[import-not-found,import-untyped,unused-ignore] # optional, has no types
        import pyarrow.parquet as pq  # type: ignore[import-not-found,import-untyped,unused-ignore] # as above
    except ImportError:
        return None
    schema = pa.schema(
        [
            ("input", pa.string()),
            ("output", pa.string()),
            ("status", pa.string()),
            ("failed", pa.bool_()),
            ("records", pa.int64()),
            ("counts", pa.map_(pa.string(), pa.int64())),
            ("problems", pa.list_(pa.string())),
        ]
    )
    rows: list[dict[str, Any]] = []
    for outcome in outcomes:
        line = outcome.line()
        rows.append({**line, "counts": list(line["counts"].items())})
    written = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), written)
    return written.getvalue()
