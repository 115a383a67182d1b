"""Every help text and the typical errors, as people see them: fixtures/cli/.

Run with ``BIBTOOL_REWRITE_GOLDEN=1`` after a change, and read the difference as a reader of the help would.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest

from bibtool.cli.commands import COMMANDS, SECTIONS
from tests.cli.runner import call
from tests.support.golden import expected

if TYPE_CHECKING:
    from pathlib import Path

WIDTH = 80
GOOD = """@article{ash2020,
  author  = {Ash, Bea},
  title   = {Trees},
  journal = {Journal of Trees},
  year    = {2020},
}
"""
FILES = {
    "refs.bib": GOOD,
    "broken.bib": GOOD + "@misc{cut,\n  title = {Never closed\n",
    "doubtful.bib": GOOD.replace("{2020},", "{2020},\n  issn    = {1234-5678},"),
    "empty.bib": "",
    "notes.txt": "Nothing here is a bibliography.\n",
    "bad.toml": "[refs]\ndocumets = ['paper.tex']\n",
    "worse.toml": "style = \n",
    "paper.tex": "\\cite{ash2020} and \\cite{ash2O2O}\n",
    "bad.csl": "<style",
}

# what people get wrong, by topic; each call is run in a folder with FILES
ERRORS: dict[str, list[str]] = {
    "Commands and options": [
        "bibtool lint refs.bib",
        "bibtool exprot",
        "bibtool refs.bib",
        "bibtool import help",
        "bibtool --nonsense",
        "bibtool list --filter year=2020",
        "bibtool list --sort",
        "bibtool cv refs.bib --group month",
        "bibtool styles --limit 0",
        "bibtool show",
        "bibtool completion tcsh",
        "bibtool -s refs.bib",
    ],
    "Files": [
        "bibtool import nosuch.bib",
        "bibtool import notes.txt",
        "bibtool import notes.txt --from bibtex",
        "bibtool import empty.bib",
        "bibtool import broken.bib",
        "bibtool import doubtful.bib",
        "bibtool -q import doubtful.bib",
        "bibtool --strict -q import doubtful.bib",
        "bibtool check nosuch.bib",
        "bibtool fmt nosuch.bib",
        "bibtool diff refs.bib nosuch.bib",
        "bibtool convert refs.bib --to csl-json -o no/such/folder/refs.json",
        "bibtool cited nosuch.tex",
        "bibtool cited --bib refs.bib paper.tex",
    ],
    "Formats, styles and languages": [
        "bibtool convert refs.bib",
        "bibtool convert refs.bib -o refs.xyz",
        "bibtool convert refs.bib --style apa",
        "bibtool convert refs.bib --to bibtx",
        "bibtool convert refs.bib --to listing",
        "bibtool convert broken.bib --to text --style ieeee",
        "bibtool convert broken.bib --to csl-json --style ieee",
        "bibtool convert refs.bib --to text --style bad.csl",
        "bibtool convert refs.bib --to text --locale xx-YY",
        "bibtool cv refs.bib --to docs",
        "bibtool cv refs.bib --to hugo",
    ],
    "Library": [
        "bibtool --library nosuch.sqlite list",
        "bibtool --library nosuch.sqlite enrich",
        "bibtool --library refs.bib list",
        "bibtool --library filled.sqlite show ash202",
        "bibtool --library filled.sqlite list --where yaer>2000",
        "bibtool --library filled.sqlite edit ash2020 title",
        "bibtool --library filled.sqlite edit ash2020 titel=Trees",
        "bibtool --library filled.sqlite undo && bibtool --library filled.sqlite undo",
        "bibtool --library filled.sqlite redo && bibtool --library filled.sqlite redo",
    ],
    "Settings": [
        "bibtool --config nosuch.toml list",
        "bibtool --config bad.toml list",
        "bibtool --config worse.toml list",
    ],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    return tmp_path


@pytest.mark.parametrize("name", ["bibtool", *COMMANDS])
def test_help(name: str, fixtures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    done = call(monkeypatch, *([name] if name in COMMANDS else []), "--help")
    assert (done.code, done.err) == (0, "")
    assert done.data == expected(fixtures / "cli" / "help" / f"{name}.txt", done.data)
    assert "\b" not in done.out
    assert re.search(r"^  (Examples|Set it up.*):\n    \S", done.out, re.MULTILINE), "no examples"
    prose = done.out.partition("Show this message and exit.")[0]
    assert max(map(len, prose.splitlines())) <= WIDTH
    assert "\\b" not in done.out


def test_no_help_is_left_over(fixtures: Path) -> None:
    assert {path.stem for path in (fixtures / "cli" / "help").iterdir()} == {"bibtool", *COMMANDS}


def test_the_line_of_a_command_fits_beside_its_name() -> None:
    width = max(map(len, COMMANDS))
    for section in SECTIONS.values():
        for name, (_, line) in section.items():
            assert len(line) <= WIDTH - width - 6, name
            assert line.endswith("."), name


@pytest.mark.slow
def test_errors(fixtures: Path, folder: Path, known_styles: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "--library", "filled.sqlite", "import", "refs.bib").code == 0
    shown: list[str] = []
    for topic, lines in ERRORS.items():
        shown.append(f"# {topic}\n\n")
        for line in lines:
            shown.append(f"$ {line}\n")
            for words in line.split(" && "):
                done = call(monkeypatch, *shlex.split(words)[1:])
                assert done.code != 3, done.err
                shown.append(done.out + done.err)
            shown.append(f"[{done.code}]\n\n")
    text = "".join(shown).replace(str(folder), "FOLDER").replace(str(folder.home()), "HOME")
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME", text)
    assert text.encode() == expected(fixtures / "cli" / "errors.txt", text.encode())
    assert "bibtool: Traceback" not in text
