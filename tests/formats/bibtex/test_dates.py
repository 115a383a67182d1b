"""Years, months and dates: precision is neither invented nor lost."""

from __future__ import annotations

import pytest

from bibtool.formats.bibtex.dates import bibtex_fields, parse_edtf, parse_year_month
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
