"""A record completed by its paper: what arXiv fills, what stays, and what is said about it. Pure and idempotent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.enrich.atom import to_record
from bibtool.enrich.report import Change
from bibtool.model.marks import show
from bibtool.model.names import Names
from bibtool.model.record import Provenance
from bibtool.model.works.likeness import prepare_title, title_ratio
from bibtool.model.works.merge import Conflict, merge
from bibtool.model.works.people import united
from bibtool.structs import replace

if TYPE_CHECKING:
    from bibtool.enrich.atom import AtomEntry
    from bibtool.model.record import Record, Value


def complete(
    record: Record, entry: AtomEntry, *, when: str = "", accepted: bool = False
) -> tuple[Record, tuple[str, ...], tuple[Conflict, ...], tuple[Change, ...], tuple[str, ...]]:
    """The completed record; names of changed values; conflicts; replaced values worth a word; notes.

    The user's values win, and so do those of other sources than a pasted listing; where they differ from arXiv's, a
    conflict says so. Values of a listing are the same facts, less exact: arXiv's replace them silently, except for a
    title that differs in more than spelling. What an earlier run took from arXiv is brought up to date.
    """
    paper = to_record(entry, when=when)
    start = _without_other_paper(record, entry) if accepted else record
    fresh = _refreshed(start, paper)
    result = merge(fresh, paper)
    merged = result.record
    if accepted and merged.arxiv is not None:
        origin = Provenance(source="user", detail=f"accepted {entry.id.number}", when=when)
        known = record.provenance.get("arxiv.id")
        if known is None or (known.source, known.detail) != (origin.source, origin.detail):
            merged = replace(merged, provenance={**merged.provenance, "arxiv.id": origin})
    # what arXiv says of the preprint is among its facts; it need not be put aside
    left = tuple(item for item in merged.leftovers if item.source != "preprint" or item in record.leftovers)
    merged = replace(merged, leftovers=left)
    changes = _changes(record, merged)
    replaced = {change.field for change in changes}
    conflicts = tuple(
        conflict
        for conflict in result.conflicts
        if conflict.kept_source != "arxiv" and conflict.field not in replaced and _worth_saying(conflict)
    )
    changed = tuple(
        dict.fromkeys(
            [
                *(name for name in merged.variables if merged.variables[name] != record.variables.get(name)),
                *(name for name in record.variables if name not in merged.variables),
                *(name for name in result.changed if name not in merged.variables),
            ]
        )
    )
    if merged == record:
        merged, changed = record, ()
    return merged, changed, conflicts, changes, _notes(record, merged, paper)


def _without_other_paper(record: Record, entry: AtomEntry) -> Record:
    """The record without what an earlier run took from another paper, once the user has said that this one it is."""
    if record.arxiv is None or record.arxiv.id is None or record.arxiv.id.number == entry.id.number:
        return record
    wrong = record.arxiv.id.number
    foreign = {
        name
        for name, origin in record.provenance.items()
        if origin.source == "arxiv" and origin.detail.partition("v")[0] == wrong
    }
    return replace(
        record,
        variables={name: value for name, value in record.variables.items() if name not in foreign},
        arxiv=None,
        provenance={
            name: origin
            for name, origin in record.provenance.items()
            if name not in foreign and not name.startswith("arxiv.")
        },
    )


def _refreshed(record: Record, paper: Record) -> Record:
    """The record with the values that came from arXiv as arXiv has them now."""
    stale = {
        name: now
        for name, value in paper.variables.items()
        if name in record.variables
        and record.variables[name] != (now := _with_marks(value, record.variables[name]))
        and (origin := record.provenance.get(name)) is not None
        and origin.source == "arxiv"
    }
    return record.with_values(stale, next(iter(paper.provenance.values()), None)) if stale else record


def _with_marks(value: Value, known: Value) -> Value:
    """A list of names with the marks and ORCID iDs that the record has of its people; arXiv knows none."""
    return united(value, known)[0] if isinstance(value, Names) and isinstance(known, Names) else value


def _changes(before: Record, after: Record) -> tuple[Change, ...]:
    found = []
    if before.title and after.title != before.title:
        mine, theirs = prepare_title(before.title), prepare_title(after.title)
        if title_ratio(mine, theirs) < 1.0:
            found.append(Change("title", before.title, after.title))
    old, new = before.arxiv, after.arxiv
    if new is not None and new.withdrawn and not (old is not None and old.withdrawn):
        found.append(Change("withdrawn", "no", "yes"))
    if old is not None and new is not None and old.latest and new.latest and old.latest != new.latest:
        found.append(Change("arxiv.latest", f"v{old.latest}", f"v{new.latest}"))
    if before.text("DOI") and before.text("DOI") != after.text("DOI"):
        found.append(Change("DOI", before.text("DOI"), after.text("DOI")))
    authors = before.variables.get("author"), after.variables.get("author")
    if authors[0] and authors[1] and not before.names("author").truncated and authors[0] != authors[1]:
        shown = show(authors[0]), show(authors[1])
        if shown[0] != shown[1]:
            found.append(Change("author", *shown))
    return tuple(found)


def _worth_saying(conflict: Conflict) -> bool:
    """Not for titles that differ in spelling only, nor for two writings of one link."""
    if conflict.field == "title":
        return title_ratio(prepare_title(conflict.kept), prepare_title(conflict.other)) < 1.0
    return conflict.field != "abstract" and conflict.kept.casefold() != conflict.other.casefold()


def _notes(before: Record, after: Record, paper: Record) -> tuple[str, ...]:
    notes = []
    if paper.arxiv is not None and paper.arxiv.withdrawn:
        comment = f" ({paper.arxiv.comment[:200]})" if paper.arxiv.comment else ""
        notes.append(f"withdrawn on arXiv{comment}")
    doi = paper.text("DOI")
    if doi and not after.text("DOI"):
        notes.append(f"arXiv names the publication https://doi.org/{doi}; not taken, since the record names another")
    candidates = before.arxiv.candidates if before.arxiv is not None else ()
    categories = paper.arxiv.categories if paper.arxiv is not None else ()
    if candidates and categories and not set(candidates) & set(categories):
        notes.append(
            f"the listing's category ({' or '.join(candidates)}) is not among arXiv's ({', '.join(categories)})"
        )
    return tuple(notes)
