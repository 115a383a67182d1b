"""Telling cites apart: by more names, and by the conditions of a style."""

from __future__ import annotations

import pytest

from bibtool.model.names import Name, Names
from bibtool.model.record import Record
from bibtool.styles import Citation, CitationItem, Session
from tests.styles.data import record, style_source
from tests.styles.test_processor import made

NESTED = '<choose><if disambiguate="true"><text variable="genre" prefix=" / "/>{}</if></choose>'
SHORT = '<names variable="author"><name form="short" et-al-min="3" et-al-use-first="1"/></names>'
YEAR = '<date variable="issued" prefix=" "><date-part name="year"/></date>'


def _when(variable: str) -> str:
    return f'<choose><if disambiguate="true"><text variable="{variable}" prefix=" / "/></if></choose>'


def _names(*families: str) -> str:
    return "; ".join(f"{family}, G" for family in families)


@pytest.mark.parametrize(
    ("lists", "wanted"),
    [
        (["Ute Rui Sam", "Ute Rui Sam Tia"], "Ute, Rui, Sam; Ute, Rui, Sam, et al."),
        (["Ute Rui Sam Tia", "Ute Rui Sam"], "Ute, Rui, Sam, et al.; Ute, Rui, Sam"),
        (["Ute Rui Sam Tia", "Ute Rui Sam Tia Vic"], "Ute, Rui, Sam, Tia; Ute, Rui, Sam, Tia, et al."),
        (["Ute Rui Sam", "Ute Rui Sam Tia", "Ute Zoe Sam"], "Ute, Rui, Sam; Ute, Rui, Sam, et al.; Ute, Zoe, et al."),
        (["Ute Rui Sam", "Ute Rui Sam Tia", "Ute Rui Sam Vic"],
         "Ute, Rui, Sam; Ute, Rui, Sam, Tia; Ute, Rui, Sam, Vic"),
        (["Ute Rui Sam", "Ute Zoe Sam"], "Ute, Rui, et al.; Ute, Zoe, et al."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("given", ["", ' disambiguate-add-givenname="true"'])
def test_no_more_names_than_tell_two_lists_apart(lists: list[str], wanted: str, given: str) -> None:
    works = [record(f"k{n}", author=_names(*families.split()), issued=(2001,)) for n, families in enumerate(lists)]
    source = style_source(
        f'<layout delimiter="; ">{SHORT}</layout>', citation_options=f'disambiguate-add-names="true"{given}'
    )
    assert made(source, *works).cite([work.key for work in works]) == wanted


PLAYS = (
    record("a", author="Ito, A", genre="novel", publisher="Pen", medium="paper"),
    record("b", author="Ito, A", genre="essay", publisher="Pub", medium="paper"),
    record("c", author="Ito, A", genre="play", publisher="Pen", medium="paper"),
    record("d", author="Ito, A", genre="play", publisher="Pub", medium="disc"),
    record("e", author="Ito, A", genre="play", publisher="Pub", medium="tape"),
    record("f", author="Sund, B", genre="poem", publisher="Pen"),
)


@pytest.mark.parametrize(
    ("conditions", "keys", "wanted"),
    [
        (_when("genre") + _when("publisher"), "abcd", "Ito / novel; Ito / essay; Ito / play / Pen; Ito / play / Pub"),
        (_when("genre") + _when("publisher"), "abf", "Ito / novel; Ito / essay; Sund"),
        (_when("publisher") + _when("genre"), "ab", "Ito / Pen; Ito / Pub"),
        (_when("publisher") + _when("genre"), "ac", "Ito / Pen / novel; Ito / Pen / play"),
        (_when("genre") + _when("publisher") + _when("medium"), "cde",
         "Ito / play / Pen; Ito / play / Pub / disc; Ito / play / Pub / tape"),
        (NESTED.format(_when("publisher")),
         "cd", "Ito / play / Pen; Ito / play / Pub"),
        (NESTED.format(_when("publisher")),
         "acd", "Ito / novel; Ito / play / Pen; Ito / play / Pub"),
    ],
)  # fmt: skip
def test_conditions_hold_one_after_the_other(conditions: str, keys: str, wanted: str) -> None:
    works = [work for work in PLAYS if work.key in keys]
    assert made(style_source(f'<layout delimiter="; ">{SHORT}{conditions}</layout>'), *works).cite(list(keys)) == wanted


def test_conditions_that_tell_nothing_apart_stay_false() -> None:
    twins = [record(key, author="Ito, A", genre="play", publisher="Pen", issued=(2000,)) for key in "ab"]
    source = style_source(
        f'<layout delimiter="; ">{SHORT}{YEAR}{_when("genre")}{_when("publisher")}</layout>',
        citation_options='disambiguate-add-year-suffix="true"',
    )
    assert made(source, *twins).cite(["a", "b"]) == "Ito 2000a; Ito 2000b"


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ('disambiguate-add-names="true"', "Ash et al. / Ash et al."),
        ('disambiguate-add-names="true" disambiguate-add-givenname="true"', "Ash, Bay, et al. / Ash, Cox, et al."),
    ],
)
def test_names_added_to_cites_show_in_the_list_beside_given_names_only(options: str, wanted: str) -> None:
    names = '<names variable="author"><name form="short" et-al-min="2" et-al-use-first="1"/></names>'
    source = style_source(f"<layout>{names}{YEAR}</layout>", f"<layout>{names}</layout>", citation_options=options)
    works = [
        record("one", author="Ash, A; Bay, B; Dow, D", issued=(2001,)),
        record("two", author="Ash, A; Cox, C; Dow, D", issued=(2001,)),
    ]
    processor = made(source, *works)
    assert processor.cite("one") == "Ash, Bay, et al. 2001"
    assert " / ".join(entry.text for entry in processor.bibliography().entries) == wanted


BACK = '<choose><if position="subsequent"><text variable="first-reference-note-number" prefix=" n "/></if></choose>'


def _cited(source: str, notes: list[tuple[str, ...]]) -> list[str]:
    """The citations of notes with these works."""
    session = Session(made(source, *PLAYS))
    items = [tuple(CitationItem(key=key) for key in keys) for keys in notes]
    session.replace([Citation(id=str(n), items=item, note=n) for n, item in enumerate(items, 1)])
    return [session.texts[citation.id] for citation in session.citations]


def test_cites_that_lead_to_different_notes_are_not_ambiguous() -> None:
    layout = f'<layout delimiter="; ">{SHORT}{_when("genre")}{BACK}</layout>'
    source = style_source(layout, kind="note")
    assert _cited(source, [("a",), ("b",), ("a", "b")]) == ["Ito", "Ito", "Ito n 1; Ito n 2"]
    one_note = ["Ito / novel; Ito / essay", "Sund", "Ito / novel n 1; Ito / essay n 1"]
    assert _cited(source, [("a", "b"), ("f",), ("a", "b")]) == one_note
    without = style_source(f'<layout delimiter="; ">{SHORT}{_when("genre")}</layout>', kind="note")
    assert _cited(without, [("a",), ("b",), ("a", "b")])[2] == "Ito / novel; Ito / essay"


def test_notes_that_come_and_go_change_what_is_ambiguous() -> None:
    session = Session(made(style_source(f"<layout>{SHORT}{_when('genre')}{BACK}</layout>", kind="note"), *PLAYS))
    a, b = CitationItem(key="a"), CitationItem(key="b")
    session.append(Citation(id="both", items=(a, b), note=1))
    assert session.texts["both"] == "Ito / novelIto / essay"
    session.process(Citation(id="new", items=(b,)), [("new", 1)], [("both", 2)])
    assert session.texts == {"new": "Ito", "both": "ItoIto n 1"}


JOHN = '<macro name="who"><names variable="author"><name form="short" initialize-with=". "/></names></macro>'


@pytest.mark.parametrize("more", ["", ' text-case="uppercase"', ' strip-periods="true"'])
def test_namesakes_are_told_apart_whatever_becomes_of_their_names(more: str) -> None:
    works = [
        record("john", author="Smith, John", issued=(2001,)),
        record("rose", author="Smith, Rose", issued=(2001,)),
        record("other", author="Smith, John", issued=(2001,)),
        record("alone", author="Roe, Ann; Smith, Rose", issued=(2001,)),
    ]
    source = style_source(
        f'<layout delimiter="; "><text macro="who"{more}/>{YEAR}</layout>',
        macros=JOHN,
        citation_options='disambiguate-add-givenname="true" disambiguate-add-year-suffix="true" '
        'givenname-disambiguation-rule="all-names"',
    )
    wanted = "J. Smith 2001a; R. Smith 2001; J. Smith 2001b; Roe, R. Smith 2001"
    if "uppercase" in more:
        wanted = "J. SMITH 2001a; R. SMITH 2001; J. SMITH 2001b; ROE, R. SMITH 2001"
    if "periods" in more:
        wanted = wanted.replace(".", "")
    assert made(source, *works).cite([work.key for work in works]) == wanted


def test_namesakes_are_those_whose_names_are_printed_alike() -> None:
    families = ("McRoe", "Mcroe")
    works = [
        record(f"{family}-{given}", author=f"{family}, {given}", issued=(2001,))
        for family in families
        for given in ("John", "Rose")
    ]
    source = style_source(
        f'<layout delimiter="; "><text macro="who" text-case="uppercase"/>{YEAR}</layout>',
        macros=JOHN,
        citation_options='disambiguate-add-givenname="true" disambiguate-add-year-suffix="true" '
        'givenname-disambiguation-rule="all-names"',
    )
    wanted = "J. MCROE 2001a; R. MCROE 2001a; J. MCROE 2001b; R. MCROE 2001b"
    assert made(source, *works).cite([work.key for work in works]) == wanted


@pytest.mark.parametrize("rule", ["all-names-with-initials", "primary-name-with-initials"])
@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ('initialize-with="."', "A. Ito; B. Ito; Roe; Roe"),
        # CSL 1.0.2, "all-names-with-initials": "No disambiguation attempt is made when initialize-with is not set or
        # when initialize is set to false"
        ("", "Ito; Ito; Roe; Roe"),
        ('initialize-with="." initialize="false"', "Ito; Ito; Roe; Roe"),
    ],
)
def test_a_rule_for_initials_needs_initials(rule: str, options: str, wanted: str) -> None:
    people = {"a": "Ito, Ann", "b": "Ito, Bob", "c": "Roe, Cy", "d": "Roe, Cass"}
    source = style_source(
        f'<layout delimiter="; "><names variable="author"><name form="short" {options}/></names></layout>',
        citation_options=f'disambiguate-add-givenname="true" givenname-disambiguation-rule="{rule}"',
    )
    processor = made(source, *[record(key, author=name) for key, name in people.items()])
    assert processor.cite(list(people)) == wanted


@pytest.mark.parametrize("rule", ["all-names", "by-cite"])
@pytest.mark.parametrize(
    ("mark", "wanted"), [(".", "J. Doe; John Doe"), (". ", "J. Doe; John Doe"), ("", "J Doe; John Doe")]
)
def test_names_in_full_keep_the_mark_of_initials(rule: str, mark: str, wanted: str) -> None:
    """CSL 1.0.2, "Expansion of Individual Names": in full, as with ``initialize`` set to false."""
    names = f'<names variable="author"><name form="short" initialize-with="{mark}"/></names>'
    source = style_source(
        f'<layout delimiter="; ">{names}</layout>',
        citation_options=f'disambiguate-add-givenname="true" givenname-disambiguation-rule="{rule}"',
    )
    works = [record("a", author="Doe, J"), record("b", author="Doe, John")]
    assert made(source, *works).cite(["a", "b"]) == wanted


def test_the_primary_name_is_the_first_of_a_cite() -> None:
    """CSL 1.0.2, "primary-name": "limited to the first name of each cite", so not to that of each list."""
    names = '<names variable="{}"{}><name form="short" initialize-with="."/></names>'
    lists = names.format("author", "") + names.format("editor", ' prefix=" in "')
    for rule, wanted in (
        ("primary-name", "A. Ito in Roe; B. Ito in Roe"),
        ("all-names", "A. Ito in C. Roe; B. Ito in D. Roe"),
    ):
        source = style_source(
            f'<layout delimiter="; ">{lists}</layout>',
            citation_options=f'disambiguate-add-givenname="true" givenname-disambiguation-rule="{rule}"',
        )
        works = [record("a", author="Ito, Ann", editor="Roe, Cy"), record("b", author="Ito, Bob", editor="Roe, Di")]
        assert made(source, *works).cite(["a", "b"]) == wanted


@pytest.mark.parametrize("demote", ["never", "sort-only", "display-and-sort"])
def test_names_with_other_particles_are_not_ambiguous(demote: str) -> None:
    """CSL 1.0.2: names that are identical in their "short" form, which has the non-dropping particle."""
    names = '<names variable="author"><name form="short" initialize-with="."/></names>'
    source = style_source(
        f'<layout delimiter="; ">{names}</layout>',
        citation_options='disambiguate-add-givenname="true" givenname-disambiguation-rule="all-names"',
        more=f'demote-non-dropping-particle="{demote}"',
    )
    people = {
        "a": Name(family="Dam", given="Ann", non_dropping_particle="van"),
        "b": Name(family="Dam", given="Bob"),
        "c": Name(family="Roe", given="Cy", non_dropping_particle="de"),
        "d": Name(family="Roe", given="Di", non_dropping_particle="de"),
    }
    works = [Record(key=key, type="book", variables={"author": Names((name,))}) for key, name in people.items()]
    assert made(source, *works).cite(list(people)) == "van Dam; Dam; C. de Roe; D. de Roe"
