"""What `bibtool import` says of records of which nobody can tell whether they are one work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.runner import call
from tests.works.table import Pair, pairs

if TYPE_CHECKING:
    from pathlib import Path

ENDINGS = {"bibtex": "bib", "csl-json": "json", "ris": "ris"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BIBTOOL_LIBRARY", str(tmp_path / "library.sqlite"))
    return tmp_path


def written(pair: Pair, folder: Path) -> str:
    """The name of a file with both records."""
    path = folder / f"refs.{ENDINGS[pair.format]}"
    text = pair.text.replace("]\n[", ",") if pair.format == "csl-json" else pair.text
    path.write_text(text, encoding="utf-8")
    return path.name


def some(*kinds: str) -> pytest.MarkDecorator:
    """Every fourth pair of these kinds; all of them are imported in `tests/works/test_callers.py`."""
    return pytest.mark.parametrize("pair", [pair for pair in pairs() if pair.kind in kinds][::4], ids=str)


@pytest.mark.slow
@pytest.mark.parametrize("pair", [pair for pair in pairs() if pair.verdict == "doubtful"], ids=str)
def test_import_adds_both_and_says_so_in_one_line(pair: Pair, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "import", written(pair, folder))
    assert "2 added" in done.err
    lines = [line for line in done.err.splitlines() if "k1" in line and "k2" in line]
    assert len(lines) == 1
    assert "bibtool " in lines[0]  # the command that decides


@pytest.mark.slow
@some("thesis", "conference", "abstract", "translation", "edition", "data")
def test_two_manifestations_are_two_records(pair: Pair, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call(monkeypatch, "import", written(pair, folder))
    shown = [call(monkeypatch, "show", key, "--json") for key in ("k1", "k2")]
    assert [done.code for done in shown] == [0, 0]
    assert shown[0].out != shown[1].out


@pytest.mark.slow
@some("preprint")
def test_a_preprint_and_its_publication_are_one_record_with_two_keys(
    pair: Pair, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(monkeypatch, "import", written(pair, folder))
    shown = [call(monkeypatch, "show", key, "--json") for key in ("k1", "k2")]
    assert [done.code for done in shown] == [0, 0]
    assert shown[0].out == shown[1].out
    (folder / "paper.tex").write_text(r"\cite{k1} and \cite{k2}", encoding="utf-8")
    settings = '[refs]\nsources = ["library"]\ndocuments = ["paper.tex"]\noutput = "cited.bib"\n'
    (folder / "bibtool.toml").write_text(settings, encoding="utf-8")
    refs = call(monkeypatch, "refs")
    assert refs.code == 0
    assert "no entry" not in refs.err
