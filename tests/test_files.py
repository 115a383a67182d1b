"""Files that are replaced: as a whole or not at all, and never over somebody else's change."""

from __future__ import annotations

import errno
import os
import socket
import stat
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bibtool import files
from bibtool.errors import BibtoolError, FileChangedError, InputError, OutputError
from bibtool.files import FileWarning, read_at_most, read_for_rewrite, rewrite, write_atomic
from tests.support.systems import posix

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGE = Path(files.__file__).parent
OLD, NEW = b"old\n", b"new and longer\n"

# every module that may write without comparing with what was read, and why the old content does not matter there
OUTPUTS = {
    "bib/document.py": "a document is written where the caller says",
    "cli/common.py": "-o FILE",
    "cli/dedupe.py": "--map FILE",
    "cli/folders.py": "its own journal",
    "cli/install_hook.py": "a hook of our own",
    "cli/refresh.py": "--review FILE",
    "formats/registry.py": "bibtool.write(records, path)",
    "project/workspace.py": "an output that is a pipe",
}


@pytest.mark.parametrize("size", [0, 1, 9, 10, 11, 30])
def test_a_file_is_read_up_to_a_size(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * size)
    with path.open("rb") as stream:
        assert read_at_most(stream, 10) == b"x" * min(size, 10)
    with path.open("rb") as stream, path.open("ab") as writer:
        before = os.fstat(stream.fileno())
        writer.write(b"y" * 20)  # it grows after a look at its size
        writer.flush()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "fstat", lambda _: before)
            assert read_at_most(stream, 25) == (b"x" * size + b"y" * 20)[:25]


@posix
def test_a_pipe_is_read_up_to_a_size() -> None:
    for given, wanted in ((b"", b""), (b"x" * 5, b"x" * 5), (b"x" * 50, b"x" * 10)):
        reading, writing = os.pipe()
        os.write(writing, given)
        os.close(writing)
        with os.fdopen(reading, "rb") as stream:
            assert read_at_most(stream, 10) == wanted


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.slow
def test_only_outputs_are_written_without_a_look_at_what_was_read() -> None:
    users = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if path.name != "files.py" and "write_atomic(" in path.read_text(encoding="utf-8")
    }
    assert users == set(OUTPUTS)


# ---- changed meanwhile ----------------------------------------------------------------------------------------------


def changed(path: Path) -> None:
    path.write_bytes(b"somebody else's\n")


def grown(path: Path) -> None:
    with path.open("ab") as stream:
        stream.write(b"@misc{mine}\n")


def same_size_and_time(path: Path) -> None:
    status = path.stat()
    path.write_bytes(b"OLD\n")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def replaced(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(b"somebody else's\n")
    other.replace(path)


def removed(path: Path) -> None:
    path.unlink()


def a_folder_now(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe_now(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


CHANGES = (changed, grown, same_size_and_time, replaced, removed, a_folder_now, a_pipe_now)


@posix
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("late", [False, True])
def test_a_file_that_changed_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None], late: bool
) -> None:
    """Also where it changes while the new content is on its way to the disk."""
    path = tmp_path / "refs.bib"
    path.write_bytes(OLD)
    original = read_for_rewrite(path)
    if late:
        real = os.fsync

        def slow(descriptor: int) -> None:
            real(descriptor)
            change(path)

        monkeypatch.setattr(os, "fsync", slow)
    else:
        change(path)
    with pytest.raises(OutputError) as caught:
        rewrite(original, NEW)
    assert path.name in str(caught.value)
    if change not in (a_folder_now, a_pipe_now):
        assert isinstance(caught.value, FileChangedError)
        assert caught.value.exit_code == 1
        content = path.read_bytes() if path.exists() else None
        assert content not in (OLD, NEW)
    assert left(tmp_path) in ([], ["refs.bib"])


def test_a_file_that_appears_meanwhile_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new.bib"
    original = read_for_rewrite(path, missing_ok=True)
    real = os.link

    def late(source: Path, target: Path) -> None:
        path.write_bytes(OLD)
        real(source, target)

    monkeypatch.setattr(os, "link", late)
    with pytest.raises(FileChangedError):
        rewrite(original, NEW)
    assert path.read_bytes() == OLD
    assert left(tmp_path) == ["new.bib"]


# ---- faults at every step -------------------------------------------------------------------------------------------

STEPS = ("open", "fstat", "fdopen", "dup", "ftruncate", "fchmod", "fsync", "replace", "stat")


@posix
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EDQUOT])
@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    path = tmp_path / "refs.bib"
    path.write_bytes(OLD)
    original = read_for_rewrite(path)
    for at in range(1, 20):
        failed = False
        calls = 0

        with monkeypatch.context() as patched:
            real = getattr(os, step)

            def failing(
                *arguments: object, real: Callable[..., object] = real, at: int = at, **named: object
            ) -> object:
                nonlocal calls, failed
                calls += 1
                if calls == at:
                    failed = True
                    raise OSError(number, os.strerror(number))
                return real(*arguments, **named)

            patched.setattr(os, step, failing)
            message = ""
            try:
                rewrite(original, NEW)
            except BibtoolError as error:
                message = str(error)
        content = path.read_bytes()
        assert content == (OLD if message else NEW)
        assert not message or os.strerror(number) in message or "many programs" in message
        write_atomic(path, content)
        assert left(tmp_path) == ["refs.bib"]
        if content == NEW:
            path.write_bytes(OLD)
        if not failed:
            return
    pytest.fail("the step is called without end")


@pytest.mark.slow
@posix
def test_a_write_that_fails_half_way(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_bytes(OLD)
    program = f"""
import resource, signal, sys
from pathlib import Path
from bibtool.errors import OutputError
from bibtool.files import write_atomic
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
try:
    write_atomic(Path({str(path)!r}), b"x" * 1_000_000)
except OutputError as error:
    sys.exit(str(error))
"""
    done = subprocess.run([sys.executable, "-B", "-c", program], capture_output=True, text=True, check=False)
    assert "can't be written: File too large" in done.stderr
    assert path.read_bytes() == OLD
    assert left(tmp_path) == ["refs.bib"]


@posix
@pytest.mark.slow
@pytest.mark.parametrize("call", ["open", "flock", "write", "fchmod", "fsync", "replace", "unlink"])
@pytest.mark.parametrize("after", [False, True])
def test_a_kill_at_any_step_leaves_nothing_stray_after_the_next_run(tmp_path: Path, call: str, after: bool) -> None:
    path = tmp_path / "refs.bib"
    path.write_bytes(OLD)
    name = call if hasattr(os, call) else "replace"
    program = f"""
import fcntl, io, os, signal, sys
from pathlib import Path
from bibtool.files import read_for_rewrite, rewrite
original = read_for_rewrite({str(path)!r})
def deadly(real):
    def call(*arguments, **named):
        if {after}:
            real(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)
    return call
if {call!r} == "write":
    class Half(io.FileIO):
        def write(self, data):
            super().write(bytes(data)[: len(data) // 2 * {after}])
            os.kill(os.getpid(), signal.SIGKILL)
    os.fdopen = lambda descriptor, mode: Half(descriptor, "w")
elif {call!r} == "flock":
    fcntl.flock = deadly(fcntl.flock)
elif {call!r} == "unlink":
    Path.unlink = deadly(Path.unlink)
    os.replace = deadly(os.replace)
else:
    os.{name} = deadly(os.{name})
rewrite(original, {NEW!r})
"""
    done = subprocess.run([sys.executable, "-B", "-c", program], capture_output=True, check=False)
    assert done.returncode == -9, done.stderr
    assert path.read_bytes() in (OLD, NEW)
    write_atomic(path, path.read_bytes())  # a next run that has nothing to write
    assert left(tmp_path) == ["refs.bib"]


@posix
def test_temporary_files_in_use_stay(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    descriptor, temporary = files._open_temporary(path)
    write_atomic(path, OLD)
    write_atomic(path, OLD)
    files.remove_leftovers(tmp_path)
    assert temporary.exists()
    os.close(descriptor)
    write_atomic(path, OLD)
    assert left(tmp_path) == ["refs.bib"]


@posix
def test_other_files_with_a_similar_name_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    (tmp_path / "precious").write_bytes(OLD)
    slot = files._temporary(path, 0)
    slot.symlink_to(tmp_path / "precious")
    os.link(tmp_path / "precious", files._temporary(path, 1))
    (tmp_path / ".bibtool-mine.tmp").write_bytes(OLD)
    write_atomic(path, NEW)
    assert (path.read_bytes(), (tmp_path / "precious").read_bytes()) == (NEW, OLD)
    assert (tmp_path / ".bibtool-mine.tmp").exists()
    assert slot.is_symlink()


# ---- what belongs to a file -----------------------------------------------------------------------------------------


@posix
def test_mode_owner_and_extended_attributes_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_bytes(OLD)
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
    if hasattr(os, "setxattr"):
        os.setxattr(path, "user.origin", b"here")
    before = path.stat()
    assert rewrite(read_for_rewrite(path), NEW)
    after = path.stat()
    assert (after.st_uid, after.st_gid, stat.S_IMODE(after.st_mode)) == (before.st_uid, before.st_gid, 0o640)
    if hasattr(os, "getxattr"):
        assert os.getxattr(path, "user.origin") == b"here"


@posix
def test_what_is_lost_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "refs.bib"
    path.write_bytes(OLD)
    os.link(path, tmp_path / "second")
    with pytest.warns(FileWarning, match=r"refs\.bib: it was one file under 2 names \(hard links\)"):
        write_atomic(path, NEW)
    assert (tmp_path / "second").read_bytes() == OLD
    if os.geteuid() == 0:

        def refuse(*_: int) -> None:
            raise PermissionError(errno.EPERM, "Operation not permitted")

        os.chown(path, 65534, 65534)
        monkeypatch.setattr(os, "fchown", refuse)
        with pytest.warns(FileWarning, match="its owner or group could not be kept"):
            write_atomic(path, OLD)
    if hasattr(os, "setxattr"):
        os.setxattr(path, "user.origin", b"here")
        monkeypatch.undo()

        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "setxattr", full)
        with pytest.warns(FileWarning, match=r"the extended attribute user\.origin could not be kept"):
            write_atomic(path, NEW)


@pytest.mark.parametrize("name", ["a" * 255, "é" * 127, "a" * 251 + ".bib", "-", "a b\tc.bib", "%s{}$HOME.bib"])
def test_names_up_to_the_limit_of_the_file_system(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(OLD)
    assert rewrite(read_for_rewrite(path), NEW)
    assert path.read_bytes() == NEW
    assert left(tmp_path) == [name]


@posix
def test_what_is_not_a_file_is_not_changed_in_place(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("pipe")
    with socket.socket(socket.AF_UNIX) as server:
        previous = Path.cwd()
        os.chdir(tmp_path)  # the path of a socket must be short
        try:
            server.bind("socket")
        finally:
            os.chdir(previous)
        for path, kind in (
            (tmp_path / "pipe", "a pipe"),
            (tmp_path / "link", "a pipe"),
            (tmp_path / "folder", "a folder"),
            (tmp_path / "socket", "a socket"),
            (Path("/dev/null"), "a device"),
            (Path("/dev/zero"), "a device"),
        ):
            with pytest.raises(InputError, match=f"this is {kind}, not a file"):
                read_for_rewrite(path)
        for name in ("pipe", "socket"):
            with pytest.raises(OutputError, match="that no program reads from"):
                write_atomic(tmp_path / name, NEW)
    assert write_atomic(Path("/dev/null"), NEW)


@posix
def test_a_pipe_with_a_reader_is_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    data = b"x" * 1_000_000
    with (tmp_path / "copy").open("wb") as copy, subprocess.Popen(["cat", tmp_path / "pipe"], stdout=copy) as reader:
        for _ in range(1000):
            try:
                write_atomic(tmp_path / "pipe", data)
                break
            except OutputError:  # the reader has not opened it yet
                time.sleep(0.01)
        reader.wait(timeout=10)
    assert (tmp_path / "copy").read_bytes() == data


def test_a_copy_of_an_original_without_its_content_is_compared_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_bytes(OLD)
    original = read_for_rewrite(path).without_data()
    assert (original.data, original.exists, original.had(OLD), original.had(NEW)) == (b"", True, True, False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not rewrite(original, OLD)
        assert rewrite(original, NEW)
    with pytest.raises(FileChangedError):
        rewrite(original, b"third\n")
