"""``bibtool open``: the web page of a record in the browser."""

from __future__ import annotations

import click

from bibtool.cli.common import App, common_options, library_option
from bibtool.cli.library import printable
from bibtool.problems import Problem

EPILOG = """\b
Examples:
  bibtool open bruna2022neural
  bibtool open bruna2022neural --print      only print the address
"""


@click.command("open", epilog=EPILOG)
@click.argument("keys", nargs=-1, required=True, metavar="KEY...")
@click.option("--print", "only_print", is_flag=True, help="Print the addresses, and start no browser.")
@library_option
@common_options
@click.pass_obj
def command(app: App, keys: tuple[str, ...], only_print: bool) -> int:
    """Open the web pages of records: by DOI, on arXiv, or at the address that the record has.

    The addresses are printed too. Exit code 1 if a record has no page.
    """
    from bibtool.model.describe import page_of

    with app.open_library() as library:
        pages = {key: page_of(library.get(key)) for key in keys}
    missing: list[Problem] = []
    for key, page in pages.items():
        if not page:
            message = printable(f"{key}: no DOI, arXiv id or address is known")
            missing.append(Problem(code="no-page", message=message, hint=f"`bibtool enrich {key}` looks for one"))
            continue
        click.echo(printable(page))
        if not only_print:
            import webbrowser

            if not webbrowser.open(page):
                app.say("no browser could be started; open the address yourself")
    return app.report(missing)
