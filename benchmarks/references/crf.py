"""Training of the linear chain by CRFsuite, and its weights in the form that bibtool ships."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bibtool.formats.references.features import CLASSES, sequence_features
from bibtool.formats.references.tokens import gaps_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.references.labelled import Labelled

SCALE = 16
CLASS_OF = {
    "author": "A", "editor": "A", "translator": "A", "title": "T", "container": "C", "series": "C", "event": "C",
    "publisher": "P", "place": "L",
}  # fmt: skip
LEAST_LINES = 5  # that have a word
LEAST_SHARE = 0.7  # of them that agree on its class


def word_classes(lines: list[Labelled]) -> dict[str, str]:
    """The words of each class of `CLASSES`, in small letters, joined by spaces: by the parts that mostly have them."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        tokens, labels = line.tagged()
        pairs = zip(tokens, labels, strict=True)
        for word, kind in {(token.text.lower(), CLASS_OF.get(label, "O")) for token, label in pairs}:
            if word[0].isalpha() and len(word) > 1 and "/" not in word:
                counts[word][kind] += 1
    words: dict[str, list[str]] = defaultdict(list)
    for word, counted in counts.items():
        kind, often = counted.most_common(1)[0]
        if counted.total() >= LEAST_LINES and often >= LEAST_SHARE * counted.total():
            words[kind].append(word)
    return {kind: " ".join(sorted(words[kind])) for kind in CLASSES}


def train(
    lines: Sequence[tuple[Labelled, int]],
    words: dict[str, str],
    *,
    c1: float,
    c2: float,
    minfreq: float,
    iterations: int,
    verbose: bool,
) -> dict[str, Any]:
    """The weights learned from lines; a line counts as often as its weight says.

    ``words`` are those of `word_classes`.
    """
    import pycrfsuite

    classes = {word: kind for kind, text in words.items() for word in text.split()}
    trainer = pycrfsuite.Trainer(verbose=verbose)
    for line, weight in lines:
        tokens, labels = line.tagged()
        if not tokens:
            continue
        features = pycrfsuite.ItemSequence(
            [dict.fromkeys(row, 1.0) for row in sequence_features(tokens, gaps_of(line.text, tokens), classes)]
        )
        for _ in range(weight):
            trainer.append(features, labels)
    trainer.set_params(
        {
            "c1": c1,
            "c2": c2,
            "max_iterations": iterations,
            "feature.minfreq": minfreq,
            "feature.possible_transitions": True,
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
        states, transitions = dict(info.state_features), dict(info.transitions)
        labels = sorted(info.labels)
    return {**packed(states, transitions, labels), "words": words}


def packed(
    states: dict[tuple[str, str], float], transitions: dict[tuple[str, str], float], labels: list[str]
) -> dict[str, Any]:
    """The weights as JSON data: whole numbers, features with the same weights together."""
    place = {label: index for index, label in enumerate(labels)}
    by_feature: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for (feature, label), weight in states.items():
        if value := round(weight * SCALE):
            by_feature[feature].append((place[label], value))
    blocks: dict[str, list[str]] = defaultdict(list)
    for feature in sorted(by_feature):
        blocks[" ".join(f"{label} {value}" for label, value in sorted(by_feature[feature]))].append(feature)
    return {
        "labels": labels,
        "scale": SCALE,
        "transitions": [round(transitions.get((a, b), 0.0) * SCALE) for a in labels for b in labels],
        "states": {block: "\n".join(names) for block, names in sorted(blocks.items())},
    }


def mixed(data: Mapping[str, Any], other: Mapping[str, Any], share: float) -> dict[str, Any]:
    """The weights of two models as one: the mean of both, in which ``other`` has this share (0 to 1).

    The words are those of ``data``. A label that one of them lacks has no weight there.
    """
    labels = sorted({*data["labels"], *other["labels"]})
    states: dict[tuple[str, str], float] = defaultdict(float)
    transitions: dict[tuple[str, str], float] = defaultdict(float)
    for model, part in ((data, 1 - share), (other, share)):
        names, scale = model["labels"], model["scale"]
        for block, features in model["states"].items():
            numbers = [int(number) for number in block.split()]
            for label, value in zip(numbers[::2], numbers[1::2], strict=True):
                for feature in features.split("\n"):
                    states[feature, names[label]] += part * value / scale
        pairs = [(first, second) for first in names for second in names]
        for pair, value in zip(pairs, model["transitions"], strict=True):
            transitions[pair] += part * value / scale
    return {**packed(states, transitions, labels), "words": data["words"]}


def compressed(data: Mapping[str, Any]) -> bytes:
    """The bytes of ``weights.json.gz``, the same for the same weights."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0)
