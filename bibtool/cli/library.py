"""``bibtool list``, ``show``, ``edit``, ``remove``, ``undo`` and ``redo``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bibtool.cli.common import App, common_options, json_option, library_option, print_json, use_colour
from bibtool.cli.tables import printable, record_lines, show_records, show_rows
from bibtool.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bibtool.model.record import Record
    from bibtool.store.base import Library
    from bibtool.store.report import Change

__all__ = ["EMPTY", "describe", "difference", "printable", "put_changed", "select", "selected", "show_records"]

EMPTY = "the library is empty; `bibtool import FILE` fills it"


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
@click.option("--locale", metavar="LANG", help="Language of the order, e.g. sv-SE.")
@json_option
@library_option
@common_options
@click.pass_obj
def list_command(
    app: App, keys: tuple[str, ...], where: str | None, sort: str | None, locale: str | None, as_json: bool
) -> int:
    """List the records of the library, or those with the given KEYs.

    In a pipe: key, year, authors, title and identifier, separated by tabs. The conditions of --where are described in
    docs/reference/conditions.md.
    """
    if locale is not None:
        from bibtool.project.formatted import checked_locale

        checked_locale(locale)
    if not (keys or where or sort):
        with app.open_library() as library:
            if not as_json:
                return show_rows(library.listed(), app=app, nothing=EMPTY)
            from bibtool.cli.indented import print_json_list

            print_json_list(library.encoded())
        return 0
    records = selected(app, keys, where, sort, locale or "")
    return show_records(records, as_json=as_json, app=app, nothing="no matching records" if where or keys else EMPTY)


def select(app: App, keys: Sequence[str], where: str | None, sort: str | None, language: str = "") -> list[Record]:
    """The records of `selected`, all at once."""
    return list(selected(app, keys, where, sort, language))


def selected(
    app: App, keys: Sequence[str], where: str | None, sort: str | None, language: str = ""
) -> Iterator[Record]:
    """Records of the library by keys, condition and order, with text in the order of the language.

    Only an order that was asked for needs all of them in memory. Where the condition fits none, it says which one would
    that asks for parts of names and texts.
    """
    from bibtool.model.query import parse_where, softened, sort_records

    test = parse_where(where) if where else None
    with app.open_library() as library:
        try:
            records = library.records(keys or None)
        except UnknownNameError as error:
            words = " ".join(error.name.split())
            error.hint = f"`bibtool list` shows the keys; `bibtool search {words}` searches titles, names and abstracts"
            raise
        fitting = (record for record in records if test(record)) if test is not None else records
        found = False
        for record in sort_records(list(fitting), sort, language) if sort else fitting:
            found = True
            yield record
        if where and not found and (other := softened(where)):
            looser = parse_where(other)
            if number := sum(map(looser, library.records(keys or None))):
                app.say(f"`=` asks for the whole value, `~` for a part of it: --where '{other}' has {number}")


SHOW_EPILOG = """\b
Examples:
  bibtool show bruna2022neural
  bibtool show bruna2022neural otness2023data --json
"""


@click.command("show", epilog=SHOW_EPILOG)
@click.argument("keys", nargs=-1, required=True, metavar="KEY...")
@click.option("-v", "--verbose", is_flag=True, help="Show every value by its CSL name, where it came from and when.")
@json_option
@library_option
@common_options
@click.pass_obj
def show_command(app: App, keys: tuple[str, ...], verbose: bool, as_json: bool) -> int:
    """Show records: title, authors, venue, identifiers and everything else that is known.

    With --verbose each value has its source and date.
    """
    with app.open_library() as library:
        records = [library.get(key) for key in keys]
    if as_json:
        from bibtool.model.codec import encode

        print_json([encode(record) for record in records])
        return 0
    width = None
    if sys.stdout.isatty():
        import shutil  # takes longer to load than a record to print

        width = shutil.get_terminal_size().columns
    for index, record in enumerate(records):
        if index:
            click.echo()
        lines: Iterable[str] = (
            describe(record, width) if verbose else record_lines(record, width=width, colour=use_colour(sys.stdout))
        )
        for line in lines:
            click.echo(line)
    return 0


def describe(record: Record, width: int | None = None) -> list[str]:
    """A record in lines of "name  value  (source)", folded to ``width`` with a hanging indent; None folds nothing."""
    from textwrap import wrap

    from bibtool.model.describe import rows_of

    rows = rows_of(record)
    indent = max(len(row.name) for row in rows) + 2
    lines: list[str] = []
    for row in rows:
        line = f"{row.name:<{indent}}{printable(row.value)}" + (f"  ({row.origin})" if row.origin else "")
        if width is None or len(line) <= width:
            lines.append(line)
            continue
        hanging = " " * indent
        room = max(width, indent + 20)
        lines += wrap(line, room, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)
    return lines


def difference(before: Record, after: Record) -> list[str]:
    """Lines that go ("-") and come ("+")."""
    old, new = describe(before), describe(after)
    return [*(f"- {line}" for line in old if line not in new), *(f"+ {line}" for line in new if line not in old)]


def put_changed(
    library: Library, verb: str, changes: Sequence[tuple[Record, Record, Callable[[Record], Record]]]
) -> None:
    """Write records in one change, each given as it was, as it is to be, and how that is made.

    One that somebody else has changed meanwhile is made again.
    """
    if not changes:
        return
    with library.change(f"{verb} {len(changes)} record{'s' * (len(changes) > 1)}") as change:
        keys = frozenset(library.keys())
        for before, after, make in changes:
            if before.key in keys:  # otherwise it is now an alias of another record
                now = library.get(before.key)
                change.put(after if now == before else make(now))


EDIT_EPILOG = """\b
Examples:
  bibtool edit bruna2022neural title='Neural Galerkin Schemes' year=2024 month=1
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

    FIELD is a CSL variable or what BibTeX calls it (journal, year, pages, doi ...), `key`, `type` or `arxiv`. Names are
    separated by "; " or " and ", dates are written 2022-03-02, 2022-03 or 2022. Marks of names (for `bibtool cv`) and
    ORCID iDs are set by the number of the name, as in biblatex's data annotations: author+an and author+an:orcid.
    """
    from bibtool.model.codec import encode
    from bibtool.model.edit import apply_changes

    pairs = []
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals or not name:
            raise UsageError(f"{change!r} is not FIELD=VALUE", hint="e.g. `bibtool edit KEY title='A new title'`")
        pairs.append((name.strip(), value.strip()))
    with app.open_library() as library:
        old = library.get(key)
        new = apply_changes(old, pairs, when=app.now())
        if not dry_run and new != old:
            with library.change(f"edit {old.key}") as change_set:
                change_set.replace(old, new)
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
        removed = list(dict.fromkeys(library.get(key).key for key in keys))
        if not dry_run:
            with library.change("remove " + " ".join(removed)) as change:
                for key in removed:
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

    Repeated, it goes further back; `bibtool redo` redoes what was undone. In a library of several people, it undoes
    your own last change, unless somebody else has changed the same records since: then it says who.
    """
    with app.open_library() as library:
        change = library.undo()
    return _tell(app, change, "Undid", "nothing to undo", as_json=as_json)


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
    """Redo what `bibtool undo` undid."""
    with app.open_library() as library:
        change = library.redo()
    return _tell(app, change, "Redid", "nothing to redo", as_json=as_json)


def _tell(app: App, change: Change | None, verb: str, nothing: str, *, as_json: bool) -> int:
    if as_json:
        from dataclasses import asdict

        print_json(None if change is None else asdict(change))
    elif change is None:
        app.say(nothing)
    else:
        from bibtool.cli.history import sizes_of

        app.say(f"{verb}: {change.what} ({sizes_of(change)}; {change.when})")
    return 0
