"""What a style as a whole asks for."""

from __future__ import annotations

import pytest

from bibtool.styles.style import Style
from bibtool.styles.survey import Survey
from tests.styles.data import style_source

YEAR = '<macro name="year"><group><text variable="year-suffix"/></group></macro>'
OUTER = '<macro name="outer"><choose><if type="book"><text macro="year"/></if></choose></macro>'
ASKS = '<choose><if disambiguate="true"><text value="x"/></if></choose>'


def surveyed(source: str) -> Survey:
    return Survey.of(Style.parse(source))


@pytest.mark.parametrize(
    ("citation", "bibliography", "printed"),
    [
        ('<text variable="DOI"/>', "", {"DOI"}),
        ('<text macro="year"/>', "", {"year-suffix"}),
        ('<number variable="volume"/>', '<group><text macro="outer"/></group>', {"year-suffix"}),
        ('<text macro="outer"/><text variable="URL"/>', '<text macro="year"/>', {"year-suffix", "URL"}),
        ('<text value="x"/>', "", set()),
    ],
)
def test_printed_variables_are_those_of_called_macros(citation: str, bibliography: str, printed: set[str]) -> None:
    area = f"<layout>{bibliography}</layout>" if bibliography else ""
    source = style_source(f"<layout>{citation}</layout>", area, macros=YEAR + OUTER)
    assert surveyed(source).printed == printed


@pytest.mark.parametrize(
    ("macros", "citation", "bibliography", "wanted"),
    [
        ("", ASKS, '<text variable="title"/>', True),
        ("", '<text variable="title"/>', ASKS, False),
        (f'<macro name="m">{ASKS}</macro>', '<text variable="title"/>', '<text variable="title"/>', True),
        (f'<macro name="m">{ASKS}</macro>', '<text variable="title"/>', '<text macro="m"/>', True),
        ("", ASKS.replace("true", "false"), '<text variable="title"/>', False),
    ],
)
def test_conditions_of_citations_and_macros(macros: str, citation: str, bibliography: str, wanted: bool) -> None:
    source = style_source(f"<layout>{citation}</layout>", f"<layout>{bibliography}</layout>", macros=macros)
    assert surveyed(source).has_condition is wanted
