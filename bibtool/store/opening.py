"""A library by path or URL: the one table of stores."""

from __future__ import annotations

from bibtool.errors import UsageError
from bibtool.lazy import lazy_pattern, load

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Protocol

    from bibtool.store.base import Library

    class Opener(Protocol):
        """How a store is opened: with the whole URL."""

        def __call__(
            self, url: str, *, create: bool, read_only: bool, busy_timeout_s: float, clock: Callable[[], str]
        ) -> Library:
            """Open the library at ``url``."""
            ...


SCHEMES: dict[str, str] = {
    "sqlite": "bibtool.store.sqlite:open_url",
    "postgresql": "bibtool.store.postgres.engine:open_url",
    "postgres": "bibtool.store.postgres.engine:open_url",
}

_URL = lazy_pattern(r"([A-Za-z][A-Za-z0-9+.-]+)://")


def utc_now() -> str:
    """The time as ISO 8601 in UTC, to the second."""
    import datetime as dt

    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def open_library(
    url: str | Path,
    *,
    create: bool = True,
    read_only: bool = False,
    busy_timeout_s: float = 20.0,
    clock: Callable[[], str] = utc_now,
) -> Library:
    """The library at a path or URL; close it after use.

    URLs are ``sqlite:///relative/path``, ``sqlite:////absolute/path`` and
    ``postgresql://user@host:port/database?schema=name``.
    ``create`` makes a missing library and its folder. ``read_only`` never writes, not even to make or migrate one.
    ``busy_timeout_s`` is how long to wait for another process. Raises `UsageError` for a scheme that is not known, and
    `LibraryError` or one of its kinds for everything that keeps the library from being opened.
    """
    text = str(url)
    if not text or "\0" in text:
        raise UsageError("the library needs a path or a URL")
    found = _URL.match(text) if isinstance(url, str) and "://" in text else None
    if found is None:
        from bibtool.store.sqlite import open_sqlite

        return open_sqlite(text, create=create, read_only=read_only, busy_timeout_s=busy_timeout_s, clock=clock)
    target = SCHEMES.get(found[1].lower())
    if target is None:
        known = ", ".join(f"{name}://" for name in SCHEMES)
        raise UsageError(f"no store for {found[0]}", hint=f"known: {known}, or a path")
    refuse_password(text)
    opener: Opener = load(target)
    return opener(text, create=create, read_only=read_only, busy_timeout_s=busy_timeout_s, clock=clock)


def refuse_password(url: str) -> None:
    """Raise `UsageError`, which does not repeat it, for a URL with a password in it."""
    before, _, query = url.partition("://")[2].partition("?")
    user, at, _ = before.rpartition("@")
    named = [option.partition("=")[0].lower() for option in query.split("&")]
    if (at and ":" in user) or any("password" in name for name in named):
        raise UsageError(
            "an address with a password in it is not accepted, as others could read it in messages and settings",
            hint="leave it out; PGPASSWORD, ~/.pgpass or PGSERVICE give it",
        )


def path_of(url: str) -> Path:
    """The real path of the file of a library, links followed; raises `UsageError` for a store that is not one file."""
    from pathlib import Path

    from bibtool.files import real_path

    if _URL.match(url) is None:
        return real_path(Path(url))
    from bibtool.store.sqlite import path_of_url

    if not url.lower().startswith("sqlite://"):
        refuse_password(url)
        raise UsageError(
            f"{url} is not a file", hint="`bibtool library dump FILE` writes a library on a server to a file"
        )
    return real_path(path_of_url(url))
