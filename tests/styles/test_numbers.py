"""Numbers and locators: their plural, and the words between them."""

from __future__ import annotations

import pytest

from bibtool.styles import CitationItem, Processor, Style
from tests.styles.data import record, style_source

LOCATOR = '<layout><label variable="locator" form="short" suffix=" "/><text variable="locator"/></layout>'
PLUS = '<locale><terms><term name="and" form="symbol">+</term></terms></locale>'


def _located(locator: str, language: str = "en-US", label: str = "page", macros: str = "") -> str:
    style = Style.parse(style_source(LOCATOR, macros=macros))
    return Processor(style, [record("a", title="T")], locale=language, output="text").cite(
        CitationItem(key="a", locator=locator, label=label)
    )


@pytest.mark.parametrize(
    ("locator", "wanted"),
    [
        ("22-25, fn. 7", "pp. 22–25, fn. 7"),
        ("22–25 passim", "pp. 22–25 passim"),
        ("iii, v, and elsewhere", "pp. iii, v, and elsewhere"),
        ("4; 8 n. 2", "pp. 4; 8 n. 2"),
        ("22, fn. 7", "p. 22, fn. 7"),
        ("22 passim", "p. 22 passim"),
        ("22 fn. 7, 8", "p. 22 fn. 7, 8"),
        ("cf. 22-25", "p. cf. 22–25"),
        ("22-25", "pp. 22–25"),
        ("iv, B, D-F", "pp. iv, B, D–F"),
        ("22 and C", "pp. 22 and C"),
        ("B, C", "p. B, C"),
        ("22, n", "p. 22, n"),
    ],
)
def test_the_numbers_at_the_start_make_the_plural(locator: str, wanted: str) -> None:
    assert _located(locator) == wanted


@pytest.mark.parametrize(
    ("language", "locator", "wanted"),
    [
        ("es-ES", "3, y 9", "pp. 3, y 9"),
        ("pt-PT", "3, e 9", "pp. 3, e 9"),
        ("it-IT", "3, 5, e 9", "pp. 3, 5, e 9"),
        ("es-ES", "3 y 9", "pp. 3 y 9"),
    ],
)
def test_the_and_of_a_language_joins_numbers_also_behind_a_comma(language: str, locator: str, wanted: str) -> None:
    assert _located(locator, language) == wanted


@pytest.mark.parametrize(
    ("macros", "wanted"), [(PLUS, "pp. 3 + 9; vols. 4 + 5; 4th + 5th"), ("", "pp. 3 & 9; vols. 4 & 5; 4th & 5th")]
)
def test_an_ampersand_between_numbers_is_the_symbol_of_the_style(macros: str, wanted: str) -> None:
    layout = LOCATOR.replace(
        "</layout>",
        '<label variable="volume" form="short" prefix="; " suffix=" "/><number variable="volume"/>'
        '<number variable="volume" form="ordinal" prefix="; "/></layout>',
    )
    style = Style.parse(style_source(layout, macros=macros))
    cite = CitationItem(key="a", locator="3 & 9")
    assert Processor(style, [record("a", volume="4 & 5")], output="text").cite(cite) == wanted


@pytest.mark.parametrize(
    ("volume", "wanted"), [("7-8, supplement", "vols."), ("7-8 new series", "vols."), ("7 new series", "vol.")]
)
def test_the_plural_of_a_number_variable(volume: str, wanted: str) -> None:
    style = Style.parse(style_source('<layout><label variable="volume" form="short"/></layout>'))
    assert Processor(style, [record("a", volume=volume)], output="text").cite("a") == wanted


@pytest.mark.parametrize(
    ("pages", "by_15th", "by_16th"),
    [
        # examples of CSL 1.0.2, "Page Range Formats"
        ("3-10", "3–10", "3–10"),
        ("600-613", "600–613", "600–613"),
        ("1100-1123", "1100–1123", "1100–1123"),
        ("505-517", "505–17", "505–17"),
        ("1002-1006", "1002–6", "1002–6"),
        ("415-532", "415–532", "415–532"),
        ("11564-11568", "11564–68", "11564–68"),
        ("13792-13803", "13792–803", "13792–803"),
        ("1496-1504", "1496–1504", "1496–504"),
        ("1087-1089", "1087–89", "1087–89"),
        # of five digits and more, the 15th edition has two "or more as needed", too
        ("12991-13001", "12991–3001", "12991–3001"),
        ("123456-124001", "123456–4001", "123456–4001"),
    ],
)
def test_page_ranges_of_chicago(pages: str, by_15th: str, by_16th: str) -> None:
    one = record("a", page=pages)
    for how, wanted in (("chicago", by_15th), ("chicago-15", by_15th), ("chicago-16", by_16th)):
        source = style_source('<layout><text variable="page"/></layout>', more=f'page-range-format="{how}"')
        assert Processor(Style.parse(source), [one], output="text").cite("a") == wanted


@pytest.mark.parametrize(
    ("locator", "wanted"),
    [
        ("xii", "p. xii"), ("iv-x", "pp. iv–x"), ("v, 12", "pp. v, 12"), ("lxxxix", "p. lxxxix"), ("12a", "p. 12a"),
        ("XII", "XII"), ("c", "c"), ("mix", "mix"), ("iiii", "iiii"), ("xii ff.", "xii ff."), ("", ""),
    ],
)  # fmt: skip
def test_small_roman_numerals_are_numeric(locator: str, wanted: str) -> None:
    """CSL 1.0.2, "Choose": "Content is considered numeric if it solely consists of numbers"."""
    label = '<choose><if is-numeric="locator"><label variable="locator" form="short" suffix=" "/></if></choose>'
    style = Style.parse(style_source(f'<layout>{label}<text variable="locator"/></layout>'))
    processor = Processor(style, [record("a")], output="text", empty_citation="")
    assert processor.cite(CitationItem(key="a", locator=locator)) == wanted
