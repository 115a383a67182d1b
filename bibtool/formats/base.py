"""Arguments and results of all readers and writers.

A reader is ``read(data: bytes, options: ReadOptions) -> ReadResult``; it raises `InputError` only where there is
nothing to read at all. A writer is ``write(records: Sequence[Record], options: WriteOptions) -> WriteResult``.

Where records do not depend on each other, a format also has a reader that gives them one by one, and a writer that
takes them one by one and gives the bytes in pieces. Both are generators whose return value is the tuple of problems,
as these are only known at the end; `gathered` and `joined` make the results of the others of them.
"""

from __future__ import annotations

from io import BytesIO
from itertools import islice

from bibtool.collector import collector_paused
from bibtool.errors import InputError, ProblemsFoundError, UnknownNameError
from bibtool.limits import MAX_BYTES
from bibtool.model.text.decode import BYTE_ORDER_MARKS, decode, encoding_problem, readable
from bibtool.model.text.lines import LineIndex
from bibtool.problems import Position, Problem, Severity
from bibtool.structs import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias, TypeVar

    from bibtool.formats.bibtex.tidy.options import TidyOptions
    from bibtool.model.record import Record

    Reader: TypeAlias = "Callable[[bytes, ReadOptions], ReadResult]"
    Writer: TypeAlias = "Callable[[Sequence[Record], WriteOptions], WriteResult]"
    Records: TypeAlias = "Generator[Record, None, tuple[Problem, ...]]"
    Pieces: TypeAlias = "Generator[bytes, None, tuple[Problem, ...]]"
    ReaderByOne: TypeAlias = "Callable[[bytes, ReadOptions], Records]"
    WriterByOne: TypeAlias = "Callable[[Iterable[Record], WriteOptions], Pieces]"

    T = TypeVar("T")

_MARKS = tuple(mark for mark, _ in BYTE_ORDER_MARKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read.

    ``path`` is the name for messages and provenance; ``as_of`` today's date where a reader has to complete a year;
    ``when`` the ISO time noted as provenance ("" to note none); ``keys`` the citation keys that are wanted, where few
    of many are: a reader may leave out records that have none of them, and what it would say of those. Without
    ``places`` a reader need not note for each record where in the file it is, unless there is a ``when``.
    """

    path: str = "<stdin>"
    as_of: dt.date | None = None
    when: str = ""
    keys: Collection[str] | None = None
    places: bool = True
    faults: list[Problem] = field(default_factory=list, compare=False, repr=False)
    """What normalising the values found; the registry adds it to the reader's own problems."""

    def problem(
        self,
        line: int,
        code: str,
        message: str,
        raw: str | None = None,
        *,
        severity: Severity = Severity.WARNING,
        column: int = 1,
        key: str | None = None,
        hint: str | None = None,
    ) -> Problem:
        """A problem of the input that is read, at a line."""
        return Problem(
            code=code,
            message=message,
            severity=severity,
            position=Position(self.path, line, column),
            raw=raw,
            key=key,
            hint=hint,
        )

    def empty(self, line: int, source: str, raw: str | None = None) -> Problem:
        """The problem of a reference that has a type at most."""
        message = "this reference has no more than a type, and was left out"
        return self.problem(line, f"{source}-empty", message, raw)


@dataclass(frozen=True, slots=True)
class Reading:
    """A record that was read off running text, and how surely.

    ``line`` is its first line, from 1; ``raw`` the text of it. ``confidence`` says how likely authors, title and
    year are all right, ``fields`` the same of single variables. ``doubt`` is "" for a record that is taken.
    """

    record: Record
    line: int
    raw: str
    confidence: float
    fields: Mapping[str, float]
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """Records in the order of the input, and what could not be read. Stands for its records: to be iterated, by key."""

    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()
    readings: tuple[Reading, ...] = ()
    """How surely each record was read, from a reader that guesses; empty for all others."""

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)

    def __contains__(self, key: object) -> bool:
        return self._find(key) is not None

    def __getitem__(self, key: str | int) -> Record:
        """The first record of a key or alias, or at a place; raises `UnknownNameError` with the nearest keys."""
        if isinstance(key, int):
            return self.records[key]
        record = self._find(key)
        if record is None:
            raise UnknownNameError("record", key, [known.key for known in self.records])
        return record

    def _find(self, key: object) -> Record | None:
        by_key = (record for record in self.records if record.key == key)
        by_alias = (record for record in self.records if key in record.aliases)
        return next(by_key, None) or next(by_alias, None)

    def raise_for_problems(self) -> None:
        """Raise `ProblemsFoundError` if there is a problem that is an error or a warning."""
        bad = [p for p in self.problems if p.severity is not Severity.NOTE]
        if bad:
            raise ProblemsFoundError(bad)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOptions:
    """How to write.

    ``latex``: LaTeX escapes instead of Unicode, where a format allows both. ``omit``: fields to leave out, by their
    BibTeX names or as CSL variables. ``layout``: how BibTeX is laid out, as by `bibtool fmt`; None for its defaults.
    ``extra``: settings of single formats.
    """

    latex: bool = False
    omit: tuple[str, ...] = ()
    layout: TidyOptions | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WriteResult:
    """The bytes (UTF-8, LF line ends, final newline), and what the format could not hold."""

    data: bytes
    problems: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        """The bytes as text."""
        return self.data.decode("utf-8")


@collector_paused()
def all_of(records: Iterable[Record]) -> list[Record]:
    """The records as a list, where something needs all of them."""
    return list(records)


PORTION = 200


def in_portions(things: Iterable[T]) -> Iterator[T]:
    """The same, made some ahead.

    Where each entry is cut, read and written before the next one, the processor does not know what comes next, and the
    same instructions take a tenth more time.
    """
    waiting = iter(things)
    while portion := list(islice(waiting, PORTION)):
        yield from portion


@collector_paused()
def gathered(records: Records) -> ReadResult:
    """All that a reader gives one by one."""
    problems: list[Problem] = []

    def given() -> Iterator[Record]:
        problems.extend((yield from records))

    return ReadResult(tuple(given()), tuple(problems))


@collector_paused()
def joined(pieces: Pieces) -> WriteResult:
    """All that a writer gives in pieces."""
    problems: list[Problem] = []

    def given() -> Iterator[bytes]:
        problems.extend((yield from pieces))

    out = BytesIO()
    out.writelines(given())
    return WriteResult(out.getvalue(), tuple(problems))


def refuse_unreadable(data: bytes, options: ReadOptions, marks: tuple[bytes, ...]) -> None:
    """Raise `InputError` for an input that is empty, binary (unless it begins with one of the marks) or too large."""
    if len(data) > MAX_BYTES:
        raise InputError(f"the input is larger than {MAX_BYTES >> 20} MiB", path=options.path)
    if not data or data.isspace():
        raise InputError("the input is empty", path=options.path)
    offset = -1 if data.startswith(marks) else data.find(b"\0", 0, 1 << 20)
    if offset >= 0:
        message = f"this is a binary file (byte 0 at offset {offset})"
        raise InputError(message, path=options.path, hint="give a text file")


def decode_text(data: bytes, options: ReadOptions) -> tuple[str, tuple[Problem, ...]]:
    """The text of an input without byte order mark, line ends as they are, by the rule of `bibtool.model.text.decode`.

    What is not UTF-8 is Windows-1252, with a warning that names the lines and the place of the first such byte.
    Raises `InputError` for an empty or binary input and for one beyond `MAX_BYTES`.
    """
    refuse_unreadable(data, options, _MARKS)
    decoded = decode(data)
    problem = encoding_problem(decoded, LineIndex(decoded.text, options.path))
    return (decoded.text, ()) if problem is None else (readable(decoded.text), (problem,))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table by which a format describes its mapping, and from which its docs are generated.

    Its field, the CSL variable ("" for key, type, arXiv id), and how.
    """

    field: str
    variable: str
    note: str = ""


def head_text(head: bytes) -> str:
    """The head as text without BOM and leading white space; undecodable bytes are replaced. "" for a binary input."""
    mark, encoding = next((pair for pair in BYTE_ORDER_MARKS if head.startswith(pair[0])), (b"", "utf-8"))
    if encoding != "utf-8":
        text = head[len(mark) :].decode(encoding, "replace")
    else:
        if b"\0" in head:
            return ""
        text = head.decode("utf-8", "replace")
    return text.lstrip("\ufeff \t\r\n")


def with_provenance(record: Record, source: str, options: ReadOptions, line: int | None = None) -> Record:
    """The record with the file and line noted for each of its values; unchanged where ``options.when`` is empty."""
    if not options.when:
        return record
    from bibtool.model.record import Provenance, with_origins

    detail = options.path if line is None else f"{options.path}:{line}"
    origin = Provenance(source=source, detail=detail, when=options.when)
    names = [*record.variables, "type"]
    if record.arxiv is not None and record.arxiv.id is not None:
        names.append("arxiv.id")
    origins = dict.fromkeys(names, origin)
    if known := record.provenance:
        origins.update((name, known[name]) for name in names if name in known)
    return with_origins(record, origins)
