"""Publications of preprints that services name: DataCite for arXiv's DOIs, Crossref for those of other servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.cli.sources import answers_of, make_sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.cli.common import App
    from bibtool.model.record import Record
    from bibtool.project.publications import Known


def publications_by_links(
    app: App, preprints: Sequence[Record], *, max_age_days: float | None
) -> tuple[list[list[Known]], list[str]]:
    """The publications that services name for each preprint, and for each why it could not be asked for, "" otherwise.

    Two rounds of look-ups by DOI, many at a time: those of the preprints, then those that the answers name. Nothing is
    asked where no service is used.
    """
    named: list[list[Known]] = [[] for _ in preprints]
    unheard = [""] * len(preprints)
    clients = make_sources(app, max_age_days=max_age_days) if preprints else {}
    if not clients:
        return named, unheard
    from bibtool.model.record import Record
    from bibtool.project.publications import Known

    pairs: list[tuple[int, str, str]] = []
    for at, answer in enumerate(answers_of(app, preprints, clients, arxiv=True)):
        if answer is not None and answer.told is not None:
            pairs += [(at, answer.source, doi) for doi in answer.told.facts.published]
        elif answer is not None:
            unheard[at] = answer.unasked
    dois = list(dict.fromkeys(doi for _, _, doi in pairs))
    works = dict(zip(dois, answers_of(app, [Record(DOI=doi) for doi in dois], clients), strict=True)) if dois else {}
    for at, source, doi in pairs:
        work = works[doi]
        if work is None or work.told is None:
            unheard[at] = work.unasked if work is not None else ""
            continue
        retractions = [notice.words() for notice in work.told.facts.notices if notice.is_retraction]
        named[at].append(
            Known(
                record=work.told.record,
                source=work.source,
                origin=work.name,
                when=work.when,
                retracted="; ".join(retractions),
                named_by=source,
            )
        )
    return named, unheard
