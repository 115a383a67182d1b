"""Closed pipes and closed standard streams: no traceback, no lost work, the right exit code."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="needs sh")]

REFS = "".join(f"@misc{{key{n},\n  title = {{Title {n}}},\n  year  = {{2020}},\n}}\n" for n in range(1500))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "refs.bib").write_text(REFS, encoding="utf-8")
    (tmp_path / "more.bib").write_text(REFS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BIBTOOL_LIBRARY", str(tmp_path / "library.sqlite"))
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)  # with it Python takes a part of a write for the whole
    return tmp_path


def shell(line: str) -> tuple[str, str]:
    """What a line prints on both streams; BIBTOOL stands for the program."""
    line = line.replace("BIBTOOL", f"'{sys.executable}' -m bibtool")
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=False)
    return done.stdout, done.stderr


@pytest.mark.parametrize(
    "command",
    [
        "list",
        "export",
        "export --format text",
        "cv -q --no-summary",
        "convert refs.bib --to csl-json",
        "styles --limit 9999",
        "fmt --diff --curly --align 30 refs.bib",
        "check refs.bib more.bib",
        "textconv refs.bib",
        "help",
    ],
)
def test_a_reader_that_has_had_enough_is_no_error(command: str, folder: Path) -> None:
    shell("BIBTOOL import refs.bib")
    out, err = shell(f"{{ BIBTOOL -q {command}; echo $? >code; }} | head -n 1")
    assert out.count("\n") == 1
    assert err == ""
    assert (folder / "code").read_text(encoding="utf-8") == "0\n"


def test_messages_that_nobody_reads_do_not_stop_the_work(folder: Path) -> None:
    shell("{ BIBTOOL import refs.bib 2>&1; echo $? >code; } | true")
    assert (folder / "code").read_text(encoding="utf-8") == "0\n"
    assert shell("BIBTOOL list | wc -l")[0].strip() == "1500"


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("BIBTOOL list >&-", "1", "bibtool: standard output is closed\n"),
        ("BIBTOOL export >&-", "1", "bibtool: standard output is closed\n"),
        ("BIBTOOL convert refs.bib --to csl-json -o out.json >&-", "0", "wrote out.json\n"),
        ("BIBTOOL import - <&-", "1", "bibtool: standard input is closed\n"),
        ("BIBTOOL list -q <&- 2>&- >list.txt", "0", ""),
        ("BIBTOOL import refs.bib <&- >&- 2>&-", "0", ""),
        ("BIBTOOL list --nonsense 2>&-", "2", ""),
        ("BIBTOOL export >/dev/full", "1", "bibtool: standard output: No space left on device\n"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_closed_streams(line: str, code: str, message: str, folder: Path) -> None:
    shell("BIBTOOL import refs.bib")
    out, err = shell(f"{line}; echo $? >code")
    assert (out, err) == ("", message)
    assert (folder / "code").read_text(encoding="utf-8") == f"{code}\n"
    assert shell("BIBTOOL list | wc -l")[0].strip() == "1500"
