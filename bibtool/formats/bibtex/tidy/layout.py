"""How one entry is laid out; `bibtool fmt` and the writers of BibTeX and BibLaTeX share it, so that they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.bibtex.tidy.options import TidyOptions

# names that everybody knows in this spelling: arXiv's own export and REVTeX have it, BibTeX reads any
_CUSTOMARY = {"archiveprefix": "archivePrefix", "primaryclass": "primaryClass"}


def lower(word: str) -> str:
    """Lower case for ASCII words; another letter may be half of a character in an unknown encoding."""
    return word.lower() if word.isascii() else word


def field_name(spelling: str, options: TidyOptions) -> str:
    """The name of a field as it is written: in lower case, except for the two that arXiv writes in its own way."""
    if not options.lowercase:
        return spelling
    name = lower(spelling)
    return _CUSTOMARY.get(name, name)


def entry_text(
    type_: str,
    key: str,
    fields: Sequence[tuple[str, str]],
    options: TidyOptions,
    newline: str = "\n",
    *,
    brackets: str = "{}",
) -> str:
    """The entry without a line end after it; ``fields`` are pairs of name and value expression, delimiters included."""
    type_ = lower(type_) if options.lowercase else type_
    opening, closing = brackets[0], brackets[1]
    if not fields:
        return f"@{type_}{opening}{key}{',' if options.trailing_commas else ''}{newline}{closing}"
    indent = "\t" if options.tab else " " * options.indent
    named = [
        (
            _CUSTOMARY.get(spelling, spelling)
            if spelling.islower() and options.lowercase
            else field_name(spelling, options),
            value,
        )
        for spelling, value in fields
    ]
    width = _width([name for name, _ in named], options)
    lines = []
    for index, (name, value) in enumerate(named):
        comma = "," if options.trailing_commas or index < len(named) - 1 else ""
        lines.append(_line(f"{indent}{name:<{width}} = ", value, comma, options, newline))
    return f"@{type_}{opening}{key},{newline}{newline.join(lines)}{newline}{closing}"


def _width(names: Sequence[str], options: TidyOptions) -> int:
    """How far the names of one entry are filled up with spaces; 0 for values that are not aligned.

    The column is the same in all entries of a file, so that a new field changes no other line, and grows only in an
    entry with a longer name, up to twice the column: one name of sixty letters must not push everything aside.
    """
    if not options.align:
        return 0
    bound = 2 * options.align
    longest = max(map(len, names))
    if longest < bound:
        return max(options.align - 1, longest)
    return max(options.align - 1, *(length if (length := len(name)) < bound else 0 for name in names))


def _line(head: str, value: str, comma: str, options: TidyOptions, newline: str) -> str:
    if options.wrap and len(head) + len(value) + len(comma) > options.wrap:
        hanging = " " * len(head.expandtabs(8)) if not options.tab else "\t\t"
        value = wrapped(value, len(head), hanging, options.wrap - len(comma), newline)
    return f"{head}{value}{comma}"


def wrapped(value: str, start: int, hanging: str, width: int, newline: str) -> str:
    """The value broken at spaces so that lines end before ``width``; lines after the first begin with ``hanging``."""
    lines: list[str] = []
    for paragraph in value.split(newline + newline):
        current = ""
        room = width - (start if not lines else len(hanging))
        for word in paragraph.split(" "):
            if current and len(current) + 1 + len(word) > room:
                lines.append(current)
                current, room = word, width - len(hanging)
            else:
                current = f"{current} {word}" if current else word
        lines += [current, ""]
    return (newline + hanging).join(lines[:-1]).replace(newline + hanging + newline, newline + newline)
