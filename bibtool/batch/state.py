"""What a batch has done already: in segments below ``.bibtool-batch`` in the folder of its outputs.

A segment is a file of JSON lines, written as a whole, so that a run that is killed loses at most the last seconds, and
so that object stores, which can't append, will do. A line counts if job and input are the same and the output is still
there as it was written.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bibtool.batch.work import Outcome, digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bibtool.batch.files import Folder
    from bibtool.batch.work import Job

FOLDER = ".bibtool-batch"
_TYPES = {name: type(value) for name, value in Outcome("").values().items()}


class State:
    """What was done by earlier runs of a job, and what this one adds."""

    def __init__(self, folder: Folder, job: Job) -> None:
        self._folder = folder
        self._job = job
        self._fingerprint = job.fingerprint
        self._segments = [name for name in folder.names(FOLDER) if name.endswith(".jsonl")]
        self._next = max((int(stem) for name in self._segments if (stem := name[:-6]).isdigit()), default=-1) + 1
        self._known = {outcome.input: outcome for outcome in self._read()}
        self._waiting: list[Outcome] = []

    def _read(self) -> Iterator[Outcome]:
        for name in self._segments:
            for line in (self._folder.read(f"{FOLDER}/{name}") or b"").splitlines():
                try:
                    said: Any = json.loads(line)
                except (ValueError, RecursionError):
                    continue
                if not isinstance(said, dict) or said.pop("job", None) != self._fingerprint:
                    continue
                # what is of a later version, or damaged, is done again
                if said.keys() == _TYPES.keys() and all(type(said[name]) is kind for name, kind in _TYPES.items()):
                    yield Outcome(**said)

    def done(self, name: str, digest: Callable[[], str]) -> Outcome | None:
        """What became of an input of this digest, if its output is still as it was written; else None.

        The digest is only asked for where something is known of the input: a first run reads no file twice.
        """
        outcome = self._known.get(name)
        if outcome is None or not outcome.digest or outcome.digest != digest():
            return None
        if not outcome.output:
            return outcome
        if outcome.output != self._job.output_of(name):
            return None
        written = self._folder.read(outcome.output)
        return outcome if written is not None and digest_of(written) == outcome.output_digest else None

    def add(self, outcome: Outcome) -> None:
        """Note what became of a file; `save` makes it last."""
        self._waiting.append(outcome)

    def save(self) -> None:
        """Write what is new as a segment."""
        if self._waiting:
            self._write(self._waiting)
            self._waiting = []

    def finish(self, outcomes: Iterable[Outcome]) -> None:
        """Replace all segments by one."""
        old = [name for name in self._folder.names(FOLDER) if name.endswith(".jsonl")]
        kept = self._write(list(outcomes))
        for name in old:
            if name != kept:
                self._folder.remove(f"{FOLDER}/{name}")
        self._waiting = []

    def _write(self, outcomes: list[Outcome]) -> str:
        lines = [json.dumps({"job": self._fingerprint, **each.values()}, ensure_ascii=False) for each in outcomes]
        name = f"{self._next:06}.jsonl"
        self._next += 1
        self._folder.write(f"{FOLDER}/{name}", "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass"))
        return name
