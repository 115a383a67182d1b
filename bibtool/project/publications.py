"""The publication of a preprint that indexes have or services name, taken as a whole: `taken_from`. Pure.

It is the same work by title and people, its year fits, and no other publication does; otherwise nothing is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.model.record import Provenance
from bibtool.model.works.manifestation import is_published
from bibtool.model.works.merge import PUBLICATION_GROUP
from bibtool.model.works.reference import YEARS_BEFORE, YEARS_TO_PRINT
from bibtool.model.works.retractions import with_retraction
from bibtool.model.works.titles import same_wording
from bibtool.model.works.verdict import Verdict, compare
from bibtool.project.compare import compare_records
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record
    from bibtool.project.refresh import Refreshed


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A work that may be the publication of a preprint.

    ``source`` is who has it, ``origin`` the same in provenance, ``when`` the ISO date of the answer, ``retracted`` what
    is said of a retraction. ``named_by`` is the service that says that it is the publication, "" for a mere candidate.
    """

    record: Record
    source: str
    origin: str
    when: str
    retracted: str = ""
    named_by: str = ""


def taken_from(result: Refreshed, works: Sequence[Known]) -> Refreshed:
    """The result with the only publication among ``works``.

    Venue, volume, pages, year, DOI and the like are taken together, with their type. Nothing is taken for a work that
    is published already, or whose year or venue the user has typed; of several publications none is. One that a service
    names and that has another title or other people is only said.
    """
    record = result.after
    if is_published(record) or any(_is_typed(record, name) for name in PUBLICATION_GROUP):
        return result
    fitting: dict[str, Known] = {}
    notes = list(result.notes)
    for work in works:
        if is_publication(work.record, record):
            fitting.setdefault(work.record.doi.casefold() or work.record.journal.casefold(), work)
        elif work.named_by:
            where = work.record.doi or work.record.journal
            notes.append(f"{work.named_by} names {work.record.title!r} ({where}) as its publication; it was not taken")
    if len(fitting) > 1:
        named = ", ".join(f"{work.record.journal} {work.record.year or ''}".strip() for work in fitting.values())
        notes.append(f"several publications are known: {named}; none was taken")
        fitting = {}
    for work in fitting.values():
        theirs = work.record
        values = {name: theirs.variables.get(name) for name in PUBLICATION_GROUP}
        origin = Provenance(source=work.origin, detail=theirs.doi or theirs.title, when=work.when)
        after = replace(record.with_values(values, origin), type=theirs.type)
        if work.retracted:
            said = f"{work.source} says so ({work.retracted})"
            notes.append(f"RETRACTED: {said}")
            after = with_retraction(after, said, origin)
        # what is known now needs no suggestion, and no answer
        return replace(
            result,
            after=after,
            change=compare_records(result.before, after),
            notes=tuple(notes),
            published=None,
            trouble="",
            unasked=False,
        )
    return replace(result, notes=tuple(notes))


def _is_typed(record: Record, name: str) -> bool:
    origin = record.provenance.get(name)
    return name in record.variables and origin is not None and origin.source == "user"


def is_publication(work: Record, preprint: Record) -> bool:
    """Whether the work is what the preprint became: by title, people and year."""
    if not is_published(work) or not work.names("author") or not same_wording(work.title, preprint.title):
        return False
    if compare(preprint, work).verdict not in (Verdict.SAME, Verdict.MANIFESTATION):
        return False
    if work.year is None or preprint.year is None:
        return work.year is not None
    return preprint.year - YEARS_BEFORE <= work.year <= preprint.year + YEARS_TO_PRINT
