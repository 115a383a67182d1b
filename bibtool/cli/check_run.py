"""What `bibtool check` does. Without click, see `bibtool.cli.direct`."""

from __future__ import annotations

import sys
from collections import Counter

from bibtool import __version__
from bibtool.check import reports
from bibtool.check.docs import explain, listing
from bibtool.check.engine import codes_of
from bibtool.check.settings import CheckSettings
from bibtool.check.table import find_rule, rules
from bibtool.cli.app import MAX_SHOWN, count, use_colour
from bibtool.cli.bibfiles import file_groups
from bibtool.cli.checkfiles import load_groups, run_add_ignores, run_check, run_fix, write_files
from bibtool.cli.streams import print_json, put, tell
from bibtool.errors import UnknownNameError, UsageError
from bibtool.problems import Severity
from bibtool.structs import replace

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from bibtool.check.rule import Finding, Rule
    from bibtool.cli.app import App
    from bibtool.cli.checkfiles import CheckRun
    from bibtool.cli.config import Settings

MAX_NAMED = 5  # files that are named where none was given


def run(
    app: App,
    *,
    files: Sequence[str] = (),
    select: tuple[str, ...] = (),
    extend_select: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
    dialect: str | None = None,
    fixing: bool = False,
    ignoring: bool = False,
    diff: bool = False,
    output_format: str = "text",
    as_json: bool = False,
    statistics: bool = False,
    exit_zero: bool = False,
    exit_non_zero_on_fix: bool = False,
    explained: str | None = None,
    list_rules: bool = False,
) -> int:
    """The exit code of ``bibtool check`` with these files and options."""
    output_format = "json" if as_json else output_format
    if explained is not None:
        return _explain(find_rule(explained), output_format)
    if list_rules:
        return _list_rules(output_format)
    if fixing and ignoring:
        raise UsageError("--fix and --add-ignores contradict each other", hint="fix first, then ignore what remains")
    options, origin = _options(app, select, extend_select, ignore, dialect)
    paths = file_groups(files, app, rewrite=fixing or ignoring)
    announce = output_format in ("text", "concise")
    if not files and announce:
        _announce(app, [path for group in paths for path in group])
    if (fixing or ignoring) and not diff:
        from bibtool.files import refuse_special

        for path in (path for group in paths for path in group if path != "-"):
            refuse_special(path)
    groups, originals = load_groups(paths, app.settings)
    change = run_add_ignores if ignoring else run_fix if fixing or diff else run_check
    done = change(groups, options)
    if diff:
        from bibtool.cli.common import show_diff

        for old, new in zip(done.before, done.after, strict=True):
            show_diff(old.text, new.text, old.path, "with ignore comments" if ignoring else "fixed")
        done = run_check(groups, options)
        return _summary(app, done, origin, exit_zero=exit_zero)
    if fixing or ignoring:
        done = write_files(done, originals)
        _say_ignored(app, done)
        _say_fixed(app, done)
    on_stdout = not ((fixing or ignoring) and "-" in files)  # there the changed file is on standard output
    _report(done, output_format, statistics=statistics, err=not on_stdout)
    code = _summary(app, done, origin, exit_zero=exit_zero, announce=announce)
    if done.failed or (done.fixed and exit_non_zero_on_fix):
        code = 1
    return code


def _options(
    app: App, select: tuple[str, ...], extend: tuple[str, ...], ignore: tuple[str, ...], dialect: str | None
) -> tuple[CheckSettings, str]:
    """The options of the command line over those of the project; misspelt codes are errors.

    Also where the dialect is from: a setting of the project, or "" for the command line and for what files show.
    """
    settings = app.settings
    chosen = select or settings.check.select
    if extend and not chosen:
        chosen = tuple(code for code, rule in rules().items() if rule.default)
    origin = ""
    if dialect is None:
        origin = next((name for name in ("check.dialect", "refs.dialect") if name in settings.given), "")
        dialect = settings.refs.dialect if origin == "refs.dialect" else settings.check.dialect
    options = replace(
        settings.check,
        select=(*chosen, *extend),
        ignore=(*(settings.check.ignore if not select else ()), *ignore),
        dialect=dialect,
    )
    if options.dialect not in ("auto", "bibtex", "biblatex"):
        wrong = UsageError(f"must be auto, bibtex or biblatex, not {options.dialect!r}")
        raise settings.error_in("check.dialect", wrong, joined=" ")
    codes_of(CheckSettings(select=select + extend, ignore=ignore))
    refuse_unknown(options, settings)
    if not origin or settings.path is None or dialect == "auto":
        return options, ""
    table, _, name = origin.partition(".")
    return options, f"judged as {_DIALECTS[dialect]} ([{table}] {name} in {settings.path.name})"


def refuse_unknown(options: CheckSettings, settings: Settings) -> None:
    """Nothing; raises `UsageError` for a code that no rule has: `ConfigError` where it is one of the settings."""
    try:
        codes_of(options)
    except UnknownNameError:
        check = settings.check
        ignored = {f"check.per-file-ignores.{pattern}": codes for pattern, codes in check.per_file_ignores.items()}
        for within, codes in {"check.select": check.select, "check.ignore": check.ignore, **ignored}.items():
            try:
                codes_of(CheckSettings(ignore=codes))
            except UnknownNameError as error:
                name = "check.per-file-ignores" if within in ignored else within
                raise settings.error_in(name, error, within=within) from error
        raise


_DIALECTS = {"bibtex": "BibTeX", "biblatex": "BibLaTeX"}


def _announce(app: App, paths: Sequence[str]) -> None:
    """Which files were found where none was named."""
    more = f" and {len(paths) - MAX_NAMED:,} more" if len(paths) > MAX_NAMED else ""
    app.say(f"checking {', '.join(paths[:MAX_NAMED])}{more}")


def _say_fixed(app: App, run: CheckRun) -> None:
    by_path: dict[str, list[Finding]] = {}
    for finding in run.fixed:
        by_path.setdefault(finding.hit.file.path, []).append(finding)
    for path, fixed in by_path.items():
        for finding in fixed[:MAX_SHOWN]:
            description = finding.hit.fix.description if finding.hit.fix else ""
            key = f" ({finding.key})" if finding.key else ""
            app.say(f"fixed {path}:{finding.line}:{finding.column}: {finding.code} {description}{key}")
        if len(fixed) > MAX_SHOWN:
            app.say(f"... and {len(fixed) - MAX_SHOWN:,} more fixes in {path}")


def _say_ignored(app: App, run: CheckRun) -> None:
    hidden = Counter(finding.hit.file.path for finding in run.hidden)
    for path, number in hidden.items():
        app.say(f"{path}: added comments that ignore {count(number, 'finding')}")
    if hidden:
        app.say("from now on only new findings are reported; delete a comment to see what it ignores")


def _report(run: CheckRun, output_format: str, *, statistics: bool, err: bool) -> None:
    findings = run.remaining
    if statistics and output_format == "json":
        import json

        text = json.dumps(reports.counts(findings), ensure_ascii=False, indent=2) + "\n"
    elif statistics:
        text = reports.statistics(findings)
    elif output_format == "json":
        text = reports.to_json(
            findings, fixed=run.fixed, entries=_entries(run), files=[file.path for file in run.after]
        )
    elif output_format == "sarif":
        text = reports.to_sarif(findings, __version__)
    elif output_format == "github":
        text = reports.to_github(findings)
    else:
        write = reports.to_concise if output_format == "concise" else reports.to_text
        text = write(findings, _paint) if use_colour(sys.stderr if err else sys.stdout) else write(findings)
    (tell if err else put)(text, end="")


_COLOURS: dict[str, dict[str, Any]] = {
    "path": {"bold": True},
    "code": {"fg": "red", "bold": True},
    "mark": {"fg": "cyan"},
    "separator": {"fg": "cyan"},
    "caret": {"fg": "red", "bold": True},
}


def _paint(part: str, text: str) -> str:
    import click

    return click.style(text, **_COLOURS[part])


def _entries(run: CheckRun) -> int:
    return sum(len(file.document.entries) for file in run.after)


def _summary(app: App, run: CheckRun, origin: str, *, exit_zero: bool, announce: bool = True) -> int:
    """Say how many problems there are; the exit code."""
    notes = sum(finding.severity is Severity.NOTE for finding in run.remaining)
    problems = len(run.remaining) - notes
    if announce:
        what = count(problems, "problem") if problems else "no problems"
        what += f" and {count(notes, 'note')}" if notes else ""
        parts = [f"{what} in {count(_entries(run), 'entry', 'entries')}"]
        if len(run.after) > 1:
            parts[0] += f" of {len(run.after):,} files"
        if run.fixed:
            parts.append(f"{len(run.fixed):,} fixed")
        if fixable := sum(finding.hit.fix is not None for finding in run.remaining):
            parts.append(f"{fixable:,} can be fixed with --fix")
        if origin and _entries(run):
            parts.append(origin)
        app.say("; ".join(parts))
    return 1 if problems and not exit_zero else 0


def _explain(rule: Rule, output_format: str) -> int:
    if output_format == "json":
        print_json({**_rule(rule), "explanation": rule.doc})
    else:
        put(explain(rule), end="")
    return 0


def _list_rules(output_format: str) -> int:
    if output_format == "json":
        print_json([_rule(rule) for rule in rules().values()])
    else:
        put(listing(), end="")
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
