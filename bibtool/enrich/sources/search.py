"""Works searched for by title, people and year, where an entry has no identifier that a source knows.

What a search finds is a list of candidates and no more: a search gives its best hits even for nonsense. Who asks
compares them with the entry.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bibtool.enrich.sources.bodies import packed
from bibtool.enrich.sources.client import Present, Unasked
from bibtool.enrich.sources.crossref import CROSSREF, CROSSREF_SEARCH
from bibtool.enrich.sources.lookup import Looked, Told, complete_by, day_of
from bibtool.errors import BibtoolError
from bibtool.model.works.verdict import Verdict, compare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.enrich.sources.client import SourceClient
    from bibtool.enrich.sources.source import Reader
    from bibtool.model.record import Record

SEARCH: Final = CROSSREF_SEARCH.name
MAX_TITLE: Final = 300  # characters; longer ones are abstracts
_PEOPLE: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The works that ``source`` offers for an entry, the best first; ``unasked`` says why it could not be asked.

    ``when`` is the day of the answer.
    """

    source: str
    told: tuple[Told, ...] = ()
    when: str = ""
    unasked: str = ""
    can_wait: bool = True


def words_of(record: Record) -> str:
    """What a search is asked for: title, first family names, year; "" for an entry without a title."""
    title = " ".join(record.title.split())[:MAX_TITLE]
    if not title:
        return ""
    people = record.names("author") or record.names("editor")
    families = [name.literal or name.family for name in people][:_PEOPLE]
    return " ".join([title, *families, *([str(record.year)] if record.year else [])])


def search_for(records: Sequence[Record], clients: Mapping[str, SourceClient], read: Reader) -> list[Candidates | None]:
    """The candidates of each record, in their order; None for a record without a title, or if no source can search."""
    client = clients.get(SEARCH)
    wanted = [words_of(record) for record in records]
    if client is None:
        return [None] * len(wanted)
    title = client.source.title
    outcomes = client.lookup(words for words in wanted if words)
    found: list[Candidates | None] = []
    for words in wanted:
        outcome = outcomes.get(words)
        if outcome is None:
            found.append(None)
        elif isinstance(outcome, Unasked):
            found.append(Candidates(source=title, unasked=outcome.reason, can_wait=outcome.can_wait))
        elif isinstance(outcome, Present):
            when = day_of(outcome.when)
            found.append(Candidates(source=title, told=_told(client, outcome.part, read), when=when))
        else:
            found.append(Candidates(source=title))
    return found


def complete_by_title(record: Record, found: Candidates) -> Looked | None:
    """The record completed by the only candidate that is the same work; None if no candidate is. Pure.

    Of several alike none is taken; they are named in ``doubt``.
    """
    if not record.names("author"):  # too many works share a title
        return None
    fits = {
        told.record.doi.casefold(): told
        for told in found.told
        if told.record.doi and told.record.names("author") and compare(record, told.record).verdict is Verdict.SAME
    }
    if len(fits) > 1:
        doubt = f"{found.source} has several works like it: {', '.join(fits)}"
        return Looked(before=record, after=record, identifier="title", doubt=doubt)
    for told in fits.values():
        return complete_by(record, "DOI", told.record.doi, told, CROSSREF.name, found.when)
    return None


def _told(client: SourceClient, part: bytes, read: Reader) -> tuple[Told, ...]:
    told = []
    for work in json.loads(part):
        piece = packed({"message": work})
        try:
            (record,) = read(piece, client.source.format)
            facts = client.source.facts(piece)
        except (BibtoolError, ValueError, KeyError, TypeError, AttributeError):
            continue  # one odd work among several: the others can still be compared
        told.append(Told(source=client.source.title, record=record, facts=facts))
    return tuple(told)
