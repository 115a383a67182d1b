"""Missing fields of entries: which are filled, and what is never mixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bibtool.bib import Document
from bibtool.errors import UnknownNameError
from bibtool.formats.base import ReadOptions
from bibtool.formats.bibtex.reader import read_document
from bibtool.project.filling import USUAL, Filled, fill, named_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record

WORK = (
    "@article{x, author={Ash, Ann}, title={The growth of pears}, journal={Journal of Orchards}, volume=4, number=2, "
    "pages={11--19}, year=2019, month=may, doi={10.5555/pears}, issn={0317-8471}, abstract={We grow pears.}}"
)


def records_of(text: str) -> Sequence[Record]:
    return read_document(Document.from_text(text), ReadOptions(path="")).records


def filled(text: str) -> tuple[Document, list[Filled]]:
    (before,), (source,) = records_of(text), records_of(WORK)
    completed = before.with_values({n: v for n, v in source.variables.items() if n not in before.variables}, None)
    return fill(Document.from_text(text), [(before, completed)])


def test_what_is_there_stays_byte_for_byte() -> None:
    text = '@ARTICLE {k,\r\n  Title = "The growth of\r\n    pears",\r\n  YEAR = 2019,\r\n}\r\n'
    document, (got,) = filled(text)
    assert got.fields == ("author", "journal", "volume", "number", "pages", "doi")
    assert document.text.startswith(text.rstrip("}\r\n").rstrip(","))
    assert [document.entries[0].get(name) for name in ("title", "year")] == ["The growth of\r\n    pears", "2019"]


def test_filling_again_changes_nothing() -> None:
    once, _ = filled("@article{k, title={The growth of pears}, year=2019}")
    twice, (got,) = filled(once.text)
    assert (twice.text, got.fields) == (once.text, ())


@pytest.mark.parametrize(
    "year", ["year=2018", "date={2018}", "year=2019, pages={1--9}", "year=2019, doi={10.5555/plums}"]
)
def test_a_publication_is_taken_as_a_whole_or_not_at_all(year: str) -> None:
    text = "@misc{k, title={The growth of pears}, " + year + "}"
    (before,) = records_of(text)
    (source,) = records_of(WORK)
    completed = before.with_values(dict(source.variables), None)
    document, (got,) = fill(Document.from_text(text), [(before, completed)], USUAL)
    assert got.fields == ("author",)
    assert document.entries[0].type == "misc"


def test_a_date_that_says_less_is_no_contradiction() -> None:
    text = "@article{k, title={The growth of pears}, year=2019}"
    (before,), (source,) = records_of(text), records_of(WORK)
    completed = before.with_values(dict(source.variables), None)
    assert str(completed.date()) == "2019-05"
    document, (got,) = fill(Document.from_text(text), [(before, completed)], USUAL)
    assert "volume" in got.fields
    assert document.entries[0].get("year") == "2019"


def test_the_type_of_a_work_is_kept_unless_it_says_nothing() -> None:
    for type_, expected in (("misc", "article"), ("unpublished", "article"), ("book", "book"), ("Article", "article")):
        text = f"@{type_}{{k, title={{The growth of pears}}}}"
        (before,), (source,) = records_of(text), records_of(WORK)
        completed = source.with_values({"title": before.variables["title"]}, None)
        document, _ = fill(Document.from_text(text), [(before, completed)], USUAL)
        assert document.entries[0].type == expected


def test_fields_are_named_in_either_dialect() -> None:
    assert named_fields("doi, Pages") == {"doi", "pages"}
    assert named_fields("journal") == {"journal", "journaltitle"}
    assert {"year", "date"} <= named_fields("date")
    assert "archiveprefix" in named_fields("eprint")
    assert named_fields("") == frozenset()
    with pytest.raises(UnknownNameError, match="dio"):
        named_fields("dio")
