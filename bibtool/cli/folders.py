"""Folders that a target writes into: their files as a mapping, and writing inside of them only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from bibtool.errors import OutputError
from bibtool.files import write_atomic

MAX_FILES = 20_000
MAX_FILE_BYTES = 4 << 20


class FolderFiles(Mapping[str, bytes]):
    """Path relative to the folder, with ``/`` -> bytes, read when asked for, of the files that fit one of the patterns.

    Hidden files and large ones are left out. A folder that does not exist has no files.
    """

    def __init__(self, folder: Path, patterns: Iterable[str]) -> None:
        self._folder = folder
        self._paths = self._listed(patterns)

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
        return self._paths[path].read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """The files that were written; each is replaced as a whole or not at all. Raises `OutputError`.

    Nothing is written outside the folder, whatever the paths are.
    """
    written = []
    root = folder.resolve()
    for name, data in sorted(files.items()):
        relative = PurePosixPath(name)
        if relative.is_absolute() or ".." in relative.parts or not relative.parts:
            raise OutputError(f"{name!r} is outside the folder", path=str(folder))
        path = folder.joinpath(*relative.parts)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"can't be created: {error.strerror or error}", path=str(path.parent)) from error
        if not path.parent.resolve().is_relative_to(root):
            raise OutputError("a symbolic link leads out of the folder", path=str(path))
        if write_atomic(path, data):
            written.append(path)
    return written
