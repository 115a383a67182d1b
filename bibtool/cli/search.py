"""``bibtool search``, apart from the other commands on the library: to make those takes longer than to search."""

from __future__ import annotations

import click

from bibtool.cli.common import App, NumberWithin, common_options, json_option, library_option
from bibtool.cli.tables import show_records, show_rows

EPILOG = """\b
Examples:
  bibtool search galerkin
  bibtool search bruna '"active learning"'
  bibtool search galerkin --json
"""


@click.command("search", epilog=EPILOG)
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option("--limit", type=NumberWithin(1), default=50, show_default=True, help="Show at most this many.")
@json_option
@library_option
@common_options
@click.pass_obj
def command(app: App, words: tuple[str, ...], limit: int, as_json: bool) -> int:
    """Search the library for records that have all WORDS: in titles, names, abstracts, venues, ids and keys.

    Case and accents do not matter, the last word may be the beginning of one, "words in quotes" are a phrase.
    """
    text, nothing = " ".join(words), "nothing found"
    if not as_json:
        with app.open_library() as library:
            rows = list(library.listed(text, limit=limit))
        return show_rows(rows, app=app, nothing=nothing)
    with app.open_library() as library:
        records = list(library.search(text, limit=limit))
    return show_records(records, as_json=as_json, app=app, nothing=nothing)
