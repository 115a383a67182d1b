"""The style of a list, as far as its clear references show it: what follows what, and by which punctuation.

One list is set in one style. So the steps from part to part that its clear references share, as in *author, full stop,
title*, are evidence for the others (`Consensus.bonus`), and a reading that repeats them is more likely right than one
that has steps of its own (`Consensus.agreement`): set in the style of the list, it gives the line again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEAST: Final = 4  # fewer references don't show a common style
_COMMON: Final = 0.5  # share of the steps from a part that the commonest one has in a list of one style
_NEARLY_ALL: Final = 0.8
_CLEAR: Final = 0.75
_STRENGTH: Final = 1.5
_START, _END = "^", "$"

Step = tuple[str, str, str]


def steps_of(labels: Sequence[str], gaps: Sequence[str]) -> list[Step]:
    """The steps of a reading from part to part: label, punctuation between, label; with its start and its end."""
    steps = [(_START, "", labels[0])]
    steps += [
        (before, gaps[index + 1], after) for index, (before, after) in enumerate(pairwise(labels)) if before != after
    ]
    steps.append((labels[-1], "", _END))
    return steps


@dataclass(slots=True)
class Consensus:
    """How often each step was taken in the clear references of a list."""

    places: Mapping[str, int]
    counts: dict[str, Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))
    total: int = 0
    _bonus: dict[str, dict[tuple[int, int], float]] = field(default_factory=dict)

    def add(self, steps: Sequence[Step]) -> None:
        """Count a clear reference."""
        self.total += 1
        for before, gap, after in steps:
            self.counts[before][gap, after] += 1

    def is_one_style(self) -> bool:
        """True where there are enough clear references, and most of them begin and go on alike."""
        if self.total < LEAST:
            return False
        starts, authors = self.counts[_START], self.counts["author"]
        return all(
            counter and counter.most_common(1)[0][1] >= _COMMON * counter.total() for counter in (starts, authors)
        )

    def bonus(self, gap: str) -> Mapping[tuple[int, int], float]:
        """What to add to the score of a step between two parts with this punctuation between them."""
        known = self._bonus.get(gap)
        if known is None:
            known = self._bonus[gap] = {}
            for before, counter in self.counts.items():
                total = counter.total()
                if before == _START or total < LEAST:
                    continue
                for (between, after), count in counter.items():
                    if between == gap and after != _END:
                        known[self.places[before], self.places[after]] = _STRENGTH * count / total
        return known

    def usual_gap(self, before: str, after: str) -> str:
        """The punctuation that nearly all clear references have between these two parts, "" where they differ."""
        gaps = Counter({gap: count for (gap, following), count in self.counts[before].items() if following == after})
        if gaps.total() < LEAST:
            return ""
        gap, count = gaps.most_common(1)[0]
        return gap if count >= _NEARLY_ALL * gaps.total() else ""

    def agreement(self, steps: Sequence[Step], *, own: bool) -> float:
        """The share of the steps that another clear reference takes as well; ``own``: this one was counted."""
        least = 2 if own else 1
        shared = sum(self.counts[before][gap, after] >= least for before, gap, after in steps if before in self.counts)
        return shared / len(steps)


def is_clear(labels: Sequence[str], sure: Sequence[float]) -> bool:
    """True for a reading that shows the style: it has a title and authors, and each of its words is rather certain."""
    return min(sure) >= _CLEAR * 0.66 and "title" in labels and "author" in labels
