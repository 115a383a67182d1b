"""Every case that the fuzzer ever found stays mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibtool.formats.registry import FORMATS
from tests.fuzz.targets import targets

CASES = sorted((Path(__file__).parents[2] / "fixtures" / "fuzz").glob("*-*"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_case(case: Path) -> None:
    targets()[case.name.rpartition("-")[0]](case.read_bytes())


def test_the_targets_cover_every_reader_and_writer() -> None:
    assert {known.name for known in FORMATS if known.reader} <= set(targets())
    assert {f"to-{known.name}" for known in FORMATS if known.writer} <= set(targets())
    assert {"document", "tidy", "round-trip", "lock", "settings", "index", "feed", "merge"} <= set(targets())


@pytest.mark.slow
def test_every_target_takes_an_ordinary_file() -> None:
    data = b"@article{a, author={Lind, Mara and Ash, Ann}, title={On {B}}, year={2020}, doi={10.5555/1}}\n"
    for name, target in targets().items():
        target(data if name != "settings" else b"[refs]\nkeep = true\n")
