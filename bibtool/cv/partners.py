"""Which work of a list is which one of those that stand there already: by the surest name that both have."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence


def partners(
    wanted: Sequence[frozenset[str]],
    known: Sequence[frozenset[str]],
    kinds: Sequence[str],
    fits: Callable[[int, int, str], bool] = lambda _wanted, _known, _kind: True,
    *,
    alone: Container[str] = (),
) -> dict[int, int]:
    """Index of a wanted work -> index of its known one; both are sets of names such as ``doi:10.5555/x``.

    ``kinds`` are the beginnings of names, the surest first. A name that two wanted works share says nothing; of two
    known ones that have it, the one is taken that has more names in common with the work, of equals the first.
    ``fits`` may refuse a pair that a name of that kind brings together. A name of the kinds in ``alone`` brings nobody
    together where several known works still have it.
    """
    found: dict[int, int] = {}
    taken: set[int] = set()
    for kind in kinds:
        works = _by_name(wanted, found, kind)
        there = _by_name(known, taken, kind)
        for name, those in works.items():
            if len(those) > 1 or those[0] in found:
                continue
            at = those[0]
            candidates = [one for one in there.get(name, ()) if one not in taken and fits(at, one, kind)]
            if candidates and (len(candidates) == 1 or kind not in alone):
                # most names in common, of equals the first
                _, best = min((-len(wanted[at] & known[one]), one) for one in candidates)
                found[at] = best
                taken.add(best)
    return found


def _by_name(sets: Sequence[frozenset[str]], done: Container[int], kind: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at, names in enumerate(sets):
        if at not in done:
            for name in sorted(names):
                if name.startswith(kind):
                    found.setdefault(name, []).append(at)
    return found
