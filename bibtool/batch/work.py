"""One file of a batch: read, worked on, and the result written. Runs in processes of its own."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from bibtool.batch.files import read
from bibtool.batch.spill import spilled, works_of
from bibtool.errors import BibtoolError
from bibtool.problems import Severity
from bibtool.structs import dataclass, field, fields, replace
from bibtool.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.batch.files import Folder, Input
    from bibtool.model.record import Record
    from bibtool.problems import Problem
    from bibtool.project.verify_index import IndexChecker
    from bibtool.store.index.base import Index

DONE: Final = "done"
FAILED: Final = "failed"
_MAX_SHOWN: Final = 20  # problems of a file in the report


@dataclass(frozen=True, slots=True)
class Job:
    """What is done with each file: ``kind`` is convert, enrich, check, verify or dedupe (of which it is the reading).

    ``options`` are values of JSON. Steps of `bibtool.batch.blocks` are jobs of other kinds.
    """

    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The same for jobs that make the same of the same file: version, kind, options, and the state of indexes."""
        indexes = [_state_of(path) for path in self.options.get("indexes", ())]
        said = json.dumps([VERSION, self.kind, dict(self.options), indexes], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()

    def output_of(self, name: str) -> str:
        """The name of the result for an input: ``a/refs.json`` of a conversion, ``a/refs.bib.json`` of a report."""
        if self.kind == "dedupe":
            return works_of(name)
        if "suffix" not in self.options:
            return f"{name}.json"
        return str(PurePosixPath(name).with_suffix(self.options["suffix"]))


def _state_of(index: str) -> list[Any]:
    """What tells whether an index has changed, without reading it."""
    from bibtool.store.index import is_address, open_index

    if is_address(index):
        opened = open_index(index)
        try:
            return [[source.name, source.records, source.added] for source in opened.info().sources]
        finally:
            opened.close()
    status = Path(index).stat()
    return [status.st_size, status.st_mtime_ns]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: a line of the report, and what tells whether it has to be repeated.

    ``counts``: findings by code, verdicts, or problems by severity. ``problems``: the first of them, in words.
    ``failed`` says that the file asks for exit code 1. ``digest`` and ``output_digest`` are SHA-256, in hexadecimal.
    """

    input: str
    output: str = ""
    status: str = DONE
    failed: bool = False
    records: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    digest: str = ""
    output_digest: str = ""

    def values(self) -> dict[str, Any]:
        """Name and value of each field; lists and tables are those of the outcome."""
        return {name: getattr(self, name) for name in _FIELDS}

    def line(self) -> dict[str, Any]:
        """The line of the report, without digests and what is only kept for the next run."""
        said = self.values()
        del said["digest"], said["output_digest"]
        if self.output == works_of(self.input):
            said["output"] = ""
        return said


_FIELDS: Final = tuple(each.name for each in fields(Outcome))


def digest_of(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def do(job: Job, folder: Folder, each: Input) -> Outcome:
    """What becomes of a file, whose result is in the folder then; a file that can't be read is an outcome, too."""
    digest = ""
    try:
        data = read(each.path)
        digest = digest_of(data)
        result, outcome = _WORK[job.kind](data, each, job.options)
        output = job.output_of(each.name)
        folder.write(output, result)
    except BibtoolError as error:
        return Outcome(each.name, status=FAILED, failed=True, problems=[str(error)], digest=digest)
    except RecursionError:
        return Outcome(each.name, status=FAILED, failed=True, problems=["nested too deeply"], digest=digest)
    return replace(outcome, output=output, digest=digest, output_digest=digest_of(result))


def _convert(data: bytes, each: Input, options: Mapping[str, Any]) -> tuple[bytes, Outcome]:
    from bibtool.formats.base import ReadOptions
    from bibtool.formats.registry import read_bytes

    result = read_bytes(data, options["source"], ReadOptions(path=each.name))
    written, records, found = _written(result.records, options)
    problems = [*result.problems, *found]
    return written, Outcome(
        each.name,
        failed=any(problem.severity is Severity.ERROR for problem in problems),
        records=records,
        counts=dict(sorted(Counter(str(problem.severity) for problem in problems).items())),
        problems=[str(problem) for problem in problems[:_MAX_SHOWN]],
    )


def _written(records: Sequence[Record], options: Mapping[str, Any]) -> tuple[bytes, int, Sequence[Problem]]:
    """The records in the format of the options, how many there are, and what could not be written."""
    from bibtool.formats.base import WriteOptions
    from bibtool.formats.bibtex.tidy.options import TidyOptions
    from bibtool.formats.omit import field_names, fields_in
    from bibtool.formats.registry import write_bytes
    from bibtool.model.keys import assign_keys

    keyed = assign_keys(records, template=options["key_template"])
    omitted = field_names(options["omit"], fields_in(keyed)) if options["omit"] else ()
    layout: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in options["layout"].items()
    }
    written = write_bytes(
        keyed, options["target"], WriteOptions(latex=options["latex"], omit=omitted, layout=TidyOptions(**layout))
    )
    return written.data, len(keyed), written.problems


def _enrich(data: bytes, each: Input, options: Mapping[str, Any]) -> tuple[bytes, Outcome]:
    from bibtool.formats.base import ReadOptions
    from bibtool.formats.registry import read_bytes
    from bibtool.project.indexed import held

    result = read_bytes(data, options["source"], ReadOptions(path=each.name))
    paths = tuple(options["indexes"])
    indexes, day = _indexes(paths), _date_of(paths)
    records: list[Record] = []
    notes: list[str] = []
    counts: Counter[str] = Counter()
    for record in result.records:
        looked = held(record, indexes, day)
        if looked is None:
            records.append(record)
            counts["unknown"] += 1
            continue
        records.append(looked.after)
        counts["complete" if _same_content(looked.after, record) else "completed"] += 1
        notes += [f"{each.name}: {record.key}: {note}" for note in looked.notes]
    written, number, found = _written(records, options)
    problems = [*result.problems, *found]
    return written, Outcome(
        each.name,
        failed=any(problem.severity is Severity.ERROR for problem in problems),
        records=number,
        counts=dict(sorted(counts.items())),
        problems=[*map(str, problems), *notes][:_MAX_SHOWN],
    )


def _same_content(record: Record, other: Record) -> bool:
    return (record.type, record.variables, record.arxiv) == (other.type, other.variables, other.arxiv)


def _date_of(paths: Sequence[str]) -> str:
    """The day of the newest index, so that a run on another day gives the same."""
    newest = max(Path(path).stat().st_mtime for path in paths)
    return datetime.fromtimestamp(newest, tz=UTC).date().isoformat()


def _check(data: bytes, each: Input, options: Mapping[str, Any]) -> tuple[bytes, Outcome]:
    from bibtool.check.engine import check
    from bibtool.check.reports import to_concise, to_json
    from bibtool.check.settings import CheckSettings
    from bibtool.check.source import CheckedFile

    file = CheckedFile.from_bytes(data, each.name)
    settings = CheckSettings(
        select=tuple(options["select"]),
        ignore=tuple(options["ignore"]),
        dialect=options["dialect"],
        per_file_ignores={path: tuple(codes) for path, codes in options["per_file_ignores"].items()},
    )
    findings = check((file,), settings)
    said = to_json(findings, entries=len(file.document.entries), files=[each.name])
    return said.encode(), Outcome(
        each.name,
        failed=any(finding.severity is not Severity.NOTE for finding in findings),
        records=len(file.document.entries),
        counts=dict(sorted(Counter(finding.code for finding in findings).items())),
        problems=to_concise(findings[:_MAX_SHOWN]).splitlines(),
    )


def _verify(data: bytes, each: Input, options: Mapping[str, Any]) -> tuple[bytes, Outcome]:
    from bibtool.formats.base import ReadOptions
    from bibtool.formats.registry import read_bytes
    from bibtool.project.verify import CONFIRMED, own_retraction, place_of, sentence, to_json

    checker = _checker(tuple(options["indexes"]))
    read_in = read_bytes(data, None, ReadOptions(path=each.name))
    results = []
    for record in read_in.records:
        result = checker.check(record)
        if not result.retracted and (own := own_retraction(record)):
            result = replace(result, retracted=own)
        results.append((result, place_of(record, each.name)))
    said = to_json(results)
    counts: dict[str, int] = said["counts"]
    errors = [str(problem) for problem in read_in.problems if problem.severity is Severity.ERROR]
    open_ones = [
        f"{place}: {sentence(result)}" for result, place in results if result.verdict != CONFIRMED or result.retracted
    ]
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode(), Outcome(
        each.name,
        failed=bool(errors) or any(counts[name] for name in options["fail_on"]),
        records=len(results),
        counts={name: number for name, number in counts.items() if number},
        problems=[*errors, *open_ones][:_MAX_SHOWN],
    )


def _dedupe(data: bytes, each: Input, options: Mapping[str, Any]) -> tuple[bytes, Outcome]:
    from bibtool.formats.base import ReadOptions
    from bibtool.formats.registry import read_bytes
    from bibtool.project.verify import place_of

    result = read_bytes(data, options["source"], ReadOptions(path=each.name))
    problems = [str(problem) for problem in result.problems if problem.severity is Severity.ERROR]
    written = spilled((record, place_of(record, each.name).line or None) for record in result.records)
    return written, Outcome(
        each.name, failed=bool(problems), records=len(result.records), problems=problems[:_MAX_SHOWN]
    )


@lru_cache(maxsize=4)
def _checker(indexes: tuple[str, ...]) -> IndexChecker:
    """The indexes, opened once in each process and left open until it ends."""
    from bibtool.project.verify_index import IndexChecker

    return IndexChecker(_indexes(indexes))


@lru_cache(maxsize=4)
def _indexes(indexes: tuple[str, ...]) -> list[Index]:
    from bibtool.store.index import open_index

    return [open_index(index) for index in indexes]


_WORK: Final = {"convert": _convert, "enrich": _enrich, "check": _check, "verify": _verify, "dedupe": _dedupe}
