"""The bar charts: every year has its place, numbers are said, nothing of a title becomes markup."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import pytest

from bibtool.cv.chart import MAX_BARS, bars_of, svg_chart, text_chart

SVG = "{http://www.w3.org/2000/svg}"


def svg(by_year: list[tuple[int, int]], title: str = "Papers") -> ET.Element:
    return ET.fromstring(svg_chart(by_year, title=title))


def texts(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def labels(root: ET.Element) -> list[tuple[float, str]]:
    """The years below the bars with their places."""
    below = float(root.get("height", "0")) - 10
    return [
        (float(element.get("x", "")), element.text or "")
        for element in root.iter(f"{SVG}text")
        if float(element.get("y", "")) > below
    ]


def test_no_year_is_no_chart() -> None:
    assert svg_chart([], title="x") == ""
    assert text_chart([]) == ""
    assert bars_of([]) == ()


def test_the_chart_has_a_name_and_says_all_numbers() -> None:
    root = svg([(2020, 2), (2021, 0), (2022, 5)], "Papers & <b>more</b>")
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Papers & <b>more</b>"
    assert root.findtext(f"{SVG}desc") == "2020: 2; 2022: 5"
    assert root.get("fill") == "currentColor"
    assert "style" not in svg_chart([(2020, 1)], title="x")


def test_bars_are_to_scale_and_a_year_without_a_work_is_a_gap() -> None:
    root = svg([(2020, 2), (2023, 4)])  # the years between are not even given
    bars = [(float(bar.get("x", "")), float(bar.get("height", ""))) for bar in root.iter(f"{SVG}rect")]
    assert len(bars) == 2
    assert bars[1][1] == pytest.approx(2 * bars[0][1])
    places = {year: x for x, year in labels(root)}
    assert set(places) == {"2020", "2021", "2022", "2023"}
    slot = places["2021"] - places["2020"]
    assert bars[1][0] - bars[0][0] == pytest.approx(3 * slot, abs=0.2)


def test_one_year() -> None:
    root = svg([(2020, 7)])
    assert len(list(root.iter(f"{SVG}rect"))) == 1
    assert texts(root) == ["7", "2020"]


@pytest.mark.parametrize("count", [1, 2, 5, 17, 40, 75, 100, 101, 130, 900])
def test_labels_never_touch_and_stay_inside(count: int) -> None:
    root = svg([(1000 + year, year % 4) for year in range(count)])
    found = labels(root)
    assert found
    half = 4 * 6.7 / 2  # the widest digits of common fonts are 0.56 of the size of 12
    assert all(half <= x <= float(root.get("width", "0")) - half for x, _ in found)
    assert all(right - left > 2 * half for (left, _), (right, _) in itertools.pairwise(found))


def test_very_many_years_are_put_together_and_none_is_lost() -> None:
    by_year = [(year, 1) for year in range(1001, 2024)]
    bars = bars_of(by_year)
    assert len(bars) <= MAX_BARS + 1
    assert sum(bar.works for bar in bars) == len(by_year)
    assert bars[0].first % (bars[0].last - bars[0].first + 1) == 0
    assert all(one.last + 1 == other.first for one, other in itertools.pairwise(bars))
    assert len(bars_of([(1, 1), (10**9, 1)])) <= MAX_BARS + 1


def test_text_has_one_block_a_work_while_they_fit() -> None:
    assert text_chart([(2020, 2), (2022, 3)], block="#") == "2020 ## 2\n2021 0\n2022 ### 3"
    assert text_chart([(2020, 1)]) == "2020 █ 1"


def test_text_is_to_scale_beyond_that_and_never_wider() -> None:
    chart = text_chart([(2020, 1), (2021, 500), (2022, 1000), (2023, 0)], width=30, block="#").split("\n")
    assert [line.count("#") for line in chart] == [1, 10, 20, 0]
    assert max(map(len, chart)) == 30
    assert [line.rsplit(" ", 1)[1] for line in chart] == ["1", "500", "1000", "0"]


def test_text_of_a_width_that_is_too_small_still_says_the_numbers() -> None:
    assert text_chart([(2020, 9), (2021, 3)], width=3, block="#") == "2020 # 9\n2021 # 3"
