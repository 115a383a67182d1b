"""The README: its first two commands are those that CI and newcomers run. Its blocks are run by `tests.docs`."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path

import pytest

from bibtool import BibFile
from tests.cli.runner import call
from tests.support.arxiv_server import Server
from tests.support.browser import find_chromium, pixels

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_first_commands_are_those_of_ci() -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert blocks[0].startswith("pip install . &&\n  bibtool ")
    assert max(map(len, blocks[0].splitlines())) < 100
    assert blocks[1] == "pip install -e '.[dev]' && python -m pytest\n"
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_main_job_of_the_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = README.partition("```sh\n")[2].partition("```")[0].strip()
    calls = [part.strip() for part in first.split("&&")][1:]
    assert len(calls) == 2
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    for one in calls:
        done = call(monkeypatch, *shlex.split(one)[1:])
        assert (done.code, done.out) == (0, ""), done.err
    text = (tmp_path / "refs.bib").read_text(encoding="utf-8")
    assert text.count("\n@") + text.startswith("@") == 50
    assert "Vanden-Eijnden" in text


def part(name: str) -> str:
    return README.partition(f"<!-- example: {name} -->\n")[2].partition("```\n")[0].partition("\n")[2]


@pytest.mark.slow
def test_the_first_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry says what comes out, the abstract left out; the layout of both may differ."""
    (tmp_path / "pasted.txt").write_text(part("input"), encoding="utf-8")
    library = ("--library", str(tmp_path / "library.sqlite"))
    with Server() as server:
        monkeypatch.setenv("BIBTOOL_ARXIV_URL", server.url)
        monkeypatch.setenv("BIBTOOL_ARXIV_DELAY", "0")
        imported = call(monkeypatch, *library, "import", "--as-of", "2026-11-23", str(tmp_path / "pasted.txt"))
        assert imported.err.startswith("2 added")
        assert call(monkeypatch, *library, "enrich").code == 0
    out = call(monkeypatch, *library, "export", "bruna2022neural").out
    (made,), (shown,) = BibFile.from_text(out), BibFile.from_text(part("output"))
    assert (made.key, made.type) == (shown.key, shown.type)
    fields = {field.name.lower(): field.raw for field in made.fields if field.name != "abstract"}
    assert fields == {field.name.lower(): field.raw for field in shown.fields}


@pytest.mark.slow
def test_the_pictures(tmp_path: Path) -> None:
    find_chromium()
    spec = importlib.util.spec_from_file_location("pictures", ROOT / "docs" / "pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.main(tmp_path)
    for name in re.findall(r"\(docs/pictures/([\w.]+)\)", README):
        committed = (ROOT / "docs" / "pictures" / name).read_bytes()
        assert len(committed) < 150_000
        taken, stored = pixels((tmp_path / name).read_bytes()), pixels(committed)
        assert taken[0] == stored[0]
        assert len(set(taken[2])) > 20  # not blank


@pytest.mark.slow
def test_python_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code = README.partition("```python\n")[2].partition("```")[0]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "refs.bib").write_text("@misc{a, title = {An Example}, year = 2020}", encoding="utf-8")
    exec(compile(code, "README.md", "exec"), {})
    assert "a 2020 An Example" in capsys.readouterr().out
