"""Processes that are killed in the middle of a write, and many that work on one library: old or new, nothing is lost.

``BIBTOOL_KILLS=500 pytest -s tests/cli/test_kills.py`` catches 500 writes instead of a few, and says how many kills it
took; ``BIBTOOL_KILL_SEED`` chooses other moments. A kill counts if what it left is neither the old state nor the new
one: a temporary file, a journal, a backup without its change, a part of the pages.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.arxiv_papers import papers
from tests.support.arxiv_server import Server
from tests.support.systems import posix

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KILLS = int(os.environ.get("BIBTOOL_KILLS", "20"))
SEED = int(os.environ.get("BIBTOOL_KILL_SEED", "7"))
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
PROJECT = Path(__file__).parents[2]

pytestmark = [posix, pytest.mark.slow]

ENTRIES = "".join(
    f"@article{{a{number}, author={{Ash, Ann}}, title={{Title number {number} of a work}}, year={{2020}}, "
    f"doi={{10.5555/{number}}},  eprint={{2203.{number:05}}}, archiveprefix={{arXiv}}, journal={{Journal}}, "
    "pages={1-2}}\n"
    for number in range(150)
)

TARGETS: dict[str, Sequence[str]] = {
    "fmt": ("fmt", "refs.bib"),
    "check": ("check", "--fix", "--exit-zero", "refs.bib"),
    "dedupe": ("dedupe", "--apply", "twice.bib"),
    "refs": ("refs",),
    "convert": ("convert", "refs.bib", "-o", "out.json"),
    "cv": ("cv", "refs.bib", "--owner", "Ann Ash", "--to", "hugo", "-o", "site"),
    "import": ("import", "refs.bib", "--library", "library.sqlite"),
    "edit": ("edit", "b1", "title=Another title", "--library", "library.sqlite"),
    "undo": ("undo", "--library", "library.sqlite"),
    "enrich": ("enrich", "--library", "library.sqlite"),
}


@pytest.fixture(autouse=True)
def arxiv(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with Server() as server:
        monkeypatch.setenv("BIBTOOL_ARXIV_URL", server.url)
        monkeypatch.setenv("BIBTOOL_ARXIV_DELAY", "0")
        yield server


def environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "BIBTOOL_CACHE": str(folder.parent / "cache"),
        "HOME": str(folder.parent),
    }


def prepare(folder: Path) -> None:
    folder.mkdir()
    (folder / "refs.bib").write_text(ENTRIES)
    (folder / "twice.bib").write_text(ENTRIES + ENTRIES.replace("{a", "{c"))
    (folder / "paper.tex").write_text("\\cite{" + ",".join(f"a{number}" for number in range(150)) + "}\n")
    (folder / "bibtool.toml").write_text('[refs]\nsources = ["refs.bib"]\noutput = "out.bib"\n')
    known = "".join(
        f"@misc{{p{at}, eprint={{{paper.number}}}, archiveprefix={{arXiv}}}}\n"
        for at, paper in enumerate(papers()[:20])
    )
    (folder / "old.bib").write_text(
        known + "".join(f"@misc{{b{n}, title={{Old work number {n}}}}}\n" for n in range(40))
    )
    bibtool(folder, "import", "old.bib", "--library", "library.sqlite")
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection, connection:
        connection.execute("UPDATE change SET at = '2020-01-01T00:00:00Z'")  # so that the backup of a day is due


def bibtool(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    call = [sys.executable, "-m", "bibtool", *arguments]
    return subprocess.run(call, cwd=folder, env=environment(folder), capture_output=True, check=False, timeout=120)


def state(folder: Path) -> dict[str, object]:
    """Path -> content of everything in the folder; a library as its rows without times, and no backups."""
    contents: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or name.startswith("library.sqlite.backups/"):
            continue
        contents[name] = rows(path) if name == "library.sqlite" else path.read_bytes()
        if name == "bibtool.lock":
            contents[name] = TIME.sub("TIME", path.read_text())
    return contents


def rows(path: Path) -> object:
    """What a library holds, without times."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        records = [TIME.sub("TIME", data) for (data,) in connection.execute("SELECT data FROM record ORDER BY id")]
        changes = connection.execute("SELECT what, undone, added, changed, removed FROM change ORDER BY id").fetchall()
        steps = connection.execute("SELECT change_id, record_id FROM step ORDER BY change_id, record_id").fetchall()
        found = connection.execute("SELECT rowid, title FROM record_text ORDER BY rowid").fetchall()
    return records, changes, steps, found


def names_and_sizes(folder: Path) -> dict[str, tuple[int, int]]:
    """What a program that writes changes first: the names in the folders, and the size and time of each file."""
    seen: dict[str, tuple[int, int]] = {}
    folders = [str(folder)]
    for place in folders:
        with os.scandir(place) as entries:
            for entry in entries:
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                seen[entry.path] = (status.st_size, status.st_mtime_ns)
    return seen


def start(folder: Path, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    call = [sys.executable, "-m", "bibtool", *arguments]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(call, cwd=folder, env=environment(folder), stdout=nowhere, stderr=nowhere)


def watched(folder: Path, arguments: Sequence[str]) -> tuple[float, float]:
    """Seconds that a run of the command takes, and of these how many between its first and its last write."""
    before = names_and_sizes(folder)
    began = first = last = time.monotonic()
    process = start(folder, arguments)
    while process.poll() is None:
        if (now := names_and_sizes(folder)) != before:
            last = time.monotonic()
            first = last if first == began else first
            before = now
    assert process.returncode == 0
    return time.monotonic() - began, last - first


def kill(folder: Path, arguments: Sequence[str], *, after_start: float, after_write: float | None) -> bool:
    """Start the command and kill it, so long after its start or after its first write; False if it ended before."""
    before = names_and_sizes(folder)
    process = start(folder, arguments)
    if after_write is None:
        end = time.monotonic() + after_start
    else:
        while process.poll() is None and names_and_sizes(folder) == before:
            pass
        end = time.monotonic() + after_write
    while process.poll() is None and time.monotonic() < end:
        pass
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def is_in_between(folder: Path, start: Path, whole: Path) -> bool:
    """Whether the folder has neither the files of the beginning nor those of the end."""
    names, *others = ({path.relative_to(top).as_posix() for path in top.rglob("*")} for top in (folder, start, whole))
    undated = [{re.sub(r"auto-[^/]*", "auto", name) for name in those} for those in (names, *others)]
    return undated[0] not in undated[1:]


@pytest.mark.parametrize("name", TARGETS)
def test_a_kill_in_the_middle(tmp_path: Path, name: str) -> None:
    """Four of five kills come after the first write, the others at any moment of the run."""
    arguments = TARGETS[name]
    dice = random.Random(f"{SEED} {name}")
    prepare(tmp_path / "start")
    old = state(tmp_path / "start")
    shutil.copytree(tmp_path / "start", tmp_path / "whole")
    took, writing = watched(tmp_path / "whole", arguments)
    new = state(tmp_path / "whole")
    assert new != old
    wanted, caught, killed, tried, in_transaction = max(1, KILLS // len(TARGETS)), 0, 0, 0, 0
    while caught < wanted and tried < 40 * wanted:
        tried += 1
        folder = tmp_path / f"run{tried}"
        shutil.copytree(tmp_path / "start", folder)
        after_write = None if tried % 5 == 0 else dice.uniform(0, writing)
        if not kill(folder, arguments, after_start=took * dice.uniform(0.3, 1.0), after_write=after_write):
            shutil.rmtree(folder)
            continue
        killed += 1
        is_caught = is_in_between(folder, tmp_path / "start", tmp_path / "whole")
        caught += is_caught
        in_transaction += (folder / "library.sqlite-journal").is_file()
        for path in folder.rglob("[!.]*"):
            relative = path.relative_to(folder).as_posix()
            if path.suffix in {".bib", ".json", ".md"} and not relative.startswith("library.sqlite.backups"):
                assert path.read_bytes() in (old.get(relative), new.get(relative)), relative
        (tmp_path / "copy").mkdir()  # a look at the library plays its journal back, which is for the next run to do
        for path in folder.glob("library.sqlite*"):
            if path.is_file():
                shutil.copy2(path, tmp_path / "copy")
        left = rows(tmp_path / "copy" / "library.sqlite")
        shutil.rmtree(tmp_path / "copy")
        assert left in (old["library.sqlite"], new["library.sqlite"])
        if (is_caught or after_write is None) and (name != "undo" or left != new["library.sqlite"]):
            bibtool(folder, *arguments)  # a second undo would undo more
            assert state(folder) == new
            assert not list(folder.rglob(".bibtool-*"))
        shutil.rmtree(folder)
    print(f"{name}: {tried} runs, {killed} killed, {caught} in the middle, {in_transaction} in a transaction")  # noqa: T201 - shown with -s
    assert killed  # how many of them in the middle is a matter of speed; what is left was looked at each time


def test_twelve_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    """Imports, edits, an enrichment, and undo and redo in pairs, on one library whose backup of the day is due."""
    folder = tmp_path / "work"
    prepare(folder)
    for number in range(4):
        text = "".join(f"@misc{{n{number}x{at}, title={{Work {at} of process {number}}}}}\n" for at in range(40))
        (folder / f"new{number}.bib").write_text(text)
    library = ("--library", "library.sqlite")
    bibtool(folder, "edit", "b39", "title=For the undo that comes before all others", *library)
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection, connection:
        connection.execute("UPDATE change SET at = '2020-01-01T00:00:00Z'")
    shutil.rmtree(folder / "library.sqlite.backups")
    calls = [
        *(("import", f"new{number}.bib", *library) for number in range(4)),
        *(("edit", f"b{number}", f"title=Edited {number}", *library) for number in range(5)),
        ("undo", *library),
        ("enrich", *library),
        ("library", "check", *library),
    ]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "bibtool", *call], cwd=folder, env=environment(folder), stderr=subprocess.PIPE
        )
        for call in calls
    ]
    ends = [
        (call, process.communicate(timeout=300)[1], process.returncode)
        for call, process in zip(calls, processes, strict=True)
    ]
    assert [(call, said) for call, said, code in ends if code not in (0, 4)] == []
    while b"nothing to redo" not in bibtool(folder, "redo", *library).stderr:
        pass
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection:
        changes = connection.execute("SELECT count(*), sum(undone) FROM change").fetchone()
        titles = {key: json.loads(data) for key, data in connection.execute("SELECT key, data FROM record")}
    assert changes[1] == 0
    # what was undone before another change came can't be redone: one of the changes may be missing, and is as a whole
    lost = [number for number in range(4) if not any(key.startswith(f"n{number}x") for key in titles)]
    lost += [number for number in range(5) if f"Edited {number}" not in json.dumps(titles.get(f"b{number}", ""))]
    assert len(lost) <= 1
    assert sum(key.startswith("n") for key in titles) in (120, 160)
    assert bibtool(folder, "library", "check", *library).returncode == 0
    assert [path.name for path in (folder / "library.sqlite.backups").glob("auto-*")] != []
    assert not list(folder.rglob("*.tmp*"))
