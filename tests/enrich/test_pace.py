"""One request at a time, some seconds apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from bibtool.enrich.pace import LEASE_S, MAX_POSTPONE_S, Pacer
from tests.support.arxiv_server import Server
from tests.support.fake_clock import FakeClock

PROJECT = Path(__file__).parents[2]


def pacer(folder: Path | None, clock: FakeClock) -> Pacer:
    return Pacer(folder, clock=clock, sleep=clock.sleep)


def test_the_distance_counts_from_the_end_of_the_last_request(tmp_path: Path) -> None:
    clock = FakeClock()
    first = pacer(tmp_path, clock)
    with first.slot():
        clock.now += 20  # a slow answer
    assert clock.sleeps == []
    clock.now += 1
    with pacer(tmp_path, clock).slot():  # another process of the same user
        pass
    assert clock.sleeps == [2.0]


def test_a_request_that_fails_counts_too(tmp_path: Path) -> None:
    clock = FakeClock()
    with pytest.raises(KeyboardInterrupt), pacer(tmp_path, clock).slot():
        raise KeyboardInterrupt
    with pacer(tmp_path, clock).slot():
        pass
    assert clock.sleeps == [3.0]


def test_a_clock_that_was_set_back_costs_the_usual_distance_at_most(tmp_path: Path) -> None:
    clock = FakeClock()
    with pacer(tmp_path, clock).slot():
        pass
    clock.now -= 1_000_000
    assert pacer(tmp_path, clock).waiting_s() == 3.0
    with pacer(tmp_path, clock).slot():
        pass
    assert sum(clock.sleeps) == 3.0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"ended": "x"}', '{"ended": 1e999, "not_before": 0}', "\x00"])
def test_a_broken_state_file_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "pace.json").write_text(text)
    clock = FakeClock()
    with pacer(tmp_path, clock).slot():
        pass
    assert clock.sleeps == []
    assert json.loads((tmp_path / "pace.json").read_text())["ended"] == clock.now


def test_without_a_folder_the_pace_is_kept_in_the_process() -> None:
    clock = FakeClock()
    own = pacer(None, clock)
    for _ in range(2):
        with own.slot():
            pass
    assert clock.sleeps == [3.0]


def test_a_folder_that_cannot_be_made_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    clock = FakeClock()
    own = pacer(tmp_path / "file" / "pace", clock)
    for _ in range(2):
        with own.slot():
            pass
    assert clock.sleeps == [3.0]


def test_what_arxiv_asks_for_is_kept_by_all_processes(tmp_path: Path) -> None:
    clock = FakeClock()
    pacer(tmp_path, clock).postpone(40)
    assert pacer(tmp_path, clock).asked_to_wait_s() == 40
    with pacer(tmp_path, clock).slot():
        pass
    assert clock.sleeps == [40]
    pacer(tmp_path, clock).postpone(1e9)
    assert pacer(tmp_path, clock).asked_to_wait_s() == MAX_POSTPONE_S


def test_the_breaker_is_seen_by_all_processes_and_closes_again(tmp_path: Path) -> None:
    clock = FakeClock()
    pacer(tmp_path, clock).trip(120, "busy")
    assert pacer(tmp_path, clock).tripped() == "busy"
    clock.now += 121
    assert pacer(tmp_path, clock).tripped() == ""
    pacer(tmp_path, clock).trip(120, "busy")
    pacer(tmp_path, clock).heal()
    assert pacer(tmp_path, clock).tripped() == ""


@pytest.mark.slow
def test_a_run_that_hangs_does_not_hold_up_the_others(tmp_path: Path) -> None:
    clock = FakeClock()
    with pacer(tmp_path, clock).slot():
        began = clock.now
        with pacer(tmp_path, clock).slot():  # another run, while the first one is in its request
            assert clock.now - began == pytest.approx(LEASE_S, abs=1)
        assert json.loads((tmp_path / "pace.json").read_text())["owner"] == ""
    with pacer(tmp_path, clock).slot():
        assert clock.sleeps[-1] == 3.0


def test_one_run_at_a_time_has_its_turn(tmp_path: Path) -> None:
    clock = FakeClock()
    with pacer(tmp_path, clock).slot():
        state = json.loads((tmp_path / "pace.json").read_text())
        assert str(os.getpid()) in state["owner"]
        assert state["taken_until"] == clock.now + LEASE_S


_ASKER = """
import sys, urllib.request
from pathlib import Path
from bibtool.enrich.pace import Pacer
pacer = Pacer(Path(sys.argv[1]), delay_s=0.25)
for _ in range(4):
    with pacer.slot():
        urllib.request.urlopen(sys.argv[2] + "?id_list=2203.01360").read()
"""


@pytest.mark.slow
def test_processes_wait_for_each_other(tmp_path: Path) -> None:
    with Server() as server:
        command = [sys.executable, "-c", _ASKER, str(tmp_path), server.url]
        processes = [subprocess.Popen(command, cwd=PROJECT) for _ in range(2)]
        assert [process.wait(60) for process in processes] == [0, 0]
        seen = sorted(server.log, key=lambda request: request.came)
    assert len(seen) == 8
    gaps = [after.came - before.answered for before, after in pairwise(seen)]
    # the client counts from the end of an answer, so what the server sees is never less
    assert min(gaps) > 0.24


@pytest.mark.slow
def test_a_process_that_dies_with_the_lock_does_not_block_the_next(tmp_path: Path) -> None:
    dying = (
        "import os, sys\nfrom pathlib import Path\nfrom bibtool.enrich.pace import Pacer\n"
        "with Pacer(Path(sys.argv[1])).slot():\n    os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", dying, str(tmp_path)], cwd=PROJECT, check=False)
    assert done.returncode == 9
    clock = FakeClock(now=time.time())
    with pacer(tmp_path, clock).slot():
        pass
    assert sum(clock.sleeps) <= 3.0
