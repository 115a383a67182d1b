"""An identifier without what web pages, mail programs and databases put around it.

Sources: HTML (links, entities), RFC 3986 2.1 and appendix C (percent-encoding; angle brackets and quotation marks
around addresses), Unicode 23.2 (characters without width, which copies from web pages and PDF files have).
"""

from __future__ import annotations

import re

from bibtool.lazy import lazy_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_LENGTH = 2_000
_INVISIBLE = lazy_pattern("[\u00ad\u200b-\u200f\u2060\ufeff]")
_TAG = lazy_pattern(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ADDRESS = lazy_pattern(r"<a\s[^<>]*?href\s*=\s*[\"']?([^\"'<>\s]+)", re.IGNORECASE)
_ENCODED_SCHEME = lazy_pattern(r"[a-z]{2,6}%3A%2F%2F", re.IGNORECASE)
_AROUND = {"(": ")", "[": "]", "{": "}", "<": ">", '"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "`": "'"}
_AFTER = ".,;:"


def undressed(text: str) -> Iterator[str]:
    """Readings of a text without HTML, percent-encoded addresses, brackets, quotation marks and punctuation.

    The text of a link comes before its address. The text itself is not among them, so that a text that has nothing
    around it has no reading; neither has one that is too long for an identifier.
    """
    if len(text) > _MAX_LENGTH:
        return
    plain = _INVISIBLE.sub("", text).replace("\u00a0", " ").strip()
    readings = [plain]
    if "<" in plain or "&" in plain:
        from html import unescape

        marked = unescape(plain)
        readings = [_TAG.sub("", marked), *_ADDRESS.findall(marked)]
    for reading in readings:
        bare = unwrapped(unquoted(reading) if _ENCODED_SCHEME.match(reading) else reading)
        if bare and bare != text:
            yield bare


def unquoted(text: str) -> str:
    """The text with the characters that an address writes as ``%2F``."""
    if "%" not in text:
        return text
    from urllib.parse import unquote  # few texts have any, and it takes long to load

    return unquote(text)


def unwrapped(text: str) -> str:
    """The text without pairs of brackets or quotation marks around all of it, and without punctuation after it."""
    while True:
        bare = text.strip().rstrip(_AFTER)
        if len(bare) > 1 and _AROUND.get(bare[0]) == bare[-1] and bare[-1] not in bare[1:-1]:
            bare = bare[1:-1]
        if bare == text:
            return text
        text = bare
