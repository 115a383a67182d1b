"""A folder with a library, the commands in it, and the stand-in for the services that they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.store import open_library
from tests.cli.runner import Outcome, call
from tests.support.source_server import Sources, environment

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from bibtool.model.record import Record


class Desk:
    """A folder with a library, the commands in it, and the services that they ask."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, server: Sources) -> None:
        self.path = folder / "library.sqlite"
        self.monkeypatch = monkeypatch
        self.server = server
        monkeypatch.chdir(folder)
        monkeypatch.setenv("BIBTOOL_LIBRARY", str(self.path))
        for name, value in environment(server).items():
            monkeypatch.setenv(name, value)

    def __call__(self, *arguments: str, stdin: bytes = b"") -> Outcome:
        return call(self.monkeypatch, *arguments, stdin=stdin)

    def record(self) -> Record:
        with open_library(str(self.path)) as library:
            (record,) = library.records()
            return record

    def services(self) -> list[str]:
        return [asked.service for asked in self.server.log]
