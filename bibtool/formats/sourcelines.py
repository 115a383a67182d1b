"""Lines of the source for what was read from a text made of it, such as what a web page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.formats.base import ReadResult
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.base import ReadOptions
    from bibtool.model.record import Record
    from bibtool.problems import Problem


def at_lines_of_source(result: ReadResult, lines: Sequence[int], options: ReadOptions) -> ReadResult:
    """The result with lines of the source in provenance, problems and readings.

    ``lines`` has, for each line of the text that was read, that of the source; it has one at least.
    """
    moved = {id(record): _moved(record, lines, options) for record in result.records}
    readings = tuple(
        replace(
            reading,
            record=moved.get(id(reading.record)) or _moved(reading.record, lines, options),
            line=_line_of(lines, reading.line),
        )
        for reading in result.readings
    )
    return ReadResult(tuple(moved.values()), tuple(_at_line(problem, lines) for problem in result.problems), readings)


def _line_of(lines: Sequence[int], number: int) -> int:
    return lines[min(max(number, 1), len(lines)) - 1]


def _at_line(problem: Problem, lines: Sequence[int]) -> Problem:
    number = problem.position.line
    if number is None:
        return problem
    moved = _line_of(lines, number)
    hint = problem.hint and problem.hint.replace(f"--accept {number}`", f"--accept {moved}`")
    return replace(problem, position=replace(problem.position, line=moved), hint=hint)


def _moved(record: Record, lines: Sequence[int], options: ReadOptions) -> Record:
    prefix = f"{options.path}:"
    provenance = {
        name: replace(origin, detail=f"{prefix}{_line_of(lines, int(number))}")
        if origin.detail.startswith(prefix) and (number := origin.detail[len(prefix) :]).isdigit()
        else origin
        for name, origin in record.provenance.items()
    }
    return replace(record, provenance=provenance)
