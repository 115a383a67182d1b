"""One script in docs/ makes all targets of `bibtool cv` from the listing and the arXiv server."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from bibtool.cv.targets import TARGETS, Target
from tests.docs.making import PRODUCTS, SCRIPT, Made, make
from tests.docs.scenes import Scenes

pytestmark = pytest.mark.slow


def files(made: Made, target: str) -> list[Path]:
    path = made.path(target)
    return [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())


def test_the_script_names_every_target() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert list(PRODUCTS) == [target.name for target in TARGETS]
    for name, product in PRODUCTS.items():
        (line,) = [line for line in text.splitlines() if f"--to {name} " in line]
        assert line.endswith(f'-o "$work/{product}"')


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_every_target_is_there(target: Target, made: Made) -> None:
    assert made.path(target.name).is_dir() is target.is_folder
    found = files(made, target.name)
    assert found
    for path in found:
        assert path.stat().st_size, path


@pytest.mark.parametrize("target", [one.name for one in TARGETS if one.name not in {"docx", "biblatex"}])
def test_every_target_has_the_papers(target: str, made: Made) -> None:
    """49 of 50: one was withdrawn. Each target has its own tests besides."""
    text = "".join(path.read_text(encoding="utf-8") for path in files(made, target))
    assert "Uniform" in text
    assert "Simultaneous Transport Evolution" not in text
    assert "Geometric Factual Recall" in text


def test_the_owner_is_found_in_each(made: Made) -> None:
    data = json.loads(made.path("json").read_text(encoding="utf-8"))
    entries = [entry for section in data["sections"] for entry in section["entries"]]
    assert len(entries) == 49
    for entry in entries:
        assert [author["owner"] for author in entry["authors"]].count(True) == 1, entry["key"]


@pytest.mark.parametrize(("code", "ends"), [(0, 0), (4, 0), (1, 1)])
def test_the_script_goes_on_without_arxiv_only(tmp_path: Path, code: int, ends: int) -> None:
    program = tmp_path / "bibtool-hook"
    program.write_text(f'#!/bin/sh\necho "$5" >> calls\n[ "$5" != enrich ] || exit {code}\n', encoding="utf-8")
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["sh", SCRIPT, "profile.txt", "out"], cwd=tmp_path, env=environment, check=False)
    calls = (tmp_path / "calls").read_text(encoding="utf-8").split()
    assert (done.returncode, calls) == (ends, ["import", "enrich", *(["cv"] * len(TARGETS) if ends == 0 else [])])


def test_again_gives_the_same_bytes(made: Made, scenes: Scenes, tmp_path: Path) -> None:
    again = make(scenes, tmp_path)
    for name in PRODUCTS:
        for path in files(made, name):
            other = again.folder / path.relative_to(made.folder)
            assert other.read_bytes() == path.read_bytes(), path.relative_to(made.folder)
