"""Fields of an entry taken from the source that contradicts them, where no other source denies that. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.model.record import Provenance
from bibtool.model.works.manifestation import is_published
from bibtool.project.compare import compare_records
from bibtool.project.refresh import Refreshed
from bibtool.project.verify import CONFIRMED, CONTRADICTS
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from bibtool.model.record import Record
    from bibtool.project.verify import Verified

_VARIABLES: Final = {
    "title": "title", "author": "author", "year": "issued", "venue": "container-title", "volume": "volume",
    "issue": "issue", "pages": "page", "DOI": "DOI",
}  # fmt: skip
# of the form in which a work appeared; never from another one
_OF_FORM: Final = frozenset({"year", "venue", "volume", "issue", "pages", "DOI"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A verdict, the change that would remove its contradictions, and the verdict after it; ``fields`` are changed."""

    before: Verified
    change: Refreshed
    after: Verified
    fields: tuple[str, ...] = ()


def fix(result: Verified) -> Fixed:
    """What may be taken over from the source of a verdict; nothing if it has another work, or none.

    A field is taken only if one source states it and no other agrees with the entry. Title and authors both differ only
    where the entry is not that work; then a person has to decide. Year, venue, volume, issue, pages and DOI are taken
    from a publication for a publication, and from a preprint for a preprint.
    """
    record, theirs = result.record, result.theirs
    nothing = Fixed(before=result, change=Refreshed(before=record, after=record), after=result)
    named = {each.field for each in result.contradictions}
    if result.verdict != CONTRADICTS or theirs is None or {"title", "author"} <= named or "arXiv id" in named:
        return nothing
    same_form = is_published(record) == is_published(theirs)
    fields = [
        each.field
        for each in result.contradictions
        if each.field not in result.denied and (same_form or each.field not in _OF_FORM) and _states(theirs, each.field)
    ]
    if not fields:
        return nothing
    values = {_VARIABLES[field]: theirs.variables[_VARIABLES[field]] for field in fields}
    source = next(each.source for each in result.contradictions if each.field in fields)
    origin = Provenance(source=source, detail="verify --fix", when=result.when)
    fixed = record.with_values(values, origin)
    left = tuple(each for each in result.contradictions if each.field not in fields)
    return Fixed(
        before=result,
        change=Refreshed(before=record, after=fixed, change=compare_records(record, fixed)),
        after=replace(result, contradictions=left, verdict=CONTRADICTS if left else CONFIRMED),
        fields=tuple(fields),
    )


def _states(record: Record, field: str) -> bool:
    return field in _VARIABLES and _VARIABLES[field] in record.variables
