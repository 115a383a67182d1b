"""Locators at the start of a suffix."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.styles.locale import Locale
from bibtool.styles.pandoc.locators import LocatorReader

ENGLISH = LocatorReader(Locale.load("en-US"))


@pytest.mark.parametrize(
    ("suffix", "wanted"),
    [
        (", p.\u00a012-14", ("page", "12-14", "")),
        (", pp. 3, 5 and <i>passim</i>", ("page", "3, 5", " and <i>passim</i>")),
        ("chap.\u00a03", ("chapter", "3", "")),
        (", chapter 3", ("chapter", "3", "")),
        (", 33-35 passim", ("page", "33-35", " passim")),
        (", {ii, A, D-Z}, with a suffix", ("page", "ii, A, D-Z", ", with a suffix")),
        ("{pp. iv, vi-xi, (xv)-(xvii)} more", ("page", "iv, vi-xi, (xv)-(xvii)", " more")),
        (", pp. iv, vi-xi, (xv)-(xvii) with suffix", ("page", "iv, vi-xi, (xv)-(xvii)", " with suffix")),
        (", §4", ("section", "4", "")),
        (", §§ 4-6", ("section", "4-6", "")),
        (", {}, 99 years later", ("", "", ", 99 years later")),
        (", and nowhere else", ("", "", ", and nowhere else")),
        (" in general", ("", "", " in general")),
        (", iv", ("", "", ", iv")),
        (", p. 3.", ("page", "3", ".")),
        (", fig. 2a; a remark", ("figure", "2a", "; a remark")),
        (", {p. 3", ("", "", ", {p. 3")),
        ("", ("", "", "")),
    ],
)
def test_english(suffix: str, wanted: tuple[str, str, str]) -> None:
    assert ENGLISH.read(suffix) == wanted


@pytest.mark.parametrize(
    ("lang", "suffix", "wanted"),
    [
        ("de-DE", ", S. 12", ("page", "12", "")),
        ("de-DE", ", Kap. 3", ("chapter", "3", "")),
        ("de-DE", ", p. 12", ("page", "12", "")),
        ("fr-FR", ", p. 12-14", ("page", "12-14", "")),
        ("fr-FR", ", chap. 3", ("chapter", "3", "")),
        ("sv-SE", ", s. 12", ("page", "12", "")),
    ],
)
def test_terms_of_the_locale(lang: str, suffix: str, wanted: tuple[str, str, str]) -> None:
    assert LocatorReader(Locale.load(lang)).read(suffix) == wanted


@pytest.mark.slow
@given(st.text(alphabet="pS.,;{}()[]-–0123ivx §\u00a0ab<i>&", max_size=40))
def test_nothing_of_a_suffix_is_lost(suffix: str) -> None:
    label, locator, rest = ENGLISH.read(suffix)
    assert suffix.endswith(rest)
    assert bool(label) == bool(locator)
    assert locator in suffix
    lost = suffix[: len(suffix) - len(rest)].replace(locator, "", 1)
    assert not any(char.isdigit() for char in lost) or "{" in lost
