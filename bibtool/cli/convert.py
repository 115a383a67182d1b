"""``bibtool convert``: from one format to another without a library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bibtool.cli.common import App, OptionWithAliases, as_of_option, common_options, load_input, records_in
from bibtool.cli.exits import DONE, worst
from bibtool.cli.export import list_options, write_records
from bibtool.cli.formatted import check_list_options
from bibtool.cli.targets import format_of
from bibtool.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Generator, Iterable

    from bibtool.model.record import Record

EPILOG = """\b
Examples:
  bibtool convert profile.txt --from listing --to csl-json
  bibtool convert refs.bib --to csl-json -o refs.json
  bibtool convert refs.bib --style apa          as a list in that style
  cat refs.bib | bibtool convert - --to html > refs.html
  bibtool convert refs.bib --to csl-json --middleware bibtexparser.middlewares:MonthIntMiddleware
"""


@click.command(epilog=EPILOG)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--from", "source", metavar="FORMAT", help="The format of the input (default: guessed).")
@click.option(
    "--to",
    "-t",
    "--format",
    "-f",
    "target",
    cls=OptionWithAliases,
    metavar="FORMAT",
    help="The format to write (default: by the suffix of -o).",
)
@list_options
@click.option("--where", metavar="CONDITION", help="Only records that fit, e.g. 'year>=2021'.")
@click.option("--sort", metavar="FIELDS", help="Order, e.g. -year,author (default: that of the input).")
@click.option("--latex/--unicode", default=False, help="BibTeX with LaTeX escapes instead of Unicode.")
@click.option(
    "--middleware",
    "middlewares",
    multiple=True,
    metavar="MODULE:CLASS",
    help="Run a middleware of bibtexparser over the entries before they become records (repeatable, in order).",
)
@as_of_option
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of standard output.")
@common_options
@click.pass_obj
def command(
    app: App,
    /,
    files: tuple[str, ...],
    source: str | None,
    target: str | None,
    where: str | None,
    sort: str | None,
    latex: bool,
    middlewares: tuple[str, ...],
    as_of: dt.date | None,
    output: str | None,
    **listing: Any,
) -> int:
    """Read FILES ("-" is standard input) and write their records in another format or as a formatted list.

    What could not be read or held is reported on standard error, and the rest is written all the same. The exit code
    is 1 if something was lost.

    --middleware imports the module that it names and so runs its code. Input that is not BibTeX passes through as
    BibTeX entries.
    """
    if target is None and output is None and listing["style"]:
        target = "text"  # a style alone asks for a list to be read
    form = format_of(app, target, output, option="--to")
    if form is None:
        raise UsageError("no output format", hint="name it with --to (`bibtool formats`), or by the suffix of -o FILE")
    check_list_options(app, form, listing["style"], listing["locale"], sorts=bool(sort))
    test = None
    if where:
        from bibtool.model.query import parse_where

        test = parse_where(where)
    from bibtool.formats.base import all_of
    from bibtool.formats.returning import Returning

    reading = Returning(
        _read_with(middlewares, app, files, source, as_of) if middlewares else records_in(app, files, source, as_of),
        DONE,
    )
    records: Iterable[Record] = reading
    if test is not None:
        records = filter(test, records)
    if sort:
        from bibtool.model.query import sort_records

        records = sort_records(all_of(records), sort, listing.get("locale") or "")
    named = app.with_keys(records)
    code = write_records(app, named, form, output, latex=latex, keep_order=bool(sort), **listing)
    return worst(reading.returned, code)


def _read_with(
    names: tuple[str, ...], app: App, files: tuple[str, ...], source: str | None, as_of: dt.date | None
) -> Generator[Record, None, int]:
    """What `records_in` gives, after the middlewares of these names, one file after the other."""
    from bibtool.bib.document import Document
    from bibtool.formats.registry import find_format, guess_format, read_bytes
    from bibtool.interop import apply_middlewares, find_middleware

    middlewares = [find_middleware(name) for name in names]
    code = DONE
    for path in files:
        data = load_input(path)
        options = app.read_options(path, as_of, noted=False)
        format_name = find_format(source).name if source else guess_format(data, options.path).name
        if format_name in ("bibtex", "biblatex"):
            changed = apply_middlewares(Document.from_bytes(data, options.path), middlewares)
            result = read_bytes(changed.document.to_bytes(), format_name, options)
        else:
            original = read_bytes(data, format_name, options)
            code = worst(code, app.report(original.problems))
            changed = apply_middlewares(original.records, middlewares)
            result = changed.read(options)
        code = worst(code, app.report((*changed.problems, *result.problems)))
        yield from result.records
    return code
