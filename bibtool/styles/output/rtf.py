r"""RTF 1.9: ASCII only, other characters as ``\\u`` escapes."""

from __future__ import annotations

from functools import lru_cache

from bibtool.styles.output.marks import Stack, shown_run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.styles.bibliography import EntryOptions
    from bibtool.styles.rich import Run

_TAGS = {
    "italic": (r"{\i ", "}"),
    "oblique": (r"{\i ", "}"),
    "style-normal": (r"{\i0 ", "}"),
    "small-caps": (r"{\scaps ", "}"),
    "variant-normal": (r"{\scaps0 ", "}"),
    "bold": (r"{\b ", "}"),
    "light": ("{", "}"),
    "weight-normal": (r"{\b0 ", "}"),
    "underline": (r"{\ul ", "}"),
    "decoration-none": (r"{\ulnone ", "}"),
    "sup": (r"{\super ", "}"),
    "sub": (r"{\sub ", "}"),
    "baseline": (r"{\nosupersub ", "}"),
    "code": (r"{\f1 ", "}"),
}


_RARE = frozenset("\\{}\n\r\t")


def escape(text: str) -> str:
    r"""ASCII characters with ``\\``, ``{`` and ``}`` escaped, all others by number (UTF-16, signed)."""
    if text.isascii() and text.isprintable() and _RARE.isdisjoint(text):
        return text
    return "".join(map(_escaped, text))


@lru_cache(maxsize=2048)
def _escaped(char: str) -> str:
    if char in "\\{}":
        return "\\" + char
    if char in "\n\r\t":
        return " "
    if char == "\u00a0":
        return "\\~"
    if char.isascii():
        return char if " " <= char <= "~" else ""
    units = char.encode("utf-16-le", "surrogatepass")
    numbers = [int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2)]
    return "".join([f"\\u{number}?" for number in numbers])


def _address(href: str) -> str:
    return "".join(f"%{ord(char):02X}" if char in '\\{}"' else char for char in href if "!" <= char <= "~")


class Output:
    """The renderer."""

    def inline(self, run: Run) -> str:
        """The text with groups for formatting; addresses of the web are hyperlink fields."""
        stack = Stack({})
        for piece in shown_run(run):
            if isinstance(piece, str):
                stack.text(escape(piece))
            elif piece.close:
                stack.close_raw()
            elif piece.kind == "link":
                if piece.href.startswith(("https://", "http://")):
                    start = rf'{{\field{{\*\fldinst HYPERLINK "{_address(piece.href)}"}}{{\fldrslt '
                    stack.open_raw(start, "}}")
                else:
                    stack.open_raw("", "")
            elif piece.kind in ("block", "indent"):
                stack.open_raw(r"\line " if stack.pieces else "", "")
            elif piece.kind == "left-margin":
                stack.open_raw("", r"\tab ")
            else:
                stack.open_raw(*_TAGS.get(piece.kind, ("", "")))
        return "".join(stack.pieces)

    def document(self, entries: Sequence[str], options: EntryOptions) -> str:
        """A whole RTF document, one paragraph per entry."""
        if not entries:
            return ""
        indent = r"\li360\fi-360" if options.hanging_indent or options.second_field_align else r"\li0\fi0"
        after = rf"\sa{120 * options.entry_spacing}"
        body = "\n".join(rf"{{\pard {indent}{after} {entry}\par}}" for entry in entries)
        return "{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Times New Roman;}{\\f1 Courier New;}}\n" + body + "\n}\n"
