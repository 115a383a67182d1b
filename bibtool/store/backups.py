"""Backups of a library: one before the first change of each day, and those that the user asks for.

They are in the folder ``NAME.backups`` next to the library: ``auto-2026-11-28.sqlite`` for a day, of which the newest
`KEPT` stay, and ``2026-11-28T131500Z.sqlite`` for one that was asked for, which stays until the user removes it. Each
is a whole library, made by SQLite's own backup, so it is sound also while others read and write.

The folder also has ``checked.json``: size and times of the library after the last change, so that the next change of
the same day need not look for damage again.
"""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bibtool.errors import LibraryDamagedError, LibraryError
from bibtool.files import new_file, remove_leftovers, remove_leftovers_of
from bibtool.lazy import lazy_pattern
from bibtool.store.faults import faults
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

KEPT: Final = 7
_DAY: Final = lazy_pattern(r"\d{4}-\d\d-\d\d")
_AUTOMATIC: Final = lazy_pattern(r"auto-\d{4}-\d\d-\d\d\.sqlite")
_STATE: Final = "checked.json"
_LARGE: Final = 4 << 20  # bytes; smaller ones are checked in less than 0.1 s


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup: its file, whether bibtool made it by itself, and its size in bytes."""

    path: Path
    automatic: bool
    size: int


def folder_of(library: Path) -> Path:
    """Where the backups of a library are."""
    name = library.name if len(library.name.encode()) <= 240 else library.name[:60]
    return library.with_name(f"{name}.backups")


def backups_of(library: Path) -> tuple[Backup, ...]:
    """The backups of a library, the newest last."""
    folder = folder_of(library)
    if not folder.is_dir():
        return ()
    paths = [path for path in folder.iterdir() if path.suffix == ".sqlite" and path.is_file()]
    paths.sort(key=lambda path: (path.stat().st_mtime_ns, path.name))
    return tuple(Backup(path, bool(_AUTOMATIC.fullmatch(path.name)), path.stat().st_size) for path in paths)


def is_known_good(library: Path, today: str) -> bool:
    """Whether the file is still as bibtool left it earlier this day."""
    try:
        state = json.loads((folder_of(library) / _STATE).read_bytes())
        return bool(state == {"day": today[:10], **_state_of(library)})
    except (OSError, ValueError):
        return False


def note_good(library: Path, today: str) -> None:
    """Remember how the file is now, where there is a folder of backups or looking again takes long; never fails."""
    with contextlib.suppress(OSError):
        if library.stat().st_size > _LARGE:
            folder_of(library).mkdir(mode=0o700, exist_ok=True)
        state = json.dumps({"day": today[:10], **_state_of(library)})
        (folder_of(library) / _STATE).write_text(state, encoding="ascii")


def _state_of(library: Path) -> dict[str, int]:
    status = library.stat()
    return {"size": status.st_size, "mtime": status.st_mtime_ns, "ctime": status.st_ctime_ns, "inode": status.st_ino}


def back_up_daily(connection: sqlite3.Connection, library: Path, location: str, today: str) -> Path | None:
    """The backup that was made before the first change of the day; None where there is one, or nothing to back up.

    Raises `LibraryError` where it can't be made.
    """
    day = today[:10]
    if not _DAY.fullmatch(day):
        return None
    path = folder_of(library) / f"auto-{day}.sqlite"
    if path.exists():
        remove_leftovers_of(path)  # of a run that was killed just after the backup got its name
        return None
    with faults(location):
        (records,) = connection.execute("SELECT EXISTS (SELECT 1 FROM record)").fetchone()
        row = connection.execute("SELECT at FROM change ORDER BY id DESC LIMIT 1").fetchone()
    if not records or (row is not None and str(row[0])[:10] == day):
        return None
    made = _copied(library, path, location)
    automatic = sorted(folder_of(library).glob("auto-*.sqlite"))
    for old in [found for found in automatic if _AUTOMATIC.fullmatch(found.name)][:-KEPT]:
        with contextlib.suppress(OSError):
            old.unlink()
    return made


def back_up_now(library: Path, location: str, now: str, target: Path | None = None) -> Path:
    """A copy of the library in a new file ``target``, by default one that is named by the time, in the folder.

    Raises `LibraryError`, also where the file exists.
    """
    path = target or _free(folder_of(library) / f"{_stamp(now)}.sqlite")
    if not _copied(library, path, location):
        raise LibraryError("this file exists already", path=str(path), hint="name another file")
    return path


def _copied(library: Path, path: Path, location: str) -> Path | None:
    """The copy; None where somebody else has made one of that name."""
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        remove_leftovers(path.parent)
        with new_file(path, mode=library.stat().st_mode & 0o777) as temporary:
            copy(library, temporary, location)
    except FileExistsError:
        return None
    except OSError as error:
        raise LibraryError(
            f"no backup can be made, so nothing was changed: {error.strerror or error}",
            path=str(path),
            hint="make room, or make the folder writable",
        ) from error
    return path


def copy(source: Path, target: Path, location: str) -> None:
    """Copy a library into an existing empty file; raises `LibraryError`."""
    with (
        faults(location),
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=20)) as reading,
        closing(sqlite3.connect(target, isolation_level=None)) as writing,
    ):
        writing.execute("PRAGMA journal_mode = OFF")  # a copy that fails is removed as a whole
        writing.execute("PRAGMA synchronous = OFF")  # the whole file is synchronised at the end
        reading.backup(writing)


def restore(backup: Path, library: Path, location: str, now: str, check: Callable[[Path], None]) -> Path | None:
    """Put a backup in the place of the library; the copy of what was there, or None where there was nothing.

    ``check`` raises for a file that is not a sound library. A library that another process uses is not replaced.
    Raises `LibraryError`.
    """
    check(backup)
    saved: Path | None = None
    try:
        with contextlib.ExitStack() as stack:
            if library.exists():
                _claim(library, location, stack)
                saved = _saved(library, now)
            library.parent.mkdir(parents=True, exist_ok=True)
            mode = (library if saved else backup).stat().st_mode & 0o777
            with new_file(library, mode=mode, over=True) as temporary:
                copy(backup, temporary, str(backup))
                # a journal of the old file would be applied to the new one
                Path(f"{library}-journal").unlink(missing_ok=True)
    except OSError as error:
        raise LibraryError(
            f"can't be restored: {error.strerror or error}", path=location, hint="the library was not changed"
        ) from error
    return saved


def _claim(library: Path, location: str, stack: contextlib.ExitStack) -> None:
    """Keep all others out of the library until the end; a file too damaged for that has no other users."""
    connection = stack.enter_context(
        closing(sqlite3.connect(f"{library.as_uri()}?mode=rw", uri=True, timeout=20, isolation_level=None))
    )
    with contextlib.suppress(LibraryDamagedError), faults(location):
        connection.execute("BEGIN EXCLUSIVE")


def _saved(library: Path, now: str) -> Path:
    """The bytes of the library as they are, sound or not, in the folder of backups."""
    path = _free(folder_of(library) / f"before-restore-{_stamp(now)}.sqlite")
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with new_file(path, mode=library.stat().st_mode & 0o777) as temporary:
        import shutil

        shutil.copyfile(library, temporary)
    return path


def _free(path: Path) -> Path:
    """The path, or the first of ``NAME-2``, ``NAME-3`` ... that no file has."""
    candidate, number = path, 1
    while candidate.exists():
        number += 1
        candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return candidate


def _stamp(now: str) -> str:
    return re.sub(r"[^0-9A-Za-z-]", "", now)
