"""A server that sends a byte now and then, for ever: its own run ends in time, and the others go on meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.support.arxiv_faults import TRICKLES, Fault
from tests.support.arxiv_server import Server

if TYPE_CHECKING:
    from pathlib import Path

BIB = "@misc{o, title={Symmetric Single Index Learning}, author={Zweig, A. and Bruna, J.}, eprint={2310.02117}}\n"
# the command line with other limits of time, in seconds: of an exchange, and of a turn among the runs of the user
PROGRAM = """
import sys
from bibtool.enrich import pace, transport
pace.LEASE_S = float(sys.argv[2])
limited = transport.Policy.__init__
def with_limit(self, *arguments, **named):
    limited(self, *arguments, **{"total_timeout_s": float(sys.argv[1]), **named})
transport.Policy.__init__ = with_limit
from bibtool.cli.main import run
sys.exit(run(sys.argv[3:]))
"""


def start(folder: Path, server: Server, name: str, *, limit: float, lease: float) -> subprocess.Popen[str]:
    environment = {**os.environ, "BIBTOOL_ARXIV_URL": server.url, "BIBTOOL_ARXIV_DELAY": "0"}
    command = [sys.executable, "-c", PROGRAM, str(limit), str(lease), "enrich", "--library", f"{name}.sqlite"]
    return subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.bib").write_text(BIB)
    for name in ("first", "second"):
        call = [sys.executable, "-m", "bibtool", "import", "a.bib", "--library", f"{name}.sqlite"]
        subprocess.run(call, cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("kind", TRICKLES)
def test_enrich_ends_although_the_server_never_does(folder: Path, kind: str) -> None:
    with Server(faults=(Fault(kind=kind),)) as server:
        process = start(folder, server, "first", limit=0.3, lease=30)
        said = process.communicate(timeout=300)[1]  # half the time for which the server goes on
        assert len(server.log) == 2
    assert process.returncode == 4, said
    assert "it took too long to answer" in said


@pytest.mark.slow
def test_another_enrich_goes_on_meanwhile(folder: Path) -> None:
    """The first one, whose exchange may take hours here, has the turn until its lease is over."""
    with Server(faults=(Fault(kind="slow-body", at=1),)) as server:
        first = start(folder, server, "first", limit=36_000, lease=0.5)
        try:
            while not server.log:
                assert first.poll() is None
                time.sleep(0.01)
            second = start(folder, server, "second", limit=120, lease=0.5)
            said = second.communicate(timeout=300)[1]
            assert second.returncode == 0, said
            assert len(server.log) > 1
            assert first.poll() is None
        finally:
            first.kill()
            first.communicate()
