"""Markup in the words of a style: values and terms are rich text, affixes are not."""

from __future__ import annotations

import pytest

from tests.styles.data import record, style_source
from tests.styles.test_processor import made

TERMS = (
    '<locale><terms><term name="in">&lt;i&gt;apud&lt;/i&gt;</term><term name="volume" form="short">'
    "<single>vol&lt;sup&gt;o&lt;/sup&gt;</single><multiple>voll</multiple></term>"
    '<term name="editor" form="short">&lt;b&gt;ed&lt;/b&gt;</term><term name="et-al">et &lt;i&gt;al&lt;/i&gt;</term>'
    "</terms></locale>"
)


@pytest.mark.parametrize(
    ("layout", "wanted"),
    [
        ('<text value="see &lt;i&gt;also&lt;/i&gt;"/>', "see <i>also</i>"),
        ('<text value="H&lt;sub&gt;2&lt;/sub&gt;O"/>', "H<sub>2</sub>O"),
        (
            '<text value="see &lt;i&gt;also&lt;/i&gt;" font-style="italic"/>',
            '<i>see <span style="font-style:normal;">also</span></i>',
        ),
        ('<text value="1 &lt; 2 &amp; 3"/>', "1 &lt; 2 &amp; 3"),
        ('<text value="a" prefix="&lt;i&gt;b&lt;/i&gt;"/>', "&lt;i&gt;b&lt;/i&gt;a"),
        ('<text term="in"/>', "<i>apud</i>"),
        ('<text term="in" text-case="capitalize-first"/>', "<i>Apud</i>"),
        ('<label variable="volume" form="short"/>', "vol<sup>o</sup>"),
        ('<names variable="editor"><name form="short"/><label form="short" prefix=" "/></names>', "Ito <b>ed</b>"),
        (
            '<names variable="author"><name form="short" delimiter=" " et-al-min="2" et-al-use-first="1"/></names>',
            "Poe et <i>al</i>",
        ),
    ],
)
def test_markup_in_values_and_terms(layout: str, wanted: str) -> None:
    work = record("a", volume="3", editor="Ito, A", author="Poe, E; Roe, A")
    source = style_source(f"<layout>{layout}</layout>", macros=TERMS)
    assert made(source, work, output="html").cite("a").replace("’", "'") == wanted


@pytest.mark.parametrize(
    ("kind", "inner", "wanted"),
    [
        ("note", 'prefix="(" suffix=")"', "(A Publisher, [2020])"),
        ("note", 'prefix=" (in " suffix=") "', "(A Publisher, [in 2020] )"),
        ("note", 'prefix="(" suffix=""', "(A Publisher, (2020)"),  # no pair
        ("in-text", 'prefix="(" suffix=")"', "(A Publisher, (2020))"),
    ],
)
def test_parentheses_in_parentheses_are_brackets_in_notes(kind: str, inner: str, wanted: str) -> None:
    layout = (
        '<layout><group prefix="(" suffix=")" delimiter=", "><text variable="publisher"/>'
        f'<date variable="issued" {inner}><date-part name="year"/></date></group></layout>'
    )
    work = record("a", publisher="A Publisher", issued=(2020,))
    processor = made(style_source(layout, layout, kind=kind), work)
    assert processor.cite("a") == processor.bibliography().entries[0].text == wanted


def test_parentheses_three_deep_are_parentheses_again() -> None:
    layout = '<layout><group prefix="(" suffix=")">{}</group></layout>'.format(
        '<text value="one "/><group prefix="(" suffix=")"><text value="two "/><text variable="title" prefix="(" '
        'suffix=")"/></group>'
    )
    assert made(style_source(layout, kind="note"), record("a", title="Three")).cite("a") == "(one [two (Three)])"
