"""Records added to a BibTeX file: what it has already is left alone, all else becomes entries at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.document import Document
from bibtool.formats.base import ReadOptions
from bibtool.formats.bibtex.amend import NewEntry, add_at_end, dialect_of
from bibtool.formats.bibtex.from_record import from_record
from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
from bibtool.formats.registry import read_bytes
from bibtool.model.works.verdict import compare
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bibtool.formats.bibtex.mapping import Dialect
    from bibtool.model.record import Record

    KeyMaker = Callable[[Iterable[Record], Iterable[str]], list[Record]]


@dataclass(frozen=True, slots=True)
class Appended:
    """The new content of the file, the records that are new in it, and those that it has, with the keys there."""

    data: bytes
    new: tuple[Record, ...]
    present: tuple[tuple[Record, str], ...]


def add_to(data: bytes, records: Sequence[Record], make_keys: KeyMaker, *, path: str, dialect: Dialect) -> Appended:
    """A BibTeX file with these records; ``dialect`` is the one of a file without entries.

    ``make_keys`` gives records without a key one that is not among the taken ones. An entry is laid out as the first
    one of the file. Raises `OutputError` for an entry that can't be written in the encoding of the file.
    """
    document = Document.from_bytes(data, path=path)
    dialects = {dialect_of(entry).name: dialect_of(entry) for entry in document.entries}
    chosen = dialects.get(BIBLATEX.name) or next(iter(dialects.values()), dialect)
    known = list(read_bytes(data, chosen.name, ReadOptions(path=path)).records) if document.entries else []
    taken = {entry.key for entry in document.entries}
    entries: list[NewEntry] = []
    new: list[Record] = []
    present: list[tuple[Record, str]] = []
    for record in records:
        there = next((old.key for old in known if compare(old, record).is_one_record), None)
        if there is not None:
            present.append((record, there))
            continue
        (keyed,) = make_keys([record], taken)
        made = from_record(keyed, chosen, ascii_only=False)
        entries.append(NewEntry(made.type, keyed.key, made.fields))
        taken.add(keyed.key)
        known.append(keyed)
        new.append(keyed)
    return Appended(add_at_end(document, entries).to_bytes() if entries else data, tuple(new), tuple(present))
