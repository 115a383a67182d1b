"""``bibtool enrich`` from the indexes of the settings, without a network."""

from __future__ import annotations

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
