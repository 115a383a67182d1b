"""``bibtool enrich``: records confirmed and completed through the arXiv API."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bibtool.cli.common import (
    App,
    NumberWithin,
    common_options,
    count,
    json_option,
    library_option,
    print_json,
    verbose_option,
)
from bibtool.cli.exits import DONE, FAILED, NOT_ASKED, worst
from bibtool.cli.grouping import grouped
from bibtool.cli.library import EMPTY, difference, printable, put_changed
from bibtool.cli.ownfolders import own_folder
from bibtool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence

    from bibtool.enrich.arxiv import ArxivClient
    from bibtool.enrich.judge import Candidate
    from bibtool.enrich.report import EnrichReport, Progress, Result
    from bibtool.model.identifiers import ArxivId
    from bibtool.model.record import Record
    from bibtool.model.works.merge import Conflict
    from bibtool.store.base import Library

EPILOG = """\b
Examples:
  bibtool enrich                                    every record of the library
  bibtool enrich bruna2022neural --dry-run          show what would change
  bibtool enrich --accept bruna2022neural=2203.01360
  bibtool enrich --offline                          only with cached answers
  bibtool enrich refs.bib --dry-run                 a diff of what the entries of a file would get
  bibtool enrich refs.bib --fields doi,pages        fill only these fields where they are missing

\b
arXiv gets at most one request every three seconds, whatever else is running; answers are kept for 30 days. The next
run continues one that failed or was interrupted. BIBTOOL_CONTACT (an email address) is sent with each request so that
a service can reach you; most answer faster then. BIBTOOL_ARXIV_URL names another server than arXiv's.
"""


max_age_option = click.option(
    "--max-age",
    type=NumberWithin(0, kind=click.FLOAT),
    metavar="DAYS",
    help="Ask again for older answers.  [default: 30]",
)


@click.command("enrich", epilog=EPILOG)
@click.argument("targets", nargs=-1, metavar="[FILE|KEY]...")
@click.option("--offline", is_flag=True, help="Use cached answers only, however old.")
@click.option("-n", "--dry-run", is_flag=True, help="Show what would change, change nothing.")
@click.option(
    "--fields", metavar="NAMES", help="Fill only these fields of FILEs, e.g. doi,pages.  [default: the usual ones]"
)
@click.option("--accept", multiple=True, metavar="KEY=ID", help="Take this paper for this record. May be repeated.")
@click.option("--refresh", is_flag=True, help="Ask again, whatever is cached.")
@max_age_option
@verbose_option
@json_option
@library_option
@common_options
@click.pass_obj
def command(
    app: App,
    targets: tuple[str, ...],
    offline: bool,
    dry_run: bool,
    fields: str | None,
    accept: tuple[str, ...],
    refresh: bool,
    max_age: float | None,
    as_json: bool,
) -> int:
    """Confirm records on arXiv and complete them: id, all authors, title, categories, dates, DOI, journal reference.

    Records with a DOI, PMID or ISBN are completed by the service that registered it: Crossref, DataCite or doi.org,
    PubMed, Open Library. What it has is taken only if title and people are those of the record. Retractions are said.
    A record without an identifier that is not on arXiv is searched for at Crossref.

    All records of the library, or those with the given KEYs; or the entries of FILEs, which get the fields that they
    lack, shown as a diff, and keep what they have. What is not certain is listed with its reasons and the command that
    accepts it; nothing doubtful is taken. Your own values are kept, and differences are shown.
    The exit code is 4 if a service could not be asked, and with --strict 1 if something is doubtful or has an id that
    nobody knows.
    """
    from bibtool.cli.bibtarget import is_file

    if offline and (refresh or max_age is not None):
        raise UsageError("--offline doesn't ask arXiv, so it can't be combined with --refresh or --max-age")
    chosen = parse_accept(accept)
    ask = partial(_ask, app, offline=offline, max_age_days=0.0 if refresh else max_age)
    data: dict[str, Any] = {"dry_run": dry_run}
    read = DONE
    if any(is_file(target) for target in targets):
        if keys := [target for target in targets if not is_file(target)]:
            raise UsageError(f"{keys[0]} is not a file: name either files or records of the library")
        report, data["filled"], read = _enrich_files(
            app, targets, fields, ask, chosen, write=not dry_run, quiet=as_json
        )
    elif fields is not None:
        raise UsageError("--fields is for BibTeX files", hint="e.g. `bibtool enrich refs.bib --fields doi,pages`")
    else:
        with app.open_library() as library:
            named = [library.get(key).key for key in chosen]
            records = list(library.records([*targets, *named] if targets else None))
            if not records and not as_json:
                app.say(EMPTY)
                return 0
            chosen = dict(zip(named, chosen.values(), strict=True))
            report = ask(records, chosen)
            if not dry_run:
                save(library, report, chosen)
    if as_json:
        print_json({**data, **to_json(report)})
    else:
        tell(app, report, dry_run=dry_run, offline=offline, shown="filled" in data)
    return worst(read, exit_code(app, report, chosen, offline=offline))


def _ask(
    app: App,
    records: Sequence[Record],
    accepted: Mapping[str, ArxivId],
    *,
    offline: bool,
    max_age_days: float | None,
) -> EnrichReport:
    """What arXiv, the indexes and the other services have of the records."""
    from bibtool.cli.indexed import with_indexes
    from bibtool.cli.sources import with_sources
    from bibtool.enrich.service import enrich

    client = make_client(app, offline=offline, max_age_days=max_age_days)
    shown = _Progress(app, client)
    client.transport.on_wait = shown.waiting
    try:
        report = enrich(records, client, accept=accepted, progress=shown)
    finally:
        shown.clear()
    report = with_indexes(app, report)
    return with_sources(app, report, offline=offline, max_age_days=max_age_days)


def _enrich_files(
    app: App,
    paths: Sequence[str],
    fields: str | None,
    ask: Callable[[Sequence[Record], Mapping[str, ArxivId]], EnrichReport],
    accepted: Mapping[str, ArxivId],
    *,
    write: bool,
    quiet: bool,
) -> tuple[EnrichReport, list[dict[str, object]], int]:
    """The report of the files' entries, what they got, and the exit code of reading them; see `cli.enrichfiles`."""
    from bibtool.cli.bibtarget import open_target
    from bibtool.cli.enrichfiles import expect_keys, fill_targets, summary
    from bibtool.project.filling import USUAL, named_fields

    wanted = USUAL if fields is None else named_fields(fields)
    targets = [open_target(app, path, "completed") for path in dict.fromkeys(paths)]
    expect_keys(targets, [*accepted])
    report = ask([record for target in targets for record in target.records], accepted)
    report, filled = fill_targets(app, targets, report, wanted, write=write, quiet=quiet)
    if not quiet:
        app.say(summary(filled, dry_run=not write))
    return report, filled, worst(*(target.code for target in targets))


def parse_accept(pairs: Sequence[str]) -> dict[str, ArxivId]:
    """Keys and ids of ``KEY=ID``; raises `UsageError`."""
    from bibtool.errors import IdentifierError
    from bibtool.model.identifiers import parse_arxiv_id

    chosen: dict[str, ArxivId] = {}
    for pair in pairs:
        key, equals, text = pair.rpartition("=")
        if not equals or not key.strip():
            raise UsageError(f"{pair!r} is not KEY=ID", hint="e.g. `--accept bruna2022neural=2203.01360`")
        try:
            chosen[key.strip()] = parse_arxiv_id(text)
        except IdentifierError as error:
            raise UsageError(str(error)) from error
    return chosen


def make_client(app: App, *, offline: bool = False, max_age_days: float | None = None) -> ArxivClient:
    """The client that environment and settings ask for; the pace is that of the user, not of this process."""
    from urllib.parse import urlsplit

    from bibtool.cli.keys import CONTACT, own_keys
    from bibtool.cli.sources import delay_asked
    from bibtool.enrich.arxiv import DEFAULT_URL
    from bibtool.enrich.connect import connect

    url = os.environ.get("BIBTOOL_ARXIV_URL") or DEFAULT_URL
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise UsageError(f"BIBTOOL_ARXIV_URL is not a valid address: {error}") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise UsageError(f"BIBTOOL_ARXIV_URL is not an http address: {url!r}", hint=f"the default is {DEFAULT_URL}")
    return connect(
        url=url,
        cache=app.cache_folder() / "arxiv",
        # in the user's own folder even where BIBTOOL_CACHE names another one
        pace=Path(own_folder("cache"), "pace"),
        delay_s=delay_asked("BIBTOOL_ARXIV_DELAY"),
        contact=own_keys().get(CONTACT, ""),
        offline=offline,
        max_age_days=max_age_days,
    )


def save(library: Library, report: EnrichReport, accepted: dict[str, ArxivId]) -> None:
    """Writes the completed records in one change. One that somebody else has changed meanwhile is completed again."""
    from bibtool.enrich.complete import complete
    from bibtool.enrich.report import Confirmed
    from bibtool.model.works.merge import merge

    def completed(result: Result, now: Record) -> Record:
        if not isinstance(result.verdict, Confirmed):
            return told(result, now) if result.told else result.after
        when = next((o.when for o in result.after.provenance.values() if o.source == "arxiv"), "")
        entry = result.verdict.paper.entry
        return told(result, complete(now, entry, when=when, accepted=result.before.key in accepted)[0])

    def told(result: Result, now: Record) -> Record:
        return merge(now, result.told.record).record if result.told else now

    changed = [result for result in report.results if result.after != result.before]
    changes = [(result.before, result.after, partial(completed, result)) for result in changed]
    put_changed(library, "enrich", changes)


class _Progress:
    """Progress on standard error: one line, rewritten, on a terminal; otherwise a new line for each step."""

    def __init__(self, app: App, client: ArxivClient) -> None:
        self.app = app
        self.client = client
        self.terminal = sys.stderr.isatty()
        self.last = ""

    def __call__(self, state: Progress) -> None:
        """Shows how far the run is."""
        seconds = state.planned * max(self.client.transport.pacer.delay_s, 1.0)
        left = "" if self.client.offline or not state.planned else f", about {_span(seconds)} left"
        sent = f"{state.sent} request{'s' if state.sent != 1 else ''} sent"
        self._show(f"{state.found} of {state.records} confirmed; {state.doing} ({sent}{left})")

    def waiting(self, seconds: float, reason: str) -> None:
        """Says why nothing happens."""
        self.clear()
        self.app.say(f"arXiv: {reason}; trying again in {_span(seconds)}")

    def _show(self, text: str) -> None:
        if self.app.quiet or self.client.offline or text == self.last:
            return
        self.last = text
        text = printable(text)
        if self.terminal:
            click.echo(f"\r\x1b[K{text[:110]}", err=True, nl=False)
        else:
            click.echo(text, err=True)

    def clear(self) -> None:
        """Leaves a clean line."""
        if self.terminal and self.last and not self.app.quiet:
            click.echo("\r\x1b[K", err=True, nl=False)


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def tell(app: App, report: EnrichReport, *, dry_run: bool, offline: bool = False, shown: bool = False) -> None:
    """The report for people: differences on standard output in a dry run, all else on standard error.

    ``shown``: the differences were shown already.
    """
    from bibtool.enrich.report import Confirmed, CouldNotCheck, Doubtful, Identified, NotFound

    if offline and len(report.left) == len(report.results) > 1:
        records = count(len(report.left), "record")
        app.say(f"the cache has no answer for any of the {records}; without --offline, `bibtool enrich` asks arXiv")
        return
    for result in report.results:
        if dry_run and not shown and result.after != result.before:
            lines = difference(result.before, result.after)
            click.echo("\n".join([f"@ {result.before.key}", *lines] if lines else []))
        for line in details(result):
            app.say(line)
    unknown = [r for r in report.with_verdict(NotFound) if not number_of(r)]
    for line in grouped("not found", [(r.before.key, reason_of(r)) for r in unknown], verbose=app.verbose):
        app.say(printable(line))
    for line in grouped("not checked", report.left, verbose=app.verbose):
        app.say(printable(line))
    confirmed = [*report.with_verdict(Confirmed), *report.with_verdict(Identified)]
    changed = sum(result.after != result.before for result in report.results)
    counts = [
        f"{len(confirmed)} of {len(report.results)} confirmed ({changed} {'would be ' if dry_run else ''}changed)"
    ]
    for kind, words in ((Doubtful, "doubtful"), (NotFound, "not found"), (CouldNotCheck, "not checked")):
        if results := report.with_verdict(kind):
            counts.append(f"{len(results)} {words}")
    app.say("; ".join(counts))
    cached = f", {count(report.cached_answers, 'answer')} from the cache" if report.cached_answers else ""
    app.say(f"{count(report.requests_made, 'request')} made{cached}")
    for warning in report.warnings:
        app.say(f"warning: {warning}")
    if report.left and offline:
        app.say("without --offline, `bibtool enrich` asks arXiv for what is not checked")
    elif any(result.verdict.unasked for result in report.results if isinstance(result.verdict, CouldNotCheck)):
        app.say("run the same command again later to finish: the answers so far are kept")


def details(result: Result) -> list[str]:
    """What there is to say about a single record, in lines; nothing for one that is simply confirmed.

    What is the same for many records, such as that arXiv could not be reached, is not among it.
    """
    from bibtool.enrich.report import Doubtful

    key = result.before.key
    verdict = result.verdict
    lines: list[str] = []
    if isinstance(verdict, Doubtful):
        lines.append(f"{key}: doubtful: is it one of these?")
        for candidate in verdict.candidates:
            lines += _candidate_lines(candidate)
            lines.append(f"    bibtool enrich --accept {key}={candidate.entry.id.number}")
    elif number_of(result):
        lines.append(f"{key}: {reason_of(result)}: is the id right?")
    for change in result.changes:
        if change.field != "withdrawn":  # a note says it
            lines.append(f"{key}: {change.field} was {change.before!r}; arXiv has {change.after!r}")
    for conflict in result.conflicts:
        source = f" ({conflict.kept_source})" if conflict.kept_source else ""
        other = result.told.source if result.told and conflict.other_source != "arxiv" else "arXiv"
        lines.append(f"{key}: kept {conflict.field} {conflict.kept!r}{source}; {other} has {conflict.other!r}")
    lines += [f"{key}: {note}" for note in result.notes]
    return [printable(line) for line in lines]


def _candidate_lines(candidate: Candidate) -> list[str]:
    """A paper in two lines: what it is, and what speaks for and against it."""
    entry = candidate.entry
    people = ", ".join(author.name for author in entry.authors[:3]) + (" et al." if len(entry.authors) > 3 else "")
    head = f"  arXiv:{entry.id.number} {entry.published[:10]} {entry.title} ({people})"
    return [head, f"    {'; '.join(candidate.reasons)}"]


def exit_code(app: App, report: EnrichReport, accepted: Container[str], *, offline: bool) -> int:
    """1 where an accepted id does not exist, 4 where arXiv could not be asked.

    What a person should look at (doubtful, not checked, an unknown id) is 1 with ``--strict``.
    """
    from bibtool.enrich.report import CouldNotCheck, Doubtful, NotFound

    codes: list[int] = []
    for result in report.results:
        verdict = result.verdict
        if isinstance(verdict, CouldNotCheck) and verdict.unasked and not offline:
            codes.append(NOT_ASKED)
        elif isinstance(verdict, NotFound) and verdict.number and result.before.key in accepted:
            codes.append(FAILED)
        elif isinstance(verdict, Doubtful | CouldNotCheck) or (isinstance(verdict, NotFound) and verdict.number):
            codes.append(FAILED if app.strict else DONE)
    return worst(*codes)


def number_of(result: Result) -> str:
    """The arXiv number that record or user have named and that arXiv does not know; "" for every other result."""
    from bibtool.enrich.report import NotFound

    return result.verdict.number if isinstance(result.verdict, NotFound) else ""


def reason_of(result: Result) -> str:
    """Why a record was not found or not checked; "" for the others."""
    from bibtool.enrich.report import CouldNotCheck, NotFound

    return result.verdict.reason if isinstance(result.verdict, (NotFound, CouldNotCheck)) else ""


def to_json(report: EnrichReport) -> dict[str, Any]:
    """The report for scripts."""
    return {
        "requests_made": report.requests_made,
        "cached_answers": report.cached_answers,
        "complete": report.complete,
        "left": [{"key": key, "reason": reason} for key, reason in report.left],
        "warnings": list(report.warnings),
        "results": [_result_json(result) for result in report.results],
    }


def _json_source(conflict: Conflict) -> str:
    """The name under which the value of a source is given: that of the source."""
    return conflict.other_source or "arxiv"


def _result_json(result: Result) -> dict[str, Any]:
    from bibtool.enrich.report import Confirmed, Doubtful, Identified

    verdict = result.verdict
    names = {"Confirmed": "confirmed", "Identified": "confirmed", "Doubtful": "doubtful", "NotFound": "not-found"}
    data: dict[str, Any] = {
        "key": result.before.key,
        "verdict": names.get(type(verdict).__name__, "could-not-check"),
    }
    if isinstance(verdict, Confirmed):
        data["arxiv"] = verdict.paper.entry.id.number
        data["by"] = verdict.paper.tier.name.lower()
        data["reasons"] = list(verdict.paper.reasons)
    elif isinstance(verdict, Doubtful):
        data["candidates"] = [
            {
                "arxiv": candidate.entry.id.number,
                "title": candidate.entry.title,
                "authors": [author.name for author in candidate.entry.authors],
                "published": candidate.entry.published[:10],
                "reasons": list(candidate.reasons),
            }
            for candidate in verdict.candidates
        ]
    elif not isinstance(verdict, Identified):
        data["reason"] = verdict.reason
    if result.told:
        data["source"] = result.told.source
        data["retracted"] = any(notice.is_retraction for notice in result.told.facts.notices)
    data["changed"] = list(result.changed)
    data["conflicts"] = [
        {"field": c.field, "kept": c.kept, "kept_source": c.kept_source, _json_source(c): c.other}
        for c in result.conflicts
    ]
    data["changes"] = [{"field": c.field, "before": c.before, "after": c.after} for c in result.changes]
    data["notes"] = list(result.notes)
    return data
