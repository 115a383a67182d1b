"""The stand-in answers as recorded answers of the real service show."""

from __future__ import annotations

import urllib.error
import urllib.request
from urllib.parse import urlencode

import pytest

from bibtool.enrich.atom import Feed, parse_feed
from tests.support.arxiv_papers import decoys, facts, papers
from tests.support.arxiv_query import QueryError, parse
from tests.support.arxiv_server import Server


def ask(server: Server, **parameters: object) -> Feed:
    with urllib.request.urlopen(f"{server.url}?{urlencode(parameters)}") as response:
        return parse_feed(response.read())


def refuse(server: Server, **parameters: object) -> str:
    with pytest.raises(urllib.error.HTTPError) as caught:
        ask(server, **parameters)
    assert caught.value.code == 400
    with caught.value as response:
        return parse_feed(response.read()).error


def test_fifty_papers_and_more_than_two_hundred_decoys() -> None:
    true = papers()
    assert len(true) == 50
    others = decoys(true)
    assert len(others) >= 200
    assert others == decoys(true)
    assert len({paper.number for paper in true + others}) == len(true) + len(others)


def test_the_facts_agree_with_the_outside_ones(shared: object) -> None:
    import json
    from pathlib import Path

    assert isinstance(shared, Path)
    truth = json.loads((shared / "seed" / "truth.json").read_text("utf-8"))
    assert [item["id"] for item in facts()] == [item["arxiv_id"] for item in truth]
    assert [item["title"] for item in facts()] == [item["title"] for item in truth]
    assert [item["authors"] for item in facts()] == [item["authors"] for item in truth]
    assert [item["published"] for item in facts()] == [item["listing_date"] for item in truth]


@pytest.mark.slow
def test_ten_results_unless_more_are_asked_for() -> None:
    with Server() as server:
        assert len(ask(server, search_query="au:bruna").entries) == 10
        assert len(ask(server, search_query="au:bruna", max_results=100).entries) == 100
        ids = ",".join(item["id"] for item in facts()[:20])
        assert len(ask(server, id_list=ids).entries) == 10


@pytest.mark.slow
def test_pages_do_not_overlap_and_hold_everything() -> None:
    with Server() as server:
        total = ask(server, search_query="au:bruna").total
        assert total is not None
        seen = [
            entry.id.number
            for start in range(0, total, 40)
            for entry in ask(server, search_query="au:bruna", start=start, max_results=40).entries
        ]
    assert len(seen) == len(set(seen)) == total


def test_the_order_of_an_answer_is_not_that_of_the_question() -> None:
    numbers = [item["id"] for item in facts()[:10]]
    with Server() as server:
        found = [entry.id.number for entry in ask(server, id_list=",".join(numbers)).entries]
    assert sorted(found) == sorted(numbers)
    assert found != numbers


@pytest.mark.parametrize(("form", "total", "received"), [("new", 1, 1), ("old", 3, 3)])
def test_missing_ids(form: str, total: int, received: int) -> None:
    with Server(form=form, missing=frozenset({"2210.15651"})) as server:
        found = ask(server, id_list="2203.01360,2203.99999,2210.15651v1")
    assert [str(entry.id) for entry in found.entries] == ["2203.01360v4"]
    assert found.total in {total, 2}
    assert found.received in {received, 2}


def test_error_feeds() -> None:
    with Server() as server:
        assert refuse(server, id_list="2203.01360,abc") == "incorrect id format for abc"
        assert refuse(server, search_query='ti:"open') == "Invalid query string: 'ti:\"open'"
        assert "start" in refuse(server, search_query="au:bruna", start="x")
        assert refuse(server)
        assert refuse(server, search_query="(au:bruna")


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ('ti:"Stochastic Optimal Control Matching"', True),
        ('ti:"stochastic optimal control matchings"', True),  # words are stemmed
        ('ti:"optimal stochastic control"', False),  # their order counts
        ("ti:stochastic AND ti:matching", True),
        ("ti:stochastic ANDNOT ti:matching", False),
        ("ti:nowhere stochastic", True),  # OR, and all:
        ('au:"Ricky T. Q. Chen"', True),
        ("au:domingo_enrich", True),
        ('au:"Domingo Enrich" AND (ti:nothing OR ti:control)', True),
        ("cat:math.OC", True),
        ("cat:math.GT", False),
        ("au:stochastic", False),
    ],
)
def test_queries(query: str, hits: bool) -> None:
    paper = next(p for p in papers() if p.number == "2312.02027")
    assert parse(query)(paper) is hits


def test_accents_matter_in_titles_and_not_in_names() -> None:
    paper = papers()[0]
    from dataclasses import replace

    odd = replace(paper, title="Fréchet means", authors=("Marylou Gabrié",))
    assert parse("ti:Fréchet")(odd)
    assert not parse("ti:Frechet")(odd)
    assert parse('au:"Marylou Gabrie"')(odd)


@pytest.mark.parametrize("query", ["", "AND", "ti:", 'ti:"a', "(ti:a", "ti:a)", "ti:a AND", "ti:(a)"])
def test_broken_queries(query: str) -> None:
    with pytest.raises(QueryError):
        parse(query)
