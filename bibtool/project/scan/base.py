"""What every scanner takes and returns.

A scanner is ``scan(source: DocumentText, options: ScanOptions) -> Scan``: pure, never raising for bad input, and taking
time linear in the length of the text. What it can't follow becomes a `Problem` in the result.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bibtool.errors import IdentifierError
from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import (
    arxiv_id_of_doi,
    isbn13,
    parse_arxiv_id,
    parse_doi,
    parse_isbn,
    parse_pmcid,
    parse_pmid,
)
from bibtool.model.text.decode import decode, encoding_problem, readable
from bibtool.model.text.lines import LineIndex
from bibtool.problems import Position, Problem, Severity
from bibtool.structs import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_KEY = 500  # characters; what is longer is an argument that was never closed
MAX_PROBLEMS = 100  # for one file


class Kind(StrEnum):
    r"""What a citation names: a key, a work by its identifier, or every entry there is (``\nocite{*}``)."""

    KEY = "key"
    IDENTIFIER = "identifier"
    ALL = "all"


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """A work by number: ``scheme`` is arxiv, doi, isbn, pmid or pmcid, ``value`` as `bibtool.model.identifiers` has it.

    Without the version of an arXiv id; arXiv's own DOIs are arXiv ids.
    """

    scheme: str
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"

    @property
    def folded(self) -> tuple[str, str]:
        """For comparing, as `bibtool.model.works.merge.identifiers` has it: no case, ISBNs with 13 digits."""
        return self.scheme, isbn13(self.value) if self.scheme == "isbn" else self.value.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    r"""A key that a document cites.

    ``line`` and ``column`` (from 1, in characters) are those of the key's first character; ``syntax`` is the command
    without arguments (``\citep*``, ``@``, ``:cite:p:``); ``identifier`` is there if ``kind`` says so.
    """

    key: str
    path: str
    line: int
    column: int
    syntax: str
    kind: Kind = Kind.KEY
    identifier: Identifier | None = None

    def to_dict(self) -> dict[str, object]:
        """A JSON object."""
        written: dict[str, object] = {
            "key": self.key,
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "syntax": self.syntax,
            "kind": str(self.kind),
        }
        if self.identifier is not None:
            written["identifier"] = {"scheme": self.identifier.scheme, "value": self.identifier.value}
        return written


@dataclass(frozen=True, slots=True, kw_only=True)
class Include:
    """A file that a document includes.

    ``names`` are the file names to try, in order, relative to ``folder`` if that is set. ``base`` says what they are
    relative to: "root" (the folder of the main document, then that of this file), "file" (the folder of this file),
    "import" (``folder`` below the main document's, which also applies to files included by that file), "subimport"
    (the same, below the folder that applies now) or "subfile" (the included file's own folder applies to it).
    ``optional`` files may be missing.
    """

    target: str
    names: tuple[str, ...]
    line: int
    column: int
    syntax: str
    folder: str = ""
    base: str = "root"
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedBibliography:
    """A bibliography file that a document names: the name as written, and where (from 1)."""

    name: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Command:
    r"""How a citation command of LaTeX takes its keys: in these mandatory arguments (from 1, ascending).

    ``many``: one command, several lists with optional arguments of their own (``\cites``).
    """

    arguments: tuple[int, ...] = (1,)
    many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions:
    """``commands``: user-defined citation commands, by name, without backslash or sign."""

    commands: Mapping[str, Command] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    r"""What one file says.

    ``references`` are citations unless one of the ``labels`` of the same document has that name (Typst's ``@name``).
    Nor is a citation of one of its ``sets``, which have no entry: their members count as cited where a set is defined.
    ``bibliographies`` are the bibliography files that it names; ``commands`` citation commands that the file defines.
    ``packages`` are the classes and packages that LaTeX loads, as ``report.cls`` and ``biblatex.sty``;
    ``begins_document`` says that the file has a ``\begin{document}`` of its own.
    """

    citations: tuple[Citation, ...] = ()
    references: tuple[Citation, ...] = ()
    labels: frozenset[str] = frozenset()
    sets: frozenset[str] = frozenset()
    includes: tuple[Include, ...] = ()
    bibliographies: tuple[NamedBibliography, ...] = ()
    commands: Mapping[str, Command] = field(default_factory=dict)
    packages: tuple[str, ...] = ()
    begins_document: bool = False
    problems: tuple[Problem, ...] = ()


class Scanner(Protocol):
    """The signature of a scanner."""

    def __call__(self, source: DocumentText, options: ScanOptions) -> Scan:
        """What the file says; never raises for its content."""
        ...


class DocumentText:
    """A file as text, which converts offsets to lines and columns. Line ends are LF, CR LF and CR."""

    __slots__ = ("_lines", "path", "problems", "text")

    def __init__(self, text: str, path: str, problems: tuple[Problem, ...] = ()) -> None:
        self.text = text
        self.path = path
        self.problems = problems
        self._lines = LineIndex(text, path)

    @classmethod
    def from_bytes(cls, data: bytes, path: str) -> DocumentText:
        """The text of any bytes as `bibtool.model.text.decode` reads them, with a note for what is not UTF-8."""
        decoded = decode(data)
        problem = encoding_problem(decoded, LineIndex(decoded.text, path), Severity.NOTE)
        if problem is None:
            return cls(decoded.text, path)
        return cls(readable(decoded.text), path, (replace(problem, code="scan-encoding", hint=None),))

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        return self._lines.place(offset)

    def position(self, offset: int) -> Position:
        """The place of an offset for a problem."""
        return self._lines.position(offset)


class Findings:
    """Collects what one file says while it is read."""

    __slots__ = (
        "_bibliographies", "_citations", "_dropped", "_includes", "_problems", "_references", "begins_document",
        "commands", "labels", "packages", "sets", "source",
    )  # fmt: skip

    def __init__(self, source: DocumentText) -> None:
        self.source = source
        self._citations: list[tuple[int, Citation]] = []
        self._references: list[tuple[int, Citation]] = []
        self._includes: list[Include] = []
        self._bibliographies: dict[str, NamedBibliography] = {}
        self._problems: list[Problem] = []
        self._dropped = 0
        self.labels: set[str] = set()
        self.sets: set[str] = set()
        self.commands: dict[str, Command] = {}
        self.packages: dict[str, None] = {}
        self.begins_document = False

    def cite(self, key: str, offset: int, syntax: str, *, reference: bool = False) -> None:
        """Note a key, which is at ``offset``; ``*`` means every entry."""
        if not key:
            return
        if len(key) > MAX_KEY:
            self.problem("scan-long-key", f"a key of {len(key)} characters; is a brace missing?", offset, raw=key[:80])
            return
        line, column = self.source.place(offset)
        kind, identifier = Kind.KEY, None
        if key == "*":
            kind = Kind.ALL
        elif (identifier := identify(key)) is not None:
            kind = Kind.IDENTIFIER
        citation = Citation(
            key=key,
            path=self.source.path,
            line=line,
            column=column,
            syntax=syntax,
            kind=kind,
            identifier=identifier,
        )
        (self._references if reference else self._citations).append((offset, citation))

    def include(
        self,
        target: str,
        names: Iterable[str],
        offset: int,
        syntax: str,
        *,
        folder: str = "",
        base: str = "root",
        optional: bool = False,
    ) -> None:
        """Note an included file."""
        line, column = self.source.place(offset)
        self._includes.append(
            Include(
                target=target,
                names=tuple(dict.fromkeys(names)),
                line=line,
                column=column,
                syntax=syntax,
                folder=folder,
                base=base,
                optional=optional,
            )
        )

    def bibliography(self, name: str, offset: int) -> None:
        """Note a bibliography file, which is named at ``offset``."""
        if (name := name.strip()) and name not in self._bibliographies:
            line, _ = self.source.place(offset)
            self._bibliographies[name] = NamedBibliography(name=name, path=self.source.path, line=line)

    def problem(
        self, code: str, message: str, offset: int, *, severity: Severity = Severity.WARNING, raw: str | None = None
    ) -> None:
        """Note a problem; after `MAX_PROBLEMS`, problems are only counted."""
        if len(self._problems) >= MAX_PROBLEMS:
            self._dropped += 1
            return
        self._problems.append(
            Problem(
                code=code,
                message=message,
                severity=severity,
                position=self.source.position(offset),
                raw=raw,
            )
        )

    def result(self) -> Scan:
        """Everything found, citations in the order of the text."""
        problems = [*self.source.problems, *self._problems]
        if self._dropped:
            problems.append(
                Problem(
                    code="scan-more",
                    message=f"{self._dropped} more problems in this file",
                    severity=Severity.WARNING,
                    position=Position(self.source.path),
                )
            )
        return Scan(
            citations=_in_order(self._citations),
            references=_in_order(self._references),
            labels=frozenset(self.labels),
            sets=frozenset(self.sets),
            includes=tuple(self._includes),
            bibliographies=tuple(self._bibliographies.values()),
            commands=dict(self.commands),
            packages=tuple(self.packages),
            begins_document=self.begins_document,
            problems=tuple(problems),
        )


def _in_order(citations: list[tuple[int, Citation]]) -> tuple[Citation, ...]:
    return tuple(citation for _, citation in sorted(citations, key=lambda pair: pair[0]))


_MAYBE_IDENTIFIER = lazy_pattern(
    r"(?P<arxiv>arxiv\s*:|https?://(?:[a-z.]{1,8}\.)?arxiv\.org/|\d{4}\.\d{4,5}(?:v\d+)?$|[a-z-]{2,9}(?:\.[A-Z]{2})?/\d{7})|"
    r"(?P<doi>doi\s*:|https?://(?:dx\.|www\.)?doi\.org/|10\.\d{4,9}[./])|"
    r"(?P<pmcid>pmcid\s*:|PMC\d+$|https?://[a-z.]{3,20}\.nlm\.nih\.gov/(?:pmc/)?articles/)|"
    r"(?P<pmid>pmid\s*:|https?://(?:pubmed\.ncbi|www\.ncbi)\.nlm\.nih\.gov/)|"
    r"(?P<isbn>isbn\s*:)",
    re.IGNORECASE,
)
# What every ASCII text that the pattern matches begins with, in lower case, unless it has a slash; to compile the
# pattern takes longer than to look at hundreds of keys
_BEGINNINGS = ("arxiv", "doi", "http", "pmc", "pmid", "isbn", *"0123456789")


def may_be_identifier(key: str) -> bool:
    """False for most keys that are none: those that are not worth a closer look."""
    return not key.isascii() or "/" in key or key.lower().startswith(_BEGINNINGS)


def identify(key: str) -> Identifier | None:
    """The identifier that a key is written as (``arXiv:2301.01234``, ``doi:10.1000/x``, a URL of one), else None.

    A key that only looks like one (``doi:draft``, ``arXiv:2313.00001``) is an ordinary key.
    """
    match = _MAYBE_IDENTIFIER.match(key) if may_be_identifier(key) else None
    if match is None:
        return None
    try:
        return parse_identifier(str(match.lastgroup), re.sub(r"(?i)^isbn\s*:\s*", "", key))
    except IdentifierError:
        return None


def parse_identifier(scheme: str, text: str) -> Identifier:
    """The identifier of that scheme (see `Identifier`) that a text is; raises `IdentifierError` for another text."""
    if scheme == "arxiv":
        return Identifier("arxiv", parse_arxiv_id(text).number)
    if scheme == "doi":
        doi = parse_doi(text)
        arxiv = arxiv_id_of_doi(doi)
        return Identifier("arxiv", arxiv.number) if arxiv else Identifier("doi", doi)
    parse = {"pmcid": parse_pmcid, "pmid": parse_pmid, "isbn": parse_isbn}[scheme]
    return Identifier(scheme, parse(text))


def blank_out(text: str, spans: Iterable[tuple[int, int]], filler: str = "\0") -> str:
    """The text with these spans (in order, not overlapping) overwritten, so that offsets stay valid."""
    pieces: list[str] = []
    last = 0
    for start, end in spans:
        begin = max(start, last)
        if end <= begin:
            continue
        pieces += [text[last:begin], filler * (end - begin)]
        last = end
    pieces.append(text[last:])
    return "".join(pieces)
