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
from bibtool.enrich.sources.lookup import Told
from bibtool.errors import BibtoolError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.enrich.sources.client import SourceClient
    from bibtool.enrich.sources.source import Reader
    from bibtool.model.record import Record

SEARCH: Final = "crossref-search"
MAX_TITLE: Final = 300  # characters; longer ones are abstracts
_PEOPLE: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The works that ``source`` offers for an entry, the best first; ``unasked`` says why it could not be asked."""

    source: str
    told: tuple[Told, ...] = ()
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
    """The candidates of each record, in their order; None for one without a title, and where there is no search."""
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
            found.append(Candidates(source=title, told=_told(client, outcome.part, read)))
        else:
            found.append(Candidates(source=title))
    return found


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
