"""Everything known of a record in rows, for people."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from bibtool.model.works.merge import show

if TYPE_CHECKING:
    from bibtool.model.record import Record


class DescribedValue(NamedTuple):
    """Name, value, where the value came from, and the address that it stands for ("" for none; unchecked)."""

    name: str
    value: str
    origin: str = ""
    address: str = ""


def type_word(csl_type: str) -> str:
    """A CSL type as people call it: ``preprint`` for ``article``, which CSL uses for what is not in a journal."""
    return "preprint" if csl_type == "article" else csl_type


def rows_of(record: Record) -> list[DescribedValue]:
    """Key, type and aliases; title, authors and date; the other variables; what arXiv says; what no variable holds."""
    rows = [DescribedValue("key", record.key), DescribedValue("type", record.type, _origin(record, "type"))]
    if record.aliases:
        rows.append(DescribedValue("aliases", ", ".join(record.aliases)))
    order = ["title", "author", "issued"]
    for name in sorted(record.variables, key=lambda name: (order.index(name) if name in order else len(order), name)):
        value = show(record.variables[name])
        address = ""
        if name in {"DOI", "URL"}:
            address = f"https://doi.org/{quote(value, safe='/:;()', errors='replace')}" if name == "DOI" else value
        rows.append(DescribedValue(name, value, _origin(record, name), address))
    if record.arxiv is not None:
        for part in fields(record.arxiv):
            held: Any = getattr(record.arxiv, part.name)
            if held:
                told = ", ".join(held) if isinstance(held, tuple) else str(held)
                address = held.url if part.name == "id" else ""
                rows.append(DescribedValue(f"arxiv.{part.name}", told, _origin(record, f"arxiv.{part.name}"), address))
    rows += [DescribedValue(f"{item.source}.{item.name}", item.value) for item in record.leftovers]
    return rows


def _origin(record: Record, name: str) -> str:
    origin = record.provenance.get(name)
    if origin is None:
        return ""
    parts = [f"{origin.source} {origin.detail}".strip(), origin.when[:10]]
    if origin.confidence < 1:
        parts.append(f"confidence {origin.confidence:.2f}")
    return ", ".join(part for part in parts if part)
