"""Marked names in a bibliography: formatting, signs, and long lists that never lose the names that matter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.model.dates import Date
from bibtool.model.names import Name, Names
from bibtool.model.record import Record
from bibtool.model.richtext import Text
from bibtool.styles.namemarks import NameMark, NameMarks
from bibtool.styles.processor import Processor
from bibtool.styles.rich import Fmt, plain
from bibtool.styles.style import Style

BOLD = Fmt(weight="bold")


def record(count: int, *, truncated: bool = False) -> Record:
    people = tuple(Name(family=f"Fam{at}", given=f"G{at}") for at in range(count))
    return Record(
        key="r",
        type="article-journal",
        variables={
            "author": Names(people, truncated),
            "title": Text.of("A title"),
            "issued": Date.of(2020),
            "container-title": Text.of("Journal"),
        },
    )


def entry(style: str, of: Record, marks: NameMarks, output: str = "markdown") -> str:
    processor = Processor(Style.load(style), [of], output=output, marks={"r": marks})
    return processor.bibliography().entries[0].text


def marks(*owners: int, **options: object) -> NameMarks:
    return NameMarks(
        names={("author", at): NameMark(fmt=BOLD, always=True) for at in owners},
        count="authors",
        **options,  # type: ignore[arg-type]  # most, list_signs
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("style", "count", "owner", "most", "expected"),
    [
        ("apa", 2, 1, None, "Fam0, G., & **Fam1, G.** (2020)"),
        ("ieee", 3, 0, None, "**G. Fam0**, G. Fam1, and G. Fam2,"),
        # IEEE shows one name of seven: the owner stays, gaps of two or more become an ellipsis
        ("ieee", 9, 4, None, "G. Fam0, …, **G. Fam4**, … (9 authors),"),
        ("ieee", 9, 2, None, "G. Fam0, G. Fam1, **G. Fam2**, … (9 authors),"),
        ("ieee", 9, 8, None, "G. Fam0, …, **G. Fam8** (9 authors),"),
        ("ieee", 9, 0, None, "**G. Fam0**, … (9 authors),"),
        ("apa", 5, 4, 2, "Fam0, G., …, **Fam4, G.** (5 authors). (2020)"),
        ("apa", 5, 4, 0, "Fam0, G., Fam1, G., Fam2, G., Fam3, G., & **Fam4, G.** (2020)"),
        ("apa", 212, 56, 3, "Fam0, G., Fam1, G., …, **Fam56, G.**, … (212 authors). (2020)"),
        # APA shows the last of more than twenty names too
        ("apa", 25, 0, None, "Fam18, G., …, Fam24, G. (25 authors). (2020)"),
        ("apa", 3, 2, 1, "Fam0, G., Fam1, G., & **Fam2, G.** (2020)"),
    ],
)
def test_long_lists_keep_the_owner_and_the_count(
    style: str, count: int, owner: int, most: int | None, expected: str
) -> None:
    assert expected in entry(style, record(count), marks(owner, most=most)).replace("\\&", "&")


def test_a_list_that_the_source_cut_off_has_no_count() -> None:
    text = entry("ieee", record(9, truncated=True), marks(1))
    assert "authors" not in text
    assert "**G. Fam1**, *et al.*" in text or "**G. Fam1**, et al." in text


def test_signs_stand_behind_names_and_lists() -> None:
    signed = NameMarks(
        names={("author", 0): NameMark(signs="*"), ("author", 1): NameMark(fmt=BOLD, signs="*†", always=True)},
        list_signs={"author": "α"},
    )
    text = entry("ieee", record(2), signed, "html")
    assert "G. Fam0<sup>*</sup> and <b>G. Fam1</b><sup>*†</sup><sup>α</sup>," in text


@pytest.mark.slow
def test_marks_are_in_no_citation_and_change_no_order() -> None:
    one, two = record(1), Record(key="q", type="book", variables={**record(2).variables})
    bare = Processor(Style.load("apa"), [one, two], output="text")
    marked = Processor(
        Style.load("apa"), [one, two], output="text", marks={"r": NameMarks(names={("author", 0): NameMark(signs="*")})}
    )
    assert bare.cite(["r", "q"]) == marked.cite(["r", "q"])
    assert [key for key, _ in bare.entry_runs()[0]] == [key for key, _ in marked.entry_runs()[0]]


def test_a_record_without_marks_is_as_ever() -> None:
    bare = Processor(Style.load("ieee"), [record(9)], output="text").bibliography()
    other = Processor(Style.load("ieee"), [record(9)], output="text", marks={"x": marks(3)}).bibliography()
    assert bare.document == other.document
    assert "et al." in bare.document


@pytest.mark.slow
@given(
    count=st.integers(1, 40),
    owners=st.sets(st.integers(0, 39), max_size=2),
    most=st.none() | st.integers(0, 12),
    style=st.sampled_from(["ieee", "apa", "nature"]),
)
def test_whoever_must_be_shown_is_shown_and_nothing_else_is_lost(
    count: int, owners: set[int], most: int | None, style: str
) -> None:
    owners = {at for at in owners if at < count}
    processor = Processor(Style.load(style), [record(count)], output="text", marks={"r": marks(*owners, most=most)})
    text = plain(processor.entry_runs()[0][0][1])
    shown = [at for at in range(count) if f"Fam{at}" in text.replace(f"Fam{at}0", "").split("2020")[0] or at in owners]
    for at in owners:
        assert f"Fam{at}" in text
    if most == 0:
        assert all(f"Fam{at}" in text for at in range(count))
    if f"({count} authors)" in text:
        assert len(shown) < count
        assert "…" in text
