"""The scenes, made once for all tests of the docs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.making import Made, made_in, make
from tests.docs.scenes import Scenes
from tests.support.arxiv_server import Server
from tests.support.sharing import made_once


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenes]:
    """Folders for the blocks of the docs, and an arXiv server for them."""
    if sys.platform == "win32":
        pytest.skip("the blocks are for a POSIX shell")
    with Server() as server:
        yield Scenes(tmp_path_factory.mktemp("scenes"), server.url)


@pytest.fixture(scope="session")
def made(scenes: Scenes, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """What ``docs/examples/make_cv.sh`` makes, once for all workers."""

    def fill(folder: Path) -> None:
        make(scenes, folder)

    return made_in(made_once(tmp_path_factory, "make_cv", fill))
