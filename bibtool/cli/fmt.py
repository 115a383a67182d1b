"""The parameters of ``bibtool fmt``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bibtool.cli.common import App, NumberWithin, common_options, json_option
from bibtool.cli.fmt_run import run
from bibtool.formats.bibtex.tidy.options import option_table

if TYPE_CHECKING:
    from collections.abc import Callable

EPILOG = """\b
Examples:
  bibtool fmt refs.bib                              tidy the file in place
  bibtool fmt --check refs.bib                      exit code 1 if it is not tidy
  bibtool fmt --diff --curly --months refs.bib      show what would change
  bibtool fmt --sort key --sort-fields default refs.bib
  bibtool fmt - < refs.bib                          from standard input to standard output
"""


def _tidy_options(function: Callable[..., int]) -> Callable[..., int]:
    """One option of the command line for each row of the table."""
    for name, default, help_, takes_names in reversed(option_table()):
        flag = "--" + name.replace("_", "-")
        if isinstance(default, bool):
            declaration: Any = click.option(f"{flag}/--no-{flag[2:]}", name, default=None, help=help_)
        elif isinstance(default, int):
            declaration = click.option(flag, name, type=NumberWithin(0, 10_000), default=None, help=help_)
        else:
            metavar = "FIELDS" if takes_names else "TEMPLATE"
            declaration = click.option(flag, name, metavar=metavar, default=None, help=help_)
        function = declaration(function)
    return function


@click.command(epilog=EPILOG)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 if a file is not tidy.")
@click.option("--diff", is_flag=True, help="Change nothing; show what would change.")
@click.option("--fail-on-change", is_flag=True, help="Exit code 1 if a file was changed, for hooks.")
@_tidy_options
@json_option
@common_options
@click.pass_obj
def command(app: App, /, **options: Any) -> int:
    """Tidy BibTeX FILES in place ("-": from standard input to standard output).

    Without options only the layout changes: no value, order or key. Comments, @string, unknown fields and broken
    entries are kept. The result is read again before the file is replaced as a whole; if anything would be lost the
    file is left alone. `[fmt]` in bibtool.toml sets the same options.
    """
    return run(app, **options)
