"""The records of a file as `bibtool batch dedupe` keeps them: as far as they are compared."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from bibtool.model.codec import encode
from bibtool.model.richtext import Text
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bibtool.model.record import Record

_LONG: Final = 100  # characters of an abstract that is kept as its hash, as only equality counts


def works_of(name: str) -> str:
    """Where the records of a file are, in the folder of the outputs."""
    return f".bibtool-batch/works/{name}.jsonl"


def spilled(records: Iterable[tuple[Record, int | None]]) -> bytes:
    """Records with their lines: one line of JSON each."""
    lines = (json.dumps([line, _compared(record)], separators=(",", ":")) for record, line in records)
    return "".join(f"{line}\n" for line in lines).encode()


def _compared(record: Record) -> dict[str, Any]:
    """The record as data, without what no comparison needs."""
    abstract = record.text("abstract")
    if len(abstract) > _LONG:
        hashed = blake2b(abstract.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        record = replace(record, variables={**record.variables, "abstract": Text.of(hashed)})
    inherited = {name: origin for name, origin in record.provenance.items() if origin.inherited}
    return encode(replace(record, provenance=inherited))
