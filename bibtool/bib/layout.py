"""How fields and entries of a document are laid out, so that additions look like their surroundings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.bib.scan import RawField, Scan

_BLANK = lazy_pattern(r"\s*+")


@dataclass(frozen=True, slots=True)
class FieldStyle:
    """The layout of the fields of one entry.

    ``lead`` comes before a name (after the comma), ``gap`` between a value and its comma, ``equals_column`` is the
    width to which names are padded before the ``=`` (0 for none), ``before`` and ``after`` come around the ``=``,
    ``opening`` is ``{`` or ``"``, ``trailing`` says whether the last field has a comma.
    """

    lead: str = "\n  "
    gap: str = ""
    equals_column: int = 0
    before: str = " "
    after: str = " "
    opening: str = "{"
    trailing: bool = False

    def head(self, name: str) -> str:
        """The text from the name to the beginning of the value."""
        if self.equals_column > len(name):
            return name.ljust(self.equals_column) + "=" + self.after
        return name + self.before + "=" + self.after


def style_of(text: str, scan: Scan, fallback: FieldStyle) -> FieldStyle:
    """The layout of the fields of the entry ``scan`` in ``text``; ``fallback`` for an entry without fields."""
    fields = [field for field in scan.fields if field.equals >= 0 and field.value_end > field.value]
    if not fields:
        return fallback
    last = fields[-1]
    widths = [_equals(text, field) for field in fields]
    column = _shared_column(widths, [field.name_end - field.name for field in fields])
    equals = last.name + widths[-1]
    openings = [text[field.value] for field in fields if text[field.value] in '{"']
    opening = openings[-1] if openings else fallback.opening
    before = text[last.name_end : equals]
    return FieldStyle(
        lead=_lead(text, last.name),
        gap=_gap(text, fields),
        equals_column=column,
        before=" " if column else before,
        after=text[equals + 1 : last.value],
        opening=opening,
        trailing=scan.fields[-1].comma >= 0,
    )


def _shared_column(widths: Sequence[int], lengths: Sequence[int]) -> int:
    """The column of ``=`` in all fields but those whose names reach it; 0 if there is none."""
    column = min(widths)
    pairs = list(zip(widths, lengths, strict=True))
    aligned = {length for width, length in pairs if width == column}
    return column if len(aligned) > 1 and all(width in (column, length + 1) for width, length in pairs) else 0


def _equals(text: str, field: RawField) -> int:
    """The column of the ``=`` counted from the name; `scan` gives only where white space begins."""
    return text.index("=", field.name_end, field.value) - field.name


def _lead(text: str, name: int) -> str:
    begin = name
    while begin and text[begin - 1].isspace():
        begin -= 1
    return text[begin:name]


def _gap(text: str, fields: list[RawField]) -> str:
    """The white space between a value and its comma, which is where line ends are if commas lead."""
    for field in reversed(fields):
        if field.comma >= 0:
            between = text[field.value_end : field.comma]
            return between if not between.strip() else ""
    return ""
