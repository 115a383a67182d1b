"""One edit of a document as a document."""

from __future__ import annotations

from bibtool.bib import Document, Editor


def edited(document: Document, edit: str, *arguments: object) -> Document:
    """The document after one method of `Editor`, named by ``edit``."""
    editor = Editor(document)
    getattr(editor, edit)(*arguments)
    return editor.document()
