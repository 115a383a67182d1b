"""Guards for every test: no network beyond loopback, no file in the user's home, no colour."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# CI asks the same questions each time, so that it fails for a change and never by chance; elsewhere new ones are asked
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("local", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")

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


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home if name == "HOME" else home / name.lower()))
    for name in ("BIBTOOL_LIBRARY", "BIBTOOL_CONFIG", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    # a test that forgets to name a server must not reach the real one: port 9 refuses
    monkeypatch.setenv("BIBTOOL_ARXIV_URL", "http://127.0.0.1:9/api/query")
