"""The guards of conftest.py bite."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest


def test_no_socket_beyond_loopback() -> None:
    with socket.socket() as outside, pytest.raises(RuntimeError, match="tried to reach"):
        outside.connect(("192.0.2.1", 80))


def test_home_is_not_the_real_one() -> None:
    assert "home" in Path.home().name
    assert os.environ["XDG_DATA_HOME"].startswith(str(Path.home()))
