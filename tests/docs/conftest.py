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
from tests.support.source_server import Sources, article, environment

# what Crossref has of works that the docs name
WORKS = (
    article(
        "10.1016/j.jcp.2023.112588",
        "Neural Galerkin schemes with active learning for high-dimensional evolution equations",
        [("Joan", "Bruna"), ("Benjamin", "Peherstorfer"), ("Eric", "Vanden-Eijnden")],
        2024,
        **{"container-title": ["Journal of Computational Physics"], "volume": "496", "issue": "", "page": "112588"},
    ),
    article(
        "10.1088/2632-2153/ae1a36",
        "Data-driven multiscale modeling for correcting dynamical systems",
        [("Karl", "Otness"), ("Laure", "Zanna"), ("Joan", "Bruna")],
        2025,
        **{"container-title": ["Machine Learning: Science and Technology"], "volume": "", "issue": "", "page": ""},
    ),
    article("10.5555/attention", "Attention is all you need", [("Ann", "Author"), ("Bo", "Writer")], 2017),
)


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenes]:
    """Folders for the blocks of the docs, and an arXiv server for them."""
    if sys.platform == "win32":
        pytest.skip("the blocks are for a POSIX shell")
    works = {work["DOI"]: work for work in WORKS}
    with Server() as server, Sources(works=works, agencies=dict.fromkeys(works, "Crossref")) as sources:
        yield Scenes(tmp_path_factory.mktemp("scenes"), server.url, environment(sources))


@pytest.fixture(scope="session")
def made(scenes: Scenes, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """What ``docs/examples/make_cv.sh`` makes, once for all workers."""

    def fill(folder: Path) -> None:
        make(scenes, folder)

    return made_in(made_once(tmp_path_factory, "make_cv", fill))
