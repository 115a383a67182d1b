"""Entries compared with what the services say of their identifiers: Crossref, DataCite, doi.org, PubMed, Open Library.

An identifier that its registry doesn't have is a contradiction: there is no such DOI. A service that merely lacks a
work says nothing, and neither does one that could not be asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bibtool.model.works.identity import identifiers
from bibtool.model.works.manifestation import is_published
from bibtool.project.verify import CONTRADICTS, NOT_CHECKED, NOT_FOUND, Contradiction, Verified
from bibtool.project.verify_index import IndexChecker
from bibtool.store.index.base import Indexed, Info, SourceInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.enrich.sources.lookup import Answer, Told
    from bibtool.model.record import Record


@dataclass(frozen=True, slots=True)
class _OneRecord:
    """The record of an answer, to be compared as those of an index are."""

    indexed: Indexed

    def info(self) -> Info:
        record = self.indexed.record
        return Info(
            location=self.indexed.source,
            records=1,
            size=0,
            sources=(SourceInfo(self.indexed.source, 1, ""),),
            types={record.type: 1},
            published=int(is_published(record)),
        )

    def candidates(self, _record: Record) -> list[Indexed]:
        return [self.indexed]

    def by_identifiers(self, wanted: Sequence[str]) -> list[Indexed]:
        has = {f"{kind}:{value}" for kind, value in identifiers(self.indexed.record)}
        return [self.indexed] if has & set(wanted) else []


def check_answer(record: Record, answer: Answer) -> Verified:
    """The verdict on an entry by the answer for its identifier."""
    if answer.told is not None:
        verified = IndexChecker([_OneRecord(_indexed(answer, answer.told))]).check(record)
        if verified.verdict == NOT_FOUND:  # the identifier is that of another work
            title = answer.told.record.title
            said = f"{answer.words} is {title!r}, {answer.source} says"
            found = Contradiction(answer.variable, answer.identifier, f"that of {title!r}", said, answer.source)
            verified = replace(verified, verdict=CONTRADICTS, contradictions=(found,), reason="")
        return replace(verified, when=answer.when)
    if answer.absent and answer.is_registry:
        said = f"there is no {answer.words}, {answer.source} says"
        missing = Contradiction(answer.variable, answer.identifier, f"no such {answer.variable}", said, answer.source)
        return Verified(record=record, verdict=CONTRADICTS, contradictions=(missing,), sources=(answer.source,))
    return Verified(
        record=record,
        verdict=NOT_CHECKED,
        reason=answer.absent or answer.unasked,
        unasked=bool(answer.unasked) and answer.can_wait,
        sources=(answer.source,) if answer.absent else (),
    )


def _indexed(answer: Answer, told: Told) -> Indexed:
    """The record under the identifier that was asked for: an alias leads to a record with another one."""
    record = told.record.with_values({answer.variable: answer.identifier})
    notices = [notice for notice in told.facts.notices if notice.is_retraction]
    return Indexed(record, answer.source, "; ".join(notice.words() for notice in notices))
