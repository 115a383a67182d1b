"""The records of one work as one record: field by field with provenance, nothing dropped in silence. Pure.

Which record leads: the one that was published, among those the one that says most. Venue, year, DOI and pages are taken
whole from it, never half of the preprint and half of the publication. Identifiers of both are kept, arXiv id and DOI
alike. Every value of another record is in the result, or among `Combined.differences`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.model.identifiers import arxiv_id_of_doi
from bibtool.model.marks import bare, show
from bibtool.model.names import Names
from bibtool.model.record import Arxiv, Record
from bibtool.model.works.card import card_of
from bibtool.model.works.manifestation import is_published
from bibtool.model.works.merge import completes, merge, merge_arxiv
from bibtool.model.works.people import united
from bibtool.structs import dataclass, field, fields, replace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


PREFERENCES: Final = ("cited", "published", "first")


@dataclass(frozen=True, slots=True)
class Difference:
    """A value of the record ``key`` that is not in the merged one; ``kept`` is the value in its place, or ""."""

    key: str
    field: str
    kept: str
    other: str


@dataclass(frozen=True, slots=True)
class Combined:
    """The merged record; ``base`` is the place of the record that leads, ``replaced`` maps old keys to the new one."""

    record: Record
    base: int
    replaced: Mapping[str, str] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()


def choose_base(records: Sequence[Record]) -> int:
    """The place of the record that leads: published, then the most complete, then the first."""
    return max(
        range(len(records)),
        key=lambda at: (is_published(records[at]), len(records[at].variables), -at),
    )


def choose_key(
    records: Sequence[Record],
    *,
    keep: Sequence[str] = (),
    cited: Mapping[str, int] | None = None,
    prefer: str = "cited",
) -> str:
    """The key that stays; "" where no record has one.

    One of ``keep`` before all. Else by ``prefer``: ``cited``, the key that is cited most often (``cited`` counts);
    where none is cited, or with ``published``, that of the published record; with ``first``, the first one. A tie goes
    to the published record, then to the first.
    """
    keys = [record.key for record in records if record.key]
    if not keys:
        return ""
    known = dict.fromkeys([*keys, *(alias for record in records for alias in record.aliases)])
    for key in keep:
        if key in known:
            return key
    if prefer == "first":
        return keys[0]
    base = records[choose_base(records)].key
    ranked = [base, *keys] if base else keys
    if prefer == "cited" and cited:
        return max(dict.fromkeys(ranked), key=lambda key: cited.get(key, 0))
    return ranked[0]


def combine(records: Sequence[Record], key: str | None = None, base: int | None = None) -> Combined:
    """The records of one work merged under ``key`` (see `choose_key`); raises `ValueError` for none.

    ``combine([c.record, *records]).record == c.record`` for ``c = combine(records, key)`` and the same key.
    """
    if not records:
        raise ValueError("there is nothing to combine")
    lead = choose_base(records) if base is None else base
    first = records[lead]
    others = sorted((x for at, x in enumerate(records) if at != lead), key=lambda x: card_of(x).signature)
    merged = first
    for record in others:
        merged = merge(merged, _without_spellings(merged, record)).record
    merged = _with_all_marks(merged, others)
    merged = _with_arxiv_id(replace(merged, arxiv=_arxiv_of(first, others)), records)
    name = choose_key(records) if key is None else key
    olds = dict.fromkeys(x for record in (first, *records) for x in (record.key, *record.aliases) if x and x != name)
    merged = replace(merged, key=name, aliases=tuple(olds))
    rest = (record for at, record in enumerate(records) if at != lead)
    differences = tuple(difference for record in rest for difference in differences_of(merged, record))
    return Combined(merged, lead, dict.fromkeys(olds, name), differences)


def _with_all_marks(merged: Record, others: Sequence[Record]) -> Record:
    """The record with what any of the others says of people whom only a later one named."""
    known = {name: value for name, value in merged.variables.items() if isinstance(value, Names)}
    for record in others:
        known = {name: united(value, record.names(name))[0] for name, value in known.items()}
    same = all(merged.variables[name] == value for name, value in known.items())
    return merged if same else merged.with_values(known)


def _without_spellings(merged: Record, record: Record) -> Record:
    """``record`` without notes on how its values were spelt in its file: they are useful only with these values."""
    left = tuple(
        item
        for item in record.leftovers
        if not item.source.endswith("-form") or not any(x.name == item.name for x in merged.leftovers)
        if not (item.source.endswith("-form") and item.name == "entrytype")
    )
    return record if left == record.leftovers else replace(record, leftovers=left)


def _arxiv_of(first: Record, others: Sequence[Record]) -> Arxiv | None:
    """What arXiv says of the work: later versions before earlier ones, the leading record before all.

    Of another paper on arXiv nothing is taken.
    """
    number = first.arxiv.id.number if first.arxiv is not None and first.arxiv.id is not None else None
    merged: Arxiv | None = None
    latest = 0  # the newest version that any of them has seen
    for facts in sorted((record.arxiv for record in others if record.arxiv is not None), key=_version):
        own = facts.id.number if facts.id is not None else None
        if number is None:
            number = own
        if own in (None, number):
            merged, _ = merge_arxiv(merged, facts)
            latest = max(latest, facts.latest or 0)
    whole, _ = merge_arxiv(merged, first.arxiv)
    if whole is not None and first.arxiv is not None:
        latest = max(latest, first.arxiv.latest or 0)
    if whole is not None and latest > (whole.latest or 0):
        whole = replace(whole, latest=latest)
    if whole is not None and first.arxiv is not None and first.arxiv.id is not None:
        return replace(whole, id=first.arxiv.id)
    return whole


def _version(facts: Arxiv) -> tuple[bool, int]:
    return facts.id is not None, (facts.id.version or 0) if facts.id is not None else 0


def _with_arxiv_id(merged: Record, records: Sequence[Record]) -> Record:
    """The record with the arXiv id that one of the records has only as arXiv's own DOI."""
    if merged.arxiv is not None and merged.arxiv.id is not None:
        return merged
    for record in records:
        number = arxiv_id_of_doi(record.text("DOI"))
        if number is not None and merged.text("DOI") != record.text("DOI"):
            return replace(merged, arxiv=merge_arxiv(merged.arxiv, Arxiv(id=number))[0])
    return merged


def differences_of(merged: Record, record: Record) -> list[Difference]:
    """The values of ``record`` that ``merged`` does not say: for reports."""
    differences = []

    def differs(name: str, standing: str, given: str) -> None:
        differences.append(Difference(record.key, name, standing, given))

    for name, value in record.variables.items():
        standing = merged.variables.get(name)
        if name == "DOI" and _is_own_doi(merged, str(value)):
            continue
        if standing is None:
            differs(name, "", show(value))
        elif isinstance(standing, Names) and isinstance(value, Names):
            if show(bare(standing)) != show(bare(value)) and not completes(value, standing):
                differs(name, show(standing), show(value))
            for person, same in united(standing, value)[1]:
                differs(f"{name}+an:orcid", f"{person.display()} {person.orcid}", f"{same.display()} {same.orcid}")
        elif show(standing) != show(value) and not completes(value, standing):
            differs(name, show(standing), show(value))
    if record.type != merged.type and record.type not in ("document", "article"):
        differs("type", merged.type, record.type)
    if record.arxiv is not None and record.arxiv != merged.arxiv:
        arxiv = merged.arxiv or Arxiv()
        for name in (part.name for part in fields(Arxiv)):
            if name == "candidates" and arxiv.primary_category:
                continue  # they were guesses
            held, given = getattr(arxiv, name), getattr(record.arxiv, name)
            if given and given != held:
                differs(f"arxiv.{name}", _told(held), _told(given))
    return differences


def _is_own_doi(merged: Record, doi: str) -> bool:
    number = arxiv_id_of_doi(doi)
    return (
        number is not None
        and merged.arxiv is not None
        and merged.arxiv.id is not None
        and merged.arxiv.id.number == number.number
    )


def _told(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value or "")
