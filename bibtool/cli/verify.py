"""``bibtool verify``: entries compared with arXiv."""

from __future__ import annotations

import contextlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record
    from bibtool.project.verify import Fact, Place

EPILOG = """\b
Examples:
  bibtool verify refs.bib
  bibtool verify --offline refs.bib                 only what is known already
  bibtool verify bruna2022neural                    a record of the library
  bibtool verify --output-format github refs.bib    annotations on GitHub

\b
A contradiction does not prove an error: look at both values. What could not be checked is neither right nor wrong.
"""


@click.command("verify", epilog=EPILOG)
@click.argument("targets", nargs=-1, metavar="[FILE|KEY]...")
@click.option("--offline", is_flag=True, help="Compare with the library and earlier answers; don't ask arXiv.")
@max_age_option
@click.option(
    "--output-format", type=click.Choice(["text", "json", "github"]), default="text", show_default=True,
    help="How to report.",
)  # fmt: skip
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
    as_json: bool,
) -> int:
    """Compare entries with arXiv field by field: confirmed, contradicts (both values), or could not check (why).

    FILEs in any format, KEYs of the library, or without either the whole library. Exit code 1 if something
    contradicts, with --strict also if something could not be checked; 4 if arXiv could not be asked.
    """
    if offline and max_age is not None:
        raise UsageError("--offline doesn't ask arXiv, so it can't be combined with --max-age")
    from bibtool.project.verify import CONFIRMED, CONTRADICTS, NOT_CHECKED, gather, sentence, to_github, to_json
    from bibtool.project.verify import verify as judge_all

    placed, known = _read_targets(app, targets)
    records = [record for record, _ in placed]
    client = make_client(app, offline=offline, max_age_days=max_age)
    facts = gather(records, client, known=known)
    results = [(result, place) for result, (_, place) in zip(judge_all(records, facts), placed, strict=True)]
    output_format = "json" if as_json else output_format
    if output_format == "json":
        print_json({"offline": offline, **to_json(results)})
    elif output_format == "github":
        click.echo(to_github(results, strict=app.strict), nl=False)
    else:
        often = Counter(result.reason for result, _ in results if result.reason)
        alike = [(result.record.key, result.reason) for result, _ in results if often[result.reason] > MAX_NAMED]
        for result, place in results:
            if often[result.reason] <= MAX_NAMED and (result.verdict != CONFIRMED or not app.quiet):
                click.echo(printable(f"{place}: {sentence(result)}" if place.path else sentence(result)))
        for line in grouped(NOT_CHECKED, alike, verbose=app.verbose):
            click.echo(printable(line))
        if offline and any(result.verdict == NOT_CHECKED for result, _ in results):
            app.say("without --offline, `bibtool verify` asks arXiv for what is not known")
    counts = Counter(result.verdict for result, _ in results)
    app.say(", ".join(f"{counts[name]} {name}" for name in (CONFIRMED, CONTRADICTS, NOT_CHECKED) if counts[name]))
    return worst(
        FAILED if counts[CONTRADICTS] or (app.strict and counts[NOT_CHECKED]) else DONE,
        NOT_ASKED if not offline and any(result.unasked for result, _ in results) else DONE,
    )


def _read_targets(app: App, targets: Sequence[str]) -> tuple[list[tuple[Record, Place]], dict[str, Fact]]:
    """Records with their places in the order of the targets, and what the library knows of them from arXiv."""
    from bibtool.enrich.match import known_number
    from bibtool.formats.registry import read_bytes
    from bibtool.project.verify import Place, place_of, recorded

    placed: list[tuple[Record, Place]] = []
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
            app.report([problem for problem in result.problems if problem.severity is Severity.ERROR])
            placed += [(record, place_of(record, shown_path(target))) for record in result.records]
        numbers = {known_number(record) for record, _ in placed} - {""}
        known = recorded(r for number in sorted(numbers) for r in (library.find(arxiv=number) if library else ()))
    return placed, {**_pinned(app), **known}


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


def is_file(target: str) -> bool:
    """Whether an argument names a file; a name with a slash or a usual suffix does, even if there is none."""
    if target == "-" or "/" in target or "\\" in target:
        return True
    from bibtool.formats.registry import FORMATS

    suffix = Path(target).suffix.casefold()
    return Path(target).is_file() or any(suffix in form.suffixes for form in FORMATS if suffix)
