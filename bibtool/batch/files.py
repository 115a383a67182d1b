"""The files of a batch: here, or wherever fsspec reads and writes (``s3://bucket/papers/**/*.bib``)."""

from __future__ import annotations

import glob
import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from bibtool.errors import InputError, OutputError, UsageError
from bibtool.files import load_bytes, write_atomic
from bibtool.lazy import lazy_pattern
from bibtool.limits import MAX_BYTES
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

_URL = lazy_pattern(r"[A-Za-z][A-Za-z0-9+.-]+://")


@dataclass(frozen=True, slots=True)
class Input:
    """A file to be worked on: the ``path`` to read it, and its ``name`` below the part of the pattern without ``*``."""

    path: str
    name: str


def is_remote(path: str) -> bool:
    """Whether a path is an address that fsspec reads: ``s3://bucket/a.bib``."""
    return _URL.match(path) is not None


def find(patterns: Iterable[str], *, without: str = "") -> list[Input]:
    """The files that the patterns match, in the order of their names; a folder stands for its .bib files.

    ``**`` matches any number of folders and follows no link to one. Hidden files, and files below ``without``, are left
    out. Raises `UsageError` for a pattern that matches nothing, and for two files of one name.
    """
    found: dict[str, Input] = {}
    for pattern in patterns:
        inputs = list(_remote(pattern) if is_remote(pattern) else _local(pattern, without))
        if not inputs:
            raise UsageError(f"no file matches {pattern!r}", hint="write the pattern in quotes: 'papers/**/*.bib'")
        for each in inputs:
            before = found.setdefault(each.name, each)
            if before.path != each.path:
                raise UsageError(
                    f"{before.path} and {each.path} would both be {each.name}",
                    hint="name the folder that both are in, or give them outputs of their own",
                )
    return [found[name] for name in sorted(found)]


def _local(pattern: str, without: str) -> Iterable[Input]:
    path = Path(pattern)
    if path.is_file():  # also one with brackets in its name
        yield Input(str(path), path.name)
        return
    if path.is_dir():
        base, below = path, "**/*.bib"
    else:
        parts = path.parts
        fixed = next((at for at, part in enumerate(parts) if glob.has_magic(part)), len(parts))
        if fixed == len(parts):
            return
        base, below = Path(*parts[:fixed]), "/".join(parts[fixed:])
    left_out = os.path.realpath(without) if without else None
    try:
        matches = sorted(base.glob(below))
    except (ValueError, NotImplementedError) as error:
        raise UsageError(f"{pattern!r} is not a pattern of files: {error}") from None
    for match in matches:
        name = match.relative_to(base)
        if any(part.startswith(".") for part in name.parts) or not match.is_file():
            continue
        if left_out is None or not Path(os.path.realpath(match)).is_relative_to(left_out):
            yield Input(str(match), name.as_posix())


def _remote(pattern: str) -> Iterable[Input]:
    store, path = _store(pattern)
    protocol = pattern.partition("://")[0]
    parts = PurePosixPath(path).parts
    fixed = next((at for at, part in enumerate(parts) if glob.has_magic(part)), len(parts) - 1)
    base = PurePosixPath(*parts[:fixed])
    for match in sorted(store.glob(path)):
        name = PurePosixPath(match).relative_to(base)
        if not any(part.startswith(".") for part in name.parts) and store.isfile(match):
            yield Input(f"{protocol}://{match}", name.as_posix())


def _store(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it; raises `UsageError` without fsspec or a package for it."""
    try:
        from fsspec.core import url_to_fs  # type: ignore[import-untyped,import-not-found,unused-ignore] # has no types
    except ImportError:
        raise UsageError(
            f"{address} needs fsspec, which is not installed",
            hint="pip install fsspec",
        ) from None
    try:
        store, path = url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise UsageError(
            f"{address} can't be read: {error}", hint="install the package for this kind of store"
        ) from None
    return store, path


def read(path: str) -> bytes:
    """The bytes of a file; raises `InputError` for one that can't be read or is too large."""
    if not is_remote(path):
        return load_bytes(path)
    store, inside = _store(path)
    try:
        if (store.size(inside) or 0) > MAX_BYTES:
            raise InputError(f"larger than {MAX_BYTES >> 20} MiB", path=path)
        data: bytes = store.cat_file(inside)
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror or error}", path=path) from None
    return data


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder for outputs, here or remote; each file of it is written as a whole or not at all."""

    path: str

    def place(self, name: str) -> str:
        """The path of a file in the folder."""
        return f"{self.path.rstrip('/')}/{name}" if is_remote(self.path) else str(Path(self.path, name))

    def read(self, name: str) -> bytes | None:
        """The bytes of a file in the folder; None if it isn't there."""
        try:
            return read(self.place(name))
        except InputError:
            return None

    def read_part(self, name: str, start: int, length: int) -> bytes:
        """So many bytes of a file in the folder, fewer at its end; raises `InputError` if it can't be read."""
        path = self.place(name)
        try:
            if is_remote(self.path):
                store, inside = _store(path)
                data: bytes = store.cat_file(inside, start=start, end=start + length)
                return data
            with Path(path).open("rb") as file:
                file.seek(start)
                return file.read(length)
        except OSError as error:
            raise InputError(f"can't be read: {error.strerror or error}", path=path) from None

    def write(self, name: str, data: bytes) -> None:
        """Write a file in the folder; raises `OutputError`."""
        path = self.place(name)
        if not is_remote(self.path):
            target = Path(path)
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise OutputError(f"can't be made: {error.strerror}", path=str(target.parent)) from None
            write_atomic(target, data)
            return
        store, inside = _store(path)
        try:
            store.makedirs(inside.rpartition("/")[0], exist_ok=True)
            store.pipe_file(inside, data)
        except OSError as error:
            raise OutputError(f"can't be written: {error.strerror or error}", path=path) from None

    def names(self, folder: str) -> list[str]:
        """The names of the files right below a folder in it, sorted; none if it isn't there."""
        if not is_remote(self.path):
            try:
                return sorted(each.name for each in Path(self.path, folder).iterdir() if each.is_file())
            except OSError:
                return []
        store, inside = _store(self.place(folder))
        try:
            return sorted(each.rpartition("/")[2] for each in store.ls(inside, detail=False))
        except OSError:
            return []

    def remove(self, name: str) -> None:
        """Remove a file of the folder, if it is there."""
        if not is_remote(self.path):
            Path(self.path, name).unlink(missing_ok=True)
            return
        store, inside = _store(self.place(name))
        if store.exists(inside):
            store.rm_file(inside)
