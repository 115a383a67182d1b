"""``bibtool init``: a first bibtool.toml for a folder."""

from __future__ import annotations

from pathlib import Path

import click

from bibtool.cli.common import App, common_options
from bibtool.errors import UsageError

FILE_NAME = "bibtool.toml"

EPILOG = """\b
Examples:
  bibtool init                  write bibtool.toml for this folder
  bibtool init --print          only show it
  bibtool init --split          make the .bib file that is here a source of a new one
  bibtool init --git            also let git merge and show .bib files with bibtool
  bibtool init --cv 'Bea Ash'   settings for the publication list of that person
"""


@click.command(epilog=EPILOG)
@click.option("--print", "only_print", is_flag=True, help="Print the settings and write nothing.")
@click.option("--split", is_flag=True, help="Make existing .bib files sources, and the output a new file.")
@click.option("--git", "with_git", is_flag=True, help="Also set up git, as `bibtool git-setup` does.")
@click.option("--cv", "owner", metavar="NAME", help="Write settings for the publication list of NAME instead.")
@common_options
@click.pass_obj
def command(app: App, only_print: bool, split: bool, with_git: bool, owner: str | None) -> int:
    """Write a commented bibtool.toml that fits the documents and bibliographies in this folder.

    The .bib file that the documents name becomes the output of `bibtool refs`. If it exists already it is kept: entries
    are added and checked, nothing is deleted, moved or rewritten. With --split it becomes a source instead, and the
    output is a new file with just what is cited. An existing bibtool.toml is never replaced.
    """
    folder = Path.cwd()
    if owner is not None:
        from bibtool.cli.cvtemplate import propose_cv

        text = propose_cv([owner])
        if only_print:
            click.echo(text, nl=False)
            return 0
        _write_new(app, folder, text, hint=f"`bibtool init --cv {owner!r} --print >> {FILE_NAME}` adds to it")
        app.say("next: check the settings, then bibtool cv")
        return 0
    from bibtool.cli.gitsetup import set_up, tell
    from bibtool.project.templates import propose

    proposal = propose(folder, library=app.library_exists(), split=split)
    if only_print:
        click.echo(proposal.text, nl=False)
        return 0
    if with_git and (folder / FILE_NAME).exists():  # a project that has its settings may still want git set up
        tell(app, set_up(folder))
        return 0
    _write_new(app, folder, proposal.text)
    for line in proposal.lines:
        app.say(f"  {line}")
    for note in proposal.notes:
        app.say(f"note: {note}")
    outside = _tell_outside(app)
    if with_git:
        tell(app, set_up(folder))
    allowed = "".join(f" --allow {name}" for name in outside)
    app.say("next: " + proposal.next_step.replace("bibtool refs", f"bibtool{allowed} refs"))
    return 0


def _tell_outside(app: App) -> list[str]:
    """Say which files outside the project the new settings name: they are used only where the user allows them.

    Gives these names back.
    """
    from bibtool.project.places import OutsideError
    from bibtool.project.sources import LIBRARY

    app.forget_settings()
    refs, places = app.settings.refs, app.places
    files = [name for name in (*refs.sources, *refs.read_only) if name != LIBRARY]
    outside: list[str] = []
    for name, look in [(refs.output, places.to_write), *((name, places.to_read) for name in files)]:
        try:
            look(name, "refs")
        except OutsideError:
            app.say(f"note: {name} is outside this folder, so it is used only with --allow {name}")
            outside.append(name)
    return outside


def _write_new(app: App, folder: Path, text: str, *, hint: str = "edit it, or delete it first") -> None:
    try:
        with (folder / FILE_NAME).open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise UsageError("bibtool.toml already exists; it was not changed", hint=hint) from None
    app.say(f"wrote {FILE_NAME}")
