"""How people see records: `list` and `show` on terminals of several widths, and the hints of conditions and edits."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.cli.tables import printable, record_lines, tabbed, two_lines
from bibtool.formats.registry import read_bytes
from bibtool.model.query import parse_where, softened
from bibtool.model.record import Record
from tests.cli.runner import Outcome, call
from tests.support.golden import expected

CELL = st.text("ab \t\n\u00a0\x1b\u200b\u00e9", max_size=4)


@given(st.tuples(CELL, CELL, CELL, CELL, CELL))
def test_a_line_in_a_pipe_has_cells_with_single_spaces_that_can_be_printed(row: tuple[str, str, str, str, str]) -> None:
    assert tabbed(row) == "\t".join(printable(" ".join(cell.split())) for cell in row)


FIXTURES = Path(__file__).parents[2] / "fixtures" / "cli"
BIB = rb"""@misc{bechlerspeicher2026lost, title = {Lost in Tokenization: Fundamental Trade-offs in Graph Tokenization
  for Transformers}, author = {Ash, Bea and Lind, Bo and Roe, Ann and Doe, Jo}, year = {2026}, month = may, day = 21,
  eprint = {2605.22471}, archivePrefix = {arXiv}, primaryClass = {cs.LG}, abstract = {Every sentence of this abstract
  is here to be folded at the edge of the screen, and none of its words is broken, not even he2016deep.}}
@article{ash2024trees, title = {On Trees}, author = {Ash, Bea}, journal = {Annals of Trees}, volume = 12, number = 3,
  pages = {45--67}, year = 2024, doi = {10.1000/trees}, keywords = {trees}, ids = {ash2023trees}}
@inproceedings{lind2023leaves, title = {Leaves}, author = {Lind, Bo and others}, editor = {Roe, Ann}, year = 2023,
  booktitle = {Proceedings of the Conference on Leaves}, series = {Lecture Notes in Leaves}, volume = 7}
@misc{nothing}
"""


@pytest.fixture
def bib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BIBTOOL_LIBRARY", str(tmp_path / "library.sqlite"))
    Path("refs.bib").write_bytes(BIB)
    assert call(monkeypatch, "import", "refs.bib").code == 0
    return monkeypatch


def records() -> list[Record]:
    return list(read_bytes(BIB, "bibtex").records)


def on_terminal(monkeypatch: pytest.MonkeyPatch, width: int, *arguments: str) -> Outcome:
    """The outcome of a call whose output is a terminal of that width, without colours."""
    with monkeypatch.context() as patched:
        patched.setattr("tests.cli.runner._Stream.isatty", lambda _self: True)
        patched.setattr("shutil.get_terminal_size", lambda *_: os.terminal_size((width, 24)))
        patched.setenv("COLUMNS", str(width))
        patched.setenv("NO_COLOR", "1")
        return call(monkeypatch, *arguments)


@pytest.mark.slow
@pytest.mark.parametrize("width", [40, 60, 100, 140])
def test_list_fits_the_terminal(bib: pytest.MonkeyPatch, width: int) -> None:
    out = on_terminal(bib, width, "list", "--sort", "key").out
    lines = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", out).splitlines()]
    assert max(map(len, lines)) <= width
    if width < 90:
        assert len(lines) == 2 * 4
    text = "\n".join(lines) + "\n"
    assert text == expected(FIXTURES / f"list-{width}.txt", text.encode()).decode()


@pytest.mark.slow
@pytest.mark.parametrize("width", range(70, 130, 7))
def test_a_table_cuts_no_identifier(bib: pytest.MonkeyPatch, width: int) -> None:
    """Where the columns have no room, a record takes two lines instead."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", on_terminal(bib, width, "list").out).splitlines()
    numbers = [str(record.arxiv.id.number) for record in records() if record.arxiv and record.arxiv.id]
    assert numbers
    if lines[0].startswith("key"):
        assert all(any(line.rstrip().endswith(f" {number}") for line in lines) for number in numbers)
    else:
        assert len(lines) == 2 * 4


def test_show_reads_as_a_person_reads(bib: pytest.MonkeyPatch) -> None:
    out = on_terminal(bib, 72, "show", "bechlerspeicher2026lost", "ash2024trees", "lind2023leaves", "nothing").out
    plain = re.sub(r"\x1b\[[0-9;]*m", "", out)
    assert max(map(len, plain.splitlines())) <= 72
    assert plain == expected(FIXTURES / "show.txt", plain.encode()).decode()
    verbose = on_terminal(bib, 72, "show", "--verbose", "bechlerspeicher2026lost").out
    assert "he2016deep" in verbose
    assert "preprint" in verbose.splitlines()[1]


def test_show_in_a_pipe_is_one_line_a_value(bib: pytest.MonkeyPatch) -> None:
    lines = call(bib, "show", "bechlerspeicher2026lost").out.splitlines()
    assert any(line.startswith("abstract") and line.endswith("he2016deep.") for line in lines)


def test_colours_and_control_characters() -> None:
    (first, *_) = records()
    lines = list(record_lines(first, width=80, colour=True))
    assert "\x1b[1m" in lines[0]
    evil = Record("k", "book", title="A\x1b[31mB")
    assert "\x1b" not in "".join(record_lines(evil, width=80, colour=False))
    row = ("a-key-that-is-wider-than-the-screen", "2020", "Ash", "Title \x1b", "")
    assert list(two_lines(row, 20, colour=False)) == [row[0], "  Title \N{REPLACEMENT CHARACTER}"]


def test_words_where_keys_or_conditions_are_wanted(bib: pytest.MonkeyPatch) -> None:
    done = call(bib, "list", "lattice")
    assert done.code == 2
    assert "`bibtool search lattice` searches titles" in done.err
    done = call(bib, "list", "--where", "lattice")
    assert (done.code, "`bibtool search lattice`" in done.err, "title~lattice" in done.err) == (2, True, True)
    done = call(bib, "list", "--where", "author=Ash")
    assert (done.code, done.out) == (0, "")
    assert done.err == (
        "`=` asks for the whole value, `~` for a part of it: --where 'author~Ash' has 2\nno matching records\n"
    )
    assert call(bib, "list", "--where", "author=Nobody").err == "no matching records\n"


@pytest.mark.parametrize(
    ("condition", "other"),
    [
        ("author=Bruna", "author~Bruna"),
        ("year>=2020 and (author == 'Bruna' or title=x)", "year>=2020 and (author ~ 'Bruna' or title~x)"),
        ("name==Roe", "name~Roe"),
        ("year=2020", ""),
        ("doi", ""),
        ("author~x", ""),
        ("type==preprint", ""),
    ],
)
def test_a_softer_condition(condition: str, other: str) -> None:
    assert softened(condition) == other
    parse_where(other or condition)


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        (["year=2022"], "issued  2022"),
        (["month=March", "year=2022"], "issued  2022-03"),
        (["journal=J. Leaves", "pages=1-9"], "page             1-9"),
        (["eprint=2203.01360"], "arxiv.id  2203.01360"),
        (["type=conference"], "type  paper-conference"),
        (["series=Leaves", "address=Paris"], "publisher-place   Paris"),
    ],
)
def test_fields_by_the_names_that_people_type(bib: pytest.MonkeyPatch, changes: list[str], shown: str) -> None:
    done = call(bib, "edit", "nothing", *changes)
    assert done.code == 0, done.err
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert any(line.startswith("+ " + " ".join(shown.split())) for line in lines), done.out


@pytest.mark.slow
def test_undo_and_redo_say_what_they_did(bib: pytest.MonkeyPatch) -> None:
    assert call(bib, "undo").err.startswith("Undid: import refs.bib (4 added; ")
    assert call(bib, "redo").err.startswith("Redid: import refs.bib (4 added; ")
    assert call(bib, "redo").err == "nothing to redo\n"
    bib.setenv("BIBTOOL_LIBRARY", "none.sqlite")
    done = call(bib, "list")
    assert done.err.splitlines() == ["bibtool: no library at none.sqlite yet", "  `bibtool import FILE` creates it"]


def test_the_page_on_conditions_names_every_field_of_ours_and_its_examples_are_conditions() -> None:
    from bibtool.model import query
    from bibtool.model.values import SYNONYMS

    page = (Path(__file__).parents[2] / "docs" / "reference" / "conditions.md").read_text(encoding="utf-8")
    for name in (*query._OWN, *SYNONYMS):
        assert f"`{name}`" in page, name
    examples = re.findall(r"--where '([^']+)'", page) + re.findall(r"(?m)^\| `([^`]+)` \|", page)
    assert len(examples) > 10
    for condition in examples:
        parse_where(condition)


@pytest.mark.parametrize("arguments", [("styles", "ieee"), ("formats",)])
def test_names_in_lists_have_a_colour_on_a_terminal_only(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "\x1b" not in call(monkeypatch, *arguments).out
    assert "\x1b" not in on_terminal(monkeypatch, 80, *arguments).out  # which sets NO_COLOR
    monkeypatch.setattr("tests.cli.runner._Stream.isatty", lambda _self: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert call(monkeypatch, *arguments).out.startswith("\x1b[36m")
