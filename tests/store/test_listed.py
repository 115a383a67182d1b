"""The line of a list, taken from the stored data: that of the record, whatever the record has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.errors import LibraryDamagedError
from bibtool.formats.base import ReadOptions
from bibtool.formats.bibtex.reader import read
from bibtool.model.dates import Date, DateParts
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Name, Names
from bibtool.model.record import Arxiv, Record
from bibtool.model.richtext import Text, parse_markup
from bibtool.store.base import Library
from bibtool.store.lines import line_of, listed, listed_by
from bibtool.store.listed import listed_in
from bibtool.store.opening import open_library
from bibtool.store.rows import to_json
from tests.support.systems import posix

ROE, DOE = Name(family="Roe", given="Jo"), Name(literal="Doe Group")


def record(**values: Any) -> Record:
    return Record(key="k", type="book", variables={name.replace("_", "-"): value for name, value in values.items()})


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (record(), ("k", "", "", "(no title)", "")),
        (record(title="A title", DOI="10.1234/x"), ("k", "", "", "A title", "10.1234/x")),
        (record(title="AT&T", issued=Date.parse("2020-03")), ("k", "2020", "", "AT&T", "")),
        (record(issued=Date(end=DateParts(1999))), ("k", "1999", "", "(no title)", "")),
        (record(issued=Date.parse("spring of 1987")), ("k", "1987", "", "(no title)", "")),
        (record(issued=Date.parse("forthcoming")), ("k", "", "", "(no title)", "")),
        (record(issued=0), ("k", "", "", "(no title)", "")),
        (record(author=Names((ROE, DOE))), ("k", "", "Roe, Doe Group", "(no title)", "")),
        (record(author=Names((ROE,) * 4)), ("k", "", "Roe, Roe, Roe et al.", "(no title)", "")),
        (record(author=Names((ROE,), truncated=True)), ("k", "", "Roe et al.", "(no title)", "")),
        (record(author=Names((), truncated=True), editor="Poe, A"), ("k", "", " et al.", "(no title)", "")),
        (record(editor=Names((DOE, ROE), marks=("alphabetical",))), ("k", "", "Doe Group, Roe", "(no title)", "")),
        (record(author=Names((Name(given="Jo"),)), editor="Poe, A"), ("k", "", "", "(no title)", "")),
    ],
)
def test_the_line_of_a_record(made: Record, line: tuple[str, ...]) -> None:
    assert listed(made) == line
    assert listed_by("k", line_of(made)) == line
    assert listed_in(to_json(made), "x") == line


def test_an_arxiv_id_comes_before_a_doi() -> None:
    for arxiv, wanted in ((Arxiv(id=ArxivId("2203.01360", 2)), "2203.01360"), (Arxiv(comment="10 pages"), "10.1234/x")):
        made = Record(key="k", type="article", variables={"DOI": "10.1234/x"}, arxiv=arxiv)
        assert listed(made)[4] == listed_in(to_json(made), "x")[4] == wanted


@pytest.mark.parametrize(
    "title", ["a <i>b</i> c", 'a <span class="nocase">B</span>', "x < y", "&lt;b&gt;", "AT&amp;T", "$x^2$ and &#36;"]
)
def test_a_title_is_shown_without_its_markup(title: str) -> None:
    data = json.dumps({"key": "k", "type": "book", "variables": {"title": {"text": title}}})
    made = Record(key="k", type="book", variables={"title": title})
    assert listed_in(to_json(made), "x") == listed(made)
    assert "<i>" not in listed_in(data, "x")[3]
    assert "amp;" not in listed_in(data, "x")[3]


def test_the_lines_of_a_bibliography(shared: Path) -> None:
    records = read((shared / "corpus" / "dblp-1k.bib").read_bytes(), ReadOptions()).records
    lines = [listed(one) for one in records]
    assert [listed_in(to_json(one), "x") for one in records] == lines
    assert [listed_by(one.key, line_of(one)) for one in records] == lines


@given(st.text("a \t\0\ud800<\u00e9\U0001d538", max_size=6), st.text("a\t\udfff", max_size=3))
def test_a_line_says_what_the_record_does_or_nothing(title: str, family: str) -> None:
    made = record(title=Text.of(title), author=Names((Name(literal=family or "x"),)))
    line = line_of(made)
    line.encode()
    assert "\0" not in line
    assert listed_by("k", line) == (listed(made) if line else None)
    assert bool(line) or not set("\t\0\ud800\udfff").isdisjoint(title + family)


def test_lists_are_those_of_the_records_whatever_was_done_to_them(library: Library) -> None:
    titles = {"a": "On trees", "b": "With\ta tab", "c": "Half \ud835 a pair", "d": ""}
    library.add([Record(key=key, type="book", variables={"title": Text.of(title)}) for key, title in titles.items()])

    def agree() -> bool:
        return list(library.listed()) == [listed(one) for one in library.records()]

    assert agree()
    with library.change("edit") as change:
        change.put(Record(key="a", type="book", variables={"title": Text.of("On graphs"), "issued": Date.of(2020)}))
        change.rename("d", "e")
        change.remove("c")
    assert agree()
    assert next(library.listed()) == ("a", "2020", "", "On graphs", "")
    library.undo()
    assert agree()
    assert next(library.listed("trees"))[3] == "On trees"


@pytest.mark.parametrize(
    "variables",
    [
        {"title": {"verbatim": "V"}},  # of a kind that the variable never has: a leftover
        {"title": {"text": "T", "more": 1}},
        {"DOI": {"text": "10.1234/x"}},
        {"issued": {"date": {"literal": "1987"}}},
    ],
)
def test_what_is_stored_in_another_way_reads_as_the_record_does(variables: dict[str, Any]) -> None:
    from bibtool.store.rows import from_json

    data = json.dumps({"key": "k", "type": "book", "variables": variables})
    assert listed_in(data, "x") == listed(from_json(data, "x"))


@pytest.mark.parametrize(
    "data", ["", "{}", "[1]", '{"key": 1, "type": "book", "variables": []}', '{"key": "k", "variables": {"title": 3}}']
)
def test_what_is_no_record_is_damage(data: str) -> None:
    with pytest.raises(LibraryDamagedError, match="can't be understood"):
        listed_in(data, "x.sqlite")


def test_all_records_and_those_that_a_search_finds(tmp_path: Path) -> None:
    with open_library(tmp_path / "l.sqlite") as library:
        titles = {"b": "Galerkin schemes", "a": "On trees", "c": "Schemes without Galerkin"}
        library.add([Record(key=key, type="book", variables={"title": title}) for key, title in titles.items()])
        assert [line[0] for line in library.listed()] == ["a", "b", "c"]
        assert [line[0] for line in library.listed("galerkin")] == [one.key for one in library.search("galerkin")]
        assert len(list(library.listed("galerkin", limit=1))) == len(list(library.listed(limit=1))) == 1
        assert list(library.listed("")) == []


@posix
def test_a_search_loads_nothing_that_makes_records(tmp_path: Path) -> None:
    path = tmp_path / "bibtool" / "library.sqlite"
    with open_library(path) as library:
        library.add(Record(key="k", type="book", variables={"title": "A galerkin scheme", "author": "Roe, Jo"}))
    always = ["bibtool.cli.library", "bibtool.model.record", "bibtool.model.richtext", "bibtool.model.text.texsymbols"]
    always += ["json", "bibtool.store.base", "bibtool.store.rows", "bibtool.store.migrations", "textwrap", "tomllib"]
    always += ["click", "typing"]
    named = ["pathlib", "platformdirs", "re", "urllib.parse"]  # what finds the user's own folders needs these
    for place, heavy in (
        ({"BIBTOOL_LIBRARY": str(path)}, [*always, *named]),
        ({"XDG_DATA_HOME": str(tmp_path)}, always),
    ):
        code = (
            "import sys; from bibtool.cli.main import run; before = set(sys.modules); run(['search', 'galerkin']); "
            f"print(*(name for name in {heavy} if name in set(sys.modules) - before))"
        )
        environment = {**os.environ, "BIBTOOL_LIBRARY": "", **place}
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
        assert done.stdout == "k\t\tRoe\tA galerkin scheme\t\n\n"


@posix
def test_showing_a_record_loads_nothing_that_merges_records(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with open_library(path) as library:
        library.add(Record(key="k", type="book", variables={"title": "A scheme", "DOI": "10.1234/x"}))
    code = (
        "import sys; from bibtool.cli.main import run; before = set(sys.modules); run(['show', 'k']); "
        "print({'bibtool.model.works', 'shutil', 'urllib.parse'} & (set(sys.modules) - before))"
    )
    environment = {**os.environ, "BIBTOOL_LIBRARY": str(path)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "A scheme\nk (book)\nDOI  10.1234/x\nset()\n"


PIECES = ['<span class="nocase">', "</span>", "<i>", "<", "&amp;", "&", ";", "$", "x", " ", "a &lt; b"]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_the_characters_of_a_title_with_markup(title: str) -> None:
    """Most titles with markup are read without the module for it, with the same result."""
    data = {"key": "k", "type": "book", "variables": {"title": {"text": title}}}
    plain = parse_markup(title).plain()
    assert listed_in(json.dumps(data), "")[3] == (plain or "(no title)")
