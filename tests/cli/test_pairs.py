"""What `bibtool import` says of records of which nobody can tell whether they are one work."""

from __future__ import annotations

import json
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


@pytest.mark.parametrize("pair", [pair for pair in pairs() if pair.verdict == "doubtful"], ids=str)
def test_import_adds_both_and_says_so_in_one_line(pair: Pair, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "import", written(pair, folder))
    assert "2 added" in done.err
    lines = [line for line in done.err.splitlines() if "k1" in line and "k2" in line]
    assert len(lines) == 1
    assert "bibtool " in done.err.partition(lines[0])[2] + lines[0]  # the command that decides


@pytest.mark.parametrize("pair", [pair for pair in pairs() if pair.kind == "conference"], ids=str)
def test_both_keys_are_of_use_after_an_import(pair: Pair, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call(monkeypatch, "import", written(pair, folder))
    shown = [json.loads(call(monkeypatch, "show", key, "--json").out) for key in ("k1", "k2")]
    assert shown[0] != shown[1]
