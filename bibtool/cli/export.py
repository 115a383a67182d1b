"""``bibtool export``, and what `bibtool convert` shares with it: records to bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bibtool.cli.common import App, F, common_options, library_option, write_output
from bibtool.cli.formatted import LISTS, check_list_options, render_list
from bibtool.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record
    from bibtool.problems import Problem


def check_target(name: str) -> str:
    """The target's own name; raises `UnknownNameError` with suggestions, `UsageError` if it can't be written."""
    from bibtool.formats.registry import FORMATS, find_format, writer_of

    if name.casefold() in LISTS:
        return name.casefold()
    try:
        chosen = find_format(name)
    except UnknownNameError:
        known = [f.name for f in FORMATS if f.writer] + list(LISTS)
        raise UnknownNameError("format", name, known, hint="`bibtool formats` lists them") from None
    writer_of(chosen.name)
    return chosen.name


def write_records(
    app: App,
    records: Sequence[Record],
    target: str,
    output: str | None,
    *,
    style: str | None,
    locale: str | None,
    fragment: bool,
    latex: bool,
    keep_order: bool,
) -> int:
    """Write the records in a format or as a formatted list; the exit code that the problems of writing ask for."""
    problems: Sequence[Problem]
    if target in LISTS:
        data, problems = render_list(
            records, target, app=app, style=style, locale=locale, keep_order=keep_order, page=not fragment
        )
    else:
        from bibtool.formats.base import WriteOptions
        from bibtool.formats.registry import write_bytes

        result = write_bytes(records, target, WriteOptions(latex=latex))
        data, problems = result.data, result.problems
    code = app.report(problems)
    write_output(data, output, app)
    return code


def list_options(function: F) -> F:
    """``--style``, ``--locale`` and ``--fragment``, for all that writes formatted lists; see `write_records`."""
    function = click.option("--fragment", is_flag=True, help="Only the list, for html: not a page of its own.")(
        function
    )
    function = click.option("--locale", metavar="LANG", help="Language of a formatted list, e.g. de-DE.")(function)
    return click.option(
        "--style",
        metavar="NAME",
        help="Style of a formatted list: a CSL style (`bibtool styles`), a .csl or .bst file, or plain, alpha, unsrt, "
        "abbrv. Default: apa.",
    )(function)


EPILOG = """\b
Examples:
  bibtool export --format bibtex > refs.bib
  bibtool export --format html --style alpha -o papers.html
  bibtool export --format csl-json --where 'year>=2021' --sort -year
"""


@click.command(epilog=EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option(
    "--format", "-f", "target", default="bibtex", show_default=True, metavar="FORMAT", help="See `bibtool formats`."
)
@list_options
@click.option("--where", metavar="CONDITION", help="Only records that fit, e.g. 'year>=2021 and type==preprint'.")
@click.option("--sort", metavar="FIELDS", help="Order, e.g. -year,author,title (default: by key).")
@click.option("--latex/--unicode", default=False, help="BibTeX with LaTeX escapes instead of Unicode.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE, whole or not at all, instead of standard output.")
@library_option
@common_options
@click.pass_obj
def command(
    app: App,
    /,
    keys: tuple[str, ...],
    target: str,
    where: str | None,
    sort: str | None,
    latex: bool,
    output: str | None,
    **listing: Any,
) -> int:
    """Write the records of the library, or those with the given KEYs, in a format or as a formatted list.

    The same library gives the same bytes on every run.
    """
    from bibtool.cli.library import select

    target = check_target(target)
    check_list_options(app, target, listing["style"], listing["locale"])
    records = select(app, keys, where, sort)
    if not records:
        app.say("no record to export" + ("" if where or keys else "; `bibtool import FILE` fills the library"))
    return write_records(app, records, target, output, latex=latex, keep_order=bool(sort), **listing)
