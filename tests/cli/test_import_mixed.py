"""``bibtool import`` of a text with a page and a list of references in it: each reader has its part."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bibtool.store import open_library
from tests.cli.runner import Outcome, call, process

REFERENCES = (
    "[1] M. Aldous, T. Brennan, The slow death of tidal clocks, Journal of Invented Horology 12 (3) (2014) 201–219.",
    "[2] R. Okafor, J. Lind, Moorings and memory, Journal of Invented Horology 14 (1) (2016) 33–58.",
    "[3] J. Smythe, A. Lind, The old buildings of Port Ellery, Journal of Invented Horology, forthcoming.",
    "[4] P. Novak, Rain gauges of the northern islands, Journal of Invented Horology 15 (2) (2017) 77–90.",
)
TAKEN = {"The slow death of tidal clocks", "Moorings and memory", "Rain gauges of the northern islands"}
DOUBTFUL = "The old buildings of Port Ellery"
PAGES = ("scholar-profile-1", "dblp-1", "orcid-1", "pubmed-1")


class Paste:
    """A folder with a page and references in one text, and the import command in it."""

    def __init__(self, folder: Path, page: str, fixtures: Path) -> None:
        self.folder = folder
        self.page = (fixtures / "paste" / f"{page}.txt").read_text(encoding="utf-8").rstrip("\n").splitlines()
        expected = json.loads((fixtures / "paste" / "expected.json").read_text(encoding="utf-8"))
        self.titles = {title for title, _, _ in expected[f"{page}.txt"]}
        lines = [*self.page, "", "References", "", *REFERENCES]
        self.doubtful_line = lines.index(REFERENCES[2]) + 1
        (folder / "paste.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def titles_in(self, library: str = "library.sqlite") -> set[str]:
        path = self.folder / library
        if not path.exists():
            return set()
        with open_library(str(path)) as opened:
            return {record.title for record in opened.records()}


@pytest.fixture(params=PAGES)
def paste(request: pytest.FixtureRequest, tmp_path: Path, fixtures: Path) -> Paste:
    return Paste(tmp_path, request.param, fixtures)


@pytest.mark.slow
def test_page_and_references_are_read_and_the_doubtful_one_is_left_out(
    paste: Paste, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(paste.folder)

    def run(*arguments: str) -> Outcome:
        return call(monkeypatch, "import", "paste.txt", "--library", "library.sqlite", *arguments)

    first = run()
    assert paste.titles_in() == paste.titles | TAKEN
    assert f"line {paste.doubtful_line}: doubtful, not imported: " in first.err
    assert first.code == 1
    again = run()
    assert paste.titles_in() == paste.titles | TAKEN
    assert again.code == 1
    accepted = run("--accept", str(paste.doubtful_line))
    assert paste.titles_in() == paste.titles | TAKEN | {DOUBTFUL}
    assert accepted.code == 0


@pytest.mark.slow
def test_a_real_run_writes_no_doubtful_reference_unless_it_is_accepted(tmp_path: Path, fixtures: Path) -> None:
    paste = Paste(tmp_path, PAGES[0], fixtures)
    command = ("import", "paste.txt", "--library", "library.sqlite")
    dry = process(*command, "--dry-run", "--json", cwd=tmp_path)
    data = json.loads(dry.out)
    assert [doubtful["line"] for doubtful in data["doubtful"]] == [paste.doubtful_line]
    assert DOUBTFUL not in {record["item"]["title"] for record in data["records"]}
    assert paste.titles_in() == set()
    refused = process(*command, cwd=tmp_path)
    assert (refused.code, paste.titles_in()) == (1, paste.titles | TAKEN)
    assert "Traceback" not in refused.err
    accepted = process(*command, "--accept", str(paste.doubtful_line), cwd=tmp_path)
    assert (accepted.code, paste.titles_in()) == (0, paste.titles | TAKEN | {DOUBTFUL})
