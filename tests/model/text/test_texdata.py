"""The generated table of LaTeX commands is what the generator makes of pylatexenc's."""

from __future__ import annotations

from pathlib import Path

import bibtool.model.text.texdata
from tests.support.make_texdata import generate


def test_generated_from_the_table_of_pylatexenc() -> None:
    assert Path(bibtool.model.text.texdata.__file__).read_text(encoding="utf-8") == generate()
