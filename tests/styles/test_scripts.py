"""Formatting by script: what slants in Latin, Greek or Cyrillic does not in Chinese, Japanese or Korean."""

from __future__ import annotations

import pytest

from bibtool.styles import Processor, Style
from tests.styles.data import record, style_source
from tests.styles.test_processor import made

ITALIC = '<text variable="title" font-style="italic"/>'


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("河川学", "河川学"),
        ("森と海の本", "森と海の本"),
        ("한국사 개론", "한국사 개론"),
        ("河川：序説", "河川：序説"),
        ("Река", "<i>Река</i>"),
        ("河川 and rivers", "<i>河川 and rivers</i>"),
        ("河川学 2", "<i>河川学 2</i>"),
        ("<i>河川</i>学", "<i>河川</i>学"),  # the record itself asks for it
        ("Rivers", "<i>Rivers</i>"),
    ],
)
@pytest.mark.parametrize(
    "layout", [ITALIC, ITALIC.replace("italic", "oblique"), f'<group font-weight="bold">{ITALIC}</group>']
)
def test_text_without_letters_that_slant_is_upright(title: str, wanted: str, layout: str) -> None:
    tag = "em" if "oblique" in layout else "i"
    expected = wanted if "河川</i>" in wanted else wanted.replace("i>", f"{tag}>")
    found = made(style_source(f"<layout>{layout}</layout>"), record("a", title=title), output="html").cite("a")
    assert found == (f"<b>{expected}</b>" if "bold" in layout else expected)


def test_the_name_of_a_journal_and_its_affixes() -> None:
    source = style_source('<layout><text variable="title" font-style="italic" prefix="(" suffix="), "/></layout>')
    assert made(source, record("a", title="生物学報"), output="html").cite("a") == "(生物学報), "


@pytest.mark.parametrize("how", ["always", "never", "contextual", "after-inverted-name"])
@pytest.mark.parametrize(
    ("language", "wanted"), [("zh-CN", "A One, B Two和C Three"), ("zh-TW", "A One, B Two及C Three")]
)
def test_no_delimiter_before_a_word_without_spaces(how: str, language: str, wanted: str) -> None:
    layout = f'<names variable="author"><name and="text" delimiter-precedes-last="{how}"/></names>'
    style = Style.parse(style_source(f"<layout>{layout}</layout>"))
    work = record("a", author="One, A; Two, B; Three, C")
    assert Processor(style, [work], locale=language, output="text").cite("a") == wanted


def test_of_two_names_a_delimiter_that_is_asked_for_stays() -> None:
    layout = '<names variable="author"><name and="text" delimiter-precedes-last="{}"/></names>'
    for how, wanted in (("always", "A One, 和B Two"), ("never", "A One和B Two"), ("contextual", "A One和B Two")):
        style = Style.parse(style_source(f"<layout>{layout.format(how)}</layout>"))
        work = record("a", author="One, A; Two, B")
        assert Processor(style, [work], locale="zh-CN", output="text").cite("a") == wanted


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ('delimiter-precedes-last="contextual"', "משה לוי ודוד כהן"),
        ('delimiter-precedes-last="always"', "משה לוי, ודוד כהן"),
        ('delimiter-precedes-last="after-inverted-name" name-as-sort-order="first"', "לוי, משה, ודוד כהן"),
        ('delimiter-precedes-last="after-inverted-name"', "משה לוי ודוד כהן"),
        ('form="short"', "לוי וכהן"),
        ('et-al-min="2" et-al-use-first="1"', "משה לוי ואחרים"),
    ],
)
def test_the_hebrew_word_for_and_is_a_prefix_of_a_word(options: str, wanted: str) -> None:
    style = Style.parse(style_source(f'<layout><names variable="author"><name and="text" {options}/></names></layout>'))
    work = record("a", author="לוי, משה; כהן, דוד")
    assert Processor(style, [work], locale="he-IL", output="text").cite("a") == wanted


@pytest.mark.parametrize(
    ("author", "wanted"),
    [("张, 伟", "张伟"), ("김, 철수", "김철수"), ("王, Wei", "王 Wei"), ("Hale, Ines", "Hale, [Ines]")],
)
def test_what_a_style_puts_around_parts_of_a_name_is_for_names_with_spaces(author: str, wanted: str) -> None:
    parts = '<name-part name="family" suffix=","/><name-part name="given" prefix="[" suffix="]"/>'
    name = f'<name name-as-sort-order="all" sort-separator=" ">{parts}</name>'
    source = style_source(f'<layout><names variable="author">{name}</names></layout>')
    assert made(source, record("a", author=author)).cite("a") == wanted


@pytest.mark.parametrize(
    ("style", "language", "wanted"),
    [
        ("tr-TR", "", "YİLMAZ, Irmak: İSTANBUL. Ed."),
        ("tr-TR", "en", "YILMAZ, Irmak: ISTANBUL. Ed."),
        ("en-US", "", "YILMAZ, Irmak: ISTANBUL. Ed."),
        ("en-US", "tr", "YİLMAZ, Irmak: İSTANBUL. Ed."),
        ("az-AZ", "", "YİLMAZ, Irmak: İSTANBUL. Ed."),
    ],
)
def test_capital_letters_of_turkish_are_those_of_the_work_or_else_of_the_style(
    style: str, language: str, wanted: str
) -> None:
    layout = (
        '<group delimiter=": "><names variable="author"><name name-as-sort-order="all">'
        '<name-part name="family" text-case="uppercase"/></name></names>'
        '<text variable="title" text-case="uppercase" suffix="."/></group><text value=" Ed."/>'
    )
    values = {"language": language} if language else {}
    work = record("a", author="Yilmaz, Irmak", title="Istanbul".replace("I", "i"), **values)
    source = style_source(f"<layout>{layout}</layout>", more=f'default-locale="{style}"')
    assert Processor(Style.parse(source), [work], output="text").cite("a") == wanted


@pytest.mark.parametrize("case", ["capitalize-first", "capitalize-all"])
def test_terms_of_turkish_begin_with_a_dotted_capital(case: str) -> None:
    layout = (
        f'<layout><text term="in" text-case="{case}" suffix=" "/><text variable="title" text-case="{case}"/></layout>'
    )
    work = record("a", title="ilk ısı", language="tr")
    source = style_source(layout, layout, more='default-locale="tr-TR"')
    processor = Processor(Style.parse(source), [work], output="text")
    wanted = "İçinde İlk ısı" if case == "capitalize-first" else "İçinde İlk Isı"
    assert processor.bibliography().entries[0].text == processor.cite("a") == wanted
    plain = layout.replace(f'<text term="in" text-case="{case}"', '<text term="in"')
    source = style_source(layout, plain, more='default-locale="tr-TR"')
    assert Processor(Style.parse(source), [work], output="text").bibliography().entries[0].text == wanted
