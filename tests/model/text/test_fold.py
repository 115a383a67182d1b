"""Texts made comparable, and the words of months."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.bib.values import MONTHS, month_macro
from bibtool.model.monthnames import MONTH_NAMES, MONTH_WORDS, month_number, season_number
from bibtool.model.text.fold import fold, without_accents, words


def test_folding_spells_letters_out_and_decomposing_leaves_them() -> None:
    assert fold("Łódź–Ærø Straße") == "lodz aero strasse"
    assert without_accents("Łódź–Ærø") == "Łodz–Ærø"


def test_greek_is_its_name_and_an_omicron_is_itself() -> None:
    assert words(r"\theta-μ Σς ο $\alpha$") == ["theta", "mu", "sigma", "sigma", "ο", "alpha"]


@pytest.mark.parametrize("number", range(1, 13))
def test_a_month_by_its_words_and_number(number: int) -> None:
    name = MONTH_NAMES[number - 1]
    macro = list(MONTHS)[number - 1]
    for word in (name, name.upper(), name[:3], f"{name[:3]}.", f" {name} "):
        assert (month_number(word), month_macro(word)) == (number, macro)
    assert [month_macro(digits) for digits in (str(number), f"{number:02}", f"{number:04}")] == [macro] * 3


@pytest.mark.parametrize("text", ["", "0", "13", "100", "9" * 5000, "Sepember", "m", "1a", "January 2"])
def test_no_month(text: str) -> None:
    assert month_macro(text) is None


def test_other_words() -> None:
    assert month_number("Sept.") == 9
    assert {season_number(word) for word in ("Autumn", "fall")} == {3}
    assert season_number("3") is None
    assert {month_number(word) for word in MONTH_WORDS} == set(range(1, 13))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\\"), max_size=30))
def test_words_are_the_runs_of_letters_and_digits_whatever_is_quick(text: str) -> None:
    bare = fold(re.sub(r"[{}'’]", "", text))
    greek = "".join(f" {words(char)[0]} " if "α" <= char <= "ω" and char != "ο" else char for char in bare)
    assert words(text) == re.findall(r"[^\W_]+", greek)


@given(st.text(max_size=30))
def test_without_accents_leaves_out_just_what_combines(text: str) -> None:
    decomposed = unicodedata.normalize("NFKD", text)
    assert without_accents(text) == "".join(char for char in decomposed if not unicodedata.combining(char))
