"""The parameters of ``bibtool search``."""

from __future__ import annotations

import click

from bibtool.cli.common import App, NumberWithin, common_options, json_option, library_option
from bibtool.cli.search_run import LIMIT, run

EPILOG = """\b
Examples:
  bibtool search galerkin
  bibtool search bruna '"active learning"'
  bibtool search galerkin --json
"""


@click.command("search", epilog=EPILOG)
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option("--limit", type=NumberWithin(1), default=LIMIT, show_default=True, help="Show at most this many.")
@json_option
@library_option
@common_options
@click.pass_obj
def command(app: App, words: tuple[str, ...], limit: int, as_json: bool) -> int:
    """Search the library for records that have all WORDS: in titles, names, abstracts, venues, ids and keys.

    Case and accents do not matter, the last word may be the beginning of one, "words in quotes" are a phrase.
    """
    return run(app, words=words, limit=limit, as_json=as_json)
