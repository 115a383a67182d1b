"""A retraction that a source states: in the record's note, and said by all that use the record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bibtool.model.record import Provenance, Record
from bibtool.model.works.retractions import retraction_of, with_retraction
from tests.cli.desk import Desk
from tests.cli.runner import call
from tests.support.source_server import Sources, article

if TYPE_CHECKING:
    from collections.abc import Iterator

DOI, NOTICE = "10.1234/jir.2019.7", "10.1234/jir.2021.9"
TITLE = "Cures made of sea water and patience"
SAID = f"Crossref says so (retraction of 2021-05-03, https://doi.org/{NOTICE})"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    work = article(DOI, TITLE, [("Ada", "Muster")], 2019)
    work["updated-by"] = [{"DOI": NOTICE, "type": "retraction", "updated": {"date-parts": [[2021, 5, 3]]}}]
    with Sources(works={DOI: work}, agencies={DOI: "Crossref"}) as server:
        yield Desk(tmp_path, monkeypatch, server)


@pytest.mark.slow
def test_it_is_kept_and_said_by_export_and_check_and_verify(desk: Desk) -> None:
    desk("import", DOI)
    record = desk.record()
    assert record.text("note") == f"RETRACTED: {SAID}"
    assert record.provenance["note"].source == "crossref"
    done = desk("export", "--format", "bibtex", "-o", "refs.bib")
    assert f"{record.key}: RETRACTED: {SAID}" in done.err
    assert f"https://doi.org/{NOTICE}" in Path("refs.bib").read_text()
    checked = desk("check", "refs.bib")
    assert "VAL009" in checked.out + checked.err
    assert "a source says that the work was retracted" in checked.out + checked.err
    assert desk("verify", "refs.bib").code == 1  # the source's word is not the user's


@pytest.mark.slow
def test_who_has_said_it_is_left_alone(desk: Desk) -> None:
    entry = f"@article{{m, title={{{TITLE}}}, author={{Muster, Ada}}, year=2019, doi={{{DOI}}}, note={{Retracted}}}}\n"
    desk("import", "-", stdin=entry.encode())
    desk("enrich")
    assert desk.record().text("note") == "Retracted"
    done = desk("export", "--format", "bibtex", "-o", "refs.bib")
    assert "RETRACTED" not in done.err
    assert "VAL009" not in desk("check", "refs.bib").out


@pytest.mark.slow
def test_refs_says_which_cited_works_were_retracted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("all.bib").write_text(
        f"@article{{sea, title={{{TITLE}}}, author={{Muster, Ada}}, year=2019, note={{RETRACTED: {SAID}}}}}\n"
        "@book{land, title={Land}, author={Probe, Ben}, year=2001, publisher={Inland}}\n"
    )
    Path("bibtool.toml").write_text('[refs]\nsources = ["all.bib"]\noutput = "refs.bib"\n')
    Path("paper.tex").write_text(
        "\\documentclass{article}\\begin{document}\\cite{sea,land}\\bibliography{refs}\\end{document}\n"
    )
    done = call(monkeypatch, "refs")
    assert done.code == 0, done
    assert "'sea' was retracted, its entry says" in done.err
    assert "'land' was retracted" not in done.err


@pytest.mark.parametrize("values", [{"note": "Retracted in 2021"}, {"note": "With a map"}, {"title": "RETRACTED: Sea"}])
def test_a_note_or_title_of_its_own_stays(values: dict[str, str]) -> None:
    record = Record("a", "book", title="Sea").with_values(values)
    assert with_retraction(record, SAID, Provenance(source="crossref")) == record
    assert not retraction_of(record)
