"""Which work a title means."""

from __future__ import annotations

import pytest

from bibtool.model.identifiers import ArxivId
from bibtool.model.record import Arxiv, Record
from bibtool.project.offers import MAX_OFFERED, offer_for

TITLE = "The slow growth of trees"
WORK = Record(
    "", "article-journal", title=TITLE, author="Ada van Ash and Bo Lind", issued=2020, DOI="10.1000/trees",
    container_title="Journal of Trees",
)  # fmt: skip
PAPER = Record(
    "", "article", title=TITLE, author="Ada van Ash and Bo Lind", issued=2020, DOI="10.1000/trees",
    arxiv=Arxiv(id=ArxivId("2001.00001")),
)  # fmt: skip
NAMESAKE = Record("", "article-journal", title=TITLE, author="Cid Bee", issued=1987, DOI="10.1000/other")


def test_a_work_and_its_paper_are_one() -> None:
    offer = offer_for(TITLE.upper(), [PAPER], [WORK])
    assert offer.taken is not None
    assert (offer.taken.doi, offer.taken.journal) == ("10.1000/trees", "Journal of Trees")
    assert offer.taken.arxiv == PAPER.arxiv


@pytest.mark.parametrize(
    ("title", "works", "unasked"),
    [
        (TITLE, [WORK, NAMESAKE], ""),
        (TITLE, [WORK], "Crossref is down"),
        (TITLE + " in gardens", [WORK], ""),
        ("", [], ""),
    ],
)
def test_what_is_not_certain_is_not_taken(title: str, works: list[Record], unasked: str) -> None:
    offer = offer_for(title, [], works, unasked=unasked)
    assert offer.taken is None
    assert list(offer.candidates) == works


def test_a_short_title_is_not_certain_either() -> None:
    trees = WORK.with_values({"title": "Trees"})
    assert offer_for("Trees", [], [trees]).candidates == (trees,)
    assert offer_for("Trees", [], [trees]).taken is None


def test_the_nearest_titles_are_offered_first() -> None:
    works = [WORK.with_values({"title": f"{TITLE} {'x' * n}", "DOI": f"10.1000/{n}"}) for n in (9, 1, 5, 3, 7, 2)]
    offered = offer_for(TITLE, [], works).candidates
    assert [len(record.title) - len(TITLE) - 1 for record in offered] == [1, 2, 3, 5, 7]
    assert len(offered) == MAX_OFFERED
    assert not offer_for("Bees in winter", [], works).candidates
