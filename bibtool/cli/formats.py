"""``bibtool formats``."""

from __future__ import annotations

import click

from bibtool.cli.common import common_options, json_option, print_json, shown_name
from bibtool.cli.formatted import LIST_SUFFIXES, LISTS

EPILOG = """\b
Examples:
  bibtool formats
  bibtool formats --json
"""


@click.command(epilog=EPILOG)
@json_option
@common_options
def command(as_json: bool) -> int:
    """List the formats that bibtool reads (r) and writes (w), and the formatted lists."""
    from bibtool.formats.registry import FORMATS

    rows = [(f.name, bool(f.reader), bool(f.writer), f.title, list(f.suffixes)) for f in FORMATS]
    rows += [(name, False, True, title, list(LIST_SUFFIXES.get(name, ()))) for name, title in LISTS.items()]
    if as_json:
        print_json(
            [
                {"name": name, "read": reads, "write": writes, "title": title, "suffixes": suffixes}
                for name, reads, writes, title, suffixes in rows
            ]
        )
        return 0
    width = max(len(row[0]) for row in rows)
    for name, reads, writes, title, suffixes in rows:
        marks = ("r" if reads else "-") + ("w" if writes else "-")
        tail = f"  ({', '.join(suffixes)})" if suffixes else ""
        click.echo(f"{shown_name(f'{name:<{width}}')}  {marks}  {title}{tail}")
    return 0
