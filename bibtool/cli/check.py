"""``bibtool check``: what is wrong with BibTeX files, and safe fixes."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bibtool import __version__
from bibtool.check import reports
from bibtool.check.docs import explain, listing
from bibtool.check.engine import check, codes_of
from bibtool.check.fixing import fix
from bibtool.check.settings import CheckSettings
from bibtool.check.source import CheckedFile
from bibtool.check.table import find_rule, rules
from bibtool.cli.common import (
    MAX_SHOWN,
    App,
    common_options,
    count,
    load_input,
    print_json,
    put_out,
    show_diff,
    shown_path,
)
from bibtool.errors import BibtoolError, ConfigError, InputError, OutputError, UnknownNameError, UsageError
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.check.fixing import Fixed
    from bibtool.check.rule import Finding, Rule

FORMATS = ("text", "concise", "json", "github", "sarif")

EPILOG = """\b
Examples:
  bibtool check refs.bib
  bibtool check --fix refs.bib                         mend what is safe to mend
  bibtool check --diff refs.bib                        show what --fix would do
  bibtool check --select ALL --ignore TXT,KEY006 *.bib
  bibtool check --statistics refs.bib
  bibtool check --output-format github refs.bib        annotations on GitHub
  bibtool check --explain IDS001
  bibtool check - < refs.bib

\b
A comment before an entry switches rules off for it:
  % bibtool: ignore=IDS001
"""


def _codes(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(code.strip() for value in values for code in value.split(",") if code.strip())


@click.command(epilog=EPILOG)
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option(
    "--select", multiple=True, metavar="CODES", callback=_codes, help="Only these rules, e.g. IDS,KEY001; ALL."
)
@click.option("--extend-select", multiple=True, metavar="CODES", callback=_codes, help="These rules too.")
@click.option("--ignore", multiple=True, metavar="CODES", callback=_codes, help="Not these rules.")
@click.option(
    "--dialect",
    type=click.Choice(["auto", "bibtex", "biblatex"]),
    default=None,
    help="Whose entry types and fields count (default: what each file uses).",
)
@click.option("--fix", "mend", is_flag=True, help="Mend what is safe to mend, in place.")
@click.option("--diff", is_flag=True, help="Change nothing; show what --fix would change.")
@click.option("--output-format", type=click.Choice(FORMATS), default="text", show_default=True, help="How to report.")
@click.option("--json", "as_json", is_flag=True, help="The same as --output-format json.")
@click.option("--statistics", is_flag=True, help="Only count the findings of each rule.")
@click.option("--exit-zero", is_flag=True, help="Exit code 0 even if there are problems.")
@click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit code 1 if something was mended, for hooks.")
@click.option("--explain", "explained", metavar="CODE", help="Explain a rule.")
@click.option("--list-rules", is_flag=True, help="List all rules.")
@common_options
@click.pass_obj
def command(
    app: App,
    files: tuple[str, ...],
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    dialect: str | None,
    mend: bool,
    diff: bool,
    output_format: str,
    as_json: bool,
    statistics: bool,
    exit_zero: bool,
    exit_non_zero_on_fix: bool,
    explained: str | None,
    list_rules: bool,
) -> int:
    """Check BibTeX FILES ("-" is standard input), all of them together, and report path:line:column: CODE message.

    Exit code 1 if problems remain that are more than notes. `[check]` in bibtool.toml sets select, ignore, dialect
    and per-file-ignores.
    """
    output_format = "json" if as_json else output_format
    if explained is not None:
        return _explain(find_rule(explained), output_format)
    if list_rules:
        return _list_rules(output_format)
    if not files:
        raise UsageError("which files are to be checked?", hint="`bibtool check refs.bib`, or - for standard input")
    options = _options(app, select, extend_select, ignore, dialect)
    sources, originals = _load(files)
    fixed: Fixed | None = None
    if mend or diff:
        fixed = fix(sources, options)
        if diff:
            for old, new in zip(sources, fixed.files, strict=True):
                show_diff(old.text, new.text, old.path, "fixed")
            return _summary(app, check(sources, options), (), sources, exit_zero=exit_zero)
        failed = _write(app, originals, fixed)
        sources, findings, done = fixed.files, fixed.remaining, fixed.fixed
    else:
        failed, findings, done = False, _check(app, sources, options), ()
    on_stdout = not (mend and "-" in files)  # there the mended file is on standard output
    _report(findings, done, sources, output_format, statistics=statistics, err=not on_stdout)
    code = _summary(app, findings, done, sources, exit_zero=exit_zero, announce=output_format in ("text", "concise"))
    if failed or (done and exit_non_zero_on_fix):
        code = 1
    return code


def _check(app: App, sources: tuple[CheckedFile, ...], options: CheckSettings) -> tuple[Finding, ...]:
    """The findings; the file that `bibtool refs` writes is checked by itself, as it repeats entries of its sources."""
    settings = app.settings
    if len(sources) < 2 or settings.folder is None or not (settings.folder / settings.refs.lock).exists():
        return check(sources, options)
    output = os.path.realpath(settings.folder / settings.refs.output)
    written = tuple(source for source in sources if os.path.realpath(source.path) == output)
    rest = tuple(source for source in sources if source not in written)
    return (*check(rest, options), *check(written, options)) if written and rest else check(sources, options)


def _options(
    app: App, select: tuple[str, ...], extend: tuple[str, ...], ignore: tuple[str, ...], dialect: str | None
) -> CheckSettings:
    """The options of the command line over those of the project; misspelt codes are errors."""
    settings = app.settings
    chosen = select or settings.check.select
    if extend and not chosen:
        chosen = tuple(code for code, rule in rules().items() if rule.default)
    options = replace(
        settings.check,
        select=(*chosen, *extend),
        ignore=(*(settings.check.ignore if not select else ()), *ignore),
        dialect=dialect or settings.check.dialect,
    )
    if options.dialect not in ("auto", "bibtex", "biblatex"):
        raise ConfigError(
            f"check.dialect must be auto, bibtex or biblatex, not {options.dialect!r}", path=str(settings.path)
        )
    codes_of(CheckSettings(select=select + extend, ignore=ignore))
    try:
        codes_of(options)
    except UnknownNameError as error:
        raise ConfigError(error.message, path=str(settings.path), hint=error.hint) from error
    return options


def _load(files: Sequence[str]) -> tuple[tuple[CheckedFile, ...], dict[str, bytes]]:
    """The files in order, each once, and their bytes; one that can't be read becomes a finding."""
    sources: list[CheckedFile] = []
    originals: dict[str, bytes] = {}
    seen: set[str] = set()
    for path in files:
        real = path if path == "-" else os.path.realpath(path)
        if real in seen:
            continue
        seen.add(real)
        name = shown_path(path)
        try:
            data = load_input(path)
        except InputError as error:
            sources.append(CheckedFile.unreadable(name, error.message))
            continue
        originals[name] = data
        sources.append(CheckedFile.from_bytes(data, name))
    return tuple(sources), originals


def _write(app: App, originals: dict[str, bytes], fixed: Fixed) -> bool:
    """Replace the files that changed; whether one could not be written."""
    from bibtool.files import write_atomic

    failed = False
    for source in fixed.files:
        before = originals.get(source.path)
        if before is None:
            continue
        after = source.document.to_bytes()
        if source.path == "<stdin>":
            put_out(after)
        elif after != before:
            try:
                if load_input(source.path) != before:
                    raise OutputError("was changed by another program meanwhile", path=source.path)
                write_atomic(Path(source.path), after)
            except BibtoolError as error:
                click.echo(f"bibtool: {error}", err=True)
                failed = True
                continue
        done = [finding for finding in fixed.fixed if finding.hit.file.path == source.path]
        for finding in done[:MAX_SHOWN]:
            description = finding.hit.fix.description if finding.hit.fix else ""
            key = f" ({finding.key})" if finding.key else ""
            app.say(f"fixed {source.path}:{finding.line}:{finding.column}: {finding.code} {description}{key}")
        if len(done) > MAX_SHOWN:
            app.say(f"... and {len(done) - MAX_SHOWN} more fixes in {source.path}")
    return failed


def _report(
    findings: Sequence[Finding],
    done: Sequence[Finding],
    sources: Sequence[CheckedFile],
    output_format: str,
    *,
    statistics: bool,
    err: bool,
) -> None:
    if statistics and output_format == "json":
        text = json.dumps(reports.counts(findings), ensure_ascii=False, indent=2) + "\n"
    elif statistics:
        text = reports.statistics(findings)
    elif output_format == "json":
        text = reports.to_json(
            findings,
            fixed=done,
            entries=sum(len(source.document.entries) for source in sources),
            files=[source.path for source in sources],
        )
    elif output_format == "sarif":
        text = reports.to_sarif(findings, __version__)
    else:
        text = reports.FORMATS[output_format](findings)
    click.echo(text, nl=False, err=err)


def _summary(
    app: App,
    findings: Sequence[Finding],
    done: Sequence[Finding],
    sources: Sequence[CheckedFile],
    *,
    exit_zero: bool,
    announce: bool = True,
) -> int:
    """Say how many problems there are; the exit code."""
    bad = any(finding.severity is not Severity.NOTE for finding in findings)
    if announce:
        entries = sum(len(source.document.entries) for source in sources)
        what = count(len(findings), "problem") if findings else "no problems"
        parts = [f"{what} in {count(entries, 'entry', 'entries')}"]
        if len(sources) > 1:
            parts[0] += f" of {len(sources)} files"
        if done:
            parts.append(f"{len(done)} fixed")
        if fixable := sum(finding.hit.fix is not None for finding in findings):
            parts.append(f"{fixable} can be fixed with --fix")
        app.say("; ".join(parts))
    return 1 if bad and not exit_zero else 0


def _explain(rule: Rule, output_format: str) -> int:
    if output_format == "json":
        print_json({**_rule(rule), "explanation": rule.doc})
    else:
        click.echo(explain(rule), nl=False)
    return 0


def _list_rules(output_format: str) -> int:
    if output_format == "json":
        print_json([_rule(rule) for rule in rules().values()])
    else:
        click.echo(listing(), nl=False)
    return 0


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": str(rule.severity),
        "default": rule.default,
        "fixable": rule.fixable,
        "summary": rule.summary,
    }
