"""``bibtool import``: records of files, and papers by their identifiers, into the library."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bibtool.cli.common import (
    App,
    as_of_option,
    common_options,
    count,
    holding_records,
    json_option,
    library_option,
    load_input,
    print_json,
    verbose_option,
)
from bibtool.cli.exits import DONE, FAILED, NOT_ASKED, worst
from bibtool.cli.library import printable
from bibtool.cli.readings import accepted_lines, divided, reading_as_json, say_readings, without_doubts
from bibtool.problems import Problem

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from bibtool.cli.typed import TypedIds
    from bibtool.formats.base import Reading
    from bibtool.model.record import Record
    from bibtool.store.base import Library
    from bibtool.store.report import ImportReport


MAX_DOUBTFUL = 10  # pairs that are named one by one

EPILOG = """\b
Examples:
  bibtool import profile.txt                    a listing copied from a profile page
  bibtool import refs.bib more.json             several files, formats guessed
  bibtool import 2203.01360                     a paper by its arXiv id, also as a URL
  bibtool import 10.1016/j.jcp.2023.112588      a DOI, PMID or ISBN
  pbpaste | bibtool import - --from listing     from the clipboard
  bibtool import references.txt --review        formatted references, the doubtful ones one by one
"""


@click.command("import", epilog=EPILOG)
@click.argument("inputs", nargs=-1, required=True, metavar="FILE|ID...")
@click.option("--from", "source", metavar="FORMAT", help="The format, if it is not to be guessed (`bibtool formats`).")
@as_of_option
@click.option("--offline", is_flag=True, help="Don't ask any service about IDs; `bibtool enrich` can do that later.")
@click.option("--accept", metavar="LINES", help="Import the doubtful references on these lines too (3,7-9 or all).")
@click.option("--review", is_flag=True, help="Go through the doubtful references, one key for each.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be done, change nothing.")
@verbose_option
@json_option
@library_option
@common_options
@click.pass_obj
@holding_records
def command(
    app: App,
    inputs: tuple[str, ...],
    source: str | None,
    as_of: dt.date | None,
    offline: bool,
    accept: str | None,
    review: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Add the records of FILEs ("-" is standard input), and papers by their IDs, to the library.

    An ID is an arXiv id, DOI, PMID or ISBN, also as a URL. The service that registered it is asked, so that the record
    is complete and gets a proper key: arXiv, Crossref, DataCite or doi.org, PubMed, Open Library. Ids within a file are
    not looked up: `bibtool enrich` does that.

    References that were formatted by a style (`--from references`) are read with a certainty. One whose authors, title
    or year are not clear is doubtful: it is shown with the reason and not imported, and the exit code is 1, unless its
    line is named by --accept or it is taken in --review.

    A record that is in the library already, by an identifier or by title, authors and year, is completed and not
    added again: importing a file twice changes nothing. Its key leads to that record afterwards. If it shows that two
    records of the library are one work, they are merged too, and both keys stay usable. A record that may be
    the same work as another one is added, and both are named: `bibtool dedupe` decides. Everything goes in together
    or, if the import is interrupted, nothing does.
    """
    from bibtool.cli.typed import TypedIds, look_up, typed_record
    from bibtool.formats.registry import read_bytes

    lines = accepted_lines(accept)
    records: list[Record] = []
    problems: list[Problem] = []
    taken: list[Reading] = []
    left: list[Reading] = []
    ids = {given: record for given in inputs if (record := typed_record(given, when=app.now())) is not None}
    typed = look_up(app, list(ids.values()), offline=offline) if ids else TypedIds()
    looked_up = dict(zip(ids, typed.records, strict=True))
    for given in inputs:
        if given in looked_up:
            record = looked_up[given]
            records += [record] if record is not None else []
            continue
        result = read_bytes(load_input(given), source, app.read_options(given, as_of))
        problems += without_doubts(result.problems)
        if result.readings:
            sure, doubtful = divided(result.readings, lines, review=review)
            taken, left = [*taken, *sure], [*left, *doubtful]
            dropped = {id(reading.record) for reading in doubtful}
            records += [record for record in result.records if id(record) not in dropped]
        else:
            records += result.records
    problems += [
        Problem(code="no-such-paper", message=f"{said}; nothing was imported for it", raw=said.rpartition(" ")[2])
        for said in typed.unknown
    ]
    unasked = typed.unasked or any(reason for _, reason in typed.bare)
    code = worst(app.report(problems), NOT_ASKED if unasked and not offline else DONE)
    code = worst(code, FAILED if left else DONE)
    tell_typed(app, typed, offline=offline)

    from bibtool.store.importing import import_records

    what = "import " + " ".join(Path(given).name if given != "-" else "standard input" for given in inputs)
    with library_for(app, dry_run=dry_run) as library:
        report = import_records(library, records, key_maker=app.make_keys, what=what, dry_run=dry_run)
    if as_json:
        print_json(
            {
                "dry_run": dry_run,
                **report_as_dict(report),
                **_readings_as_dict(records, taken, left, report),
                "problems": [p.to_dict() for p in problems],
            }
        )
        return code
    say_readings(app, taken, left)
    for line in details(report):
        app.say(line)
    for item, record in zip(report.items, records, strict=True):
        if record.title and record in typed.records:
            app.say(printable(f"{item.key}: {record.title}"))
    verb = "would be " if dry_run else ""
    app.say(
        f"{len(report.added)} {verb}added, {len(report.merged)} {verb}completed, {len(report.unchanged)} unchanged"
        + (f", {count(len(problems), 'problem')}" if problems else "")
    )
    if report.added and not dry_run:
        confirmed = len(records) == len(ids) and not (typed.unasked or typed.bare)
        app.say(
            "next: `bibtool show KEY` shows all that is known"
            if confirmed
            else "next: `bibtool enrich` confirms them on arXiv, `bibtool list` shows them"
        )
    return code


def tell_typed(app: App, typed: TypedIds, *, offline: bool) -> None:
    """Say which identifiers of the command line were imported and no more than that, and what is to be heard."""
    for note in typed.notes:
        app.say(note)
    if typed.unasked:
        why = "arXiv was not asked" if offline else typed.unasked
        app.say(f"only the id was imported ({why}); `bibtool enrich` completes it")
    for identifier, reason in typed.bare:
        why = "no source was asked" if offline or not reason else reason
        later = "; `bibtool enrich` completes it" if offline or reason else ""
        app.say(printable(f"{identifier}: only the identifier was imported ({why}){later}"))
        if not reason and identifier.startswith("10."):
            address = f"https://doi.org/{identifier}"
            app.say(f"  for the whole entry: curl -LH 'Accept: application/x-bibtex' {address} | bibtool import -")


@contextlib.contextmanager
def library_for(app: App, *, dry_run: bool) -> Iterator[Library]:
    """The library; a trial run on one that is not there yet gets an empty one that is thrown away."""
    import tempfile

    from bibtool.store import open_library

    if dry_run and not app.library_exists():
        with tempfile.TemporaryDirectory() as folder, open_library(Path(folder) / "trial.sqlite") as library:
            yield library
        return
    with app.open_library(create=not dry_run) as library:
        yield library


def report_as_dict(report: ImportReport) -> dict[str, Any]:
    """The report for scripts: the keys of the records by what was done with them."""
    return {
        "added": [item.key for item in report.added],
        "completed": [item.key for item in report.merged],
        "unchanged": [item.key for item in report.unchanged],
        "keys": {item.given_key: item.key for item in report.key_changes},
        "joined": {old: item.key for item in report.items for old, _ in item.joined},
        "doubtful": [
            {"key": item.key, "other": alike, "reason": reason}
            for item in report.doubtful
            for alike, reason in item.alike
        ],
        "conflicts": [{"key": key, "field": c.field, "kept": c.kept, "other": c.other} for key, c in report.conflicts],
    }


def _readings_as_dict(
    records: Sequence[Record], taken: Sequence[Reading], left: Sequence[Reading], report: ImportReport
) -> dict[str, Any]:
    """The records with their certainty; where text was read, ``doubtful`` has the references that were left out."""
    by_record = {id(reading.record): reading for reading in taken}
    shown: dict[str, Any] = {"records": [reading_as_json(record, by_record.get(id(record))) for record in records]}
    if taken or left:
        shown["alike"] = report_as_dict(report)["doubtful"]
        shown["doubtful"] = [reading_as_json(reading.record, reading) for reading in left]
    return shown


def details(report: ImportReport) -> Iterator[str]:
    """What a person has to know of single records: other keys, and values that differed."""
    for item in report.key_changes:
        yield f"{item.given_key}: is {item.key} in the library ({item.key_reason})"
    for item in report.items:
        for old, reason in item.joined:
            yield f"{old}: is one record with {item.key} now, whose key stays ({reason})"
    for key, conflict in report.conflicts:
        says = f"{conflict.other_source} says " if conflict.other_source else ""
        yield f"{key}: kept {conflict.field} {conflict.kept!r} ({says}{conflict.other!r})"
    doubtful = [(item.key, *pair) for item in report.doubtful for pair in item.alike]
    for key, alike, reason in doubtful[:MAX_DOUBTFUL]:
        yield f"{key}: may be the same work as {alike} ({reason}); `bibtool dedupe --accept {alike}={key}` merges them"
    if len(doubtful) > MAX_DOUBTFUL:
        yield f"{len(doubtful) - MAX_DOUBTFUL} more may be the same work as another record; `bibtool dedupe` shows them"
