"""Every date of EDTF, levels 0 and 1, comes back as it was, also from the formats that can hold it."""

from __future__ import annotations

from calendar import monthrange

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.formats.registry import read_bytes, write_bytes
from bibtool.model.dates import parse_date
from bibtool.model.normal.writtendates import parse_written_date
from bibtool.model.record import Record

FORMATS = ["biblatex", "bibtex", "csl-json", "csl-yaml", "csv"]


@st.composite
def years(draw: st.DrawFn) -> tuple[str, int]:
    """A year of four digits, perhaps before Christ, and its number."""
    number = draw(st.integers(-9999, 9999))
    return (f"-{-number:04d}" if number < 0 else f"{number:04d}"), number


@st.composite
def plain_dates(draw: st.DrawFn) -> str:
    """A date of level 0."""
    text, number = draw(years())
    precision = draw(st.sampled_from(["year", "month", "day"]))
    if precision == "year":
        return text
    month = draw(st.integers(1, 12))
    if precision == "month":
        return f"{text}-{month:02d}"
    day = draw(st.integers(1, monthrange((number - 1) % 400 + 1, month)[1]))
    return f"{text}-{month:02d}-{day:02d}"


@st.composite
def single_dates(draw: st.DrawFn) -> str:
    """A date of level 1: seasons, open digits, years beyond four digits, marks."""
    kind = draw(st.sampled_from(["plain", "plain", "season", "decade", "century", "no month", "no day", "long"]))
    text, _ = draw(years())
    if kind == "long":
        number = draw(st.integers(10_000, 999_999_999)) * draw(st.sampled_from([1, -1]))
        return f"Y{number}"
    whole = {
        "plain": draw(plain_dates()),
        "season": f"{text}-{draw(st.integers(21, 24))}",
        "decade": f"{text[:-1]}X",
        "century": f"{text[:-2]}XX",
        "no month": draw(st.sampled_from([f"{text}-XX", f"{text}-XX-XX"])),
        "no day": f"{text}-{draw(st.integers(1, 12)):02d}-XX",
    }[kind]
    return whole + draw(st.sampled_from(["", "", "?", "~", "%"]))


@st.composite
def intervals(draw: st.DrawFn) -> str:
    """An interval of level 1, perhaps with an open or unknown end."""
    kind = draw(st.sampled_from(["both", "open end", "open start"]))
    if kind == "open end":
        return f"{draw(single_dates())}/{draw(st.sampled_from(['..', '']))}"
    if kind == "open start":
        return f"{draw(st.sampled_from(['..', '']))}/{draw(single_dates())}"
    ends = [draw(single_dates()), draw(single_dates())]
    ends.sort(key=lambda end: (parse_date(end).start or parse_date(end).end).year)  # type: ignore[union-attr]
    return "/".join(ends)


# the year 0 has no sign
edtf_dates = st.one_of(plain_dates(), single_dates(), intervals()).filter(lambda text: "-0000" not in text)


@pytest.mark.slow
@given(edtf_dates)
def test_edtf_comes_back_as_it_was(text: str) -> None:
    date = parse_date(text)
    if date.literal:  # an end before the beginning within one year
        assert "/" in text
        return
    assert date.edtf() == text
    assert parse_date(date.edtf()) == date
    assert parse_written_date(text) == date


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
@given(text=edtf_dates)
def test_formats_give_the_date_back(name: str, text: str) -> None:
    date = parse_date(text)
    if date.literal:
        return
    (back,) = read_bytes(write_bytes(Record("k", "book", title="T", issued=date), name).data, name).records
    assert back.date() == date
