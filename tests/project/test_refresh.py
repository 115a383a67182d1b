"""A record brought up to date: what is taken, what only told, and how a BibTeX file and a lock get it."""

from __future__ import annotations

from typing import Any

import pytest

from bibtool.bib import Document
from bibtool.formats.base import ReadOptions
from bibtool.formats.bibtex.reader import read_document
from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Names, parse_name
from bibtool.model.record import Arxiv, Provenance, Record, Verbatim
from bibtool.model.richtext import Text
from bibtool.project.lock import Lock, Pin, read_lock
from bibtool.project.refresh import (
    Publication,
    Refreshed,
    apply_to_document,
    apply_to_lock,
    publication_of,
    records_of_lock,
    refresh_record,
)
from bibtool.project.verify import Fact, NoFact

ENTRY = """@misc{ada2021,
  title         = "The {B}ig Thing of {\\"O}lands",
  author        = {Ada Lovelace and others},
  month         = jan,
  year          = 2021,
  eprint        = {2101.00001},
  archivePrefix = {arXiv},
}
"""
OTHERS = "@comment{kept}\n\n@misc{other, title={Other}, year=1999}\n"


def fact(**changes: Any) -> Fact:
    about: dict[str, Any] = {
        "title": "The Big Thing of Ölands",
        "author": "Ada Lovelace; Charles Babbage",
        "doi": "",
        "journal_ref": "",
        "withdrawn": False,
        "latest": 2,
        **changes,
    }
    values: dict[str, Any] = {
        "title": Text.of(about["title"]),
        "author": Names(tuple(parse_name(name) for name in about["author"].split("; "))),
        "issued": Date.of(2021, 1, 4),
    }
    if about["doi"]:
        values["DOI"] = Verbatim(about["doi"])
    arxiv = Arxiv(
        id=ArxivId("2101.00001"),
        latest=about["latest"],
        primary_category="cs.LG",
        journal_ref=about["journal_ref"],
        withdrawn=about["withdrawn"],
    )
    return Fact(record=Record(type="article", variables=values, arxiv=arxiv), when="2026-02-03")


def refreshed(text: str, one: Fact | NoFact) -> tuple[str, Refreshed]:
    document = Document.from_text(text + "\n" + OTHERS)
    records = read_document(document, ReadOptions(path="x.bib")).records
    results = [refresh_record(record, one, in_library=False) for record in records[:1]]
    results += [Refreshed(before=record, after=record) for record in records[1:]]
    changed, failed = apply_to_document(document, results)
    assert failed == []
    assert changed.text.endswith("\n" + OTHERS)
    return changed.text.removesuffix("\n" + OTHERS), results[0]


def fields(text: str) -> dict[str, str]:
    (entry,) = Document.from_text(text).entries
    return {"ENTRYTYPE": entry.type, **dict(entry.items())}


def test_the_list_of_authors_is_completed_and_nothing_else_is_touched() -> None:
    text, result = refreshed(ENTRY, fact())
    assert text == ENTRY.replace("and others", "and Charles Babbage").replace(
        "Ada Lovelace and Charles Babbage", fields(text)["author"]
    )
    assert fields(text)["author"].count(" and ") == 1
    assert result.change is not None
    assert result.change.classes == ("completed",)
    again, result = refreshed(text, fact())
    assert (again, result.change) == (text, None)


def test_an_upgrade_takes_all() -> None:
    text, result = refreshed(ENTRY, fact(doi="10.1000/x", journal_ref="J. Big Things 12(3) (2023) 45-67"))
    found = fields(text)
    assert found["ENTRYTYPE"] == "article"
    assert {name: found[name] for name in ("journal", "volume", "number", "pages", "year", "doi", "eprint")} == {
        "journal": "J. Big Things",
        "volume": "12",
        "number": "3",
        "pages": "45--67",
        "year": "2023",
        "doi": "10.1000/x",
        "eprint": "2101.00001",
    }
    assert "month" not in found
    assert '@article{ada2021,\n  title         = "The {B}ig' in text
    assert result.change is not None
    assert result.change.classes == ("upgraded", "completed")
    assert refreshed(text, fact(doi="10.1000/x", journal_ref="J. Big Things 12(3) (2023) 45-67"))[0] == text


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"doi": "10.1000/x"}, "published as DOI 10.1000/x, details unknown"),
        (
            {"doi": "10.1000/x", "journal_ref": "Proc. of Things 2023"},
            "published as DOI 10.1000/x, details unknown (Proc. of Things 2023)",
        ),
        ({"journal_ref": "J. Things 1 (2022) 3-4"}, "published as 'J. Things 1 (2022) 3-4', details unknown"),
    ],
)
def test_half_an_upgrade_is_none(changes: dict[str, str], note: str) -> None:
    text, result = refreshed(ENTRY, fact(**changes))
    assert result.notes == (note,)
    assert set(fields(text)) == set(fields(ENTRY))
    assert fields(text)["year"] == "2021"


def test_a_published_entry_keeps_its_values() -> None:
    published = ENTRY.replace("misc", "article").replace("  month", "  journal       = {J},\n  month")
    text, result = refreshed(published.replace(" and others", ""), fact(title="Other title"))
    assert text == published.replace(" and others", "")
    assert result.change is None


def test_new_title_and_new_people() -> None:
    text, result = refreshed(ENTRY.replace(" and others", ""), fact(title="The Bigger Thing"))
    assert result.notes[0].startswith("arXiv:2101.00001 is another paper")
    assert text == ENTRY.replace(" and others", "")
    text, result = refreshed(ENTRY, fact(title="The Bigger {Thing"))
    assert result.change is not None
    assert result.change.classes == ("completed", "title")
    assert Document.from_text(text).problems == ()


def test_withdrawn_is_noted_once() -> None:
    text, result = refreshed(ENTRY, fact(withdrawn=True))
    assert fields(text)["note"] == "Withdrawn from arXiv"
    assert result.change is not None
    assert "withdrawn" in result.change.classes
    assert refreshed(text, fact(withdrawn=True))[1].change is None


def test_versions_and_missing_papers_are_told() -> None:
    text, result = refreshed(ENTRY.replace("00001}", "00001v1}"), fact(author="Ada Lovelace; Bo"))
    assert result.notes == ("version 1 is cited, the latest is 2",)
    assert fields(text)["eprint"] == "2101.00001v1"
    assert refreshed(ENTRY, NoFact("arXiv has no paper 1", "1"))[1].notes == ("arXiv has no paper 1: is the id right?",)
    assert refreshed(ENTRY, NoFact("down"))[1].trouble == "down"


def test_what_the_user_typed_in_stays() -> None:
    mine = Record(
        key="k",
        type="article",
        variables={"title": Text.of("Mine alone"), "author": fact().record.variables["author"]},
        arxiv=Arxiv(id=ArxivId("2101.00001"), latest=1),
        provenance={"title": Provenance(source="user")},
    )
    result = refresh_record(mine, fact(), in_library=True)
    assert result.after.title == "Mine alone"
    assert result.notes == ("title is 'Mine alone', on arXiv it is 'The Big Thing of Ölands'; it stays",)
    assert result.after.arxiv is not None
    assert result.after.arxiv.latest == 2
    assert result.change is not None
    assert result.change.classes[0] == "version"
    assert result.after.provenance["arxiv.latest"].when == "2026-02-03"


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        (
            "J. Comput. Phys. 496 (2024) 112588",
            Publication(venue="J. Comput. Phys.", volume="496", pages="112588", year=2024),
        ),
        (
            "Communications on Things 78(12) (2025) 2354-2435",
            Publication(venue="Communications on Things", volume="78", issue="12", pages="2354-2435", year=2025),
        ),
        ("Phys. Rev. D 71, 063004 (2005)", Publication(venue="Phys. Rev. D", volume="71", pages="063004", year=2005)),
        ("Annals of X, vol. 3, pp. 4--9 (1999).", Publication(venue="Annals of X", volume="3", pages="4-9", year=1999)),
        ("JMLR 22(1):1-40, 2021", Publication(venue="JMLR", volume="22", issue="1", pages="1-40", year=2021)),
        ("Advances in Neural Things 35 (2022) 1-9", None),
        ("Proceedings of X, PMLR 202:4330-4391", None),
        ("Journal of High Things 2021, 12 (2021)", None),
        ("J. Things 1 (2022) 3-4; erratum ibid. 5", None),
        ("Machine Learning (2025)", None),
        ("x" * 5000, None),
        ("", None),
    ],
)
def test_journal_references(reference: str, found: Publication | None) -> None:
    assert publication_of(reference) == found


def test_the_lock() -> None:
    pins = [
        Pin(key="ada2021", source="refs.bib", origin="sha256:0", entry=ENTRY.rstrip()),
        Pin(key="other", source="refs.bib", origin="sha256:0", entry="@misc{other,\n  title = {O},\n}"),
    ]
    lock = Lock().with_pins(pins)
    facts: list[Fact | NoFact] = [fact(withdrawn=True), NoFact("none")]
    results = [
        refresh_record(record, one, in_library=False) for record, one in zip(records_of_lock(lock), facts, strict=True)
    ]
    changed, failed = apply_to_lock(lock, results, when="2026-02-03T00:00:00Z")
    assert failed == []
    again = read_lock(changed.to_bytes())
    assert again.pins["other"] == pins[1]
    assert again.pins["ada2021"].refreshed == "2026-02-03T00:00:00Z"
    assert "Withdrawn from arXiv" in again.pins["ada2021"].entry
