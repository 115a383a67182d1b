"""Enrichment as a whole: ask as little as possible, match, complete, and say exactly what is left.

A question that fails does not affect the answers to the others. Two failures in a row end the asking (the service is
down, and each try makes it worse), and so does the first question for which there is no connection; what was not asked
by then could not be checked. Every answer is cached as it comes, so that the next run continues an interrupted one.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from bibtool.enrich.complete import complete
from bibtool.enrich.judge import Tier
from bibtool.enrich.match import Match, Matcher, known_number
from bibtool.enrich.plan import (
    Search,
    author_pages,
    batches,
    halves,
    people_groups,
    shared_author,
    single_ladder,
    title_groups,
)
from bibtool.enrich.report import Confirmed, CouldNotCheck, Doubtful, EnrichReport, NotFound, Progress, Result, Verdict
from bibtool.errors import NetworkError, OfflineError, RefusedError, UnreachableError
from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bibtool.enrich.arxiv import ArxivClient
    from bibtool.enrich.atom import AtomEntry
    from bibtool.model.identifiers import ArxivId
    from bibtool.model.record import Record

_GIVE_UP_AFTER = 2
_FLOOD_PAGES = 3
_ALL_EMPTY_RECORDS = 5


def enrich(
    records: Sequence[Record],
    client: ArxivClient,
    *,
    accept: Mapping[str, ArxivId] | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> EnrichReport:
    """Verdict and completed record for each record, in their order.

    ``accept`` maps citation keys to the papers that the user has chosen. ``progress`` is called before and after each
    request. Never raises for a failing service: that is a verdict (`CouldNotCheck`).
    """
    numbers: dict[int, str] = {}
    accepted: set[int] = set()
    for at, record in enumerate(records):
        chosen = (accept or {}).get(record.key)
        number = chosen.number if chosen else known_number(record)
        if number:
            numbers[at] = number
        if chosen:
            accepted.add(at)
    run = _Run(list(records), client, progress, Matcher(records, numbers=numbers, accepted=accepted), numbers, accepted)
    before = client.requests_made, client.cached_answers
    run.ask()
    return EnrichReport(
        results=tuple(run.results()),
        requests_made=client.requests_made - before[0],
        cached_answers=client.cached_answers - before[1],
        warnings=(client.cache.broken,) if client.cache.broken else (),
    )


@dataclass(slots=True)
class _Run:
    records: list[Record]
    client: ArxivClient
    progress: Callable[[Progress], None] | None
    matcher: Matcher
    numbers: dict[int, str]
    accepted: set[int]
    dates: dict[str, float] = field(default_factory=dict)
    trouble: dict[int, str] = field(default_factory=dict)  # records whose question failed, and why
    asked: dict[int, list[str]] = field(default_factory=dict)  # what was asked for a record without trouble
    settled: set[int] = field(default_factory=set)  # all papers of an author of theirs were seen
    failures: int = 0
    stopped: str = ""
    planned: int = 0
    hits: int = 0

    # -- asking ---------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """All questions, in the order of what they bring for their price."""
        self._ask_numbers()
        self._ask_shared_authors()
        self._ask_groups(title_groups(self._open()), "title")
        left = {at: r for at, r in self._open().items() if at not in self.settled}
        self._ask_groups(people_groups(left), "authors")
        self._ask_singly()

    def _open(self) -> dict[int, Record]:
        """Records without known number for which no paper has been taken yet."""
        matches = self._match()
        return {at: r for at, r in enumerate(self.records) if at not in self.numbers and matches[at].taken is None}

    def _match(self) -> list[Match]:
        return self.matcher.matches()

    def _keep(self, entries: Sequence[AtomEntry], when: float) -> None:
        self.matcher.add(entries)
        for entry in entries:
            self.dates[entry.id.number] = when
        self.hits += len(entries)

    def _say(self, doing: str) -> None:
        if self.progress is not None:
            found = sum(match.taken is not None for match in self._match())
            sent = self.client.requests_made
            self.progress(Progress(sent, max(0, self.planned), doing, found, len(self.records)))

    def _ask_numbers(self) -> None:
        by_number: dict[str, list[int]] = {}
        for at, number in self.numbers.items():
            by_number.setdefault(number, []).append(at)
        if not by_number:
            return
        self.planned = len(batches(by_number))
        self._say(f"asking for {_count(len(by_number), 'arXiv id')}")
        for numbers, answer in self.client.lookup(by_number):
            if isinstance(answer, NetworkError):
                for number in numbers:
                    for at in by_number[number]:
                        self.trouble[at] = answer.message
                if self._failed(answer):
                    self._stop_lookup(by_number)
                    return
                continue
            self.failures = 0
            self._keep(answer.entries, answer.when)
            for number in numbers:
                for at in by_number[number]:
                    self.asked.setdefault(at, []).append("id")
            self.planned -= 1
            self._say(f"asking for {_count(len(by_number), 'arXiv id')}")

    def _stop_lookup(self, by_number: Mapping[str, list[int]]) -> None:
        for indices in by_number.values():
            for at in indices:
                if at not in self.asked:
                    self.trouble.setdefault(at, self.stopped)

    def _failed(self, error: NetworkError) -> bool:
        """Counts a failure; True where the asking is to end."""
        if isinstance(error, OfflineError):
            return False
        self.failures += 1
        if isinstance(error, (RefusedError, UnreachableError)) or self.failures >= _GIVE_UP_AFTER:
            self.stopped = error.message
        return bool(self.stopped)

    def _ask_shared_authors(self) -> None:
        done: set[int] = set()
        while not self.stopped:
            left = {at: r for at, r in self._open().items() if at not in done}
            search = shared_author(left)
            if search is None:
                return
            done.update(search.covers)
            covers = set(search.covers)
            self.planned = 1
            self._say(f"asking for the papers of {search.query.removeprefix('au:')}")
            answer = self._search(search, author_pages(len(covers)), "author", enough=True)
            if answer and not covers & self._open().keys():
                continue
            if answer:
                self.settled |= covers

    def _search(self, search: Search, max_pages: int, what: str, *, enough: bool = False) -> bool:
        """True where all hits were seen; notes trouble otherwise."""

        def all_found(entries: list[AtomEntry]) -> bool:
            self._keep(entries, self.client.clock())
            matches = self._match()
            self.planned -= 1
            self._say("reading on")
            return all((taken := matches[at].taken) is not None and taken.tier >= Tier.EXACT for at in search.covers)

        def plan(total: int) -> None:
            self.planned += max(0, min(-(-total // 100), max_pages) - 1) if total <= max_pages * 100 else 0

        try:
            found = self.client.search(
                search.query,
                max_pages=max_pages,
                expected=search.expected,
                enough=all_found if enough else None,
                on_total=plan,
            )
        except NetworkError as error:
            if error.status in {400, 414} and not isinstance(error, RefusedError) and halves(search):
                return self._search_halves(search, max_pages, what)
            for at in search.covers:
                self.trouble[at] = error.message
            self._failed(error)
            return False
        self.failures = 0
        self._keep(found.entries, found.when)
        if not found.complete and not enough and halves(search):
            return self._search_halves(search, max_pages, what)
        if found.complete:
            for at in search.covers:
                self.asked.setdefault(at, []).append(what)
        # "no papers at all" of an author whom many records share is not to be relied upon
        return found.complete and (found.total > 0 or not search.expected)

    def _search_halves(self, search: Search, max_pages: int, what: str) -> bool:
        complete = [self._search(half, max_pages, what) for half in halves(search)]
        return all(complete)

    def _ask_groups(self, groups: Sequence[Search], what: str) -> None:
        for position, group in enumerate(groups):
            if self.stopped:
                for at in group.covers:
                    self.trouble.setdefault(at, self.stopped)
                continue
            self.planned = len(groups) - position
            self._say(f"asking for {_count(len(group.covers), 'record')} by {what}")
            self._search(group, _FLOOD_PAGES, what)

    def _ask_singly(self) -> None:
        # what failed above is left to another run: asking one by one for a batch that failed makes it worse
        left = [at for at in self._open() if at not in self.settled and at not in self.trouble and self._worth_more(at)]
        if len(left) >= _ALL_EMPTY_RECORDS and not self.hits and not self.client.offline:
            for at in left:
                self.asked.pop(at, None)  # such answers count for nothing
                self.trouble.setdefault(at, "arXiv's answers to all questions were empty, which is a known fault of it")
            return
        for position, at in enumerate(left):
            if self.stopped:
                self.trouble.setdefault(at, self.stopped)
                continue
            self.planned = len(left) - position
            phrase_asked = "title" in self.asked.get(at, ())
            for question in single_ladder(at, self.records[at], phrase_asked=phrase_asked):
                self._say(f"asking for {self.records[at].title[:50]!r}")
                before = self.hits
                self._search(question, 1, "words")
                if self.stopped or self._match()[at].taken is not None or self.hits > before:
                    break

    def _worth_more(self, at: int) -> bool:
        """False where title and authors were asked, all answers were seen, and no other spelling is to be tried."""
        record = self.records[at]
        asked = self.asked.get(at, ())
        plain = record.title.isascii() and "$" not in record.title and "\\" not in record.title
        return not (plain and "title" in asked and "authors" in asked and self.hits)

    # -- results --------------------------------------------------------------------------------------------------

    def results(self) -> list[Result]:
        """The verdicts, in the order of the records."""
        return [self._result(at, match) for at, match in enumerate(self._match())]

    def _result(self, at: int, match: Match) -> Result:
        record = self.records[at]
        if match.taken is None:
            return Result(before=record, after=record, verdict=self._verdict(at, match))
        entry = match.taken.entry
        when = dt.datetime.fromtimestamp(self.dates[entry.id.number], tz=dt.UTC).date().isoformat()
        after, changed, conflicts, changes, notes = complete(record, entry, when=when, accepted=at in self.accepted)
        against = match.taken.reasons[1:] if match.taken.tier is Tier.ID else ()
        if "with other authors" in against:
            notes = (*notes, f"arXiv:{entry.id.number} is {entry.title!r}, {' and '.join(against)}: is the id right?")
        return Result(
            before=record,
            after=after,
            verdict=Confirmed(match.taken),
            changed=changed,
            conflicts=conflicts,
            changes=changes,
            notes=notes,
        )

    def _verdict(self, at: int, match: Match) -> Verdict:
        asked = list(dict.fromkeys(self.asked.get(at, ())))
        if at in self.trouble and not {"title", "authors"} <= set(asked):
            # a question failed that might have found it: what was found instead proves nothing
            return CouldNotCheck(self.trouble[at])
        if match.candidates:
            return Doubtful(match.candidates)
        number = self.numbers.get(at)
        if number:
            return NotFound(f"arXiv has no paper {number}", number)
        record = self.records[at]
        if not record.title:
            return NotFound("the record has neither arXiv id nor title")
        if not asked:
            return CouldNotCheck("no question could be made of its title and authors", unasked=False)
        reason = f"looked for by {' and '.join(asked)}"
        if match.others:
            papers = "a paper" if match.others == 1 else f"{match.others} papers"
            reason += f"; there is {papers} with that title, by other people"
        return NotFound(reason)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
