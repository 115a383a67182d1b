"""The linear-chain model: which part of a reference each token belongs to, and how sure that is.

The weights are those of `benchmarks/references/train.py`, in ``weights.json.gz``. Decoding keeps the labels of a token
that can still matter (`_BEAM`), so that its time is linear in the number of tokens and hardly grows with the labels.
"""

from __future__ import annotations

import gzip
import json
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from operator import add
from typing import TYPE_CHECKING, Final

from bibtool.formats.references.features import OFFSETS, context_features, word_features
from bibtool.formats.references.tokens import gaps_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.formats.references.tokens import Token

_BEAM: Final = 9.0  # natural logarithm: a label e**9 times less likely than the best so far is given up
_MAX_CACHED: Final = 50_000


@dataclass(frozen=True, slots=True)
class Tagging:
    """The labels of the tokens, the probability of each, and the gap of the whole to the second best reading."""

    labels: list[str]
    sure: list[float]


class Model:
    """Weights of a linear-chain CRF, and the words seen so far with the sums of their weights."""

    def __init__(self, data: Mapping[str, object]) -> None:
        labels = data["labels"]
        states = data["states"]
        transitions = data["transitions"]
        scale = data["scale"]
        assert isinstance(labels, list)
        assert isinstance(states, dict)
        assert isinstance(transitions, list)
        assert isinstance(scale, int)
        self.labels: list[str] = labels
        count = len(labels)
        self._states: dict[str, list[tuple[int, float]]] = {}
        for block, names in states.items():
            pairs = _pairs(block, scale)
            for name in names.split("\n"):
                self._states[name] = pairs
        self.transitions: list[list[float]] = [
            [transitions[row * count + column] / scale for column in range(count)] for row in range(count)
        ]
        self._zero = [0.0] * count
        self._words: dict[str, tuple[list[float], ...]] = {}

    def _word_scores(self, word: str) -> tuple[list[float], ...]:
        known = self._words.get(word)
        if known is not None:
            return known
        features = word_features(word)
        scores = []
        for offset in OFFSETS:
            total = self._zero.copy()
            for name in features[abs(offset)]:
                for label, weight in self._states.get(f"{offset}{name}", ()):
                    total[label] += weight
            scores.append(total)
        if len(self._words) > _MAX_CACHED:
            self._words.clear()
        self._words[word] = tuple(scores)
        return self._words[word]

    def scores(self, text: str, tokens: Sequence[Token]) -> list[list[float]]:
        """The score of each label for each token."""
        gaps = gaps_of(text, list(tokens))
        words = [self._word_scores(token.text) for token in tokens]
        states = self._states
        every = []
        count = len(tokens)
        for index, features in enumerate(context_features(tokens, gaps)):
            total = words[index][2]
            if index:
                total = list(map(add, total, words[index - 1][1]))
                if index > 1:
                    total = list(map(add, total, words[index - 2][0]))
            if index + 1 < count:
                total = list(map(add, total, words[index + 1][3]))
                if index + 2 < count:
                    total = list(map(add, total, words[index + 2][4]))
            total = total.copy()
            for name in features:
                pairs = states.get(name)
                if pairs:
                    for label, weight in pairs:
                        total[label] += weight
            every.append(total)
        return every

    def tag(self, text: str, tokens: Sequence[Token], bonus: Sequence[Mapping[tuple[int, int], float]] = ()) -> Tagging:
        """The best labels; ``bonus`` adds to the score of a step from one label to another, per token."""
        if not tokens:
            return Tagging([], [])
        scores = self.scores(text, tokens)
        path, sure = _decode(scores, self.transitions, bonus)
        return Tagging([self.labels[label] for label in path], sure)


def _pairs(block: str, scale: int) -> list[tuple[int, float]]:
    numbers = [int(number) for number in block.split()]
    return [(label, weight / scale) for label, weight in zip(numbers[::2], numbers[1::2], strict=True)]


def _decode(
    scores: Sequence[Sequence[float]],
    transitions: Sequence[Sequence[float]],
    bonus: Sequence[Mapping[tuple[int, int], float]],
) -> tuple[list[int], list[float]]:
    """The best path, and the probability of its label at each place (forward and backward sums over the beam)."""
    everyone = range(len(transitions))
    best: list[dict[int, float]] = []
    back: list[dict[int, int]] = []
    forward: list[dict[int, float]] = []  # logarithms
    exp, log = math.exp, math.log
    for index, row in enumerate(scores):
        extra = bonus[index] if bonus else None
        now: dict[int, float] = {}
        came: dict[int, int] = {}
        sums: dict[int, float] = {}
        if index == 0:
            top = max(row)
            for label in everyone:
                if row[label] > top - _BEAM:
                    now[label] = sums[label] = row[label]
        else:
            before, alpha = best[-1], forward[-1]
            # the labels that can be reached well enough; the others are not worth their sums
            reach = [row[label] + max([before[old] + transitions[old][label] for old in before]) for label in everyone]
            top = max(reach)
            for label in everyone:
                if reach[label] <= top - _BEAM - 4 * bool(extra):
                    continue
                most, origin, total = -math.inf, -1, []
                for old, value in before.items():
                    step = transitions[old][label]
                    if extra:
                        step += extra.get((old, label), 0.0)
                    if value + step > most:
                        most, origin = value + step, old
                    total.append(alpha[old] + step)
                peak = max(total)
                now[label] = most + row[label]
                came[label] = origin
                sums[label] = peak + log(sum([exp(value - peak) for value in total])) + row[label]
        best.append(now)
        back.append(came)
        forward.append(sums)
    last = max(best[-1], key=lambda label: best[-1][label])
    path = [last]
    for came in reversed(back[1:]):
        path.append(came[path[-1]])
    path.reverse()
    peak = max(forward[-1].values())
    whole = peak + log(sum(exp(value - peak) for value in forward[-1].values()))
    sure = [0.0] * len(scores)
    beta = dict.fromkeys(forward[-1], 0.0)
    for index in range(len(scores) - 1, -1, -1):
        label = path[index]
        sure[index] = min(1.0, exp(forward[index][label] + beta[label] - whole))
        if index == 0:
            break
        row = scores[index]
        extra = bonus[index] if bonus else None
        onward = {}
        for old in forward[index - 1]:
            values = []
            for new, value in beta.items():
                step = transitions[old][new] + row[new] + value
                values.append(step + extra.get((old, new), 0.0) if extra else step)
            peak = max(values)
            onward[old] = peak + log(sum([exp(value - peak) for value in values]))
        beta = onward
    return path, sure


@lru_cache(maxsize=1)
def default_model() -> Model:
    """The model that comes with bibtool, loaded at its first use."""
    packed = files("bibtool.formats.references").joinpath("weights.json.gz").read_bytes()
    return Model(json.loads(gzip.decompress(packed)))
