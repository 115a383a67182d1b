"""The tables themselves: well formed, large enough, each pair once."""

from __future__ import annotations

from collections import Counter

from tests.works.table import name_pairs, pairs

KINDS = {"preprint", "thesis", "conference", "abstract", "translation", "edition", "data", "patent"}


def test_every_verdict_has_many_pairs() -> None:
    counts = Counter(pair.verdict for pair in pairs())
    assert counts.keys() == {"same", "manifestation", "doubtful", "different"}
    assert min(counts.values()) >= 40
    assert {pair.kind for pair in pairs() if pair.verdict == "manifestation"} == KINDS
    assert {pair.kind for pair in pairs() if pair.verdict != "manifestation"} == {""}


def test_every_pair_stands_once_and_says_why() -> None:
    assert max(Counter(pair.name for pair in pairs()).values()) == 1
    assert [pair.name for pair in pairs() if not pair.why] == []
    texts = Counter(pair.texts for pair in name_pairs())
    assert max(texts.values()) == 1


def test_there_are_names_for_every_combination_of_answers() -> None:
    counts = Counter((pair.matching, pair.strict) for pair in name_pairs())
    assert len(name_pairs()) >= 80
    assert counts.keys() == {(True, True), (True, False), (False, False)}
    assert min(counts.values()) >= 15
