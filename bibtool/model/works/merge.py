"""When two records are the same work, and how one completes the other. Pure; used by import, enrichment and dedupe.

Merging never loses a value: what one side has stays, what both have differently is decided by rank of the source and
reported as a `Conflict`. ``merge(merge(a, b).record, b).record == merge(a, b).record``.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from bibtool.errors import IdentifierError
from bibtool.model.dates import Date
from bibtool.model.identifiers import arxiv_id_of_doi, isbn13, parse_doi, parse_isbn
from bibtool.model.marks import bare, show_names
from bibtool.model.names import Names
from bibtool.model.record import Arxiv, Provenance, Record
from bibtool.model.text.fold import title_key
from bibtool.model.works.people import name_key as name_key  # noqa: PLC0414 -- known from here
from bibtool.model.works.people import same_person, united

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.model.record import Value

# How much a source is trusted: the user before all, a pasted listing last. Others are equal: the older value stays.
_RANK = {"user": 2, "listing": 0}
_DEFAULT_RANK = 1


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides have a value and they differ; ``kept`` is what stands in the merged record."""

    field: str
    kept: str
    other: str
    kept_source: str = ""
    other_source: str = ""


@dataclass(frozen=True, slots=True)
class MergeResult:
    """The merged record, what differed, and the names of the values that are new or changed in it."""

    record: Record
    conflicts: tuple[Conflict, ...] = ()
    changed: tuple[str, ...] = ()


def identifiers(record: Record) -> Iterator[tuple[str, str]]:
    """Pairs of kind and normalised identifier by which a work is known: arxiv, doi, isbn, pmid, pmcid."""
    if record.arxiv is not None and record.arxiv.id is not None:
        yield "arxiv", record.arxiv.id.number
    if doi := record.text("DOI"):
        try:
            bare = parse_doi(doi)
        except IdentifierError:
            pass
        else:
            own = arxiv_id_of_doi(bare)
            if own is None:
                yield "doi", bare.casefold()
            elif record.arxiv is None or record.arxiv.id is None:
                yield "arxiv", own.number
    if record.type == "book" and (isbn := record.text("ISBN")):
        with contextlib.suppress(IdentifierError):
            yield "isbn", isbn13(parse_isbn(isbn))
    for kind in ("PMID", "PMCID"):
        if found := record.text(kind):
            yield kind.casefold(), found.casefold()


def authors_agree(one: Names, other: Names) -> bool:
    """The same people in the same order, as far as both lists go; initials and accents do not matter.

    A truncated list is a prefix of the full one. Empty lists agree with nothing.
    """
    if not one.names or not other.names:
        return False
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if len(short) != len(long) and not short.truncated:
        return False
    return all(same_person(a, b) for a, b in zip(short.names, long.names, strict=False))


def same_work(one: Record, other: Record) -> bool:
    """True where the records are certainly one work.

    A common identifier decides; two of one kind that differ decide against it. Else the title (spelling aside), the
    authors and the year (one apart is allowed: a preprint and its publication) must agree.
    """
    ids_one = dict(identifiers(one))
    ids_other = dict(identifiers(other))
    common = ids_one.keys() & ids_other.keys()
    if any(ids_one[kind] == ids_other[kind] for kind in common):
        return True
    if common:
        return False
    key = title_key(one.title)
    if not key or key != title_key(other.title):
        return False
    if one.year is not None and other.year is not None and abs(one.year - other.year) > 1:
        return False
    return authors_agree(one.names("author"), other.names("author"))


PUBLICATION_GROUP = frozenset(
    {
        "issued", "container-title", "container-title-short", "collection-title", "volume", "issue", "page", "number",
        "publisher", "publisher-place", "event-title", "event-place", "DOI", "ISBN", "ISSN", "edition",
    }
)  # fmt: skip


def is_published(record: Record) -> bool:
    """True for a record that says where the work appeared, other than on a preprint server."""
    if record.type in _VAGUE_TYPES:
        return False
    return any(record.text(name) for name in ("container-title", "event-title", "publisher", "volume", "DOI"))


def _rank(origin: Provenance | None) -> int:
    return _DEFAULT_RANK if origin is None else _RANK.get(origin.source, _DEFAULT_RANK)


def completes(short: Value, long: Value) -> bool:
    """True where ``long`` says the same as ``short`` and more: a full author list, a more precise date."""
    if isinstance(short, Names) and isinstance(long, Names):
        return short.truncated and not long.truncated and authors_agree(short, long) and len(long) >= len(short)
    if isinstance(short, Date) and isinstance(long, Date):
        a, b = short.start, long.start
        if a is None or b is None or short.end or long.end or a.year != b.year or a.season or b.season:
            return False
        return (a.month is None and b.month is not None) or (
            a.month is not None and a.month == b.month and a.day is None and b.day is not None
        )
    return False


def _same_value(one: Value, other: Value) -> bool:
    if one == other:
        return True
    if isinstance(one, Names) or isinstance(other, Names):
        return isinstance(one, Names) and isinstance(other, Names) and bare(one) == bare(other)
    return " ".join(str(one).split()) == " ".join(str(other).split())


def show(value: Value) -> str:
    """A value in one line, for messages; marks and ORCID iDs of people in brackets."""
    return show_names(value) if isinstance(value, Names) else str(value)


def merge(old: Record, new: Record) -> MergeResult:
    """``old`` completed by ``new``: key and order of ``old``, every value of either.

    A value of a more trusted source replaces one of a less trusted source (user > other > listing); between equals
    the one that says more stays (see `completes`), else the old one, and the difference is reported.
    """
    variables = dict(old.variables)
    origins = dict(old.provenance)
    conflicts: list[Conflict] = []
    changed: list[str] = []
    upgrade = is_published(new) and not is_published(old)
    downgrade = is_published(old) and not is_published(new)

    def take(name: str, value: Value) -> None:
        variables[name] = value
        if name in new.provenance:
            origins[name] = new.provenance[name]
        else:
            origins.pop(name, None)
        changed.append(name)

    def unite(name: str, mine: Value, value: Value, *, new_first: bool) -> None:
        """Complete a list of names by what the other one says of the same people."""
        if not isinstance(mine, Names) or not isinstance(value, Names):
            return
        names, clashes = united(value, mine) if new_first else united(mine, value)
        if names != variables[name]:
            variables[name] = names
            if name not in changed:
                changed.append(name)
        sources = _source(old, name), _source(new, name)
        for kept, other in clashes:
            said = f"{kept.display()} {kept.orcid}", f"{other.display()} {other.orcid}"
            conflicts.append(Conflict(f"{name}+an:orcid", *said, *(sources[::-1] if new_first else sources)))

    for name, value in new.variables.items():
        mine = variables.get(name)
        if name in PUBLICATION_GROUP and (upgrade or downgrade):
            # venue, year, DOI and pages belong together: half of a preprint and half of its publication is no citation
            rank = _rank(old.provenance.get(name))
            wins = rank <= _DEFAULT_RANK or (
                rank == _rank(new.provenance.get(name)) and mine and completes(mine, value)
            )
            if upgrade and mine != value and (mine is None or wins):
                take(name, value)
            continue
        if mine is None:
            take(name, value)
            continue
        rank_old, rank_new = _rank(old.provenance.get(name)), _rank(new.provenance.get(name))
        if _same_value(mine, value):
            unite(name, mine, value, new_first=rank_new > rank_old)
            continue
        replaces = rank_new > rank_old or (rank_new == rank_old and completes(mine, value))
        if replaces:
            take(name, value)
        unite(name, mine, value, new_first=replaces)
        if not completes(mine, value) and not completes(value, mine):
            kept, other = (value, mine) if replaces else (mine, value)
            source_old, source_new = _source(old, name), _source(new, name)
            kept_source, other_source = (source_new, source_old) if replaces else (source_old, source_new)
            conflicts.append(Conflict(name, show(kept), show(other), kept_source, other_source))
    arxiv, arxiv_changes = merge_arxiv(old.arxiv, new.arxiv)
    for name in arxiv_changes:
        if name in new.provenance:
            origins[name] = new.provenance[name]
    changed += arxiv_changes
    type_, type_conflict = _merge_type(old, new)
    if type_ != old.type:
        changed.append("type")
    if type_conflict:
        conflicts.append(type_conflict)
    extra = tuple(item for item in new.leftovers if item not in old.leftovers)
    changed += [f"{item.source}.{item.name}" for item in extra]
    aliases = tuple(dict.fromkeys((*old.aliases, *(key for key in new.aliases if key != old.key))))
    if aliases != old.aliases:
        changed.append("aliases")
    if not changed:
        return MergeResult(old, tuple(conflicts))
    record = replace(
        old,
        aliases=aliases,
        type=type_,
        variables=variables,
        arxiv=arxiv,
        leftovers=old.leftovers + extra,
        provenance=origins,
    )
    return MergeResult(record, tuple(conflicts), tuple(changed))


def _source(record: Record, name: str) -> str:
    origin = record.provenance.get(name)
    return origin.source if origin else ""


_VAGUE_TYPES = frozenset({"document", "article"})


def _merge_type(old: Record, new: Record) -> tuple[str, Conflict | None]:
    if old.type == new.type or new.type in _VAGUE_TYPES:
        return old.type, None
    if old.type in _VAGUE_TYPES:
        return new.type, None
    return old.type, Conflict("type", old.type, new.type)


def _version(arxiv: Arxiv) -> int:
    return max(arxiv.latest or 0, (arxiv.id.version if arxiv.id else None) or 0)


def merge_arxiv(old: Arxiv | None, new: Arxiv | None) -> tuple[Arxiv | None, list[str]]:
    """What arXiv says, completed: ``new`` fills what is empty and wins where it is of the same or a later version.

    Candidates vanish as soon as the category is known. The second value names the changed parts (``arxiv.id`` ...).
    """
    if new is None or new == old:
        return old, []
    if old is None:
        return new, [f"arxiv.{f.name}" for f in fields(Arxiv) if getattr(new, f.name)]
    later = old.id is None or (new.id is not None and new.id.number == old.id.number and _version(new) >= _version(old))
    values = {}
    for part in fields(Arxiv):
        mine, theirs = getattr(old, part.name), getattr(new, part.name)
        values[part.name] = theirs if theirs and (not mine or later) else mine
    if old.id is not None:
        values["id"] = old.id  # a version that somebody chose to cite stays
    if values["primary_category"]:
        values["candidates"] = ()
    if later and new.id is not None:
        values["withdrawn"] = new.withdrawn
    merged = Arxiv(**values)
    return merged, [f"arxiv.{f.name}" for f in fields(Arxiv) if getattr(merged, f.name) != getattr(old, f.name)]
