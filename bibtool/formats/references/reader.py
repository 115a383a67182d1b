"""Reads a list of formatted references, in whatever style and language it was set.

The text is cut into references (`segment`), a sequence model says which part each word belongs to (`model`), and the
parts become a record (`parts`). Each record has the certainty of its values as provenance, and the text of the
reference as a leftover. A reference that is not clear is doubtful: it is among the records with a warning, and
`bibtool import` leaves it out unless it is accepted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.formats.base import Reading, ReadResult, decode_text, head_text
from bibtool.formats.references.certainty import confidence_of, doubt_of, evidence
from bibtool.formats.references.consensus import Consensus, is_clear, steps_of
from bibtool.formats.references.parts import SOURCE, parse, parts_of
from bibtool.formats.references.repair import repaired
from bibtool.formats.references.segment import MAX_LENGTH, SAME_NAMES, segments_of
from bibtool.formats.references.titles import title_from_stop
from bibtool.formats.references.tokens import gaps_of, tokens_of, width
from bibtool.lazy import lazy_pattern
from bibtool.model.record import Leftover, Provenance
from bibtool.problems import Severity
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bibtool.formats.base import ReadOptions
    from bibtool.formats.references.segment import Segment
    from bibtool.formats.references.tokens import Token
    from bibtool.problems import Problem

_LEAST: Final = 0.05  # a line with less confidence is not a reference at all
_LEAST_TOKENS: Final = 3
_LEAST_WIDTH: Final = 30  # of a reference
_HEADING_WORDS: Final = 5  # a numbered line of so few words and no year may be a heading
_DECISIVE: Final = frozenset({"author", "title", "date"})
_SURE: Final = 0.95  # a reference whose authors, title and year are that certain is not read again with its list


@dataclass(frozen=True, slots=True)
class Readings:
    """The references of a text in their order, and the lines that were not read."""

    readings: tuple[Reading, ...]
    rest: tuple[tuple[int, str], ...]
    items: frozenset[int] = frozenset()
    """The lines of ``rest`` that begin with a number or label of the list."""


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
    segments, taggings = _tagged_segments(found.segments)
    readings = []
    items = set()
    for segment, tagged in zip(segments, taggings, strict=True):
        reading = _reading(segment, tagged, options) if tagged is not None else None
        if reading is None:
            rest.append((segment.line, segment.raw))
            if segment.label and (segment.text.count(" ") >= _HEADING_WORDS or _YEAR.search(segment.text)):
                items.add(segment.line)
        else:
            readings.append(reading)
    return Readings(tuple(readings), tuple(sorted(rest)), frozenset(items))


@dataclass(slots=True)
class _Tagged:
    """A reference with the labels of its tokens, and how far it is set as its list is."""

    tokens: list[Token]
    gaps: list[str]
    labels: list[str]
    sure: list[float]
    scores: list[list[float]] | None  # None where it need not be read again
    agreement: float | None = None


def _tagged_segments(segments: Sequence[Segment]) -> tuple[Sequence[Segment], list[_Tagged | None]]:
    """The references with their labels; dashes in place of names are replaced by the names of the reference before."""
    taggings = _tagged_list(segments)
    if not any(SAME_NAMES.match(segment.text) for segment in segments):
        return segments, taggings
    names = ""
    out: list[Segment] = []
    for segment, tagged in zip(segments, taggings, strict=True):
        same = SAME_NAMES.match(segment.text)
        if same is None:
            names = _leading_names(segment.text, tagged)
            out.append(segment)
        else:
            out.append(replace(segment, text=f"{names}{segment.text[same.end() :]}") if names else segment)
    return out, _tagged_list(out)


def _leading_names(text: str, tagged: _Tagged | None) -> str:
    """The text of the people that a reference begins with, without the punctuation after them."""
    end = 0
    for token, label in zip(tagged.tokens, tagged.labels, strict=True) if tagged is not None else ():
        if label not in ("author", "editor"):
            break
        end = token.end
    return text[:end]


def _tagged_list(segments: Sequence[Segment]) -> list[_Tagged | None]:
    """The labels of each reference; what is not clear by itself is read again in the style of the list."""
    from bibtool.formats.references.model import default_model

    model = default_model()
    every: list[_Tagged | None] = []
    for segment in segments:
        tokens = tokens_of(segment.text)
        if len(tokens) < _LEAST_TOKENS:
            every.append(None)
            continue
        gaps = gaps_of(segment.text, tokens)
        scores = model.scores(tokens, gaps)
        tagging = model.tag(scores)
        clear = _least_sure(tagging.labels, tagging.sure) >= _SURE
        every.append(_Tagged(tokens, gaps, tagging.labels, tagging.sure, None if clear else scores))
    consensus = Consensus({label: place for place, label in enumerate(model.labels)})
    shown = set()
    for index, tagged in enumerate(every):
        if tagged is not None and is_clear(tagged.labels, tagged.sure):
            shown.add(index)
            consensus.add(steps_of(tagged.labels, tagged.gaps))
    if not consensus.is_one_style():
        return every
    names_end = consensus.usual_gap("author", "title")
    for index, tagged in enumerate(every):
        if tagged is None:
            continue
        if tagged.scores is not None:
            bonus = [consensus.bonus(gap) for gap in tagged.gaps[: len(tagged.tokens)]]
            again = model.tag(tagged.scores, bonus)
            tagged.scores = None
            if again.labels != tagged.labels:
                tagged.labels, tagged.sure = again.labels, again.sure
        if names_end == ". ":
            tagged.labels = title_from_stop(tagged.labels, tagged.gaps)
        tagged.agreement = consensus.agreement(steps_of(tagged.labels, tagged.gaps), own=index in shown)
    return every


def _least_sure(labels: Sequence[str], sure: Sequence[float]) -> float:
    pairs = zip(labels, sure, strict=True)
    return min((value for label, value in pairs if label in _DECISIVE), default=0.0)


def _reading(segment: Segment, tagged: _Tagged, options: ReadOptions) -> Reading | None:
    """The reading of one reference; None where it is none, or the source of one."""
    if _SOURCE_CODE.search(segment.text) and _SOURCE_CODE.search(_MATH.sub("", segment.text)):
        return None
    labels = repaired(segment.text, tagged.tokens, tagged.gaps, tagged.labels)
    parts = parts_of(segment.text, tagged.tokens, labels, tagged.sure)
    parsed = parse(segment.text, parts, segment.line)
    fields = {name: round(sure, 3) for name, sure in parsed.fields.items()}
    if ("title" not in fields and "author" not in fields) or len(fields) < 2:
        return None
    confidence = confidence_of(evidence(fields, parts, tagged.agreement, repaired=labels != tagged.labels))
    if confidence < _LEAST:
        return None
    record = parsed.draft.build(options)
    origin = Provenance(source=SOURCE, detail=f"{options.path}:{segment.line}", when=options.when)
    names = [*record.variables, "type", *(["arxiv.id"] if record.arxiv is not None else [])]
    record = replace(
        record,
        leftovers=(*record.leftovers, Leftover(SOURCE, "reference", segment.raw)),
        provenance={name: replace(origin, confidence=fields.get(name, round(confidence, 3))) for name in names},
    )
    return Reading(record, segment.line, segment.raw, round(confidence, 3), fields, doubt_of(fields, confidence))


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
            severity=Severity.ERROR if line in result.items or looks_like_reference(raw) else Severity.NOTE,
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


# commands of LaTeX: readers of their own know what they mean
_SOURCE_CODE = lazy_pattern(r"\\[a-z]{3,}")
_MATH = lazy_pattern(r"\\\(.{0,200}?\\\)|\$[^$]{1,200}\$")  # of a title, where commands are no source
_FOREIGN = lazy_pattern(r"\s*(?:@\s*[A-Za-z]+\s*[{(]|[{\[]\s*[\"{\]}]|<[?!A-Za-z]|TY  - |%0 |PMID- |%PDF|PK\x03)")
_MOST_LINES: Final = 8  # of a reference with the lines around it, on average
_ADDRESS = lazy_pattern(r"https?://\S+|10\.\d{4,9}/\S+")
_YEAR = lazy_pattern(r"(?<!\d)(?:1[5-9]\d\d|20[0-3]\d)(?!\d)")
_NAMED = lazy_pattern(
    r"[^\W\d_a-zß-ÿ][\w’'-]+,?\s+(?:[^\W\d_]\.|[A-Z]{1,3}\b)|(?:^|\s)[^\W\d_]\.\s?-?(?:[^\W\d_]\.\s?)*[^\W\d_a-zß-ÿ]\w+"
    r"|(?:[^\W\d_a-zß-ÿ][\w’'-]+\s){1,3}[^\W\d_a-zß-ÿ][\w’'-]+(?:,|:|\sand|\sund|\set)\s[^\W\d_a-zß-ÿ][\w’'-]+\s"
    r"|^[“\"«]?(?:[^\W\d_A-ZÀ-Þ][\w’']*\s)*[^\W\d_a-zß-ÿ][\w’'-]+,\s[^\W\d_a-zß-ÿ][\w’'-]+(?:\s[^\W\d_]\.)*(?:[,.:;]|\s[(&])"
    r"|[\u3040-\u30ff\u4e00-\u9fff]{2,4}[,，.．、：:『「《（・]"
)


def sniff(head: bytes) -> int:
    """How surely these first bytes are a list of references: 0 (no) to 70."""
    text = head_text(head)
    if _FOREIGN.match(text):
        return 0
    lines = text.splitlines()[:400]
    found = segments_of(enumerate(lines, start=1)).segments[:40]
    last = found[-1].line + found[-1].raw.count("\n") if found else 0
    if not found or last > _MOST_LINES * len(found):
        return 0
    good = sum(looks_like_reference(segment.text) for segment in found)
    if good * 10 >= len(found) * 9:
        return 70  # more than a page of works has for the suffix .txt
    if good * 10 >= len(found) * 6:
        return 60
    return 10 if good * 10 >= len(found) * 3 else 0


def looks_like_reference(text: str) -> bool:
    """True for a line with a year, somebody's initials, and some sentences: cheap, and only a first look."""
    if len(text) > MAX_LENGTH or width(text) < _LEAST_WIDTH or _YEAR.search(text) is None:
        return False
    marks = sum(map(text.count, (". ", ", ", ": ", "; ", "，", "．")))
    text = _ADDRESS.sub("", text)
    return marks >= 3 and _NAMED.search(text) is not None and sum(map(str.isalpha, text)) * 2 > len(text)
