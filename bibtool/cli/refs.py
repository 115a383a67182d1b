"""``bibtool refs``: the bibliography of what the documents cite."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bibtool.cli.common import App, common_options, count, json_option, library_option, print_json
from bibtool.cli.watch import keep_up
from bibtool.errors import BibtoolError, UsageError
from bibtool.problems import Severity

if TYPE_CHECKING:
    from bibtool.project.refs import Plan
    from bibtool.project.workspace import Workspace

EPILOG = """\b
Examples:
  bibtool refs                          write refs.bib and bibtool.lock
  bibtool refs --check                  change nothing; exit code 1 if they are not current
  bibtool refs --allow-missing          write what there is, whatever is undefined
  bibtool refs --prune                  take away entries that nothing cites and no source has
  bibtool refs --watch                  again whenever a document or a source changes
"""

MAX_SHOWN = 30


@click.command(epilog=EPILOG)
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 with what differs.")
@click.option("--allow-missing", is_flag=True, help="Write what there is although cited keys are undefined.")
@click.option("--prune", is_flag=True, help="Take away entries of the output that are not cited and in no source.")
@click.option(
    "--relock", multiple=True, metavar="KEY", help="Accept that this key stands for another work than in the lock."
)
@click.option(
    "--exit-non-zero-on-write",
    "--hook",
    "hook",
    is_flag=True,
    help="Exit code 1 if a file was written, for hooks.",
)
@click.option("--watch", is_flag=True, help="Write again whenever a document or a source changes; Ctrl-C ends it.")
@library_option
@json_option
@common_options
@click.pass_obj
def command(
    app: App,
    check: bool,
    allow_missing: bool,
    prune: bool,
    relock: tuple[str, ...],
    hook: bool,
    watch: bool,
    as_json: bool,
) -> int:
    """Write a .bib file with just what the documents cite, and the lock that lets others write the same.

    Sources, documents and output stand under [refs] in bibtool.toml; `bibtool init` writes one. Entries of .bib
    sources are copied byte for byte, entries of the output that say the same already are left as they are. No network
    is used. A key that no source, no lock and no output has is an error with its place, and nothing is written.
    """
    if watch:
        if check or as_json:
            raise UsageError("--watch goes with neither --check nor --json")
        return keep_up(app, lambda: _once(app, allow_missing=allow_missing, prune=prune, relock=relock))
    space = workspace(app)
    plan = space.plan(allow_missing=allow_missing, prune=prune, relock=frozenset(relock))
    written: tuple[str, ...] = ()
    if plan.ok and not check:
        written = space.write(plan)
    differs = plan.output is not None or plan.lock is not None
    if as_json:
        print_json(_answer(space, plan, written))
    else:
        _tell(app, space, plan, written, check=check)
    if not plan.ok or (check and differs):
        return 1
    return 1 if hook and written else 0


def workspace(app: App) -> Workspace:
    """The project of the settings that were found, or of this folder where there are none."""
    from bibtool.project.workspace import Workspace

    settings = app.settings
    return Workspace(
        settings=settings.refs,
        key_template=settings.key_template,
        folder=settings.folder or Path.cwd(),
        opener=lambda: app.open_library() if app.library_exists() else None,
        cache=app.cache_folder(),
    )


def _answer(space: Workspace, plan: Plan, written: tuple[str, ...]) -> dict[str, Any]:
    return {
        "ok": plan.ok,
        "output": space.settings.output,
        "lock": space.settings.lock,
        "current": plan.ok and plan.output is None and plan.lock is None,
        "written": list(written),
        "keys": list(plan.keys),
        "changes": [
            {name: value for name, value in asdict(change).items() if name != "detail" or value}
            for change in plan.changes
        ],
        "undefined": list(plan.undefined),
        "unresolved": list(plan.unresolved),
        "kept": list(plan.kept),
        "problems": [problem.to_dict() for problem in plan.problems],
    }


def _tell(app: App, space: Workspace, plan: Plan, written: tuple[str, ...], *, check: bool) -> None:
    """Print what was or would be changed, and what to type next."""
    app.report(plan.problems)
    output, lock = space.settings.output, space.settings.lock
    if not plan.ok:
        errors = sum(problem.severity is Severity.ERROR for problem in plan.problems)
        app.say(f"{errors} {'error' if errors == 1 else 'errors'}; nothing was written")
        if plan.unresolved:
            app.say("next: bibtool refresh   (online: looks up the works that are cited by identifier)")
        elif plan.undefined and app.settings.path is None:
            app.say("next: bibtool init   (there is no bibtool.toml; it says where entries come from)")
        elif plan.undefined:
            app.say("next: add the entries to a source, then bibtool refs")
        return
    for change in plan.changes[:MAX_SHOWN]:
        click.echo(str(change), err=True)
    if len(plan.changes) > MAX_SHOWN:
        click.echo(f"... and {len(plan.changes) - MAX_SHOWN} more changes", err=True)
    differs = [name for name, data in ((output, plan.output), (lock, plan.lock)) if data is not None]
    if not differs:
        app.say(f"{output} is current: {count(len(plan.keys), 'entry', 'entries')}")
    elif check:
        click.echo(f"{' and '.join(differs)} {'is' if len(differs) == 1 else 'are'} not current", err=True)
        click.echo("next: bibtool refs", err=True)
    else:
        app.say(f"wrote {' and '.join(written)}: {count(len(plan.keys), 'entry', 'entries')}")
        app.say(f"next: git add {' '.join(written)}")


def _once(app: App, *, allow_missing: bool, prune: bool, relock: tuple[str, ...]) -> set[Path]:
    """One run of --watch; the files that matter."""
    app.forget_settings()
    space = workspace(app)
    try:
        plan = space.plan(allow_missing=allow_missing, prune=prune, relock=frozenset(relock))
        written = space.write(plan) if plan.ok else ()
        _tell(app, space, plan, written, check=False)
    except BibtoolError as error:
        click.echo(f"bibtool: {error}", err=True)
    return {*space.watched, *([app.settings.path] if app.settings.path else [])}
