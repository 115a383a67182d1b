"""Whether two entries say the same, which decides that `bibtool refs` leaves a file alone."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bibtool.bib.entrytext import meaning_of, say_the_same, scan_entry
from bibtool.bib.scan import plain_entry

ENTRY = "@book{k,\n  title = {A   b},\n  year = 2001\n}"


@pytest.mark.parametrize(
    "other",
    [
        ENTRY,
        "@book{k,\n  title     = {A b},\n  year      = 2001,\n}\n",
        "@Book{k, year = {2001}, title = {A b}}",
        "@book{k,\n\ttitle = {A\n         b},\n\tyear = 2001,}",
    ],
)
def test_layout_makes_no_other_entry(other: str) -> None:
    assert say_the_same(ENTRY, other)
    assert say_the_same(other, ENTRY)


@pytest.mark.parametrize(
    "other",
    [
        "@book{k,\n  title = {Ab},\n  year = 2001\n}",
        "@book{k,\n  title = {A b},\n  year = 2002\n}",
        "@book{l,\n  title = {A b},\n  year = 2001\n}",
        "@misc{k,\n  title = {A b},\n  year = 2001\n}",
        "@book{k,\n  title = {A b,},\n  year = 2001\n}",
        "@book{k,\n  title = {A b},\n  year = 2001",
        "",
    ],
)
def test_another_value_key_or_type_does(other: str) -> None:
    assert not say_the_same(ENTRY, other)
    assert not say_the_same(other, ENTRY)


SPACE = st.sampled_from(["", " ", "\n  ", "\t"])
VALUE = st.sampled_from(
    ["{A}", "{a {B} c}", '"q {"} r"', "2001", "jan", "{}", "{x }", '{"}', "a2", "1a", "{a, b = {c}}", "{x}}", "a # {b}"]
)
FIELD = st.tuples(SPACE, st.sampled_from(["title", "Year", "x-y", "a b"]), SPACE, SPACE, VALUE, SPACE).map(
    lambda parts: f"{parts[0]}{parts[1]}{parts[2]}={parts[3]}{parts[4]}{parts[5]}"
)


@given(
    st.sampled_from(["@book{k,", "@Book {k ,", "@book(k,", "@string{", "@book{,", "@comment{k,", "book{k,", "@book{k"]),
    st.lists(FIELD, max_size=4),
    st.sampled_from([",", "", ",,", " , "]),
    st.sampled_from(["}", "}\n", "", "}}", " }", "} x"]),
)
@example("@book{k,", [" title = {A}"], "", "}@misc{l, year = 1}")
@example("@book{k,", [" title = {A", "\n@misc{l,", " year = {1}"], "", "}")
def test_a_plain_entry_has_the_fields_that_a_scan_finds(head: str, fields: list[str], comma: str, close: str) -> None:
    text = head + ",".join(fields) + comma + close
    plain, scan = plain_entry(text), scan_entry(text.rstrip())
    if plain is None:
        return
    assert scan is not None
    assert plain.type == text[scan.type_start : scan.type_end]
    assert plain.key == text[scan.key : scan.key_end]
    assert plain.names == tuple(text[field.name : field.name_end] for field in scan.fields)
    assert plain.values == tuple(text[field.value : field.value_end] for field in scan.fields)


@given(st.lists(FIELD, max_size=3), st.lists(FIELD, max_size=3), st.sampled_from(["}", ",}", "\n}"]))
@example([" a b = {A}"], [" a b\n  = {A}"], "}")
@example([" a b = {A}"], [" a b\n  = {A}"], ",}")
def test_two_entries_say_the_same_if_their_meanings_are_equal(fields: list[str], others: list[str], close: str) -> None:
    first, second = f"@book{{k,{','.join(fields)}{close}", f"@book{{k,{','.join(others)}}}"
    meanings = meaning_of(first), meaning_of(second)
    if None in meanings and ",".join(fields).split() == ",".join(others).split():  # the words are the same
        assert say_the_same(first, second)
    else:
        assert say_the_same(first, second) == (meanings[0] == meanings[1])


def test_entries_are_read_as_plain_ones_in_the_usual_layouts() -> None:
    for text in (ENTRY, '@Misc{k-1, title = {A {B}}, month = jan, note = "x {"}"}'):
        assert plain_entry(text) is not None
    assert plain_entry("@book{k, title = {A} # {B}}") is None
