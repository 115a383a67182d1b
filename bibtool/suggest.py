"""The names nearest to one that does not exist, for "did you mean".

This module is at the bottom, since `bibtool.errors` and nearly everything above it use it. There is one measure for all
names: rapidfuzz's ratio, the share of letters in common and in order, so that a wrong, missing, added or swapped letter
is a small difference in a name of any length.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` alone would take half of the start
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CUTOFF = 0.6
MARGIN = 0.15  # how much less similar than the nearest a name may be that is offered with it


def ranked(name: str, choices: Sequence[str], *, most: int, cutoff: float) -> list[tuple[int, float]]:
    """Index and similarity (0 to 1) of at most ``most`` choices that reach the cutoff, the nearest first."""
    from rapidfuzz import fuzz, process

    matches = process.extract(name, choices, scorer=fuzz.ratio, limit=most, score_cutoff=100 * cutoff)
    return [(index, score / 100) for _, score, index in matches]


def nearest(name: str, known: Iterable[str], *, most: int = 3, cutoff: float = CUTOFF) -> tuple[str, ...]:
    """At most ``most`` of the known names, the nearest first, compared without case; empty if none is near.

    A name that is clearly less similar than the nearest is left out. Of names that are equally near, the last in the
    alphabet comes first: among versions, the newest.
    """
    spelled = {choice.casefold(): choice for choice in known}
    if not spelled:
        return ()
    folded = sorted(spelled, reverse=True)
    found = ranked(name.casefold(), folded, most=most, cutoff=cutoff)
    return tuple(spelled[folded[index]] for index, likeness in found if likeness >= found[0][1] - MARGIN)


def did_you_mean(names: Iterable[str]) -> str:
    """The question that offers these names: ``did you mean 'a', 'b' or 'c'?``; "" for no names."""
    offered = [repr(name) for name in names]
    if not offered:
        return ""
    return f"did you mean {' or '.join([', '.join(offered[:-1]), offered[-1]] if offered[1:] else offered)}?"
