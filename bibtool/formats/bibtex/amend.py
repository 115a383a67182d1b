"""Changes of records carried into a document: local edits of its entries, and new entries above the first one.

What is compared are two forms of one record as `from_record` writes them, before and after the change. So a field is
touched only where the change made a difference, and the hand that wrote the others stays visible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.document import Document
from bibtool.bib.edit import Editor
from bibtool.bib.latex import from_latex
from bibtool.errors import BibtoolError
from bibtool.lazy import lazy_pattern
from bibtool.model.text.lines import LINE_END
from bibtool.model.works.preprints import names_only_a_server
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bibtool.bib.document import Entry
    from bibtool.formats.bibtex.from_record import Written, WrittenEntry
    from bibtool.formats.bibtex.mapping import Dialect

_FRONT_MATTER = lazy_pattern(r"---[ \t]*(?:\r\n|\r|\n)(?:[^\r\n]*+(?>\r\n|\r|\n)){0,50}?---[ \t]*(?:\r\n|\r|\n|\Z)")
_BLANK_LINE = lazy_pattern(r"(?:\A|(?<=\n)|(?<=\r)(?!\n))[ \t]*(?:\r\n|\r|\n)")


class NewEntry(NamedTuple):
    """An entry to be added: type, key, fields."""

    type: str
    key: str
    fields: Sequence[Written]


def dialect_of(entry: Entry) -> Dialect:
    """BibLaTeX for an entry that uses its fields, else BibTeX."""
    from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
    from bibtool.formats.bibtex.mapping_bibtex import BIBTEX

    names = set(entry.names)
    return (
        BIBLATEX if names & {"date", "journaltitle", "eprinttype", "eprintclass"} or entry.type == "online" else BIBTEX
    )


def amend(
    editor: Editor,
    entry: Entry,
    before: WrittenEntry,
    after: WrittenEntry,
    *,
    names: Collection[str],
    retype: bool = False,
    added: Sequence[Written] = (),
) -> bool:
    """Whether the entry took the change; it takes all of it or, where a part can't be written, none.

    Only fields in ``names`` (lower case) are set or, where only ``before`` has them, removed. With ``retype`` the entry
    gets the type of ``after``. Of ``added`` those fields are set that the entry does not have.
    """
    old = {field.name.lower(): field for field in before.fields}
    new = {field.name.lower(): field for field in after.fields}
    try:
        for name, field in new.items():
            if name in names and old.get(name) != field:
                editor.set_field(entry, name, field.value, expression=field.is_expression)
        for name in old:
            if name in names and name not in new and entry.field(name) is not None:
                editor.remove_field(entry, name)
        for name in _stale_containers(entry, old, new) & set(names):
            editor.remove_field(entry, name)
        for field in added:
            if entry.field(field.name) is None:
                editor.set_field(entry, field.name, field.value, expression=field.is_expression)
        if retype and after.type != entry.type:
            editor.set_type(entry, after.type)
    except BibtoolError:
        editor.replace(entry, entry.text)
        return False
    return True


_CONTAINERS = ("journal", "journaltitle", "booktitle")


def _stale_containers(entry: Entry, old: Mapping[str, Written], new: Mapping[str, Written]) -> set[str]:
    """Fields in which the entry has a preprint server, which its record does not count as a container.

    They go where the work is now in a journal or book.
    """
    if not any(name in new for name in _CONTAINERS):
        return set()
    return {
        name
        for name in _CONTAINERS
        if name not in new and name not in old and names_only_a_server(from_latex(entry.get(name) or "").plain())
    }


def add_at_end(document: Document, entries: Sequence[NewEntry]) -> Document:
    """The document with the entries after its last one, in their order and laid out like its first.

    Raises as `add_on_top` does.
    """
    editor = Editor(document)
    for new in entries:
        editor.add_entry(new.type, new.key, [(field.name, field.value) for field in new.fields])
    made = editor.document()
    editor = Editor(made)
    for entry, new in zip(made.entries[len(document.entries) :], entries, strict=True):
        for field in new.fields:
            if field.is_expression:
                editor.set_field(entry, field.name, field.value, expression=True)
    return editor.document()


def add_on_top(document: Document, entries: Sequence[NewEntry]) -> Document:
    """The document with the entries above its first one, in their order and laid out like it; or at its end.

    Lines right above the first entry, without a blank line between, stay with it; YAML front matter stays first.
    Raises `OutputError` for an entry that can't be written in the encoding of the file.
    """
    if not entries:
        return document
    made = add_at_end(document, entries)
    if not document.entries:
        return made
    newline = document.newline
    at = _top(document)
    before = document.text[:at]
    blank = len(LINE_END.findall(before[len(before.rstrip()) :]))
    joint = newline * max(0, 2 - blank) if before else ""
    added = "".join(entry.text + newline * 2 for entry in made.entries[-len(entries) :])
    text = before + joint + added + document.text[at:]
    return Document(text, encoding=document.encoding, bom=document.bom, tail=document.tail, path=document.path)


def _top(document: Document) -> int:
    """Where the paragraph of the first entry begins, after front matter and every block other than free text."""
    first = document.entries[0]
    matter = _FRONT_MATTER.match(document.text)
    start = matter.end() if matter is not None and matter.end() <= first.start else 0
    start = max([start, *(block.end for block in document.blocks[: first.index] if block.kind != "free")])
    above = document.text[start : first.start]
    return start + max((blank.end() for blank in _BLANK_LINE.finditer(above)), default=0)
