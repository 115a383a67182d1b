"""Fields that say a thing a second time: the type in words, the address beside ``url``."""

from __future__ import annotations

import pytest

from bibtool.formats.registry import read_bytes, write_bytes


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        ("article", "Article"),
        ("article", "Journal Article"),
        ("inproceedings", "Conference Paper"),
        ("book", "Book"),
        ("incollection", "Book chapter"),
    ],
)
def test_a_genre_that_is_the_type_is_not_shown_and_is_kept(entry: str, word: str) -> None:
    text = f"@{entry}{{k, title={{T}}, journal={{J}}, booktitle={{B}}, type={{{word}}}, year=2001}}"
    records = read_bytes(text.encode(), "bibtex").records
    assert records[0].text("genre") == ""
    assert f"{{{word}}}" in write_bytes(records, "bibtex").text


def test_any_other_genre_is_shown() -> None:
    text = "@article{k, title={T}, journal={J}, type={Editorial}, year=2001}"
    assert read_bytes(text.encode(), "bibtex").records[0].text("genre") == "Editorial"


@pytest.mark.parametrize(
    "howpublished",
    [
        "\\url{https://ex.org/x}",
        " \\url{ https://ex.org/x } ",
        "https://ex.org/x/",
        "Online at \\url{https://ex.org/x}",
    ],
)
def test_an_address_beside_url_is_not_shown_twice(howpublished: str) -> None:
    fields = f"howpublished={{{howpublished}}}, url={{https://ex.org/x}}, publisher={{P}}, year=2019"
    text = f"@misc{{k, title={{T}}, {fields}}}"
    (record,) = records = read_bytes(text.encode(), "bibtex").records
    assert (record.url, record.text("publisher")) == ("https://ex.org/x", "P")
    written = write_bytes(records, "bibtex").text
    assert "howpublished" in written
    assert "{https://ex.org/x}" in written


@pytest.mark.parametrize(
    "howpublished",
    [
        "Available at \\url{https://ex.org/a}",
        "\\url{https://ex.org/a}",
        "Website: https://ex.org/a",
        "Retrieved from \\url{https://ex.org/a}.",
    ],
)
def test_an_address_after_words_is_the_url(howpublished: str) -> None:
    text = f"@misc{{k, title={{T}}, howpublished={{{howpublished}}}, year=2019}}"
    records = read_bytes(text.encode(), "bibtex").records
    assert records[0].url == "https://ex.org/a"
    assert f"{{{howpublished}}}" in write_bytes(records, "bibtex").text


@pytest.mark.parametrize(
    ("content", "kept"),
    [(r"1 \& 2", False), ("Revised", False), ("Second", False), ("2", True), ("2nd ed.", True)],
)
def test_only_another_form_of_an_edition_is_kept(content: str, kept: bool) -> None:
    text = f"@book{{k, title={{T}}, edition={{{content}}}, year=2001}}"
    (record,) = read_bytes(text.encode(), "bibtex").records
    assert (record.leftover("bibtex-form", "edition") == content) is kept
    assert f"{{{content}}}" in write_bytes([record], "bibtex").text


@pytest.mark.parametrize("written", [r"{\ensuremath{\mathrm{E}}}", r"{\ensuremath{\alpha}}"])
def test_commands_that_spell_a_greek_letter_are_read(written: str) -> None:
    result = read_bytes(f"@book{{k, title={{{written}}}, year=2001}}".encode(), "bibtex")
    assert (result.records[0].leftovers, result.problems) == ((), ())


@pytest.mark.parametrize("names", ["journal booktitle", "booktitle journal", "booktitle journal volume"])
@pytest.mark.parametrize(
    ("entry", "dialect", "printed"),
    [
        ("article", "bibtex", "journal"),
        ("article", "biblatex", "journal"),
        ("inproceedings", "bibtex", "booktitle"),
        ("incollection", "biblatex", "booktitle"),
        ("inbook", "biblatex", "booktitle"),
    ],
)
def test_the_container_is_what_the_type_prints(entry: str, dialect: str, printed: str, names: str) -> None:
    """btxdoc.tex, 3.1: a journal is a field of @article only, and a booktitle one of @in...; others are ignored."""
    text = f"@{entry}{{k, title={{T}}, {', '.join(f'{name}={{{name}}}' for name in names.split())}}}"
    (record,) = records = read_bytes(text.encode(), dialect).records
    assert record.text("container-title") == printed
    written = read_bytes(write_bytes(records, dialect).data, dialect).records
    assert written[0].text("container-title") == printed
    for name in ("journal", "booktitle"):
        assert f"{{{name}}}" in write_bytes(records, dialect).text


def test_of_two_names_of_a_journal_the_dialect_reads_its_own() -> None:
    text = b"@article{k, title={T}, booktitle={B}, journal={J}, journaltitle={JT}}"
    assert read_bytes(text, "bibtex").records[0].text("container-title") == "J"
    assert read_bytes(text, "biblatex").records[0].text("container-title") == "JT"
