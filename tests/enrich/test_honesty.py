"""A service that answers with other papers, or contradicts itself, proves nothing and confirms nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bibtool.enrich.report import Confirmed, CouldNotCheck, Doubtful, EnrichReport, NotFound
from bibtool.enrich.service import enrich
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Names, parse_name
from bibtool.model.record import Arxiv, Record
from bibtool.model.richtext import Text
from tests.enrich.support import listing, make_client
from tests.support.arxiv_papers import Paper, facts, papers
from tests.support.arxiv_server import Server


@dataclass
class LyingServer(Server):
    """Answers questions for ids with what ``lie`` makes of the right papers."""

    lie: Callable[[list[Paper]], list[Paper]] = lambda right: right

    def _hits(self, parameters: dict[str, str]) -> tuple[list[Paper], int, int, int]:
        right, shells, start, _ = super()._hits(parameters)
        return self.lie(right), shells, start, 100


def known(count: int) -> list[Record]:
    return [
        replace(record, arxiv=Arxiv(id=ArxivId(item["id"])))
        for record, item in zip(listing()[:count], facts()[:count], strict=True)
    ]


def ask(records: list[Record], lie: Callable[[list[Paper]], list[Paper]], folder: Path) -> EnrichReport:
    with LyingServer(lie=lie) as server:
        return enrich(records, make_client(server.url, folder))


OTHERS = papers()[40:43]


@pytest.mark.slow
@pytest.mark.parametrize("strangers", [1, 3])
def test_other_papers_than_asked_for_are_a_fault_of_the_service(strangers: int, tmp_path: Path) -> None:
    report = ask(known(1), lambda _: OTHERS[:strangers], tmp_path)
    verdict = report.results[0].verdict
    assert isinstance(verdict, CouldNotCheck)
    assert "other papers" in str(verdict)
    assert report.results[0].after is report.results[0].before


@pytest.mark.slow
def test_what_is_right_beside_other_papers_is_taken(tmp_path: Path) -> None:
    report = ask(known(3), lambda right: [*right[:2], OTHERS[0]], tmp_path)
    kinds = [type(result.verdict) for result in report.results]
    assert sorted(kind.__name__ for kind in kinds) == ["Confirmed", "Confirmed", "CouldNotCheck"]


@pytest.mark.slow
def test_a_paper_that_arxiv_leaves_out_is_not_there(tmp_path: Path) -> None:
    report = ask(known(3), lambda right: right[:2], tmp_path)
    kinds = [type(result.verdict) for result in report.results]
    assert sorted(kind.__name__ for kind in kinds) == ["Confirmed", "Confirmed", "NotFound"]


@pytest.mark.slow
def test_an_answer_with_other_papers_is_not_kept(tmp_path: Path) -> None:
    ask(known(1), lambda _: OTHERS[:1], tmp_path)
    report = ask(known(1), lambda right: right, tmp_path)
    assert isinstance(report.results[0].verdict, Confirmed)


@pytest.mark.slow
@pytest.mark.parametrize("order", [1, -1])
def test_answers_that_contradict_each_other_are_reported_and_not_taken(order: int, tmp_path: Path) -> None:
    def lie(right: list[Paper]) -> list[Paper]:
        titles = ("An Atlas of Peat Bogs", "Sewing by Machine, Part Two")
        return [*right, *(replace(right[0], title=title) for title in titles)][::order]

    report = ask(known(1), lie, tmp_path)
    verdict = report.results[0].verdict
    assert isinstance(verdict, Doubtful)
    assert "contradicts itself" in str(verdict)
    assert "An Atlas of Peat Bogs" in str(verdict)
    assert report.results[0].after is report.results[0].before
    again = ask(known(1), lambda right: right, tmp_path)
    assert isinstance(again.results[0].verdict, Confirmed)


def test_the_same_answer_twice_is_no_contradiction(tmp_path: Path) -> None:
    report = ask(known(2), lambda right: right * 2, tmp_path)
    assert all(isinstance(result.verdict, Confirmed) for result in report.results)


@pytest.mark.slow
def test_another_title_for_a_known_id_by_other_people_is_not_confirmed(tmp_path: Path) -> None:
    variables = {
        **known(1)[0].variables,
        "title": Text.of("On the Migration of Eels in Brackish Water"),
        "author": Names((parse_name("Ingrid Aalborg"), parse_name("Tomas Reka"))),
    }
    report = ask([replace(known(1)[0], variables=variables)], lambda right: right, tmp_path)
    assert isinstance(report.results[0].verdict, Doubtful)


@pytest.mark.slow
def test_a_title_that_changed_between_versions_is_confirmed_with_a_note(tmp_path: Path) -> None:
    def lie(right: list[Paper]) -> list[Paper]:
        return [replace(right[0], title="Entirely Renamed in Its Second Version")]

    report = ask(known(1), lie, tmp_path)
    assert not isinstance(report.results[0].verdict, NotFound)
