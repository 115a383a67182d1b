"""`bibtool batch dedupe`: the groups of `find_duplicates`, whatever files, parts and processes there are."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bibtool.batch import dedupe as dedupe_module
from bibtool.batch.blocks import do_task
from bibtool.batch.dedupe import Duplicates, dedupe
from bibtool.batch.files import Folder, Input, find
from bibtool.batch.run import Progress
from bibtool.batch.spread import by_dask
from bibtool.batch.work import Job, Outcome, do
from bibtool.cli import batch as command_module
from bibtool.errors import InputError, OutputError
from bibtool.formats.base import ReadOptions
from bibtool.formats.registry import read_bytes
from bibtool.model.works.groups import find_duplicates
from tests.cli.runner import Outcome as Called
from tests.cli.runner import call

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
READ = Job("dedupe", {"source": None})
WORDS = "amber birch cedar delta ember fjord grove heath inlet jetty knoll ledge marsh north orbit pylon".split()


def entry(key: str, title: str, *, author: str = "Ash, Bea", year: int = 2001, more: str = "") -> str:
    return f"@article{{{key},\n  author = {{{author}}},\n  title = {{{title}}},\n  year = {{{year}}},\n{more}}}\n"


def doi(text: str) -> str:
    return f"  doi = {{{text}}},\n"


def made(folder: Path, files: int = 7, works: int = 60) -> list[Path]:
    """Files of entries, many of one work: with its identifier, a typing error, another year, an abstract."""
    chance = random.Random(3)
    texts: list[list[str]] = [[] for _ in range(files)]
    for number in range(works):
        title = " ".join(chance.sample(WORDS, 6)).capitalize()
        author = f"{chance.choice(['Ash', 'Bell', 'Cole'])}, {chance.choice('ABC')}."
        for copy in range(chance.choice((1, 1, 2, 3))):
            spelled = title.replace("e", "ee", 1) if chance.random() < 0.2 else title
            more = doi(f"10.1000/w{number}") if chance.random() < 0.6 else ""
            if chance.random() < 0.5:
                more += f"  abstract = {{{title * 5}}},\n"
            year = 2000 + number % 4 + (copy if chance.random() < 0.2 else 0)
            chance.choice(texts).append(entry(f"k{number}x{copy}", spelled, author=author, year=year, more=more))
    for number in range(30):  # a block that is too large for all of its pairs
        chance.choice(texts).append(
            entry(f"e{number}", "Editorial", author=f"Ash, {chance.choice('AB')}.", year=1990 + number)
        )
    folder.mkdir()
    paths = [folder / f"f{number}.bib" for number in range(files)]
    for path, some in zip(paths, texts, strict=True):
        path.write_text("\n".join(some), encoding="utf-8")
    return paths


def run(
    pattern: str | Sequence[str],
    output: Path | str,
    *,
    parts: int = 0,
    shuffled: bool = False,
    again: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Duplicates:
    """`dedupe` in this process; ``parts``: records in one."""
    folder = Folder(str(output))
    chance = random.Random(5)

    def in_any_order(items: Sequence[Any]) -> list[Any]:
        return chance.sample(list(items), len(items)) if shuffled else list(items)

    def spread(job: Job, tasks: Sequence[Any]) -> Iterator[Outcome]:
        return (do_task(job, folder, task) for task in in_any_order(tasks))

    def read(inputs: Sequence[Input]) -> Iterator[Outcome]:
        return (do(READ, folder, each) for each in in_any_order(inputs))

    patterns = [pattern] if isinstance(pattern, str) else pattern
    with pytest.MonkeyPatch.context() as patch:
        if parts:
            patch.setattr(dedupe_module, "_RECORDS", parts)
        return dedupe(READ, find(patterns), folder, read, spread, again=again, progress=progress)


def lines(output: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (output / "duplicates.jsonl").read_bytes().splitlines()]


def in_memory(paths: Sequence[Path]) -> list[tuple[bool, list[tuple[str, str]], list[str]]]:
    """What `find_duplicates` says of the records of all files."""
    records = [(path.name, record) for path in paths for record in read_bytes(path.read_bytes(), "bibtex").records]
    groups = find_duplicates([record for _, record in records])
    return [
        (group.certain, [(records[at][0], records[at][1].key) for at in group.members], list(group.reasons))
        for group in groups
    ]


def told(groups: Sequence[dict[str, Any]]) -> list[tuple[bool, list[tuple[str, str]], list[str]]]:
    return [
        (group["certain"], [(member["path"], member["key"]) for member in group["members"]], group["reasons"])
        for group in groups
    ]


def test_the_groups_are_those_of_one_judge_in_memory(tmp_path: Path) -> None:
    paths = made(tmp_path / "in")
    found = run(str(tmp_path / "in"), tmp_path / "out")
    wanted = in_memory(paths)
    assert sorted(told(lines(tmp_path / "out"))) == sorted(wanted)
    assert found.works == sum(certain for certain, _, _ in wanted) > 10
    assert found.doubtful == len(wanted) - found.works > 0
    assert found.entries == sum(len(members) for certain, members, _ in wanted if certain)


@pytest.mark.slow
def test_real_and_odd_files_have_the_groups_that_they_have_in_memory(tmp_path: Path) -> None:
    found = find([str(FIXTURES)])
    records = []
    for each in found:
        with suppress(InputError):
            result = read_bytes(Path(each.path).read_bytes(), None, ReadOptions(path=each.name))
            records += [(each.name, record) for record in result.records]
    assert len(records) > 500
    groups = find_duplicates([record for _, record in records])
    run(str(FIXTURES), tmp_path / "out", parts=100, shuffled=True)
    assert sorted(told(lines(tmp_path / "out"))) == sorted(
        (group.certain, [(records[at][0], records[at][1].key) for at in group.members], list(group.reasons))
        for group in groups
    )


def test_each_step_tells_how_far_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path / "in")
    seen: list[Progress] = []
    run(str(tmp_path / "in"), tmp_path / "out", parts=20, progress=seen.append)
    steps = list(dict.fromkeys(each.step for each in seen))
    assert steps == ["", "counting words", "sorting into blocks", "comparing", "grouping"]
    for step in steps[1:]:
        parts = [each for each in seen if each.step == step]
        assert [each.done for each in parts] == list(range(parts[0].total + 1))
        assert {each.total for each in parts} == {parts[0].total} != {0}
    for each in (Progress(2, 4, 8.0, "comparing"), Progress(2, 4, 8.0)):
        command_module._show(each)
    shown = capsys.readouterr().err.split("\r")[1:]  # click leaves out what acts on a terminal
    assert shown == ["comparing: 2 of 4 parts, 0.2 per second, 8 s left", "2 of 4 files, 0.2 per second, 8 s left"]


def test_neither_parts_nor_their_order_show(tmp_path: Path) -> None:
    made(tmp_path / "in")
    run(str(tmp_path / "in"), tmp_path / "one")
    wanted = (tmp_path / "one" / "duplicates.jsonl").read_bytes()
    assert wanted
    for parts in (1, 5, 40):
        run(str(tmp_path / "in"), tmp_path / f"out{parts}", parts=parts, shuffled=True)
        assert (tmp_path / f"out{parts}" / "duplicates.jsonl").read_bytes() == wanted
    patterns = [str(path) for path in sorted((tmp_path / "in").iterdir(), reverse=True)]
    run(patterns, tmp_path / "named", parts=5)
    assert (tmp_path / "named" / "duplicates.jsonl").read_bytes() == wanted


def test_what_a_line_says(tmp_path: Path) -> None:
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "in" / "a.bib").write_text(entry("one", "On amber doors", more=doi("10.1000/x")))
    second = entry("other", "Something else") + "\n" + entry("two", "On amber doors", more=doi("10.1000/X"))
    (tmp_path / "in" / "sub" / "b.bib").write_text(second)
    run(str(tmp_path / "in"), tmp_path / "out")
    (line,) = lines(tmp_path / "out")
    assert line == {
        "certain": True,
        "reasons": ["the same DOI 10.1000/x"],
        "members": [
            {"path": "a.bib", "line": 1, "key": "one", "title": "On amber doors"},
            {"path": "sub/b.bib", "line": 7, "key": "two", "title": "On amber doors"},
        ],
        "links": [{"first": 0, "second": 1, "certain": True, "kind": "identifier", "reason": "the same DOI 10.1000/x"}],
    }


def test_odd_texts_are_kept_in_their_lines(tmp_path: Path) -> None:
    title = "Tab\\tand \\u2028 and \\ud800 in a title"
    items = [f'{{"id": "k{number}", "type": "book", "title": "{title}", "DOI": "10.1/a"}}' for number in (1, 2)]
    (tmp_path / "odd.json").write_text(f"[{','.join(items)}]")
    run(str(tmp_path / "odd.json"), tmp_path / "out", parts=1)
    (line,) = lines(tmp_path / "out")
    assert [member["key"] for member in line["members"]] == ["k1", "k2"]
    assert "\u2028" in line["members"][0]["title"]


def test_a_run_that_is_repeated_compares_nothing(tmp_path: Path) -> None:
    paths = made(tmp_path / "in")
    output = tmp_path / "out"
    first = run(str(tmp_path / "in"), output)
    assert (first.batch.done_now, first.compared_now) == (7, True)
    second = run(str(tmp_path / "in"), output)
    assert (second.batch.done_now, second.compared_now) == (0, False)
    assert (second.works, second.entries, second.doubtful) == (first.works, first.entries, first.doubtful)
    (output / "duplicates.jsonl").write_text("{}\n")
    assert run(str(tmp_path / "in"), output).compared_now
    assert sorted(told(lines(output))) == sorted(in_memory(paths))
    paths[0].write_text(paths[0].read_text() + entry("new", "On amber doors") + entry("newer", "On amber doors"))
    third = run(str(tmp_path / "in"), output)
    assert (third.batch.done_now, third.compared_now, third.works) == (1, True, first.works + 1)
    assert run(str(tmp_path / "in"), output, again=True).batch.done_now == 7


def test_nothing_is_left_but_what_the_next_run_needs(tmp_path: Path) -> None:
    made(tmp_path / "in", files=2)
    Folder(str(tmp_path / "out")).write(".bibtool-batch/dedupe/links-99", b"of a run that was killed")
    run(str(tmp_path / "in"), tmp_path / "out", parts=5)
    left = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    notes = {name for name in left if name.startswith(".bibtool-batch/")}
    works = {f".bibtool-batch/works/f{number}.bib.jsonl" for number in range(2)}
    assert notes - {".bibtool-batch/000000.jsonl", ".bibtool-batch/000001.jsonl"} == {
        ".bibtool-batch/dedupe.json",
        *works,
    }
    assert left - notes <= {"duplicates.jsonl", "duplicates.parquet", "report.jsonl", "report.parquet"}


def test_no_records_have_no_duplicates(tmp_path: Path) -> None:
    (tmp_path / "none.bib").write_text("% nothing\n")
    found = run(str(tmp_path / "none.bib"), tmp_path / "out")
    assert (found.works, found.doubtful, lines(tmp_path / "out")) == (0, 0, [])


def called(monkeypatch: pytest.MonkeyPatch, *more: str) -> Called:
    return call(monkeypatch, "batch", "dedupe", "-i", "in", *more)


@pytest.mark.slow
def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path / "in")
    monkeypatch.chdir(tmp_path)
    done = called(monkeypatch, "-o", "one", "--workers", "1")
    assert done.code == 0
    works = sum(line["certain"] for line in lines(tmp_path / "one"))
    assert f"; {works} works more than once (" in done.err
    assert "see one/duplicates.jsonl" in done.err
    before = {path: path.read_bytes() for path in (tmp_path / "in").iterdir()}
    said = json.loads(called(monkeypatch, "-o", "two", "--workers", "2", "--json").out)
    assert (said["works"], said["files"], said["done_now"]) == (works, 7, 7)
    assert (tmp_path / "one" / "duplicates.jsonl").read_bytes() == (tmp_path / "two" / "duplicates.jsonl").read_bytes()
    assert {path: path.read_bytes() for path in (tmp_path / "in").iterdir()} == before
    (tmp_path / "in" / "cut.bib").write_text("@misc{cut, title = {never closed\n")
    done = called(monkeypatch, "-o", "one", "--workers", "1")
    assert (done.code, "cut.bib:1:" in done.err, "7 unchanged since the last run" in done.err) == (1, True, True)
    report = [json.loads(line) for line in (tmp_path / "one" / "report.jsonl").read_text().splitlines()]
    assert {line["output"] for line in report} == {""}


@pytest.mark.slow
def test_the_result_as_parquet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(dedupe_module, "_ROWS", 7)
    made(tmp_path / "in")
    run(str(tmp_path / "in"), tmp_path / "out")
    assert parquet.read_table(tmp_path / "out" / "duplicates.parquet").to_pylist() == lines(tmp_path / "out")


def test_files_by_address(tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    made(tmp_path / "in", files=2)
    run(str(tmp_path / "in"), tmp_path / "here", parts=20)
    run(f"file://{tmp_path}/in/*.bib", f"file://{tmp_path}/there", parts=20)
    assert lines(tmp_path / "there") == lines(tmp_path / "here") != []


@pytest.mark.slow
def test_a_scheduler_and_its_workers(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    made(tmp_path / "in")
    run(str(tmp_path / "in"), tmp_path / "here")
    folder = Folder(str(tmp_path / "there"))
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=50,
        ) as cluster,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(dedupe_module, "_RECORDS", 20)
        address = cluster.scheduler_address
        dedupe(
            READ,
            find([str(tmp_path / "in")]),
            folder,
            lambda inputs: by_dask(READ, inputs, folder, address),
            lambda job, tasks: by_dask(job, tasks, folder, address, do_task),
        )
    assert (tmp_path / "there" / "duplicates.jsonl").read_bytes() == (
        tmp_path / "here" / "duplicates.jsonl"
    ).read_bytes()


def test_a_step_that_can_not_be_done_is_one_error(tmp_path: Path) -> None:
    made(tmp_path / "in", files=2)
    folder = Folder(str(tmp_path / "out"))

    def read(inputs: Sequence[Input]) -> Iterator[Outcome]:
        return (do(READ, folder, each) for each in inputs)

    def lost(job: Job, tasks: Sequence[Any]) -> Iterator[Outcome]:
        for task in tasks:
            if job.kind == "links":
                folder.remove(task.sources[0])
            yield do_task(job, folder, task)

    with pytest.raises(OutputError, match="blocks-0: can't be read"):
        dedupe(READ, find([str(tmp_path / "in")]), folder, read, lost)
    assert not (tmp_path / "out" / "duplicates.jsonl").exists()
    assert run(str(tmp_path / "in"), tmp_path / "out").batch.done_now == 0
