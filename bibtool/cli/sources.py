"""The sources besides arXiv, as environment and settings choose them, and their part in `import` and `enrich`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bibtool.cli.keys import CONTACT, own_keys
from bibtool.cli.library import printable
from bibtool.cli.ownfolders import own_folder
from bibtool.errors import UnknownNameError, UsageError
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bibtool.cli.common import App
    from bibtool.enrich.report import EnrichReport
    from bibtool.enrich.sources.client import SourceClient
    from bibtool.enrich.sources.lookup import Answer, Looked
    from bibtool.enrich.sources.search import Candidates
    from bibtool.model.record import Record

NONE = "none"
_MANY = 20  # searches that take noticeable time


def make_sources(app: App, *, offline: bool = False, max_age_days: float | None = None) -> dict[str, SourceClient]:
    """The clients by name; none where neither BIBTOOL_SOURCES nor the settings name a source."""
    from bibtool.enrich.sources.connect import connect_sources
    from bibtool.enrich.sources.table import SOURCES

    keys = own_keys()
    named = os.environ.get("BIBTOOL_SOURCES", "")
    names = app.settings.sources.use
    if named:
        names = () if named.strip() == NONE else tuple(part for part in named.replace(",", " ").split())
    urls = {name: os.environ.get(variable_of(name), "") for name in SOURCES}
    try:
        return connect_sources(
            names,
            urls={name: url for name, url in urls.items() if url},
            cache=app.cache_folder() / "sources",
            # in the user's own folder even where BIBTOOL_CACHE names another one
            pace=Path(own_folder("cache"), "pace"),
            delay_s=delay_asked("BIBTOOL_SOURCES_DELAY"),
            contact=keys.pop(CONTACT, ""),
            keys=keys,
            offline=offline,
            max_age_days=max_age_days,
        )
    except UnknownNameError as error:
        if named:
            raise
        raise app.settings.error_in("sources.use", error) from error


def delay_asked(variable: str) -> float | None:
    """Seconds between requests as an environment variable says; None where it says nothing."""
    text = os.environ.get(variable, "")
    if not text:
        return None
    try:
        wanted = float(text)
    except ValueError:
        wanted = -1.0
    if not 0 <= wanted <= 3600:
        raise UsageError(f"{variable} is not a number of seconds: {text!r}")
    return wanted


def variable_of(name: str) -> str:
    """The environment variable that names another server for a source."""
    return f"BIBTOOL_{name.upper().replace('.', '')}_URL"


def read_part(data: bytes, format_name: str) -> Sequence[Record]:
    """The records of an answer, without fields that only the service itself has a use for."""
    from bibtool.formats.base import ReadOptions
    from bibtool.formats.registry import read_bytes

    records = read_bytes(data, format_name, ReadOptions(path="<answer>")).records
    return [replace(record, leftovers=()) for record in records]


def looked_up(
    app: App, records: Sequence[Record], clients: Mapping[str, SourceClient], *, arxiv: bool = False
) -> list[Looked | None]:
    """What the sources say of the records, in their order; says on standard error why nothing happens.

    ``arxiv``: they are asked about arXiv ids too.
    """
    from bibtool.enrich.sources.lookup import look_up

    _say_waits(app, clients)
    return look_up(records, clients, read_part, arxiv=arxiv)


def answers_of(
    app: App, records: Sequence[Record], clients: Mapping[str, SourceClient], *, arxiv: bool = False
) -> list[Answer | None]:
    """What the sources have under the identifiers of the records; otherwise as `looked_up`."""
    from bibtool.enrich.sources.lookup import answers_for

    _say_waits(app, clients)
    return answers_for(records, clients, read_part, arxiv=arxiv)


def further_answers_of(app: App, records: Sequence[Record], clients: Mapping[str, SourceClient]) -> list[list[Answer]]:
    """What sources have that know a work by all of its identifiers; otherwise as `looked_up`."""
    from bibtool.enrich.sources.lookup import further_answers

    _say_waits(app, clients)
    return further_answers(records, clients, read_part)


def searched(
    app: App,
    records: Sequence[Record],
    clients: Mapping[str, SourceClient],
    *,
    enough: Callable[[Record, Candidates], bool],
) -> list[Candidates | None]:
    """The works that searches by title offer for the records, in their order.

    The sources are asked one after the other, as long as there is not ``enough``.
    """
    from bibtool.enrich.sources.search import search_for, searchers

    _say_waits(app, clients)
    if len(records) > _MANY and (asked := [client for client in searchers(clients) if not client.offline]):
        app.say(f"searching {asked[0].source.title} for {len(records)} titles, one after the other")
    return search_for(records, clients, read_part, enough=enough)


def _say_waits(app: App, clients: Mapping[str, SourceClient]) -> None:
    def waiting(title: str, seconds: float, reason: str) -> None:
        app.say(f"{title}: {reason}; trying again in {seconds:.0f} s")

    for client in clients.values():
        title = client.source.title
        client.transport.on_wait = lambda seconds, reason, title=title: waiting(title, seconds, reason)


def told_lines(key: str, looked: Looked) -> list[str]:
    """What there is to say about one record: notices, kept values, doubts."""
    source = looked.told.source if looked.told else ""
    lines = list(looked.notes)
    for conflict in looked.conflicts:
        kept_source = f" ({conflict.kept_source})" if conflict.kept_source else ""
        lines.append(f"kept {conflict.field} {conflict.kept!r}{kept_source}; {source} has {conflict.other!r}")
    if looked.doubt:
        lines.append(looked.doubt)
    return [printable(f"{key}: {line}") for line in lines]


def with_sources(
    app: App, report: EnrichReport, *, offline: bool = False, max_age_days: float | None = None
) -> EnrichReport:
    """The report of arXiv, its records completed by the other sources where they give a DOI, PMID or ISBN.

    Only identifiers that the record had before are asked for. What arXiv could not confirm is confirmed by the source
    that has the identifier; what has none and is not on arXiv is searched for by title. What no source could be asked
    about could not be checked.
    """
    from bibtool.enrich.report import CouldNotCheck
    from bibtool.enrich.sources.lookup import pair_of
    from bibtool.enrich.sources.search import complete_by_title, fitting
    from bibtool.project.enriching import joined, questions

    wanted, unnamed, silent = questions(report.results)
    clients = make_sources(app, offline=offline, max_age_days=max_age_days) if wanted or unnamed else {}
    if not clients:
        return report
    results = list(report.results)
    answers = looked_up(app, [results[at].after for at in wanted], clients, arxiv=True)
    for at, looked in zip(wanted, answers, strict=True):
        if looked is not None and (looked.told is not None or at not in silent or pair_of(results[at].before)):
            results[at] = joined(results[at], looked)

    def enough(record: Record, found: Candidates) -> bool:
        return bool(fitting(record, found.told))

    records = [results[at].after for at in unnamed]
    for at, found in zip(unnamed, searched(app, records, clients, enough=enough), strict=True):
        if found is None:
            continue
        if by_title := complete_by_title(results[at].after, found):
            results[at] = joined(results[at], by_title)
        elif found.unasked and at not in silent:
            results[at] = replace(results[at], verdict=CouldNotCheck(found.unasked, unasked=found.can_wait))
    return replace(
        report,
        results=tuple(results),
        requests_made=report.requests_made + sum(client.transport.requests_made for client in clients.values()),
        cached_answers=report.cached_answers + sum(client.cached_answers for client in clients.values()),
    )
