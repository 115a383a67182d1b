"""The comparison of two trees of bibtool; here a tree with itself, and with what another one could have answered."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.same_output import ROOT, commands, corpus, differences


def written(path: Path, *answers: tuple[str, dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(answer) + "\n" for answer in answers))
    return path


def test_each_difference_is_named_with_its_first_line(tmp_path: Path) -> None:
    answer = {"out": "a\nb\nc\n", "messages": "", "code": 0}
    one = written(tmp_path / "one", ("list", answer), ("fmt x", answer))
    other = written(tmp_path / "other", ("list", answer), ("fmt x", {**answer, "out": "a\nB\n", "code": 1}))
    assert list(differences(one, one)) == []
    assert list(differences(one, other)) == [("fmt x", "code: '0' became '1'"), ("fmt x", "out: 'b' became 'B'")]


def test_every_bib_file_of_the_fixtures_is_asked_for_everything() -> None:
    files = corpus("fixtures")
    assert len(files) > 400
    bib = next(path for path in files if path.suffix == ".bib")
    asked = [command[0] for command in commands(bib)]
    assert {"convert", "fmt", "check", "diff"} == set(asked)


@pytest.mark.slow
def test_a_tree_is_the_same_as_itself() -> None:
    command = [sys.executable, "-m", "benchmarks.same_output", str(ROOT), "--only", "fixtures/nbib"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("0 differences\n")
