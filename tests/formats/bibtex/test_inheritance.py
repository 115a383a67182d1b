"""What entries have from others: crossref and xdata, in whole and in part, found by key, alias and in any case."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from bibtool.bib.entrytext import granular_reference, parents_of
from bibtool.formats.registry import read_bytes, write_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from bibtool.model.record import Record

_PERSON = "@xdata{p, author={Real, Ada and Other, Bo}, publisher={One and Two}, title={Shared title}, note={N}}\n"
_CORPUS = """
@mvbook{mv, author={Main, Ann}, title={Collected Works}, date={1970/1980}, publisher={P}}
@inbook{mvpart, crossref={mv}, title={Play}, volume={3}}
@inbook{mvother, crossref={mv}, author={Part, Al}, title={Preface}}
@bookinbook{bib, crossref={bk}, title={Tale}}
@suppbook{supp, crossref={bk}, title={Foreword}, author={Fore, F.}}
@book{bk, author={Auth, Olga}, title={The Book}, subtitle={Sub}, date={2001}, publisher={P}, ids={bkalias, bk2}}
@inbook{viaalias, crossref={bkalias}, title={Part two}}
@incollection{coll, crossref={co}, author={Con, Tri}, title={Essay}}
@collection{co, title={Essays}, editor={Ed, Ira}, date={1999}}
@inproceedings{paper, crossref={pr}, author={Con, Tri}, title={Paper}}
@proceedings{pr, title={Proc}, editor={Ed, Ira}, date={2006}}
@xdata{pers, author={Real, Ada and Other, Bo}, publisher={One and Two}, title={Shared title}, date={2005}}
@book{whole, xdata={pers}}
@book{first, author={xdata=pers-author-1 and Own, Uma}, title={xdata=pers-title}, date={2004}}
@book{second, author={Own, Uma and xdata=pers-author-2}, title={Mine}, publisher={xdata=pers-publisher}, date={2004}}
@book{every, author={xdata=pers-author}, title={Mine}, date={2004}}
"""


def _records(text: str, dialect: str = "biblatex") -> dict[str, Record]:
    return {record.key: record for record in read_bytes(text.encode(), dialect).records}


def _said(record: Record) -> dict[str, str]:
    names = ("title", "container-title", "publisher", "volume")
    said = {name: record.text(name) for name in names if record.text(name)}
    for role in ("author", "container-author", "editor"):
        if people := record.names(role):
            said[role] = "; ".join(person.inverted() for person in people)
    return said | ({"year": str(record.year)} if record.year else {})


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("biber") is None, reason="biber is not installed")
def test_as_biber_resolves(tmp_path: Path) -> None:
    (tmp_path / "in.bib").write_text(_CORPUS)
    command = ["biber", "--tool", "--output-resolve", "--quiet", "-O", "out.bib", "in.bib"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    ours, resolved = _records(_CORPUS), _records((tmp_path / "out.bib").read_text())
    assert len(ours) == 15
    assert {key: _said(record) for key, record in ours.items()} == {
        key: _said(record) for key, record in resolved.items()
    }


@pytest.mark.parametrize(
    ("key", "author", "book_author", "container"),
    [
        ("mvpart", "Main", "Main", "Collected Works"),
        ("mvother", "Part", "Main", "Collected Works"),
        ("bib", "Auth", "Auth", "The Book: Sub"),
        ("supp", "Fore", "Auth", "The Book: Sub"),
        ("viaalias", "Auth", "Auth", "The Book: Sub"),
    ],
)
def test_parts_have_the_author_of_the_book_twice(key: str, author: str, book_author: str, container: str) -> None:
    record = _records(_CORPUS)[key]
    assert record.names("author")[0].family == author
    assert record.names("container-author")[0].family == book_author
    assert record.text("container-title") == container


@pytest.mark.parametrize(
    ("fields", "container"),
    [
        ("maintitle={All Works}, volume={2}", "All Works"),
        ("maintitle={All Works}, booktitle={Volume Two}", "Volume Two"),
        ("booktitle={Volume Two}, maintitle={All Works}", "Volume Two"),
    ],
)
def test_main_title_as_container(fields: str, container: str) -> None:
    text = f"@incollection{{k, author={{Doe, Jo}}, title={{T}}, {fields}, date={{2000}}}}"
    record = _records(text)["k"]
    assert record.text("container-title") == container
    written = write_bytes([record], "biblatex").data.decode()
    assert "{All Works}" in written
    assert _records(written)["k"].variables == record.variables


@pytest.mark.parametrize(
    ("fields", "values"),
    [
        ("author={xdata=p-author}", {"author": "Real, Ada; Other, Bo"}),
        ("author={xdata=p-author-2 and Own, Uma}", {"author": "Other, Bo; Own, Uma"}),
        ("publisher={xdata=p-publisher-2}", {"publisher": "Two"}),
        ("title={xdata=p-title}", {"title": "Shared title"}),
        ("title={On xdata=p-title}", {"title": "On xdata=p-title"}),
    ],
)
def test_fields_of_other_entries(fields: str, values: dict[str, str]) -> None:
    text = _PERSON + f"@book{{k, {fields}}}"
    result = read_bytes(text.encode(), "bibtex")
    assert _said(result.records[0]) == values
    assert [problem.code for problem in result.problems] == ["no-record"]


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
@pytest.mark.parametrize("middle", ["biblatex", "csl-json"])
def test_only_a_reference_that_led_nowhere_is_written_again(dialect: str, middle: str) -> None:
    """No @xdata is written (it is no record), and an xdata without one is an error for biber."""
    text = _PERSON + "@book{k, xdata={p}, date={2001}}\n@book{m, xdata={p, gone,more}, title={M}}\n@book{n, xdata={no}}"
    data = write_bytes(read_bytes(text.encode(), "biblatex").records, middle).data
    records = _records(write_bytes(read_bytes(data, middle).records, dialect).data.decode(), dialect)
    assert {key: record.leftover("bibtex", "xdata") for key, record in records.items()} == {
        "k": "", "m": "gone,more", "n": "no",
    }  # fmt: skip
    assert _said(records["k"])["publisher"] == "One and Two"


@pytest.mark.parametrize("value", ["xdata=p-author-3", "xdata=nobody-author", "xdata=p-doi", "xdata=k-title"])
def test_fields_that_no_entry_has_are_reported_and_stay(value: str) -> None:
    result = read_bytes((_PERSON + f"@book{{k, title={{T}}, author={{{value}}}}}").encode(), "biblatex")
    assert [problem.code for problem in result.problems] == ["no-record", "xdata-missing"]
    assert value in write_bytes(result.records, "biblatex").data.decode()


def test_granular_references() -> None:
    assert granular_reference("xdata=a-b-title") == ("a-b", "title", 0)
    assert granular_reference(" xdata = key-author-12") == ("key", "author", 12)
    assert granular_reference("xdata=key") is None
    assert parents_of("@book{k, author = {xdata=p-author-1 and Doe, Jo}, note={xdata}}") == ("p",)


@pytest.mark.parametrize("spelling", ["bookkey", "BOOKKEY", "BookKey"])
def test_bibtex_finds_parents_in_any_case_and_biber_does_not(spelling: str) -> None:
    text = f"@inbook{{c, title={{C}}, crossref={{{spelling}}}}}\n@book{{BookKey, title={{Best Book}}, year=1997}}"
    record = _records(text, "bibtex")["c"]
    assert record.year == 1997
    written = write_bytes([record], "bibtex").data.decode()
    assert "{1997}" in written
    assert _records(text, "biblatex")["c"].year == (1997 if spelling == "BookKey" else None)


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
@pytest.mark.parametrize("other", ["", "@book{x, title={X}, year=1990}", "@book{gon, title={X}, year=1990}"])
def test_a_crossref_that_leads_nowhere_is_kept(dialect: str, other: str) -> None:
    text = f"{other}\n@inbook{{c, title={{C}}, crossref={{gone}}}}"
    result = read_bytes(text.encode(), dialect)
    assert [problem.code for problem in result.problems] == ["crossref-missing"]
    for wanted in ("bibtex", "biblatex"):
        written = write_bytes(result.records, wanted)
        assert "crossref      = {gone}" in written.data.decode()
        assert write_bytes(read_bytes(written.data, wanted).records, wanted).data == written.data


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
@pytest.mark.parametrize("name", ["doi", "publisher", "note", "editor", "series"])
def test_an_empty_field_keeps_out_what_the_parent_has(dialect: str, name: str) -> None:
    parent = "doi={10.5555/1}, publisher={House}, note={N}, editor={Lind, Mara}, series={S}, year=1990"
    text = f"@inbook{{c, title={{C}}, {name}={{}}, crossref={{b}}}}\n@book{{b, title={{B}}, {parent}}}"
    records = read_bytes(text.encode(), dialect).records
    written = write_bytes(records, dialect)
    assert not written.problems
    again = read_bytes(written.data, dialect).records
    assert [dict(record) for record in again] == [dict(record) for record in records]
    alone = write_bytes(records[:1], dialect).data.decode()
    assert f"{name} " not in alone
    assert "1990" in alone
