"""Similar titles by one person: of few all, of many those that are close in the alphabet."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.model.works.similar import MANY, SimilarTitles, near_in
from bibtool.model.works.titles import may_be_alike

WORDS = "on the complexity of distributed networks with graphs and learned trees growth of real forests".split()
TITLES = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), max_size=MANY)


def a_long_row() -> list[str]:
    """500 titles, no two of them similar, many with the same beginnings and ends."""
    chance = random.Random(3)
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [
        f"a study of {' '.join(''.join(chance.choices(letters, k=8)) for _ in range(4))} in practice"
        for _ in range(500)
    ]


@given(TITLES, st.sampled_from(WORDS))
def test_of_few_titles_all_are_compared(titles: list[str], word: str) -> None:
    similar = SimilarTitles((title, at) for at, title in enumerate(titles))
    for title in (*titles, word):
        assert similar.near(title) == [at for at, other in enumerate(titles) if may_be_alike(title, other)]


@pytest.mark.parametrize("place", [0, 1, 250, 499])
def test_of_many_titles_those_with_a_slip_are_found(place: int) -> None:
    titles = a_long_row()
    similar = SimilarTitles((title, at) for at, title in enumerate(titles))
    title = titles[place]
    words = title.split()
    middle = len(title) // 2
    slips = [
        title,
        "the" + title[1:],  # at the beginning
        title[:-3],  # at the end
        title[:middle] + "q" + title[middle + 1 :],  # in the middle
        " ".join((*words[:4], *words[5:])) if len(words[4]) < 5 else title[1:],  # a word or letter too few
        title + " and in theory",  # goes on
        " ".join(words[:6]),  # is cut
    ]
    for slip in slips:
        assert may_be_alike(slip, title)
        assert similar.near(slip) == [place]


def test_titles_that_come_later_are_found_too() -> None:
    similar: SimilarTitles[str] = SimilarTitles()
    for number, title in enumerate(a_long_row()):
        assert similar.near(title) == []
        similar.add(title, f"item {number}")
        assert similar.near(title) == [f"item {number}"]


def test_no_titles_no_similar_ones() -> None:
    assert SimilarTitles().near("growth") == []
    assert SimilarTitles([("", 1)]).near("growth") == []


@given(st.lists(st.one_of(st.none(), TITLES), max_size=4), st.sampled_from(WORDS))
def test_several_rows_at_once_are_as_one_after_the_other(rows: list[list[str] | None], word: str) -> None:
    made = [
        None if titles is None else SimilarTitles((title, (at, number)) for at, title in enumerate(titles))
        for number, titles in enumerate(rows)
    ]
    for title in (word, *(title for titles in rows for title in titles or ())):
        assert near_in(made, title) == [item for row in made if row is not None for item in row.near(title)]


def test_several_rows_of_many_titles() -> None:
    rows = [SimilarTitles((title, f"{number}: {title}") for title in a_long_row()) for number in range(3)]
    title = a_long_row()[7]
    assert near_in([rows[2], None, rows[0]], title[:-2]) == [f"2: {title}", f"0: {title}"]


MANY_TITLES = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), min_size=MANY - 4, max_size=3 * MANY
)


@given(st.lists(MANY_TITLES, min_size=1, max_size=3), st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join))
def test_all_that_is_looked_at_is_compared(rows: list[list[str]], title: str) -> None:
    made = [SimilarTitles((other, (at, number)) for at, other in enumerate(row)) for number, row in enumerate(rows)]
    looked_at = [pair for row in made for pair in zip(*row.looked_at(title), strict=True)]
    assert near_in(made, title) == [item for other, item in looked_at if may_be_alike(title, other)]
