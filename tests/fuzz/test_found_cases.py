"""Every case that the fuzzer ever found stays mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.targets import targets

CASES = sorted((Path(__file__).parents[2] / "fixtures" / "fuzz").glob("*-*"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_case(case: Path) -> None:
    targets()[case.name.rpartition("-")[0]](case.read_bytes())


def test_the_targets_cover_every_reader() -> None:
    assert {"bibtex", "listing", "csl-json", "document", "tidy", "guess"} <= set(targets())
