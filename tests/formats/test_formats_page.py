"""docs/reference/formats.md is what the tables say."""

from __future__ import annotations

from bibtool.formats.registry import FORMATS
from tests.support.make_formats_page import PAGE, page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.support.make_formats_page"


def test_every_format_stands_on_it() -> None:
    text = page()
    for one in FORMATS:
        assert f"\n`{one.name}`, " in text
