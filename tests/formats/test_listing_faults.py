"""Faulty and hostile input: neighbours are read all the same, and nothing vanishes."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bibtool.errors import InputError
from bibtool.formats.base import ReadOptions
from bibtool.formats.listing.lines import MAX_LINE, MAX_LINES, MAX_RAW, split_lines
from bibtool.formats.listing.reader import read, read_lines, sniff
from bibtool.problems import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from bibtool.formats.base import ReadResult

AS_OF = dt.date(2026, 11, 23)
OPTIONS = ReadOptions(path="page.txt", as_of=AS_OF)

BEFORE = "NAMar 2, 2022\nWeak Solvers for Strong FieldsMara Quillon, Tunde Abara\nFields are solved.\n"
AFTER = "OCDec 4, 2023Code\nTuning Bells in 3DLotte van Houten\nBells are tuned.\n"
TITLES = ["Weak Solvers for Strong Fields", "Tuning Bells in 3D"]


def read_text(text: str) -> ReadResult:
    return read(text.encode("utf-8", "surrogatepass"), OPTIONS)


def test_the_faulty_page(fixtures: Path) -> None:
    result = read((fixtures / "listings" / "faulty.txt").read_bytes(), OPTIONS)
    assert [(r.title, str(r.date() or "")) for r in result.records] == [
        ("Weak Solvers for Strong Fields", "2022-03-02"),
        ("A Tour of Finite Gardens: Hedges, Paths, and Ponds", ""),
        ("Tuning Bells by Gradient Descent", ""),
        ("Notes on Slow Light", "2026-05-21"),
        ("Counting Sheep in $L^2$", "2019-06-01"),
    ]
    assert [(p.code, p.position.line, p.severity) for p in result.problems] == [
        ("listing-unplaced", 1, Severity.NOTE),
        ("listing-no-date", 7, Severity.WARNING),
        ("listing-bad-date", 10, Severity.WARNING),
        ("listing-no-authors", 14, Severity.ERROR),
        ("listing-unknown-category", 16, Severity.NOTE),
        ("listing-no-title", 18, Severity.ERROR),
        ("listing-unplaced", 23, Severity.NOTE),
    ]
    raw = result.problems[3].raw
    assert raw == "OCDec 4, 2023\nthis line has no boundary at all\nNothing follows from it."
    assert result.records[1].leftover("listing", "date-line") == "LGFoo 33, 2022"
    assert result.records[2].leftover("listing", "date") == "Feb 30, 2021"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("LGMay 3, 2021\nno boundary in this line\nProse.\n", "listing-no-authors"),
        ("LGMay 3, 2021\n", "listing-no-title"),
        ("LGMay 99, 2021\n", "listing-no-title"),
        ("LGFoo 33, 2022\n", "listing-no-title"),
        ("LGFoo 33, 2022\nnothing of use\n", "listing-no-authors"),
        ("LGMay 3, 2021\n" + "x" * (MAX_LINE + 1) + "\n", "listing-long-line"),
        ("LGMay 3, 2021\n" + "Long, " * 400 + "TitleAnn Bell\n", "listing-no-authors"),
        ("LGMay 3, 2021\n\x01\x02\x03\n", "listing-no-authors"),
    ],
)
def test_a_fault_between_two_records(fault: str, code: str) -> None:
    result = read_text(BEFORE + fault + AFTER)
    assert [r.title for r in result.records] == TITLES
    assert [r.text("abstract") for r in result.records] == ["Fields are solved.", "Bells are tuned."]
    found = next(p for p in result.problems if p.code == code)
    assert found.severity is not Severity.NOTE
    assert found.position.path == "page.txt"
    assert found.position.line is not None
    assert 4 <= found.position.line <= 6
    assert found.raw
    assert found.raw[:MAX_RAW].strip() in fault


def test_a_record_without_its_date_line_is_read_with_a_warning() -> None:
    result = read_text(BEFORE + "\nSlow MillsEve Fox, Carl Dorn\nMills are slow.\n\n" + AFTER)
    assert [r.title for r in result.records] == [TITLES[0], "Slow Mills", TITLES[1]]
    assert result.records[1].date() is None
    assert result.records[1].text("abstract") == "Mills are slow."
    assert [p.code for p in result.problems] == ["listing-no-date"]


def test_a_scholar_row_without_names_between_two_good_ones() -> None:
    good = "{}\tM Quillon, T Abara\tJournal of Bells 3, 5-6, 2013\t12\t2013\n"
    result = read_text(
        good.format("Slow Mills") + "no names in this one, or anywhere\t3\t2012\n" + good.format("Swift Bells")
    )
    assert [r.title for r in result.records] == ["Slow Mills", "Swift Bells"]
    (problem,) = result.problems
    assert (problem.code, problem.position.line) == ("listing-no-authors", 2)
    assert problem.raw == "no names in this one, or anywhere\t3\t2012"


def test_an_arxiv_record_without_a_title_between_two_good_ones() -> None:
    good = "arXiv:2203.0000{} [pdf]\nTitle: {}\nAuthors: Mara Quillon\n"
    result = read_text(good.format(1, "Slow Mills") + "arXiv:2203.00002 [pdf]\n" + good.format(3, "Swift Bells"))
    assert [r.title for r in result.records] == ["Slow Mills", "Swift Bells"]
    assert [(p.code, p.position.line, p.raw) for p in result.problems] == [
        ("listing-no-title", 4, "arXiv:2203.00002 [pdf]")
    ]


def test_a_text_without_records_gives_one_error_and_its_text() -> None:
    result = read_text("Dear Mara,\nthank you for the paper.\n")
    assert result.records == ()
    assert [(p.code, p.severity) for p in result.problems] == [
        ("listing-nothing-found", Severity.ERROR),
        ("listing-unplaced", Severity.NOTE),
    ]
    assert result.problems[1].raw == "Dear Mara,\nthank you for the paper."


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\0\0\0\0", b"PNG\0rest"])
def test_empty_and_binary_input_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        read(data, OPTIONS)


def test_latin_1_is_read_with_a_warning() -> None:
    result = read("LGMay 3, 2021\nSlow MillsÉva Fóx\n".encode("latin-1"), OPTIONS)
    assert result.records[0].title == "Slow Mills"
    assert result.records[0].names("author")[0].display() == "Éva Fóx"
    assert [p.code for p in result.problems] == ["encoding"]


@pytest.mark.slow
def test_a_line_of_many_megabytes_is_reported_and_not_read() -> None:
    text = BEFORE + "a, " * 10_000_000 + "\n" + AFTER
    result = read_text(text)
    assert [r.title for r in result.records] == TITLES
    (problem,) = (p for p in result.problems if p.code == "listing-long-line")
    assert "30000000 characters" in problem.message
    assert problem.raw is not None
    assert len(problem.raw) < MAX_RAW + 100


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", ["garbage without sense\n", "LG\n", "2013\n", "12\n", "Mar\n", "a\tb\n", "T: x\n", "Aa, Bb\n"]
)
def test_many_lines_of_garbage_take_little_work(unit: str) -> None:
    result = read_text(BEFORE + unit * 50_000 + AFTER)
    assert [r.title for r in result.records] == TITLES
    assert len(result.problems) < 20


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "LGMay 3, 2021\n",
        "arXiv:2203.01360 (math)\n",
        "A Note\tM Quillon\t1\t2013\n",
        "arXiv:2203.01360 [pdf]\nTitle: x\n",
    ],
)
def test_many_empty_records_take_little_work(unit: str) -> None:
    result = read_text(unit * 5_000)
    assert len(result.records) + len(result.problems) >= 5_000


@pytest.mark.slow
def test_more_lines_than_a_listing_can_have() -> None:
    result = read_text(BEFORE + "\n" * MAX_LINES + AFTER)
    assert [r.title for r in result.records] == TITLES[:1]
    (problem,) = (p for p in result.problems if p.code == "listing-too-many-lines")
    assert "Tuning Bells" in (problem.raw or "")


def assert_nothing_lost(text: str) -> None:
    """Every line is part of a record, or stands in a problem."""
    lines, problems = split_lines(text, "page.txt")
    result = read_lines(lines, AS_OF, OPTIONS)
    used = {number for listed in result.records for number in listed.lines}
    used |= {line.number for line in result.rest}
    raws = "\n".join(p.raw or "" for p in [*problems, *result.problems])
    for line in lines:
        assert line.number in used or line.raw in raws, line


PIECES = st.sampled_from(
    [
        "LGMar 2, 2022",
        "NAMay 21Code",
        "LGFeb 30, 2021",
        "LGFoo 33, 2022",
        "Weak Solvers for Strong FieldsMara Quillon, Tunde Abara et al.",
        "Tuning Bells in 3DLotte van Houten",
        "Fields are solved. They are strong.",
        "A heading",
        "Mara Quillon, T Abara",
        "Journal of Things 3 (4), 5-6, 2013",
        "12\t2013",
        "2013",
        "985*",
        "Some Title\tM Quillon\tJournal 3, 2013\t4\t2013",
        "arXiv:2203.01360 [pdf, other]",
        "[3] arXiv:math/0309136v2 [pdf]",
        "Title: Notes on Slow Light",
        "Authors: Øyvind Strand, Mara Quillon",
        "Subjects: Machine Learning (cs.LG)",
        "Abstract: Light is slow.",
        "Comments: 3 pages",
        "Submitted 17 October, 2023; originally announced October 2023.",
        "Show more",
        "",
        "",
    ]
)


@pytest.mark.slow
@given(st.lists(PIECES, max_size=24))
@example(["LGMar 2, 2022", "A heading", "12\t2013"])
@example(["Title: x", "arXiv:2203.01360 [pdf, other]", "2013", "LGMar 2, 2022"])
@settings(max_examples=400, deadline=None)
def test_pieces_of_pages_in_any_order_are_never_lost(pieces: list[str]) -> None:
    assert_nothing_lost("\n".join(pieces))


@pytest.mark.slow
@given(st.text(max_size=400))
@settings(deadline=None)
def test_any_text_is_read_and_never_lost(text: str) -> None:
    assert_nothing_lost(text)
    data = text.encode("utf-8", "surrogatepass")
    assert 0 <= sniff(data) <= 90
    try:
        result = read(data, OPTIONS)
    except InputError:
        return
    assert result.records or result.problems or not re.search(r"\S", text)


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert 0 <= sniff(data) <= 90
    try:
        read(data, OPTIONS)
    except InputError:
        return


@pytest.mark.slow
@given(st.lists(st.sampled_from([BEFORE, AFTER]), min_size=1, max_size=6), st.integers(0, 5), PIECES)
@settings(deadline=None)
def test_one_foreign_line_costs_no_other_record(records: list[str], at: int, line: str) -> None:
    at = min(at, len(records))
    text = "".join(records[:at]) + line + "\n" + "".join(records[at:])
    titles = [record.title for record in read_text(text).records]
    wanted = [TITLES[0] if record == BEFORE else TITLES[1] for record in records]
    left = iter(titles)
    assert all(title in left for title in wanted), titles
