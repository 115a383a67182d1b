"""Enrichment of the papers of a listing while arXiv does not answer, and other sources do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bibtool.cli import exits
from bibtool.enrich.connect import pacer_of
from bibtool.store import open_library
from tests.cli.desk import Desk
from tests.enrich.support import listing, truth
from tests.support.arxiv_faults import Fault
from tests.support.arxiv_papers import facts
from tests.support.arxiv_server import Server
from tests.support.source_papers import Paper, stand_ins
from tests.support.source_server import Sources

if TYPE_CHECKING:
    from pathlib import Path


def papers() -> list[Paper]:
    """The fifty papers as other services have them: preprints with an arXiv id."""
    return [
        Paper(
            title=item["title"],
            people=tuple((name.rpartition(" ")[0], name.rpartition(" ")[2]) for name in item["authors"]),
            year=int(item["published"][:4]),
            arxiv=item["id"],
        )
        for item in facts()
    ]


@pytest.mark.slow
@pytest.mark.parametrize("service", ["inspire", "semanticscholar", "openalex"])
def test_other_sources_have_the_papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: str) -> None:
    others = {service: stand_ins(papers())[service]}
    with Sources(others=others) as server, Server(faults=(Fault(kind="503"),)) as arxiv:
        monkeypatch.setenv("BIBTOOL_ARXIV_URL", arxiv.url)
        monkeypatch.setenv("BIBTOOL_ARXIV_DELAY", "0")
        monkeypatch.setenv("BIBTOOL_OPENALEX_KEY", "key")
        pacer_of.cache_clear()
        desk = Desk(tmp_path, monkeypatch, server)
        monkeypatch.setenv("BIBTOOL_SOURCES", service)
        with open_library(str(desk.path), create=True) as library, library.change("import") as change:
            for record in listing():
                change.put(record)
        done = desk("enrich", "--json")
        results = json.loads(done.out)["results"]
        with open_library(str(desk.path)) as library:
            found = {
                record.key: record.arxiv.id.number
                for record in library.records()
                if record.arxiv is not None and record.arxiv.id is not None
            }
    assert found.items() <= truth().items()  # none is wrong
    assert len(found) == 50, set(truth()) - set(found)
    for result in results:
        if result["key"] not in found:
            assert result["verdict"] == "could-not-check"
            assert result["reason"]
    assert done.code == (exits.NOT_ASKED if len(found) < len(results) else exits.DONE)
