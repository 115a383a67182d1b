"""``bibtool list``, ``show``, ``search``, ``edit``, ``remove`` and ``undo``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bibtool.cli.common import App, common_options, json_option, library_option, print_json, use_colour
from bibtool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bibtool.model.record import Record
    from bibtool.store.base import Library
    from bibtool.store.report import Change

EMPTY = "the library is empty; `bibtool import FILE` fills it"


def show_records(records: Sequence[Record], *, as_json: bool, app: App, nothing: str) -> int:
    """Records as a table for people (one line each where the output is a pipe) or as JSON."""
    from bibtool.model.codec import encode

    if as_json:
        print_json([encode(record) for record in records])
        return 0
    if not records:
        app.say(nothing)
        return 0
    rows = [
        (record.key, str(record.year or ""), _people(record), record.title or "(no title)", _where(record))
        for record in records
    ]
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(" ".join(cell.split()) for cell in row))
        return 0
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as RichText

    table = Table(box=None, pad_edge=False, header_style="bold", expand=False)
    for head, options in (
        ("key", {"style": "cyan", "no_wrap": True}),
        ("year", {"justify": "right"}),
        ("authors", {"max_width": 28}),
        ("title", {}),
        ("arXiv / DOI", {"no_wrap": True}),
    ):
        table.add_column(head, **options)
    for row in rows:
        table.add_row(*(RichText(printable(cell)) for cell in row))
    Console(no_color=not use_colour(sys.stdout), highlight=False).print(table)
    app.say(f"{len(records)} record{'s' if len(records) != 1 else ''}")
    return 0


def printable(text: str) -> str:
    """The text without characters that steer a terminal; records come from strangers."""
    return "".join(
        char if char.isprintable() else " " if char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in text
    )


def _people(record: Record) -> str:
    names = record.names("author") or record.names("editor")
    families = [name.literal or name.family for name in names]
    more = names.truncated or len(families) > 3
    return ", ".join(families[:3]) + (" et al." if more else "")


def _where(record: Record) -> str:
    if record.arxiv and record.arxiv.id:
        return str(record.arxiv.id.number)
    return record.text("DOI")


LIST_EPILOG = """\b
Examples:
  bibtool list --sort -year,author
  bibtool list --where 'year>=2021 and type==preprint'
  bibtool list --where 'not arxiv' --json
"""


@click.command("list", epilog=LIST_EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--where", metavar="CONDITION", help="Only records that fit, e.g. 'year>=2021 and author~bruna'.")
@click.option("--sort", metavar="FIELDS", help="Order, e.g. -year,author,title.")
@json_option
@library_option
@common_options
@click.pass_obj
def list_command(app: App, keys: tuple[str, ...], where: str | None, sort: str | None, as_json: bool) -> int:
    """List the records of the library, or those with the given keys.

    In a pipe: key, year, authors, title and identifier, separated by tabs.
    """
    records = select(app, keys, where, sort)
    nothing = "the library has no such record" if where or keys else EMPTY
    return show_records(records, as_json=as_json, app=app, nothing=nothing)


def select(app: App, keys: Sequence[str], where: str | None, sort: str | None) -> list[Record]:
    """Records of the library by keys, condition and order."""
    from bibtool.model.query import parse_where, sort_records

    test = parse_where(where) if where else None
    with app.open_library() as library:
        records = list(library.records(keys or None))
    if test is not None:
        records = [record for record in records if test(record)]
    return sort_records(records, sort) if sort else records


SEARCH_EPILOG = """\b
Examples:
  bibtool search galerkin
  bibtool search bruna '"active learning"'
  bibtool search galerkin --json
"""


@click.command("search", epilog=SEARCH_EPILOG)
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Show at most so many.")
@json_option
@library_option
@common_options
@click.pass_obj
def search_command(app: App, words: tuple[str, ...], limit: int, as_json: bool) -> int:
    """Search the library for records that have all WORDS: in titles, names, abstracts, venues, ids and keys.

    Case and accents do not matter, the last word may be the beginning of one, "words in quotes" stand together.
    """
    with app.open_library() as library:
        records = list(library.search(" ".join(words), limit=limit))
    return show_records(records, as_json=as_json, app=app, nothing="nothing found")


SHOW_EPILOG = """\b
Examples:
  bibtool show bruna2022neural
  bibtool show bruna2022neural otness2023data --json
"""


@click.command("show", epilog=SHOW_EPILOG)
@click.argument("keys", nargs=-1, required=True, metavar="KEY...")
@json_option
@library_option
@common_options
@click.pass_obj
def show_command(app: App, keys: tuple[str, ...], as_json: bool) -> int:
    """Show everything known of records: each value, where it came from, and when."""
    from bibtool.model.codec import encode

    with app.open_library() as library:
        records = [library.get(key) for key in keys]
    if as_json:
        print_json([encode(record) for record in records])
        return 0
    for index, record in enumerate(records):
        if index:
            click.echo()
        for line in describe(record):
            click.echo(line)
    return 0


def describe(record: Record) -> list[str]:
    """A record in lines of "name  value  (source)"."""
    from bibtool.model.describe import rows_of

    rows = rows_of(record)
    width = max(len(row.name) for row in rows)
    return [
        f"{row.name:<{width}}  {printable(row.value)}" + (f"  ({row.origin})" if row.origin else "") for row in rows
    ]


def difference(before: Record, after: Record) -> list[str]:
    """Lines that go ("-") and come ("+")."""
    old, new = describe(before), describe(after)
    return [*(f"- {line}" for line in old if line not in new), *(f"+ {line}" for line in new if line not in old)]


def put_changed(
    library: Library, verb: str, changes: Sequence[tuple[Record, Record, Callable[[Record], Record]]]
) -> None:
    """Write records in one change, each given as it was, as it is to be, and how that is made.

    One that somebody else has changed meanwhile is made anew.
    """
    if not changes:
        return
    with library.change(f"{verb} {len(changes)} record{'s' * (len(changes) > 1)}") as change:
        keys = frozenset(library.keys())
        for before, after, make in changes:
            if before.key in keys:  # else an alias has another record now
                now = library.get(before.key)
                change.put(after if now == before else make(now))


EDIT_EPILOG = """\b
Examples:
  bibtool edit bruna2022neural title='Neural Galerkin Schemes' issued=2024-01
  bibtool edit bruna2022neural author='Bruna, Joan; Peherstorfer, Benjamin'
  bibtool edit bruna2022neural key=bruna2024galerkin arxiv=2203.01360
  bibtool edit bruna2022neural note=          an empty value removes the field
  bibtool edit bruna2022neural 'author+an=1=equal; 2=equal, corresponding; =alphabetical'
  bibtool edit bruna2022neural 'author+an:orcid=1="0000-0002-1825-0097"'
"""


@click.command("edit", epilog=EDIT_EPILOG)
@click.argument("key")
@click.argument("changes", nargs=-1, required=True, metavar="FIELD=VALUE...")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be done, change nothing.")
@json_option
@library_option
@common_options
@click.pass_obj
def edit_command(app: App, key: str, changes: tuple[str, ...], dry_run: bool, as_json: bool) -> int:
    """Set fields of the record KEY; your values win over every other source from then on.

    FIELD is a CSL variable, `key`, `type` or `arxiv`. Names are separated by "; ", dates are written 2022-03-02,
    2022-03 or 2022. Marks of names (for `bibtool cv`) and ORCID iDs are set by their number, as biblatex's data
    annotations: author+an and author+an:orcid.
    """
    from bibtool.model.codec import encode
    from bibtool.model.edit import apply_changes

    pairs = []
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals or not name:
            raise UsageError(f"{change!r} is no FIELD=VALUE", hint="e.g. `bibtool edit KEY title='A new title'`")
        pairs.append((name.strip(), value.strip()))
    with app.open_library() as library:
        old = library.get(key)
        new = apply_changes(old, pairs, when=app.now())
        if not dry_run and new != old:
            with library.change(f"edit {old.key}") as change_set:
                if new.key != old.key:
                    change_set.rename(old.key, new.key)
                change_set.put(new)
    if as_json:
        print_json(encode(new))
    elif new == old:
        app.say(f"{old.key}: nothing to change")
    else:
        for line in difference(old, new):
            click.echo(line)
    return 0


REMOVE_EPILOG = """\b
Examples:
  bibtool remove bruna2022neural
  bibtool remove --dry-run bruna2022neural otness2023data
"""


@click.command("remove", epilog=REMOVE_EPILOG)
@click.argument("keys", nargs=-1, required=True, metavar="KEY...")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be done, change nothing.")
@json_option
@library_option
@common_options
@click.pass_obj
def remove_command(app: App, keys: tuple[str, ...], dry_run: bool, as_json: bool) -> int:
    """Remove the records with these KEYs from the library; `bibtool undo` brings them back."""
    with app.open_library() as library:
        removed = [library.get(key).key for key in keys]
        if not dry_run:
            with library.change("remove " + " ".join(removed)) as change:
                for key in dict.fromkeys(removed):
                    change.remove(key)
    if as_json:
        print_json({"dry_run": dry_run, "removed": removed})
    else:
        app.say(f"{'would remove' if dry_run else 'removed'} " + ", ".join(removed))
        if not dry_run:
            app.say("`bibtool undo` brings them back")
    return 0


UNDO_EPILOG = """\b
Examples:
  bibtool undo
  bibtool undo && bibtool undo          the last two changes
"""


@click.command("undo", epilog=UNDO_EPILOG)
@json_option
@library_option
@common_options
@click.pass_obj
def undo_command(app: App, as_json: bool) -> int:
    """Undo the last change of the library: an import, edit, removal or enrichment as a whole.

    Repeat it to go further back; `bibtool redo` reverses it.
    """
    with app.open_library() as library:
        change = library.undo()
    return _tell(app, change, "undid", "nothing to undo", as_json=as_json)


REDO_EPILOG = """\b
Examples:
  bibtool undo && bibtool redo
"""


@click.command("redo", epilog=REDO_EPILOG)
@json_option
@library_option
@common_options
@click.pass_obj
def redo_command(app: App, as_json: bool) -> int:
    """Redo the change that `bibtool undo` undid."""
    with app.open_library() as library:
        change = library.redo()
    return _tell(app, change, "redid", "nothing to redo", as_json=as_json)


def _tell(app: App, change: Change | None, verb: str, nothing: str, *, as_json: bool) -> int:
    if as_json:
        from dataclasses import asdict

        print_json(None if change is None else asdict(change))
    elif change is None:
        app.say(nothing)
    else:
        counts = ((change.added, "added"), (change.changed, "changed"), (change.removed, "removed"))
        told = ", ".join(f"{number} {word}" for number, word in counts if number)
        app.say(f"{verb}: {change.what} ({told}; {change.when})")
    return 0
