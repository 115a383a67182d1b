"""Publications of preprints that services name, have under the preprint's number, or have under its title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.cli.sources import answers_of, further_answers_of, make_sources, searched

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bibtool.cli.common import App
    from bibtool.enrich.sources.client import SourceClient
    from bibtool.enrich.sources.lookup import Answer, Told
    from bibtool.enrich.sources.search import Candidates
    from bibtool.model.record import Record
    from bibtool.project.publications import Known

# where a publication is found by its title; other searches answer with the preprint itself
_SEARCHED: Final[tuple[str, ...]] = ("crossref-search", "dblp-search", "openreview-search")


def publications_by_links(
    app: App, preprints: Sequence[Record], *, max_age_days: float | None
) -> tuple[list[list[Known]], list[str]]:
    """The publications that services have for each preprint, and for each why it could not be asked for, "" otherwise.

    First those who registered the preprint are asked (DataCite for arXiv's, Crossref for those of other servers), then
    sources that know a work by all of its numbers (Semantic Scholar, INSPIRE and others, if they are used), many at a
    time. What nobody names is searched for by title at Crossref, DBLP and OpenReview. Nothing is asked where no service
    is used.
    """
    clients = make_sources(app, max_age_days=max_age_days) if preprints else {}
    links = _Links(app, preprints, clients)
    if clients:
        answers = answers_of(app, preprints, clients, arxiv=True)
        links.take({at: [answer] for at, answer in enumerate(answers) if answer is not None})
        left = links.without
        links.take(dict(zip(left, further_answers_of(app, [preprints[at] for at in left], clients), strict=True)))
        links.search()
    return links.named, links.unheard


class _Links:
    """What was heard so far of each preprint."""

    def __init__(self, app: App, preprints: Sequence[Record], clients: dict[str, SourceClient]) -> None:
        self.app, self.preprints, self.clients = app, preprints, clients
        self.named: list[list[Known]] = [[] for _ in preprints]
        self.unheard = [""] * len(preprints)

    @property
    def without(self) -> list[int]:
        """The places of the preprints for which no publication is known."""
        return [at for at, named in enumerate(self.named) if not named]

    def take(self, heard: dict[int, list[Answer]]) -> None:
        """Keep the publications that the answers are, and those that they name, which are looked up together."""
        from bibtool.model.record import Record
        from bibtool.model.works.manifestation import is_published

        pairs: list[tuple[int, str, str]] = []
        for at, answers in heard.items():
            for answer in answers:
                if answer.told is None:
                    self.unheard[at] = self.unheard[at] or answer.unasked
                    continue
                pairs += [(at, answer.source, doi) for doi in answer.told.facts.published]
                if is_published(answer.told.record) and not answer.told.facts.published:
                    self.named[at].append(_known(answer.told, answer.name, answer.when))
        dois = list(dict.fromkeys(doi for _, _, doi in pairs))
        looked_up = answers_of(self.app, [Record(DOI=doi) for doi in dois], self.clients) if dois else []
        works = dict(zip(dois, looked_up, strict=True))
        for at, source, doi in pairs:
            work = works[doi]
            if work is not None and work.told is not None:
                self.named[at].append(_known(work.told, work.name, work.when, named_by=source))
            elif work is not None:
                self.unheard[at] = work.unasked

    def search(self) -> None:
        """Search for the preprints of which nothing is known, at one service after the other."""
        from bibtool.project.publications import is_publication

        def enough(record: Record, found: Candidates) -> bool:
            return any(is_publication(told.record, record) for told in found.told)

        clients = {name: self.clients[name] for name in _SEARCHED if name in self.clients}
        places = [at for at in self.without if not self.unheard[at] and self.preprints[at].names("author")]
        found = searched(self.app, [self.preprints[at] for at in places], clients, enough=enough)
        for at, candidates in zip(places, found, strict=True):
            if candidates is None:
                continue
            fitting = [told for told in candidates.told if is_publication(told.record, self.preprints[at])]
            self.named[at] += _once(_known(told, told.name, candidates.when) for told in fitting)
            if not self.named[at]:
                self.unheard[at] = candidates.unasked


def _once(works: Iterable[Known]) -> list[Known]:
    """Each publication once, by its DOI, as the first who has it tells it."""
    return list({work.record.doi.casefold() or id(work): work for work in reversed(list(works))}.values())[::-1]


def _known(told: Told, name: str, when: str, *, named_by: str = "") -> Known:
    from bibtool.project.publications import Known

    retractions = [notice.words() for notice in told.facts.notices if notice.is_retraction]
    return Known(
        record=told.record,
        source=told.source,
        origin=name,
        when=when,
        retracted="; ".join(retractions),
        named_by=named_by,
    )
