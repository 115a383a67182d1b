"""The client: ids and queries to entries, through cache and transport.

Facts of the service that shape it: ``max_results`` defaults to 10 and cuts even a list of ids, so it is always sent;
the order of an answer is not that of the question; a missing id is left out (or, by the old server, an entry without
id), so what is missing is computed; one malformed id fails a whole list; an empty page may be a fault.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bibtool.enrich.atom import AtomEntry, Feed, parse_feed
from bibtool.enrich.plan import BATCH, PAGE, batches
from bibtool.errors import NetworkError, OfflineError, UnreachableError
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bibtool.enrich.cache import Cache, Cached
    from bibtool.enrich.transport import Transport

DEFAULT_URL = "https://export.arxiv.org/api/query"
DAY_S = 86_400.0
DEFAULT_MAX_AGE_S = 30 * DAY_S
EMPTY_MAX_AGE_S = DAY_S  # "nothing found" is worth less: new papers come daily, and an empty answer may be a fault


@dataclass(frozen=True, slots=True)
class Found:
    """Entries and when they were asked for (seconds since the epoch; the oldest of several answers)."""

    entries: tuple[AtomEntry, ...]
    total: int
    when: float
    complete: bool = True
    strange: bool = False  # the answer held papers that nobody had asked for


@dataclass(slots=True)
class ArxivClient:
    """Asks arXiv, or its cache. ``clock`` gives seconds since the epoch.

    ``offline``: the cache only, whatever its age; ``max_age_s``: older answers are asked for again (0: always).
    """

    transport: Transport
    cache: Cache
    url: str = DEFAULT_URL
    offline: bool = False
    max_age_s: float = DEFAULT_MAX_AGE_S
    clock: Callable[[], float] = time.time
    cached_answers: int = 0
    _hits: bool = False

    @property
    def requests_made(self) -> int:
        """Requests that were really sent, tries included."""
        return self.transport.requests_made

    # -- ids ------------------------------------------------------------------------------------------------------

    def lookup(self, numbers: Iterable[str]) -> Iterator[tuple[tuple[str, ...], Found | NetworkError]]:
        """For each batch of numbers what was found, or why it could not be asked; what the cache knows comes first.

        Where there is no connection for one batch, the others are not asked for.
        """
        wanted = list(dict.fromkeys(numbers))
        known: dict[float, list[AtomEntry]] = {}
        for number in wanted:
            cached = self.cache.paper(number)
            if cached is not None and self._fresh(cached, None):
                known.setdefault(cached.when, []).extend(cached.feed.entries)
        self.cached_answers += bool(known)
        for when, entries in sorted(known.items()):
            yield tuple(entry.id.number for entry in entries), Found(tuple(entries), len(entries), when)
        have = {entry.id.number for entries in known.values() for entry in entries}
        unreachable: UnreachableError | None = None
        for batch in batches(number for number in wanted if number not in have):
            try:
                if unreachable is not None:
                    yield batch, unreachable
                else:
                    yield from self._answers(batch)
            except UnreachableError as error:
                unreachable = error
                yield batch, error
            except NetworkError as error:
                yield batch, error

    def _answers(self, batch: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Found | NetworkError]]:
        """What was found of a batch; apart, the numbers for which the server gave other papers instead."""
        found = self._batch(batch)
        present = {entry.id.number for entry in found.entries}
        missing = tuple(number for number in batch if number not in present)
        if not (found.strange and missing):
            yield batch, found
            return
        if present:
            yield tuple(number for number in batch if number in present), found
        yield missing, NetworkError("arXiv's answer holds other papers than the one asked for", url=self.url)

    def _batch(self, numbers: tuple[str, ...]) -> Found:
        """One list of ids; if the server refuses it, without the id it calls malformed, or else in halves."""
        if not numbers:
            return Found((), 0, self.clock())
        parameters = {"id_list": ",".join(numbers), "start": "0", "max_results": str(max(len(numbers), 1))}
        try:
            feed, when = self._ask(parameters, expected=True, ids=frozenset(numbers))
        except _RefusedQueryError as error:
            bad = re.search(r"incorrect id format for\s+(\S+)", error.message)
            if bad and bad[1] in numbers:
                return self._batch(tuple(number for number in numbers if number != bad[1]))
            if len(numbers) == 1:
                return Found((), 0, self.clock())
            middle = len(numbers) // 2
            first, second = self._batch(numbers[:middle]), self._batch(numbers[middle:])
            entries = first.entries + second.entries
            strange = first.strange or second.strange
            return Found(entries, len(entries), min(first.when, second.when), strange=strange)
        asked = set(numbers)
        entries = tuple(entry for entry in feed.entries if entry.id.number in asked)
        return Found(entries, len(entries), when, strange=len(entries) < len(feed.entries))

    # -- queries --------------------------------------------------------------------------------------------------

    def search(
        self,
        query: str,
        *,
        max_pages: int = 3,
        expected: bool = False,
        enough: Callable[[list[AtomEntry]], bool] | None = None,
        on_total: Callable[[int], None] | None = None,
    ) -> Found:
        """All hits of a query, page by page, at most ``max_pages``; ``complete`` says whether all were seen.

        A total beyond that many pages ends the paging after the first one. ``enough`` may end it too. Raises
        `NetworkError`, also for a query that the server calls wrong (status 400).
        """
        entries: dict[tuple[str, str], AtomEntry] = {}
        start, total, oldest = 0, 0, self.clock()
        for page in range(max_pages + 2):
            parameters = {
                "search_query": query,
                "start": str(start),
                "max_results": str(PAGE),
                "sortBy": "submittedDate",
                "sortOrder": "descending",
            }
            feed, when = self._ask(parameters, expected=expected and page == 0)
            oldest = min(oldest, when)
            total = feed.total if feed.total is not None else feed.received
            if page == 0 and on_total is not None:
                on_total(total)
            for entry in feed.entries:
                entries.setdefault((str(entry.id), entry.title), entry)
            # pages may be shorter than asked: the next begins after what came
            start += feed.received
            if start >= total or not feed.received:
                return Found(tuple(entries.values()), total, oldest)
            if total > max_pages * PAGE or (enough is not None and enough(list(entries.values()))):
                break
        return Found(tuple(entries.values()), total, oldest, complete=False)

    # -- one request ------------------------------------------------------------------------------------------------

    def _ask(
        self, parameters: dict[str, str], *, expected: bool, ids: frozenset[str] = frozenset()
    ) -> tuple[Feed, float]:
        """The answer and its date, from the cache where it is there and young enough.

        ``ids``: the numbers that the question consists of. An answer with other papers, or with a paper under two
        titles, is asked for once more, and not kept.
        """
        url = f"{self.url}{'&' if '?' in self.url else '?'}{urlencode(parameters)}"
        cached = self.cache.get(url)
        if cached is not None and self._fresh(cached, None if cached.feed.entries else EMPTY_MAX_AGE_S):
            self.cached_answers += 1
            return cached.feed, cached.when
        if self.offline:
            raise OfflineError("not in the cache", url=url, hint="run it again without --offline")
        surprised = False

        def check(body: bytes, last: bool) -> Feed:
            nonlocal surprised
            feed = parse_feed(body)
            if feed.error:
                return feed
            total = feed.total if feed.total is not None else feed.received
            if not feed.received and total > feed.start and not (ids and surprised):
                # the old server answers like this for a single missing id, so for ids asking twice is enough
                surprised = True
                raise NetworkError(f"an empty page, though there are {total} results")
            if expected and not feed.entries and not surprised and not last:
                surprised = True
                raise NetworkError("nothing found, which is surprising")
            if not _is_sound(feed, ids) and not surprised and not last:
                surprised = True
                raise NetworkError("the answer holds other papers than were asked for, or contradicts itself")
            return feed

        feed = self.transport.get(url, check)
        if feed.error:
            raise _RefusedQueryError(
                f"arXiv does not accept the question: {feed.error}", url=url, status=400, attempts=1
            )
        now = self.clock()
        self._hits = self._hits or bool(feed.entries)
        # "nothing" from a service that has found nothing at all so far may be its fault: not worth keeping
        if (feed.entries or (self._hits and not expected)) and _is_sound(feed, ids):
            self.cache.put(url, feed, now)
        return feed, now

    def _fresh(self, cached: Cached, limit: float | None) -> bool:
        if self.offline:
            return True
        age = self.clock() - cached.when
        oldest = self.max_age_s if limit is None else min(self.max_age_s, limit)
        # a date in the future (the clock was set back) is taken as now
        return age < oldest


def _is_sound(feed: Feed, ids: frozenset[str]) -> bool:
    """Whether the answer holds only papers that were asked for (by number, if at all), and each under one title."""
    titles: dict[str, str] = {}
    for entry in feed.entries:
        if (ids and entry.id.number not in ids) or titles.setdefault(str(entry.id), entry.title) != entry.title:
            return False
    return True


class _RefusedQueryError(NetworkError):
    """An error feed: the question itself is wrong; asking again is of no use."""


__all__ = ["BATCH", "DAY_S", "DEFAULT_MAX_AGE_S", "DEFAULT_URL", "ArxivClient", "Found"]
