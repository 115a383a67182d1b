"""The judge of works, asked of every pair."""

from __future__ import annotations

import pytest

from bibtool.model.works.verdict import Kind, Verdict, compare
from tests.works.table import Pair, pairs


@pytest.mark.parametrize("pair", pairs(), ids=str)
def test_the_verdict_is_right_both_ways_round(pair: Pair) -> None:
    for one, other in (pair.both, pair.both[::-1]):
        judgement = compare(one, other)
        assert (judgement.verdict, judgement.kind) == (pair.verdict, pair.kind), pair.why


@pytest.mark.parametrize("pair", pairs(), ids=str)
def test_a_verdict_gives_its_reasons(pair: Pair) -> None:
    judgement = compare(*pair.both)
    if pair.verdict in ("same", "manifestation"):
        assert judgement.reasons_for
    else:
        assert judgement.reasons_against


@pytest.mark.parametrize("pair", pairs(), ids=str)
def test_a_record_is_the_same_as_itself(pair: Pair) -> None:
    assert [compare(record, record).verdict for record in pair.both] == [Verdict.SAME, Verdict.SAME]


def test_verdicts_and_kinds_are_words() -> None:
    assert set(Verdict) == {pair.verdict for pair in pairs()}
    assert {str(kind) for kind in Kind} >= {pair.kind for pair in pairs()} - {""}
