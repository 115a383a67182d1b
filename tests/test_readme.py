"""The README: its first two commands are those that CI and newcomers run. Its blocks are run by `tests.docs`."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.runner import call

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_first_commands_are_those_of_ci() -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert blocks[0].startswith("pip install . && bibtool ")
    assert blocks[1] == "pip install -e '.[dev]' && python -m pytest\n"
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_main_job_of_the_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = README.partition("```sh\n")[2].partition("```")[0].strip()
    calls = [part.strip() for part in first.split("&&")][1:]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    for one in calls:
        done = call(monkeypatch, *shlex.split(one)[1:])
        assert (done.code, done.out) == (0, ""), done.err
    text = (tmp_path / "refs.bib").read_text(encoding="utf-8")
    assert text.count("\n@") + text.startswith("@") == 50
    assert "Vanden-Eijnden" in text


def test_python_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code = README.partition("```python\n")[2].partition("```")[0]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "refs.bib").write_text("@misc{a, title = {An Example}, year = 2020}", encoding="utf-8")
    exec(compile(code, "README.md", "exec"), {})
    assert "a 2020 An Example" in capsys.readouterr().out
