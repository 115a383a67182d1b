"""What an input that is not BibTeX looks like, in words for a message."""

from __future__ import annotations

import re

from bibtool.errors import InputError
from bibtool.formats.bibtex.sniff import sniff
from bibtool.formats.registry import guess_format
from bibtool.lazy import lazy_pattern
from bibtool.structs import NamedTuple

_HEAD = 1 << 16

# first bytes of files that are not text
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript file"),
)
_COMMENTS = lazy_pattern(rb"(?m)^[ \t]*%[^\r\n]*")
_LATEX = lazy_pattern(rb"\\(?:documentclass|documentstyle|begin|usepackage|section|chapter|input)\b")
_HTML = lazy_pattern(rb"\s*(?:<!doctype html|<html)", re.IGNORECASE)


# formats that can't be mistaken for the text of a BibTeX file
CERTAIN = frozenset("csl-json ris endnote-xml nbib mods crossref jats datacite".split())


class Kind(NamedTuple):
    """What a file looks like; ``format`` is the name of a format that bibtool reads, or ""."""

    words: str
    format: str = ""


def looks_like(data: bytes, path: str = "") -> Kind | None:
    """What an input is that is not BibTeX; None if it may be BibTeX, is empty, or is text of no known kind.

    Lines that begin with % are not looked at, as they are comments in BibTeX files.
    """
    head = data[:_HEAD]
    for magic, words in _MAGIC:
        if head.startswith(magic):
            return Kind(words)
    if sniff(head):
        return None
    head = _COMMENTS.sub(b"", head)
    if not head.strip():
        return None
    if _HTML.match(head):
        return Kind("an HTML page")
    if _LATEX.search(head):
        return Kind("a LaTeX document")
    try:
        known = guess_format(head, path)
    except InputError:
        return Kind("a binary file") if b"\0" in head else None
    return None if known.name == "bibtex" else Kind(known.title, known.name)
