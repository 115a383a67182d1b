"""Fits the weights of `bibtool.formats.references.certainty`, and shows what a threshold takes and how much is right.

    python -m benchmarks.references.calibrate --lines real-lines.xml [--weights weights.json.gz]

Fitted to references that the model, trained without ``--all``, did not learn from: real lines, styles, layouts. Half of
them are kept for the table.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

from benchmarks.references.invented import invented
from benchmarks.references.labelled import real_lines, split
from benchmarks.references.measure import PARTS, in_style, read_list, truth_of, value_of
from benchmarks.references.templates import set_many
from benchmarks.references.train import SEED, held_out_styles
from bibtool.formats.references import certainty, reader
from bibtool.formats.references import model as models

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.references.labelled import Labelled

Sample = tuple[dict[str, float], bool, str]


def samples_of(lines: Sequence[Labelled], kind: str) -> list[Sample]:
    """The evidence for each reading of a list, and whether its authors, title and year are right."""
    seen: list[dict[str, float]] = []

    def noted(evidence: Mapping[str, float]) -> float:
        seen.append(dict(evidence))
        return 0.95

    with mock.patch.object(reader, "confidence_of", noted):
        readings = [(line, reading) for line, reading in zip(lines, read_list(lines), strict=True) if reading]
    samples = []
    for (line, reading), evidence in zip(readings, seen, strict=True):
        truth = truth_of(line)
        right = all(value_of(truth, name) == value_of(reading.record, name) for name in PARTS)
        samples.append((evidence, right, kind))
    return samples


def fitted(samples: Sequence[Sample], steps: int = 400) -> dict[str, float]:
    """The weights of a logistic model, by gradient descent."""
    names = list(certainty.WEIGHTS)
    weights = dict(certainty.WEIGHTS)
    velocity = dict.fromkeys(names, 0.0)
    for step in range(steps):
        slope = {name: 0.002 * weights[name] for name in names}
        for evidence, right, _ in samples:
            total = sum(weights[name] * value for name, value in evidence.items())
            error = 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - right
            for name, value in evidence.items():
                slope[name] += error * value / len(samples)
        rate = 0.4 if step < steps // 2 else 0.15
        for name in names:
            velocity[name] = 0.9 * velocity[name] - rate * slope[name] * 0.3
            weights[name] += velocity[name]
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=Path, required=True)
    parser.add_argument("--weights", type=Path)
    options = parser.parse_args()
    if options.weights:
        chosen = models.Model(json.loads(gzip.decompress(options.weights.read_bytes())))
        models.default_model.cache_clear()
        models.default_model = lambda: chosen  # type: ignore[assignment] # the reader asks it for its weights
    rng = random.Random(SEED + 2)
    samples = samples_of(split(real_lines(options.lines))[1], "real")
    records = invented(1500, rng)
    for name in held_out_styles()[1]:
        samples += samples_of(in_style(name, rng.sample(records, 24))[0], "styles")
    layouts = set_many(records, 500, rng, per_layout=10)
    for at in range(0, len(layouts), 10):
        samples += samples_of(layouts[at : at + 10], "layouts")
    rng.shuffle(samples)
    half = len(samples) // 2
    weights = fitted(samples[:half])
    with mock.patch.dict(certainty.WEIGHTS, weights):
        rated = [(certainty.confidence_of(evidence), right, kind) for evidence, right, kind in samples[half:]]
    for kind in ("real", "styles", "layouts"):
        of_kind = [(sure, right) for sure, right, of in rated if of == kind]
        for threshold in (0.8, 0.85, 0.9, 0.92, 0.94, 0.96):
            taken = [right for sure, right in of_kind if sure >= threshold]
            share, good = len(taken) / len(of_kind), sum(taken) / max(1, len(taken))
            print(f"{kind:8} {threshold:.2f}: {100 * share:5.1f} % taken, {100 * good:5.1f} % of them right")
    final = fitted(samples)
    print("\n".join(f'    "{name}": {value:.2f},' for name, value in final.items()))


if __name__ == "__main__":
    main()
