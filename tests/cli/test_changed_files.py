"""Every command that changes a file in place: an edit that another program makes meanwhile stays."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bibtool import files
from bibtool.cli.folders import JOURNAL, FolderFiles, write_folder
from bibtool.errors import FileChangedError, OutputError
from tests.cli.runner import call
from tests.support.systems import posix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from bibtool.files import Original

BIB = """@article{a, title={One Title of a Paper}, author={Ash, Ann}, year=2020, pages={1-2}, doi={10.5555/x}}
@article{b, title={One Title of a Paper}, author={Ash, Ann}, year=2020, pages={1-2}, doi={10.5555/x}}
"""
MINE = "@misc{mine, title={Mine}}\n"

COMMANDS = {
    "fmt": ("fmt", "refs.bib"),
    "check --fix": ("check", "--fix", "refs.bib"),
    "check --add-ignores": ("check", "--add-ignores", "refs.bib"),
    "dedupe --apply": ("dedupe", "--apply", "refs.bib"),
    "refs": ("refs",),
    "merge-driver": ("merge-driver", "base.bib", "refs.bib", "theirs.bib"),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "refs.bib").write_text(BIB)
    (tmp_path / "base.bib").write_text(BIB)
    (tmp_path / "theirs.bib").write_text(BIB + "@misc{theirs, title={Theirs}}\n")
    (tmp_path / "all.bib").write_text("@misc{new, title={New}}\n")
    (tmp_path / "paper.tex").write_text("\\documentclass{article}\\cite{a,b,new}\n")
    (tmp_path / "bibtool.toml").write_text('[refs]\nsources = ["all.bib"]\noutput = "refs.bib"\nkeep = true\n')
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_an_edit_made_meanwhile_stays(project: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The edit comes after the command has read the file and before it writes."""
    refs = project / "refs.bib"
    real, real_check = files.rewrite, files.check_unchanged

    def edit() -> None:
        if MINE not in refs.read_text():
            refs.write_text(refs.read_text() + MINE)

    def late(original: Original, data: bytes) -> bool:
        edit()
        return real(original, data)

    def late_check(files: Iterable[tuple[Original, bytes]]) -> None:
        edit()
        real_check(files)

    for module in ("bibtool.files", "bibtool.project.workspace"):
        monkeypatch.setattr(f"{module}.rewrite", late)
        monkeypatch.setattr(f"{module}.check_unchanged", late_check)
    done = call(monkeypatch, *COMMANDS[name])
    assert done.code == (129 if name == "merge-driver" else 1)
    assert "changed while bibtool was working; nothing was written to it" in done.err
    assert refs.read_text() == BIB + MINE
    assert not (project / "bibtool.lock").exists()
    monkeypatch.undo()
    monkeypatch.chdir(project)
    assert call(monkeypatch, *COMMANDS[name]).code in (0, 1)
    assert "mine" in refs.read_text()
    assert refs.read_text() != BIB + MINE


@posix
@pytest.mark.parametrize("name", ["fmt", "check --fix", "check --add-ignores", "dedupe --apply", "merge-driver"])
def test_a_pipe_is_refused_without_waiting(project: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (project / "refs.bib").unlink()
    os.mkfifo(project / "refs.bib")
    done = call(monkeypatch, *COMMANDS[name])
    assert done.code == (129 if name == "merge-driver" else 1)
    assert "this is a pipe, not a file that can be changed in place" in done.err


@posix
def test_hard_links_that_are_cut_are_said(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.link(project / "refs.bib", project / "second.bib")
    done = call(monkeypatch, "fmt", "refs.bib")
    assert done.code == 0
    assert "bibtool: refs.bib: it was one file under 2 names (hard links); the others keep the old content" in done.err


# ---- folders of pages -----------------------------------------------------------------------------------------------

PAGES = {"content/a/index.md": b"A\n", "content/b/index.md": b"B\n", "top.md": b"T\n"}
NEXT = {"top.md": b"T\n"}


def written(folder: Path, pages: dict[str, bytes]) -> list[Path]:
    existing = FolderFiles(folder, ("*.md", "content/*/*.md"))
    changed = {name: data for name, data in pages.items() if name not in existing or existing[name] != data}
    return write_folder(folder, changed, existing)


@posix
@pytest.mark.slow
@pytest.mark.parametrize("step", ["os.replace", "os.link", "os.fsync", "Path.mkdir"])
@pytest.mark.parametrize("at", range(1, 6))
def test_a_killed_run_leaves_whole_pages_and_the_next_one_nothing_stray(tmp_path: Path, step: str, at: int) -> None:
    """Also where the next run no longer wants the page that was being written."""
    child = os.fork()
    if child == 0:
        try:
            die_at(step, at)
            written(tmp_path / "site", PAGES)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    site = tmp_path / "site"
    for name, data in PAGES.items():
        assert not (site / name).exists() or (site / name).read_bytes() == data
    written(site, NEXT)
    names = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert "top.md" in names
    assert names <= set(PAGES)
    assert all(any(path.iterdir()) for path in site.rglob("*") if path.is_dir())
    written(site, PAGES)
    assert {name: (site / name).read_bytes() for name in PAGES} == PAGES
    assert not (site / JOURNAL).exists()


def die_at(step: str, at: int) -> None:
    import pathlib

    owner = pathlib.Path if step == "Path.mkdir" else os
    name = step.partition(".")[2]
    real: Callable[..., object] = getattr(owner, name)
    calls = 0

    def deadly(*arguments: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        result = real(*arguments, **named)
        if calls == at:
            os._exit(9)
        return result

    setattr(owner, name, deadly)


def test_a_page_that_changes_meanwhile_and_one_that_was_not_read_stay(tmp_path: Path) -> None:
    existing = FolderFiles(tmp_path, ("*.md",))
    (tmp_path / "new.md").write_bytes(b"somebody's\n")
    with pytest.raises(OutputError, match=r"new\.md: is a link, hidden, too large or new"):
        write_folder(tmp_path, {"new.md": b"ours\n"}, existing)
    existing = FolderFiles(tmp_path, ("*.md",))
    assert existing["new.md"] == b"somebody's\n"
    (tmp_path / "new.md").write_bytes(b"edited\n")
    with pytest.raises(OutputError, match="changed while bibtool was working"):
        write_folder(tmp_path, {"new.md": b"ours\n"}, existing)
    assert [path.name for path in tmp_path.iterdir()] == ["new.md"]
    assert (tmp_path / "new.md").read_bytes() == b"edited\n"


def test_a_file_that_another_run_has_written_the_same_is_no_change(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_bytes(b"old")
    original = files.Original.of(path, b"old")
    path.write_bytes(b"new")
    files.check_unchanged([(original, b"new")])
    assert files.rewrite(original, b"new") is False
    with pytest.raises(FileChangedError):
        files.check_unchanged([(original, b"other")])
    new = files.Original.of(tmp_path / "none.bib", None)
    new.path.write_bytes(b"new")
    assert files.rewrite(new, b"new") is False
