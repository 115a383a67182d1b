"""The review file: publications that arXiv's journal references seem to name, as BibTeX to be checked and edited.

`review_file` writes an entry for each, with the key of the record and nothing but the fields of the publication; lines
above it say which work it is. What a person leaves in the file is taken by `reviewed`: venue, volume, pages, year and
DOI as a whole, and the title where the entry has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.formats.base import ReadOptions
from bibtool.model.record import Provenance, Record
from bibtool.model.works.manifestation import is_published
from bibtool.model.works.merge import PUBLICATION_GROUP
from bibtool.project.compare import compare_records
from bibtool.project.refresh import Refreshed
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bibtool.project.refresh import Published

HEAD = """\
% Where these works were published, as their authors told arXiv. Nothing is changed yet.
% Check each entry, correct it, and delete the entries that you do not want; then run
%
%     {command}
%
% The fields replace those of the preprint; keys and arXiv ids are kept. An entry without a journal, book title or
% publisher is skipped.
"""
_REVIEWED = PUBLICATION_GROUP | {"title", "collection-number", "editor"}
_EMPTY = "@article{{{key},\n  journal = {{}},\n  volume  = {{}},\n  pages   = {{}},\n  year    = {{}},\n}}\n"


def review_file(suggestions: Iterable[tuple[Record, Published]], *, command: str) -> str:
    """The text of the review file; ``command`` is the one that applies it.

    A publication whose details are unknown gets an entry to be filled in.
    """
    from bibtool.formats.registry import write_bytes

    blocks = [HEAD.format(command=command)]
    for record, published in suggestions:
        about = [record.title or "(no title)", record.authors.first_three(), f"arXiv says: {published}"]
        block = "".join(f"% {_comment(line)}\n" for line in about if line)
        publication = published.publication
        if publication is None:
            block += _EMPTY.format(key=record.key)
        else:
            values = {name: value for name, value in publication.values(published.doi).items() if value is not None}
            suggested = Record(record.key, publication.type, variables=values)
            block += write_bytes([suggested], "bibtex").data.decode("utf-8").strip("\n") + "\n"
        blocks.append(block)
    return "\n".join(blocks)


def _comment(text: str) -> str:
    """The text for a line between entries, where "@" would begin one."""
    return " ".join(text.split()).replace("@", "(at)")


def read_review(data: bytes, path: str) -> tuple[dict[str, Record], list[str]]:
    """The entries of a review file by key, and the keys of those that name no publication.

    Raises `InputError` for a file that is not BibTeX.
    """
    from bibtool.formats.registry import read_bytes

    records = read_bytes(data, "bibtex", ReadOptions(path=path)).records
    entries = {record.key: record for record in records if is_published(record)}
    return entries, [record.key for record in records if record.key not in entries]


def reviewed(records: Sequence[Record], entries: dict[str, Record], *, when: str) -> list[Refreshed]:
    """Each record with the publication that the review file has for its key; the others as they are.

    ``when`` is the ISO time that is noted with the values, as the user's own.
    """
    origin = Provenance(source="user", detail="reviewed", when=when)
    results = []
    for record in records:
        entry = entries.get(record.key)
        if entry is None:
            results.append(Refreshed(before=record, after=record))
            continue
        values = {name: entry.variables.get(name) for name in _REVIEWED}
        if "title" not in entry.variables:
            del values["title"]
        if "editor" not in entry.variables:
            del values["editor"]
        after = replace(record.with_values(values, origin), type=entry.type)
        change = compare_records(record, after)
        results.append(Refreshed(before=record, after=record if change is None else after, change=change))
    return results
