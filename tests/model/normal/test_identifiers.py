"""Identifiers have one form, whatever writing a file has, and in every format alike."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.formats.registry import read_bytes, write_bytes
from bibtool.model.normal.values import normalised
from bibtool.model.record import Record
from bibtool.model.vocabulary import VARIABLES

DOIS = [
    "https://doi.org/10.1000/xyz",
    "http://dx.doi.org/10.1000/xyz",
    "https://www.doi.org/10.1000/xyz",
    "doi:10.1000/xyz",
    "DOI: 10.1000/xyz",
    "doi 10.1000/xyz",
    "info:doi/10.1000/xyz",
    "doi: https://doi.org/10.1000/xyz",
    "10.1000/xyz.",
    "10.1000/xyz,",
    "https://doi.org/10.1000%2Fxyz",
    "10.1000%2fxyz",
    "<p>10.1000/xyz</p>",
    "10.1000/xyz</span>",
    "10.1000/xyz</doi>",
    "<dc:identifier>10.1000/xyz</dc:identifier>",
    '<a href="https://doi.org/10.1000/xyz">10.1000/xyz</a>',
    "10.1000/xyz [doi]",
    " https://doi.org/10.1000/xyz ",
    '<a href="https://doi.org/10.1000/xyz"></a>',
    "doi.org/10.1000/xyz",
    "<https://doi.org/10.1000/xyz>",
]


@pytest.mark.parametrize("text", DOIS)
def test_a_doi_is_the_bare_name(text: str) -> None:
    assert normalised("DOI", text).text == "10.1000/xyz"
    assert normalised("DOI", text).fault == ""


@pytest.mark.parametrize(
    ("variable", "text", "value", "rest"),
    [
        ("DOI", "10.1000/a; 10.1000/b", "10.1000/a", ("10.1000/b",)),
        ("DOI", "https://doi.org/10.1000/a, https://doi.org/10.1000/A", "10.1000/a", ()),
        (
            "DOI",
            "10.1002/(SICI)1097-0258(19980815)17:15&lt;1661::AID-SIM968&gt;3.0.CO;2-2",
            "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2",
            (),
        ),
        ("ISBN", "0801486394 (pbk. : acid-free)", "0801486394", ()),
        ("ISSN", "2049-3631; 2049-3630", "2049-3630", ("2049-3631",)),
        ("ISBN", "0801486390, 978-0-306-40615-7", "978-0-306-40615-7", ("0801486390",)),
        ("PMCID", "PMC: PMC123456", "PMC123456", ()),
        ("URL", "http://a.org/x; https://b.org/y", "http://a.org/x", ("https://b.org/y",)),
        ("URL", "http://a.org/x https://b.org/y", "http://a.org/x", ("https://b.org/y",)),
        ("URL", "http://a.org/x, and http://b.org/y", "http://a.org/x", ("http://b.org/y",)),
        ("URL", "http://a.org/x http://a.org/x", "http://a.org/x", ()),
        ("URL", "http://a.org/x,http://b.org/y", "http://a.org/x,http://b.org/y", ()),
        ("URL", "https://web.archive.org/web/2010/http://x.org", "https://web.archive.org/web/2010/http://x.org", ()),
        ("URL", "http://a.org (mirror: http://b.org)", "http://a.org (mirror: http://b.org)", ()),
        ("PMCID", "PMCID: PMC: 123456", "PMC123456", ()),
        ("ISBN", "ISBN-978-0-306-40615-7", "978-0-306-40615-7", ()),
        ("ISBN", "ISBN-13: 978-0-306-40615-7 (hbk.)", "978-0-306-40615-7", ()),
        ("ISBN", "ISBN: 0 306 40615 2", "0 306 40615 2", ()),
        ("ISBN", "978-0-306-40615-7, 0-8044-2957-X", "978-0-306-40615-7", ("0-8044-2957-X",)),
        ("ISBN", "0-306-40615-3 0-306-40615-2", "0-306-40615-2", ("0-306-40615-3",)),
        ("ISSN", "ISSN-1042-1629", "1042-1629", ()),
        ("ISSN", "0028-0836 (Print) 1476-4687 (Electronic)", "0028-0836", ("1476-4687",)),
        ("ISSN", "Print ISSN: 0378-5955", "0378-5955", ()),
        ("ISSN", "e-ISSN 03785955", "0378-5955", ()),
        ("PMID", "pmid: 123", "123", ()),
        ("PMID", "https://pubmed.ncbi.nlm.nih.gov/123/", "123", ()),
        ("PMCID", "PMCID: PMC123", "PMC123", ()),
        ("PMCID", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC123/", "PMC123", ()),
        ("URL", "<https://example.org/a>", "https://example.org/a", ()),
        ("URL", 'doi:<a href="https://doi.org/10.1000/xyz">10.1000/xyz</a>', "https://doi.org/10.1000/xyz", ()),
        ("URL", "Available at: <A HREF='http://example.org/'>here</A>.", "http://example.org/", ()),
        ("URL", 'see <a href="http://a.org/">a</a>', 'see <a href="http://a.org/">a</a>', ()),
        ("URL", '<a href="https://example.org/?a=1&amp;b=2">here</a>', "https://example.org/?a=1&b=2", ()),
    ],
)
def test_identifiers_have_one_form(variable: str, text: str, value: str, rest: tuple[str, ...]) -> None:
    normal = normalised(variable, text)
    assert (normal.text, normal.rest) == (value, rest)
    assert normalised(variable, value).text == value


@pytest.mark.parametrize(
    ("variable", "text"), [("DOI", "not a DOI"), ("ISBN", "978-0-306-40615-8"), ("ISSN", "0378-5956"), ("PMID", "x1")]
)
def test_what_is_not_valid_stays_and_is_reported(variable: str, text: str) -> None:
    normal = normalised(variable, text)
    assert normal.text == text
    assert normal.fault
    assert normal.code == f"malformed-{variable.casefold()}"


PIECES = st.sampled_from(
    [
        *DOIS,
        "10.1000/a",
        "978-0-306-40615-7",
        "0306406152",
        "0378-5955",
        "ISBN",
        "(pbk.)",
        "pp.",
        "12",
        "-",
        "--",
        " ",
        ", ",
        ";",
        "doi:",
        "<p>",
        "</p>",
        "&lt;",
        "PMC",
        "2nd",
        "ed.",
        "Second",
        "xii",
        "e12",
        "\u2013",
        "\u2212",
        "fr_FR",
    ]
)


@given(
    st.sampled_from(sorted(name for name, kind in VARIABLES.items() if kind in {"verbatim", "number"})),
    st.lists(PIECES | st.text(max_size=4), max_size=6).map("".join),
)
def test_normalising_twice_gives_what_normalising_once_gives(variable: str, text: str) -> None:
    once = normalised(variable, text).text
    assert normalised(variable, once).text == once


WRITTEN = Record("k", "book", title="T", DOI="10.1000/xyz", ISBN="978-0-306-40615-7", issued=2020)
FORMATS = ["bibtex", "biblatex", "csl-json", "csl-yaml", "ris", "csv", "mods", "endnote-xml", "hayagriva", "cff"]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("written", ["https://doi.org/10.1000/xyz", "http://dx.doi.org/10.1000/xyz", "doi:10.1000/xyz"])
def test_every_reader_gives_the_bare_doi(name: str, written: str) -> None:
    data = write_bytes(WRITTEN, name).text
    assert "10.1000/xyz" in data
    records = read_bytes(data.replace("10.1000/xyz", written).encode(), name).records
    assert records[0].doi == "10.1000/xyz"


@pytest.mark.parametrize("name", ["bibtex", "ris", "csl-json", "csv", "mods", "endnote-xml"])
@pytest.mark.parametrize(
    "written", ["ISBN 978-0-306-40615-7", "978-0-306-40615-7 (pbk.)", "ISBN-978-0-306-40615-7 (pbk. : acid-free)"]
)
def test_every_reader_gives_the_bare_isbn(name: str, written: str) -> None:
    data = write_bytes(WRITTEN, name).text.replace("978-0-306-40615-7", written)
    assert read_bytes(data.encode(), name).records[0].text("ISBN") == "978-0-306-40615-7"


@pytest.mark.parametrize("second", ["0-8044-2957-X", "0-8044-2957-1"], ids=["right", "wrong-check-digit"])
@pytest.mark.parametrize("name", ["bibtex", "csl-json", "csv", "mods"])
def test_several_numbers_in_a_field_are_reported_and_kept(name: str, second: str) -> None:
    two = f"978-0-306-40615-7, {second}"
    data = write_bytes(WRITTEN, name).text.replace("978-0-306-40615-7", f'"{two}"' if name == "csv" else two)
    result = read_bytes(data.encode(), name)
    (record,) = result.records
    assert record.text("ISBN") == "978-0-306-40615-7"
    assert any(second in left.value for left in record.leftovers)
    assert [problem.code for problem in result.problems] == ["several-isbn"]


def test_two_isbns_go_back_to_bibtex_as_they_were() -> None:
    text = "@book{a,\n  title = {T},\n  isbn = {978-0-306-40615-7, 0-8044-2957-X},\n  year = 2020\n}\n"
    records = read_bytes(text.encode(), "bibtex").records
    assert "978-0-306-40615-7, 0-8044-2957-X" in write_bytes(records, "bibtex").text


def test_records_made_by_hand_have_the_same_form() -> None:
    record = Record("k", "book", DOI="doi:10.1000/xyz", ISBN="ISBN 978-0-306-40615-7 (pbk.)", PMCID="123")
    assert record.doi == "10.1000/xyz"
    assert record.text("ISBN") == "978-0-306-40615-7"
    assert record.text("PMCID") == "PMC123"
    item = {"id": "k", "type": "book", "title": "T", "DOI": "https://doi.org/10.1000/xyz"}
    assert Record.from_csl(item).doi == "10.1000/xyz"
    assert read_bytes(json.dumps([item]).encode()).records[0].doi == "10.1000/xyz"
