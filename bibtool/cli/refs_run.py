"""What `bibtool refs` does, and the project that other commands share. Without click, see `bibtool.cli.direct`."""

from __future__ import annotations

from pathlib import Path

from bibtool.cli.streams import complain, print_json
from bibtool.errors import BibtoolError, ConfigError, UsageError
from bibtool.structs import replace

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from bibtool.cli.app import App
    from bibtool.project.plan import RefsRun
    from bibtool.project.settings import RefsSettings
    from bibtool.project.workspace import Workspace


def run(
    app: App,
    *,
    check: bool = False,
    dry_run: bool = False,
    diff: bool = False,
    allow_missing: bool = False,
    prune: bool = False,
    yes: bool = False,
    relock: tuple[str, ...] = (),
    hook: bool = False,
    watch: bool = False,
    verbose: bool = False,
    as_json: bool = False,
) -> int:
    """The exit code of ``bibtool refs`` with these options."""
    from bibtool.cli.refs_show import answer, show
    from bibtool.project.plan import RefsRun

    asked = RefsRun(allow_missing=allow_missing, prune=prune, relock=frozenset(relock))
    if watch:
        if check or as_json or prune or dry_run or diff:
            raise UsageError("--watch can't be combined with --check, --diff, --dry-run, --json or --prune")
        from bibtool.cli.watch import keep_up

        return keep_up(app, lambda: _once(app, asked, verbose=verbose))
    if yes and not prune:
        raise UsageError("--yes is for --prune")
    space = workspace(app)
    if hook and app.settings.path is None and not space.lock_path.exists():
        raise ConfigError(
            "this project is not set up: no bibtool.toml was found here or in a parent folder, so nothing was written",
            hint="run `bibtool init` once, or remove the hook",
        )
    plan = space.plan(asked)
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
    from bibtool.cli.common import show_diff

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
        complain(str(error))
    return {*space.watched, *([app.settings.path] if app.settings.path else [])}
