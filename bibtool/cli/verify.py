"""``bibtool verify``: entries compared with indexes and with arXiv."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import TYPE_CHECKING

import click

from bibtool.cli.bibtarget import is_file
from bibtool.cli.common import (
    App,
    common_options,
    json_option,
    library_option,
    load_input,
    print_json,
    shown_path,
    verbose_option,
)
from bibtool.cli.enrich import make_client, max_age_option
from bibtool.cli.exits import DONE, FAILED, NOT_ASKED, worst
from bibtool.cli.grouping import MAX_NAMED, grouped
from bibtool.cli.library import printable
from bibtool.errors import InputError, LibraryError, UsageError
from bibtool.problems import Severity
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.enrich.arxiv import ArxivClient
    from bibtool.model.record import Record
    from bibtool.project.verify import Fact, Place, Verified

FAIL_ON = ("contradicts", "not-found", "retracted")
_FAIL_ON_CHOICES = (*FAIL_ON, "could-not-check")


def verdicts_of(value: str) -> frozenset[str]:
    """The verdicts of ``--fail-on`` as results name them; "none" stands for the empty list."""
    words = [word.strip() for word in value.split(",") if word.strip()]
    for word in words:
        if word not in (*_FAIL_ON_CHOICES, "none"):
            raise click.BadParameter(f"{word!r} is not one of {', '.join(_FAIL_ON_CHOICES)}, none")
    return frozenset(word.replace("-", " ") for word in words if word != "none")


def _verdicts(_ctx: click.Context, _param: click.Parameter, value: str) -> frozenset[str]:
    return verdicts_of(value)


EPILOG = """\b
Examples:
  bibtool verify refs.bib
  bibtool verify --offline refs.bib                 only what is known already
  bibtool verify --index dblp.index refs.bib        an index made by `bibtool index add`, then arXiv
  bibtool verify bruna2022neural                    a record of the library
  bibtool verify --only retractions refs.bib        Crossref, PubMed and indexes, cheap enough for every day
  bibtool verify --diff refs.bib                    what one source states and no other denies
  bibtool verify --fix refs.bib                     take it
  bibtool verify --output-format github refs.bib    annotations on GitHub
  bibtool verify --output-format html refs.bib      a page for co-authors, on standard output

\b
A contradiction does not prove an error: look at both values. What could not be checked is neither right nor wrong.
"""


@click.command("verify", epilog=EPILOG)
@click.argument("targets", nargs=-1, metavar="[FILE|KEY]...")
@click.option("--offline", is_flag=True, help="Compare with the library and earlier answers; don't ask arXiv.")
@max_age_option
@click.option(
    "--output-format",
    type=click.Choice(["text", "json", "github", "sarif", "html"]),
    default="text",
    show_default=True,
    help="How to report.",
)
@click.option(
    "--index",
    "index_paths",
    multiple=True,
    metavar="PATH",
    help="An index to ask first (also: sources.index in bibtool.toml; may be repeated).",
)
@click.option(
    "--fail-on",
    default=",".join(FAIL_ON),
    show_default=True,
    metavar="LIST",
    callback=_verdicts,
    help="Verdicts that make the exit code 1; could-not-check is another one, and none.",
)
@click.option(
    "--only",
    type=click.Choice(["retractions"]),
    help="Say and fail on retractions only; arXiv is not asked, and nothing is searched for.",
)
@click.option("--fix", "fixing", is_flag=True, help="Take what one source states and no other denies.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, change nothing.")
@verbose_option
@json_option
@library_option
@common_options
@click.pass_obj
def command(
    app: App,
    targets: tuple[str, ...],
    offline: bool,
    max_age: float | None,
    output_format: str,
    index_paths: tuple[str, ...],
    fail_on: frozenset[str],
    only: str | None,
    fixing: bool,
    diff: bool,
    as_json: bool,
) -> int:
    """Compare entries with what sources say, field by field, and say whose word it is.

    Indexes are asked first, then Crossref, DataCite, PubMed and Open Library about the DOI, PMID or ISBN of what is
    left, then arXiv.

    \b
    confirmed        a source has the work, and what can be compared agrees
    contradicts      a source has the work, and something differs
    not found        all sources answered, and none has anything like it
    could not check  no source has such works, or it could not be asked

    FILEs in any format, KEYs of the library, or without either the whole library. Exit code 1 if something
    contradicts, is not found or is retracted (see --fail-on), with --strict also if something could not be checked; 4
    if arXiv could not be asked.
    """  # noqa: D301  (click keeps the lines after \b as they are)
    if offline and max_age is not None:
        raise UsageError("--offline doesn't ask arXiv, so it can't be combined with --max-age")
    output_format = "json" if as_json else output_format
    if fixing or diff:
        from bibtool.cli.verifyfix import fix_files, refuse_others

        if only is not None or output_format != "text":
            raise UsageError("--fix and --diff report as text, and can't be combined with --only")
        refuse_others(targets)
    from bibtool.project.verify import CONFIRMED, NOT_CHECKED, VERDICTS, own_retraction, sentence, to_github, to_json

    placed, known, read = _read_targets(app, targets)
    client = make_client(app, offline=offline, max_age_days=max_age)
    records = [record for record, _ in placed]
    if only is None:
        checked = _check_all(app, records, client, known, index_paths, offline=offline)
    else:
        checked = _retractions(app, records, index_paths, offline=offline)
        fail_on &= {"retracted", NOT_CHECKED}
    checked = [
        replace(each, retracted=own) if not each.retracted and (own := own_retraction(each.record)) else each
        for each in checked
    ]
    results = [(result, place) for result, (_, place) in zip(checked, placed, strict=True)]
    if fixing or diff:
        results = fix_files(app, targets, results, write=fixing)
    if output_format == "json":
        print_json({"offline": offline, **to_json(results)})
    elif output_format == "github":
        click.echo(to_github(results, strict=app.strict), nl=False)
    elif output_format == "sarif":
        from bibtool.project.verify_reports import to_sarif
        from bibtool.version import VERSION

        click.echo(to_sarif(results, VERSION, strict=app.strict), nl=False)
    elif output_format == "html":
        from bibtool.project.verify_reports import to_html

        click.echo(to_html(results, when=app.now()[:10]), nl=False)
    else:
        often = Counter(result.reason for result, _ in results if result.verdict == NOT_CHECKED)
        alike = [(result.record.key, result.reason) for result, _ in results if often[result.reason] > MAX_NAMED]
        quiet = app.quiet or only is not None
        for result, place in results:
            if often[result.reason] <= MAX_NAMED and (result.verdict != CONFIRMED or not quiet or result.retracted):
                click.echo(printable(f"{place}: {sentence(result)}" if place.path else sentence(result)))
        for line in grouped(NOT_CHECKED, alike, verbose=app.verbose):
            click.echo(printable(line))
        if offline and any(result.verdict == NOT_CHECKED for result, _ in results):
            app.say("without --offline, `bibtool verify` asks arXiv for what is not known")
    counts = Counter(result.verdict for result, _ in results)
    counts["retracted"] = sum(bool(result.retracted) for result, _ in results)
    said = ", ".join(f"{counts[name]} {name}" for name in (*VERDICTS, "retracted") if counts[name])
    app.say(said or "no entries to compare")
    failing = fail_on | {NOT_CHECKED} if app.strict else fail_on
    return worst(
        read,
        FAILED if any(counts[name] for name in failing) else DONE,
        NOT_ASKED if not offline and any(result.unasked for result, _ in results) else DONE,
    )


def _retractions(app: App, records: Sequence[Record], index_paths: Sequence[str], *, offline: bool) -> list[Verified]:
    """What indexes and the services that know a DOI or PMID say of retractions; whatever was found is *confirmed*."""
    from bibtool.cli.index import configured_indexes, opened
    from bibtool.cli.sources import answers_of, make_sources
    from bibtool.project.verify import CONFIRMED, NOT_CHECKED, NOT_FOUND, Verified
    from bibtool.project.verify_index import IndexChecker
    from bibtool.project.verify_sources import check_answer

    nothing = "no index has the entry, and no service that was asked knows it by DOI or PMID"
    results = [Verified(record=record, verdict=NOT_CHECKED, reason=nothing) for record in records]
    if places := list(index_paths) or configured_indexes(app):
        with contextlib.ExitStack() as stack:
            checker = IndexChecker([stack.enter_context(opened(place)) for place in places])
            found = [checker.check(record) for record in records]
        results = [
            each if each.verdict not in (NOT_CHECKED, NOT_FOUND) else before
            for each, before in zip(found, results, strict=True)
        ]
    if clients := make_sources(app, offline=offline):
        for at, (record, answer) in enumerate(zip(records, answers_of(app, records, clients), strict=True)):
            if answer is None:
                continue
            of_service = check_answer(record, answer)
            if of_service.verdict != NOT_CHECKED:
                retracted = of_service.retracted or results[at].retracted
                results[at] = replace(of_service, retracted=retracted)
            elif results[at].verdict == NOT_CHECKED:
                results[at] = of_service
    return [
        replace(each, verdict=CONFIRMED, contradictions=()) if each.verdict != NOT_CHECKED else each for each in results
    ]


def _check_all(
    app: App,
    records: Sequence[Record],
    client: ArxivClient,
    known: dict[str, Fact],
    index_paths: Sequence[str],
    *,
    offline: bool,
) -> list[Verified]:
    """The verdicts of the indexes, then of the sources that know an identifier, then of arXiv on what is still open."""
    from bibtool.cli.index import configured_indexes, opened
    from bibtool.enrich.match import known_number
    from bibtool.project.verify import gather, verify
    from bibtool.project.verify_index import combined, is_open

    results: dict[int, Verified] = {}
    if places := list(index_paths) or configured_indexes(app):
        from bibtool.project.verify_index import IndexChecker

        with contextlib.ExitStack() as stack:
            checker = IndexChecker([stack.enter_context(opened(place)) for place in places])
            results = {at: checker.check(record) for at, record in enumerate(records)}
    left = [at for at in range(len(records)) if at not in results or is_open(results[at])]
    for place, other in _ask_sources(app, [records[at] for at in left], offline=offline).items():
        at = left[place]
        results[at] = combined(results[at], other, offline=offline) if at in results else other
    left = [at for at in left if at not in results or is_open(results[at])]
    asked = [records[at] for at in left]
    for at, other in zip(left, verify(asked, gather(asked, client, known=known)) if left else (), strict=True):
        results[at] = combined(results[at], other, offline=offline) if at in results else other
    silent = [at for at in left if results[at].unasked and known_number(records[at])]
    answered = _ask_about_arxiv(app, [records[at] for at in silent], offline=offline)
    results |= {at: said for at, said in zip(silent, answered, strict=True) if said is not None and not is_open(said)}
    return [results[at] for at in range(len(records))]


def _ask_sources(app: App, records: Sequence[Record], *, offline: bool) -> dict[int, Verified]:
    """The verdicts by DOI, PMID and ISBN, else by title, by the place of the record; nothing of a preprint on arXiv."""
    from bibtool.cli.sources import answers_of, make_sources, searched
    from bibtool.enrich.match import known_number
    from bibtool.project.verify_index import combined, is_open

    clients = make_sources(app, offline=offline) if records else {}
    if not clients:
        return {}
    from bibtool.project.verify_sources import check_answer, check_candidates, have_the_work

    results: dict[int, Verified] = {}
    for at, (record, answer) in enumerate(zip(records, answers_of(app, records, clients), strict=True)):
        if answer is not None:
            results[at] = check_answer(record, answer)
    left = {
        at: record
        for at, record in enumerate(records)
        if not known_number(record) and (at not in results or (is_open(results[at]) and not results[at].unasked))
    }

    by_words = searched(app, list(left.values()), clients, enough=have_the_work)
    for (at, record), found in zip(left.items(), by_words, strict=True):
        if found is not None:
            by_title = check_candidates(record, found)
            results[at] = combined(results[at], by_title, offline=offline) if at in results else by_title
    return results


def _ask_about_arxiv(app: App, records: Sequence[Record], *, offline: bool) -> list[Verified | None]:
    """The verdicts of other sources that know arXiv ids, where arXiv itself could not be asked."""
    from bibtool.cli.sources import answers_of, make_sources
    from bibtool.project.verify_sources import check_answer

    clients = make_sources(app, offline=offline) if records else {}
    answers = answers_of(app, records, clients, arxiv=True)
    return [
        None if answer is None else check_answer(record, answer)
        for record, answer in zip(records, answers, strict=True)
    ]


def _read_targets(app: App, targets: Sequence[str]) -> tuple[list[tuple[Record, Place]], dict[str, Fact], int]:
    """Records with their places in the order of the targets, what the library knows of them from arXiv; exit code."""
    from bibtool.enrich.match import known_number
    from bibtool.formats.registry import read_bytes
    from bibtool.project.verify import Place, place_of, recorded

    placed: list[tuple[Record, Place]] = []
    code = DONE
    with contextlib.ExitStack() as stack:
        library = None
        if not targets or not all(is_file(target) for target in targets):
            library = stack.enter_context(app.open_library())
        elif app.library_exists():
            try:
                library = stack.enter_context(app.open_library())
            except LibraryError as error:
                app.say(f"skipping the library: {error}")
        of_library = {target: library.get(target) for target in targets if library and not is_file(target)}
        if library and not targets:
            placed = [(record, Place()) for record in library.records()]
        for target in targets:
            if target in of_library:
                placed.append((of_library[target], Place()))
                continue
            result = read_bytes(load_input(target), None, app.read_options(target))
            code = worst(
                code, app.report([problem for problem in result.problems if problem.severity is Severity.ERROR])
            )
            placed += [(record, place_of(record, shown_path(target))) for record in result.records]
        numbers = {known_number(record) for record, _ in placed} - {""}
        known = recorded(r for number in sorted(numbers) for r in (library.find(arxiv=number) if library else ()))
    return placed, {**_pinned(app), **known}, code


def _pinned(app: App) -> dict[str, Fact]:
    """What the project's lock knows from arXiv; nothing for a lock that can't be read."""
    from bibtool.project.lock import read_lock
    from bibtool.project.verify import recorded

    path = app.places.to_read(app.settings.refs.lock, "refs.lock")
    if not path.is_file():
        return {}
    try:
        records = [pin.record() for pin in read_lock(load_input(str(path)), str(path)).pins.values()]
    except InputError as error:
        app.say(f"skipping the lock: {error}")
        return {}
    return recorded(record for record in records if record is not None)
