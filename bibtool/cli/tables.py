"""Records on a terminal or in a pipe: as a list, and one by one."""

from __future__ import annotations

import sys
from itertools import islice

from bibtool.cli.app import count, use_colour
from bibtool.cli.streams import put
from bibtool.store.lines import NO_TITLE, listed

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bibtool.cli.app import App
    from bibtool.model.record import Record
    from bibtool.store.base import Listed

_WIDE = 120  # columns of a terminal from which authors and identifiers have more room
_MIN_TITLE = 30  # characters; a terminal with no room for as many shows a record in two lines
MAX_WIDTH = 100  # of running text
_AT_ONCE = 100  # lines written by one call


def printable(text: str) -> str:
    """The text without characters that control a terminal; records come from strangers."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else " " if char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in text
    )


def tabbed(row: Listed) -> str:
    """The cells of a line with tabs between them, each printable and with single spaces."""
    line = "\t".join(row)
    framed = f"\t{line}\t"
    # most lines are so already; to look takes a fourth of the time that making each cell so takes
    if "".join(row).isprintable() and "  " not in framed and "\t " not in framed and " \t" not in framed:
        return line
    return "\t".join(printable(" ".join(cell.split())) for cell in row)


def show_records(records: Iterable[Record], *, as_json: bool, app: App, nothing: str) -> int:
    """Records for people (one line each where the output is a pipe) or as JSON, which holds some of them at a time."""
    if as_json:
        from bibtool.cli.indented import print_json_list
        from bibtool.model.codec import encode

        print_json_list(map(encode, records))
        return 0
    return show_rows(map(listed, records), app=app, nothing=nothing)


def show_rows(shown: Iterable[Listed], *, app: App, nothing: str) -> int:
    """Lines of a list for people, as `show_records` shows records."""
    if not sys.stdout.isatty():
        empty = True
        rest = iter(shown)
        while page := list(islice(rest, _AT_ONCE)):
            put("\n".join(map(tabbed, page)))
            empty = False
        if empty:
            app.say(nothing)
        return 0
    rows = list(shown)
    if not rows:
        app.say(nothing)
        return 0
    import shutil

    import click

    width = shutil.get_terminal_size().columns
    if width < _needed(rows, width):
        for row in rows:
            for line in two_lines(row, width, colour=use_colour(sys.stdout)):
                click.echo(line)
    else:
        _table(rows, width)
    app.say(count(len(rows), "record"))
    return 0


def _room(width: int) -> tuple[int, int]:
    """The most characters of authors and of an identifier in a line of the table."""
    return (28, 30) if width >= _WIDE else (20, 16)


def _needed(rows: Sequence[Listed], width: int) -> int:
    """The columns that the table takes where each title has the least room."""
    authors, identifier = _room(width)
    most = (None, None, authors, _MIN_TITLE, identifier)
    widths = [max(len(row[at]) for row in rows) for at in range(len(most))]
    used = [min(long, limit or long) for long, limit in zip(widths, most, strict=True) if long]
    return sum(used) + 2 * (len(used) - 1)


def two_lines(row: Listed, width: int, *, colour: bool) -> Iterator[str]:
    """Key, year and authors, and below them the title; each cut at the edge, the key never."""
    import click

    key, year, people, title, _ = (printable(cell) for cell in row)
    rest = "  ".join(part for part in (year, people) if part)
    room = width - len(key) - 2
    shown = click.style(key, fg="cyan") if colour else key
    yield f"{shown}  {_cut(rest, room)}".rstrip() if room > 4 else shown
    yield "  " + _cut(title, width - 2)


def _cut(text: str, width: int) -> str:
    if len(text) <= width:
        return text
    return text[: max(0, width - 1)].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def _table(rows: Sequence[Listed], width: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as RichText

    authors, identifier = _room(width)
    longest = max(len(row[4]) for row in rows)
    table = Table(box=None, pad_edge=False, header_style="bold", expand=False)
    columns = (
        ("key", {"style": "cyan", "no_wrap": True}),
        ("year", {"justify": "right", "no_wrap": True}),
        ("authors", {"max_width": authors}),
        ("title", {"min_width": min(_MIN_TITLE, max(len(row[3]) for row in rows))}),
        ("arXiv / DOI", {"min_width": min(identifier, longest), "max_width": identifier, "overflow": "fold"}),
    )
    used = [at for at in range(len(columns)) if any(row[at] for row in rows)]
    for at in used:
        head, options = columns[at]
        table.add_column(head, **options)
    for row in rows:
        table.add_row(*(RichText(printable(row[at])) for at in used))
    Console(no_color=not use_colour(sys.stdout), highlight=False).print(table)


def record_lines(record: Record, *, width: int | None, colour: bool) -> Iterator[str]:
    """A record as a person reads it: title, key and type, then one value after the other with a hanging indent.

    ``width`` None folds nothing, for pipes. Words are never broken.
    """
    import click

    from bibtool.model.describe import facts_of, type_word

    def style(text: str, **how: bool | str) -> str:
        return click.style(text, **how) if colour else text  # type: ignore[arg-type]  # the values are click's

    for line in _folded(printable(record.title or NO_TITLE), width, 0):
        yield style(line, bold=True)
    yield f"{style(record.key, fg='cyan')} ({type_word(record.type)})"
    rows = facts_of(record)
    indent = max((len(label) for label, _ in rows), default=0) + 2
    for label, value in rows:
        lines = _folded(printable(value), width, indent)
        yield style(f"{label:<{indent}}", dim=True) + lines[0]
        yield from (" " * indent + line for line in lines[1:])


def _folded(text: str, width: int | None, indent: int) -> list[str]:
    text = " ".join(text.split())
    if width is None:
        return [text]
    from textwrap import wrap  # nothing is folded in a pipe

    room = max(min(width, MAX_WIDTH) - indent, 20)
    return wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
