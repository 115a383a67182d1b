"""Every source with every fault in turn: the right result, or what is left and why; never a wrong one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bibtool.cli import exits
from bibtool.enrich.connect import pacer_of
from tests.cli.desk import Desk
from tests.enrich.test_more_sources import FAULTS
from tests.support.arxiv_faults import Fault
from tests.support.arxiv_server import Server
from tests.support.false_references import as_bibtex
from tests.support.source_papers import KEYED, stand_ins
from tests.support.source_server import Sources
from tests.support.thesis import Thesis, make_thesis

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICES = (
    "crossref", "datacite", "doiorg", "pubmed", "openlibrary", "dblp", "acl", "inspire", "europepmc", "ads",
    "openreview", "openalex", "semanticscholar",
)  # fmt: skip
NEVER = {"true": {"contradicts", "not found"}, "false": {"confirmed"}}


@pytest.fixture(scope="module")
def thesis() -> Thesis:
    return make_thesis(11)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, thesis: Thesis) -> Iterator[Desk]:
    with (
        Sources(**thesis.content, others=stand_ins(thesis.papers)) as server,
        Server(papers=list(thesis.on_arxiv)) as arxiv,
    ):
        monkeypatch.setenv("BIBTOOL_ARXIV_URL", arxiv.url)
        monkeypatch.setenv("BIBTOOL_ARXIV_DELAY", "0")
        for name in KEYED:
            monkeypatch.setenv(f"BIBTOOL_{name.upper()}_KEY", "key")
        pacer_of.cache_clear()
        made = Desk(tmp_path, monkeypatch, server)
        Path("refs.bib").write_bytes(as_bibtex(thesis.references))
        yield made


def verdicts(desk: Desk) -> tuple[dict[str, str], dict[str, str], int]:
    """Verdicts and reasons by key, and the exit code."""
    done = desk("verify", "--json", "refs.bib")
    results = json.loads(done.out)["results"]
    return (
        {each["key"]: each["verdict"] for each in results},
        {each["key"]: each["reason"] or "" for each in results},
        done.code,
    )


@pytest.mark.slow
def test_without_faults_all_is_judged_right(desk: Desk, thesis: Thesis) -> None:
    found, _, code = verdicts(desk)
    for reference in thesis.references:
        assert (found[reference.record.key] == "confirmed") == reference.is_true, reference
    assert code == exits.FAILED


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("service", SERVICES)
def test_a_fault_of_one_source(desk: Desk, thesis: Thesis, service: str, fault: str) -> None:
    desk.server.fault = lambda asked, *_: FAULTS[fault]() if asked == service else None
    found, reasons, _ = verdicts(desk)
    for reference in thesis.references:
        key, kind = reference.record.key, "true" if reference.is_true else "false"
        assert found[key] not in NEVER[kind], (reference, reasons[key])
        if found[key] == "could not check":
            assert reasons[key]
            assert service in desk.services()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["429", "503", "html", "cut", "empty", "malformed"])
def test_a_fault_of_arxiv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, thesis: Thesis, desk: Desk, kind: str
) -> None:
    with Server(papers=list(thesis.on_arxiv), faults=(Fault(kind=kind),)) as broken:
        monkeypatch.setenv("BIBTOOL_ARXIV_URL", broken.url)
        found, reasons, code = verdicts(desk)
    for reference in thesis.references:
        key, name = reference.record.key, "true" if reference.is_true else "false"
        assert found[key] not in NEVER[name], (reference, reasons[key])
    left = [each.kind for each in thesis.references if found[each.record.key] == "could not check" and each.is_true]
    assert set(left) <= {"true: preprint, arXiv id"}  # all else other sources have
    assert code in (exits.FAILED, exits.NOT_ASKED)
