"""The one record type: CSL item data, frozen. See `bibtool.model.vocabulary` for the kind of each variable."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from bibtool.model.dates import Date
from bibtool.model.names import Names
from bibtool.model.numbers import Number
from bibtool.model.richtext import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bibtool.model.identifiers import ArxivId


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A value that is never "improved": URL, DOI, ISBN, a call number, a language tag."""

    text: str

    def __str__(self) -> str:
        return self.text


Value: TypeAlias = "Names | Date | Number | Text | Verbatim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a value came from.

    ``source`` is ``listing``, ``arxiv``, ``user``, ``bibtex`` ...; ``detail`` a file and line or an identifier;
    ``when`` an ISO 8601 date or time (UTC); ``confidence`` between 0 and 1 (1: the source says so itself);
    ``inherited``: an entry has the value from its parent (``crossref``, ``xdata``), so it describes the parent.
    """

    source: str
    detail: str = ""
    when: str = ""
    confidence: float = 1.0
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class Leftover:
    """A source field that no variable fits, written back when the record goes out in that format again."""

    source: str
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arxiv:
    """What arXiv knows of a work beside the CSL variables.

    ``candidates`` are the categories that a source's short token may mean (``NA``: math.NA or cs.NA); they are never
    taken as the category. ``id`` has a version only where the source names one. ``latest`` is the newest
    version that was seen, ``updated`` its date.
    """

    id: ArxivId | None = None
    primary_category: str = ""
    categories: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    comment: str = ""
    journal_ref: str = ""
    latest: int | None = None
    updated: str = ""
    withdrawn: bool = False


_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One work.

    ``key``        citation key: spelling kept, duplicates compared casefolded; "" where none is given yet
    ``aliases``    other keys under which the work is cited, such as those of duplicates that were merged into it
    ``type``       CSL type (``article-journal``)
    ``variables``  CSL variable -> `Names`, `Date`, `Number`, `Text` or `Verbatim`; never holds an empty value
    ``arxiv``      what arXiv says beside the variables, or None
    ``leftovers``  source fields that no variable fits
    ``provenance`` variable name (or ``type``, ``arxiv.id`` ...) -> where the value came from
    """

    key: str = ""
    aliases: tuple[str, ...] = ()
    type: str = "document"
    variables: Mapping[str, Value] = field(default_factory=lambda: _EMPTY)
    arxiv: Arxiv | None = None
    leftovers: tuple[Leftover, ...] = ()
    provenance: Mapping[str, Provenance] = field(default_factory=lambda: _EMPTY)

    # typed access, so that callers need no isinstance; the kind of a variable is fixed by the vocabulary

    def names(self, variable: str) -> Names:
        """The names of a variable; empty where it is not set."""
        value = self.variables.get(variable)
        return value if isinstance(value, Names) else Names()

    def date(self, variable: str = "issued") -> Date | None:
        """The date of a variable, or None."""
        value = self.variables.get(variable)
        return value if isinstance(value, Date) else None

    def text(self, variable: str) -> str:
        """The plain characters of a text, verbatim, number or date variable; "" where it is not set."""
        value = self.variables.get(variable)
        if value is None or isinstance(value, Names):
            return ""
        return str(value)

    @property
    def title(self) -> str:
        """The title without markup."""
        return self.text("title")

    @property
    def year(self) -> int | None:
        """The year of `issued`, or None."""
        issued = self.date()
        return issued.year if issued else None

    @property
    def inherited(self) -> frozenset[str]:
        """The variables (or ``arxiv.id``) whose values are those of a parent entry."""
        return frozenset(name for name, origin in self.provenance.items() if origin.inherited)

    def leftover(self, source: str, name: str) -> str:
        """The first leftover of that source and name, or ""."""
        return next((x.value for x in self.leftovers if x.source == source and x.name == name), "")

    def with_values(self, values: Mapping[str, Value | None], provenance: Provenance | None = None) -> Record:
        """A copy with these variables set (None removes one), their provenance with them."""
        variables = dict(self.variables)
        origins = dict(self.provenance)
        for name, value in values.items():
            if value is None:
                variables.pop(name, None)
                origins.pop(name, None)
                continue
            variables[name] = value
            if provenance is not None:
                origins[name] = provenance
        return replace(self, variables=variables, provenance=origins)

    def __iter__(self) -> Iterator[tuple[str, Value]]:
        return iter(self.variables.items())

    def __hash__(self) -> int:
        return hash((self.key, self.type, self.title))
