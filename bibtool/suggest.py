"""The names that come nearest to one that does not exist, for "did you mean".

It stands at the bottom, as `bibtool.errors` and nearly all above ask it. There is one measure for all of them:
rapidfuzz's ratio, the share of letters in common and in order, so that a wrong, missing, added or swapped letter is a
small difference in a name of any length.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` alone would take half of the start
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CUTOFF = 0.6


def ranked(name: str, choices: Sequence[str], *, most: int, cutoff: float) -> list[tuple[int, float]]:
    """Index and likeness (0 to 1) of at most so many choices with at least that likeness, the nearest first."""
    from rapidfuzz import fuzz, process

    matches = process.extract(name, choices, scorer=fuzz.ratio, limit=most, score_cutoff=100 * cutoff)
    return [(index, score / 100) for _, score, index in matches]


def nearest(name: str, known: Iterable[str], *, most: int = 3, cutoff: float = CUTOFF) -> tuple[str, ...]:
    """At most so many of the known names, the nearest first, compared without case; empty where none is near.

    Of names that are equally near, the last in the alphabet comes first: among versions, the newest.
    """
    spelled = {choice.casefold(): choice for choice in known}
    if not spelled:
        return ()
    folded = sorted(spelled, reverse=True)
    return tuple(spelled[folded[index]] for index, _ in ranked(name.casefold(), folded, most=most, cutoff=cutoff))


def did_you_mean(names: Iterable[str]) -> str:
    """The question that offers these names: ``did you mean 'a', 'b' or 'c'?``; "" for no names."""
    offered = [repr(name) for name in names]
    if not offered:
        return ""
    return f"did you mean {' or '.join([', '.join(offered[:-1]), offered[-1]] if offered[1:] else offered)}?"
