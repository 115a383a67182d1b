"""Data annotations of name fields: read as marks and ORCID iDs, written back, and taken by the real programs."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from bibtool.bib.document import Document
from bibtool.check.engine import check
from bibtool.check.settings import CheckSettings
from bibtool.check.source import CheckedFile
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.formats.bibtex.reader import read, read_biblatex
from bibtool.formats.bibtex.tidy.options import TidyOptions
from bibtool.formats.bibtex.tidy.run import tidy
from bibtool.formats.bibtex.writer import write_biblatex, write_bibtex
from bibtool.model.names import Names
from bibtool.model.record import Leftover, Record
from tests.formats.bibtex.test_dedupe import field, merged
from tests.property import strategies as own

CARBERRY, OTHER = "0000-0002-1825-0097", "0000-0001-5109-3700"
DIALECTS = {"bibtex": (read, write_bibtex), "biblatex": (read_biblatex, write_biblatex)}
both = pytest.mark.parametrize("dialect", DIALECTS)
LISTS = f"""\
  author          = {{Ash, Bea and Bell, Cy and others}},
  author+an       = {{1=equal; 2=equal, corresponding; =alphabetical}},
  author+an:orcid = {{1="{CARBERRY}"}},
  editor          = {{Cole, Dan}},
  editor+an:orcid = {{1="{OTHER}"}},
"""


def one(fields: str) -> Record:
    return read(f"@incollection{{k,\n{fields}}}\n".encode(), ReadOptions()).records[0]


@both
def test_marks_and_orcid_ids_are_read_and_written_as_they_stood(dialect: str) -> None:
    reader, write = DIALECTS[dialect]
    text = f"@incollection{{k,\n{LISTS}  title           = {{T}},\n}}\n"
    result = reader(text.encode(), ReadOptions())
    assert result.problems == ()
    record = result.records[0]
    names = record.names("author")
    assert [(name.family, name.marks, name.orcid) for name in names] == [
        ("Ash", ("equal",), CARBERRY),
        ("Bell", ("equal", "corresponding"), ""),
    ]
    assert (names.marks, names.truncated) == (("alphabetical",), True)
    assert record.names("editor")[0].orcid == OTHER
    assert record.leftovers == ()
    assert write([record], WriteOptions()).data.decode() == text


def test_other_ways_to_write_the_same() -> None:
    record = one(f"""
      AUTHOR+AN:Default = {{2=student;}}, AUTHOR+an:ORCID = {{1={CARBERRY}; 2 = "{OTHER}"}}, author = {{A B and C D}},
      editor+an:orcid = {{1="https://orcid.org/{CARBERRY}"}}, editor = "E F",
    """)
    assert record.names("author")[1].marks == ("student",)
    assert record.names("editor")[0].orcid == CARBERRY
    # a blank before "=" makes it the name of a part to biber
    assert [left.name for left in record.leftovers] == ["author+an:orcid"]


@pytest.mark.parametrize(
    "annotation",
    [
        "author+an = {1:family=student; 2=equal}",
        'author+an = {1="a literal"}',
        "author+an = {3=equal}",
        "author+an = {1=equal; 1=student}",
        "author+an = {2=Not Ours}",
        'author+an:french = {1="le premier"}',
        'author+an:orcid = {1="0000-0002-1825-0098"}',
        "translator+an = {1=equal}",
        'title+an = {="of a title"}',
        "editora+an = {1=equal}",
    ],
)
@both
def test_what_is_not_understood_as_a_whole_stays_as_it_is(dialect: str, annotation: str) -> None:
    reader, write = DIALECTS[dialect]
    name, _, value = annotation.partition(" = ")
    text = f"@article{{k, author = {{A B and C D}}, {annotation}, editora = {{E F}}, title = {{T}}, timestamp = {{x}}}}"
    record = reader(text.encode(), ReadOptions()).records[0]
    assert record.names("author") == Names(tuple(replace(n, marks=(), orcid="") for n in record.names("author")))
    assert Leftover("bibtex", name, value[1:-1]) in record.leftovers
    written = write([record], WriteOptions()).data
    document = Document.from_bytes(written)
    assert document.entries[0].get(name) == value[1:-1]
    again = reader(written, ReadOptions()).records[0]
    assert (again.variables, again.leftovers) == (record.variables, record.leftovers)


def test_what_is_wrong_is_said_and_what_is_anothers_is_not() -> None:
    text = """@article{k, author = {A B}, author+an = {2=equal}, author+an:orcid = {1="0000-0002-1825-0098"},
      author+an:french = {1="x"}, title = {T}, editor = {C D}, editor+an = {1:given=x}}"""
    problems = read(text.encode(), ReadOptions()).problems
    assert [(p.code, p.key, p.position.line) for p in problems] == [
        ("annotation-beyond-names", "k", 1),
        ("malformed-orcid", "k", 1),
    ]


def test_a_second_annotation_of_one_kind_is_kept_beside_the_first() -> None:
    record = one("author = {A B}, author+an = {1=equal}, author+an:default = {1=student}")
    assert record.names("author")[0].marks == ("equal",)
    assert record.leftovers == (Leftover("bibtex", "author+an:default", "1=student"),)


def test_an_annotation_is_inherited_with_its_field_or_not_at_all() -> None:
    text = """
      @inbook{child, author = {Own, Ann}, title = {T}, crossref = {parent}}
      @incollection{other, author = {Own, Ann}, title = {T}, crossref = {volume}}
      @book{parent, author = {Ash, Bea}, author+an = {1=equal}, title = {B}}
      @collection{volume, editor = {Cole, Dan}, editor+an = {1=student}, author = {X Y}, author+an = {1=equal}}
    """
    child, other = read(text.encode(), ReadOptions()).records[:2]
    assert child.names("author")[0].marks == ()
    assert child.names("container-author")[0].marks == ("equal",)
    assert other.names("editor")[0].marks == ("student",)
    assert other.names("author")[0].marks == ()
    assert other.leftovers == (Leftover("bibtex", "crossref", "volume"),)


# -- duplicates ------------------------------------------------------------------------------------------------------

HEAD = "title = {Moments of branching walks}, year = 2011"


def test_duplicates_complete_the_marks_of_their_people() -> None:
    result = merged(
        f"@article{{one, author = {{Ortega, Lia and Roe, Sam}}, author+an = {{1=equal}}, {HEAD}}}\n"
        f"@article{{two, author = {{L. Ortega and S. Roe}}, author+an = {{2=student}}, "
        f'author+an:orcid = {{2="{OTHER}"}}, '
        f"doi = {{10.5555/m}}, {HEAD}}}\n",
        key="one",
    )
    assert field(result, "one", "author+an") == "1=equal; 2=student"
    assert field(result, "one", "author+an:orcid") == f'2="{OTHER}"'


def test_marks_of_another_list_go_to_the_right_people_or_are_told() -> None:
    result = merged(
        f"@article{{one, author = {{Ortega, Lia and Roe, Sam}}, doi = {{10.5555/m}}, {HEAD}}}\n"
        f"@article{{two, author = {{Roe, Sam and Ortega, Lia}}, author+an = {{1=student}}, author+an:x = {{1=y}}, "
        f"doi = {{10.5555/m}}, {HEAD}}}\n",
        key="one",
    )
    assert field(result, "one", "author") == "Ortega, Lia and Roe, Sam"
    assert field(result, "one", "author+an") == "2=student"
    assert field(result, "one", "author+an:x") is None
    assert ("author+an:x", "1=y") in {(d.field, d.other) for d in result.differences}


def test_two_orcid_ids_are_told() -> None:
    entry = '@article{{{key}, author = {{Ortega, Lia}}, author+an:orcid = {{1="{orcid}"}}, {head}}}\n'
    text = entry.format(key="one", orcid=CARBERRY, head=HEAD) + entry.format(key="two", orcid=OTHER, head=HEAD)
    result = merged(text, key="one")
    assert field(result, "one", "author+an:orcid") == f'1="{CARBERRY}"'
    assert [(d.field, d.kept, d.other) for d in result.differences] == [
        ("author+an:orcid", f"Lia Ortega {CARBERRY}", f"Lia Ortega {OTHER}")
    ]


# -- other programs --------------------------------------------------------------------------------------------------

TEXT = f"@incollection{{k,\n{LISTS}  title = {{T}}, booktitle = {{B}}, publisher = {{P}}, year = {{2020}},\n}}\n"


def test_sorted_fields_keep_an_annotation_behind_its_field() -> None:
    text = f'@book{{k, year = 2020, author+an:orcid = {{1="{CARBERRY}"}}, title = {{T}}, author = {{A B}}}}'
    document = Document.from_bytes(tidy(text.encode(), TidyOptions(sort_fields=("default",))).data)
    assert [name for name, _ in document.entries[0].items()] == ["title", "author", "author+an:orcid", "year"]


def test_no_rule_complains() -> None:
    text = TEXT.replace(" and others", "")
    assert list(check([CheckedFile.from_bytes(text.encode(), "x.bib")], CheckSettings(select=("ALL",)))) == []


@pytest.mark.slow
@given(own.name_lists(own.simple_names, truncated=False))
@settings(max_examples=25, deadline=None)
def test_pybtex_reads_the_fields_as_they_are(names: Names) -> None:
    from pybtex.database import parse_string

    from bibtool.model.marks import write_marks, write_orcids

    data = write_bibtex([Record(key="k", type="book", variables={"author": names})], WriteOptions()).data
    entry = parse_string(data.decode(), "bibtex").entries["k"]
    assert entry.fields.get("author+an", "") == write_marks(names)
    assert entry.fields.get("author+an:orcid", "") == write_orcids(names)
    assert len(entry.persons["author"]) == len(names)


def run(folder: Path, *command: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.slow
def test_bibtex_passes_over_them(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_bytes(write_bibtex([one(LISTS + TEXT.partition(LISTS)[2][:-2])], WriteOptions()).data)
    (tmp_path / "x.aux").write_text("\\citation{*}\n\\bibstyle{plain}\n\\bibdata{refs}\n", encoding="ascii")
    assert "arning" not in run(tmp_path, "bibtex", "x")
    bbl = (tmp_path / "x.bbl").read_text(encoding="utf-8")
    assert "Bea Ash, Cy~Bell" in bbl or "Bea Ash, Cy Bell" in bbl
    assert "equal" not in bbl


@pytest.mark.slow
def test_biber_hands_them_to_the_style(tmp_path: Path) -> None:
    record = one(LISTS + TEXT.partition(LISTS)[2][:-2])
    (tmp_path / "refs.bib").write_bytes(write_biblatex([record], WriteOptions()).data)
    said = run(tmp_path, "biber", "--tool", "--validate-datamodel", "--output-file=out.bib", "refs.bib")
    assert "WARN" not in said
    assert "ERROR" not in said
    again = read_biblatex((tmp_path / "out.bib").read_bytes(), ReadOptions()).records[0]
    assert again.names("author") == record.names("author")
    assert again.names("editor") == record.names("editor")
