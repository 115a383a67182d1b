"""The generated vocabulary is what the generator makes of the CSL schema."""

from __future__ import annotations

from pathlib import Path

import bibtool.model.vocabulary
from tests.support.make_vocabulary import generate


def test_generated_from_the_schema(shared: Path) -> None:
    assert Path(bibtool.model.vocabulary.__file__).read_text(encoding="utf-8") == generate(shared / "csl" / "schema")
