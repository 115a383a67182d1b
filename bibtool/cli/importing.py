"""``bibtool import``: records of files into the library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bibtool.cli.common import (
    App,
    as_of_option,
    common_options,
    json_option,
    library_option,
    load_input,
    print_json,
)

if TYPE_CHECKING:
    import datetime as dt

    from bibtool.model.record import Record
    from bibtool.problems import Problem


EPILOG = """\b
Examples:
  bibtool import profile.txt                    a listing copied from a profile page
  bibtool import refs.bib more.json             several files, formats guessed
  pbpaste | bibtool import - --from listing     from the clipboard
"""


@click.command("import", epilog=EPILOG)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--from", "source", metavar="FORMAT", help="The format, if it is not to be guessed (`bibtool formats`).")
@as_of_option
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be done, change nothing.")
@json_option
@library_option
@common_options
@click.pass_obj
def command(
    app: App, files: tuple[str, ...], source: str | None, as_of: dt.date | None, dry_run: bool, as_json: bool
) -> int:
    """Put the records of FILES into the library ("-" is standard input).

    A record that is in the library already, by an identifier or by title, authors and year, is completed and not
    added again: importing a file twice changes nothing. All files go in together or, if the import is interrupted,
    not at all.
    """
    from bibtool.formats.registry import read_bytes

    records: list[Record] = []
    problems: list[Problem] = []
    for path in files:
        name = "<stdin>" if path == "-" else path
        result = read_bytes(load_input(path), source, app.read_options(name, as_of))
        records += result.records
        problems += result.problems
    code = app.report(problems)

    from bibtool.store.importing import import_records

    what = "import " + " ".join(Path(path).name if path != "-" else "standard input" for path in files)
    with app.open_library(create=not dry_run) as library:
        report = import_records(library, records, key_maker=app.make_keys, what=what, dry_run=dry_run)
    if as_json:
        print_json({"dry_run": dry_run, **report.to_dict(), "problems": [p.to_dict() for p in problems]})
        return code
    for line in report.details():
        app.say(line)
    verb = "would be " if dry_run else ""
    app.say(
        f"{len(report.added)} {verb}added, {len(report.merged)} {verb}completed, {len(report.unchanged)} unchanged"
        + (f", {len(problems)} problem{'s' if len(problems) != 1 else ''}" if problems else "")
    )
    if report.added and not dry_run:
        app.say("next: `bibtool enrich` confirms them on arXiv, `bibtool list` shows them")
    return code
