"""``bibtool check``: reports, exit codes, fixes, settings."""

from __future__ import annotations

import json
import os
import re
import stat
from typing import TYPE_CHECKING

import pytest

from bibtool.errors import OutputError
from tests.cli.runner import call
from tests.support.systems import posix

if TYPE_CHECKING:
    from pathlib import Path

    from bibtool.files import Original

BAD = (
    "@article{a,\n  author = {A. Author},\n  title = {T},\n  journal = {J},\n  year = {1984},\n  pages = {1-2},\n"
    "  isbn = {1}\n}\n"
)
GOOD = BAD.replace("1-2", "1--2").replace(",\n  isbn = {1}", "")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.bib").write_text(BAD, encoding="utf-8")
    (tmp_path / "good.bib").write_text(GOOD, encoding="utf-8")
    return tmp_path


def test_a_good_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "check", "good.bib")
    assert (done.code, done.out) == (0, "")
    assert done.err == "no problems in 1 entry\n"
    assert call(monkeypatch, "check", "-q", "good.bib").err == ""


def test_findings_have_path_line_column_and_code(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "check", "--output-format", "concise", "bad.bib", "good.bib", "--ignore", "DUP,KEY")
    assert done.code == 1
    assert done.out.splitlines() == [
        "bad.bib:6:13: VAL003 the page range '1-2' is written with a single hyphen",
        "bad.bib:7:11: IDS004 '1' is not a valid ISBN: expected 10 or 13 digits",
    ]
    assert "2 problems in 2 entries of 2 files; 1 can be fixed with --fix" in done.err


def test_text_shows_the_line_and_a_hint(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "check", "bad.bib", "--select", "VAL003")
    assert done.out.splitlines() == [
        "bad.bib:6:13: VAL003 [*] the page range '1-2' is written with a single hyphen",
        "    6 |   pages = {1-2},",
        "      |             ^",
        "    = write 1--2",
    ]


def test_colours_on_a_terminal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bibtool.cli.check_run.use_colour", lambda _: True)
    done = call(monkeypatch, "check", "bad.bib", "--select", "VAL003")
    assert "\x1b[1mbad.bib\x1b[0m" in done.out
    assert "\x1b[31m\x1b[1mVAL003\x1b[0m" in done.out
    assert "\x1b[31m\x1b[1m^\x1b[0m" in done.out
    plain = re.sub(r"\x1b\[\d*m", "", done.out)
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    assert call(monkeypatch, "check", "bad.bib", "--select", "VAL003").out == plain


def test_standard_input(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "check", "-", "--select", "IDS", "--output-format", "concise", stdin=BAD.encode())
    assert done.code == 1
    assert done.out.startswith("<stdin>:7:11: IDS004")
    done = call(monkeypatch, "check", "--fix", "-", "--select", "VAL", stdin=BAD.encode())
    assert (done.code, done.data) == (0, BAD.replace("1-2", "1--2").encode())
    assert "fixed <stdin>:6:13: VAL003" in done.err


def test_an_empty_file_is_fine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "empty.bib").write_bytes(b"")
    assert call(monkeypatch, "check", "empty.bib").code == 0
    assert call(monkeypatch, "check", "-", stdin=b"").code == 0


def test_a_missing_file_does_not_hide_the_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "check", "--output-format", "concise", "nowhere.bib", "bad.bib")
    assert done.code == 1
    assert [line.split()[1] for line in done.out.splitlines()] == ["SYN010", "VAL003", "IDS004"]


def test_the_same_file_twice_is_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "check", "good.bib", "./good.bib").code == 0


def test_misspelt_codes_get_a_suggestion(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in (["--select", "VLA003"], ["--ignore", "VLA003"], ["--explain", "VLA003"]):
        done = call(monkeypatch, "check", "bad.bib", *arguments)
        assert done.code == 2
        assert "VAL003" in done.err


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('[check]\n\nselect = ["XXX"]\n', 3, "check.select: no rule 'XXX'"),
        ('[check]\nselect = ["TXT"]\nignore = ["TXT01"]\n', 3, "check.ignore: no rule 'TXT01'"),
        ('[check]\n[check.per-file-ignores]\n"a.bib" = ["TXT"]\n"b.bib" = ["Q"]\n', 4, "check.per-file-ignores: no"),
        ('[check]\n\ndialect = "bibtx"\n', 3, "check.dialect must be auto, bibtex or biblatex, not 'bibtx'"),
        ('[check]\nper-file-ignores = { "b.bib" = ["Q"] }\n', 2, "check.per-file-ignores: no rule 'Q'"),
    ],
)
def test_wrong_settings_are_errors_with_their_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, line: int, told: str
) -> None:
    (folder / "bibtool.toml").write_text(text, encoding="utf-8")
    done = call(monkeypatch, "check", "good.bib")
    assert (done.code, f"bibtool.toml:{line}: {told}" in done.err) == (2, True), done.err


def test_json(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "check", "bad.bib", "--output-format", "json")
    data = json.loads(done.out)
    assert done.err == ""
    assert data["version"] == 1
    assert data["files"] == ["bad.bib"]
    assert data["entries"] == 1
    assert data["summary"] == {"findings": 2, "errors": 0, "warnings": 2, "notes": 0, "fixable": 1, "fixed": 0}
    assert data["findings"][0] == {
        "code": "VAL003", "name": "page-range-dash", "severity": "warning",
        "message": "the page range '1-2' is written with a single hyphen",
        "path": "bad.bib", "line": 6, "column": 13, "end_line": 6, "end_column": 14,
        "key": "a", "hint": "write 1--2",
        "fix": {
            "description": "page range with two hyphens",
            "edits": [{"line": 6, "column": 13, "end_line": 6, "end_column": 14, "text": "--"}],
        },
        "related": [],
    }  # fmt: skip
    assert call(monkeypatch, "check", "bad.bib", "--json").out == done.out


def test_github_annotations_are_escaped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a,b:c.bib").write_text("@book{k, title = {50% off}, doi = {a%0A::b}}\n", encoding="utf-8")
    done = call(monkeypatch, "check", "a,b:c.bib", "--select", "IDS,TXT006", "--output-format", "github")
    first, second = done.out.splitlines()
    assert first.startswith(
        "::warning title=bibtool (TXT006),file=a%2Cb%3Ac.bib,line=1,col=21,endLine=1,endColumn=22::a,b:c.bib:1:21: "
    )
    assert "'%25' in 'title'" in first
    assert second.startswith("::error title=bibtool (IDS001),file=a%2Cb%3Ac.bib,line=1,")
    assert "'a%250A::b'" in second


def test_sarif_has_rules_results_and_regions(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "two words.bib").write_text(
        "@book{a, title = {X &amp; Y}}\n@book{a, title = {T\N{GRINNING FACE}</i>}}\n", encoding="utf-8"
    )
    done = call(monkeypatch, "check", "two words.bib", "--select", "ALL", "--output-format", "sarif")
    log = json.loads(done.out)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] == "bibtool"
    assert run["columnKind"] == "unicodeCodePoints"
    assert [rule["id"] for rule in rules] == sorted({rule["id"] for rule in rules})
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
    assert run["results"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        (place,) = result["locations"]
        assert place["physicalLocation"]["artifactLocation"]["uri"] == "two%20words.bib"
        region = place["physicalLocation"]["region"]
        assert all(region[name] >= 1 for name in ("startLine", "startColumn", "endLine", "endColumn"))
        assert (region["startLine"], region["startColumn"]) <= (region["endLine"], region["endColumn"])
    tag = next(result for result in run["results"] if result["ruleId"] == "TXT002")
    assert tag["locations"][0]["physicalLocation"]["region"]["startColumn"] == 21
    duplicate = next(result for result in run["results"] if result["ruleId"] == "KEY001")
    assert duplicate["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 1
    entity = next(result for result in run["results"] if result["ruleId"] == "TXT001")
    change = entity["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert change["insertedContent"]["text"] == "\\&"


def test_statistics(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "more.bib").write_text("@article{x, pages = {3-4}}\n@article{y, pages = {5-6}}\n", encoding="utf-8")
    done = call(monkeypatch, "check", "more.bib", "bad.bib", "--select", "VAL,IDS", "--statistics")
    assert done.out == "3  VAL003  [*]  page-range-dash\n1  IDS004  [ ]  bad-isbn\n"
    done = call(monkeypatch, "check", "more.bib", "--select", "VAL", "--statistics", "--json")
    assert json.loads(done.out) == [{"code": "VAL003", "name": "page-range-dash", "count": 2, "fixable": 2}]


def test_exit_codes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "check", "bad.bib", "--exit-zero").code == 0
    (folder / "note.bib").write_text("@misc{a, author = {A. Author and others}}\n", encoding="utf-8")
    done = call(monkeypatch, "check", "note.bib")
    assert (done.code, "NAM002 note: " in done.out) == (0, True)
    assert done.err == "no problems and 1 note in 1 entry\n"


@posix
def test_fix_writes_the_file_and_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "bad.bib"
    path.chmod(0o640)
    link = folder / "link.bib"
    link.symlink_to("bad.bib")
    done = call(monkeypatch, "check", "--fix", "link.bib", "--output-format", "concise")
    assert done.code == 1
    assert done.out.splitlines() == ["link.bib:7:11: IDS004 '1' is not a valid ISBN: expected 10 or 13 digits"]
    assert "fixed link.bib:6:13: VAL003 page range with two hyphens (a)" in done.err
    assert "1 problem in 1 entry; 1 fixed" in done.err
    assert path.read_text(encoding="utf-8") == BAD.replace("1-2", "1--2")
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    before = path.stat()
    again = call(monkeypatch, "check", "--fix", "bad.bib")
    assert "fixed" not in again.err
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_fix_in_a_hook(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("check", "--fix", "--exit-non-zero-on-fix", "bad.bib", "--select", "VAL")
    assert call(monkeypatch, *arguments).code == 1
    assert call(monkeypatch, *arguments).code == 0


def test_json_tells_what_was_fixed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.loads(call(monkeypatch, "check", "--fix", "bad.bib", "--json").out)
    assert [one["code"] for one in data["fixed"]] == ["VAL003"]
    assert [one["code"] for one in data["findings"]] == ["IDS004"]
    assert data["summary"]["fixed"] == 1


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write to every file")
def test_a_read_only_file_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "bad.bib").chmod(0o444)
    done = call(monkeypatch, "check", "--fix", "bad.bib", "--select", "VAL")
    assert done.code == 1
    assert (folder / "bad.bib").read_text(encoding="utf-8") == BAD


def test_what_could_not_be_written_is_not_called_fixed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(original: Original, _: bytes) -> bool:
        raise OutputError("can't be written: disk full", path=str(original.path))

    monkeypatch.setattr("bibtool.files.rewrite", refuse)
    for option in ("--fix", "--add-ignores"):
        done = call(monkeypatch, "check", option, "bad.bib", "--select", "VAL")
        assert done.code == 1
        assert "bad.bib: can't be written: disk full" in done.err
        assert "fixed" not in done.err
        assert "added comments" not in done.err


def test_diff_shows_and_writes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "check", "--diff", "bad.bib", "good.bib")
    assert done.code == 1
    assert done.out.splitlines()[:3] == ["--- bad.bib", "+++ bad.bib (fixed)", "@@ -3,6 +3,6 @@"]
    assert "-  pages = {1-2}," in done.out
    assert "+  pages = {1--2}," in done.out
    assert "good.bib" not in done.out
    assert (folder / "bad.bib").read_text(encoding="utf-8") == BAD


def test_crlf_bom_and_windows_letters_survive_a_fix(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "old.bib"
    data = "\ufeff@book{a,\r\n  title = {É &amp; \ud83d},\r\n}\r\n".encode("utf-8", "surrogatepass").replace(
        b"\xed\xa0\xbd", b"\xff"
    )
    path.write_bytes(data)
    call(monkeypatch, "check", "--fix", "old.bib")
    assert path.read_bytes() == data.replace(b"&amp;", b"\\&")


def test_explain_and_list(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "check", "--explain", "val003")
    assert done.code == 0
    assert done.out.startswith("# VAL003 page-range-dash\n\nA page range")
    assert "## Why is this bad" in done.out
    assert call(monkeypatch, "check", "--explain", "page-range-dash").out == done.out
    assert json.loads(call(monkeypatch, "check", "--explain", "VAL003", "--json").out)["fixable"] is True
    listed = call(monkeypatch, "check", "--list-rules").out.splitlines()
    data = json.loads(call(monkeypatch, "check", "--list-rules", "--json").out)
    assert [line.split()[0] for line in listed] == [rule["code"] for rule in data]
    assert len(data) > 40


class TestFiles:
    """Which files are checked."""

    @pytest.fixture(autouse=True)
    def _folders(self, folder: Path) -> None:
        for name in ("papers/one/refs.bib", "papers/two/refs.bib", "papers/.venv/x.bib", "papers/node_modules/x.bib"):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(BAD, encoding="utf-8")

    def checked(self, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> list[str]:
        done = call(monkeypatch, "check", *arguments, "--json")
        return [path.replace("\\", "/") for path in json.loads(done.out)["files"]]

    def test_a_folder_is_searched(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.checked(monkeypatch, "papers") == ["papers/one/refs.bib", "papers/two/refs.bib"]
        everything = ["bad.bib", "good.bib", "papers/one/refs.bib", "papers/two/refs.bib"]
        assert self.checked(monkeypatch, ".") == everything
        assert self.checked(monkeypatch) == everything
        assert self.checked(monkeypatch, "papers/one/refs.bib", "papers") == [
            "papers/one/refs.bib", "papers/two/refs.bib",
        ]  # fmt: skip

    def test_files_of_several_folders_are_not_compared(self, monkeypatch: pytest.MonkeyPatch) -> None:
        done = call(monkeypatch, "check", "papers", "--select", "KEY,DUP")
        assert (done.code, done.err) == (0, "no problems in 2 entries of 2 files\n")
        named = call(monkeypatch, "check", "papers/one/refs.bib", "papers/two/refs.bib", "--select", "KEY")
        assert "KEY001" in named.out

    def test_the_files_of_the_project(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (folder / "bibtool.toml").write_text(
            '[refs]\nsources = ["papers/one/*.bib", "library", "absent.bib"]\noutput = "good.bib"\n', encoding="utf-8"
        )
        assert self.checked(monkeypatch) == ["good.bib", "papers/one/refs.bib"]
        monkeypatch.chdir(folder / "papers" / "two")
        assert self.checked(monkeypatch) == ["../../good.bib", "../one/refs.bib"]
        assert "checking ../../good.bib, ../one/refs.bib\n" in call(monkeypatch, "check").err.replace("\\", "/")

    def test_patterns(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.checked(monkeypatch, "*.bib") == ["bad.bib", "good.bib"]
        assert self.checked(monkeypatch, "papers/*/*.bib") == ["papers/one/refs.bib", "papers/two/refs.bib"]

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["*.bob"], "no file matches '*.bob'"),
            (["empty"], "there is no .bib file in empty"),
        ],
    )
    def test_what_means_no_file_is_an_error(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
    ) -> None:
        (folder / "empty").mkdir()
        done = call(monkeypatch, "check", *arguments)
        assert (done.code, done.out) == (2, "")
        assert words in done.err
        monkeypatch.chdir(folder / "empty")
        assert call(monkeypatch, "check").code == 2

    @pytest.mark.parametrize(
        ("name", "data", "words"),
        [
            ("thesis.tex", b"\\documentclass{book}\n\\makeatletter\\@addtoreset{a}{b}", "a LaTeX document"),
            ("a.pdf", b"%PDF-1.7\n\x00", "a PDF file"),
            ("a.bib", b"\x89PNG\r\n\x1a\n", "a PNG image"),
            ("b.bib", b"<!DOCTYPE html><p>Not found</p>", "an HTML page"),
            ("c.bib", b'[{"id": "a", "type": "book", "title": "T"}]', "CSL-JSON"),
            ("d.txt", b"TY  - JOUR\nTI  - T\nER  - \n", "RIS"),
            ("words.md", b"Only words.", "is not a BibTeX file"),
            ("x.bin", b"\x00\x01\x02", "a binary file"),
        ],
    )
    def test_another_kind_of_file_is_an_error(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, words: str
    ) -> None:
        (folder / name).write_bytes(data)
        done = call(monkeypatch, "check", "--fix", "bad.bib", name)
        assert (done.code, done.out) == (2, "")
        assert words in done.err
        assert (folder / "bad.bib").read_text(encoding="utf-8") == BAD

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("a.bib", b"% nothing yet, see https://doi.org/10.1000/1\n"),
            ("b.bib", b"To do: everything.\n"),
            ("c.bib", b"% \\documentclass{book}\n"),
            ("d.txt", b"@string{a = {b}}\n"),
            ("e.txt", b"\n"),
        ],
    )
    def test_a_file_without_entries_is_fine(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes
    ) -> None:
        (folder / name).write_bytes(data)
        assert call(monkeypatch, "check", name).code == 0


class TestAddingIgnores:
    def test_from_then_on_only_new_findings_are_reported(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        done = call(monkeypatch, "check", "--add-ignores", "bad.bib")
        assert (done.code, done.out) == (0, "")
        assert done.err.splitlines()[0] == "bad.bib: added comments that ignore 2 findings"
        text = (folder / "bad.bib").read_text(encoding="utf-8")
        assert text == "% bibtool: ignore=IDS004,VAL003\n" + BAD
        assert call(monkeypatch, "check", "bad.bib").err == "no problems in 1 entry\n"
        again = call(monkeypatch, "check", "--add-ignores", "bad.bib")
        assert (again.err, (folder / "bad.bib").read_text(encoding="utf-8")) == ("no problems in 1 entry\n", text)

    def test_diff_shows_them(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        done = call(monkeypatch, "check", "--add-ignores", "--diff", "bad.bib")
        assert "+% bibtool: ignore=IDS004,VAL003\n" in done.out
        assert (folder / "bad.bib").read_text(encoding="utf-8") == BAD

    def test_standard_input(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        done = call(monkeypatch, "check", "--add-ignores", "-", stdin=BAD.encode())
        assert (done.code, done.out) == (0, "% bibtool: ignore=IDS004,VAL003\n" + BAD)

    def test_not_together_with_fixes(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        done = call(monkeypatch, "check", "--add-ignores", "--fix", "bad.bib")
        assert done.code == 2
        assert "--fix and --add-ignores" in done.err


class TestSettings:
    def test_select_ignore_and_per_file_ignores(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (folder / "old").mkdir()
        (folder / "old" / "bad.bib").write_text(BAD, encoding="utf-8")
        (folder / "bibtool.toml").write_text(
            '[check]\nselect = ["VAL", "IDS"]\nignore = ["IDS004"]\n'
            '[check.per-file-ignores]\n"old/*.bib" = ["VAL003"]\n',
            encoding="utf-8",
        )
        done = call(monkeypatch, "check", "bad.bib", "old/bad.bib", "--output-format", "concise")
        assert [line.split()[:2] for line in done.out.splitlines()] == [["bad.bib:6:13:", "VAL003"]]
        done = call(monkeypatch, "check", "old/bad.bib", "--select", "IDS", "--output-format", "concise")
        assert [line.split()[1] for line in done.out.splitlines()] == ["IDS004"]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ('[check]\nselekt = ["VAL"]\n', "check.select"),
            ('[check]\nselect = "VAL"\n', "check.select must be"),
            ("[check]\nselect = [1]\n", "check.select must be a list of strings"),
            ('[check]\nselect = ["VLA003"]\n', "VAL003"),
            ('[check]\ndialect = "latex"\n', "auto, bibtex or biblatex"),
            ('[check.per-file-ignores]\n"x.bib" = "VAL"\n', "must be a list of strings"),
            ('[check.per-file-ignores]\n"x.bib" = ["VLA003"]\n', "VAL003"),
        ],
    )
    def test_wrong_settings_are_named(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str
    ) -> None:
        (folder / "bibtool.toml").write_text(text, encoding="utf-8")
        done = call(monkeypatch, "check", "good.bib")
        assert done.code == 2
        assert words in done.err
        assert "bibtool.toml" in done.err

    def test_the_dialect(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (folder / "book.bib").write_text("@book{a, author = {A. Author}, title = {T}, year = 1984}\n", encoding="utf-8")
        assert call(monkeypatch, "check", "book.bib").code == 1
        (folder / "bibtool.toml").write_text('[check]\ndialect = "biblatex"\n', encoding="utf-8")
        done = call(monkeypatch, "check", "book.bib")
        assert (done.code, done.err) == (
            0, "no problems in 1 entry; judged as BibLaTeX ([check] dialect in bibtool.toml)\n",
        )  # fmt: skip
        done = call(monkeypatch, "check", "book.bib", "--dialect", "bibtex")
        assert (done.code, "judged as" in done.err) == (1, False)

    def test_the_dialect_of_the_project_counts(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (folder / "book.bib").write_text("@book{a, author = {A. Author}, title = {T}, year = 1984}\n", encoding="utf-8")
        (folder / "bibtool.toml").write_text('[refs]\ndialect = "biblatex"\n', encoding="utf-8")
        done = call(monkeypatch, "check", "book.bib")
        assert (done.code, done.err) == (
            0, "no problems in 1 entry; judged as BibLaTeX ([refs] dialect in bibtool.toml)\n",
        )  # fmt: skip
        (folder / "bibtool.toml").write_text(
            '[refs]\ndialect = "biblatex"\n[check]\ndialect = "auto"\n', encoding="utf-8"
        )
        assert call(monkeypatch, "check", "book.bib").code == 1
        (folder / "bibtool.toml").write_text('[refs]\noutput = "book.bib"\n', encoding="utf-8")
        assert call(monkeypatch, "check", "book.bib").err == "1 problem in 1 entry\n"
