"""Titles compared with many at once are those that are alike one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bibtool.model.works.titles import alike_among, may_be_alike

_WORDS = st.lists(st.sampled_from("on the growth of pears and plums in gardens i ii ö".split()), max_size=7)
_TITLES = st.one_of(_WORDS.map(" ".join), st.text(max_size=12))


@given(_TITLES, st.lists(_TITLES, max_size=30))
def test_many_titles_are_compared_as_one_by_one(title: str, others: list[str]) -> None:
    assert alike_among(title, others) == [at for at, other in enumerate(others) if may_be_alike(title, other)]


def test_a_title_that_begins_another_is_alike() -> None:
    others = ["the growth of pears in the gardens of the north and of the south of this country", *["x"] * 20]
    assert alike_among("the growth", others) == [0]
    assert alike_among("the grow", others) == []
    assert alike_among("", [*[""] * 7, " "]) == [*range(8)]
    assert alike_among(others[0], ["the growth", *["x"] * 20]) == [0]
