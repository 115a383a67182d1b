"""The library on the command line: import, list, search, show, edit, remove, undo, export."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.runner import Outcome, call, process

BIB = rb"""@article{zeta1999, title = {A {Zeta} Study}, author = {Zeta, Zoe and {Some Team}}, year = 1999,
  journal = {Journal of Studies}, doi = {10.1000/zeta}}
@misc{alpha2022, title = {Alpha in the Wild}, author = {Alph, Ann and others}, year = {2022}, eprint = {2203.01360},
  archivePrefix = {arXiv}, primaryClass = {math.NA}}
"""


class Here:
    """A folder with a library and the command line in it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.monkeypatch = monkeypatch
        monkeypatch.chdir(folder)
        monkeypatch.setenv("BIBTOOL_LIBRARY", str(folder / "library.sqlite"))

    def __call__(self, *arguments: str, stdin: bytes = b"") -> Outcome:
        return call(self.monkeypatch, *arguments, stdin=stdin)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    found = Here(tmp_path, monkeypatch)
    (tmp_path / "refs.bib").write_bytes(BIB)
    done = found("import", "refs.bib")
    assert (done.code, done.out) == (0, "")
    assert "2 added" in done.err
    return found


@pytest.mark.slow
def test_importing_twice_changes_nothing(here: Here) -> None:
    before = here("export", "-f", "csl-json").data
    done = here("import", "refs.bib", "--json")
    assert json.loads(done.out)["unchanged"] == ["zeta1999", "alpha2022"]
    assert here("export", "-f", "csl-json").data == before
    assert here("undo").code == 0
    assert json.loads(here("list", "--json").out) == []


@pytest.mark.slow
def test_a_trial_import_changes_nothing(here: Here) -> None:
    text = b"@misc{new, title = {New}}"
    assert json.loads(here("import", "-", "--dry-run", "--json", stdin=text).out)["added"] == ["new"]
    assert "new" not in here("list").out
    fresh = here("--library", "other.sqlite", "import", "-", "-n", stdin=text)
    assert (fresh.code, Path("other.sqlite").exists()) == (0, False)


@pytest.mark.slow
def test_list_and_search(here: Here) -> None:
    assert [line.split("\t")[0] for line in here("list", "--sort", "year").out.splitlines()] == [
        "zeta1999",
        "alpha2022",
    ]
    assert here("list", "--where", "year>2000").out.startswith(
        "alpha2022\t2022\tAlph et al.\tAlpha in the Wild\t2203.01360"
    )
    assert [r["key"] for r in json.loads(here("search", "stud", "--json").out)] == ["zeta1999"]
    assert here("search", "nothing-like-this").err == "nothing found\n"


@pytest.mark.slow
def test_the_order_of_a_language(here: Here) -> None:
    (here.folder / "nordic.bib").write_text(
        "".join(f"@book{{{key}, title = {{{title}}}}}\n" for key, title in (("a", "Zon"), ("b", "Åar"), ("c", "Öar")))
    )
    here("import", "nordic.bib")

    def keys(text: str) -> list[str]:
        return [key for key in text.split() if key in "abc"]

    assert keys(here("list", "--sort", "title").out.replace("\t", " ")) == ["b", "c", "a"]
    assert keys(here("list", "--sort", "title", "--locale", "sv-SE").out.replace("\t", " ")) == ["a", "b", "c"]
    done = here("export", "a", "b", "c", "--format", "csl-json", "--sort", "title", "--locale", "sv-SE")
    assert [item["title"] for item in json.loads(done.out)] == ["Zon", "Åar", "Öar"]
    assert here("export", "--format", "csl-json", "--locale", "sv-SE").code == 2  # nothing that it could change
    assert here("list", "--sort", "title", "--locale", "svx").code == 2


@pytest.mark.slow
def test_show_says_where_values_came_from(here: Here) -> None:
    out = here("show", "--verbose", "zeta1999").out
    assert "A Zeta Study" in out
    assert "refs.bib:1" in out
    assert "refs.bib" not in here("show", "zeta1999").out
    missing = here("show", "zeta1998")
    assert missing.code == 2
    assert "did you mean 'zeta1999'" in missing.err


@pytest.mark.slow
def test_edit_remove_undo_redo(here: Here) -> None:
    shown = here("edit", "zeta1999", "title=New <i>title</i>", "issued=2001-05", "key=zeta2001")
    assert shown.code == 0
    assert "+ title" in shown.out
    (record,) = json.loads(here("show", "zeta2001", "--json").out)
    assert record["variables"]["title"] == {"text": "New <i>title</i>"}
    assert record["provenance"]["title"][0] == "user"
    assert here("remove", "zeta2001").code == 0
    assert here("show", "zeta2001").code == 2
    assert here("undo").code == here("undo").code == 0
    assert "A Zeta Study" in here("list").out
    assert here("redo").code == 0
    assert "New title" in here("list").out


def test_no_output_replaces_a_library(here: Here) -> None:
    for line in ("export --to csl-json", "export --to text", "cv --everyone --owner Zeta --to text"):
        done = here(*line.split(), "-o", "library.sqlite")
        assert (done.code, "so it was not replaced" in done.err) == (1, True), done.err
    assert len(here("list").out.splitlines()) == 2


def test_a_key_that_is_named_twice_is_removed_once(here: Here) -> None:
    assert here("remove", "--dry-run", "zeta1999", "zeta1999").err == "would remove zeta1999\n"
    assert json.loads(here("remove", "--json", "zeta1999", "zeta1999").out)["removed"] == ["zeta1999"]
    assert "remove zeta1999  (1 removed)" in here("history").out


@pytest.mark.slow
def test_edits_that_make_no_sense(here: Here) -> None:
    for change, word in {
        "auhtor=X": "'author'",
        "issued=someday": "is not a date",
        "DOI=nothing": "not a valid DOI",
        "type=artikel": "'article'",
        "key=a b": "not a valid citation key",
        "arxiv=1": "not a valid arXiv id",
        "month=13": "not a month",
        "withdrawn=yes": "can't be set",
    }.items():
        done = here("edit", "zeta1999", change)
        assert done.code == 2, change
        assert word in done.err


@pytest.mark.slow
def test_the_user_s_value_survives_the_next_import(here: Here) -> None:
    here("edit", "zeta1999", "title=Mine")
    (here.folder / "more.bib").write_bytes(BIB.replace(b"A {Zeta} Study", b"A Zeta Study!"))
    done = here("import", "more.bib")
    assert "kept title 'Mine'" in done.err
    assert "Mine" in here("list").out


@pytest.mark.slow
def test_export_is_the_same_twice_and_to_a_file_at_once(here: Here) -> None:
    for target in ("bibtex", "biblatex", "csl-json", "text", "markdown", "html", "latex"):
        first = here("export", "--format", target)
        assert first.code == 0, first.err
        assert first.data == here("export", "--format", target).data
        assert b"lpha in the " in first.data or b"lpha in the" in first.data
        assert here("export", "--format", target, "-o", f"out.{target}").code == 0
        assert Path(f"out.{target}").read_bytes() == first.data
    assert here("export", "alpha2022", "--format", "bibtex").out.count("@") == 1
    assert here("export", "--style", "alpha").code == 2


@pytest.mark.slow
def test_convert_needs_no_library(here: Here) -> None:
    here.monkeypatch.setenv("BIBTOOL_LIBRARY", "/nonexistent/library")
    done = here("convert", "-", "--to", "csl-json", stdin=BIB)
    assert [item["id"] for item in json.loads(done.out)] == ["zeta1999", "alpha2022"]
    assert here("convert", "refs.bib", "-o", "refs.json").code == 0
    assert json.loads(Path("refs.json").read_bytes()) == json.loads(done.out)


@pytest.mark.slow
def test_the_library_is_chosen_by_option_variable_and_project(here: Here) -> None:
    assert here("--library", "no.sqlite", "list").code == 1
    assert here("list", "--library", "no.sqlite").code == 1
    here.monkeypatch.delenv("BIBTOOL_LIBRARY")
    assert here("list").code == 1
    (here.folder / "bibtool.toml").write_text('library = "library.sqlite"\n')
    (here.folder / "deep" / "er").mkdir(parents=True)
    here.monkeypatch.chdir(here.folder / "deep" / "er")
    assert here("list").code == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("binary", b"\x00\x01\x02" * 50),
        ("empty", b""),
        ("blank", b" \n\n"),
        ("line", b"x" * 20_000_000),
        ("deep.json", b"[" * 1_000_000),
        ("bomb.xml", b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'),
        ("half.json", b'[{"id": "x", "type": '),
        ("utf16.bib", "@misc{a, title = {x".encode("utf-16")),
    ],
)
def test_bad_input_gives_one_clear_line_and_loses_nothing(name: str, data: bytes, here: Here) -> None:
    before = here("export", "-f", "csl-json").data
    (here.folder / name).write_bytes(data)
    for arguments in (("import", name), ("convert", name, "--to", "csl-json")):
        done = here(*arguments)
        assert done.code == 1, done.err[:200]
        assert name in done.err
        assert "Traceback" not in done.err
        assert len(done.err) < 2000
    assert here("export", "-f", "csl-json").data == before


@pytest.mark.slow
def test_files_that_can_not_be_read_or_written(here: Here) -> None:
    for arguments in (
        ["import", "nosuch.bib"],
        ["import", "."],
        ["export", "-o", "no/such/folder/x.bib"],
        ["export", "-o", "."],
    ):
        done = here(*arguments)
        assert done.code == 1, arguments
        assert "bibtool: " in done.err
    (here.folder / "broken.sqlite").write_bytes(b"this is no library at all, but text" * 100)
    for arguments in (["list"], ["import", "refs.bib"]):
        done = here("--library", "broken.sqlite", *arguments)
        assert done.code == 1
        assert "broken.sqlite" in done.err


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_error(here: Here) -> None:
    import subprocess
    import sys

    script = f"{sys.executable} -m bibtool export -f csl-json | head -c 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {script}"], cwd=here.folder, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.slow
def test_output_of_a_real_process_is_utf8(here: Here) -> None:
    done = process("convert", "-", "--to", "csl-json", stdin="@misc{a, title = {Ünïcode}}".encode(), cwd=here.folder)
    assert "Ünïcode" in done.out
