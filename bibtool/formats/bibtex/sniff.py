"""How surely an input is BibTeX, by its first bytes."""

from __future__ import annotations

import re

from bibtool.lazy import lazy_pattern
from bibtool.model.text.decode import BYTE_ORDER_MARKS

_LIMIT = 1 << 16
_START = rb"(?m)(?:^|(?<=\r))[ \t]*@"  # of a line; a CR alone ends one, too
_ENTRY = lazy_pattern(
    _START + rb"[ \t]*([A-Za-z][A-Za-z0-9_-]{1,40})\s*([{(])\s*([^\s,{}()=\"]{0,200})\s*(,|\}|\)|=)", re.ASCII
)
_COMMENT = lazy_pattern(_START + rb"(?:comment|preamble)[ \t]*[{(]", re.IGNORECASE)
_OTHER = lazy_pattern(rb"\s*(?:\{\s*[\"}]|\[\s*[{\"\]]|<[?!A-Za-z]|TY  - )")
_PAGE = lazy_pattern(rb"\s*<(?:!doctype html|html|head|body|pre)\b", re.IGNORECASE)
_ANYWHERE = lazy_pattern(rb"@[A-Za-z]{3,20}\s{0,5}[{(]\s{0,5}[^\s,{}()=\"]{1,200},")
_FIELD = lazy_pattern(rb",\s*[A-Za-z][A-Za-z0-9_:-]*\s{0,40}=\s{0,40}[{\"0-9A-Za-z]")
_KNOWN = frozenset(
    b"article book booklet conference inbook incollection inproceedings manual mastersthesis misc phdthesis "
    b"proceedings techreport unpublished online report thesis collection patent dataset software string".split()
)


def sniff(head: bytes) -> int:
    """0 (no) to 100 (certainly) for the first bytes of an input; 0 for JSON, XML, RIS and running text.

    100: an entry of a usual type with a key and a field; 95: an entry of another type with both; 80: an entry without
    fields; 70: nothing but an ``@comment`` or ``@preamble``.
    """
    head = _narrow(head[:_LIMIT])
    if _OTHER.match(head):
        # a page that was saved as .bib; any other page is read as a page, which replaces its character references
        return 70 if _PAGE.match(head) and _ANYWHERE.search(head) else 0
    best = 0
    for opening in _ENTRY.finditer(head):
        if opening.group(1).lower() in (b"comment", b"preamble"):
            continue
        known = opening.group(1).lower() in _KNOWN
        field = opening.group(4) == b"=" or _FIELD.match(head, opening.end() - 1)
        if field:
            return 100 if known else 95
        if opening.group(4) in (b"}", b")") and opening.group(3):
            best = max(best, 80 if known else 60)
        elif opening.group(4) == b",":
            best = max(best, 80 if known else 50)
    if not best and _COMMENT.search(head):
        best = 70
    return best


def _narrow(head: bytes) -> bytes:
    """The text without byte order mark, UTF-16 made one byte wide so that the same patterns serve."""
    for bom, encoding in BYTE_ORDER_MARKS:
        if head.startswith(bom):
            body = head[len(bom) :]
            return body if encoding == "utf-8" else body.decode(encoding, "replace").encode("utf-8", "replace")
    return head
