"""The pages about projects, make and latexmk: what they show can be used as it is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from bibtool.cli.config import all_settings, read_config
from tests.cli.runner import call
from tests.support.systems import posix

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "project.md").read_text(encoding="utf-8")
RECIPES = (ROOT / "docs" / "how-to" / "make.md").read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def test_every_setting_of_refs_is_explained(tmp_path: Path) -> None:
    for one in all_settings():
        if one.name.startswith("refs."):
            assert f"`{one.name.removeprefix('refs.')}`" in PAGE
    (text,) = blocks(PAGE, "toml")
    (tmp_path / "bibtool.toml").write_text(text)
    assert read_config(tmp_path / "bibtool.toml").refs.sources == tuple(tomllib.loads(text)["refs"]["sources"])


def test_every_hook_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [one["id"] for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())]
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    shown, options, local = map(yaml.safe_load, blocks(PAGE, "yaml"))
    assert [one["id"] for one in shown["repos"][0]["hooks"]] == ids
    helped = call(monkeypatch, "check", "--help").out
    assert [arg for arg in options[0]["args"] if arg.startswith("--") and arg not in helped] == []
    published = {hook["id"]: hook for hook in hooks}
    for hook in local["repos"][0]["hooks"]:
        for name in ("entry", "pass_filenames", "require_serial"):
            assert hook.get(name) == published[hook["id"]].get(name), name


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_the_makefile(fixtures: Path, tmp_path: Path) -> None:
    paper = shutil.copytree(fixtures / "project", tmp_path / "paper")
    (paper / "refs.bib").unlink()
    (text,) = blocks(RECIPES, "make")
    (paper / "Makefile").write_text(text.replace("latexmk -pdf paper.tex", "echo pdf > paper.pdf"))
    environment = {**os.environ, "REFS": f"{sys.executable} -m bibtool refs"}

    def make() -> str:
        done = subprocess.run(["make"], cwd=paper, env=environment, capture_output=True, text=True, check=True)
        return done.stdout + done.stderr

    assert "wrote refs.bib" in make()
    assert (paper / "refs.bib").read_bytes() == (fixtures / "project" / "refs.bib").read_bytes()
    assert "up to date" in make()


@posix
@pytest.mark.skipif(shutil.which("perl") is None, reason="perl is not installed")
def test_the_settings_of_latexmk_stop_where_a_key_is_missing(tmp_path: Path) -> None:
    (text,) = blocks(RECIPES, "perl")
    (tmp_path / "bin").mkdir()
    hook = tmp_path / "bin" / "bibtool-hook"
    environment = {**os.environ, "PATH": f"{hook.parent}{os.pathsep}{os.environ['PATH']}"}
    for code in (0, 1):
        hook.write_text(f"#!/bin/sh\nexit {code}\n")
        hook.chmod(0o755)
        done = subprocess.run(["perl", "-e", text], env=environment, capture_output=True, check=False)
        assert (done.returncode == 0) is (code == 0)
