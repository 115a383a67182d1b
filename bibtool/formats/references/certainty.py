"""How likely authors, title and year of a reading are all right.

A logistic model over what the reading looks like. Its weights are fitted by `benchmarks.references.calibrate` to
references that the sequence model did not learn from.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.formats.references.parts import Part

TAKEN_FROM: Final = 0.96
"""The confidence from which a record is taken without doubt."""

_MOST_LACKING: Final = 0.85
"""The highest confidence without people, title or year: what is missing may be in another field, or have got lost."""

NAMED: Final = {"author": "the authors", "title": "the title", "issued": "the year"}
WEIGHTS: Final = {
    "one": 0.10, "author": 0.16, "title": 0.22, "issued": -0.05, "lowest": 0.41, "no author": -0.35, "no title": -0.46,
    "no year": -0.39, "no venue": -0.23, "short title": -0.22, "long title": -0.25, "title twice": 0.00, "other": -0.25,
    "odd title": -1.09, "list": 0.61, "disagreement": -0.38, "repaired": -0.14,
}  # fmt: skip


def evidence(
    fields: Mapping[str, float], parts: Sequence[Part], agreement: float | None = None, *, repaired: bool = False
) -> dict[str, float]:
    """What speaks for and against a reading, by the names of `WEIGHTS`.

    ``agreement`` is None outside of a list; ``repaired`` says that the labels broke a rule.
    """
    seen = {"one": 1.0, "repaired": float(repaired)}
    for name in NAMED:
        if name in fields:
            seen[name] = _logit(fields[name])
    labels = [part.label for part in parts]
    if "author" not in fields:
        seen["no author"] = 1.0 if "editor" not in fields else 0.5
    if "title" not in fields:
        seen["no title"] = 1.0
    if "issued" not in fields:
        seen["no year"] = 1.0
    if not {"container", "publisher", "place", "genre", "number"} & set(labels):
        seen["no venue"] = 1.0
    title = max((part.text for part in parts if part.label == "title"), key=len, default="")
    words = title.count(" ") + 1
    seen["short title"] = float(words < 3)
    seen["long title"] = float(words > 25)
    seen["title twice"] = float(labels.count("title") > 1 or labels.count("author") > 1)
    seen["odd title"] = float(any(mark in title for mark in (". ", "; ", " In ", "http", "(ed", "pp.")))
    seen["other"] = min(2.0, sum(len(part.text.split()) > 2 for part in parts if part.label == "other"))
    seen["lowest"] = _logit(min((part.sure for part in parts), default=0.0))
    if agreement is not None:
        seen["list"] = 1.0
        seen["disagreement"] = 1.0 - agreement
    return seen


def confidence_of(seen: Mapping[str, float]) -> float:
    """The probability of a reading from its evidence, bounded for one that lacks people, a title or a year."""
    total = sum(WEIGHTS[name] * value for name, value in seen.items())
    sure = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
    lacking = any(seen.get(name) == 1.0 for name in ("no author", "no title", "no year"))
    return min(sure, _MOST_LACKING) if lacking else sure


def doubt_of(fields: Mapping[str, float], confidence: float) -> str:
    """Why a reading is doubtful, "" where it is not.

    One without a title, a year, or authors and editors always is: the rest of the line may be all in one field.
    """
    has_people = "author" in fields or "editor" in fields
    if confidence >= TAKEN_FROM and has_people and {"title", "issued"} <= fields.keys():
        return ""
    missing = [f"{said} could not be found" for name, said in NAMED.items() if name not in fields]
    unclear = sorted((sure, NAMED[name]) for name, sure in fields.items() if name in NAMED and sure < TAKEN_FROM)
    reasons = missing + [f"{said} may be wrong" for _, said in unclear]
    return ", ".join(reasons) or "it is set differently from most references"


def _logit(probability: float) -> float:
    probability = min(0.9995, max(0.0005, probability))
    return math.log(probability / (1 - probability))
