"""A record brought up to date: what is taken, what only told, and how a BibTeX file and a lock get it."""

from __future__ import annotations

from dataclasses import replace
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
    Refreshed,
    apply_to_document,
    apply_to_lock,
    records_of_lock,
    refresh_record,
)
from bibtool.project.review import read_review, review_file, reviewed
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
    ("changes", "said", "suggested"),
    [
        ({"doi": "10.1000/x"}, "DOI 10.1000/x", None),
        ({"doi": "10.1000/x", "journal_ref": "Some Things"}, "Some Things, DOI 10.1000/x", None),
        ({"journal_ref": "J. Things 1 (2022) 3-4"}, "J. Things 1 (2022) 3-4", "J. Things, 1, 3-4, 2022"),
        (
            {"doi": "10.1000/x", "journal_ref": "Proc. of Things 2023"},
            "Proc. of Things 2023, DOI 10.1000/x",
            "Proc. of Things, 2023",
        ),
    ],
)
def test_half_an_upgrade_is_only_a_suggestion(changes: dict[str, str], said: str, suggested: str | None) -> None:
    text, result = refreshed(ENTRY, fact(**changes))
    assert result.notes == ()
    assert result.published is not None
    assert str(result.published) == said
    assert (result.published.publication and str(result.published.publication)) == suggested
    assert set(fields(text)) == set(fields(ENTRY))
    assert fields(text)["year"] == "2021"


def test_a_suggestion_is_taken_as_a_whole_once_it_is_accepted() -> None:
    record = next(iter(read_document(Document.from_text(ENTRY), ReadOptions(path="x.bib")).records))
    paper = fact(journal_ref="Proceedings of the 3rd Conference on Things (COT 2023), PMLR 7:12-34")
    result = refresh_record(record, paper, in_library=False, accept=True)
    assert result.published is None
    assert result.change is not None
    assert "upgraded" in result.change.classes
    document, failed = apply_to_document(Document.from_text(ENTRY), [result])
    assert failed == []
    found = fields(document.text)
    assert found["ENTRYTYPE"] == "inproceedings"
    assert [found[name] for name in ("booktitle", "series", "volume", "pages", "publisher", "year", "eprint")] == [
        "Proceedings of the 3rd Conference on Things",
        "Proceedings of Machine Learning Research",
        "7",
        "12--34",
        "PMLR",
        "2023",
        "2101.00001",
    ]
    assert {result.after.provenance[name].source for name in ("container-title", "issued")} == {"user"}
    again = refresh_record(result.after, paper, in_library=False, accept=True)
    assert (again.change, again.published) == (None, None)
    # what the user wants to cite as a preprint is not upgraded, accepted or not
    kept = refresh_record(record, paper, in_library=False, upgrade=False, accept=True)
    assert kept.published is not None
    assert not kept.published.wanted


def test_a_review_file_is_edited_and_applied() -> None:
    preprint = Record(
        "ada2021",
        "article",
        title="The Big Thing",
        author="Ada Lovelace",
        issued=2021,
        arxiv=Arxiv(id=ArxivId("2101.00001")),
    )
    papers = ("Proc. of Things 2023", "Some Things")
    records = [replace(preprint, key=key) for key in ("ada2021", "ada2021b")]
    found = [
        refresh_record(record, fact(title="The Big Thing", author="Ada Lovelace", journal_ref=paper), in_library=True)
        for record, paper in zip(records, papers, strict=True)
    ]
    text = review_file(
        [(result.before, result.published) for result in found if result.published], command="bibtool refresh --apply F"
    )
    assert "%     bibtool refresh --apply F\n" in text
    assert "% arXiv says: Some Things\n@article{ada2021b,\n  journal = {},\n" in text
    entries, empty = read_review(text.encode(), "F")
    assert (list(entries), empty) == (["ada2021"], ["ada2021b"])
    edited = text.replace("journal = {},\n", "journal = {Annals of Things},\n").replace("2023}", "2024}")
    entries, empty = read_review(edited.encode(), "F")
    assert empty == []
    results = reviewed(records, entries, when="2026-02-03T00:00:00Z")
    assert [(r.after.type, r.after.journal, r.after.year) for r in results] == [
        ("paper-conference", "Proc. of Things", 2024),
        ("article-journal", "Annals of Things", None),
    ]
    assert all(r.after.title == "The Big Thing" and r.after.arxiv == r.before.arxiv for r in results)
    assert results[0].after.provenance["container-title"].source == "user"


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
    assert result.notes == ("title is 'Mine alone', arXiv has 'The Big Thing of Ölands'; not changed",)
    assert result.after.arxiv is not None
    assert result.after.arxiv.latest == 2
    assert result.change is not None
    assert result.change.classes[0] == "version"
    assert result.after.provenance["arxiv.latest"].when == "2026-02-03"


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
