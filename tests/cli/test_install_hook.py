"""``bibtool install-hook``: a git hook in a repository made on the spot."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.runner import call
from tests.project.making import KNUTH, KNUTH_WRITTEN, cite, make

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    names = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", *names, *arguments], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make(tmp_path / "a repository", "knuth84", bib="")
    assert git(folder, "init", "-q").returncode == 0
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.slow
def test_the_way_of_a_commit(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = repository / ".git" / "hooks" / "pre-commit"
    before = "#!/bin/sh\necho before >> called\n"
    hook.write_text(before)
    hook.chmod(0o755)
    assert call(monkeypatch, "install-hook").code == 0
    assert call(monkeypatch, "install-hook").code == 0, "twice does no harm"
    git(repository, "add", ".")
    done = git(repository, "commit", "-m", "one")
    assert done.returncode == 1
    assert "paper.tex:3:7: error: no entry for 'knuth84'" in done.stderr
    assert (repository / "called").read_text() == "before\n"
    (repository / "all.bib").write_text(KNUTH)
    git(repository, "add", "all.bib")
    done = git(repository, "commit", "-m", "two")
    assert (done.returncode, "next: git add refs.bib bibtool.lock" in done.stderr) == (1, True)
    done = git(repository, "commit", "-m", "three")
    assert (done.returncode, "not part of this commit" in done.stderr) == (1, True), (
        "the new files are not in the commit yet"
    )
    git(repository, "add", "refs.bib", "bibtool.lock")
    done = git(repository, "commit", "-m", "four")
    assert done.returncode == 0, done.stderr
    assert call(monkeypatch, "install-hook", "--uninstall").code == 0
    assert hook.read_text() == before


def test_a_hook_before_ours_that_fails_stops_the_commit(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nexit 7\n")
    hook.chmod(0o755)
    call(monkeypatch, "install-hook")
    cite(repository)
    git(repository, "add", ".")
    assert git(repository, "commit", "-m", "x").returncode != 0
    assert not (repository / "refs.bib").exists()


@pytest.mark.slow
def test_the_hook_takes_no_module_from_the_repository(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a colleague committed as click.py would run at the next commit of everybody."""
    for name in ("bibtool", "click", "json", "tomllib", "gc"):
        (repository / f"{name}.py").write_text("open('owned', 'w')\n", encoding="utf-8")
    (repository / "all.bib").write_text(KNUTH)
    call(monkeypatch, "install-hook")
    git(repository, "add", ".")
    done = git(repository, "commit", "-m", "one")
    assert "next: git add refs.bib bibtool.lock" in done.stderr
    assert not (repository / "owned").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["-P", "-", "a b"])
def test_a_folder_whose_name_looks_like_an_option(repository: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    paper = make(repository / name, "knuth84", bib=KNUTH)
    monkeypatch.chdir(paper)
    call(monkeypatch, "install-hook")
    git(repository, "add", ".")
    assert git(repository, "commit", "-m", "x").returncode == 1
    assert KNUTH_WRITTEN in (paper / "refs.bib").read_text()


@pytest.mark.slow
def test_settings_below_the_root(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = make(repository / "papers" / "it's one", "knuth84", bib=KNUTH)
    monkeypatch.chdir(paper)
    assert call(monkeypatch, "install-hook").code == 0
    git(repository, "add", ".")
    assert git(repository, "commit", "-m", "x").returncode == 1
    assert KNUTH_WRITTEN in (paper / "refs.bib").read_text()
    git(repository, "add", ".")
    assert git(repository, "commit", "-m", "x").returncode == 0


def test_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    done = call(monkeypatch, "install-hook")
    assert (done.code, "not in a git repository" in done.err) == (2, True)
