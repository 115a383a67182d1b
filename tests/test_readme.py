"""The README: its commands exist, its first two are those that CI and newcomers run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.runner import call

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def calls_of(line: str) -> list[list[str]]:
    """The simple commands of a shell line, without comments and redirections."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    calls: list[list[str]] = [[]]
    skip = False
    for word in lexer:
        if skip:
            skip = False
        elif word in {"&&", "||", "|", ";"}:
            calls.append([])
        elif word in {">", ">>", "<", "2>"}:
            skip = True
        else:
            calls[-1].append(word)
    return calls


def command_lines() -> list[tuple[str, str]]:
    """Page and line of each bibtool call in a block of shell commands."""
    found = []
    for page in PAGES:
        for block in re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
            for line in block.splitlines():
                ours = [w for w in calls_of(line) if w[:1] == ["bibtool"] or w[:3] == ["python", "-m", "bibtool"]]
                found += [(page.name, shlex.join(words)) for words in ours]
    return found


@pytest.mark.parametrize(("page", "line"), command_lines())
def test_every_call_in_the_docs_is_understood(page: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    del page
    words = shlex.split(line)
    words = words[3:] if words[0] == "python" else words[1:]
    done = call(monkeypatch, *words, "--help")
    assert done.code == 0, done.err
    # --help ends the parsing before values are checked, so ask click for unknown options by themselves
    assert "no such option" not in done.err.casefold()
    shown = done.out
    for word in words:
        if word.startswith("--") and word.partition("=")[0] not in {"--library", "--help", "--version"}:
            assert word.partition("=")[0] in shown, word


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
