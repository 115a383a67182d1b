"""Fields that BibTeX entries lack, filled with what the sources have of the same work. Pure.

What an entry has stays as it is, byte for byte. Venue, year, pages and DOI of one publication belong together
(`PUBLICATION_GROUP`), so that an entry gets them only if nothing of what it has of them differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.bib.edit import Editor
from bibtool.enrich.match import known_number
from bibtool.errors import UnknownNameError
from bibtool.model.works.manifestation import is_published
from bibtool.model.works.merge import PUBLICATION_GROUP, completes
from bibtool.project.refresh import entries_of
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bibtool.bib.document import Document
    from bibtool.model.record import Record

# BibLaTeX's name of a field, and those that say no more than it, come with BibTeX's
_TOGETHER: Final = {
    "journal": ("journaltitle",), "year": ("date",), "month": ("date",), "address": ("location",),
    "school": ("institution",), "eprint": ("archiveprefix", "primaryclass", "eprinttype", "eprintclass"),
}  # fmt: skip
USUAL: Final = frozenset(
    "title subtitle author editor journal journaltitle booktitle series publisher address location school institution "
    "volume number pages year date doi isbn eprint archiveprefix primaryclass eprinttype eprintclass edition type "
    "organization eid".split()
)
"""The fields that are filled if none are named."""
KNOWN: Final = USUAL | frozenset("month issn url abstract keywords note language langid chapter version".split())
_VAGUE: Final = frozenset({"misc", "unpublished", "online"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """One entry: the fields that it got, in their order, and whether a publication was left to `bibtool refresh`."""

    key: str
    fields: tuple[str, ...] = ()
    published: bool = False
    failed: bool = False


def named_fields(text: str) -> frozenset[str]:
    """The fields of a list such as ``doi,pages``, in both dialects' names; `UnknownNameError` for one of neither."""
    names: set[str] = set()
    for name in text.lower().replace(",", " ").split():
        if name not in KNOWN:
            raise UnknownNameError("field", name, sorted(KNOWN))
        names.update((name, *_TOGETHER.get(name, ())))
        names.update(short for short, others in _TOGETHER.items() if name in others and name in ("date", "location"))
    return frozenset(names)


def fill(
    document: Document, changes: Sequence[tuple[Record, Record]], fields: Collection[str] = USUAL
) -> tuple[Document, list[Filled]]:
    """The document with the fields that its entries lack, and what each entry got.

    ``changes`` are the records of `entries_of`, in that order: as they were read, and completed. An entry of a vague
    type (@misc) that knows no publication gets the type of the work; every other type stays.
    """
    from bibtool.formats.bibtex.amend import amend, dialect_of
    from bibtool.formats.bibtex.from_record import from_record

    editor = Editor(document)
    filled: list[Filled] = []
    for entry, (before, completed) in zip(entries_of(document), changes, strict=True):
        if before == completed:
            filled.append(Filled(key=entry.key))
            continue
        after = completed
        left = _mixes(before, completed)
        if left:
            after = _without_publication(before, completed)
        dialect = dialect_of(entry)
        ascii_only = document.text.isascii()
        old = {field.name.lower() for field in from_record(before, dialect, ascii_only=ascii_only).fields}
        written = from_record(after, dialect, ascii_only=ascii_only)
        added = [
            field
            for field in written.fields
            if field.name.lower() in fields and field.name.lower() not in old and entry.field(field.name) is None
        ]
        done = not added or amend(
            editor,
            entry,
            written,
            written,
            names=(),
            added=added,
            retype=entry.type in _VAGUE and not is_published(before) and is_published(after),
        )
        names = tuple(field.name for field in added) if done else ()
        filled.append(Filled(key=entry.key, fields=names, published=left and not is_published(before), failed=not done))
    return editor.document(), filled


def _mixes(before: Record, completed: Record) -> bool:
    """Whether the completed record has another publication, or another form, than the one that the entry tells of.

    So it is with arXiv's DOI of a publication whose journal and volume are not known.
    """
    placeless = completed.variables.keys().isdisjoint(("container-title", "publisher"))
    if placeless and completed.doi and not before.doi and known_number(completed):
        return True
    for name in PUBLICATION_GROUP & before.variables.keys():
        old, new = before.variables[name], completed.variables.get(name)
        if old != new and not (new is not None and completes(old, new)):
            return True
    return False


def _without_publication(before: Record, completed: Record) -> Record:
    """The completed record with what the entry itself says of where the work appeared."""
    variables = {name: value for name, value in completed.variables.items() if name not in PUBLICATION_GROUP}
    variables.update((name, value) for name, value in before.variables.items() if name in PUBLICATION_GROUP)
    return replace(completed, variables=variables, type=before.type)
