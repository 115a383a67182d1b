"""A file of records of any size as a stream: what kind of dump it is, and its records one by one.

Kinds: ``dblp`` (dblp.xml), ``arxiv`` (metadata snapshot, JSON lines), ``crossref`` (public data file: JSON, JSON lines,
tar of these), ``openalex`` (works, JSON lines), ``bibtex`` of any size, and everything else that `formats.registry`
reads, as a whole. All may be packed with gzip.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zlib
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from bibtool.errors import InputError
from bibtool.formats.base import ReadOptions
from bibtool.formats.dumps.base import DumpRecord, Tally
from bibtool.formats.registry import guess_format, read_bytes
from bibtool.lazy import load
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bibtool.formats.base import ReadResult

_HEAD: Final = 1 << 16
_GZIP: Final = b"\x1f\x8b"
MAX_LINE: Final = 64 << 20  # bytes of one line of JSON
MAX_DOCUMENT: Final = 256 << 20  # bytes of JSON over several lines, all of which is in memory at once
# kind -> module:function that takes the lines of JSON as bytes and gives a record each
_OF_LINES: Final = {
    "arxiv": "bibtool.formats.dumps.arxiv:dump_record",
    "openalex": "bibtool.formats.dumps.openalex:dump_record",
}


class _Counting(io.RawIOBase):
    """A file that counts the bytes that were read of it."""

    def __init__(self, stream: IO[bytes], tally: Tally) -> None:
        self._stream, self._tally = stream, tally

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._tally.read += len(data)
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def open_stream(path: Path, tally: Tally) -> IO[bytes]:
    """The unpacked bytes of a file. Raises `InputError` if it can't be opened."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise InputError(f"can't be opened: {error.strerror or error}", path=str(path)) from error
    counted = io.BufferedReader(_Counting(raw, tally), 1 << 20)
    if counted.peek(2)[:2] == _GZIP:
        return io.BufferedReader(gzip.GzipFile(fileobj=counted), 1 << 20)
    return counted


def kind_of(path: Path) -> str:
    """The kind of dump that a file is. Raises `InputError` for one that is empty or unclear."""
    if path.is_dir():
        raise InputError("is a folder", path=str(path), hint="name the files in it")
    with open_stream(path, Tally()) as stream:
        try:
            head = stream.read(_HEAD)
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(f"can't be unpacked: {error}", path=str(path)) from error
    if not head.strip():
        raise InputError("the input is empty", path=str(path))
    if head[257:262] == b"ustar":
        return "tar"
    if b"<dblp" in head[:4096]:
        return "dblp"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{") and (kind := _kind_of_json(start)):
        return kind
    name = guess_format(head, path.name.removesuffix(".gz")).name
    return "bibtex" if name in ("bibtex", "biblatex") else name


def _kind_of_json(start: bytes) -> str:
    line = start.split(b"\n", 1)[0]
    if b'"authors_parsed"' in line or (b'"journal-ref"' in line and b'"categories"' in line):
        return "arxiv"
    if b'"authorships"' in line or b'"https://openalex.org/W' in line[:300]:
        return "openalex"
    head = start[:4096].replace(b" ", b"").replace(b"\n", b"")
    if head.startswith(b'{"items":['):
        return "crossref"
    if b'"DOI"' in line and (b'"container-title"' in line or b'"is-referenced-by-count"' in line):
        return "crossref-lines"
    return ""


def source_name(path: Path, kind: str) -> str:
    """The name of the source in the index: that of the dump, or of the file without suffixes."""
    if kind in ("dblp", "arxiv", "openalex"):
        return kind
    if kind in ("crossref", "crossref-lines", "tar"):
        return "crossref"
    name = path.name.removesuffix(".gz")
    if name in ("anthology.bib", "anthology+abstracts.bib"):
        return "acl"
    return Path(name).stem or name


def records_of(path: Path, kind: str, tally: Tally) -> Iterator[DumpRecord]:
    """The records of a file one by one. What can't be read is counted; raises `InputError` if nothing can."""
    with open_stream(path, tally) as stream:
        try:
            if kind == "dblp":
                yield from load("bibtool.formats.dumps.dblp:records_of")(stream, tally)
            elif kind in _OF_LINES:
                yield from _of_lines(stream, load(_OF_LINES[kind]), tally, str(path))
            elif kind in ("crossref", "crossref-lines"):
                yield from _of_crossref(stream, tally, path.name)
            elif kind == "tar":
                yield from _of_tar(stream, tally)
            elif kind == "bibtex":
                for part in load("bibtool.formats.dumps.bibtex:parts_of")(stream):
                    yield from _of_result(read_bytes(part, "bibtex", ReadOptions(path=str(path))), tally)
            else:
                yield from _of_result(read_bytes(stream.read(), kind, ReadOptions(path=str(path))), tally)
        except (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError) as error:
            raise InputError(
                f"ends early or is damaged: {error}", path=str(path), hint="what was read before is in the index"
            ) from error


def _of_result(result: ReadResult, tally: Tally) -> Iterator[DumpRecord]:
    for problem in result.problems:
        if problem.severity is Severity.ERROR:
            tally.lose(str(problem))
    for record in result.records:
        retracted = "the title says so" if record.title.casefold().startswith(("retracted:", "retraction:")) else ""
        yield DumpRecord(record, record.key or record.text("DOI").casefold() or record.title, retracted)


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    while line := stream.readline(MAX_LINE):
        if line.strip():
            yield line


def _of_lines(
    stream: IO[bytes], make: Callable[[dict[str, Any]], DumpRecord | None], tally: Tally, path: str
) -> Iterator[DumpRecord]:
    for number, line in enumerate(_lines(stream), start=1):
        try:
            data = _parsed(line)
            row = make(data) if isinstance(data, dict) else None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            tally.lose(f"{path}:{number}: error: not a record of this dump: {error}")
            continue
        if row is not None:
            yield row
        elif not isinstance(data, dict):
            tally.lose(f"{path}:{number}: error: not an object")


def _parsed(text: bytes) -> Any:
    """The document of JSON; raises `ValueError` for anything else, also for one that is nested too deeply."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


# ---- Crossref -------------------------------------------------------------------------------------------------------

_AT_ONCE: Final = 500  # works handed to the reader together


def _of_crossref(stream: IO[bytes], tally: Tally, name: str) -> Iterator[DumpRecord]:
    """Works of ``{"items": [...]}`` in one or many lines, or one bare work per line.

    Raises `InputError` for a document that is not JSON, or is larger than `MAX_DOCUMENT`.
    """
    first = stream.readline(MAX_LINE)
    try:
        document = _parsed(first)
    except ValueError:  # over several lines
        whole = first + stream.read(MAX_DOCUMENT)
        if len(whole) > MAX_DOCUMENT:
            message = f"one document of more than {MAX_DOCUMENT >> 20} MB"
            raise InputError(message, path=name, hint="write one work per line, as `jq -c '.items[]'` does") from None
        try:
            document = _parsed(whole)
        except ValueError as error:
            raise InputError(f"not valid JSON: {error}", path=name) from error
    if isinstance(document, dict) and isinstance(document.get("items"), list):
        yield from _of_works(iter(document["items"]), tally, name)
        return

    def works() -> Iterator[Any]:
        yield document
        for number, line in enumerate(_lines(stream), start=2):
            try:
                yield _parsed(line)
            except ValueError as error:
                tally.lose(f"{name}:{number}: error: not valid JSON: {error}")

    yield from _of_works(works(), tally, name)


def _of_works(works: Iterator[Any], tally: Tally, name: str) -> Iterator[DumpRecord]:
    while batch := list(islice(works, _AT_ONCE)):
        objects = [work for work in batch if isinstance(work, dict)]
        for _ in range(len(batch) - len(objects)):
            tally.lose(f"{name}: error: a work that is not an object")
        yield from _of_batch(objects, tally, name)


def _of_batch(batch: Sequence[dict[str, Any]], tally: Tally, name: str) -> Iterator[DumpRecord]:
    """The records of works; if they can't be read together, of each half, so that one work is lost and not all."""
    try:
        data = json.dumps([_slim(work) for work in batch]).encode()
        result = read_bytes(data, "crossref", ReadOptions(path=name))
    except (InputError, RecursionError) as error:
        if len(batch) < 2:
            tally.lose(str(error))
            return
        middle = len(batch) // 2
        yield from _of_batch(batch[:middle], tally, name)
        yield from _of_batch(batch[middle:], tally, name)
        return
    notes = {str(work.get("DOI", "")).casefold(): _retraction(work) for work in batch}
    for record in result.records:
        doi = record.text("DOI").casefold()
        yield DumpRecord(record, doi or record.title, notes.get(doi, ""))


def _slim(work: dict[str, Any]) -> dict[str, Any]:
    """The work without its lists of references and the like, which are most of it."""
    return {name: value for name, value in work.items() if name not in ("reference", "abstract", "license", "link")}


def _retraction(work: dict[str, Any]) -> str:
    """What Crossref says of a retraction of this work (``updated-by``), "" for nothing."""
    for notice in work.get("updated-by") or ():
        if isinstance(notice, dict) and notice.get("type") in ("retraction", "removal", "withdrawal"):
            return f"{notice['type']}, notice {notice.get('DOI', '')}".strip()
    return ""


def _of_tar(stream: IO[bytes], tally: Tally) -> Iterator[DumpRecord]:
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content is None or not member.name.endswith((".json", ".json.gz", ".jsonl", ".jsonl.gz")):
                continue
            packed = member.name.endswith(".gz")
            opened: IO[bytes] = gzip.GzipFile(fileobj=content) if packed else content  # type: ignore[assignment]  # a GzipFile is not typed as an IO
            try:
                yield from _of_crossref(opened, tally, member.name)
            except InputError as error:  # of this member; the others can be read
                tally.lose(str(error))
