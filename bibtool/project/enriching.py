"""What arXiv leaves open in a report of `bibtool.enrich.service`, and what another source says of it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.enrich.match import known_number
from bibtool.enrich.report import Confirmed, CouldNotCheck, Doubtful, Identified, NotFound
from bibtool.enrich.sources.lookup import pair_of
from bibtool.model.works.merge import PASTED
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.enrich.report import Result, Verdict
    from bibtool.enrich.sources.lookup import Looked


def questions(results: Sequence[Result]) -> tuple[list[int], list[int], set[int]]:
    """The places of results to be asked for by identifier, of those by title, and of those that arXiv left unasked.

    What an index has told already is in neither of the first two.
    """
    silent = {at for at, result in enumerate(results) if _is_silent(result.verdict)}
    named = {at for at, result in enumerate(results) if pair_of(result.before, arxiv=at in silent) is not None}
    wanted = [at for at in sorted(named) if results[at].told is None]
    unnamed = [
        at
        for at, result in enumerate(results)
        if at not in named and result.told is None and not known_number(result.before)
        if at in silent or (isinstance(result.verdict, NotFound) and not result.verdict.number)
    ]
    return wanted, unnamed, silent


def _is_silent(verdict: Verdict) -> bool:
    """Whether arXiv could not be asked."""
    return isinstance(verdict, CouldNotCheck) and verdict.unasked


def joined(result: Result, looked: Looked) -> Result:
    """The result of arXiv and what the other source says, as one result."""
    confirmed = isinstance(result.verdict, Confirmed)
    if looked.told is not None:
        added = [name for name, value in looked.after.variables.items() if value != result.after.variables.get(name)]
        # what was read off a pasted text is less exact, and gives way without a word, as it does to arXiv
        kept = tuple(conflict for conflict in looked.conflicts if conflict.other_source not in PASTED)
        return replace(
            result,
            after=looked.after,
            verdict=result.verdict if confirmed else Identified(looked.told),
            told=looked.told,
            changed=tuple(dict.fromkeys([*result.changed, *added])),
            conflicts=(*result.conflicts, *kept),
            notes=(*result.notes, *looked.notes),
        )
    # a paper that arXiv has found, or offers, stays; what is wrong with the other identifier is said beside it
    found = isinstance(result.verdict, Confirmed | Doubtful)
    if looked.unasked:
        verdict: Verdict = CouldNotCheck(looked.unasked, unasked=looked.can_wait)
        note = f"{looked.identifier} could not be checked: {looked.unasked}"
    else:
        verdict = NotFound(looked.absent or looked.doubt, looked.identifier)
        note = f"{looked.absent or looked.doubt}: is the id right?"
    if found:
        return replace(result, notes=(*result.notes, *looked.notes, note))
    return replace(result, verdict=verdict, notes=(*result.notes, *looked.notes))
