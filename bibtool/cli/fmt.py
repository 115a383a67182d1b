"""``bibtool fmt``: BibTeX files tidied in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bibtool.cli.common import (
    App,
    NumberWithin,
    common_options,
    count,
    json_option,
    load_input,
    print_json,
    put_out,
    show_diff,
    shown_path,
)
from bibtool.cli.streams import harmless
from bibtool.errors import BibtoolError, UsageError
from bibtool.formats.bibtex.tidy.options import option_table
from bibtool.problems import Severity
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bibtool.formats.bibtex.tidy.options import TidyOptions
    from bibtool.problems import Problem

EPILOG = """\b
Examples:
  bibtool fmt refs.bib                              tidy the file in place
  bibtool fmt --check refs.bib                      exit code 1 if it is not tidy
  bibtool fmt --diff --curly --months refs.bib      show what would change
  bibtool fmt --sort key --sort-fields default refs.bib
  bibtool fmt - < refs.bib                          from standard input to standard output
"""

# problems of tidying itself
_OWN_CODES = frozenset({"fmt-not-sorted", "fmt-not-tidied", "no-latex-form"})


def _tidy_options(function: Callable[..., int]) -> Callable[..., int]:
    """One option of the command line for each row of the table."""
    for name, default, help_, takes_names in reversed(option_table()):
        flag = "--" + name.replace("_", "-")
        if isinstance(default, bool):
            declaration: Any = click.option(f"{flag}/--no-{flag[2:]}", name, default=None, help=help_)
        elif isinstance(default, int):
            declaration = click.option(flag, name, type=NumberWithin(0, 10_000), default=None, help=help_)
        else:
            metavar = "FIELDS" if takes_names else "TEMPLATE"
            declaration = click.option(flag, name, metavar=metavar, default=None, help=help_)
        function = declaration(function)
    return function


def _options(app: App, given: dict[str, Any]) -> TidyOptions:
    """The options of the command line over those of the project."""
    chosen: dict[str, Any] = {}
    for name, _, _, takes_names in option_table():
        value = given[name]
        if value is None:
            continue
        if takes_names:
            value = tuple(part.strip().lower() for part in value.split(",") if part.strip())
        chosen[name] = value
    options = replace(app.layout(), **chosen)
    if options.escape and options.unescape:
        raise UsageError("--escape and --unescape contradict each other")
    return options


@click.command(epilog=EPILOG)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 if a file is not tidy.")
@click.option("--diff", is_flag=True, help="Change nothing; show what would change.")
@click.option("--fail-on-change", is_flag=True, help="Exit code 1 if a file was changed, for hooks.")
@_tidy_options
@json_option
@common_options
@click.pass_obj
def command(
    app: App, /, files: tuple[str, ...], check: bool, diff: bool, fail_on_change: bool, as_json: bool, **given: Any
) -> int:
    """Tidy BibTeX FILES in place ("-": from standard input to standard output).

    Without options only the layout changes: no value, order or key. Comments, @string, unknown fields and broken
    entries are kept. The result is read again before the file is replaced as a whole; if anything would be lost the
    file is left alone. `[fmt]` in bibtool.toml sets the same options.
    """
    from bibtool.files import read_for_rewrite, rewrite
    from bibtool.formats.bibtex.tidy.run import tidy

    options = _options(app, given)
    changed: list[str] = []
    renamed: dict[str, dict[str, str]] = {}
    code = 0
    for path in files:
        name = shown_path(path)
        try:
            original = None if path == "-" or check or diff else read_for_rewrite(path)
            data = load_input(path) if original is None else original.data
            result = tidy(data, options, name)
            code = max(code, _report(app, result.problems, name))
            if result.renamed:
                renamed[name] = dict(result.renamed)
            if result.data != data:
                changed.append(name)
            if diff:
                before, after = (side.decode("utf-8", "replace") for side in (data, result.data))
                show_diff(before, after, path, "tidied")
            elif original is not None:
                rewrite(original, result.data)
            elif not check:
                put_out(result.data)
        except BibtoolError as error:
            if len(files) == 1:
                raise
            click.echo(harmless(f"bibtool: {error}"), err=True)
            code = 1
    if as_json:
        click.echo("", nl=False) if diff else print_json({"changed": changed, "renamed": renamed})
    else:
        _summary(app, files, changed, renamed, preview=check or diff)
    if changed and (check or fail_on_change):
        code = max(code, 1)
    return code


def _report(app: App, problems: Sequence[Problem], name: str) -> int:
    """Report what kept a file or a part of it from being tidied; the exit code: 1 if a part can't be read.

    What is doubtful but was tidied all the same, such as a key that occurs twice, is for `bibtool check` to explain.
    """
    hindrances = [problem for problem in problems if problem.severity is Severity.ERROR or problem.code in _OWN_CODES]
    app.report(hindrances)
    others = sum(problem.severity is Severity.WARNING for problem in problems) - sum(
        problem.severity is Severity.WARNING for problem in hindrances
    )
    if others:
        app.say(f"{name}: {count(others, 'warning')}; `bibtool check {name}` shows {'it' if others == 1 else 'them'}")
    return int(any(problem.severity is Severity.ERROR for problem in hindrances))


def _summary(
    app: App, files: tuple[str, ...], changed: list[str], renamed: dict[str, dict[str, str]], *, preview: bool
) -> None:
    verb = "would be tidied" if preview else "tidied"
    for name in changed:
        app.say(f"{name}: {verb}")
        for old, new in renamed.get(name, {}).items():
            app.say(f"  key {old} -> {new}")
    if not changed:
        app.say("nothing to change" if len(files) == 1 else f"nothing to change in {count(len(files), 'file')}")
