"""What is fuzzed: each reader, and the laws that must hold whatever the bytes are."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import TYPE_CHECKING

from bibtool.errors import BibtoolError
from bibtool.formats.base import ReadOptions
from bibtool.formats.registry import FORMATS, guess_format, reader_of

if TYPE_CHECKING:
    from collections.abc import Callable

OPTIONS = ReadOptions(path="fuzz", as_of=dt.date(2026, 11, 23))


def _reader(name: str) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        try:
            result = reader_of(name)(data, OPTIONS)
        except BibtoolError:
            return
        for record in result.records:
            assert record.type
            assert all(value is not None for _, value in record)
        for problem in result.problems:
            assert problem.message
            assert problem.code
            assert (problem.position.line or 1) >= 1

    return run


def _document(data: bytes) -> None:
    from bibtool.bib.document import Document

    document = Document.from_bytes(data)
    assert document.to_bytes() == data
    at = 0
    for block in document.blocks:
        assert block.start == at
        at = block.end
    assert at == len(document.text)
    assert document.problems is not None


def _tidy(data: bytes) -> None:
    from bibtool.formats.bibtex.tidy.run import tidy

    try:
        once = tidy(data).data
    except BibtoolError:  # it may refuse, but never write a loss
        return
    assert tidy(once).data == once


def _guess(data: bytes) -> None:
    with contextlib.suppress(BibtoolError):
        assert guess_format(data).reader


def targets() -> dict[str, Callable[[bytes], None]]:
    """Name -> function that raises if a law is broken."""
    found: dict[str, Callable[[bytes], None]] = {one.name: _reader(one.name) for one in FORMATS if one.reader}
    return {**found, "document": _document, "tidy": _tidy, "guess": _guess}
