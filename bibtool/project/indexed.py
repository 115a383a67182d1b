"""What indexes have of records: the work by its identifier, by its title and people, its publication. No network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.enrich.sources.facts import Facts, Notice
from bibtool.enrich.sources.lookup import Told, complete_by
from bibtool.model.works.identity import identifiers
from bibtool.model.works.titles import same_wording
from bibtool.model.works.verdict import Verdict, compare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.enrich.sources.lookup import Looked
    from bibtool.model.record import Record
    from bibtool.store.index.base import Index, Indexed


def held(record: Record, indexes: Sequence[Index], when: str) -> Looked | None:
    """The record completed by the first index that has the work, ``when`` it is asked (ISO date).

    None where none has it, or where an index has several works like it.
    """
    for index in indexes:
        hit = _the_one(record, index.candidates(record))
        looked = _completed(record, hit, when) if hit is not None else None
        if looked is not None:
            return looked
    return None


def held_by_number(record: Record, indexes: Sequence[Index], when: str) -> Looked | None:
    """The record, of which not much more than an identifier is known, completed by the first index that has that."""
    keys = [f"{kind}:{value}" for kind, value in identifiers(record)]
    for index in indexes if keys else ():
        for hit in index.by_identifiers(keys):
            looked = _completed(record, hit, when)
            if looked is not None:
                return looked
    return None


def titled(title: str, record: Record, indexes: Sequence[Index]) -> list[Record]:
    """The works of this title in the indexes, each once; ``record`` is one that has it."""
    works: list[Record] = []
    for index in indexes:
        for hit in index.candidates(record):
            if same_wording(title, hit.record.title) and not any(
                compare(hit.record, other).is_one_record for other in works
            ):
                works.append(hit.record)
    return works


def _completed(record: Record, hit: Indexed, when: str) -> Looked | None:
    """The record completed by one of an index; None if it is another work after all."""
    named = dict(identifiers(record))
    variable = next((name for kind, name in _VARIABLES.items() if kind in named), "")
    if not variable:
        variable = "DOI" if hit.record.text("DOI") else "title"
    identifier = named.get(variable.casefold()) or hit.record.text(variable)
    facts = Facts(notices=(Notice("retraction"),)) if hit.retracted else Facts()
    told = Told(source=hit.source, record=hit.record, facts=facts)
    looked = complete_by(record, variable, identifier, told, f"index:{hit.source}", when)
    return looked if looked.told is not None else None


# kind of identifier -> how it is called
_VARIABLES = {"doi": "DOI", "arxiv": "arXiv", "isbn": "ISBN", "pmid": "PMID"}


def _the_one(record: Record, candidates: Sequence[Indexed]) -> Indexed | None:
    """The candidate that shares an identifier, or the only one that is the same record by title, people and place."""
    mine = set(identifiers(record))
    named = [each for each in candidates if mine & set(identifiers(each.record))]
    if named:
        return named[0]
    if not record.names("author"):  # too many works share a title
        return None
    alike = [
        each
        for each in candidates
        if each.record.names("author") and compare(record, each.record).verdict is Verdict.SAME
    ]
    works = {each.record.text("DOI").casefold() or each.record.title for each in alike}
    return alike[0] if len(works) == 1 else None
