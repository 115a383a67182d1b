"""Works searched for by title, people and year, where an entry has no identifier that a source knows.

What a search finds is a list of candidates and no more: a search gives its best hits even for nonsense. Who asks
compares them with the entry. A source is asked only for what those before it have left open.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bibtool.enrich.sources.bodies import packed
from bibtool.enrich.sources.client import Present, Unasked
from bibtool.enrich.sources.lookup import Looked, Told, complete_by, day_of
from bibtool.enrich.sources.table import SEARCHES
from bibtool.errors import BibtoolError
from bibtool.model.works.verdict import Verdict, compare
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bibtool.enrich.sources.client import SourceClient
    from bibtool.enrich.sources.source import Reader
    from bibtool.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The works that sources offer for an entry, the best of each first.

    ``sources`` are those that answered, with or without a work. ``unasked`` says why one could not be asked; then the
    absence of a work says nothing. ``when`` is the day of the last answer.
    """

    sources: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
    when: str = ""
    unasked: str = ""
    can_wait: bool = True


def searchers(clients: Mapping[str, SourceClient]) -> list[SourceClient]:
    """The clients that can search, in the order in which they are asked."""
    return [clients[source.name] for source in SEARCHES if source.name in clients]


def search_for(
    records: Sequence[Record],
    clients: Mapping[str, SourceClient],
    read: Reader,
    *,
    enough: Callable[[Record, Candidates], bool],
) -> list[Candidates | None]:
    """The candidates of each record, in their order; None for a record without a title, or if no source can search.

    A record for which ``enough`` has been found is not asked for again.
    """
    found: dict[int, Candidates] = {}
    for client in searchers(clients):
        left = [at for at, record in enumerate(records) if at not in found or not enough(record, found[at])]
        for at, more in _searched(client, {at: records[at] for at in left}, read).items():
            found[at] = _both(found[at], more) if at in found else more
    return [found.get(at) for at in range(len(records))]


def _searched(client: SourceClient, records: Mapping[int, Record], read: Reader) -> dict[int, Candidates]:
    words_of = client.source.words_of
    wanted = {at: words for at, record in records.items() if words_of is not None and (words := words_of(record))}
    outcomes = client.lookup(wanted.values())
    found = {}
    for at, words in wanted.items():
        outcome = outcomes[words]
        if isinstance(outcome, Unasked):
            found[at] = Candidates(unasked=outcome.reason, can_wait=outcome.can_wait)
        elif isinstance(outcome, Present):
            told = _told(client, outcome.part, read)
            found[at] = Candidates(sources=(client.source.title,), told=told, when=day_of(outcome.when))
        else:
            found[at] = Candidates(sources=(client.source.title,))
    return found


def _both(first: Candidates, more: Candidates) -> Candidates:
    return replace(
        first,
        sources=(*first.sources, *more.sources),
        told=(*first.told, *more.told),
        when=more.when or first.when,
        unasked=first.unasked or more.unasked,
        can_wait=first.can_wait if first.unasked else more.can_wait,
    )


def fitting(record: Record, told: Iterable[Told]) -> dict[str, Told]:
    """The candidates that are the same work, by DOI, arXiv id or title; the first source that has one counts."""
    fits: dict[str, Told] = {}
    if record.names("author"):  # too many works share a title
        for each in told:
            if each.record.names("author") and compare(record, each.record).verdict is Verdict.SAME:
                fits.setdefault(_name_of(each.record), each)
    return fits


def _name_of(record: Record) -> str:
    number = record.arxiv.id.number if record.arxiv is not None and record.arxiv.id is not None else ""
    return record.doi.casefold() or number or record.title.casefold()


def complete_by_title(record: Record, found: Candidates) -> Looked | None:
    """The record completed by the only candidate that is the same work; None if no candidate is. Pure.

    Of several alike none is taken; they are named in ``doubt``.
    """
    fits = fitting(record, found.told)
    registered = {name: told for name, told in fits.items() if told.record.doi}
    fits = registered or fits
    if len(fits) > 1:
        sources = ", ".join(dict.fromkeys(told.source for told in fits.values()))
        doubt = f"{sources} has several works like it: {', '.join(fits)}"
        return Looked(before=record, after=record, identifier="title", doubt=doubt)
    for told in fits.values():
        variable = "DOI" if told.record.doi else "title"
        return complete_by(record, variable, told.record.doi or told.record.title, told, told.name, found.when)
    return None


def _told(client: SourceClient, part: bytes, read: Reader) -> tuple[Told, ...]:
    told = []
    try:
        pieces = [packed(work) for work in json.loads(part)]
    except (ValueError, TypeError, RecursionError):  # nested so deeply that it can't be compared with anything
        return ()
    for piece in pieces:
        try:
            (record,) = read(piece, client.source.format)
            facts = client.source.facts(piece)
        except (BibtoolError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue  # one odd work among several: the others can still be compared
        name = client.source.name.removesuffix("-search")
        told.append(Told(source=client.source.title, name=name, record=record, facts=facts))
    return tuple(told)
