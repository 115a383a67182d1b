"""Styles and locales as files: what is refused, and how it is said; finding styles."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibtool.errors import StyleError, UnknownNameError
from bibtool.styles import Locale, Processor, Style, StyleIndex
from bibtool.styles.locale import known_locales
from tests.styles.data import HEAD, INFO, record, style_source

START = HEAD.format(kind="in-text", more="")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "not well-formed"),
        ("<style", "not well-formed"),
        ("<html/>", "<html> is not a style"),
        (START + INFO + "</style>", "without <citation>"),
        (style_source("<sort><key variable='title'/></sort>"), "without <layout>"),
        (style_source("<layout><text/></layout>"), "<text> needs one of"),
        (style_source('<layout><text macro="x"/></layout>'), "no macro 'x'"),
        (style_source('<layout><txt variable="title"/></layout>'), "<txt> is not allowed inside <layout>"),
        (style_source('<layout><text variable="title" display="up"/></layout>'), 'display="up"'),
        (style_source('<layout><date form="text"/></layout>'), "<date> without the attribute variable"),
        (style_source('<layout><names variable="author"><name et-al-min="x"/></names></layout>'), "is not a number"),
        (
            style_source(
                '<layout><text macro="a"/></layout>',
                macros='<macro name="a"><text macro="b"/></macro><macro name="b"><text macro="a"/></macro>',
            ),
            "calls itself",
        ),
        ('<!DOCTYPE style SYSTEM "http://example.org/x.dtd">' + style_source(), "no document type"),
        ('<!DOCTYPE style [<!ENTITY a "b">]>' + style_source(), "no document type"),
    ],
)
def test_what_is_no_style_is_refused_with_its_line(source: str, says: str) -> None:
    with pytest.raises(StyleError) as caught:
        Style.parse(source, path="my.csl")
    assert says in caught.value.message
    assert caught.value.line is not None
    assert str(caught.value).startswith("my.csl:")


def test_deep_nesting_is_refused() -> None:
    deep = "<group>" * 10_000 + "</group>" * 10_000
    with pytest.raises(StyleError, match="<group> is nested deeper") as caught:
        Style.parse(style_source(f"<layout>{deep}</layout>"))
    assert caught.value.line == 1


@pytest.mark.parametrize(
    ("number", "groups", "says"),
    [(55, 20, "nested deeper"), (300, 1, "nested too deep"), (3000, 0, "nested too deep"), (900, 3, "nested too deep")],
)
def test_nesting_through_macros_that_python_could_not_follow(number: int, groups: int, says: str) -> None:
    macros = "".join(
        f'<macro name="m{n}">{"<group>" * groups}<text macro="m{n + 1}"/>{"</group>" * groups}</macro>'
        for n in range(number)
    )
    macros += f'<macro name="m{number}"><text variable="title"/></macro>'
    with pytest.raises(StyleError, match=says):
        Style.parse(style_source('<layout><text macro="m0"/></layout>', macros=macros))


def test_nesting_through_macros_is_refused() -> None:
    macros = "".join(
        f'<macro name="m{n}">{"<group>" * 5}<text macro="m{n + 1}"/>{"</group>" * 5}</macro>' for n in range(50)
    )
    macros += '<macro name="m50"><text variable="title"/></macro>'
    with pytest.raises(StyleError, match="nested deeper"):
        Style.parse(style_source('<layout><text macro="m0"/></layout>', macros=macros))


def test_dependent_styles_need_their_parent() -> None:
    link = '<link href="http://example.org/styles/parent" rel="independent-parent"/>'
    dependent = f"{START}<info><title>Child</title><id>c</id>{link}</info></style>"
    parent = style_source('<layout><text value="from the parent"/></layout>').encode()
    style = Style.parse(dependent, find_parent=lambda url: parent if url.endswith("parent") else b"")
    assert style.info.title == "Child"
    with pytest.raises(StyleError, match="depends on"):
        Style.parse(dependent)


@pytest.mark.slow
def test_all_locales_load() -> None:
    names = known_locales()
    assert len(names) >= 60
    for name in names:
        locale = Locale.load(name)
        assert locale.lang == name
        assert locale.term("page", "short")


def test_unknown_locales_get_suggestions() -> None:
    with pytest.raises(UnknownNameError, match="de-DE"):
        Locale.load("dd-DE")


def test_a_dialect_falls_back_to_its_language() -> None:
    assert Locale.load("de-AT").term("and") == "und"
    assert Locale.load("de-LU").term("and") == "und"


def test_terms_of_a_style_come_first_by_dialect_language_and_none() -> None:
    def terms(lang: str, word: str) -> str:
        attribute = f' xml:lang="{lang}"' if lang else ""
        return f'<locale{attribute}><terms><term name="and">{word}</term></terms></locale>'

    style = Style.parse(style_source(macros=terms("", "none") + terms("de", "sprache") + terms("de-AT", "dialekt")))
    assert style.locale("de-AT").term("and") == "dialekt"
    assert style.locale("de-DE").term("and") == "sprache"
    assert style.locale("fr-FR").term("and") == "none"


def test_forms_of_terms_fall_back() -> None:
    locale = Locale.load("en-US")
    assert locale.term("editor", "verb-short") == "ed. by"
    assert locale.term("accessed", "symbol") == "accessed"
    assert locale.term("no-such-term") is None


@pytest.mark.parametrize(("number", "wanted"), [(1, "st"), (2, "nd"), (3, "rd"), (11, "th"), (21, "st"), (113, "th")])
def test_english_ordinals(number: int, wanted: str) -> None:
    assert Locale.load("en-US").ordinal_suffix(number, "") == wanted


@pytest.mark.parametrize(
    ("lang", "suffix", "word"),
    [("pt-PT", ".ª", "segunda"), ("gl-ES", "ª", "segunda"), ("pt-BR", "º", "segunda"), ("fr-FR", "ᵉ", "deuxième")],
)
def test_ordinals_of_words_without_a_gender_are_of_the_language(lang: str, suffix: str, word: str) -> None:
    locale = Locale.load(lang)
    assert (locale.ordinal_suffix(2, ""), locale.long_ordinal(2, "")) == (suffix, word)


def test_days_of_months_without_a_gender_are_masculine_where_all_ordinals_have_one() -> None:
    day = '<date variable="issued"><date-part name="day" form="ordinal"/></date>'
    processor = Processor(
        Style.parse(style_source(f"<layout>{day}</layout>")),
        [record("a", issued=(2001, 3, 2))],
        locale="pt-PT",
        output="text",
    )
    assert processor.cite("a") == "2.º"


def test_a_neuter_ordinal_of_a_language_stays_where_a_style_adds_a_gender() -> None:
    """CSL 1.0.2, "Gender-specific Ordinals": "the term without gender-form represents the neuter variant"."""
    own = '<locale><terms><term name="long-ordinal-01" gender-form="feminine">une</term></terms></locale>'
    locale = Style.parse(style_source(macros=own)).locale("en-US")
    assert (locale.long_ordinal(1, ""), locale.long_ordinal(1, "feminine")) == ("first", "une")


class TestIndex:
    @pytest.mark.parametrize(
        "name",
        [
            "apa",
            "APA",
            "apa.csl",
            "http://www.zotero.org/styles/apa",
            "https://www.zotero.org/styles/apa",
        ],
    )
    def test_names_of_one_style(self, name: str) -> None:
        assert StyleIndex().load(name).info.id == "http://www.zotero.org/styles/apa"

    @pytest.mark.slow
    def test_own_folders_come_first_and_are_searched(self, tmp_path: Path) -> None:
        (tmp_path / "apa.csl").write_text(style_source())
        (tmp_path / "house.csl").write_text(style_source().replace("<title>T</title>", "<title>Maison Élan</title>"))
        index = StyleIndex([tmp_path], cache=tmp_path / "cache")
        assert index.find("apa") == tmp_path / "apa.csl"
        assert index.load("maison elan").info.title == "Maison Élan"
        assert [entry.name for entry in index.search("elan maison")] == ["house"]

    @pytest.mark.slow
    def test_a_journal_is_found_by_title_and_issn(self, tmp_path: Path) -> None:
        index = StyleIndex(cache=tmp_path)
        assert index.load("1476-4687").info.title == "Nature"
        assert index.load("nature BIOTECHNOLOGY").info.title == "Nature Biotechnology"
        again = StyleIndex(cache=tmp_path)
        assert again.entries == index.entries
        with pytest.raises(UnknownNameError, match="'apa'"):
            again.load("apaa")
        assert again.search("chicago author date")[0].name.startswith("chicago-author-date")

    def test_a_broken_index_file_is_made_again(self, tmp_path: Path) -> None:
        (tmp_path / "styles").mkdir()
        (tmp_path / "styles" / "one.csl").write_text(style_source())
        index = StyleIndex([tmp_path / "styles"], cache=tmp_path)
        index.folders = index.folders[:1]
        assert [entry.name for entry in index.entries] == ["one"]
        file = next(tmp_path.glob("styles-*.json"))
        file.write_text("[{")
        again = StyleIndex([tmp_path / "styles"], cache=tmp_path)
        again.folders = again.folders[:1]
        assert [entry.name for entry in again.entries] == ["one"]

    def test_missing_files_are_said(self, tmp_path: Path) -> None:
        with pytest.raises(StyleError, match="no such file"):
            StyleIndex().load(str(tmp_path / "none.csl"))
