"""Many files at once: what is found, done, done again or left, and that nobody who is killed changes the results."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bibtool.batch.files import Folder, Input, find
from bibtool.batch.spread import by_dask, by_processes
from bibtool.batch.state import FOLDER
from bibtool.batch.work import Job, Outcome, do
from bibtool.errors import UsageError
from tests.batch.killing import deadly
from tests.cli.runner import Outcome as Called
from tests.cli.runner import call, start
from tests.support.systems import posix

CHECK = Job("check", {"select": [], "ignore": [], "dialect": "auto", "per_file_ignores": {}})


def entry(number: int) -> str:
    return (
        f"@article{{k{number},\n  author  = {{Ash, Bea}},\n  title   = {{On doors, part {number}}},\n"
        f"  journal = {{J. Doors}},\n  year    = {{{1900 + number % 100}}},\n}}\n"
    )


def make(folder: Path, files: int, entries: int = 2) -> Path:
    """The folder with files of entries, every tenth below another folder."""
    for number in range(files):
        path = folder / ("sub" if number % 10 == 9 else "") / f"f{number:04}.bib"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(entry(number * entries + at) for at in range(entries)), encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a folder of files, which are done by this process."""
    make(tmp_path / "papers", 12)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work is done by this process, which takes no time to start."""

    def at_once(job: Job, inputs: list[Input], folder: Folder, workers: int) -> Iterator[Outcome]:
        assert workers
        return (do(job, folder, each) for each in inputs)

    monkeypatch.setattr("bibtool.batch.spread.by_processes", at_once)


def tree(folder: Path) -> dict[str, bytes]:
    """The files of a folder but for the notes of what was done."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and FOLDER not in path.parts
    }


def convert(monkeypatch: pytest.MonkeyPatch, *more: str) -> Called:
    return call(monkeypatch, "batch", "convert", "-i", "papers/**/*.bib", "--to", "csl-json", "-o", "out", *more)


def summary(done: Called) -> dict[str, object]:
    said: dict[str, object] = json.loads(done.out)
    return said


# -- which files -----------------------------------------------------------------------------------------------------


def test_patterns_and_folders(scene: Path) -> None:
    names = [each.name for each in find(["papers/**/*.bib"])]
    assert names == [each.name for each in find(["papers"])]
    assert names == sorted(names)
    assert len(names) == 12
    assert names[-1] == "sub/f0009.bib"
    assert find(["papers/f0001.bib"]) == [Input("papers/f0001.bib", "f0001.bib")]
    assert [each.name for each in find(["papers/f000[12].bib", "papers/f0001.bib"])] == ["f0001.bib", "f0002.bib"]


def test_hidden_files_links_to_folders_and_the_output_are_left_out(scene: Path) -> None:
    make(scene / "papers" / ".git", 1)
    make(scene / "papers" / "out", 1)
    (scene / "papers" / "a").symlink_to(scene / "papers")
    (scene / "papers" / "b").symlink_to(scene / "papers")
    assert len(find(["papers/**/*.bib"], without="papers/out")) == 12


def test_a_pattern_without_a_file_is_an_error() -> None:
    for pattern in ("nothing/*.bib", "papers/f9999.bib", "papers/*.ris"):
        with pytest.raises(UsageError, match="no file matches"):
            find([pattern])


def test_a_file_and_a_folder_whose_names_look_like_patterns(scene: Path) -> None:
    make(scene / "papers [1]", 2)
    assert [each.name for each in find(["papers [1]"])] == ["f0000.bib", "f0001.bib"]
    (scene / "papers [1]" / "f0000.bib").rename(scene / "f [a].bib")
    assert find(["f [a].bib"]) == [Input("f [a].bib", "f [a].bib")]


def test_two_files_of_one_name_are_an_error(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(scene / "more", 1)
    with pytest.raises(UsageError, match=r"papers/f0000\.bib and more/f0000\.bib would both be f0000\.bib"):
        find(["papers/*.bib", "more/*.bib"])
    (scene / "papers" / "f0000.ris").write_text("TY  - BOOK\nTI  - T\nER  - \n")
    done = call(monkeypatch, "batch", "convert", "-i", "papers/*", "--to", "csl-json", "-o", "out")
    assert (done.code, "f0000.bib and f0000.ris would both be written to f0000.json" in done.err) == (2, True)
    assert not (scene / "out").exists()


@pytest.mark.parametrize("command", ["convert --to bibtex", "enrich --to bibtex --index x.index"])
@pytest.mark.parametrize("place", [".", "link"])
def test_no_input_is_replaced_by_a_result(
    command: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "% kept by hand\n@misc{a, title={A}}\n"
    Path("refs.bib").write_text(text, encoding="utf-8")
    assert call(monkeypatch, "index", "add", "refs.bib", "--index", "x.index").code == 0
    Path("link").mkdir()
    Path("link/refs.bib").symlink_to("../refs.bib")
    done = call(monkeypatch, "batch", *command.split(), "-i", "refs.bib", "-o", place)
    assert (done.code, "would replace refs.bib" in done.err) == (2, True), done.err
    assert Path("refs.bib").read_text(encoding="utf-8") == text
    assert call(monkeypatch, "batch", *command.split(), "-i", "refs.bib", "-o", "out").code == 0
    assert call(monkeypatch, "batch", "check", "-i", "refs.bib", "-o", ".").code == 0


# -- what becomes of them --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
def test_each_result_is_that_of_the_command_for_one_file(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert convert(monkeypatch).code == 0
    for each in find(["papers"]):
        alone = call(monkeypatch, "convert", each.path, "--to", "csl-json")
        assert (scene / "out" / each.name).with_suffix(".json").read_bytes() == alone.data
    assert call(monkeypatch, "batch", "check", "-i", "papers", "-o", "found").code == 0
    monkeypatch.chdir(scene / "papers")
    alone = call(monkeypatch, "check", "--json", "sub/f0009.bib")
    assert (scene / "found" / "sub" / "f0009.bib.json").read_bytes() == alone.data


@pytest.mark.usefixtures("here")
def test_verdicts_are_those_of_the_index(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "index", "add", "papers/f0001.bib", "--index", "my.index").code == 0
    done = call(monkeypatch, "batch", "verify", "-i", "papers/f0001.bib", "-o", "out", "--index", "my.index", "--json")
    assert (done.code, summary(done)["counts"]) == (0, {"confirmed": 2})
    text = (scene / "papers" / "f0001.bib").read_text().replace("Ash, Bea", "Ash, Bo")
    (scene / "papers" / "f0001.bib").write_text(text)
    done = call(monkeypatch, "batch", "verify", "-i", "papers/f0001.bib", "-o", "out", "--index", "my.index")
    assert done.code == 1
    assert "contradicts" in done.err
    said = json.loads((scene / "out" / "f0001.bib.json").read_text())
    assert said["counts"]["contradicts"] == 2
    assert said["results"][0]["path"] == "f0001.bib"
    quiet = "batch verify -i papers/f0001.bib -o out --index my.index --fail-on none".split()
    assert call(monkeypatch, *quiet).code == 0


@pytest.mark.usefixtures("here")
def test_entries_are_completed_by_the_index(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = entry(1).replace("year", "volume  = {7},\n  doi     = {10.1000/doors.1},\n  year")
    (scene / "known.bib").write_text(known)
    assert call(monkeypatch, "index", "add", "known.bib", "--index", "my.index").code == 0
    before = tree(scene / "papers")
    enrich = "batch enrich -i papers/f000[01].bib -o out --index my.index --json".split()
    done = call(monkeypatch, *enrich)
    assert (done.code, summary(done)["counts"]) == (0, {"completed": 1, "unknown": 3})
    text = (scene / "out" / "f0000.bib").read_text()
    assert text.count("@article") == 2
    assert text.count("10.1000/doors.1") == text.count("volume") == 1
    assert "volume" not in (scene / "out" / "f0001.bib").read_text()
    assert tree(scene / "papers") == before
    assert summary(call(monkeypatch, *enrich))["done_now"] == 0
    again = "batch enrich -i out/f0000.bib -o twice --index my.index --to csl-json --json".split()
    assert summary(call(monkeypatch, *again))["counts"] == {"complete": 1, "unknown": 1}
    assert json.loads((scene / "twice" / "f0000.json").read_text())[1]["volume"] == "7"


@pytest.mark.usefixtures("here")
def test_an_index_never_takes_what_an_entry_says(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = entry(1).replace("J. Doors", "Journal of Doors").replace("year", "doi     = {10.1000/doors.1},\n  year")
    (scene / "known.bib").write_text(known)
    call(monkeypatch, "index", "add", "known.bib", "--index", "my.index")
    own = entry(1).replace("year", "volume  = {8},\n  year")
    (scene / "papers" / "f0000.bib").write_text(own)
    call(monkeypatch, "batch", "enrich", "-i", "papers/f0000.bib", "-o", "out", "--index", "my.index")
    text = (scene / "out" / "f0000.bib").read_text()
    assert "J. Doors" in text
    assert "{8}" in text
    assert "10.1000/doors.1" in text


def test_enrich_needs_an_index(monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "batch", "enrich", "-i", "papers", "-o", "out")
    assert (done.code, "bibtool index add" in done.err) == (2, True)


def test_verify_needs_an_index(monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "batch", "verify", "-i", "papers", "-o", "out")
    assert (done.code, "bibtool index add" in done.err) == (2, True)
    done = call(monkeypatch, "batch", "verify", "-i", "papers", "-o", "out", "--index", "none.index")
    assert done.code in (1, 2)
    assert "none.index" in done.err


@pytest.mark.usefixtures("here")
def test_a_bad_file_is_a_line_of_the_report_and_not_the_end(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (scene / "papers" / "cut.bib").write_text("@misc{cut, title = {never closed\n")
    (scene / "papers" / "binary.bib").write_bytes(b"\x7fELF\0\0\0")
    (scene / "papers" / "secret.bib").symlink_to("nowhere")
    done = convert(monkeypatch)
    assert done.code == 1
    assert "cut.bib:1:" in done.err
    assert "Traceback" not in done.err
    lines = [json.loads(line) for line in (scene / "out" / "report.jsonl").read_text().splitlines()]
    assert [line["input"] for line in lines] == sorted(line["input"] for line in lines)
    by_name = {line["input"]: line for line in lines}
    assert len(lines) == 14
    assert by_name["cut.bib"]["failed"]
    assert by_name["binary.bib"]["failed"]
    assert not by_name["f0000.bib"]["failed"]


@pytest.mark.usefixtures("here")
def test_the_report_as_parquet(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    convert(monkeypatch)
    rows = parquet.read_table(scene / "out" / "report.parquet").to_pylist()
    lines = [json.loads(line) for line in (scene / "out" / "report.jsonl").read_text().splitlines()]
    assert [{**row, "counts": dict(row["counts"])} for row in rows] == lines


# -- again -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
def test_what_is_done_and_unchanged_is_left(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert summary(convert(monkeypatch, "--json"))["done_now"] == 12
    first, times = tree(scene / "out"), {path: path.stat().st_mtime_ns for path in (scene / "out").rglob("*")}
    assert summary(convert(monkeypatch, "--json"))["done_now"] == 0
    assert tree(scene / "out") == first
    assert {path: path.stat().st_mtime_ns for path in (scene / "out").rglob("*")} == times
    assert summary(convert(monkeypatch, "--json", "--again"))["done_now"] == 12
    assert tree(scene / "out") == first


@pytest.mark.usefixtures("here")
def test_what_has_changed_is_done_again(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    convert(monkeypatch)
    (scene / "papers" / "f0003.bib").write_text(entry(77))
    (scene / "out" / "f0004.json").unlink()
    (scene / "out" / "f0005.json").write_text("[]")
    make(scene / "papers", 13)  # the last one is new
    (scene / "papers" / "f0003.bib").write_text(entry(77))
    assert summary(convert(monkeypatch, "--json"))["done_now"] == 4
    assert "On doors, part 77" in (scene / "out" / "f0003.json").read_text()
    assert summary(convert(monkeypatch, "--json", "--omit", "year"))["done_now"] == 13
    assert summary(convert(monkeypatch, "--json", "--omit", "year"))["done_now"] == 0


@pytest.mark.usefixtures("here")
def test_an_index_that_has_grown_means_other_verdicts(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verify = "batch verify -i papers/f000[12].bib -o out --index my.index --json --fail-on none".split()
    call(monkeypatch, "index", "add", "papers/f0001.bib", "--index", "my.index")
    first = summary(call(monkeypatch, *verify))
    assert summary(call(monkeypatch, *verify))["done_now"] == 0
    call(monkeypatch, "index", "add", "papers/f0002.bib", "--index", "my.index")
    second = summary(call(monkeypatch, *verify))
    assert second["done_now"] == 2
    assert first["counts"] != second["counts"] == {"confirmed": 4}


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"\xff\xfe",
        b"[1, 2]",
        b"[" * 100_000,
        b'{"job": 1}',
        b'{"job": "JOB", "input": "f0001.bib", "digest": "DIGEST", "output": "../../etc/passwd"}',
        b'{"job": "JOB", "input": "f0001.bib", "digest": "DIGEST", "output": 7}',
        b'{"job": "JOB", "input": ["f0001.bib"], "digest": {}, "records": "x"}',
        b'{"job": "JOB", "of_a_later_version": 1, "input": "f0001.bib"}',
    ],
)
def test_damaged_notes_mean_that_files_are_done_again(
    line: bytes, scene: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    convert(monkeypatch)
    (notes,) = (scene / "out" / FOLDER).iterdir()
    known = [json.loads(each) for each in notes.read_text().splitlines()]
    kept = [each for each in known if each["input"] != "f0001.bib"]
    digest = next(each["digest"] for each in known if each["input"] == "f0001.bib")
    notes.write_text("".join(json.dumps(each) + "\n" for each in kept))
    damaged = line.replace(b"JOB", kept[0]["job"].encode()).replace(b"DIGEST", digest.encode())
    notes.with_name("000099.jsonl").write_bytes(damaged + b"\n")
    wanted = tree(scene / "out")
    (scene / "out" / "f0001.json").unlink()
    done = convert(monkeypatch, "--json")
    assert (done.code, summary(done)["done_now"]) == (0, 1)
    assert tree(scene / "out") == wanted


# -- processes -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_number_of_processes_does_not_show(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = call(monkeypatch, "batch", "check", "-i", "papers", "-o", "one", "--workers", "1")
    three = call(monkeypatch, "batch", "check", "-i", "papers", "-o", "three", "--workers", "3")
    assert (one.code, three.code) == (0, 0)
    assert tree(scene / "one") == tree(scene / "three")
    assert len(tree(scene / "one")) >= 13


@posix
@pytest.mark.slow
def test_a_file_that_kills_its_process_is_the_only_one_that_is_given_up(scene: Path) -> None:
    for name in ("deadly.bib", "once.bib", "once-too.bib"):
        (scene / "papers" / name).write_text(entry(1))
    inputs = find(["papers"])
    outcomes = {each.input: each for each in by_processes(CHECK, inputs, Folder("out"), 2, deadly)}
    assert outcomes.keys() == {each.name for each in inputs}
    assert [name for name, outcome in outcomes.items() if outcome.status == "failed"] == ["deadly.bib"]
    assert "killed, or out of memory" in outcomes["deadly.bib"].problems[0]
    assert len(tree(scene / "out")) == len(inputs) - 1


def check(*arguments: str) -> subprocess.Popen[str]:
    """A check of many files that goes on."""
    return start("batch", "check", "-i", "many", *arguments)


def ended(running: subprocess.Popen[str]) -> int:
    """The exit code of a process, of which no worker is left: each holds the pipe that is read to its end."""
    running.communicate(timeout=120)
    return running.returncode


def children(pid: int) -> list[int]:
    """The processes that do the work, without the one that looks after shared memory."""
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with contextlib.suppress(OSError):
            if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    return found


def wait_for(folder: Path, number: int) -> None:
    until = time.monotonic() + 60
    while sum(1 for _ in folder.rglob("*.bib.json")) < number:
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the processes in /proc")
def test_a_worker_that_is_killed_changes_nothing(scene: Path) -> None:
    make(scene / "many", 60, entries=60)
    assert ended(check("-o", "quiet")) == 0
    running = check("-o", "out", "--workers", "2")
    wait_for(scene / "out", 5)
    os.kill(children(running.pid)[0], signal.SIGKILL)
    assert ended(running) == 0
    assert tree(scene / "out") == tree(scene / "quiet")


@posix
@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_is_taken_up_again(sent: signal.Signals, scene: Path) -> None:
    make(scene / "many", 60, entries=100)
    assert ended(check("-o", "quiet")) == 0
    running = check("-o", "out", "--workers", "2")
    wait_for(scene / "out", 20)
    running.send_signal(sent)
    assert ended(running) == (130 if sent == signal.SIGINT else -sent)
    assert not (scene / "out" / "report.jsonl").exists()
    assert ended(check("-o", "out", "--workers", "2")) == 0
    assert tree(scene / "out") == tree(scene / "quiet")
    assert not [path for path in (scene / "out").rglob("*") if path.name.endswith(".tmp")]
    assert len(list((scene / "out" / FOLDER).iterdir())) == 1


# -- a cluster, and object stores --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_scheduler_and_its_workers(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    make(scene / "papers", 40, entries=30)
    assert call(monkeypatch, "batch", "check", "-i", "papers", "-o", "here").code == 0
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    ) as cluster:
        inputs, outcomes = find(["papers"]), []
        folder = Folder(str(scene / "killed"))
        for outcome in by_dask(CHECK, [Input(str(scene / each.path), each.name) for each in inputs], folder,
                               cluster.scheduler_address):  # fmt: skip
            outcomes.append(outcome)
            if len(outcomes) == 5:
                os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
        assert {each.input for each in outcomes} == {each.name for each in inputs}
        assert {each.status for each in outcomes} == {"done"}
        address = ["--scheduler", cluster.scheduler_address]
        done = call(monkeypatch, "batch", "check", "-i", str(scene / "papers"), "-o", str(scene / "there"), *address)
        assert done.code == 0, done.err
    assert tree(scene / "there") == tree(scene / "here")
    reports = {"report.jsonl", "report.parquet"}
    assert tree(scene / "killed") == {name: data for name, data in tree(scene / "here").items() if name not in reports}


@pytest.mark.slow
def test_no_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("bibtool.batch.spread._CONNECT_TIMEOUT_S", 1)
    done = call(monkeypatch, "batch", "check", "-i", "papers", "-o", "out", "--scheduler", "tcp://127.0.0.1:9")
    assert (done.code, "no scheduler answers at tcp://127.0.0.1:9" in done.err) == (4, True)
    done = call(
        monkeypatch, "batch", "check", "-i", "papers", "-o", "out", "--scheduler", "127.0.0.1", "--workers", "2"
    )
    assert done.code == 2


@pytest.mark.usefixtures("here")
def test_files_by_address(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("fsspec")
    pattern, output = f"file://{scene}/papers/**/*.bib", f"file://{scene}/there"
    convert(monkeypatch)
    done = call(monkeypatch, "batch", "convert", "-i", pattern, "--to", "csl-json", "-o", output, "--json")
    assert (done.code, summary(done)["done_now"]) == (0, 12)
    assert tree(scene / "there") == tree(scene / "out")
    done = call(monkeypatch, "batch", "convert", "-i", pattern, "--to", "csl-json", "-o", output, "--json")
    assert summary(done)["done_now"] == 0
    done = call(monkeypatch, "batch", "convert", "-i", "nowhere://x/*.bib", "--to", "csl-json", "-o", "out")
    assert (done.code, "nowhere" in done.err) == (2, True)


def test_an_outcome_without_output_is_known_too(scene: Path) -> None:
    outcome = do(Job("convert", {"suffix": ".json"}), Folder("out"), Input("nothing.bib", "nothing.bib"))
    assert outcome == Outcome("nothing.bib", status="failed", failed=True, problems=outcome.problems)
    assert "nothing.bib" in outcome.problems[0]
