"""``crossref`` and ``xdata``: what an entry inherits, by biber's rules (biblatex manual, Appendix B; 3.13.6 "xdata").

The child always wins. Used for conversion only: a file itself is never flattened. ``xref`` inherits nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bibtool.bib.annotations import base_of
from bibtool.bib.entrytext import granular_reference
from bibtool.bib.names import split_names
from bibtool.formats.bibtex.mapping import DATE_FIELDS, LISTS
from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
from bibtool.model.vocabulary import VARIABLES
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class RawEntry(NamedTuple):
    """One entry of a file: type, key and its fields (the first of each name)."""

    type: str
    key: str
    fields: Mapping[str, str]


class Inherited(NamedTuple):
    """The fields of an entry with what it inherits, and codes and keys of what went wrong."""

    fields: dict[str, str]
    faults: tuple[tuple[str, str], ...] = ()


class Sources(Protocol):
    """Entries by key."""

    def get(self, key: str, /) -> RawEntry | None:
        """The entry of a key, or None."""
        ...


MAX_CHAIN = 20

_NEVER = frozenset(
    (
        "ids crossref xref xdata entryset entrysubtype execute label options presort related relatedoptions "
        "relatedstring relatedtype shorthand shorthandintro sortkey key"
    ).split()
)
_SHORT = ("shorttitle", "sorttitle", "indextitle", "indexsorttitle")
_MAIN = {"title": "maintitle", "subtitle": "mainsubtitle", "titleaddon": "maintitleaddon"}
_BOOK = {"title": "booktitle", "subtitle": "booksubtitle", "titleaddon": "booktitleaddon"}
_JOURNAL = {"title": "journaltitle", "subtitle": "journalsubtitle"}

# (parent types, child types, renamed fields); fields that are not renamed keep their name. The author of a book is also
# that of its parts, where they do not name another one.
_RULES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("mvbook", "inbook bookinbook suppbook", {**_MAIN, "author": "bookauthor"}),
    ("mvbook", "book", _MAIN),
    ("mvcollection mvreference", "collection reference incollection inreference suppcollection", _MAIN),
    ("mvproceedings", "proceedings inproceedings conference", _MAIN),
    ("book", "inbook bookinbook suppbook", {**_BOOK, "author": "bookauthor"}),
    ("collection reference book", "incollection inreference suppcollection", _BOOK),
    ("proceedings book collection", "inproceedings conference", _BOOK),
    ("periodical", "article suppperiodical", _JOURNAL),
)
_RENAMED = {
    (parent, child): renamed
    for parents, children, renamed in reversed(_RULES)
    for parent in parents.split()
    for child in children.split()
}


def inherit(source: RawEntry, sources: Sources) -> Inherited:
    """The fields of an entry with those of its parents; ``sources`` finds entries by key.

    Fields of others that a value names (``author = {xdata=key-author-1 and Doe, Jane}``) are put in its place.

    Faults: ``crossref-missing``, ``xdata-missing`` and ``crossref-cycle`` with the key in question.
    """
    faults: list[tuple[str, str]] = []
    fields = _resolved(source, sources, (), faults, {})
    return Inherited(fields, tuple(faults))


def _resolved(
    source: RawEntry,
    sources: Sources,
    chain: tuple[str, ...],
    faults: list[tuple[str, str]],
    done: dict[str, dict[str, str]],
) -> dict[str, str]:
    """The fields with what is inherited; ``done`` keeps each parent, for many ways may lead to one."""
    if source.key in done:
        return done[source.key]
    fields = dict(source.fields)
    if source.key in chain or len(chain) >= MAX_CHAIN:
        faults.append(("crossref-cycle", source.key))
        return fields
    chain = (*chain, source.key)
    for key in (key.strip() for key in fields.get("xdata", "").split(",")):
        if key:
            parent = sources.get(key)
            if parent is None:
                faults.append(("xdata-missing", key))
            else:
                _take(fields, _resolved(parent, sources, chain, faults, done), {}, frozenset({"xdata", "ids"}))
    for name in [name for name, content in fields.items() if "xdata" in content and name != "xdata"]:
        fields[name] = _with_granular(name, fields[name], source.key, sources, faults)
    if key := fields.get("crossref", "").strip():
        parent = sources.get(key)
        if parent is None:
            faults.append(("crossref-missing", key))
        else:
            renamed = _RENAMED.get((parent.type, source.type))
            inherited = _resolved(parent, sources, chain, faults, done)
            refused = _NEVER if renamed is None else _NEVER.union(_SHORT)
            _take(fields, inherited, renamed or {}, refused)
    done[source.key] = fields
    return fields


def _with_granular(name: str, content: str, key: str, sources: Sources, faults: list[tuple[str, str]]) -> str:
    """The content of a field with what its references to fields of other entries stand for; others stay as they are."""
    is_list = name in LISTS or VARIABLES.get(BIBLATEX.variables_of("book").get(name, "")) == "names"
    items = split_names(content) if is_list else [content]
    changed = False
    for index, item in enumerate(items):
        reference = granular_reference(item)
        if reference is None:
            continue
        parent = sources.get(reference.key)
        value = parent.fields.get(reference.field, "").strip() if parent is not None and parent.key != key else ""
        if value and reference.item:
            values = split_names(value)
            value = values[reference.item - 1] if reference.item <= len(values) else ""
        if value and granular_reference(value) is None:
            items[index] = value
            changed = True
        else:
            faults.append(("xdata-missing", f"{reference.key}-{reference.field}"))
    return " and ".join(items) if changed else content


# fields that say the same; a child that has one of them does not inherit the others
_SAME: tuple[frozenset[str], ...] = (
    DATE_FIELDS,
    frozenset({"journal", "journaltitle"}),
    frozenset({"address", "location"}),
)


def _take(
    fields: dict[str, str], inherited: Mapping[str, str], renamed: Mapping[str, str], refused: frozenset[str]
) -> None:
    taken = {name for group in _SAME if not group.isdisjoint(fields) for name in group}
    # a parent that names its own booktitle means that one
    own = frozenset(fields)
    for name in sorted(inherited, key=renamed.__contains__):
        base = base_of(name) or name  # an annotation comes with its field or not at all
        if base in refused or (base != name and renamed.get(base, base) in own):
            continue
        target = renamed.get(base, base) + name[len(base) :]
        if target not in fields and target not in taken:
            fields[target] = inherited[name]
        if target == "bookauthor" and name == "author" and name not in own:
            fields[name] = inherited[name]
