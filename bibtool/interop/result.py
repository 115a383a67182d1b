"""The result of converting from another library: a document, and problems for what it can't hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.document import Document
from bibtool.bib.entrytext import scan_entry
from bibtool.errors import OutputError
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.formats.bibtex.reader import read_document
from bibtool.formats.bibtex.writer import write_bibtex
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bibtool.formats.base import ReadResult
    from bibtool.model.record import Record
    from bibtool.problems import Problem


@dataclass(frozen=True, slots=True)
class BibResult:
    """A document, and problems for what it can't hold."""

    document: Document
    problems: tuple[Problem, ...] = ()

    def read(self, options: ReadOptions | None = None) -> ReadResult:
        """The records of the document, with the problems of reading it only."""
        return read_document(self.document, options or ReadOptions(path=self.document.path or "<text>"))


def document_of(source: Document | Iterable[Record]) -> BibResult:
    """A document as it is; records as a new BibTeX document, with what BibTeX can't hold as problems."""
    if isinstance(source, Document):
        return BibResult(source)
    written = write_bibtex(tuple(source), WriteOptions())
    return BibResult(Document.from_bytes(written.data), written.problems)


def entry_text(type_: str, key: str, fields: Iterable[tuple[str, str]]) -> str:
    """One entry with these names and value expressions; `OutputError` if it would not be read back as the same."""
    fields = list(fields)
    lines = "".join(f"  {name} = {expression},\n" for name, expression in fields)
    text = f"@{type_}{{{key},\n{lines}}}"
    scan = scan_entry(text)
    if (
        scan is None
        or scan.faults
        or (text[scan.type_start : scan.type_end], text[scan.key : scan.key_end]) != (type_, key)
        or [(text[field.name : field.name_end], text[field.value : field.value_end]) for field in scan.fields] != fields
    ):
        raise OutputError(
            f"the entry {key!r} can't be written as BibTeX",
            hint="look at its key, the names of its fields and the braces of its values",
        )
    return text
