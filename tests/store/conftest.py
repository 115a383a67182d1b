"""An empty library for each test, in each store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bibtool.store import open_library
from tests.store.made import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bibtool.store import Library
    from tests.support.postgres import Server

STORES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.slow))


@pytest.fixture(params=STORES)
def new_place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Makes places where no library is yet: a file, or a schema on a server of PostgreSQL."""
    if request.param == "sqlite":
        return lambda: str(tmp_path_factory.mktemp("place") / "library.db")
    server: Server = request.getfixturevalue("postgres")
    return server.empty


@pytest.fixture
def place(new_place: Callable[[], str]) -> str:
    """A place where no library is yet."""
    return new_place()


@pytest.fixture
def library(place: str) -> Iterator[Library]:
    with open_library(place, clock=clock) as library:
        yield library
