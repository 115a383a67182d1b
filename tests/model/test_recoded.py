"""Stored data as it would be after a record was made of it, without making one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from bibtool.errors import InputError
from bibtool.model.codec import decode, encode, recoded
from bibtool.model.record import Record
from tests.property import strategies as own

PLAIN = {
    "key": "k",
    "type": "book",
    "variables": {"title": {"text": "T"}, "author": {"names": [{"family": "Roe", "given": "Ann"}]}},
    "leftovers": [["bibtex", "x", "y"]],
    "provenance": {"title": ["bibtex", "x.bib:1", "", 1.0], "author": ["bibtex", "x.bib:1", "", 1.0, True]},
}


@pytest.mark.slow
@given(own.records())
@settings(max_examples=200, deadline=None)
def test_it_is_what_encode_gives_for_every_record(record: Record) -> None:
    stored = json.loads(json.dumps(encode(record), sort_keys=True))
    assert json.dumps(recoded(stored)) == json.dumps(encode(decode(stored)))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"aliases": []},
        {"aliases": ["b", "a"]},
        {"leftovers": []},
        {"provenance": {}},
        {"provenance": {"title": ["bibtex", "x", "", 1.0, False]}},
        {"provenance": {"title": ["bibtex", "x", "", 1]}},
        {"type": "of an earlier version"},
        {"variables": {"of an earlier version": {"text": "T"}}},
        {"variables": {"title": {"number": "1"}, "volume": {"text": "T"}}},
        {"variables": {"title": {"text": "a < b & $c$ <i>d</i> <b>"}}},
        {"variables": {"title": {"text": ""}}},
        {"variables": {"author": {"names": [{"given": "Ann", "family": "Roe"}, {"literal": ""}], "truncated": False}}},
        {"variables": {"author": {"names": []}}},
        {"variables": {"author": {"names": [{"suffix": "Jr.", "family": "Roe", "marks": ["equal"]}]}}},
        {"variables": {"issued": {"date": {"start": [2020, None, None, None], "circa": False}}}},
        {"arxiv": {"id": "2203.01360", "comment": "", "categories": []}},
    ],
)
def test_data_that_encode_would_not_make(change: dict[str, Any]) -> None:
    data = PLAIN | change
    assert json.dumps(recoded(data)) == json.dumps(encode(decode(data)))


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"key": "k"},
        PLAIN | {"leftovers": [["a"]]},
        PLAIN | {"provenance": {"title": 1}},
        PLAIN | {"provenance": {"title": [[], "x", "", 1.0]}},
    ],
)
def test_what_is_no_record_is_refused(data: Any) -> None:
    with pytest.raises(InputError):
        recoded(data)


def test_records_share_what_comes_back_in_many_of_them() -> None:
    one, other = (decode(json.loads(json.dumps(PLAIN))) for _ in range(2))
    assert one.authors[0] is other.authors[0]
    assert one.type is other.type
    assert list(map(id, one.variables)) == list(map(id, other.variables))
    assert list(map(id, one.provenance)) == list(map(id, other.provenance))
    assert one.leftovers[0].source is other.leftovers[0].source
    assert one.leftovers[0].name is other.leftovers[0].name
