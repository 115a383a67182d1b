"""Choices: what the type, variables and values of a work decide, in lists of works that differ in these."""

from __future__ import annotations

import pytest

from bibtool.model.dates import Date, DateParts
from bibtool.model.record import Record
from tests.styles.data import record, style_source
from tests.styles.test_processor import made


def _dated(key: str, *, circa: bool = False, **values: str) -> Record:
    one = record(key, title=key.upper(), **values)
    return one.with_values({"issued": Date(start=DateParts(year=2001), circa=circa)})


WORKS = (
    record("a", title="A"),
    record("b", "report", title="B", edition="2", number="7"),
    record("c", title="C", edition="second"),
    _dated("d"),
    _dated("e", circa=True),
    _dated("f", circa=True, edition="3", publisher="Pen"),
    record("g", "thesis", title="G", publisher="Pub"),
)


def _choose(*branches: str) -> str:
    names = ["if"] + ["else-if"] * (len(branches) - 1)
    rows = []
    for number, (name, condition) in enumerate(zip(names, branches, strict=True), 1):
        name = name if condition else "else"  # noqa: PLW2901 # the last branch
        rows.append(f'<{name} {condition}><text value="{number}"/></{name}>')
    return f"<choose>{''.join(rows)}</choose>"


@pytest.mark.parametrize(
    ("branches", "wanted"),
    [
        (['is-numeric="edition"', ""], "2122212"),
        (['is-uncertain-date="issued"', ""], "2222112"),
        (['type="thesis"', 'is-numeric="edition"', 'variable="publisher"', ""], "4244421"),
        (['type="report thesis"', 'is-uncertain-date="issued"', ""], "3133221"),
        (['match="any" type="thesis" is-numeric="edition"', ""], "2122211"),
        (['match="all" type="book" is-numeric="edition"', 'variable="issued"', ""], "3332213"),
        (['match="none" type="book" is-numeric="edition"', ""], "2222221"),
        (['match="nand" variable="edition" is-numeric="edition"', ""], "1211121"),
        (['position="first"', 'locator="page"', 'variable="locator"', ""], "4444444"),
        (['is-numeric="locator"', 'match="none" position="first"', ""], "2222222"),
        (['match="nand" variable="title" position="first"', ""], "1111111"),
    ],
)
def test_branches_in_a_list(branches: list[str], wanted: str) -> None:
    layout = f'<layout><text variable="title"/>{_choose(*branches)}</layout>'
    processor = made(style_source(bibliography=layout), *WORKS)
    assert [entry.text for entry in processor.bibliography().entries] == [
        f"{work.key.upper()}{number}" for work, number in zip(WORKS, wanted, strict=True)
    ]


def test_the_same_choices_in_any_order_of_the_works() -> None:
    branches = ['type="thesis"', 'is-numeric="edition"', 'is-uncertain-date="issued"', 'variable="publisher"', ""]
    layout = f'<layout><text variable="title"/>{_choose(*branches)}</layout>'
    lists = [
        {entry.key: entry.text for entry in made(style_source(bibliography=layout), *works).bibliography().entries}
        for works in (WORKS, WORKS[::-1], WORKS[3:] + WORKS[:3])
    ]
    assert lists[0] == lists[1] == lists[2]
    assert list(lists[0].values()) == ["A5", "B2", "C5", "D5", "E3", "F2", "G1"]


KINDS = ("article", "book", "chapter", "dataset", "map", "report", "speech", "thesis", "webpage")
BY_KIND = _choose(*(f'type="{kind}"' for kind in KINDS), "")
NESTED = (
    f'<macro name="kind">{BY_KIND}</macro>'
    '<macro name="numbered"><group delimiter="/"><text macro="kind"/><text variable="publisher"/></group></macro>'
    '<macro name="all"><choose><if variable="edition" match="none"><text macro="numbered"/></if>'
    '<else-if type="book thesis"><group><text value="e"/><number variable="edition"/></group></else-if>'
    '<else><group delimiter="+"><text macro="kind"/><number variable="volume"/></group></else></choose></macro>'
)


def test_a_work_in_a_list_reads_as_it_does_alone() -> None:
    # nine types times values that are there or not; what decides for some decides nothing for others
    works = []
    for number in range(8 * len(KINDS)):
        values = {name: "7" for bit, name in enumerate(("edition", "volume", "publisher")) if number >> bit & 1}
        works.append(record(f"w{number:02d}", KINDS[number // 8], title="T", **values))
    source = style_source(bibliography='<layout><text macro="all"/></layout>', macros=NESTED)
    alone = [made(source, work).bibliography().entries[0].text for work in works]
    assert len(set(alone)) == 26
    for order in (1, -1, 5):
        several = [works[number * order % len(works)] for number in range(len(works))]
        listed = {entry.key: entry.text for entry in made(source, *several).bibliography().entries}
        assert [listed[work.key] for work in works] == alone


@pytest.mark.parametrize(
    "inner",
    [
        "<group>{}</group>",
        '<group delimiter="">{}</group>',
        '<choose><if variable="title">{}</if></choose>',
    ],
)
@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ('<group prefix="(" suffix=")"><text variable="title"/><text variable="edition" prefix=" "/></group>', "(B 2)"),
        ('<text variable="title" suffix="."/><text value="x" prefix=". "/>', "B. x"),
        ('<text variable="note" prefix="n "/>', ""),
        ('<text term="edition" suffix=" "/><text variable="note"/>', ""),
        ('<text value="v"/>', "v"),
    ],
)
def test_a_group_of_nothing_but_a_group(parts: str, wanted: str, inner: str) -> None:
    for depth in range(4):
        nested = parts
        for _ in range(depth):
            nested = inner.format(nested)
        layout = f'<layout><text variable="title" suffix="/"/><group>{nested}</group></layout>'
        assert made(style_source(layout), WORKS[1]).cite(["b"]) == f"B/{wanted}"
