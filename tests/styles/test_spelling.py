"""Cites and sort keys that are spelled have the characters of those that are rendered."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.csl_references import rare_items
from bibtool.formats.base import ReadOptions
from bibtool.formats.csl.json import read
from bibtool.model.dates import Date, DateParts
from bibtool.styles.context import Context, Disambiguation
from bibtool.styles.disambiguate import Disambiguator
from bibtool.styles.engine import Engine
from bibtool.styles.item import Item
from bibtool.styles.literal import literal, whole
from bibtool.styles.rich import Fmt, Frame, Node, Quotes, Span, node_of, plain
from bibtool.styles.sort import NO_QUOTES
from bibtool.styles.spelling import Speller
from bibtool.styles.style import Style
from bibtool.styles.writer import flatten
from tests.styles.data import record, style_source

if TYPE_CHECKING:
    from bibtool.model.record import Record

QUOTES = Quotes(("“", "”"), ("‘", "’"), inside=True)
MARKS = " .,;:!?\u00a0\u2026-("


def engine_of(source: str) -> Engine:
    style = Style.parse(source)
    return Engine(style, style.locale())


def both(engine: Engine, item: Item, how: Disambiguation) -> tuple[str | None, str]:
    """The bare cite as spelled, and as rendered."""
    spelling = engine.speller.of(item)
    spelled = None if spelling is None else spelling.text(engine.bare(item, how))
    return spelled, engine.characters(engine.cite(engine.bare(item, how)))


@pytest.mark.parametrize(("left", "right"), list(product(MARKS, MARKS)))
def test_marks_that_become_one_have_no_literal_text(left: str, right: str) -> None:
    parts = [f"a{left}", f"{right}b"]
    assert whole(parts) in (None, plain(flatten(parts, QUOTES)))


def test_text_whose_marks_stay_is_whole() -> None:
    for parts in (["Doe, J.", ", ", "2020"], ["On: a", " title"], ["a? b", ", c"], ["… ", "ü"], []):
        assert whole(parts) == "".join(parts)


_TEXT = st.text("aB.,:;? \u00a0", max_size=4)
_PIECES = st.recursive(
    _TEXT,
    lambda inner: st.one_of(
        st.builds(
            node_of,
            st.lists(inner, max_size=3),
            st.builds(
                Frame,
                st.sampled_from([None, Fmt(style="italic"), Fmt(quotes=True), Fmt(weight="bold")]),
                st.sampled_from(["", "(", ", ", "b"]),
                st.sampled_from(["", ")", ".", "c"]),
                st.sampled_from(["", ", ", "d"]),
            ),
        ),
        st.builds(
            Span, st.sampled_from(["italic", "quote", "superscript", "double-quote"]), st.lists(inner, max_size=3)
        ),
    ),
    max_leaves=6,
)


@given(st.lists(_PIECES, max_size=3))
def test_literal_text_is_what_is_written(pieces: list[Node | Span | str]) -> None:
    texts = [literal(piece) for piece in pieces]
    known = [text for text in texts if text is not None]
    text = whole(known) if len(known) == len(texts) else None
    assert text in (None, plain(flatten(pieces, QUOTES)))
    unmarked = [literal(piece, marks=False) for piece in pieces]
    known = [text for text in unmarked if text is not None]
    text = whole(known) if len(known) == len(unmarked) else None
    assert text in (None, plain(flatten(pieces, NO_QUOTES)))


def test_quotation_marks_and_parentheses_have_no_literal_text() -> None:
    quoted = Frame(Fmt(quotes=True))
    assert literal(node_of(["a"], quoted)) is None
    assert literal(node_of([Span("quote", ["a"])])) is None
    assert literal(node_of(["a"], Frame(prefix="(", suffix=")"))) is None
    assert literal(node_of(["a", Span("double-quote", ["b"]), Span("quote", ["c"])], quoted), marks=False) == "a“b”c"
    bracketed = node_of(["b"], Frame(Fmt(style="italic"), "[", "]"))
    assert literal(node_of(["a", bracketed, Span("italic", ["c"])], Frame(delim="-"))) == "a-[b]-c"


WORKS = (
    record("plain", author="Doe, Jane Mary; Roe, Rita; Poe, P.; Low, L.", issued=(2001, 5), title="On one"),
    record("edited", editor="Doe, J.-L.; van Roe, Rita", translator="Doe, J.-L.; van Roe, Rita", issued=(2001,)),
    record("untitled", "report", author="Doe, Jane", volume="12"),
    record("nobody", title="<i>A</i> title", issued=(1999, 1, 2), title_short="Short"),
    record("quoted", title='A "title", quoted', issued=(1999,)),
    record("numbered", title="A", status="new", genre="old"),
    record("comma", title="A title, and,", issued=(1999,)),
    record("dated", author="Solo, ", issued=Date(start=DateParts(year=2001), end=DateParts(year=2003), circa=True)),
    record("early", author="O'Brien, A", issued=(-44,), status="in press", accessed=(2020,), volume="3-4"),
    record("never", author="Doe, Jane", issued=Date(literal="n.d.."), editor="Moe, M."),
)
NAMES = '<names variable="author">{}<substitute><names variable="editor"/>{}</substitute></names>'
SUBSTITUTE = '<text macro="s"/>'
YEAR = '<date variable="issued"><date-part name="year"/></date>'


@pytest.mark.parametrize(
    ("layout", "spelled"),
    [
        (
            NAMES.format('<name form="short"/>', '<text variable="title"/>') + YEAR,
            "plain edited untitled nobody dated early",
        ),
        (
            NAMES.format('<name initialize-with=". "/><et-al term="and others"/>', ""),
            "plain edited untitled nobody quoted",
        ),
        (
            f'<group delimiter=", "><names variable="author"/>{YEAR}</group>',
            "plain edited untitled nobody quoted dated early",
        ),
        ('<names variable="editor translator"/>', "plain untitled nobody quoted dated early never"),
        ('<names variable="author editor" delimiter="; "><name form="count"/></names>', "plain edited never"),
        ('<names variable="editor"><label prefix=" "/></names>', "plain nobody"),
        ('<text variable="title" form="short" font-style="italic" suffix=". "/>', "plain nobody early"),
        ('<text variable="title" text-case="uppercase" prefix="-"/>', "plain nobody dated"),
        ('<text variable="title" quotes="true"/>', "edited early"),
        (
            '<group prefix="x"><text term="in" text-case="capitalize-first"/><text variable="volume"/></group>',
            "plain nobody",
        ),
        ('<group><text value="no "/><text variable="year-suffix"/><text variable="status"/></group>', "plain early"),
        ('<group><text value="no "/><text macro="s"/></group>', "plain nobody early"),
        (
            f'<group><text value="-"/>{NAMES.format("", SUBSTITUTE)}</group>',
            "plain nobody early",
        ),
        ('<group><text value="no "/><text variable="locator"/><label variable="locator"/></group>', "plain early"),
        (
            '<group><text value="no "/><text variable="citation-number"/></group><date variable="accessed"/>',
            "plain early",
        ),
        ('<group><text macro="m"/><text term="and"/></group><text macro="m" suffix="y"/>', "plain nobody"),
        ('<choose><if position="first"><text value="a"/></if><else><text value="b"/></else></choose>', "plain early"),
        ('<choose><if match="none" locator="page" type="report"><text value="a"/></if></choose>', "plain untitled"),
        (
            '<choose><if is-numeric="volume"><text value="a"/></if><else><text value="b"/></else></choose>',
            "plain nobody",
        ),
        ('<choose><if variable="year-suffix locator"><text value="a"/></if></choose>' + YEAR, "plain nobody"),
        ('<choose><if disambiguate="true"><text value="a"/></if></choose>' + YEAR, ""),
        ('<names variable="author"/><text variable="locator"/><date variable="issued" form="text"/>', "plain early"),
        (
            (
                '<names variable="composer"><name form="short"/><substitute>'
                '<choose><if variable="status"><text variable="genre"/><text variable="status"/></if></choose>'
                '<choose><if type="report">'
                '<text variable="volume"/></if><else><names variable="editor"/><text macro="m"/></else></choose>'
                '<names variable="author"/></substitute></names><text variable="title" prefix=" "/>'
            ),
            "plain nobody",
        ),
    ],
)
def test_a_spelled_cite_is_the_rendered_one(layout: str, spelled: str) -> None:
    macros = '<macro name="m"><group delimiter="/"><text variable="title"/><text term="no date"/></group></macro>'
    macros += '<macro name="s"><text variable="genre"/><group><text variable="year-suffix"/></group></macro>'
    options = 'et-al-min="3" et-al-use-first="1" et-al-subsequent-use-first="2"'
    engine = engine_of(style_source(f"<layout>{layout}</layout>", macros=macros, citation_options=options))
    found = set()
    for work in WORKS:
        item = Item(work)
        for how in (
            Disambiguation(),
            Disambiguation(names=(3, 2)),
            Disambiguation(levels={(0, 0): 1, (0, 1): 2, (1, 0): 2}, names=(4,)),
        ):
            text, wanted = both(engine, item, how)
            assert text in (None, wanted), work.key
            if text is not None:
                found.add(work.key)
                ctx = engine.bare(item, how)
                spelling = engine.speller.of(item)
                assert spelling is not None
                lists = [(block.people, block.shown, block.has_initials) for block in spelling.names(ctx)]
                engine.cite(ctx)
                assert lists == [(block.people, block.shown, block.has_initials) for block in ctx.blocks]
                assert not ctx.conditions
    assert found >= set(spelled.split())
    assert spelled or not found


@pytest.mark.parametrize(
    "key",
    [
        '<key variable="author"/>',
        '<key macro="m" names-min="2" names-use-first="1" names-use-last="true"/>',
        '<key macro="n"/>',
        '<key macro="p"/>',
        '<key macro="q"/>',
        '<key variable="issued"/>',
    ],
)
@pytest.mark.parametrize("area", ["citation", "bibliography"])
def test_a_spelled_sort_key_is_the_rendered_one(key: str, area: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quoted = '<text variable="title" quotes="true"/>'
    macros = f'<macro name="m">{NAMES.format("", quoted)}</macro>'
    macros += (
        '<macro name="n"><date variable="issued" form="numeric"/><number variable="volume"/>'
        '<text variable="year-suffix"/><text variable="citation-number"/><text variable="locator"/>'
        '<text variable="title"/><choose><if position="first"><text value="x"/></if></choose></macro>'
    )
    macros += '<macro name="p"><text variable="title"/><text variable="year-suffix"/></macro>'
    macros += (
        '<macro name="q"><text variable="title" quotes="true" prefix="a" suffix="." text-case="uppercase"/></macro>'
    )
    layout = f'<sort>{key}</sort><layout><text value="a"/></layout>'
    engine = engine_of(style_source(layout, layout, macros=macros))
    sort_key = (engine.citation_keys if area == "citation" else engine.bibliography_keys)[0]

    def values() -> list[str]:
        found = []
        for number, work in enumerate(WORKS):
            ctx = Context(Item(work), in_bibliography=area == "bibliography")
            ctx.number = number
            if area == "citation":
                ctx.locator, ctx.year_suffix, ctx.position = "12", "b", number % 3
            found.append(sort_key.value(ctx))
            assert ctx.done is None
            assert not ctx.blocks
        return found

    spelled = values()
    monkeypatch.setattr(Speller, "of", lambda *_: None)
    assert spelled == values()
    assert any(spelled)


RULES = ("all-names", "all-names-with-initials", "primary-name", "primary-name-with-initials", "by-cite")
PEOPLE = st.sampled_from(
    ("Roe, Ann", "Roe, Al", "Roe, Bo", "Roe, A.-L.", "van Roe, Ann", "Roe, ", "O'Brien, Ann", "Ito, Ren", "Ito, Rin")
)


@st.composite
def alike(draw: st.DrawFn) -> Record:
    """A record of which there are likely others whose cites look the same, and which may have to be rendered."""
    people = draw(st.lists(PEOPLE, max_size=4))
    rest: dict[str, str] = {"author": "; ".join(people)} if people else {}
    if editors := draw(st.lists(PEOPLE, max_size=2)):
        rest["editor"] = "; ".join(editors)
    if not people or draw(st.booleans()):
        rest["title"] = draw(st.sampled_from(('What is "it"?', "A title..", "A title")))
    return record(draw(st.uuids()).hex, issued=(draw(st.sampled_from((2001, 2002))),), **rest)


@given(st.lists(alike(), max_size=8), st.sampled_from(RULES), st.sampled_from(("3", "2", "0")))
def test_spelled_cites_are_told_apart_as_rendered_ones(works: list[Record], rule: str, shown: str) -> None:
    options = (
        f'et-al-min="3" et-al-use-first="{shown}" disambiguate-add-givenname="true" disambiguate-add-names="true" '
    )
    options += f'disambiguate-add-year-suffix="true" givenname-disambiguation-rule="{rule}"'
    title = '<names variable="editor"/><text variable="title" quotes="true"/>'
    names = '<names variable="author"><name form="short" initialize-with=". "/><substitute>{}</substitute></names>'
    source = style_source(f"<layout>{names.format(title)}{YEAR}</layout>", citation_options=options)
    items = [Item(work) for work in works]

    def told_apart() -> tuple[object, ...]:
        run = Disambiguator(engine_of(source), {})
        found = run.run(items)
        return {name: how.key() for name, how in found.items()}, [
            [one.id for one in group] for group in run.suffix_groups
        ]

    spelled = told_apart()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Speller, "of", lambda *_: None)
        assert spelled == told_apart()


@pytest.mark.parametrize("name", ["apa", "chicago-author-date", "harvard-cite-them-right", "ieee"])
def test_real_styles_spell_most_cites_as_they_render_them(name: str) -> None:
    style = Style.load(name)
    engine = Engine(style, style.locale())
    records: list[Record] = list(read(json.dumps(rare_items()).encode(), ReadOptions()).records)
    found = [both(engine, Item(one), Disambiguation()) for one in records]
    assert [text for text, wanted in found if text not in (None, wanted)] == []
    assert sum(text is not None for text, _ in found) > len(found) / 2
