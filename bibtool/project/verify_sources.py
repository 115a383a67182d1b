"""Entries compared with what the services say of their identifiers, and with what a search by title has found.

An identifier that its registry doesn't have is a contradiction: there is no such DOI. An entry without an identifier is
searched for. A service that merely lacks a work says nothing, and neither does one that could not be asked.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from bibtool.model.works.identity import identifiers
from bibtool.model.works.manifestation import is_published
from bibtool.model.works.venues import has_no_dois
from bibtool.project.verify import CONTRADICTS, NOT_CHECKED, NOT_FOUND, Contradiction, Verified
from bibtool.project.verify_index import IndexChecker, is_open
from bibtool.store.index.base import Indexed, Info, SourceInfo
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.enrich.sources.lookup import Answer, Told
    from bibtool.enrich.sources.search import Candidates
    from bibtool.model.record import Record

# services that have works without a DOI too
_WITHOUT_DOIS: Final = frozenset({"DBLP", "OpenAlex", "Semantic Scholar"})
# most of these works have a DOI
USUALLY_REGISTERED: Final = frozenset({"article-journal", "paper-conference", "chapter"})


@dataclass(frozen=True, slots=True)
class _Answered:
    """The records of an answer of ``source``, to be compared as those of an index are."""

    source: str
    records: tuple[Indexed, ...]

    def info(self) -> Info:
        return Info(
            location=self.source,
            records=max(1, len(self.records)),  # the service is not empty where it has nothing like the entry
            size=0,
            sources=(SourceInfo(self.source, len(self.records), ""),),
            types=Counter(each.record.type for each in self.records),
            published=sum(is_published(each.record) for each in self.records),
        )

    def candidates(self, _record: Record) -> list[Indexed]:
        return list(self.records)

    def by_identifiers(self, wanted: Sequence[str]) -> list[Indexed]:
        pairs = ((each, {f"{kind}:{value}" for kind, value in identifiers(each.record)}) for each in self.records)
        return [each for each, has in pairs if has & set(wanted)]


def check_answer(record: Record, answer: Answer) -> Verified:
    """The verdict on an entry by the answer for its identifier."""
    if answer.told is not None:
        verified = IndexChecker([_Answered(answer.source, (_under(answer, answer.told),))]).check(record)
        if verified.verdict == NOT_FOUND:  # the identifier is that of another work
            title = answer.told.record.title
            said = f"{answer.words} is {title!r}, {answer.source} says"
            found = Contradiction(answer.variable, answer.identifier, f"that of {title!r}", said, answer.source)
            verified = replace(verified, verdict=CONTRADICTS, contradictions=(found,), reason="")
        return replace(verified, when=answer.when, notices=_notices(answer.told))
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


def check_candidates(record: Record, found: Candidates) -> Verified:
    """The verdict on an entry by what searches for it have found, the first source that has the work first.

    *not found* says that no service has anything like it, and is given only if all could be asked and usually have
    such works.
    """
    held = [
        _Answered(source, tuple(_indexed(told.record, told) for told in found.told if told.source == source))
        for source in found.sources
    ]
    if not held:
        return Verified(record=record, verdict=NOT_CHECKED, reason=found.unasked, unasked=found.can_wait)
    verified = IndexChecker(held).check(record)
    if verified.verdict != NOT_FOUND:
        return replace(verified, when=found.when)
    if found.unasked:
        return replace(verified, verdict=NOT_CHECKED, reason=found.unasked, unasked=found.can_wait)
    if reason := _may_be_elsewhere(record, found.sources):
        return replace(verified, verdict=NOT_CHECKED, reason=reason)
    return verified


def have_the_work(record: Record, found: Candidates) -> bool:
    """Whether no further source need be searched: another one may have the work where these have one like it."""
    said = check_candidates(record, found)
    return not is_open(said) and not {"title", "author"} & {each.field for each in said.contradictions}


def _may_be_elsewhere(record: Record, sources: Sequence[str]) -> str:
    """Why the absence of a work from these sources says nothing; "" if they usually have such works."""
    asked = ", ".join(sources)
    if record.type not in USUALLY_REGISTERED:
        return f"nothing like it in {asked}, which don't have all works of the type {record.type}"
    if has_no_dois(record.journal) and not set(sources) & _WITHOUT_DOIS:
        return f"nothing like it in {asked}, which don't have all papers of {record.journal}"
    return ""


def _notices(told: Told) -> tuple[str, ...]:
    """Corrections and expressions of concern, in words."""
    return tuple(notice.words() for notice in told.facts.notices if not notice.is_retraction)


def _under(answer: Answer, told: Told) -> Indexed:
    """The record under the identifier that was asked for: an alias leads to a record with another one."""
    if answer.variable not in ("DOI", "PMID", "ISBN"):
        return _indexed(told.record, told)
    return _indexed(told.record.with_values({answer.variable: answer.identifier}), told)


def _indexed(record: Record, told: Told) -> Indexed:
    notices = [notice for notice in told.facts.notices if notice.is_retraction]
    return Indexed(record, told.source, "; ".join(notice.words() for notice in notices))
