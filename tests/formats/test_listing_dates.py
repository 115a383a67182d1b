"""Date lines of profile pages, and the year that they leave out."""

from __future__ import annotations

import datetime as dt
from calendar import isleap, monthrange

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.formats.listing.dates import (
    looks_like_broken_date_line,
    newest_year,
    parse_date_line,
    parse_long_date,
)

AS_OF = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "token", "date", "badge"),
    [
        ("NAMar 2, 2022", "NA", "2022-03-02", ""),
        ("AO-PHMar 24, 2023", "AO-PH", "2023-03-24", ""),
        ("OCDec 4, 2023Code", "OC", "2023-12-04", "Code"),
        ("LGMay 21", "LG", "2026-05-21", ""),
        ("LGMay 21Code", "LG", "2026-05-21", "Code"),
        ("LGNov 23", "LG", "2026-11-23", ""),
        ("LGNov 24", "LG", "2025-11-24", ""),
        ("LGFeb 29", "LG", "2024-02-29", ""),
        ("LGSept 3, 2021", "LG", "2021-09-03", ""),
        ("LGSeptember 3 2021", "LG", "2021-09-03", ""),
        ("LG3 Mar 2022", "LG", "2022-03-03", ""),
        ("LG 3 March 2022 Data", "LG", "2022-03-03", "Data"),
        ("LG2022-03-02", "LG", "2022-03-02", ""),
        ("LG 2022/3/2", "LG", "2022-03-02", ""),
        ("LG02.03.2022", "LG", "2022-03-02", ""),
        ("LG · Mar 2nd, 2022", "LG", "2022-03-02", ""),
        ("LGMar 2022", "LG", "2022-03", ""),
        ("cs.LGMar 2, 2022", "cs.LG", "2022-03-02", ""),
        ("hep-thMar 2, 2022", "hep-th", "2022-03-02", ""),
        ("HEP-THMar 2, 2022", "HEP-TH", "2022-03-02", ""),
        ("MAMay 1, 2020", "MA", "2020-05-01", ""),
        ("APApr 1, 2020", "AP", "2020-04-01", ""),
        ("Mar 2, 2022", "", "2022-03-02", ""),
        ("2 march 2022", "", "2022-03-02", ""),
    ],
)
def test_forms_of_date_lines(text: str, token: str, date: str, badge: str) -> None:
    found = parse_date_line(text, AS_OF)
    assert found is not None
    assert (found.token, str(found.date), found.badge) == (token, date, badge)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "May",
        "May 21 Workshop",
        "Marching 2 Bands",
        "In March 2, 2022 we met.",
        "Deep Learning Dec 4, 2023",
        "LGMar",
        "onMar 2, 2022",
        "Learning since 2022-03-02",
        "1724\t2013",
        "2013",
        "LG" + "Mar 2, 2022" * 20,
    ],
)
def test_other_text_is_no_date_line(text: str) -> None:
    assert parse_date_line(text, AS_OF) is None


@pytest.mark.parametrize("text", ["LGFeb 30, 2021", "LGJun 31", "LG2022-13-01", "LG0 Mar 2022"])
def test_a_day_that_does_not_exist_is_kept_as_it_stood(text: str) -> None:
    found = parse_date_line(text, AS_OF)
    assert found is not None
    assert found.date is None
    assert text == "LG" + found.written


def test_broken_date_lines_are_told_from_titles() -> None:
    assert looks_like_broken_date_line("LGFoo 33, 2022")
    assert looks_like_broken_date_line("AO-PHxx 2")
    assert not looks_like_broken_date_line("LG without a number")
    assert not looks_like_broken_date_line("GPT-4 Technical Report")
    assert not looks_like_broken_date_line("LGFoo 33, 2022, with a long tail of words behind it")


DAYS = st.dates(dt.date(1, 1, 1), dt.date(9998, 12, 31))


@pytest.mark.slow
@given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)), DAYS)
def test_the_year_is_the_newest_one_that_does_not_lie_after_as_of(day: dt.date, as_of: dt.date) -> None:
    year = newest_year(day.month, day.day, as_of)
    if year is None:
        assert (day.month, day.day) > (as_of.month, as_of.day) or not isleap(as_of.year)
        assert as_of.year < 9
        return
    assert dt.date(year, day.month, day.day) <= as_of
    for later in range(year + 1, min(year + 9, 9999)):
        if day.day <= monthrange(later, day.month)[1]:
            assert dt.date(later, day.month, day.day) > as_of


@pytest.mark.slow
@given(st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(["LG", "AO-PH", ""]))
def test_a_written_year_is_never_changed(day: dt.date, token: str) -> None:
    found = parse_date_line(f"{token}{day:%b} {day.day}, {day.year}", AS_OF)
    assert found is not None
    assert str(found.date) == day.isoformat()
    assert not found.guessed_year


def test_there_is_no_newest_year_of_an_impossible_day() -> None:
    assert newest_year(2, 30, AS_OF) is None
    assert newest_year(13, 1, AS_OF) is None
    assert newest_year(1, 0, AS_OF) is None


@pytest.mark.parametrize(
    ("text", "date"),
    [("17 October, 2023", "2023-10-17"), ("March 2022", "2022-03"), ("Mar 2, 2022", "2022-03-02"), ("soon", None)],
)
def test_long_dates(text: str, date: str | None) -> None:
    found = parse_long_date(text)
    assert (str(found) if found else None) == date


@given(st.text(max_size=90))
def test_any_text_is_a_date_line_or_not(text: str) -> None:
    parse_date_line(text, AS_OF)
    looks_like_broken_date_line(text)
    parse_long_date(text)
