"""What a source has, as the data of a pin: text, macros, identifiers; and whether two pins can be one work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.bib.entrytext import fields_of, macros_of, strings_in, with_values
from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bibtool.model.record import Record
    from bibtool.project.lock import Pin
    from bibtool.project.sources import SourceEntry

MAX_GUESSED = 50  # macros looked for as words, before the entry is read


def entry_of(record: Record, dialect: str) -> str:
    """The record as an entry of the dialect, without the line end after it."""
    from bibtool.formats.base import WriteOptions
    from bibtool.formats.registry import writer_of

    return writer_of(dialect)([record], WriteOptions()).data.decode("utf-8").rstrip("\n")


def works(record: Record | None, text: str) -> tuple[str, ...]:
    """The identifiers of a work, such as ``doi:10.1000/x``, of its record or else of its entry; sorted."""
    if record is not None:
        from bibtool.model.works.identity import identifiers

        return tuple(sorted({f"{scheme}:{value}" for scheme, value in identifiers(record)}))
    from bibtool.project.sources import works_of_entry

    return tuple(f"{scheme}:{value}" for scheme, value in works_of_entry(text))


def is_preprint(entry: SourceEntry) -> bool:
    """Whether it names no journal, volume or publisher except a preprint server."""
    if entry.record is not None:
        from bibtool.model.works.manifestation import is_published

        return not is_published(entry.record)
    from bibtool.model.works.venues import names_preprint_server

    fields = fields_of(entry.text)
    names = ("journal", "journaltitle", "booktitle", "publisher", "crossref")
    venue = next((fields[name] for name in names if fields.get(name)), "")
    return not venue or names_preprint_server(venue)


def is_unchanged(entry: SourceEntry, pin: Pin) -> bool:
    """Whether the entry of a .bib file is just what the pin holds; False also if that takes a closer look."""
    index = entry.index
    if index is None or pin.source != entry.source or pin.entry != entry.text or pin.refreshed:
        return False
    rest = set(index.strings)
    for block in pin.strings:
        for name in strings_in(block):
            if index.strings.get(name) != block:
                return False
            rest.discard(name)
    low = entry.text.lower() if rest else ""
    if len(rest) > MAX_GUESSED or any(name in low for name in rest):
        return False
    return pin.preambles == tuple(block for block in index.preambles if _uses(entry.text, pin.strings, block))


def needed(entry: SourceEntry) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ``@string`` blocks and preambles of its file that an entry needs."""
    index = entry.index
    if index is None:
        return (), ()
    strings = strings_for(entry.text, index.strings)
    preambles = tuple(block for block in index.preambles if _uses(entry.text, strings, block))
    return strings, preambles


def strings_for(text: str, strings: Mapping[str, str]) -> tuple[str, ...]:
    """The blocks that define the macros of an entry, and theirs, in the order of the file."""
    if not strings:
        return ()
    needed: set[str] = set()
    waiting = [name for name in macros_of(text) if name in strings]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += [macro for macro in macros_of(strings[name]) if macro in strings]
    return tuple(dict.fromkeys(block for name, block in strings.items() if name in needed))


_COMMAND = lazy_pattern(r"\\([A-Za-z@]+)")
_DEFINERS = frozenset("newcommand providecommand renewcommand def gdef edef let relax string protect".split())


def _uses(text: str, strings: Iterable[str], preamble: str) -> bool:
    """Whether an entry uses a command of the preamble; True if the preamble defines none, so that one can't tell."""
    defined = set(_COMMAND.findall(preamble)) - _DEFINERS
    if not defined:
        return True
    return any(not defined.isdisjoint(_COMMAND.findall(block)) for block in (text, *strings))


def expanded(text: str, blocks: Iterable[str]) -> str:
    """The entry with its macros expanded."""
    macros: dict[str, str] = {}
    for block in blocks:
        macros.update(_macros_in(block, macros))
    before, after = fields_of(text), fields_of(text, macros)
    return with_values(text, {name: value for name, value in after.items() if before[name] != value})


def _macros_in(block: str, macros: Mapping[str, str]) -> dict[str, str]:
    """Name in lower case -> content of the macros that a block defines."""
    entry = re.sub(r"(?i)^@\s*string\s*([{(])", r"@misc\1x, ", block, count=1)
    return fields_of(entry, macros)


def is_other_work(old: Pin, new: Pin) -> bool:
    """Whether two pins of one key can't be the same work; see `bibtool.model.works.verdict`."""
    if set(old.work) & set(new.work):
        return False
    from bibtool.model.works.verdict import may_be_one_under_key

    return not may_be_one_under_key(_record_of(old), _record_of(new))


def _record_of(pin: Pin) -> Record:
    """The entry of a pin as a record; an empty one if it can't be read."""
    from bibtool.formats.base import ReadOptions
    from bibtool.formats.registry import reader_of
    from bibtool.model.record import Record

    text = "\n".join((*pin.strings, pin.entry))
    records = reader_of("bibtex")(text.encode(), ReadOptions()).records
    return records[0] if records else Record(key=pin.key)


def named(pin: Pin) -> str:
    """A pinned work for a message: its title and identifiers."""
    title = " ".join(fields_of(pin.entry).get("title", "").split())[:60]
    return (f"“{title}”" if title else "an entry without a title") + (f" ({', '.join(pin.work)})" if pin.work else "")
