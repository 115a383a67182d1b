"""Training of the linear chain by CRFsuite, and its weights in the form that bibtool ships."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from bibtool.formats.references.features import sequence_features
from bibtool.formats.references.tokens import gaps_of

if TYPE_CHECKING:
    from benchmarks.references.labelled import Labelled

SCALE = 16


def train(
    lines: list[tuple[Labelled, float]], *, c1: float, c2: float, minfreq: float, iterations: int, verbose: bool
) -> dict[str, object]:
    """The weights learned from lines with their weights (whole numbers; a line counts that often)."""
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=verbose)
    for line, weight in lines:
        tokens, labels = line.tagged()
        if not tokens:
            continue
        features = pycrfsuite.ItemSequence(
            [dict.fromkeys(row, 1.0) for row in sequence_features(tokens, gaps_of(line.text, tokens))]
        )
        for _ in range(int(weight)):
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
    return packed(states, transitions, labels)


def packed(
    states: dict[tuple[str, str], float], transitions: dict[tuple[str, str], float], labels: list[str]
) -> dict[str, object]:
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


def compressed(data: dict[str, object]) -> bytes:
    """The bytes of ``weights.json.gz``, the same for the same weights."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0)
