"""``bibtool batch``: the same with many files, on all cores or on a cluster."""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bibtool.cli.common import App, NumberWithin, common_options, count, json_option, print_json
from bibtool.cli.exits import DONE, FAILED
from bibtool.cli.streams import harmless
from bibtool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bibtool.batch.blocks import Task
    from bibtool.batch.files import Folder, Input
    from bibtool.batch.run import BatchResult, Progress
    from bibtool.batch.work import Job, Outcome

F = TypeVar("F", bound="Callable[..., Any]")

EPILOG = """\b
Examples:
  bibtool batch convert -i 'papers/**/*.bib' --to csl-json -o json
  bibtool batch enrich -i papers --index dblp.index -o complete
  bibtool batch check -i papers -o findings
  bibtool batch verify -i 'papers/**/*.bib' --index dblp.index -o verdicts
  bibtool batch dedupe -i 'papers/**/*.bib' -o duplicates
  bibtool batch check -i papers -o findings --scheduler tcp://10.0.0.1:8786

\b
report.jsonl in the output folder has a line for each file, report.parquet the same where pyarrow is installed. Run the
same command again to do only what is new or has changed.
"""


@click.group("batch", epilog=EPILOG)
@common_options
def group() -> None:
    """Convert, enrich, check, verify or compare many files: on all cores, or on the workers of a Dask scheduler.

    Every result is written as a whole. A file that can't be read is a line of the report, and not the end of the run.
    An interrupted run goes on where it stopped. No service is asked.
    """


def batch_options(function: F) -> F:
    """The options that all batches have."""
    for option in reversed(
        (
            click.option(
                "-i",
                "--input",
                "patterns",
                multiple=True,
                required=True,
                metavar="PATTERN",
                help="Files to read, e.g. 'papers/**/*.bib', or a folder for its .bib files; may be repeated.",
            ),
            click.option("-o", "--output", required=True, metavar="FOLDER", help="The folder for the results."),
            click.option(
                "--workers", type=NumberWithin(1, 256), metavar="N", help="Processes (default: one for each core)."
            ),
            click.option(
                "--scheduler",
                metavar="ADDRESS",
                help="Have the workers of a Dask scheduler do it, e.g. tcp://10.0.0.1:8786.",
            ),
            click.option("--again", is_flag=True, help="Do everything again, also what has not changed."),
            json_option,
            common_options,
            click.pass_obj,
        )
    ):
        function = option(function)
    return function


index_option = click.option(
    "--index",
    "indexes",
    multiple=True,
    metavar="PATH",
    help="An index to compare with (also: sources.index in bibtool.toml; may be repeated).",
)


@group.command("convert", short_help="Convert files to another format.")
@click.option("--from", "source", metavar="FORMAT", help="The format of the inputs (default: guessed for each).")
@click.option("-t", "--to", "target", required=True, metavar="FORMAT", help="The format to write.")
@click.option("--latex/--unicode", default=False, help="BibTeX with LaTeX escapes instead of Unicode.")
@click.option("--omit", metavar="FIELDS", help="Leave out these fields (default: [export] omit).")
@batch_options
def convert_command(app: App, /, source: str | None, target: str, latex: bool, omit: str | None, **options: Any) -> int:
    """Convert each file, as `bibtool convert` does: papers/a.ris becomes a.json in the output folder.

    Exit code 1 if a file or a record could not be read or written.
    """
    from bibtool.batch.work import Job

    return _run(app, Job("convert", _writing(app, source, target, latex=latex, omit=omit)), **options)


def _writing(app: App, source: str | None, target: str, *, latex: bool, omit: str | None) -> dict[str, Any]:
    """The options of a job that writes records in a format."""
    from bibtool.cli.targets import suffixes_of
    from bibtool.formats.registry import find_format, writer_of
    from bibtool.model.keys import DEFAULT_TEMPLATE

    form = find_format(target)
    writer_of(form.name)
    return {
        "source": find_format(source).name if source else None,
        "target": form.name,
        "suffix": next(iter(suffixes_of(form)), f".{form.name}"),
        "latex": latex,
        "omit": list(omit.split(",") if omit is not None else app.settings.omit),
        "key_template": app.settings.key_template or DEFAULT_TEMPLATE,
        "layout": asdict(app.layout()),
    }


@group.command("enrich", short_help="Complete the entries of files from indexes.")
@click.option("--from", "source", metavar="FORMAT", help="The format of the inputs (default: guessed for each).")
@click.option("-t", "--to", "target", metavar="FORMAT", help="The format to write (default: the project's dialect).")
@click.option("--latex/--unicode", default=False, help="BibTeX with LaTeX escapes instead of Unicode.")
@click.option("--omit", metavar="FIELDS", help="Leave out these fields (default: [export] omit).")
@index_option
@batch_options
def enrich_command(
    app: App,
    /,
    source: str | None,
    target: str | None,
    latex: bool,
    omit: str | None,
    indexes: tuple[str, ...],
    **options: Any,
) -> int:
    """Complete the entries of each file with what indexes have of the same works; no service is asked.

    papers/a.bib becomes a.bib in the output folder, laid out as by `bibtool export`; the inputs stay as they are. What
    an entry says is kept. An entry of which no index has the work, or one has several that it may be, is written
    without more. Exit code 1 if a file or a record could not be read or written.
    """
    from bibtool.batch.work import Job

    writing = _writing(app, source, target or app.settings.refs.dialect, latex=latex, omit=omit)
    return _run(app, Job("enrich", {**writing, "indexes": _index_places(app, indexes)}), **options)


@group.command("check", short_help="Find mistakes in BibTeX files.")
@click.option("--select", metavar="CODES", help="Only these rules, e.g. IDS,KEY001, or ALL (default: of the settings).")
@click.option("--ignore", metavar="CODES", help="Not these rules.")
@click.option(
    "--dialect",
    type=click.Choice(["auto", "bibtex", "biblatex"]),
    default=None,
    help="Whose entry types and fields count (default: the project's, or what each file uses).",
)
@batch_options
def check_command(app: App, /, select: str | None, ignore: str | None, dialect: str | None, **options: Any) -> int:
    """Check each BibTeX file by itself: refs.bib.json has the findings, as `bibtool check --json` gives them.

    Exit code 1 if there are problems that are more than notes.
    """
    from bibtool.batch.work import Job
    from bibtool.check.engine import codes_of
    from bibtool.check.settings import CheckSettings
    from bibtool.cli.check_run import refuse_unknown

    settings = app.settings.check
    chosen = {
        "select": _words(select) or list(settings.select),
        "ignore": [*([] if select else settings.ignore), *_words(ignore)],
        "dialect": dialect or (settings.dialect if "check.dialect" in app.settings.given else "auto"),
        "per_file_ignores": {path: list(codes) for path, codes in settings.per_file_ignores.items()},
    }
    codes_of(CheckSettings(select=tuple(_words(select)), ignore=tuple(_words(ignore))))
    both = CheckSettings(
        select=tuple(chosen["select"]), ignore=tuple(chosen["ignore"]), per_file_ignores=settings.per_file_ignores
    )
    refuse_unknown(both, app.settings)
    return _run(app, Job("check", chosen), **options)


@group.command("verify", short_help="Compare the entries of files with indexes.")
@index_option
@click.option(
    "--fail-on",
    default="contradicts,not-found,retracted",
    show_default=True,
    metavar="LIST",
    help="Verdicts that make the exit code 1; could-not-check is another one, and none.",
)
@batch_options
def verify_command(app: App, /, indexes: tuple[str, ...], fail_on: str, **options: Any) -> int:
    """Compare the entries of each file with indexes, as `bibtool verify --index` does, but ask no service.

    refs.bib.json has the verdicts, as `bibtool verify --json` gives them. `bibtool index add` makes an index.
    """
    from bibtool.batch.work import Job
    from bibtool.cli.verify import verdicts_of

    job = Job("verify", {"indexes": _index_places(app, indexes), "fail_on": sorted(verdicts_of(fail_on))})
    return _run(app, job, **options)


@group.command("dedupe", short_help="Find works that files have more than once.")
@click.option("--from", "source", metavar="FORMAT", help="The format of the inputs (default: guessed for each).")
@batch_options
def dedupe_command(
    app: App,
    /,
    source: str | None,
    patterns: tuple[str, ...],
    output: str,
    workers: int | None,
    scheduler: str | None,
    again: bool,
    as_json: bool,
) -> int:
    """Find the works that are in several files, or several times in one; nothing is merged.

    duplicates.jsonl has a line for each work that is there more than once: its entries, each with file, line and key,
    and why they are one work. A line that is not certain is for a person to look at. What counts as one work is the
    same as for `bibtool dedupe`. Exit code 1 if a file or a record could not be read.
    """
    from bibtool.batch.blocks import do_task
    from bibtool.batch.dedupe import RESULT, dedupe
    from bibtool.batch.work import Job
    from bibtool.formats.registry import find_format

    job = Job("dedupe", {"source": find_format(source).name if source else None})
    folder, inputs, spread = _prepared(patterns, output, workers, scheduler)

    def spread_tasks(step: Job, tasks: Sequence[Task]) -> Iterator[Outcome]:
        # one task is not worth the start of a process
        return map(partial(do_task, step, folder), tasks) if len(tasks) < 2 else spread(step, tasks, work=do_task)

    with _progress(app) as show:
        found = dedupe(job, inputs, folder, partial(spread, job), spread_tasks, again=again, progress=show)
    said = {"works": found.works, "entries": found.entries, "doubtful": found.doubtful}
    if as_json:
        print_json({**_summary(found.batch, output), **said})
    else:
        _say_troubled(found.batch)
        works = f"{count(found.works, 'work')} more than once ({count(found.entries, 'entry', 'entries')})"
        doubtful = f"; {count(found.doubtful, 'group')} of entries may be one work" if found.doubtful else ""
        app.say(f"{_files(found.batch, output)}; {works}{doubtful}")
        app.say(f"see {output.rstrip('/')}/{RESULT}")
    return FAILED if any(outcome.failed for outcome in found.batch.outcomes) else DONE


def _index_places(app: App, named: tuple[str, ...]) -> list[str]:
    """The indexes that are named, or those of the settings; raises `UsageError` for none."""
    from bibtool.cli.index import configured_indexes, opened
    from bibtool.store.index import is_address

    places = list(named) or configured_indexes(app)
    if not places:
        raise UsageError(
            "no index was named to compare with",
            hint="make one with `bibtool index add FILE --index my.index`, and name it with --index",
        )
    for place in places:
        with opened(place):
            pass
    return [place if is_address(place) else str(Path(place).absolute()) for place in places]


def _words(text: str | None) -> list[str]:
    return [word.strip() for word in (text or "").split(",") if word.strip()]


def _run(
    app: App,
    job: Job,
    *,
    patterns: tuple[str, ...],
    output: str,
    workers: int | None,
    scheduler: str | None,
    again: bool,
    as_json: bool,
) -> int:
    """Do the job for all inputs, show how far it is, and say what became of them."""
    from bibtool.batch.run import run_batch

    folder, inputs, spread = _prepared(patterns, output, workers, scheduler)
    with _progress(app) as show:
        result = run_batch(job, inputs, folder, partial(spread, job), again=again, progress=show)
    if as_json:
        print_json(_summary(result, output))
    else:
        _say(app, result, output)
    return FAILED if any(outcome.failed for outcome in result.outcomes) else DONE


def _prepared(
    patterns: tuple[str, ...], output: str, workers: int | None, scheduler: str | None
) -> tuple[Folder, list[Input], Callable[..., Iterator[Outcome]]]:
    """The folder of the outputs, the inputs, and what has a job done for some of them."""
    from bibtool.batch.files import Folder, find
    from bibtool.batch.spread import by_dask, by_processes

    if scheduler and workers:
        raise UsageError("--workers is for processes of this machine, and can't be combined with --scheduler")
    folder = Folder(output)
    inputs = find(patterns, without=output)
    if scheduler:
        return folder, inputs, partial(by_dask, folder=folder, address=scheduler)
    number = workers or _cores()

    def spread(job: Job, items: Sequence[Any], **work: Any) -> Iterator[Outcome]:
        return by_processes(job, items, folder, min(number, max(1, len(items))), **work)

    return folder, inputs, spread


@contextmanager
def _progress(app: App) -> Iterator[Callable[[Progress], None] | None]:
    """What shows how far a run is, on a terminal."""
    show = _show if sys.stderr.isatty() and not app.quiet else None
    try:
        yield show
    finally:
        if show is not None:
            click.echo("\r\x1b[K", err=True, nl=False)


def _cores() -> int:
    """The processors that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


def _show(progress: Progress) -> None:
    left = progress.left_s
    when = "" if left is None else f", {left:,.0f} s left"
    step, what = (f"{progress.step}: ", "part") if progress.step else ("", "file")
    line = f"{step}{progress.done:,} of {count(progress.total, what)}, {progress.rate:,.1f} per second{when}"
    click.echo(f"\r\x1b[K{line}", err=True, nl=False)


def _summary(result: BatchResult, output: str) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    for outcome in result.outcomes:
        counts.update(outcome.counts)
    return {
        "output": output,
        "files": len(result.outcomes),
        "done_now": result.done_now,
        "failed": sum(outcome.status == "failed" for outcome in result.outcomes),
        "with_problems": sum(outcome.failed for outcome in result.outcomes),
        "records": sum(outcome.records for outcome in result.outcomes),
        "counts": dict(sorted(counts.items())),
    }


_MAX_NAMED = 20


def _say_troubled(result: BatchResult) -> None:
    """Name the files with problems, the first of them."""
    troubled = [outcome for outcome in result.outcomes if outcome.failed]
    for outcome in troubled[:_MAX_NAMED]:
        more = f" (and {len(outcome.problems) - 1} more)" if len(outcome.problems) > 1 else ""
        click.echo(harmless(f"{outcome.problems[0] if outcome.problems else outcome.input}{more}"), err=True)
    if len(troubled) > _MAX_NAMED:
        click.echo(f"... and {count(len(troubled) - _MAX_NAMED, 'more file')} with problems", err=True)


def _files(result: BatchResult, output: str) -> str:
    """How many files and records there are, and how many files were left as they are."""
    said = _summary(result, output)
    told = f"{count(said['files'], 'file')}, {count(said['records'], 'record')}"
    unchanged = said["files"] - said["done_now"]
    return f"{told}; {unchanged:,} unchanged since the last run" if unchanged else told


def _say(app: App, result: BatchResult, output: str) -> None:
    _say_troubled(result)
    counts = [f"{number:,} {name}" for name, number in _summary(result, output)["counts"].items()]
    app.say("; ".join([_files(result, output), *counts]))
    app.say(f"see {output.rstrip('/')}/report.jsonl")
