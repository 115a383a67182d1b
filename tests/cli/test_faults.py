"""System calls that fail or kill in the middle of a write, by ``strace -e inject``, full disks, and closed places.

A file is the old or the new one and never half of it, the error is one clear line, and the next run leaves nothing
behind. Skipped where strace is not installed or may not trace, and where no disk of some kilobytes can be mounted.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.support.systems import posix

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.support.arxiv_server import Server

PROJECT = Path(__file__).parents[2]
ERRORS = ("ENOSPC", "EIO", "EINTR")
FILE_CALLS = ("openat", "flock", "ftruncate", "write", "fchmod", "fsync", "rename", "link", "unlink")
LIBRARY_CALLS = ("openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
OLD = "@misc{o, title={Symmetric Single Index Learning}, author={Zweig, A. and Bruna, J.}, eprint={2310.02117}}\n"
BIB = "@misc{b, title={B}}\n@misc{a, title={A}}\n"

pytestmark = [posix, pytest.mark.slow]


class Target(NamedTuple):
    """A command, and the files that it writes."""

    arguments: Sequence[str]
    files: Sequence[str]
    calls: Sequence[str]


TARGETS = {
    "fmt": Target(("fmt", "refs.bib"), ("refs.bib",), FILE_CALLS),
    "convert": Target(("convert", "refs.bib", "-o", "out.json"), ("out.json",), FILE_CALLS),
    "refs": Target(("refs",), ("out.bib", "bibtool.lock"), FILE_CALLS),
    "import": Target(("import", "refs.bib", "--library", "l.sqlite"), ("l.sqlite",), LIBRARY_CALLS),
    "edit": Target(("edit", "o", "title=N", "--library", "l.sqlite"), ("l.sqlite",), LIBRARY_CALLS),
    "enrich": Target(("enrich", "o", "--library", "l.sqlite"), ("l.sqlite",), LIBRARY_CALLS),
}


@functools.cache
def can_trace() -> bool:
    """Whether strace is there and may trace a process; a container often forbids it."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False).returncode == 0


def bibtool(folder: Path, *arguments: str, before: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    call = [*before, sys.executable, "-m", "bibtool", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "BIBTOOL_CACHE": str(folder.parent / "cache")}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    return subprocess.run(
        call, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120, errors="replace"
    )


def prepare(folder: Path) -> None:
    folder.mkdir()
    (folder / "refs.bib").write_text(BIB)
    (folder / "old.bib").write_text(OLD)
    (folder / "paper.tex").write_text("\\cite{a,b}\n")
    (folder / "bibtool.toml").write_text('[refs]\nsources = ["refs.bib"]\noutput = "out.bib"\n')
    assert bibtool(folder, "import", "old.bib", "--library", "l.sqlite").returncode == 0


def state(folder: Path, files: Sequence[str]) -> dict[str, object]:
    """What each of the files holds, None where there is none; the records of a library without times."""
    contents: dict[str, object] = {}
    for name in files:
        path = folder / name
        if path.suffix == ".sqlite":
            with closing(sqlite3.connect(path)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                rows = connection.execute("SELECT key, data FROM record ORDER BY key")
                contents[name] = [(key, TIME.sub("TIME", data)) for key, data in rows]
        elif path.suffix == ".lock":
            lines = path.read_text().splitlines() if path.exists() else None
            contents[name] = lines and [line for line in lines if "20" not in line]
        else:
            contents[name] = path.read_bytes() if path.exists() else None
    return contents


def paths_of(folder: Path, files: Sequence[str]) -> list[str]:
    """The files, the temporary ones next to them, and the journals of a library, as options of strace."""
    options = []
    for name in files:
        checksum = zlib.crc32(os.fsencode(name))
        names = [name, f".bibtool-{checksum:08x}-0.tmp", *(f"{name}-{end}" for end in ("journal", "wal", "shm"))]
        options += [option for path in names for option in ("-P", str(folder / path))]
    return options


@pytest.mark.parametrize("name", TARGETS)
def test_a_system_call_that_fails(tmp_path: Path, name: str, server: Server) -> None:
    if not can_trace():
        pytest.skip("strace is not installed, or may not trace")
    target = TARGETS[name]
    start, whole = tmp_path / "start", tmp_path / "whole"
    prepare(start)
    shutil.copytree(start, whole)
    assert bibtool(whole, *target.arguments).returncode == 0
    old, new = state(start, target.files), state(whole, target.files)
    failed = 0
    for call in target.calls:
        for error in ERRORS:
            folder = tmp_path / f"{call}-{error}"
            shutil.copytree(start, folder)
            inject = ["-e", f"trace={call}", "-e", f"inject={call}:error={error}:when=1+"]
            if error == "EINTR":  # again and again would be a signal that never stops
                inject[-1] = f"inject={call}:error={error}:when=1"
            trace = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", os.devnull, *paths_of(folder, target.files), *inject]
            done = bibtool(folder, *target.arguments, before=trace)
            case = f"{call} {error}: {done.returncode} {done.stderr}"
            assert done.returncode in (0, 1), case
            assert "Traceback" not in done.stderr, case
            now = state(folder, target.files)
            assert all(now[path] in (old[path], new[path]) for path in target.files), case
            if done.returncode == 0:
                assert now == new, case
            else:
                failed += 1
                said = done.stderr.splitlines()
                assert any(line.startswith(("bibtool: ", "refs.bib", "warning")) for line in said), case
            again = bibtool(folder, *target.arguments)
            assert again.returncode == 0, f"{case}\n{again.stderr}"
            assert state(folder, target.files) == new, case
            assert not list(folder.rglob(".bibtool-*")), case
            shutil.rmtree(folder)
    assert failed > len(ERRORS)


def untouched_state(folder: Path, files: Sequence[str]) -> dict[str, object]:
    """The state, looked at in a copy: a look at a library plays its journal back, which is for the next run to do."""
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    seen = state(copy, files)
    shutil.rmtree(copy)
    return seen


@pytest.mark.parametrize("name", TARGETS)
def test_a_kill_at_a_system_call(tmp_path: Path, name: str, server: Server) -> None:
    """At the first, second, third, fifth, ... of each kind, until there is none left."""
    if not can_trace():
        pytest.skip("strace is not installed, or may not trace")
    target = TARGETS[name]
    start, whole = tmp_path / "start", tmp_path / "whole"
    prepare(start)
    shutil.copytree(start, whole)
    assert bibtool(whole, *target.arguments).returncode == 0
    old, new = state(start, target.files), state(whole, target.files)
    killed: set[str] = set()
    for call in target.calls:
        at, following = 1, 2
        while True:
            folder = tmp_path / f"{call}-{at}"
            shutil.copytree(start, folder)
            inject = ["-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={at}"]  # not with --seccomp-bpf
            trace = ["strace", "-f", "-qq", "-o", os.devnull, *paths_of(folder, target.files), *inject]
            done = bibtool(folder, *target.arguments, before=trace)
            case = f"{call} {at}: {done.returncode} {done.stderr}"
            now = untouched_state(folder, target.files)
            assert all(now[path] in (old[path], new[path]) for path in target.files), case
            if done.returncode == 0:
                shutil.rmtree(folder)
                break
            killed.add(call)
            again = bibtool(folder, *target.arguments)
            assert again.returncode == 0, f"{case}\n{again.stderr}"
            assert state(folder, target.files) == new, case
            assert not list(folder.rglob(".bibtool-*")), case
            shutil.rmtree(folder)
            at, following = following, at + following
    assert len(killed) > 3


@functools.cache
def can_mount() -> bool:
    """Whether a small disk can be mounted, which needs the administrator."""
    return sys.platform == "linux" and os.getuid() == 0 and shutil.which("mount") is not None


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if not can_mount() or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root on Linux can mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("name", TARGETS)
def test_a_full_disk(disk: Path, name: str, server: Server) -> None:
    """With no room at all, and with room for some of what is to be written."""
    target = TARGETS[name]
    prepare(disk / "start")
    shutil.copytree(disk / "start", disk / "whole")
    assert bibtool(disk / "whole", *target.arguments).returncode == 0
    old, new = state(disk / "start", target.files), state(disk / "whole", target.files)
    shutil.rmtree(disk / "whole")
    folder = disk / "start"
    refused = 0
    for room in (0, 4096, 8192, 16_384, 32_768, 65_536, 262_144):
        with (disk / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
            while True:
                filler.write(bytes(4096))
        os.truncate(disk / "filler", max(0, (disk / "filler").stat().st_size - room))
        done = bibtool(folder, *target.arguments)
        case = f"{room}: {done.returncode} {done.stderr}"
        assert done.returncode in (0, 1), case
        assert "Traceback" not in done.stderr, case
        (disk / "filler").unlink()
        now = state(folder, target.files)
        assert all(now[path] in (old[path], new[path]) for path in target.files), case
        if done.returncode == 0:
            assert now == new, case
            break
        refused += 1
        assert re.search("No space left on device|disk (is )?full", done.stderr), case
        assert not list(folder.rglob(".bibtool-*")), case
    assert refused
    assert bibtool(folder, *target.arguments).returncode == 0
    assert state(folder, target.files) == new


# the administrator without the rights that let him write everywhere: a user like any other, who can still run Python
AS_A_USER = ("setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", "--inh-caps=-all")


@functools.cache
def can_be_a_user() -> bool:
    """Whether the tests can run a program that file permissions stop."""
    if os.getuid() != 0:
        return True
    if shutil.which("setpriv") is None:
        return False
    return subprocess.run([*AS_A_USER, "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("mode", ["folder", "files", "folder of another user"])
def test_a_place_that_may_not_be_written(tmp_path: Path, name: str, mode: str, server: Server) -> None:
    if not can_be_a_user() or (mode == "folder of another user" and os.getuid() != 0):
        pytest.skip("setpriv is not installed, or only root may give a folder to another user")
    target = TARGETS[name]
    folder = tmp_path / "work"
    prepare(folder)
    if mode == "files":
        assert name == "enrich" or bibtool(folder, *target.arguments).returncode == 0
        # there is something to do again, which needs a change of the files that are there
        (folder / "refs.bib").write_text(BIB + ("@misc{c, title={C}}\n" if name != "fmt" else ""))
        (folder / "paper.tex").write_text("\\cite{a,b,c}\n")
        if name == "edit":
            target = target._replace(arguments=("edit", "o", "title=Other", "--library", "l.sqlite"))
        for written in target.files:
            (folder / written).chmod(0o444)
    elif mode == "folder":
        folder.chmod(0o555)
        for path in folder.iterdir():
            if path.is_file():
                path.chmod(0o444)
    else:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, 4711, 4711)
            path.chmod(0o755 if path.is_dir() else 0o644)
        target = target._replace(arguments=(*target.arguments, "--allow", str(folder)))  # its settings
    before = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = bibtool(folder, *target.arguments, before=AS_A_USER if os.getuid() == 0 else ())
    assert done.returncode == 1, done.stderr
    assert any(line.startswith("bibtool: ") for line in done.stderr.splitlines()), done.stderr
    assert "Traceback" not in done.stderr
    words = ("can't be written", "may not be written", "Permission denied", "read-only", "readonly")
    assert any(said in done.stderr for said in words), done.stderr
    assert {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    folder.chmod(0o755)
