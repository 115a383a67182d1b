"""The comparison of persons in both strictnesses, asked of every pair of names."""

from __future__ import annotations

import pytest

from bibtool.cv.owner import Finder, make_owner
from bibtool.model.works.fit import Answer
from bibtool.model.works.people import Strictness, same_person
from tests.works.table import NamePair, name_pairs


@pytest.mark.parametrize("pair", name_pairs(), ids=str)
def test_two_names_may_be_one_persons(pair: NamePair) -> None:
    assert same_person(pair.first, pair.second, strictness=Strictness.MATCHING) is pair.matching
    assert same_person(pair.second, pair.first, strictness=Strictness.MATCHING) is pair.matching


@pytest.mark.parametrize("pair", name_pairs(), ids=str)
def test_the_second_name_is_certainly_the_firsts(pair: NamePair) -> None:
    assert same_person(pair.first, pair.second, strictness=Strictness.STRICT) is pair.strict


@pytest.mark.parametrize("pair", [pair for pair in name_pairs() if not pair.first.literal], ids=str)
def test_the_owner_of_a_list_is_found_as_strictly(pair: NamePair) -> None:
    answer = Finder(make_owner([pair.texts[0]])).verdict(pair.second).answer
    assert (answer is Answer.YES) is pair.strict
