"""What users have is never a bug of bibtool: bytes that are not text in keys, and standard streams that are closed."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

import pytest

from bibtool.cli import exits
from bibtool.cli.commands import COMMANDS
from bibtool.cli.main import run
from bibtool.formats.registry import FORMATS
from tests.cli.runner import call
from tests.cli.test_exits import CASES, _prepare, made, scene

__all__ = ["made", "scene"]  # fixtures

if TYPE_CHECKING:
    from pathlib import Path

BAD_KEY = b"@article{caf\xe9, author={Ash, Ann}, title={T\xe9st \xff}, year={2020}, doi={10.5555/x}}\n" + (
    "@misc{é, title={Also UTF-8: é}}\n".encode()
)
CALLS = (
    "fmt --check bad.bib",
    "fmt bad.bib",
    "check bad.bib",
    "check --fix bad.bib",
    "check --output-format sarif bad.bib",
    "dedupe bad.bib",
    "dedupe --json bad.bib",
    "diff bad.bib good.bib",
    "textconv bad.bib",
    "cited paper.tex --bib bad.bib",
    "merge-driver bad.bib bad.bib bad.bib",
    "verify bad.bib --offline",
    "refs --dry-run",
    "cv bad.bib --owner Ash",
    "import bad.bib",
    "list",
    "list --json",
    "export",
    "search ash",
)


@pytest.mark.parametrize("name", [format_.name for format_ in FORMATS if format_.writer])
def test_a_key_that_is_not_text_in_every_writer(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.bib").write_bytes(BAD_KEY)
    done = call(monkeypatch, "convert", "bad.bib", "--to", name, "-o", "out")
    assert done.code in (exits.DONE, exits.FAILED, exits.USAGE), done.err


def test_a_key_that_is_not_text_in_every_command(scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(scene)
    monkeypatch.setenv("BIBTOOL_LIBRARY", str(tmp_path / "bad.sqlite"))
    (scene / "bibtool.toml").write_text('[refs]\ndocuments = ["paper.tex"]\nsources = ["bad.bib", "good.bib"]\n')
    for line in CALLS:
        (scene / "bad.bib").write_bytes(BAD_KEY)
        done = call(monkeypatch, *shlex.split(line))
        assert done.code in (exits.DONE, exits.FAILED, exits.USAGE, exits.NOT_ASKED), (line, done.err)


@pytest.mark.parametrize(
    "line",
    [
        "dedupe loop",
        "dedupe good.bib loop --apply",
        "--library loop library backup copy.sqlite",
        "--library loop list",
        "cv good.bib --everyone --owner Ash --to hugo -o loop",
        "index add loop --index i.sqlite",
        "fmt loop",
        "convert good.bib --to ris -o loop",
    ],
)
def test_a_link_that_leads_to_itself(line: str, scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python before 3.13 has a RuntimeError for it in Path.resolve."""
    (scene / "loop").symlink_to("loop")
    done = call(monkeypatch, *shlex.split(line))
    assert done.code == exits.FAILED, done.err
    assert "loop" in done.err
    assert (scene / "loop").is_symlink()


@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_stream_that_is_closed(
    name: str, stream: str, scene: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python has None in place of a stream that was closed before it began."""
    _prepare(name, request)
    monkeypatch.setattr(sys, stream, None)
    assert run(shlex.split(CASES[name]["good"][0])) != exits.BUG
