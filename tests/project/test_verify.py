"""Entries against facts: what contradicts, and what is spelling only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bibtool.formats.base import ReadOptions
from bibtool.formats.bibtex.reader import read
from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Names, parse_name
from bibtool.model.record import Arxiv, Provenance, Record, Verbatim
from bibtool.model.richtext import Text
from bibtool.project.verify import CONFIRMED, CONTRADICTS, NOT_CHECKED, Fact, NoFact, Place, judge, place_of, recorded

PEOPLE = ("Zoë Ångström", "Ben van der Berg", "Carla Diaz-Ruiz")
GOOD = {
    "title": "On {DNA} and the {$\\\\theta$}-Function",
    "author": 'Zo{\\\\"e} {\\\\AA}ngstr{\\\\"o}m and Ben van der Berg and Carla Diaz-Ruiz',
    "year": "2021",
    "eprint": "2101.00001",
    "archiveprefix": "arXiv",
}


def paper(**arxiv: Any) -> Record:
    names = Names(tuple(parse_name(name) for name in PEOPLE))
    about: dict[str, Any] = {
        "latest": 2,
        "primary_category": "cs.LG",
        "categories": ("cs.LG",),
        "updated": "2021-09-01",
    }
    return Record(
        type="article",
        variables={
            "title": Text.of("On DNA and the θ-function"),
            "author": names,
            "issued": Date.of(2021, 1, 4),
            "DOI": Verbatim("10.1000/right"),
        },
        arxiv=Arxiv(id=ArxivId("2101.00001"), **{**about, **arxiv}),
    )


def entry(type_: str = "misc", /, **changes: str | None) -> Record:
    fields = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    body = "".join(f",\n {name} = {{{value}}}" for name, value in fields.items()).replace("\\\\", "\\")
    (record,) = read(f"@{type_}{{k{body}\n}}".encode(), ReadOptions(path="x.bib")).records
    return record


def fact(**arxiv: Any) -> Fact:
    return Fact(record=paper(**arxiv), when="2026-01-02")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"author": "Z. Angstrom and B. van der Berg and C. Diaz Ruiz"},
        {"author": "Ångström, Zoë and others"},
        {"title": "On dna and the \\\\theta function"},
        {"title": None},
        {"author": None},
        {"year": None},
        {"year": "2022"},
        {"doi": "10.1000/RIGHT"},
        {"doi": "10.48550/arXiv.2101.00001"},
        {"eprint": "2101.00001v2"},
        {"primaryclass": "cs.LG"},
    ],
)
def test_spelling_is_confirmed(changes: dict[str, str | None]) -> None:
    found = judge(entry(**changes), fact())
    assert (found.verdict, found.contradictions) == (CONFIRMED, ())
    assert (found.arxiv, found.when) == ("2101.00001", "2026-01-02")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": "On RNA and the theta function"}, ["title"]),
        ({"author": "Zoë Ångström and Ben van der Berg"}, ["author"]),
        ({"author": "Zoë Ångström and Carla Diaz-Ruiz and Ben van der Berg"}, ["author"]),
        ({"author": "Zoë Ångström and Ben van der Berg and Carla Diaz-Ruiz and Eve Extra"}, ["author"]),
        ({"year": "2012"}, ["year"]),
        ({"year": "2025"}, ["year"]),
        ({"doi": "10.1000/wrong"}, ["DOI"]),
        ({"doi": "10.48550/arXiv.2101.00002"}, ["DOI"]),
        ({"eprint": "2101.00001v7"}, ["arXiv id"]),
        ({"primaryclass": "math.NA"}, ["arXiv category"]),
        ({"title": "Quite another subject", "author": "Eve Extra"}, ["arXiv id", "title", "author"]),
    ],
)
def test_contradictions(changes: dict[str, str | None], fields: list[str]) -> None:
    found = judge(entry(**changes), fact())
    assert found.verdict == CONTRADICTS
    assert [one.field for one in found.contradictions] == fields
    assert all(one.theirs for one in found.contradictions)


def test_a_published_paper_may_be_some_years_later() -> None:
    published = {"journal": "J", "volume": "3"}
    assert judge(entry("article", **published, year="2025"), fact()).verdict == CONFIRMED
    assert judge(entry("article", **published, year="2031"), fact()).verdict == CONTRADICTS
    assert judge(entry("article", **published, year="2031"), fact(journal_ref="J 3 (2031)")).verdict == CONFIRMED


def test_a_title_that_the_journal_reference_names() -> None:
    record = entry(title="The Published Name of It")
    assert judge(record, fact(journal_ref='J 3 (2021), as "The published name of it"')).verdict == CONFIRMED
    assert judge(record, fact(journal_ref="J 3 (2021)")).verdict == CONTRADICTS


def test_withdrawn() -> None:
    found = judge(entry(), fact(withdrawn=True, comment="withdrawn: an error"))
    assert [str(one) for one in found.contradictions] == ["the paper was withdrawn on arXiv (withdrawn: an error)"]
    assert judge(entry(note="Withdrawn by the authors"), fact(withdrawn=True)).verdict == CONFIRMED


def test_no_fact() -> None:
    assert judge(entry(), NoFact("the network is down")).verdict == NOT_CHECKED
    missing = judge(entry(), NoFact("arXiv has no paper 2101.00001", "2101.00001", "2026-01-02"))
    assert missing.verdict == CONTRADICTS
    assert str(missing.contradictions[0]) == "arXiv has no paper 2101.00001"
    bare = judge(entry(title=None, author=None, year=None), fact())
    assert bare.verdict == NOT_CHECKED


def test_facts_of_earlier_runs_are_those_of_arxiv_only() -> None:
    origin = Provenance(source="arxiv", detail="2101.00001v2", when="2025-05-05T10:00:00Z")
    known = paper()
    mixed = replace(
        known, provenance={"title": origin, "author": origin, "DOI": Provenance(source="user"), "arxiv.id": origin}
    )
    facts = recorded([mixed, known, Record(key="x")])
    assert list(facts) == ["2101.00001"]
    assert set(facts["2101.00001"].record.variables) == {"title", "author"}
    assert facts["2101.00001"].when == "2025-05-05"


def test_places() -> None:
    assert place_of(entry(), "x.bib") == Place("x.bib", 1)
    assert str(place_of(entry(), "other.bib")) == "other.bib"
