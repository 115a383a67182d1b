"""Files that people try to read and that hold no records: what they look like, and what to do instead."""

from __future__ import annotations

import re
from typing import Final

from bibtool.model.text.decode import WIDE_MARKS
from bibtool.structs import NamedTuple


class OtherFile(NamedTuple):
    """What a file looks like ("a PDF"), and what to do with it."""

    what: str
    advice: str


_IDENTIFIER = "import its DOI or arXiv id instead: `bibtool import 10.1000/182` or `bibtool import 2203.01360`"
_TEXT = "copy its text, and import that: `bibtool import -` reads what you paste"
# the first bytes of a file; https://www.iana.org/assignments/media-types and the formats' own specifications
_MAGIC: Final = (
    (re.compile(rb"\s{0,20}%PDF-"), OtherFile("a PDF", _IDENTIFIER)),
    (re.compile(rb"%!PS"), OtherFile("a PostScript file", _IDENTIFIER)),
    (
        re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\0|MM\0\*|RIFF....WEBP", re.DOTALL),
        OtherFile("an image", "type or copy the text that it shows, and import that: `bibtool import -`"),
    ),
    (re.compile(rb"SQLite format 3\0"), OtherFile("an SQLite database", "a library is opened with --library FILE")),
    (re.compile(rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf"), OtherFile("a compressed file", "unpack it first")),
    (re.compile(rb"\xd0\xcf\x11\xe0"), OtherFile("an old Office document", _TEXT)),
)
_ZIP: Final = (
    (b"word/", OtherFile("a Word document", _TEXT)),
    (b"xl/", OtherFile("an Excel workbook", "save it as CSV, with CSL variables as the names of its columns")),
    (b"ppt/", OtherFile("a PowerPoint file", _TEXT)),
    (b"mimetypeapplication/vnd.oasis.opendocument", OtherFile("an OpenDocument file", _TEXT)),
    (b"mimetypeapplication/epub", OtherFile("an e-book", _TEXT)),
)
_LATEX: Final = OtherFile(
    "a LaTeX document", "import the .bib file that it names; `bibtool cited FILE` lists what it cites"
)
_IN_TEXT: Final = (
    (
        re.compile(rb"\\begin\s*\{thebibliography\}"),
        OtherFile("a LaTeX bibliography", "import the .bib file it was made from"),
    ),
    (re.compile(rb"(?m)^[^%\n]{0,200}\\(?:documentclass|begin\s*\{document\})"), _LATEX),
    (
        re.compile(rb"\A\s{0,200}(?:<!--.{0,2000}?-->\s{0,50})?<(?:!doctype html|html)\b", re.IGNORECASE | re.DOTALL),
        OtherFile("a web page", _TEXT),
    ),
)


def recognise(data: bytes) -> OtherFile | None:
    """What the file looks like from its first bytes; None for one of no known kind."""
    head = data[: 1 << 16]
    for pattern, other in _MAGIC:
        if pattern.match(head):
            return other
    if head.startswith(b"PK\x03\x04"):
        return next((other for mark, other in _ZIP if mark in head), OtherFile("a ZIP archive", "unpack it first"))
    for pattern, other in _IN_TEXT:
        if pattern.search(head):
            return other
    if b"\0" in head and not head.startswith(WIDE_MARKS):
        return OtherFile("a binary file", "`bibtool formats` lists what can be read")
    return None
