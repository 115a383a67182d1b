"""Guards for every test: no network beyond loopback, no file in the user's home, no colour."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from bibtool.styles.style import StyleIndex
from tests.support.arxiv_server import Server
from tests.support.browser import Browser, find_chromium
from tests.support.postgres import Server as PostgresServer
from tests.support.postgres import started
from tests.support.sharing import made_once

if TYPE_CHECKING:
    from collections.abc import Iterator

# CI asks the same questions each time, so that it fails for a change and never by chance; elsewhere new ones are asked
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("local", deadline=None)
PROFILE = "ci" if os.environ.get("CI") else "local"
settings.register_profile("fast", settings.get_profile(PROFILE), max_examples=20)  # that of `-m "not slow"`
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(PROFILE)


def pytest_configure(config: pytest.Config) -> None:
    """Ask fewer questions in the fast subset, unless a profile is named on the command line; keep bytecode."""
    if "not slow" in config.option.markexpr and not config.getoption("--hypothesis-profile"):
        settings.load_profile("fast")
    if sys.dont_write_bytecode and hasattr(config, "cache"):
        # containers often forbid bytecode; then every process that a test starts would compile all modules again
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(config.cache.mkdir("bytecode"))


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks at its options
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Let the whole suite run in one process per core, and files that are named on the command line in one process.

    ``-n`` and ``--dist`` win. Without pytest-xdist everything runs in one process. Worker processes come here as well,
    and must not start workers of their own.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    options = config.option
    if getattr(options, "numprocesses", 0) is None and config.args_source is config.ArgsSource.TESTPATHS:
        options.numprocesses = "auto"
    if getattr(options, "numprocesses", 0) and options.dist == "no":
        options.dist = "worksteal"


SLOW_FIXTURES = {"browser", "made", "postgres", "scenes"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what uses a browser, a database server, or the folders and programs of the documentation."""
    for item in items:
        if SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture
def shared() -> Path:
    """The folder of outside material beside the project; the test is skipped, saying so, where it is missing."""
    if not SHARED.is_dir():
        pytest.skip(f"outside material is not installed ({SHARED.name} beside the project)")
    return SHARED


@pytest.fixture
def fixtures() -> Path:
    """The project's own fixtures."""
    return Path(__file__).parents[1] / "fixtures"


@pytest.fixture(autouse=True)
def _no_network_beyond_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0]
            if host not in {"127.0.0.1", "::1", "localhost"}:
                raise RuntimeError(f"a test tried to reach {host}")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


_HOME_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all homes; pytest's own numbering would read it again for every test."""
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def _own_home(_homes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = _homes / f"home{next(_HOME_NUMBERS)}"
    home.mkdir()
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home if name == "HOME" else home / name.lower()))
    databases = [name for name in os.environ if name.startswith("PG")]  # what libpq would take from the developer
    for name in ("BIBTOOL_LIBRARY", "BIBTOOL_CONFIG", "BIBTOOL_CACHE", "FORCE_COLOR", *databases):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    # a test that forgets to name a server must not reach the real one: port 9 refuses
    monkeypatch.setenv("BIBTOOL_ARXIV_URL", "http://127.0.0.1:9/api/query")
    # the other services are asked by the tests that stand in for them
    monkeypatch.setenv("BIBTOOL_SOURCES", "none")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """An arXiv server of the test's own, which commands in this process ask without waiting between requests."""
    with Server() as own:
        monkeypatch.setenv("BIBTOOL_ARXIV_URL", own.url)
        monkeypatch.setenv("BIBTOOL_ARXIV_DELAY", "0")
        yield own


@pytest.fixture(scope="session")
def style_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder with the index of all styles, which takes seconds to make."""

    def fill(folder: Path) -> None:
        assert StyleIndex(cache=folder).entries

    return made_once(tmp_path_factory, "style-index", fill)


@pytest.fixture
def known_styles(style_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands of the test find the index of all styles in their cache."""
    cache = shutil.copytree(style_index, Path.home() / "cache")
    monkeypatch.setenv("BIBTOOL_CACHE", str(cache))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server of PostgreSQL, one for each process of the tests; skipped, saying so, where none is installed."""
    yield from started()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A headless Chromium; the test is skipped where none is installed."""
    find_chromium()
    with Browser(tmp_path_factory.mktemp("profile")) as started:
        yield started
