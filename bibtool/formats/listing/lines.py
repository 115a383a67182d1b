"""The lines of a pasted text, cleaned of what browsers insert, with their places in the input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.problems import Position, Problem, Severity
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bibtool.formats.base import ReadOptions

MAX_LINE: Final = 100_000  # characters; the longest abstracts have some thousand
MAX_LINES: Final = 400_000  # a hundred thousand records; bounds the memory that hostile input can take
MAX_RAW: Final = 20_000  # characters of a faulty text that a problem repeats

_BLANKS: Final = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_INVISIBLE: Final = dict.fromkeys([0x200B, 0x200E, 0x200F, 0x202A, 0x202C, 0x2060, 0xFEFF, 0xAD], "")
_CLEAN: Final = {**_BLANKS, **_INVISIBLE}


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank.

    ``number`` and ``column`` (of the first visible character) count from 1; ``text`` is cleaned, ``raw`` unchanged;
    ``gap`` is true if a blank line or the beginning of the input comes before.
    """

    number: int
    column: int
    text: str
    raw: str
    gap: bool

    def problem(
        self,
        options: ReadOptions,
        code: str,
        message: str,
        *,
        severity: Severity = Severity.ERROR,
        offset: int = 0,
        raw: str | None = None,
        hint: str | None = None,
    ) -> Problem:
        """A problem of the line, or of a character of it; ``raw`` is the line itself if it is not given."""
        raw = self.raw if raw is None else raw
        column = self.column + offset
        return options.problem(self.number, code, message, raw, severity=severity, column=column, hint=hint)


def clean(raw: str) -> str:
    """The text without invisible characters, with plain spaces only, and none at the ends. Tabs inside stay."""
    return (raw if raw.isascii() else raw.translate(_CLEAN)).strip()


def clip(raw: str) -> str:
    """The text, cut at `MAX_RAW` characters with a note of how many are left out."""
    if len(raw) <= MAX_RAW:
        return raw
    return f"{raw[:MAX_RAW]}... ({len(raw) - MAX_RAW} more characters)"


def raw_text(lines: Iterable[Line]) -> str:
    """The unchanged lines, cut as `clip` does."""
    return clip("\n".join(line.raw for line in lines))


def split_lines(text: str, path: str) -> tuple[list[Line], list[Problem]]:
    """All lines that are not blank, and problems for lines that are too long or too many. Ends are LF, CR LF or CR."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines: list[Line] = []
    problems: list[Problem] = []
    at, number, gap = 0, 0, True
    while at < len(text):
        number += 1
        if number > MAX_LINES:
            problems.append(_too_many(text, at, number, path))
            break
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if end - at > MAX_LINE:
            problems.append(_too_long(text[at:end], number, path))
            gap = True
        else:
            raw = text[at:end]
            if cleaned := clean(raw):
                column = len(raw) - len(raw.lstrip()) + 1
                lines.append(Line(number, column, cleaned, raw, gap))
                gap = False
            else:
                gap = True
        at = end + 1
    if len(lines) > 4 and sum(line.gap for line in lines) > 0.8 * len(lines):
        # a blank line between all lines tells nothing about paragraphs
        lines = [Line(x.number, x.column, x.text, x.raw, gap=False) for x in lines]
    return lines, problems


def _too_long(raw: str, number: int, path: str) -> Problem:
    return Problem(
        code="listing-long-line",
        message=f"a line of {len(raw)} characters is not part of a listing; it was left out",
        position=Position(path, number, 1),
        raw=clip(raw),
        hint=f"lines may have up to {MAX_LINE} characters",
    )


def _too_many(text: str, at: int, number: int, path: str) -> Problem:
    return Problem(
        code="listing-too-many-lines",
        message=f"the input has more than {MAX_LINES} lines; the rest was left out",
        position=Position(path, number, 1),
        raw=f"{text[at : at + MAX_RAW]}... ({max(0, len(text) - at - MAX_RAW)} more characters)",
        hint="split the file",
    )


def unplaced(lines: Sequence[Line], path: str) -> list[Problem]:
    """One note for each run of neighbouring lines that belong to no record."""
    out: list[Problem] = []
    run: list[Line] = []
    for line in lines:
        if run and line.number > run[-1].number + 1:
            out.append(_note(run, path))
            run = []
        run.append(line)
    if run:
        out.append(_note(run, path))
    return out


def _note(run: Sequence[Line], path: str) -> Problem:
    count = f"{len(run)} lines belong" if len(run) > 1 else "this line belongs"
    raw, size = [], 0
    for line in run:
        raw.append(line.raw)
        size += len(line.raw) + 1
        if size > MAX_RAW and line is not run[-1]:
            raw.append(f"... (up to line {run[-1].number})")
            break
    return Problem(
        code="listing-unplaced",
        message=f"{count} to no record: {run[0].text[:60]!r}",
        severity=Severity.NOTE,
        position=Position(path, run[0].number, run[0].column),
        raw="\n".join(raw),
    )
