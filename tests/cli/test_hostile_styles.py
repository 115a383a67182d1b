"""A style of a cloned repository that runs for ever stops each command with one line, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import call
from tests.styles.test_limits import ENDLESS_BST, ENDLESS_CSL, HEAD

STYLES = {
    "evil.bst": (f"{HEAD}{ENDLESS_BST['loop']}\nREAD\nEXECUTE {{f}}\n".encode(), "the style was stopped"),
    "grow.bst": (f"{HEAD}{ENDLESS_BST['growing-text']}\nREAD\nEXECUTE {{f}}\n".encode(), "the style was stopped"),
    "evil.csl": (ENDLESS_CSL["2^40"], "renders more than 100,000 elements"),
}
COMMANDS = {
    "convert": ("convert", "src.bib", "--to", "text", "-o", "out.txt"),
    "export": ("export", "--to", "markdown", "-o", "out.txt"),
    "cv": ("cv", "src.bib", "--everyone", "--to", "text", "-o", "out.txt"),
    "cite": ("cite", "ada"),
}
NO_BST = {"cite"}  # needs a style that has citations


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", STYLES)
def test_an_endless_style_of_the_settings(
    name: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BIBTOOL_LIBRARY", str(tmp_path / "library.sqlite"))
    (tmp_path / "src.bib").write_text("@misc{ada, title={One}, author={Lind, Mara}, year={2020}}\n", encoding="utf-8")
    assert call(monkeypatch, "import", "src.bib").code == 0
    style, reason = STYLES[name]
    (tmp_path / name).write_bytes(style)
    settings = f'[export]\nstyle = "./{name}"\n[cv]\nstyle = "./{name}"\n'
    (tmp_path / "bibtool.toml").write_text(settings, encoding="utf-8")
    done = call(monkeypatch, *COMMANDS[command])
    assert done.code in (1, 2)
    assert name in done.err
    assert reason in done.err or (command in NO_BST and name.endswith(".bst"))
    assert len(done.err.splitlines()) <= 3
    assert done.out == ""
    assert not (tmp_path / "out.txt").exists()
