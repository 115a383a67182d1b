"""PostgreSQL's errors as ours: one clear line, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import errors

from bibtool.errors import (
    LibraryBusyError,
    LibraryDamagedError,
    LibraryError,
    LibraryUnreachableError,
)

if TYPE_CHECKING:
    import psycopg

# the server ends the connection: https://www.postgresql.org/docs/current/errcodes-appendix.html, classes 08 and 57
_ENDED = ("08", "57P01", "57P02", "57P03", "57P05", "25P03")
_LATER = "nothing was changed; try again later"


def is_lost(error: Exception, connection: psycopg.Connection | None = None) -> bool:
    """Whether the connection was lost, so that a new one may work."""
    if not isinstance(error, (errors.OperationalError, errors.InternalError, errors.InterfaceError)):
        return False
    state = error.sqlstate
    return (connection is not None and connection.closed) or (state is not None and state.startswith(_ENDED))


def translated(error: errors.Error, url: str, connection: psycopg.Connection | None = None) -> LibraryError:
    """Our error for one of PostgreSQL."""
    said = first_line(error)
    if is_lost(error, connection):
        return LibraryUnreachableError(f"the connection to the server was lost: {said}", path=url, hint=_LATER)
    if isinstance(error, (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure)):
        return LibraryBusyError("somebody else is changing the library", path=url, hint="try again in a moment")
    if isinstance(error, errors.InsufficientPrivilege):
        return LibraryError(
            f"your role is not allowed to do this: {said}",
            path=url,
            hint="nothing was changed; the owner of the library can grant it: see docs/how-to/team.md",
        )
    if isinstance(error, errors.ReadOnlySqlTransaction):
        return LibraryError("the library can't be written to: it is read-only here", path=url)
    if isinstance(error, errors.DiskFull):
        return LibraryError("the server's disk is full; nothing was changed", path=url, hint="make room and try again")
    if isinstance(error, errors.ProgramLimitExceeded):
        return LibraryError(f"a record is too large to be stored: {said}", path=url)
    if isinstance(error, (errors.UndefinedTable, errors.UndefinedColumn, errors.DataCorrupted, errors.IndexCorrupted)):
        return LibraryDamagedError(
            f"the library is damaged: {said}", path=url, hint="restore a dump: `bibtool library restore FILE`"
        )
    if isinstance(error, errors.QueryCanceled):
        return LibraryUnreachableError(f"the server ended the query: {said}", path=url, hint=_LATER)
    return LibraryError(f"the library failed: {said}", path=url, hint="nothing was changed")


def not_connected(error: errors.Error, url: str) -> LibraryError:
    """Our error for a connection that could not be made."""
    said = first_line(error)
    # an error of connecting has no code: the server's text is all there is
    if "does not exist" in said and "database" in said:
        return LibraryError(
            f"can't be opened: {said}", path=url, hint="create it with `createdb`, or correct the address"
        )
    return LibraryUnreachableError(
        f"no connection to the server: {said}",
        path=url,
        hint="is the server running, and are host, port and user right? Passwords come from PGPASSWORD, ~/.pgpass or "
        "PGSERVICE",
    )


def first_line(error: errors.Error) -> str:
    """What PostgreSQL says, in one line, without the details, which may hold values of records."""
    text = error.diag.message_primary or str(error)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    # several addresses of a host were tried: the last line says what is wrong
    return (lines[-1] if lines else type(error).__name__)[:300]
