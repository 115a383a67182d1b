"""``bibtool add``: works by identifier or title, complete, into the library or a BibTeX file."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bibtool.cli.common import App, common_options, json_option, library_option, print_json
from bibtool.cli.exits import DONE, FAILED, NOT_ASKED, worst
from bibtool.cli.library import printable
from bibtool.errors import UsageError
from bibtool.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bibtool.enrich.sources.search import Candidates
    from bibtool.model.record import Record
    from bibtool.project.offers import Offer

EPILOG = """\b
Examples:
  bibtool add 2203.01360 10.1016/j.jcp.2023.112588     works by arXiv id, DOI, PMID or ISBN
  bibtool add https://arxiv.org/abs/2203.01360         by their addresses
  bibtool add 'Attention is all you need'              by title: candidates, or the work if it is the only one
  bibtool add 2203.01360 --to refs.bib                 at the end of a BibTeX file, without a library
"""


@click.command("add", epilog=EPILOG)
@click.argument("works", nargs=-1, required=True, metavar="WORK...")
@click.option("--to", "target", metavar="FILE", help="Add entries to this .bib file instead of the library.")
@click.option("--offline", is_flag=True, help="Ask no service; use only the answers that are kept.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be done, change nothing.")
@json_option
@library_option
@common_options
@click.pass_obj
def command(app: App, works: tuple[str, ...], target: str | None, offline: bool, dry_run: bool, as_json: bool) -> int:
    """Add works by identifier or title: complete records from the services that know them.

    A WORK is an arXiv id, DOI, PMID, ISBN or an address with one of them, or a title in quotation marks. What the
    indexes of sources.index have is taken from there; a title is also looked for on arXiv and at Crossref. If just one
    work has this title, it is taken; otherwise the candidates are shown, each with the command that adds it, and the
    exit code is 1. `bibtool import` adds the records of files.

    What the library or the file has already is not added again. With --to, new entries go to the end of the file, laid
    out like its first one, and nothing else in it is touched.
    """
    from bibtool.cli.importing import tell_typed
    from bibtool.cli.typed import TypedIds, look_up, names_file, typed_record

    ids = {given: found for given in works if (found := typed_record(given, when=app.now())) is not None}
    titles = [given for given in works if given not in ids]
    for given in titles:
        if names_file(given):
            raise UsageError(
                f"{'standard input' if given == '-' else given} is a file", hint=f"bibtool import {shlex.quote(given)}"
            )
    typed = look_up(app, list(ids.values()), offline=offline) if ids else TypedIds()
    offers = find_by_title(app, titles, offline=offline)
    by_work = dict(zip(ids, typed.records, strict=True)) | {offer.title: offer.taken for offer in offers}
    records = [record for given in dict.fromkeys(works) if (record := by_work[given]) is not None]
    problems = [
        Problem(code="no-such-paper", message=f"{said}; nothing was added for it", raw=said.rpartition(" ")[2])
        for said in typed.unknown
    ]
    unasked = typed.unasked or any(reason for _, reason in typed.bare) or any(offer.unasked for offer in offers)
    code = worst(app.report(problems), NOT_ASKED if unasked and not offline else DONE)
    untaken = any(offer.taken is None and (offline or not offer.unasked) for offer in offers)
    code = worst(code, FAILED if untaken else DONE)
    tell_typed(app, typed, offline=offline)
    for offer in offers:
        for line in _offered(offer):
            app.say(printable(line))
    done: dict[str, Any] = {"added": []}
    if records and target:
        done = _into_file(app, records, target, dry_run=dry_run)
    elif records:
        done = _into_library(app, records, works, dry_run=dry_run)
    if as_json:
        print_json(
            {
                "dry_run": dry_run,
                **done,
                "candidates": {offer.title: _as_items(offer) for offer in offers if offer.taken is None},
                "problems": [problem.to_dict() for problem in problems],
            }
        )
    return code


def find_by_title(app: App, titles: Sequence[str], *, offline: bool) -> list[Offer]:
    """What the indexes, arXiv and Crossref have under each title.

    No service is asked for no titles, or for one that an index has once.
    """
    if not titles:
        return []
    from bibtool.cli.enrich import make_client
    from bibtool.cli.indexed import titled_in_indexes
    from bibtool.cli.sources import make_sources, searched
    from bibtool.enrich.atom import to_record
    from bibtool.enrich.report import Confirmed, CouldNotCheck, Doubtful
    from bibtool.enrich.service import enrich
    from bibtool.model.record import Record
    from bibtool.model.works.verdict import compare
    from bibtool.project.offers import offer_for

    wanted = [
        Record(key=f"title{number}", type="article", variables={"title": title}) for number, title in enumerate(titles)
    ]
    known = titled_in_indexes(app, wanted)
    offers = {title: offer_for(title, [], works) for title, works in zip(titles, known, strict=True)}
    works_of = dict(zip(titles, known, strict=True))
    wanted = [record for record in wanted if offers[record.title].taken is None]
    if not wanted:
        return [offers[title] for title in titles]
    report = enrich(wanted, make_client(app, offline=offline))
    clients = make_sources(app, offline=offline)
    searches = searched(app, wanted, clients, enough=lambda wanted, found: _has_title(wanted.title, found))
    for record, result, hits in zip(wanted, report.results, searches, strict=True):
        title = record.title
        verdict = result.verdict
        papers = [verdict.paper] if isinstance(verdict, Confirmed) else []
        papers = list(verdict.candidates) if isinstance(verdict, Doubtful) else papers
        unasked = verdict.reason if isinstance(verdict, CouldNotCheck) and verdict.unasked else ""
        told = [each.record for each in hits.told] if hits is not None else []
        indexed = works_of[title]
        new = [work for work in told if not any(compare(work, other).is_one_record for other in indexed)]
        offers[title] = offer_for(
            title,
            [to_record(paper.entry, when=app.now()[:10]) for paper in papers],
            [*indexed, *new],
            unasked=unasked or (hits.unasked if hits is not None else ""),
        )
    return [offers[title] for title in titles]


def _has_title(title: str, found: Candidates) -> bool:
    from bibtool.model.works.titles import same_wording

    return any(same_wording(title, told.record.title) for told in found.told)


def _offered(offer: Offer) -> Iterator[str]:
    """What to say of a title."""
    if offer.unasked:
        yield f"{offer.title!r}: could not be looked for everywhere: {offer.unasked}"
    if offer.taken is not None:
        return
    if not offer.candidates and not offer.unasked:
        yield f"{offer.title!r}: no work has a title like this; nothing was added for it"
        return
    if offer.candidates:
        yield f"{offer.title!r}: which of these is meant?"
    for record in offer.candidates:
        yield f"  {_line(record)}"
        yield f"    bibtool add {shlex.quote(_identifier(record))}"


def _line(record: Record) -> str:
    year = f" ({record.year})" if record.year else ""
    venue = f" {record.journal}." if record.journal else ""
    return f"{record.authors.in_brief() or '?'}{year}: {record.title}.{venue}"


def _identifier(record: Record) -> str:
    number = record.arxiv.id.number if record.arxiv is not None and record.arxiv.id is not None else ""
    return record.doi or number


def _as_items(offer: Offer) -> list[dict[str, Any]]:
    return [record.to_csl() for record in offer.candidates]


def _into_library(app: App, records: Sequence[Record], works: Sequence[str], *, dry_run: bool) -> dict[str, Any]:
    from bibtool.cli.importing import details, library_for, report_as_dict
    from bibtool.store.importing import import_records

    with library_for(app, dry_run=dry_run) as library:
        report = import_records(
            library, records, key_maker=app.make_keys, what=f"add {' '.join(works)}", dry_run=dry_run
        )
    for line in details(report):
        app.say(line)
    there = {item.key for item in report.unchanged}
    for item, record in zip(report.items, records, strict=True):
        state = " (there already)" if item.key in there else ""
        app.say(printable(f"{item.key}: {record.title or 'no title'}{state}"))
    verb = "would be " if dry_run else ""
    app.say(f"{len(report.added)} {verb}added, {len(report.merged)} {verb}completed, {len(report.unchanged)} unchanged")
    return report_as_dict(report)


def _into_file(app: App, records: Sequence[Record], target: str, *, dry_run: bool) -> dict[str, Any]:
    from bibtool.files import Original, load_bytes, refuse_special, rewrite
    from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
    from bibtool.formats.bibtex.mapping_bibtex import BIBTEX
    from bibtool.project.adding import add_to

    path = Path(target)
    refuse_special(path)
    data = load_bytes(path) if path.exists() else None
    dialect = BIBLATEX if app.settings.refs.dialect == BIBLATEX.name else BIBTEX
    added = add_to(data or b"", records, app.make_keys, path=target, dialect=dialect)
    if added.new and not dry_run:
        rewrite(Original.of(path, data), added.data)
    for record in added.new:
        app.say(printable(f"{record.key}: {record.title or 'no title'}"))
    for record, key in added.present:
        app.say(printable(f"{key}: {record.title or 'no title'} (there already)"))
    app.say(f"{len(added.new)} {'would be ' if dry_run else ''}added to {target}, {len(added.present)} unchanged")
    return {
        "added": [record.key for record in added.new],
        "unchanged": [key for _, key in added.present],
    }
