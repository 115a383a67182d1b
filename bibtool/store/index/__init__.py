"""The index of bibliographic dumps: `open_index` gives an `Index` of `base`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bibtool.lazy import load

if TYPE_CHECKING:
    from bibtool.store.index.base import Index

__all__ = ["is_address", "open_index"]


def is_address(location: str) -> bool:
    """Whether a location is that of a server, and not of a file."""
    return location.startswith(("postgresql://", "postgres://"))


def open_index(location: str | Path, *, create: bool = False) -> Index:
    """The index in a file, or at ``postgresql://user@host:port/database?schema=name``.

    Raises `IndexFileError` for one that is missing (unless ``create``) or no index, `UsageError` for an address with a
    password, and `LibraryUnreachableError` for a server that can't be asked.
    """
    index: Index
    if isinstance(location, str) and is_address(location):
        from bibtool.store.opening import refuse_password

        refuse_password(location)
        index = load("bibtool.store.postgres.index:open_address")(location, create=create)
    else:
        index = load("bibtool.store.index.sqlite:SqliteIndex")(Path(location), create=create)
    return index
