"""Groups and macros: what they hold is printed if one of the variables that they call has a value."""

from __future__ import annotations

import pytest

from bibtool.model.dates import Date
from bibtool.model.record import Record
from tests.styles.data import record, style_source
from tests.styles.test_processor import made

MACROS = """
<macro name="place"><text variable="publisher-place"/></macro>
<macro name="house"><group><text macro="place"/></group></macro>
<macro name="bold"><text variable="publisher" font-weight="bold"/></macro>
<macro name="words"><text value="W"/></macro>
<macro name="year"><date variable="issued"><date-part name="year"/></date></macro>
<macro name="who">
  <names variable="author"><substitute><names variable="editor"/><text macro="house"/></substitute></names>
</macro>
<macro name="who-or-words">
  <names variable="author"><substitute><text macro="place"/><text value="N.N."/></substitute></names>
</macro>
"""
WORKS = (
    record("a", title="A"),
    record("b", **{"title": "B", "publisher": "Pen", "publisher-place": "Rome"}),
    record("c", **{"title": "C", "publisher-place": "Bonn", "volume": "7"}),
)


def entries(layout: str, *works: Record) -> list[str]:
    """What a list has of the works, in their order, whichever of them is first."""
    source = style_source(bibliography=f"<layout>{layout}</layout>", macros=MACROS)
    found = [entry.text for entry in made(source, *works).bibliography().entries]
    again = [entry.text for entry in made(source, *reversed(works)).bibliography().entries]
    assert found == again[::-1]
    return found


@pytest.mark.parametrize(
    ("group", "wanted"),
    [
        ('<text value="W"/><text macro="place"/>', ["", "W, Rome", "W, Bonn"]),
        ('<text macro="words"/><text macro="place"/>', ["W", "W, Rome", "W, Bonn"]),
        ('<text value="W"/><text macro="house"/><text macro="bold"/>', ["", "W, Rome, Pen", "W, Bonn"]),
        ('<group><text macro="house"/></group><text macro="bold"/>', ["", "Rome, Pen", "Bonn"]),
        (
            '<text value="W"/><group prefix="("  suffix=")"><text macro="place"/></group>',
            ["", "W, (Rome)", "W, (Bonn)"],
        ),
        ('<label variable="volume" form="short"/><number variable="volume"/>', ["", "", "vol., 7"]),
        ('<text value="W"/><text macro="who"/>', ["", "W, Rome", "W, Bonn"]),
        # words that stand for names are no value
        ('<text value="W"/><text macro="who-or-words"/>', ["", "W, Rome", "W, Bonn"]),
        ('<text value="W"/><text variable="publisher" strip-periods="true"/>', ["", "W, Pen", ""]),
    ],
)
def test_a_group_is_printed_for_its_variables(group: str, wanted: list[str]) -> None:
    layout = f'<text variable="title"/><group delimiter=", " prefix=" ">{group}</group>'
    assert entries(layout, *WORKS) == [
        f"{work.key.upper()} {text}".strip() for work, text in zip(WORKS, wanted, strict=True)
    ]


@pytest.mark.parametrize(
    ("date", "wanted"),
    [
        ("1999", "(1999)"),
        ("0499", "(499 AD)"),
        ("-0043", "(43 BC)"),
        ("1999-05", "(1999)"),
        ("1999/2001", "(1999–2001)"),
        ("1999/", "(1999–)"),
        ("soon?", "(soon?)"),
    ],
)
def test_the_year_of_a_list(date: str, wanted: str) -> None:
    work = record("a", title="A").with_values({"issued": Date.parse(date)})
    assert entries('<group prefix="(" suffix=")"><text macro="year"/></group>', work) == [wanted]
