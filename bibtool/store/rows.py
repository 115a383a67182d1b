"""A record as the columns that the tables hold of it, and back.

What makes records is loaded once one is made: a list of what a library holds does without.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bibtool.errors import InputError, LibraryDamagedError
from bibtool.store.keys import ALIAS, fold_key
from bibtool.store.lines import line_of
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bibtool.model.record import Record
    from bibtool.model.works.blocks import Known

_MAX_BLOCK = 200  # characters, as of a title's block
YEAR_LIMIT = 10**12  # SQLite's integers have 64 bits, ours have no limit


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredColumns:
    """One row of the table of records: what is searched by index, the record as JSON, and its line in lists."""

    key: str
    key_folded: str
    title_key: str
    title_block: str
    first_author: str
    year: int | None
    type: str
    data: str
    line: str
    identifiers: tuple[tuple[str, str], ...]


def to_json(record: Record) -> str:
    """The record as JSON; equal records give equal text.

    All in ASCII, so that lone surrogates, which JSON input can bring in and UTF-8 can't hold, survive.
    """
    from bibtool.model.jsontext import encoded_text

    return encoded_text(record)


def from_json(data: str, path: str) -> Record:
    """The record of `to_json`'s text; raises `LibraryDamagedError` where it is no such text."""
    from bibtool.model.codec import decode

    try:
        return decode(json.loads(data))
    except (InputError, ValueError, TypeError, RecursionError) as error:
        raise LibraryDamagedError(f"the library holds a record that can't be understood: {error}", path=path) from error


def data_of(data: str, path: str) -> dict[str, Any]:
    """What `bibtool.model.codec.encode` makes of the record of `to_json`'s text; raises `LibraryDamagedError`."""
    from bibtool.model.codec import recoded

    try:
        return recoded(json.loads(data))
    except (InputError, ValueError, TypeError, RecursionError) as error:
        raise LibraryDamagedError(f"the library holds a record that can't be understood: {error}", path=path) from error


def differing_fields(record: Record, other: Record) -> tuple[str, ...]:
    """The variables of two records that differ, and other parts by their names; () for equal records."""
    from bibtool.model.codec import encode

    variables = (*record.variables, *other.variables)
    names = [name for name in variables if record.variables.get(name) != other.variables.get(name)]
    kept = {"variables", "provenance"} if names else {"variables"}  # what changes a value changes where it is from
    one, two = encode(record), encode(other)
    parts = [part for part in (*one, *two) if part not in kept and one.get(part) != two.get(part)]
    return tuple(dict.fromkeys((*names, *parts)))


def first_author(record: Record) -> str:
    """The block of the first author, as it is stored; short enough for an index of any database."""
    from bibtool.model.works.blocks import author_block  # what only reads needs no blocks

    return _storable(author_block(record)[:_MAX_BLOCK])


def stored_title_block(record: Record) -> str:
    """The block of the title, as it is stored."""
    from bibtool.model.works.blocks import title_block

    return _storable(title_block(record))


def row_of(record: Record, data: str | None = None, known: Known | None = None) -> StoredColumns:
    """The row of a record; ``data`` is its JSON and ``known`` what it is known by, where these were made before."""
    if known is None:
        from bibtool.model.works.blocks import known_by

        known = known_by(record)
    year = known.year
    return StoredColumns(
        key=record.key,
        key_folded=fold_key(record.key),
        title_key=known.title_key,
        title_block=_storable(known.title),
        first_author=_storable(known.author[:_MAX_BLOCK]),
        year=year if year is not None and abs(year) < YEAR_LIMIT else None,
        type=_storable(record.type),
        data=to_json(record) if data is None else data,
        line=line_of(record),
        identifiers=(*_stored(known.ids), *((ALIAS, folded) for folded in aliases_of(record))),
    )


def identifiers_of(record: Record) -> tuple[tuple[str, str], ...]:
    """Kind and value of each identifier, as they are stored."""
    from bibtool.model.works.identity import identifiers

    return _stored(identifiers(record))


def _stored(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys((kind, _storable(value)) for kind, value in pairs))


def aliases_of(record: Record) -> tuple[str, ...]:
    """The other keys of a record in the form in which keys are compared, each once."""
    return tuple(dict.fromkeys(map(fold_key, record.aliases)))


def _storable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
