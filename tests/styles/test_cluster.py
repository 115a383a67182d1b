"""Several cites in one place: collapsing, and cites without their authors."""

from __future__ import annotations

from typing import Any

import pytest

from bibtool.styles import Citation, CitationItem, Processor, Session, Style
from tests.styles.data import record, style_source
from tests.styles.test_processor import made

NAMES = (
    '<names variable="author"><name form="short"/><substitute><names variable="editor"/><text variable="title"/>'
    "</substitute></names>"
)
YEAR = '<date variable="issued" prefix=" "><date-part name="year"/></date>'
LIST = '<sort><key variable="title"/></sort><layout><text variable="title"/></layout>'
WORKS = (
    record("alpha", title="Alpha", issued=(2019,)),
    record("beta", title="Beta", issued=(2021,)),
    record("gamma", title="Gamma", issued=(2019,)),
    record("alpha-2", title="Alpha", issued=(2019,)),
    record("one", title="One", author="Roe, A", issued=(2020,)),
    record("two", title="Two", author="Roe, A", issued=(2020,)),
    record("three", title="Three", editor="Roe, A", issued=(2020,)),
)


@pytest.mark.parametrize("collapse", ["year", "year-suffix", "year-suffix-ranged"])
@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        (["alpha", "beta"], "Alpha 2019a; Beta 2021"),
        (["alpha", "gamma"], "Alpha 2019a; Gamma 2019"),
        (["alpha", "alpha-2"], "Alpha 2019a; Alpha 2019b"),
        (["beta", "one", "gamma"], "Beta 2021; Roe 2020a; Gamma 2019"),
    ],
)
def test_works_without_authors_keep_their_titles(collapse: str, keys: list[str], wanted: str) -> None:
    source = style_source(
        f'<layout delimiter="; ">{NAMES}{YEAR}</layout>',
        LIST,
        citation_options=f'collapse="{collapse}" disambiguate-add-year-suffix="true"',
    )
    assert made(source, *WORKS).cite(keys) == wanted


def test_editors_in_place_of_authors_collapse() -> None:
    source = style_source(
        f'<layout delimiter="; ">{NAMES}{YEAR}</layout>',
        LIST,
        citation_options='collapse="year-suffix" disambiguate-add-year-suffix="true"',
    )
    assert made(source, *WORKS).cite(["one", "three", "two"]) == "Roe 2020a; b; c"


@pytest.mark.parametrize("kind", ["note", "in-text"])
@pytest.mark.parametrize(("key", "wanted"), [("one", "One 2020"), ("three", "Three 2020"), ("two", "Two 2020")])
def test_authors_are_left_out_in_every_kind_of_style(kind: str, key: str, wanted: str) -> None:
    layout = f'<layout><group delimiter=", ">{NAMES}<group><text variable="title"/>{YEAR}</group></group></layout>'
    source = style_source(layout, LIST, kind=kind)
    processor = Processor(Style.parse(source), WORKS, output="text")
    cite = CitationItem(key=key, suppress_author=True)
    assert processor.cite(cite).endswith(wanted)
    assert "Roe" not in processor.cite(cite)
    session = Session(processor)
    session.append(Citation(id="c", items=(cite,), note=1))
    assert "Roe" not in session.texts["c"]
    assert processor.cite(Citation(items=(CitationItem(key=key),), mode="suppress-author")) == processor.cite(cite)


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({}, "Roe"),
        ({"prefix": "as "}, "as Roe"),
        ({"suffix": " et al."}, "Roe et al."),
        ({"prefix": "cf.", "suffix": "and heirs"}, "cf. Roe and heirs"),
        ({"locator": "7"}, "Roe"),
    ],
)
def test_names_alone_keep_what_the_document_puts_around_them(options: dict[str, Any], wanted: str) -> None:
    processor = made(style_source(f'<layout prefix="(" suffix=")">{NAMES}{YEAR}</layout>'), *WORKS)
    assert processor.cite(CitationItem(key="one", author_only=True, **options)) == wanted


@pytest.mark.parametrize("collapse", ["year", "year-suffix", "year-suffix-ranged"])
def test_works_with_a_word_in_place_of_authors_are_a_group_that_keeps_it(collapse: str) -> None:
    names = '<names variable="author"><name form="short"/><substitute><text term="anonymous"/></substitute></names>'
    source = style_source(
        f'<layout delimiter="; ">{names}{YEAR}</layout>',
        citation_options=f'collapse="{collapse}"',
    )
    assert made(source, *WORKS).cite(["alpha", "beta"]) == "anonymous 2019, anonymous 2021"
    note = source.replace('class="in-text"', 'class="note"')
    assert made(note, *WORKS).cite(["alpha", "beta"]) == "Anonymous 2019; anonymous 2021"


def test_groups_that_no_key_tells_apart_stand_by_their_names_in_a_document() -> None:
    source = style_source(
        f'<sort><key macro="year"/></sort><layout delimiter="; ">{NAMES}{YEAR}</layout>',
        citation_options='collapse="year"',
        macros=f'<macro name="year">{YEAR}</macro>',
    )
    works = [
        record("z", author="Zeta, A", issued=(2018,)),
        record("a", author="Alto, A", issued=(2018,)),
        record("m", author="Mere, A", issued=(2001,)),
        record("z2", author="Zeta, A", issued=(2020,)),
    ]
    processor = made(source, *works)
    session = Session(processor)
    session.append(Citation(id="one", items=tuple(CitationItem(key=work.key) for work in works)))
    assert session.texts["one"] == "Mere 2001; Alto 2018; Zeta 2018, 2020"
    assert processor.cite([work.key for work in works]) == "Mere 2001; Zeta 2018, 2020; Alto 2018"


@pytest.mark.parametrize("collapse", ["year-suffix", "year-suffix-ranged"])
@pytest.mark.parametrize(("options", "wanted"), [("", "2019, 2021"), ('cite-group-delimiter="/"', "2019/2021")])
def test_cites_that_show_no_names_are_a_group(collapse: str, options: str, wanted: str) -> None:
    names = '<names variable="author"><name form="short"/></names>'
    source = style_source(
        f'<layout delimiter="; ">{names}<date variable="issued"><date-part name="year"/></date></layout>',
        citation_options=f'collapse="{collapse}" {options}',
    )
    assert made(source, *WORKS).cite(["alpha", "beta"]) == wanted


TITLE = '<text variable="title"/>'
AUTHOR = '<names variable="author"><name form="short"/></names>'
CHOICE = f'<choose><if variable="author">{AUTHOR}</if><else>{TITLE}</else></choose>'


@pytest.mark.parametrize("options", ["", 'cite-group-delimiter=", "', 'after-collapse-delimiter="; "'])
@pytest.mark.parametrize("collapse", ["year", "year-suffix", "year-suffix-ranged"])
@pytest.mark.parametrize("names", [TITLE, AUTHOR + TITLE, CHOICE])
def test_titles_in_place_of_names_group_nothing(names: str, collapse: str, options: str) -> None:
    """CSL 1.0.2, "Cite Grouping": cites are grouped that have the same names."""
    source = style_source(
        f'<layout delimiter="; "><group delimiter=" ">{names}<text macro="year"/></group></layout>',
        citation_options=f'collapse="{collapse}" {options}',
        macros='<macro name="year"><date variable="issued"><date-part name="year"/></date></macro>',
    )
    works = [
        record("a", title="Act", issued=(1970,)),
        record("b", title="Law", issued=(2002,)),
        record("c", title="Act"),
    ]
    assert made(source, *works).cite(["a", "b", "c"]) == "Act 1970; Law 2002; Act"


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("by-cite", "R. Sund 2018; J. Sund 2018; Sund 2020"),
        ("primary-name", "J. Sund 2018; J. Sund 2020; R. Sund 2018"),
        ("all-names", "J. Sund 2018; J. Sund 2020; R. Sund 2018"),
    ],
)
@pytest.mark.parametrize("keys", [["r", "j2", "j"], ["j2", "r", "j"]])
def test_names_spelt_out_for_single_cites_do_not_change_their_order(rule: str, wanted: str, keys: list[str]) -> None:
    works = [
        record("j", author="Sund, Jo", issued=(2018,)),
        record("r", author="Sund, Rea", issued=(2018,)),
        record("j2", author="Sund, Jo", issued=(2020,)),
    ]
    macro = '<macro name="who"><names variable="author"><name form="short" initialize-with=". "/></names></macro>'
    sort = '<sort><key macro="who"/><key variable="issued"/></sort>'
    source = style_source(
        f'{sort}<layout delimiter="; "><text macro="who"/>{YEAR}</layout>',
        macros=macro,
        citation_options=f'disambiguate-add-givenname="true" givenname-disambiguation-rule="{rule}"',
    )
    assert made(source, *works).cite(keys) == wanted


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        # the first key is the same for both (et al. is no part of it), and one author comes before several
        ('collapse="year"', "Ash 2001; Roe 2015; Roe et al. 1999, 2003; Vale 2002"),
        ('cite-group-delimiter=", "', "Ash 2001; Roe 2015; Roe et al. 1999, Roe et al. 2003; Vale 2002"),
        # nothing is grouped
        ("", "Ash 2001; Roe et al. 1999; Roe et al. 2003; Roe 2015; Vale 2002"),
    ],
)
def test_groups_of_one_first_author_stand_in_order_of_their_names(options: str, wanted: str) -> None:
    names = '<names variable="author"><name form="short" et-al-min="2" et-al-use-first="1"/></names>'
    source = style_source(
        f'<sort><key macro="names"/><key variable="issued"/></sort><layout delimiter="; ">{names}{YEAR}</layout>',
        LIST,
        citation_options=options,
        macros=f'<macro name="names">{names}</macro>',
    )
    works = (
        record("several", author="Roe, A; Dunn, B", issued=(1999,)),
        record("alone", author="Roe, A", issued=(2015,)),
        record("again", author="Roe, A; Dunn, B", issued=(2003,)),
        record("last", author="Vale, A", issued=(2002,)),
        record("first", author="Ash, A", issued=(2001,)),
    )
    assert made(source, *works).cite([work.key for work in works]) == wanted


@pytest.mark.parametrize("attribute", ['strip-periods="true"', 'text-case="lowercase"', 'text-case="title"'])
def test_names_are_found_in_a_macro_whose_text_is_changed(attribute: str) -> None:
    names = '<names variable="author"><name form="short" and="text"/></names>'
    called = f'<text macro="who" {attribute}/>{YEAR}'
    source = style_source(
        f'<layout delimiter="; ">{called}</layout>',
        f"<layout>{called}</layout>",
        macros=f'<macro name="who">{names}</macro>',
        citation_options='collapse="year"',
        bibliography_options='subsequent-author-substitute="--" subsequent-author-substitute-rule="partial-each"',
    )
    works = [
        record("one", author="Ash, A; Bay, B", issued=(2001,)),
        record("two", author="Ash, A; Bay, B", issued=(2002,)),
        record("three", author="Ash, A; Cox, C", issued=(2003,)),
    ]
    processor = made(source, *works)
    assert processor.cite(["one", "two", "three"]).lower() == "ash and bay 2001, 2002; ash and cox 2003"
    assert processor.cite(CitationItem(key="one", suppress_author=True)).strip() == "2001"
    shown = [entry.text.lower() for entry in processor.bibliography().entries]
    assert shown == ["ash and bay 2001", "-- and -- 2002", "-- and cox 2003"]


def test_a_list_of_names_is_the_same_as_before_by_the_names_that_print() -> None:
    names = '<names variable="author"><name et-al-min="2" et-al-use-first="1" form="short"/></names>'
    source = style_source(
        f"<layout>{names}</layout>",
        f"<layout>{names}{YEAR}</layout>",
        bibliography_options='subsequent-author-substitute="--"',
    )
    works = [
        record("one", author="Ash, A; Bay, B", issued=(2001,)),
        record("two", author="Ash, A", issued=(2002,)),
        record("three", author="Cox, C", issued=(2003,)),
    ]
    shown = [entry.text for entry in made(source, *works).bibliography().entries]
    assert shown == ["Ash et al. 2001", "-- 2002", "Cox 2003"]


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("complete-all", ["Ash, Bay, … Fig 1", "-- 2", "Ash, Bay, … Oak 3", "Ash, Bay 4"]),
        ("complete-each", ["Ash, Bay, … Fig 1", "--, --, … -- 2", "Ash, Bay, … Oak 3", "Ash, Bay 4"]),
        ("partial-each", ["Ash, Bay, … Fig 1", "--, --, … -- 2", "--, --, … Oak 3", "--, -- 4"]),
    ],
)
def test_the_last_name_behind_an_ellipsis_is_one_of_those_that_print(rule: str, wanted: list[str]) -> None:
    """CSL 1.0.2, subsequent-author-substitute-rule: "when all rendered names ... match"."""
    name = '<name et-al-min="4" et-al-use-first="2" et-al-use-last="true" form="short"/>'
    names = f'<names variable="author">{name}</names>'
    source = style_source(
        f"<layout>{names}</layout>",
        f'<layout>{names}<text variable="title" prefix=" "/></layout>',
        bibliography_options=f'subsequent-author-substitute="--" subsequent-author-substitute-rule="{rule}"',
    )
    people = ["Ash; Bay; Cox; Fig", "Ash; Bay; Cox; Fig", "Ash; Bay; Cox; Oak", "Ash; Bay"]
    works = [record(f"w{number}", author=author, title=str(number)) for number, author in enumerate(people, 1)]
    assert [entry.text for entry in made(source, *works).bibliography().entries] == wanted


def test_a_number_with_a_locator_is_set_apart_like_a_range() -> None:
    source = style_source(
        '<layout delimiter=", " prefix="[" suffix="]"><group delimiter=" "><text variable="citation-number"/>'
        '<text variable="locator"/></group></layout>',
        LIST.replace("<sort>", "").replace('<key variable="title"/></sort>', ""),
        citation_options='collapse="citation-number" after-collapse-delimiter="; "',
    )
    processor = made(source, *WORKS)
    located = CitationItem(key="alpha", locator="5")
    assert processor.cite([located, CitationItem(key="gamma"), CitationItem(key="one")]) == "[1 5; 3, 5]"
    assert processor.cite([CitationItem(key="alpha"), CitationItem(key="gamma"), located]) == "[1, 3, 1 5]"
    assert processor.cite(["alpha", "beta", "gamma", "one"]) == "[1–3; 5]"


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        (["alpha", "beta", "gamma"], "[1–3]"),
        (["alpha", "beta", "gamma", "one"], "[1–3; 5]"),
        (["alpha", "gamma"], "[1, 3]"),
    ],
)
def test_a_locator_that_a_style_does_not_print_changes_no_range(keys: list[str], wanted: str) -> None:
    """CSL 1.0.2, collapse: ranges of cite numbers collapse, and nothing else of these cites is there to be kept."""
    source = style_source(
        '<layout delimiter=", " prefix="[" suffix="]"><text variable="citation-number"/></layout>',
        LIST.replace("<sort>", "").replace('<key variable="title"/></sort>', ""),
        citation_options='collapse="citation-number" after-collapse-delimiter="; "',
    )
    processor = made(source, *WORKS)
    for located in (set(), {"alpha"}, {"beta"}, {"gamma"}, {"alpha", "beta", "gamma"}):
        cites = [CitationItem(key=key, locator="5" if key in located else "") for key in keys]
        assert processor.cite(cites) == wanted


def test_only_notes_are_near() -> None:
    """CSL 1.0.2, "Choose", near-note: both cites are in notes, and not further apart than the style says."""
    near = '<choose><if position="near-note"><text value=" near"/></if></choose>'
    source = style_source(f'<layout><text variable="title"/>{near}</layout>', citation_options='near-note-distance="2"')
    session = Session(made(source, *WORKS))
    notes = [("alpha", 0), ("alpha", 0), ("alpha", 1), ("alpha", 3), ("beta", 4), ("beta", 7), ("alpha", 0)]
    for number, (key, note) in enumerate(notes):
        session.append(Citation(id=str(number), items=(CitationItem(key=key),), note=note))
    texts = [session.texts[str(number)] for number in range(len(notes))]
    assert texts == ["Alpha", "Alpha", "Alpha", "Alpha near", "Beta", "Beta", "Alpha"]


def test_the_note_of_the_first_reference_is_a_preceding_one() -> None:
    """CSL 1.0.2, Appendix IV: "Empty ... when the item hasn't been cited in any preceding notes in a document"."""
    source = style_source('<layout delimiter="; "><text variable="first-reference-note-number" prefix="n. "/></layout>')
    session = Session(made(source, *WORKS, empty_citation="-"))
    notes = [(["alpha", "beta", "alpha"], 1), (["alpha"], 1), (["beta"], 2), (["alpha"], 2)]
    for number, (keys, note) in enumerate(notes):
        session.append(Citation(id=str(number), items=tuple(CitationItem(key=key) for key in keys), note=note))
    assert [session.texts[str(number)] for number in range(len(notes))] == ["-", "-", "n. 1", "n. 1"]


def test_cites_of_a_group_have_a_delimiter_of_their_own() -> None:
    """CSL 1.0.2, cite-group-delimiter: 'Defaults to ", "', whatever comes after a collapsed group."""
    works = [record(key, author=name, issued=(year,)) for key, name, year in [
        ("a", "Doe, A", 1999), ("b", "Doe, A", 2001), ("c", "Jones, B", 2000), ("d", "Brown, C", 2002),
    ]]  # fmt: skip
    layout = f'<layout delimiter="; "><names variable="author"><name form="short"/></names>{YEAR}</layout>'
    for options in ("", 'after-collapse-delimiter="; "'):
        source = style_source(layout, citation_options=f'collapse="year" {options}')
        assert made(source, *works).cite(list("abcd")) == "Doe 1999, 2001; Jones 2000; Brown 2002"
