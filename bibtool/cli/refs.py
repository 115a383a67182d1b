"""``bibtool refs``: the bibliography of what the documents cite."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bibtool.cli.common import App, common_options, json_option, library_option, print_json, show_diff
from bibtool.cli.streams import harmless
from bibtool.errors import BibtoolError, ConfigError, UsageError
from bibtool.structs import replace

if TYPE_CHECKING:
    from bibtool.project.plan import RefsRun
    from bibtool.project.settings import RefsSettings
    from bibtool.project.workspace import Workspace

EPILOG = """\b
Examples:
  bibtool refs                          write refs.bib and bibtool.lock
  bibtool refs --check                  change nothing; exit code 1 if they are not current
  bibtool refs --diff                   show what would change in refs.bib
  bibtool refs --allow-missing          write what there is, whatever is undefined
  bibtool refs --prune --dry-run        list the entries that nothing cites and no source has
  bibtool refs --watch                  write again whenever a document or a source changes
"""


@click.command(epilog=EPILOG)
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 if something is not current.")
@click.option("-n", "--dry-run", is_flag=True, help="Change nothing; say what would be changed.")
@click.option("--diff", is_flag=True, help="Change nothing; show the difference in the output file.")
@click.option("--allow-missing", is_flag=True, help="Write what there is, even if cited keys are undefined.")
@click.option("--prune", is_flag=True, help="Delete entries of the output that are not cited and in no source.")
@click.option("--yes", is_flag=True, help="With --prune: delete even what git has no copy of; a backup is kept.")
@click.option(
    "--relock", multiple=True, metavar="KEY", help="Accept that this key now means another work than the lock says."
)
@click.option(
    "--exit-non-zero-on-write", "--hook", "hook", is_flag=True, help="Exit code 1 if a file was written, for hooks."
)
@click.option("--watch", is_flag=True, help="Write again whenever a document or a source changes; Ctrl-C ends it.")
@click.option("-v", "--verbose", is_flag=True, help="Show every finding and change in a line of its own.")
@library_option
@json_option
@common_options
@click.pass_obj
def command(
    app: App,
    check: bool,
    dry_run: bool,
    diff: bool,
    allow_missing: bool,
    prune: bool,
    yes: bool,
    relock: tuple[str, ...],
    hook: bool,
    watch: bool,
    verbose: bool,
    as_json: bool,
) -> int:
    """Write a .bib file with just what the documents cite, and the lock that lets others write the same.

    Sources, documents and output are set under [refs] in bibtool.toml; `bibtool init` writes one. New entries
    are laid out as by `bibtool fmt`; entries of the output that say the same already are left as they are. With
    `keep = true` the output is your own file: missing entries are added to it, nothing else changes. No network is
    used. A key that no source, no lock and no output has is an error with its place, and nothing is written.

    --prune deletes entries that exist nowhere else, so it needs a committed copy of the file in git, or --yes.
    """
    from bibtool.cli.refs_show import answer, show
    from bibtool.project.plan import RefsRun

    run = RefsRun(allow_missing=allow_missing, prune=prune, relock=frozenset(relock))
    if watch:
        if check or as_json or prune or dry_run or diff:
            raise UsageError("--watch can't be combined with --check, --diff, --dry-run, --json or --prune")
        from bibtool.cli.watch import keep_up

        return keep_up(app, lambda: _once(app, run, verbose=verbose))
    if yes and not prune:
        raise UsageError("--yes is for --prune")
    space = workspace(app)
    if hook and app.settings.path is None and not space.lock_path.exists():
        raise ConfigError(
            "this project is not set up: there is no bibtool.toml here or in a folder above, so nothing was written",
            hint="run `bibtool init` once, or remove the hook",
        )
    plan = space.plan(run)
    preview = check or dry_run or diff
    written: tuple[str, ...] = ()
    backup = ""
    if plan.ok and not preview:
        if plan.pruned:
            from bibtool.cli.prune import backed_up

            backup = backed_up(space, plan, yes=yes, quiet=app.quiet)
        written = space.write(plan)
    if as_json:
        print_json(answer(space, plan, written, backup))
    else:
        if diff and plan.output is not None:
            _show_difference(space, plan.output)
        show(app, space, plan, written, preview=preview, verbose=verbose, backup=backup)
    differs = plan.output is not None or plan.lock is not None
    return int(not plan.ok or (check and differs) or (hook and bool(written)))


def workspace(app: App) -> Workspace:
    """The project of the settings that were found, or of this folder where there are none.

    Without settings nobody has asked for a generated file, so one that is there already is kept as it is.
    """
    from bibtool.project.layout import OutputLayout
    from bibtool.project.workspace import Workspace

    settings = app.settings
    folder = settings.folder or Path.cwd()
    refs = settings.refs
    if settings.path is None and not _is_generated(folder, refs):
        refs = replace(refs, keep=True)
    return Workspace(
        settings=refs,
        places=app.places,
        key_template=settings.key_template,
        folder=folder,
        opener=lambda: app.open_library() if app.library_exists() else None,
        cache=app.cache_folder(),
        layout=OutputLayout(app.layout),
    )


def _is_generated(folder: Path, refs: RefsSettings) -> bool:
    """Whether the output was first written by `bibtool refs`, as its first line says."""
    from bibtool.project.output import HEADER

    path = folder / refs.output
    try:
        with path.open("rb") as stream:
            return stream.read(200).lstrip().startswith(HEADER.split(":", maxsplit=1)[0].encode())
    except OSError:
        return False


def _show_difference(space: Workspace, after: bytes) -> None:
    path = space.output_path
    before = path.read_bytes() if path.exists() else b""
    old, new = (side.decode("utf-8", "replace") for side in (before, after))
    show_diff(old, new, space.settings.output, "by bibtool refs")


def _once(app: App, run: RefsRun, *, verbose: bool) -> set[Path]:
    """One run of --watch; the files that matter."""
    from bibtool.cli.refs_show import show

    app.forget_settings()
    space = workspace(app)
    try:
        plan = space.plan(run)
        written = space.write(plan) if plan.ok else ()
        show(app, space, plan, written, preview=False, verbose=verbose)
    except BibtoolError as error:
        click.echo(harmless(f"bibtool: {error}"), err=True)
    return {*space.watched, *([app.settings.path] if app.settings.path else [])}
