"""``bibtool fmt``: in place, --check, --diff, standard input, settings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bibtool.formats.bibtex.tidy.options import option_table
from tests.cli.runner import call
from tests.support.systems import posix

MESSY = b"@ARTICLE{a, TITLE={x},\n year = 1999}\n"
TIDY = b"@article{a,\n  title         = {x},\n  year          = 1999,\n}\n"


@pytest.fixture
def refs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "refs.bib"
    path.write_bytes(MESSY)
    return path


def test_in_place_and_once(refs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "fmt", "refs.bib")
    assert (done.code, done.out, done.err) == (0, "", "refs.bib: tidied\n")
    assert refs.read_bytes() == TIDY
    stamp = refs.stat().st_mtime_ns
    assert call(monkeypatch, "fmt", "refs.bib", "--fail-on-change").code == 0
    assert refs.stat().st_mtime_ns == stamp


def test_check_and_diff_change_nothing(refs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "fmt", "--check", "refs.bib").code == 1
    shown = call(monkeypatch, "fmt", "--diff", "refs.bib")
    assert shown.code == 0
    assert "+@article{a," in shown.out
    assert refs.read_bytes() == MESSY


def test_a_hook_learns_of_the_change(refs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "fmt", "--fail-on-change", "refs.bib").code == 1
    assert refs.read_bytes() == TIDY


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "fmt", "-", "-q", stdin=MESSY).data == TIDY


def test_settings_and_options(refs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("bibtool.toml").write_text('[fmt]\ncurly = true\nalign = 0\nsort-fields = ["year", "title"]\n')
    call(monkeypatch, "fmt", "refs.bib", "--indent", "4")
    assert refs.read_bytes() == b"@article{a,\n    year = {1999},\n    title = {x},\n}\n"
    for text, words in (
        ("[fmt]\ncurlly = true\n", ["bibtool.toml:2", "'fmt.curly'"]),
        ("[fmt]\nalign = true\n", ["bibtool.toml:2", "fmt.align must be a whole number from 0 to 10,000, not True"]),
        ("[fmt\n", ["bibtool.toml", "not valid TOML"]),
    ):
        Path("bibtool.toml").write_text(text)
        done = call(monkeypatch, "fmt", "refs.bib")
        assert done.code == 2
        for word in words:
            assert word in done.err


def test_broken_entries_are_kept_and_named(refs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refs.write_bytes(MESSY + b"@misc{b, title = {open\n")
    done = call(monkeypatch, "fmt", "refs.bib")
    assert done.code == 1
    assert "refs.bib:3:" in done.err
    assert refs.read_bytes() == TIDY + b"\n@misc{b, title = {open\n"


@pytest.mark.parametrize("options", [(), ("--check",), ("--fail-on-change",)])
def test_warnings_do_not_change_the_exit_code(
    refs: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    refs.write_bytes(TIDY + b"\n" + TIDY)
    done = call(monkeypatch, "fmt", *options, "refs.bib")
    assert (done.code, refs.read_bytes()) == (0, TIDY + b"\n" + TIDY)
    assert done.err == "refs.bib: 1 warning; `bibtool check refs.bib` shows it\nnothing to change\n"


def test_what_keeps_a_file_from_being_tidied_is_explained(refs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refs.write_bytes(MESSY + b"@misc{b, title = {open\n")
    done = call(monkeypatch, "fmt", "--sort", "key", "refs.bib")
    assert "the entries were not sorted" in done.err


def test_the_other_files_are_tidied_when_one_is_missing(refs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "fmt", "nosuch.bib", "refs.bib")
    assert done.code == 1
    assert "nosuch.bib" in done.err
    assert refs.read_bytes() == TIDY


@posix
@pytest.mark.skipif(
    os.name == "posix" and os.geteuid() == 0 and not hasattr(os, "chflags"), reason="root may write to read-only files"
)
def test_a_read_only_file_is_left_alone(refs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refs.chmod(0o444)
    done = call(monkeypatch, "fmt", "refs.bib")
    assert done.code == 1
    assert "refs.bib: can't be written" in done.err


@posix
def test_a_link_stays_a_link_and_the_mode_stays(refs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = refs.rename(refs.with_name("real.bib"))
    target.chmod(0o640)
    refs.symlink_to("real.bib")
    call(monkeypatch, "fmt", "refs.bib")
    assert refs.is_symlink()
    assert target.read_bytes() == TIDY
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in refs.parent.iterdir()) == ["real.bib", "refs.bib"]


def test_every_option_is_on_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    text = call(monkeypatch, "fmt", "--help").out
    for name, _, _, _ in option_table():
        assert "--" + name.replace("_", "-") in text
