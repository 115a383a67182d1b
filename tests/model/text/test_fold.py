"""Texts made comparable, and the words of months."""

from __future__ import annotations

import pytest

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
