"""Punctuation beside quotation marks."""

from __future__ import annotations

import pytest

from bibtool.styles import Processor, Style
from tests.styles.data import record, style_source


def _quoted(language: str, suffix: str, prefix: str, title: str = "rain") -> str:
    layout = f'<text variable="title" quotes="true" suffix="{suffix}"/><text value="snow" prefix="{prefix}"/>'
    style = Style.parse(style_source(f"<layout>{layout}</layout>"))
    return Processor(style, [record("a", title=title)], locale=language, output="text").cite("a")


@pytest.mark.parametrize(
    ("suffix", "prefix", "wanted"),
    [
        ("?", ": ", "“rain?” snow"),
        ("!", ": ", "“rain!” snow"),
        (":", "! ", "“rain!” snow"),
        (":", "? ", "“rain?” snow"),
        (";", "? ", "“rain?” snow"),
        ("?", ". ", "“rain?” snow"),
        ("?", ", ", "“rain?,” snow"),
        ("", ": ", "“rain”: snow"),
        (",", ": ", "“rain,”: snow"),
    ],
)
def test_punctuation_that_meets_behind_a_quotation_mark(suffix: str, prefix: str, wanted: str) -> None:
    assert _quoted("en-US", suffix, prefix) == wanted


@pytest.mark.parametrize(
    ("title", "prefix", "wanted"),
    [
        ("rain?", ": ", "“rain?”: snow"),
        ("rain!", ": ", "“rain!”: snow"),
        ("rain?", ". ", "“rain?” snow"),
    ],
)
def test_the_mark_of_a_title_does_not_swallow_a_colon(title: str, prefix: str, wanted: str) -> None:
    assert _quoted("en-US", "", prefix, title) == wanted


@pytest.mark.parametrize(
    ("title", "prefix", "wanted"),
    [
        ("rain?", ". ", "‘rain?’. snow"),
        ("rain!", ". ", "‘rain!’. snow"),
        ("rain.", ". ", "‘rain.’ snow"),
        ("rain", ". ", "‘rain’. snow"),
        ("rain?", ", ", "‘rain?’, snow"),
    ],
)
def test_punctuation_outside_of_quotes(title: str, prefix: str, wanted: str) -> None:
    assert _quoted("en-GB", "", prefix, title) == wanted
