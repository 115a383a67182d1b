"""What `bibtool refs` says: one line for each kind of finding and change, and what to do next.

Notes belong to a state of the project. They are shown when a run changes something, which is when they are new, and
with --verbose; a run that finds everything current repeats none.
"""

from __future__ import annotations

from bibtool.cli.app import MAX_SHOWN, count, wrapped
from bibtool.problems import Position, Problem, Severity

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from typing import Any

    from bibtool.cli.app import App
    from bibtool.project.plan import Plan
    from bibtool.project.workspace import Workspace


def answer(space: Workspace, plan: Plan, written: tuple[str, ...], backup: str = "") -> dict[str, Any]:
    """The result for scripts."""
    from dataclasses import asdict

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
        "pruned": list(plan.pruned),
        **({"backup": backup} if backup else {}),
        "problems": [problem.to_dict() for problem in plan.problems],
    }


def show(
    app: App,
    space: Workspace,
    plan: Plan,
    written: tuple[str, ...],
    *,
    preview: bool,
    verbose: bool,
    backup: str = "",
) -> None:
    """Print what was or would be changed, and what to do next; with --quiet only errors."""
    findings = _findings(app, space, plan, verbose=verbose)
    for start in range(0, len(findings), MAX_SHOWN):  # more than that at once would be cut short
        app.report(findings[start : start + MAX_SHOWN])
    if not plan.ok:
        _say_what_is_missing(app, plan)
        return
    for line in _change_lines(space, plan, verbose=verbose):
        app.say(line)
    if plan.pruned:
        _say_what_is_deleted(app, space, plan, backup, preview=preview)
    output, lock = space.settings.output, space.settings.lock
    differs = [name for name, data in ((output, plan.output), (lock, plan.lock)) if data is not None]
    entries = count(len(plan.keys), "entry", "entries")
    if plan.kept:
        entries = f"{len(plan.keys):,} of {count(len(plan.keys) + len(plan.kept), 'entry', 'entries')} cited"
    if not differs:
        app.say(f"{output} is current: {entries}")
    elif preview:
        app.say(f"{' and '.join(differs)} {'is' if len(differs) == 1 else 'are'} not current")
        app.say("next: bibtool refs" + (" --prune" if plan.pruned else ""))
    else:
        unchanged = "" if output in written else f" ({output} is unchanged)"
        app.say(f"wrote {' and '.join(written)}: {entries}{unchanged}")
        from bibtool.cli.git import git_add

        app.say(f"next: {git_add(written)}")


def _findings(app: App, space: Workspace, plan: Plan, *, verbose: bool) -> list[Problem]:
    from bibtool.project.findings import grouped

    if app.quiet:
        return grouped(problem for problem in plan.problems if problem.severity is Severity.ERROR)
    kept = _kept(space, plan, verbose=verbose)
    if verbose:
        return [*plan.problems, *kept]
    new = plan.output is not None or plan.lock is not None or not plan.ok
    findings = [problem for problem in plan.problems if new or problem.severity is not Severity.NOTE]
    return [*grouped(findings), *kept]


def _kept(space: Workspace, plan: Plan, *, verbose: bool) -> list[Problem]:
    """The one line about entries that nothing cites."""
    from bibtool.project.findings import first_keys

    keys = plan.kept if verbose else () if space.settings.keep else plan.newly_kept
    if not keys:
        return []
    named = f": {first_keys(keys)}" if not verbose else ""
    hints = [wrapped(keys)] if verbose else []
    many = f"{count(len(keys), 'entry', 'entries')} {'is' if len(keys) == 1 else 'are'}"
    if space.settings.keep:
        message = f"{many} not cited{named}"
    else:
        message = f"{many} neither cited nor in a source; kept{named}"
        hints.append("`bibtool refs --prune` deletes such entries")
    hint = "\n  ".join(hints)
    position = Position(space.settings.output)
    return [Problem(code="kept-entry", message=message, severity=Severity.NOTE, position=position, hint=hint)]


def _say_what_is_missing(app: App, plan: Plan) -> None:
    errors = len({(p.code, p.key, p.message) for p in plan.problems if p.severity is Severity.ERROR})
    app.say(f"{count(errors, 'error')}; nothing was written")
    if plan.unresolved:
        app.say("next: bibtool refresh   (online: looks up the works that are cited by identifier)")
    elif plan.undefined and app.settings.path is None:
        app.say("next: bibtool init   (there is no bibtool.toml; it says where entries come from)")
    elif plan.undefined:
        app.say("next: add the entries to a source, then bibtool refs")


def _change_lines(space: Workspace, plan: Plan, *, verbose: bool) -> list[str]:
    from bibtool.project.findings import change_lines

    lock = space.settings.lock
    pruned = set(plan.pruned)
    changes = [change for change in plan.changes if change.what != "removed" or change.key not in pruned]
    if verbose:
        return [str(change) for change in changes]
    added = [change for change in changes if (change.file, change.what) == (lock, "added")]
    if len(added) == len(plan.keys):  # a new lock; how many entries it has is said in the end
        changes = [change for change in changes if change not in added]
    return change_lines(changes, lock)


def _say_what_is_deleted(app: App, space: Workspace, plan: Plan, backup: str, *, preview: bool) -> None:
    output = space.settings.output
    verb = "would delete" if preview else "deleted"
    which = "that nothing cites" if space.settings.keep else "that nothing cites and no source has"
    app.say(f"{verb} {count(len(plan.pruned), 'entry', 'entries')} of {output} {which}:")
    app.say(f"  {wrapped(plan.pruned)}")
    if not preview:
        app.say(f"the file as it was: {backup}" if backup else f"`git checkout HEAD -- {output}` brings them back")
