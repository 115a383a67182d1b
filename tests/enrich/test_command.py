"""``bibtool enrich`` from end to end: a library, the stand-in server, the exit code and what is said."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bibtool.cli.enrich import make_client, parse_accept
from bibtool.cli.main import run
from bibtool.errors import UsageError
from bibtool.model.record import Provenance, Record
from bibtool.model.richtext import Text
from bibtool.store import open_library
from tests.enrich.support import listing, truth
from tests.support.arxiv_faults import Fault
from tests.support.arxiv_papers import decoys, papers
from tests.support.arxiv_server import Server

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return fill(tmp_path / "library.sqlite", listing())


def fill(path: Path, records: list[Record]) -> Path:
    with open_library(str(path), create=True) as opened, opened.change("fill") as change:
        for record in records:
            change.put(record)
    return path


def stored(path: Path) -> dict[str, Record]:
    with open_library(str(path)) as opened:
        return {record.key: record for record in opened.records()}


def call(path: Path, *arguments: str) -> int:
    return run(["enrich", "--library", str(path), *arguments])


def ids(path: Path) -> dict[str, str]:
    return {
        key: record.arxiv.id.number
        for key, record in stored(path).items()
        if record.arxiv is not None and record.arxiv.id is not None
    }


@pytest.mark.slow
def test_the_whole_library(server: Server, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(library) == 0
    assert ids(library) == truth()
    out, err = capsys.readouterr()
    assert out == ""
    assert "50 of 50 confirmed (50 changed)" in err
    assert f"{len(server.log)} requests made" in err
    assert "withdrawn on arXiv" in err
    assert len(server.log) <= 10
    assert server.log[0].headers["User-Agent"].startswith("bibtool/")
    # again: nothing to ask, nothing to change
    before = stored(library)
    assert call(library) == 0
    assert stored(library) == before
    assert "0 requests made" in capsys.readouterr().err


@pytest.mark.slow
def test_one_change_of_the_library_that_undo_takes_back(server: Server, library: Path) -> None:
    before = stored(library)
    assert call(library) == 0
    assert run(["undo", "--library", str(library)]) == 0
    assert stored(library) == before


@pytest.mark.slow
def test_named_records_only(server: Server, library: Path) -> None:
    key = next(iter(truth()))
    assert call(library, key) == 0
    assert ids(library) == {key: truth()[key]}


@pytest.mark.slow
def test_dry_run_shows_the_difference_and_changes_nothing(
    server: Server, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = stored(library)
    assert call(library, "--dry-run") == 0
    assert stored(library) == before
    out, err = capsys.readouterr()
    assert "@ paper221015651" in out
    assert any(line.startswith("+ author") and "Min Jae Song" in line for line in out.splitlines())
    assert "would be changed" in err


@pytest.mark.slow
def test_doubtful_ones_are_listed_with_the_command_that_accepts_them(
    server: Server, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.papers = decoys(papers())
    assert call(library) == 0
    assert ids(library) == {}
    err = capsys.readouterr().err
    key = "paper220301360"
    command = next(line.split() for line in err.splitlines() if f"--accept {key}=" in line)
    assert command[:2] == ["bibtool", "enrich"]
    call(library, key, *command[2:])
    chosen = command[3].partition("=")[2]
    assert ids(library) == {key: chosen}


@pytest.mark.slow
def test_json(server: Server, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server.papers = decoys(papers())[:20] + papers()[5:]
    assert call(library, "--json", "--strict") == 1
    out, _ = capsys.readouterr()
    report = json.loads(out)
    assert report["requests_made"] == len(server.log)
    verdicts = {result["key"]: result for result in report["results"]}
    assert verdicts["paper220208087"]["verdict"] == "confirmed"
    doubtful = verdicts["paper220301360"]
    assert doubtful["verdict"] == "doubtful"
    assert {"arxiv", "title", "authors", "published", "reasons"} <= set(doubtful["candidates"][0])


@pytest.mark.slow
def test_the_users_own_values_are_shown_and_kept(
    server: Server, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = listing()[0]
    mine = replace(
        record,
        variables={**record.variables, "title": Text.of("Neural Galerkin")},
        provenance={**record.provenance, "title": Provenance(source="user")},
        key="mine",
    )
    path = fill(library.with_name("own.sqlite"), [mine])
    assert call(path, "--accept", "mine=arXiv:2203.01360v2") == 0
    assert stored(path)["mine"].title == "Neural Galerkin"
    assert "kept title 'Neural Galerkin' (user); arXiv has" in capsys.readouterr().err


@pytest.mark.slow
def test_an_accepted_id_that_arxiv_does_not_know_is_an_error(
    server: Server, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = ("--accept", "paper220301360=2203.99999", "paper220301360")
    assert call(library, *wrong) == 1
    assert "paper220301360: arXiv has no paper 2203.99999: is the id right?" in capsys.readouterr().err


@pytest.mark.slow
def test_an_id_of_another_paper_is_said(server: Server, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(library, "--accept", "paper220301360=2605.22471", "paper220301360") == 0
    assert "with other authors: is the id right?" in capsys.readouterr().err


@pytest.mark.slow
def test_offline(server: Server, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(library, "--offline") == 0
    assert capsys.readouterr().err == (
        "the cache has no answer for any of the 50 records; without --offline, `bibtool enrich` asks arXiv\n"
    )
    assert call(library, "--dry-run") == 0
    asked = len(server.log)
    assert call(library, "--offline") == 0
    assert len(server.log) == asked
    assert ids(library) == truth()


@pytest.mark.slow
def test_a_run_that_fails_says_what_is_left_and_the_next_finishes(
    server: Server, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.faults = (Fault(kind="html"),)
    assert call(library) == 4
    err = capsys.readouterr().err
    assert "\n50 not checked: could not reach arXiv (4 tries): " in err
    assert "trying again in" in err
    assert "run the same command again later" in err
    assert "paper220301360" not in err
    server.faults = ()
    assert call(library) == 0
    assert ids(library) == truth()


@pytest.mark.slow
def test_without_a_network_the_first_failure_ends_it(
    library: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # conftest.py names an address where nobody listens
    monkeypatch.setenv("BIBTOOL_ARXIV_DELAY", "0")
    for key, number in list(truth().items())[:2]:
        assert run(["edit", "--library", str(library), key, f"arxiv={number}"]) == 0
    capsys.readouterr()
    assert call(library, "--verbose") == 4
    err = capsys.readouterr().err
    lines = err.splitlines()
    at = lines.index("50 not checked: could not reach arXiv (2 tries): connection refused")
    keys = [key for line in lines[at + 1 :] if line.startswith("  ") for key in line.strip().rstrip(",").split(", ")]
    assert set(keys) == set(truth())
    assert "\n2 requests made\n" in err
    assert "Traceback" not in err
    assert "could not reach arXiv (2 tries): connection refused" in err


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["--accept", "nonsense"],
        ["--accept", "=2203.01360"],
        ["--accept", "paper220301360=nonsense"],
        ["--accept", "nobody=2203.01360"],
        ["nobody"],
        ["--offline", "--refresh"],
        ["--max-age", "-1"],
        ["--max-age", "x"],
    ],
)
def test_wrong_calls(library: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(library, *arguments) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_key_may_hold_an_equals_sign() -> None:
    assert [(key, str(number)) for key, number in parse_accept(["a=b=2203.01360"]).items()] == [("a=b", "2203.01360")]


class _App:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def cache_folder(self) -> Path:
        return self.folder


@pytest.mark.parametrize(
    ("url", "wanted", "delay"),
    [
        ("https://export.arxiv.org/api/query", "0", 3.0),
        ("https://export.arxiv.org/api/query", "7", 7.0),
        ("http://127.0.0.1:8000/api/query", "0.5", 0.5),
        ("http://localhost/api/query", "", 3.0),
        ("http://127.0.0.1.example.org/api/query", "0", 3.0),
    ],
)
def test_the_pace_can_be_shortened_for_this_machine_only(
    url: str, wanted: str, delay: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIBTOOL_ARXIV_URL", url)
    monkeypatch.setenv("BIBTOOL_ARXIV_DELAY", wanted)
    app: Any = _App(tmp_path)
    client = make_client(app)
    assert client.transport.pacer.delay_s == delay
    assert client.url == url
    assert client.transport.policy.first_wait_s == pytest.approx(5.0 * min(1.0, delay / 3.0))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BIBTOOL_ARXIV_URL", "ftp://export.arxiv.org"),
        ("BIBTOOL_ARXIV_URL", "nonsense"),
        ("BIBTOOL_ARXIV_URL", "http://[::1"),
        ("BIBTOOL_ARXIV_DELAY", "soon"),
        ("BIBTOOL_ARXIV_DELAY", "-1"),
        ("BIBTOOL_ARXIV_DELAY", "nan"),
    ],
)
def test_wrong_settings(name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    app: Any = _App(tmp_path)
    with pytest.raises(UsageError, match=name):
        make_client(app)


@pytest.mark.slow
def test_ctrl_c_is_130_and_the_next_run_goes_on(server: Server, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bibtool.enrich import service

    real = service._Run._match

    def interrupted(self: Any) -> Any:
        if self.hits:
            raise KeyboardInterrupt
        return real(self)

    with monkeypatch.context() as patch:
        patch.setattr(service._Run, "_match", interrupted)
        assert call(library) == 130
    assert ids(library) == {}
    asked = len(server.log)
    assert asked == 1
    assert call(library) == 0
    assert ids(library) == truth()
    questions = [(r.parameters["search_query"], r.parameters["start"]) for r in server.log]
    assert len(questions) == len(set(questions))


@pytest.mark.slow
def test_a_record_that_changes_meanwhile_is_completed_as_it_is_then(
    server: Server, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bibtool.cli import enrich as command

    real = command.save

    def late(opened: Any, report: Any, accepted: Any) -> None:
        record = stored(library)["paper220301360"]
        with opened.change("somebody else") as change:
            change.put(record.with_values({"note": Text.of("mine")}, Provenance(source="user")))
            change.remove("paper221015651")
        real(opened, report, accepted)

    monkeypatch.setattr(command, "save", late)
    assert call(library) == 0
    found = stored(library)
    assert found["paper220301360"].text("note") == "mine"
    assert ids(library)["paper220301360"] == "2203.01360"
    assert "paper221015651" not in found


@pytest.mark.slow
def test_importing_the_command_loads_no_http() -> None:
    code = "import sys, bibtool.cli.enrich; print('requests' in sys.modules, 'rapidfuzz' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
