"""What the items of a list share says the same as what an item makes for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bibtool.model.names import Name, Names
from bibtool.model.record import Record
from bibtool.model.richtext import parse_markup
from bibtool.styles.item import Item, Shared
from bibtool.styles.rich import Node, Span

if TYPE_CHECKING:
    from bibtool.styles.rich import Out

WORDS = st.sampled_from(
    (
        "Doe",
        "O'Connor",
        "van Berg",
        '"De La"',
        "Li",
        "李",
        "É",
        "",
        " ",
        "12-15",
        "12",
        'A "b" c',
        "<i>x</i> y",
        "a : b",
    )
)
NAMES = st.builds(
    Name, family=WORDS, given=WORDS, literal=st.sampled_from(("", "", "ACME")), static_ordering=st.booleans()
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A record with names, texts and a page, in some language."""
    return Record(
        "a",
        "book",
        variables={
            "title": parse_markup(draw(WORDS)),
            "container-title": parse_markup(draw(WORDS)),
            "page": draw(WORDS),
            "author": Names(tuple(draw(st.lists(NAMES, max_size=3))), draw(st.booleans())),
            "language": draw(st.sampled_from((None, "zh", "en"))),
        },
    )


def parts(piece: Out) -> object:
    """A piece as plain values, which can be compared."""
    if isinstance(piece, str):
        return piece
    if isinstance(piece, Span):
        own: object = piece.kind
    else:
        own = repr(piece.frame.fmt), piece.frame.link, piece.frame.prefix, piece.frame.suffix
    return type(piece).__name__, own, [parts(kid) for kid in piece.kids]


def said(item: Item) -> object:
    """All that a style asks of an item."""
    people = {
        variable: [
            (p.raw, parts(p.family), parts(p.literal), p.given, p.order, p.is_simple, p.language) for p in persons
        ]
        for variable, persons in item.names.items()
    }
    return item.shape, item.text, {name: parts(piece) for name, piece in item.pieces.items()}, people, item.facts


@given(st.lists(records(), max_size=5))
def test_shared_and_alone(works: list[Record]) -> None:
    shared = Shared()
    for _ in range(2):
        assert [said(Item(work, None, shared)) for work in works] == [said(Item(work)) for work in works]


def test_names_that_are_written_alike_are_one_person_in_a_language() -> None:
    shared = Shared()

    def first(name: Name, language: str) -> object:
        return shared.people(Names((name,)), language)[0]

    doe = first(Name(family="Doe", given="Jane"), "")
    assert first(Name(family="Doe", given="Jane"), "") is doe
    assert first(Name(family="Doe", given="Jane", suffix="Jr."), "") is not doe
    assert first(Name(family="Doe", given="Jane"), "zh") is not doe


def test_no_node_is_that_of_two_items() -> None:
    shared = Shared()
    titled = Record("a", "book", title=parse_markup("On <i>E. coli</i>"), number='A "b"')
    first, second = Item(titled, None, shared), Item(titled, None, shared)
    for variable in ("title", "number"):
        assert isinstance(first.pieces[variable], Node)
        assert first.pieces[variable] is not second.pieces[variable]
