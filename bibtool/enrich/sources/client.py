"""The client of one source: identifiers to parts of answers, through cache and transport.

"Found", "there is none" and "could not be asked" are three outcomes, and stay three: only the first two are kept.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeAlias

from bibtool.enrich.sources.bodies import refuse_robot_check
from bibtool.enrich.transport import FinalError
from bibtool.errors import NetworkError, OfflineError, RefusedError
from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bibtool.enrich.sources.answers import Answers, Kept
    from bibtool.enrich.sources.source import Source
    from bibtool.enrich.transport import Transport

DAY_S = 86_400.0
DEFAULT_MAX_AGE_S = 30 * DAY_S
ABSENT_MAX_AGE_S = DAY_S  # what is not there today may be registered tomorrow


@dataclass(frozen=True, slots=True)
class Present:
    """The source knows the identifier; ``part`` is its answer, ``when`` its time (seconds since the epoch)."""

    part: bytes
    when: float


@dataclass(frozen=True, slots=True)
class Absent:
    """The source was asked and says that it has none."""


@dataclass(frozen=True, slots=True)
class Unasked:
    """The source could not be asked, or its answer was not valid; ``reason`` in words.

    ``can_wait``: another run may bring the answer.
    """

    reason: str
    can_wait: bool = True


Outcome: TypeAlias = "Present | Absent | Unasked"


@dataclass(slots=True)
class SourceClient:
    """Asks one source, or its cache. ``offline``: the cache only; older answers than ``max_age_s`` are asked again."""

    source: Source
    transport: Transport
    answers: Answers
    url: str
    offline: bool = False
    max_age_s: float = DEFAULT_MAX_AGE_S
    clock: Callable[[], float] = time.time
    cached_answers: int = 0
    stopped: str = field(default="")
    """Why nothing is asked any more in this run."""

    def lookup(self, identifiers: Iterable[str]) -> dict[str, Outcome]:
        """What the source says of each identifier. Never raises `NetworkError`."""
        outcomes: dict[str, Outcome] = {}
        left = []
        for identifier in dict.fromkeys(identifiers):
            kept = self.answers.get(identifier)
            if kept is not None and self._is_fresh(kept):
                self.cached_answers += 1
                outcomes[identifier] = Present(kept.part, kept.when) if kept.part else Absent()
            else:
                left.append(identifier)
        for batch in self._batches(left):
            outcomes |= self._ask(batch)
        return outcomes

    def _is_fresh(self, kept: Kept) -> bool:
        limit = self.max_age_s if kept.part else min(self.max_age_s, ABSENT_MAX_AGE_S)
        return self.offline or self.clock() - kept.when < limit

    def _batches(self, identifiers: Sequence[str]) -> Iterator[list[str]]:
        together = [identifier for identifier in identifiers if not self.source.single(identifier)]
        for start in range(0, len(together), self.source.batch):
            yield together[start : start + self.source.batch]
        for identifier in identifiers:
            if self.source.single(identifier):
                yield [identifier]

    def _ask(self, batch: list[str]) -> dict[str, Outcome]:
        try:
            parts = self._get(batch)
        except OfflineError as error:
            return dict.fromkeys(batch, Unasked(error.message))
        except FinalError as error:
            return dict.fromkeys(batch, Unasked(error.message, can_wait=False))
        except NetworkError as error:
            if error.status in {400, 414} and len(batch) > 1:  # one of them is at fault, or they are too many
                middle = len(batch) // 2
                return self._ask(batch[:middle]) | self._ask(batch[middle:])
            refused = error.status in {400, 406, 414}
            if not refused:
                self.stopped = error.message
            return dict.fromkeys(batch, Unasked(error.message, can_wait=not refused))
        now = self.clock()
        outcomes: dict[str, Outcome] = {}
        for identifier in batch:
            part = parts.get(identifier, b"")
            if not part and len(batch) > 1 and self.source.lists_lack_aliases:
                outcomes |= self._ask([identifier])
                continue
            outcomes[identifier] = Present(part, now) if part else Absent()
            self.answers.put(identifier, part, now)
        return outcomes

    def _get(self, batch: list[str]) -> dict[str, bytes]:
        """The parts of one answer; raises `NetworkError`."""
        url = self.url.rstrip("/") + self.source.question(batch)
        if self.offline:
            raise OfflineError("not in the cache", url=url, hint="run it again without --offline")
        if self.stopped:
            raise NetworkError(self.stopped, url=url)

        def check(body: bytes, _last: bool) -> dict[str, bytes]:
            try:
                return dict(self.source.split(body, batch, self.transport.moved))
            except RefusedError as error:
                raise RefusedError(f"{self.source.title} could not be asked: {error.message}", url=url) from error
            except RecursionError as error:
                raise NetworkError("its answer is nested too deeply", url=url) from error

        def absent(body: bytes) -> dict[str, bytes]:
            refuse_robot_check(body)
            if len(batch) > 1 or self.source.is_list:  # a list that is not there is a wrong address, and says nothing
                raise NetworkError("it has no such list", url=url)
            return {}

        sent = None if self.source.body is None else self.source.body(batch)
        return self.transport.get(url, check, absent=absent, sent=sent)
