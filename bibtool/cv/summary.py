"""Counts of a list: by kind and by year."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bibtool.cv.document import Summary
from bibtool.cv.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bibtool.cv.document import Entry

_MAX_YEARS = 150  # a misspelt year must not make a chart of a thousand empty columns


def summarise(entries: Iterable[Entry], headings: Mapping[str, str]) -> Summary:
    """How many works there are; years without any stand with 0 between the first and the last.

    A work that stands in two sections counts once.
    """
    works = {entry.key: entry for entry in entries}.values()
    kinds = Counter(entry.kind for entry in works)
    years = Counter(entry.year for entry in works if entry.year is not None)
    by_year: list[tuple[int, int]] = sorted(years.items())
    if by_year and by_year[-1][0] - by_year[0][0] < _MAX_YEARS:
        by_year = [(year, years[year]) for year in range(by_year[0][0], by_year[-1][0] + 1)]
    return Summary(
        total=len(works),
        by_kind=tuple((kind, headings[kind], kinds[kind]) for kind in KINDS if kinds[kind]),
        by_year=tuple(by_year),
        undated=sum(entry.year is None for entry in works),
    )
