"""What is fuzzed: readers, writers and caches, and the laws that must hold whatever the bytes are."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bibtool.bib.document import Document
from bibtool.bib.index import CACHED_FROM, _head, read_index
from bibtool.bib.threeway import merge_documents
from bibtool.cli.config import read_config
from bibtool.enrich.atom import parse_feed, to_record
from bibtool.errors import BibtoolError
from bibtool.formats.base import ReadOptions
from bibtool.formats.registry import FORMATS, find_format, guess_format, read_bytes, reader_of, write_bytes
from bibtool.model.identifiers import arxiv_id_of_doi
from bibtool.model.names import Names
from bibtool.project.compare import textconv
from bibtool.project.lock import read_lock
from bibtool.styles.sources import read_index as read_style_index

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


def _writer(name: str) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        try:
            records = read_bytes(data, None, OPTIONS).records
        except BibtoolError:
            return
        result = write_bytes(records, name)
        assert result.data.decode("utf-8").endswith("\n") or not result.data
        for problem in result.problems:
            assert problem.message
        if find_format(name).reader and result.data.strip() and not result.problems:
            assert len(read_bytes(result.data, name, OPTIONS).records) == len(records)

    return run


def _round_trip(data: bytes) -> None:
    """Author, title and DOI never change from BibTeX to BibTeX, except that control characters do, with a problem."""
    try:
        before = reader_of("bibtex")(data, OPTIONS).records
    except BibtoolError:
        return
    if not before:
        return
    written = write_bytes(before, "bibtex")
    made_safe = {(p.key, p.message.split()[0].casefold()) for p in written.problems if p.code == "unsafe-text"}
    after = reader_of("bibtex")(written.data, OPTIONS).records
    assert len(after) == len(before)
    for old, new in zip(before, after, strict=True):
        for variable in ("author", "title", "DOI"):
            was, value = _shown(dict(old).get(variable)), _shown(dict(new).get(variable))
            if variable == "DOI" and not value and new.arxiv is not None and (own := arxiv_id_of_doi(was)) is not None:
                assert new.arxiv.id is not None
                assert new.arxiv.id.number == own.number  # eprint says it
                continue
            assert was == value or (new.key, variable.casefold()) in made_safe, variable


def _shown(value: object) -> str:
    if isinstance(value, Names):  # whatever its parts are called
        return " and ".join([*(name.display() for name in value), *["others"] * value.truncated])
    return " ".join(str(value if value is not None else "").split())


def _lock(data: bytes) -> None:
    try:
        lock = read_lock(data)
    except BibtoolError:
        return
    written = lock.to_bytes()
    again = read_lock(written)
    assert again.pins == lock.pins
    assert again.to_bytes() == written
    for pin in lock.pins.values():
        with contextlib.suppress(BibtoolError):
            pin.record()


def _settings(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "bibtool.toml")
        path.write_bytes(data)
        try:
            settings = read_config(path)
        except BibtoolError:
            return
        assert settings.path == path


def _index(data: bytes) -> None:
    """An index can be made of ``data`` and, where its cache holds that, of another file."""
    assert read_index(data, "b.bib").text is not None
    bib = b"@misc{a, title={%s}}\n" % (b"A" * 1000) * (CACHED_FROM // 1000)
    with TemporaryDirectory() as folder:
        fresh = read_index(bib, "a.bib", Path(folder))
        (file,) = (path for path in Path(folder).rglob("*") if path.is_file())
        for held in (data, _head(bib.decode(), data.count(b" "), data) + b"\n" + data):
            file.write_bytes(held)
            assert read_index(bib, "a.bib", Path(folder)).blocks is not None
        styles = Path(folder, "styles.json")
        styles.write_bytes(data)
        read_style_index(styles)
    assert fresh.blocks


def _feed(data: bytes) -> None:
    try:
        feed = parse_feed(data)
    except BibtoolError:
        return
    for entry in feed.entries:
        assert to_record(entry).type


def _merge(data: bytes) -> None:
    """What git calls with three versions, and what it shows of one."""
    third = len(data) // 3
    base = data[: 2 * third]
    was, ours = Document.from_bytes(base), Document.from_bytes(base + data[third:])
    merged = merge_documents(was, ours, was, ("a", "b"))
    assert merged.data is not None
    assert textconv(Document.from_bytes(data)) is not None


def targets() -> dict[str, Callable[[bytes], None]]:
    """Name -> function that raises if a law is broken."""
    return {
        **{known.name: _reader(known.name) for known in FORMATS if known.reader},
        **{f"to-{known.name}": _writer(known.name) for known in FORMATS if known.writer},
        "document": _document,
        "tidy": _tidy,
        "guess": _guess,
        "round-trip": _round_trip,
        "lock": _lock,
        "settings": _settings,
        "index": _index,
        "feed": _feed,
        "merge": _merge,
    }
