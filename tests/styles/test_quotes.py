"""Punctuation beside quotation marks."""

from __future__ import annotations

import pytest

from bibtool.styles import Processor, Style
from tests.styles.data import record, style_source


def _quoted(language: str, suffix: str, prefix: str, title: str = "rain") -> str:
    layout = f'<text variable="title" quotes="true" suffix="{suffix}"/><text value="snow" prefix="{prefix}"/>'
    style = Style.parse(style_source(f"<layout>{layout}</layout>"))
    return Processor(style, [record("a", title=title)], locale=language, output="text").cite("a")


@pytest.mark.parametrize(
    ("suffix", "prefix", "wanted"),
    [
        ("?", ": ", "“rain?” snow"),
        ("!", ": ", "“rain!” snow"),
        (":", "! ", "“rain!” snow"),
        (":", "? ", "“rain?” snow"),
        (";", "? ", "“rain?” snow"),
        ("?", ". ", "“rain?” snow"),
        ("?", ", ", "“rain?,” snow"),
        ("", ": ", "“rain”: snow"),
        (",", ": ", "“rain,”: snow"),
    ],
)
def test_punctuation_that_meets_behind_a_quotation_mark(suffix: str, prefix: str, wanted: str) -> None:
    assert _quoted("en-US", suffix, prefix) == wanted


@pytest.mark.parametrize(
    ("title", "prefix", "wanted"),
    [
        ("rain?", ": ", "“rain?”: snow"),
        ("rain!", ": ", "“rain!”: snow"),
        ("rain?", ". ", "“rain?” snow"),
    ],
)
def test_the_mark_of_a_title_does_not_swallow_a_colon(title: str, prefix: str, wanted: str) -> None:
    assert _quoted("en-US", "", prefix, title) == wanted


@pytest.mark.parametrize(
    ("title", "prefix", "wanted"),
    [
        ("rain?", ". ", "‘rain?’. snow"),
        ("rain!", ". ", "‘rain!’. snow"),
        ("rain.", ". ", "‘rain.’ snow"),
        ("rain", ". ", "‘rain’. snow"),
        ("rain?", ", ", "‘rain?’, snow"),
    ],
)
def test_punctuation_outside_of_quotes(title: str, prefix: str, wanted: str) -> None:
    assert _quoted("en-GB", "", prefix, title) == wanted


MACROS = (
    '<macro name="m"><text variable="title" font-style="italic"/></macro>'
    '<macro name="stop"><text variable="title" font-style="italic" suffix=". "/></macro>'
)
PUBLISHER = '<text variable="publisher"/>'


@pytest.mark.parametrize(
    ("layout", "wanted"),
    [
        (f'<text variable="title" font-style="italic" suffix=". "/>{PUBLISHER}', "Who pays?. Pen"),
        ('<text variable="title" font-style="italic"/><text variable="publisher" prefix=". "/>', "Who pays?. Pen"),
        (f'<group delimiter=": "><text variable="title" font-weight="bold"/>{PUBLISHER}</group>', "Who pays?: Pen"),
        ('<text variable="title"/><text variable="publisher" font-style="italic" prefix=". "/>', "Who pays?. Pen"),
        (f'<text macro="m" suffix=". "/>{PUBLISHER}', "Who pays? Pen"),
        (f'<text macro="stop"/>{PUBLISHER}', "Who pays?. Pen"),
        (f'<group><text macro="stop"/></group>{PUBLISHER}', "Who pays?. Pen"),
        (f'<group delimiter=". "><text macro="m"/>{PUBLISHER}</group>', "Who pays? Pen"),
        (f'<group font-style="italic" suffix=". "><text variable="title"/></group>{PUBLISHER}', "Who pays? Pen"),
        (f'<text variable="title" suffix=". "/>{PUBLISHER}', "Who pays? Pen"),
        (f'<group suffix="."><text variable="title" font-style="italic"/></group> {PUBLISHER}', "Who pays?Pen"),
    ],
)
def test_a_question_mark_in_a_formatted_value_keeps_what_follows(layout: str, wanted: str) -> None:
    style = Style.parse(style_source(f"<layout>{layout}</layout>", macros=MACROS))
    assert Processor(style, [record("a", title="Who pays?", publisher="Pen")], output="text").cite("a") == wanted


ITALIC = '<text variable="publisher" font-style="italic" prefix=". "/><text variable="volume" prefix=" "/>'


@pytest.mark.parametrize(
    ("layout", "wanted"),
    [
        (ITALIC, "Who pays?. Pen 4"),
        (f"<group>{ITALIC}</group>", "Who pays? Pen 4"),
        (f'<group delimiter="," suffix=";">{ITALIC}</group>', "Who pays? Pen, 4;"),
        (f"<group><group>{ITALIC}</group><text value=')'/></group>", "Who pays? Pen 4)"),
        ('<text macro="m"/>', "Who pays? Pen 4"),
        ('<text macro="m" suffix=")"/>', "Who pays? Pen 4)"),
        (f"<group>{ITALIC.replace('. ', ': ')}</group>", "Who pays? Pen 4"),
        (f"<group>{ITALIC.replace('. ', ', ')}</group>", "Who pays?, Pen 4"),
    ],
)
def test_the_first_thing_of_a_group_meets_what_is_before_the_group(layout: str, wanted: str) -> None:
    macros = f'<macro name="m">{ITALIC}</macro>'
    style = Style.parse(style_source(f'<layout><text variable="title"/>{layout}</layout>', macros=macros))
    item = record("a", title="Who pays?", publisher="Pen", volume="4")
    assert Processor(style, [item], output="text").cite("a") == wanted


def test_a_full_stop_is_never_doubled() -> None:
    layout = '<text variable="title" font-style="italic"/><text variable="publisher" prefix=". "/>'
    style = Style.parse(style_source(f"<layout>{layout}</layout>"))
    assert Processor(style, [record("a", title="The end.", publisher="Pen")], output="text").cite("a") == "The end. Pen"


@pytest.mark.parametrize(
    ("delimiter", "prefix", "wanted"),
    [
        (";", ":", "snow;:12"),
        ("; ", ":", "snow; :12"),
        (";", ";", "snow;12"),
        (":", ".", "snow:.12"),
        (".", ":", "snow.:12"),
    ],
)
def test_a_prefix_behind_a_delimiter(delimiter: str, prefix: str, wanted: str) -> None:
    missing = '<text variable="volume" font-weight="bold"/>'
    pages = f'<group>{missing}<text variable="title" prefix="{prefix}"/></group>'
    layout = f'<group delimiter="{delimiter}"><text value="snow"/>{pages}</group>'
    style = Style.parse(style_source(f"<layout>{layout}</layout>"))
    assert Processor(style, [record("a", title="12")], output="text").cite("a") == wanted


@pytest.mark.parametrize(
    ("layout", "wanted"),
    [
        ('<text variable="page" suffix=";"/>', "345;."),
        ('<number variable="volume" suffix=":" font-style="italic"/>', "12:."),
        ('<group suffix=";"><text variable="title"/><text variable="page" prefix=", "/></group>', "A, 345;."),
        ('<group suffix=";"><text variable="page"/><text variable="title" prefix=", "/></group>', "345, A;"),
        ('<group suffix=";"><text variable="page"/></group><text variable="title" prefix=". "/>', "345; A."),
        ('<text variable="page" suffix=";"/><text variable="title" prefix=". "/>', "345;. A."),
        ('<text variable="page" suffix="."/>', "345."),
        ('<date variable="issued" suffix=";"><date-part name="year"/></date>', "1999;"),
    ],
)
def test_marks_behind_numbers_are_kept(layout: str, wanted: str) -> None:
    style = Style.parse(style_source(bibliography=f'<layout suffix=".">{layout}</layout>'))
    one = record("a", title="A", page="345", volume="12", issued=(1999,))
    assert Processor(style, [one], output="text").bibliography().entries[0].text == wanted


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("On <i>E. coli</i>", "“On <i>E. coli</i>.” snow"),
        ("<i>E. coli</i>", "“<i>E. coli</i>.” snow"),
        ("On <i><b>E. coli</b></i>", "“On <i><b>E. coli</b></i>.” snow"),
        ("What is “<i>E. coli</i>”", "“What is ‘<i>E. coli</i>.’” snow"),
        ("What is <i>“E. coli”</i>", "“What is <i>‘E. coli.’</i>” snow"),
        ("What is <i>E. coli?</i>", "“What is <i>E. coli?</i>” snow"),
        ("On <i>E. coli.</i>", "“On <i>E. coli.</i>” snow"),
    ],
)
def test_marks_that_move_into_quotes_stay_out_of_italics_of_the_title(title: str, wanted: str) -> None:
    layout = '<group delimiter=". "><text variable="title" quotes="true"/><text value="snow"/></group>'
    style = Style.parse(style_source(f"<layout>{layout}</layout>"))
    assert Processor(style, [record("a", title=title)], output="html").cite("a") == wanted


def test_a_mark_that_moved_behind_italics_is_not_doubled() -> None:
    layout = '<text variable="title" quotes="true" suffix="."/><text value="snow" prefix=". "/>'
    style = Style.parse(style_source(f"<layout>{layout}</layout>"))
    cited = Processor(style, [record("a", title="On <i>E. coli</i>")], output="html").cite("a")
    assert cited == "“On <i>E. coli</i>.” snow"


@pytest.mark.parametrize(
    ("attributes", "mark", "delimiter"),
    [
        ('quotes="true"', ":", ": "),
        ('quotes="true"', ":", ". "),
        ('quotes="true"', ";", ": "),
        ('quotes="true" font-weight="bold"', ";", "; "),
        ('font-style="italic"', ":", ": "),
    ],
)
def test_a_mark_that_ends_a_title_is_not_doubled(attributes: str, mark: str, delimiter: str) -> None:
    layout = f'<group delimiter="{delimiter}"><text variable="title" {attributes}/><text value="snow"/></group>'
    style = Style.parse(style_source(f"<layout>{layout}</layout>"))
    cited = Processor(style, [record("a", title=f"rain{mark}")], locale="en-GB", output="text").cite("a")
    assert cited.replace("‘", "").replace("’", "") == f"rain{mark} snow"


def test_quotation_marks_that_a_style_defines_as_empty() -> None:
    """CSL 1.0.2, "Locale Fallback": it stops "even ... when they are defined as empty strings"."""
    names = ("open-quote", "close-quote", "open-inner-quote", "close-inner-quote")
    terms = "".join(f'<term name="{name}"/>' for name in names)
    layout = '<layout><text variable="title" quotes="true"/></layout>'
    style = Style.parse(style_source(layout, macros=f"<locale><terms>{terms}</terms></locale>"))
    records = [record("a", title="rain"), record("b", title="rain;")]
    processor = Processor(style, records, output="text")
    assert (processor.cite("a"), processor.cite("b")) == ("rain", "rain;")


def test_a_mark_that_moves_into_quotes_stays_out_of_mathematics() -> None:
    """Moved before the last dollar, it cut a title that ends in mathematics, of which text and HTML showed the TeX."""
    layout = '<group delimiter=", "><text variable="title" quotes="true"/><text value="snow"/></group>'
    style = Style.parse(style_source(f"<layout>{layout}</layout>"))
    assert (
        Processor(style, [record("a", title="Mergers at $5\\sigma$")], output="text").cite("a")
        == "“Mergers at 5σ,” snow"
    )
