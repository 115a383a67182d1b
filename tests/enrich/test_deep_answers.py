"""Answers nested so deeply that Python can't read or write them: one source has no answer, nothing else happens."""

from __future__ import annotations

from typing import Any

import pytest

from bibtool.cli.sources import read_part
from bibtool.enrich.connect import pacer_of
from bibtool.enrich.sources.bodies import packed
from bibtool.enrich.sources.connect import connect_sources
from bibtool.enrich.sources.lookup import answers_for
from bibtool.enrich.sources.search import search_for
from bibtool.formats.registry import read_bytes
from tests.support.source_server import Reply, Sources, article

DOI = "10.1234/deep"
# from what is read as any other answer, through every depth at which one of the steps gives up, to what JSON can't be
DEPTHS = [50, 200, *range(900, 1000, 8), 100_000]
ENTRY = b"@article{%s, title={A deep result}, author={Muster, Ada}, year={2019}%s}"
KNOWN, UNKNOWN = read_bytes(ENTRY % (b"a", b", doi={10.1234/deep}") + ENTRY % (b"b", b""), "bibtex").records


PLACES = ("relation", "author", "updated-by")


def nested(place: str, depth: int) -> bytes:
    """A list of works with lists in lists: JSON itself would not write it."""
    work: dict[str, Any] = article(DOI, "A deep result", [("Ada", "Muster")], 2019) | {place: "@"}
    return packed({"status": "ok", "message": {"items": [work]}}).replace(b'"@"', b"[" * depth + b"1" + b"]" * depth)


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_no_depth_of_an_answer_ends_the_run(place: str) -> None:
    body = b""

    def answer_to(_service: str, path: str, _number: int) -> Reply:
        return Reply(200, body if "query" in path else body.replace(b'{"items":[', b"").replace(b"]}}", b"}"))

    with Sources() as server:
        server.fault = answer_to
        for depth in DEPTHS:
            body = nested(place, depth)
            pacer_of.cache_clear()
            clients = connect_sources(["crossref"], urls={"crossref": server.url("crossref")}, delay_s=0)
            (candidates,) = search_for([UNKNOWN], clients, read_part, enough=lambda *_: False)
            (answer,) = answers_for([KNOWN], clients, read_part)
            assert candidates is not None
            assert answer is not None
            assert answer.told is not None or answer.unasked
            if depth == max(DEPTHS):
                assert candidates.unasked
                assert answer.unasked
            if depth == min(DEPTHS) and place == "relation":
                assert candidates.told
                assert answer.told is not None
