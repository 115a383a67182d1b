"""``bibtool diff``: two bibliographies compared by meaning."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bibtool.cli.common import App, common_options, json_option, load_input, print_json, use_colour
from bibtool.cli.library import printable
from bibtool.errors import InputError, UsageError
from bibtool.problems import Severity
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.formats.base import ReadResult
    from bibtool.model.record import Record
    from bibtool.project.compare import Comparison, EntryChange

EPILOG = """\b
Examples:
  bibtool diff old.bib refs.bib
  bibtool diff refs.bib refs.json             any two formats
  git show HEAD~:refs.bib | bibtool diff - refs.bib
  bibtool diff --json old.bib refs.bib
"""


@click.command("diff", epilog=EPILOG)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--bytes", "by_bytes", is_flag=True, help="Count differences in spelling and layout, too.")
@click.option("--from", "format_", metavar="FORMAT", help="The format of both, where it can't be guessed.")
@json_option
@common_options
@click.pass_obj
def command(app: App, old: str, new: str, by_bytes: bool, format_: str | None, as_json: bool) -> int:
    """Compare two bibliographies in any format by what they say ("-" is standard input).

    LaTeX spelling, order, braces and white space don't count. Exit code 0: the same, 1: different, 2: a file that can't
    be read.
    """
    from bibtool.project.compare import compare, spelling_changes, summary, to_json

    if old == new == "-":
        raise UsageError("only one of the two can be standard input")
    try:
        data = [load_input(path) for path in (old, new)]
        results = [_read(app, side, path, format_) for side, path in zip(data, (old, new), strict=True)]
    except InputError as error:
        raise UsageError(str(error), hint=error.hint) from error
    broken = [[p.raw for p in result.problems if p.raw and p.severity is Severity.ERROR] for result in results]
    comparison = compare(results[0].records, results[1].records, unreadable=(broken[0], broken[1]))
    if by_bytes:
        from bibtool.bib.document import Document

        documents = [Document.from_bytes(side) for side in data]
        if all(document.entries for document in documents):
            respelt = spelling_changes(documents[0], documents[1], comparison)
            comparison = replace(comparison, changed=comparison.changed + respelt)
    bytes_differ = by_bytes and data[0] != data[1]
    if as_json:
        print_json({**to_json(comparison), **({"same_bytes": not bytes_differ} if by_bytes else {})})
    else:
        for line in lines_of(comparison, colour=use_colour(sys.stdout)):
            click.echo(line)
        if not comparison.same:
            app.say(summary(comparison.counts()))
        elif bytes_differ:
            app.say("the files say the same, but their bytes differ")
    return 0 if comparison.same and not bytes_differ else 1


def _read(app: App, data: bytes, path: str, format_: str | None) -> ReadResult:
    from bibtool.formats.base import ReadResult
    from bibtool.formats.registry import read_bytes

    if not data.strip():
        return ReadResult()  # /dev/null, as git gives it for a file that is not there
    return read_bytes(data, format_, app.read_options(path))


def lines_of(comparison: Comparison, *, colour: bool = False) -> Iterator[str]:
    """The comparison for people: "-" gone, "+" new, "~" changed, with the values that differ below."""
    from bibtool.model.describe import type_word

    def paint(text: str, name: str) -> str:
        return click.style(text, fg=name) if colour else text

    for record in comparison.removed:
        yield paint(f"- {_named(record)}", "red")
    for record in comparison.added:
        yield paint(f"+ {_named(record)}", "green")
    for change in comparison.changed:
        yield paint(f"~ {_head(change)}", "yellow")
        for field in change.fields:
            show = type_word if field.name == "type" else printable
            if field.old:
                yield paint(f"    - {field.name}: {show(field.old)}", "red")
            if field.new:
                yield paint(f"    + {field.name}: {show(field.new)}", "green")
    for raw in comparison.unreadable:
        yield paint(f"? {printable(raw)[:200]}", "magenta")


def _named(record: Record) -> str:
    return printable("  ".join(part for part in (record.key, str(record.year or ""), record.title) if part))


def _head(change: EntryChange) -> str:
    from bibtool.project.compare import WORDS

    key = change.key if change.key == change.old_key else f"{change.old_key} -> {change.key}"
    return printable(f"{key}  ({', '.join(WORDS[name][0] for name in change.classes)})")
