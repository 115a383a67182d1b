"""The identifiers by which records are known: in which values they may stand."""

from __future__ import annotations

import pytest

from bibtool.enrich.sources.lookup import identifier_of
from bibtool.formats.registry import read_bytes
from bibtool.model.record import Record, Verbatim
from bibtool.model.works.identity import doi_of, identifiers
from bibtool.model.works.verdict import compare


@pytest.mark.parametrize(
    "url",
    [
        "https://doi.org/10.5555/Ab.1",
        "http://dx.doi.org/10.5555/Ab.1",
        "https://www.doi.org/10.5555/Ab.1.",
        "https://doi.org/10.5555%2FAb.1",
    ],
)
def test_the_address_of_a_resolver_is_a_doi(url: str) -> None:
    record = Record("a", URL=Verbatim(url))
    assert doi_of(record) == "10.5555/Ab.1"
    assert list(identifiers(record)) == [("doi", "10.5555/ab.1")]
    assert identifier_of(record) == ("DOI", "10.5555/Ab.1")


@pytest.mark.parametrize(
    ("values", "doi"),
    [
        ({}, ""),
        ({"URL": "https://journal.example/10.5555/ab"}, ""),
        ({"URL": "https://a.example/?to=https://doi.org/10.5555/ab"}, ""),
        ({"URL": "https://doi.org/the-handbook"}, ""),
        ({"DOI": "10.5555/own", "URL": "https://doi.org/10.5555/other"}, "10.5555/own"),
        ({"DOI": "none", "URL": "https://doi.org/10.5555/ab"}, ""),
    ],
)
def test_other_addresses_are_none(values: dict[str, str], doi: str) -> None:
    record = Record("a", variables={name: Verbatim(value) for name, value in values.items()})
    assert doi_of(record) == doi


def test_arxivs_own_resolver_gives_the_arxiv_id() -> None:
    record = Record("a", URL=Verbatim("https://doi.org/10.48550/arXiv.2203.01360"))
    assert list(identifiers(record)) == [("arxiv", "2203.01360")]


def test_a_parents_address_is_not_the_childs() -> None:
    text = (
        b"@inbook{c, author = {Ash, Bea}, title = {Hinges}, crossref = {p}}\n"
        b"@book{p, title = {Doors}, publisher = {P}, year = 2001, url = {https://doi.org/10.5555/ab}}\n"
    )
    child, parent = read_bytes(text, "biblatex")
    assert ("doi", "10.5555/ab") not in list(identifiers(child))
    assert ("doi", "10.5555/ab") in list(identifiers(parent))


def test_two_spellings_of_one_work_are_the_same_by_it() -> None:
    text = (
        b"@article{a, author = {Ash, Bea}, title = {Doors of Delft}, journal = {J. Doors}, year = 2001, "
        b'url = {doi:<a href="https://doi.org/10.5555/ab">10.5555/ab</a>}}\n'
        b"@article{b, author = {Ash, B.}, title = {The Doors of Delft}, year = 2001, doi = {10.5555/AB}}\n"
    )
    judgement = compare(*read_bytes(text, "bibtex"))
    assert judgement.is_one_record
    assert any("10.5555/ab" in reason.casefold() or "DOI" in reason for reason in judgement.reasons_for)
