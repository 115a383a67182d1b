"""The scenes, made once for all tests of the docs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.docs.making import Made, make
from tests.docs.scenes import Scenes
from tests.support.arxiv_server import Server


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenes]:
    """Folders for the blocks of the docs, and an arXiv server for them."""
    with Server() as server:
        yield Scenes(tmp_path_factory.mktemp("scenes"), server.url)


@pytest.fixture(scope="session")
def made(scenes: Scenes, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """What ``docs/examples/make_cv.sh`` makes, once."""
    return make(scenes, tmp_path_factory.mktemp("make_cv"))
