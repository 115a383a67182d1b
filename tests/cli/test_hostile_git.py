"""The merge driver, the text form and the hooks on a hostile repository: they do their job and nothing else."""

from __future__ import annotations

import shlex
import time
from pathlib import Path

import pytest

from tests.cli.runner import call
from tests.support.systems import posix

BASE = "@article{ada,\n  title = {One},\n  year = 2001,\n}\n"
SETTINGS = """\
library = "../outside.sqlite"
[refs]
sources = ["src.bib"]
output = "../outside.bib"
lock = "../outside.lock"
[fmt]
omit = ["title", "year"]
"""
HOSTILE = {
    "nothing": b"",
    "null": b"\0" * 2_000,
    "bytes": bytes(range(256)) * 20,
    "utf-16": "@misc{a, title={É}}\n".encode("utf-16"),
    "half-utf-16": b"\xff\xfe@\0m",
    "bad-utf-8": b"@article{ada,\n  title = {On\xff},\n  year = 2001,\n}\n",
    "surrogates": b"@article{ada,\n  title = {\xed\xa0\x80},\n}\n",
    "no-end": b"@article{ada, title = {One",
    "only-open": b"@article{" * 3_000,
    "braces": b"@article{ada, title = {" + b"{" * 20_000,
    "closed": b"}" * 20_000,
    "quotes": b'@article{ada, title = "' + b'"{' * 10_000,
    "concatenation": b"@article{ada, title = a" + b" # a" * 20_000 + b"}",
    "strings": b"".join(b"@string{s%d = s%d # s%d}\n" % (n, n - 1, n - 1) for n in range(1, 60)) + BASE.encode(),
    "one-key": b"@misc{ada, title={x}}\n" * 1_500,
    "one-field": b"@misc{ada, " + b"title={x}, " * 3_000 + b"}\n",
    "markers": b"<<<<<<< ours\n@misc{x}\n=======\n>>>>>>> theirs\n" * 200,
    "comments": b"@comment{" + b"x" * 50_000 + b'}\n@preamble{"\\input{/etc/passwd}"}\n',
    "terminal": b"@article{ada\x1b]0;owned\x07,\n  title\x1b[2J = {\x1b[31mRed},\n}\n",
    "turned-around": "@article{ada\u202egnp,\n  title = {\u202eevil},\n}\n".encode(),
    "line-ends": b"@article{ada,\r title = {A\rB},\r\n\n\r year = 1\r}\r",
    "crossref-circle": b"@misc{ada, crossref={b}}\n@misc{b, crossref={ada}}\n",
    "long-line": b"@misc{ada, title={" + b"word " * 60_000 + b"}}",
}
CONTROL = [*(chr(code) for code in (*range(9), *range(11, 32), 127)), "\u202e"]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "bibtool.toml").write_text(SETTINGS, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize("side", ["base", "ours", "theirs"])
@pytest.mark.parametrize("name", HOSTILE)
def test_the_merge_driver_touches_ours_only(
    name: str, side: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = {"base": BASE, "ours": BASE.replace("One", "Two"), "theirs": BASE.replace("2001", "2002")}
    for at, text in versions.items():
        (repository / at).write_bytes(HOSTILE[name] if at == side else text.encode())
    before = files(repository.parent)
    began = time.process_time()
    done = call(monkeypatch, "merge-driver", "base", "ours", "theirs", "--path", "refs\x1b[2J.bib")
    assert time.process_time() - began < 10
    assert done.code in (0, 1, 129), done.err
    after = files(repository.parent)
    merged = after.pop("repository/ours")
    ours = before.pop("repository/ours")
    assert after == before
    assert not any(char in done.err + done.out for char in CONTROL)
    if done.code == 129:
        assert merged == ours
    elif side != "base" and name not in ("one-key", "one-field"):
        # what only one side has stays: as what it is in a clean merge, between markers otherwise
        shown = merged.replace(b"\0", b"")  # one version is in UTF-16
        assert b"2002" in shown or b"Two" in shown
    if done.code == 1:
        assert b"<<<<<<<" in merged.replace(b"\0", b"")


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_the_text_form_prints_and_nothing_else(name: str, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / "refs.bib").write_bytes(HOSTILE[name])
    before = files(repository.parent)
    began = time.process_time()
    done = call(monkeypatch, "textconv", "refs.bib")
    assert time.process_time() - began < 10
    assert done.code == 0, done.err
    assert files(repository.parent) == before
    assert done.out or not HOSTILE[name].strip(b"\0 ")


OPTIONS = ["--allow=/", "--config=evil.bib", "--library=x.bib", "--fix", "-o.bib", "-x.bib", "--help", "--output=x.bib"]


@posix
@pytest.mark.parametrize("command", [("check",), ("fmt", "--fail-on-change"), ("convert", "--to", "ris"), ("dedupe",)])
@pytest.mark.parametrize("option", OPTIONS)
def test_the_name_of_a_file_is_not_an_option(
    option: str, command: tuple[str, ...], repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "bibtool.toml").unlink()
    name = option + "tmp/x.bib" if option.endswith("/") else option
    path = repository / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(BASE, encoding="utf-8")
    before = files(repository.parent)
    done = call(monkeypatch, *command, name)
    assert done.code == 2
    assert f"{name!r} is an option and the name of a file here" in done.err
    assert files(repository.parent) == before
    assert call(monkeypatch, "check", "--exit-zero", f"./{name}").code == 0
    assert call(monkeypatch, "check", "--exit-zero", "--", name).code == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("entry", ["bibtool-hook check", "bibtool-hook fmt --fail-on-change"])
def test_the_hooks_end_with_one_of_their_codes(
    entry: str, name: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "bibtool.toml").unlink()
    (repository / "refs.bib").write_bytes(HOSTILE[name])
    before = files(repository.parent)
    began = time.process_time()
    done = call(monkeypatch, *shlex.split(entry)[1:], "refs.bib")
    assert time.process_time() - began < 20
    assert done.code in (0, 1), done.err
    after = files(repository.parent)
    assert after.keys() == before.keys()
    if done.code == 0 or "check" in entry:
        assert after == before
    assert not any(char in done.err + done.out for char in CONTROL)


def test_the_hooks_take_no_settings_that_lead_out(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / "src.bib").write_text(BASE, encoding="utf-8")
    (repository / "paper.tex").write_text("\\cite{ada}\n", encoding="utf-8")
    before = files(repository.parent)
    done = call(monkeypatch, "refs", "--exit-non-zero-on-write")
    assert done.code == 2
    assert "--allow" in done.err
    assert files(repository.parent) == before
    assert [path.name for path in repository.parent.iterdir()] == ["repository"]
