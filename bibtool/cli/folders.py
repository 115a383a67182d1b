"""Folders that a target writes into: their files as a mapping, and writing inside of them only."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from bibtool.errors import OutputError
from bibtool.files import Original, real_path, remove_leftovers, rewrite, write_atomic

JOURNAL = ".bibtool-pages.json"
MAX_FILES = 20_000
MAX_FILE_BYTES = 4 << 20


class FolderFiles(Mapping[str, bytes]):
    """Path relative to the folder, with ``/`` -> bytes, read when asked for, of the files that fit one of the patterns.

    Hidden files and large ones are left out. A folder that does not exist has no files.
    """

    def __init__(self, folder: Path, patterns: Iterable[str]) -> None:
        self._folder = folder
        self._paths = self._listed(patterns)
        self._originals: dict[str, Original] = {}

    def _listed(self, patterns: Iterable[str]) -> dict[str, Path]:
        paths: dict[str, Path] = {}
        if not self._folder.is_dir():
            return paths
        for path in sorted({path for pattern in patterns for path in self._folder.glob(pattern)}):
            relative = path.relative_to(self._folder)
            if any(part.startswith(".") for part in relative.parts):
                continue
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= MAX_FILE_BYTES:
                paths[relative.as_posix()] = path
                if len(paths) > MAX_FILES:
                    raise OutputError("has too many files for a folder of papers", path=str(self._folder))
        return paths

    def __getitem__(self, path: str) -> bytes:
        data = self._paths[path].read_bytes()
        self._originals[path] = Original.of(self._paths[path], data).without_data()
        return data

    def original(self, path: str) -> Original:
        """The file as it was read last, to be replaced by `rewrite`; one that was not read does not exist yet."""
        if path in self._paths and path not in self._originals:
            self[path]
        return self._originals.get(path) or Original.of(self._folder.joinpath(*PurePosixPath(path).parts), None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def write_folder(folder: Path, files: Mapping[str, bytes], existing: FolderFiles) -> list[Path]:
    """The files that were written; each is replaced as a whole or not at all.

    Nothing is written outside the folder, whatever the paths are, and no file is replaced that ``existing`` has not
    read. A journal in the folder says which files and folders a run is about to make; where a run was killed, the next
    one finds it and removes what is of no use. Raises `OutputError`.
    """
    root = real_path(folder)
    paths = {name: _inside(folder, name) for name in sorted(files)}
    _tidy_up(folder)
    if not paths:
        return []
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"can't be created: {error.strerror or error}", path=str(folder)) from error
    places = {place for path in paths.values() for place in path.parents if place.is_relative_to(folder)} - {folder}
    names = {place.relative_to(folder).as_posix(): place.exists() for place in sorted(places)}
    write_atomic(folder / JOURNAL, json.dumps(names).encode())
    try:
        for name, path in paths.items():
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise OutputError(f"can't be created: {error.strerror or error}", path=str(path.parent)) from error
            if not path.parent.resolve().is_relative_to(root) or not real_path(path).is_relative_to(root):
                raise OutputError("a symbolic link leads out of the folder", path=str(path))
            original = existing.original(name)
            if not original.exists and os.path.lexists(path):
                raise OutputError("is a link, hidden, too large or new, so it was not replaced", path=str(path))
            if rewrite(original, files[name]):
                written.append(path)
    finally:
        _tidy_up(folder)
    return written


def _inside(folder: Path, name: str) -> Path:
    """The path of a file; raises `OutputError` for one outside the folder."""
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts or not relative.parts:
        raise OutputError(f"{name!r} is outside the folder", path=str(folder))
    return folder.joinpath(*relative.parts)


def _tidy_up(folder: Path) -> None:
    """Remove the journal, the temporary files in the folders that it names, and those that are new and empty."""
    journal = folder / JOURNAL
    if not journal.is_file():
        return
    try:
        names = json.loads(journal.read_bytes())
    except ValueError:
        names = {}
    existed = names if isinstance(names, dict) else {}
    for name in sorted(existed, key=len, reverse=True):  # the deepest first
        with contextlib.suppress(OutputError):
            place = _inside(folder, name)
            if place.resolve().is_relative_to(folder.resolve()):
                remove_leftovers(place)
                if existed[name] is not True:
                    with contextlib.suppress(OSError):  # it has files, or was never made
                        place.rmdir()
    remove_leftovers(folder)
    journal.unlink(missing_ok=True)
