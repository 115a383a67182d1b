"""The fewest requests, and what stands in them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus

import pytest

from bibtool.enrich import plan
from bibtool.model.names import Names, parse_name
from bibtool.model.record import Record
from bibtool.model.richtext import Text
from tests.enrich.support import listing
from tests.support.arxiv_query import parse


def record(title: str, *authors: str, **more: Any) -> Record:
    values: dict[str, Any] = {"title": Text.of(title)} if title else {}
    if authors:
        values["author"] = Names(tuple(parse_name(name) for name in authors), **more)
    return Record(variables=values)


def test_batches_hold_each_number_once() -> None:
    numbers = [f"2203.{n:05d}" for n in range(150)] + ["2203.00000"]
    found = plan.batches(numbers)
    assert [len(batch) for batch in found] == [100, 50]
    assert found[0][0] == "2203.00000"
    assert plan.batches([]) == []


def test_fifty_papers_of_one_person_are_one_author_query() -> None:
    found = plan.shared_author(dict(enumerate(listing())))
    assert found is not None
    assert found.query == 'au:"Joan Bruna"'
    assert len(found.covers) > 30


@pytest.mark.parametrize(
    ("shared", "others", "asked"), [(3, 0, True), (3, 6, True), (3, 7, False), (2, 0, False), (0, 5, False)]
)
def test_an_author_query_needs_a_third_of_the_records(shared: int, others: int, asked: bool) -> None:
    records = [record(f"Title {n}", f"Someone{n} Else{n}", "Ana Ruiz") for n in range(shared)]
    records += [record(f"Other {n}", f"Person{n} Other{n}") for n in range(others)]
    assert (plan.shared_author(dict(enumerate(records))) is not None) is asked


def test_a_person_counts_once_for_a_record_and_accents_do_not_matter() -> None:
    names = ["Marylou Gabrié", "Marylou Gabrie", "Marylou Gabrié"]
    found = plan.shared_author({n: record("T", name, name) for n, name in enumerate(names)})
    assert found is not None
    assert found.query == 'au:"Marylou Gabrié"'
    assert found.covers == (0, 1, 2)


@pytest.mark.parametrize("name", ["J. Bruna", "Bruna", "", "J Bruna"])
def test_initials_would_find_too_many_people(name: str) -> None:
    assert plan.author_phrase(parse_name(name)) == ""


def test_a_phrase_holds_no_syntax() -> None:
    assert plan.quoted('A "quoted" title\nwith a break\\') == '"A quoted title with a break"'
    assert plan.quoted("Fre\u0301chet: means (and more)") == '"Fréchet: means (and more)"'
    assert plan.quoted(' "" ') == ""
    long = plan.quoted("word " * 200)
    assert len(long) <= plan.MAX_PHRASE_CHARS + 2
    assert long.endswith('word"')


def test_titles_are_joined_up_to_the_length_that_the_server_takes() -> None:
    records = dict(enumerate(listing()))
    groups = plan.title_groups(records)
    assert [at for group in groups for at in group.covers] == list(range(50))
    assert all(len(quote_plus(group.query)) <= plan.MAX_QUERY_CHARS for group in groups)
    assert len(groups) <= 3
    for group in groups:
        parse(group.query)  # valid syntax


def test_titles_that_many_works_bear_are_not_joined() -> None:
    records = {0: record("Deep Learning", "Ana Ruiz"), 1: record("A title that is long enough to be told apart")}
    assert [group.covers for group in plan.title_groups(records)] == [(1,)]


def test_people_are_asked_for_in_pairs() -> None:
    records = {
        0: record("A", "Ana Ruiz", "Bo Li", "Cy Oz"),
        1: record("Quarternions everywhere", "Ana Ruiz", "B. Li"),
        2: record("Nobody"),
    }
    (group,) = plan.people_groups(records)
    assert group.query == '(au:"Ana Ruiz" AND au:"Bo Li") OR (au:"Ana Ruiz" AND ti:Quarternions)'
    assert group.covers == (0, 1)
    parse(group.query)


def test_a_joined_query_can_be_halved_until_one_is_left() -> None:
    (group,) = plan.title_groups({n: record(f"A reasonably long title OR so, number {n}") for n in range(3)})
    first, second = plan.halves(group)
    assert (first.covers, second.covers) == ((0,), (1, 2))
    assert plan.halves(first) == []
    (pair,) = plan.people_groups({n: record("X", "Ana Ruiz", f"Bo Li{'ne' * n}") for n in range(2)})
    assert len(plan.halves(pair)) == 2


def test_the_ladder_of_single_questions() -> None:
    steps = plan.single_ladder(
        4, record(r"Fréchet means of $\theta$ and Kähler spaces", "Åsa Öberg"), phrase_asked=False
    )
    assert [step.query for step in steps] == [
        'ti:"Fréchet means of $\\theta$ and Kähler spaces"',
        'au:"Öberg" AND (ti:spaces OR ti:means)',
    ]
    plain = plan.single_ladder(4, record("Sharp means of curved spaces and more", "Åsa Öberg"), phrase_asked=True)
    assert [step.query for step in plain] == [
        "ti:Sharp AND ti:means AND ti:curved AND ti:spaces AND ti:more",
        'au:"Öberg" AND (ti:curved OR ti:spaces OR ti:Sharp)',
    ]
    for step in steps + plain:
        assert step.covers == (4,)
        parse(step.query)
    assert plan.single_ladder(0, record(""), phrase_asked=False) == []


def test_operators_in_titles_are_not_searched_as_words() -> None:
    assert plan.plain_words("Learning ANDNOT Forgetting and x $y$ \\emph{z} deep2deep") == [
        "Learning",
        "Forgetting",
        "deep",
    ]
