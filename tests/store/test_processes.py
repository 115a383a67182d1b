"""Several processes on one library, and processes that are killed."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bibtool.store import open_library
from tests.store.made import work

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = Path(__file__).parents[2]

ADD = """
import sys
from bibtool.store import open_library
from tests.store.made import work

path, name, count = sys.argv[1:]
for number in range(int(count)):
    with open_library(path) as library, library.change(f"{name} {number}") as change:
        change.put(work(f"{name}x{number}", f"Title {number}"))
        change.put(work("shared", f"{name} {number}"))
"""

IMPORT = """
import sys
from bibtool.store import import_records, open_library
from tests.store.made import count_keys, work

path, count, stop = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

def records():
    for number in range(count):
        yield work(f"new{number}", f"Title {number}", f"Author {number}", 2000, abstract="some words " * 50)

with open_library(path) as library:
    # a tiny cache makes SQLite write to the file long before the end
    library._connection.execute("PRAGMA cache_size = 5")
    print("ready", flush=True)
    if stop:
        with library.change("import") as change:
            for at, record in enumerate(records()):
                if at == stop:
                    print("half", flush=True)
                    sys.stdin.read()
                change.put(record)
    else:
        import_records(library, records(), key_maker=count_keys)
        print("done", flush=True)
"""


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT)


@pytest.mark.slow
def test_several_processes_write_and_none_is_lost(new_place: Callable[[], str]) -> None:
    """They also race to make the library."""
    place = new_place()
    names, count = "abcdefghijkl", 6
    with ExitStack() as stack:
        processes = [stack.enter_context(start(ADD, place, name, count)) for name in names]
        for process in processes:
            process.communicate(timeout=240)
    assert [process.returncode for process in processes] == [0] * len(names)
    with open_library(place) as library:
        assert set(library.keys()) == {"shared"} | {f"{name}x{number}" for name in names for number in range(count)}
        assert sorted(c.what for c in library.history()) == sorted(f"{n} {i}" for n in names for i in range(count))
        assert [c.number for c in library.history()] == list(range(len(names) * count, 0, -1))
        while library.undo():
            pass
        assert library.keys() == ()
    if "://" not in place:
        assert [p.name for p in Path(place).parent.iterdir()] == ["library.db"]


@pytest.mark.slow
@pytest.mark.parametrize("empty", [True, False])
def test_a_killed_change_leaves_nothing(tmp_path: Path, empty: bool) -> None:
    path = tmp_path / "library.db"
    with open_library(path) as library:
        if not empty:
            with library.change("before") as change:
                change.put(work("old", "Old"))
                change.put(work("new7", "Old too"))
        before = list(library.records())
        entries = library.history()
    with start(IMPORT, path, 400, 300) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert process.stdout.readline() == "half\n"
        assert (tmp_path / "library.db-journal").exists()  # the kill comes when the file is half written
        process.kill()
    with open_library(path) as library:
        assert list(library.records()) == before
        assert library.history() == entries
        assert list(library.search("title")) == []
        with library.change("after") as change:
            change.put(work("more"))
    assert [p.name for p in tmp_path.iterdir()] == ["library.db"]


@pytest.mark.slow
@pytest.mark.parametrize("delay_s", [0.02, 0.1, 0.2, 0.3, 0.5])
def test_an_import_killed_at_any_time_is_there_as_a_whole_or_not_at_all(tmp_path: Path, delay_s: float) -> None:
    path = tmp_path / "library.db"
    with start(IMPORT, path, 400, 0) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(delay_s)
        process.kill()
    with open_library(path) as library:
        assert len(library) in {0, 400}
        assert len(library.history()) == len(library) // 400
        assert len(list(library.search("title"))) == len(library)


@pytest.mark.slow
def test_the_time_of_a_kill_does_not_matter_after_the_end(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with start(IMPORT, path, 50, 0) as process:
        assert process.stdout is not None
        assert process.stdout.read() == "ready\ndone\n"
    with open_library(path) as library:
        assert len(library) == 50
