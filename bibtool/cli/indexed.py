"""The indexes of `sources.index`, asked before any service: in `add`, `import`, `enrich` and `refresh`."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bibtool.cli.common import App
    from bibtool.enrich.report import EnrichReport
    from bibtool.enrich.sources.lookup import Looked
    from bibtool.model.record import Record
    from bibtool.project.publications import Known
    from bibtool.store.index.base import Index


@contextlib.contextmanager
def configured(app: App) -> Iterator[list[Index]]:
    """The indexes that the settings name, opened; none where they name none."""
    from bibtool.cli.index import configured_indexes, opened

    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(opened(place)) for place in configured_indexes(app)]


def with_indexes(app: App, report: EnrichReport) -> EnrichReport:
    """The report of arXiv, the records that it could not confirm completed by the indexes where one has the work."""
    from bibtool.enrich.report import Confirmed

    with configured(app) as indexes:
        if not indexes:
            return report
        from bibtool.project.enriching import joined
        from bibtool.project.indexed import held

        results = list(report.results)
        for at, result in enumerate(results):
            if not isinstance(result.verdict, Confirmed) and (looked := held(result.after, indexes, app.now()[:10])):
                results[at] = joined(result, looked)
    return replace(report, results=tuple(results))


def looked_up_in_indexes(app: App, records: Sequence[Record]) -> list[Looked | None]:
    """What the indexes have under the identifiers of the records, in their order; None where they have nothing."""
    with configured(app) as indexes:
        if not indexes:
            return [None] * len(records)
        from bibtool.project.indexed import held_by_number

        return [held_by_number(record, indexes, app.now()[:10]) for record in records]


def titled_in_indexes(app: App, wanted: Sequence[Record]) -> list[list[Record]]:
    """The works in the indexes that have the title of each record."""
    with configured(app) as indexes:
        if not indexes:
            return [[] for _ in wanted]
        from bibtool.project.indexed import titled

        return [titled(record.title, record, indexes) for record in wanted]


def publications_in_indexes(app: App, records: Sequence[Record]) -> list[list[Known]]:
    """The works in the indexes that may be the publication of each record; none for one that is published."""
    from bibtool.enrich.match import known_number
    from bibtool.model.works.manifestation import is_published
    from bibtool.project.publications import Known

    today = app.now()[:10]
    with configured(app) as indexes:
        return [
            [
                Known(
                    record=work.record,
                    source=work.source,
                    origin=f"index:{work.source}",
                    when=today,
                    retracted=work.retracted,
                )
                for index in indexes
                for work in index.candidates(record)
            ]
            if indexes and known_number(record) and not is_published(record)
            else []
            for record in records
        ]
