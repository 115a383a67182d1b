"""References read from a list are confirmed: what a source has replaces what was read, and the line stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bibtool.store import open_library
from tests.cli.desk import Desk
from tests.support.source_server import Sources, article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bibtool.model.record import Record
    from tests.support.arxiv_server import Server

DOI = "10.1234/jir.2019.7"
OTHER = "10.1234/jir.2021.4"
WORKS = {
    DOI: article(
        DOI, "A slow method for fast answers in sparse linear algebra", [("Ada", "Muster"), ("Ben", "Probe")], 2019
    ),
    OTHER: article(
        OTHER, "Counting lighthouses from a moving ferry", [("Clara", "Ruhe"), ("Dora", "Leer")], 2021, volume="14"
    ),
}
FIRST = (
    "[1] A. Muster, B. Probe, A slow method for fast answers in sparse linear algebra, J. Inv. Results 12 (3) (2019)"
)
LINES = (
    f"{FIRST} 101–120. doi:{DOI}.",
    "[2] C. Ruhe, D. Leer, Counting lighthouses from a moving ferry, J. Inv. Results 14 (3) (2021) 101–120.",
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    (tmp_path / "list.txt").write_text("\n".join(LINES) + "\n", encoding="utf-8")
    with Sources(works=dict(WORKS), agencies=dict.fromkeys(WORKS, "Crossref")) as server:
        yield Desk(tmp_path, monkeypatch, server)


def records(desk: Desk) -> list[Record]:
    with open_library(str(desk.path)) as library:
        return sorted(library.records(), key=lambda record: record.year or 0)


@pytest.mark.slow
def test_a_confirmed_reference_has_the_record_of_the_source_and_keeps_its_line(desk: Desk, server: Server) -> None:
    assert desk("import", "list.txt").code == 0
    read, _ = records(desk)
    assert read.provenance["title"].source == "references"
    assert [name.given for name in read.authors] == ["A.", "B."]
    done = desk("enrich")
    assert done.code == 0, done.err
    first, second = records(desk)
    for record, line, people in ((first, LINES[0], ["Ada", "Ben"]), (second, LINES[1], ["Clara", "Dora"])):
        assert [name.given for name in record.authors] == people
        assert record.text("container-title") == "Journal of Invented Results"
        assert {record.provenance[name].source for name in ("author", "title", "issued", "page")} == {"crossref"}
        assert [item.value for item in record.leftovers if item.name == "reference"] == [line]
    assert second.text("DOI") == OTHER
    assert "kept" not in done.err


@pytest.mark.slow
def test_a_reference_that_no_source_knows_stays_as_it_was_read(desk: Desk, server: Server) -> None:
    desk.server.works.clear()
    assert desk("import", "list.txt").code == 0
    before = records(desk)
    desk("enrich")
    assert records(desk) == before


@pytest.mark.slow
def test_another_work_under_the_doi_of_a_line_is_not_taken(desk: Desk, server: Server) -> None:
    desk.server.works[DOI] = article(DOI, "The economics of village bakeries", [("Emil", "Ofen")], 1998)
    assert desk("import", "list.txt").code == 0
    done = desk("enrich")
    assert records(desk)[0].title.startswith("A slow method")
    assert "The economics of village bakeries" in done.err
