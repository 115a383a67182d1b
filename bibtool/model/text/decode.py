"""Bytes to text and back, so that every file comes back as it was."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_ERRORS = {"utf-8": "surrogateescape", "utf-16-le": "surrogatepass", "utf-16-be": "surrogatepass"}
_LONE = re.compile("[\udc80-\udcff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, the name of its encoding, the byte order mark before it, and half a character behind it."""

    text: str
    encoding: str
    bom: bytes = b""
    tail: bytes = b""


def decode(data: bytes) -> Decoded:
    """The text of ``data`` in an encoding that gives the same bytes back; never raises.

    UTF-8, or what the byte order mark says. A file that is UTF-8 but for some bytes stays UTF-8, and those bytes
    become lone surrogates (PEP 383); where not even half of what is not ASCII is UTF-8, the file is taken for
    Windows-1252, or Latin-1 if it has bytes that Windows-1252 lacks.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            if encoding != "utf-8":
                return _decode_wide(data, encoding, bom)
            return Decoded(data[len(bom) :].decode(encoding, "surrogateescape"), encoding, bom)
    wide = _guess_wide(data)
    if wide:
        return _decode_wide(data, wide, b"")
    text = _decode(data, "utf-8")
    if text is not None:
        return Decoded(text, "utf-8")
    escaped = data.decode("utf-8", "surrogateescape")
    lone = len(_LONE.findall(escaped))
    proper = sum(1 for char in escaped if char > "\x7f") - lone
    if proper > lone:
        return Decoded(escaped, "utf-8")
    text = _decode(data, "cp1252")
    if text is not None:
        return Decoded(text, "cp1252")
    return Decoded(data.decode("latin-1"), "latin-1")


def _guess_wide(data: bytes) -> str:
    """The UTF-16 encoding of a file without a mark, by the zero bytes of its first characters; "" if it is none."""
    head = data[:4096]
    half = len(head) // 2
    if half < 2 or b"\0" not in head:
        return ""
    if head[1::2].count(0) * 10 > half * 8 and not head[::2].count(0):
        return "utf-16-le"
    if head[::2].count(0) * 10 > half * 8 and not head[1::2].count(0):
        return "utf-16-be"
    return ""


def _decode_wide(data: bytes, encoding: str, bom: bytes) -> Decoded:
    end = len(data) - (len(data) - len(bom)) % 2
    decoded = Decoded(data[len(bom) : end].decode(encoding, "surrogatepass"), encoding, bom, data[end:])
    if bom + encode(decoded.text, encoding) + decoded.tail != data:
        return Decoded(data.decode("latin-1"), "latin-1")  # not known to happen, but the bytes come first
    return decoded


def _decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def encode(text: str, encoding: str) -> bytes:
    """The bytes of ``text``; raises `UnicodeEncodeError` for a character that the encoding lacks."""
    return text.encode(encoding, _ERRORS.get(encoding, "strict"))


def mend(text: str) -> str:
    """``text`` in which escaped bytes are the characters that Windows-1252 gives them, so that it can be encoded."""
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return _SURROGATE.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    code = ord(found.group())
    if not 0xDC80 <= code <= 0xDCFF:
        return "\ufffd"
    return bytes([code - 0xDC00]).decode("cp1252", "replace")
