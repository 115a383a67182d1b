"""The part of the indexes of `sources.index` in `enrich`: what they have of a record needs no network."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.cli.common import App
    from bibtool.enrich.report import EnrichReport
    from bibtool.enrich.sources.lookup import Looked
    from bibtool.model.record import Record
    from bibtool.store.index.base import Index, Indexed


def with_indexes(app: App, report: EnrichReport) -> EnrichReport:
    """The report of arXiv, the records that it could not confirm completed by the indexes where one has the work."""
    from bibtool.cli.index import configured_indexes, opened
    from bibtool.cli.sources import joined
    from bibtool.enrich.report import Confirmed

    paths = configured_indexes(app)
    if not paths:
        return report
    results = list(report.results)
    with contextlib.ExitStack() as stack:
        indexes = [stack.enter_context(opened(path)) for path in paths]
        for at, result in enumerate(results):
            if not isinstance(result.verdict, Confirmed) and (looked := held(result.after, indexes, app.now()[:10])):
                results[at] = joined(result, looked)
    return replace(report, results=tuple(results))


def held(record: Record, indexes: Sequence[Index], when: str) -> Looked | None:
    """The record completed by the first index that has the work, ``when`` it is asked (ISO date).

    None where none has it, or where an index has several works like it.
    """
    from bibtool.enrich.sources.facts import Facts, Notice
    from bibtool.enrich.sources.lookup import Told, complete_by

    for index in indexes:
        found = _the_one(record, index.candidates(record))
        if found is None:
            continue
        variable = "DOI" if found.record.text("DOI") else "title"
        facts = Facts(notices=(Notice("retraction"),)) if found.retracted else Facts()
        told = Told(source=found.source, record=found.record, facts=facts)
        looked = complete_by(record, variable, found.record.text(variable), told, f"index:{found.source}", when)
        if looked.told is not None:
            return looked
    return None


def _the_one(record: Record, candidates: Sequence[Indexed]) -> Indexed | None:
    """The candidate that shares an identifier, or the only one that is the same record by title, people and place."""
    from bibtool.model.works.identity import identifiers
    from bibtool.model.works.verdict import Verdict, compare

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
