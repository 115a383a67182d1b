"""Reads files as a whole, and replaces them as a whole or not at all.

Who changes a file reads it with `read_for_rewrite` and hands what that gave to `rewrite`, which replaces the file only
if it still has the content that was read. `write_atomic` is for outputs whose old content does not matter, and
`write_cached` for files that can be recreated.

Data is written to a temporary file ``.bibtool-HASH-NUMBER.tmp`` next to the target, which then takes its place. HASH
stands for the name of the target, so that the name stays short whatever the target is called, and so that the next
run with the same target finds what a killed one left over. The temporary file is locked while it is in use: one that
can be locked belongs to nobody any more.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import warnings
import zlib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from bibtool.errors import FileChangedError, InputError, OutputError
from bibtool.lazy import lazy_pattern
from bibtool.limits import MAX_BYTES
from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

fcntl: Any = None  # on Windows, where a file that is in use can't be deleted anyway
with contextlib.suppress(ImportError):
    fcntl = import_module("fcntl")

_SLOTS: Final = 64  # temporary files that may exist at the same time for one target
_LOOKED_AT: Final = 4  # of these, how many the next run looks at even if the first does not exist
_LEFTOVER: Final = lazy_pattern(r"\.bibtool-[0-9a-f]{8}-\d+\.tmp")
_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class FileWarning(UserWarning):
    """A file was replaced, but something besides its content could not be kept, such as its owner."""


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it was read; ``data`` is empty where there was none, and where only a digest of it was kept."""

    path: Path
    data: bytes = field(repr=False)
    exists: bool = True
    _digest: bytes = field(default=b"", repr=False)

    @classmethod
    def of(cls, path: Path, data: bytes | None) -> Original:
        """The file as it was when it had these bytes; None: it did not exist."""
        return cls(path, data or b"", data is not None)

    def without_data(self) -> Original:
        """The same, to be compared with the file later, without the memory that the content takes."""
        return Original(self.path, b"", self.exists, self._digest or _digest(self.data))

    def had(self, data: bytes | None) -> bool:
        """Whether this was its content; None: it did not exist."""
        if data is None or not self.exists:
            return data is None and not self.exists
        return self._digest == _digest(data) if self._digest else self.data == data


def load_bytes(path: str | Path) -> bytes:
    """The bytes of a file; raises `InputError` with one clear line."""
    target = Path(path)
    try:
        if target.is_dir():
            raise InputError("this is a folder, not a file", path=str(path))
        with target.open("rb") as stream:
            data = read_at_most(stream, MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror or error}", path=str(path)) from error
    if len(data) > MAX_BYTES:
        raise InputError(f"the file is larger than {MAX_BYTES >> 20} MiB", path=str(path))
    return data


def read_at_most(stream: BinaryIO, most: int) -> bytes:
    """The bytes of a file that was just opened; of a larger one only the first ``most``.

    Python makes room for as many bytes as it is asked for before it reads the first: for small files, more work than
    to read them.
    """
    size = os.fstat(stream.fileno()).st_size
    if not 0 < size < most:  # 0 may be a pipe, or a file that is made as it is read
        return stream.read(most)
    data = stream.read(size + 1)
    return data if len(data) <= size else data + stream.read(most - len(data))


def read_for_rewrite(path: str | Path, *, missing_ok: bool = False) -> Original:
    """The file as it is now, for `rewrite`; with ``missing_ok`` also one that does not exist yet.

    Raises `InputError`, without waiting, for what can't be replaced: a folder, a pipe, a socket, a device.
    """
    target = Path(path)
    refuse_special(target)
    if missing_ok and not target.exists():
        return Original.of(target, None)
    return Original.of(target, load_bytes(target))


def refuse_special(path: str | Path) -> None:
    """Raise `InputError` for what can't be replaced: a folder, a pipe, a socket, a device."""
    try:
        kind = _kind(os.stat(path).st_mode)  # noqa: PTH116 - no need for a path object
    except OSError:  # who reads it finds the words for that
        return
    if kind:
        raise InputError(f"this is {kind}, not a file that can be changed in place", path=str(path))


def check_unchanged(files: Iterable[tuple[Original, bytes]]) -> None:
    """Raise `FileChangedError` if one of the files has changed since it was read, and not to these new bytes."""
    for original, data in files:
        target = real_path(original.path)
        try:
            if not _has(target, data):
                _compare(target, original)
        except OSError as error:
            raise _refused(error, original.path) from error


def rewrite(original: Original, data: bytes) -> bool:
    """Replace the content of a file that was read before; False, without writing, if it has these bytes already.

    Raises `FileChangedError` if the file has changed since it was read, and `OutputError`; nothing was written then.
    """
    return _written(original.path, data, original)


def write_atomic(path: Path, data: bytes) -> bool:
    """Replace the content of the file; False, without writing, if it has these bytes already.

    A symbolic link is followed, so it stays a link; mode, owner and extended attributes of an existing file are kept,
    and what can't be kept is said as a `FileWarning`. What can't be replaced (a pipe, /dev/stdout) is written to.
    Raises `OutputError`.
    """
    return _written(path, data, None)


def write_cached(path: Path, data: bytes) -> None:
    """Replace a file that can be recreated: a missing folder is created, and the disk is not waited for.

    Raises `OSError`; the file is then unchanged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, data, None, sync=False)


def real_path(path: Path) -> Path:
    """The path with all links followed; a link that leads to itself is returned as it is and can't be opened."""
    try:
        return path.resolve()
    except RuntimeError:  # what Python before 3.13 says of such a link
        return path.absolute()


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files in a folder that killed runs left over, whatever their target was."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _LEFTOVER.fullmatch(entry.name):
                _remove_if_unused(Path(entry.path))


def remove_leftovers_of(path: Path) -> None:
    """Remove the temporary files that killed runs with this target left over; for a file that needs no change."""
    with contextlib.suppress(OSError):
        _remove_own_leftovers(real_path(path))


def is_leftover(name: str) -> bool:
    """Whether a file of this name is a temporary one of ours."""
    return _LEFTOVER.fullmatch(name) is not None


@contextlib.contextmanager
def new_file(target: Path, *, mode: int | None = None, over: bool = False) -> Iterator[Path]:
    """A temporary file, empty and locked, for others to write to; it is the new file ``target`` after the block.

    ``mode`` is that of a new file by default. Raises `FileExistsError` at the end if ``target`` exists by then; with
    ``over`` it replaces that. The temporary file is gone in any case. Raises `OSError`.
    """
    descriptor, temporary = _open_temporary(target)
    unneeded: Path | None = temporary
    try:
        yield temporary
        _set_mode(descriptor, temporary, 0o666 & ~_umask() if mode is None else mode)
        os.fsync(descriptor)
        if fcntl is None:
            os.close(descriptor)
            descriptor = -1
        if over:
            os.replace(temporary, target)  # noqa: PTH105 - one call that tests can make fail
            unneeded = None
        else:
            _link(temporary, target)
    finally:
        _drop(descriptor, unneeded)
    _remove_own_leftovers(target)


# ---- one write ------------------------------------------------------------------------------------------------------


def _written(path: Path, data: bytes, original: Original | None) -> bool:
    try:
        kind = _kind(path.stat().st_mode) if path.exists() else ""
        if kind and original is None and kind != "a folder":
            _write_through(path, data, kind)
            return True
        if kind:
            raise OutputError(f"this is {kind}, not a file", path=str(path))
        target = real_path(path)
        if _has(target, data):  # also where another run has just written the same
            _remove_own_leftovers(target)
            return False
        if original is not None:
            _compare(target, original)
        try:
            lost = _replace(target, data, original, sync=True)
        except FileChangedError:
            if _has(target, data):
                return False
            raise
    except OSError as error:
        raise _refused(error, path) from error
    for what in lost:
        warnings.warn(f"{path}: {what}", FileWarning, stacklevel=3)
    return True


def _refused(error: OSError, path: Path) -> OutputError:
    hint = "the file was not changed"
    if isinstance(error, FileNotFoundError) and not path.parent.exists():
        hint = f"create the folder {path.parent}, or name another file"
    return OutputError(f"can't be written: {error.strerror or error}", path=str(path), hint=hint)


def _write_through(path: Path, data: bytes, kind: str) -> None:
    """Write to what is not a file; does not wait for a program to read from a pipe."""
    if stat.S_ISBLK(path.stat().st_mode):
        raise OutputError("this is a device, not a file", path=str(path))
    try:
        descriptor = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise
        raise OutputError(f"this is {kind} that no program reads from", path=str(path)) from error
    with os.fdopen(descriptor, "wb") as stream:
        if hasattr(os, "set_blocking"):
            os.set_blocking(descriptor, True)
        stream.write(data)


def _compare(target: Path, original: Original) -> None:
    """Raise `FileChangedError` if the file is not as it was read."""
    try:
        if _kind(target.stat().st_mode):
            raise FileChangedError(str(original.path))
        now: bytes | None = target.read_bytes()
    except FileNotFoundError:
        now = None
    if not original.had(now):
        raise FileChangedError(str(original.path))


def _replace(target: Path, data: bytes, original: Original | None, *, sync: bool) -> list[str]:
    """What could not be kept, in words."""
    lost: list[str] = []
    descriptor, temporary = _open_temporary(target)
    unneeded: Path | None = temporary
    try:
        with os.fdopen(os.dup(descriptor), "wb") as stream:
            stream.write(data)
        try:
            status: os.stat_result | None = target.stat()
        except FileNotFoundError:
            status = None
        if status is None:
            _set_mode(descriptor, temporary, 0o666 & ~_umask())
        else:
            if not os.access(target, os.W_OK):  # os.replace would overwrite a file that its owner made read-only
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
            lost = _keep_attributes(descriptor, temporary, target, status)
        if sync:
            os.fsync(descriptor)
        if fcntl is None:
            os.close(descriptor)
            descriptor = -1
        if original is not None:
            _compare(target, original)
        if original is not None and not original.exists:
            try:
                _link(temporary, target)
            except FileExistsError:
                raise FileChangedError(str(original.path)) from None
        else:
            os.replace(temporary, target)  # noqa: PTH105 - one call that tests can make fail
            unneeded = None  # by now, another run may have a file of that name
    finally:
        _drop(descriptor, unneeded)
    _remove_own_leftovers(target)
    return lost


def _link(temporary: Path, target: Path) -> None:
    """Give the file its name; raises `FileExistsError` if the name is taken, which a rename would not notice."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        os.replace(temporary, target)  # noqa: PTH105 - one call that tests can make fail


def _keep_attributes(descriptor: int, temporary: Path, target: Path, status: os.stat_result) -> list[str]:
    """Give the new file owner, mode and extended attributes of the old one; what could not be kept, in words."""
    lost: list[str] = []
    if hasattr(os, "fchown"):
        new = os.fstat(descriptor)
        if (new.st_uid, new.st_gid) != (status.st_uid, status.st_gid):
            try:
                os.fchown(descriptor, status.st_uid, status.st_gid)
            except OSError:
                lost.append("its owner or group could not be kept; it now belongs to you")
                with contextlib.suppress(OSError):
                    os.fchown(descriptor, -1, status.st_gid)
    mode = stat.S_IMODE(status.st_mode)
    if lost:
        mode &= ~(stat.S_ISUID | stat.S_ISGID)  # these would give other rights under another owner
    _set_mode(descriptor, temporary, mode)
    if hasattr(os, "listxattr"):
        lost += _keep_extended(descriptor, target)
    if status.st_nlink > 1:
        lost.append(f"it was one file under {status.st_nlink} names (hard links); the others keep the old content")
    return lost


def _keep_extended(descriptor: int, target: Path) -> list[str]:
    missing: list[str] = []
    try:
        names = os.listxattr(target)
    except OSError:  # a file system without them
        return []
    for name in names:
        try:
            value = os.getxattr(target, name)
            with contextlib.suppress(OSError):
                if os.getxattr(descriptor, name) == value:
                    continue
            os.setxattr(descriptor, name, value)
        except OSError:
            missing.append(name)
    with contextlib.suppress(OSError):
        for name in set(os.listxattr(descriptor)).difference(names):  # such as an access list that the folder gives
            os.removexattr(descriptor, name)
    return [f"the extended attribute {name} could not be kept" for name in missing]


def _set_mode(descriptor: int, temporary: Path, mode: int) -> None:
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, mode)
    else:
        os.chmod(temporary, mode)  # noqa: PTH101 - beside fchmod, which has no form in pathlib


# ---- temporary files ------------------------------------------------------------------------------------------------


def _open_temporary(target: Path) -> tuple[int, Path]:
    """Descriptor and path of an empty temporary file next to the target, which nobody else uses."""
    for number in range(_SLOTS):
        temporary = _temporary(target, number)
        for _ in range(3):  # a run that cleans up may remove the file between the two steps
            descriptor = _open_slot(temporary)
            if descriptor is None:
                break
            try:
                if _is_ours(descriptor, temporary):
                    os.ftruncate(descriptor, 0)
                    return descriptor, temporary
            except BaseException:
                os.close(descriptor)  # the next run finds the file, which nobody has locked then
                raise
            os.close(descriptor)
    raise OSError(errno.EBUSY, "too many programs write it at the same time", str(target))


def _open_slot(temporary: Path) -> int | None:
    """A descriptor of the file, created or taken over from a killed run; None if it is in use or not ours."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(temporary, flags | os.O_EXCL, 0o600)
        if fcntl is not None:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # a run that cleans up was faster, and removes it
                os.close(descriptor)
                return None
            except OSError:
                pass  # a file system without locks: the name is ours because we made it
        return descriptor
    if fcntl is None:
        _remove_if_unused(temporary)
        return None
    try:
        descriptor = os.open(temporary, flags)
    except OSError:  # somebody else's file or link
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _is_ours(descriptor: int, temporary: Path, *, names: int = 1) -> bool:
    """Whether the path still leads to the open file, and this is a file of this user with at most ``names`` names."""
    opened = os.fstat(descriptor)
    try:
        named = temporary.lstat()
    except FileNotFoundError:
        return False
    mine = not hasattr(os, "geteuid") or opened.st_uid == os.geteuid()
    return mine and stat.S_ISREG(opened.st_mode) and opened.st_nlink <= names and os.path.samestat(opened, named)


def _drop(descriptor: int, temporary: Path | None) -> None:
    """Remove the temporary file, unless a rename took it away (None), and let go of it."""
    if temporary is not None:
        with contextlib.suppress(OSError):
            temporary.unlink()
    if descriptor >= 0:
        with contextlib.suppress(OSError):
            os.close(descriptor)


def _remove_own_leftovers(target: Path) -> None:
    """Remove the temporary files that killed runs with the same target left over."""
    number = missing = 0
    while missing < _LOOKED_AT and number < _SLOTS:
        temporary = _temporary(target, number)
        if os.path.lexists(temporary):
            _remove_if_unused(temporary)
        else:
            missing += 1
        number += 1


def _remove_if_unused(temporary: Path) -> None:
    with contextlib.suppress(OSError):
        if fcntl is None:
            temporary.unlink()
            return
        descriptor = os.open(temporary, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_ours(descriptor, temporary, names=2):  # killed after the new file got its name
                temporary.unlink()
        finally:
            os.close(descriptor)


def _temporary(target: Path, number: int) -> Path:
    # names with the same number only share the files, which are locked while in use
    return target.parent / f".bibtool-{zlib.crc32(os.fsencode(target.name)):08x}-{number}.tmp"


# ---- small parts ----------------------------------------------------------------------------------------------------


def _kind(mode: int) -> str:
    """What the path is other than a file, in words; "" for a file."""
    return next((words for is_kind, words in _KINDS if is_kind(mode)), "")


def _has(target: Path, data: bytes) -> bool:
    try:
        return target.stat().st_size == len(data) and target.read_bytes() == data
    except FileNotFoundError:
        return False


def _digest(data: bytes) -> bytes:
    import hashlib  # takes longer to load than the rest of this module

    return hashlib.blake2b(data).digest()


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current
