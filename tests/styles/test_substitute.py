"""``cs:substitute``: what stands in for missing names, once and only once."""

from __future__ import annotations

import pytest

from tests.styles.data import record, style_source
from tests.styles.test_processor import made

EDITOR = '<names variable="editor"/>'
TRANSLATOR = '<names variable="translator"/>'
TITLE = '<text variable="title"/>'


def _choose(*inside: str) -> str:
    return f'<choose><if type="book">{"".join(inside)}</if></choose>'


def _group(*inside: str) -> str:
    return f'<group delimiter="+">{"".join(inside)}</group>'


@pytest.mark.parametrize(
    ("substitutes", "wanted"),
    [
        (_choose(EDITOR, TRANSLATOR), "Ito | Roads | B Sund"),
        (_choose(TRANSLATOR, EDITOR), "Sund | Roads | A Ito"),
        (_choose(EDITOR, TITLE), "Ito | Roads | B Sund"),
        (_choose(TITLE, '<text variable="publisher"/>'), "Roads | B Sund | A Ito"),
        (_choose(_choose(EDITOR), TRANSLATOR), "Ito | Roads | B Sund"),
        (_choose('<text macro="roles"/>', TITLE), "A Ito & B Sund | Roads"),
        (_choose('<names variable="composer"/>', TRANSLATOR), "Sund | Roads | A Ito"),
        (_group(EDITOR, TRANSLATOR), "Ito | Roads | B Sund"),
        (_group(_choose(EDITOR, TRANSLATOR)), "Ito | Roads | B Sund"),
        (_choose(_group(EDITOR, TRANSLATOR)), "Ito | Roads | B Sund"),
        (_group(TITLE, '<text variable="publisher"/>'), "Roads+Pen | B Sund | A Ito"),
        ('<text macro="roles"/>', "A Ito & B Sund | Roads"),
    ],
)  # fmt: skip
def test_the_first_names_that_print_are_the_substitute(substitutes: str, wanted: str) -> None:
    macro = f'<macro name="roles">{_group(EDITOR, TRANSLATOR).replace("+", " &amp; ")}</macro>'
    layout = (
        f'<names variable="author"><name form="short"/><substitute>{substitutes}</substitute></names>'
        f"{TITLE}{TRANSLATOR}{EDITOR}"
    )
    source = style_source(f'<layout><group delimiter=" | ">{layout}</group></layout>', macros=macro)
    work = record("a", title="Roads", editor="Ito, A", translator="Sund, B", publisher="Pen")
    assert made(source, work).cite("a") == wanted


@pytest.mark.parametrize("label", ["", '<label form="short" prefix=" (" suffix=")"/>'])
@pytest.mark.parametrize("later", [EDITOR, TRANSLATOR, '<names variable="editor translator"/>'])
def test_one_list_that_stands_for_editors_and_translators_is_printed_once(later: str, label: str) -> None:
    """CSL 1.0.2, "Substitute": "Substituted variables are suppressed in the rest of the output"."""
    names = (
        f'<names variable="author"><name/>{label}<substitute><names variable="editor translator"/></substitute></names>'
    )
    source = style_source(f'<layout><group delimiter=" | ">{names}{TITLE}{later}</group></layout>')
    work = record("a", title="Roads", editor="Ito, A", translator="Ito, A")
    assert made(source, work).cite("a") == ("A Ito (ed. & trans.) | Roads" if label else "A Ito | Roads")


@pytest.mark.parametrize("rule", ["complete-all", "complete-each", "partial-each", "partial-first"])
@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ({"title": "Anon"}, {"title": "Anon"}, "---. two"),
        ({"title": "Anon"}, {"title": "Nona"}, "Nona. two"),
        ({"title": "Anon"}, {"title": "x", "editor": "Anon"}, "---. two"),
        ({"title": "x", "author": "Anon"}, {"title": "Anon"}, "---. two"),
        ({"title": "x", "author": "Ito, A"}, {"title": "Anon"}, "Anon. two"),
    ],
)
def test_a_title_in_place_of_names_is_replaced_like_names(
    rule: str, first: dict[str, str], second: dict[str, str], wanted: str
) -> None:
    names = f'<names variable="author"><substitute>{EDITOR}{TITLE}</substitute></names>'
    source = style_source(
        bibliography=f'<layout>{names}<text variable="publisher" prefix=". "/></layout>',
        bibliography_options=f'subsequent-author-substitute="---" subsequent-author-substitute-rule="{rule}"',
    )
    works = [record("a", publisher="one", **first), record("b", publisher="two", **second)]
    assert made(source, *works).bibliography().entries[1].text == wanted
