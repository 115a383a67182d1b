"""A search as the full-text index takes it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bibtool.store.search import match_expression, phrases_of


@given(st.text("aZ9é", min_size=1, max_size=4), st.text("bY0 ü-", max_size=6))
def test_a_word_alone_is_read_as_any_other(word: str, rest: str) -> None:
    phrases, open_end = phrases_of(f"{word} {rest}")
    assert phrases[0] == phrases_of(word)[0][0]
    assert phrases_of(word) == phrases_of(f" {word}")
    assert open_end


@given(st.text("aZ9é_- \t\x1c", max_size=12) | st.integers(60, 70).map(lambda number: "ab " * number))
def test_words_without_punctuation_are_read_as_others(text: str) -> None:
    """They take a shorter way, which a full stop, of which nothing is looked for, blocks."""
    assert phrases_of(text) == phrases_of(f"{text} .")


def test_the_last_word_may_be_the_beginning_of_one() -> None:
    assert match_expression("Trend") == '"trend"*'
    assert match_expression("É9") == '"e9"*'
    assert match_expression('"Trend"') == '"trend"'
    assert match_expression("-") == ""
