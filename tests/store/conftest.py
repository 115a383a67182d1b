"""An empty library for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bibtool.store import open_library
from tests.store.made import clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bibtool.store import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path / "library.db", clock=clock) as library:
        yield library
