"""Curly quotation marks in the data: of the language of the list they alternate, others stay as they were written."""

from __future__ import annotations

import pytest

from bibtool.styles import Processor, Style
from tests.styles.data import record, style_source


@pytest.mark.parametrize(
    ("language", "title", "wanted"),
    [
        ("en-US", "“Home” and away", "“Home” and away"),
        ("de-DE", "“Home” and away", "“Home” and away"),
        ("fr-FR", "“Home” and away", "“Home” and away"),
        ("es-ES", "The ‘new’ town", "The ‘new’ town"),
        ("de-DE", '"Home" and away', "„Home“ and away"),
        ("fr-FR", '"Home" and away', "«\u202fHome\u202f» and away"),
        ("en-GB", "“Home” and away", "“Home” and away"),
        ("es-ES", "The ‘new’ and “old” town", "The ‘new’ and “old” town"),
    ],
)
def test_marks_of_another_language_stay(language: str, title: str, wanted: str) -> None:
    style = Style.parse(style_source('<layout><text variable="title"/></layout>'))
    text = Processor(style, [record("a", title=title)], locale=language, output="text").cite("a")
    assert text.replace("\u00a0", "\u202f") == wanted


@pytest.mark.parametrize(
    ("language", "wanted"),
    [("en-US", "“‘Home’ and away”"), ("de-DE", "„“Home” and away“"), ("en-GB", "‘“Home” and away’")],
)
def test_curly_marks_inside_of_quotes(language: str, wanted: str) -> None:
    style = Style.parse(style_source('<layout><text variable="title" quotes="true"/></layout>'))
    assert Processor(style, [record("a", title="“Home” and away")], locale=language, output="text").cite("a") == wanted
