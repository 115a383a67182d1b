"""A BibTeX file of any size in parts that can be read one by one; its strings go with each part."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Final

from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

WHOLE: Final = 32 << 20  # bytes up to which a file is one part
PART: Final = 4 << 20
_ENTRY: Final = lazy_pattern(rb"^[ \t]*@[ \t]*(\w+)[ \t]*[{(][ \t]*([^\s,={}]*)", re.MULTILINE)
MAX_CARRIED: Final = 16 << 20  # bytes of strings that are carried along


def parts_of(stream: IO[bytes]) -> Iterator[bytes]:
    """The parts of a file: all of it up to `WHOLE`.

    In a larger file, an entry lacks what it inherits from a parent (``crossref``) of another part.
    """
    data = stream.read(WHOLE + 1)
    if len(data) <= WHOLE:
        yield data
        return
    strings: list[bytes] = []
    while data:
        more = stream.read(PART)
        cut = _last_entry(data) if more else len(data)
        part, data = data[:cut], data[cut:] + more
        if part.strip():
            yield b"".join(strings) + part
        size = sum(map(len, strings))
        for block in _strings(part):
            size += len(block)
            if size <= MAX_CARRIED:
                strings.append(block)


def _last_entry(data: bytes) -> int:
    """Where the last entry of the data begins, of which more may follow; the end of the data if there is none."""
    at = len(data)
    while (at := data.rfind(b"\n@", 0, at)) > 0:
        if _ENTRY.match(data, at + 1):
            return at + 1
    return len(data)


def _strings(part: bytes) -> Iterator[bytes]:
    starts = [(entry.start(), entry[1].lower()) for entry in _ENTRY.finditer(part)]
    for (start, kind), (end, _) in zip(starts, [*starts[1:], (len(part), b"")], strict=True):
        if kind == b"string":
            yield part[start:end]
