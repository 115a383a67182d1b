"""Publications per year as a bar chart: SVG for a page, and text for a terminal or a README."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from bibtool.model.text.inert import inert
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BARS: Final = 100  # more years than that are put together, so that one odd year does not make a chart of thousands
_STEPS: Final = (1, 2, 5)  # a bar or a label covers 1, 2, 5, 10, 20 ... years


class Bar(NamedTuple):
    """Works of the years from ``first`` to ``last``, which are the same but in a chart over very many years."""

    first: int
    last: int
    works: int

    @property
    def label(self) -> str:
        """The year, or the first and the last."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


def bars_of(by_year: Sequence[tuple[int, int]]) -> tuple[Bar, ...]:
    """One bar for each year from the first to the last, also for those without a work; empty for no year.

    Over more than `MAX_BARS` years a bar covers 2, 5, 10 ... of them and begins at a round year. A year that is
    given twice counts twice, a negative count is ignored.
    """
    if not by_year:
        return ()
    years = [year for year, _ in by_year]
    low, high = min(years), max(years)
    step = _step((high - low + 1) / MAX_BARS)
    start = low // step if step > 1 else low
    counts: dict[int, int] = {}
    for year, count in by_year:
        at = year // step
        counts[at] = counts.get(at, 0) + max(count, 0)
    return tuple(Bar(at * step, at * step + step - 1, counts.get(at, 0)) for at in range(start, high // step + 1))


def _step(least: float) -> int:
    """The first of 1, 2, 5, 10, 20 ... that is not less."""
    power = 1
    while True:
        for base in _STEPS:
            if base * power >= least:
                return base * power
        power *= 10


_WIDTH: Final = 480.0
_HEIGHT: Final = 150.0
_TOP: Final = 18.0  # room for the number over the highest bar
_FOOT: Final = 22.0  # room for the years
_DIGIT: Final = 7.0  # the width of a digit at the font size of 12
_WIDEST_BAR: Final = 46.0


def svg_chart(by_year: Sequence[tuple[int, int]], *, title: str, unit: str = "") -> str:
    """An inline ``<svg>`` of the counts, on one line; "" where there is no year.

    It is as wide as its surroundings, but never enlarged, and has the colour of the text, so that it fits a dark
    page and paper. Its name for screen readers is the title, its description all the numbers (``unit`` after the
    last one). Numbers and years that would run into each other are left out; a year without a work is a gap.
    Nothing in it needs a style sheet, so that a page may forbid styles (Content-Security-Policy).
    """
    bars = bars_of(by_year)
    if not bars:
        return ""
    slot = min(_WIDTH / len(bars), _WIDEST_BAR * 1.4)
    wide = slot * 0.72 if slot > 8 else slot * 0.86
    # the first and the last year may be wider than their bars
    left = max((_longest(bars) * _DIGIT - slot) / 2 + 1, 0.0)
    width = slot * len(bars) + 2 * left
    most = max(bar.works for bar in bars) or 1
    room = _HEIGHT - _TOP - _FOOT
    base = _HEIGHT - _FOOT
    numbered = slot >= len(str(most)) * _DIGIT + 2
    every = _label_step(bars, slot)
    columns: list[str] = []
    numbers: list[str] = []
    years: list[str] = []
    for at, bar in enumerate(bars):
        middle = left + slot * (at + 0.5)
        if bar.works:
            high = max(room * bar.works / most, 1.5)
            columns.append(
                f'<rect x="{middle - wide / 2:.1f}" y="{base - high:.1f}" width="{wide:.1f}" height="{high:.1f}"/>'
            )
            if numbered or bar.works == most:
                numbers.append(f'<text x="{middle:.1f}" y="{base - high - 5:.1f}">{bar.works}</text>')
        if is_labelled(bar, bars, every):
            years.append(f'<text x="{middle:.1f}" y="{_HEIGHT - 6:.1f}">{bar.first}</text>')
    if not numbered:
        numbers = numbers[:1]  # the highest bar gives the scale
    told = "; ".join(f"{bar.label}: {bar.works}" for bar in bars if bar.works)
    return (
        f'<svg class="bibtool-chart" role="img" viewBox="0 0 {width:.0f} {_HEIGHT:.0f}" width="{width:.0f}" '
        f'height="{_HEIGHT:.0f}" xmlns="http://www.w3.org/2000/svg" fill="currentColor" font-size="12" '
        f'text-anchor="middle"><title>{_text(title)}</title><desc>{_text(f"{told} {unit}".strip())}</desc>'
        f'<g fill-opacity="0.7">{"".join(columns)}</g>'
        f'<path d="M0 {base + 0.5:.1f}H{width:.0f}" stroke="currentColor" stroke-opacity="0.5" fill="none"/>'
        f"{''.join(numbers)}{''.join(years)}</svg>"
    )


def _label_step(bars: Sequence[Bar], slot: float) -> int:
    """How many years apart the labels are so that none touches the next."""
    years_a_bar = bars[0].last - bars[0].first + 1
    return _step((_longest(bars) * _DIGIT + 6) / slot * years_a_bar)


def _longest(bars: Sequence[Bar]) -> int:
    return max(len(str(bars[0].first)), len(str(bars[-1].first)))


def is_labelled(bar: Bar, bars: Sequence[Bar], every: int) -> bool:
    """Round years; where there is none among the bars, the first one."""
    if bar.first % every == 0:
        return True
    return bar is bars[0] and all(neighbour.first % every for neighbour in bars)


def _text(text: str) -> str:
    return escape(inert(text), quote=False)


def text_chart(by_year: Sequence[tuple[int, int]], width: int = 60, *, block: str = "█") -> str:
    """The counts as lines of "year, bar, number", at most ``width`` characters wide, without a final newline.

    A block is one work as long as all fit; beyond that the bars are to scale, and a year with a work has at least one
    block. A year without a work has a line without a bar. "" where there is no year.
    """
    bars = bars_of(by_year)
    if not bars:
        return ""
    label = max(len(bar.label) for bar in bars)
    most = max(bar.works for bar in bars)
    room = max(width - label - len(str(most)) - 2, 1)
    lines = []
    for bar in bars:
        length = bar.works if most <= room else max((bar.works * room * 2 + most) // (most * 2), bar.works > 0)
        lines.append(f"{bar.label:>{label}} {block * length}{' ' if length else ''}{bar.works}")
    return "\n".join(lines)
