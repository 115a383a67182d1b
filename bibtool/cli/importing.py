"""``bibtool import``: records of files into the library."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    from collections.abc import Iterator

    from bibtool.model.record import Record
    from bibtool.problems import Problem
    from bibtool.store.base import Library
    from bibtool.store.report import ImportReport


MAX_DOUBTFUL = 10  # pairs that are named one by one

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
    added again: importing a file twice changes nothing. Its key leads to that record afterwards. A record that may be
    the same work as another one is added, and both are named: `bibtool dedupe` decides. All files go in together or,
    if the import is interrupted, not at all.
    """
    from bibtool.formats.registry import read_bytes

    records: list[Record] = []
    problems: list[Problem] = []
    for path in files:
        result = read_bytes(load_input(path), source, app.read_options(path, as_of))
        records += result.records
        problems += result.problems
    code = app.report(problems)

    from bibtool.store.importing import import_records

    what = "import " + " ".join(Path(path).name if path != "-" else "standard input" for path in files)
    with _library(app, dry_run=dry_run) as library:
        report = import_records(library, records, key_maker=app.make_keys, what=what, dry_run=dry_run)
    if as_json:
        print_json({"dry_run": dry_run, **_as_dict(report), "problems": [p.to_dict() for p in problems]})
        return code
    for line in _details(report):
        app.say(line)
    verb = "would be " if dry_run else ""
    app.say(
        f"{len(report.added)} {verb}added, {len(report.merged)} {verb}completed, {len(report.unchanged)} unchanged"
        + (f", {len(problems)} problem{'s' if len(problems) != 1 else ''}" if problems else "")
    )
    if report.added and not dry_run:
        app.say("next: `bibtool enrich` confirms them on arXiv, `bibtool list` shows them")
    return code


@contextlib.contextmanager
def _library(app: App, *, dry_run: bool) -> Iterator[Library]:
    """The library; a trial run on one that is not there yet gets an empty one that is thrown away."""
    import tempfile

    from bibtool.store import open_library

    if dry_run and not app.library_exists():
        with tempfile.TemporaryDirectory() as folder, open_library(Path(folder) / "trial.sqlite") as library:
            yield library
        return
    with app.open_library(create=not dry_run) as library:
        yield library


def _as_dict(report: ImportReport) -> dict[str, Any]:
    return {
        "added": [item.key for item in report.added],
        "completed": [item.key for item in report.merged],
        "unchanged": [item.key for item in report.unchanged],
        "keys": {item.given_key: item.key for item in report.key_changes},
        "doubtful": [
            {"key": item.key, "other": alike, "reason": reason}
            for item in report.doubtful
            for alike, reason in item.alike
        ],
        "conflicts": [{"key": key, "field": c.field, "kept": c.kept, "other": c.other} for key, c in report.conflicts],
    }


def _details(report: ImportReport) -> Iterator[str]:
    """What a person has to know of single records: other keys, and values that differed."""
    for item in report.key_changes:
        yield f"{item.given_key}: is {item.key} in the library ({item.key_reason})"
    for key, conflict in report.conflicts:
        says = f"{conflict.other_source} says " if conflict.other_source else ""
        yield f"{key}: kept {conflict.field} {conflict.kept!r} ({says}{conflict.other!r})"
    doubtful = [(item.key, *pair) for item in report.doubtful for pair in item.alike]
    for key, alike, reason in doubtful[:MAX_DOUBTFUL]:
        yield f"{key}: may be the same work as {alike} ({reason}); `bibtool dedupe --accept {alike}={key}` merges them"
    if len(doubtful) > MAX_DOUBTFUL:
        yield f"{len(doubtful) - MAX_DOUBTFUL} more may be the same work as another record; `bibtool dedupe` shows them"
