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
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for kind in kinds:
        works = _by_name(wanted, pairs, kind)
        named = _by_name(known, taken, kind)
        for name, sharing in works.items():
            if len(sharing) > 1 or sharing[0] in pairs:
                continue
            at = sharing[0]
            candidates = [
                candidate for candidate in named.get(name, ()) if candidate not in taken and fits(at, candidate, kind)
            ]
            if candidates and (len(candidates) == 1 or kind not in alone):
                # most names in common, of equals the first
                _, best = min((-len(wanted[at] & known[candidate]), candidate) for candidate in candidates)
                pairs[at] = best
                taken.add(best)
    return pairs


def _by_name(sets: Sequence[frozenset[str]], done: Container[int], kind: str) -> dict[str, list[int]]:
    by_name: dict[str, list[int]] = {}
    for at, names in enumerate(sets):
        if at not in done:
            for name in sorted(names):
                if name.startswith(kind):
                    by_name.setdefault(name, []).append(at)
    return by_name
