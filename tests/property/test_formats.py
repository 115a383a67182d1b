"""Writing and reading again is the identity on what a format can hold."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bibtool.errors import InputError
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.formats.csl import json as csljson
from bibtool.formats.csl import jsonwriter
from bibtool.formats.registry import FORMATS, reader_of, writer_of
from bibtool.model.keys import assign_keys
from bibtool.model.names import Names
from bibtool.model.normal.values import normalised
from bibtool.model.record import Record
from bibtool.model.richtext import Text
from bibtool.model.showntext import shown_text
from tests.conftest import SHARED
from tests.property.strategies import plain_articles, record_lists

TOLERANT = settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def sorted_leftovers(record: Record) -> Record:
    return replace(record, leftovers=tuple(sorted(record.leftovers, key=lambda x: (x.source, x.name, x.value))))


@lru_cache
def csl_validator() -> Any:
    if not SHARED.is_dir():
        pytest.skip("the schema of CSL-JSON is not installed")
    jsonschema = pytest.importorskip("jsonschema")
    return jsonschema.Draft7Validator(json.loads((SHARED / "csl/schema/csl-data.json").read_text(encoding="utf-8")))


@pytest.mark.slow
@TOLERANT
@given(record_lists())
def test_csl_json_keeps_every_record_whole(records: tuple[Record, ...]) -> None:
    records = tuple(with_normal_edition(record) for record in records)
    data = jsonwriter.write(records, WriteOptions()).data
    again = csljson.read(data, ReadOptions())
    assert again.problems == ()
    assert again.records == records
    assert jsonwriter.write(again.records, WriteOptions()).data == data


def laid_out(items: list[dict[str, Any]]) -> str:
    """The items as the writer lays them out, each value by Python's own encoder."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    def spread(value: Any, level: int) -> str:
        if not isinstance(value, dict) or not value or level > 4:
            return line(value)
        indent = "\n" + "  " * level
        inner = ("," + indent).join(f"{line(name)}: {spread(member, level + 1)}" for name, member in value.items())
        return "{" + indent + inner + indent[:-2] + "}"

    def member(name: str, value: Any) -> str:
        if isinstance(value, list) and len(value) > 1 and isinstance(value[0], dict):
            return "[\n      " + ",\n      ".join(map(line, value)) + "\n    ]"
        return spread(value, 3) if name == "custom" else line(value)

    whole = [",\n    ".join(f'"{name}": {member(name, value)}' for name, value in item.items()) for item in items]
    return "[\n" + ",\n".join(f"  {{\n    {each}\n  }}" for each in whole) + "\n]\n" if whole else "[]\n"


@pytest.mark.slow
@TOLERANT
@given(record_lists())
def test_csl_json_is_written_as_an_encoder_would(records: tuple[Record, ...]) -> None:
    keyed = assign_keys(records)
    assert jsonwriter.write(keyed, WriteOptions()).data.decode() == laid_out([one.to_csl() for one in keyed])


@pytest.mark.slow
@TOLERANT
@given(record_lists())
def test_csl_json_is_valid_by_the_schema(records: tuple[Record, ...]) -> None:
    items = json.loads(jsonwriter.write(records, WriteOptions()).data)
    assert [e.message for e in csl_validator().iter_errors(items)] == []


_json = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=12),
        st.sampled_from(["2022-03", "others", "<i>x", "arXiv: 2203.01360 [cs]", "DOI: 10.1000/x", "NaN", "1e9"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                "id type title author issued note custom bibtool arxiv dates truncated homonyms marks at name orcid "
                "list names variables leftovers categories family given literal date-parts season raw circa year month "
                "volume DOI doi event x".split()
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=25,
)


@pytest.mark.slow
@TOLERANT
@given(st.lists(_json, max_size=4))
def test_any_json_is_read_and_what_was_read_is_stable(items: list[Any]) -> None:
    result = csljson.read(json.dumps(items).encode(), ReadOptions())
    objects = [item for item in items if isinstance(item, dict)]
    left_out = [problem for problem in result.problems if problem.code == "csl-json-empty"]
    assert len(result.records) + len(left_out) == len(objects)
    named = [replace(r, key=f"k{n}") for n, r in enumerate(result.records)]
    again = csljson.read(jsonwriter.write(named, WriteOptions()).data, ReadOptions())
    assert [sorted_leftovers(r) for r in again.records] == [sorted_leftovers(r) for r in named]


@pytest.mark.slow
@pytest.mark.parametrize("name", [one.name for one in FORMATS if one.reader and "bib" not in one.name])
@TOLERANT
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)))
def test_no_reader_fails_on_any_bytes(name: str, data: bytes) -> None:
    try:
        result = reader_of(name)(data, ReadOptions())
    except InputError:
        return
    for problem in result.problems:
        assert problem.message
        assert problem.position.line is None or problem.position.line >= 1


FIELD_FORMATS = ["ris", "endnote-xml", "nbib", "mods", "hayagriva", "cff", "csv", "csl-yaml", "refer"]


@pytest.mark.slow
@pytest.mark.parametrize("name", FIELD_FORMATS)
@TOLERANT
@given(records=record_lists(plain_articles()))
def test_articles_come_back_as_they_were(name: str, records: tuple[Record, ...]) -> None:
    if name == "nbib":  # the last word of its given names may be the suffix
        people = [person for record in records for person in record.names("author")]
        assume(not any(person.given.endswith((" Jr", " Sr", "2nd", "3rd", "4th", "5th", "6th")) for person in people))
    written = writer_of(name)(records, WriteOptions())
    assert written.problems == ()
    if not records:
        return
    again = reader_of(name)(written.data, ReadOptions())
    assert again.problems == ()
    assert again.records == records


@pytest.mark.slow
@pytest.mark.parametrize("name", FIELD_FORMATS)
@TOLERANT
@given(records=record_lists())
def test_what_does_not_come_back_was_reported(name: str, records: tuple[Record, ...]) -> None:
    written = writer_of(name)(records, WriteOptions())
    if not records:
        return
    again = reader_of(name)(written.data, ReadOptions())
    assert [record.key for record in again.records] == [record.key for record in records]
    lossy = {problem.key for problem in written.problems if problem.code == "not-representable"}
    for before, after in zip(records, again.records, strict=True):
        if before.key not in lossy:
            assert after.type == before.type
            assert without_stand_ins(after) == without_stand_ins(before)
    second = writer_of(name)(again.records, WriteOptions())
    third = writer_of(name)(reader_of(name)(second.data, ReadOptions()).records, WriteOptions())
    assert third.data == second.data


def with_normal_edition(record: Record) -> Record:
    """The record as any reader gives it: "4e" is read as 4."""
    edition = record.variables.get("edition")
    return record if edition is None else record.with_values({"edition": normalised("edition", str(edition)).text})


def without_stand_ins(record: Record) -> dict[str, Any]:
    """The variables without arXiv's own DOI and address next to the arXiv id, and without what is a matter of style."""
    values = {name: essential_names(value) for name, value in record.variables.items()}
    if "keyword" in values:  # separated by blanks or not
        values["keyword"] = "".join(str(values["keyword"]).split())
    if "edition" in values:
        values["edition"] = normalised("edition", str(values["edition"])).text
    if record.arxiv is not None and record.arxiv.id is not None:
        for name, text in (("DOI", record.arxiv.id.doi), ("URL", record.arxiv.id.url)):
            if str(values.get(name, "")).casefold() == text.casefold():
                del values[name]
    return values


def essential_names(value: Any) -> Any:
    if isinstance(value, Names):
        return replace(value, names=tuple(replace(name, comma_suffix=False) for name in value))
    return shown_text(value) if isinstance(value, Text) else value  # mathematics is written as it is shown
