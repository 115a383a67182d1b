"""Fields that are not to be written, by the names that BibTeX and BibLaTeX give them or as CSL variables."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bibtool.errors import UnknownNameError
from bibtool.formats.bibtex.mapping import EPRINT_FIELDS
from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
from bibtool.formats.bibtex.mapping_bibtex import BIBTEX
from bibtool.model.vocabulary import VARIABLES
from bibtool.structs import replace
from bibtool.suggest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bibtool.model.record import Record

_DIALECTS = (BIBTEX, BIBLATEX)
_DATES = frozenset({"date", "year"})
_LIKE = 0.75  # beyond this an unknown name is taken for a misspelt one


@cache
def _known() -> frozenset[str]:
    """All names that mean something for some record, in lower case."""
    names = {row.field for dialect in _DIALECTS for row in dialect.fields}
    names |= {name for dialect in _DIALECTS for name in dialect.order}
    return frozenset(name.lower() for name in (*names, *VARIABLES, *EPRINT_FIELDS, "crossref", "file", "timestamp"))


def lower_names(names: Iterable[str]) -> tuple[str, ...]:
    """The names in lower case, without white space around them; empty ones are left out."""
    return tuple(name.strip().lower() for name in names if name.strip())


def field_names(names: Iterable[str], present: Iterable[str]) -> tuple[str, ...]:
    """The names in lower case; raises `UnknownNameError` for one that looks misspelt.

    A name may be that of any field, so one is refused only if nothing has it, not even the input (``present``), and it
    is close to one that there is.
    """
    folded = lower_names(names)
    has = {name.lower() for name in present}
    for name in folded:
        if name not in has and name not in _known() and nearest(name, (*_known(), *has), cutoff=_LIKE):
            raise UnknownNameError("field", name, (*_known(), *has))
    return folded


def fields_in(records: Iterable[Record]) -> frozenset[str]:
    """The names of the BibTeX fields of the records that no variable fits, in lower case."""
    return frozenset(left.name.lower() for record in records for left in record.leftovers)


def noting_fields(records: Iterable[Record], present: set[str]) -> Iterator[Record]:
    """The records; `fields_in` of those that were taken is added to ``present``."""
    for record in records:
        present.update(left.name.lower() for left in record.leftovers)
        yield record


def without_fields(records: Sequence[Record], names: Iterable[str]) -> tuple[Record, ...]:
    """The records without what these fields hold."""
    return tuple(each_without_fields(records, names))


def each_without_fields(records: Iterable[Record], names: Iterable[str]) -> Iterator[Record]:
    """What `without_fields` gives, one by one."""
    unwanted = frozenset(name.lower() for name in names)
    for record in records:
        yield _without(record, unwanted) if unwanted else record


def _without(record: Record, unwanted: frozenset[str]) -> Record:
    variables = {name for name in record.variables if name.lower() in unwanted}
    for dialect in _DIALECTS:
        reading = dialect.variables_of(record.type)
        variables |= {reading[name] for name in unwanted if name in reading}
    if unwanted & _DATES:
        variables.add("issued")
    variables &= record.variables.keys()
    gone = {*variables, *(("arxiv.id",) if "eprint" in unwanted else ())}
    return replace(
        record,
        variables={name: value for name, value in record.variables.items() if name not in variables},
        leftovers=tuple(left for left in record.leftovers if left.name.lower() not in unwanted),
        arxiv=None if "eprint" in unwanted else record.arxiv,
        aliases=() if "ids" in unwanted else record.aliases,
        provenance={name: origin for name, origin in record.provenance.items() if name not in gone},
    )
