"""``bibtool help``."""

from __future__ import annotations

import click

EPILOG = """\b
Examples:
  bibtool help               the commands
  bibtool help import        the same as bibtool import --help
"""


@click.command("help", epilog=EPILOG)
@click.argument("name", required=False, metavar="[COMMAND]")
@click.pass_context
def command(ctx: click.Context, name: str | None) -> int:
    """Show the help of COMMAND, or the list of all commands."""
    from bibtool.cli.parser import cli, unknown_command

    root = ctx.find_root()
    if name is None:
        click.echo(cli.get_help(root))
        return 0
    named = cli.get_command(root, name)
    if named is None:
        raise unknown_command(name)
    with click.Context(named, parent=root, info_name=name) as inner:
        click.echo(named.get_help(inner))
    return 0
