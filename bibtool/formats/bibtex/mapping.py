"""The form of the mapping between entry types and fields and CSL, and what both dialects share.

Each dialect has one table (`mapping_bibtex`, `mapping_biblatex`); the inverse is derived: the first row of a table
that leads to a CSL type or variable is the one that is written. A CSL type that no entry type leads to is written as
the nearest one with the type itself in ``entrysubtype`` (biblatex's field for finer kinds), so that it comes back.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bibtool.model.vocabulary import TYPES, VARIABLES
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class TypeRow:
    """An entry type, its CSL type, and the genre that the entry type itself says."""

    entry: str
    csl: str
    genre: str = ""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field and its CSL variable, for some CSL types only or for all (``types`` empty).

    ``written`` False: the field is understood but another one is written.
    """

    field: str
    variable: str
    types: frozenset[str] = frozenset()
    written: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """How a CSL type without an entry type of its own is written."""

    entry: str
    csl: tuple[str, ...]


@dataclass(frozen=True)
class Dialect:
    """One dialect: its tables, and the look-ups derived from them."""

    name: str
    types: tuple[TypeRow, ...]
    fields: tuple[FieldRow, ...]
    fallbacks: tuple[Fallback, ...]
    order: tuple[str, ...]
    native: frozenset[str] | None  # fields that may be written unchanged though another is preferred; None: all

    @cached_property
    def type_of_entry(self) -> Mapping[str, TypeRow]:
        """Entry type -> row."""
        return {row.entry: row for row in self.types}

    @cached_property
    def entry_of_type(self) -> Mapping[str, str]:
        """CSL type -> the entry type that is written, for every CSL type."""
        entries = dict.fromkeys(TYPES, "misc")
        entries |= {csl: fallback.entry for fallback in self.fallbacks for csl in fallback.csl}
        return entries | {row.csl: row.entry for row in reversed(self.types)}

    @cached_property
    def _reading(self) -> dict[str, dict[str, str]]:
        return {}

    def variables_of(self, csl: str) -> Mapping[str, str]:
        """Field -> variable for items of a CSL type."""
        variables = self._reading.get(csl)
        if variables is None:
            variables = self._reading[csl] = {}
            for row in self.fields:
                if not row.types or csl in row.types:
                    variables.setdefault(row.field, row.variable)
        return variables

    @cached_property
    def _writing(self) -> dict[str, dict[str, str]]:
        return {}

    def fields_of(self, csl: str) -> Mapping[str, str]:
        """Variable -> the field that is written for items of a CSL type."""
        fields = self._writing.get(csl)
        if fields is None:
            reading = self.variables_of(csl)
            fields = self._writing[csl] = {}
            for row in self.fields:
                if row.written and (not row.types or csl in row.types) and reading[row.field] == row.variable:
                    fields.setdefault(row.variable, row.field)
        return fields


# text variables whose capitals a style may change: only there do braces protect anything
TITLES = frozenset(
    "title title-short container-title container-title-short collection-title event-title original-title part-title "
    "volume-title reviewed-title".split()
)
ARTICLES = frozenset({"article", "article-journal", "article-magazine", "article-newspaper", "review", "review-book"})
BOOKS = frozenset(
    "book chapter paper-conference classic collection pamphlet entry entry-dictionary entry-encyclopedia".split()
)
PARTS = frozenset("chapter paper-conference entry entry-dictionary entry-encyclopedia".split())
EPRINT_FIELDS = frozenset({"eprint", "eprinttype", "archiveprefix", "eprintclass", "primaryclass"})
DATE_FIELDS = frozenset({"date", "year", "month", "day"})
# files made before biblatex had whole dates have their parts as fields, which its data model still names (blx-dm.def)
VARIABLE_OF_DATE = {"url": "accessed", "orig": "original-date", "event": "event-date"}
DATES_IN_PARTS = {f"{kind}{part}": (kind, part) for kind in VARIABLE_OF_DATE for part in ("year", "month", "day")}

# fields that name who published a work: whichever comes first here is the publisher, wherever it is in the file
# (btxdoc.tex, section 3.2; biblatex manual, 2.2.2). A thesis is its school's and a report its institution's, also where
# a publisher distributes it.
PUBLISHERS = ("publisher", "institution", "school", "organization", "howpublished")
PUBLISHERS_OF = {
    "thesis": ("school", "institution", "publisher", "organization", "howpublished"),
    "report": ("institution", "school", "organization", "publisher", "howpublished"),
    "standard": ("institution", "organization", "publisher", "school", "howpublished"),
    "webpage": ("organization", "publisher", "institution", "school", "howpublished"),
}

# fields that name a container; the one that a type prints comes first (btxdoc.tex, section 3.1: others are ignored)
CONTAINERS = frozenset({"booktitle", "journal", "journaltitle"})


def containers_of(csl: str, dialect: Dialect) -> tuple[str, ...]:
    """The fields that name a container, by their rank for the type; none where no type of entry prints one."""
    journals = ("journal", "journaltitle") if dialect.name == "bibtex" else ("journaltitle", "journal")
    if csl in ARTICLES:
        return (*journals, "booktitle")
    return ("booktitle", *journals) if csl in PARTS else ()


# what is on a web site, and has it as its container
SITES = frozenset({"webpage", "post", "post-weblog"})

# whole works: their own ``booktitle`` is there for the parts that inherit it, and no container (btxdoc.tex, section
# 3.2, on cross-references; biblatex does not print it)
WHOLE_BOOKS = frozenset("collection mvcollection proceedings mvproceedings reference mvreference mvbook".split())

# biblatex's editorial roles (manual, 2.3.6 and 4.9.2.2) and the CSL variables that say the same; the first key of a
# variable is the one that is written. Roles that CSL has no name for are editors, with the role as it was.
EDITORS = ("editor", "editora", "editorb", "editorc")
EDITOR_TYPES = {f"{name}type": name for name in EDITORS}
EDITOR_ROLES = {
    "editor": "editor",
    "director": "director",
    "compiler": "compiler",
    "organizer": "organizer",
    "collaborator": "contributor",
    "contributor": "contributor",
    "illustrator": "illustrator",
    "composer": "composer",
    "performer": "performer",
    "producer": "producer",
    "narrator": "narrator",
    "curator": "curator",
    "host": "host",
    "guest": "guest",
    "interviewer": "interviewer",
    "chair": "chair",
    "scriptwriter": "script-writer",
    "editorialdirector": "editorial-director",
    "executiveproducer": "executive-producer",
    "seriescreator": "series-creator",
}
ROLE_KEYS = {role: key for key, role in reversed(EDITOR_ROLES.items()) if role != "editor"}

# biblatex reads these as lists that "and" separates
LISTS = frozenset("publisher institution organization school location address origpublisher origlocation".split())


def type_rows(text: str) -> tuple[TypeRow, ...]:
    """Type rows of ``entry type:CSL type`` words."""
    return tuple(TypeRow(*word.split(":")) for word in text.split())


def rows(text: str, types: frozenset[str] = frozenset(), *, written: bool = True) -> tuple[FieldRow, ...]:
    """Field rows of ``field:variable`` words; raises `KeyError` for a variable that CSL does not have."""
    pairs = (word.split(":") for word in text.split())
    return tuple(FieldRow(field, variable, types, written) for field, variable in pairs if VARIABLES[variable])
