"""Bytes to text and back: the one rule for all readers, and for files that are written back byte for byte.

1. A byte order mark decides: UTF-8, UTF-16 or UTF-32, whose mark begins as that of UTF-16. UTF-16 without a mark is
   known by its zero bytes.
2. A file that is valid UTF-8 is UTF-8.
3. A file that is UTF-8 except for some lines stays UTF-8, and only the bytes of those lines that are not UTF-8 are
   Windows-1252. In `Decoded.text` they are lone surrogates (PEP 383), so that the same bytes can be written again;
   `readable` gives the characters. A line of Windows-1252 is seldom valid UTF-8 by chance (``É»``), so one line in
   UTF-8 for ten that are not is enough. A line with more characters in UTF-8 than bad bytes counts as UTF-8.
4. Any other file is Windows-1252, which is Latin-1 with letters and quotation marks where that has control characters.

Windows-1252 leaves five bytes undefined: 81, 8D, 8F, 90, 9D. They are the control characters of the same numbers, as
in the Encoding Standard of WHATWG (index windows-1252), so that every byte is a character and comes back as that byte.
"""

from __future__ import annotations

from bibtool.lazy import lazy_pattern
from bibtool.problems import Problem, Severity
from bibtool.structs import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Final

    from bibtool.model.text.lines import LineIndex

WINDOWS: Final = "cp1252"
BYTE_ORDER_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
WIDE_MARKS: Final = tuple(mark for mark, encoding in BYTE_ORDER_MARKS if encoding != "utf-8")

_ERRORS = {
    "utf-8": "surrogateescape",
    **dict.fromkeys(("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"), "surrogatepass"),
}
_ESCAPED_BYTE = lazy_pattern("[\udc80-\udcff]")
_SURROGATE = lazy_pattern("[\ud800-\udfff]")
_NOT_ASCII = lazy_pattern(r"[^\x00-\x7f]")
_UNDEFINED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
_CONTROL_OF_ESCAPED = {0xDC00 + code: code for code in _UNDEFINED}
_ESCAPED_OF_CONTROL = {code: 0xDC00 + code for code in _UNDEFINED}
_NAMED_LINES = 5


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, its encoding, the byte order mark before it, and half a character after it.

    ``encoding`` is ``utf-8``, ``utf-16-le``, ``utf-16-be``, ``utf-32-le``, ``utf-32-be`` or ``cp1252``. Bytes of a
    UTF-8 file that are not UTF-8 are lone surrogates in ``text``, as are halves of surrogate pairs in UTF-16.
    ``is_sound`` says that there are certainly none, so that nobody has to look for them.
    """

    text: str
    encoding: str
    bom: bytes = b""
    tail: bytes = b""
    is_sound: bool = field(default=False, compare=False, repr=False)

    @property
    def data(self) -> bytes:
        """The bytes that were decoded."""
        return self.bom + encode(self.text, self.encoding) + self.tail


def decode(data: bytes) -> Decoded:
    """The text of ``data`` by the rule of this module; never raises, and `Decoded.data` is ``data`` again."""
    for bom, encoding in BYTE_ORDER_MARKS:
        if data.startswith(bom):
            if encoding != "utf-8":
                return _decode_wide(data, encoding, bom)
            return Decoded(data[len(bom) :].decode(encoding, "surrogateescape"), encoding, bom)
    wide = _guess_wide(data)
    if wide:
        return _decode_wide(data, wide, b"")
    try:
        return Decoded(data.decode("utf-8"), "utf-8", is_sound=True)
    except UnicodeDecodeError:
        pass
    if _is_mostly_windows(data):
        return Decoded(_decode_windows(data), WINDOWS)
    return Decoded(data.decode("utf-8", "surrogateescape"), "utf-8")


def _is_mostly_windows(data: bytes) -> bool:
    """Whether fewer than one in ten of the lines that are not ASCII are UTF-8."""
    proper_lines = bad_lines = 0
    for line in data.splitlines():
        if line.isascii():
            continue
        text = line.decode("utf-8", "surrogateescape")
        bad = len(_ESCAPED_BYTE.findall(text))
        if len(_NOT_ASCII.findall(text)) > 2 * bad:
            proper_lines += 1
        else:
            bad_lines += 1
    return proper_lines * 10 < bad_lines


def _decode_windows(data: bytes) -> str:
    return data.decode(WINDOWS, "surrogateescape").translate(_CONTROL_OF_ESCAPED)


def _guess_wide(data: bytes) -> str:
    """The UTF-16 encoding of a file without a mark, by the zero bytes of its first characters; "" if it has none."""
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
    end = len(data) - (len(data) - len(bom)) % (4 if encoding.startswith("utf-32") else 2)
    try:
        decoded = Decoded(data[len(bom) : end].decode(encoding, "surrogatepass"), encoding, bom, data[end:])
    except UnicodeDecodeError:  # a number in UTF-32 that is no character
        return Decoded(_decode_windows(data), WINDOWS)
    if decoded.data != data:
        return Decoded(_decode_windows(data), WINDOWS)  # not known to happen, but the bytes come first
    return decoded


def encode(text: str, encoding: str) -> bytes:
    """The bytes of ``text``; raises `UnicodeEncodeError` for a character that the encoding lacks."""
    if encoding == WINDOWS:
        return text.translate(_ESCAPED_OF_CONTROL).encode(WINDOWS, "surrogateescape")
    return text.encode(encoding, _ERRORS.get(encoding, "strict"))


def readable(text: str) -> str:
    """``text`` with the characters of Windows-1252 for escaped bytes, and U+FFFD for halves of surrogate pairs.

    It has as many characters as ``text`` and can always be encoded; the same object if there is nothing to replace.
    """
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return _SURROGATE.sub(_character, text)


def _character(surrogate: re.Match[str]) -> str:
    code = ord(surrogate.group())
    if not 0xDC80 <= code <= 0xDCFF:
        return "\ufffd"
    return _decode_windows(bytes([code - 0xDC00]))


def encoding_problem(decoded: Decoded, lines: LineIndex, severity: Severity = Severity.WARNING) -> Problem | None:
    """A problem for the bytes that were not UTF-8, with the place of the first one; None for UTF-8.

    UTF-16 and UTF-32 are fine too, unless they have half a character. ``lines`` is the index of the text.
    """
    if decoded.is_sound:
        return None
    if decoded.encoding == WINDOWS:
        first = _NOT_ASCII.search(decoded.text)
        at = first.start() if first else 0
        message = f"the file is not UTF-8; it was read as {WINDOWS}"
    elif decoded.encoding == "utf-8":
        bad = () if decoded.text.isascii() else tuple(byte.start() for byte in _ESCAPED_BYTE.finditer(decoded.text))
        if not bad:
            return None
        at = bad[0]
        message = _bad_lines(sorted({lines.line(offset) for offset in bad}), ord(decoded.text[at]) - 0xDC00)
    else:
        half = _SURROGATE.search(decoded.text)
        if half is None and not decoded.tail:
            return None
        at = half.start() if half else len(decoded.text)
        message = f"half a character of {decoded.encoding[:6].upper()} was left out; is the file complete?"
    return Problem(
        code="encoding",
        message=message,
        severity=severity,
        position=lines.position(at),
        hint="save the file as UTF-8",
    )


def _bad_lines(numbers: list[int], byte: int) -> str:
    if len(numbers) == 1:
        return f"line {numbers[0]} is not UTF-8 (byte 0x{byte:02x}); it was read as {WINDOWS}"
    named = [str(number) for number in numbers[:_NAMED_LINES]]
    more = len(numbers) - len(named)
    last = f"{more} more" if more else named.pop()
    return f"lines {', '.join(named)} and {last} are not UTF-8 (first byte 0x{byte:02x}); they were read as {WINDOWS}"
