"""What is simple is decided without patterns, and as the patterns for the rest decide it."""

from __future__ import annotations

import re
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from bibtool.model.text import collation
from bibtool.styles.fieldtext import has_marks
from bibtool.styles.initials import initialize, mark_initials
from bibtool.styles.numbers import page_range, parse_number, same_prefixes

DIGITS = st.integers(1, 99_999).map(str)
WORDS = st.text(st.sampled_from("abÉ李.'"), max_size=4).map("A{}".format)
FORMATS = st.sampled_from(("chicago", "chicago-16", "expanded", "minimal", "minimal-two", ""))


@given(DIGITS, DIGITS)
def test_a_range_with_a_hyphen_is_one_with_a_dash(first: str, last: str) -> None:
    hyphen, dash = parse_number(f"{first}-{last}"), parse_number(f"{first}–{last}")
    assert hyphen.parts == (first, "-", last)
    assert dash.parts == (first, "–", last)
    assert (hyphen.is_numeric, hyphen.is_plural, hyphen.is_list) == (dash.is_numeric, dash.is_plural, dash.is_list)
    assert same_prefixes(hyphen.parts)


@given(DIGITS, DIGITS, FORMATS)
def test_letters_in_front_change_no_page_range(first: str, last: str, how: str) -> None:
    begin, end = page_range(f"A{first}", f"A{last}", how)
    assert (begin.removeprefix("A"), end.removeprefix("A")) == page_range(first, last, how)


@given(st.lists(WORDS, min_size=1, max_size=3), st.sampled_from((". ", ".", "", " ", "-")))
def test_spaces_in_given_names_count_once(words: list[str], mark: str) -> None:
    for change in (initialize, mark_initials):
        assert change("  ".join(words), mark) == change(" ".join(words), mark)
        assert change("\t".join(words), mark) == change(" ".join(words), mark)


@given(st.text(st.sampled_from("ab<span class=> :;?!»«\"'“”‘’‹›„‚é–\u00a0"), max_size=12))
def test_what_has_marks(text: str) -> None:
    assert has_marks(text) is (re.search("<span class|[\"'“”‘’«»‹›„‚]| [:;?!]", text) is not None)


@given(st.characters())
def test_which_characters_no_order_looks_at(char: str) -> None:
    is_kept = re.match(r"[\w\s\u0900-\u0fff\u1780-\u17ff\U0010ff00-\U0010fffd]", char) is not None and char != "_"
    letters, _ = cast("tuple[str, str]", collation.collation("en-US")(char))
    assert bool(letters) is (is_kept and not char.isspace())
