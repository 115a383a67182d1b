"""Faults around the files of a project: killed, linked in circles, read-only, foreign line ends and encodings."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bibtool.errors import InputError, OutputError
from bibtool.files import write_atomic
from tests.project.making import BIB, KNUTH, LAMPORT, cite, codes, make, output, run

if TYPE_CHECKING:
    from pathlib import Path

CRLF = {"refs.bib", "all.bib", "bibtool.lock", "paper.tex", "bibtool.toml"}


# ---- killed ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("at", range(1, 5))
def test_a_refresh_killed_at_any_write_leaves_the_lock_whole(tmp_path: Path, at: int) -> None:
    """`bibtool refresh` writes the lock, or one file, by the same means as `bibtool refs`."""
    path = tmp_path / "bibtool.lock"
    path.write_bytes(b"old\n")
    program = f"""
import os, sys
from pathlib import Path
count = 0
def counted(real):
    def call(*args, **kwargs):
        global count
        count += 1
        if count == {at}:
            os._exit(9)
        return real(*args, **kwargs)
    return call
os.fsync, os.replace, os.open, os.fchmod = map(counted, (os.fsync, os.replace, os.open, os.fchmod))
from bibtool.files import write_atomic
write_atomic(Path({str(path)!r}), b"new and longer\\n")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 9, done.stderr
    assert path.read_bytes() in (b"old\n", b"new and longer\n")
    assert write_atomic(path, b"new and longer\n")
    assert path.read_bytes() == b"new and longer\n"


def test_a_disk_that_is_full_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "lamport94")
    run(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    cite(tmp_path, "lamport94", "knuth84")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"refs\.bib: can't be written: No space left on device") as caught:
        run(tmp_path)
    assert caught.value.hint == "the file was not changed"
    del before["paper.tex"]
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    assert {path.name for path in tmp_path.iterdir()} == {*before, "paper.tex"}


# ---- links ----------------------------------------------------------------------------------------------------------


def test_links_to_sources_and_lock_are_followed_and_stay(tmp_path: Path) -> None:
    folder = make(tmp_path / "p", "lamport94")
    (folder / "all.bib").rename(folder / "shared.bib")
    (folder / "all.bib").symlink_to("shared.bib")
    (folder / "bibtool.lock").symlink_to("shared.lock")  # leads to nothing yet
    run(folder)
    assert LAMPORT in output(folder)
    assert (folder / "bibtool.lock").is_symlink()
    assert b"lamport94" in (folder / "shared.lock").read_bytes()
    assert run(folder).changes == ()


def test_a_source_that_is_a_link_to_the_output_is_no_source(tmp_path: Path) -> None:
    folder = make(tmp_path, "lamport94", bib=None)
    (folder / "refs.bib").write_text(LAMPORT + "\n")
    (folder / "all.bib").symlink_to("refs.bib")
    plan = run(folder)
    assert (codes(plan), [str(one) for one in plan.changes]) == ([], ["bibtool.lock: added lamport94"])
    assert output(folder) == LAMPORT + "\n"


def test_a_link_that_leads_to_itself(tmp_path: Path) -> None:
    folder = make(tmp_path, "lamport94", bib=None)
    (folder / "all.bib").symlink_to("all.bib")
    plan = run(folder)
    assert codes(plan) == ["undefined-key"]
    assert "not on this machine: all.bib" in str(plan.problems[0].hint)
    (folder / "all.bib").unlink()
    (folder / "all.bib").write_text(BIB)
    (folder / "refs.bib").symlink_to("other.bib")
    (folder / "other.bib").symlink_to("refs.bib")
    with pytest.raises(OutputError, match=r"refs\.bib: can't be written: Too many levels of symbolic links"):
        run(folder)
    assert (folder / "refs.bib").is_symlink()


def test_an_output_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    folder = make(tmp_path, "lamport94", settings='output = "build/refs.bib"\n')
    with pytest.raises(OutputError, match="No such file") as caught:
        run(folder)
    assert caught.value.hint == f"create the folder {folder / 'build'}, or name another file"
    assert not (folder / "bibtool.lock").exists()


@pytest.mark.slow
def test_an_output_that_is_a_pipe_is_written_to_and_not_read(tmp_path: Path) -> None:
    folder = make(tmp_path, "lamport94", settings='output = "/dev/stdout"\n')
    call = [sys.executable, "-m", "bibtool", "refs", "--allow", "/dev/stdout"]
    done = subprocess.run(call, cwd=folder, capture_output=True, stdin=subprocess.PIPE, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert b"@book{lamport94,\n" in done.stdout


# ---- line ends and encodings ----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("changed", [{"refs.bib"}, {"all.bib"}, {"bibtool.lock"}, {"refs.bib", "all.bib"}, CRLF])
def test_line_ends_that_git_has_changed_in_some_files(tmp_path: Path, changed: set[str]) -> None:
    make(tmp_path, "knuth84", "part")
    run(tmp_path)
    for name in changed:
        path = tmp_path / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert run(tmp_path).changes == ()
    cite(tmp_path, "knuth84", "part", "lamport94")
    run(tmp_path)
    for name in ("refs.bib", "bibtool.lock"):
        data = (tmp_path / name).read_bytes()
        assert b"lamport94" in data
        assert data.count(b"\r\n") == (data.count(b"\n") if name in changed else 0)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8-sig", "utf-16"])
def test_a_key_with_an_accent_in_documents_and_sources_of_other_encodings(tmp_path: Path, encoding: str) -> None:
    make(tmp_path, "x", bib=None)
    text = "\\documentclass{article}\n% für alle\n\\cite{poincaré,missing-é}\n"
    (tmp_path / "paper.tex").write_bytes(text.encode(encoding))
    (tmp_path / "all.bib").write_bytes("@book{poincaré, title={Théorie}}\n".encode(encoding))
    plan = run(tmp_path)
    places = [(one.position.line, one.position.column) for one in plan.problems if one.code == "undefined-key"]
    assert places == [(3, 16)]
    run(tmp_path, allow_missing=True)
    assert "@book{poincaré, title={Théorie}}" in output(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("refs.bib", f"{LAMPORT}\r\n<<<<<<< HEAD\r\n{KNUTH}\r\n=======\r\n>>>>>>> other\r\n", 2),
        ("all.bib", f"{LAMPORT}\n<<<<<<< ours\n||||||| base\n=======\n>>>>>>> theirs\n", 2),
        ("bibtool.lock", "version = 1\n\n<<<<<<< ours\n||||||| base\n=======\n>>>>>>> theirs\n", 3),
        ("bibtool.lock", "version = 1\r\n\r\n<<<<<<< ours\r\n=======\r\n>>>>>>> theirs\r\n", 3),
    ],
)
def test_conflict_marks_in_any_layout(tmp_path: Path, name: str, text: str, line: int) -> None:
    make(tmp_path, "lamport94")
    (tmp_path / name).write_bytes(text.encode())
    with pytest.raises(InputError, match=f"{name}:{line}: .*merge conflict marks"):
        run(tmp_path)
    assert (tmp_path / name).read_bytes() == text.encode()
