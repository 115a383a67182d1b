"""Verdicts over closed worlds: false references are flagged, true ones are not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bibtool.formats.dumps.base import DumpRecord
from bibtool.formats.registry import read_bytes, read_path
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Name, Names
from bibtool.model.record import Arxiv, Record
from bibtool.project.verify_index import IndexChecker
from bibtool.store.index import open_index
from tests.support.false_references import as_bibtex, make_world, references

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.project.verify import Verified

PAPER = Record(
    "ash20", "paper-conference", title="Planning for slow robots in gardens", issued=2020, page="10-19",
    author="Ada Ash and Bo Lind and Cid Moss", container_title="Robots in Gardens, ROGA 2020, Bern, May 1-2, 2020",
    DOI="10.1000/roga.1",
)  # fmt: skip
OTHER = Record(
    "elm19", "article-journal", title="Bees and their dances", issued=2019, author="Eva Elm", DOI="10.1000/bee"
)


def checker(path: Path, world: Sequence[Record], *, retracted: str = "") -> IndexChecker:
    index = open_index(path, create=True)
    run, _ = index.begin("world", "file", "1", "2026-01-01T00:00:00Z")
    index.add("world", [DumpRecord(record, str(at), retracted) for at, record in enumerate(world)], run=run)
    index.finish()
    return IndexChecker([index])


def fields(result: Verified) -> list[str]:
    return [each.field for each in result.contradictions]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "Planning towards slow robots in gardens"}, "title"),
        ({"author": "Bo Lind and Ada Ash and Cid Moss"}, "author"),
        ({"author": "Ada Ash and Bo Lind"}, "author"),
        ({"author": "Ada Ash and Bo Lind and Cid Moss and Dee Fern"}, "author"),
        ({"issued": 2027}, "year"),
        ({"page": "11-19"}, "pages"),
        ({"container-title": "Journal of Robots"}, "venue"),
        ({"container-title": "ROGA 2019"}, "venue"),
        ({"DOI": "10.1000/invented"}, "DOI"),
        ({"DOI": "10.1000/bee"}, "DOI"),
    ],
)
def test_the_field_that_is_wrong_is_named(tmp_path: Path, changes: dict[str, str], field: str) -> None:
    result = checker(tmp_path / "x", [PAPER, OTHER]).check(PAPER.with_values(changes))
    assert result.verdict == "contradicts"
    assert fields(result) == [field]
    assert result.contradictions[0].source == "world"


@pytest.mark.parametrize(
    "changes",
    [
        {"author": "A. Ash and others"},
        {"container-title": "ROGA"},
        {"page": "10"},
        {"DOI": None, "page": None},
        {"title": "PLANNING FOR SLOW ROBOTS IN GARDENS."},
    ],
)
def test_spelling_and_gaps_are_no_contradiction(tmp_path: Path, changes: dict[str, str]) -> None:
    assert checker(tmp_path / "x", [PAPER, OTHER]).check(PAPER.with_values(changes)).verdict == "confirmed"


def test_not_found_names_sources_and_the_nearest(tmp_path: Path) -> None:
    checked = checker(tmp_path / "x", [PAPER, OTHER])
    result = checked.check(Record("x", "paper-conference", title="Planning slow trains in cities", author="Joe Fir"))
    assert (result.verdict, result.sources) == ("not found", ("world",))
    assert checked.check(Record("y", "webpage", title="A page of mine")).verdict == "could not check"


@pytest.mark.slow
def test_what_no_source_has_is_reported_and_does_not_count(tmp_path: Path) -> None:
    known = PAPER.with_values({"DOI": None, "page": None})
    result = checker(tmp_path / "x", [known]).check(PAPER)
    assert (result.verdict, set(result.not_compared)) == ("confirmed", {"DOI", "pages"})


def test_a_retraction_is_said(tmp_path: Path) -> None:
    assert checker(tmp_path / "x", [PAPER], retracted="notice").check(PAPER).retracted == "notice"


def measured(path: Path, world: Sequence[Record], number: int) -> tuple[float, float, float, list[str]]:
    """Shares of true references flagged, of false ones flagged and confirmed, and what was judged wrongly."""
    made = list(references(world, number))
    read = {record.key: record for record in read_bytes(as_bibtex(made), "bibtex").records}
    checked = checker(path, world)
    counts: Counter[tuple[bool, str]] = Counter()
    wrong = []
    for reference in made:
        result = checked.check(read[reference.record.key])
        counts[reference.is_true, result.verdict] += 1
        if reference.is_true != (result.verdict == "confirmed"):
            wrong.append(f"{reference.kind}: {reference.record!r}: {fields(result)}")
    true, false = (sum(n for (kind, _), n in counts.items() if kind is is_true) for is_true in (True, False))
    flagged = [counts[is_true, "contradicts"] + counts[is_true, "not found"] for is_true in (True, False)]
    return flagged[0] / true, flagged[1] / false, counts[False, "confirmed"] / false, wrong


@pytest.mark.slow
def test_an_invented_world(tmp_path: Path) -> None:
    true, false, confirmed, wrong = measured(tmp_path / "x", make_world(1500), 160)
    assert true <= 0.02, wrong
    assert false >= 0.96, wrong
    assert confirmed <= 0.01, wrong


@pytest.mark.slow
def test_references_to_dblp(tmp_path: Path, shared: Path) -> None:
    world = list(read_path(shared / "corpus" / "dblp-1k.bib").records)
    true, false, confirmed, wrong = measured(tmp_path / "x", world, 160)
    assert true <= 0.02, wrong
    assert false >= 0.96, wrong
    assert confirmed <= 0.01, wrong


PREPRINT = Record(
    "ash19", "article-journal", title=PAPER.title, issued=2019, author=PAPER.names("author"),
    arxiv=Arxiv(id=ArxivId("1905.00001"), latest=2), container_title="CoRR", volume="abs/1905.00001",
)  # fmt: skip
ARTICLE = PAPER.with_values({"container-title": "Journal of Garden Robots", "volume": "7"})


@pytest.mark.parametrize(
    ("reference", "field"),
    [
        (PREPRINT.with_values({"issued": 2021}), "year"),
        (PREPRINT.with_values({"issued": 2020}), "year"),  # of the publication
        (PAPER.with_values({"issued": 2019}), "year"),  # of the preprint
        (replace(PREPRINT, arxiv=Arxiv(id=ArxivId("1905.00001", 5))), "arXiv id"),
        (replace(PAPER, arxiv=Arxiv(id=ArxivId("1905.00001", 5))), "arXiv id"),
    ],
)
def test_versions_are_not_mixed(tmp_path: Path, reference: Record, field: str) -> None:
    result = checker(tmp_path / "x", [PAPER, PREPRINT]).check(reference)
    assert fields(result) == [field]


@pytest.mark.parametrize("reference", [PAPER, PREPRINT, replace(PAPER, arxiv=Arxiv(id=ArxivId("1905.00001", 2)))])
def test_each_version_is_confirmed(tmp_path: Path, reference: Record) -> None:
    assert checker(tmp_path / "x", [PAPER, PREPRINT]).check(reference).verdict == "confirmed"


def test_the_year_of_an_article_may_be_that_of_its_online_version(tmp_path: Path) -> None:
    article = replace(ARTICLE, type="article-journal")
    asked = checker(tmp_path / "x", [article])
    assert asked.check(article.with_values({"issued": 2019})).verdict == "confirmed"
    assert fields(asked.check(article.with_values({"issued": 2018}))) == ["year"]
    assert fields(checker(tmp_path / "y", [PAPER]).check(PAPER.with_values({"issued": 2019}))) == ["year"]


def test_a_title_without_its_subtitle_is_found(tmp_path: Path) -> None:
    title = "Gardens: how slow robots learn to plan among flowers, trees and people"
    asked = checker(tmp_path / "x", [PAPER.with_values({"title": title}), OTHER])
    assert asked.check(PAPER.with_values({"title": "Gardens", "DOI": None})).verdict == "confirmed"
    assert (
        asked.check(PAPER.with_values({"title": "Gardens", "author": "Gil Gorse", "DOI": None})).verdict != "confirmed"
    )


def test_a_subtitle_that_the_work_does_not_have_contradicts(tmp_path: Path) -> None:
    more = PAPER.with_values({"title": f"{PAPER.title}: a comprehensive survey"})
    assert fields(checker(tmp_path / "x", [PAPER]).check(more)) == ["title"]
    book = replace(PAPER, type="book")  # catalogues have the subtitle elsewhere
    result = checker(tmp_path / "y", [book]).check(replace(more, type="book"))
    assert (result.verdict, "subtitle" in result.not_compared) == ("confirmed", True)


@pytest.mark.parametrize("title", ["{} [J]", "{} [online]", "“{}”", "{}."])
def test_marks_of_a_medium_and_quotes_are_not_the_title(tmp_path: Path, title: str) -> None:
    asked = checker(tmp_path / "x", [PAPER])
    assert asked.check(PAPER.with_values({"title": title.format(PAPER.title)})).verdict == "confirmed"


@pytest.mark.parametrize("last", [Name(literal="et al."), Name(family="al.", given="et"), Name(family="...")])
def test_a_last_name_may_stand_for_the_others(tmp_path: Path, last: Name) -> None:
    asked = checker(tmp_path / "x", [PAPER])
    short = (*PAPER.names("author").names[:1], last)
    assert asked.check(PAPER.with_values({"author": Names(short)})).verdict == "confirmed"
    assert fields(asked.check(PAPER.with_values({"author": Names((Name(given="Gil", family="Gorse"), last))}))) == [
        "author"
    ]


@pytest.mark.parametrize(("volume", "issue"), [("vol. 7", "no. 2"), ("7(2)", None), ("VII", "2")])
def test_words_before_numbers_are_not_compared(tmp_path: Path, volume: str, issue: str | None) -> None:
    article = replace(ARTICLE.with_values({"issue": "2"}), type="article-journal")
    asked = checker(tmp_path / "x", [article])
    assert asked.check(article.with_values({"volume": volume, "issue": issue})).verdict == "confirmed"
    assert fields(asked.check(article.with_values({"volume": "vol. 8"}))) == ["volume"]


@pytest.mark.parametrize(
    ("name", "agrees"),
    [
        ("Bob A. Ash", True),
        ("ASH, Robert", True),
        ("Bill Ash", False),
        ("Bob B. Ash", False),
        ("Ash, R. A.", True),
        ("Ash, S. A.", False),
    ],
)
def test_short_forms_and_capitals_are_the_same_person(tmp_path: Path, name: str, agrees: bool) -> None:
    asked = checker(tmp_path / "x", [PAPER.with_values({"author": "Robert Alan Ash and Jin Su"})])
    for second in ("Jin Su", "SU, Jin", "Su, J."):
        result = asked.check(PAPER.with_values({"author": f"{name} and {second}"}))
        assert (result.verdict == "confirmed") is agrees, second


@pytest.mark.parametrize(
    ("subtitle", "verdict"), [("finding one flower in 3D", "confirmed"), ("Part 2", "contradicts")]
)
def test_a_number_in_the_subtitle_that_is_left_out(tmp_path: Path, subtitle: str, verdict: str) -> None:
    asked = checker(tmp_path / "x", [PAPER.with_values({"title": f"{PAPER.title}: {subtitle}"})])
    assert asked.check(PAPER).verdict == verdict


def test_a_series_in_place_of_the_conference_is_not_compared(tmp_path: Path) -> None:
    result = checker(tmp_path / "x", [PAPER]).check(
        PAPER.with_values({"container-title": "Lecture Notes in Computer Science"})
    )
    assert (result.verdict, fields(result)) == ("contradicts", ["venue"])  # nothing says that ROGA is a conference
    meeting = PAPER.with_values({"container-title": "Conference on Robots in Gardens, ROGA 2020, Bern, May 1-2, 2020"})
    result = checker(tmp_path / "y", [meeting]).check(
        meeting.with_values({"container-title": "Lecture Notes in Computer Science"})
    )
    assert result.verdict == "confirmed"
    assert "venue" in result.not_compared
