"""SQLite's and the system's errors as ours: one clear line, and what to do next."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager

from bibtool.errors import LibraryBusyError, LibraryDamagedError, LibraryError

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from collections.abc import Iterator

RECOVER = (
    "`bibtool library restore` lists the backups; `bibtool library recover FILE -o NEW` saves what can still be read"
)


@contextmanager
def faults(path: str) -> Iterator[None]:
    """Within it, errors of SQLite and of the system are raised as `LibraryError` with the library's path.

    `sqlite3.ProgrammingError` (a closed library is used) is our mistake and passes.
    """
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except sqlite3.Error as error:
        raise translated(error, path) from error
    except UnicodeDecodeError as error:  # even the schema or a message of SQLite may have bytes that are not text
        raise LibraryDamagedError(
            "the library holds text that is not valid; it was left as it is", path=path, hint=RECOVER
        ) from error
    except OSError as error:
        raise LibraryError(f"can't be opened or created: {error.strerror or error}", path=path) from error


def translated(error: sqlite3.Error, path: str) -> LibraryError:
    """Our error for one of SQLite. Result codes: https://www.sqlite.org/rescode.html."""
    # the attribute is missing where Python itself raised the error
    name: str = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")):
        return LibraryBusyError("another process is using the library", path=path, hint="try again in a moment")
    if name == "SQLITE_NOTADB":
        return LibraryDamagedError("this file is not a bibtool library", path=path, hint="name another with --library")
    if name.startswith("SQLITE_CORRUPT"):
        return LibraryDamagedError("the library is damaged; it was left as it is", path=path, hint=RECOVER)
    if name == "SQLITE_FULL":
        return LibraryError("the disk is full; nothing was changed", path=path, hint="make room and try again")
    if name in {"SQLITE_READONLY_ROLLBACK", "SQLITE_READONLYRECOVERY"}:
        return LibraryError(
            "a change was interrupted and can't be undone without write permission",
            path=path,
            hint="open it once with write permission for the file and its folder",
        )
    if name.startswith("SQLITE_READONLY"):
        return LibraryError("the library can't be written to: it is read-only", path=path)
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return LibraryError(
            "can't be opened, or its folder can't be written to", path=path, hint="check the permissions of both"
        )
    if name.startswith("SQLITE_IOERR"):
        return LibraryError(
            "reading or writing failed; nothing was changed", path=path, hint="is the disk full or no longer mounted?"
        )
    if name == "SQLITE_TOOBIG":
        return LibraryError("a record is too large to be stored", path=path)
    if "fts5" in str(error) and "module" in str(error):
        return LibraryError("SQLite was built without full-text search (FTS5)", path=path, hint="use another Python")
    if not name or name == "SQLITE_ERROR":
        return LibraryDamagedError(f"the library can't be understood: {error}", path=path, hint=RECOVER)
    return LibraryError(f"the library failed: {error}", path=path)
