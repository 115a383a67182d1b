"""Records and documents through the objects of bibtexparser and pybtex and back."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bibtool.bib import Document
from bibtool.bib.syntax import is_balanced
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.formats.bibtex.reader import read
from bibtool.formats.bibtex.writer import write_bibtex
from bibtool.interop import from_bibtexparser, from_pybtex, to_bibtexparser, to_pybtex
from tests.property import strategies as own
from tests.property.test_bibtex_document import CONTENTS, DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.model.record import Record

TOLERANT = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(autouse=True, scope="module")
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def written(records: tuple[Record, ...]) -> tuple[Record, ...]:
    """The records as a BibTeX file holds them."""
    data = write_bibtex(records, WriteOptions()).data
    return read(data, ReadOptions(path="<text>")).records if data else ()


@pytest.mark.slow
@TOLERANT
@given(own.record_lists())
def test_records_come_back_from_bibtexparser_as_from_a_file(records: tuple[Record, ...]) -> None:
    """What a record loses on the way is what BibTeX can't hold, and reported as by the writer."""
    made = to_bibtexparser(records)
    assert made.problems == write_bibtex(records, WriteOptions()).problems
    result = from_bibtexparser(made.library)
    assert result.problems == ()
    assert result.read().records == written(records)


@pytest.mark.slow
@TOLERANT
@given(own.record_lists(own.plain_articles()))
def test_plain_articles_come_back_whole(records: tuple[Record, ...]) -> None:
    expected = [(record.key, record.type, dict(record.variables)) for record in written(records)]
    for result in (from_bibtexparser(to_bibtexparser(records).library), from_pybtex(to_pybtex(records).data)):
        assert result.problems == ()
        assert [(one.key, one.type, dict(one.variables)) for one in result.read().records] == expected
    for record, (_, _, variables) in zip(records, expected, strict=True):
        assert {**variables, "title": record.variables["title"]} == record.variables


@pytest.mark.slow
@TOLERANT
@given(own.record_lists())
def test_records_come_back_from_pybtex_or_are_reported(records: tuple[Record, ...]) -> None:
    made = to_pybtex(records)
    result = from_pybtex(made.data)
    again = to_pybtex(result.document)
    reported = {problem.key for problem in (*made.problems, *result.problems, *again.problems)}
    assert [key for key in made.data.entries if key not in reported] == [
        key for key in again.data.entries if key not in reported
    ]
    for key, entry in made.data.entries.items():
        assert key in reported or again.data.entries[key] == entry


@pytest.mark.slow
@TOLERANT
@given(DOCUMENTS)
def test_any_document_comes_back_byte_for_byte(text: str) -> None:
    result = from_bibtexparser(to_bibtexparser(Document.from_text(text)).library)
    assert result.document.text == text
    assert result.problems == ()


@pytest.mark.slow
@TOLERANT
@given(DOCUMENTS, CONTENTS, st.integers(0, 5))
def test_a_changed_value_is_written_or_reported(text: str, value: str, at: int) -> None:
    document = Document.from_text(text)
    library = to_bibtexparser(document).library
    entries = [entry for entry in library.entries if entry.fields]
    assume(entries and is_balanced(value))
    entry = entries[at % len(entries)]
    name = entry.fields[0].key
    assume([field.key.lower() for field in entry.fields].count(name.lower()) == 1)
    entry.fields[0].value = value
    result = from_bibtexparser(library)
    changed = result.document.entry(entry.key)
    assert result.problems or (changed is not None and changed.get(name) == value)
