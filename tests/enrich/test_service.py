"""The whole path against the stand-in server: right papers, few requests, and honest words when it misbehaves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bibtool.enrich.report import Confirmed, CouldNotCheck, Doubtful, EnrichReport, NotFound, Progress
from bibtool.enrich.service import enrich
from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Names, parse_name
from bibtool.model.record import Arxiv, Record
from bibtool.model.richtext import Text
from tests.enrich.support import listed, listing, make_client, policy_for, taken, truth
from tests.support.arxiv_faults import KINDS, Fault
from tests.support.arxiv_papers import decoys, facts, papers
from tests.support.arxiv_server import Server, everything
from tests.support.fake_clock import FakeClock

FULL_LISTS = {item["id"]: item["authors"] for item in facts()}


def authors(record: Record) -> list[str]:
    return [name.display() for name in record.names("author")]


def assert_all_right(report: EnrichReport) -> None:
    assert taken(report) == truth()
    for result in report.results:
        assert result.after.arxiv is not None
        assert result.after.arxiv.id is not None
        assert authors(result.after) == FULL_LISTS[result.after.arxiv.id.number]
        assert not result.after.names("author").truncated
        assert result.after.arxiv.candidates == ()
        assert result.after.arxiv.primary_category
    assert report.complete


# -- the fifty --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("form", ["new", "old"])
@pytest.mark.parametrize("titles", ["latest", "first"])
def test_fifty_of_fifty_in_at_most_ten_requests(form: str, titles: str, tmp_path: Path) -> None:
    clock = FakeClock()
    with Server(papers=everything(titles=titles), form=form) as server:
        report = enrich(listing(), make_client(server.url, tmp_path, clock))
        assert len(server.log) == report.requests_made <= 10
    assert_all_right(report)
    changed = {c.before: c.after for r in report.results for c in r.changes if c.field == "title"}
    # the plural of "Scheme" is spelling, three others are other titles
    assert len(changed) == (3 if titles == "first" else 0)
    withdrawn = [r for r in report.results if r.after.arxiv and r.after.arxiv.withdrawn]
    assert [str(r.after.arxiv and r.after.arxiv.id) for r in withdrawn] == ["2202.06460"]
    assert any("withdrawn" in note for note in withdrawn[0].notes)
    assert sum(clock.sleeps) == pytest.approx(3.0 * (report.requests_made - 1))


@pytest.mark.slow
@pytest.mark.parametrize("abstract", [True, False])
def test_with_the_true_papers_gone_no_decoy_is_taken(abstract: bool) -> None:
    with Server(papers=decoys(papers())) as server:
        report = enrich(listing(abstract=abstract), make_client(server.url, None))
        assert report.requests_made <= 10
    assert taken(report) == {}
    assert all(isinstance(r.verdict, Doubtful | NotFound) for r in report.results)
    assert all(r.after is r.before for r in report.results)


@pytest.mark.slow
def test_known_ids_are_one_request_whatever_the_order_of_the_answer(tmp_path: Path) -> None:
    records = [
        replace(record, arxiv=Arxiv(id=ArxivId(item["id"]))) for record, item in zip(listing(), facts(), strict=True)
    ]
    with Server() as server:
        report = enrich(records, make_client(server.url, tmp_path))
        assert [request.parameters["max_results"] for request in server.log] == ["50"]
    assert_all_right(report)


@pytest.mark.slow
def test_the_listing_in_another_order_gives_the_same() -> None:
    with Server(papers=everything(titles="first")) as server:
        report = enrich(listing()[::-1], make_client(server.url, None))
    assert_all_right(report)


@pytest.mark.slow
def test_enriching_twice_changes_nothing_and_asks_nothing(tmp_path: Path) -> None:
    with Server() as server:
        first = enrich(listing(), make_client(server.url, tmp_path))
        second = enrich([result.after for result in first.results], make_client(server.url, tmp_path))
    assert second.requests_made == 0
    assert second.cached_answers > 0
    for result in second.results:
        assert result.after is result.before
        assert (result.changed, result.conflicts, result.changes) == ((), (), ())


@pytest.mark.slow
def test_the_outside_listing(shared: Path) -> None:
    from bibtool.formats.registry import read_path

    result = read_path(str(shared / "seed" / "listing.txt"), "listing")
    records = [replace(record, key=f"k{at}") for at, record in enumerate(result.records)]
    with Server(papers=everything(titles="latest")) as server:
        report = enrich(records, make_client(server.url, None))
        assert report.requests_made <= 10
    right = [item["id"] for item in facts()]
    assert [taken(report).get(f"k{at}") for at in range(50)] == right


# -- faults -----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_passing_fault_changes_nothing(kind: str, tmp_path: Path) -> None:
    with Server(papers=everything(titles="first"), faults=(Fault(kind=kind, first=1),)) as server:
        report = enrich(listing(), make_client(server.url, tmp_path, policy=policy_for(kind)))
    assert_all_right(report)
    assert report.requests_made <= 10


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_in_the_middle_changes_nothing(kind: str, tmp_path: Path) -> None:
    with Server(papers=everything(titles="first"), faults=(Fault(kind=kind, at=2),)) as server:
        report = enrich(listing(), make_client(server.url, tmp_path, policy=policy_for(kind)))
    if kind == "zero":  # a page that denies all hits can't be told from the truth; what is left is said
        assert set(taken(report).items()) <= set(truth().items())
    else:
        assert_all_right(report)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_lasting_fault_is_said_and_a_second_run_finishes(kind: str, tmp_path: Path) -> None:
    clock = FakeClock()
    with Server(papers=everything(titles="first"), faults=(Fault(kind=kind),)) as server:
        report = enrich(listing(), make_client(server.url, tmp_path, clock, policy=policy_for(kind)))
        assert taken(report) == {}
        assert len(report.left) == 50
        assert all(isinstance(r.verdict, CouldNotCheck) and r.verdict.reason for r in report.results)
        assert len(server.log) <= 12  # it is not asked again and again
        server.faults = ()
        again = enrich(listing(), make_client(server.url, tmp_path, clock))
    assert_all_right(again)


@pytest.mark.slow
def test_a_refusal_ends_the_run_at_once(tmp_path: Path) -> None:
    with Server(faults=(Fault(kind="denied"),)) as server:
        report = enrich(listing(), make_client(server.url, tmp_path))
        assert len(server.log) == 1
    assert len(report.left) == 50


@pytest.mark.slow
def test_one_failing_batch_leaves_the_others_standing(tmp_path: Path) -> None:
    records = [Record(key=f"r{n}", arxiv=Arxiv(id=ArxivId(paper.number))) for n, paper in enumerate(everything()[:250])]
    faults = tuple(Fault(kind="503", at=at) for at in range(2, 6))  # all four tries of the second batch
    with Server(faults=faults) as server:
        report = enrich(records, make_client(server.url, tmp_path))
        assert len(taken(report)) == 150
        assert [key for key, _ in report.left] == [f"r{n}" for n in range(100, 200)]
        again = enrich(records, make_client(server.url, tmp_path))
        # only the failed batch is asked for again
        assert again.requests_made == 1
    assert len(taken(again)) == 250


@pytest.mark.slow
def test_an_interrupted_run_is_continued_from_the_cache(tmp_path: Path) -> None:
    class StopError(KeyboardInterrupt):
        pass

    def stop(progress: Progress) -> None:
        if progress.doing == "reading on":
            raise StopError

    with Server() as server:
        with pytest.raises(StopError):
            enrich(listing(), make_client(server.url, tmp_path), progress=stop)
        assert len(server.log) == 1
        report = enrich(listing(), make_client(server.url, tmp_path))
        asked = [(r.parameters["search_query"], r.parameters["start"]) for r in server.log]
    assert len(asked) == len(set(asked))
    assert_all_right(report)


# -- cache ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_offline_uses_the_cache_however_old_and_asks_nobody(tmp_path: Path) -> None:
    clock = FakeClock()
    with Server() as server:
        url = server.url
        enrich(listing(), make_client(url, tmp_path, clock))
    clock.now += 1e9
    report = enrich(listing(), make_client(url, tmp_path, clock, offline=True))
    assert_all_right(report)
    assert report.requests_made == 0


def test_offline_without_a_cache_says_so(tmp_path: Path) -> None:
    report = enrich(listing(), make_client("http://127.0.0.1:9/api/query", tmp_path, offline=True))
    assert {reason for _, reason in report.left} == {"not in the cache"}
    assert len(report.left) == 50


@pytest.mark.slow
def test_old_answers_are_asked_for_again(tmp_path: Path) -> None:
    clock = FakeClock()
    record = [replace(listing()[0], arxiv=Arxiv(id=ArxivId("2203.01360")))]
    with Server() as server:
        for days, requests in ((0, 1), (29, 0), (2, 1), (0, 0)):
            clock.now += days * 86_400
            assert enrich(record, make_client(server.url, tmp_path, clock)).requests_made == requests
        assert enrich(record, make_client(server.url, tmp_path, clock, max_age_s=0)).requests_made == 1


def test_a_new_version_brings_the_record_up_to_date(tmp_path: Path) -> None:
    clock = FakeClock()
    true = papers()
    with Server(papers=list(true)) as server:
        (first,) = enrich(listing()[:1], make_client(server.url, tmp_path, clock)).results
        server.papers[0] = replace(true[0], title="A wholly other name", versions=5, doi="10.1000/new", comment="w")
        clock.now += 40 * 86_400
        (second,) = enrich([first.after], make_client(server.url, tmp_path, clock)).results
    assert second.after.title == "A wholly other name"
    assert second.after.arxiv is not None
    assert (second.after.arxiv.id, second.after.arxiv.latest) == (ArxivId("2203.01360"), 5)
    assert second.after.text("DOI") == "10.1000/new"
    assert {change.field for change in second.changes} >= {"title", "arxiv.latest"}


# -- ids --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["new", "old"])
def test_a_missing_id_is_not_found_and_the_others_are(form: str, tmp_path: Path) -> None:
    numbers = ["2203.01360", "2203.99999", "2210.15651"]
    records = [Record(key=n, arxiv=Arxiv(id=ArxivId(n))) for n in numbers]
    with Server(form=form) as server:
        report = enrich(records, make_client(server.url, tmp_path))
        assert report.requests_made == 1
    assert [type(r.verdict).__name__ for r in report.results] == ["Confirmed", "NotFound", "Confirmed"]


@pytest.mark.slow
@pytest.mark.parametrize("form", ["new", "old"])
def test_nothing_for_a_single_id_is_asked_twice(form: str, tmp_path: Path) -> None:
    with Server(form=form) as server:
        records = [Record(key="a", arxiv=Arxiv(id=ArxivId("2203.99999")))]
        report = enrich(records, make_client(server.url, tmp_path))
        assert report.requests_made == 2
    assert isinstance(report.results[0].verdict, NotFound)


@pytest.mark.slow
def test_an_id_that_the_server_calls_malformed_does_not_cost_the_batch(tmp_path: Path) -> None:
    numbers = ["2203.01360", "nonsense", "2210.15651"]
    records = [Record(key=n, arxiv=Arxiv(id=ArxivId(n))) for n in numbers]
    with Server() as server:
        report = enrich(records, make_client(server.url, tmp_path))
        assert report.requests_made == 2
    assert [type(r.verdict).__name__ for r in report.results] == ["Confirmed", "NotFound", "Confirmed"]


@pytest.mark.slow
def test_more_ids_than_a_batch_takes(tmp_path: Path) -> None:
    records = [Record(key=p.number, arxiv=Arxiv(id=ArxivId(p.number))) for p in everything()[:120]]
    with Server() as server:
        report = enrich(records, make_client(server.url, tmp_path))
        assert [len(r.parameters["id_list"].split(",")) for r in server.log] == [100, 20]
    assert len(taken(report)) == 120


@pytest.mark.slow
def test_a_version_in_the_record_asks_for_the_latest_and_stays(tmp_path: Path) -> None:
    with Server() as server:
        records = [Record(key="a", arxiv=Arxiv(id=ArxivId("2203.01360", 1)))]
        (result,) = enrich(records, make_client(server.url, tmp_path)).results
        assert server.log[0].parameters["id_list"] == "2203.01360"
    assert result.after.arxiv is not None
    assert (result.after.arxiv.id, result.after.arxiv.latest) == (ArxivId("2203.01360", 1), 4)


# -- records without a common author ------------------------------------------------------------------------------


def strangers(count: int) -> list[Record]:
    """Look-alike decoys by people of all kinds, as a bibliography would list them: a year only, no abstract."""
    found = []
    for paper in [p for p in decoys(papers()) if p.decoy in {"look-alike", "nearly"}][:count]:
        people = Names(tuple(parse_name(name) for name in paper.authors))
        values: Any = {"title": Text.of(paper.title), "author": people, "issued": Date.of(paper.published.year)}
        found.append(Record(key=paper.number, type="article-journal", variables=values))
    return found


@pytest.mark.slow
def test_strangers_are_asked_for_by_title_many_at_once(tmp_path: Path) -> None:
    records = strangers(40)
    with Server() as server:
        report = enrich(records, make_client(server.url, tmp_path))
        assert report.requests_made <= 4
    assert {key: number for key, number in taken(report).items() if key != number} == {}
    assert len(taken(report)) == 40


@pytest.mark.slow
def test_books_are_not_found_with_few_requests(tmp_path: Path) -> None:
    books = [
        Record(
            key=f"book{n}",
            variables={
                "title": Text.of(f"A history of {word} in eleven northern cities"),
                "author": Names((parse_name(f"Writer{n} Nobody{n}"),)),
            },
        )
        for n, word in enumerate(("clocks", "bread", "canals"))
    ]
    with Server() as server:
        report = enrich([*books, *strangers(5)], make_client(server.url, tmp_path))
        assert report.requests_made <= 12
    assert [type(r.verdict).__name__ for r in report.results[:3]] == ["NotFound"] * 3
    assert len(taken(report)) == 5


@pytest.mark.slow
def test_accents_tex_and_short_titles_go_to_single_questions(tmp_path: Path) -> None:
    base = papers()[0]
    odd = [
        replace(base, number="2203.40001", title="Fréchet means of curves and trees", authors=("Åsa Öberg", "Bo Li")),
        replace(base, number="2203.40002", title="Kernels", authors=("Cy Oz", "Dee Hill")),
    ]
    records = [
        Record(
            key=paper.number,
            variables={
                "title": Text.of(title),
                "author": Names(tuple(parse_name(n) for n in names)),
                "issued": Date.of(2022, 3, 2),
                "abstract": Text.of(paper.summary),
            },
        )
        for paper, title, names in zip(
            odd,
            ["Frechet means of curves and trees", "Kernels"],
            [("A. Öberg", "B. Li"), ("C. Oz", "D. Hill")],
            strict=True,
        )
    ]
    with Server(papers=everything() + odd) as server:
        report = enrich(records, make_client(server.url, tmp_path))
    assert taken(report) == {"2203.40001": "2203.40001", "2203.40002": "2203.40002"}


@pytest.mark.slow
def test_a_query_that_the_server_does_not_take_is_halved(tmp_path: Path) -> None:
    class Narrow(Server):
        def answer(self, parameters: dict[str, str]) -> Any:
            from tests.support.arxiv_faults import Answer

            if parameters.get("search_query", "").count(" OR ") > 3:
                return Answer(400, self._error_feed("Invalid query string: 'too long'"))
            return super().answer(parameters)

    with Narrow() as server:
        report = enrich(strangers(8), make_client(server.url, tmp_path))
    assert len(taken(report)) == 8


@pytest.mark.slow
def test_all_empty_answers_are_not_taken_for_the_truth(tmp_path: Path) -> None:
    with Server(papers=[]) as server:
        report = enrich(strangers(8), make_client(server.url, tmp_path))
        assert report.requests_made <= 4
    assert len(report.left) == 8


# -- the user's word --------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_accepted_id_is_taken_and_remembered(tmp_path: Path) -> None:
    record = listed(facts()[0])
    with Server() as server:
        client = make_client(server.url, tmp_path)
        (result,) = enrich([record], client, accept={record.key: ArxivId("2210.15651")}).results
        assert result.after.arxiv is not None
        assert result.after.arxiv.id == ArxivId("2210.15651")
        assert result.after.provenance["arxiv.id"].source == "user"
        (again,) = enrich([result.after], make_client(server.url, tmp_path)).results
        assert again.after is again.before
        # and it can be put right
        chosen = {record.key: ArxivId("2203.01360")}
        (right,) = enrich([result.after], make_client(server.url, tmp_path), accept=chosen).results
    assert right.after.title == record.title
    assert right.after.arxiv is not None
    assert right.after.arxiv.id == ArxivId("2203.01360")


def test_records_without_anything_to_ask_are_no_trouble(tmp_path: Path) -> None:
    with Server() as server:
        report = enrich([Record(key="a")], make_client(server.url, tmp_path))
        assert enrich([], make_client(server.url, tmp_path)).results == ()
        assert server.log == []
    assert isinstance(report.results[0].verdict, NotFound)


@pytest.mark.slow
def test_progress_counts_what_is_left(tmp_path: Path) -> None:
    seen: list[Progress] = []
    with Server(papers=decoys(papers())) as server:
        report = enrich(listing(), make_client(server.url, tmp_path), progress=seen.append)
    assert [p.sent for p in seen] == sorted(p.sent for p in seen)
    assert seen[-1].planned >= 1  # said before the last request
    assert {p.records for p in seen} == {50}
    assert not report.with_verdict(Confirmed)
