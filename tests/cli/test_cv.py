"""``bibtool cv`` as a person or a script calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bibtool.cv.targets import TARGETS, Target
from tests.cli.runner import Outcome, call, process

Run = Callable[..., Outcome]

BIB = """\
@article{ash2021, author = {Ash, Bea and Birch, Dan}, title = {On Trees}, journal = {Journal of Trees}, year = 2021,
  volume = 3, doi = {10.5555/trees}, keywords = {trees, maps}}
@misc{ash2023, author = {Birch, Dan and Ash, B.}, title = {A Draft}, year = 2023, eprint = {2301.00001},
  archivePrefix = {arXiv}}
@inproceedings{other, author = {Someone Else}, title = {Not Ours}, booktitle = {Proc. X}, year = 2020}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "refs.bib").write_text(BIB, encoding="utf-8")
    return tmp_path


@pytest.fixture
def cv(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    del folder

    def run(*arguments: str) -> Outcome:
        return call(monkeypatch, "cv", *arguments)

    return run


@pytest.mark.slow
def test_markdown_of_a_file(cv: Run) -> None:
    done = cv("refs.bib", "--owner", "Bea Ash", "--to", "markdown")
    assert done.code == 0, done.err
    assert "**Ash, B.**, \\& Birch, D. (2021)" in done.out
    assert "Not Ours" not in done.out
    assert "1 of 3 records is left out" in done.err


def test_the_settings_say_who_and_what(cv: Run, folder: Path) -> None:
    (folder / "bibtool.toml").write_text(
        '[owner]\nnames = ["Bea Ash"]\n[cv]\nto = "markdown"\noutput = "cv.md"\ngroup = "year"\nnumber = "up"\n',
        encoding="utf-8",
    )
    done = cv("refs.bib")
    assert (done.code, done.out) == (0, ""), done.err
    written = (folder / "cv.md").read_bytes()
    assert written.index(b"## 2023") < written.index(b"## 2021")
    again = cv("refs.bib")
    assert "is up to date" in again.err
    assert (folder / "cv.md").read_bytes() == written
    # an option of the call wins, and another target goes to standard output
    shown = cv("refs.bib", "--group", "none", "--to", "text")
    assert "2023\n" not in shown.out.splitlines()
    assert "On Trees" in shown.out
    assert (folder / "cv.md").read_bytes() == written


def test_own_sections_of_the_settings(cv: Run, folder: Path) -> None:
    (folder / "bibtool.toml").write_text(
        '[owner]\nnames = ["Bea Ash"]\n[[cv.sections]]\nheading = "Best"\nkeys = ["ash2021"]\n'
        '[[cv.sections]]\nheading = "Rest"\n',
        encoding="utf-8",
    )
    done = cv("refs.bib", "--to", "markdown")
    assert done.out.index("## Best") < done.out.index("On Trees") < done.out.index("## Rest")
    by_type = cv("refs.bib", "--to", "markdown", "--group", "type")
    assert "## Journal articles" in by_type.out


def test_selection_by_file_number_tag_and_condition(cv: Run, folder: Path) -> None:
    (folder / "best.txt").write_text("ash2021  # the best one\n\n", encoding="utf-8")
    base = ("refs.bib", "--owner", "Bea Ash", "--to", "text")
    for options in (("--selected", "best.txt"), ("--tag", "maps"), ("--where", "type==journal")):
        done = cv(*base, *options)
        assert "On Trees" in done.out, options
        assert "A Draft" not in done.out, options
    newest = cv(*base, "--selected", "1")
    assert "A Draft" in newest.out
    assert "On Trees" not in newest.out


def test_the_suffix_of_the_output_says_the_target(cv: Run, folder: Path) -> None:
    assert cv("refs.bib", "--owner", "Bea Ash", "-o", "cv.html").code == 0
    assert (folder / "cv.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    done = cv("refs.bib", "--owner", "Bea Ash", "-o", "cv.pdf")
    assert (done.code, (folder / "cv.pdf").exists()) == (2, False)
    assert "--to" in done.err


def test_an_empty_list_never_replaces_a_file(cv: Run, folder: Path) -> None:
    (folder / "cv.html").write_text("mine", encoding="utf-8")
    done = cv("refs.bib", "--owner", "Nobody Here", "-o", "cv.html")
    assert done.code == 1
    assert "cv.html was not changed" in done.err
    assert (folder / "cv.html").read_text(encoding="utf-8") == "mine"


@pytest.mark.slow
@pytest.mark.usefixtures("known_styles")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--to", "hmtl"), "did you mean 'html'"),
        (("--to", "hugo"), "-o FOLDER"),
        (("--where", "yaer>2020"), "did you mean 'year'"),
        (("--style", "appa"), "no style 'appa'"),
        (("--locale", "xx-YY"), "xx-YY"),
        (("--selected", "missing.txt"), "missing.txt"),
        (("--template", "missing.j2"), "missing.j2"),
        (("--watch", "--json"), "--watch"),
        (("--owner", "The Great Collaboration"), "collaboration"),
    ],
)
def test_wrong_calls_are_one_clear_line_before_any_file_is_read(
    cv: Run, folder: Path, arguments: tuple[str, ...], told: str
) -> None:
    (folder / "faults.bib").write_text("@article{a, title = {A}, issn = {1234-5678}}\n@misc{b, title", encoding="utf-8")
    done = cv("faults.bib", *(() if "--owner" in arguments else ("--owner", "Bea Ash")), *arguments)
    assert done.code in {1, 2}
    assert done.out == ""
    message, *hints = done.err.splitlines()
    assert message.startswith("bibtool: ")
    assert told.casefold() in done.err.casefold()
    assert all(hint.startswith("  ") for hint in hints), done.err


def test_a_wrong_owner_in_the_settings_is_an_error_with_their_path(cv: Run, folder: Path) -> None:
    (folder / "bibtool.toml").write_text('[owner]\nnames = ["Bea Ash"]\norcid = "0000-0002-1825-0098"\n')
    done = cv("refs.bib")
    assert done.code == 2
    assert "bibtool.toml:3: [owner]" in done.err
    assert "check digit" in done.err


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("to = 'htlm'", "cv.to: no target 'htlm'"),
        ("style = 'appa'", "cv.style: no style 'appa'"),
        ("locale = 'xx-YY'", "cv.locale: no locale 'xx-YY'"),
        ("where = 'yaer>2000'", "cv.where: no field 'yaer'"),
        ("where = 'year >'", "cv.where: "),
        ("sort = 'yaer'", "cv.sort: no field 'yaer'"),
        ("kinds = ['boook']", "cv.kinds: no kind 'boook'"),
        ("headings = { boook = 'B' }", "cv.headings: no kind 'boook'"),
        ("links = ['dio']", "cv.links: no link 'dio'"),
    ],
)
def test_a_wrong_setting_of_the_list_is_an_error_with_its_line(cv: Run, folder: Path, setting: str, told: str) -> None:
    (folder / "bibtool.toml").write_text(f"[owner]\nnames = ['Bea Ash']\n[cv]\n\n{setting}\n", encoding="utf-8")
    done = cv("refs.bib")
    assert (done.code, done.out, f"bibtool.toml:5: {told}" in done.err) == (2, "", True), done.err


def test_a_wrong_condition_of_a_section_is_an_error_with_its_line(cv: Run, folder: Path) -> None:
    sections = "[[cv.sections]]\nwhere = 'year>2000'\n\n[[cv.sections]]\nwhere = 'yaer>2000'\n"
    (folder / "bibtool.toml").write_text(sections, encoding="utf-8")
    done = cv("refs.bib", "--owner", "Bea Ash")
    assert (done.code, "bibtool.toml:5: cv.sections.where: no field 'yaer'" in done.err) == (2, True), done.err


def test_one_work_in_none_of_the_sections_is_one(cv: Run, folder: Path) -> None:
    (folder / "bibtool.toml").write_text("[[cv.sections]]\nwhere = 'year>9000'\n", encoding="utf-8")
    (folder / "one.bib").write_text("@misc{a, author = {Bea Ash}, title = {T}, year = 2020}\n", encoding="utf-8")
    done = cv("one.bib", "--owner", "Bea Ash")
    assert "warning: 1 work is in none of the sections and is left out: a [cv-no-section]" in done.err


def test_an_option_that_is_wrong_is_not_blamed_on_the_settings(cv: Run, folder: Path) -> None:
    (folder / "bibtool.toml").write_text("[cv]\nwhere = 'year>1000'\nsort = 'year'\n", encoding="utf-8")
    for option in (("--where", "yaer>1"), ("--sort", "yaer")):
        done = cv("refs.bib", "--owner", "Bea Ash", *option)
        assert (done.code, "bibtool.toml" in done.err, "no field 'yaer'" in done.err) == (2, False, True), done.err


def test_a_condition_is_one_on_its_own(cv: Run) -> None:
    done = cv("refs.bib", "--owner", "Bea Ash", "--where", "year >")
    assert (done.code, "at the end of 'year >'" in done.err) == (2, True), done.err
    assert cv("refs.bib", "--owner", "Bea Ash", "--where", "year>9000) or (year>1").code == 2


def test_what_the_owner_of_the_settings_leaves_out_is_not_told_in_every_run(cv: Run, folder: Path) -> None:
    (folder / "bibtool.toml").write_text('[owner]\nnames = ["Bea Ash"]\n', encoding="utf-8")
    assert "left out" not in cv("refs.bib").err
    assert "left out" in cv("refs.bib", "--owner", "Bea Ash").err


@pytest.mark.slow
def test_without_an_owner_the_likely_one_is_named(cv: Run, folder: Path) -> None:
    bib = "".join(f"@misc{{k{at}, author = {{Bea O'Ash and Author {at}}}, title = {{T{at}}}}}\n" for at in range(3))
    (folder / "hers.bib").write_text(bib, encoding="utf-8")
    done = cv("hers.bib")
    assert """use --owner 'Bea O'"'"'Ash' (an author of 3 of 3 works)""" in done.err
    assert cv("hers.bib", "--everyone").err == ""
    assert cv("hers.bib", "--quiet").err == ""


def test_json_says_what_is_listed_and_what_is_doubtful(cv: Run, folder: Path) -> None:
    (folder / "more.bib").write_text(
        "@misc{d, author = {Bea M. Ash}, title = {Perhaps}, year = 2019}", encoding="utf-8"
    )
    done = cv("refs.bib", "more.bib", "--owner", "Bea Ash", "--json")
    data = json.loads(done.out)
    assert done.code == 0
    assert cv("refs.bib", "more.bib", "--owner", "Bea Ash", "--json", "--strict").code == 1
    assert [one["code"] for one in data["problems"]] == ["cv-not-owner", "cv-doubtful-owner"]
    entries = [entry for section in data["list"]["sections"] for entry in section["entries"]]
    assert [entry["key"] for entry in entries] == ["ash2021", "ash2023", "d"]
    assert [author["owner"] for author in entries[1]["authors"]] == [False, True]


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_every_target_twice_gives_the_same_bytes(cv: Run, folder: Path, target: Target) -> None:
    (folder / "own.md.j2").write_text("{% for s in sections %}{{ s.heading }}\n{% endfor %}", encoding="utf-8")
    extra = ("--template", "own.md.j2") if target.name == "template" else ()
    out = folder / ("out" + (target.suffix or ""))
    seen = []
    for _ in range(2):
        done = cv("refs.bib", "--owner", "Bea Ash", "--summary", "--to", target.name, "-o", str(out), *extra)
        assert done.code == 0, done.err
        files = [out] if out.is_file() else sorted(path for path in out.rglob("*") if path.is_file())
        seen.append({path.name: path.read_bytes() for path in files})
        assert all(seen[-1].values())
    assert seen[0] == seen[1]
    assert "up to date" in done.err


@pytest.mark.slow
def test_from_the_library(cv: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "--library", "lib.sqlite", "import", "refs.bib").code == 0
    done = cv("--library", "lib.sqlite", "--owner", "Bea Ash", "--to", "text")
    assert "On Trees" in done.out


@pytest.mark.slow
def test_a_list_needs_no_network_code(folder: Path) -> None:
    code = (
        "import sys; from bibtool.cli.main import run; "
        "run(['cv', 'refs.bib', '--owner', 'Bea Ash', '-o', 'cv.html']); "
        "print(sorted({'requests', 'urllib3', 'jinja2', 'docx', 'rich', 'pybtex', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_as_a_process_it_writes_bytes_to_a_pipe(folder: Path) -> None:
    done = process("cv", "refs.bib", "--owner", "Bea Ash", "--to", "html", "--fragment", cwd=folder)
    assert done.code == 0
    assert b"<b>Ash, B.</b>" in done.data
    assert b"<html" not in done.data
