"""Reads a list of formatted references, in whatever style and language it was set.

The text is cut into references (`segment`), a sequence model says which part each word belongs to (`model`), and the
parts become a record (`parts`). Each record has the certainty of its values as provenance, and the text of the
reference as a leftover. A reference that is not clear is doubtful: it is among the records with a warning, and
`bibtool import` leaves it out unless it is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bibtool.formats.base import Reading, ReadResult, decode_text, head_text
from bibtool.formats.references.parts import SOURCE, parse, parts_of
from bibtool.formats.references.segment import MAX_LENGTH, segments_of
from bibtool.formats.references.tokens import tokens_of
from bibtool.lazy import lazy_pattern
from bibtool.model.record import Leftover, Provenance
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bibtool.formats.base import ReadOptions
    from bibtool.formats.references.segment import Segment
    from bibtool.problems import Problem

TAKEN_FROM: Final = 0.8
"""The confidence from which a record is taken without doubt."""

_LEAST: Final = 0.05  # below it a line is no reference at all
_NAMES: Final = {"author": "the authors", "title": "the title", "issued": "the year"}


@dataclass(frozen=True, slots=True)
class Readings:
    """The references of a text in their order, and the lines that were not read."""

    readings: tuple[Reading, ...]
    rest: tuple[tuple[int, str], ...]


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The records of a list of references, in its order; a warning for each that is not clear.

    Raises `InputError` for an empty or binary input; a text without any reference gives a problem.
    """
    text, problems = decode_text(data, options)
    result = read_lines(enumerate(text.splitlines(), start=1), options)
    everything = [*problems, *problems_of(result, options)]
    everything.sort(key=lambda problem: problem.position.line or 0)
    return ReadResult(tuple(reading.record for reading in result.readings), tuple(everything), result.readings)


def read_lines(lines: Iterable[tuple[int, str]], options: ReadOptions) -> Readings:
    """The references in numbered lines, which are one list."""
    found = segments_of(lines)
    rest = list(found.rest)
    readings = []
    for segment in found.segments:
        reading = _read(segment, options)
        if reading is None:
            rest.append((segment.line, segment.raw))
        else:
            readings.append(reading)
    return Readings(tuple(readings), tuple(sorted(rest)))


def _read(segment: Segment, options: ReadOptions) -> Reading | None:
    """The reading of one reference; None where it is none."""
    from bibtool.formats.references.model import default_model

    tokens = tokens_of(segment.text)
    if len(tokens) < 3:
        return None
    tagging = default_model().tag(segment.text, tokens)
    parts = parts_of(segment.text, tokens, tagging.labels, tagging.sure)
    parsed = parse(segment.text, parts, segment.line)
    fields = {name: round(sure, 3) for name, sure in parsed.fields.items()}
    if ("title" not in fields and "author" not in fields) or len(fields) < 2:
        return None
    confidence, doubt = _judged(fields)
    if confidence < _LEAST:
        return None
    record = parsed.draft.build(options)
    origin = Provenance(source=SOURCE, detail=f"{options.path}:{segment.line}", when=options.when)
    names = [*record.variables, "type", *(["arxiv.id"] if record.arxiv is not None else [])]
    record = replace(
        record,
        leftovers=(*record.leftovers, Leftover(SOURCE, "reference", segment.raw)),
        provenance={name: replace(origin, confidence=fields.get(name, confidence)) for name in names},
    )
    return Reading(record, segment.line, segment.raw, round(confidence, 3), fields, doubt)


def _judged(fields: dict[str, float]) -> tuple[float, str]:
    """How likely authors, title and year are right, and why that is not enough ("" where it is)."""
    confidence = 1.0
    unclear = []
    for name, said in _NAMES.items():
        sure = fields.get(name)
        if sure is None:
            sure = 0.6
            unclear.append(f"{said} could not be found")
        elif sure < TAKEN_FROM:
            unclear.append(f"{said} may be wrong")
        confidence *= sure
    if confidence >= TAKEN_FROM:
        return confidence, ""
    return confidence, ", ".join(unclear) or "its parts are not clear"


def problems_of(result: Readings, options: ReadOptions) -> list[Problem]:
    """What a person has to look at: doubtful references, and lines that were not read."""
    problems = [
        options.problem(
            reading.line,
            "references-doubtful",
            f"{reading.doubt}: {_short(reading.raw)}",
            reading.raw[:MAX_LENGTH],
            hint=f"compare the record with the line; `bibtool import --accept {reading.line}` takes it as it is",
        )
        for reading in result.readings
        if reading.doubt
    ]
    problems += [
        options.problem(
            line,
            "references-unread",
            f"this was not read as a reference: {_short(raw)}",
            raw[:MAX_LENGTH],
            severity=Severity.NOTE,
        )
        for line, raw in result.rest
    ]
    if not result.readings:
        problems.insert(
            0,
            options.problem(
                1,
                "references-nothing-found",
                "no reference was found in this text",
                severity=Severity.ERROR,
                hint="a reference has authors, a title and a year; `--from listing` reads profile pages",
            ),
        )
    return problems


def _short(text: str) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= 60 else text[:57] + "...")


_FOREIGN = lazy_pattern(r"\s*(?:@\s*[A-Za-z]+\s*[{(]|[{\[]\s*[\"{\]}]|<[?!A-Za-z]|TY  - |%0 |PMID- |%PDF|PK\x03)")
_YEAR = lazy_pattern(r"(?<!\d)(?:1[5-9]\d\d|20[0-3]\d)(?!\d)")
_NAMED = lazy_pattern(
    r"[^\W\d_a-zß-ÿ][\w’'-]+,?\s+(?:[^\W\d_]\.|[A-Z]{1,3}\b)|(?:^|\s)[^\W\d_]\.\s?-?(?:[^\W\d_]\.\s?)*[^\W\d_a-zß-ÿ]\w+"
)


def sniff(head: bytes) -> int:
    """How surely these first bytes are a list of references: 0 (no) to 60."""
    text = head_text(head)
    if _FOREIGN.match(text):
        return 0
    found = segments_of(enumerate(text.splitlines()[:400], start=1)).segments[:40]
    if not found:
        return 0
    good = sum(looks_like_reference(segment.text) for segment in found)
    if good * 10 >= len(found) * 6:
        return 60
    return 15 if good * 10 >= len(found) * 3 else 0


def looks_like_reference(text: str) -> bool:
    """True for a line with a year, somebody's initials, and some sentences: cheap, and only a first look."""
    if not 30 <= len(text) <= MAX_LENGTH or _YEAR.search(text) is None:
        return False
    marks = text.count(". ") + text.count(", ") + text.count(": ") + text.count("; ")
    return marks >= 3 and _NAMED.search(text) is not None and sum(map(str.isalpha, text)) * 2 > len(text)
