"""Reads files as a whole, and replaces them as a whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from bibtool.errors import InputError, OutputError

MAX_BYTES = 256 * 1024 * 1024


def load_bytes(path: str | Path) -> bytes:
    """The bytes of a file; raises `InputError` with one clear line."""
    target = Path(path)
    try:
        if target.is_dir():
            raise InputError("this is a folder, not a file", path=str(path))
        with target.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror or error}", path=str(path)) from error
    if len(data) > MAX_BYTES:
        raise InputError(f"the file is larger than {MAX_BYTES >> 20} MiB", path=str(path))
    return data


def real_path(path: Path) -> Path:
    """The path with all links followed; a link that leads to itself is returned as it is and can't be opened."""
    try:
        return path.resolve()
    except RuntimeError:  # what Python before 3.13 says of such a link
        return path.absolute()


def write_atomic(path: Path, data: bytes) -> bool:
    """Replace the content of the file; False, without writing, if it has these bytes already.

    A symbolic link is followed, so it stays a link; the mode of an existing file is kept; what can't be replaced (a
    pipe, /dev/stdout) is written to. Raises `OutputError`.
    """
    try:
        if path.exists() and not path.is_file():
            if path.is_dir():
                raise OutputError("this is a folder, not a file", path=str(path))
            path.write_bytes(data)
            return True
        target = real_path(path)
        with contextlib.suppress(FileNotFoundError):
            if target.stat().st_size == len(data) and target.read_bytes() == data:
                return False
        _replace(target, data, sync=True)
    except OSError as error:
        hint = "the file was not changed"
        if isinstance(error, FileNotFoundError):
            hint = f"create the folder {path.parent}, or name another file"
        raise OutputError(f"can't be written: {error.strerror or error}", path=str(path), hint=hint) from error
    return True


def write_cached(path: Path, data: bytes) -> None:
    """Replace a file that can be recreated: a missing folder is created, and the disk is not waited for.

    Raises `OSError`; the file is then unchanged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, data, sync=False)


def _replace(target: Path, data: bytes, *, sync: bool) -> None:
    import tempfile

    mode = 0o666 & ~_umask()
    with contextlib.suppress(FileNotFoundError):
        mode = target.stat().st_mode & 0o7777
        if not os.access(target, os.W_OK):  # os.replace would overwrite a file that its owner made read-only
            raise PermissionError(13, "Permission denied", str(target))
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            if sync:
                stream.flush()
                os.fsync(stream.fileno())
        os.chmod(name, mode)  # noqa: PTH101 - mkstemp gives a plain name
        os.replace(name, target)  # noqa: PTH105
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)  # noqa: PTH108
        raise


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current
