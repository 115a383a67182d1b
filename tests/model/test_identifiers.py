"""Identifiers: arXiv's own rules, DOI, ISBN, ISSN and PubMed."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.errors import IdentifierError
from bibtool.model.identifiers import (
    ArxivId,
    arxiv_id_of_doi,
    isbn13,
    parse_arxiv_id,
    parse_doi,
    parse_isbn,
    parse_issn,
    parse_pmcid,
    parse_pmid,
    same_doi,
)


@pytest.mark.parametrize(
    ("text", "number", "version"),
    [
        ("2203.01360", "2203.01360", None),
        ("2203.01360v4", "2203.01360", 4),
        ("arXiv:2203.01360 [math.NA]", "2203.01360", None),
        ("arXiv preprint arXiv:2203.01360", "2203.01360", None),
        ("https://arxiv.org/abs/2203.01360v2", "2203.01360", 2),
        ("http://arxiv.org/pdf/2203.01360.pdf", "2203.01360", None),
        ("https://arxiv.org/pdf/2203.01360v1.pdf?download=1", "2203.01360", 1),
        ("https://export.arxiv.org/abs/math/0309136", "math/0309136", None),
        ("https://doi.org/10.48550/arXiv.2203.01360", "2203.01360", None),
        ("10.48550/ARXIV.math/0309136", "math/0309136", None),
        ("math.GT/0309136", "math/0309136", None),
        ("hep-th/9901001v3", "hep-th/9901001", 3),
        ("astro-ph%2F0601001", "astro-ph/0601001", None),
        ("0704.0001", "0704.0001", None),
        (" 1412.9999 ", "1412.9999", None),
    ],
)
def test_arxiv_ids_in_all_writings(text: str, number: str, version: int | None) -> None:
    assert parse_arxiv_id(text) == ArxivId(number, version)


@pytest.mark.parametrize(
    "text",
    [
        "", "2203", "2213.01360", "0703.0001", "0704.00011", "1501.0001", "2203.0136", "2203.01360v0", "math/0704001",
        "nosuch/9901001", "hep-th/9913001", "10.1000/xyz", "2203.01360 and more", "x" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_arxiv_id(text: str) -> None:
    with pytest.raises(IdentifierError):
        parse_arxiv_id(text)


@given(st.integers(15, 49), st.integers(1, 12), st.integers(0, 99999), st.none() | st.integers(1, 99))
def test_arxiv_id_is_read_back(year: int, month: int, serial: int, version: int | None) -> None:
    one = ArxivId(f"{year:02d}{month:02d}.{serial:05d}", version)
    assert parse_arxiv_id(str(one)) == parse_arxiv_id(one.url) == one
    assert arxiv_id_of_doi(one.doi) == ArxivId(one.number)
    assert one.year_month == (2000 + year, month)


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1016/j.jcp.2023.112588", "10.1016/j.jcp.2023.112588"),
        ("https://doi.org/10.1016/j.jcp.2023.112588.", "10.1016/j.jcp.2023.112588"),
        ("doi: 10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2",
         "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2"),
        ("http://dx.doi.org/10.1000/a%2Fb", "10.1000/a/b"),
        (r"10.1007/978-3-031-04083-2\_6", "10.1007/978-3-031-04083-2_6"),
        ("(10.1000/xyz)"[1:], "10.1000/xyz"),
        ("10.1000/xyz,https://www.example.org/x", "10.1000/xyz"),
        ("doi:10.1000/a,b;http://example.org", "10.1000/a,b"),
    ],
)  # fmt: skip
def test_dois(text: str, doi: str) -> None:
    assert parse_doi(text) == doi
    assert parse_doi(doi) == doi


@pytest.mark.parametrize("text", ["", "11.1000/x", "10.1000", "10.1/x", "10.1000/with blank"])
def test_what_is_no_doi(text: str) -> None:
    with pytest.raises(IdentifierError):
        parse_doi(text)


def test_dois_are_compared_without_case() -> None:
    assert same_doi("10.1000/ABC", "10.1000/abc")
    assert not same_doi("10.1000/ABC", "10.1000/abd")


def test_isbn_check_digits() -> None:
    assert parse_isbn("ISBN 0-306-40615-2") == "0306406152"
    assert parse_isbn("978-0-306-40615-7") == isbn13("0306406152") == "9780306406157"
    assert parse_isbn("0-8044-2957-X") == "080442957X"
    for wrong in ("0306406153", "9780306406158", "12345", "978030640615X"):
        with pytest.raises(IdentifierError):
            parse_isbn(wrong)


def test_other_identifiers() -> None:
    assert parse_issn("0378-5955") == parse_issn("issn: 03785955") == "0378-5955"
    assert parse_pmid("PMID: 12345678") == parse_pmid("https://pubmed.ncbi.nlm.nih.gov/12345678/") == "12345678"
    assert (
        parse_pmcid("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC3531190/") == parse_pmcid("3531190") == "PMC3531190"
    )
    for parse, wrong in ((parse_issn, "0378-5956"), (parse_pmid, "0"), (parse_pmcid, "PMCx")):
        with pytest.raises(IdentifierError):
            parse(wrong)


@pytest.mark.slow
@given(st.text(max_size=60))
def test_any_text_is_an_identifier_or_an_error(text: str) -> None:
    for parse in (parse_arxiv_id, parse_doi, parse_isbn, parse_issn, parse_pmid, parse_pmcid):
        with contextlib.suppress(IdentifierError):
            assert str(parse(text))


@pytest.mark.parametrize("text", ["2203.01360" + "#" * 60 + "\n0", "2203.01360" + "/" * 100_000 + "x"])
def test_what_stands_behind_an_arxiv_id_is_read_once(text: str) -> None:
    """Each sign could be cut off in ever so many ways, so that this never ended."""
    with pytest.raises(IdentifierError):
        parse_arxiv_id(text)
