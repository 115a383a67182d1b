"""Pages, editions, languages: one form, in every format, and back as BibTeX writes them."""

from __future__ import annotations

import pytest

from bibtool.formats.registry import read_bytes, write_bytes
from bibtool.model.normal.editions import edition_in_bibtex
from bibtool.model.normal.pages import page_ends, pages_in_bibtex
from bibtool.model.normal.values import normalised
from bibtool.model.record import Record
from bibtool.styles.numbers import parse_number


@pytest.mark.parametrize(
    ("text", "pages", "bibtex"),
    [
        ("pp. 12-20", "12-20", "12--20"),
        ("p. 5", "5", "5"),
        ("S. 12–14", "12-14", "12--14"),
        ("12 - 20", "12-20", "12--20"),
        ("12\N{MINUS SIGN}20", "12-20", "12--20"),
        ("97---111", "97-111", "97--111"),
        ("A-12--A-20", "A-12–A-20", "A-12--A-20"),
        ("A-12-A-20", "A-12–A-20", "A-12--A-20"),
        ("2-1-2-10", "2-1–2-10", "2-1--2-10"),
        ("2-1--2-10", "2-1–2-10", "2-1--2-10"),
        ("123--", "123–", "123--"),
        ("12-20, 25", "12-20, 25", "12--20, 25"),
        ("xii–xx", "xii-xx", "xii--xx"),
        ("e12", "e12", "e12"),
        ("S-12", "S-12", "S-12"),
        ("123+", "123+", "123+"),
        ("12:1--12:25", "12:1-12:25", "12:1--12:25"),
    ],
)
def test_pages(text: str, pages: str, bibtex: str) -> None:
    assert normalised("page", text).text == pages
    assert pages_in_bibtex(pages) == bibtex
    assert normalised("page", bibtex).text == pages


def test_the_ends_of_pages_with_a_hyphen_of_their_own() -> None:
    assert page_ends("A-12–A-20") == ("A-12", "A-20")
    assert page_ends("12-20") == ("12", "20")
    assert page_ends("S-12") == ("S-12", "")
    number = parse_number("A-12–A-20")
    assert number.parts == ("A-12", "–", "A-20")
    assert number.is_plural


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("vii, 322 p. ; 23 cm", "322"),
        ("322 p.", "322"),
        ("xii, 322 pages", "322"),
        ("322 S.", "322"),
        ("xvi+340", "xvi+340"),
        ("ix, 234 p. : ill. ; 24 cm.", "234"),
        ("120, 45 p.", "120, 45"),
        ("1 v.", "1 v."),
    ],
)
def test_number_of_pages(text: str, number: str) -> None:
    assert normalised("number-of-pages", text).text == number


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        ("Second", "2"),
        ("2nd ed.", "2"),
        ("2. Aufl.", "2"),
        ("Second Edition", "2"),
        ("2e éd.", "2"),
        ("2ª ed.", "2"),
        ("zweite Auflage", "2"),
        ("Deuxième édition", "2"),
        ("21st", "21"),
        ("2/e", "2"),
        ("Rev. ed.", "Rev. ed."),
        ("2nd rev. ed.", "2nd rev. ed."),
        ("2., überarb. Aufl.", "2., überarb. Aufl."),
    ],
)
def test_editions(text: str, edition: str) -> None:
    assert normalised("edition", text).text == edition


def test_editions_are_written_as_each_dialect_needs_them() -> None:
    assert [edition_in_bibtex(text) for text in ("1", "2", "12", "21", "112", "Rev. ed.")] == [
        "First",
        "Second",
        "Twelfth",
        "21st",
        "112th",
        "Rev. ed.",
    ]
    assert [edition_in_bibtex(text) for text in ("0", "007", "00")] == ["0", "007", "00"]
    record = Record("k", "book", title="T", edition="007")
    assert read_bytes(write_bytes(record, "bibtex").data, "bibtex").records[0].text("edition") == "007"
    record = Record("k", "book", title="T", edition=2)
    assert "= {Second}" in write_bytes(record, "bibtex").text
    assert "= {2}" in write_bytes(record, "biblatex").text
    for text in ("Second", "2nd", "2", "2. Aufl."):
        records = read_bytes(f"@book{{k, title={{T}}, edition={{{text}}}, year=2000}}".encode(), "bibtex").records
        assert records[0].text("edition") == "2"
        assert f"= {{{text}}}" in write_bytes(records, "bibtex").text
        assert "edition       = {2}" in write_bytes(records, "biblatex").text


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("fr_FR", "fr-FR"),
        ("eng", "en"),
        ("ger", "de"),
        ("deu", "de"),
        ("English", "en"),
        ("ngerman", "de"),
        ("EN", "en"),
        ("USenglish", "en-US"),
        ("portuges", "pt"),
        ("norsk", "nb"),
        ("langlatin and langgerman", "la, de"),
        ("german; english", "de, en"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("farsi", "fa"),
        ("Klingon", "Klingon"),
    ],
)
def test_languages(text: str, tag: str) -> None:
    assert normalised("language", text).text == tag


@pytest.mark.parametrize("field", ["langid", "language", "hyphenation"])
@pytest.mark.parametrize("name", ["ngerman", "naustrian", "langgerman", "de"])
def test_the_language_of_a_biblatex_entry(field: str, name: str) -> None:
    text = f"@book{{k, title={{T}}, date={{2000}}, {field}={{{name}}}}}"
    records = read_bytes(text.encode(), "biblatex").records
    assert records[0].text("language")[:2] == "de"
    assert f"{field}" in write_bytes(records, "biblatex").text
    assert f"{{{name}}}" in write_bytes(records, "biblatex").text


@pytest.mark.parametrize("name", ["csl-json", "ris", "csv", "mods", "endnote-xml"])
def test_every_reader_gives_the_same_values(name: str) -> None:
    record = Record("k", "article-journal", title="T", language="xxx1", page="77-99", issued=2000)
    data = write_bytes(record, name).text.replace("xxx1", "German")
    if "77-99" in data:
        data = data.replace("77-99", "pp. 77 – 99")
    (back,) = read_bytes(data.encode(), name).records
    assert (back.text("language"), back.text("page")) == ("de", "77-99")
