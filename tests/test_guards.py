"""The guards of conftest.py bite."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import pytest_cmdline_main


def test_no_socket_beyond_loopback() -> None:
    with socket.socket() as outside, pytest.raises(RuntimeError, match="tried to reach"):
        outside.connect(("192.0.2.1", 80))


def test_home_is_not_the_real_one() -> None:
    assert "home" in Path.home().name
    assert os.environ["XDG_DATA_HOME"].startswith(str(Path.home()))


@pytest.mark.parametrize(
    ("worker", "options", "source", "wanted"),
    [
        (False, {"numprocesses": None, "dist": "no"}, "TESTPATHS", {"numprocesses": "auto", "dist": "worksteal"}),
        (False, {"numprocesses": None, "dist": "no"}, "ARGS", {"numprocesses": None, "dist": "no"}),
        (False, {"numprocesses": 0, "dist": "no"}, "TESTPATHS", {"numprocesses": 0, "dist": "no"}),
        (False, {"numprocesses": 3, "dist": "loadfile"}, "ARGS", {"numprocesses": 3, "dist": "loadfile"}),
        (False, {}, "TESTPATHS", {}),
        (True, {"numprocesses": None, "dist": "no"}, "TESTPATHS", {"numprocesses": None, "dist": "no"}),
    ],
    ids=["whole suite", "paths", "-n0", "-n3 --dist loadfile", "without xdist", "a worker"],
)
def test_worker_processes(
    worker: bool, options: dict[str, Any], source: str, wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    if worker:
        monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    origin = pytest.Config.ArgsSource
    config: Any = SimpleNamespace(option=SimpleNamespace(**options), args_source=origin[source], ArgsSource=origin)
    pytest_cmdline_main(config)
    assert vars(config.option) == wanted
