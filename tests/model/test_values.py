"""Dates, names, rich text, numbers: laws and the cases that people meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.model.dates import Date, DateParts, parse_date
from bibtool.model.monthnames import month_number
from bibtool.model.names import Name, parse_name
from bibtool.model.numbers import Number
from bibtool.model.richtext import Math, Node, Span, Text, normal, parse_markup

PLAIN = st.text(st.sampled_from("ab <>&$/i;#36ltgamp\"'{}\\\nÄ"), min_size=1, max_size=20)


def trees() -> st.SearchStrategy[Text]:
    math = st.text(st.sampled_from("abx_^{}+ $<&;1\\"), min_size=1, max_size=8).map(Math)
    kinds = st.sampled_from(["italic", "bold", "superscript", "subscript", "smallcaps", "nocase", "code", "quote"])
    nodes: st.SearchStrategy[Node] = st.recursive(
        PLAIN | math,
        lambda inner: st.builds(Span, kinds, st.lists(inner, min_size=1, max_size=3).map(normal)),
        max_leaves=8,
    )
    return st.lists(nodes, max_size=4).map(lambda found: Text(normal(found)))


def _no_empty(nodes: tuple[Node, ...]) -> bool:
    return all(not isinstance(n, Span) or (bool(n.nodes) and _no_empty(n.nodes)) for n in nodes)


@pytest.mark.slow
@given(trees().filter(lambda text: _no_empty(text.nodes)))
def test_markup_is_read_back(text: Text) -> None:
    again = parse_markup(text.markup())
    assert again == text


@given(st.text(max_size=80))
def test_any_string_survives_as_plain_text(text: str) -> None:
    assert parse_markup(Text.of(text).markup()) == Text.of(text)


def test_markup() -> None:
    text = parse_markup('On <i>E. coli</i> and <span class="nocase">DNA</span> at $x^2$ for $5 and AT&T, x < y')
    assert text.nodes == (
        "On ", Span("italic", ("E. coli",)), " and ", Span("nocase", ("DNA",)), " at ", Math("x^2"),
        " for $5 and AT&T, x < y",
    )  # fmt: skip
    assert parse_markup("<i>open").nodes == ("<i>open",)
    assert parse_markup("shut</b>").nodes == ("shut</b>",)
    assert parse_markup("<i><b>x</i></b>").plain() == "<i>x</i>"  # the inner pair counts
    assert parse_markup("<i>" * 500 + "x").plain().endswith("x")


@given(
    st.integers(-9999, 9999), st.integers(1, 12), st.integers(1, 28), st.integers(0, 2), st.booleans(), st.booleans()
)
def test_dates_are_read_back(year: int, month: int, day: int, precision: int, circa: bool, uncertain: bool) -> None:
    parts = [DateParts(year), DateParts(year, month), DateParts(year, month, day)][precision]
    one = Date(parts, circa=circa, uncertain=uncertain)
    assert parse_date(one.edtf()) == one
    later = Date(parts, DateParts(min(year + 1, 9999), 12))
    assert parse_date(later.edtf()) == later


def test_dates() -> None:
    assert parse_date("2022-03") == Date(DateParts(2022, 3))
    assert parse_date("2004-21") == Date(DateParts(2004, season=1))
    assert parse_date("2020/..") == Date(DateParts(2020), open_end=True)
    assert parse_date("../2020") == Date(None, DateParts(2020), open_start=True)
    for odd in ("2022-02-30", "2022-13", "spring 2022", "2022/2020", "1/2/3", "99", "2022-1"):
        assert parse_date(odd) == Date(literal=odd)
    assert parse_date("") == Date()
    assert month_number("Sept.") == 9
    assert month_number("Foo") is None


@pytest.mark.slow
@given(st.text(max_size=30))
def test_any_text_is_a_date_that_is_read_back(text: str) -> None:
    date = parse_date(text)
    assert parse_date(date.edtf()) == date


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Joan Bruna", Name(given="Joan", family="Bruna")),
        ("Eric Vanden-Eijnden", Name(given="Eric", family="Vanden-Eijnden")),
        ("Ricky T. Q. Chen", Name(given="Ricky T. Q.", family="Chen")),
        ("Ludwig van Beethoven", Name(given="Ludwig", non_dropping_particle="van", family="Beethoven")),
        ("Maria de la Cruz Garcia", Name(given="Maria", non_dropping_particle="de la", family="Cruz Garcia")),
        ("Martin Luther King Jr.", Name(given="Martin Luther", family="King", suffix="Jr.")),
        ("van Beethoven, Ludwig", Name(given="Ludwig", non_dropping_particle="van", family="Beethoven")),
        ("King, Jr., Martin Luther", Name(given="Martin Luther", family="King", suffix="Jr.")),
        ("Wei Wang 0001", Name(given="Wei", family="Wang", homonym="0001")),
        ("The LIGO Scientific Collaboration", Name(literal="The LIGO Scientific Collaboration")),
        ("Plato", Name(family="Plato")),
        ("", Name()),
    ],
)
def test_names(text: str, name: Name) -> None:
    assert parse_name(text) == name


@given(st.text(max_size=60))
def test_no_letter_of_a_name_is_lost(text: str) -> None:
    name = parse_name(text)
    shown = sorted(c for c in name.display() + name.homonym if not c.isspace() and c != ",")
    assert shown == sorted(c for c in text if not c.isspace() and c != ",")


def test_numbers() -> None:
    assert Number("12").value == 12
    assert Number("S2-A").value is None
    for text in ("2nd", "D2", "2-4", "2, 3 & 5", "12"):
        assert Number(text).is_numeric, text
    for text in ("second", "", "2 to 4"):
        assert not Number(text).is_numeric, text
