"""The JSON text of a record is that of its data, whatever is in it."""

from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import given, settings

from bibtool.model.codec import encode
from bibtool.model.dates import Date, DateParts
from bibtool.model.identifiers import ArxivId
from bibtool.model.jsontext import dumped, encoded_text
from bibtool.model.names import Name, Names
from bibtool.model.record import Arxiv, Leftover, Provenance, Record
from bibtool.structs import replace
from tests.property import strategies as own


def check(record: Record) -> None:
    assert encoded_text(record) == dumped(encode(record))
    assert encoded_text(record, provenance=False) == dumped(encode(record, provenance=False))


@given(own.records())
@settings(deadline=None)
def test_it_is_what_json_writes_of_every_record(record: Record) -> None:
    check(record)


ANN = Name(family="Roe", given="Ann")
ORIGIN = Provenance(source="bibtex", detail="x.bib:1", when="2026-11-30")
PLAIN = Record("k", "book", title='T "é" \ud800', author="Ann Roe and Bo Lind", issued=2020, volume=3, DOI="10.1/x")


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"aliases": ("b", "a")},
        {"arxiv": Arxiv(id=ArxivId("2203.01360", 2), categories=("math.NA",), comment="c")},
        {"leftovers": (Leftover("bibtex", "x", "a\tb"), Leftover("bibtex", "é", ""))},
        {"provenance": {"title": ORIGIN, "DOI": ORIGIN, "author": Provenance(source="user", inherited=True)}},
        {"provenance": {"title": Provenance(source="listing", confidence=0.5), "DOI": ORIGIN}},
        {"variables": {"author": Names((replace(ANN, marks=("equal",)), Name(literal="CERN"), Name(family="Li")))}},
        {"variables": {"author": Names((ANN,), truncated=True)}},
        {"variables": {"author": Names((ANN,), marks=("alphabetical",))}},
        {"variables": {"author": Names((replace(ANN, suffix="Jr."),)), "editor": Names((Name(given="Ann"),))}},
        {"variables": {"issued": Date(DateParts(2020, 3, 4))}},
        {"variables": {"issued": Date(DateParts(2020), DateParts(2021), circa=True)}},
        {"variables": {"issued": Date(literal="soon"), "accessed": Date(end=DateParts(2020))}},
    ],
)
def test_parts_of_many_shapes(parts: dict[str, Any]) -> None:
    check(Record(**{"key": "k", "type": "book", "variables": PLAIN.variables, **parts}))


def test_what_no_reader_makes_is_written_too() -> None:
    check(Record("k", leftovers=(Leftover("bibtex", "x", cast("str", None)),)))
    check(Record(cast("str", 5), provenance={"title": Provenance(source=cast("str", None))}))
