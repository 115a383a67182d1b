"""The help of every command as a terminal shows it."""

from __future__ import annotations

import itertools

import pytest

from bibtool.cli.commands import COMMANDS
from tests.cli.runner import call


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_stay_in_lines_and_no_mark_is_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, name, "--help")
    assert done.code == 0
    assert "\\b" not in done.out
    assert "\b" not in done.out
    lines = done.out.splitlines()
    if "  Examples:" in lines:
        examples = itertools.takewhile(bool, lines[lines.index("  Examples:") + 1 :])
        assert all(line.startswith("    ") for line in examples), "an example was broken, or joined to another"
    assert "Examples:" not in " ".join(line for line in lines if line != "  Examples:")
