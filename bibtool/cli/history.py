"""``bibtool history``: who changed the library, when, and how."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from bibtool.cli.common import App, NumberWithin, common_options, json_option, library_option, print_json
from bibtool.cli.tables import printable

if TYPE_CHECKING:
    from bibtool.store.report import Change

EPILOG = """\b
Examples:
  bibtool history
  bibtool history --limit 5 --json
"""


@click.command("history", epilog=EPILOG)
@click.option("--limit", type=NumberWithin(1), default=20, show_default=True, help="Show at most this many.")
@json_option
@library_option
@common_options
@click.pass_obj
def command(app: App, limit: int, as_json: bool) -> int:
    """List the changes of the library, the newest first, with their time (UTC) and how many records they touched.

    A library on a server also says who made each change. Those that were undone are marked. The last 1000 changes are
    kept.
    """
    with app.open_library() as library:
        changes = library.history(limit)
    if as_json:
        print_json([asdict(change) for change in changes])
        return 0
    for change in changes:
        click.echo(line_of(change))
    if not changes:
        app.say("no changes yet")
    return 0


def line_of(change: Change) -> str:
    """A change in one line: ``7  2026-01-02T03:04:05Z  ann  edit smith2020  (1 changed)``."""
    parts = [str(change.number), change.when, change.who, change.what, f"({sizes_of(change)})"]
    text = "  ".join(printable(part) for part in parts if part)
    return f"{text}  undone" if change.undone else text


def sizes_of(change: Change) -> str:
    """``2 added, 1 changed``: how many records a change touched."""
    counts = ((change.added, "added"), (change.changed, "changed"), (change.removed, "removed"))
    return ", ".join(f"{number} {word}" for number, word in counts if number)
