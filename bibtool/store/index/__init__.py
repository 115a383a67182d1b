"""The index of bibliographic dumps: `open_index` gives an `Index` of `base`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.lazy import load

if TYPE_CHECKING:
    from pathlib import Path

    from bibtool.store.index.base import Index

__all__ = ["open_index"]


def open_index(path: Path, *, create: bool = False) -> Index:
    """The index in a file. Raises `IndexFileError` for one that is missing (unless ``create``) or no index."""
    index: Index = load("bibtool.store.index.sqlite:SqliteIndex")(path, create=create)
    return index
