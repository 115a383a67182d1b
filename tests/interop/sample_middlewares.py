"""Middlewares of bibtexparser for the tests, named on the command line as a user would name his own."""

from __future__ import annotations

from typing import Any

from bibtexparser.middlewares.middleware import BlockMiddleware, LibraryMiddleware


class ShoutTitles(BlockMiddleware):
    """Titles in capitals."""

    def transform_entry(self, entry: Any, library: Any) -> Any:
        if "title" in entry:
            entry["title"] = entry["title"].upper()
        return entry


class DropNotes(BlockMiddleware):
    """Entries without notes, and no comments."""

    def transform_entry(self, entry: Any, library: Any) -> Any:
        entry.pop("note")
        return entry

    def transform_implicit_comment(self, implicit_comment: Any, library: Any) -> None:
        return None


class Failing(BlockMiddleware):
    """Raises at the first entry."""

    def transform_entry(self, entry: Any, library: Any) -> Any:
        raise LookupError("nothing\nhere")


class GivesNothing(LibraryMiddleware):
    """Forgets to return the library."""

    def transform(self, library: Any) -> Any:
        return None


class NeedsArguments(BlockMiddleware):
    """Can't be made from its name alone."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width


SHOUT = ShoutTitles()
NOT_ONE = 3
