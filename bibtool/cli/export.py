"""``bibtool export``, and what `bibtool convert` shares with it: records to bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bibtool.cli.common import App, F, OptionWithAliases, common_options, holding_records, library_option, write_output
from bibtool.cli.formatted import LISTS, check_list_options, render_list
from bibtool.cli.grouping import grouped, summed_up
from bibtool.cli.targets import format_of
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bibtool.model.record import Record
    from bibtool.problems import Problem


def write_records(
    app: App,
    records: Iterable[Record],
    target: str,
    output: str | None,
    *,
    style: str | None,
    locale: str | None,
    fragment: bool,
    latex: bool,
    keep_order: bool,
    omit: str | None,
) -> int:
    """Write the records in a format or as a formatted list; the exit code that the problems of writing ask for.

    Records are taken one by one where the format is written so. Nothing is put out, or said, before the last one.
    """
    from bibtool.formats.base import WriteOptions, all_of, in_portions, joined

    problems: Sequence[Problem]
    names: tuple[str, ...] = ()
    present: set[str] = set()
    if omit or app.settings.omit:
        from bibtool.formats.omit import lower_names, noting_fields

        names = lower_names(omit.split(",") if omit is not None else app.settings.omit)
        records = noting_fields(records, present)
    if target in LISTS:
        records = all_of(records)
        _check_names(names, present)
        data, problems = render_list(
            _without(records, names),
            target,
            app=app,
            style=style,
            locale=locale,
            keep_order=keep_order,
            page=not fragment,
        )
    else:
        from bibtool.formats.registry import write_each

        layout = replace(app.layout(), sort=()) if keep_order else app.layout()
        wanted = WriteOptions(latex=latex, omit=names, layout=layout)
        result = joined(write_each(in_portions(records), target, wanted))
        _check_names(names, present)
        data, problems = result.data, result.problems
    code = app.report(summed_up(problems))
    write_output(data, output, app)
    return code


def _without(records: list[Record], names: tuple[str, ...]) -> Sequence[Record]:
    if not names:
        return records
    from bibtool.formats.omit import without_fields

    return without_fields(records, names)


def _check_names(names: tuple[str, ...], present: set[str]) -> None:
    """Raise `UnknownNameError` for a field to leave out that looks misspelt."""
    if names:
        from bibtool.formats.omit import field_names

        field_names(names, present)


def list_options(function: F) -> F:
    """``--omit``, ``--style``, ``--locale`` and ``--fragment``, for what `write_records` does."""
    function = click.option(
        "--omit", metavar="FIELDS", help="Leave out these fields, e.g. abstract,keywords (default: [export] omit)."
    )(function)
    function = click.option("--fragment", is_flag=True, help="Only the list, for html: not a page of its own.")(
        function
    )
    function = click.option("--locale", metavar="LANG", help="Language of a formatted list and of --sort, e.g. de-DE.")(
        function
    )
    return click.option(
        "--style",
        metavar="NAME",
        help="Style of a formatted list: a CSL style (`bibtool styles`), a .csl or .bst file, or plain, alpha, unsrt, "
        "abbrv. Default: apa.",
    )(function)


EPILOG = """\b
Examples:
  bibtool export -o refs.bib --omit abstract,keywords
  bibtool export -o papers.html --style alpha
  bibtool export --format csl-json --where 'year>=2021' --sort -year
"""


@click.command(epilog=EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option(
    "--format",
    "-f",
    "--to",
    "-t",
    "target",
    cls=OptionWithAliases,
    metavar="FORMAT",
    help="What is written; see `bibtool formats`. Default: from the suffix of -o, or the project's BibTeX dialect.",
)
@list_options
@click.option("--where", metavar="CONDITION", help="Only records that fit, e.g. 'year>=2021 and type==preprint'.")
@click.option("--sort", metavar="FIELDS", help="Order, e.g. -year,author,title (default: by key).")
@click.option("--latex/--unicode", default=False, help="BibTeX with LaTeX escapes instead of Unicode.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE, whole or not at all, instead of standard output.")
@library_option
@common_options
@click.pass_obj
@holding_records
def command(
    app: App,
    /,
    keys: tuple[str, ...],
    target: str | None,
    where: str | None,
    sort: str | None,
    latex: bool,
    output: str | None,
    **listing: Any,
) -> int:
    """Write the records of the library, or those with the given KEYs, in a format or as a formatted list.

    The same library gives the same bytes on every run. BibTeX is laid out as by `bibtool fmt`, by the settings under
    [fmt] in bibtool.toml.
    """
    form = format_of(app, target, output, option="--format") or app.settings.refs.dialect
    check_list_options(app, form, listing["style"], listing["locale"], sorts=bool(sort))
    records = _selected(app, keys, where, sort, listing["locale"] or "")
    return write_records(app, records, form, output, latex=latex, keep_order=bool(sort), **listing)


def _selected(app: App, keys: tuple[str, ...], where: str | None, sort: str | None, language: str) -> Iterator[Record]:
    """The chosen records of the library, one by one; after the last one a message names the retracted ones."""
    from bibtool.cli.library import printable, selected
    from bibtool.model.works.retractions import retraction_of

    found = False
    retracted: list[tuple[str, str]] = []
    for record in selected(app, keys, where, sort, language):
        found = True
        if said := retraction_of(record):
            retracted.append((record.key, said))
        yield record
    if not found:
        app.say("no records to export" + ("" if where or keys else "; `bibtool import FILE` fills the library"))
    for line in grouped("RETRACTED", retracted, verbose=True):
        app.say(printable(line))
