"""Lists of names and dates that are printed as one text look as those that are put together of pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bibtool.model.dates import Date
from bibtool.styles.compile import Compiler
from tests.styles.data import record, style_source
from tests.styles.test_processor import made

if TYPE_CHECKING:
    from bibtool.model.record import Record

WORKS = (
    record("one", author="Doe, Jane Mary", title="One", issued=(2001,)),
    record("two", author="Doe, Jane; Roe, Rita", editor="Doe, J.; Moe, M.", title="Two", issued=(2001, 5)),
    record("many", author="; ".join(f"Poe, {letter}." for letter in "ABCDEFGHIJ"), title="Many", issued=(1999, 1, 2)),
    record("particle", author="van der Berg, Jan; O'Connor, V.", title="Three", issued=(1999, 12, 31)),
    record("jr", author="Low, L., Jr.; ACM", title="Four", issued=(-44,)),
    record("dots", author="Doe, J..; Roe, R.", title="Five", issued=(33, 4)),
    record("marked", author="<i>Doe</i>, Jane; Smith, A", title="Six", issued=Date(literal="n.d..")),
    record("chinese", author="张, 伟; 李, 娜", title="Seven", issued=(2015, 2)),
    record("both", editor="Doe, J.; Moe, M.", translator="Doe, J.; Moe, M.", title="Eight", issued=(2020,)),
    record("nobody", title="Nine"),
)
NAMES = (
    '<name/><label form="short" prefix=" (" suffix=")"/>',
    '<name name-as-sort-order="all" initialize-with=". " and="symbol" delimiter=", "/><et-al font-style="italic"/>',
    '<name name-as-sort-order="first" sort-separator=" " initialize-with="" and="text" delimiter="; "/>',
    '<name et-al-min="2" et-al-use-first="1" form="short"/><label prefix=", "/>',
    '<name et-al-min="4" et-al-use-first="2" et-al-use-last="true"/>',
    '<name><name-part name="family" font-variant="small-caps"/></name>',
    '<name delimiter-precedes-last="after-inverted-name" name-as-sort-order="first" and="text"/>',
    '<name prefix="[" suffix="]"/>',
    '<label suffix=": " text-case="capitalize-first"/><name/>',
)
PLACES = (
    '<names variable="author">{}</names>',
    '<names variable="author" font-weight="bold" suffix=".">{}</names>',
    '<names variable="editor translator" delimiter="; " prefix="by ">{}</names>',
    '<names variable="author">{}<substitute><names variable="editor"/><text variable="title"/></substitute></names>',
    '<group prefix="(" suffix=")" font-style="italic"><names variable="author">{}</names></group>',
)


def entries(style: str, works: tuple[Record, ...] = WORKS) -> list[str]:
    return [entry.text for entry in made(style, *works, output="html").bibliography().entries]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("names", NAMES)
def test_names(names: str, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = f'<layout suffix=".">{place.format(names)}<text variable="title" prefix=". "/></layout>'
    style = style_source(bibliography=layout)
    joined = entries(style)
    make = Compiler.__init__

    def in_pieces(self: Compiler, *given: object, **options: object) -> None:
        make(self, *given, **options)  # type: ignore[arg-type] # what it was called with
        assert self.joins_names == (self.place.area == "bibliography")
        self.joins_names = False

    monkeypatch.setattr(Compiler, "__init__", in_pieces)
    assert entries(style) == joined


@pytest.mark.parametrize(
    ("layout", "options"),
    [
        ('<names variable="author"/>', 'subsequent-author-substitute="---"'),
        ('<text macro="m" text-case="uppercase"/><names variable="author"/>', ""),
    ],
)
def test_names_that_are_looked_at_again_stay_pieces(layout: str, options: str) -> None:
    macro = '<macro name="m"><names variable="editor"/></macro>'
    style = style_source(bibliography=f"<layout>{layout}</layout>", macros=macro, bibliography_options=options)
    bibliography = made(style).engine.bibliography
    assert bibliography is not None
    assert not bibliography._compiler.joins_names


DATES = (
    '<date variable="issued" form="text"/>',
    '<date variable="issued" form="numeric" date-parts="year-month"/>',
    '<date variable="issued" delimiter=", "><date-part name="month" form="short"/><date-part name="year"/></date>',
    '<date variable="issued"><date-part name="day" suffix=". "/><date-part name="month"/></date>',
    '<date variable="issued" font-style="italic"><date-part name="month" font-weight="bold"/></date>',
    '<date variable="issued" prefix="("><date-part name="year" font-weight="bold"/><date-part name="month"/></date>',
    '<date variable="issued" delimiter="."><date-part name="month" form="short"/><date-part name="year"/></date>',
)


@pytest.mark.parametrize("date", DATES)
def test_dates(date: str, monkeypatch: pytest.MonkeyPatch) -> None:
    style = style_source(bibliography=f'<layout suffix=".">{date}<text variable="title" prefix=". "/></layout>')
    works = (*WORKS, *[work.with_values({}) for work in WORKS])  # each date is there twice
    joined = entries(style, works)
    monkeypatch.setattr("bibtool.styles.compile.usual_date", lambda *_: lambda _: None)
    assert entries(style, works) == joined
