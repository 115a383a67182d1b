"""Marks and ORCID iDs of names: their notation, and setting them by hand."""

from __future__ import annotations

import pytest
from hypothesis import given

from bibtool.errors import UsageError
from bibtool.model.codec import decode, encode
from bibtool.model.edit import apply_changes, parse_names
from bibtool.model.marks import bare, is_mark, with_marks, with_orcids, write_marks, write_orcids
from bibtool.model.names import Names
from bibtool.model.record import Leftover, Provenance, Record
from bibtool.model.richtext import Text
from tests.property import strategies as own

TWO = parse_names("Ash, Bea; Bell, Cy")
CARBERRY, OTHER = "0000-0002-1825-0097", "0000-0001-5109-3700"


@pytest.mark.parametrize(
    ("typed", "separated"),
    [
        ("Ash, Bea and Bell, Cy", "Ash, Bea; Bell, Cy"),
        ("Bea Ash; Cy Bell and Di Cox", "Bea Ash; Cy Bell; Di Cox"),
        ("Bea Ash; Cy Bell; and Di Cox", "Bea Ash; Cy Bell; Di Cox"),
        ("Ash, Bea and others", "Ash, Bea; et al."),
        ("{Ash; Bell} and And, Metin", "{Ash; Bell};And, Metin"),
    ],
)
def test_people_that_are_typed_as_in_bibtex(typed: str, separated: str) -> None:
    assert parse_names(typed) == parse_names(separated)
    assert [name.literal for name in parse_names("{Ash and Bell};{Cox; Day}")] == ["Ash and Bell", "Cox; Day"]


def test_marks_of_people_and_of_the_list() -> None:
    names = with_marks(TWO, "1=equal; 2=equal, corresponding; =alphabetical;")
    assert [name.marks for name in names] == [("equal",), ("equal", "corresponding")]
    assert names.marks == ("alphabetical",)
    assert write_marks(names) == "1=equal; 2=equal, corresponding; =alphabetical"
    assert with_marks(names, "") == TWO
    assert bare(names) == TWO


@pytest.mark.parametrize(
    "text",
    [
        "1:family=equal",  # a part of a name
        '1="equal"',  # a literal annotation
        "3=equal",
        "0=equal",
        "1 =equal",  # to biber the part named " "
        "1=equal; 1=student",  # biber takes the last one
        "1=",
        "1=equal,",
        "1=Equal",
        "1=two words",
        "equal",
        ";1=equal",
    ],
)
def test_what_is_no_mark(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        with_marks(TWO, text)
    assert caught.value.hint


def test_orcid_ids_with_and_without_quotes() -> None:
    names = with_orcids(TWO, f'1="{CARBERRY}"; 2=https://orcid.org/{OTHER}')
    assert [name.orcid for name in names] == [CARBERRY, OTHER]
    assert write_orcids(names) == f'1="{CARBERRY}"; 2="{OTHER}"'
    for text in (f'="{CARBERRY}"', '1="0000-0002-1825-0098"', f'3="{CARBERRY}"', '1="equal"'):
        with pytest.raises(UsageError):
            with_orcids(TWO, text)


@pytest.mark.slow
@given(own.name_lists())
def test_what_is_written_is_read(names: Names) -> None:
    assert all(is_mark(mark) for name in names for mark in name.marks)
    plain = bare(names)
    assert with_orcids(with_marks(plain, write_marks(names)), write_orcids(names)) == names


@pytest.mark.slow
@given(own.records())
def test_stored_records_keep_them(record: Record) -> None:
    assert decode(encode(record)) == record


# -- by hand ---------------------------------------------------------------------------------------------------------

RECORD = Record(
    key="k", variables={"title": Text.of("T"), "author": TWO}, provenance={"author": Provenance(source="arxiv")}
)


def edited(*changes: tuple[str, str], record: Record = RECORD) -> Record:
    return apply_changes(record, changes, when="2026-01-01")


def test_marks_are_set_and_taken_away() -> None:
    record = edited(("author+an", "1 = equal; 2=equal,corresponding"), ("author+an:orcid", f'2="{CARBERRY}"'))
    assert record.names("author") == with_orcids(with_marks(TWO, "1=equal; 2=equal, corresponding"), f'2="{CARBERRY}"')
    assert record.provenance == RECORD.provenance, "the names themselves are still arXiv's"
    assert edited(("author+an", ""), ("author+an:orcid", ""), record=record) == RECORD
    assert edited(("author+an", ""), record=record).names("author")[1].orcid == CARBERRY


def test_an_annotation_that_was_kept_as_it_was_gives_way() -> None:
    kept = (Leftover("bibtex", "author+an", "1:family=x"), Leftover("bibtex", "author+an:fr", "1=y"))
    record = edited(("author+an", "1=equal"), record=Record(variables=RECORD.variables, leftovers=kept))
    assert record.leftovers == kept[1:]


@pytest.mark.parametrize(
    ("field", "text", "word"),
    [
        ("author+an", "3=equal", "the list has 2 names"),
        ("author+an:orcid", "1=0000-0002-1825-0098", "check digit"),
        ("author+an:fr", "1=equal", "can't be set"),
        ("title+an", "=equal", "can't be set"),
        ("editor+an", "1=equal", "no editor"),
        ("author+an", "1=Prof. Dr.", "not a valid mark"),
    ],
)
def test_what_cant_be_set_says_why(field: str, text: str, word: str) -> None:
    with pytest.raises(UsageError, match=word) as caught:
        edited((field, text))
    assert caught.value.hint


def test_setting_the_names_keeps_the_marks_of_those_who_stay() -> None:
    record = edited(("author+an", "1=equal; 2=student; =alphabetical"), ("author+an:orcid", f'1="{CARBERRY}"'))
    names = edited(("author", "Cole, Dan; Bell, Cyrus; Ash, B."), record=record).names("author")
    assert [(name.family, name.marks, name.orcid) for name in names] == [
        ("Cole", (), ""),
        ("Bell", ("student",), ""),
        ("Ash", ("equal",), CARBERRY),
    ]
    assert names.marks == ("alphabetical",)
