"""The hooks for pre-commit: their table, and the way of a commit with the real program."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bibtool.cli.commands import COMMANDS
from tests.project.making import KNUTH, cite

ROOT = Path(__file__).parents[2]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
PENDING = {"refresh"} - set(COMMANDS)


def test_the_hooks() -> None:
    ids = ["bibtool-check", "bibtool-fmt", "bibtool-refs", "bibtool-verify", "bibtool-refresh"]
    assert [one["id"] for one in HOOKS] == ids
    by_id = {one["id"]: one for one in HOOKS}
    assert by_id["bibtool-check"]["types_or"] == by_id["bibtool-fmt"]["types_or"] == ["bib"]
    assert "--offline" in by_id["bibtool-verify"]["entry"].split()
    assert by_id["bibtool-refs"]["pass_filenames"] is False
    assert by_id["bibtool-refs"]["require_serial"] is True
    assert by_id["bibtool-refresh"]["stages"] == ["manual"]


@pytest.mark.parametrize("hook", HOOKS, ids=lambda one: one["id"])
def test_each_entry_is_a_command_with_the_options_that_it_names(hook: dict[str, Any]) -> None:
    program, name, *options = hook["entry"].split()
    assert program == "bibtool-hook"
    assert "args" not in hook, "args can be replaced by users, so nothing that has to hold may stand there"
    if name in PENDING:
        pytest.skip(f"there is no command {name} yet")
    from importlib import import_module

    module, _, attribute = COMMANDS[name][0].partition(":")
    command = getattr(import_module(module), attribute)
    known = {option for parameter in command.params for option in parameter.opts}
    assert set(options) <= known


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("paper.tex", True), ("a/b.qmd", True), ("b.Rmd", True), ("x.md", True), ("x.typ", True), ("x.org", True),
        ("x.rst", True), ("refs.bib", True), ("bibtool.toml", True), ("sub/bibtool.lock", True),
        ("pyproject.toml", True),
        ("a.py", False), ("figure.pdf", False), ("x.tex.txt", False), ("notbibtool.lock", False),
    ],
)  # fmt: skip
def test_the_files_that_start_the_bibliography(path: str, wanted: bool) -> None:
    (pattern,) = [one["files"] for one in HOOKS if one["id"] == "bibtool-refs"]
    assert bool(re.search(pattern, path)) is wanted


# ---- with the real pre-commit ---------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str, closed: bool = False) -> subprocess.CompletedProcess[str]:
    names = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false"]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for name in [name for name in environment if name.startswith(("GIT_", "PRE_COMMIT_FROM"))]:
        del environment[name]
    if closed:  # nothing listens on port 9, so whoever asks for the network is refused
        environment |= dict.fromkeys(("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
        environment["PIP_INDEX_URL"] = "http://127.0.0.1:9/simple"
    return subprocess.run(
        ["git", *names, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=900,
    )


def hook_repository(folder: Path) -> str:
    """This checkout as a git repository; its commit."""
    folder.mkdir()
    for name in ("bibtool", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    git(folder, "init", "-q")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "-q", "-m", "state")
    return git(folder, "rev-parse", "HEAD").stdout.strip()


@pytest.mark.slow
def test_the_way_of_a_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = Path(sys.executable).parent / "pre-commit"
    if not program.exists():
        pytest.skip("pre-commit is not installed: pip install pre-commit")
    commit = hook_repository(tmp_path / "hooks")
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    paper = tmp_path / "paper"
    paper.mkdir()
    git(paper, "init", "-q")
    cite(paper, "knuth84")
    (paper / "own.bib").write_text("@misc{other, title={Other}}\n")
    (paper / "bibtool.toml").write_text('[refs]\nsources = ["library", "own.bib"]\n')
    hooks = "".join(f"      - id: {name}\n" for name in ("bibtool-check", "bibtool-fmt", "bibtool-refs"))
    (paper / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {tmp_path / 'hooks'}\n    rev: {commit}\n    hooks:\n{hooks}"
    )
    for words in (["install"], ["install-hooks"]):
        made = subprocess.run(
            [str(program), *words], cwd=paper, capture_output=True, text=True, check=False, timeout=900
        )
        if made.returncode and "Could not find a version" in made.stdout + made.stderr:
            pytest.skip("the package registry can't be reached")
        assert made.returncode == 0, made.stdout + made.stderr

    git(paper, "add", ".")
    assert git(paper, "commit", "-m", "1", closed=True).returncode != 0  # the layout of own.bib is mended
    git(paper, "add", ".")
    done = git(paper, "commit", "-m", "1", closed=True)
    assert done.returncode != 0
    assert "paper.tex:3:7: error: no entry for 'knuth84'" in done.stderr
    assert not (paper / "refs.bib").exists()

    with (paper / "own.bib").open("a") as stream:
        stream.write(f"\n@string{{cj = {{The Computer Journal}}}}\n\n{KNUTH}\n")
    subprocess.run([sys.executable, "-m", "bibtool", "fmt", "own.bib"], cwd=paper, capture_output=True, check=True)
    git(paper, "add", ".")
    done = git(paper, "commit", "-m", "2", closed=True)
    assert done.returncode != 0
    assert "next: git add refs.bib bibtool.lock" in done.stderr, done.stderr
    assert "knuth84" in (paper / "refs.bib").read_text()

    git(paper, "add", ".")
    done = git(paper, "commit", "-m", "3", closed=True)
    assert done.returncode == 0, done.stderr
    assert git(paper, "status", "--porcelain").stdout == ""

    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(paper), str(clone))
    (clone / "bibtool.toml").write_text('[refs]\nsources = ["library"]\n')  # a co-author without any source
    with (clone / "paper.tex").open("a") as stream:
        stream.write("% more\n")
    subprocess.run([str(program), "install"], cwd=clone, capture_output=True, check=True)
    git(clone, "add", ".")
    done = git(clone, "commit", "-m", "4", closed=True)
    assert done.returncode == 0, done.stderr
    for name in ("refs.bib", "bibtool.lock"):
        assert (clone / name).read_bytes() == (paper / name).read_bytes()
