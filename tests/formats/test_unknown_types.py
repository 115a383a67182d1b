"""A type that CSL does not have, in a file: a warning, a record that every writer takes, and the word is kept."""

from __future__ import annotations

import pytest

from bibtool.formats.registry import FORMATS, read_bytes, write_bytes
from bibtool.problems import Severity

SOURCES = {
    "csl-json": b'[{"id": "a1", "type": "jurnal", "title": "One"}]',
    "csl-json of an earlier version": b'[{"id": "a1", "type": "document", "title": "One",'
    b' "custom": {"bibtool": {"type": "jurnal"}}}]',
    "csl-yaml": b"references:\n- id: a1\n  type: jurnal\n  title: One\n",
    "csv": b"id,type,title\na1,jurnal,One\n",
}
WRITERS = [known.name for known in FORMATS if known.writer]


@pytest.mark.parametrize("source", SOURCES)
def test_reading_warns_and_keeps_the_word(source: str) -> None:
    result = read_bytes(SOURCES[source], source.partition(" ")[0])
    (record,) = result.records
    assert (record.key, record.type, record.title) == ("a1", "document", "One")
    assert [(left.name, left.value) for left in record.leftovers] == [("type", "jurnal")]
    assert [(problem.code, problem.severity) for problem in result.problems] == [("unknown-type", Severity.WARNING)]


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("source", SOURCES)
def test_every_writer_takes_the_record(source: str, writer: str) -> None:
    records = read_bytes(SOURCES[source], source.partition(" ")[0]).records
    data = write_bytes(records, writer).data
    if writer in {"bibtex", "biblatex"}:
        assert data == b"@misc{a1,\n  title         = {One},\n}\n"
    elif writer in {"csl-json", "csl-yaml"}:
        assert b"jurnal" in data
    elif writer != "ids":  # which holds identifiers only
        assert b"One" in data
