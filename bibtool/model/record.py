"""The one record type: CSL item data, frozen. See `bibtool.model.vocabulary` for the kind of each variable."""

from __future__ import annotations

from types import MappingProxyType

from bibtool.lazy import load
from bibtool.model.dates import Date
from bibtool.model.names import Names
from bibtool.model.values import Value, Verbatim, checked_type, checked_values, checked_variable
from bibtool.model.vocabulary import TYPES
from bibtool.structs import dataclass, open_twin, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any, Self

    from bibtool.model.identifiers import ArxivId
    from bibtool.model.values import Plain

__all__ = ["Arxiv", "Leftover", "Provenance", "Record", "Value", "Verbatim", "records_of"]

# the CSL-JSON form of a record is a format, and formats are built on records: named here, loaded when asked for
_FROM_CSL = "bibtool.formats.csl.itemreader:record_of"
_TO_CSL = "bibtool.formats.csl.itemwriter:item_of"


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
    """What arXiv knows of a work in addition to the CSL variables.

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


NO_PROVENANCE: Mapping[str, Any] = MappingProxyType({})
"""The provenance of a record of whose values nothing is known."""
_EMPTY = NO_PROVENANCE
_REPR_LENGTH = 70  # characters of people, year and title


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Record:
    """One work.

    >>> record = Record("doe20", "article-journal", title="A title", author="Jane Doe and Bo Lind", issued=2020)
    >>> record
    <Record doe20 article-journal: Doe and Lind (2020), A title>

    ``key``        citation key: spelling kept, duplicates compared casefolded; "" where none is given yet
    ``type``       CSL type (``article-journal``)
    ``aliases``    other keys under which the work is cited, such as those of duplicates that were merged into it
    ``variables``  CSL variable -> `Names`, `Date`, `Number`, `Text` or `Verbatim`; never holds an empty value
    ``arxiv``      what arXiv says in addition to the variables, or None
    ``leftovers``  source fields that no variable fits
    ``provenance`` variable name (or ``type``, ``arxiv.id`` ...) -> where the value came from

    Variables are given in ``variables`` or as keywords, where ``container_title`` stands for ``container-title``. Plain
    values become values of the variable's kind: text, a number for a year or a volume, EDTF (``"2020-03"``) or a
    `datetime.date` for a date, ``"Jane Doe and Bo Lind"`` or a list for names. None and "" stand for no value.

    A record can't be changed: ``variables`` and ``provenance`` are read-only copies of what is given. Make another with
    `with_values` or `dataclasses.replace`. Raises `RecordError`, with the nearest names, for a type or variable that
    CSL does not have and for a value of the wrong kind; `IdentifierError` for a DOI that is not a DOI.
    """

    key: str
    type: str
    aliases: tuple[str, ...]
    variables: Mapping[str, Value]
    arxiv: Arxiv | None
    leftovers: tuple[Leftover, ...]
    provenance: Mapping[str, Provenance]

    def __init__(
        self,
        key: str = "",
        type: str = "document",  # noqa: A002  (CSL's own word)
        *,
        aliases: tuple[str, ...] = (),
        variables: Mapping[str, Plain | None] = _EMPTY,
        arxiv: Arxiv | None = None,
        leftovers: tuple[Leftover, ...] = (),
        provenance: Mapping[str, Provenance] = _EMPTY,
        **values: Plain | None,
    ) -> None:
        if type not in TYPES:
            checked_type(type)
        given = checked_values(variables)
        if values:
            given |= checked_values(values)
        put = object.__setattr__
        put(self, "key", key)
        put(self, "type", type)
        put(self, "aliases", aliases)
        put(self, "variables", MappingProxyType(given))
        put(self, "arxiv", arxiv)
        put(self, "leftovers", leftovers)
        put(self, "provenance", MappingProxyType(dict(provenance)) if provenance else _EMPTY)

    @classmethod
    def from_csl(cls, item: Mapping[str, Any]) -> Self:
        """The record of a CSL-JSON item.

        Properties that CSL does not have are kept as leftovers. Raises `RecordError` for a type that CSL does not have
        and for a value that its variable can't take; `read_bytes` reads such items, and reports what is wrong.
        """
        record: Self = load(_FROM_CSL)(item)
        return record

    def to_csl(self) -> dict[str, Any]:
        """The CSL-JSON item of the record, valid by the schema; `from_csl` gives the record again."""
        item: dict[str, Any] = load(_TO_CSL)(self, self.key)
        return item

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
    def authors(self) -> Names:
        """The authors; empty where there are none."""
        return self.names("author")

    @property
    def journal(self) -> str:
        """The title of what the work appeared in, a journal or a book; "" where it is not set."""
        return self.text("container-title")

    @property
    def doi(self) -> str:
        """The DOI without the address of a resolver; "" where it is not set."""
        return self.text("DOI")

    @property
    def url(self) -> str:
        """The URL; "" where it is not set."""
        return self.text("URL")

    @property
    def abstract(self) -> str:
        """The abstract without markup; "" where it is not set."""
        return self.text("abstract")

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

    def with_values(self, values: Mapping[str, Plain | None], provenance: Provenance | None = None) -> Record:
        """A copy with these variables set (None removes one), their provenance with them.

        Plain values are taken as by the constructor; raises `RecordError`.
        """
        given = checked_values(values)
        named = {checked_variable(name) for name in values}
        variables = {name: value for name, value in self.variables.items() if name not in named or name in given}
        variables |= given
        origins = dict(self.provenance)
        for name in named:
            if name not in given:
                origins.pop(name, None)
            elif provenance is not None:
                origins[name] = provenance
        return replace(self, variables=variables, provenance=origins)

    def __repr__(self) -> str:
        who = self.authors.in_brief()
        when = "" if self.year is None else f"({self.year})"
        work = ", ".join(part for part in (f"{who} {when}".strip(), self.title) if part)
        if len(work) > _REPR_LENGTH:
            work = work[:_REPR_LENGTH].rstrip() + "..."
        head = f"{self.key} {self.type}".strip()
        return f"<Record {head}: {work}>" if work else f"<Record {head}>"

    def __iter__(self) -> Iterator[tuple[str, Value]]:
        return iter(self.variables.items())

    def __hash__(self) -> int:
        return hash((self.key, self.type, self.title))

    def __reduce__(self) -> tuple[Any, ...]:
        # a read-only mapping can't be pickled or copied itself
        named = {"variables": dict(self.variables), "provenance": dict(self.provenance)}
        return _again, (self.key, self.type, self.aliases, self.arxiv, self.leftovers, named)


_OpenRecord = open_twin(Record)


def checked_record(
    key: str,
    type: str,  # noqa: A002  (CSL's own word)
    aliases: tuple[str, ...],
    variables: dict[str, Value],
    arxiv: Arxiv | None,
    leftovers: tuple[Leftover, ...],
    provenance: Mapping[str, Provenance],
) -> Record:
    """The record of parts that a reader has made and checked: here they are neither checked nor copied.

    Nobody else may hold ``variables``, and ``provenance`` has to be read-only. Never raises.
    """
    made = _OpenRecord()
    made.key = key
    made.type = type
    made.aliases = aliases
    made.variables = MappingProxyType(variables)
    made.arxiv = arxiv
    made.leftovers = leftovers
    made.provenance = provenance
    made.__class__ = Record
    record: Record = made
    return record


def with_origins(record: Record, origins: dict[str, Provenance]) -> Record:
    """The record with this provenance, which nobody else may hold, in place of its own."""
    made = _OpenRecord()
    made.key = record.key
    made.type = record.type
    made.aliases = record.aliases
    made.variables = record.variables
    made.arxiv = record.arxiv
    made.leftovers = record.leftovers
    made.provenance = MappingProxyType(origins)
    made.__class__ = Record
    noted: Record = made
    return noted


def records_of(records: Record | Iterable[Record]) -> list[Record]:
    """The records as a list; a single one counts as a list of one."""
    return [records] if isinstance(records, Record) else list(records)


def _again(
    key: str,
    record_type: str,
    aliases: tuple[str, ...],
    arxiv: Arxiv | None,
    leftovers: tuple[Leftover, ...],
    named: dict[str, Any],
) -> Record:
    return Record(key, record_type, aliases=aliases, arxiv=arxiv, leftovers=leftovers, **named)
