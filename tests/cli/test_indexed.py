"""``bibtool enrich`` from the indexes of the settings, without a network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.runner import call

WORLD = """@inproceedings{full, title={Planning for slow robots in gardens}, author={Ash, Ada and Lind, Bo},
  year={2020}, booktitle={Conference on Robots in Gardens, ROGA 2020}, pages={10--19}, doi={10.1000/roga.1}}
@article{bees, title={Bees and their dances}, author={Elm, Eva}, year={2019}, journal={Journal of Bees}, volume={3}}
"""
SPARSE = """@misc{byid, title={Planning for slow robots in gardens}, author={Ash, A.}, doi={10.1000/roga.1}}
@article{bytitle, title={Bees and their dances}, author={Elm, Eva}, year={2019}, journal={Journal of Bees}}
@article{stranger, title={Bees and their dances}, author={Fir, Gil}, year={1950}, journal={Other Journal}}
"""


@pytest.mark.slow
def test_what_an_index_has_is_taken_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BIBTOOL_LIBRARY", str(tmp_path / "library.sqlite"))
    Path("world.bib").write_text(WORLD)
    Path("sparse.bib").write_text(SPARSE.replace("author={Ash, A.}", "author={Ash, A. and Lind, B.}"))
    Path("bibtool.toml").write_text('[sources]\nindex = ["x.index"]\n')
    assert call(monkeypatch, "index", "add", "world.bib").code == 0
    assert call(monkeypatch, "import", "sparse.bib").code == 0
    call(monkeypatch, "enrich", "--offline")
    shown = call(monkeypatch, "export", "--format", "bibtex").out
    entries = {entry.split("{", 1)[1].split(",")[0]: entry for entry in shown.split("\n@")}
    assert "ROGA 2020" in entries["byid"]
    assert "10--19" in entries["byid"]
    assert "volume" in entries["bytitle"]
    assert "volume" not in entries["stranger"]


def test_files_that_cannot_be_read_make_no_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty.bib").write_bytes(b"")
    done = call(monkeypatch, "index", "add", "missing.bib", "empty.bib", "--index", "x.index")
    assert (done.code, Path("x.index").exists()) == (1, False)
    assert done.err.splitlines() == [
        "bibtool: error: missing.bib: can't be opened: No such file or directory",
        "bibtool: error: empty.bib: the input is empty",
    ]
    done = call(monkeypatch, "index", "add", "missing.bib", "--index", "x.index", "--json")
    assert (done.code, json.loads(done.out)) == (1, {"index": "x.index", "records": 0, "files": []})
    Path("world.bib").write_text(WORLD)
    done = call(monkeypatch, "index", "add", "missing.bib", "world.bib", "--index", "x.index")
    assert (done.code, "x.index: 2 records" in done.err) == (1, True)
    # where there is an index already, it is opened all the same
    assert "x.index: 2 records" in call(monkeypatch, "index", "add", "missing.bib", "--index", "x.index").err


PREPRINTS = """@article{full, title={Planning for slow robots in gardens}, author={Ash, Ada and Lind, Bo}, year={2019},
  journal={arXiv preprint arXiv:1905.00001}, eprint={1905.00001}, archivePrefix={arXiv}}
@article{bees, title={Bees and their dances}, author={Elm, Eva}, year={2009}, eprint={0901.0002},
  archivePrefix={arXiv}}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an index in its settings, where no service can be reached."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BIBTOOL_LIBRARY", str(tmp_path / "library.sqlite"))
    monkeypatch.setenv("BIBTOOL_ARXIV_URL", "http://127.0.0.1:9/api/query")
    monkeypatch.setenv("BIBTOOL_ARXIV_DELAY", "0")
    monkeypatch.setenv("BIBTOOL_SOURCES", "none")
    Path("world.bib").write_text(WORLD)
    Path("bibtool.toml").write_text('[sources]\nindex = ["x.index"]\n')
    assert call(monkeypatch, "index", "add", "world.bib").code == 0
    return tmp_path


@pytest.mark.slow
def test_works_are_added_by_number_and_title_without_asking_a_service(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = call(monkeypatch, "add", "10.1000/ROGA.1", "bees and their dances", "--to", "refs.bib")
    assert done.code == 0, done.err
    written = (project / "refs.bib").read_text()
    assert "ROGA 2020" in written
    assert "Elm, Eva" in written
    assert call(monkeypatch, "import", "10.1000/roga.1").code == 0
    assert "ROGA 2020" in call(monkeypatch, "export", "--format", "bibtex").out


@pytest.mark.slow
def test_a_publication_of_the_index_is_taken_whole(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refs = project / "refs.bib"
    refs.write_text(PREPRINTS)
    call(monkeypatch, "refresh", "refs.bib")
    written = refs.read_text()
    full, bees = written.split("@article{bees")
    assert full.startswith("@inproceedings{full")
    for value in ("ROGA 2020", "10--19", "10.1000/roga.1", "2020", "eprint={1905.00001}"):
        assert value in full, value
    assert "arXiv preprint" not in full
    assert bees in PREPRINTS  # of 2009, the article is of 2019: another work, or who knows
