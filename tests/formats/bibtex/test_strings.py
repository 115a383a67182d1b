"""biblatex's localisation keys as words, and back."""

from __future__ import annotations

import re

import pytest

from bibtool.api import format_list
from bibtool.formats.bibtex.strings import COUNTRIES, GENRES, STATES
from bibtool.formats.registry import read_bytes, write_bytes

_CASES = [
    *[("patent", "type", key, "genre", words) for key, words in GENRES.items()],
    *[("article", "pubstate", key, "status", words) for key, words in STATES.items()],
    *[("patent", "location", key, "publisher-place", words) for key, words in COUNTRIES.items()],
    ("patent", "location", "countryde and countryfr", "publisher-place", "Germany and France"),
    ("patent", "location", "Bonn and countryuk", "publisher-place", "Bonn and United Kingdom"),
    ("book", "series", "newseries", "collection-title", "new series"),
    ("thesis", "type", "Bathesis", "genre", "Bachelor's thesis"),
    ("misc", "type", "Poster", "genre", "Poster"),
    ("book", "location", "Countryside", "publisher-place", "Countryside"),
]


@pytest.mark.parametrize(("entry", "field", "content", "variable", "words"), _CASES)
def test_keys_are_words_and_are_written_as_keys(
    entry: str, field: str, content: str, variable: str, words: str
) -> None:
    text = f"@{entry}{{k, author = {{Doe, Jo}}, title = {{T}}, date = {{2001}}, {field} = {{{content}}}}}"
    (record,) = read_bytes(text.encode(), "biblatex").records
    assert record.text(variable) == words
    written = write_bytes([record], "biblatex").data.decode()
    assert f"{{{content}}}".casefold() in written.casefold()
    bibtex = write_bytes([record], "bibtex").data.decode()
    assert f"{{{words}}}" in bibtex
    assert content == words or f"{{{content}}}" not in re.sub(r"entrysubtype.*", "", bibtex)
    for dialect, data in (("biblatex", written), ("bibtex", bibtex)):
        assert read_bytes(data.encode(), dialect).records[0].text(variable) == words


@pytest.mark.parametrize(
    ("content", "tag"),
    [("langlatin", "la"), ("langlatin and langgerman", "la"), ("german and latin", "de"), ("ngerman", "de")],
)
@pytest.mark.parametrize("field", ["language", "langid", "hyphenation"])
def test_languages_of_lists_and_keys(content: str, tag: str, field: str) -> None:
    text = f"@book{{k, title = {{T}}, {field} = {{{content}}}}}"
    (record,) = read_bytes(text.encode(), "biblatex").records
    assert record.text("language") == tag
    assert f"{{{content}}}" in write_bytes([record], "biblatex").data.decode()


def test_styles_print_words() -> None:
    patent = "@patent{k, author={Doe, Jo}, title={T}, type={patentus}, number={123}, date=2001}"
    assert "U.S. patent No. 123" in format_list(read_bytes(patent.encode(), "bibtex").records, "apa")
