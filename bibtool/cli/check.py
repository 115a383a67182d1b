"""The parameters of ``bibtool check``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bibtool.cli.check_run import run
from bibtool.cli.common import App, common_options

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMATS = ("text", "concise", "json", "github", "sarif")

EPILOG = """\b
Examples:
  bibtool check                                        the .bib files of the project
  bibtool check papers/                                all .bib files in a folder
  bibtool check --fix refs.bib                         fix what is safe to fix
  bibtool check --diff refs.bib                        show what --fix would do
  bibtool check --add-ignores refs.bib                 from now on only report new findings
  bibtool check --select ALL --ignore TXT,KEY006 *.bib
  bibtool check --statistics refs.bib
  bibtool check --output-format github refs.bib        annotations on GitHub
  bibtool check --explain IDS001
  bibtool check - < refs.bib

\b
A comment before an entry switches rules off for it:
  % bibtool: ignore=IDS001
"""


def _codes(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(code.strip() for value in values for code in value.split(",") if code.strip())


@click.command(epilog=EPILOG)
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER]...")
@click.option(
    "--select", multiple=True, metavar="CODES", callback=_codes, help="Only these rules, e.g. IDS,KEY001, or ALL."
)
@click.option("--extend-select", multiple=True, metavar="CODES", callback=_codes, help="These rules too.")
@click.option("--ignore", multiple=True, metavar="CODES", callback=_codes, help="Not these rules.")
@click.option(
    "--dialect",
    type=click.Choice(["auto", "bibtex", "biblatex"]),
    default=None,
    help="Whose entry types and fields count (default: the project's, or what each file uses).",
)
@click.option("--fix", "fixing", is_flag=True, help="Fix what is safe to fix, in place.")
@click.option("--add-ignores", "ignoring", is_flag=True, help="Add comments that ignore everything that is found now.")
@click.option("--diff", is_flag=True, help="Change nothing; show what --fix or --add-ignores would change.")
@click.option("--output-format", type=click.Choice(FORMATS), default="text", show_default=True, help="How to report.")
@click.option("--json", "as_json", is_flag=True, help="The same as --output-format json.")
@click.option("--statistics", is_flag=True, help="Only count the findings of each rule.")
@click.option("--exit-zero", is_flag=True, help="Exit code 0 even if there are problems.")
@click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit code 1 if something was fixed, for hooks.")
@click.option("--explain", "explained", metavar="CODE", help="Explain a rule.")
@click.option("--list-rules", is_flag=True, help="List all rules.")
@common_options
@click.pass_obj
def command(app: App, /, **options: Any) -> int:
    """Check BibTeX files together and report path:line:column: CODE message.

    A FOLDER is searched for .bib files; "-" is standard input. Without arguments the files of the project are checked:
    the output and the .bib sources of bibtool.toml, or without those the .bib files in this folder.

    Exit code 1 if problems remain that are more than notes. `[check]` in bibtool.toml sets select, ignore, dialect
    and per-file-ignores.
    """
    return run(app, **options)
