"""Formats that are read and written record by record: the same as at once, and no record stays in memory."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.errors import InputError
from bibtool.formats import registry
from bibtool.formats.base import PORTION, WriteOptions, in_portions, joined
from bibtool.formats.bibtex import reader
from bibtool.formats.bibtex.to_record import to_record
from bibtool.formats.registry import FORMATS, read_bytes, read_each, write_bytes, write_each
from bibtool.formats.returning import Returning
from bibtool.model.keys import assign_keys, with_keys
from bibtool.model.record import Record

FIXTURES = Path(__file__).parents[2] / "fixtures"
BY_ONE = sorted(known.name for known in FORMATS if known.reader_by_one)
MANY = 10 * PORTION


def records_alive() -> int:
    return sum(type(thing) is Record for thing in gc.get_objects())


def entries(number: int, more: str = "") -> bytes:
    return "\n".join(f"@book{{k{at}, title = {{Title {at}}}{more}}}" for at in range(number)).encode()


@pytest.mark.parametrize(
    ("target", "more"),
    [*((target, more) for target in BY_ONE for more in ("", ", month = may")), ("csl-json", ", crossref = {nowhere}")],
)
def test_few_records_of_a_large_file_are_in_memory(target: str, more: str) -> None:
    before = records_alive()
    pieces = write_each(in_portions(read_each(entries(MANY, more), "bibtex")), target)
    most = max(records_alive() - before for number, _ in enumerate(pieces) if number % 97 == 0)
    assert 0 < most <= 2 * PORTION


def test_entries_are_cut_when_they_are_asked_for() -> None:
    records = read_each(b"@book{a, title = {A}}\n" + b"@book{b, title = {B}\n" * 3, "bibtex")
    assert next(records).key == "a"
    rest = Returning(records, ())
    assert not list(rest)
    assert {problem.code for problem in rest.returned} == {"missing-brace"}


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.bib")), ids=lambda path: path.name)
@pytest.mark.parametrize("target", BY_ONE)
def test_one_by_one_is_at_once(path: Path, target: str) -> None:
    data = path.read_bytes()
    try:
        result = read_bytes(data, "bibtex")
    except InputError:
        return
    reading = Returning(read_each(data, "bibtex"), ())
    options = WriteOptions(omit=("url", "timestamp"))
    assert joined(write_each(reading, target, options)) == write_bytes(result.records, target, options)
    assert reading.returned == result.problems


def test_formats_without_it_give_the_same() -> None:
    data = b"TY  - BOOK\nID  - a\nTI  - T\nER  - \nno RIS\n"
    records = Returning(read_each(data, "ris"), ())
    result = read_bytes(data, "ris")
    assert (tuple(records), records.returned) == (result.records, result.problems)
    assert joined(write_each(result.records, "ris")) == write_bytes(result.records, "ris")


@pytest.mark.parametrize("data", [b"", b"\x00\x01"])
@pytest.mark.parametrize("name", BY_ONE)
def test_what_is_no_input_is_refused_before_the_first_record(name: str, data: bytes) -> None:
    with pytest.raises(InputError):
        read_each(data, name)


@given(st.lists(st.sampled_from(["", "a", "A", "ref", "anon", "anona", "b"]), max_size=8))
def test_keys_one_by_one(keys: list[str]) -> None:
    records = [Record(key, title="A title" if at % 2 else "") for at, key in enumerate(keys)]
    assert list(with_keys(iter(records))) == assign_keys(records)


def test_the_bytes_are_gone_once_they_were_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[bool] = []
    by_then: list[int] = []

    class Noted(bytes):
        def __del__(self) -> None:
            gone.append(True)

    def noted(*parts: Any, **named: Any) -> Any:
        by_then.append(len(gone))
        return to_record(*parts, **named)

    monkeypatch.setattr(reader, "to_record", noted)
    registry.read_bytes(Noted(b"@misc{a, title = {T}}"), "bibtex")
    assert by_then == [1]
