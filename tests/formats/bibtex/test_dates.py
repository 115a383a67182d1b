"""Years, months and dates: precision is neither invented nor lost."""

from __future__ import annotations

import pytest

from bibtool.formats.bibtex.dates import bibtex_fields, parse_edtf, parse_year_month
from bibtool.formats.registry import read_bytes, write_bytes
from bibtool.model.dates import Date, parse_date


@pytest.mark.parametrize(
    ("year", "month", "day", "edtf"),
    [
        ("2022", "", "", "2022"),
        ("2022", "March", "", "2022-03"),
        ("2022", "mar", "", "2022-03"),
        ("2022", "Mar.", "", "2022-03"),
        ("2022", "3", "", "2022-03"),
        ("2022", "03", "2", "2022-03-02"),
        ("2022", "10~March", "", "2022-03-10"),
        ("2022", "March 10th", "", "2022-03-10"),
        ("2022", "March--April", "", "2022-03/2022-04"),
        ("2022", "Jan./Feb.", "", "2022-01/2022-02"),
        ("2022", "Autumn", "", "2022-23"),
        ("2022", "fall", "", "2022-23"),
        ("2020--2022", "", "", "2020/2022"),
        ("1998/99", "", "", "1998/1999"),
        ("ca. 1984", "", "", "1984~"),
        ("1984?", "", "", "1984?"),
        ("in press", "", "", "in press"),
        ("{\\noopsort{a}}1984", "", "", "1984"),
    ],
)
def test_bibtex_dates(year: str, month: str, day: str, edtf: str) -> None:
    date, month_said, day_said = parse_year_month(year, month, day)
    assert date.edtf() == edtf
    assert month_said
    assert day_said


@pytest.mark.parametrize(
    ("year", "month", "day", "edtf", "said"),
    [
        ("2022", "13", "", "2022", (False, False)),
        ("2022", "Michaelmas", "", "2022", (False, False)),
        ("2022", "February", "30", "2022-02", (True, False)),
        ("in press", "March", "", "in press", (False, False)),
    ],
)
def test_what_is_not_understood_is_told(year: str, month: str, day: str, edtf: str, said: tuple[bool, bool]) -> None:
    date, *found = parse_year_month(year, month, day)
    assert date.edtf() == edtf
    assert tuple(found) == said


@pytest.mark.parametrize(
    ("raw", "edtf", "whole"),
    [
        ("2022-03-02", "2022-03-02", True),
        ("1995~", "1995~", True),
        ("1995\\%", "1995%", True),
        ("2004-21", "2004-21", True),
        ("2020/..", "2020/..", True),
        ("/1999", "/1999", True),
        ("2020--2022", "2020/2022", True),
        ("2004-04-05T14:34:00Z", "2004-04-05", False),
        ("199X", "199X", True),
        ("2022-02-30", "2022-02-30", True),
    ],
)
def test_biblatex_dates(raw: str, edtf: str, whole: bool) -> None:
    assert parse_edtf(raw) == (parse_date(edtf), whole)


@pytest.mark.parametrize(
    ("edtf", "fields"),
    [
        ("2022", [("year", "2022", False)]),
        ("2022-03", [("year", "2022", False), ("month", "mar", True)]),
        ("2022-03-02", [("year", "2022", False), ("month", "mar", True), ("day", "2", False)]),
        ("2022-22", [("year", "2022", False), ("month", "Summer", False)]),
        ("2020/2022", [("year", "2020--2022", False)]),
        ("2022-03/2022-04", [("year", "2022", False), ("month", 'mar # "--" # apr', True)]),
        ("2022-03-01/2022-04-02", [("year", "2022", False), ("date", "2022-03-01/2022-04-02", False)]),
        ("1984~", [("year", "1984", False), ("date", "1984~", False)]),
        ("2020/..", [("year", "2020", False), ("date", "2020/..", False)]),
        ("-0044", [("year", "-44", False), ("date", "-0044", False)]),
    ],
)
def test_writing_bibtex(edtf: str, fields: list[tuple[str, str, bool]]) -> None:
    assert bibtex_fields(parse_date(edtf)) == fields


def test_a_literal_is_the_year() -> None:
    assert bibtex_fields(Date(literal="in press")) == [("year", "in press", False)]
    assert bibtex_fields(Date()) == []


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
@pytest.mark.parametrize(
    ("fields", "variable", "edtf", "kept"),
    [
        ("origyear = 1936", "original-date", "1936", []),
        ("urlday = 7, urlmonth = mar, urlyear = 2005", "accessed", "2005-03-07", []),
        ("eventyear = {2019}, eventmonth = {June 3--7}", "event-date", "2019-06-03/2019-06-07", []),
        ("urlyear = 2001, urlmonth = {foo}, urlday = 40", "accessed", "2001", ["urlmonth", "urlday"]),
        ("origdate = {1900}, origyear = 1936", "original-date", "1900", ["origyear"]),
        ("lastvisited = {2 May 2011}, urlyear = 2010, urlmonth = 3", "accessed", "2011-05-02", ["urlyear", "urlmonth"]),
        ("lastaccessed = {3 May 2011}", "accessed", "2011-05-03", []),
    ],
)
def test_other_dates_in_parts(dialect: str, fields: str, variable: str, edtf: str, kept: list[str]) -> None:
    (record,) = read_bytes(f"@book{{k, title = {{T}}, {fields}}}".encode(), dialect).records
    date = record.date(variable)
    assert date is not None
    assert date.edtf() == edtf
    assert [left.name for left in record.leftovers if left.source == "bibtex"] == kept
    again = read_bytes(write_bytes([record], dialect).data, dialect).records[0]
    assert again.date(variable) == date


def test_the_parts_of_a_date_without_a_year_are_kept() -> None:
    text = "@book{k, title = {T}, urlmonth = mar, eventyear = {n.d.}}"
    (record,) = read_bytes(text.encode(), "biblatex").records
    assert record.date("accessed") is None
    assert record.date("event-date") is None
    assert {left.name for left in record.leftovers} == {"urlmonth", "eventyear"}


@pytest.mark.parametrize(
    ("month", "edtf"),
    [
        ("{May 2001}", "2001-05"),
        ('may # " 2001"', "2001-05"),
        ("{3 May~2001}", "2001-05-03"),
        ("{June 3--7, 2001}", "2001-06-03/2001-06-07"),
        ("{Summer 2001}", "2001-22"),
    ],
)
def test_a_month_has_the_year_where_the_entry_has_none(month: str, edtf: str) -> None:
    (record,) = read_bytes(f"@book{{k, title = {{T}}, month = {month}}}".encode(), "bibtex").records
    assert (date := record.date("issued")) is not None
    assert date.edtf() == edtf
    assert not record.leftovers


@pytest.mark.parametrize("month", ["May", "2001", "May 1999--June 2000", "issue 2001", "May 12345"])
def test_a_month_without_one_year_is_no_date(month: str) -> None:
    (record,) = read_bytes(f"@book{{k, title = {{T}}, month = {{{month}}}, day = 40}}".encode(), "bibtex").records
    assert record.date("issued") is None
    assert [left.name for left in record.leftovers] == ["month", "day"]
