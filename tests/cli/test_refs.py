"""``bibtool refs`` as people and hooks call it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.runner import call, process
from tests.project.making import KNUTH, cite, make, output

if TYPE_CHECKING:
    from pathlib import Path


def test_the_way_of_a_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "knuth84", "later")
    monkeypatch.chdir(tmp_path)
    done = call(monkeypatch, "refs", "--hook")
    assert done.code == 1
    assert "paper.tex:4:7: error: no entry for 'later'" in done.err
    assert not (tmp_path / "refs.bib").exists()
    with (tmp_path / "all.bib").open("a") as stream:
        stream.write("@misc{later, title={Later}}\n")
    done = call(monkeypatch, "refs", "--exit-non-zero-on-write")
    assert done.code == 1, "a new file counts, too"
    assert "refs.bib: added 2 entries: knuth84, later" in done.err
    assert "next: git add refs.bib bibtool.lock" in done.err
    done = call(monkeypatch, "refs", "--hook")
    assert (done.code, done.err) == (0, "refs.bib is current: 2 entries\n")
    (tmp_path / "all.bib").unlink()
    assert call(monkeypatch, "refs", "--hook").code == 0


@pytest.mark.slow
def test_check_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "knuth84")
    monkeypatch.chdir(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    done = call(monkeypatch, "refs", "--check")
    assert done.code == 1
    assert "refs.bib and bibtool.lock are not current" in done.err
    assert "next: bibtool refs" in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert call(monkeypatch, "refs").code == 0
    assert call(monkeypatch, "refs", "--check").code == 0
    text = output(tmp_path)
    (tmp_path / "refs.bib").write_text(text.replace("1984", "1985"))
    done = call(monkeypatch, "refs", "--check")
    assert (done.code, "year: '1985' -> '1984'" in done.err) == (1, True)
    assert output(tmp_path) != text


def test_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "knuth84")
    monkeypatch.chdir(tmp_path)
    answer = json.loads(call(monkeypatch, "refs", "--json").out)
    assert (answer["ok"], answer["written"], answer["keys"]) == (True, ["refs.bib", "bibtool.lock"], ["knuth84"])
    assert answer["changes"][0] == {"file": "refs.bib", "what": "added", "key": "knuth84"}
    cite(tmp_path, "knuth85", "arXiv:2301.01234")
    done = call(monkeypatch, "refs", "--check", "--json")
    answer = json.loads(done.out)
    assert (done.code, answer["ok"], answer["undefined"]) == (1, False, ["knuth85"])
    assert answer["unresolved"] == ["arXiv:2301.01234"]
    assert {(one["line"], one["column"]) for one in answer["problems"]} == {(3, 7), (4, 7)}


def test_from_a_folder_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "knuth84")
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert call(monkeypatch, "refs").code == 0
    assert "@article{knuth84,\n" in output(tmp_path)


def test_a_folder_without_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cite(tmp_path, "knuth84")
    monkeypatch.chdir(tmp_path)
    done = call(monkeypatch, "refs")
    assert done.code == 1
    assert "bibtool init" in done.err
    (tmp_path / "refs.bib").write_text(KNUTH)
    assert call(monkeypatch, "refs").code == 0
    assert KNUTH in output(tmp_path)


def test_the_output_is_no_double_of_its_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "knuth84")
    monkeypatch.chdir(tmp_path)
    assert call(monkeypatch, "refs").code == 0
    codes = ["--select", "KEY001", "--select", "DUP001"]
    assert call(monkeypatch, "check", *codes, "all.bib", "refs.bib").code == 0
    (tmp_path / "copy.bib").write_text(output(tmp_path))
    done = call(monkeypatch, "check", *codes, "all.bib", "refs.bib", "copy.bib")
    assert (done.code, "copy.bib:" in done.out, "refs.bib:" in done.out) == (1, True, False)


@pytest.mark.parametrize("options", ["--watch --check", "--watch --prune", "--watch --diff", "--yes"])
def test_options_that_contradict_each_other(options: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "knuth84")
    monkeypatch.chdir(tmp_path)
    assert call(monkeypatch, "refs", *options.split()).code == 2
    assert not (tmp_path / "refs.bib").exists()


def test_quiet_prints_errors_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "knuth84")
    monkeypatch.chdir(tmp_path)
    for arguments, code in ((("--check",), 1), (("--hook",), 1), ((), 0)):
        done = call(monkeypatch, "refs", "-q", *arguments)
        assert (done.code, done.out, done.err) == (code, "", "")
    cite(tmp_path, "nobody")
    assert "error: no entry for 'nobody'" in call(monkeypatch, "refs", "-q").err


def test_verbose_lists_more_than_a_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, *(f"nobody{number}" for number in range(70)))
    monkeypatch.chdir(tmp_path)
    assert call(monkeypatch, "refs", "-v").err.count("error: no entry for") == 70
    assert call(monkeypatch, "refs").err.count("error: no entry for") == 10


def test_no_library_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "knuth84")
    (tmp_path / "bibtool.toml").write_text('library = "lib.sqlite"\n[refs]\nsources = ["library", "all.bib"]\n')
    monkeypatch.chdir(tmp_path)
    assert call(monkeypatch, "refs").code == 0
    assert not (tmp_path / "lib.sqlite").exists()


_QUIET = """
import sys, socket
def refuse(*a, **k):
    raise SystemExit("a socket was opened")
socket.socket = refuse
sys.argv = ["bibtool-hook", "refs", "--check"]
try:
    from bibtool.__main__ import main
    main()
except SystemExit as error:
    code = error.code
heavy = {"requests", "urllib3", "bibtexparser", "pybtex", "pylatexenc", "rich", "sqlite3", "yaml", "rapidfuzz",
         "bibtool.bib.document", "bibtool.store.sqlite", "watchfiles", "http.client", "ssl"}
print(code, sorted(heavy & set(sys.modules)))
"""


@pytest.mark.slow
def test_a_check_opens_no_socket_and_loads_nothing_heavy(tmp_path: Path) -> None:
    bulk = "\n".join(f"@misc{{k{number}, title={{{'x' * 1000}}}}}" for number in range(300))
    make(tmp_path, "k1", "k299", bib=bulk)
    cite(tmp_path, *(f"k{number}" for number in range(0, 300, 9)))
    assert process("refs", cwd=tmp_path).code == 0
    assert process("refs", "--check", cwd=tmp_path).code == 0
    done = subprocess.run([sys.executable, "-c", _QUIET], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "0 []\n", done.stderr
