"""What enrichment found, as data: one `Result` for each record, and one `EnrichReport` for the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from bibtool.structs import dataclass

if TYPE_CHECKING:
    from bibtool.enrich.judge import Candidate
    from bibtool.enrich.sources.lookup import Told
    from bibtool.model.record import Record
    from bibtool.model.works.merge import Conflict


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The record is this paper; its reasons are in the candidate."""

    paper: Candidate


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Papers that may be the record's, best first; a person has to decide."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class NotFound:
    """All who were asked have no such paper, as far as they say; ``reason`` says what was asked.

    ``number`` is the id that they do not know, where record or user have named one: then something is wrong.
    """

    reason: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class CouldNotCheck:
    """Nothing is known about the record: arXiv could not be reached or was not to be asked (``unasked``).

    Without ``unasked`` there is nothing in the record to ask for.
    """

    reason: str
    unasked: bool = True


@dataclass(frozen=True, slots=True)
class Identified:
    """A source other than arXiv has the work: under the identifier that the record gives, or the only one like it."""

    told: Told


Verdict: TypeAlias = "Confirmed | Identified | Doubtful | NotFound | CouldNotCheck"


@dataclass(frozen=True, slots=True)
class Change:
    """A value that arXiv has replaced by another that differs in more than spelling."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One record: as it was, what was found, and as it is now (the same where nothing was found or changed).

    ``changed`` names the values that are new or other, ``conflicts`` those where the record's own value stays against
    arXiv's, ``changes`` those where arXiv's title or the like replaced another. ``told`` is what another source says
    that was taken.
    """

    before: Record
    after: Record
    verdict: Verdict
    changed: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    told: Told | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrichReport:
    """The run: results in the order of the records, and what it cost. ``warnings`` concern the run as a whole."""

    results: tuple[Result, ...]
    requests_made: int = 0
    cached_answers: int = 0
    warnings: tuple[str, ...] = ()

    def with_verdict(self, kind: type[Verdict]) -> list[Result]:
        """The results with that kind of verdict."""
        return [result for result in self.results if isinstance(result.verdict, kind)]

    @property
    def left(self) -> list[tuple[str, str]]:
        """Key and reason of each record that could not be checked: what another run has to finish."""
        return [(r.before.key, r.verdict.reason) for r in self.results if isinstance(r.verdict, CouldNotCheck)]

    @property
    def complete(self) -> bool:
        """True where every record was checked."""
        return not self.left


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: requests sent, requests still planned (it may become fewer or more), what is asked now."""

    sent: int
    planned: int
    doing: str
    found: int
    records: int
