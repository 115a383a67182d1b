"""How one record of a work completes another. Pure; used by import, enrichment and dedupe.

Merging never loses a value: what one side has stays, what both have differently is decided by rank of the source and
reported as a `Conflict`. ``merge(merge(a, b).record, b).record == merge(a, b).record``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId, arxiv_id_of_doi
from bibtool.model.marks import bare, show
from bibtool.model.names import Names
from bibtool.model.record import Arxiv, Leftover, Provenance, Record
from bibtool.model.text.fold import title_key
from bibtool.model.works.identity import identifiers
from bibtool.model.works.manifestation import is_preprint, is_published
from bibtool.model.works.people import authors_agree, united
from bibtool.model.works.places import contradict, place_of, same_container
from bibtool.structs import dataclass, fields, replace

if TYPE_CHECKING:
    from bibtool.model.record import Value

# How much a source is trusted: the user before all, what was read off a pasted text last. Others are equal: the older
# value stays.
PASTED = frozenset({"listing", "references"})
_RANK = {"user": 2, **dict.fromkeys(PASTED, 0)}
_DEFAULT_RANK = 1


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides have a value and they differ; ``kept`` is the value in the merged record."""

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


_VAGUE_TYPES = frozenset({"document", "article"})

PUBLICATION_GROUP = frozenset(
    {
        "issued", "container-title", "container-title-short", "collection-title", "volume", "issue", "page", "number",
        "publisher", "publisher-place", "event-title", "event-place", "DOI", "ISBN", "ISSN", "edition",
    }
)  # fmt: skip


def _rank(origin: Provenance | None) -> int:
    return _DEFAULT_RANK if origin is None else _RANK.get(origin.source, _DEFAULT_RANK)


def _is_surer(new: Record, old: Record, name: str = "title") -> bool:
    """Whether a value of ``old`` was read off a formatted reference, and that of ``new`` is what a source has."""
    origin = old.provenance.get(name)
    return origin is not None and origin.source == "references" and _rank(new.provenance.get(name)) > _rank(origin)


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


def merge(old: Record, new: Record) -> MergeResult:
    """``old`` completed by ``new``: key and order of ``old``, every value of either.

    A value of a more trusted source replaces one of a less trusted source (user > other > pasted text); between equals
    the one that says more stays (see `completes`), or if neither does the old one, and the difference is reported.

    Venue, year, DOI and pages belong together (`PUBLICATION_GROUP`): where both records tell of different publications
    of the work, all of them come from one record, the one that was published, or the surer one where the old one was
    read off a formatted reference. What a preprint says of itself is kept among the leftovers, with ``preprint`` as
    their source. Merging the result with ``new`` again changes nothing.
    """
    result = _merged(old, new)
    if is_published(old) or not is_published(result.record):
        return result
    # a record that was completed to a publication takes what a preprint says of itself as a publication does
    again = _merged(result.record, new)
    return replace(result, record=again.record, changed=tuple(dict.fromkeys((*result.changed, *again.changed))))


def _merged(old: Record, new: Record) -> MergeResult:
    merging = _Merging(old, new)
    whole = not same_publication(old, new)
    upgrade = whole and is_published(new) and (not is_published(old) or _is_surer(new, old))
    if upgrade:
        merging.upgrade()
    for name, value in new.variables.items():
        if not (whole and name in PUBLICATION_GROUP):
            merging.complete(name, value)
        elif not upgrade:
            merging.put_aside(name, value, new)
    return merging.result(upgrade=upgrade)


class _Merging:
    """One merge in progress: the merged record so far, and what is to be reported."""

    def __init__(self, old: Record, new: Record) -> None:
        self.old, self.new = old, new
        self.variables = dict(old.variables)
        self.origins = dict(old.provenance)
        self.leftovers = list(old.leftovers)
        self.conflicts: list[Conflict] = []
        self.changed: list[str] = []

    def take(self, name: str, value: Value) -> None:
        """Keep the new value."""
        self.variables[name] = value
        if name in self.new.provenance:
            self.origins[name] = self.new.provenance[name]
        else:
            self.origins.pop(name, None)
        self.changed.append(name)

    def upgrade(self) -> None:
        """Replace all that the old record says of its own manifestation; what the user has set stays."""
        for name, value in self.old.variables.items():
            if name not in PUBLICATION_GROUP or _rank(self.old.provenance.get(name)) > _DEFAULT_RANK:
                continue
            if name not in self.new.variables:
                del self.variables[name]
                self.origins.pop(name, None)
                self.changed.append(name)
            self.put_aside(name, value, self.old)
        for name, value in self.new.variables.items():
            mine, rank = self.variables.get(name), _rank(self.old.provenance.get(name))
            if name not in PUBLICATION_GROUP or (mine == value and not _is_surer(self.new, self.old, name)):
                continue
            as_trusted = rank == _rank(self.new.provenance.get(name))
            if mine is None or rank <= _DEFAULT_RANK or (as_trusted and completes(mine, value)):
                self.take(name, value)
            elif not completes(value, mine):
                self._conflict(name, mine, value, new_first=False)

    def put_aside(self, name: str, value: Value, record: Record) -> None:
        """Keep a value of the manifestation that is not the record's."""
        stays = self.new.variables.get(name) if record is self.old else self.variables.get(name)
        if (stays is not None and (_same_value(stays, value) or completes(value, stays))) or _is_implied(name, record):
            return
        if not is_published(record) and _is_preprint(record):
            leftover = Leftover("preprint", name, show(value))
            if leftover not in self.leftovers:
                self.leftovers.append(leftover)
                self.changed.append(f"preprint.{name}")
            return
        self._conflict(name, stays, value, new_first=record is self.old)

    def complete(self, name: str, value: Value) -> None:
        """Take a value where there is none or a poorer one; report where both differ."""
        mine = self.variables.get(name)
        if mine is None:
            if not (name == "URL" and self._is_derived_address(str(value))):
                self.take(name, value)
            return
        rank_old, rank_new = _rank(self.old.provenance.get(name)), _rank(self.new.provenance.get(name))
        if _same_value(mine, value):
            if _is_surer(self.new, self.old, name):
                self.take(name, value)  # confirmed
            self._unite(name, mine, value, new_first=rank_new > rank_old)
            return
        replaces = rank_new > rank_old or (rank_new == rank_old and completes(mine, value))
        if replaces:
            self.take(name, value)
        self._unite(name, mine, value, new_first=replaces)
        if not completes(mine, value) and not completes(value, mine):
            kept, other = (value, mine) if replaces else (mine, value)
            self._conflict(name, kept, other, new_first=replaces)

    def _is_derived_address(self, address: str) -> bool:
        """Whether an address says no more than the arXiv id that both records have: exports make it from the id."""
        known, same = (record.arxiv.id if record.arxiv is not None else None for record in (self.old, self.new))
        if known is None or same is None or known.number != same.number or _source(self.new, "URL") == "arxiv":
            return False
        return address in (known.url, ArxivId(known.number).url)

    def _conflict(self, name: str, kept: Value | None, other: Value, *, new_first: bool) -> None:
        """Report a difference; ``new_first``: what is kept is the new record's."""
        sources = _source(self.old, name), _source(self.new, name)
        kept_source, other_source = sources[::-1] if new_first else sources
        shown = "" if kept is None else show(kept)
        self.conflicts.append(Conflict(name, shown, show(other), kept_source, other_source))

    def _unite(self, name: str, mine: Value, value: Value, *, new_first: bool) -> None:
        """Complete a list of names by what the other one says of the same people."""
        if not isinstance(mine, Names) or not isinstance(value, Names):
            return
        names, clashes = united(value, mine) if new_first else united(mine, value)
        if names != self.variables[name]:
            self.variables[name] = names
            if name not in self.changed:
                self.changed.append(name)
        sources = _source(self.old, name), _source(self.new, name)
        for kept, other in clashes:
            said = f"{kept.display()} {kept.orcid}", f"{other.display()} {other.orcid}"
            self.conflicts.append(Conflict(f"{name}+an:orcid", *said, *(sources[::-1] if new_first else sources)))

    def _type(self, *, upgrade: bool) -> tuple[str, Conflict | None]:
        type_, conflict = _merge_type(self.old, self.new)
        if not upgrade or conflict is None:
            return type_, conflict
        return self.new.type, Conflict("type", self.new.type, self.old.type)

    def result(self, *, upgrade: bool) -> MergeResult:
        """The merged record with its arXiv facts, type, leftovers and keys."""
        old, new = self.old, self.new
        arxiv, arxiv_changes = merge_arxiv(old.arxiv, new.arxiv)
        for name in arxiv_changes:
            if name in new.provenance:
                self.origins[name] = new.provenance[name]
        self.changed += arxiv_changes
        type_, type_conflict = self._type(upgrade=upgrade)
        if type_ != old.type:
            self.changed.append("type")
            if "type" in new.provenance:
                self.origins["type"] = new.provenance["type"]
        if type_conflict:
            self.conflicts.append(type_conflict)
        extra = [item for item in new.leftovers if item not in self.leftovers]
        self.changed += [f"{item.source}.{item.name}" for item in extra]
        aliases = tuple(dict.fromkeys((*old.aliases, *(key for key in new.aliases if key != old.key))))
        if aliases != old.aliases:
            self.changed.append("aliases")
        if not self.changed:
            return MergeResult(old, tuple(self.conflicts))
        record = replace(
            old,
            aliases=aliases,
            type=type_,
            variables=self.variables,
            arxiv=arxiv,
            leftovers=(*self.leftovers, *extra),
            provenance=self.origins,
        )
        return MergeResult(record, tuple(self.conflicts), tuple(self.changed))


def _is_implied(name: str, record: Record) -> bool:
    """Whether a preprint's value says no more than its arXiv id, which is kept."""
    if record.arxiv is None or record.arxiv.id is None:
        return False
    value = record.text(name)
    return (
        arxiv_id_of_doi(value) is not None
        or record.arxiv.id.number in value
        or title_key(value) in ("arxiv", "corr", "arxiv preprint", "arxiv e prints", "arxiv org", "cornell university")
    )


def _is_preprint(record: Record) -> bool:
    return record.arxiv is not None or is_preprint(record)


def _names_no_place(record: Record) -> bool:
    """Whether a record says nothing of where the work appeared: a title, people and a year."""
    return not _is_preprint(record) and PUBLICATION_GROUP.isdisjoint(record.variables.keys() - {"issued"})


def same_publication(record: Record, other: Record) -> bool:
    """Whether two records of one work may tell of one publication of it, so that each completes the other.

    So may two of which one says nothing of a publication, and two unpublished ones that name no different servers.
    """
    if _names_no_place(record) or _names_no_place(other):
        return True
    published = is_published(record)
    if published != is_published(other):
        return False
    dois = dict(identifiers(record)).get("doi", ""), dict(identifiers(other)).get("doi", "")
    if all(dois):
        return dois[0] == dois[1]
    places = place_of(record), place_of(other)
    containers = [place.container for place in places]
    if all(containers) and not same_container(*containers):
        return False
    if not published:
        return True
    if contradict(places[0].volume, places[1].volume) or contradict(places[0].page, places[1].page):
        return False
    same_volume = bool(places[0].volume) and places[0].volume == places[1].volume
    return same_volume or record.year is None or other.year is None or record.year == other.year


def _source(record: Record, name: str) -> str:
    origin = record.provenance.get(name)
    return origin.source if origin else ""


def _merge_type(old: Record, new: Record) -> tuple[str, Conflict | None]:
    if old.type == new.type or new.type in _VAGUE_TYPES:
        return old.type, None
    if old.type in _VAGUE_TYPES or _rank(old.provenance.get("type")) < _rank(new.provenance.get("type")):
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
