"""Statements of pages that may be the same, and those that are not."""

from __future__ import annotations

import pytest

from bibtool.model.works.pages import pages_fit


@pytest.mark.parametrize(
    ("pages", "other"),
    [
        ("342-5", "342--345"),
        ("288ff.", "288-296"),
        ("288f", "288-289"),
        ("12+", "12-20"),
        ("12–", "12-20"),
        ("283 to 292", "283-292"),
        ("pp. 12-20", "12-20"),
        ("p. 12", "12"),
        ("1167-1178.", "1167–1178"),
        ("0012", "12-14"),
        ("Article e123", "123"),
        ("S12-S15", "S12"),
        ("xii-xx", "xii-xx"),
        ("377:1-14", "377:1-377:14"),
        ("781", "781:1-781:15"),
        ("1-15", "339:1-339:15"),
    ],
)
def test_the_same_pages(pages: str, other: str) -> None:
    assert pages_fit(pages, other)
    assert pages_fit(other, pages)


@pytest.mark.parametrize(
    ("pages", "other"),
    [
        ("12-20", "12-21"),
        ("13", "12-20"),
        ("12:1-12:25", "13:1-13:25"),
        ("13", "12:1-12:25"),
        ("1-16", "339:1-339:15"),
        ("123-130", "1230-1240"),
        ("xii", "12"),
    ],
)
def test_other_pages(pages: str, other: str) -> None:
    assert not pages_fit(pages, other)
    assert not pages_fit(other, pages)
