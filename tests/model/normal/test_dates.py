"""Dates: EDTF whole, and dates as people, catalogues and programs write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.formats.registry import read_bytes, write_bytes
from bibtool.model.dates import Date, DateParts, parse_date
from bibtool.model.normal.writtendates import parse_written_date
from bibtool.model.record import Record

EDTF = [
    "1985-04-12",
    "1985-04",
    "1985",
    "1985-04-12T23:20:30",
    "1985-04-12T23:20:30Z",
    "1985-04-12T23:20:30-04",
    "1985-04-12T23:20:30+04:30",
    "1964/2008",
    "2004-06/2006-08",
    "2004-02-01/2005-02-08",
    "2004-02-01/2005",
    "Y170000002",
    "Y-170000002",
    "2001-21",
    "2001-24",
    "1984?",
    "2004-06~",
    "2004-06-11%",
    "201X",
    "20XX",
    "2004-XX",
    "1985-04-XX",
    "1985-XX-XX",
    "1985-04-12/..",
    "1985/..",
    "1985/",
    "../1985-04-12",
    "../1985",
    "/1985",
    "-1985",
    "-0001",
    "0000",
    "-0003/0000",
    "1984~/2004-06",
    "1984/2004-06~",
    "1984?/2004-06~",
    "1984?/2004-06?",
    "2004-06-XX/2004-07-03",
    "Y17E7",
    "1950S2",
    "2001-29",
    "2001-34",
    "2001-40",
    "2004-06~-11",
    "?2004-06",
    "-199X",
]


@pytest.mark.parametrize("text", EDTF)
def test_edtf_is_a_date_and_comes_back(text: str) -> None:
    date = parse_date(text)
    assert not date.literal
    assert date.year is not None
    assert date.edtf() == text


@pytest.mark.parametrize("text", EDTF)
@pytest.mark.parametrize("name", ["biblatex", "csl-json", "csv"])
def test_edtf_goes_through_formats(text: str, name: str) -> None:
    record = Record("k", "book", title="T", issued=text)
    (back,) = read_bytes(write_bytes(record, name).data, name).records
    assert back.text("issued") == (text[:10] if ":" in text and name != "csl-json" else text)
    again = write_bytes(back, name).data
    assert again == write_bytes(read_bytes(again, name).records, name).data


@pytest.mark.parametrize(
    "text",
    [
        "1985-13",
        "2004-02-30",
        "2001-42",
        "1999-XX-04",
        "199X-05",
        "2004/2003",
        "..",
        "/",
        "19X4",
        "1985-04-12T25:00:00",
    ],
)
def test_what_is_not_edtf_stays_literal(text: str) -> None:
    assert parse_date(text) == Date(literal=text)


def test_open_digits_are_ranges_and_precisions() -> None:
    assert (parse_date("199X").start, parse_date("199X").end) == (DateParts(1990), DateParts(1999))
    assert (parse_date("19XX").start, parse_date("19XX").end) == (DateParts(1900), DateParts(1999))
    assert parse_date("1999-XX").start == DateParts(1999)
    assert parse_date("1999-04-XX").start == DateParts(1999, 4)
    assert (parse_date("2001-34").start, parse_date("2001-34").end) == (DateParts(2001, 4), DateParts(2001, 6))


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("1985-04-12T23:20:30Z/1985-04-13T01:00:00Z", "1985-04-12/1985-04-13"),
        ("1985-04-12T23:20:30", "1985-04-12"),
        ("../1985-04-12T23:20:30-04", "../1985-04-12"),
        ("2004-00-00", "2004"),
        ("2004-05-00", "2004-05"),
        ("<1990->", "1990/.."),
        ("<1990-1995>", "1990/1995"),
        ("1967 [i.e. 1976]", "1976"),
        ("1967 [i. e., 1976]", "1976"),
        ("MCMXC [1990]", "1990"),
        ("2001-01-05 – 2001-01-09", "2001-01-05/2001-01-09"),
        ("2001-01 to 2002-03", "2001-01/2002-03"),
        ("05.01.2001 - 09.01.2001", "2001-01-05/2001-01-09"),
        ("2001 Q1", "2001-33"),
        ("Q4, 2020", "2020-36"),
        ("2nd quarter of 2001", "2001-34"),
        ("3. Quartal 1999", "1999-35"),
        ("MDCCXXI. (1721)", "1721"),
        ("[not before 1920]", "1920/.."),
        ("[not after 1920]", "../1920"),
        ("[1982?]-1990.", "1982?/1990"),
        ("1982-[1990?]", "1982/1990?"),
        ("c1999", "1999"),
        ("p1980", "1980"),
        ("[1982?]", "1982?"),
        ("ca. 1850", "1850~"),
        ("[ca. 1850]", "1850~"),
        ("um 1850", "1850~"),
        ("[2021] ©2021", "2021"),
        ("© 2021", "2021"),
        ("2001, c2000", "2001"),
        ("1998-]", "1998/.."),
        ("18--?", "18XX?"),
        ("[185-]", "185X"),
        ("1990s", "199X"),
        ("199u", "199X"),
        ("2004-uu", "2004-XX"),
        ("1985/open", "1985/.."),
        ("1985/unknown", "1985/"),
        ("2004?~", "2004%"),
        ("between 1850 and 1860", "1850/1860"),
        ("May 2019", "2019-05"),
        ("2001, May", "2001-05"),
        ("Spring 2001", "2001-21"),
        ("Fall, 2001", "2001-23"),
        ("Mar/Apr 2005", "2005-03/2005-04"),
        ("2005 Mar-Apr", "2005-03/2005-04"),
        ("July–August 2005", "2005-07/2005-08"),
        ("June 3-7, 2001", "2001-06-03/2001-06-07"),
        ("23–26 April 2001", "2001-04-23/2001-04-26"),
        ("30 June - 2 July 2019", "2019-06-30/2019-07-02"),
        ("September, 3rd 2001", "2001-09-03"),
        ("3 June 2001", "2001-06-03"),
        ("2015/october", "2015-10"),
        ("2015/10/03", "2015-10-03"),
        ("03.10.2015", "2015-10-03"),
        ("25/12/2015", "2015-12-25"),
        ("12/25/2015", "2015-12-25"),
        ("5/5/2015", "2015-05-05"),
        ("20190503", "2019-05-03"),
        ("03-Jun-2019", "2019-06-03"),
        ("Monday, June 3, 2019", "2019-06-03"),
        ("2019-05-03 10:00:00", "2019-05-03"),
        ("2019-05-03T10:00:00Z", "2019-05-03"),
        ("۲۰۲۰", "2020"),
        ("٢٠٢٠/٠٣/٠١", "2020-03-01"),
        ("۳ ژانویه ۲۰۲۰", "2020-01-03"),
        ("2019年5月3日", "2019-05-03"),
        ("15 mai 2004", "2004-05-15"),
        ("1er janvier 2004", "2004-01-01"),
        ("15 de marzo de 2010", "2010-03-15"),
        ("5. Dezember 2003", "2003-12-05"),
        ("Herbst 2003", "2003-23"),
        ("12 grudnia 1999", "1999-12-12"),
        ("3 июня 2001", "2001-06-03"),
    ],
)
def test_written_dates(text: str, edtf: str) -> None:
    date = parse_written_date(text)
    assert not date.literal
    assert date.edtf() == edtf
    assert parse_written_date(edtf) == date


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("03/10/2015", 2015),
        ("Dec-Jan 2005", 2005),
        ("in press, 2019", 2019),
        ("Michaelmas term 1988", 1988),
        ("1979 or 1980", None),
        ("2003-02-03 - 2001-01-01", None),
        ("2001-01 - later", 2001),
        ("2001 Q5", 2001),
        ("forthcoming", None),
        ("12345", None),
        ("listopad", None),
    ],
)
def test_what_can_be_read_in_two_ways_stays_literal_and_keeps_its_year(text: str, year: int | None) -> None:
    date = parse_written_date(text)
    assert date == Date(literal=text)
    assert date.year == year


@pytest.mark.slow
@given(st.text(alphabet="0123456789-/.?~%XTZ: []cuMayJn,©", max_size=24))
def test_reading_a_date_twice_gives_the_same(text: str) -> None:
    date = parse_written_date(text)
    assert parse_written_date(date.edtf()) == date
    assert parse_date(parse_date(text).edtf()) == parse_date(text)


@pytest.mark.parametrize(
    ("fields", "edtf"),
    [
        ("year = {[2021] \\copyright 2021}", "2021"),
        ("year = {2001, May}", "2001-05"),
        ("year = {Spring 2001}", "2001-21"),
        ("year = 2001, month = {June 3--7}", "2001-06-03/2001-06-07"),
        ("year = 2001, month = {September, 3rd}", "2001-09-03"),
        ("year = 2001, month = {April 23-26}", "2001-04-23/2001-04-26"),
        ("year = 2001, month = {3 June}", "2001-06-03"),
        ("year = 2001, month = {30 June--2 July}", "2001-06-30/2001-07-02"),
        ("year = 2001, month = {Mar/Apr}", "2001-03/2001-04"),
        ("year = 2001, month = {März}", "2001-03"),
        ("year = 2001, month = {septembre}, day = {3}", "2001-09-03"),
        ("year = 2001, month = {May 2001}", "2001-05"),
        ("year = 2001, month = {12 May, 2001}", "2001-05-12"),
        ("year = 2001, month = {May 2001}, day = 12", "2001-05-12"),
        ("year = 2001, month = {May--June 2001}", "2001-05/2001-06"),
        ("year = 2001, month = may # { 2001}", "2001-05"),
        ("year = {۲۰۲۰}", "2020"),
        ("date = {1999-XX}", "1999-XX"),
        ("date = {May 2019}", "2019-05"),
        ("date = {2015/october}", "2015-10"),
    ],
)
def test_dates_of_bibtex(fields: str, edtf: str) -> None:
    (record,) = read_bytes(f"@book{{k, title = {{T}}, {fields}}}".encode(), "bibtex").records
    assert record.text("issued") == edtf


@pytest.mark.parametrize("month", ["May 2002", "Dec 2000--Jan 2001", "2001"])
def test_a_month_with_another_year_or_without_a_month_stays_as_it_was(month: str) -> None:
    result = read_bytes(f"@book{{k, title = {{T}}, year = 2001, month = {{{month}}}}}".encode(), "bibtex")
    assert result.records[0].text("issued") == "2001"
    assert f"month         = {{{month}}}" in write_bytes(result.records, "bibtex").text


@pytest.mark.parametrize("year", ["[2021] \\copyright 2021", "2001, May", "c1999", "Spring 2001"])
def test_the_year_of_a_bibtex_file_goes_back_as_it_was(year: str) -> None:
    result = read_bytes(f"@book{{k, title = {{T}}, year = {{{year}}}}}".encode(), "bibtex")
    assert f"{{{year}}}" in write_bytes(result.records, "bibtex").text
