"""The linear-chain model: which part of a reference each token belongs to, and how sure that is.

The weights are those of `benchmarks/references/train.py`, in ``weights.json.gz``. Decoding keeps the labels of a token
that can still matter (`_BEAM`), so that its time is linear in the number of tokens and hardly grows with the labels.
"""

from __future__ import annotations

import gzip
import json
import math
from functools import lru_cache
from importlib.resources import files
from operator import add
from struct import Struct
from typing import TYPE_CHECKING, Final, TypeVar

from bibtool.formats.references.features import OFFSETS, context_features, expanded, word_features
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bibtool.formats.references.features import Key
    from bibtool.formats.references.tokens import Token

_BEAM: Final = 6.0  # natural logarithm: a label e**6 times less likely than the best so far is given up
_LANE: Final = 32  # bits of a label in the sum of weights
_MAX_CACHED: Final = 20_000
_Given = TypeVar("_Given")
_Result = TypeVar("_Result")
_ONE: Final = [1.0]
_ONE_STEP: Final = [[1.0]]


@dataclass(frozen=True, slots=True)
class Tagging:
    """The labels of the tokens, the probability of each, and the gap of the whole to the second best reading."""

    labels: list[str]
    sure: list[float]


class _Kept(dict[_Given, _Result]):
    """The results of a function for what was asked last, worked out where they are not there."""

    def __init__(self, work_out: Callable[[_Given], _Result]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, given: _Given) -> _Result:
        if len(self) > _MAX_CACHED:
            self.clear()
        result = self[given] = self._work_out(given)
        return result


class Model:
    """Weights of a linear-chain CRF, and the words seen so far with the sums of their weights.

    The weights of a feature for all labels are one whole number, in which each label has `_LANE` bits: so they are
    added together. Weights are whole numbers before they are scaled, so that sums are exact.
    """

    def __init__(self, data: Mapping[str, object]) -> None:
        labels = data["labels"]
        states = data["states"]
        transitions = data["transitions"]
        scale = data["scale"]
        words = data.get("words", {})  # of the classes that features look at
        assert isinstance(labels, list)
        assert isinstance(states, dict)
        assert isinstance(transitions, list)
        assert isinstance(scale, int)
        assert isinstance(words, dict)
        self.labels: list[str] = labels
        count = len(labels)
        self._states: dict[str, int] = {}
        for block, names in states.items():
            self._states.update(dict.fromkeys(names.split("\n"), _in_lanes(block)))
        self.transitions: list[list[float]] = [
            [transitions[row * count + column] / scale for column in range(count)] for row in range(count)
        ]
        self.factors = [[math.exp(weight) for weight in row] for row in self.transitions]
        self._classes = {word: kind for kind, text in words.items() for word in text.split()}
        self._middle = sum(1 << (_LANE * place + _LANE - 1) for place in range(count))
        self._unpack = Struct(f"<{count}i").unpack
        self._size = count * _LANE // 8
        self._step = 1 / scale
        self._words = _Kept(self._word_scores)
        self._contexts = _Kept(self._context_scores)

    def _word_scores(self, word: str) -> tuple[int, ...]:
        """The sums of a word for each place it may have next to a token."""
        features = word_features(word)
        return tuple([self._sum([f"{offset}{name}" for name in features[abs(offset)]]) for offset in OFFSETS])

    def _context_scores(self, key: Key) -> int:
        return self._sum(expanded(key))

    def _sum(self, names: Sequence[str]) -> int:
        """The weights of features for each label."""
        weights = self._states.get
        return sum([weights(name, 0) for name in names])

    def scores(self, tokens: Sequence[Token], gaps: Sequence[str]) -> list[list[float]]:
        """The score of each label for each token."""
        words, contexts = self._words, self._contexts.__getitem__
        middle, size, unpack, step = self._middle, self._size, self._unpack, self._step
        nothing = (0,) * len(OFFSETS)
        padded = [nothing, nothing, *[words[token.text] for token in tokens], nothing, nothing]
        every: list[list[float]] = []
        for index, keys in enumerate(context_features(tokens, gaps, self._classes)):
            total = sum(map(contexts, keys))
            total += padded[index][0] + padded[index + 1][1] + padded[index + 2][2]
            total += padded[index + 3][3] + padded[index + 4][4]
            # with the highest bit of each label set, nothing is borrowed from its neighbour; then it is the sign
            lanes = unpack(((total + middle) ^ middle).to_bytes(size, "little"))
            every.append([value * step for value in lanes])
        return every

    def tag(self, scores: Sequence[Sequence[float]], bonus: Sequence[Mapping[tuple[int, int], float]] = ()) -> Tagging:
        """The best labels by the scores of the tokens.

        ``bonus`` adds to the score of a step from one label to another, per token.
        """
        if not scores:
            return Tagging([], [])
        path, sure = _decode(scores, self.transitions, self.factors, bonus)
        return Tagging([self.labels[label] for label in path], sure)


def _in_lanes(block: str) -> int:
    """The weights of ``label weight label weight ...`` as one number."""
    numbers = [int(number) for number in block.split()]
    return sum(weight << (_LANE * label) for label, weight in zip(numbers[::2], numbers[1::2], strict=True))


def _decode(
    scores: Sequence[Sequence[float]],
    transitions: Sequence[Sequence[float]],
    factors: Sequence[Sequence[float]],
    bonus: Sequence[Mapping[tuple[int, int], float]],
) -> tuple[list[int], list[float]]:
    """The best path, and the probability of its label at each place (forward and backward sums over the beam).

    ``factors`` are the exponentials of the transitions. The sums are scaled at each place by their largest one.
    """
    exp = math.exp
    row = scores[0]
    top = max(row)
    active = [label for label, score in enumerate(row) if score > top - _BEAM]
    best = [row[label] - top for label in active]
    forward = [[exp(value) for value in best]]
    beams, back, emitted = [active], [], [forward[0]]
    steps: list[list[list[float]]] = []  # from each label of the last beam to each of this one, as factors
    for index in range(1, len(scores)):
        row, extra = scores[index], bonus[index] if bonus else None
        olds = active
        if len(olds) == 1 and not extra:  # most words leave no doubt: nothing to add up
            reach = list(map(add, row, transitions[olds[0]]))
            top = max(reach)
            active = [label for label, value in enumerate(reach) if value > top - _BEAM]
            back.append([0] * len(active))
            best = [reach[label] - top for label in active]
            forward.append([exp(value) for value in best])
            beams.append(active)
            if len(active) == 1:
                emitted.append(_ONE)
                steps.append(_ONE_STEP)
            else:
                highest = max([row[label] for label in active])
                emitted.append([exp(row[label] - highest) for label in active])
                steps.append([[factors[olds[0]][new] for new in active]])
            continue
        lines = [[value + weight for weight in transitions[old]] for value, old in zip(best, olds, strict=True)]
        if extra:
            for line, old in zip(lines, olds, strict=True):
                for (before, after), more in extra.items():
                    if before == old:
                        line[after] += more
        reach = list(map(add, row, map(max, *lines) if len(lines) > 1 else lines[0]))
        top = max(reach)
        active = [label for label, value in enumerate(reach) if value > top - _BEAM]
        back.append([max(range(len(olds)), key=[line[label] for line in lines].__getitem__) for label in active])
        best = [reach[label] - top for label in active]
        highest = max([row[label] for label in active])
        shown = [exp(row[label] - highest) for label in active]
        if extra:
            step = [[factors[old][new] * exp(extra.get((old, new), 0.0)) for new in active] for old in olds]
        else:
            step = [[factors[old][new] for new in active] for old in olds]
        before_sums = forward[-1]
        sums = [
            score * sum([value * line[place] for value, line in zip(before_sums, step, strict=True)])
            for place, score in enumerate(shown)
        ]
        largest = max(sums) or 1.0
        forward.append([value / largest for value in sums])
        beams.append(active)
        emitted.append(shown)
        steps.append(step)
    place = max(range(len(best)), key=best.__getitem__)
    places = [place]
    for origins in reversed(back):
        place = origins[place]
        places.append(place)
    places.reverse()
    sure = [0.0] * len(scores)
    behind = [1.0] * len(active)
    for index in range(len(scores) - 1, -1, -1):
        if len(behind) == 1:
            sure[index] = 1.0
            if index:
                step = steps[index - 1]
                behind = _ONE if len(step) == 1 else [line[0] for line in step]
            continue
        products = [value * rest for value, rest in zip(forward[index], behind, strict=True)]
        sure[index] = products[places[index]] / (sum(products) or 1.0)
        if index:
            weighted = [score * rest for score, rest in zip(emitted[index], behind, strict=True)]
            behind = [
                sum([weight * value for weight, value in zip(line, weighted, strict=True)]) for line in steps[index - 1]
            ]
            largest = max(behind) or 1.0
            behind = [value / largest for value in behind]
    return [beam[place] for beam, place in zip(beams, places, strict=True)], sure


@lru_cache(maxsize=1)
def default_model() -> Model:
    """The model that comes with bibtool, loaded at its first use."""
    packed = files("bibtool.formats.references").joinpath("weights.json.gz").read_bytes()
    return Model(json.loads(gzip.decompress(packed)))
