"""The processor from outside: what a style prints for records of our own."""

from __future__ import annotations

import pytest

from bibtool.errors import UnknownNameError
from bibtool.model.dates import Date, DateParts
from bibtool.model.names import Name, Names
from bibtool.model.record import Record
from bibtool.project.formatted import render_list
from bibtool.styles import Citation, CitationItem, Processor, Session, Style
from tests.styles.data import record, style_source

SUBSTITUTED = (
    '<names variable="editor"><substitute><text variable="title"/></substitute></names>'
    '<text variable="title" prefix="/"/>'
)
AUTHOR_YEAR = (
    '<layout prefix="(" suffix=")" delimiter="; "><group delimiter=", "><names variable="author"><name form="short" '
    'and="text" initialize-with=". "/></names><date variable="issued"><date-part name="year"/></date></group></layout>'
)


def made(source: str, *records: Record, output: str = "text", **options: str) -> Processor:
    return Processor(Style.parse(source), records, output=output, **options)  # type: ignore[arg-type] # texts


def cite(layout: str, one: Record, **options: str) -> str:
    return made(style_source(f"<layout>{layout}</layout>", **options), one, empty_citation="").cite([one.key])


@pytest.mark.parametrize(
    ("layout", "wanted"),
    [
        ('<text variable="title" quotes="true" suffix="."/>', "“An Aim.”"),
        ('<text variable="title" quotes="true"/><text value="x" prefix=", "/>', "“An Aim,” x"),
        ('<text variable="title" suffix=". "/><text value=". x"/>', "An Aim. . x"),
        ('<text variable="title" suffix="?"/><text value="x" prefix=". "/>', "An Aim? x"),
        ('<text variable="title" suffix="."/><text value="x" prefix="; "/>', "An Aim.; x"),
        ('<group delimiter=": "><text term="in"/><text variable="medium"/></group>', ""),
        ('<group delimiter=": "><text term="in"/><text variable="title"/></group>', "in: An Aim"),
        ('<text variable="title" text-case="uppercase"/>', "AN AIM"),
        ('<text variable="title" text-case="lowercase" prefix="A "/>', "A an aim"),
        ('<number variable="edition" form="ordinal"/>', "3rd"),
        ('<number variable="edition" form="long-ordinal"/>', "third"),
        ('<number variable="edition" form="roman"/>', "iii"),
        ('<label variable="page" form="short" suffix=" "/><text variable="page"/>', "pp. 10–12"),
        ('<label variable="issue"/><text variable="issue"/>', ""),
        (SUBSTITUTED, "An Aim"),
    ],
)  # fmt: skip
def test_elements(layout: str, wanted: str) -> None:
    one = record("a", title="An Aim", edition="3", page="10-12")
    text = cite(layout, one)
    assert text == wanted


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        ("expanded", "321–328"),
        ("minimal", "321–8"),
        ("minimal-two", "321–28"),
        ("chicago", "321–28"),
        ("chicago-16", "321–28"),
    ],
)
def test_page_ranges(how: str, wanted: str) -> None:
    one = record("a", page="321-328")
    assert cite('<text variable="page"/>', one, more=f'page-range-format="{how}"') == wanted


@pytest.mark.parametrize(
    ("dates", "wanted"),
    [
        ((DateParts(2008, 5, 1), DateParts(2008, 5, 4)), "1-4 May 2008"),
        ((DateParts(2008, 5), DateParts(2008, 7)), "May–July 2008"),
        ((DateParts(2008, 5), DateParts(2009, 6)), "May 2008/June 2009"),
        ((DateParts(2009, season=4), None), "Winter 2009"),
        ((DateParts(79), None), "79 AD"),
        ((DateParts(-44), None), "44 BC"),
    ],
)
def test_dates(dates: tuple[DateParts, DateParts | None], wanted: str) -> None:
    layout = (
        '<date variable="issued"><date-part name="day" suffix=" " range-delimiter="-"/>'
        '<date-part name="month" suffix=" "/><date-part name="year" range-delimiter="/"/></date>'
    )
    assert cite(layout, record("a", issued=Date(*dates))) == wanted


LOCAL_DATES = (
    '<locale xml:lang="en"><date form="numeric" delimiter="."><date-part name="day" font-weight="bold"/>'
    '<date-part name="month" form="short" strip-periods="true" range-delimiter="/"/><date-part name="year"/></date>'
    '<date form="text" font-style="italic" text-case="uppercase"><date-part name="month" suffix=" "/>'
    '<date-part name="year"/></date></locale>'
)


@pytest.mark.parametrize(
    ("attributes", "parts", "wanted"),
    [
        ('form="numeric"', "", "<b>1</b>.Nov/<b>4</b>.Dec.2008"),
        # CSL 1.0.2, "Date": what these elements say overrides the localized format, also with what is usual elsewhere
        ('form="numeric"', '<date-part name="month" range-delimiter="–"/>', "<b>1</b>.Nov–<b>4</b>.Dec.2008"),
        ('form="numeric"', '<date-part name="month" strip-periods="false"/>', "<b>1</b>.Nov./<b>4</b>.Dec.2008"),
        (
            'form="numeric" date-parts="year-month"',
            '<date-part name="month" font-style="italic"/>',
            "<i>Nov</i>/<i>Dec</i>.2008",
        ),
        (
            'form="numeric"',
            '<date-part name="day" font-style="italic"/>',
            "<b><i>1</i></b>.Nov/<b><i>4</i></b>.Dec.2008",
        ),
        ('form="numeric"', '<date-part name="day" suffix="x"/>', "<b>1</b>.Nov/<b>4</b>.Dec.2008"),
        # "Localized Date Formats": formatting and text-case may be on cs:date
        ('form="text"', "", "<i>NOVEMBER–DECEMBER 2008</i>"),
        ('form="text" font-weight="bold" prefix="("', "", "(<b><i>NOVEMBER–DECEMBER 2008</i></b>"),
        ('form="text" font-style="normal" text-case="lowercase"', "", "november–december 2008"),
    ],
)
def test_a_localized_date(attributes: str, parts: str, wanted: str) -> None:
    one = record("a", issued=Date(DateParts(2008, 11, 1), DateParts(2008, 12, 4)))
    layout = f'<layout><date variable="issued" {attributes}>{parts}</date></layout>'
    assert made(style_source(layout, macros=LOCAL_DATES), one, output="html").cite(["a"]) == wanted


def test_a_literal_date_and_an_open_range_are_printed() -> None:
    layout = '<date variable="issued"><date-part name="year"/></date>'
    assert cite(layout, record("a", issued=Date(literal="in press"))) == "in press"
    assert cite(layout, record("a", issued=Date(DateParts(1987), open_end=True))) == "1987–"


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ('name-as-sort-order="all"', "Gogh, Vincent van, III"),
        ("", "Vincent van Gogh III"),
        ('form="short"', "van Gogh"),
        ('initialize-with="."', "V. van Gogh III"),
    ],
)
def test_name_parts(options: str, wanted: str) -> None:
    name = Name(family="Gogh", given="Vincent", non_dropping_particle="van", suffix="III")
    one = Record(key="a", type="book", variables={"author": Names((name,))})
    assert cite(f'<names variable="author"><name {options}/></names>', one) == wanted


def test_et_al_and_the_last_author() -> None:
    one = record("a", author="; ".join(f"F{n}, G" for n in range(8)))
    layout = '<names variable="author"><name et-al-min="4" et-al-use-first="2"{}/></names>'
    assert cite(layout.format(""), one) == "G F0, G F1, et al."
    assert cite(layout.format(' et-al-use-last="true"'), one) == "G F0, G F1, … G F7"


@pytest.mark.parametrize(
    ("least", "first", "count", "wanted"),
    [
        # CSL 1.0.2, ``et-al-use-last``: only if there are at least two more names than the truncated list has
        (4, 2, 4, "F0, F1, … F3"),
        (4, 3, 4, "F0, F1, F2, et al."),
        (4, 3, 5, "F0, F1, F2, … F4"),
        (2, 1, 2, "F0 et al."),
        (2, 1, 3, "F0, … F2"),
    ],
)
def test_the_last_author_follows_if_two_names_are_left_out(least: int, first: int, count: int, wanted: str) -> None:
    one = record("a", author="; ".join(f"F{n}, G" for n in range(count)))
    options = f'et-al-min="{least}" et-al-use-first="{first}" et-al-use-last="true"'
    assert cite(f'<names variable="author"><name form="short" {options}/></names>', one) == wanted


def test_names_in_chinese_have_the_family_name_first() -> None:
    one = Record(key="a", variables={"author": Names((Name(family="毛", given="泽东"),))})
    assert cite('<names variable="author"/>', one) == "毛泽东"


def test_italics_in_italics_are_upright() -> None:
    one = record("a", title="On <i>Homo</i> and others")
    source = style_source('<layout><text variable="title" font-style="italic"/></layout>')
    assert made(source, one, output="html").cite(["a"]) == (
        '<i>On <span style="font-style:normal;">Homo</span> and others</i>'
    )


def test_year_suffixes_follow_the_bibliography() -> None:
    works = [
        record("b", title="Zebra", author="Doe, Jane", issued=(2000,)),
        record("a", title="Apple", author="Doe, Jane", issued=(2000,)),
    ]
    source = style_source(
        AUTHOR_YEAR,
        '<sort><key variable="title"/></sort><layout><text variable="title"/>'
        '<date variable="issued" prefix=" "><date-part name="year"/></date></layout>',
        citation_options='disambiguate-add-year-suffix="true"',
    )
    processor = made(source, *works)
    assert processor.cite(["a", "b"]) == "(Doe, 2000a; Doe, 2000b)"
    assert [entry.text for entry in processor.bibliography().entries] == ["Apple 2000a", "Zebra 2000b"]


def test_given_names_tell_cites_apart() -> None:
    works = [
        record("a", author="Doe, Jane", issued=(2000,)),
        record("b", author="Doe, Mark", issued=(2000,)),
        record("c", author="Roe, Ann", issued=(2000,)),
    ]
    source = style_source(AUTHOR_YEAR, citation_options='disambiguate-add-givenname="true"')
    processor = made(source, *works)
    assert processor.cite(["a", "b", "c"]) == "(J. Doe, 2000; M. Doe, 2000; Roe, 2000)"


def test_more_names_tell_cites_apart() -> None:
    works = [
        record("a", author="Doe, Jane; Poe, Al; Foe, Bo", issued=(2000,)),
        record("b", author="Doe, Jane; Moe, Al; Foe, Bo", issued=(2000,)),
    ]
    source = style_source(
        AUTHOR_YEAR, citation_options='disambiguate-add-names="true" et-al-min="3" et-al-use-first="1"'
    )
    assert made(source, *works).cite(["a", "b"]) == "(Doe, Poe, et al., 2000; Doe, Moe, et al., 2000)"


@pytest.mark.parametrize(
    ("collapse", "wanted"),
    [
        ("year", "(Doe, 2000a, 2000b, 2000c, 2001)"),
        ("year-suffix", "(Doe, 2000a; b; c, 2001)"),
        ("year-suffix-ranged", "(Doe, 2000a–c, 2001)"),
    ],
)
def test_collapsing_of_years(collapse: str, wanted: str) -> None:
    works = [record(key, author="Doe, Jane", issued=(2000,), title=key) for key in "abc"]
    works.append(record("d", author="Doe, Jane", issued=(2001,)))
    options = f'collapse="{collapse}" disambiguate-add-year-suffix="true"'
    processor = made(style_source(AUTHOR_YEAR, citation_options=options), *works)
    assert processor.cite(list("abcd")) == wanted


def test_collapsing_of_numbers_needs_three_in_a_row() -> None:
    works = [record(key) for key in "abcdef"]
    source = style_source(
        '<layout prefix="[" suffix="]" delimiter=", "><text variable="citation-number"/></layout>',
        citation_options='collapse="citation-number"',
    )
    processor = made(source, *works)
    assert processor.cite(list("abce")) == "[1–3, 5]"
    assert processor.cite(list("abde")) == "[1, 2, 4, 5]"
    assert processor.cite(["c", "b", "a"]) == "[3, 2, 1]"


def test_repeated_authors_are_substituted_by_rule() -> None:
    works = [
        record("a", author="Doe, J", title="A"),
        record("b", author="Doe, J", title="B"),
        record("c", author="Doe, J; Roe, K", title="C"),
    ]
    layout = (
        '<layout><names variable="author"><name form="short" delimiter="/"/></names><text variable="title" prefix=" "/>'
        "</layout>"
    )

    def entries(rule: str) -> list[str]:
        options = f'subsequent-author-substitute="---" subsequent-author-substitute-rule="{rule}"'
        source = style_source(bibliography=layout, bibliography_options=options)
        return [entry.text for entry in made(source, *works).bibliography().entries]

    assert entries("complete-all") == ["Doe A", "--- B", "Doe/Roe C"]
    assert entries("partial-each") == ["Doe A", "--- B", "---/Roe C"]


def test_sorting_puts_empty_values_last_in_both_directions() -> None:
    works = [record("none"), record("b", title="beta"), record("a", title="Alpha")]
    for direction, wanted in (("ascending", ["a", "b", "none"]), ("descending", ["b", "a", "none"])):
        source = style_source(
            bibliography=f'<sort><key variable="title" sort="{direction}"/></sort><layout><text value="x"/></layout>'
        )
        assert [entry.key for entry in made(source, *works).bibliography().entries] == wanted


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://example.org/6/page.html", "https://example.org"),
        ("https://www.example.org/6/page", "www.example.org"),
        ("http://www.example.org", "www.example.org"),
        ("http://localhost/a", "http://localhost/a"),
        ("example.org/6", "example.org/6"),
    ],
)
def test_the_short_form_of_an_address_is_its_site(url: str, wanted: str) -> None:
    source = style_source('<layout><text variable="URL" form="short" prefix="at "/></layout>')
    one = record("a", URL=url)
    assert made(source, one).cite(["a"]) == f"at {wanted}"
    linked = Processor(Style.parse(source), [one], output="html", links=True).cite(["a"])
    assert f">{wanted}</a>" in linked or "://" not in url
    assert f'href="{url}"' in linked or "://" not in url
    assert made(style_source('<layout><text variable="URL"/></layout>'), one).cite(["a"]) == url


@pytest.mark.parametrize(
    ("variable", "value", "address"),
    [
        # CSL 1.0.2, "Links"
        ("DOI", "10.1000/x", "https://doi.org/10.1000/x"),
        ("PMID", "123", "https://www.ncbi.nlm.nih.gov/pubmed/123"),
        ("PMCID", "PMC9", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9"),
        ("URL", "https://example.org/a", "https://example.org/a"),
    ],
)
def test_where_identifiers_link_to(variable: str, value: str, address: str) -> None:
    one = record("a", **{variable: value})
    for prefix, inside in (("see: ", ""), ("at https://id.example/", "https://id.example/")):
        style = Style.parse(
            style_source(f'<layout><text variable="{variable}" prefix="{prefix}" suffix="."/></layout>')
        )
        outside = prefix.removesuffix(inside)
        shown = Processor(style, [one], output="html", links=True).cite(["a"])
        assert shown == f'{outside}<a href="{address}">{inside}{value}</a>.'


@pytest.mark.parametrize(
    ("page", "wanted"),
    [('<text variable="volume"/><text variable="page" prefix=":"/>', "A;:1"), ('<text variable="page"/>', "A;1")],
)
def test_a_colon_after_the_semicolon_of_a_group_is_kept(page: str, wanted: str) -> None:
    layout = f'<layout><text variable="title"/><group prefix=";">{page}</group></layout>'
    assert made(style_source(layout), record("a", title="A", page="1")).cite(["a"]) == wanted


def test_unknown_keys_are_named() -> None:
    processor = made(style_source(AUTHOR_YEAR), record("smith2000"))
    with pytest.raises(UnknownNameError, match="smith2000"):
        processor.cite(["smith200"])


def test_locators_and_affixes_of_a_cite() -> None:
    layout = '<layout><text variable="title"/><group prefix=", "><label variable="locator" form="short"/>'
    layout += '<text variable="locator" prefix=" "/></group></layout>'
    processor = made(style_source(layout), record("a", title="T"))
    item = CitationItem(key="a", locator="3-5", label="page", prefix="see", suffix="and others")
    assert processor.cite([item]) == "see T, pp. 3–5 and others"


def test_names_in_the_text_with_the_rest_behind_them() -> None:
    processor = made(style_source(AUTHOR_YEAR), record("a", author="Doe, Jane", issued=(2000,)))
    items = (CitationItem(key="a"),)
    assert processor.cite(Citation(items=items, mode="composite")) == "Doe (2000)"
    assert processor.cite(Citation(items=items, mode="composite", infix="’s work")) == "Doe’s work (2000)"
    assert processor.cite(Citation(items=items, mode="author-only")) == "Doe"
    assert processor.cite(Citation(items=items, mode="suppress-author")) == "(2000)"


def test_a_citation_that_prints_nothing_is_marked() -> None:
    numbers = made(
        style_source('<layout prefix="[" suffix="]"><text variable="citation-number"/></layout>'), record("a")
    )
    item = CitationItem(key="a", author_only=True)
    assert numbers.cite(item) == "[NO_PRINTED_FORM]"
    assert numbers.cite(Citation(items=(CitationItem(key="a"),), mode="author-only")) == "[NO_PRINTED_FORM]"
    assert numbers.cite(Citation(items=(CitationItem(key="a"),), mode="composite")) == "[1]"
    assert numbers.cite([]) == ""
    processor = Processor(numbers.style, [record("a")], output="latex", empty_citation="a_b")
    assert processor.cite(item) == r"a\_b"
    assert Processor(numbers.style, [record("a")], empty_citation="").cite(item) == ""


def test_the_words_of_a_user_stay_at_a_cite_that_prints_nothing() -> None:
    layout = '<layout prefix="(" suffix=")" delimiter="; "><names variable="author"/></layout>'
    processor = made(style_source(layout), record("a"), record("b", author="Doe, Jane"))
    see = CitationItem(key="a", prefix="see also", suffix=", with notes")
    assert processor.cite([see]) == "(see also , with notes)"
    assert processor.cite([CitationItem(key="b"), CitationItem(key="a")]) == "(Jane Doe)"


NOTE = style_source(
    '<layout suffix="."><choose>'
    '<if position="ibid-with-locator"><text term="ibid"/><text variable="locator" prefix=" "/></if>'
    '<else-if position="ibid"><text term="ibid"/></else-if>'
    '<else-if position="subsequent"><text variable="title" form="short"/>'
    '<text variable="first-reference-note-number" prefix=" n"/></else-if>'
    '<else><text variable="title"/></else></choose></layout>',
    kind="note",
)


def test_positions_in_notes() -> None:
    session = Session(made(NOTE, record("a", title="Long A"), record("b", title="Long B")))

    def note(number: int, key: str, locator: str = "") -> str:
        items = (CitationItem(key=key, locator=locator),)
        return session.append(Citation(id=f"c{number}", items=items, note=number))[-1].text

    assert note(1, "a") == "Long A."
    assert note(2, "a") == "Ibid."
    assert note(3, "a", "7") == "Ibid. 7."
    assert note(4, "a", "7") == "Ibid."
    assert note(5, "a") == "Long A n1."
    assert note(6, "b") == "Long B."
    assert note(7, "a") == "Long A n1."


def test_only_what_a_change_touches_is_rendered_again() -> None:
    session = Session(made(NOTE, record("a", title="A"), record("b", title="B")))
    for number, key in enumerate("abab", 1):
        session.append(Citation(id=f"c{number}", items=(CitationItem(key=key),), note=number))
    assert session.texts == {"c1": "A.", "c2": "B.", "c3": "A n1.", "c4": "B n2."}
    updates = session.remove("c1")
    assert {update.id for update in updates} == {"c3"}
    assert session.texts["c3"] == "A."
    assert [entry for entry in session.citations if entry.id == "c1"] == []


class TestOrderOfTheLocale:
    SOURCE = style_source(
        citation='<sort><key variable="author"/></sort><layout delimiter="; "><names variable="author"/></layout>',
        bibliography='<sort><key variable="author"/></sort><layout><text variable="citation-number"/>'
        '<names variable="author" prefix=" "/></layout>',
    )

    @pytest.mark.parametrize(
        ("locale", "families", "ordered"),
        [
            ("ru-RU", ["Smith", "Яров", "Ильин"], ["Ильин", "Яров", "Smith"]),
            ("sv-SE", ["Ärlig", "Zorn", "Öberg", "Åberg"], ["Zorn", "Åberg", "Ärlig", "Öberg"]),
            ("zh-CN", ["Smith", "张", "李", "陈"], ["陈", "李", "张", "Smith"]),
            ("en-US", ["Zorn", "Öberg", "Smith"], ["Öberg", "Smith", "Zorn"]),
            ("de-AT-u-co-phonebk", ["Mä", "Maz", "Mb"], ["Maz", "Mä", "Mb"]),
            ("de-DE-u-co-phonebk", ["Mag", "Mä"], ["Mä", "Mag"]),
        ],
    )
    def test_list_and_citations(self, locale: str, families: list[str], ordered: list[str]) -> None:
        records = [record(family, author=family) for family in families]
        processor = Processor(Style.parse(self.SOURCE), records, locale=locale, output="text")
        entries = [entry.text for entry in processor.bibliography().entries]
        assert entries == [f"{number} {family}" for number, family in enumerate(ordered, 1)]
        assert processor.cite(families) == "; ".join(ordered)

    def test_rare_characters_are_a_note_where_icu_is_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bibtool.model.text.collation._icu", lambda: None)
        records = [record("a", author="玥"), record("b", author="张")]
        for locale, keep_order, codes in (
            ("zh-CN", False, ["order-needs-icu"]),
            ("zh-CN", True, []),
            ("en-US", False, []),
        ):
            _, problems = render_list(
                records, "text", "x", lambda _: Style.parse(self.SOURCE), locale=locale, keep_order=keep_order
            )
            assert [problem.code for problem in problems] == codes


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ('<text variable="citation-number" suffix=". "/>', '<text variable="title"/>', 3),
        ('<text variable="citation-number" quotes="true"/>', '<text variable="title" prefix=". "/>', 3),
        ('<text variable="citation-number" quotes="true"/>', '<text variable="title"/>', 3),
        ('<text variable="citation-number"/>', "", 1),
        ('<group display="left-margin"><text variable="citation-number"/></group>', '<text variable="title"/>', 1),
    ],
)
def test_an_aligned_field_is_as_long_as_it_is_alone(first: str, second: str, wanted: int) -> None:
    source = style_source(
        bibliography=f'<layout suffix=".">{first}{second}</layout>', bibliography_options='second-field-align="flush"'
    )
    assert made(source, record("a", title="Rain")).bibliography().options.max_offset == wanted
